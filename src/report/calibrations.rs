//! How far analysts agree on the calls that several of them scored.

use std::collections::BTreeSet;

use super::{Align, Cell, Column, Note, SampleFacts, Table};
use crate::calibration::agreement::{Chance, agreement, percent_agreement};
use crate::calibration::error::CalibrationError;
use crate::calibration::icc::anova;
use crate::calibration::jackknife::Coefficient;
use crate::calibration::krippendorff::{Metric, alpha};
use crate::calibration::ratings::Ratings;
use crate::calibration::severity::severity;
use crate::calibration::weights::Weights;
use crate::estimate::interval::Limits;
use crate::evaluation::Evaluation;
use crate::rubric::{Answer, Behavior, Rubric};

/// Agreement between analysts.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// Alphabetical.
    pub analysts: Vec<String>,
    /// Calls scored by two analysts or more.
    pub calls: usize,
    /// Those agreed on least first.
    pub behaviors: Vec<BehaviorAgreement>,
    /// Of scores; `None` where too few calls were scored by all analysts.
    pub icc: Option<(f64, Option<Limits>)>,
    /// By [`Calibration::analysts`]; empty where `icc` is `None`.
    pub severities: Vec<AnalystSeverity>,
    pub notes: Vec<Note>,
}

/// One behavior. Agreement is 0-1; N/A is an answer like any other.
#[derive(Clone, Debug)]
pub struct BehaviorAgreement {
    pub behavior: String,
    pub text: String,
    pub calls: usize,
    pub percent: Option<Coefficient>,
    /// Gwet's AC1.
    pub ac1: Option<Coefficient>,
    /// Krippendorff's; nominal for two options, ordinal for more.
    pub alpha: Option<Coefficient>,
}

/// How far an analyst's scores lie from those of all, in points; positive is lenient.
#[derive(Clone, Debug)]
pub struct AnalystSeverity {
    pub analyst: String,
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

const LEVEL: f64 = 0.95;

impl Calibration {
    /// Compares the newest evaluations of all analysts.
    ///
    /// # Errors
    /// Fewer than two calls, or two analysts, to compare.
    pub fn new(rubric: &Rubric, samples: &[SampleFacts]) -> Result<Self, CalibrationError> {
        let calls = samples
            .iter()
            .flat_map(|sample| &sample.calls)
            .filter(|call| call.evaluations.len() > 1);
        let calls: Vec<Vec<&Evaluation>> = calls
            .map(|call| {
                call.evaluations
                    .iter()
                    .map(|facts| &facts.evaluation)
                    .collect()
            })
            .collect();
        let names: BTreeSet<&str> = calls
            .iter()
            .flatten()
            .map(|evaluation| evaluation.analyst.as_str())
            .collect();
        let analysts: Vec<String> = names.into_iter().map(str::to_owned).collect();
        if calls.len() < 2 {
            return Err(CalibrationError::TooFewUnits { units: calls.len() });
        }
        let grid: Vec<Vec<Option<&Evaluation>>> = (calls.iter())
            .map(|call| {
                let of = |analyst: &String| {
                    call.iter()
                        .find(|evaluation| evaluation.analyst == *analyst)
                        .copied()
                };
                analysts.iter().map(of).collect()
            })
            .collect();
        let mut behaviors = Vec::new();
        for (at, behavior) in rubric.behaviors().iter().enumerate() {
            behaviors.extend(agreement_on(behavior, at, &grid)?);
        }
        let agreed =
            |one: &BehaviorAgreement| one.percent.as_ref().map_or(1.0, |percent| percent.value);
        behaviors.sort_by(|a, b| agreed(a).total_cmp(&agreed(b)));
        let mut found = Self {
            calls: calls.len(),
            behaviors,
            icc: None,
            severities: Vec::new(),
            notes: Vec::new(),
            analysts,
        };
        found.scores(&grid);
        Ok(found)
    }

    fn scores(&mut self, grid: &[Vec<Option<&Evaluation>>]) {
        let score = |evaluation: &Option<&Evaluation>| {
            evaluation.and_then(|evaluation| evaluation.score_before_critical)
        };
        let complete = grid
            .iter()
            .filter_map(|call| call.iter().map(score).collect::<Option<Vec<f64>>>());
        let table: Vec<Vec<f64>> = complete.collect();
        match anova(&table) {
            Ok(anova) => {
                self.icc = anova
                    .icc_2_1()
                    .map(|icc| (icc, anova.icc_2_1_limits(LEVEL)));
                let found = severity(&anova, LEVEL).unwrap_or_default();
                self.severities = (self.analysts.iter().zip(found))
                    .map(|(analyst, one)| AnalystSeverity {
                        analyst: analyst.clone(),
                        value: one.value,
                        low: one.low,
                        high: one.high,
                    })
                    .collect();
                let text = format!(
                    "Scores before criticals are compared on the {} calls that all analysts scored.",
                    table.len()
                );
                self.notes.push(Note::new("scores", text));
            }
            Err(_) => self.notes.push(Note::new(
                "scores",
                "Scores can't be compared: fewer than two calls were scored by all analysts.",
            )),
        }
    }

    /// Behaviors, then analysts.
    pub fn tables(&self) -> Vec<Table> {
        let mut table = Table::new(
            "behaviors",
            "Agreement per behavior, the least agreed first",
            vec![
                Column::new("behavior", "Behavior", Align::Left),
                Column::new("calls", "Calls", Align::Right),
                Column::new("percent_agreement", "Same answer", Align::Right),
                Column::new("ac1", "AC1", Align::Right),
                Column::new("alpha", "Alpha", Align::Right),
            ],
        );
        for one in &self.behaviors {
            let percent = one
                .percent
                .as_ref()
                .map(|percent| format!("{:.0} %", 100.0 * percent.value));
            table.push(vec![
                Cell::text(&one.text),
                Cell::Count(one.calls as u64),
                Cell::text(&percent.unwrap_or_default()),
                coefficient(one.ac1.as_ref()),
                coefficient(one.alpha.as_ref()),
            ]);
        }
        let mut tables = vec![table];
        if !self.severities.is_empty() {
            let mut table = Table::new(
                "analysts",
                "Analysts: points above or below all",
                vec![
                    Column::new("analyst", "Analyst", Align::Left),
                    Column::new("deviation", "Deviation", Align::Right),
                    Column::new("low", "Low", Align::Right),
                    Column::new("high", "High", Align::Right),
                ],
            );
            for one in &self.severities {
                table.push(vec![
                    Cell::text(&one.analyst),
                    Cell::Number(one.value),
                    Cell::number(one.low),
                    Cell::number(one.high),
                ]);
            }
            tables.push(table);
        }
        tables
    }
}

fn coefficient(found: Option<&Coefficient>) -> Cell {
    let Some(found) = found else {
        return Cell::Missing;
    };
    Cell::text(&match found.low.zip(found.high) {
        Some((low, high)) => format!("{:.2} ({low:.2}–{high:.2})", found.value),
        None => format!("{:.2}", found.value),
    })
}

/// `None` where no call has two answers.
fn agreement_on(
    behavior: &Behavior,
    at: usize,
    grid: &[Vec<Option<&Evaluation>>],
) -> Result<Option<BehaviorAgreement>, CalibrationError> {
    let options = behavior.scale.options.len();
    let code = |answer: Answer| match answer {
        Answer::Given(option) => usize::from(option),
        Answer::Na => options,
    };
    let units: Vec<Vec<Option<usize>>> = (grid.iter())
        .map(|call| {
            call.iter()
                .map(|evaluation| evaluation.and_then(|e| e.answers[at]).map(code))
                .collect()
        })
        .collect();
    let calls = units
        .iter()
        .filter(|unit: &&Vec<Option<usize>>| unit.iter().flatten().count() > 1)
        .count();
    if calls == 0 {
        return Ok(None);
    }
    let categories = options + usize::from(behavior.allows(Answer::Na));
    let ratings = Ratings::new(units.clone(), categories)?;
    // Order needs options alone: whether a behavior applies is a question of its own.
    let given = units.iter().map(|unit| {
        unit.iter()
            .map(|code| code.filter(|code| *code < options))
            .collect()
    });
    let given = Ratings::new(given.collect(), options)?;
    let values: Vec<f64> = behavior
        .scale
        .options
        .iter()
        .map(|option| option.points)
        .collect();
    let metric = if options > 2 {
        Metric::Ordinal
    } else {
        Metric::Nominal
    };
    Ok(Some(BehaviorAgreement {
        behavior: behavior.id.clone(),
        text: behavior.text.clone(),
        calls,
        percent: percent_agreement(&ratings, Weights::Identity, LEVEL)?,
        ac1: agreement(&ratings, Chance::Gwet, Weights::Identity, LEVEL)?,
        alpha: alpha(&given, &values, metric, LEVEL)?,
    }))
}
