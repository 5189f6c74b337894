/// What can go wrong with a store. Texts are lower-case fragments; [`StoreError::hint`] says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("there is no store at `{path}`")]
    Missing { path: String },
    #[error("`{path}` is not an evenhand store")]
    NotAStore { path: String },
    #[error(
        "the store `{path}` was written by a newer evenhand (format {found}; this one knows up to {known})"
    )]
    TooNew {
        path: String,
        found: i64,
        known: i64,
    },
    #[error(
        "the store `{path}` was written by an older evenhand (format {found}; this one reads {known})"
    )]
    Outdated {
        path: String,
        found: i64,
        known: i64,
    },
    #[error("another program has kept the store `{path}` busy for too long")]
    Busy { path: String },
    #[error("the store `{path}` is damaged: {detail}")]
    Damaged { path: String, detail: String },
    #[error("the store `{path}` can't be written to: {detail}")]
    ReadOnly { path: String, detail: String },
    #[error("the disk that holds `{path}` is full")]
    Full { path: String },
    #[error("the store `{path}` can't be used: {detail}")]
    Io { path: String, detail: String },
    #[error("there is a file `{path}` already")]
    IsThere { path: String },
    #[error("`{path}` is this very store")]
    SameStore { path: String },
    #[error(
        "the sample `{name}` of `{path}` is another one: its {what} differs from that of the sample here"
    )]
    OtherSample {
        name: String,
        what: &'static str,
        path: String,
    },
    #[error("`{path}` has no sample that this store has, too")]
    NothingInCommon { path: String },
    #[error("no sample is called `{name}`")]
    UnknownSample { name: String, known: Vec<String> },
    #[error("the sample `{name}` exists already with another {what}")]
    SampleDiffers { name: String, what: &'static str },
    #[error("the sample `{name}` was withdrawn ({reason})")]
    Withdrawn { name: String, reason: String },
    #[error("another log was added to the sample `{sample}` while this one was read")]
    Outrun { sample: String },
    #[error("the sample `{name}` was drawn from {batches} logs, so its quota stays as it is")]
    SeveralBatches { name: String, batches: u64 },
    #[error("the sample `{name}` is of whole journeys: it takes no {what}")]
    OfJourneys { name: String, what: &'static str },
    #[error("the call `{call_id}` is not in the sample `{sample}`")]
    NotDrawn { call_id: String, sample: String },
    #[error("the call `{call_id}` was evaluated under another rubric than that of `{sample}`")]
    OtherRubric { call_id: String, sample: String },
    #[error("`{analyst}` has completed the call `{call_id}` with other answers")]
    AlreadyComplete { call_id: String, analyst: String },
    #[error("the call `{call_id}` was said to be unscorable ({reason}) by `{analyst}`")]
    IsUnscorable {
        call_id: String,
        reason: String,
        analyst: String,
    },
    #[error("`{analyst}` has scored the call `{call_id}`, so it is one that can be scored")]
    IsScored { call_id: String, analyst: String },
    #[error("the call `{call_id}` of the sample `{sample}` was picked before")]
    AlreadyPicked { call_id: String, sample: String },
    #[error("the call `{call_id}` is complete")]
    IsComplete { call_id: String },
    #[error("`{analyst}` scores the call `{call_id}` as its second analyst")]
    IsSecond { call_id: String, analyst: String },
    #[error("the call `{call_id}` is given to {analyst}")]
    IsAssigned { call_id: String, analyst: String },
    #[error("`{analyst}` has the call `{call_id}` open just now")]
    IsClaimed { call_id: String, analyst: String },
    #[error(
        "there is nothing to take back of the call `{call_id}`: it is neither complete nor unscorable"
    )]
    IsOpen { call_id: String },
    #[error("`{analyst}` has not completed the call `{call_id}`")]
    NotCompleted { call_id: String, analyst: String },
    #[error("the sample `{name}` was not withdrawn")]
    NotWithdrawn { name: String },
    #[error("the new rubric scores otherwise than that of the sample `{sample}`")]
    ScoresOtherwise { sample: String },
    #[error(
        "the new rubric lacks the driver `{driver}` of the sample `{sample}`, or tells otherwise whether it is avoidable"
    )]
    DriverLost { sample: String, driver: String },
    #[error("the store knows no analyst `{name}`")]
    UnknownAnalyst { name: String, known: Vec<String> },
    #[error("`{analyst}` has started scoring in another window, which has taken over")]
    Superseded { analyst: String },
}

impl StoreError {
    /// What [`StoreError::SampleDiffers`] says of calls dealt to others, or otherwise.
    pub(super) const DIVISION: &str = "division among analysts";

    /// What [`StoreError::OfJourneys`] says can't be had.
    pub const FURTHER_LOGS: &str = "further logs";
    pub const RESERVES: &str = "reserves";
    pub const PICKED_CALLS: &str = "picked calls";

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let near = |name: &str, known: &[String]| {
            crate::rubric::nearest(name, known.iter().map(String::as_str))
                .map(|near| format!("did you mean `{near}`?"))
        };
        match self {
            Self::Missing { .. } => {
                Some("`evenhand draw` makes one; or name another with --store".to_owned())
            }
            Self::NotAStore { .. } => Some("name the file of a store (with --store, where it is the one to work in)".to_owned()),
            Self::TooNew { .. } => {
                Some("install the newer evenhand on this machine too".to_owned())
            }
            Self::Outdated { path, .. } => Some(format!(
                "`evenhand draw` and whatever else writes brings it up to date, after a backup: open it once so, with \
                 `--store {path}`"
            )),
            Self::OtherRubric { .. } => {
                Some("score it under the rubric that the sample was drawn for".to_owned())
            }
            Self::Busy { .. } => Some("try again when the other program is done".to_owned()),
            Self::Damaged { .. } => {
                Some("keep the file as it is and go on from the last backup".to_owned())
            }
            Self::ReadOnly { .. } => {
                Some("ask for the right to write to it and its folder, or use --store".to_owned())
            }
            Self::Full { .. } => {
                Some("nothing was written; free some space and do it again".to_owned())
            }
            Self::IsThere { .. } => Some("nothing is overwritten: name another file".to_owned()),
            Self::SameStore { .. } => Some("name the copy that others worked on".to_owned()),
            Self::OtherSample { what: "design" | "strata", .. } => Some(
                "nothing was taken; where one of them was topped up, top up the other alike".to_owned(),
            ),
            Self::OtherSample { .. } => Some(
                "nothing was taken: a merge joins copies of one store, in which the samples are the same".to_owned(),
            ),
            Self::NothingInCommon { .. } => Some(
                "`evenhand samples --store PATH` lists those of either store".to_owned(),
            ),
            Self::UnknownSample { name, known } => {
                near(name, known).or_else(|| match known.as_slice() {
                    [] => Some("there is none yet: `evenhand draw` makes one".to_owned()),
                    known => Some(format!("there are: {}", known.join(", "))),
                })
            }
            Self::SampleDiffers { what, .. } if *what == Self::DIVISION => Some(
                "without --analysts it stays as it is; or give this draw another name with --name"
                    .to_owned(),
            ),
            Self::SampleDiffers { .. } => {
                Some("give this draw another name with --name".to_owned())
            }
            Self::Withdrawn { name, .. } => Some(format!(
                "name another sample, or take `{name}` in again with `evenhand samples restore`"
            )),
            Self::Outrun { .. } => Some("nothing was written; do it again".to_owned()),
            Self::SeveralBatches { .. } => {
                Some("draw the further calls as a sample of their own with --name".to_owned())
            }
            Self::OfJourneys { what, .. } => Some(match *what {
                Self::FURTHER_LOGS => {
                    "a journey may go on in the next log: draw from the logs of the whole period, all named in one `draw`"
                }
                Self::RESERVES => {
                    "what can't be scored of a journey is left out; the same `draw` with a larger number adds journeys"
                }
                _ => "draw a sample of calls for them, and name it with --sample",
            }.to_owned()),
            Self::AlreadyComplete { .. } => {
                Some("`--amend REASON` keeps the new answers beside the old ones".to_owned())
            }
            Self::IsScored { analyst, .. } => Some(format!(
                "score it as you hear it, or leave it and speak with `{analyst}`"
            )),
            Self::UnknownAnalyst { name, known } => {
                let near = near(name, known)
                    .map(|near| format!("{near} "))
                    .unwrap_or_default();
                Some(format!("{near}if `{name}` is new, say --new-analyst"))
            }
            Self::AlreadyPicked { call_id, .. } => Some(format!(
                "nothing was picked; `evenhand explain {call_id}` tells how far it is"
            )),
            Self::IsComplete { call_id } => Some(format!(
                "`evenhand reopen {call_id} --reason …` lets its analyst amend it"
            )),
            Self::IsSecond { .. } => Some("give the call to somebody else".to_owned()),
            Self::IsAssigned { call_id, .. } => Some(format!(
                "`evenhand assign {call_id} --to NAME` gives it to somebody else"
            )),
            Self::IsClaimed { .. } => {
                Some("a call left lying is free again after half an hour".to_owned())
            }
            Self::ScoresOtherwise { .. } => Some(
                "scores before and after could not be compared: draw a new sample from the day the new rubric takes \
                 effect; `evenhand rubric diff` tells what changed"
                    .to_owned(),
            ),
            Self::DriverLost { .. } => Some(
                "keep it in the rubric until the next sample, so that what was ticked keeps its meaning".to_owned(),
            ),
            Self::Superseded { .. } => {
                Some("every answer is kept; go on in the newer window".to_owned())
            }
            Self::NotDrawn { .. } => Some(
                "ids are compared letter by letter, as logged; `evenhand pick` queues a call that no draw has given"
                    .to_owned(),
            ),
            Self::IsOpen { .. } => Some(
                "an evaluation that does not count is opened with --analyst NAME; a call that nobody has scored needs no \
                 reopening"
                    .to_owned(),
            ),
            Self::Io { .. } | Self::NotCompleted { .. } | Self::NotWithdrawn { .. } => None,
            Self::IsUnscorable { call_id, .. } => Some(format!(
                "if it can be after all: `evenhand reopen {call_id} --reason …`"
            )),
        }
    }
}
