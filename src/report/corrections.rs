//! Where analysts heard another caller type or CSR than the log says.

use std::collections::BTreeMap;

use super::{Align, Cell, Column, Note, SampleFacts, Table};
use crate::evaluation::ScoredCall;

/// Per CSR as logged, in alphabetical order. Plain counts of the evaluations that count: this is about the log, not
/// about the calls of a period.
#[derive(Clone, Debug)]
pub struct Corrections {
    pub rows: Vec<CorrectionRow>,
    /// All CSRs together.
    pub total: CorrectionRow,
}

#[derive(Clone, Debug, Default)]
pub struct CorrectionRow {
    /// `None` for the total.
    pub csr: Option<String>,
    pub scored: u64,
    /// Of these, heard with another caller type, and with another CSR.
    pub caller_types: u64,
    pub csrs: u64,
}

/// One call in so many, and more, is too much: 5 %.
const MANY: u64 = 20;

impl Corrections {
    /// Counts. Facts whose CSRs a roster has renamed hold no correction from one spelling to another.
    pub fn new(samples: &[SampleFacts]) -> Self {
        let mut rows: BTreeMap<&str, CorrectionRow> = BTreeMap::new();
        let mut total = CorrectionRow::default();
        for call in samples.iter().flat_map(SampleFacts::inside) {
            rows.entry(&call.csr).or_default().call(&call.scored());
            total.call(&call.scored());
        }
        let rows = rows.into_iter().map(|(csr, row)| CorrectionRow {
            csr: Some(csr.to_owned()),
            ..row
        });
        Self {
            rows: rows.collect(),
            total,
        }
    }

    /// What every report says of them; nothing where there is none.
    pub(super) fn notes(total: &CorrectionRow) -> Vec<Note> {
        let of_scored = |corrections: u64, share: Option<f64>| {
            let share = 100.0 * share.unwrap_or_default();
            format!(
                "{corrections} of {} scored calls ({share:.1} %)",
                total.scored
            )
        };
        let caller_types = of_scored(total.caller_types, total.caller_type_share());
        let what = match (total.caller_types, total.csrs) {
            (0, 0) => return Vec::new(),
            (_, 0) => format!("caller type in {caller_types}"),
            (0, csrs) => format!("CSR in {}", of_scored(csrs, total.csr_share())),
            (_, csrs) => format!("caller type in {caller_types}, CSR in {csrs}"),
        };
        let text = format!("Heard otherwise than logged: {what}.");
        let mut notes = vec![Note::new("corrections", text)];
        notes.extend(total.many_note());
        notes
    }

    /// As a neutral table; the total is its last row.
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::new("csr", "CSR as logged", Align::Left),
            Column::new("scored", "Scored", Align::Right),
            Column::new("caller_type_heard", "Other caller type heard", Align::Right),
            Column::new("caller_type_share", "Share", Align::Right),
            Column::new("csr_heard", "Other CSR heard", Align::Right),
            Column::new("csr_share", "Share", Align::Right),
        ];
        let mut table = Table::new("corrections", "Heard otherwise than logged", columns);
        let share = |share: Option<f64>| {
            share.map_or(Cell::Missing, |share| {
                Cell::Text(format!("{:.1} %", 100.0 * share))
            })
        };
        let cells = |row: &CorrectionRow| {
            vec![
                Cell::text(row.csr.as_deref().unwrap_or("All CSRs")),
                Cell::Count(row.scored),
                Cell::Count(row.caller_types),
                share(row.caller_type_share()),
                Cell::Count(row.csrs),
                share(row.csr_share()),
            ]
        };
        for row in &self.rows {
            table.push(cells(row));
        }
        table.push_total(cells(&self.total));
        table
    }
}

impl CorrectionRow {
    /// The share (0-1) of the scored calls; `None` without any.
    pub fn caller_type_share(&self) -> Option<f64> {
        self.share(self.caller_types)
    }

    /// As [`CorrectionRow::caller_type_share`], of CSRs.
    pub fn csr_share(&self) -> Option<f64> {
        self.share(self.csrs)
    }

    fn share(&self, corrections: u64) -> Option<f64> {
        (self.scored > 0).then(|| corrections as f64 / self.scored as f64)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.scored += other.scored;
        self.caller_types += other.caller_types;
        self.csrs += other.csrs;
    }

    pub(super) fn call(&mut self, call: &ScoredCall<'_>) {
        let Some(evaluation) = &call.counting else {
            return;
        };
        self.scored += 1;
        self.caller_types += u64::from(evaluation.caller_type != call.caller_type);
        self.csrs += u64::from(call.csr_heard() != call.csr);
    }

    fn many_note(&self) -> Option<Note> {
        let many = |corrections: u64| corrections * MANY > self.scored;
        let what = match (many(self.caller_types), many(self.csrs)) {
            (false, false) => return None,
            (true, false) => "another caller type",
            (false, true) => "another CSR",
            (true, true) => "another caller type, and another CSR,",
        };
        let text = format!(
            "Analysts heard {what} than logged in more than 5 % of the scored calls: the log's tags can't be trusted. Strata \
             are as logged, figures as heard. Mend the tags, or the rules of the profile, before the next draw."
        );
        Some(Note::new("many-corrections", text))
    }
}
