use std::fmt;

/// The text that, with a call's id, decides its draw number: letters, digits, `.`, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed(String);

/// The text can't be a seed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` can't be a seed: use letters, digits, `.`, `_` and `-`")]
pub struct BadSeed(pub String);

impl Seed {
    /// Checks the alphabet, which keeps a seed the same in every shell, file name and SQL dialect.
    ///
    /// # Errors
    /// Empty, over 200 characters, or a character outside `[A-Za-z0-9._-]`.
    pub fn new(text: &str) -> Result<Self, BadSeed> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if text.is_empty() || text.len() > 200 || !text.chars().all(plain) {
            return Err(BadSeed(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// A seed from 128 random bits.
    pub fn from_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
