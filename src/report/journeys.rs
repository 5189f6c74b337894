//! Each drawn customer, followed from call to call.

mod summary;

pub use summary::JourneySummary;

use super::listing::name_samples;
use super::{Align, CallFacts, Cell, Column, Explanation, Note, Rules, SampleFacts, Table};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::rubric::Rubric;

/// Table `journeys`: a line for each call, journey after journey in draw-number order, and what all of them say together.
#[derive(Clone, Debug)]
pub struct Journeys {
    pub rows: Vec<JourneyRow>,
    pub summary: JourneySummary,
}

/// One drawn journey.
#[derive(Clone, Debug)]
pub struct JourneyRow {
    pub sample: String,
    /// The interaction id, or the call's where there is none.
    pub journey: String,
    /// Place of its stratum in the sample.
    pub(super) stratum: usize,
    /// In the order of time, at least one.
    pub legs: Vec<LegRow>,
}

/// One call of a journey. The CSR and the caller type are as heard, once it is scored.
#[derive(Clone, Debug)]
pub struct LegRow {
    pub call_id: String,
    /// As logged.
    pub started_at: Option<String>,
    pub csr: String,
    pub caller_type: CallerType,
    pub queue: Option<String>,
    /// `open`, `scored` or `unscorable`.
    pub state: &'static str,
    pub score: Option<f64>,
    pub score_before_critical: Option<f64>,
    pub outcome: Option<&'static str>,
    pub fell: Option<Fell>,
}

/// Where a call lost most: what triggered its first critical error, else the first of the behaviors that cost it most.
#[derive(Clone, Debug, PartialEq)]
pub struct Fell {
    pub section: String,
    pub behavior: String,
    pub text: String,
    /// Points of 100 that it cost; `None` where it doesn't count for the score.
    pub lost: Option<f64>,
    pub critical: bool,
}

impl JourneyRow {
    /// Whose the first call was.
    pub fn began(&self) -> Option<CallerType> {
        self.legs.first().map(|leg| leg.caller_type)
    }

    /// Whether the customer came to another CSR.
    pub fn is_handed_off(&self) -> bool {
        let mut csrs = self.legs.iter().map(|leg| &leg.csr);
        let first = csrs.next();
        csrs.any(|csr| Some(csr) != first)
    }

    /// Whether a co-worker called in it.
    pub fn has_internal(&self) -> bool {
        let mut types = self.legs.iter().map(|leg| leg.caller_type);
        types.any(|caller_type| caller_type == CallerType::Internal)
    }
}

impl Journeys {
    /// Follows the journeys of samples of such.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let rows: Vec<Vec<JourneyRow>> = samples.iter().map(|one| rows(rubric, one)).collect();
        let summary = JourneySummary::new(rubric, samples, &rows, rules)?;
        Ok(Self {
            rows: rows.into_iter().flatten().collect(),
            summary,
        })
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = vec![Note::new(
            "fell",
            "Where it fell: the behavior with a critical error, else the one that cost the call most points of 100.",
        )];
        let fell = self
            .rows
            .iter()
            .flat_map(|row| &row.legs)
            .any(|leg| leg.fell.is_some());
        if !fell {
            notes.clear();
        }
        notes.extend(self.summary.notes());
        notes
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::new("journey", "Journey", Align::Left),
            Column::new("leg", "Leg", Align::Right),
            Column::new("started_at", "Started", Align::Left).spare(2),
            Column::new("csr", "CSR", Align::Left),
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("queue", "Queue", Align::Left).spare(3),
            Column::new("call_id", "Call", Align::Left),
            Column::new("state", "State", Align::Left).spare(4),
            Column::new("score", "Score", Align::Right),
            Column::new("outcome", "Outcome", Align::Left).spare(1),
            Column::new("fell", "Where it fell", Align::Left),
            Column::new("lost", "Points lost", Align::Right),
        ];
        let mut table = Table::new("journeys", "Journeys", columns);
        let legs = || {
            self.rows
                .iter()
                .flat_map(|row| row.legs.iter().map(move |leg| (row, leg)))
        };
        for row in &self.rows {
            for (leg, number) in row.legs.iter().zip(1..) {
                let fell = leg.fell.as_ref();
                table.push(vec![
                    Cell::text(&row.journey),
                    Cell::Count(number),
                    Cell::text(leg.started_at.as_deref().unwrap_or_default()),
                    Cell::text(&leg.csr),
                    Cell::text(leg.caller_type.as_str()),
                    Cell::text(leg.queue.as_deref().unwrap_or_default()),
                    Cell::text(&leg.call_id),
                    Cell::text(leg.state),
                    Cell::number(leg.score),
                    Cell::text(leg.outcome.unwrap_or_default()),
                    Cell::text(&fell.map(Fell::told).unwrap_or_default()),
                    Cell::number(fell.and_then(|fell| fell.lost)),
                ]);
            }
        }
        name_samples(&mut table, legs().map(|(row, _)| row.sample.as_str()));
        table
    }
}

impl Fell {
    /// For a cell.
    fn told(&self) -> String {
        match self.critical {
            true => format!("{} (critical)", self.text),
            false => self.text.clone(),
        }
    }
}

/// The journeys of one sample.
fn rows(rubric: &Rubric, sample: &SampleFacts) -> Vec<JourneyRow> {
    let mut rows: Vec<JourneyRow> = Vec::new();
    for call in &sample.calls {
        let journey = call.journey.as_ref().unwrap_or(&call.call_id);
        if rows.last().is_none_or(|row| row.journey != *journey) {
            rows.push(JourneyRow {
                sample: sample.name.clone(),
                journey: journey.clone(),
                stratum: call.stratum,
                legs: Vec::new(),
            });
        }
        if let Some(row) = rows.last_mut() {
            row.legs.push(leg(rubric, call));
        }
    }
    rows
}

fn leg(rubric: &Rubric, call: &CallFacts) -> LegRow {
    let scored = call.scored();
    let evaluation = call.counting().filter(|_| !call.is_unscorable());
    LegRow {
        call_id: call.call_id.clone(),
        started_at: call.started.clone(),
        csr: scored.csr_heard().to_owned(),
        caller_type: evaluation.map_or(call.caller_type, |heard| heard.caller_type),
        queue: call.queue.clone(),
        state: match evaluation {
            _ if call.is_unscorable() => "unscorable",
            Some(_) => "scored",
            None => "open",
        },
        score: evaluation.and_then(|evaluation| evaluation.score),
        score_before_critical: evaluation.and_then(|evaluation| evaluation.score_before_critical),
        outcome: evaluation
            .and_then(|evaluation| evaluation.outcome)
            .map(|outcome| outcome.as_str()),
        fell: evaluation
            .and_then(|evaluation| fell(&Explanation::new(rubric, &call.csr, evaluation, true))),
    }
}

/// Less than any rubric can mean: what is left of adding up shares of 100.
const NOTHING: f64 = 1e-9;

fn fell(explanation: &Explanation) -> Option<Fell> {
    let lost = |line: &super::Line| Some(line.possible? - line.earned?);
    let critical = explanation.lines.iter().find(|line| line.critical);
    let most = || {
        let mut most: Option<(&super::Line, f64)> = None;
        for line in &explanation.lines {
            let lost = lost(line).unwrap_or(0.0);
            if lost > most.map_or(NOTHING, |(_, most)| most + NOTHING) {
                most = Some((line, lost));
            }
        }
        most.map(|(line, _)| line)
    };
    let line = critical.or_else(most)?;
    Some(Fell {
        section: line.section.clone(),
        behavior: line.behavior.clone(),
        text: line.text.clone(),
        lost: lost(line),
        critical: line.critical,
    })
}
