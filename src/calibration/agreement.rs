//! Chance-corrected agreement on one scale: percent agreement, AC1 and AC2, Fleiss, Conger,
//! Brennan-Prediger.
//!
//! With r_ik the raters who give unit i category k, r_i their number and r*_ik = sum_l w_kl r_il:
//! pa = mean over units with r_i >= 2 of sum_k r_ik (r*_ik - 1) / (r_i (r_i - 1)); the coefficient is
//! (pa - pe) / (1 - pe). Chance agreement pe: Gwet (2008, BJMSP 61:29; 2014, ch. 4 and 5)
//! T_w / (q (q - 1)) sum pi_k (1 - pi_k), T_w = sum of weights; Fleiss (1971) sum w pi_k pi_l; Conger (1980)
//! from each rater's own shares (Cohen's kappa for two raters); Brennan-Prediger (1981) T_w / q^2.
//! pi_k = mean of r_ik / r_i over all rated units, q = categories offered by the scale.
//!
//! Missing ratings are allowed. `None` where no unit has two ratings, or chance agreement is perfect (no
//! variation: say so, and give percent agreement).

use super::error::CalibrationError;
use super::jackknife::Coefficient;
use super::ratings::Ratings;
use super::sums::{Units, credit};
use super::weights::Weights;

/// Which chance agreement is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chance {
    /// AC1; with weights, AC2.
    Gwet,
    Fleiss,
    Conger,
    BrennanPrediger,
}

/// Share of agreeing pairs of ratings, weighted, in [0, 1]. `None` where no unit has two ratings.
pub fn percent_agreement(
    ratings: &Ratings,
    weights: Weights,
    level: f64,
) -> Result<Option<Coefficient>, CalibrationError> {
    check(level)?;
    let table = Units::of(ratings, weights.table(ratings.categories()));
    let found = table.coefficient(ratings, level, |sums| sums.percent());
    Ok(found.map(|found| Coefficient {
        low: found.low.map(|low| low.max(0.0)),
        ..found
    }))
}

/// (pa - pe) / (1 - pe) with the chance agreement asked for.
pub fn agreement(
    ratings: &Ratings,
    chance: Chance,
    weights: Weights,
    level: f64,
) -> Result<Option<Coefficient>, CalibrationError> {
    agreement_by(ratings, chance, weights.table(ratings.categories()), level)
}

/// The same with a table of weights of one's own, categories by categories, 1 on the diagonal.
pub fn agreement_by(
    ratings: &Ratings,
    chance: Chance,
    weights: Vec<Vec<f64>>,
    level: f64,
) -> Result<Option<Coefficient>, CalibrationError> {
    check(level)?;
    let q = ratings.categories();
    if weights.len() != q || weights.iter().any(|row| row.len() != q) {
        return Err(CalibrationError::Shape {
            wanted: "as wide and high as there are categories",
        });
    }
    let table = Units::of(ratings, weights);
    Ok(table.coefficient(ratings, level, |sums| {
        sums.corrected(chance, &table.weights)
    }))
}

/// The agreement expected by chance.
pub fn chance_agreement(ratings: &Ratings, chance: Chance, weights: Weights) -> Option<f64> {
    let table = Units::of(ratings, weights.table(ratings.categories()));
    table.total(ratings).chance(chance, &table.weights)
}

/// Gwet's linearised standard error of AC1 and AC2, as irrCAC prints it; the margins here use the
/// jackknife, which differs in the third digit. `None` below two rated units, or without variation.
pub fn gwet_standard_error(ratings: &Ratings, weights: Weights) -> Option<f64> {
    let table = Units::of(ratings, weights.table(ratings.categories()));
    let sums = table.total(ratings);
    let pe = sums.chance(Chance::Gwet, &table.weights)?;
    let value = sums.corrected(Chance::Gwet, &table.weights)?;
    let q = ratings.categories() as f64;
    let shares = sums.shares();
    let credit = credit(&table.weights) / (q * (q - 1.0));
    let squares: f64 = table
        .units
        .iter()
        .filter(|unit| unit.rated > 0.0)
        .map(|unit| {
            let agree = unit
                .agreement
                .map_or(0.0, |pa| sums.rated / sums.pairable * (pa - pe));
            let missed: f64 = unit
                .counts
                .iter()
                .zip(&shares)
                .map(|(r, pi)| r * (1.0 - pi))
                .sum();
            let chance = credit * missed / unit.rated;
            let part = agree / (1.0 - pe) - 2.0 * (1.0 - value) * (chance - pe) / (1.0 - pe);
            (part - value).powi(2)
        })
        .sum();
    let variance = squares / (sums.rated * (sums.rated - 1.0));
    variance.is_finite().then(|| variance.sqrt())
}

pub(super) fn check(level: f64) -> Result<(), CalibrationError> {
    if level > 0.0 && level < 1.0 {
        Ok(())
    } else {
        Err(CalibrationError::Level { level })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratings(rows: &[[usize; 2]]) -> Ratings {
        let rows = rows
            .iter()
            .map(|row| row.iter().copied().map(Some).collect())
            .collect();
        Ratings::new(rows, 2).unwrap()
    }

    fn value(ratings: &Ratings, chance: Chance) -> Option<f64> {
        agreement(ratings, chance, Weights::Identity, 0.95)
            .unwrap()
            .map(|found| found.value)
    }

    #[test]
    fn without_variation_kappa_is_undefined_and_percent_agreement_full() {
        let same = ratings(&[[1, 1], [1, 1], [1, 1]]);
        assert_eq!(value(&same, Chance::Fleiss), None);
        assert_eq!(value(&same, Chance::Conger), None);
        let percent = percent_agreement(&same, Weights::Identity, 0.95)
            .unwrap()
            .unwrap();
        assert_eq!((percent.value, percent.standard_error), (1.0, Some(0.0)));
        // AC1 stays defined: all agree on one of two answers that were offered.
        assert_eq!(value(&same, Chance::Gwet), Some(1.0));
    }

    #[test]
    fn a_single_dissent_ruins_kappa_but_not_ac1() {
        let mut rows = vec![[1, 1]; 19];
        rows.push([1, 0]);
        let table = ratings(&rows);
        assert!(value(&table, Chance::Fleiss).unwrap().abs() < 0.05);
        assert!(value(&table, Chance::Gwet).unwrap() > 0.9);
        let kappa = agreement(&table, Chance::Fleiss, Weights::Identity, 0.95)
            .unwrap()
            .unwrap();
        assert_eq!((kappa.standard_error, kappa.low), (None, None));
    }

    #[test]
    fn without_a_pair_of_ratings_there_is_no_agreement() {
        let rows = vec![vec![Some(0), None], vec![None, Some(1)], vec![None, None]];
        let table = Ratings::new(rows, 2).unwrap();
        assert_eq!(percent_agreement(&table, Weights::Identity, 0.95), Ok(None));
        assert_eq!(value(&table, Chance::Gwet), None);
        assert_eq!(gwet_standard_error(&table, Weights::Identity), None);
        let nobody = Ratings::new(vec![vec![None, None]], 2).unwrap();
        assert_eq!(
            chance_agreement(&nobody, Chance::Gwet, Weights::Identity),
            None
        );
    }

    #[test]
    fn a_level_outside_0_to_1_is_refused() {
        let table = ratings(&[[0, 1], [1, 1]]);
        assert!(percent_agreement(&table, Weights::Identity, 1.0).is_err());
        assert!(agreement(&table, Chance::Gwet, Weights::Identity, f64::NAN).is_err());
    }
}
