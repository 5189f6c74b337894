//! One CSR's sheet.

use serde_json::{Value, json};

use super::ReportJson;
use super::compared::change;
use super::lists::picked;
use super::tables::{envelope, figure};
use crate::report::{CoachSheet, ListenTo};

/// `evenhand.coach/1`. Tables with nothing to tell are empty.
pub fn coach(head: &ReportJson<'_>, sheet: &CoachSheet) -> Value {
    let scores = sheet.scores.iter().map(|row| {
        json!({
            // Null for all calls.
            "caller_type": row.caller_type.map(|kind| kind.as_str()),
            "eligible": row.eligible,
            "scored": row.scored,
            "score": figure(row.score.as_ref()),
            "score_before_critical": figure(row.score_before_critical.as_ref()),
            "all": figure(row.all.as_ref()),
        })
    });
    let behaviors = sheet.behaviors.iter().map(|row| {
        json!({
            "section": row.section,
            "behavior": row.behavior,
            "text": row.text,
            "earned": figure(Some(&row.rate)),
            "all": figure(row.all.as_ref()),
            "lost": row.lost,
        })
    });
    let criticals = sheet.criticals.iter().map(|row| {
        json!({
            "call_id": row.call_id,
            "caller_type": row.caller_type.as_str(),
            "started_at": row.started,
            "behavior": row.behavior,
            "text": row.text,
            "comment": row.comment,
        })
    });
    let comments = sheet.comments.iter().map(|row| {
        json!({
            "call_id": row.call_id,
            "caller_type": row.caller_type.as_str(),
            // Null for the call as a whole.
            "behavior": row.behavior.as_ref().map(|(id, _)| id),
            "answer": row.answer,
            "comment": row.comment,
        })
    });
    let listen = sheet.listen.iter().map(|row| {
        json!({
            "caller_type": row.caller_type.as_str(),
            "good": listen_to(row.good.as_ref()),
            "work_on": listen_to(row.work_on.as_ref()),
        })
    });
    let since = sheet.since.as_ref().map(|since| {
        let mut value = change(&since.row.score);
        value["sample"] = json!(since.sample);
        value["expected_by_luck"] = json!(since.row.by_luck);
        value
    });
    let strengths = sheet.strengths.iter().map(|one| {
        json!({"behavior": one.behavior, "text": one.text, "calls": one.calls, "all": one.all})
    });
    let named = |name: &str, rows: Vec<Value>| json!({"name": name, "rows": rows});
    let tables = vec![
        named("coach_scores", scores.collect()),
        named("coach_behaviors", behaviors.collect()),
        named("coach_critical", criticals.collect()),
        named("coach_comments", comments.collect()),
        named("coach_listen", listen.collect()),
        named("coach_since", since.into_iter().collect()),
        named("picked", sheet.picked.rows.iter().map(picked).collect()),
    ];
    let mut value = envelope("evenhand.coach/1", head, tables);
    value["csr"] = json!(sheet.csr);
    value["recognition"] = json!({
        "named": sheet.recognised.is_some(),
        // Null unless named.
        "above_team": sheet.recognised.as_ref().map(|row| row.above_team),
        "at_pass_mark": sheet.recognised.as_ref().map(|row| row.at_pass_mark),
        "pass_mark": sheet.pass_mark,
        "behaviors": strengths.collect::<Vec<_>>(),
    });
    value
}

fn listen_to(call: Option<&ListenTo>) -> Value {
    let Some(call) = call else { return Value::Null };
    json!({"call_id": call.call_id, "started_at": call.started, "score": call.score})
}
