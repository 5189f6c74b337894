//! Of several records of one call the one that was updated last: systems that deliver at least once send a call again with
//! what they have learnt since.

use std::collections::HashMap;

use crate::calls::{Refusal, RowSink, RowView};

/// Finds the last update of every call.
pub(super) struct Latest {
    /// The column with the time of the update; its texts are in the order of the times (ISO 8601 in one zone).
    column: usize,
    /// By call, the last update, and whether there was an earlier one.
    latest: HashMap<String, (String, bool)>,
}

impl Latest {
    pub(super) fn new(column: usize) -> Self {
        Self {
            column,
            latest: HashMap::new(),
        }
    }

    /// The last update of calls that have been updated.
    pub(super) fn updates(self) -> HashMap<String, String> {
        let updated = self.latest.into_iter().filter(|(_, (_, again))| *again);
        updated
            .map(|(call_id, (last, _))| (call_id, last))
            .collect()
    }

    fn note(&mut self, call_id: &str, update: &str, before: bool) {
        let Some((last, again)) = self.latest.get_mut(call_id) else {
            let new = (update.to_owned(), before);
            self.latest.insert(call_id.to_owned(), new);
            return;
        };
        *again |= before || update != last;
        if update > last.as_str() {
            update.clone_into(last);
        }
    }
}

impl RowSink for Latest {
    fn row(&mut self, row: &RowView<'_>) {
        self.note(row.call_id, row.cells.cell(self.column).trim(), false);
    }

    fn refused(&mut self, _reason: Refusal, _line: u64) {}

    fn merge(&mut self, other: Self) {
        for (call_id, (update, again)) in other.latest {
            self.note(&call_id, &update, again);
        }
    }
}
