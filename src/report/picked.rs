//! Calls chosen on purpose: told apart from drawn ones, and in no estimate.

use super::listing::name_samples;
use super::{Align, Cell, Column, Note, PickedFacts, SampleFacts, Table};

/// Table `picked`: one line per picked call, sample after sample.
#[derive(Clone, Debug)]
pub struct PickedCalls {
    pub rows: Vec<PickedRow>,
}

/// One picked call. The CSR and the caller type are as heard, once it is scored.
#[derive(Clone, Debug)]
pub struct PickedRow {
    pub sample: String,
    pub call_id: String,
    pub csr: String,
    pub caller_type: &'static str,
    pub why: &'static str,
    pub note: Option<String>,
    pub analyst: Option<String>,
    pub score: Option<f64>,
    pub score_before_critical: Option<f64>,
    pub outcome: Option<&'static str>,
    /// A draw has given it as well.
    pub drawn: bool,
    /// `open`, `scored` or `unscorable`.
    pub state: &'static str,
}

impl PickedCalls {
    /// Lists them.
    pub fn new(samples: &[SampleFacts]) -> Self {
        let rows = samples.iter().flat_map(|sample| {
            let row = |picked| row(&sample.name, picked);
            sample.picked.iter().map(row)
        });
        Self {
            rows: rows.collect(),
        }
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let drawn = match self.rows.iter().filter(|row| row.drawn).count() {
            0 => String::new(),
            1 => " 1 of them was drawn as well and counts as drawn.".to_owned(),
            calls => format!(" {calls} of them were drawn as well and count as drawn."),
        };
        let text = format!("Picked calls enter no estimate.{drawn}");
        vec![Note::new("picked", text)]
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::new("call_id", "Call", Align::Left),
            Column::new("csr", "CSR", Align::Left),
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("why", "Picked for", Align::Left),
            Column::new("note", "Note", Align::Left).spare(2),
            Column::new("analyst", "Analyst", Align::Left).spare(1),
            Column::new("score", "Score", Align::Right),
            Column::new("outcome", "Outcome", Align::Left),
            Column::new("drawn", "Also drawn", Align::Left).spare(3),
            Column::new("state", "State", Align::Left),
        ];
        let mut table = Table::new("picked", "Picked calls", columns);
        for row in &self.rows {
            table.push(vec![
                Cell::text(&row.call_id),
                Cell::text(&row.csr),
                Cell::text(row.caller_type),
                Cell::text(row.why),
                Cell::text(row.note.as_deref().unwrap_or_default()),
                Cell::text(row.analyst.as_deref().unwrap_or_default()),
                Cell::number(row.score),
                Cell::text(row.outcome.unwrap_or_default()),
                Cell::text(if row.drawn { "yes" } else { "no" }),
                Cell::text(row.state),
            ]);
        }
        name_samples(&mut table, self.rows.iter().map(|row| row.sample.as_str()));
        table
    }
}

fn row(sample: &str, picked: &PickedFacts) -> PickedRow {
    let evaluation = picked.counting();
    let heard = evaluation.and_then(|evaluation| evaluation.csr_heard.as_ref());
    let caller_type = evaluation.map_or(picked.caller_type, |heard| heard.caller_type);
    PickedRow {
        sample: sample.to_owned(),
        call_id: picked.call_id.clone(),
        csr: heard.unwrap_or(&picked.csr).clone(),
        caller_type: caller_type.as_str(),
        why: picked.why,
        note: picked.note.clone(),
        analyst: evaluation.map(|evaluation| evaluation.analyst.clone()),
        score: evaluation.and_then(|evaluation| evaluation.score),
        score_before_critical: evaluation.and_then(|evaluation| evaluation.score_before_critical),
        outcome: evaluation
            .and_then(|evaluation| evaluation.outcome)
            .map(|outcome| outcome.as_str()),
        drawn: picked.drawn,
        state: match evaluation {
            _ if picked.unscorable => "unscorable",
            Some(_) => "scored",
            None => "open",
        },
    }
}
