use super::Step;
use crate::evaluation::{CallOutcome, Counting};
use crate::rubric::Rubric;

/// What a trend is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrendAsk {
    pub by: Step,
    pub of: TrendOf,
    /// Whether to add the smoothed line, which sees small lasting shifts; for scores.
    pub ewma: bool,
}

/// The figure followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrendOf {
    #[default]
    Score,
    BeforeCritical,
    /// The share of calls that reach the pass mark without a critical error.
    Passed,
    /// The share of calls without a critical error.
    CriticalFree,
}

impl TrendOf {
    /// Whether it is a share of calls.
    pub fn is_rate(self) -> bool {
        matches!(self, Self::Passed | Self::CriticalFree)
    }

    /// The word used in options and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::BeforeCritical => "before-critical",
            Self::Passed => "passed",
            Self::CriticalFree => "critical-free",
        }
    }

    /// What an evaluation says; `None` leaves it out.
    pub(super) fn value(self, rubric: &Rubric, evaluation: &Counting<'_>) -> Option<f64> {
        let yes = |holds: bool| Some(if holds { 1.0 } else { 0.0 });
        match self {
            Self::Score => evaluation.score,
            Self::BeforeCritical => evaluation.score_before_critical,
            Self::CriticalFree => yes(evaluation.criticals.is_empty()),
            Self::Passed => {
                rubric.pass_mark()?;
                yes(evaluation.outcome? == CallOutcome::Pass)
            }
        }
    }
}
