use super::StoredCall;
use crate::evaluation::{Draft, Evaluation};

/// A call handed to an analyst.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub call: StoredCall,
    /// What the analyst had already answered.
    pub draft: Option<Draft>,
    /// Calls done and to do in all, less unscorable and declined ones: of those assigned to the analyst if this is one of them, else
    /// of the sample.
    pub done: u64,
    pub of: u64,
}

/// What became of one evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    New,
    /// The analyst had said the same before.
    Unchanged,
    /// Kept as a further evaluation revision.
    Amended,
}

/// What became of an answers file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordReport {
    pub new: u64,
    pub unchanged: u64,
    pub amended: u64,
    /// Calls newly said to be unscorable, or declined.
    pub unscorable: u64,
}

/// An evaluation as kept.
#[derive(Clone, Debug)]
pub struct Completed {
    pub evaluation: Evaluation,
    /// Enters estimates: that of the analyst assigned first, else the one completed first (by its first evaluation
    /// revision; the name decides between equals). A second analyst's never does.
    pub counts: bool,
}
