//! Estimates from the formulas, apart from the program: means and gaps of a stratified sample, and rates. Of the program
//! only the t quantile is used.
//!
//! A mean is sum(w y) / sum(w) with w = N_h / n_h. With u = w (y - mean) / sum(w), 0 outside the domain, its variance is
//! sum over collapsed strata of (1 - n/N) n/(n - 1) sum (u - mean of u)^2; batches of one CSR and caller type are one
//! stratum there, as far as the domain has to do with them, and each call keeps its weight. A gap has u of the one side
//! less u of the other and no (1 - n/N).

use std::collections::BTreeMap;

use evenhand::estimate::quantile::t_quantile;

use super::logs::Place;

/// One scored call as it counts.
#[derive(Clone, Debug)]
pub(super) struct Scored {
    pub(super) place: Place,
    pub(super) day: String,
    /// As heard, and by the roster.
    pub(super) csr: &'static str,
    pub(super) caller_type: &'static str,
    pub(super) score: f64,
    /// Before criticals, on the behaviors asked of both caller types.
    pub(super) alike: f64,
    pub(super) critical: bool,
    /// Whether the analyst ticked that the caller complained.
    pub(super) complaint: bool,
}

/// The calls that count, with N_h and n_h of their strata.
pub(super) struct Sample {
    pub(super) calls: Vec<Scored>,
    /// N_h, without the part that can't be scored, and n_h.
    pub(super) sizes: BTreeMap<Place, (f64, f64)>,
}

/// A value, its margin, and the calls it rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Estimate {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) n: usize,
}

/// Which calls are meant: as heard, and in which strata of the design they can be as logged.
#[derive(Clone, Copy)]
pub(super) struct Domain<'a> {
    pub(super) call: &'a dyn Fn(&Scored) -> bool,
    pub(super) csr: &'a dyn Fn(&str) -> bool,
    pub(super) caller_type: Option<&'static str>,
}

impl Domain<'_> {
    pub(super) fn of(self, caller_type: &'static str) -> Self {
        Self {
            caller_type: Some(caller_type),
            ..self
        }
    }

    fn holds(&self, call: &Scored) -> bool {
        self.caller_type.is_none_or(|only| only == call.caller_type) && (self.call)(call)
    }

    fn meets(&self, place: &Place) -> bool {
        self.caller_type.is_none_or(|only| only == place.2) && (self.csr)(place.1)
    }
}

/// What a call is worth.
pub(super) type Worth = fn(&Scored) -> f64;

/// Calls that can be scored among N, when it took `tried` of them to get `scored` (Haldane 1945).
pub(super) fn scorable(eligible: usize, tried: usize, scored: usize) -> f64 {
    match tried == scored {
        true => eligible as f64,
        false => eligible as f64 * (scored - 1) as f64 / (tried - 1) as f64,
    }
}

/// One side of a linear statistic: which calls, their mean, sum(w), and the sign it enters with.
struct Side<'a> {
    domain: Domain<'a>,
    mean: f64,
    weight: f64,
    sign: f64,
}

impl Sample {
    fn weight(&self, call: &Scored) -> f64 {
        let (population, sampled) = self.sizes[&call.place];
        population / sampled
    }

    fn inside<'a>(&'a self, domain: Domain<'a>) -> impl Iterator<Item = &'a Scored> {
        self.calls.iter().filter(move |call| domain.holds(call))
    }

    fn side<'a>(&self, domain: Domain<'a>, worth: Worth, sign: f64) -> Side<'a> {
        let (mut weight, mut total) = (0.0, 0.0);
        for call in self.inside(domain) {
            weight += self.weight(call);
            total += self.weight(call) * worth(call);
        }
        Side {
            domain,
            mean: total / weight,
            weight,
            sign,
        }
    }

    /// None without a call.
    pub(super) fn mean(&self, domain: Domain<'_>, worth: Worth) -> Option<Estimate> {
        let n = self.inside(domain).count();
        let side = self.side(domain, worth, 1.0);
        let value = side.mean;
        let (low, high) = self.margin(value, &[side], worth, true);
        (n > 0).then_some(Estimate {
            value,
            low: low.max(0.0),
            high: high.min(100.0),
            n,
        })
    }

    /// Internal minus external; None where one of them has no call.
    pub(super) fn gap(&self, domain: Domain<'_>, worth: Worth) -> Option<Estimate> {
        let one = self.side(domain.of("internal"), worth, 1.0);
        let other = self.side(domain.of("external"), worth, -1.0);
        let value = one.mean - other.mean;
        let (low, high) = self.margin(value, &[one, other], worth, false);
        let n = self.inside(domain).count();
        value.is_finite().then_some(Estimate {
            value,
            low,
            high,
            n,
        })
    }

    /// Wilson's limits at n_eff = sum(w)^2 / sum(w (w - 1)).
    pub(super) fn rate(&self, domain: Domain<'_>, worth: Worth) -> Option<Estimate> {
        const Z: f64 = 1.959_963_984_540_054;
        let p = self.side(domain, worth, 1.0).mean;
        let weights = || self.inside(domain).map(|call| self.weight(call));
        let n = weights().sum::<f64>().powi(2) / weights().map(|w| w * (w - 1.0)).sum::<f64>();
        let center = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        p.is_finite().then(|| Estimate {
            value: p,
            low: (center - half) / scale,
            high: ((center + half) / scale).min(1.0),
            n: weights().count(),
        })
    }

    /// value -+ t sqrt(V) with Satterthwaite's degrees of freedom: V^2 / sum(part^2 / (calls - 1)). A stratum's part is
    /// that of one side, or is split where both sides have calls in it: to each its squares within batches, and of the
    /// rest as much as its sum of w^2.
    fn margin(&self, value: f64, sides: &[Side<'_>], worth: Worth, finite: bool) -> (f64, f64) {
        let touched = |place: &Place| {
            let mut here = self.calls.iter().filter(|call| call.place == *place);
            sides.iter().any(|side| side.domain.meets(place))
                || here.any(|call| sides.iter().any(|side| side.domain.holds(call)))
        };
        let mut collapsed: BTreeMap<(&str, &str), Vec<Place>> = BTreeMap::new();
        for place in self.sizes.keys() {
            let batches = collapsed.entry((place.1, place.2)).or_default();
            batches.push(*place);
        }
        // All weeks of one CSR and caller type, if one of them has to do with it.
        collapsed.retain(|_, batches| batches.iter().any(touched));
        let (mut variance, mut squares) = (0.0, 0.0);
        for batches in collapsed.values() {
            let sizes = batches.iter().map(|place| self.sizes[place]);
            let (population, n) =
                sizes.fold((0.0, 0.0), |sum, size| (sum.0 + size.0, sum.1 + size.1));
            let calls: Vec<&Scored> = (self.calls.iter())
                .filter(|call| batches.contains(&call.place))
                .collect();
            let factor = n / (n - 1.0) * if finite { 1.0 - n / population } else { 1.0 };
            let a = |side: &Side<'_>, call: &Scored| self.weight(call) / side.weight;
            let u = |call: &&Scored| -> f64 {
                let of = sides.iter().filter(|side| side.domain.holds(call));
                of.map(|side| side.sign * a(side, call) * (worth(call) - side.mean))
                    .sum()
            };
            let sum: f64 = calls.iter().map(u).sum();
            let all = calls.iter().map(|call| u(call).powi(2)).sum::<f64>() - sum * sum / n;
            let parts: Vec<(f64, f64, f64)> = (sides.iter())
                .map(|side| {
                    let own: Vec<&Scored> = (calls.iter().copied())
                        .filter(|call| side.domain.holds(call))
                        .collect();
                    let unit = own.iter().map(|call| a(side, call).powi(2)).sum();
                    let within = within(&own, |call| a(side, call), worth);
                    (own.len() as f64, unit, within)
                })
                .filter(|(calls, ..)| *calls > 0.0)
                .collect();
            let units: f64 = parts.iter().map(|(_, unit, _)| unit).sum();
            let between = all - parts.iter().map(|(.., within)| within).sum::<f64>();
            for (calls, unit, within) in parts {
                let part = factor * (within + between * unit / units);
                variance += part;
                squares += part * part / (calls - 1.0).max(1.0);
            }
        }
        let t = t_quantile(0.975, variance * variance / squares).unwrap_or(f64::NAN);
        let half = t * variance.sqrt();
        (value - half, value + half)
    }
}

/// Squares of a y around the mean of its batch.
fn within(calls: &[&Scored], a: impl Fn(&Scored) -> f64, worth: Worth) -> f64 {
    let batches = calls.chunk_by(|one, other| one.place == other.place);
    let squares = batches.map(|batch| {
        let mean = batch.iter().map(|call| worth(call)).sum::<f64>() / batch.len() as f64;
        let square = |call: &&Scored| (a(call) * (worth(call) - mean)).powi(2);
        batch.iter().map(square).sum::<f64>()
    });
    squares.sum()
}
