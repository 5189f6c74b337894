use crate::calls::CallerType;
use crate::rubric::{Answer, Behavior, Rubric};

/// Something that keeps an evaluation from being complete. The place is that of the behavior in the rubric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    Answer(usize),
    Comment(usize),
}

impl Gap {
    /// The behavior's place.
    pub fn behavior(self) -> usize {
        match self {
            Self::Answer(at) | Self::Comment(at) => at,
        }
    }
}

/// Which behaviors are asked, by place: those that apply to the caller type and whose `show_if` holds.
///
/// A call of unknown caller type is asked only what applies to both. An answer that isn't there is a blank one.
pub fn asked(rubric: &Rubric, caller_type: CallerType, answers: &[Option<Answer>]) -> Vec<bool> {
    let behaviors = rubric.behaviors();
    let mut asked: Vec<Option<bool>> = vec![None; behaviors.len()];
    for at in 0..behaviors.len() {
        settle(behaviors, caller_type, answers, &mut asked, at);
    }
    asked.into_iter().map(|known| known == Some(true)).collect()
}

/// `show_if` may look forward, but never in a circle: that makes no valid rubric.
fn settle(
    behaviors: &[Behavior],
    caller_type: CallerType,
    answers: &[Option<Answer>],
    asked: &mut [Option<bool>],
    at: usize,
) -> bool {
    if let Some(known) = asked[at] {
        return known;
    }
    let behavior = &behaviors[at];
    let applies = match caller_type {
        CallerType::Internal => behavior.applies_to.internal,
        CallerType::External => behavior.applies_to.external,
        CallerType::Unknown => behavior.applies_to.both(),
    };
    let shown = applies
        && behavior.show_if.as_ref().is_none_or(|show_if| {
            settle(behaviors, caller_type, answers, asked, show_if.behavior)
                && given(answers, show_if.behavior)
                    .is_some_and(|answer| show_if.is.contains(&answer))
        });
    asked[at] = Some(shown);
    shown
}

/// The answer to a behavior, if there is one.
pub(super) fn given(answers: &[Option<Answer>], behavior: usize) -> Option<Answer> {
    answers.get(behavior).copied().flatten()
}

/// Everything that is missing, in the rubric's order. `comments` holds one text per behavior, empty for none.
pub fn gaps(
    rubric: &Rubric,
    caller_type: CallerType,
    answers: &[Option<Answer>],
    comments: &[String],
) -> Vec<Gap> {
    let asked = asked(rubric, caller_type, answers);
    let mut gaps = Vec::new();
    for (at, behavior) in rubric
        .behaviors()
        .iter()
        .enumerate()
        .filter(|(at, _)| asked[*at])
    {
        let silent = || comments.get(at).is_none_or(|text| text.trim().is_empty());
        match given(answers, at) {
            None => gaps.push(Gap::Answer(at)),
            Some(answer) if behavior.wants_comment(answer) && silent() => {
                gaps.push(Gap::Comment(at));
            }
            Some(_) => {}
        }
    }
    gaps
}
