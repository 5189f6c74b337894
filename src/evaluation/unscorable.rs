use crate::rubric::Word;

/// Why a drawn call can't be scored. A closed list: "difficult customer" is not on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnscorableReason {
    NoRecording,
    NotAServiceCall,
    TestCall,
    Language,
    Privacy,
    /// With a note.
    Other,
}

impl Word for UnscorableReason {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("no-recording", Self::NoRecording),
        ("not-a-service-call", Self::NotAServiceCall),
        ("test-call", Self::TestCall),
        ("language", Self::Language),
        ("privacy", Self::Privacy),
        ("other", Self::Other),
    ];
}

impl UnscorableReason {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, reason)| *reason == self)
            .map_or("other", |(word, _)| word)
    }
}

/// An analyst's statement that a call can't be scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unscorable {
    pub reason: UnscorableReason,
    /// Needed for [`UnscorableReason::Other`].
    pub note: Option<String>,
}
