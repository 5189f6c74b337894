//! Krippendorff's alpha: one minus observed over expected disagreement.
//!
//! Coincidences o_ck = sum over units of n_uc (n_uk - [c = k]) / (m_u - 1), margins n_c, and
//! alpha = 1 - (n - 1) sum o_ck d2_ck / sum n_c n_k d2_ck (Krippendorff 2011, "Computing Krippendorff's
//! Alpha-Reliability"); a unit's part of the first sum is the distances of its pairs over m_u - 1. Metrics: nominal
//! [c != k]; interval (c - k)^2; ratio ((c - k) / (c + k))^2; ordinal (sum of n_g from c to k - (n_c + n_k) / 2)^2.
//!
//! Units with fewer than two ratings do not take part. `None` where nothing can be paired, or every
//! paired rating is the same (0/0: "no variation").

use std::borrow::Cow;
use std::collections::BTreeMap;

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
    let table = Pairable::of(ratings);
    let Some(value) = table.alpha(values, metric, None) else {
        return Ok(None);
    };
    // The jackknife counts every rated unit, also those that can't be paired.
    Ok(Some(with_margin(value, table.units.len(), level, |unit| {
        table.alpha(values, metric, Some(unit))
    })))
}

/// The ratings of one unit: categories with how often each was given.
type Given = Vec<(usize, f64)>;

struct Pairable {
    /// Every rated unit.
    units: Vec<Given>,
    /// How often each category was given, in units with two ratings or more.
    margins: Vec<f64>,
}

fn rated(unit: &Given) -> f64 {
    unit.iter().map(|(_, n)| n).sum()
}

fn is_paired(unit: &Given) -> bool {
    rated(unit) > 1.5
}

impl Pairable {
    fn of(ratings: &Ratings) -> Pairable {
        let mut margins = vec![0.0; ratings.categories()];
        let mut units = Vec::new();
        for row in ratings.units() {
            let counts: BTreeMap<usize, f64> =
                row.iter().flatten().fold(BTreeMap::new(), |mut counts, k| {
                    *counts.entry(*k).or_insert(0.0) += 1.0;
                    counts
                });
            let unit: Given = counts.into_iter().collect();
            if is_paired(&unit) {
                add(&mut margins, &unit, 1.0);
            }
            if !unit.is_empty() {
                units.push(unit);
            }
        }
        Pairable { units, margins }
    }

    /// Alpha of all units but one.
    fn alpha(&self, values: &[f64], metric: Metric, left_out: Option<usize>) -> Option<f64> {
        let mut margins = Cow::Borrowed(&self.margins);
        let gone = left_out.and_then(|at| self.units.get(at));
        if let Some(unit) = gone.filter(|unit| is_paired(unit)) {
            add(margins.to_mut(), unit, -1.0);
        }
        // Margins are whole numbers: with two categories at least, something can differ.
        if margins.iter().filter(|n| **n > 0.5).count() < 2 {
            return None;
        }
        let distance = Distance::of(metric, values, &margins);
        let all: Given = margins.iter().copied().enumerate().collect();
        let total = rated(&all);
        let expected = distance.among(&all) / (total - 1.0);
        let units = self.units.iter().enumerate();
        let observed: f64 = units
            .filter(|(at, unit)| left_out != Some(*at) && is_paired(unit))
            .map(|(_, unit)| distance.among(unit) / (rated(unit) - 1.0))
            .sum();
        let alpha = 1.0 - observed / expected;
        (expected > 0.0 && alpha.is_finite()).then_some(alpha)
    }
}

fn add(margins: &mut [f64], unit: &Given, sign: f64) {
    for (category, n) in unit {
        if let Some(margin) = margins.get_mut(*category) {
            *margin += sign * n;
        }
    }
}

/// Squared distances between categories.
enum Distance<'a> {
    /// All categories are equally far apart.
    Equal,
    /// Categories are points on a line. An ordinal scale's are their middle ranks, since the sum of n_g from c to k less
    /// (n_c + n_k) / 2 is what lies between the middles of c and k.
    Line(Vec<f64>),
    Each(Box<dyn Fn(usize, usize) -> f64 + 'a>),
}

impl<'a> Distance<'a> {
    fn of(metric: Metric, values: &'a [f64], margins: &[f64]) -> Distance<'a> {
        match metric {
            Metric::Nominal => Distance::Equal,
            Metric::Interval => Distance::Line(values.to_vec()),
            Metric::Ordinal => {
                let middle = |before: &mut f64, n: &f64| {
                    *before += n;
                    Some(*before - 0.5 * n)
                };
                Distance::Line(margins.iter().scan(0.0, middle).collect())
            }
            Metric::Ratio => {
                Distance::Each(Box::new(|c, k| ratio(value(values, c), value(values, k))))
            }
            Metric::Weighted(weights) => {
                Distance::Each(Box::new(move |c, k| 1.0 - weights.of(c, k, values.len())))
            }
        }
    }

    /// The sum over all pairs of ratings.
    fn among(&self, given: &Given) -> f64 {
        match self {
            Distance::Equal => {
                let total = rated(given);
                given.iter().map(|(_, n)| 0.5 * n * (total - n)).sum()
            }
            // n times the squares around the mean.
            Distance::Line(points) => {
                let total = rated(given);
                let at = |category: usize| value(points, category);
                let mut seen = given.iter().filter(|(_, n)| *n > 0.5).map(|(k, _)| at(*k));
                let first = seen.next();
                if seen.all(|point| Some(point) == first) {
                    // Rounding must not make a difference of none.
                    return 0.0;
                }
                let mean = given.iter().map(|(k, n)| n * at(*k)).sum::<f64>() / total;
                let square = |(k, n): &(usize, f64)| n * (at(*k) - mean).powi(2);
                total * given.iter().map(square).sum::<f64>()
            }
            Distance::Each(distance) => {
                let pairs = given.iter().enumerate();
                pairs
                    .flat_map(|(i, a)| given.iter().skip(i + 1).map(move |b| (a, b)))
                    .filter(|((_, n), (_, m))| *n > 0.5 && *m > 0.5)
                    .map(|((c, n), (k, m))| n * m * distance(*c, *k))
                    .sum()
            }
        }
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
