//! Shapes of rows that are calls, journeys, analysts or samples, one by one.

use serde_json::{Value, json};

use super::tables::{figure, gap};
use crate::report::{
    AnalystRow, AnswerRow, CallRow, CorrectionRow, Journeys, LegRow, PickedRow, SampleLine,
};

/// A sample's line in its table; above the tables stands a shorter one.
pub(super) fn sample(row: &SampleLine) -> Value {
    json!({
        "sample": row.name,
        "from": row.period.map(|(from, _)| from.to_string()),
        "to": row.period.map(|(_, to)| to.to_string()),
        "seed": row.seed,
        "unit": row.unit.as_str(),
        "logs": row.logs,
        "calls_in_log": row.calls_in_log,
        "eligible": row.eligible,
        "drawn": row.drawn,
        "scored": row.scored,
        "unscorable": row.unscorable,
        "inside": row.inside,
    })
}

pub(super) fn journeys(table: &Journeys) -> Value {
    let rows = table.rows.iter().map(|row| {
        json!({
            "sample": row.sample,
            "journey": row.journey,
            "began": row.began().map(|caller_type| caller_type.as_str()),
            "handed_off": row.is_handed_off(),
            "legs": row.legs.iter().zip(1..).map(leg).collect::<Vec<_>>(),
        })
    });
    let summary = &table.summary;
    json!({
        "name": "journeys",
        "rows": rows.collect::<Vec<_>>(),
        "summary": {
            "journeys": summary.eligible,
            "calls": summary.calls,
            "calls_each": summary.calls_each(),
            "drawn": summary.drawn,
            "drawn_calls": summary.drawn_calls,
            "scored": summary.scored,
            "handed_off": figure(summary.handed_off.as_ref()),
            "begun_by_external": summary.external,
            "with_internal": summary.external_with_internal,
            "internal_follows_external": figure(summary.internal_follows.as_ref()),
            "first": figure(summary.first.as_ref()),
            "later": figure(summary.later.as_ref()),
            "gap": gap(summary.gap.as_ref()),
        },
    })
}

pub(super) fn leg((row, number): (&LegRow, u64)) -> Value {
    json!({
        "leg": number,
        "call_id": row.call_id,
        "started_at": row.started_at,
        "csr": row.csr,
        "caller_type": row.caller_type.as_str(),
        "queue": row.queue,
        "state": row.state,
        "score": row.score,
        "score_before_critical": row.score_before_critical,
        "outcome": row.outcome,
        "fell": row.fell.as_ref().map(|fell| json!({
            "section": fell.section,
            "behavior": fell.behavior,
            "text": fell.text,
            "lost": fell.lost,
            "critical": fell.critical,
        })),
    })
}

pub(super) fn analyst(row: &AnalystRow) -> Value {
    json!({
        "analyst": row.analyst,
        "calls": row.calls,
        "seconds": row.seconds,
        "times_length": row.times_length,
        "repeated": row.repeated,
        "unscorable": row.unscorable,
        "unscorable_share": row.unscorable_share,
    })
}

pub(super) fn call(row: &CallRow) -> Value {
    json!({
        "sample": row.sample,
        "call_id": row.call_id,
        "csr": row.csr,
        "caller_type": row.caller_type,
        "analyst": row.analyst,
        "score": row.score,
        "score_before_critical": row.score_before_critical,
        "outcome": row.outcome,
        "critical": row.critical,
        "counts": row.counts,
        "seconds": row.seconds,
        "completed_at": row.completed_at.to_string(),
        "evaluation_revision": row.evaluation_revision,
    })
}

pub(super) fn answer(row: &AnswerRow) -> Value {
    json!({
        "sample": row.sample,
        "call_id": row.call_id,
        "csr": row.csr,
        "caller_type": row.caller_type,
        "analyst": row.analyst,
        "section": row.section,
        "behavior": row.behavior,
        "answer": row.answer,
        "points": row.points,
        "full": row.full,
        "comment": Some(&row.comment).filter(|comment| !comment.is_empty()),
    })
}

pub(super) fn correction(row: &CorrectionRow) -> Value {
    json!({
        "csr": row.csr,
        "scored": row.scored,
        "caller_type_heard": row.caller_types,
        "caller_type_share": row.caller_type_share(),
        "csr_heard": row.csrs,
        "csr_share": row.csr_share(),
    })
}

pub(super) fn picked(row: &PickedRow) -> Value {
    json!({
        "sample": row.sample,
        "call_id": row.call_id,
        "csr": row.csr,
        "caller_type": row.caller_type,
        "why": row.why,
        "note": row.note,
        "analyst": row.analyst,
        "score": row.score,
        "score_before_critical": row.score_before_critical,
        "outcome": row.outcome,
        "drawn": row.drawn,
        "state": row.state,
    })
}
