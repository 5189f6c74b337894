//! The JSON shapes, declared here and versioned by their `schema`. Missing is null.

mod comparisons;
mod rubrics;
mod simple;

use serde_json::{Value, json};

use crate::report::{
    AnalystRow, Analysts, AnswerRow, Answers, CallRow, CallerTypes, Calls, CsrRow, Csrs, DrawFacts,
    DrawReport, Explanation, Figure, FoundBy, Frame, GapFigure, LogReport, Note, Overview, RateRow,
    Rates, Refusal, RubricReport, SampleList, Teams,
};

pub use comparisons::{agreements, calibration, estimates};
pub use rubrics::rubric_changes;
pub use simple::rows;

/// What a report says of itself besides its tables.
pub struct ReportJson<'a> {
    pub generated_at: String,
    pub rubrics: Vec<Value>,
    pub overview: &'a Overview,
}

/// A table of a report.
pub enum AnyTable {
    CallerTypes(CallerTypes),
    Csrs(Box<Csrs>),
    Teams(Box<Teams>),
    Rates(Rates),
    Analysts(Analysts),
    Calls(Calls),
    Answers(Answers),
}

/// Indented, with a line end.
pub fn to_text(value: &Value) -> String {
    format!("{value:#}\n")
}

/// `evenhand.report/1`.
pub fn report(head: &ReportJson<'_>, tables: &[AnyTable]) -> Value {
    let overview = head.overview;
    let samples = overview.samples.iter().map(|sample| {
        json!({
            "name": sample.name,
            "seed": sample.seed,
            "calls_in_log": sample.calls_in_log,
            "eligible": sample.eligible,
            "drawn": sample.drawn,
            "scored": sample.scored,
            "unscorable": sample.unscorable,
        })
    });
    json!({
        "schema": "evenhand.report/1",
        "generated_at": head.generated_at,
        "period": overview.period.map(|(from, to)| json!({"from": from.to_string(), "to": to.to_string()})),
        "rubrics": head.rubrics,
        "samples": samples.collect::<Vec<_>>(),
        "tables": tables.iter().map(table).collect::<Vec<_>>(),
        "notes": notes(&overview.notes),
    })
}

fn notes(notes: &[Note]) -> Vec<Value> {
    notes
        .iter()
        .map(|note| json!({"code": note.code, "text": note.text}))
        .collect()
}

fn table(table: &AnyTable) -> Value {
    match table {
        AnyTable::CallerTypes(table) => caller_types(table),
        AnyTable::Csrs(table) => csrs(table),
        AnyTable::Teams(table) => csrs(&table.csrs),
        AnyTable::Rates(table) => json!({
            "name": table.name(),
            "rows": table.rows.iter().map(|row| rate(table, row)).collect::<Vec<_>>(),
        }),
        AnyTable::Analysts(table) => {
            json!({"name": "analysts", "rows": table.rows.iter().map(analyst).collect::<Vec<_>>()})
        }
        AnyTable::Calls(table) => {
            json!({"name": "calls", "rows": table.rows.iter().map(call).collect::<Vec<_>>()})
        }
        AnyTable::Answers(table) => {
            json!({"name": "answers", "rows": table.rows.iter().map(answer).collect::<Vec<_>>()})
        }
    }
}

fn caller_types(table: &CallerTypes) -> Value {
    let rows = table.rows.iter().map(|row| {
        json!({
            "caller_type": row.caller_type.as_str(),
            "eligible": row.eligible,
            "scored": row.scored,
            "unscorable": row.unscorable,
            "score": figure(row.score.as_ref()),
            "score_before_critical": figure(row.score_before_critical.as_ref()),
            "like_for_like": figure(row.like_for_like.as_ref()),
            "passed": figure(row.passed.as_ref()),
            "critical_free": figure(row.critical_free.as_ref()),
        })
    });
    json!({"name": "caller_type", "rows": rows.collect::<Vec<_>>(), "gap": gap(table.gap.as_ref())})
}

fn csrs(table: &Csrs) -> Value {
    let row = |row: &CsrRow| csr(table.who.key(), row);
    let mut value = json!({
        "name": table.who.key(),
        "rows": table.rows.iter().map(row).collect::<Vec<_>>(),
        "total": row(&table.total),
    });
    if let Some(found) = &table.steadied {
        for (json, row) in value["rows"]
            .as_array_mut()
            .into_iter()
            .flatten()
            .zip(&table.rows)
        {
            json["steadied"] = json!(row.steadied);
        }
        value["steadied"] = json!({
            "center": found.center,
            "observed_spread": found.observed_spread,
            "real_spread": found.real_spread,
            "between_variance": found.between_variance,
        });
    }
    value
}

fn rate(table: &Rates, row: &RateRow) -> Value {
    let mut value = json!({
        table.id_key(): row.id,
        "text": row.text,
        "internal": figure(row.internal.as_ref()),
        "external": figure(row.external.as_ref()),
        "all": figure(row.all.as_ref()),
        "gap": gap(row.gap.as_ref()),
    });
    if let Some(section) = &row.section {
        value["section"] = json!(section);
    }
    if let Some(avoidable) = row.avoidable {
        value["avoidable"] = json!(avoidable);
        value["of_avoidable"] = figure(row.of_avoidable.as_ref());
    }
    value
}

fn csr(key: &str, row: &CsrRow) -> Value {
    json!({
        // No team has an empty name.
        key: row.csr.as_ref().filter(|name| !name.is_empty()),
        "eligible": row.eligible,
        "scored": row.scored,
        "unscorable": row.unscorable,
        "score": figure(row.score.as_ref()),
        "score_before_critical": figure(row.score_before_critical.as_ref()),
        "internal": figure(row.internal.as_ref()),
        "external": figure(row.external.as_ref()),
        "gap": gap(row.gap.as_ref()),
        "passed": figure(row.passed.as_ref()),
        "critical_free": figure(row.critical_free.as_ref()),
    })
}

fn figure(figure: Option<&Figure>) -> Value {
    let Some(figure) = figure else {
        return Value::Null;
    };
    json!({
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "n": figure.n,
        "df": figure.df,
        "precision": figure.precision.word(),
        "borrowed": figure.borrowed,
    })
}

fn gap(gap: Option<&GapFigure>) -> Value {
    let Some(gap) = gap else { return Value::Null };
    json!({
        "value": gap.value,
        "low": gap.low,
        "high": gap.high,
        "df": gap.df,
        "p": gap.p,
        "q": gap.q,
        "noticeable": gap.noticeable,
        "verdict": gap.verdict,
        "borrowed": gap.borrowed,
    })
}

fn analyst(row: &AnalystRow) -> Value {
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

fn call(row: &CallRow) -> Value {
    json!({
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

fn answer(row: &AnswerRow) -> Value {
    json!({
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
        })
    });
    let place = drawn.place.as_ref();
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
            "drawn": stratum.calls.len(),
            "digest": stratum.digest.to_string(),
        })
    });
    let mut drawn: Vec<_> = frame
        .strata
        .iter()
        .flat_map(|stratum| &stratum.calls)
        .collect();
    drawn.sort_by(|a, b| (a.draw_number, &a.call.call_id).cmp(&(b.draw_number, &b.call.call_id)));
    let calls = drawn.into_iter().map(|drawn| {
        let fields = drawn
            .call
            .fields
            .iter()
            .map(|(name, text)| (name.clone(), json!(text)));
        json!({
            "call_id": drawn.call.call_id,
            "csr": drawn.call.csr,
            "caller_type": drawn.call.caller_type.as_str(),
            "draw_number": drawn.draw_number.to_string(),
            "position": drawn.position,
            "line": drawn.call.line,
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
            "design": report.design,
            "batch": report.batch,
            "frame_digest": frame.digest.to_string(),
            "calls_in_log": frame.rows,
            "eligible": frame.eligible,
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

/// `evenhand.log/1`.
pub fn log(report: &LogReport) -> Value {
    let frame = &report.frame;
    let columns = report.columns.found().iter().map(|found| {
        json!({
            "role": found.role.as_str(),
            "column": report.columns.names()[found.column],
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
    let lines = Refusal::ALL.into_iter().map(|reason| {
        (
            reason.as_str().to_owned(),
            json!(frame.refused.lines(reason)),
        )
    });
    json!({
        "schema": "evenhand.log/1",
        "file": report.file,
        "rows": frame.rows,
        "eligible": frame.eligible,
        "period": frame.period.map(|(from, to)| json!({"from": from.to_string(), "to": to.to_string()})),
        "columns": columns.collect::<Vec<_>>(),
        "other_columns": report.other_columns(),
        "caller_type_values": values.collect::<Vec<_>>(),
        "caller_type_rules": rules.collect::<Vec<_>>(),
        "cells": cells.collect::<Vec<_>>(),
        "refused": refused(frame),
        "refused_lines": lines.collect::<serde_json::Map<_, _>>(),
        "unread_times": report.seen.unread_times,
        "unread_durations": report.seen.unread_durations,
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
        .map(|driver| json!({"id": driver.id, "text": driver.text, "avoidable": driver.avoidable}));
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
        "bands": rubric.bands().iter().map(|band| json!({"from": band.from, "name": band.name})).collect::<Vec<_>>(),
        "sections": sections.collect::<Vec<_>>(),
        "drivers": drivers.collect::<Vec<_>>(),
    })
}
