//! The variance of a linearised statistic under stratified sampling.
//!
//! Every estimate here is a sum of u_i = a_h d_i (y_i - m) over sampled calls, with d_i = 1 inside the
//! domain: a_h = w_h / sum(w d), m = the mean, for a mean; a_h = w_h, m = 0, for a total; and the
//! difference of two such sums for a comparison (Lohr, Sampling, 2nd ed., 4.2 and 9.1; Woodruff
//! 1971). Its variance is
//!
//! V = sum_h (1 - f_h) n_h / (n_h - 1) sum_i (u_i - ubar_h)^2,   n_h = all sampled calls,
//!
//! which needs only the count, mean and squares of the values inside the domain.
//! Satterthwaite: df = V^2 / sum_h v_h^2 / (n_h - 1) over v_h > 0 (Cochran 1977, 5.16). A domain knows its spread from
//! the calls inside it alone, so n_h is then their number, and each side of a comparison has its own: two calls inside
//! a stratum of sixty make 1 degree of freedom and not 59. A side without spread of its own borrows.
//!
//! A borrowed stratum puts c a^2 s_p^2 in the place of n / (n - 1) times the squares within; strata that
//! borrow from the same pool share one deviation, so their parts are added before they are squared
//! for the degrees of freedom.

use super::design::Stratum;
use super::error::EstimateError;
use super::moments::Moments;
use super::pool::{Pools, has_spread};
use super::settings::{DfRule, Settings, SingleRule, VarianceSource};
use std::collections::BTreeMap;

/// Up to this many calls without any spread are taken for luck, not for a constant.
const FEW: f64 = 4.0;

/// Sums over the sampled calls of one stratum, or of several collapsed into one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terms {
    first: usize,
    pool: usize,
    sampled: f64,
    population: f64,
    /// The domain; of a comparison or a sum, its sides where they share no call: at most the caller types.
    sides: [Side; 3],
    /// Sum of u.
    total: f64,
    /// The part of sum (u - mean of u)^2 that lies between layers, or between domain and rest: a borrowed
    /// deviation replaces what is left of it.
    between: f64,
    /// Size of the values, against which rounding noise is told from spread.
    scale: f64,
}

/// Count, means and products of deviations of pairs: the values that something which is in two domains has in either.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct CoMoments {
    count: u64,
    left: f64,
    right: f64,
    products: f64,
}

impl CoMoments {
    /// Of calls, which have the same value in both.
    pub(super) fn of_calls(values: &Moments) -> CoMoments {
        CoMoments {
            count: values.count(),
            left: values.center(),
            right: values.center(),
            products: values.squares(),
        }
    }
}

impl FromIterator<(f64, f64)> for CoMoments {
    /// Welford's update for two (Chan, Golub and LeVeque 1979).
    fn from_iter<I: IntoIterator<Item = (f64, f64)>>(pairs: I) -> CoMoments {
        let mut all = CoMoments::default();
        for (left, right) in pairs {
            all.count += 1;
            let away = left - all.left;
            all.left += away / all.count as f64;
            all.right += (right - all.right) / all.count as f64;
            all.products += away * (right - all.right);
        }
        all
    }
}

/// The calls of one domain in a stratum.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    inside: f64,
    /// Sum of a^2.
    unit: f64,
    /// Sum of a^2 (y - mean of y)^2.
    within: f64,
}

/// a_h and m of one domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Linear {
    pub(super) per_weight: f64,
    pub(super) center: f64,
}

impl Linear {
    fn coefficient(&self, stratum: &Stratum) -> f64 {
        stratum.weight() * self.per_weight
    }

    /// The terms of strata that count as one; `first` is the position of the chunk's first stratum.
    pub(super) fn terms(&self, first: usize, chunk: &[Stratum]) -> Terms {
        let mut terms = Terms {
            first,
            scale: self.center.abs(),
            ..Terms::default()
        };
        let (mut side, mut between) = (Side::default(), 0.0);
        for stratum in chunk {
            let a = self.coefficient(stratum);
            let inside = stratum.values().count() as f64;
            let away = stratum.values().center() - self.center;
            terms.pool = stratum.pool();
            terms.sampled += stratum.sampled() as f64;
            terms.population += stratum.population();
            terms.total += a * inside * away;
            side.inside += inside;
            side.unit += a * a * inside;
            side.within += a * a * stratum.values().squares();
            between += a * a * inside * away * away;
        }
        terms.between = match chunk {
            // Exactly 0 when the whole stratum is inside the domain.
            [only] => between * (1.0 - only.values().count() as f64 / terms.sampled.max(1.0)),
            _ => terms.around_mean(between),
        };
        terms.sides[0] = side;
        terms
    }

    /// Turns the terms of this domain into those of its difference to `other`; `both` holds the moments
    /// of what belongs to both domains, stratum by stratum.
    pub(super) fn minus(
        &self,
        first: usize,
        chunk: &[Stratum],
        other: (&Linear, &[Stratum]),
        both: &[CoMoments],
    ) -> Terms {
        let (linear, others) = other;
        let left = self.terms(first, chunk);
        let right = linear.terms(first, others);
        // A stratum with one domain alone keeps the exact zeros of that side.
        if right.unit() == 0.0 {
            return left;
        }
        if left.unit() == 0.0 {
            return Terms {
                total: -right.total,
                ..right
            };
        }
        // sum (u - ubar)^2 of u = u^A - u^B is that of either side minus twice their products. The
        // products are sums over shared calls, less the product of the totals.
        let (mut shared, mut shared_unit, mut shared_calls) = (0.0, 0.0, 0.0);
        for (stratum, common) in chunk.iter().zip(both) {
            let product = self.coefficient(stratum) * linear.coefficient(stratum);
            let inside = common.count as f64;
            let aways = (common.left - self.center) * (common.right - linear.center);
            shared += product * (common.products + inside * aways);
            shared_unit += product * inside;
            shared_calls += inside;
        }
        let products = shared - left.total * right.total / left.sampled.max(1.0);
        let terms = Terms {
            total: left.total - right.total,
            scale: left.scale.max(right.scale),
            ..left
        };
        let (all, between) = (
            left.squares() + right.squares(),
            left.between + right.between - 2.0 * products,
        );
        let some = |value: f64, of: f64| if value > 1e-14 * of { value } else { 0.0 };
        if shared_calls == 0.0 {
            return Terms {
                sides: [left.sides[0], right.sides[0], Side::default()],
                between: some(between, all),
                ..terms
            };
        }
        // Sides that share calls can't be told apart: one side of all their calls.
        let squares = some(all - 2.0 * products, all);
        let between = between.clamp(0.0, squares);
        let (one, other) = (left.sides[0], right.sides[0]);
        let side = Side {
            inside: one.inside + other.inside - shared_calls,
            unit: some(
                one.unit + other.unit - 2.0 * shared_unit,
                one.unit + other.unit,
            ),
            within: squares - between,
        };
        Terms {
            sides: [side, Side::default(), Side::default()],
            between,
            ..terms
        }
    }
}

impl Terms {
    /// Sum of squares around the mean of all sampled calls from that around 0.
    fn around_mean(&self, squares: f64) -> f64 {
        let around = squares - self.total * self.total / self.sampled.max(1.0);
        if around > 1e-14 * squares {
            around
        } else {
            0.0
        }
    }

    fn is_single(&self) -> bool {
        self.sampled < 1.5
    }

    /// The terms of a sum of two statistics of the same strata that share no call.
    ///
    /// Sides beyond the third make one with it, which counts its calls together.
    pub(super) fn plus(self, other: Terms) -> Terms {
        if other.unit() == 0.0 {
            return self;
        }
        if self.unit() == 0.0 {
            return other;
        }
        // Sums over calls in both are empty; what is left of the products is that of the totals.
        let products = -self.total * other.total / self.sampled.max(1.0);
        let all = self.squares() + other.squares();
        let between = self.between + other.between + 2.0 * products;
        let mut sides = self.sides;
        for side in other.sides.iter().filter(|side| side.unit > 0.0) {
            let free = sides.iter().position(|own| own.unit == 0.0);
            let place = &mut sides[free.unwrap_or(2)];
            place.inside += side.inside;
            place.unit += side.unit;
            place.within += side.within;
        }
        Terms {
            sides,
            total: self.total + other.total,
            between: if between > 1e-14 * all { between } else { 0.0 },
            scale: self.scale.max(other.scale),
            ..self
        }
    }

    /// Sum of a^2 inside.
    fn unit(&self) -> f64 {
        self.sides.iter().map(|side| side.unit).sum()
    }

    /// Sum of (u - mean of u)^2.
    fn squares(&self) -> f64 {
        let within: f64 = self.sides.iter().map(|side| side.within).sum();
        within + self.between
    }

    /// A side's part of `between`.
    fn between(&self, side: &Side) -> f64 {
        self.between * side.unit / self.unit()
    }

    fn has_spread(&self, side: &Side) -> bool {
        has_spread(side.within + self.between(side), side.unit, self.scale)
    }

    /// n / (n - 1); 0 for a single call, whose sums about its own mean are 0 anyway.
    fn bessel(&self) -> f64 {
        if self.is_single() {
            0.0
        } else {
            self.sampled / (self.sampled - 1.0)
        }
    }
}

/// A variance with the degrees of freedom behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    /// `None` when a stratum has no spread and there is none to borrow.
    pub(super) variance: Option<f64>,
    /// By the rule asked for; `None` for a census, and when nothing is left to count.
    pub(super) df: Option<f64>,
    pub(super) satterthwaite: Option<f64>,
    pub(super) borrowed: bool,
}

/// Which strata without any spread, beyond single calls, borrow the pooled deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flat {
    /// None: a rate of 4 out of 4 has its own kind of margin.
    Keeps,
    /// Those of a few calls.
    Borrows,
    /// All of them.
    AllBorrow,
}

/// The variance of the sum whose terms are given, stratum by stratum.
pub(super) fn spread(
    terms: impl Iterator<Item = Terms> + Clone,
    pools: &Pools,
    settings: &Settings,
    flat: Flat,
) -> Result<Spread, EstimateError> {
    let first = attempt(terms.clone(), pools, settings, flat)?;
    // Five equal scores and more may stand for themselves beside others, but a margin of width zero
    // is never the answer unless every call was seen.
    let lends = settings.single == SingleRule::Borrow;
    let stands = flat == Flat::Keeps || first.spread.variance != Some(0.0);
    if lends && first.uncertain && !stands {
        return Ok(attempt(terms, pools, settings, Flat::AllBorrow)?.spread);
    }
    Ok(first.spread)
}

struct Attempt {
    spread: Spread,
    /// Whether any stratum was sampled and not taken whole.
    uncertain: bool,
}

fn attempt(
    terms: impl Iterator<Item = Terms> + Clone,
    pools: &Pools,
    settings: &Settings,
    flat: Flat,
) -> Result<Attempt, EstimateError> {
    let lends = settings.single == SingleRule::Borrow;
    let overall = if settings.single == SingleRule::Adjust {
        let (total, sampled) = terms
            .clone()
            .fold((0.0, 0.0), |(u, n), t| (u + t.total, n + t.sampled));
        if sampled > 0.0 { total / sampled } else { 0.0 }
    } else {
        0.0
    };
    let mut own = Account::default();
    let mut shared: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let (mut singles, mut others, mut adjusted) = (0.0, 0.0, 0.0);
    let (mut design_df, mut uncertain, mut borrowed, mut unknown) = (0.0, false, false, false);

    for t in terms {
        let left = if settings.fpc {
            1.0 - t.sampled / t.population
        } else {
            1.0
        };
        if t.sampled == 0.0 || left <= 0.0 {
            continue;
        }
        design_df += t.sampled - 1.0;
        if !t.is_single() {
            others += 1.0;
        }
        if t.unit() <= 0.0 {
            continue;
        }
        uncertain = true;
        let mut averaged = false;
        for side in t.sides.iter().filter(|side| side.unit > 0.0) {
            // Rules that mirror R, and rates, count all sampled calls of the stratum. One call inside shows its
            // distance from the others of the domain, which is worth 1.
            let df = match flat {
                Flat::Borrows | Flat::AllBorrow if lends => (side.inside - 1.0).max(1.0),
                _ => t.sampled - 1.0,
            };
            let asks = match flat {
                Flat::Keeps => false,
                Flat::Borrows => side.inside <= FEW && !t.has_spread(side),
                Flat::AllBorrow => !t.has_spread(side),
            };
            let needs = lends && (t.is_single() || asks);
            let pooled = settings.variance == VarianceSource::Pooled;
            let pool = if needs || pooled {
                pools.get(t.pool)
            } else {
                None
            };
            match pool {
                Some(pool) => {
                    let part = left * (side.unit * pool.variance + t.bessel() * t.between(side));
                    let entry = shared.entry(t.pool).or_insert((0.0, pool.df));
                    entry.0 += part;
                    borrowed |= needs;
                }
                None if needs => unknown = true,
                None if t.is_single() => match settings.single {
                    SingleRule::Fail => {
                        return Err(EstimateError::SingleCall { stratum: t.first });
                    }
                    SingleRule::Adjust => adjusted += left * (t.total - overall).powi(2),
                    SingleRule::Average => averaged = true,
                    SingleRule::Borrow | SingleRule::Remove => {}
                },
                None if t.has_spread(side) => {
                    let squares = side.within + t.between(side);
                    own.add(left * t.bessel() * squares, df);
                }
                None => {}
            }
        }
        singles += f64::from(u8::from(averaged));
    }

    let mut account = own;
    let mut pool_df = 0.0;
    for (part, df) in shared.into_values() {
        account.add(part, df);
        pool_df += df;
    }
    let scale = if others > 0.0 {
        (others + singles) / others
    } else {
        1.0
    };
    let variance = account.variance * scale + adjusted;
    let satterthwaite = (account.squares > 0.0 && !unknown)
        .then(|| account.variance * account.variance / account.squares);
    let counted = if settings.variance == VarianceSource::Pooled || design_df == 0.0 {
        pool_df.max(design_df)
    } else {
        design_df
    };
    let df = match settings.df {
        DfRule::Satterthwaite => satterthwaite,
        DfRule::Design => (counted > 0.0 && uncertain).then_some(counted),
    };
    let nothing = flat == Flat::AllBorrow && variance == 0.0;
    let variance = (!unknown && !nothing).then_some(variance);
    Ok(Attempt {
        spread: Spread {
            variance,
            df,
            satterthwaite,
            borrowed,
        },
        uncertain,
    })
}

/// Sums of v and v^2 / df.
#[derive(Default)]
struct Account {
    variance: f64,
    squares: f64,
}

impl Account {
    fn add(&mut self, part: f64, df: f64) {
        if part > 0.0 {
            self.variance += part;
            self.squares += part * part / df;
        }
    }
}

/// The chunks of strata that count as one, with the position of their first stratum.
pub(super) fn chunks(strata: &[Stratum]) -> impl Iterator<Item = (usize, &[Stratum])> + Clone {
    strata.chunk_by(Stratum::joins).scan(0, |next, chunk| {
        let first = *next;
        *next += chunk.len();
        Some((first, chunk))
    })
}
