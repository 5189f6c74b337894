//! How many calls to score, and what a plan can show.
//!
//! n0 = (z S / e)^2, n = n0 / (1 + n0 / N), rounded up (Cochran 1977, 4.6 and 4.4), then raised until
//! t_{n-1} S sqrt((1 - n/N) / n) <= e. Rates: S^2 = p (1 - p), or the n at which Wilson's interval
//! has half-width e. For comparisons see `power`.
//!
//! Margins and deviations are in the unit of the values; refused unless positive. Refused as well: more than 2^53 calls, be
//! it that so many exist or that a margin takes so many.

use super::error::EstimateError;
use super::moments::is_number;
use super::quantile::{normal_quantile, t_quantile};
use super::settings::upper_probability;

/// The deviation to plan with when no earlier period gives one; say so when it is used.
pub const PLANNING_DEVIATION: f64 = 15.0;

/// More calls than this can't be counted exactly.
pub(super) const MOST_CALLS: u64 = 1 << 53;

/// A sample size before and after rounding up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Size {
    pub exact: f64,
    pub calls: u64,
}

/// Calls of a simple random sample for a margin of -+ `margin` around a mean, by the normal quantile.
/// `population` is `None` where it is large or unknown.
pub fn size_for_mean(
    margin: f64,
    deviation: f64,
    population: Option<u64>,
    level: f64,
) -> Result<Size, EstimateError> {
    positive("margin", margin)?;
    positive("deviation", deviation)?;
    corrected((z(level)? * deviation / margin).powi(2), population)
}

/// The same with Student's t, which small samples need: 2 or 3 calls more.
pub fn size_for_mean_by_t(
    margin: f64,
    deviation: f64,
    population: Option<u64>,
    level: f64,
) -> Result<u64, EstimateError> {
    let upper = upper_probability(level)?;
    let start = size_for_mean(margin, deviation, population, level)?
        .calls
        .max(2);
    let most = population.unwrap_or(MOST_CALLS);
    let enough = |calls: u64| {
        let n = calls as f64;
        let left = population.map_or(1.0, |all| all.saturating_sub(calls) as f64 / all as f64);
        let half = t_quantile(upper, n - 1.0).map(|t| t * deviation * (left / n).sqrt());
        half.is_none_or(|half| half <= margin)
    };
    match first(start.min(most), most, enough) {
        Some(calls) => Ok(calls),
        None if population.is_some() => Ok(most),
        None => Err(TOO_MANY_NEEDED),
    }
}

/// The first number from `start` to `most` at which a condition holds that, once it holds, goes on holding: in growing
/// strides, since t exceeds z by about z^3 / 4n and the size grows by little, then by halves.
fn first(start: u64, most: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if holds(start) {
        return Some(start);
    }
    let (mut low, mut high, mut stride) = (start, start, 1);
    while !holds(high) {
        if high >= most {
            return None;
        }
        low = high;
        high = high.saturating_add(stride).min(most);
        stride *= 2;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// Calls for a margin of -+ `margin` around a rate near `p`, by the normal approximation.
pub fn size_for_rate(
    margin: f64,
    p: f64,
    population: Option<u64>,
    level: f64,
) -> Result<Size, EstimateError> {
    positive("margin", margin)?;
    open_rate(p)?;
    corrected(
        z(level)?.powi(2) * p * (1.0 - p) / margin.powi(2),
        population,
    )
}

/// Calls at which Wilson's interval around `p` has half-width `margin` (population large).
pub fn size_for_rate_by_wilson(margin: f64, p: f64, level: f64) -> Result<Size, EstimateError> {
    positive("margin", margin)?;
    open_rate(p)?;
    let square = z(level)?.powi(2);
    // e^2 (n + z^2)^2 = z^2 p q n + z^4 / 4, a quadratic in n.
    let e2 = margin * margin;
    let half_b = e2 * square - 0.5 * square * p * (1.0 - p);
    let c = square * square * (e2 - 0.25);
    let exact = ((half_b * half_b - e2 * c).max(0.0).sqrt() - half_b) / e2;
    corrected(exact.max(0.0), None)
}

/// A stratum as planned: N_h, n_h (fractional before rounding) and the deviation expected in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedStratum {
    pub population: f64,
    pub calls: f64,
    pub deviation: f64,
}

impl PlannedStratum {
    /// N_h^2 (1 - f_h) S_h^2 / n_h.
    fn variance_of_total(&self) -> f64 {
        let left = 1.0 - self.calls / self.population;
        (self.population * self.deviation).powi(2) * left.max(0.0) / self.calls
    }
}

/// Variance of the estimated total under a plan, with finite population correction.
pub fn variance_of_total(strata: &[PlannedStratum]) -> Result<f64, EstimateError> {
    for stratum in strata {
        positive("population", stratum.population)?;
        positive("calls", stratum.calls)?;
        at_least("deviation", stratum.deviation, 0.0)?;
    }
    Ok(strata.iter().map(PlannedStratum::variance_of_total).sum())
}

/// Expected half-width of the margin of the mean under a plan, with Satterthwaite's t. `None` when no
/// stratum has two calls or all are taken whole.
pub fn half_width(strata: &[PlannedStratum], level: f64) -> Result<Option<f64>, EstimateError> {
    let upper = upper_probability(level)?;
    let variance = variance_of_total(strata)?;
    let population: f64 = strata.iter().map(|stratum| stratum.population).sum();
    let squares: f64 = strata
        .iter()
        .filter(|stratum| stratum.calls > 1.0)
        .map(|stratum| stratum.variance_of_total().powi(2) / (stratum.calls - 1.0))
        .sum();
    if squares <= 0.0 {
        return Ok(None);
    }
    let t = t_quantile(upper, variance * variance / squares);
    Ok(t.map(|t| t * variance.sqrt() / population))
}

const TOO_MANY_NEEDED: EstimateError = EstimateError::Uncountable {
    what: "the number of calls that this takes",
};

fn corrected(n0: f64, population: Option<u64>) -> Result<Size, EstimateError> {
    let exact = match population {
        None => n0,
        Some(all) if all > MOST_CALLS => {
            return Err(EstimateError::Uncountable {
                what: "the number of calls that there are",
            });
        }
        Some(0) => 0.0,
        // A margin so narrow takes them all.
        Some(all) if n0.is_infinite() => all as f64,
        Some(all) => n0 / (1.0 + n0 / all as f64),
    };
    if exact > MOST_CALLS as f64 {
        return Err(TOO_MANY_NEEDED);
    }
    // A whole number that rounding has pushed up by an ulp stays what it is.
    let calls = (exact * (1.0 - 1e-12)).ceil() as u64;
    Ok(Size {
        exact,
        calls: calls.min(population.unwrap_or(MOST_CALLS)),
    })
}

fn z(level: f64) -> Result<f64, EstimateError> {
    normal_quantile(upper_probability(level)?).ok_or(EstimateError::Level { level })
}

pub(super) fn positive(name: &'static str, value: f64) -> Result<(), EstimateError> {
    if value > 0.0 && is_number(value) {
        Ok(())
    } else {
        Err(EstimateError::Argument {
            name,
            value,
            wanted: "a positive number",
        })
    }
}

pub(super) fn at_least(name: &'static str, value: f64, least: f64) -> Result<(), EstimateError> {
    if value >= least && is_number(value) {
        Ok(())
    } else {
        Err(EstimateError::Argument {
            name,
            value,
            wanted: "large enough",
        })
    }
}

fn open_rate(p: f64) -> Result<(), EstimateError> {
    if p > 0.0 && p < 1.0 {
        Ok(())
    } else {
        Err(EstimateError::NotARate { value: p })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples_need_a_few_calls_more_than_the_normal_says() {
        assert_eq!(size_for_mean(10.0, 12.0, None, 0.95).unwrap().calls, 6);
        assert_eq!(size_for_mean_by_t(10.0, 12.0, None, 0.95), Ok(9));
    }

    #[test]
    fn a_sample_never_exceeds_its_population() {
        assert_eq!(
            size_for_mean(0.001, 12.0, Some(30), 0.95).unwrap().calls,
            30
        );
        assert_eq!(size_for_mean_by_t(0.001, 12.0, Some(30), 0.95), Ok(30));
        assert_eq!(size_for_mean_by_t(1.0, 12.0, Some(1), 0.95), Ok(1));
        assert_eq!(size_for_mean_by_t(1.0, 12.0, Some(0), 0.95), Ok(0));
        // So narrow that the uncorrected size has no end.
        assert_eq!(size_for_mean_by_t(1e-300, 15.0, Some(30), 0.95), Ok(30));
        let rate = size_for_rate(1e-200, 0.5, Some(30), 0.95).unwrap();
        assert_eq!((rate.exact, rate.calls), (30.0, 30));
    }

    #[test]
    fn sizes_are_found_at_once_however_large_they_are() {
        // (1.96 * 1e6 / 1)^2, and the calls that t takes on top: (z^2 + 1) / 2.
        assert_eq!(
            size_for_mean_by_t(1.0, 1e6, None, 0.95),
            Ok(3_841_458_820_697)
        );
        let all = MOST_CALLS;
        assert_eq!(size_for_mean_by_t(1e-300, 15.0, Some(all), 0.95), Ok(all));
        let half = size_for_mean_by_t(1e-7, 5.0, Some(all), 0.95).unwrap();
        assert!(half > 1 << 51 && half < all, "{half}");
    }

    #[test]
    fn sizes_that_can_not_be_counted_are_refused() {
        for population in [None, Some(u64::MAX), Some(MOST_CALLS + 1)] {
            for refused in [
                size_for_mean_by_t(1e-300, 15.0, population, 0.95),
                size_for_mean_by_t(0.001, 1e6, population, 0.95),
                size_for_rate(1e-200, 0.5, population, 0.95).map(|size| size.calls),
            ] {
                assert!(
                    matches!(refused, Err(EstimateError::Uncountable { .. })),
                    "{refused:?}"
                );
            }
        }
        assert!(size_for_rate_by_wilson(1e-200, 0.5, 0.95).is_err());
    }

    #[test]
    fn the_first_number_is_the_one_that_looking_at_each_finds() {
        for most in [1, 2, 7, 40] {
            for start in 1..=most {
                for from in 0..=most + 1 {
                    let each = (start..=most).find(|&n| n >= from);
                    assert_eq!(first(start, most, |n| n >= from), each);
                }
            }
        }
    }

    #[test]
    fn half_widths_of_usual_quotas() {
        // External 120 calls, internal 30, deviation 12.
        for (external, internal, half) in [
            (3.0, 3.0, 22.0),
            (4.0, 4.0, 14.6),
            (5.0, 5.0, 11.5),
            (8.0, 4.0, 7.9),
            (20.0, 10.0, 4.3),
        ] {
            let plan =
                [(120.0, external), (30.0, internal)].map(|(population, calls)| PlannedStratum {
                    population,
                    calls,
                    deviation: 12.0,
                });
            let got = half_width(&plan, 0.95).unwrap().unwrap();
            assert!(
                (got - half).abs() < 0.5,
                "{external}+{internal}: {got} for {half}"
            );
        }
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(size_for_mean(0.0, 12.0, None, 0.95).is_err());
        assert!(size_for_mean(1.0, f64::NAN, None, 0.95).is_err());
        assert!(size_for_mean(1.0, 12.0, None, 1.0).is_err());
        assert!(size_for_rate(0.1, 1.0, None, 0.95).is_err());
        assert!(
            variance_of_total(&[PlannedStratum {
                population: 9.0,
                calls: 0.0,
                deviation: 1.0
            }])
            .is_err()
        );
        assert_eq!(half_width(&[], 0.95), Ok(None));
    }
}
