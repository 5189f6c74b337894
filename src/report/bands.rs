//! How many calls fall into each band of the rubric, by the score that counts: after criticals.

use super::caller_types::weighted_note;
use super::estimates::{Estimates, Sums};
use super::strata::Domain;
use super::{Align, Cell, Column, FOOTER, Figure, Note, Rules, SampleFacts, Table};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::evaluation::ScoredCall;
use crate::rubric::Rubric;

/// Table `bands`.
#[derive(Clone, Debug)]
pub struct Bands {
    /// From the highest band down.
    pub rows: Vec<BandRow>,
}

/// The share (0-1) of calls in one band.
#[derive(Clone, Debug)]
pub struct BandRow {
    pub name: String,
    /// The least score in it.
    pub from: f64,
    pub internal: Option<Figure>,
    pub external: Option<Figure>,
    pub all: Option<Figure>,
}

/// What shares of bands are made of, call by call.
pub struct BandSums<'a> {
    rubric: &'a Rubric,
    sums: Sums,
}

impl<'a> BandSums<'a> {
    /// Nothing yet.
    pub fn new(rubric: &'a Rubric) -> Self {
        Self {
            rubric,
            sums: Sums::new(rubric.bands().len()),
        }
    }

    /// Calls that follow are of this sample.
    pub fn begin(&mut self, sample: &SampleFacts) {
        self.sums.begin(sample);
    }

    /// Takes a call in; one without a score is in no band, and outside.
    pub fn call(&mut self, call: &ScoredCall<'_>) {
        let rubric = self.rubric;
        self.sums.call(call, |evaluation, values| {
            let band = evaluation.score.map(|score| rubric.band(score));
            for (value, own) in values.iter_mut().zip(rubric.bands()) {
                *value = band.map(|band| if band == Some(own) { 1.0 } else { 0.0 });
            }
        });
    }
}

impl Bands {
    /// Estimates from what was summed up.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(sums: BandSums<'_>, rules: Rules) -> Result<Self, EstimateError> {
        let bands = sums.rubric.bands();
        let estimates = Estimates::new(sums.sums, rules, 1.0)?;
        let mut rows = Vec::with_capacity(bands.len());
        for (at, band) in bands.iter().enumerate() {
            rows.push(BandRow {
                name: band.name.clone(),
                from: band.from,
                internal: estimates.rate(at, Domain::caller_type(CallerType::Internal))?,
                external: estimates.rate(at, Domain::caller_type(CallerType::External))?,
                all: estimates.rate(at, Domain::default())?,
            });
        }
        Ok(Self { rows })
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let text = "Bands are of full scores: where a caller type has behaviors of its own, look for gaps in the table \
                    `caller-type`.";
        vec![
            Note::detail("bands", text),
            weighted_note(),
            Note::new("margins", FOOTER),
        ]
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::new("band", "Band", Align::Left),
            Column::new("from", "From", Align::Right),
            Column::new("scored", "Calls", Align::Right).spare(2),
            Column::new("internal", "Internal", Align::Left),
            Column::new("external", "External", Align::Left),
            Column::new("all", "All", Align::Left).spare(1),
        ];
        let mut table = Table::new("bands", "Calls per band", columns);
        for row in &self.rows {
            table.push(vec![
                Cell::text(&row.name),
                Cell::Number(row.from),
                Cell::Count(row.all.as_ref().map_or(0, |figure| figure.n)),
                Cell::share(row.internal.as_ref()),
                Cell::share(row.external.as_ref()),
                Cell::share(row.all.as_ref()),
            ]);
        }
        table
    }
}
