//! Rubrics compared.

use serde_json::{Value, json};

use crate::report::{RubricChanges, RubricFile};

/// `evenhand.rubric-diff/1`. `verdict` is the gravest kind among the changes, or `same`.
pub fn rubric_changes(report: &RubricChanges) -> Value {
    let changes = report.changes.list().iter().map(|change| {
        json!({
            "kind": change.kind.as_str(),
            "part": change.place.part(),
            "id": change.place.id(),
            "change": change.what,
        })
    });
    json!({
        "schema": "evenhand.rubric-diff/1",
        "from": rubric_file(&report.from),
        "to": rubric_file(&report.to),
        "verdict": report.verdict().as_str(),
        "may_continue": report.changes.may_continue(),
        "changes": changes.collect::<Vec<_>>(),
    })
}

fn rubric_file(named: &RubricFile) -> Value {
    let rubric = &named.rubric;
    json!({
        "file": named.file,
        "id": rubric.id(),
        "revision": rubric.revision(),
        "hash": hex(rubric.hash()),
        "scoring_hash": hex(rubric.scoring_hash()),
    })
}

fn hex(bytes: [u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
