use std::collections::BTreeMap;

use regex::Regex;

use super::{Cells, ColumnName};

/// How the CSR's name is taken from a row where it isn't simply a column's text.
#[derive(Clone, Debug, Default)]
pub struct CsrRule {
    /// The CSR stands in the first of these whose cell isn't blank; empty where one column has it.
    pub first_of: Vec<ColumnName>,
    /// Several CSRs in one cell, and which of them is meant.
    pub list: Option<CsrList>,
    /// What its only group finds is the name; a cell that it isn't found in names nobody.
    pub pattern: Option<Regex>,
    /// From a spelling to the CSR's one name; a blank name is nobody's.
    pub aliases: BTreeMap<String, String>,
}

/// A cell with several names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsrList {
    /// What stands between the names.
    pub split: String,
    pub take: Take,
}

/// Which of several names in a cell is the CSR's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    First,
    Last,
    /// A cell with several different names names nobody.
    Only,
}

impl CsrRule {
    /// Whether the CSR is a column's text as it is.
    pub fn is_plain(&self) -> bool {
        self.first_of.len() < 2
            && self.list.is_none()
            && self.pattern.is_none()
            && self.aliases.is_empty()
    }

    /// The CSR that the cells of these columns name; empty where they name nobody.
    pub(super) fn csr<'c>(&'c self, columns: &[usize], cells: &'c dyn Cells) -> &'c str {
        let mut filled = columns.iter().map(|column| cells.cell(*column).trim());
        let Some(cell) = filled.find(|cell| !cell.is_empty()) else {
            return "";
        };
        let Some(list) = &self.list else {
            return self.name(cell);
        };
        let parts = cell.split(list.split.as_str());
        let mut names = parts
            .map(|part| self.name(part.trim()))
            .filter(|name| !name.is_empty());
        match list.take {
            Take::First => names.next().unwrap_or(""),
            Take::Last => names.last().unwrap_or(""),
            Take::Only => {
                let first = names.next().unwrap_or("");
                if names.all(|name| name == first) {
                    first
                } else {
                    ""
                }
            }
        }
    }

    fn name<'c>(&'c self, text: &'c str) -> &'c str {
        let text = match &self.pattern {
            None => text,
            Some(pattern) => {
                let group = pattern.captures(text).and_then(|found| found.get(1));
                group.map_or("", |group| group.as_str().trim())
            }
        };
        self.aliases.get(text).map_or(text, String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csr(rule: &CsrRule, cells: &[&str]) -> String {
        let columns: Vec<usize> = (0..cells.len()).collect();
        rule.csr(&columns, &Row(cells)).to_owned()
    }

    struct Row<'a>(&'a [&'a str]);

    impl Cells for Row<'_> {
        fn cell(&self, column: usize) -> &str {
            self.0[column]
        }
    }

    fn pattern(text: &str) -> CsrRule {
        CsrRule {
            pattern: Some(Regex::new(text).expect("a pattern")),
            ..CsrRule::default()
        }
    }

    #[test]
    fn the_first_cell_that_is_not_blank_names_the_csr() {
        let plain = CsrRule::default();
        assert!(plain.is_plain());
        assert_eq!(csr(&plain, &[" ", " Ada ", "Ben"]), "Ada");
        assert_eq!(csr(&plain, &["", " "]), "");
        assert_eq!(csr(&plain, &[]), "");
    }

    #[test]
    fn a_pattern_takes_the_name_out_of_what_stands_around_it() {
        let name = pattern(r"^(.*) \([0-9]+\)$");
        assert_eq!(csr(&name, &["Hoehne, Info (831)"]), "Hoehne, Info");
        assert_eq!(csr(&name, &["+4930123456"]), "");
        let peer = pattern("^(?:PJSIP|SIP)/([0-9]+)-");
        assert_eq!(csr(&peer, &["PJSIP/1001-0000000a"]), "1001");
        // The first cell that isn't blank decides, whatever the pattern says of it.
        assert_eq!(csr(&peer, &["Local/1@x", "SIP/1-a"]), "");
        let maybe = pattern("^(?:a(b)|c)$");
        assert_eq!(csr(&maybe, &["c"]), "");
    }

    #[test]
    fn of_several_names_the_first_the_last_or_the_only_one_counts() {
        let list = |take| CsrRule {
            list: Some(CsrList {
                split: ";".to_owned(),
                take,
            }),
            ..CsrRule::default()
        };
        for (cell, first, last, only) in [
            ("Ada; Ben ;", "Ada", "Ben", ""),
            ("Ada", "Ada", "Ada", "Ada"),
            (" ; Ada ;Ada", "Ada", "Ada", "Ada"),
            (";", "", "", ""),
        ] {
            for (take, csr_taken) in [(Take::First, first), (Take::Last, last), (Take::Only, only)]
            {
                assert_eq!(csr(&list(take), &[cell]), csr_taken, "{cell} {take:?}");
            }
        }
    }

    #[test]
    fn spellings_lead_to_one_name_and_some_to_nobody() {
        let mut rule = pattern("^SIP/([^-]+)");
        for (spelling, name) in [("301", "Ada"), ("a.d", "Ada"), ("queue", "")] {
            rule.aliases.insert(spelling.to_owned(), name.to_owned());
        }
        assert_eq!(csr(&rule, &["SIP/301-0a"]), "Ada");
        assert_eq!(csr(&rule, &["SIP/a.d-0b"]), "Ada");
        assert_eq!(csr(&rule, &["SIP/302-0c"]), "302");
        assert_eq!(csr(&rule, &["SIP/queue-0d"]), "");
        rule.list = Some(CsrList {
            split: ",".to_owned(),
            take: Take::Only,
        });
        assert_eq!(csr(&rule, &["SIP/301-1,SIP/a.d-2,SIP/queue-3"]), "Ada");
    }
}
