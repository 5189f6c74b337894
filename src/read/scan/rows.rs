//! What becomes of records, whoever cuts them: rows for a sink, or refused ones.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::calls::{CallerType, Cells, Refusal, Role, RowSink, RowView, is_rounded_id};
use crate::read::log::{CallLog, LogFile};
use crate::read::scan::RoundedIds;

/// What becomes of records, whoever cuts them.
pub(in crate::read) struct Rows<'a, S> {
    pub(in crate::read) log: &'a CallLog,
    pub(in crate::read) file: &'a LogFile,
    /// Lines of the files before this one.
    before: u64,
    id: usize,
    makes_ids: bool,
    /// The last update of calls that have been updated, and its column.
    updates: Option<(&'a HashMap<String, String>, usize)>,
    csr: usize,
    /// Whether a CSR is what stands in that column.
    plain_csr: bool,
    /// Where in a cell the CSR's name is, by the cells that were met.
    csrs: HashMap<String, Range<usize>, RandomState>,
    /// Where the caller type is told by one column alone: that column, and what its values mean.
    value: Option<usize>,
    known: Vec<(String, CallerType)>,
    pub(in crate::read) sink: S,
    pub(in crate::read) rows: u64,
    /// Some row had another number of fields.
    pub(in crate::read) unreadable: bool,
    /// Ids that have lost digits.
    pub(in crate::read) rounded: Option<RoundedIds>,
}

/// Different values of which the meaning is remembered.
const MOST_KNOWN: usize = 16;
const MOST_CSRS: usize = 4_096;

impl<'a, S: RowSink> Rows<'a, S> {
    pub(in crate::read) fn new(log: &'a CallLog, file: &'a LogFile, before: u64, sink: S) -> Self {
        // Columns are only found with both; a column that is not there has empty cells.
        let column = |role| log.columns.of(role).unwrap_or(usize::MAX);
        Self {
            log,
            file,
            before,
            id: column(Role::CallId),
            makes_ids: log.columns.makes_ids(),
            updates: log.updates.get().zip(log.columns.latest()),
            csr: column(Role::Csr),
            plain_csr: log.columns.profile().csr.is_plain(),
            value: log.columns.caller_type_column(),
            known: Vec::new(),
            csrs: HashMap::default(),
            sink,
            rows: 0,
            unreadable: false,
            rounded: None,
        }
    }

    fn caller_type(&mut self, cells: &impl Cells) -> CallerType {
        let Some(column) = self.value else {
            return self.log.columns.caller_type(cells).0;
        };
        let value = cells.cell(column);
        let known = self.known.iter().find(|(known, _)| known == value);
        if let Some((_, means)) = known {
            return *means;
        }
        let means = self.log.columns.caller_type(cells).0;
        if self.known.len() < MOST_KNOWN {
            self.known.push((value.to_owned(), means));
        }
        means
    }

    /// Whether there is a later record of the call.
    fn is_superseded(&self, call_id: &str, cells: &impl Cells) -> bool {
        let Some((updates, column)) = self.updates else {
            return false;
        };
        let last = updates.get(call_id);
        last.is_some_and(|last| cells.cell(column).trim() < last.as_str())
    }

    /// The CSR where it isn't what stands in a column.
    fn csr<'c>(&mut self, cells: &'c impl Cells) -> &'c str
    where
        'a: 'c,
    {
        let columns = &self.log.columns;
        let [column] = columns.all_of(Role::Csr) else {
            return columns.csr(cells);
        };
        let cell = cells.cell(*column);
        if let Some(name) = self.csrs.get(cell).and_then(|at| cell.get(at.clone())) {
            return name;
        }
        let csr = columns.csr(cells);
        // A name that stands in the cell stands at the same place in every cell like it.
        let from = (csr.as_ptr() as usize).checked_sub(cell.as_ptr() as usize);
        if let Some(from) = from.filter(|from| from + csr.len() <= cell.len())
            && self.csrs.len() < MOST_CSRS
        {
            self.csrs.insert(cell.to_owned(), from..from + csr.len());
        }
        csr
    }

    #[cold]
    fn note_rounded(&mut self, call_id: &str, line: u64) {
        match &mut self.rounded {
            Some(rounded) if rounded.line < line => rounded.rows += 1,
            rounded => {
                let new = RoundedIds {
                    rows: 1,
                    id: call_id.to_owned(),
                    line,
                };
                *rounded = Some(new.and(rounded.take()));
            }
        }
    }

    /// One record with so many fields.
    pub(in crate::read) fn take(&mut self, cells: &impl Cells, fields: usize, line: u64) {
        if let Some(row) = self.row(cells, fields, line) {
            self.sink.row(&row);
        }
    }

    /// Several records.
    pub(in crate::read) fn take_all<C: Cells>(&mut self, records: &[(C, usize, u64)]) {
        let rows = records.iter();
        let rows = rows.filter_map(|(cells, fields, line)| self.row(cells, *fields, *line));
        let rows: Vec<RowView<'_>> = rows.collect();
        self.sink.rows(&rows);
    }

    /// The row that a record is; `None` for one that is refused.
    fn row<'c>(&mut self, cells: &'c impl Cells, fields: usize, line: u64) -> Option<RowView<'c>>
    where
        'a: 'c,
    {
        self.rows += 1;
        let line = self.before + self.file.source.line(line);
        let call_id = match self.makes_ids {
            false => cells.cell(self.id),
            true => cells.made(&mut || self.log.columns.made_id(cells, line)),
        };
        let csr = match self.plain_csr {
            true => trimmed(cells.cell(self.csr)),
            false => self.csr(cells),
        };
        let refusal = if fields != self.file.head.names.len() {
            Refusal::Unreadable
        } else if trimmed(call_id).is_empty() {
            Refusal::MissingId
        } else if csr.is_empty() {
            Refusal::MissingCsr
        } else if self.is_superseded(call_id, cells) {
            Refusal::DuplicateId
        } else {
            if is_rounded_id(call_id) {
                self.note_rounded(call_id, line);
            }
            return Some(RowView {
                line,
                call_id,
                csr,
                caller_type: self.caller_type(cells),
                cells,
            });
        };
        self.unreadable |= refusal == Refusal::Unreadable;
        self.sink.refused(refusal, line);
        None
    }

    /// One record with bytes that are no text; whether it is only counted.
    pub(in crate::read) fn not_text(&mut self, line: u64) -> bool {
        let counted = self.log.allow_bad_rows && !self.file.head.layout.guessed;
        if counted {
            self.rows += 1;
            let line = self.before + self.file.source.line(line);
            self.sink.refused(Refusal::Unreadable, line);
        }
        counted
    }
}

/// [`str::trim`] for texts that rarely need it.
#[inline]
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Where a column of the log is in a file.
#[inline]
pub(in crate::read) fn place(places: Option<&[usize]>, column: usize) -> usize {
    match places {
        None => column,
        Some(places) => places.get(column).copied().unwrap_or(usize::MAX),
    }
}
