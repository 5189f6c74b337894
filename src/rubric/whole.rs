use std::sync::{Arc, OnceLock};

use super::{AnswerScale, AppliesTo, Behavior, Weigh};

/// A valid rubric.
#[derive(Clone, Debug)]
pub struct Rubric {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) revision: Option<String>,
    pub(super) weigh: Weigh,
    pub(super) bonus: bool,
    pub(super) pass_mark: Option<f64>,
    pub(super) bands: Vec<Band>,
    pub(super) cost: Option<Cost>,
    pub(super) scales: Vec<Arc<AnswerScale>>,
    pub(super) sections: Vec<Section>,
    pub(super) behaviors: Vec<Behavior>,
    pub(super) drivers: Vec<Driver>,
    pub(super) examples: Vec<Example>,
    /// Every evaluation names it; to reckon it takes a hundred times as long as to score a call.
    pub(super) hash: OnceLock<[u8; 32]>,
}

/// Part of a rubric that belongs together.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub id: String,
    pub title: String,
    /// `sections`: a share of 100. `points`: a factor. `behaviors`: 1.
    pub weight: f64,
    /// Its behaviors, as places in [`Rubric::behaviors`].
    pub behaviors: std::ops::Range<usize>,
}

/// A named stretch of scores, from its lower end to the next band.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    pub from: f64,
    pub name: String,
}

/// Why the caller called; an analyst ticks any number.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    pub id: String,
    pub text: String,
    /// The call would not have been needed had something else worked.
    pub avoidable: bool,
    /// What such a call takes, in minutes, where the centre has measured it.
    pub minutes: Option<f64>,
}

/// What a minute of a CSR's time costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    pub per_minute: f64,
    /// For instance `EUR`; empty if not stated.
    pub currency: String,
}

/// A worked example: answers and the score they must give.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub title: Option<String>,
    /// For which caller type, by [`AppliesTo`]'s fields: exactly one is set.
    pub caller_type: AppliesTo,
    /// Behavior id and answer id.
    pub answers: Vec<(String, String)>,
    /// `None`: the example states that there is no score.
    pub score: Option<f64>,
    pub score_before_critical: Option<f64>,
    pub outcome: Option<String>,
}

impl Rubric {
    /// For files and options.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// For people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// For people; the hash is what counts.
    pub fn revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }

    /// How behaviors become one score.
    pub fn weigh(&self) -> Weigh {
        self.weigh
    }

    /// Whether scores may pass 100.
    pub fn bonus(&self) -> bool {
        self.bonus
    }

    /// The score (0-100) from which a call passes.
    pub fn pass_mark(&self) -> Option<f64> {
        self.pass_mark
    }

    /// What a minute costs, if the rubric says.
    pub fn cost(&self) -> Option<&Cost> {
        self.cost.as_ref()
    }

    /// From the highest down; the last begins at 0. May be empty.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// In the file's order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// All behaviors in the file's order; places in this slice name behaviors everywhere.
    pub fn behaviors(&self) -> &[Behavior] {
        &self.behaviors
    }

    /// In the file's order.
    pub fn drivers(&self) -> &[Driver] {
        &self.drivers
    }

    /// In the file's order.
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The place of a behavior.
    pub fn behavior(&self, id: &str) -> Option<usize> {
        self.behaviors.iter().position(|behavior| behavior.id == id)
    }

    /// The place of a driver.
    pub fn driver(&self, id: &str) -> Option<usize> {
        self.drivers.iter().position(|driver| driver.id == id)
    }

    /// The band a score falls in.
    pub fn band(&self, score: f64) -> Option<&Band> {
        self.bands.iter().find(|band| reaches(score, band.from))
    }

    /// Whether a score reaches the pass mark; `None` where there is none.
    pub fn passes(&self, score: f64) -> Option<bool> {
        self.pass_mark.map(|mark| reaches(score, mark))
    }
}

/// Compared after rounding to 9 decimals: sums of decimal fractions miss by 1e-14, and a call at the mark passes.
fn reaches(score: f64, mark: f64) -> bool {
    let nine = |value: f64| (value * 1e9).round();
    nine(score) >= nine(mark)
}
