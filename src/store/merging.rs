use std::ops::AddAssign;

/// What a merge took from another store, and what it left there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Samples that are in both, the oldest first.
    pub samples: Vec<MergedSample>,
    /// Analysts that this store had not seen.
    pub analysts: Vec<String>,
    /// Samples that only the other store has; nothing of them is taken.
    pub only_there: Vec<String>,
}

impl Merged {
    /// Whether anything was taken.
    pub fn changed(&self) -> bool {
        let taken = |sample: &MergedSample| sample.taken != Taken::default();
        !self.analysts.is_empty() || self.samples.iter().any(taken)
    }

    /// Calls of which nothing was taken, because the stores contradict each other.
    pub fn conflicts(&self) -> usize {
        let conflicts = |sample: &MergedSample| sample.conflicts.len();
        self.samples.iter().map(conflicts).sum()
    }
}

/// What became of one sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedSample {
    pub name: String,
    /// It is withdrawn here: nothing was taken.
    pub withdrawn: bool,
    /// The other store goes on under a rubric with other words.
    pub other_words: bool,
    pub taken: Taken,
    /// In the order of call ids.
    pub conflicts: Vec<Conflict>,
}

/// How much was taken of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub evaluations: u64,
    /// Evaluation revisions after the first.
    pub amendments: u64,
    /// Statements that a call can't be scored.
    pub unscorable: u64,
    /// Statements that it can be after all.
    pub scorable: u64,
    pub declined: u64,
    pub picked: u64,
    pub drafts: u64,
    /// Acts in the list of who did what.
    pub events: u64,
}

impl AddAssign for Taken {
    fn add_assign(&mut self, more: Self) {
        self.evaluations += more.evaluations;
        self.amendments += more.amendments;
        self.unscorable += more.unscorable;
        self.scorable += more.scorable;
        self.declined += more.declined;
        self.picked += more.picked;
        self.drafts += more.drafts;
        self.events += more.events;
    }
}

/// A call that two stores contradict each other about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub call_id: String,
    /// Whom it is about, where it is one.
    pub analyst: Option<String>,
    pub clash: Clash,
}

/// How two stores contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// One analyst scored the call otherwise.
    Evaluation,
    /// One analyst amended the same evaluation on both sides.
    Amendment,
    /// One analyst completed the call there and went on with a draft here.
    Draft,
    /// Scored here, unscorable there.
    UnscorableThere,
    /// Unscorable here, scored there.
    ScoredThere,
    /// Unscorable for other reasons, or taken back on one side only.
    Statement,
    /// One analyst scored the call and declined it.
    Declined,
    /// What was done there can't be done here; why.
    Refused(String),
}

impl Clash {
    /// One word for scripts.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Evaluation => "evaluation",
            Self::Amendment => "amendment",
            Self::Draft => "draft",
            Self::UnscorableThere => "unscorable-there",
            Self::ScoredThere => "scored-there",
            Self::Statement => "statement",
            Self::Declined => "declined",
            Self::Refused(_) => "refused",
        }
    }
}

impl Conflict {
    /// What is wrong, for people.
    pub fn to_text(&self) -> String {
        let who = self.analyst.as_deref().unwrap_or("an analyst");
        match &self.clash {
            Clash::Evaluation => format!("`{who}` gave other answers there than here"),
            Clash::Amendment => format!("`{who}` amended it there and here, otherwise"),
            Clash::Draft => {
                format!(
                    "`{who}` has a draft here that was saved after the evaluation there was complete"
                )
            }
            Clash::UnscorableThere => {
                format!("said to be unscorable there by `{who}`, scored here")
            }
            Clash::ScoredThere => format!("scored there by `{who}`, said to be unscorable here"),
            Clash::Statement => {
                "what was said there of whether it can be scored contradicts what was said here"
                    .to_owned()
            }
            Clash::Declined => {
                format!("`{who}` scored it in one store and declined it in the other")
            }
            Clash::Refused(why) => why.clone(),
        }
    }
}
