//! Means of CSRs adjusted for who scored them.
//!
//! y = mu + row + rater + error by least squares, for any pattern of who scored whom, as long as the graph of
//! rows and raters is connected (Searle, Linear Models for Unbalanced Data, 1987, ch. 4). Rows are eliminated
//! first, which leaves the raters' system C b = r with C = diag(n_r) - N' diag(1/n_c) N; its null space, a
//! constant, is fixed by sum b = 0. The adjusted mean of a row is mu + row + the mean of all raters'
//! effects, each rater with the same weight:
//!
//! adjusted_c = ybar_c + sum_r (1/R - n_cr / n_c) b_r,   Var = MSE (1/n_c + g' C^- g).
//!
//! Refused: rows that no chain of common raters connects. Where one analyst scores one team and nobody
//! else's, no arithmetic tells the two apart.

use super::error::CalibrationError;
use super::layout::{Layout, Observation};
use crate::estimate::quantile::{f_upper, t_quantile};

/// Below this many residual degrees of freedom the adjusted means should not be shown.
pub const LEAST_RESIDUAL_DF: f64 = 10.0;

/// One row: its raw mean beside the adjusted one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdjustedMean {
    pub observations: usize,
    pub raw: f64,
    pub adjusted: f64,
    pub standard_error: f64,
}

/// One rater's deviation from the average rater, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RaterEffect {
    pub observations: usize,
    /// How many rows this rater has scored; with one alone nothing is learned about the rater.
    pub rows: usize,
    pub effect: f64,
    pub standard_error: f64,
}

/// The fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoWay {
    pub rows: Vec<AdjustedMean>,
    pub raters: Vec<RaterEffect>,
    pub mse: f64,
    pub residual_df: f64,
    /// F for "rows do not differ", rows adjusted for raters; `None` for one row or a perfect fit.
    pub f: Option<f64>,
    pub p: Option<f64>,
    layout: Layout,
}

impl TwoWay {
    /// Whether there is enough to show: residual degrees of freedom, and two rows for every rater.
    pub fn is_showable(&self) -> bool {
        self.residual_df >= LEAST_RESIDUAL_DF && self.raters.iter().all(|rater| rater.rows > 1)
    }

    /// Half the width of a margin around an estimate with this standard error.
    pub fn half_width(&self, standard_error: f64, level: f64) -> Option<f64> {
        Some(t_quantile(0.5 + 0.5 * level, self.residual_df)? * standard_error)
    }

    /// Adjusted mean of `left` minus that of `right` with its standard error. `None` for unknown rows.
    pub fn difference(&self, left: usize, right: usize) -> Option<(f64, f64)> {
        let (a, b) = (self.rows.get(left)?, self.rows.get(right)?);
        let (ga, gb) = (self.layout.contrast(left)?, self.layout.contrast(right)?);
        let g: Vec<f64> = ga.iter().zip(&gb).map(|(a, b)| a - b).collect();
        let own = if left == right {
            0.0
        } else {
            1.0 / a.observations as f64 + 1.0 / b.observations as f64
        };
        let variance = self.mse * (own + self.layout.factor()?.quadratic(&g));
        Some((a.adjusted - b.adjusted, variance.sqrt()))
    }
}

/// Fits the model to `rows` x `raters`; every row and rater must have been observed.
pub fn two_way(
    observations: &[Observation],
    rows: usize,
    raters: usize,
) -> Result<TwoWay, CalibrationError> {
    let layout = Layout::of(observations, rows, raters)?;
    let residual_df = observations.len() as i64 - (rows + raters) as i64 + 1;
    if residual_df < 1 {
        return Err(CalibrationError::NothingLeft { residual_df });
    }
    let factor = layout.factor().ok_or(CalibrationError::NotFinite)?;
    let effects = factor.solve(&layout.right);
    let effect = |rater: usize| effects.get(rater).copied().unwrap_or(0.0);
    let adjusted = |row: usize, raw: f64| -> f64 {
        let g = layout.contrast(row).unwrap_or_default();
        raw + g.iter().zip(&effects).map(|(g, b)| g * b).sum::<f64>()
    };
    // With sum b = 0 the adjusted mean is mu + row, so the fit is adjusted + b.
    let fitted: Vec<f64> = layout
        .row_means
        .iter()
        .enumerate()
        .map(|(row, &raw)| adjusted(row, raw))
        .collect();
    let residual =
        |o: &Observation| o.value - fitted.get(o.row).copied().unwrap_or(0.0) - effect(o.rater);
    let squares: f64 = observations.iter().map(|o| residual(o).powi(2)).sum();
    let residual_df = residual_df as f64;
    let mse = squares / residual_df;
    let without_rows = layout.squares_by_rater(observations);
    let between = (without_rows - squares).max(0.0) / (rows as f64 - 1.0);
    let f = (rows > 1 && mse > 0.0)
        .then(|| between / mse)
        .filter(|f| f.is_finite());
    let error = |inverse: f64| (mse * inverse.max(0.0)).sqrt();
    let row = |(row, (&raw, &adjusted)): (usize, (&f64, &f64))| {
        let n = layout.row_count(row);
        let g = layout.contrast(row).unwrap_or_default();
        let standard_error = error(1.0 / n + factor.quadratic(&g));
        AdjustedMean {
            observations: n as usize,
            raw,
            adjusted,
            standard_error,
        }
    };
    let rater = |rater: usize| {
        let mut unit = vec![0.0; raters];
        if let Some(one) = unit.get_mut(rater) {
            *one = 1.0;
        }
        let column = || layout.counts.iter().filter_map(move |row| row.get(rater));
        RaterEffect {
            observations: column().sum::<f64>() as usize,
            rows: column().filter(|&&n| n > 0.0).count(),
            effect: effect(rater),
            standard_error: error(factor.quadratic(&unit) - 1.0 / raters as f64),
        }
    };
    Ok(TwoWay {
        rows: layout
            .row_means
            .iter()
            .zip(&fitted)
            .enumerate()
            .map(row)
            .collect(),
        raters: (0..raters).map(rater).collect(),
        mse,
        residual_df,
        f,
        p: f.and_then(|f| f_upper(f, rows as f64 - 1.0, residual_df)),
        layout,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::connect::components;

    fn observations(triples: &[(usize, usize, f64)]) -> Vec<Observation> {
        triples
            .iter()
            .map(|&(row, rater, value)| Observation { row, rater, value })
            .collect()
    }

    #[test]
    fn analysts_without_common_rows_cannot_be_compared() {
        let apart = observations(&[
            (0, 0, 80.0),
            (0, 0, 82.0),
            (1, 1, 70.0),
            (1, 1, 75.0),
            (2, 1, 71.0),
        ]);
        assert_eq!(components(&apart, 3, 2), [0, 1, 1]);
        assert_eq!(
            two_way(&apart, 3, 2),
            Err(CalibrationError::Disconnected { components: 2 })
        );
    }

    #[test]
    fn rows_and_raters_that_were_never_observed_are_disconnected() {
        let few = observations(&[(0, 0, 80.0), (0, 1, 82.0), (1, 0, 70.0), (1, 1, 75.0)]);
        assert_eq!(
            two_way(&few, 3, 2),
            Err(CalibrationError::Disconnected { components: 2 })
        );
        assert_eq!(
            two_way(&few, 2, 3),
            Err(CalibrationError::Disconnected { components: 2 })
        );
        assert_eq!(components(&few, 3, 2), [0, 0, 1]);
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(two_way(&[], 0, 2).is_err());
        assert!(two_way(&observations(&[(0, 0, 1.0)]), 1, 1).is_err());
        assert!(two_way(&observations(&[(0, 0, f64::NAN), (0, 1, 1.0)]), 1, 2).is_err());
        assert_eq!(
            two_way(&observations(&[(0, 0, 1.0), (4, 1, 1.0)]), 1, 2),
            Err(CalibrationError::OutsideTable {
                observation: 1,
                row: 4,
                rater: 1
            })
        );
        let saturated = observations(&[(0, 0, 1.0), (0, 1, 2.0)]);
        assert_eq!(
            two_way(&saturated, 1, 2),
            Err(CalibrationError::NothingLeft { residual_df: 0 })
        );
    }

    #[test]
    fn a_balanced_table_needs_no_adjustment() {
        let full = observations(&[
            (0, 0, 80.0),
            (0, 1, 86.0),
            (1, 0, 70.0),
            (1, 1, 74.0),
            (2, 0, 60.0),
            (2, 1, 68.0),
        ]);
        let fit = two_way(&full, 3, 2).unwrap();
        for row in &fit.rows {
            assert!((row.raw - row.adjusted).abs() < 1e-12);
        }
        assert!((fit.raters[1].effect - 3.0).abs() < 1e-12);
        // As in the crossed table: sqrt(MSE (1 - 1/k) / n).
        let severity_error = (fit.mse * 0.5 / 3.0).sqrt();
        assert!((fit.raters[1].standard_error - severity_error).abs() < 1e-12);
        assert!(!fit.is_showable());
        assert_eq!(fit.difference(1, 1), Some((0.0, 0.0)));
        assert_eq!(fit.difference(0, 9), None);
    }

    #[test]
    fn a_perfect_fit_has_no_f() {
        let exact = observations(&[(0, 0, 1.0), (0, 1, 2.0), (1, 0, 3.0), (1, 1, 4.0)]);
        let fit = two_way(&exact, 2, 2).unwrap();
        assert!(fit.mse < 1e-20);
        assert!(fit.f.is_none_or(f64::is_finite));
    }
}
