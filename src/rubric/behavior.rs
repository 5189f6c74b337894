use std::sync::Arc;

use super::{Answer, AnswerScale, CommentPolicy, Effect, Family, NaPolicy, Scope};

/// Something a CSR does on a call that an analyst can hear.
#[derive(Clone, Debug, PartialEq)]
pub struct Behavior {
    pub id: String,
    pub text: String,
    /// Guidance shown while scoring.
    pub look_for: Option<String>,
    /// Place of its section in the rubric.
    pub section: usize,
    pub scale: Arc<AnswerScale>,
    /// Relative to its section (`sections`, `points`) or to all behaviors (`behaviors`).
    pub weight: f64,
    pub applies_to: AppliesTo,
    pub na: NaPolicy,
    pub comment: CommentPolicy,
    pub critical: Option<Critical>,
    pub show_if: Option<ShowIf>,
}

impl Behavior {
    /// Points over full points of an answer; none for N/A.
    pub fn result(&self, answer: Answer) -> Option<f64> {
        self.scale
            .option(answer)
            .map(|option| option.points / self.scale.full)
    }

    /// Whether the answer earns less than full points; N/A does where the rubric counts it as zero.
    pub fn fails(&self, answer: Answer) -> bool {
        match answer {
            Answer::Na => self.na == NaPolicy::Zero,
            Answer::Given(_) => self
                .scale
                .option(answer)
                .is_some_and(|option| option.points < self.scale.full),
        }
    }

    /// Whether the answer triggers the behavior's critical.
    pub fn triggers(&self, answer: Answer) -> bool {
        self.critical
            .as_ref()
            .is_some_and(|critical| critical.on.contains(&answer))
    }

    /// Whether an answer must come with a comment.
    pub fn wants_comment(&self, answer: Answer) -> bool {
        match self.comment {
            CommentPolicy::Never | CommentPolicy::Optional => false,
            CommentPolicy::OnFail => self.fails(answer),
            CommentPolicy::Always => true,
        }
    }

    /// Whether the answer may be given: one of the scale, and N/A only where the rubric allows it.
    pub fn allows(&self, answer: Answer) -> bool {
        match answer {
            Answer::Na => self.na != NaPolicy::Forbid,
            Answer::Given(at) => usize::from(at) < self.scale.options.len(),
        }
    }
}

/// The caller types a behavior is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppliesTo {
    pub internal: bool,
    pub external: bool,
}

impl AppliesTo {
    /// Like for like: the default.
    pub const BOTH: Self = Self {
        internal: true,
        external: true,
    };

    /// Asked for any caller type at all.
    pub fn asked(self) -> bool {
        self.internal || self.external
    }

    /// Asked for both, so it can be compared between caller types.
    pub fn both(self) -> bool {
        self == Self::BOTH
    }
}

/// An answer that outweighs the rest of the call.
#[derive(Clone, Debug, PartialEq)]
pub struct Critical {
    pub family: Family,
    pub on: Vec<Answer>,
    pub scope: Scope,
    pub effect: Effect,
}

/// A behavior is asked only when another was answered so.
#[derive(Clone, Debug, PartialEq)]
pub struct ShowIf {
    /// Place of the other behavior in [`super::Rubric::behaviors`].
    pub behavior: usize,
    pub is: Vec<Answer>,
}
