use std::fmt;

use super::{CallerType, CellTest, ColumnChoice};

/// One rule of a profile that tells the caller type from columns.
#[derive(Clone, Debug)]
pub struct CallerRule {
    /// All of them must pass; there is one at least.
    pub asks: Vec<CellRule>,
    pub gives: CallerType,
    /// In a log that lacks a column of it the rule never matches; else such a log is refused.
    pub optional: bool,
}

/// A column and what is asked of its cells.
#[derive(Clone, Debug)]
pub struct CellRule {
    pub column: ColumnChoice,
    pub test: CellTest,
}

impl fmt::Display for CallerRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, ask) in self.asks.iter().enumerate() {
            let and = if at > 0 { " and " } else { "" };
            write!(f, "{and}`{}` {}", ask.column, ask.test)?;
        }
        write!(f, ": {}", self.gives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Extensions;
    use regex::Regex;

    fn rule(tests: Vec<CellTest>) -> CallerRule {
        let asks = tests.into_iter().zip(["from", "to"]);
        CallerRule {
            asks: asks
                .map(|(test, column)| CellRule {
                    column: ColumnChoice::header(column),
                    test,
                })
                .collect(),
            gives: CallerType::Internal,
            optional: false,
        }
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        let pattern = Regex::new("^1[0-9]{3}$").expect("pattern");
        let two = || vec!["a".to_owned(), "b".to_owned()];
        let own = Extensions::new(["1000-1999".parse().expect("a range")]);
        for (test, told) in [
            (CellTest::Matches(pattern), "matches `^1[0-9]{3}$`"),
            (CellTest::Is("PSTN".to_owned()), "is `PSTN`"),
            (CellTest::OneOf(two()), "is one of `a`, `b`"),
            (CellTest::Empty(true), "is empty"),
            (CellTest::Empty(false), "is not empty"),
            (CellTest::Prefix(two()), "begins with `a` or `b`"),
            (CellTest::Extensions(own), "is an extension of 1000-1999"),
        ] {
            assert_eq!(
                rule(vec![test]).to_string(),
                format!("`from` {told}: internal")
            );
        }
        let both = rule(vec![CellTest::ShorterThan(6), CellTest::ShorterThan(5)]);
        assert_eq!(
            both.to_string(),
            "`from` has fewer than 6 digits and `to` has fewer than 5 digits: internal"
        );
    }
}
