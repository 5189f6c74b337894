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
