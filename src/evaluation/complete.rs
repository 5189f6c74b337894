use jiff::Timestamp;

use super::{Draft, Score, Unscorable, asked, score};
use crate::calls::CallerType;
use crate::rubric::{Answer, Rubric};

/// One analyst's complete evaluation of one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    pub call_id: String,
    pub analyst: String,
    /// 1 for the first; an amendment adds one.
    pub evaluation_revision: u32,
    /// The rubric the answers were given under.
    pub rubric_hash: [u8; 32],
    /// The caller type the score was made for: as heard if corrected, else as logged.
    pub caller_type: CallerType,
    pub caller_type_heard: Option<CallerType>,
    pub csr_heard: Option<String>,
    /// Why it was heard otherwise than logged.
    pub heard_reason: Option<String>,
    /// By the rubric's behaviors; `None` where not asked.
    pub answers: Vec<Option<Answer>>,
    /// By the rubric's behaviors; empty for none.
    pub comments: Vec<String>,
    /// On the call as a whole; empty for none.
    pub comment: String,
    /// By the rubric's drivers, ascending.
    pub drivers: Vec<usize>,
    pub score: Option<f64>,
    pub score_before_critical: Option<f64>,
    pub outcome: Option<super::CallOutcome>,
    /// By the rubric's behaviors, ascending.
    pub criticals: Vec<usize>,
    /// Time spent, seconds.
    pub seconds: Option<f64>,
    pub completed_at: Timestamp,
    /// Why it replaces an earlier evaluation revision.
    pub amend_reason: Option<String>,
}

impl Evaluation {
    /// Makes a complete draft an evaluation. The draft must have no gaps.
    pub fn new(
        rubric: &Rubric,
        call_id: &str,
        analyst: &str,
        logged: CallerType,
        draft: &Draft,
        completed_at: Timestamp,
    ) -> Self {
        let caller_type = draft.caller_type_heard.unwrap_or(logged);
        let asked = asked(rubric, caller_type, &draft.answers);
        let only_asked = |(answer, asked): (&Option<Answer>, &bool)| answer.filter(|_| *asked);
        let answers: Vec<Option<Answer>> =
            draft.answers.iter().zip(&asked).map(only_asked).collect();
        let made = score(rubric, caller_type, &answers);
        let comments = draft
            .comments
            .iter()
            .zip(&asked)
            .map(|(text, asked)| match asked {
                true => text.trim().to_owned(),
                false => String::new(),
            });
        Self {
            call_id: call_id.to_owned(),
            analyst: analyst.to_owned(),
            evaluation_revision: 1,
            rubric_hash: rubric.hash(),
            caller_type,
            caller_type_heard: draft.caller_type_heard,
            csr_heard: draft.csr_heard.clone(),
            heard_reason: draft.heard_reason.clone(),
            comments: comments.collect(),
            comment: draft.comment.trim().to_owned(),
            drivers: draft.drivers.clone(),
            score: made.score,
            score_before_critical: made.score_before_critical,
            outcome: made.outcome,
            criticals: made.criticals,
            answers,
            seconds: draft.seconds,
            completed_at,
            amend_reason: None,
        }
    }

    /// The arithmetic again, from the answers.
    pub fn rescore(&self, rubric: &Rubric) -> Score {
        score(rubric, self.caller_type, &self.answers)
    }

    /// Whether an analyst said the same: everything but when and how long.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.caller_type_heard == other.caller_type_heard
            && self.csr_heard == other.csr_heard
            && self.answers == other.answers
            && self.comments == other.comments
            && self.comment == other.comment
            && self.drivers == other.drivers
    }
}

/// One line of an answers file, checked: what is to be kept for a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    Evaluation(Box<Evaluation>),
    Unscorable {
        call_id: String,
        analyst: String,
        why: Unscorable,
        at: Timestamp,
    },
}

impl Recorded {
    /// The call it is about.
    pub fn call_id(&self) -> &str {
        match self {
            Self::Evaluation(evaluation) => &evaluation.call_id,
            Self::Unscorable { call_id, .. } => call_id,
        }
    }

    /// Who says it.
    pub fn analyst(&self) -> &str {
        match self {
            Self::Evaluation(evaluation) => &evaluation.analyst,
            Self::Unscorable { analyst, .. } => analyst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rubric::Weigh;
    use crate::rubric::fixture::{EXTERNAL, INTERNAL, behavior, rubric, section};

    fn rubric_of_three() -> Rubric {
        let behaviors = vec![
            behavior("both"),
            behavior("inside").only_for(INTERNAL),
            behavior("outside").only_for(EXTERNAL),
        ];
        let source = rubric(Weigh::Behaviors, vec![section("all", None, behaviors)]);
        Rubric::build(&source).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn draft(rubric: &Rubric) -> Draft {
        let (yes, no) = (Some(Answer::Given(0)), Some(Answer::Given(1)));
        Draft {
            answers: vec![yes, no, yes],
            comments: [" fine ", "rushed", "polite"].map(str::to_owned).to_vec(),
            comment: " long call\n".to_owned(),
            drivers: vec![0],
            seconds: Some(61.5),
            ..Draft::new(rubric)
        }
    }

    fn complete(rubric: &Rubric, draft: &Draft) -> Evaluation {
        let at = Timestamp::UNIX_EPOCH;
        Evaluation::new(rubric, "C-1", "qa1", CallerType::Internal, draft, at)
    }

    #[test]
    fn only_what_was_asked_is_kept() {
        let rubric = rubric_of_three();
        let made = complete(&rubric, &draft(&rubric));
        assert_eq!(
            made.answers,
            [Some(Answer::Given(0)), Some(Answer::Given(1)), None]
        );
        assert_eq!(made.comments, ["fine", "rushed", ""]);
        assert_eq!(made.comment, "long call");
        assert_eq!((made.score, made.seconds), (Some(50.0), Some(61.5)));
        assert_eq!(made.caller_type, CallerType::Internal);
        assert_eq!(made.evaluation_revision, 1);
        assert_eq!(made.rubric_hash, rubric.hash());
    }

    #[test]
    fn the_caller_type_as_heard_decides_what_counts() {
        let rubric = rubric_of_three();
        let heard = Draft {
            caller_type_heard: Some(CallerType::External),
            ..draft(&rubric)
        };
        let made = complete(&rubric, &heard);
        assert_eq!(made.caller_type, CallerType::External);
        assert_eq!(made.score, Some(100.0));
        assert_eq!(made.answers[1], None);
    }

    #[test]
    fn scoring_again_gives_what_was_kept() {
        let rubric = rubric_of_three();
        let made = complete(&rubric, &draft(&rubric));
        let again = made.rescore(&rubric);
        assert_eq!(
            (
                again.score,
                again.score_before_critical,
                again.outcome,
                again.criticals
            ),
            (
                made.score,
                made.score_before_critical,
                made.outcome,
                made.criticals
            )
        );
    }

    #[test]
    fn when_and_how_long_are_no_part_of_what_was_said() {
        let rubric = rubric_of_three();
        let made = complete(&rubric, &draft(&rubric));
        let later = Evaluation {
            completed_at: Timestamp::MAX,
            seconds: None,
            evaluation_revision: 2,
            ..made.clone()
        };
        assert!(made.says_the_same(&later));
        let changes: [fn(&mut Evaluation); 6] = [
            |e| e.answers[0] = None,
            |e| e.comments[0].clear(),
            |e| e.comment.clear(),
            |e| e.drivers.clear(),
            |e| e.caller_type_heard = Some(CallerType::Internal),
            |e| e.csr_heard = Some("Ada".to_owned()),
        ];
        for change in changes {
            let mut other = made.clone();
            change(&mut other);
            assert!(!made.says_the_same(&other), "{other:?}");
        }
    }
}
