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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let pattern = Regex::new("^1[0-9]{3}$").expect("pattern");
        for (test, told) in [
            (
                CellTest::Matches(pattern),
                "`from` matches `^1[0-9]{3}$`: internal",
            ),
            (
                CellTest::Is("PSTN".to_owned()),
                "`from` is `PSTN`: internal",
            ),
            (CellTest::Empty(true), "`from` is empty: internal"),
            (CellTest::Empty(false), "`from` is not empty: internal"),
        ] {
            let rule = CallerRule {
                column: ColumnName::Header("from".to_owned()),
                test,
                gives: CallerType::Internal,
            };
            assert_eq!(rule.to_string(), told);
        }
        assert_eq!(ColumnName::Position(3).to_string(), "3");
    }

    #[test]
    fn a_value_is_compared_without_case_and_outer_blanks_and_a_pattern_with_them() {
        let is = CellTest::Is(" Straße ".to_owned());
        assert!(is.matches("STRAßE"));
        assert!(!is.matches("Straßen"));
        let pattern = CellTest::Matches(Regex::new("^x$").expect("pattern"));
        assert!(pattern.matches("x"));
        assert!(!pattern.matches("X"));
        assert!(!pattern.matches(" x"));
    }

    #[test]
    fn a_cell_of_blanks_is_empty() {
        assert!(CellTest::Empty(true).matches(" \u{a0}"));
        assert!(!CellTest::Empty(false).matches(""));
        assert!(CellTest::Empty(false).matches("-"));
    }
}
