use std::collections::BTreeSet;

use super::scores::{Domain, Question};
use super::{Align, Cell, Column, Figure, GapFigure, SampleFacts, Scores, Table};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;

/// Scores per CSR, in alphabetical order: no ranks.
#[derive(Clone, Debug)]
pub struct Csrs {
    pub rows: Vec<CsrRow>,
    /// All CSRs together.
    pub total: CsrRow,
}

#[derive(Clone, Debug)]
pub struct CsrRow {
    /// `None` for the total.
    pub csr: Option<String>,
    /// Calls of the frame, as logged.
    pub eligible: u64,
    /// Scored calls, as heard.
    pub scored: u64,
    pub score: Option<Figure>,
    pub internal: Option<Figure>,
    pub external: Option<Figure>,
    pub gap: Option<GapFigure>,
    pub critical_free: Option<Figure>,
}

impl Csrs {
    /// Estimates the table.
    ///
    /// # Errors
    /// See [`Scores::new`].
    pub fn new(samples: &[SampleFacts], scores: &Scores) -> Result<Self, EstimateError> {
        let logged = samples
            .iter()
            .flat_map(|sample| &sample.cells)
            .map(|cell| cell.csr.as_str());
        let names: BTreeSet<&str> = logged.chain(scores.csrs()).collect();
        let keys: Vec<Option<&str>> = names.into_iter().map(Some).collect();
        let gaps = scores.gaps(&keys)?;
        let mut rows = Vec::new();
        for (csr, gap) in keys.into_iter().zip(gaps) {
            rows.push(row(samples, scores, csr, gap)?);
        }
        let gap = scores.gaps(&[None])?.pop().flatten();
        let total = row(samples, scores, None, gap)?;
        Ok(Self { rows, total })
    }

    /// As a neutral table; the total is its last row.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "csr",
            "Scores per CSR",
            vec![
                Column::new("csr", "CSR", Align::Left),
                Column::new("eligible", "Calls", Align::Right),
                Column::new("scored", "Scored", Align::Right),
                Column::new("score", "Score", Align::Left),
                Column::new("internal", "Internal", Align::Left),
                Column::new("external", "External", Align::Left),
                Column::new("gap", "Gap", Align::Left),
                Column::new("critical_free", "Without critical error", Align::Left),
            ],
        );
        let cells = |row: &CsrRow| {
            vec![
                Cell::text(row.csr.as_deref().unwrap_or("All CSRs")),
                Cell::Count(row.eligible),
                Cell::Count(row.scored),
                Cell::score(row.score.as_ref()),
                Cell::score(row.internal.as_ref()),
                Cell::score(row.external.as_ref()),
                row.gap.clone().map_or(Cell::Missing, Cell::Gap),
                Cell::share(row.critical_free.as_ref()),
            ]
        };
        for row in &self.rows {
            table.push(cells(row));
        }
        table.push_total(cells(&self.total));
        table
    }
}

fn row(
    samples: &[SampleFacts],
    scores: &Scores,
    csr: Option<&str>,
    gap: Option<GapFigure>,
) -> Result<CsrRow, EstimateError> {
    let all = Domain {
        csr,
        caller_type: None,
    };
    let of = |caller_type| Domain {
        csr,
        caller_type: Some(caller_type),
    };
    let cells = samples.iter().flat_map(|sample| &sample.cells);
    let mine = cells.filter(|cell| csr.is_none_or(|csr| csr == cell.csr));
    Ok(CsrRow {
        csr: csr.map(str::to_owned),
        eligible: mine.map(|cell| cell.eligible).sum(),
        scored: scores.scored(all),
        score: scores.mean(Question::Score, all)?,
        internal: scores.mean(Question::Score, of(CallerType::Internal))?,
        external: scores.mean(Question::Score, of(CallerType::External))?,
        gap,
        critical_free: scores.critical_free(all)?,
    })
}
