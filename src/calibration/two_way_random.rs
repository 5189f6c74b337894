//! The same adjustment with raters taken as a sample of raters.
//!
//! y = row + rater + error, rater ~ (0, sigma_b^2): recovers what the rows tell about each other between
//! raters, and falls back to raw means where raters do not differ. sigma_b^2 by restricted maximum likelihood
//! (Patterson and Thompson 1971), with rows swept out: for l = sigma_b^2 / sigma^2 the criterion is
//! (N - p) ln(S - r' (C + I/l)^-1 r) + ln |I + l C|, S the squares within rows, C and r as in `two_way`. The
//! fixed version is the reference; this one is for looking at how much depends on that choice.

use super::cholesky::Cholesky;
use super::error::CalibrationError;
use super::layout::{Layout, Observation};

/// Row means under random raters, with the two variances.
#[derive(Debug, Clone, PartialEq)]
pub struct RandomRaters {
    pub rows: Vec<f64>,
    pub rater_variance: f64,
    pub residual_variance: f64,
}

/// Fits the model; `observations` as for `two_way`, connected as well.
pub fn random_raters(
    observations: &[Observation],
    rows: usize,
    raters: usize,
) -> Result<RandomRaters, CalibrationError> {
    let layout = Layout::of(observations, rows, raters)?;
    let residual_df = observations.len() as i64 - rows as i64;
    if residual_df < 1 {
        return Err(CalibrationError::NothingLeft { residual_df });
    }
    let df = residual_df as f64;
    let row_mean = |row: usize| layout.row_means.get(row).copied().unwrap_or(0.0);
    let within: f64 = observations
        .iter()
        .map(|o| (o.value - row_mean(o.row)).powi(2))
        .sum();
    let criterion = |log_ratio: f64| {
        let ratio = log_ratio.exp();
        let Some((factor, scaled)) = penalised(&layout, ratio) else {
            return f64::INFINITY;
        };
        let rest = within - factor.quadratic(&layout.right);
        if rest > 0.0 {
            df * rest.ln() + scaled
        } else {
            f64::INFINITY
        }
    };
    let log_ratio = golden_section(-20.0, 20.0, criterion);
    let none = df * within.ln();
    // The limit of no rater variance is not reached on the logarithmic scale.
    let ratio = if within <= 0.0 || criterion(log_ratio) >= none {
        0.0
    } else {
        log_ratio.exp()
    };
    let fit = (ratio > 0.0).then(|| penalised(&layout, ratio)).flatten();
    let (effects, rest) = match &fit {
        Some((factor, _)) => (
            factor.solve(&layout.right),
            within - factor.quadratic(&layout.right),
        ),
        None => (vec![0.0; raters], within),
    };
    let residual_variance = rest / df;
    let row = |(row, counts): (usize, &Vec<f64>)| {
        let shift: f64 = counts.iter().zip(&effects).map(|(n, b)| n * b).sum();
        row_mean(row) - shift / layout.row_count(row)
    };
    Ok(RandomRaters {
        rows: layout.counts.iter().enumerate().map(row).collect(),
        rater_variance: ratio * residual_variance,
        residual_variance,
    })
}

/// The factor of C + I/l, and ln |I + l C|.
fn penalised(layout: &Layout, ratio: f64) -> Option<(Cholesky, f64)> {
    let mut matrix = layout.system.clone();
    for (i, row) in matrix.iter_mut().enumerate() {
        if let Some(diagonal) = row.get_mut(i) {
            *diagonal += 1.0 / ratio;
        }
    }
    let factor = Cholesky::of(&matrix)?;
    let scaled = factor.ln_determinant() + matrix.len() as f64 * ratio.ln();
    Some((factor, scaled))
}

/// The argument of the least value between two ends, for a function with one valley.
fn golden_section(mut low: f64, mut high: f64, value: impl Fn(f64) -> f64) -> f64 {
    let share = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (high - share * (high - low), low + share * (high - low));
    let (mut at_a, mut at_b) = (value(a), value(b));
    while high - low > 1e-10 {
        if at_a <= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - share * (high - low);
            at_a = value(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + share * (high - low);
            at_b = value(b);
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raters_that_do_not_differ_leave_the_raw_means() {
        let scores = [
            (0, 0, 80.0),
            (0, 1, 84.0),
            (1, 0, 74.0),
            (1, 1, 70.0),
            (2, 0, 60.0),
        ];
        let observations: Vec<Observation> = scores
            .iter()
            .map(|&(row, rater, value)| Observation { row, rater, value })
            .collect();
        let fit = random_raters(&observations, 3, 2).unwrap();
        assert_eq!(
            (fit.rater_variance, &fit.rows),
            (0.0, &vec![82.0, 72.0, 60.0])
        );
    }

    #[test]
    fn one_score_a_row_leaves_nothing_to_judge_by() {
        let observations = [Observation {
            row: 0,
            rater: 0,
            value: 1.0,
        }];
        assert!(random_raters(&observations, 1, 2).is_err());
    }
}
