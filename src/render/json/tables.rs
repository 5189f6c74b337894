//! Reports: what stands above their tables, and a shape for each table.

use serde_json::{Value, json};

use super::lists::{analyst, answer, call, correction, journeys, picked, sample};
use super::notes;
use crate::report::{
    Amount, AnyTable, BandRow, CallerType, CallerTypes, CommonBehaviors, Costs, CsrBehaviors,
    CsrRow, Csrs, Figure, Filter, GapFigure, LEAST_POINTS, Overview, RateRow, Rates, SectionRow,
    Trend,
};

/// What a report says of itself besides its tables.
pub struct ReportJson<'a> {
    pub generated_at: String,
    pub rubrics: Vec<Value>,
    pub overview: &'a Overview,
}

/// `evenhand.report/1`.
pub fn report(head: &ReportJson<'_>, tables: &[AnyTable]) -> Value {
    let tables = tables.iter().map(table).collect();
    envelope("evenhand.report/1", head, tables)
}

/// What every report has, whatever its tables.
pub(super) fn envelope(schema: &str, head: &ReportJson<'_>, tables: Vec<Value>) -> Value {
    let overview = head.overview;
    let samples = overview.samples.iter().map(|sample| {
        json!({
            "name": sample.name,
            "unit": sample.unit.as_str(),
            "seed": sample.seed,
            "calls_in_log": sample.calls_in_log,
            "eligible": sample.eligible,
            "drawn": sample.drawn,
            "scored": sample.scored,
            "unscorable": sample.unscorable,
        })
    });
    json!({
        "schema": schema,
        "generated_at": head.generated_at,
        "filter": overview.filter.as_ref().map(filter),
        "period": overview.period.map(|(from, to)| json!({"from": from.to_string(), "to": to.to_string()})),
        "rubrics": head.rubrics,
        "samples": samples.collect::<Vec<_>>(),
        "tables": tables,
        "notes": notes(&overview.notes),
    })
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
        AnyTable::CsrBehaviors(table) => csr_behaviors(table),
        AnyTable::Costs(table) => costs(table),
        AnyTable::Analysts(table) => {
            json!({"name": "analysts", "rows": table.rows.iter().map(analyst).collect::<Vec<_>>()})
        }
        AnyTable::Trend(table) => trend(table),
        AnyTable::Sections(table) => {
            json!({"name": "sections", "rows": table.rows.iter().map(section).collect::<Vec<_>>()})
        }
        AnyTable::Bands(table) => {
            json!({"name": "bands", "rows": table.rows.iter().map(band).collect::<Vec<_>>()})
        }
        AnyTable::Samples(table) => {
            json!({"name": "samples", "rows": table.rows.iter().map(sample).collect::<Vec<_>>()})
        }
        AnyTable::Calls(table) => {
            json!({"name": "calls", "rows": table.rows.iter().map(call).collect::<Vec<_>>()})
        }
        AnyTable::Answers(table) => {
            json!({"name": "answers", "rows": table.rows.iter().map(answer).collect::<Vec<_>>()})
        }
        AnyTable::Common(table) => common(table),
        AnyTable::Corrections(table) => json!({
            "name": "corrections",
            "rows": table.rows.iter().map(correction).collect::<Vec<_>>(),
            "total": correction(&table.total),
        }),
        AnyTable::Picked(table) => {
            json!({"name": "picked", "rows": table.rows.iter().map(picked).collect::<Vec<_>>()})
        }
        AnyTable::Journeys(table) => journeys(table),
        AnyTable::Recognition(table) => super::compared::recognition(table),
    }
}

/// Which calls the report is about; null for all.
fn filter(filter: &Filter) -> Value {
    json!({
        "csr": filter.csrs,
        "caller_type": filter.caller_types.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
        "queue": filter.queues,
        "analyst": filter.analysts,
        "from": filter.from.map(|day| day.to_string()),
        "to": filter.to.map(|day| day.to_string()),
    })
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

fn costs(table: &Costs) -> Value {
    let rows = table.rows.iter().map(|row| {
        json!({
            "driver": row.id,
            "text": row.text,
            "minutes": row.minutes,
            "hours": {
                "internal": amount(row.internal.as_ref()),
                "external": amount(row.external.as_ref()),
                "all": amount(row.all.as_ref()),
            },
            "cost": amount(row.cost.as_ref()),
        })
    });
    let cost = table.cost.as_ref();
    json!({
        "name": "costs",
        "rows": rows.collect::<Vec<_>>(),
        "cost_per_minute": cost.map(|cost| cost.per_minute),
        "currency": cost.map(|cost| &cost.currency).filter(|currency| !currency.is_empty()),
    })
}

fn amount(amount: Option<&Amount>) -> Value {
    amount.map_or(Value::Null, |amount| {
        json!({"value": amount.value, "low": amount.low, "high": amount.high, "n": amount.n})
    })
}

fn csr_behaviors(table: &CsrBehaviors) -> Value {
    let rows = table.rows.iter().map(|(csr, figures)| {
        let behaviors = table.behaviors.iter().zip(figures);
        let behaviors =
            behaviors.map(|(behavior, found)| (behavior.id.clone(), figure(found.as_ref())));
        json!({"csr": csr, "behaviors": behaviors.collect::<serde_json::Map<_, _>>()})
    });
    json!({"name": "csr_behaviors", "rows": rows.collect::<Vec<_>>()})
}

fn section(row: &SectionRow) -> Value {
    json!({
        "section": row.id,
        "title": row.title,
        "weight": row.weight,
        "internal": figure(row.internal.as_ref()),
        "external": figure(row.external.as_ref()),
        "all": figure(row.all.as_ref()),
        "gap": gap(row.gap.as_ref()),
    })
}

fn trend(table: &Trend) -> Value {
    let center = table.chart.as_ref().map(|chart| chart.center);
    let rows = table.rows.iter().map(|row| {
        let (figure, limits) = (row.figure.as_ref(), row.limits.as_ref());
        let smoothed = row.ewma.as_ref();
        let (shown, shown_smoothed) = (
            limits.map(|limits| limits.cut(table.highest)),
            smoothed.map(|point| point.cut(table.highest)),
        );
        json!({
            "from": row.from.to_string(),
            "to": row.to.to_string(),
            "n": row.n,
            "effective_n": row.effective_n,
            "value": figure.map(|figure| figure.value),
            "low": figure.and_then(|figure| figure.low),
            "high": figure.and_then(|figure| figure.high),
            "df": figure.and_then(|figure| figure.df),
            "precision": figure.map(|figure| figure.precision.word()),
            "borrowed": figure.map(|figure| figure.borrowed),
            "center": limits.and(center),
            "limit_low": shown.map(|limits| limits.low),
            "limit_high": shown.map(|limits| limits.high),
            "out": row.is_out(),
            "ewma": smoothed.map(|point| point.value),
            "ewma_low": shown_smoothed.map(|point| point.low),
            "ewma_high": shown_smoothed.map(|point| point.high),
            "ewma_out": smoothed.map(|point| point.is_out()),
        })
    });
    let shares = |shares: &[(CallerType, f64)]| {
        let shares = shares.iter();
        let shares =
            shares.map(|(kind, share)| json!({"caller_type": kind.as_str(), "share": share}));
        shares.collect::<Vec<_>>()
    };
    json!({
        "name": "trend",
        "by": table.ask.by.as_str(),
        "of": table.ask.of.as_str(),
        "rows": rows.collect::<Vec<_>>(),
        "points": table.points(),
        "points_needed": LEAST_POINTS,
        "chart": table.chart.as_ref().map(|chart| json!({
            "center": chart.center,
            "deviation": chart.deviation,
            "provisional": chart.provisional,
            "ewma": chart.ewma.map(|rule| json!({"weight": rule.weight, "width": rule.width})),
        })),
        "mix": shares(&table.mix),
        "left_out": shares(&table.left_out),
    })
}

fn band(row: &BandRow) -> Value {
    json!({
        "band": row.name,
        "from": row.from,
        "internal": figure(row.internal.as_ref()),
        "external": figure(row.external.as_ref()),
        "all": figure(row.all.as_ref()),
    })
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

pub(super) fn figure(figure: Option<&Figure>) -> Value {
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

pub(super) fn gap(gap: Option<&GapFigure>) -> Value {
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

fn common(table: &CommonBehaviors) -> Value {
    let rows = table.rows.iter().map(|row| {
        json!({
            "section": row.section,
            "behavior": row.behavior,
            "text": row.text,
            // No team has an empty name.
            table.whose_key(): Some(&row.whose).filter(|name| !name.is_empty()),
            "rubric": row.rubric,
            "revision": row.revision,
            "internal": figure(row.internal.as_ref()),
            "external": figure(row.external.as_ref()),
            "all": figure(row.all.as_ref()),
        })
    });
    let left_out = table.left_out.iter();
    let left_out = left_out.map(|(id, why)| json!({"behavior": id, "why": why.as_str()}));
    json!({
        "name": "common_behaviors",
        "rows": rows.collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
    })
}
