use std::fmt;
use std::str::FromStr;

/// What is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// One call: one leg of a journey, where a log has several.
    #[default]
    Call,
    /// A customer's whole journey: all calls of one interaction id that count.
    Interaction,
}

impl Unit {
    pub const ALL: [Self; 2] = [Self::Call, Self::Interaction];

    /// The word used in options, files and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Interaction => "interaction",
        }
    }

    /// So many of them, in words.
    pub fn counted(self, count: u64) -> String {
        let noun = match self {
            Self::Call => "call",
            Self::Interaction => "journey",
        };
        match count {
            1 => format!("1 {noun}"),
            _ => format!("{count} {noun}s"),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names nothing that can be drawn.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` can't be drawn: use `call` or `interaction`")]
pub struct NotAUnit(pub String);

impl FromStr for Unit {
    type Err = NotAUnit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        (Self::ALL.into_iter())
            .find(|unit| unit.as_str() == text)
            .ok_or_else(|| NotAUnit(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_comes_back_from_its_word() {
        for unit in Unit::ALL {
            assert_eq!(unit.to_string().parse(), Ok(unit));
        }
        let told = "leg".parse::<Unit>().map_err(|bad| bad.to_string());
        assert_eq!(
            told,
            Err("`leg` can't be drawn: use `call` or `interaction`".to_owned())
        );
    }

    #[test]
    fn one_is_told_from_several() {
        let told = [0, 1, 2].map(|count| Unit::Interaction.counted(count));
        assert_eq!(told, ["0 journeys", "1 journey", "2 journeys"]);
        assert_eq!(Unit::Call.counted(1), "1 call");
    }
}
