/// Something the reader of a table must know, with a code for scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub code: &'static str,
    pub text: String,
    /// How to read the figures in general: for those who ask.
    pub detail: bool,
}

impl Note {
    /// A note.
    pub fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
            detail: false,
        }
    }

    /// A note for those who ask.
    pub fn detail(code: &'static str, text: impl Into<String>) -> Self {
        Self {
            detail: true,
            ..Self::new(code, text)
        }
    }
}
