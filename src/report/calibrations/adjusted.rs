//! Means of CSRs adjusted for who scored them: CSR and analyst by least squares, inside each group that hangs together.

use std::collections::BTreeSet;

use super::severities::margin;
use super::{Note, SampleFacts};
use crate::calibration::connect::{Part, parts};
use crate::calibration::layout::Observation;
use crate::calibration::two_way::{LEAST_RESIDUAL_DF, TwoWay, two_way};

/// One CSR. Both means are plain ones of the evaluations' scores before criticals, not weighted by the log.
#[derive(Clone, Debug)]
pub struct AdjustedCsr {
    pub csr: String,
    /// Place among the groups.
    pub group: usize,
    pub evaluations: usize,
    pub raw: f64,
    /// What the mean would be, had every analyst of the group scored alike many of these calls.
    pub adjusted: f64,
    pub standard_error: f64,
    pub df: f64,
    /// `None` where the model leaves no residual to judge by.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// CSRs that common analysts connect.
#[derive(Clone, Debug)]
pub struct CsrGroup {
    /// Alphabetical.
    pub csrs: Vec<String>,
    /// Alphabetical.
    pub analysts: Vec<String>,
    pub evaluations: usize,
    /// Why no adjusted means are shown.
    pub why_not: Option<String>,
}

/// Every analyst's newest evaluation of every drawn call.
#[derive(Clone, Debug, Default)]
pub(super) struct Adjusted {
    pub(super) groups: Vec<CsrGroup>,
    /// Alphabetical: no ranks.
    pub(super) rows: Vec<AdjustedCsr>,
}

impl Adjusted {
    pub(super) fn new(samples: &[SampleFacts], level: f64) -> Self {
        let scores: Vec<(&str, &str, f64)> = (samples.iter())
            .flat_map(|sample| &sample.calls)
            .flat_map(|call| {
                call.evaluations
                    .iter()
                    .map(move |facts| (call, &facts.evaluation))
            })
            .filter_map(|(call, evaluation)| {
                let csr = evaluation.csr_heard.as_deref().unwrap_or(&call.csr);
                let score = evaluation.score_before_critical?;
                Some((csr, evaluation.analyst.as_str(), score))
            })
            .collect();
        let csrs: Vec<&str> = distinct(scores.iter().map(|(csr, _, _)| *csr));
        let analysts: Vec<&str> = distinct(scores.iter().map(|(_, analyst, _)| *analyst));
        let observations = scores.iter().filter_map(|(csr, analyst, value)| {
            Some(Observation {
                row: csrs.binary_search(csr).ok()?,
                rater: analysts.binary_search(analyst).ok()?,
                value: *value,
            })
        });
        let observations: Vec<Observation> = observations.collect();
        let mut found = Self::default();
        for part in parts(&observations, csrs.len(), analysts.len()) {
            found.add(
                &part,
                &named(&csrs, &part.rows),
                &named(&analysts, &part.raters),
                level,
            );
        }
        found.rows.sort_by(|a, b| a.csr.cmp(&b.csr));
        found
    }

    fn add(&mut self, part: &Part, csrs: &[String], analysts: &[String], level: f64) {
        let group = self.groups.len();
        let fit = match analysts {
            [only] => Err(format!(
                "{only} alone scored these calls, so there is nothing to adjust for"
            )),
            _ => two_way(&part.observations, csrs.len(), analysts.len())
                .map_err(|_| too_few(part, csrs, analysts))
                .and_then(|fit| match fit.is_showable() {
                    true => Ok(fit),
                    false => Err(obstacle(&fit, analysts)),
                }),
        };
        if let Ok(fit) = &fit {
            self.rows
                .extend(csrs.iter().zip(&fit.rows).map(|(csr, row)| {
                    let margin = margin(fit, row.adjusted, row.standard_error, level);
                    AdjustedCsr {
                        csr: csr.clone(),
                        group,
                        evaluations: row.observations,
                        raw: row.raw,
                        adjusted: row.adjusted,
                        standard_error: row.standard_error,
                        df: fit.residual_df,
                        low: margin.map(|(low, _)| low),
                        high: margin.map(|(_, high)| high),
                    }
                }));
        }
        self.groups.push(CsrGroup {
            csrs: csrs.to_vec(),
            analysts: analysts.to_vec(),
            evaluations: part.observations.len(),
            why_not: fit.err(),
        });
    }

    /// What a reader must know: what the means are, what is refused and why, and what helps.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if !self.rows.is_empty() {
            notes.push(Note::new(
                "adjusted",
                "Raw: the plain mean of a CSR's evaluations, before criticals, not weighted by the log. Adjusted: the same, \
                 had all analysts of the group scored the CSR equally often; CSR and analyst by least squares. \
                 For the level of a CSR see `evenhand report csr`.",
            ));
        }
        let several = self.groups.len() > 1;
        if several {
            let lists = self.groups.iter().zip(1..);
            let lists: Vec<String> = lists.map(|(group, number)| group.told(number)).collect();
            let text = format!(
                "CSRs of different groups have no analyst in common, directly or through others, so adjusted means can't be \
                 compared across groups ({}).",
                lists.join("; ")
            );
            notes.push(Note::new("csr-groups", text));
        }
        let refused = self.groups.iter().zip(1..);
        let refused = refused.filter_map(|(group, number)| {
            let why = group.why_not.as_ref()?;
            Some(match several {
                true => format!("group {number}: {why}"),
                false => why.clone(),
            })
        });
        let refused: Vec<String> = refused.collect();
        if !refused.is_empty() {
            let text = format!("No adjusted means: {}.", refused.join("; "));
            notes.push(Note::new("not-adjusted", text));
        }
        if several || !refused.is_empty() {
            notes.push(Note::new(
                "spread-analysts",
                "`evenhand draw --analysts` spreads every CSR's calls over the analysts, and --double has some calls scored \
                 twice; then analysts and CSRs can be told apart.",
            ));
        }
        notes
    }
}

impl CsrGroup {
    fn told(&self, number: usize) -> String {
        format!(
            "group {number}: {} scored by {}",
            self.csrs.join(", "),
            self.analysts.join(", ")
        )
    }
}

/// Why a model that was fitted is not shown.
fn obstacle(fit: &TwoWay, analysts: &[String]) -> String {
    let raters = analysts.iter().zip(&fit.raters);
    let bound: Vec<&str> = raters
        .filter(|(_, rater)| rater.rows < 2)
        .map(|(analyst, _)| analyst.as_str())
        .collect();
    let mut reasons = Vec::new();
    if !bound.is_empty() {
        reasons.push(format!(
            "{} scored one CSR only, so strictness and CSR can't be told apart",
            bound.join(" and ")
        ));
    }
    if fit.residual_df < LEAST_RESIDUAL_DF {
        reasons.push(few(fit.residual_df));
    }
    reasons.join(", and ")
}

fn too_few(part: &Part, csrs: &[String], analysts: &[String]) -> String {
    few(part.observations.len() as f64 - (csrs.len() + analysts.len()) as f64 + 1.0)
}

fn few(residual_df: f64) -> String {
    format!(
        "the evaluations are too few ({residual_df} degrees of freedom are left after CSRs and analysts, at least \
         {LEAST_RESIDUAL_DF} are needed)"
    )
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn named(names: &[&str], places: &[usize]) -> Vec<String> {
    let found = places.iter().filter_map(|place| names.get(*place));
    found.map(|name| (*name).to_owned()).collect()
}
