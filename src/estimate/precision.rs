//! How much an estimate can carry, as one mark.
//!
//! By the half-width of the 95 % margin on the scale of 0 to 100, not by the number of calls alone:
//! firm up to 5 points, rough up to 10, indicative beyond that or below 4 degrees of freedom
//! (Satterthwaite), where the margin itself is hardly known.

use super::mean::Estimate;
use super::rate::Rate;

const FIRM: f64 = 5.0;
const ROUGH: f64 = 10.0;
const LEAST_DF: f64 = 4.0;
/// More unscorable calls than this share of the drawn ones must be said.
const MANY_UNSCORABLE: f64 = 0.10;

/// The precision mark of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    Firm,
    Rough,
    Indicative,
    /// One call and no margin.
    One,
    /// No calls, or no margin at all.
    None,
}

impl Precision {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            Precision::Firm => "firm",
            Precision::Rough => "rough",
            Precision::Indicative => "indicative",
            Precision::One => "one",
            Precision::None => "none",
        }
    }

    /// Of a mean whose scale runs over `span` units (100 for scores). An estimate that borrowed its
    /// deviation is judged like any other; the borrowing has its own mark.
    pub fn of_mean(estimate: &Estimate, span: f64) -> Precision {
        let Some(half) = estimate.half_width() else {
            return if estimate.n == 1 {
                Precision::One
            } else {
                Precision::None
            };
        };
        Precision::of(half * 100.0 / span, estimate.satterthwaite_df)
    }

    /// Of a rate: its margin needs no estimated variance, so degrees of freedom do not enter.
    pub fn of_rate(rate: &Rate) -> Precision {
        Precision::of(50.0 * (rate.high - rate.low), None)
    }

    fn of(half_width: f64, df: Option<f64>) -> Precision {
        if half_width.is_nan() {
            Precision::None
        } else if half_width > ROUGH || df.is_some_and(|df| df < LEAST_DF) {
            Precision::Indicative
        } else if half_width > FIRM {
            Precision::Rough
        } else {
            Precision::Firm
        }
    }
}

/// Whether so many of the drawn calls were unscorable that the row must say so.
pub fn many_unscorable(drawn: u64, unscorable: u64) -> bool {
    unscorable as f64 > MANY_UNSCORABLE * drawn as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_follow_the_half_width_and_the_degrees_of_freedom() {
        for (half, df, mark) in [
            (5.0, Some(20.0), Precision::Firm),
            (5.1, Some(20.0), Precision::Rough),
            (10.0, Some(4.0), Precision::Rough),
            (10.1, Some(20.0), Precision::Indicative),
            (1.0, Some(3.9), Precision::Indicative),
            (0.0, None, Precision::Firm),
        ] {
            assert_eq!(Precision::of(half, df), mark, "{half} {df:?}");
        }
    }

    #[test]
    fn more_than_a_tenth_unscorable_is_many() {
        assert!(!many_unscorable(10, 1));
        assert!(many_unscorable(10, 2));
        assert!(!many_unscorable(0, 0));
    }
}
