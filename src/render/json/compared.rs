//! Two samples beside each other, and CSRs beside all.

use serde_json::{Map, Value, json};

use super::ReportJson;
use super::tables::{envelope, figure, gap};
use crate::report::{
    Change, Coached, ComparedCallers, ComparedCsr, Comparison, GroupRow, Recognition,
};

/// `evenhand.compare/1`. `a` and `b` name the samples; every difference is B minus A.
pub fn comparison(head: &ReportJson<'_>, found: &Comparison) -> Value {
    let mut tables = vec![
        json!({
            "name": "compare_caller_type",
            "rows": found.callers.iter().map(callers).collect::<Vec<_>>(),
        }),
        csrs(found),
    ];
    tables.extend(found.coached.as_ref().map(coached));
    let mut value = envelope("evenhand.compare/1", head, tables);
    let [a, b] = &found.samples;
    value["a"] = json!(a);
    value["b"] = json!(b);
    value
}

fn callers(row: &ComparedCallers) -> Value {
    let [a, b] = &row.critical_free;
    let mut value = change(&row.score);
    // Null for all calls.
    value["caller_type"] = json!(row.caller_type.map(|kind| kind.as_str()));
    value["critical_free"] = json!({
        "a": figure(a.as_ref()),
        "b": figure(b.as_ref()),
        "difference": gap(row.critical_free_difference.as_ref()),
    });
    value
}

fn csrs(found: &Comparison) -> Value {
    let row = |row: &ComparedCsr| {
        let mut value = change(&row.score);
        value["csr"] = json!(row.csr);
        value["expected_by_luck"] = json!(row.by_luck);
        value
    };
    let [a, b] = &found.only_in;
    let regression = found.regression.as_ref().ok();
    json!({
        "name": "compare_csr",
        "rows": found.csrs.iter().map(row).collect::<Vec<_>>(),
        "only_in_a": a,
        "only_in_b": b,
        "regression": regression.map(|found| json!({
            "center": found.center,
            "between_deviation": found.between,
        })),
    })
}

/// A score in A and in B, and the mix of caller types that both are told at.
pub(super) fn change(change: &Change) -> Value {
    let mix = change.mix.iter();
    let mix = mix.map(|(kind, share)| (kind.as_str().to_owned(), json!(share)));
    json!({
        "mix": Value::Object(mix.collect::<Map<_, _>>()),
        "a": figure(change.a.as_ref()),
        "b": figure(change.b.as_ref()),
        "difference": gap(change.difference.as_ref()),
    })
}

fn coached(found: &Coached) -> Value {
    json!({
        "name": "coached",
        "coached": group(&found.coached),
        "others": group(&found.others),
        "range": found.range.map(|(low, high)| json!({"low": low, "high": high})),
        "against": found.against.as_str(),
        "expected_by_luck": found.coached.by_luck,
        // Whether the difference is that of changes less what is expected of each CSR by luck alone.
        "beyond_luck": found.beyond_luck,
        "difference": gap(found.difference.as_ref()),
        "missing": found.missing,
    })
}

fn group(row: &GroupRow) -> Value {
    json!({
        "csrs": row.csrs,
        "a": row.a,
        "b": row.b,
        "change": gap(row.change.as_ref()),
        "expected_by_luck": row.by_luck,
    })
}

/// In alphabetical order.
pub(super) fn recognition(found: &Recognition) -> Value {
    let rows = found.rows.iter().map(|row| {
        let behaviors = row.behaviors.iter().map(|one| {
            json!({
                "behavior": one.behavior,
                "text": one.text,
                "calls": one.calls,
                "all": one.all,
            })
        });
        json!({
            "csr": row.csr,
            "score": figure(row.score.as_ref()),
            "internal": figure(row.internal.as_ref()),
            "external": figure(row.external.as_ref()),
            "above_team": row.above_team,
            "at_pass_mark": row.at_pass_mark,
            "q": row.q,
            "behaviors": behaviors.collect::<Vec<_>>(),
        })
    });
    let [score, internal, external] = &found.all;
    json!({
        "name": "recognition",
        "rows": rows.collect::<Vec<_>>(),
        "total": {
            "score": figure(score.as_ref()),
            "internal": figure(internal.as_ref()),
            "external": figure(external.as_ref()),
        },
        "pass_mark": found.pass_mark,
        "not_judged": found.not_judged,
        "without_spread": found.without_spread,
        "calls_needed": found.calls_needed,
        "calls_enough": found.calls_enough,
    })
}
