use std::collections::BTreeMap;

use super::drawn::call_of;
use crate::calls::{Call, CallerType, Filter, Refusal, RowSink, RowView};

/// Finds calls in a log by their ids.
pub struct Picker {
    filter: Filter,
    /// By id, what was found of each wanted call.
    found: BTreeMap<String, Found>,
}

/// What a log has of a wanted call.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    Nothing,
    Call(Box<Call>),
    /// Rows that disagree on who served whom: it isn't clear which call is meant.
    Several {
        lines: Vec<u64>,
    },
}

impl Picker {
    /// A picker for these ids, in the log that `filter` was made for.
    pub fn new<'a>(filter: Filter, ids: impl IntoIterator<Item = &'a str>) -> Self {
        let nothing = |id: &str| (id.to_owned(), Found::Nothing);
        Self {
            filter,
            found: ids.into_iter().map(nothing).collect(),
        }
    }

    /// An empty picker of the same ids, for another part of the log.
    pub fn sibling(&self) -> Self {
        Self::new(self.filter.clone(), self.found.keys().map(String::as_str))
    }

    /// What was found, by id.
    pub fn finish(self) -> BTreeMap<String, Found> {
        self.found
    }
}

impl Found {
    fn join(&mut self, other: Self) {
        *self = match (std::mem::replace(self, Self::Nothing), other) {
            (Self::Nothing, found) | (found, Self::Nothing) => found,
            (Self::Call(one), Self::Call(two)) if tags(&one) == tags(&two) => {
                // As a draw does, so that row order doesn't matter.
                let first = (&one.fields, one.line) <= (&two.fields, two.line);
                Self::Call(if first { one } else { two })
            }
            (one, two) => {
                let mut lines = one.lines();
                lines.extend(two.lines());
                lines.sort_unstable();
                Self::Several { lines }
            }
        };
    }

    fn lines(self) -> Vec<u64> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Call(call) => vec![call.line],
            Self::Several { lines } => lines,
        }
    }
}

fn tags(call: &Call) -> (&str, CallerType) {
    (&call.csr, call.caller_type)
}

impl RowSink for Picker {
    fn row(&mut self, row: &RowView<'_>) {
        // A ring that nobody answered may have the id of the call that somebody did.
        if !self.filter.columns().is_call(row.cells) {
            return;
        }
        if let Some(found) = self.found.get_mut(row.call_id) {
            found.join(Found::Call(Box::new(call_of(&self.filter, row))));
        }
    }

    fn refused(&mut self, _reason: Refusal, _line: u64) {}

    fn merge(&mut self, other: Self) {
        for (id, theirs) in other.found {
            self.found.entry(id).or_insert(Found::Nothing).join(theirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{Cells, ColumnChoice, ColumnValues, Columns, Eligibility, Profile};

    struct Three<'a>([&'a str; 3]);

    impl Cells for Three<'_> {
        fn cell(&self, column: usize) -> &str {
            self.0.get(column).copied().unwrap_or("")
        }
    }

    fn found(parts: &[&[(u64, [&str; 3])]]) -> BTreeMap<String, Found> {
        found_with(&Profile::default(), parts)
    }

    fn found_with(profile: &Profile, parts: &[&[(u64, [&str; 3])]]) -> BTreeMap<String, Found> {
        let names = ["call_id", "csr", "caller_type"].map(str::to_owned);
        let columns = Columns::find(names.to_vec(), profile).expect("columns");
        let filter = Filter::new(&Eligibility::default(), &columns).expect("filter");
        let mut whole = Picker::new(filter, ["1", "2", "3"]);
        for rows in parts {
            let mut part = whole.sibling();
            for (line, cells) in *rows {
                part.row(&RowView {
                    line: *line,
                    call_id: cells[0],
                    csr: cells[1],
                    caller_type: cells[2].parse().expect("caller type"),
                    cells: &Three(*cells),
                });
            }
            whole.merge(part);
        }
        whole.finish()
    }

    #[test]
    fn a_call_is_found_once_whatever_part_of_the_log_it_is_in() {
        let (one, copy) = ((2, ["1", "Ada", "internal"]), (9, ["1", "Ada", "internal"]));
        let other = (3, ["7", "Ada", "internal"]);
        for parts in [
            [&[one, other][..], &[copy][..]],
            [&[copy][..], &[other, one][..]],
        ] {
            let found = found(&parts);
            assert!(matches!(&found["1"], Found::Call(call) if call.line == 2));
            assert_eq!(found["2"], Found::Nothing);
            assert_eq!(found.len(), 3);
        }
    }

    #[test]
    fn rows_that_disagree_leave_it_open_which_call_is_meant() {
        let rows = [
            (5, ["2", "Ada", "internal"]),
            (4, ["2", "Ben", "internal"]),
            (8, ["2", "Ada", "internal"]),
        ];
        for parts in [[&rows[..1], &rows[1..]], [&rows[1..], &rows[..1]]] {
            let lines = vec![4, 5, 8];
            assert_eq!(found(&parts)["2"], Found::Several { lines });
        }
    }

    #[test]
    fn a_row_that_is_no_call_is_not_meant() {
        let only = Profile {
            only: vec![ColumnValues {
                column: ColumnChoice::header("csr"),
                values: vec!["Ada".to_owned()],
            }],
            ..Profile::default()
        };
        let rows = [
            (2, ["1", "nobody", "internal"]),
            (3, ["1", "Ada", "internal"]),
            (4, ["2", "nobody", "internal"]),
        ];
        let found = found_with(&only, &[&rows]);
        assert!(matches!(&found["1"], Found::Call(call) if call.line == 3));
        assert_eq!(found["2"], Found::Nothing);
    }
}
