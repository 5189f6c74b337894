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
    #[error("no sample is called `{name}`")]
    UnknownSample { name: String, known: Vec<String> },
    #[error("the sample `{name}` exists already with another {what}")]
    SampleDiffers { name: String, what: &'static str },
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
    #[error("the store knows no analyst `{name}`")]
    UnknownAnalyst { name: String, known: Vec<String> },
    #[error("`{analyst}` has started scoring in another window, which has taken over")]
    Superseded { analyst: String },
}

impl StoreError {
    /// What [`StoreError::SampleDiffers`] says of calls dealt to others, or otherwise.
    pub(super) const DIVISION: &str = "division among analysts";

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
            Self::NotAStore { .. } => Some("name another file with --store".to_owned()),
            Self::TooNew { .. } => {
                Some("install the newer evenhand on this machine too".to_owned())
            }
            Self::Outdated { .. } => Some(
                "`evenhand draw` and whatever else writes brings it up to date, after a backup"
                    .to_owned(),
            ),
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
            Self::Superseded { .. } => {
                Some("every answer is kept; go on in the newer window".to_owned())
            }
            Self::Io { .. } | Self::NotDrawn { .. } | Self::IsUnscorable { .. } => None,
        }
    }
}
