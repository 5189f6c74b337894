//! The difference of two rates, what it may be, and how surprising it is.
//!
//! Newcombe's hybrid score limits (1998b, Stat Med 17:873, method 10) from two Wilson intervals with the design's
//! effective sizes (see `rate`). The p-value is the one that belongs to these limits: 1 minus the confidence at which
//! a limit just touches 0, so that margin and test never contradict each other. Both sides are taken as
//! independent.
//!
//! Refused: what `rate` refuses. A side without calls gives `None`.

use super::design::Stratum;
use super::error::EstimateError;
use super::interval::{newcombe, wilson};
use super::pool::Pools;
use super::quantile::normal_upper;
use super::rate::{Rate, RateDifference, RateMethod, rate, rate_difference};
use super::settings::Settings;

/// A difference of two rates, left minus right, each in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateGap {
    pub difference: RateDifference,
    /// Two-sided p-value for "no difference".
    pub p: f64,
}

/// The difference of the rates of two sets of strata. Use `Settings::comparison()` unless the question is about
/// these very calls.
pub fn rate_gap(
    left: &[Stratum],
    right: &[Stratum],
    settings: &Settings,
) -> Result<Option<RateGap>, EstimateError> {
    let of = |strata| rate(strata, &Pools::none(), RateMethod::Design, settings);
    let (Some(left), Some(right)) = (of(left)?, of(right)?) else {
        return Ok(None);
    };
    Ok(Some(gap_of(&left, &right)))
}

/// The difference of two rates that were made without finite population correction.
pub(super) fn gap_of(left: &Rate, right: &Rate) -> RateGap {
    RateGap {
        difference: rate_difference(left, right),
        p: p_value(left, right),
    }
}

/// Beyond this many standard errors nothing is left of a p-value.
const FAR: f64 = 40.0;

fn p_value(left: &Rate, right: &Rate) -> f64 {
    let value = left.value - right.value;
    if value == 0.0 {
        return 1.0;
    }
    let side = |rate: &Rate, z| {
        let n = rate.effective_n.unwrap_or(f64::INFINITY);
        wilson(rate.value, n, z).map(|limits| (rate.value, limits))
    };
    // The limits widen with z, so there is one z at which the nearer one reaches 0.
    let reaches = |z| {
        side(left, z).zip(side(right, z)).is_none_or(|(a, b)| {
            let limits = newcombe(a, b);
            limits.low <= 0.0 && limits.high >= 0.0
        })
    };
    let (mut low, mut high) = (0.0, FAR);
    if !reaches(high) {
        return 0.0;
    }
    for _ in 0..80 {
        let middle = 0.5 * (low + high);
        if reaches(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    (2.0 * normal_upper(high)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plain sample from a very large stratum.
    fn sample(passed: usize, n: usize) -> Vec<Stratum> {
        let values: Vec<f64> = (0..n).map(|at| f64::from(u8::from(at < passed))).collect();
        vec![Stratum::of(1e12, 0, &values).unwrap()]
    }

    fn found(left: (usize, usize), right: (usize, usize)) -> RateGap {
        let (left, right) = (sample(left.0, left.1), sample(right.0, right.1));
        rate_gap(&left, &right, &Settings::comparison())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn limits_are_newcombe_s() {
        // Newcombe 1998b, Table II, a: 56/70 - 48/80.
        let gap = found((56, 70), (48, 80));
        assert!((gap.difference.value - 0.2).abs() < 1e-12);
        assert!((gap.difference.low - 0.0524314724).abs() < 1e-9);
        assert!((gap.difference.high - 0.3338726540).abs() < 1e-9);
    }

    #[test]
    fn margin_and_p_value_agree_on_what_is_surprising() {
        for n in 2..30 {
            for left in 0..=n {
                for right in 0..=n {
                    let gap = found((left, n), (right, n));
                    let inside = gap.difference.low <= 0.0 && gap.difference.high >= 0.0;
                    assert_eq!(inside, gap.p >= 0.05, "{left}/{n} - {right}/{n}: {gap:?}");
                    assert!((0.0..=1.0).contains(&gap.p));
                }
            }
        }
        assert_eq!(found((3, 4), (3, 4)).p, 1.0);
    }

    #[test]
    fn a_side_without_calls_has_no_gap() {
        let none = [Stratum::of(10.0, 0, &[]).unwrap()];
        assert_eq!(
            rate_gap(&none, &sample(1, 2), &Settings::comparison()),
            Ok(None)
        );
    }
}
