use super::scores::{Domain, Question};
use super::{Align, Cell, Column, Figure, GapFigure, SampleFacts, Scores, Table};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;

/// Scores per caller type.
#[derive(Clone, Debug)]
pub struct CallerTypes {
    pub rows: Vec<CallerTypeRow>,
    /// Internal minus external.
    pub gap: Option<GapFigure>,
}

#[derive(Clone, Debug)]
pub struct CallerTypeRow {
    pub caller_type: CallerType,
    /// Calls of the frame, as logged.
    pub eligible: u64,
    /// Scored calls, as heard.
    pub scored: u64,
    pub score: Option<Figure>,
    pub score_before_critical: Option<Figure>,
    pub critical_free: Option<Figure>,
}

impl CallerTypes {
    /// Estimates the table.
    ///
    /// # Errors
    /// See [`Scores::new`].
    pub fn new(samples: &[SampleFacts], scores: &Scores) -> Result<Self, EstimateError> {
        let mut rows = Vec::new();
        for caller_type in CallerType::ALL {
            let domain = Domain {
                csr: None,
                caller_type: Some(caller_type),
            };
            let cells = samples.iter().flat_map(|sample| &sample.cells);
            let eligible = cells
                .filter(|cell| cell.caller_type == caller_type)
                .map(|cell| cell.eligible)
                .sum();
            let scored = scores.scored(domain);
            if caller_type == CallerType::Unknown && eligible == 0 && scored == 0 {
                continue;
            }
            rows.push(CallerTypeRow {
                caller_type,
                eligible,
                scored,
                score: scores.mean(Question::Score, domain)?,
                score_before_critical: scores.mean(Question::BeforeCritical, domain)?,
                critical_free: scores.critical_free(domain)?,
            });
        }
        let gap = scores.gaps(&[None])?.pop().flatten();
        Ok(Self { rows, gap })
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "caller_type",
            "Scores per caller type",
            vec![
                Column::new("caller_type", "Caller type", Align::Left),
                Column::new("eligible", "Calls", Align::Right),
                Column::new("scored", "Scored", Align::Right),
                Column::new("score", "Score", Align::Left),
                Column::new("score_before_critical", "Before criticals", Align::Left),
                Column::new("critical_free", "Without critical error", Align::Left),
            ],
        );
        for row in &self.rows {
            table.push(vec![
                Cell::text(row.caller_type.as_str()),
                Cell::Count(row.eligible),
                Cell::Count(row.scored),
                Cell::score(row.score.as_ref()),
                Cell::score(row.score_before_critical.as_ref()),
                Cell::share(row.critical_free.as_ref()),
            ]);
        }
        table
    }
}
