//! Intraclass correlations of total scores: complete tables, calls by analysts.
//!
//! Mean squares of the two-way table: BMS between calls, JMS between analysts, EMS residual, WMS within
//! calls. The six forms of Shrout and Fleiss (1979, Psychol Bull 86:420); ICC(2,1), for analysts taken
//! as a sample of analysts and absolute agreement, is the headline. Its limits use Satterthwaite's degrees
//! of freedom (Shrout and Fleiss; McGraw and Wong 1996). Programs disagree on limits for ICC(2,k), so
//! there are none here. Negative values are given as computed.
//!
//! Refused: fewer than two analysts or calls, incomplete rows, values that are not finite. `None`
//! where there is no variation.

use super::error::CalibrationError;
use crate::estimate::interval::Limits;
use crate::estimate::moments::is_number;
use crate::estimate::quantile::f_quantile;

/// The mean squares of a complete table and what follows from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Anova {
    /// Calls, n.
    pub units: usize,
    /// Analysts, k.
    pub raters: usize,
    pub grand_mean: f64,
    pub rater_means: Vec<f64>,
    pub between: f64,
    pub judges: f64,
    pub residual: f64,
    pub within: f64,
    /// Mean squares up to this are the rounding of values that are all the same.
    noise: f64,
}

/// `table[call][analyst]`.
pub fn anova(table: &[Vec<f64>]) -> Result<Anova, CalibrationError> {
    let raters = table.first().map_or(0, Vec::len);
    if table.len() < 2 {
        return Err(CalibrationError::TooFewUnits { units: table.len() });
    }
    if raters < 2 {
        return Err(CalibrationError::TooFewRaters { raters });
    }
    if let Some((unit, row)) = table
        .iter()
        .enumerate()
        .find(|(_, row)| row.len() != raters)
    {
        return Err(CalibrationError::Ragged {
            unit,
            given: row.len(),
            raters,
        });
    }
    if table.iter().flatten().any(|value| !is_number(*value)) {
        return Err(CalibrationError::NotFinite);
    }
    let (n, k) = (table.len() as f64, raters as f64);
    let grand_mean = table.iter().flatten().sum::<f64>() / (n * k);
    let unit_means: Vec<f64> = table
        .iter()
        .map(|row| row.iter().sum::<f64>() / k)
        .collect();
    let mut rater_means = vec![0.0; raters];
    for row in table {
        rater_means
            .iter_mut()
            .zip(row)
            .for_each(|(mean, value)| *mean += value / n);
    }
    let squares = |means: &[f64]| {
        means
            .iter()
            .map(|mean| (mean - grand_mean).powi(2))
            .sum::<f64>()
    };
    let (mut residual, mut within) = (0.0, 0.0);
    for (row, unit_mean) in table.iter().zip(&unit_means) {
        for (value, rater_mean) in row.iter().zip(&rater_means) {
            residual += (value - unit_mean - rater_mean + grand_mean).powi(2);
            within += (value - unit_mean).powi(2);
        }
    }
    let largest = table
        .iter()
        .flatten()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    Ok(Anova {
        units: table.len(),
        raters,
        grand_mean,
        between: k * squares(&unit_means) / (n - 1.0),
        judges: n * squares(&rater_means) / (k - 1.0),
        residual: residual / ((n - 1.0) * (k - 1.0)),
        within: within / (n * (k - 1.0)),
        noise: (1e-12 * largest).powi(2),
        rater_means,
    })
}

impl Anova {
    fn sizes(&self) -> (f64, f64) {
        (self.units as f64, self.raters as f64)
    }

    /// ICC(1,1): each call judged by analysts of its own.
    pub fn icc_1_1(&self) -> Option<f64> {
        let (_, k) = self.sizes();
        self.share(
            self.between - self.within,
            self.between + (k - 1.0) * self.within,
        )
    }

    /// ICC(2,1): absolute agreement of single analysts.
    pub fn icc_2_1(&self) -> Option<f64> {
        let (n, k) = self.sizes();
        let bias = k * (self.judges - self.residual) / n;
        let all = self.between + (k - 1.0) * self.residual + bias;
        self.share(self.between - self.residual, all)
    }

    /// ICC(3,1): consistency of single analysts, whose mean differences are ignored.
    pub fn icc_3_1(&self) -> Option<f64> {
        let (_, k) = self.sizes();
        self.share(
            self.between - self.residual,
            self.between + (k - 1.0) * self.residual,
        )
    }

    /// ICC(1,k), of the mean of all analysts.
    pub fn icc_1_k(&self) -> Option<f64> {
        self.share(self.between - self.within, self.between)
    }

    /// ICC(2,k), of the mean of all analysts.
    pub fn icc_2_k(&self) -> Option<f64> {
        let (n, _) = self.sizes();
        let all = self.between + (self.judges - self.residual) / n;
        self.share(self.between - self.residual, all)
    }

    /// ICC(3,k), of the mean of all analysts.
    pub fn icc_3_k(&self) -> Option<f64> {
        self.share(self.between - self.residual, self.between)
    }

    /// Limits of ICC(2,1). `None` without residual variation as well.
    pub fn icc_2_1_limits(&self, level: f64) -> Option<Limits> {
        let upper = upper(level)?;
        let (n, k) = self.sizes();
        let rho = self.icc_2_1()?;
        let (bms, jms, ems) = (self.between, self.judges, self.residual);
        let ratio = positive(jms / ems)?;
        let rest = n * (1.0 + (k - 1.0) * rho) - k * rho;
        let above = (k - 1.0) * (n - 1.0) * (k * rho * ratio + rest).powi(2);
        let below = (n - 1.0) * (k * rho * ratio).powi(2) + rest * rest;
        let v = positive(above / below)?;
        let noise = k * jms + (k * n - k - n) * ems;
        let f_low = f_quantile(upper, n - 1.0, v)?;
        let f_high = f_quantile(upper, v, n - 1.0)?;
        limits(
            n * (bms - f_low * ems) / (f_low * noise + n * bms),
            n * (f_high * bms - ems) / (noise + n * f_high * bms),
        )
    }

    /// Limits of ICC(3,1). `None` without residual variation as well.
    pub fn icc_3_1_limits(&self, level: f64) -> Option<Limits> {
        let upper = upper(level)?;
        let (n, k) = self.sizes();
        let (df1, df2) = (n - 1.0, (n - 1.0) * (k - 1.0));
        let ratio = positive(self.between / self.residual)?;
        let low = ratio / f_quantile(upper, df1, df2)?;
        let high = ratio * f_quantile(upper, df2, df1)?;
        limits(
            (low - 1.0) / (low + k - 1.0),
            (high - 1.0) / (high + k - 1.0),
        )
    }

    fn share(&self, part: f64, all: f64) -> Option<f64> {
        let value = part / all;
        (all > self.noise && value.is_finite()).then_some(value)
    }
}

fn upper(level: f64) -> Option<f64> {
    (level > 0.0 && level < 1.0).then_some(0.5 + 0.5 * level)
}

fn positive(value: f64) -> Option<f64> {
    (value > 0.0 && value.is_finite()).then_some(value)
}

fn limits(low: f64, high: f64) -> Option<Limits> {
    (low.is_finite() && high.is_finite()).then_some(Limits { low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_tables_are_refused() {
        assert!(anova(&[]).is_err());
        assert!(anova(&[vec![1.0, 2.0]]).is_err());
        assert!(anova(&[vec![1.0], vec![2.0]]).is_err());
        assert!(anova(&[vec![1.0, 2.0], vec![2.0]]).is_err());
        assert!(anova(&[vec![1.0, 2.0], vec![2.0, f64::NAN]]).is_err());
        assert!(anova(&[vec![1e300, -1e300], vec![2.0, 1.0]]).is_err());
    }

    #[test]
    fn without_variation_nothing_is_defined() {
        let flat = anova(&vec![vec![80.0; 3]; 4]).unwrap();
        // A tenth is not exact, and its sums are rounded.
        let rounded = anova(&vec![vec![0.1; 3]; 7]).unwrap();
        for table in [&flat, &rounded] {
            assert_eq!(
                (table.icc_1_1(), table.icc_2_1(), table.icc_3_k()),
                (None, None, None)
            );
        }
        assert_eq!(
            (flat.icc_2_1_limits(0.95), flat.icc_3_1_limits(0.95)),
            (None, None)
        );
    }

    #[test]
    fn perfect_agreement_is_one_without_limits() {
        let same = anova(&[vec![60.0, 60.0], vec![80.0, 80.0], vec![70.0, 70.0]]).unwrap();
        assert_eq!((same.icc_2_1(), same.icc_3_1()), (Some(1.0), Some(1.0)));
        assert_eq!(same.icc_2_1_limits(0.95), None);
    }

    #[test]
    fn negative_values_are_given_as_computed() {
        let apart = anova(&[vec![60.0, 80.0], vec![80.0, 60.0], vec![70.0, 70.0]]).unwrap();
        assert!(apart.icc_2_1().unwrap() < 0.0);
    }
}
