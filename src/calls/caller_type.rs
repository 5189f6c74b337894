use std::fmt;
use std::str::FromStr;

/// Who the caller is to the contact centre. `Unknown` is always reported and never guessed into the other two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerType {
    /// A co-worker, another department, field sales.
    Internal,
    /// A customer from outside the company.
    External,
    /// The log does not say.
    Unknown,
}

impl CallerType {
    /// In the order in which tables show them.
    pub const ALL: [Self; 3] = [Self::Internal, Self::External, Self::Unknown];

    /// The word used in files, JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for CallerType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is none of `internal`, `external`, `unknown`.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a caller type (internal, external or unknown)")]
pub struct NotACallerType(pub String);

impl FromStr for CallerType {
    type Err = NotACallerType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|t| t.as_str() == text)
            .ok_or_else(|| NotACallerType(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_caller_type_comes_back_from_its_word() {
        for caller_type in CallerType::ALL {
            let read: Result<CallerType, _> = caller_type.to_string().parse();
            assert_eq!(read.ok(), Some(caller_type));
        }
        let told = "Internal".parse::<CallerType>().map_err(|e| e.to_string());
        assert_eq!(
            told,
            Err("`Internal` is not a caller type (internal, external or unknown)".to_owned())
        );
    }
}
