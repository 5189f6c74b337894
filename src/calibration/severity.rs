//! How strict each analyst is, where all have scored the same calls.
//!
//! Severity = the analyst's mean minus the grand mean, in points; its standard error is
//! sqrt(EMS (1 - 1/k) / n) with (n - 1)(k - 1) degrees of freedom, from the crossed two-way table (Shrout and
//! Fleiss 1979). Positive is lenient. Tables with holes need the rater effects of `two_way`, which in a
//! complete table are these very numbers: a test holds the one to the other.

use super::icc::Anova;
use crate::estimate::quantile::t_quantile;

/// One analyst's mean deviation with its margin, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Severity {
    pub value: f64,
    pub standard_error: f64,
    pub df: f64,
    /// `None` when the analysts differ by constants only: no residual to judge by.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// In the order of the table's columns. `None` for a level outside (0, 1).
pub fn severity(table: &Anova, level: f64) -> Option<Vec<Severity>> {
    let (n, k) = (table.units as f64, table.raters as f64);
    let df = (n - 1.0) * (k - 1.0);
    let standard_error = (table.residual * (1.0 - 1.0 / k) / n).sqrt();
    let half = t_quantile(0.5 + 0.5 * level, df)? * standard_error;
    if level <= 0.0 {
        return None;
    }
    let one = |mean: &f64| {
        let value = mean - table.grand_mean;
        let known = half > 0.0;
        Severity {
            value,
            standard_error,
            df,
            low: known.then_some(value - half),
            high: known.then_some(value + half),
        }
    };
    Some(table.rater_means.iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::icc::anova;
    use crate::calibration::layout::Observation;
    use crate::calibration::two_way::two_way;

    #[test]
    fn constant_differences_leave_no_margin() {
        let table = anova(&[vec![60.0, 65.0], vec![80.0, 85.0]]).unwrap();
        let found = severity(&table, 0.95).unwrap();
        assert_eq!((found[0].value, found[1].value), (-2.5, 2.5));
        assert_eq!((found[0].low, found[0].standard_error), (None, 0.0));
    }

    #[test]
    fn in_a_complete_table_the_effects_of_the_two_way_model_are_the_same() {
        let scores = vec![
            vec![9.0, 2.0, 5.0, 8.0],
            vec![6.0, 1.0, 3.0, 2.0],
            vec![8.0, 4.0, 6.0, 8.0],
            vec![7.0, 1.0, 2.0, 6.0],
            vec![10.0, 5.0, 6.0, 9.0],
        ];
        let crossed = severity(&anova(&scores).unwrap(), 0.95).unwrap();
        let cells = scores.iter().enumerate().flat_map(|(row, values)| {
            let cell = move |(rater, &value): (usize, &f64)| Observation { row, rater, value };
            values.iter().enumerate().map(cell)
        });
        let fit = two_way(&cells.collect::<Vec<_>>(), 5, 4).unwrap();
        for (one, effect) in crossed.iter().zip(&fit.raters) {
            assert!((one.value - effect.effect).abs() < 1e-12);
            assert!((one.standard_error - effect.standard_error).abs() < 1e-12);
            assert_eq!(one.df, fit.residual_df);
            let half = fit.half_width(effect.standard_error, 0.95).unwrap();
            assert!((one.high.unwrap() - effect.effect - half).abs() < 1e-12);
        }
    }

    #[test]
    fn a_level_outside_0_to_1_gives_nothing() {
        let table = anova(&[vec![60.0, 65.0], vec![80.0, 70.0]]).unwrap();
        for level in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(severity(&table, level), None);
        }
    }
}
