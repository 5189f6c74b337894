use crate::rubric::Word;

/// Why a call was chosen on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PickReason {
    Complaint,
    Coaching,
    NewStarter,
    /// With a note.
    Other,
}

impl Word for PickReason {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("complaint", Self::Complaint),
        ("coaching", Self::Coaching),
        ("new-starter", Self::NewStarter),
        ("other", Self::Other),
    ];
}

impl PickReason {
    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(_, reason)| *reason == self)
            .map_or("other", |(word, _)| word)
    }
}
