//! Krippendorff's alpha: one minus observed over expected disagreement.
//!
//! Coincidences o_ck = sum over units of n_uc (n_uk - [c = k]) / (m_u - 1), margins n_c, and
//! alpha = 1 - (n - 1) sum o_ck d2_ck / sum n_c n_k d2_ck (Krippendorff 2011, "Computing Krippendorff's
//! Alpha-Reliability"). Metrics: nominal [c != k]; interval (c - k)^2; ratio ((c - k) / (c + k))^2; ordinal
//! (sum of n_g from c to k - (n_c + n_k) / 2)^2.
//!
//! Units with fewer than two ratings do not take part. `None` where nothing can be paired, or every
//! paired rating is the same (0/0: "no variation").

use super::agreement::check;
use super::error::CalibrationError;
use super::jackknife::{Coefficient, with_margin};
use super::ratings::Ratings;
use super::weights::Weights;
use crate::estimate::moments::is_number;

/// How far apart two answers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Metric {
    #[default]
    Nominal,
    Ordinal,
    Interval,
    Ratio,
    /// 1 - w of an agreement weight: alpha as other programs weight it.
    Weighted(Weights),
}

/// Alpha with its jackknife margin. `values[k]` is the number that category k stands for (its points, or
/// its position); only `Interval` and `Ratio` look at it.
pub fn alpha(
    ratings: &Ratings,
    values: &[f64],
    metric: Metric,
    level: f64,
) -> Result<Option<Coefficient>, CalibrationError> {
    check(level)?;
    if values.len() != ratings.categories() {
        return Err(CalibrationError::Shape {
            wanted: "one value per category",
        });
    }
    if values.iter().any(|value| !is_number(*value)) {
        return Err(CalibrationError::NotFinite);
    }
    let units: Vec<Vec<f64>> = ratings
        .units()
        .iter()
        .map(|row| ratings.counts(row))
        .collect();
    let mut table = Coincidences::new(ratings.categories());
    for unit in &units {
        table.add(unit, 1.0);
    }
    let Some(value) = table.alpha(values, metric) else {
        return Ok(None);
    };
    // The jackknife counts every rated unit, also those that can't be paired.
    let rated: Vec<&Vec<f64>> = units
        .iter()
        .filter(|unit| unit.iter().sum::<f64>() > 0.5)
        .collect();
    Ok(Some(with_margin(value, rated.len(), level, |left_out| {
        let mut rest = table.clone();
        rest.add(rated.get(left_out)?, -1.0);
        rest.alpha(values, metric)
    })))
}

#[derive(Clone)]
struct Coincidences {
    pairs: Vec<Vec<f64>>,
    margins: Vec<f64>,
}

impl Coincidences {
    fn new(categories: usize) -> Coincidences {
        let pairs = vec![vec![0.0; categories]; categories];
        Coincidences {
            pairs,
            margins: vec![0.0; categories],
        }
    }

    fn add(&mut self, unit: &[f64], sign: f64) {
        let rated: f64 = unit.iter().sum();
        if rated < 1.5 {
            return;
        }
        let seen = |(c, &n): (usize, &f64)| (n > 0.0).then_some((c, n));
        for (c, n) in unit.iter().enumerate().filter_map(seen) {
            if let Some(margin) = self.margins.get_mut(c) {
                *margin += sign * n;
            }
            for (k, m) in unit.iter().enumerate().filter_map(seen) {
                let others = if c == k { m - 1.0 } else { m };
                if let Some(pair) = self.pairs.get_mut(c).and_then(|row| row.get_mut(k)) {
                    *pair += sign * n * others / (rated - 1.0);
                }
            }
        }
    }

    fn alpha(&self, values: &[f64], metric: Metric) -> Option<f64> {
        let total: f64 = self.margins.iter().sum();
        let (mut observed, mut expected) = (0.0, 0.0);
        for (c, (row, n)) in self.pairs.iter().zip(&self.margins).enumerate() {
            // Margins are whole numbers: below a half there are none.
            if *n < 0.5 {
                continue;
            }
            let mut between = 0.0;
            for (k, (pair, m)) in row.iter().zip(&self.margins).enumerate().skip(c + 1) {
                between += m;
                if *m < 0.5 {
                    continue;
                }
                let squared = match metric {
                    Metric::Nominal => 1.0,
                    Metric::Ordinal => (between - 0.5 * m + 0.5 * n).powi(2),
                    Metric::Interval => (value(values, c) - value(values, k)).powi(2),
                    Metric::Ratio => ratio(value(values, c), value(values, k)),
                    Metric::Weighted(weights) => 1.0 - weights.of(c, k, values.len()),
                };
                observed += pair * squared;
                expected += n * m * squared;
            }
        }
        let alpha = 1.0 - (total - 1.0) * observed / expected;
        (expected > 0.0 && alpha.is_finite()).then_some(alpha)
    }
}

fn value(values: &[f64], category: usize) -> f64 {
    values.get(category).copied().unwrap_or(0.0)
}

fn ratio(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum == 0.0 {
        0.0
    } else {
        ((a - b) / sum).powi(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nominal(rows: &[[usize; 2]]) -> Option<Coefficient> {
        let rows = rows
            .iter()
            .map(|row| row.iter().copied().map(Some).collect())
            .collect();
        let ratings = Ratings::new(rows, 2).unwrap();
        alpha(&ratings, &[0.0, 1.0], Metric::Nominal, 0.95).unwrap()
    }

    #[test]
    fn without_variation_there_is_no_alpha() {
        assert_eq!(nominal(&[[1, 1], [1, 1]]), None);
    }

    #[test]
    fn a_single_dissent_gives_alpha_near_zero_and_no_margin() {
        let found = nominal(&[[1, 1], [1, 1], [1, 1], [1, 0]]).unwrap();
        assert!(found.value.abs() < 1e-12);
        assert_eq!(found.standard_error, None);
    }

    #[test]
    fn values_must_fit_the_scale() {
        let ratings = Ratings::new(vec![vec![Some(0), Some(1)]], 2).unwrap();
        assert!(alpha(&ratings, &[1.0], Metric::Interval, 0.95).is_err());
        assert!(alpha(&ratings, &[1.0, f64::NAN], Metric::Interval, 0.95).is_err());
        assert!(alpha(&ratings, &[1.0, 2.0], Metric::Interval, 0.0).is_err());
        // Two answers worth the same leave no disagreement to measure.
        assert_eq!(
            alpha(&ratings, &[1.0, 1.0], Metric::Interval, 0.95),
            Ok(None)
        );
    }

    #[test]
    fn unpaired_ratings_do_not_take_part() {
        let rows = vec![vec![Some(0), None], vec![None, None], vec![Some(1), None]];
        let ratings = Ratings::new(rows, 2).unwrap();
        assert_eq!(
            alpha(&ratings, &[0.0, 1.0], Metric::Ordinal, 0.95),
            Ok(None)
        );
    }
}
