//! Krippendorff's alpha: one minus observed over expected disagreement.
//!
//! Coincidences o_ck = sum over units of n_uc (n_uk - [c = k]) / (m_u - 1), margins n_c, and
//! alpha = 1 - (n - 1) sum o_ck d2_ck / sum n_c n_k d2_ck (Krippendorff 2011, "Computing Krippendorff's
//! Alpha-Reliability"); a unit's part of the first sum is the distances of its pairs over m_u - 1. Metrics: nominal
//! [c != k]; interval (c - k)^2; ratio ((c - k) / (c + k))^2; ordinal (sum of n_g from c to k - (n_c + n_k) / 2)^2.
//!
//! Units with fewer than two ratings do not take part. `None` where nothing can be paired, or every
//! paired rating is the same (0/0: "no variation").

use super::agreement::check;
use super::coincidences::Coincidences;
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
    let table = Coincidences::of(ratings, values, metric);
    let Some(value) = table.alpha() else {
        return Ok(None);
    };
    let without = table.without_each(value);
    // The jackknife counts every rated unit, also those that can't be paired.
    Ok(Some(with_margin(value, table.units(), level, |unit| {
        without.get(table.pattern(unit)?).copied().flatten()
    })))
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
        let three = Ratings::new(vec![vec![Some(0), Some(1), Some(0)]; 2], 2).unwrap();
        assert_eq!(alpha(&three, &[0.1, 0.1], Metric::Interval, 0.95), Ok(None));
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
