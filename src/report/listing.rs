//! One line per evaluation, and one per answer.

use jiff::Timestamp;

use super::{Align, CallFacts, Cell, Column, RubricSample, SampleFacts, Table};
use crate::evaluation::Evaluation;

/// Table `calls`.
#[derive(Clone, Debug)]
pub struct Calls {
    pub rows: Vec<CallRow>,
}

/// One evaluation.
#[derive(Clone, Debug)]
pub struct CallRow {
    pub sample: String,
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
    pub sample: String,
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

fn evaluated(sample: &SampleFacts) -> impl Iterator<Item = (&CallFacts, &Evaluation, bool)> {
    sample.inside().flat_map(|call| {
        call.evaluations
            .iter()
            .map(move |facts| (call, &facts.evaluation, facts.counts))
    })
}

/// Puts the sample of each row first, where there are several.
pub(super) fn name_samples<'a>(table: &mut Table, samples: impl Iterator<Item = &'a str> + Clone) {
    let mut others = samples.clone();
    let first = others.next();
    if others.all(|other| Some(other) == first) {
        return;
    }
    let column = Column::new("sample", "Sample", Align::Left);
    table.columns.insert(0, column);
    for (row, sample) in table.rows.iter_mut().zip(samples) {
        row.insert(0, Cell::text(sample));
    }
}

impl Calls {
    /// Sample after sample, in draw-number order.
    pub fn new(samples: &[RubricSample<'_>]) -> Self {
        let mut rows = Vec::new();
        for RubricSample { rubric, sample } in samples {
            for (call, evaluation, counts) in evaluated(sample) {
                let critical = evaluation.criticals.iter();
                rows.push(CallRow {
                    sample: sample.name.clone(),
                    call_id: call.call_id.clone(),
                    csr: evaluation.csr_heard.as_ref().unwrap_or(&call.csr).clone(),
                    caller_type: evaluation.caller_type.as_str(),
                    analyst: evaluation.analyst.clone(),
                    score: evaluation.score,
                    score_before_critical: evaluation.score_before_critical,
                    outcome: evaluation.outcome.map(|outcome| outcome.as_str()),
                    critical: critical
                        .map(|at| rubric.behaviors()[*at].id.clone())
                        .collect(),
                    counts,
                    seconds: evaluation.seconds,
                    completed_at: evaluation.completed_at,
                    evaluation_revision: evaluation.evaluation_revision,
                });
            }
        }
        Self { rows }
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let columns = vec![
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
        ];
        let mut table = Table::new("calls", "Scored calls", columns);
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
                Cell::Instant(row.completed_at),
            ]);
        }
        name_samples(&mut table, self.rows.iter().map(|row| row.sample.as_str()));
        table
    }
}

impl Answers {
    /// Sample after sample, in draw-number order, then the rubric's.
    pub fn new(samples: &[RubricSample<'_>]) -> Self {
        let mut rows = Vec::new();
        for RubricSample { rubric, sample } in samples {
            for (call, evaluation, _) in evaluated(sample) {
                for (at, behavior) in rubric.behaviors().iter().enumerate() {
                    let Some(answer) = evaluation.answers[at] else {
                        continue;
                    };
                    rows.push(AnswerRow {
                        sample: sample.name.clone(),
                        call_id: call.call_id.clone(),
                        csr: evaluation.csr_heard.as_ref().unwrap_or(&call.csr).clone(),
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
        }
        Self { rows }
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let columns = vec![
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
        ];
        let mut table = Table::new("answers", "Answers", columns);
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
        name_samples(&mut table, self.rows.iter().map(|row| row.sample.as_str()));
        table
    }
}
