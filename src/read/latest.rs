//! Of several records of one call the one that was updated last: systems that deliver at least once send a call again with
//! what they have learnt since.

use std::collections::{HashMap, HashSet};

use crate::calls::{Refusal, RowSink, RowView};

/// Finds the records of which there is a later one.
pub(super) struct Latest {
    /// The column with the time of the update; its texts are in the order of the times (ISO 8601 in one zone).
    column: usize,
    /// By call, the latest update and the lines that have it.
    latest: HashMap<String, (String, Vec<u64>)>,
    older: HashSet<u64>,
}

impl Latest {
    pub(super) fn new(column: usize) -> Self {
        Self {
            column,
            latest: HashMap::new(),
            older: HashSet::new(),
        }
    }

    /// Lines of records of which there is a later one.
    pub(super) fn superseded(self) -> HashSet<u64> {
        self.older
    }

    fn note(&mut self, call_id: &str, update: &str, lines: &[u64]) {
        let Some((latest, newest)) = self.latest.get_mut(call_id) else {
            let new = (update.to_owned(), lines.to_vec());
            self.latest.insert(call_id.to_owned(), new);
            return;
        };
        match update.cmp(latest.as_str()) {
            std::cmp::Ordering::Less => self.older.extend(lines),
            std::cmp::Ordering::Equal => newest.extend(lines),
            std::cmp::Ordering::Greater => {
                self.older.extend(newest.drain(..));
                newest.extend(lines);
                update.clone_into(latest);
            }
        }
    }
}

impl RowSink for Latest {
    fn row(&mut self, row: &RowView<'_>) {
        self.note(row.call_id, row.cells.cell(self.column).trim(), &[row.line]);
    }

    fn refused(&mut self, _reason: Refusal, _line: u64) {}

    fn merge(&mut self, other: Self) {
        self.older.extend(other.older);
        for (call_id, (update, lines)) in other.latest {
            self.note(&call_id, &update, &lines);
        }
    }
}
