use std::fmt;

use regex::Regex;

use super::Extensions;
use super::number::{digits, without_signs};

/// What a rule asks of a cell.
#[derive(Clone, Debug)]
pub enum CellTest {
    /// The pattern is found in the cell.
    Matches(Regex),
    /// The cell is this text, without regard to case and outer blanks.
    Is(String),
    /// The cell is one of these texts, compared likewise.
    OneOf(Vec<String>),
    /// The cell is blank (`true`) or isn't (`false`).
    Empty(bool),
    /// The cell has digits, but fewer than so many; what else it has doesn't count.
    ShorterThan(usize),
    /// The cell, a number, begins with one of these, without the signs that are only there to be read.
    Prefix(Vec<String>),
    /// The cell is one of these numbers of the company.
    Extensions(Extensions),
}

impl CellTest {
    /// The cell begins with one of these numbers, whatever blanks, dashes and brackets either has.
    pub fn begins_with<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Prefix(numbers.into_iter().map(without_signs).collect())
    }

    /// Whether a cell passes.
    pub fn matches(&self, cell: &str) -> bool {
        match self {
            Self::Matches(pattern) => pattern.is_match(cell),
            Self::Is(text) => same(text, cell),
            Self::OneOf(texts) => texts.iter().any(|text| same(text, cell)),
            Self::Empty(wanted) => cell.trim().is_empty() == *wanted,
            Self::ShorterThan(length) => (1..*length).contains(&digits(cell)),
            Self::Prefix(prefixes) => {
                let number = without_signs(cell);
                let begins = |prefix: &String| number.starts_with(prefix.as_str());
                prefixes.iter().any(begins)
            }
            Self::Extensions(extensions) => extensions.has(cell),
        }
    }
}

fn same(text: &str, cell: &str) -> bool {
    let (cell, text) = (cell.trim(), text.trim());
    // Most are ASCII, and no text has to be made for that.
    cell.eq_ignore_ascii_case(text)
        || !(cell.is_ascii() && text.is_ascii()) && cell.to_lowercase() == text.to_lowercase()
}

/// As it stands behind the column's name.
impl fmt::Display for CellTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Matches(pattern) => write!(f, "matches `{pattern}`"),
            Self::Is(text) => write!(f, "is `{text}`"),
            Self::OneOf(texts) => write!(f, "is one of `{}`", texts.join("`, `")),
            Self::Empty(true) => f.write_str("is empty"),
            Self::Empty(false) => f.write_str("is not empty"),
            Self::ShorterThan(length) => write!(f, "has fewer than {length} digits"),
            Self::Prefix(prefixes) => write!(f, "begins with `{}`", prefixes.join("` or `")),
            Self::Extensions(extensions) => write!(f, "is an extension of {extensions}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_compared_without_case_and_outer_blanks_and_a_pattern_with_them() {
        let is = CellTest::Is(" Straße ".to_owned());
        assert!(is.matches("STRAßE"));
        assert!(!is.matches("Straßen"));
        let one_of = CellTest::OneOf(vec!["from-pstn".to_owned(), "From-Trunk".to_owned()]);
        assert!(one_of.matches(" FROM-TRUNK"));
        assert!(!one_of.matches("from-trunk2"));
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

    #[test]
    fn a_short_number_has_few_digits_but_some() {
        let short = CellTest::ShorterThan(6);
        for cell in ["1", "4711", "12-345", " 100 ", "Ann (831)"] {
            assert!(short.matches(cell), "{cell}");
        }
        for cell in ["", " ", "anonymous", "123456", "+49 30 12"] {
            assert!(!short.matches(cell), "{cell}");
        }
    }

    #[test]
    fn a_number_begins_with_another_however_both_are_written() {
        let own = CellTest::begins_with(["+49 30 1234", "(0711) 5-"]);
        for cell in ["+49301234", "+49 (30) 1234-17", "07115", "0711/599"] {
            assert!(own.matches(cell), "{cell}");
        }
        for cell in ["", "+4930123", "0049301234", "00711 5"] {
            assert!(!own.matches(cell), "{cell}");
        }
    }
}
