//! The normal equations of rows (CSRs) and raters, rows eliminated: see `two_way` for the model.

use super::cholesky::Cholesky;
use super::connect::components;
use super::error::CalibrationError;
use crate::estimate::moments::is_number;

/// One score: which row (CSR), which rater (analyst), both from 0, and the value in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    pub row: usize,
    pub rater: usize,
    pub value: f64,
}

/// The normal equations of the raters after elimination of the rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// n_cr.
    pub(super) counts: Vec<Vec<f64>>,
    pub(super) row_means: Vec<f64>,
    rater_means: Vec<f64>,
    /// C and r.
    pub(super) system: Vec<Vec<f64>>,
    pub(super) right: Vec<f64>,
}

impl Layout {
    pub(super) fn of(
        observations: &[Observation],
        rows: usize,
        raters: usize,
    ) -> Result<Layout, CalibrationError> {
        if raters < 2 {
            return Err(CalibrationError::TooFewRaters { raters });
        }
        for (i, &Observation { row, rater, value }) in observations.iter().enumerate() {
            if row >= rows || rater >= raters {
                return Err(CalibrationError::OutsideTable {
                    observation: i,
                    row,
                    rater,
                });
            }
            if !is_number(value) {
                return Err(CalibrationError::NotFinite);
            }
        }
        let mut counts = vec![vec![0.0; raters]; rows];
        let (mut row_sums, mut rater_sums) = (vec![0.0; rows], vec![0.0; raters]);
        for o in observations {
            if let Some(count) = counts.get_mut(o.row).and_then(|row| row.get_mut(o.rater)) {
                *count += 1.0;
            }
            add(&mut row_sums, o.row, o.value);
            add(&mut rater_sums, o.rater, o.value);
        }
        let row_counts: Vec<f64> = counts.iter().map(|row| row.iter().sum()).collect();
        let mut rater_counts = vec![0.0; raters];
        for row in &counts {
            rater_counts
                .iter_mut()
                .zip(row)
                .for_each(|(sum, n)| *sum += n);
        }
        let groups = components(observations, rows, raters);
        let lonely = rater_counts.iter().filter(|&&n| n == 0.0).count();
        let components = groups.iter().max().map_or(0, |last| last + 1) + lonely;
        if components != 1 {
            return Err(CalibrationError::Disconnected { components });
        }
        let row_means: Vec<f64> = row_sums
            .iter()
            .zip(&row_counts)
            .map(|(s, n)| s / n)
            .collect();
        let rater_means = rater_sums
            .iter()
            .zip(&rater_counts)
            .map(|(s, n)| s / n)
            .collect();
        let mut system = vec![vec![0.0; raters]; raters];
        let mut right = rater_sums;
        for ((row, n), mean) in counts.iter().zip(&row_counts).zip(&row_means) {
            for (r, (equation, a)) in system.iter_mut().zip(row).enumerate() {
                add(&mut right, r, -a * mean);
                equation
                    .iter_mut()
                    .zip(row)
                    .for_each(|(c, b)| *c -= a * b / n);
            }
        }
        for (r, (equation, n)) in system.iter_mut().zip(&rater_counts).enumerate() {
            add(equation, r, *n);
        }
        Ok(Layout {
            counts,
            row_means,
            rater_means,
            system,
            right,
        })
    }

    pub(super) fn row_count(&self, row: usize) -> f64 {
        self.counts.get(row).map_or(0.0, |row| row.iter().sum())
    }

    /// The factor of C + J/R, which is invertible and acts like C on everything that sums to 0.
    pub(super) fn factor(&self) -> Option<Cholesky> {
        let share = 1.0 / self.system.len() as f64;
        let shifted = self
            .system
            .iter()
            .map(|row| row.iter().map(|c| c + share).collect());
        Cholesky::of(&shifted.collect::<Vec<Vec<f64>>>())
    }

    /// g_r = 1/R - n_cr / n_c.
    pub(super) fn contrast(&self, row: usize) -> Option<Vec<f64>> {
        let counts = self.counts.get(row)?;
        let (n, share) = (self.row_count(row), 1.0 / counts.len() as f64);
        Some(counts.iter().map(|count| share - count / n).collect())
    }

    pub(super) fn squares_by_rater(&self, observations: &[Observation]) -> f64 {
        let away =
            |o: &Observation| o.value - self.rater_means.get(o.rater).copied().unwrap_or(0.0);
        observations.iter().map(|o| away(o).powi(2)).sum()
    }
}

fn add(values: &mut [f64], index: usize, value: f64) {
    if let Some(place) = values.get_mut(index) {
        *place += value;
    }
}
