use super::{Draft, Gap, Score, asked, gaps, score};
use crate::calls::CallerType;
use crate::rubric::{Answer, Rubric};

/// A draft that is being worked on: what it was before every change is kept, so that any change can be taken back.
#[derive(Clone, Debug)]
pub struct Working {
    logged: CallerType,
    draft: Draft,
    /// Earlier states, and the behavior each later change was about.
    past: Vec<(Draft, Option<usize>)>,
    /// States that were taken back, the last one at the end.
    future: Vec<(Draft, Option<usize>)>,
    /// The comment that is being written: what is added to it belongs to one change.
    writing: Option<Option<usize>>,
}

/// A change of a draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Answer(usize, Answer),
    /// On a behavior, or on the call as a whole.
    Comment(Option<usize>, String),
    Driver(usize),
    /// Caller type and CSR as heard, with the reason; `None` stands for "as logged".
    Heard {
        caller_type: Option<CallerType>,
        csr: Option<String>,
        reason: Option<String>,
    },
    /// The last change is taken back.
    Undo,
    /// What was taken back last is made again.
    Redo,
}

impl Change {
    /// The behavior it is about.
    pub fn behavior(&self) -> Option<usize> {
        match self {
            Self::Answer(at, _) => Some(*at),
            Self::Comment(at, _) => *at,
            Self::Driver(_) | Self::Heard { .. } | Self::Undo | Self::Redo => None,
        }
    }
}

impl Working {
    /// Work on a call of this caller type as logged. What a draft already says can be taken back answer by answer; what
    /// a complete evaluation said that is amended stands.
    pub fn new(logged: CallerType, draft: Draft) -> Self {
        let mut past = Vec::new();
        let mut earlier = draft.clone();
        let amends = draft.amend_reason.is_some();
        for at in (0..draft.answers.len()).rev() {
            if draft.answers[at].is_some() && !amends {
                earlier.answers[at] = None;
                earlier.comments[at].clear();
                past.push((earlier.clone(), Some(at)));
            }
        }
        past.reverse();
        Self {
            logged,
            draft,
            past,
            future: Vec::new(),
            writing: None,
        }
    }

    /// As it is now.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// As heard if corrected, else as logged.
    pub fn caller_type(&self) -> CallerType {
        self.draft.caller_type_heard.unwrap_or(self.logged)
    }

    /// The draft that a change would make, and the behavior it is about; `None` where there is nothing to change.
    pub fn with(&self, change: &Change) -> Option<(Draft, Option<usize>)> {
        let stored = match change {
            Change::Undo => Some(self.past.last()?),
            Change::Redo => Some(self.future.last()?),
            _ => None,
        };
        if let Some((draft, about)) = stored {
            // Time goes on, whatever is taken back.
            let seconds = self.draft.seconds;
            return Some((
                Draft {
                    seconds,
                    ..draft.clone()
                },
                *about,
            ));
        }
        let mut draft = self.draft.clone();
        match change {
            Change::Answer(at, answer) => draft.answers[*at] = Some(*answer),
            Change::Comment(Some(at), text) => draft.comments[*at].clone_from(text),
            Change::Comment(None, text) => draft.comment.clone_from(text),
            Change::Driver(at) => draft.toggle_driver(*at),
            Change::Heard {
                caller_type,
                csr,
                reason,
            } => {
                draft.caller_type_heard = *caller_type;
                draft.csr_heard.clone_from(csr);
                draft.heard_reason.clone_from(reason);
            }
            Change::Undo | Change::Redo => {}
        }
        (draft != self.draft).then(|| (draft, change.behavior()))
    }

    /// Makes a change that has been kept; `kept` is the draft as it was kept.
    pub fn apply(&mut self, change: &Change, kept: Draft) {
        let writing = match change {
            Change::Comment(about, _) => Some(*about),
            _ => None,
        };
        let now = self.draft.clone();
        match change {
            Change::Undo => {
                let about = self.past.pop().and_then(|(_, about)| about);
                self.future.push((now, about));
            }
            Change::Redo => {
                let about = self.future.pop().and_then(|(_, about)| about);
                self.past.push((now, about));
            }
            _ => {
                self.future.clear();
                if writing.is_none() || writing != self.writing {
                    self.past.push((now, change.behavior()));
                }
            }
        }
        self.writing = writing;
        self.draft = kept;
    }

    /// The comment is written: what is written later is a change of its own.
    pub fn end_comment(&mut self) {
        self.writing = None;
    }

    /// Which behaviors are asked, by place.
    pub fn asked(&self, rubric: &Rubric) -> Vec<bool> {
        asked(rubric, self.caller_type(), &self.draft.answers)
    }

    /// Everything that is missing.
    pub fn gaps(&self, rubric: &Rubric) -> Vec<Gap> {
        gaps(
            rubric,
            self.caller_type(),
            &self.draft.answers,
            &self.draft.comments,
        )
    }

    /// The score that the answers so far give.
    pub fn score(&self, rubric: &Rubric) -> Score {
        score(rubric, self.caller_type(), &self.draft.answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rubric::fixture::{behavior, rubric, section};
    use crate::rubric::{BehaviorSource, Weigh};

    const YES: Answer = Answer::Given(0);
    const NO: Answer = Answer::Given(1);

    fn working() -> Working {
        let behaviors: Vec<BehaviorSource> = ["a", "b", "c"].map(behavior).to_vec();
        let source = rubric(Weigh::Behaviors, vec![section("all", None, behaviors)]);
        let rubric = Rubric::build(&source).unwrap_or_else(|faults| panic!("{faults:?}"));
        Working::new(CallerType::Internal, Draft::new(&rubric))
    }

    fn change(working: &mut Working, change: Change) -> Option<usize> {
        let (draft, about) = working.with(&change).expect("a change");
        working.apply(&change, draft);
        about
    }

    #[test]
    fn every_change_can_be_taken_back_to_the_first() {
        let mut working = working();
        let blank = working.draft().clone();
        let mut states = vec![blank.clone()];
        for one in [
            Change::Answer(0, YES),
            Change::Answer(0, NO),
            Change::Comment(Some(0), "Twice".to_owned()),
            Change::Comment(None, "All".to_owned()),
            Change::Heard {
                caller_type: Some(CallerType::External),
                csr: None,
                reason: Some("said so".to_owned()),
            },
        ] {
            change(&mut working, one);
            states.push(working.draft().clone());
        }
        assert_eq!(working.caller_type(), CallerType::External);
        states.pop();
        let abouts = [None, None, Some(0), Some(0), Some(0)];
        for about in abouts {
            assert_eq!(change(&mut working, Change::Undo), about);
            assert_eq!(Some(working.draft()), states.pop().as_ref());
        }
        assert_eq!(*working.draft(), blank);
        assert_eq!(working.with(&Change::Undo), None);
    }

    #[test]
    fn a_comment_is_taken_back_whole_however_often_it_was_kept_while_it_was_written() {
        let mut working = working();
        for text in ["N", "No", "No n", "No name"] {
            change(&mut working, Change::Comment(Some(1), text.to_owned()));
        }
        working.end_comment();
        change(
            &mut working,
            Change::Comment(Some(1), "No name.".to_owned()),
        );
        change(&mut working, Change::Undo);
        assert_eq!(working.draft().comments[1], "No name");
        change(&mut working, Change::Undo);
        assert_eq!(working.draft().comments[1], "");
    }

    #[test]
    fn what_was_taken_back_can_be_made_again_until_something_else_is() {
        let mut working = working();
        change(&mut working, Change::Answer(0, YES));
        change(&mut working, Change::Answer(1, NO));
        let all = working.draft().clone();
        change(&mut working, Change::Undo);
        change(&mut working, Change::Undo);
        assert_eq!(change(&mut working, Change::Redo), Some(0));
        assert_eq!(change(&mut working, Change::Redo), Some(1));
        assert_eq!(*working.draft(), all);
        assert_eq!(working.with(&Change::Redo), None);
        change(&mut working, Change::Undo);
        change(&mut working, Change::Answer(2, YES));
        assert_eq!(working.with(&Change::Redo), None);
    }

    #[test]
    fn what_is_amended_can_not_be_taken_back_to_nothing() {
        let mut draft = working().draft().clone();
        draft.answers = vec![Some(YES); 3];
        draft.amend_reason = Some("heard again".to_owned());
        let mut working = Working::new(CallerType::Internal, draft.clone());
        assert_eq!(working.with(&Change::Undo), None);
        change(&mut working, Change::Answer(0, NO));
        change(&mut working, Change::Undo);
        assert_eq!(*working.draft(), draft);
    }

    #[test]
    fn the_same_again_is_no_change() {
        let mut working = working();
        change(&mut working, Change::Answer(1, YES));
        assert_eq!(working.with(&Change::Answer(1, YES)), None);
        assert_eq!(working.with(&Change::Comment(Some(1), String::new())), None);
    }

    #[test]
    fn a_draft_of_yesterday_is_taken_back_answer_by_answer() {
        let mut draft = working().draft().clone();
        draft.answers = vec![Some(YES), None, Some(NO)];
        draft.comments[2] = "No".to_owned();
        draft.seconds = Some(5.0);
        let mut working = Working::new(CallerType::Internal, draft);
        assert_eq!(change(&mut working, Change::Undo), Some(2));
        assert_eq!(working.draft().answers, [Some(YES), None, None]);
        assert_eq!(working.draft().comments[2], "");
        assert_eq!(change(&mut working, Change::Undo), Some(0));
        assert_eq!(working.draft().answers, [None, None, None]);
        assert_eq!(working.draft().seconds, Some(5.0));
        assert_eq!(working.with(&Change::Undo), None);
    }
}
