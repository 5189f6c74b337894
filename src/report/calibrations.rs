//! How far analysts agree on the calls that several of them scored, and means of CSRs adjusted for who scored them.

mod adjusted;
mod behaviors;
mod severities;
mod tables;

use std::collections::BTreeSet;

use super::{Note, SampleFacts};
use crate::calibration::error::CalibrationError;
use crate::calibration::icc::anova;
use crate::estimate::interval::Limits;
use crate::evaluation::Evaluation;
use crate::rubric::Rubric;

use adjusted::Adjusted;
pub use adjusted::{AdjustedCsr, CsrGroup};
pub use behaviors::{BehaviorAgreement, Confusion};
pub use severities::{AnalystGroup, AnalystSeverity};

/// Agreement between analysts.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// Those who scored a call that somebody else scored too; alphabetical.
    pub analysts: Vec<String>,
    /// Calls scored by two analysts or more.
    pub calls: usize,
    /// Those agreed on least first; empty below two calls.
    pub behaviors: Vec<BehaviorAgreement>,
    /// ICC(2,1) of scores; `None` where too few calls were scored by all analysts.
    pub icc: Option<(f64, Option<Limits>)>,
    /// Which analysts can be compared with each other.
    pub groups: Vec<AnalystGroup>,
    /// Alphabetical.
    pub severities: Vec<AnalystSeverity>,
    /// Which CSRs can be compared with each other.
    pub csr_groups: Vec<CsrGroup>,
    /// Alphabetical; of groups that can be adjusted.
    pub adjusted: Vec<AdjustedCsr>,
    pub notes: Vec<Note>,
}

const LEVEL: f64 = 0.95;

/// The calls that several scored, by the analysts who scored them.
struct Grid<'a> {
    analysts: Vec<String>,
    calls: Vec<Vec<Option<&'a Evaluation>>>,
}

impl<'a> Grid<'a> {
    fn new(samples: &'a [SampleFacts]) -> Self {
        let calls = samples.iter().flat_map(|sample| &sample.calls);
        let several = || calls.clone().filter(|call| call.evaluations.len() > 1);
        let names: BTreeSet<&str> = several()
            .flat_map(|call| &call.evaluations)
            .map(|facts| facts.evaluation.analyst.as_str())
            .collect();
        let analysts: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let row = |call: &'a super::CallFacts| {
            let of = |analyst: &String| {
                let mut evaluations = call.evaluations.iter().map(|facts| &facts.evaluation);
                evaluations.find(|evaluation| evaluation.analyst == *analyst)
            };
            analysts.iter().map(of).collect()
        };
        let calls = several().map(row).collect();
        Self { analysts, calls }
    }
}

impl Calibration {
    /// Compares the newest evaluations of all analysts.
    ///
    /// # Errors
    /// A behavior that offers a single answer.
    pub fn new(rubric: &Rubric, samples: &[SampleFacts]) -> Result<Self, CalibrationError> {
        let grid = Grid::new(samples);
        let adjusted = Adjusted::new(samples, LEVEL);
        let comparable = grid.calls.len() >= 2;
        let mut found = Self {
            calls: grid.calls.len(),
            behaviors: Vec::new(),
            icc: None,
            groups: Vec::new(),
            severities: Vec::new(),
            csr_groups: Vec::new(),
            adjusted: Vec::new(),
            notes: Vec::new(),
            analysts: Vec::new(),
        };
        if comparable {
            found.compare(rubric, &grid)?;
        } else {
            found.notes.push(Note::new(
                "no-doubled-calls",
                "How far analysts agree can't be told: it needs two calls or more that two of them scored. \
                 `evenhand draw --double 10%` has some calls scored twice.",
            ));
        }
        found.notes.extend(adjusted.notes());
        if comparable && !adjusted.rows.is_empty() {
            found.notes.push(Note::new(
                "doubled-calls",
                "Calls that several scored count once per evaluation, which makes margins of adjusted means a little too narrow.",
            ));
        }
        found.csr_groups = adjusted.groups;
        found.adjusted = adjusted.rows;
        found.analysts = grid.analysts;
        Ok(found)
    }

    /// Whether nothing could be compared; the notes say why.
    pub fn is_empty(&self) -> bool {
        self.behaviors.is_empty() && self.adjusted.is_empty()
    }

    fn compare(&mut self, rubric: &Rubric, grid: &Grid<'_>) -> Result<(), CalibrationError> {
        for (at, behavior) in rubric.behaviors().iter().enumerate() {
            self.behaviors
                .extend(BehaviorAgreement::new(behavior, at, grid, LEVEL)?);
        }
        let agreed =
            |one: &BehaviorAgreement| one.percent.as_ref().map_or(1.0, |percent| percent.value);
        self.behaviors
            .sort_by(|a, b| agreed(a).total_cmp(&agreed(b)));
        if self.behaviors.iter().any(|one| one.no_alpha.is_some()) {
            self.notes.push(Note::new(
                "no-variation",
                "No variation: where all give the same answer, alpha is 0/0 and says nothing; look at the same answers and AC1.",
            ));
        }
        let coefficients = || self.behaviors.iter().flat_map(|one| [one.ac1, one.alpha]);
        if coefficients().flatten().any(|found| found.low.is_none()) {
            self.notes.push(Note::new(
                "no-margin",
                "No margin: all calls say the same, or would if a single one were left out.",
            ));
        }
        self.score_agreement(grid);
        (self.groups, self.severities) = severities::severities(grid, LEVEL, &mut self.notes);
        if !self.severities.is_empty() {
            self.notes.push(Note::new(
                "deviation",
                "Deviation: points above (lenient) or below (strict) the average analyst of the group, on calls that several \
                 scored, before criticals.",
            ));
        }
        Ok(())
    }

    /// ICC(2,1) is defined for complete tables alone: over a part of the analysts it would be theirs, and filled holes
    /// would be inventions.
    fn score_agreement(&mut self, grid: &Grid<'_>) {
        let score = |evaluation: &Option<&Evaluation>| {
            evaluation.and_then(|evaluation| evaluation.score_before_critical)
        };
        let complete = grid.calls.iter();
        let complete = complete.filter_map(|call| call.iter().map(score).collect());
        let table: Vec<Vec<f64>> = complete.collect();
        let text = match anova(&table) {
            Ok(anova) => {
                self.icc = anova
                    .icc_2_1()
                    .map(|icc| (icc, anova.icc_2_1_limits(LEVEL)));
                match self.icc {
                    Some(_) => format!(
                        "ICC(2,1) is over the {} calls that all analysts scored, before criticals.",
                        table.len()
                    ),
                    None => "ICC(2,1) is undefined: the scores show no variation.".to_owned(),
                }
            }
            Err(_) => "No ICC(2,1): it needs calls that every analyst scored, and fewer than two calls were scored by all \
                       analysts. Deviations need no such calls."
                .to_owned(),
        };
        self.notes.push(Note::new("scores", text));
    }
}
