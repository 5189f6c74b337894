use std::fmt;

use super::Role;

/// A column as a profile names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnName {
    /// The header's text; case, spaces, `_` and `-` don't matter.
    Header(String),
    /// 1-based position.
    Position(usize),
}

impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => f.write_str(name),
            Self::Position(at) => write!(f, "{at}"),
        }
    }
}

/// Names of one column in exports of different making, in the order in which they are tried: the first that is there counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChoice(pub Vec<ColumnName>);

impl ColumnChoice {
    /// By its header alone.
    pub fn header(name: &str) -> Self {
        Self(vec![ColumnName::Header(name.to_owned())])
    }

    /// By its position alone, from 1.
    pub fn position(at: usize) -> Self {
        Self(vec![ColumnName::Position(at)])
    }
}

impl fmt::Display for ColumnChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("` or `")?;
            }
            write!(f, "{name}")?;
        }
        Ok(())
    }
}

/// The column that a profile gives a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedColumn {
    pub role: Role,
    pub column: ColumnChoice,
    /// A log without it is no worse for that.
    pub optional: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_as_they_are_put_between_backticks() {
        assert_eq!(ColumnChoice::position(3).to_string(), "3");
        let two = ColumnChoice(vec![
            ColumnName::Header("ANI".to_owned()),
            ColumnName::Header("Remote".to_owned()),
        ]);
        assert_eq!(format!("`{two}`"), "`ANI` or `Remote`");
    }
}
