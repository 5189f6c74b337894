//! Sums over units from which every coefficient of `agreement` follows, so that a unit is left out by subtraction.

use super::agreement::Chance;
use super::jackknife::{Coefficient, with_margin};
use super::ratings::Ratings;

pub(super) struct Unit {
    /// Position in the table.
    row: usize,
    pub(super) counts: Vec<f64>,
    pub(super) rated: f64,
    /// Weighted share of agreeing pairs; `None` below two ratings.
    pub(super) agreement: Option<f64>,
}

pub(super) struct Units {
    pub(super) units: Vec<Unit>,
    pub(super) weights: Vec<Vec<f64>>,
}

impl Units {
    pub(super) fn of(ratings: &Ratings, weights: Vec<Vec<f64>>) -> Units {
        let unit = |(row, ratings_of_unit): (usize, &Vec<Option<usize>>)| {
            let counts = ratings.counts(ratings_of_unit);
            let rated: f64 = counts.iter().sum();
            let agreeing: f64 = counts
                .iter()
                .zip(&weights)
                .map(|(r, weights)| {
                    let near: f64 = weights.iter().zip(&counts).map(|(w, r)| w * r).sum();
                    r * (near - 1.0)
                })
                .sum();
            let agreement = (rated > 1.0).then(|| agreeing / (rated * (rated - 1.0)));
            Unit {
                row,
                counts,
                rated,
                agreement,
            }
        };
        let units = ratings
            .units()
            .iter()
            .enumerate()
            .map(unit)
            .filter(|unit| unit.rated > 0.0);
        Units {
            units: units.collect(),
            weights,
        }
    }

    pub(super) fn total(&self, ratings: &Ratings) -> Sums {
        let mut sums = Sums::new(ratings);
        for unit in &self.units {
            sums.add(unit, ratings, 1.0);
        }
        sums
    }

    pub(super) fn coefficient(
        &self,
        ratings: &Ratings,
        level: f64,
        statistic: impl Fn(&Sums) -> Option<f64>,
    ) -> Option<Coefficient> {
        let total = self.total(ratings);
        let value = statistic(&total)?;
        Some(with_margin(value, self.units.len(), level, |left_out| {
            let mut rest = total.clone();
            rest.add(self.units.get(left_out)?, ratings, -1.0);
            statistic(&rest)
        }))
    }
}

/// Everything the coefficients need, as sums over units.
#[derive(Clone)]
pub(super) struct Sums {
    pub(super) rated: f64,
    pub(super) pairable: f64,
    agreement: f64,
    /// Sum of r_ik / r_i, by category.
    shares: Vec<f64>,
    /// Ratings given by each rater, by category.
    raters: Vec<Vec<f64>>,
}

impl Sums {
    fn new(ratings: &Ratings) -> Sums {
        Sums {
            rated: 0.0,
            pairable: 0.0,
            agreement: 0.0,
            shares: vec![0.0; ratings.categories()],
            raters: vec![vec![0.0; ratings.categories()]; ratings.raters()],
        }
    }

    fn add(&mut self, unit: &Unit, ratings: &Ratings, sign: f64) {
        self.rated += sign;
        if let Some(agreement) = unit.agreement {
            self.pairable += sign;
            self.agreement += sign * agreement;
        }
        for (share, count) in self.shares.iter_mut().zip(&unit.counts) {
            *share += sign * count / unit.rated;
        }
        let given = ratings.units().get(unit.row).into_iter().flatten();
        for (rater, rating) in self.raters.iter_mut().zip(given) {
            if let Some(count) = rating.and_then(|category| rater.get_mut(category)) {
                *count += sign;
            }
        }
    }

    pub(super) fn percent(&self) -> Option<f64> {
        (self.pairable > 0.5).then(|| (self.agreement / self.pairable).clamp(0.0, 1.0))
    }

    pub(super) fn shares(&self) -> Vec<f64> {
        self.shares.iter().map(|share| share / self.rated).collect()
    }

    pub(super) fn chance(&self, chance: Chance, weights: &[Vec<f64>]) -> Option<f64> {
        if self.rated < 0.5 {
            return None;
        }
        let q = self.shares.len() as f64;
        let shares = self.shares();
        Some(match chance {
            Chance::Gwet => {
                let spread: f64 = shares.iter().map(|pi| pi * (1.0 - pi)).sum();
                credit(weights) * spread / (q * (q - 1.0))
            }
            Chance::Fleiss => weighted(weights, |k, l| at(&shares, k) * at(&shares, l)),
            Chance::BrennanPrediger => credit(weights) / (q * q),
            Chance::Conger => self.conger(weights)?,
        })
    }

    /// sum w_kl (pbar_k pbar_l - s2_kl / r): the mean over pairs of raters of their chance agreement.
    fn conger(&self, weights: &[Vec<f64>]) -> Option<f64> {
        let own: Vec<Vec<f64>> = self
            .raters
            .iter()
            .filter_map(|counts| {
                let given: f64 = counts.iter().sum();
                (given > 0.5).then(|| counts.iter().map(|count| count / given).collect())
            })
            .collect();
        let r = own.len() as f64;
        if own.len() < 2 {
            return None;
        }
        let sum = |k: usize| own.iter().map(|shares| at(shares, k)).sum::<f64>();
        let sums: Vec<f64> = (0..self.shares.len()).map(sum).collect();
        let pairs = weighted(weights, |k, l| {
            let same: f64 = own.iter().map(|shares| at(shares, k) * at(shares, l)).sum();
            at(&sums, k) * at(&sums, l) - same
        });
        Some(pairs / (r * (r - 1.0)))
    }

    pub(super) fn corrected(&self, chance: Chance, weights: &[Vec<f64>]) -> Option<f64> {
        let pa = self.percent()?;
        let pe = self.chance(chance, weights)?;
        // Sums that were subtracted leave noise in the last digits.
        (1.0 - pe > 1e-12).then(|| (pa - pe) / (1.0 - pe))
    }
}

fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(0.0)
}

fn weighted(weights: &[Vec<f64>], product: impl Fn(usize, usize) -> f64) -> f64 {
    let rows = weights.iter().enumerate();
    rows.flat_map(|(k, row)| row.iter().enumerate().map(move |(l, w)| (k, l, w)))
        .filter(|(_, _, w)| **w != 0.0)
        .map(|(k, l, w)| w * product(k, l))
        .sum()
}

pub(super) fn credit(weights: &[Vec<f64>]) -> f64 {
    weights.iter().flatten().sum()
}
