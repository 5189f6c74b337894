use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::drawn::call_of;
use super::tags::tag;
use super::{Design, Digest, DrawNumber, DrawnCall, Stratum, StratumDraw};
use crate::calls::{CallerType, Cells, Filter, Role, RowView};

/// What isn't kept any more.
pub(super) enum Kicked {
    Nothing,
    /// There were too many.
    Last(Box<KeptRow>),
    /// The call was there already.
    Copy(Box<KeptRow>),
}

/// The smallest draw numbers of one stratum.
pub(super) struct Kept {
    stratum: Stratum,
    quota: u64,
    pub(super) rows: BTreeMap<DrawNumber, Box<KeptRow>>,
}

impl Kept {
    pub(super) fn new(stratum: Stratum, quota: u64) -> Self {
        Self {
            stratum,
            quota,
            rows: BTreeMap::new(),
        }
    }

    /// Calls to draw and reserves.
    fn room(&self) -> usize {
        let room = self.quota.saturating_add(Design::reserves(self.quota));
        usize::try_from(room).unwrap_or(usize::MAX)
    }

    /// Whether there is no more room: then a call may have been turned away.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= self.room()
    }

    /// A call with a larger tag would be pushed out again at once.
    pub(super) fn limit(&self) -> u64 {
        let last = self.rows.last_key_value().filter(|_| self.is_full());
        match last {
            Some((number, _)) => tag(*number),
            None if self.room() == 0 => 0,
            None => u64::MAX,
        }
    }

    /// Keeps a row. Of two copies of a call the one with the smaller text stays, so that row order doesn't matter.
    pub(super) fn insert(&mut self, number: DrawNumber, mut row: Box<KeptRow>) -> Kicked {
        match self.rows.entry(number) {
            Entry::Occupied(mut there) => {
                if row.cmp(there.get()).is_lt() {
                    std::mem::swap(&mut row, there.get_mut());
                }
                return Kicked::Copy(row);
            }
            Entry::Vacant(free) => {
                free.insert(row);
            }
        }
        if self.rows.len() > self.room()
            && let Some((_, row)) = self.rows.pop_last()
        {
            return Kicked::Last(row);
        }
        Kicked::Nothing
    }

    /// `filter` is that of the log which the rows are from.
    pub(super) fn draw(self, filter: &Filter) -> StratumDraw {
        let mut calls: Vec<DrawnCall> = (self.rows.into_iter().zip(1..))
            .map(|((draw_number, row), position)| DrawnCall {
                draw_number,
                position,
                unit_id: None,
                call: call_of(filter, &row.view(filter)),
            })
            .collect();
        let drawn = calls
            .len()
            .min(usize::try_from(self.quota).unwrap_or(usize::MAX));
        let mut reserves = calls.split_off(drawn);
        reserves.truncate(usize::try_from(Design::reserves(drawn as u64)).unwrap_or(usize::MAX));
        StratumDraw {
            stratum: self.stratum,
            eligible: 0,
            quota: self.quota,
            digest: Digest::default(),
            calls,
            reserves,
        }
    }
}

/// A row of which it isn't known yet whether it is drawn. Many come and go, so it is small: cells one behind the other.
pub(super) struct KeptRow {
    line: u64,
    caller_type: CallerType,
    text: String,
    ends: Vec<usize>,
}

impl KeptRow {
    pub(super) fn new(filter: &Filter, row: &RowView<'_>) -> Self {
        let mut kept = Self {
            line: row.line,
            caller_type: row.caller_type,
            text: String::new(),
            ends: Vec::new(),
        };
        kept.become_row(filter, row);
        kept
    }

    /// Takes another row in, in the same memory.
    pub(super) fn become_row(&mut self, filter: &Filter, row: &RowView<'_>) {
        self.line = row.line;
        self.caller_type = row.caller_type;
        self.text.clear();
        self.ends.clear();
        for column in 0..filter.columns().names().len() {
            self.text.push_str(row.cells.cell(column));
            self.ends.push(self.text.len());
        }
        // Behind the columns, an id that was put together.
        if filter.columns().makes_ids() {
            self.text.push_str(row.call_id);
            self.ends.push(self.text.len());
        }
    }

    pub(super) fn view<'v>(&'v self, filter: &'v Filter) -> RowView<'v> {
        let cell = |role| filter.columns().of(role).map_or("", |at| self.cell(at));
        RowView {
            line: self.line,
            call_id: match filter.columns().makes_ids() {
                true => self.cell(filter.columns().names().len()),
                false => cell(Role::CallId),
            },
            csr: filter.columns().csr(self),
            caller_type: self.caller_type,
            cells: self,
        }
    }

    fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|column| self.cell(column))
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        let texts = self.cells().cmp(other.cells());
        texts.then(self.line.cmp(&other.line))
    }
}

impl Cells for KeptRow {
    fn cell(&self, column: usize) -> &str {
        let Some(end) = self.ends.get(column) else {
            return "";
        };
        let begin = column.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin..*end]
    }
}
