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

    /// The seed of another order of the same calls, by which those are chosen that two analysts score.
    pub(super) fn of_doubles(&self) -> Self {
        Self(format!("{self}.double"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_kept_to_the_letter() {
        for text in ["july-2026", "A.b_9", "0", "-", &"x".repeat(200)] {
            assert_eq!(
                Seed::new(text).map(|seed| seed.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn what_shells_or_tables_could_change_is_no_seed() {
        for text in [
            "",
            " ",
            "a b",
            "a:b",
            "a/b",
            "é",
            "a\n",
            "１",
            &"x".repeat(201),
        ] {
            assert_eq!(Seed::new(text), Err(BadSeed(text.to_owned())));
        }
        let told = Seed::new("july 2026").map_err(|bad| bad.to_string());
        assert_eq!(
            told,
            Err("`july 2026` can't be a seed: use letters, digits, `.`, `_` and `-`".to_owned())
        );
    }

    #[test]
    fn random_bits_make_a_seed_of_32_digits() {
        for bits in [0, 1, u128::MAX] {
            let seed = Seed::from_bits(bits);
            assert_eq!(seed.as_str().len(), 32);
            assert_eq!(Seed::new(seed.as_str()), Ok(seed));
        }
    }
}
