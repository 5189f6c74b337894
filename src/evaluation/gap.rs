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

/// Whether a behavior applies to a call of this caller type.
pub(super) fn applies(behavior: &Behavior, caller_type: CallerType) -> bool {
    match caller_type {
        CallerType::Internal => behavior.applies_to.internal,
        CallerType::External => behavior.applies_to.external,
        CallerType::Unknown => behavior.applies_to.both(),
    }
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
    let shown = applies(behavior, caller_type)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rubric::fixture::{EXTERNAL, behavior, rubric, section};
    use crate::rubric::{CommentPolicy, NaPolicy, Weigh};

    const YES: Option<Answer> = Some(Answer::Given(0));
    const NO: Option<Answer> = Some(Answer::Given(1));
    const NA: Option<Answer> = Some(Answer::Na);

    /// `a`; `b` for customers; `c` where `a` is no.
    fn three(comment: CommentPolicy) -> Rubric {
        let mut behaviors = vec![
            behavior("a").na(NaPolicy::Zero),
            behavior("b").only_for(EXTERNAL),
            behavior("c").shown_if("a", &["no"]),
        ];
        behaviors.iter_mut().for_each(|b| b.comment = comment);
        let source = rubric(Weigh::Behaviors, vec![section("all", None, behaviors)]);
        Rubric::build(&source).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn none() -> Vec<String> {
        vec![String::new(); 3]
    }

    #[test]
    fn what_is_asked_depends_on_the_caller_type_and_on_answers() {
        let rubric = three(CommentPolicy::Never);
        let blank = [None; 3];
        assert_eq!(
            asked(&rubric, CallerType::Internal, &blank),
            [true, false, false]
        );
        assert_eq!(
            asked(&rubric, CallerType::External, &[NO, None, None]),
            [true, true, true]
        );
        assert_eq!(
            asked(&rubric, CallerType::Unknown, &[NO, YES, None]),
            [true, false, true]
        );
        assert_eq!(
            asked(&rubric, CallerType::External, &[]),
            [true, true, false]
        );
    }

    #[test]
    fn gaps_are_the_blanks_that_are_asked_in_the_rubrics_order() {
        let rubric = three(CommentPolicy::Optional);
        let gaps =
            |caller_type, answers: &[Option<Answer>]| gaps(&rubric, caller_type, answers, &none());
        assert_eq!(
            gaps(CallerType::External, &[NO, None, None]),
            [Gap::Answer(1), Gap::Answer(2)]
        );
        assert_eq!(gaps(CallerType::Internal, &[YES, None, None]), []);
        assert_eq!(
            gaps(CallerType::Unknown, &[None, None, YES]),
            [Gap::Answer(0)]
        );
        assert_eq!(gaps(CallerType::Internal, &[]), [Gap::Answer(0)]);
        assert_eq!(Gap::Answer(1).behavior(), 1);
        assert_eq!(Gap::Comment(2).behavior(), 2);
    }

    #[test]
    fn a_comment_is_a_gap_where_the_policy_wants_one() {
        let gaps = |comment, answers: [Option<Answer>; 3]| {
            gaps(&three(comment), CallerType::External, &answers, &none())
        };
        for comment in [CommentPolicy::Never, CommentPolicy::Optional] {
            assert_eq!(gaps(comment, [NO, NO, NO]), []);
        }
        assert_eq!(
            gaps(CommentPolicy::OnFail, [NO, YES, NO]),
            [Gap::Comment(0), Gap::Comment(2)]
        );
        // N/A is a fail where it counts as zero, and none where it leaves the score.
        assert_eq!(
            gaps(CommentPolicy::OnFail, [NA, NA, None]),
            [Gap::Comment(0)]
        );
        assert_eq!(
            gaps(CommentPolicy::Always, [YES, NA, None]),
            [Gap::Comment(0), Gap::Comment(1)]
        );
        assert_eq!(
            gaps(CommentPolicy::Always, [YES, None, None]),
            [Gap::Comment(0), Gap::Answer(1)]
        );
    }

    #[test]
    fn a_comment_of_blanks_is_none() {
        let rubric = three(CommentPolicy::Always);
        let comments = [" \t".to_owned(), "Asked twice.".to_owned()];
        assert_eq!(
            gaps(&rubric, CallerType::External, &[YES, YES, None], &comments),
            [Gap::Comment(0)]
        );
    }
}
