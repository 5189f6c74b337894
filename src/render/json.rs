//! The JSON shapes, declared here and versioned by their `schema`. Missing is null.

mod coach;
mod compared;
mod comparisons;
mod lists;
mod rubrics;
mod simple;
mod tables;

use serde_json::{Value, json};

use crate::report::{
    DrawFacts, DrawReport, Explanation, FoundBy, Frame, LogReport, Note, Refusal, RubricReport,
    SampleList,
};

pub use coach::coach;
pub use compared::comparison;
pub use comparisons::{agreements, calibration, estimates};
pub use rubrics::rubric_changes;
pub use simple::rows;
pub use tables::{ReportJson, report};

/// Indented, with a line end.
pub fn to_text(value: &Value) -> String {
    format!("{value:#}\n")
}

fn notes(notes: &[Note]) -> Vec<Value> {
    notes
        .iter()
        .map(|note| json!({"code": note.code, "text": note.text}))
        .collect()
}

/// `evenhand.explain/1`: one entry per analyst.
pub fn explanation(drawn: &DrawFacts, parts: &[Explanation]) -> Value {
    let evaluations = parts.iter().map(|part| {
        let sections = part.sections.iter().map(|section| {
            json!({
                "id": section.id,
                "weight": section.weight,
                "result": section.result,
                "zeroed": section.zeroed,
            })
        });
        let lines = part.lines.iter().map(|line| {
            json!({
                "section": line.section,
                "behavior": line.behavior,
                "text": line.text,
                "answer": line.answer,
                "weight": line.weight,
                "result": line.result,
                "possible": line.possible,
                "earned": line.earned,
                "critical": line.critical,
                "comment": Some(&line.comment).filter(|comment| !comment.is_empty()),
            })
        });
        json!({
            "call_id": part.call_id,
            "csr": part.csr,
            "caller_type": part.caller_type,
            "analyst": part.analyst,
            "evaluation_revision": part.evaluation_revision,
            "counts": part.counts,
            "score": part.score,
            "score_before_critical": part.score_before_critical,
            "outcome": part.outcome,
            "band": part.band,
            "sections": sections.collect::<Vec<_>>(),
            "behaviors": lines.collect::<Vec<_>>(),
            "steps": notes(&part.steps),
            "remarks": part.remarks,
        })
    });
    let place = drawn.place.as_ref();
    let leg = place.and_then(|place| place.leg.as_ref());
    json!({
        "schema": "evenhand.explain/1",
        "sample": drawn.sample,
        "draw": {
            "seed": drawn.seed,
            "draw_number": drawn.draw_number,
            "position": place.map(|place| place.position),
            "stratum": place.map(|place| &place.stratum),
            "eligible": place.map(|place| place.eligible),
            "quota": place.map(|place| place.quota),
            "reserve": place.is_some_and(|place| place.reserve),
            "journey": leg.map(|leg| &leg.journey),
            "leg": leg.map(|leg| leg.number),
            "legs": leg.map(|leg| leg.of),
            "log": place.and_then(|place| place.log.as_ref()),
        },
        "picked": drawn.picked,
        "evaluations": evaluations.collect::<Vec<_>>(),
    })
}

/// `evenhand.draw/1`.
pub fn draw(report: &DrawReport) -> Value {
    let frame = &report.frame;
    let strata = frame.strata.iter().map(|stratum| {
        json!({
            "csr": stratum.stratum.csr,
            "caller_type": stratum.stratum.caller_type.map(|caller_type| caller_type.as_str()),
            "eligible": stratum.eligible,
            "drawn": stratum.drawn_units(),
            "digest": stratum.digest.to_string(),
        })
    });
    let calls = report.drawn().into_iter().map(|drawn| {
        let fields = drawn
            .call
            .fields
            .iter()
            .map(|(name, text)| (name.clone(), json!(text)));
        json!({
            "call_id": drawn.call.call_id,
            "csr": drawn.call.csr,
            "caller_type": drawn.call.caller_type.as_str(),
            "unit_id": drawn.unit_id(),
            "draw_number": drawn.draw_number.to_string(),
            "position": drawn.position,
            "file": report.lines.place(drawn.call.line).0,
            "line": report.lines.place(drawn.call.line).1,
            "fields": fields.collect::<serde_json::Map<_, _>>(),
        })
    });
    let assignments = report.assignments.iter().map(|assignment| {
        json!({
            "call_id": assignment.call_id,
            "analyst": assignment.analyst,
            "second": assignment.second,
        })
    });
    json!({
        "schema": "evenhand.draw/1",
        "sample": {
            "name": report.name,
            "seed": report.seed,
            "rubric": report.rubric,
            "unit": report.unit.as_str(),
            "design": report.design,
            "batch": report.batch,
            "frame_digest": frame.digest.to_string(),
            "calls_in_log": frame.rows,
            "eligible": frame.eligible,
            "journeys": frame.journeys.map(|count| count.journeys),
            "without_interaction_id": frame.journeys.map(|count| count.nameless),
            "seen_before": frame.seen_before.iter().sum::<u64>(),
        },
        "strata": strata.collect::<Vec<_>>(),
        "calls": calls.collect::<Vec<_>>(),
        "assignments": assignments.collect::<Vec<_>>(),
        "refused": refused(frame),
    })
}

fn refused(frame: &Frame) -> Value {
    let counts = Refusal::ALL.into_iter().map(|reason| {
        (
            reason.as_str().to_owned(),
            json!(frame.refused.count(reason)),
        )
    });
    Value::Object(counts.collect())
}

/// Line numbers; of a log of several files, with the file of each.
fn lines_in(report: &LogReport, reason: Refusal) -> Value {
    let lines = report.frame.refused.lines(reason);
    let place = |line: &u64| match report.lines.place(*line) {
        (None, line) => json!(line),
        (Some(file), line) => json!({"file": file, "line": line}),
    };
    lines.iter().map(place).collect()
}

/// `evenhand.log/1`.
pub fn log(report: &LogReport, problems: bool) -> Value {
    let frame = &report.frame;
    let columns = report.columns.found().iter().map(|found| {
        json!({
            "role": found.role.as_str(),
            "column": report.columns.names()[found.column],
            "columns": report.names_of(found.role),
            "found_by": match found.by {
                FoundBy::Name => "name",
                FoundBy::Synonym => "synonym",
                FoundBy::Profile => "profile",
            },
        })
    });
    let values = report.seen.values.iter().map(|(value, (caller_type, rows))| {
        json!({"value": value, "caller_type": caller_type.as_str(), "rows": rows})
    });
    let rules = report.columns.rules().zip(&report.seen.rules).map(|(rule, (rows, examples))| {
        json!({"rule": rule.to_string(), "rows": rows, "examples": examples})
    });
    let cells = frame.cells.iter().map(|cell| {
        json!({"csr": cell.csr, "caller_type": cell.caller_type.as_str(), "calls": cell.eligible})
    });
    let lines = Refusal::ALL
        .into_iter()
        .map(|reason| (reason.as_str().to_owned(), lines_in(report, reason)));
    let listed = || {
        let rows = report.problem_rows().into_iter();
        let row = |(file, line, problem)| json!({"file": file, "line": line, "problem": problem});
        rows.map(row).collect::<Vec<_>>()
    };
    json!({
        "schema": "evenhand.log/1",
        "file": report.file,
        "files": report.files,
        "rows": frame.rows,
        "eligible": frame.eligible,
        "not_eligible": frame.not_eligible,
        "period": frame.period.map(|(from, to)| json!({"from": from.to_string(), "to": to.to_string()})),
        "columns": columns.collect::<Vec<_>>(),
        "other_columns": report.other_columns(),
        "caller_type_values": values.collect::<Vec<_>>(),
        "caller_type_rules": rules.collect::<Vec<_>>(),
        "cells": cells.collect::<Vec<_>>(),
        "refused": refused(frame),
        "mended": report.mended.iter().map(|(_, lines)| lines.len()).sum::<usize>(),
        "problems": problems.then(listed),
        "refused_lines": lines.collect::<serde_json::Map<_, _>>(),
        "unread_times": report.seen.unread_times,
        "unread_durations": report.seen.unread_durations,
        "negative_durations": report.seen.negative_durations,
        "starts_before_1980": report.seen.nowhen,
        "rounded_ids": report.rounded_ids,
        "wall_clock": report.seen.wall_clock,
        "incomplete": report.seen.incomplete.map(|(rows, line)| json!({"rows": rows, "first_line": line})),
    })
}

/// `evenhand.samples/1`.
pub fn samples(list: &SampleList) -> Value {
    let rows = list.rows.iter().map(|row| {
        json!({
            "name": row.name,
            "seed": row.seed,
            "rubric": row.rubric,
            "log": row.logs.first(),
            "logs": row.logs,
            "unit": row.unit.as_str(),
            "design": row.design,
            "drawn_at": row.drawn_at,
            "calls_in_log": row.calls_in_log,
            "eligible": row.eligible,
            "drawn": row.drawn,
            "queued": row.queued,
            "draft": row.draft,
            "complete": row.complete,
            "unscorable": row.unscorable,
            "withdrawn": row.withdrawn.as_ref().map(|(at, reason)| json!({"at": at, "reason": reason})),
        })
    });
    json!({"schema": "evenhand.samples/1", "samples": rows.collect::<Vec<_>>()})
}

/// `evenhand.rubric/1`.
pub fn rubric(report: &RubricReport) -> Value {
    let rubric = &report.rubric;
    let hex = |bytes: [u8; 32]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let sections = rubric.sections().iter().map(|section| {
        let behaviors = rubric.behaviors()[section.behaviors.clone()].iter().map(|behavior| {
            let answers = behavior.scale.options.iter().map(|option| {
                json!({"id": option.id, "key": option.key, "text": option.text, "points": option.points})
            });
            let show_if = behavior.show_if.as_ref().map(|show_if| {
                let other = &rubric.behaviors()[show_if.behavior];
                let is = show_if.is.iter().map(|answer| other.scale.id_of(*answer)).collect::<Vec<_>>();
                json!({"behavior": other.id, "is": is})
            });
            let critical = behavior.critical.as_ref().map(|critical| {
                let on = critical.on.iter().map(|answer| behavior.scale.id_of(*answer)).collect::<Vec<_>>();
                json!({
                    "family": critical.family.as_str(),
                    "on": on,
                    "scope": critical.scope.as_str(),
                    "effect": critical.effect.as_str(),
                })
            });
            json!({
                "id": behavior.id,
                "text": behavior.text,
                "look_for": behavior.look_for,
                "answers": answers.collect::<Vec<_>>(),
                "full": behavior.scale.full,
                "weight": behavior.weight,
                "internal": behavior.applies_to.internal,
                "external": behavior.applies_to.external,
                "na": behavior.na.as_str(),
                "comment": behavior.comment.as_str(),
                "critical": critical,
                "show_if": show_if,
            })
        });
        json!({
            "id": section.id,
            "title": section.title,
            "weight": section.weight,
            "behaviors": behaviors.collect::<Vec<_>>(),
        })
    });
    let drivers = rubric
        .drivers()
        .iter()
        .map(|driver| json!({"id": driver.id, "text": driver.text, "avoidable": driver.avoidable, "minutes": driver.minutes}));
    json!({
        "schema": "evenhand.rubric/1",
        "id": rubric.id(),
        "title": rubric.title(),
        "revision": rubric.revision(),
        "hash": hex(rubric.hash()),
        "scoring_hash": hex(rubric.scoring_hash()),
        "weigh": rubric.weigh().as_str(),
        "bonus": rubric.bonus(),
        "pass_mark": rubric.pass_mark(),
        "cost_per_minute": rubric.cost().map(|cost| cost.per_minute),
        "currency": rubric.cost().map(|cost| &cost.currency).filter(|currency| !currency.is_empty()),
        "bands": rubric.bands().iter().map(|band| json!({"from": band.from, "name": band.name})).collect::<Vec<_>>(),
        "sections": sections.collect::<Vec<_>>(),
        "drivers": drivers.collect::<Vec<_>>(),
    })
}
