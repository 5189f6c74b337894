//! The arithmetic of one call's score. Every step is kept, so that it can be explained line by line.

use super::asked;
use super::gap::given;
use crate::calls::CallerType;
use crate::rubric::{Answer, Behavior, Effect, NaPolicy, Rubric, Scope, Weigh};

/// The result of one call, with all that led to it. Places are those of the rubric.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// 0-100 (above where the rubric has bonus points); `None`: nothing applied.
    pub score: Option<f64>,
    /// The same, had no critical been triggered.
    pub score_before_critical: Option<f64>,
    /// `None` where the rubric has no pass mark, or there is no score, and no critical was triggered.
    pub outcome: Option<CallOutcome>,
    /// Behaviors whose critical was triggered.
    pub criticals: Vec<usize>,
    pub sections: Vec<SectionResult>,
    pub behaviors: Vec<BehaviorResult>,
}

/// How the call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    Pass,
    /// Under the pass mark.
    Below,
    /// A critical was triggered.
    Fail,
}

impl CallOutcome {
    /// The word used in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Below => "below",
            Self::Fail => "fail",
        }
    }

    /// The outcome a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Pass, Self::Below, Self::Fail]
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
    }
}

/// One section's part.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionResult {
    /// Weighted mean of its counted behaviors (0-1), or pooled points under `points`; `None`: nothing counted.
    pub result: Option<f64>,
    /// Whether a critical of this section sets its score to 0.
    pub zeroed: bool,
}

/// One behavior's part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BehaviorResult {
    pub answer: Option<Answer>,
    pub standing: Standing,
}

/// Whether and how a behavior counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    /// Not for this caller type, or hidden by `show_if`.
    NotAsked,
    /// Asked and not answered yet.
    Unanswered,
    /// Answered N/A, which leaves the score.
    Excluded,
    /// Counts with this result (points over full points).
    Counted(f64),
}

impl Standing {
    pub(super) fn result(self) -> Option<f64> {
        match self {
            Self::Counted(result) => Some(result),
            _ => None,
        }
    }
}

/// Scores one call. Unanswered behaviors count for nothing, as if they were not there: a live score while scoring;
/// complete evaluations have none. An answer that isn't there is unanswered too.
pub fn score(rubric: &Rubric, caller_type: CallerType, answers: &[Option<Answer>]) -> Score {
    let behaviors = results(rubric, caller_type, answers);
    let criticals: Vec<usize> = (rubric.behaviors().iter().enumerate())
        .filter(|(at, behavior)| {
            behaviors[*at]
                .answer
                .is_some_and(|answer| behavior.triggers(answer))
        })
        .map(|(at, _)| at)
        .collect();
    let zeroes = |scope: Scope, section: Option<usize>| {
        criticals.iter().any(|at| {
            let behavior = &rubric.behaviors()[*at];
            behavior.critical.as_ref().is_some_and(|critical| {
                critical.effect == Effect::Zero
                    && critical.scope == scope
                    && section.is_none_or(|section| section == behavior.section)
            })
        })
    };
    let zeroed: Vec<bool> = (0..rubric.sections().len())
        .map(|at| zeroes(Scope::Section, Some(at)))
        .collect();

    let before = weigh(rubric, &behaviors, |_| false);
    let after = if zeroes(Scope::Call, None) {
        before.map(|_| 0.0)
    } else {
        weigh(rubric, &behaviors, |section| zeroed[section])
    };
    let outcome = if criticals.is_empty() {
        (after.and_then(|score| rubric.passes(score))).map(|passes| match passes {
            true => CallOutcome::Pass,
            false => CallOutcome::Below,
        })
    } else {
        Some(CallOutcome::Fail)
    };
    let sections = (rubric.sections().iter().zip(&zeroed))
        .map(|(section, zeroed)| SectionResult {
            result: section_mean(rubric, &behaviors, section.behaviors.clone()),
            zeroed: *zeroed,
        })
        .collect();
    Score {
        score: after,
        score_before_critical: before,
        outcome,
        criticals,
        sections,
        behaviors,
    }
}

fn results(
    rubric: &Rubric,
    caller_type: CallerType,
    answers: &[Option<Answer>],
) -> Vec<BehaviorResult> {
    let asked = asked(rubric, caller_type, answers);
    let result = |(at, behavior): (usize, &Behavior)| {
        let answer = given(answers, at).filter(|_| asked[at]);
        let standing = match asked[at] {
            true => standing(behavior, answer),
            false => Standing::NotAsked,
        };
        BehaviorResult { answer, standing }
    };
    rubric.behaviors().iter().enumerate().map(result).collect()
}

/// How a behavior that is asked stands with this answer.
pub(super) fn standing(behavior: &Behavior, answer: Option<Answer>) -> Standing {
    match answer {
        None => Standing::Unanswered,
        Some(Answer::Na) => match behavior.na {
            NaPolicy::Exclude | NaPolicy::Forbid => Standing::Excluded,
            NaPolicy::Pass => Standing::Counted(1.0),
            NaPolicy::Zero => Standing::Counted(0.0),
        },
        Some(answer) => behavior
            .result(answer)
            .map_or(Standing::Unanswered, Standing::Counted),
    }
}

/// Weight and full points of a behavior: what it adds to a section's denominator is their product.
pub(super) fn possible(weigh: Weigh, behavior: &Behavior) -> f64 {
    match weigh {
        Weigh::Sections | Weigh::Behaviors => behavior.weight,
        Weigh::Points => behavior.weight * behavior.scale.full,
    }
}

fn section_mean(
    rubric: &Rubric,
    behaviors: &[BehaviorResult],
    places: std::ops::Range<usize>,
) -> Option<f64> {
    let possible = |at: usize| possible(rubric.weigh(), &rubric.behaviors()[at]);
    mean(places.filter_map(|at| Some((possible(at), behaviors[at].standing.result()?))))
}

/// `zeroed` says whether a critical takes a section to 0.
fn weigh(
    rubric: &Rubric,
    behaviors: &[BehaviorResult],
    zeroed: impl Fn(usize) -> bool,
) -> Option<f64> {
    let result = |at: usize| {
        let result = behaviors[at].standing.result()?;
        Some(if zeroed(rubric.behaviors()[at].section) {
            0.0
        } else {
            result
        })
    };
    let possible = |at: usize| possible(rubric.weigh(), &rubric.behaviors()[at]);
    let share = match rubric.weigh() {
        Weigh::Sections => mean(rubric.sections().iter().enumerate().filter_map(
            |(at, section)| {
                let result = section_mean(rubric, behaviors, section.behaviors.clone())?;
                Some((section.weight, if zeroed(at) { 0.0 } else { result }))
            },
        )),
        Weigh::Behaviors => {
            mean((0..behaviors.len()).filter_map(|at| Some((possible(at), result(at)?))))
        }
        Weigh::Points => mean((0..behaviors.len()).filter_map(|at| {
            let section = &rubric.sections()[rubric.behaviors()[at].section];
            Some((possible(at) * section.weight, result(at)?))
        })),
    };
    share.map(|share| 100.0 * share)
}

/// Weighted mean; `None` where the weights add up to nothing.
pub(super) fn mean(parts: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (weights, sum) = parts.fold((0.0, 0.0), |(weights, sum), (weight, value)| {
        (weights + weight, sum + weight * value)
    });
    (weights > 0.0).then(|| sum / weights)
}

#[cfg(test)]
mod tests;
