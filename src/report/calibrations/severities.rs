//! How strict each analyst is, on the calls that several have scored.

use super::{Grid, Note};
use crate::calibration::connect::{Part, parts};
use crate::calibration::layout::Observation;
use crate::calibration::two_way::{TwoWay, two_way};

/// Analysts who can be compared: they have calls in common, directly or through others of the group.
#[derive(Clone, Debug)]
pub struct AnalystGroup {
    /// Alphabetical.
    pub analysts: Vec<String>,
    /// Calls that two of them or more have scored.
    pub calls: usize,
}

/// How far an analyst's scores lie from those of the average analyst of the group, in points; positive is lenient.
#[derive(Clone, Debug)]
pub struct AnalystSeverity {
    pub analyst: String,
    /// Place among the groups.
    pub group: usize,
    /// Compared calls.
    pub calls: usize,
    pub value: f64,
    pub standard_error: f64,
    pub df: f64,
    /// `None` where analysts differ by constants only: no residual to judge by.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// A smaller standard error, in points, is rounding.
const NOISE: f64 = 1e-9;

/// Value and margin of half that width.
pub(super) fn margin(fit: &TwoWay, value: f64, error: f64, level: f64) -> Option<(f64, f64)> {
    let half = fit.half_width(error, level).filter(|_| error > NOISE)?;
    Some((value - half, value + half))
}

/// Groups and severities, with notes on what can't be told. Scores are those before criticals.
pub(super) fn severities(
    grid: &Grid<'_>,
    level: f64,
    notes: &mut Vec<Note>,
) -> (Vec<AnalystGroup>, Vec<AnalystSeverity>) {
    let parts = parts(&observations(grid), grid.calls.len(), grid.analysts.len());
    let names = |part: &Part| -> Vec<String> {
        let raters = part.raters.iter();
        raters
            .filter_map(|rater| grid.analysts.get(*rater).cloned())
            .collect()
    };
    let groups: Vec<AnalystGroup> = parts
        .iter()
        .map(|part| AnalystGroup {
            analysts: names(part),
            calls: part.rows.len(),
        })
        .collect();
    let mut found = Vec::new();
    for (group, part) in parts.iter().enumerate() {
        let Ok(fit) = two_way(&part.observations, part.rows.len(), part.raters.len()) else {
            let text = format!(
                "{}: too few calls in common to tell who is strict; let them score more of the same calls.",
                names(part).join(", ")
            );
            notes.push(Note::new("severity", text));
            continue;
        };
        found.extend(
            names(part)
                .into_iter()
                .zip(&fit.raters)
                .map(|(analyst, one)| {
                    let margin = margin(&fit, one.effect, one.standard_error, level);
                    AnalystSeverity {
                        analyst,
                        group,
                        calls: one.observations,
                        value: one.effect,
                        standard_error: one.standard_error,
                        df: fit.residual_df,
                        low: margin.map(|(low, _)| low),
                        high: margin.map(|(_, high)| high),
                    }
                }),
        );
    }
    if groups.len() > 1 {
        let lists = groups.iter().zip(1..);
        let lists: Vec<String> = lists
            .map(|(group, number)| format!("group {number}: {}", group.analysts.join(", ")))
            .collect();
        let text = format!(
            "Analysts of different groups have no calls in common, directly or through others, so they can't be compared \
             ({}). Let one of each group score some of the same calls.",
            lists.join("; ")
        );
        notes.push(Note::new("groups", text));
    }
    found.sort_by(|a, b| a.analyst.cmp(&b.analyst));
    (groups, found)
}

/// Scores of calls with two or more: a lone one compares nobody.
fn observations(grid: &Grid<'_>) -> Vec<Observation> {
    let mut found = Vec::new();
    for (row, call) in grid.calls.iter().enumerate() {
        let scores = call.iter().enumerate().filter_map(|(rater, evaluation)| {
            let value = evaluation.and_then(|evaluation| evaluation.score_before_critical)?;
            Some(Observation { row, rater, value })
        });
        let scores: Vec<Observation> = scores.collect();
        if scores.len() > 1 {
            found.extend(scores);
        }
    }
    found
}
