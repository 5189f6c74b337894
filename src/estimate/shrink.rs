//! Steadied values: noisy group means drawn towards their common center.
//!
//! Fay and Herriot (1979) without covariates: y_i ~ (mu, tau^2 + V_i). tau^2 is the root of
//! sum (y_i - mu)^2 / (V_i + tau^2) = k - 1, cut off at 0 (Paule and Mandel 1982; Fay and Herriot's own
//! moment method), mu the mean with weights 1 / (V_i + tau^2), and the steadied value
//! gamma y + (1 - gamma) mu with gamma = tau^2 / (tau^2 + V). V_i must come from the pooled deviation:
//! own deviations of four calls make the result worse than the raw means.
//!
//! Refused: fewer than eight groups, variances that are not positive. Not offered: margins (gamma V
//! covers too rarely) and ranks (the bottom tenth is not found more often than from raw means).

use super::error::EstimateError;
use super::moments::{Moments, is_number};
use super::quantile::normal_upper;

/// Fewer groups say too little about the spread between them.
pub const LEAST_GROUPS: usize = 8;

/// The mean of one group and its sampling variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    pub value: f64,
    pub variance: f64,
}

/// One group steadied: `share` (gamma) is how much of its own value is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SteadiedValue {
    pub value: f64,
    pub share: f64,
}

/// The steadied groups, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Steadied {
    /// Variance between groups, tau^2; 0 when the sample shows no difference between them.
    pub between_variance: f64,
    pub center: f64,
    pub center_error: f64,
    /// Cochran's Q: the weighted squares around the center at tau^2 = 0.
    pub heterogeneity: f64,
    pub values: Vec<SteadiedValue>,
    /// Largest raw value minus smallest.
    pub observed_spread: f64,
    /// What that spread would be, on average, without the luck of the draw.
    pub real_spread: f64,
}

impl Steadied {
    /// Whether any difference between groups can be seen at all.
    pub fn shows_differences(&self) -> bool {
        self.between_variance > 0.0
    }
}

pub fn steady(groups: &[Group]) -> Result<Steadied, EstimateError> {
    if groups.len() < LEAST_GROUPS {
        return Err(EstimateError::TooFewGroups {
            given: groups.len(),
            needed: LEAST_GROUPS,
        });
    }
    for group in groups {
        if !is_number(group.value) {
            return Err(EstimateError::NotFinite);
        }
        if !is_number(group.variance) || group.variance <= 0.0 {
            return Err(EstimateError::Argument {
                name: "variance",
                value: group.variance,
                wanted: "positive",
            });
        }
    }
    let least = (groups.len() - 1) as f64;
    let heterogeneity = fit(groups, 0.0).squares;
    let mut between = 0.0;
    if heterogeneity > least {
        // The sum is convex and falling in tau^2: Newton climbs to the root from below.
        for _ in 0..200 {
            let at = fit(groups, between);
            let step = (at.squares - least) / at.slope;
            between += step;
            if step.is_nan() || step <= 1e-14 * between {
                break;
            }
        }
    }
    let at = fit(groups, between);
    let values = groups.iter().map(|group| {
        let share = between / (between + group.variance);
        SteadiedValue {
            value: share * group.value + (1.0 - share) * at.center,
            share,
        }
    });
    let range = groups
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), group| {
            (low.min(group.value), high.max(group.value))
        });
    Ok(Steadied {
        between_variance: between,
        center: at.center,
        center_error: at.weight.sqrt().recip(),
        heterogeneity,
        values: values.collect(),
        observed_spread: range.1 - range.0,
        real_spread: between.sqrt() * expected_range(groups.len()),
    })
}

struct Fit {
    weight: f64,
    center: f64,
    /// Sum of (y - mu)^2 / (V + tau^2), and minus its derivative.
    squares: f64,
    slope: f64,
}

fn fit(groups: &[Group], between: f64) -> Fit {
    let weight = |group: &Group| 1.0 / (group.variance + between);
    let total: f64 = groups.iter().map(weight).sum();
    let center = groups
        .iter()
        .map(|group| weight(group) * group.value)
        .sum::<f64>()
        / total;
    let (squares, slope) = groups.iter().fold((0.0, 0.0), |(squares, slope), group| {
        let part = weight(group) * (group.value - center).powi(2);
        (squares + part, slope + part * weight(group))
    });
    Fit {
        weight: total,
        center,
        squares,
        slope,
    }
}

/// The share of the distance from the mean that James and Stein keep, for values of one known
/// `variance`: 1 - (k - 3) V / sum (y - ybar)^2 (Efron and Morris 1977). `None` below four values or
/// without spread; negative when the values spread less than luck alone would have it.
pub fn james_stein(values: &[f64], variance: f64) -> Option<f64> {
    let k = values.len();
    if k < 4 || !variance.is_finite() || variance <= 0.0 {
        return None;
    }
    let moments: Moments = values.iter().copied().collect();
    let spread = moments.is_finite() && moments.squares() > 0.0;
    spread.then(|| 1.0 - (k as f64 - 3.0) * variance / moments.squares())
}

/// The mean distance between the largest and the smallest of k standard normal values (Tippett 1925).
pub fn expected_range(k: usize) -> f64 {
    const STEPS: u32 = 400;
    const END: f64 = 9.0;
    if k < 2 {
        return 0.0;
    }
    let k = k.min(i32::MAX as usize) as i32;
    let width = END / f64::from(STEPS);
    let height = |i: u32| {
        let above = normal_upper(f64::from(i) * width);
        1.0 - (1.0 - above).powi(k) - above.powi(k)
    };
    // Simpson's rule on the right half; the integrand is symmetric.
    let inner: f64 = (1..STEPS)
        .map(|i| {
            if i % 2 == 1 {
                4.0 * height(i)
            } else {
                2.0 * height(i)
            }
        })
        .sum();
    2.0 * (height(0) + inner + height(STEPS)) * width / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(values: &[f64], variance: f64) -> Vec<Group> {
        values
            .iter()
            .map(|&value| Group { value, variance })
            .collect()
    }

    const VALUES: [f64; 8] = [60.0, 70.0, 75.0, 80.0, 82.0, 85.0, 90.0, 98.0];

    #[test]
    fn fewer_than_eight_groups_are_refused() {
        assert_eq!(
            steady(&groups(&VALUES[..7], 9.0)),
            Err(EstimateError::TooFewGroups {
                given: 7,
                needed: 8
            })
        );
    }

    #[test]
    fn variances_must_be_positive_and_values_finite() {
        assert!(steady(&groups(&VALUES, 0.0)).is_err());
        assert!(steady(&groups(&VALUES, f64::NAN)).is_err());
        assert!(steady(&groups(&[f64::NAN; 8], 1.0)).is_err());
    }

    #[test]
    fn equal_variances_give_the_moment_estimate() {
        let steadied = steady(&groups(&VALUES, 9.0)).unwrap();
        let moments: Moments = VALUES.into_iter().collect();
        let tau2 = moments.variance().unwrap() - 9.0;
        assert!((steadied.between_variance / tau2 - 1.0).abs() < 1e-12);
        assert!((steadied.values[0].share - tau2 / (tau2 + 9.0)).abs() < 1e-12);
        assert_eq!(steadied.observed_spread, 38.0);
    }

    #[test]
    fn values_that_spread_less_than_luck_show_no_difference() {
        let steadied = steady(&groups(&VALUES, 900.0)).unwrap();
        assert!(!steadied.shows_differences());
        assert!(
            steadied
                .values
                .iter()
                .all(|v| v.share == 0.0 && v.value == steadied.center)
        );
        assert_eq!(steadied.real_spread, 0.0);
        let equal = steady(&groups(&[80.0; 8], 4.0)).unwrap();
        assert_eq!((equal.between_variance, equal.center), (0.0, 80.0));
    }

    #[test]
    fn expected_ranges_are_the_control_chart_constants() {
        for (k, d2) in [
            (0, 0.0),
            (1, 0.0),
            (2, std::f64::consts::FRAC_2_SQRT_PI),
            (5, 2.325_928_947),
            (25, 3.930_629_219_5),
        ] {
            assert!(
                (expected_range(k) - d2).abs() < 1e-7,
                "{k}: {}",
                expected_range(k)
            );
        }
    }

    #[test]
    fn james_stein_needs_four_values_that_differ() {
        assert_eq!(james_stein(&[1.0, 2.0, 3.0], 1.0), None);
        assert_eq!(james_stein(&[2.0; 5], 1.0), None);
        assert_eq!(james_stein(&VALUES, -1.0), None);
    }
}
