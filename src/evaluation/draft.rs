use super::Evaluation;
use crate::calls::CallerType;
use crate::rubric::{Answer, Rubric};

/// Answers on their way to an evaluation: what a scoring loop changes and saves after every step.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// By the rubric's behaviors. An answer stays here while `show_if` hides its behavior.
    pub answers: Vec<Option<Answer>>,
    /// By the rubric's behaviors; empty for none.
    pub comments: Vec<String>,
    /// On the call as a whole; empty for none.
    pub comment: String,
    /// By the rubric's drivers, ascending.
    pub drivers: Vec<usize>,
    pub caller_type_heard: Option<CallerType>,
    pub csr_heard: Option<String>,
    /// Why it was heard otherwise than logged.
    pub heard_reason: Option<String>,
    /// Time spent so far, seconds.
    pub seconds: Option<f64>,
    /// The behavior the analyst was at.
    pub at: Option<usize>,
    /// Why it is to replace an own complete evaluation.
    pub amend_reason: Option<String>,
}

impl Draft {
    /// Nothing answered yet.
    pub fn new(rubric: &Rubric) -> Self {
        let behaviors = rubric.behaviors().len();
        Self {
            answers: vec![None; behaviors],
            comments: vec![String::new(); behaviors],
            comment: String::new(),
            drivers: Vec::new(),
            caller_type_heard: None,
            csr_heard: None,
            heard_reason: None,
            seconds: None,
            at: None,
            amend_reason: None,
        }
    }

    /// An evaluation taken up again, to be amended for this reason.
    pub fn of(evaluation: &Evaluation, reason: &str) -> Self {
        Self {
            answers: evaluation.answers.clone(),
            comments: evaluation.comments.clone(),
            comment: evaluation.comment.clone(),
            drivers: evaluation.drivers.clone(),
            caller_type_heard: evaluation.caller_type_heard,
            csr_heard: evaluation.csr_heard.clone(),
            heard_reason: evaluation.heard_reason.clone(),
            seconds: evaluation.seconds,
            at: None,
            amend_reason: Some(reason.to_owned()),
        }
    }

    /// Ticks or unticks a driver.
    pub fn toggle_driver(&mut self, driver: usize) {
        match self.drivers.binary_search(&driver) {
            Ok(at) => {
                self.drivers.remove(at);
            }
            Err(at) => self.drivers.insert(at, driver),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rubric::fixture::{behavior, rubric, section};
    use crate::rubric::{BehaviorSource, Weigh};

    #[test]
    fn a_new_draft_has_a_place_for_every_behavior_and_nothing_in_it() {
        let behaviors: Vec<BehaviorSource> = ["a", "b"].map(behavior).to_vec();
        let source = rubric(Weigh::Behaviors, vec![section("all", None, behaviors)]);
        let rubric = Rubric::build(&source).unwrap_or_else(|faults| panic!("{faults:?}"));
        let draft = Draft::new(&rubric);
        assert_eq!(draft.answers, [None, None]);
        assert_eq!(draft.comments, ["", ""]);
    }

    #[test]
    fn drivers_stay_in_order_and_go_when_ticked_again() {
        let source = rubric(
            Weigh::Behaviors,
            vec![section("all", None, vec![behavior("a")])],
        );
        let rubric = Rubric::build(&source).unwrap_or_else(|faults| panic!("{faults:?}"));
        let mut draft = Draft::new(&rubric);
        for driver in [3, 1, 2, 1, 0] {
            draft.toggle_driver(driver);
        }
        assert_eq!(draft.drivers, [0, 2, 3]);
        for driver in [0, 2, 3] {
            draft.toggle_driver(driver);
        }
        assert_eq!(draft.drivers, [0_usize; 0]);
    }
}
