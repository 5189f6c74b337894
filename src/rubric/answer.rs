/// One answer to a behavior. "Unanswered" is no answer: `Option<Answer>` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// An option of the behavior's scale, by its 0-based place.
    Given(u8),
    /// Not applicable.
    Na,
}

impl Answer {
    /// The id that stands for "not applicable" in files; no option may have it.
    pub const NA_ID: &'static str = "na";
    /// The key for "not applicable" while scoring; no option may have it.
    pub const NA_KEY: char = 'a';
}
