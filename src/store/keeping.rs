use super::Begun;

/// What a store holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Withdrawn ones too.
    pub samples: u64,
    pub withdrawn: u64,
    /// Calls of all samples in which they are drawn.
    pub drawn: u64,
    pub picked: u64,
    /// Each analyst's for each call once, however often it was amended.
    pub evaluations: u64,
    pub drafts: u64,
    /// Drafts that nobody is offered any more, the oldest first.
    pub idle_drafts: Vec<IdleDraft>,
    /// Calls that were claimed, and are free again because nothing was saved for a while.
    pub ended_claims: u64,
}

/// A draft that leads nowhere. It does no harm, and is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleDraft {
    pub sample: String,
    pub begun: Begun,
    pub why: IdleReason,
}

/// Why nobody is offered a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleReason {
    Withdrawn,
    /// Its analyst has completed the call.
    Complete,
    Unscorable,
    /// Its analyst has declined the call.
    Declined,
    /// The call is somebody else's now.
    GivenAway,
    /// The call is a reserve again.
    Reserve,
}

impl IdleReason {
    /// The end of a sentence about the draft.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "the sample is withdrawn",
            Self::Complete => "its analyst has completed the call",
            Self::Unscorable => "the call can't be scored",
            Self::Declined => "its analyst has declined the call",
            Self::GivenAway => "the call is given to somebody else",
            Self::Reserve => "the call is a reserve again",
        }
    }
}

/// A copy of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    pub holdings: Holdings,
    pub bytes: u64,
}
