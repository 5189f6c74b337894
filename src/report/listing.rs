//! One line per evaluation, and one per answer.

use jiff::Timestamp;

use super::{Align, CallFacts, Cell, Column, SampleFacts, Table};
use crate::evaluation::Evaluation;
use crate::rubric::Rubric;

/// Table `calls`.
#[derive(Clone, Debug)]
pub struct Calls {
    pub rows: Vec<CallRow>,
}

/// One evaluation.
#[derive(Clone, Debug)]
pub struct CallRow {
    pub call_id: String,
    pub csr: String,
    pub caller_type: &'static str,
    pub analyst: String,
    pub score: Option<f64>,
    pub score_before_critical: Option<f64>,
    pub outcome: Option<&'static str>,
    /// Behavior ids.
    pub critical: Vec<String>,
    pub counts: bool,
    pub seconds: Option<f64>,
    pub completed_at: Timestamp,
    pub evaluation_revision: u32,
}

/// Table `answers`.
#[derive(Clone, Debug)]
pub struct Answers {
    pub rows: Vec<AnswerRow>,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    pub call_id: String,
    pub csr: String,
    pub caller_type: &'static str,
    pub analyst: String,
    pub section: String,
    pub behavior: String,
    /// The answer's id, or `na`.
    pub answer: String,
    /// Points earned; `None` for N/A.
    pub points: Option<f64>,
    pub full: f64,
    pub comment: String,
}

fn evaluated(samples: &[SampleFacts]) -> impl Iterator<Item = (&CallFacts, &Evaluation, bool)> {
    let calls = samples.iter().flat_map(|sample| &sample.calls);
    calls.flat_map(|call| {
        call.evaluations
            .iter()
            .map(move |facts| (call, &facts.evaluation, facts.counts))
    })
}

impl Calls {
    /// In draw-number order.
    pub fn new(rubric: &Rubric, samples: &[SampleFacts]) -> Self {
        let row = |(call, evaluation, counts): (&CallFacts, &Evaluation, bool)| CallRow {
            call_id: call.call_id.clone(),
            csr: evaluation
                .csr_heard
                .clone()
                .unwrap_or_else(|| call.csr.clone()),
            caller_type: evaluation.caller_type.as_str(),
            analyst: evaluation.analyst.clone(),
            score: evaluation.score,
            score_before_critical: evaluation.score_before_critical,
            outcome: evaluation.outcome.map(|outcome| outcome.as_str()),
            critical: evaluation
                .criticals
                .iter()
                .map(|at| rubric.behaviors()[*at].id.clone())
                .collect(),
            counts,
            seconds: evaluation.seconds,
            completed_at: evaluation.completed_at,
            evaluation_revision: evaluation.evaluation_revision,
        };
        Self {
            rows: evaluated(samples).map(row).collect(),
        }
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "calls",
            "Scored calls",
            vec![
                Column::new("call_id", "Call", Align::Left),
                Column::new("csr", "CSR", Align::Left),
                Column::new("caller_type", "Caller type", Align::Left),
                Column::new("analyst", "Analyst", Align::Left),
                Column::new("score", "Score", Align::Right),
                Column::new("score_before_critical", "Before criticals", Align::Right),
                Column::new("outcome", "Outcome", Align::Left),
                Column::new("critical", "Critical", Align::Left),
                Column::new("counts", "Counts", Align::Left),
                Column::new("completed_at", "Completed", Align::Left),
            ],
        );
        for row in &self.rows {
            table.push(vec![
                Cell::text(&row.call_id),
                Cell::text(&row.csr),
                Cell::text(row.caller_type),
                Cell::text(&row.analyst),
                Cell::number(row.score),
                Cell::number(row.score_before_critical),
                Cell::text(row.outcome.unwrap_or_default()),
                Cell::text(&row.critical.join(" ")),
                Cell::text(if row.counts { "yes" } else { "no" }),
                Cell::text(&row.completed_at.to_string()),
            ]);
        }
        table
    }
}

impl Answers {
    /// In draw-number order, then the rubric's.
    pub fn new(rubric: &Rubric, samples: &[SampleFacts]) -> Self {
        let mut rows = Vec::new();
        for (call, evaluation, _) in evaluated(samples) {
            for (at, behavior) in rubric.behaviors().iter().enumerate() {
                let Some(answer) = evaluation.answers[at] else {
                    continue;
                };
                rows.push(AnswerRow {
                    call_id: call.call_id.clone(),
                    csr: evaluation
                        .csr_heard
                        .clone()
                        .unwrap_or_else(|| call.csr.clone()),
                    caller_type: evaluation.caller_type.as_str(),
                    analyst: evaluation.analyst.clone(),
                    section: rubric.sections()[behavior.section].id.clone(),
                    behavior: behavior.id.clone(),
                    answer: behavior.scale.id_of(answer).to_owned(),
                    points: behavior.scale.option(answer).map(|option| option.points),
                    full: behavior.scale.full,
                    comment: evaluation.comments.get(at).cloned().unwrap_or_default(),
                });
            }
        }
        Self { rows }
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "answers",
            "Answers",
            vec![
                Column::new("call_id", "Call", Align::Left),
                Column::new("csr", "CSR", Align::Left),
                Column::new("caller_type", "Caller type", Align::Left),
                Column::new("analyst", "Analyst", Align::Left),
                Column::new("section", "Section", Align::Left),
                Column::new("behavior", "Behavior", Align::Left),
                Column::new("answer", "Answer", Align::Left),
                Column::new("points", "Points", Align::Right),
                Column::new("full", "Full", Align::Right),
                Column::new("comment", "Comment", Align::Left),
            ],
        );
        for row in &self.rows {
            table.push(vec![
                Cell::text(&row.call_id),
                Cell::text(&row.csr),
                Cell::text(row.caller_type),
                Cell::text(&row.analyst),
                Cell::text(&row.section),
                Cell::text(&row.behavior),
                Cell::text(&row.answer),
                Cell::number(row.points),
                Cell::Number(row.full),
                Cell::text(&row.comment),
            ]);
        }
        table
    }
}
