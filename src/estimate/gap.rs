//! The gap between two kinds of calls, and what may be said about it.
//!
//! d = mean(left) - mean(right), V = V_left + V_right without a finite population correction unless the
//! settings ask for it, Welch's degrees of freedom (Welch 1947; Satterthwaite 1946), margin first and
//! p second. The smallest gap that would reliably be noticed is (t_{.975} + t_{.80}) times the standard
//! error at n_left + n_right - 2 degrees of freedom, within half a per cent of the noncentral t from 4
//! calls a side; it is made from the pooled deviations where there are any, so that two lucky calls
//! don't promise too much.
//!
//! A side with fewer than two values has no p; it stays out of the family of tests.

use super::design::Stratum;
use super::domain::{Difference, difference, independent_difference};
use super::error::EstimateError;
use super::moments::Moments;
use super::pool::Pools;
use super::quantile::{t_quantile, t_two_sided};
use super::settings::{DfRule, Settings, VarianceSource};

/// Chance with which a gap of the "reliably noticed" size is noticed.
const POWER: f64 = 0.8;

/// A gap, left minus right (internal minus external), in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    pub value: f64,
    pub standard_error: Option<f64>,
    pub df: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub t: Option<f64>,
    /// Two-sided p-value for "no gap".
    pub p: Option<f64>,
    /// The smallest gap that would be noticed four times out of five.
    pub noticeable: Option<f64>,
    pub left_n: u64,
    pub right_n: u64,
    pub borrowed: bool,
}

/// What a gap shows; there is no fourth verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Shown,
    NotShown,
    PracticallyEqual,
}

/// When a gap counts as shown, and when as none in practice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VerdictRule {
    /// Largest Benjamini-Hochberg q-value of a shown gap.
    pub q: f64,
    /// A margin that lies wholly inside -+ this many points is practically equal.
    pub practically: f64,
}

impl Default for VerdictRule {
    fn default() -> VerdictRule {
        VerdictRule {
            q: 0.10,
            practically: 5.0,
        }
    }
}

/// The gap between two sets of strata that have nothing in common. `None` when a side has no values.
/// Use `Settings::comparison()` unless the question is about these very calls.
pub fn gap(
    left: &[Stratum],
    right: &[Stratum],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Gap>, EstimateError> {
    gap_by(settings, |settings| {
        independent_difference(left, right, pools, settings)
    })
}

/// The gap between two domains observed over the same strata, as `domain::difference` takes them.
pub fn domain_gap(
    left: &[Stratum],
    right: &[Stratum],
    both: &[Moments],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Gap>, EstimateError> {
    gap_by(settings, |settings| {
        difference(left, right, both, pools, settings)
    })
}

/// The gap that a way to take differences gives.
pub(super) fn gap_by(
    settings: &Settings,
    difference: impl Fn(&Settings) -> Result<Option<Difference>, EstimateError>,
) -> Result<Option<Gap>, EstimateError> {
    let upper = settings.upper_probability()?;
    let Some(d) = difference(settings)? else {
        return Ok(None);
    };
    let error = d.standard_error.filter(|&error| error > 0.0);
    let t = error.map(|error| d.value / error);
    let enough = d.left_n > 1 && d.right_n > 1;
    let p = t
        .zip(d.df)
        .filter(|_| enough)
        .and_then(|(t, df)| t_two_sided(t, df));
    let pooled = Settings {
        variance: VarianceSource::Pooled,
        df: DfRule::Design,
        ..*settings
    };
    let planned = difference(&pooled)?.and_then(|planned| planned.standard_error);
    let df = (d.left_n + d.right_n) as f64 - 2.0;
    let noticeable = planned
        .filter(|&error| error > 0.0)
        .and_then(|error| Some(error * (t_quantile(upper, df)? + t_quantile(POWER, df)?)));
    Ok(Some(Gap {
        value: d.value,
        standard_error: d.standard_error,
        df: d.df,
        low: d.low,
        high: d.high,
        t,
        p,
        noticeable,
        left_n: d.left_n,
        right_n: d.right_n,
        borrowed: d.borrowed,
    }))
}

/// The verdict on a gap whose q-value comes from its family of tests. `None` without a margin.
pub fn verdict(gap: &Gap, q: Option<f64>, rule: &VerdictRule) -> Option<Verdict> {
    let (low, high) = gap.low.zip(gap.high)?;
    Some(verdict_of(low, high, q, rule))
}

/// The same from the margin alone, which is in the unit of the rule.
pub fn verdict_of(low: f64, high: f64, q: Option<f64>, rule: &VerdictRule) -> Verdict {
    if low >= -rule.practically && high <= rule.practically {
        // A gap can be certain and still too small to matter.
        Verdict::PracticallyEqual
    } else if q.is_some_and(|q| q <= rule.q) && (low > 0.0 || high < 0.0) {
        // In a small family q allows what the margin beside it doesn't; no reader is told two things.
        Verdict::Shown
    } else {
        Verdict::NotShown
    }
}

/// The gap between two groups of units in what each came to beyond expectation: pairs of a value and what was expected of it.
///
/// The expectations are taken as known. A group of one borrows the deviation of the other and has no p.
pub fn gap_beyond(
    left: &[(f64, f64)],
    right: &[(f64, f64)],
    settings: &Settings,
) -> Result<Option<Gap>, EstimateError> {
    let beyond = |units: &[(f64, f64)]| {
        let values: Vec<f64> = units
            .iter()
            .map(|(value, expected)| value - expected)
            .collect();
        Stratum::of(values.len() as f64, 0, &values)
    };
    let (left, right) = ([beyond(left)?], [beyond(right)?]);
    gap(&left, &right, &Pools::of(&[left, right].concat()), settings)
}

/// The mean of paired differences, left minus right, with Student's t (the same calls scored twice).
/// `None` below two pairs.
pub fn paired(left: &[f64], right: &[f64], level: f64) -> Result<Option<Gap>, EstimateError> {
    if left.len() != right.len() {
        return Err(EstimateError::Lengths {
            left: left.len(),
            right: right.len(),
        });
    }
    let upper = Settings {
        level,
        ..Settings::comparison()
    }
    .upper_probability()?;
    let moments: Moments = left.iter().zip(right).map(|(a, b)| a - b).collect();
    if !moments.is_finite() {
        return Err(EstimateError::NotFinite);
    }
    let Some((value, variance)) = moments.mean().zip(moments.variance()) else {
        return Ok(None);
    };
    let (n, df) = (moments.count(), (moments.count() - 1) as f64);
    let error = (variance / n as f64).sqrt();
    let half = t_quantile(upper, df)
        .map(|t| t * error)
        .filter(|&half| half > 0.0);
    let t = Some(value / error).filter(|t| t.is_finite());
    Ok(Some(Gap {
        value,
        standard_error: Some(error).filter(|&error| error > 0.0),
        df: half.map(|_| df),
        low: half.map(|half| value - half),
        high: half.map(|half| value + half),
        t,
        p: t.and_then(|t| t_two_sided(t, df)),
        noticeable: half
            .and_then(|_| Some(error * (t_quantile(upper, df)? + t_quantile(POWER, df)?))),
        left_n: n,
        right_n: n,
        borrowed: false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap_of(left: &[f64], right: &[f64], lenders: &[Stratum]) -> Gap {
        let left = [Stratum::of(30.0, 0, left).unwrap()];
        let right = [Stratum::of(150.0, 1, right).unwrap()];
        let pools = Pools::of(&[&left[..], &right[..], lenders].concat());
        gap(&left, &right, &pools, &Settings::comparison())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn a_single_call_on_one_side_has_no_p_and_no_margin_without_a_lender() {
        let gap = gap_of(&[80.0], &[70.0, 90.0, 75.0], &[]);
        assert_eq!(
            (gap.p, gap.low, gap.noticeable, gap.df),
            (None, None, None, None)
        );
        assert_eq!(verdict(&gap, None, &VerdictRule::default()), None);
    }

    #[test]
    fn a_single_call_may_borrow_a_margin_but_still_has_no_p() {
        let lender = Stratum::of(30.0, 0, &[60.0, 80.0, 90.0]).unwrap();
        let gap = gap_of(&[80.0], &[70.0, 90.0, 75.0], &[lender]);
        assert!(gap.low.is_some() && gap.borrowed);
        assert_eq!(gap.p, None);
        assert_eq!(
            verdict(&gap, None, &VerdictRule::default()),
            Some(Verdict::NotShown)
        );
    }

    #[test]
    fn verdicts_follow_margin_and_q() {
        let gap = Gap {
            value: 2.0,
            standard_error: Some(1.0),
            df: Some(30.0),
            low: Some(0.5),
            high: Some(3.5),
            t: Some(2.0),
            p: Some(0.05),
            noticeable: None,
            left_n: 20,
            right_n: 20,
            borrowed: false,
        };
        let rule = VerdictRule::default();
        assert_eq!(
            verdict(&gap, Some(0.01), &rule),
            Some(Verdict::PracticallyEqual)
        );
        let wide = Gap {
            high: Some(30.0),
            ..gap
        };
        assert_eq!(verdict(&wide, Some(0.10), &rule), Some(Verdict::Shown));
        assert_eq!(verdict(&wide, Some(0.11), &rule), Some(Verdict::NotShown));
        assert_eq!(verdict(&wide, None, &rule), Some(Verdict::NotShown));
    }

    #[test]
    fn pairs_must_match_and_differ() {
        assert!(paired(&[1.0], &[1.0, 2.0], 0.95).is_err());
        assert_eq!(paired(&[1.0], &[2.0], 0.95), Ok(None));
        let same = paired(&[1.0, 2.0], &[1.0, 2.0], 0.95).unwrap().unwrap();
        assert_eq!((same.value, same.p, same.low), (0.0, None, None));
    }
}
