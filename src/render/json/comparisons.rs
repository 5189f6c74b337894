//! Analysts compared, and what is computed from files of one's own.

use serde_json::{Value, json};

use super::notes;
use crate::report::{Agreements, Calibration, Coefficient, Estimates};

/// `evenhand.calibrate/1`. Groups are numbered from 1 in the order of their lists.
pub fn calibration(sample: &str, found: &Calibration) -> Value {
    let behaviors = found.behaviors.iter().map(|behavior| {
        let confusions = behavior.confusions.iter();
        let confusions = confusions.map(|one| json!({"answers": one.ids, "times": one.times}));
        json!({
            "behavior": behavior.behavior,
            "calls": behavior.calls,
            "percent_agreement": coefficient(behavior.percent.as_ref()),
            "ac1": coefficient(behavior.ac1.as_ref()),
            "krippendorff_alpha": coefficient(behavior.alpha.as_ref()),
            "alpha_undefined": behavior.no_alpha,
            "metric": behavior.metric,
            "confusions": confusions.collect::<Vec<_>>(),
        })
    });
    let icc = found.icc.as_ref().map(|(value, limits)| {
        json!({"value": value, "low": limits.map(|l| l.low), "high": limits.map(|l| l.high)})
    });
    let groups = found.groups.iter();
    let groups = groups.map(|group| json!({"analysts": group.analysts, "calls": group.calls}));
    let severity = found.severities.iter().map(|one| {
        json!({
            "analyst": one.analyst,
            "group": one.group + 1,
            "calls": one.calls,
            "deviation": one.value,
            "standard_error": one.standard_error,
            "df": one.df,
            "low": one.low,
            "high": one.high,
        })
    });
    let csr_groups = found.csr_groups.iter().map(|group| {
        json!({
            "csrs": group.csrs,
            "analysts": group.analysts,
            "evaluations": group.evaluations,
            "not_adjusted": group.why_not,
        })
    });
    let adjusted = found.adjusted.iter().map(|one| {
        json!({
            "csr": one.csr,
            "group": one.group + 1,
            "evaluations": one.evaluations,
            "raw": one.raw,
            "adjusted": one.adjusted,
            "standard_error": one.standard_error,
            "df": one.df,
            "low": one.low,
            "high": one.high,
        })
    });
    json!({
        "schema": "evenhand.calibrate/1",
        "sample": sample,
        "calls": found.calls,
        "analysts": found.analysts,
        "behaviors": behaviors.collect::<Vec<_>>(),
        "icc_2_1": icc,
        "groups": groups.collect::<Vec<_>>(),
        "severity": severity.collect::<Vec<_>>(),
        "csr_groups": csr_groups.collect::<Vec<_>>(),
        "adjusted": adjusted.collect::<Vec<_>>(),
        "notes": notes(&found.notes),
    })
}

fn coefficient(found: Option<&Coefficient>) -> Value {
    let Some(found) = found else {
        return Value::Null;
    };
    json!({
        "value": found.value,
        "standard_error": found.standard_error,
        "low": found.low,
        "high": found.high,
    })
}

/// `evenhand.agree/1`.
pub fn agreements(found: &Agreements) -> Value {
    let coefficients = found.coefficients.iter().map(|coefficient| {
        json!({
            "name": coefficient.name,
            "scale": found.scale.as_str(),
            "value": coefficient.value,
            "standard_error": coefficient.standard_error,
            "low": coefficient.low,
            "high": coefficient.high,
        })
    });
    json!({
        "schema": "evenhand.agree/1",
        "units": found.units,
        "raters": found.raters,
        "categories": found.categories,
        "coefficients": coefficients.collect::<Vec<_>>(),
        "notes": notes(&found.notes),
    })
}

/// `evenhand.estimate/1`.
pub fn estimates(found: &Estimates) -> Value {
    let rows = found.rows.iter().map(|row| {
        json!({
            "domain": row.domain,
            "n": row.n,
            "population": whole(row.population),
            "value": row.value,
            "standard_error": row.standard_error,
            "df": row.df,
            "low": row.low,
            "high": row.high,
            "n_eff": row.n_eff,
            "borrowed": row.borrowed,
        })
    });
    json!({
        "schema": "evenhand.estimate/1",
        "rows": rows.collect::<Vec<_>>(),
        "notes": notes(&found.notes),
    })
}

/// A number of calls without a point where it is whole.
fn whole(number: Option<f64>) -> Value {
    match number {
        Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(number as i64),
        number => json!(number),
    }
}
