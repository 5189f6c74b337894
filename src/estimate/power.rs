//! What a comparison can show: the gap that would be noticed, and the calls it takes.
//!
//! (t_{1-a/2} + t_power) sqrt(S_a^2/n_a + S_b^2/n_b) with n_a + n_b - 2 degrees of freedom, and the exact power
//! from the noncentral t (one tail, as R's power.t.test). Gaps and deviations are in the unit of the values;
//! refused unless positive.

use super::error::EstimateError;
use super::plan::{MOST_CALLS, at_least, positive};
use super::quantile::{normal_upper, t_quantile};
use super::settings::upper_probability;
use statrs::function::gamma::ln_gamma;

/// The gap between two groups of calls, `(n, deviation)` each, that would be noticed with chance
/// `power`. Within half a per cent of the noncentral t from 4 calls a side.
pub fn detectable_gap(
    left: (u64, f64),
    right: (u64, f64),
    power: f64,
    level: f64,
) -> Result<f64, EstimateError> {
    let upper = upper_probability(level)?;
    chance(power)?;
    for (n, deviation) in [left, right] {
        positive("deviation", deviation)?;
        at_least("calls a side", n as f64, 1.0)?;
        if n > MOST_CALLS {
            let what = "the number of calls a side";
            return Err(EstimateError::Uncountable { what });
        }
    }
    let df = left.0 as f64 + right.0 as f64 - 2.0;
    at_least("degrees of freedom", df, 1.0)?;
    let error = (left.1 * left.1 / left.0 as f64 + right.1 * right.1 / right.0 as f64).sqrt();
    let quantiles = t_quantile(upper, df).zip(t_quantile(power, df));
    quantiles
        .map(|(t, u)| (t + u) * error)
        .ok_or(EstimateError::NotFinite)
}

/// Chance to notice a true `gap` with `calls` on each side, two-sided at `level`.
pub fn power(calls: f64, gap: f64, deviation: f64, level: f64) -> Result<f64, EstimateError> {
    positive("gap", gap)?;
    positive("deviation", deviation)?;
    at_least("calls a side", calls, 1.5)?;
    let df = 2.0 * calls - 2.0;
    let critical = t_quantile(upper_probability(level)?, df).ok_or(EstimateError::NotFinite)?;
    Ok(noncentral_t_upper(
        critical,
        df,
        gap / deviation * (0.5 * calls).sqrt(),
    ))
}

/// Calls on each side, before rounding up, to notice `gap` with chance `power_wanted`.
///
/// No report asks for it: it holds [`power`] against R's power.t.test (tests/statistics/plans.rs).
pub fn calls_for_power(
    gap: f64,
    deviation: f64,
    power_wanted: f64,
    level: f64,
) -> Result<f64, EstimateError> {
    chance(power_wanted)?;
    bisect((1.5, 1e7), |calls| {
        Ok(power(calls, gap, deviation, level)? >= power_wanted)
    })
}

/// The gap noticed with chance `power_wanted` from `calls` on each side, by the noncentral t.
///
/// No report asks for it: it is what [`detectable_gap`] is held against, and is itself held against R's power.t.test.
pub fn detectable_gap_exact(
    calls: f64,
    deviation: f64,
    power_wanted: f64,
    level: f64,
) -> Result<f64, EstimateError> {
    chance(power_wanted)?;
    positive("deviation", deviation)?;
    let most = deviation * 1e4;
    bisect((deviation * 1e-6, most), |gap| {
        Ok(power(calls, gap, deviation, level)? >= power_wanted)
    })
}

/// Calls of one group whose mean lies `distance` above a fixed value, so that its lower limit lies above that value with
/// chance `power`: the least n with (t_{1-a/2} + t_power) S / sqrt(n) <= distance, n - 1 degrees of freedom.
pub fn calls_above(
    distance: f64,
    deviation: f64,
    power: f64,
    level: f64,
) -> Result<u64, EstimateError> {
    let upper = upper_probability(level)?;
    chance(power)?;
    positive("distance", distance)?;
    positive("deviation", deviation)?;
    const MOST: u64 = 1_000_000;
    let enough = |calls: &u64| {
        let (n, df) = (*calls as f64, *calls as f64 - 1.0);
        let quantiles = t_quantile(upper, df).zip(t_quantile(power, df));
        quantiles.is_some_and(|(t, u)| (t + u) * deviation / n.sqrt() <= distance)
    };
    let what = "the number of calls";
    (2..MOST)
        .find(enough)
        .ok_or(EstimateError::Uncountable { what })
}

/// Calls of each kind of one group among `among` groups, so that the group is told from the others with chance `power` where
/// its mean lies `distance` above a fixed value with every one of `kinds` kinds of calls, and Benjamini and Hochberg's q of the
/// largest p of its kinds must not exceed `q`.
///
/// Nobody else need stand out. So the smallest p of all is held against q / among, and each kind's two-sided level is that, or
/// 5 % where that is less (its 95 % margin must lie above as well). As all kinds must show it, each needs the chance
/// power^(1/kinds).
pub fn calls_to_stand_out(
    distance: f64,
    deviation: f64,
    power: f64,
    kinds: u32,
    (among, q): (usize, f64),
) -> Result<u64, EstimateError> {
    let most = (q / among.max(1) as f64).min(0.05);
    let each = power.powf(1.0 / f64::from(kinds.max(1)));
    calls_above(distance, deviation, each, 1.0 - most)
}

/// P(T > t) for the noncentral t: the normal tail averaged over the distribution of s / sigma, by
/// Simpson's rule over 12 standard errors either side.
fn noncentral_t_upper(t: f64, df: f64, shift: f64) -> f64 {
    const STEPS: u32 = 2_000;
    let half = 12.0 / (2.0 * df).sqrt();
    let (low, high) = ((1.0 - half).max(0.0), 1.0 + half);
    let width = (high - low) / f64::from(STEPS);
    let constant = (2.0_f64).ln() + 0.5 * df * (0.5 * df).ln() - ln_gamma(0.5 * df);
    let height = |i: u32| {
        let s = low + f64::from(i) * width;
        let log = if s > 0.0 {
            (df - 1.0) * s.ln()
        } else if df == 1.0 {
            0.0
        } else {
            return 0.0;
        };
        (constant + log - 0.5 * df * s * s).exp() * normal_upper(t * s - shift)
    };
    let inner: f64 = (1..STEPS)
        .map(|i| {
            if i % 2 == 1 {
                4.0 * height(i)
            } else {
                2.0 * height(i)
            }
        })
        .sum();
    ((height(0) + inner + height(STEPS)) * width / 3.0).clamp(0.0, 1.0)
}

/// The least argument in a range at which a growing condition holds.
fn bisect(
    range: (f64, f64),
    holds: impl Fn(f64) -> Result<bool, EstimateError>,
) -> Result<f64, EstimateError> {
    let (mut low, mut high) = range;
    if !holds(high)? {
        let wanted = "within reach of any plan";
        return Err(EstimateError::Argument {
            name: "power",
            value: high,
            wanted,
        });
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if high - low <= 1e-12 * high {
            break;
        }
        if holds(middle)? {
            high = middle
        } else {
            low = middle
        }
    }
    Ok(high)
}

fn chance(power: f64) -> Result<(), EstimateError> {
    if (0.5..1.0).contains(&power) {
        Ok(())
    } else {
        Err(EstimateError::Argument {
            name: "power",
            value: power,
            wanted: "from 0.5 to below 1",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_refused() {
        assert!(detectable_gap((1, 12.0), (1, 12.0), 0.8, 0.95).is_err());
        assert!(detectable_gap((0, 12.0), (5, 12.0), 0.8, 0.95).is_err());
        assert!(detectable_gap((u64::MAX, 12.0), (u64::MAX, 12.0), 0.8, 0.95).is_err());
        assert!(power(1.0, 5.0, 12.0, 0.95).is_err());
        assert!(calls_for_power(5.0, 12.0, 1.0, 0.95).is_err());
    }

    #[test]
    fn one_group_needs_half_of_what_two_need() {
        // R: power.t.test(delta = 10, sd = 12, power = 0.8, type = "one.sample") gives n = 13.3.
        assert_eq!(calls_above(10.0, 12.0, 0.8, 0.95), Ok(14));
        assert_eq!(calls_above(100.0, 12.0, 0.8, 0.95), Ok(3));
        assert!(calls_above(0.0, 12.0, 0.8, 0.95).is_err());
    }

    #[test]
    fn both_ways_to_the_noticeable_gap_agree_within_half_a_per_cent() {
        for calls in [4_u64, 5, 8, 20] {
            let quick = detectable_gap((calls, 12.0), (calls, 12.0), 0.8, 0.95).unwrap();
            let exact = detectable_gap_exact(calls as f64, 12.0, 0.8, 0.95).unwrap();
            assert!(
                (quick / exact - 1.0).abs() < 0.005,
                "{calls}: {quick} {exact}"
            );
        }
    }
}
