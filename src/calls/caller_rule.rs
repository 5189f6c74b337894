use std::fmt;

use regex::Regex;

use super::{CallerType, ColumnName};

/// One rule of a profile that tells the caller type from a column.
#[derive(Clone, Debug)]
pub struct CallerRule {
    pub column: ColumnName,
    pub test: CellTest,
    pub gives: CallerType,
}

/// What a rule asks of a cell.
#[derive(Clone, Debug)]
pub enum CellTest {
    /// The pattern is found in the cell.
    Matches(Regex),
    /// The cell is this text, without regard to case and outer blanks.
    Is(String),
    /// The cell is blank (`true`) or isn't (`false`).
    Empty(bool),
}

impl CellTest {
    /// Whether a cell passes.
    pub fn matches(&self, cell: &str) -> bool {
        match self {
            Self::Matches(pattern) => pattern.is_match(cell),
            Self::Is(text) => cell.trim().to_lowercase() == text.trim().to_lowercase(),
            Self::Empty(wanted) => cell.trim().is_empty() == *wanted,
        }
    }
}

impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => f.write_str(name),
            Self::Position(at) => write!(f, "{at}"),
        }
    }
}

impl fmt::Display for CallerRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            CellTest::Matches(pattern) => write!(f, "`{}` matches `{pattern}`", self.column)?,
            CellTest::Is(text) => write!(f, "`{}` is `{text}`", self.column)?,
            CellTest::Empty(true) => write!(f, "`{}` is empty", self.column)?,
            CellTest::Empty(false) => write!(f, "`{}` is not empty", self.column)?,
        }
        write!(f, ": {}", self.gives)
    }
}
