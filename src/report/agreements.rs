//! How far raters agree on units of somebody's own: every coefficient that the ratings allow, and why not where not.

use super::Note;
use crate::calibration::agreement::{Chance, agreement, agreement_by, percent_agreement};
use crate::calibration::error::CalibrationError;
use crate::calibration::icc::{Anova, anova};
use crate::calibration::jackknife::Coefficient;
use crate::calibration::krippendorff::{Metric, alpha};
use crate::calibration::ratings::Ratings;
use crate::calibration::weights::{Weights, quadratic_by_value};
use crate::estimate::interval::Limits;

/// What ratings are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingScale {
    Nominal,
    Ordinal,
    Interval,
    Ratio,
}

impl RatingScale {
    /// The word used in files and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Ordinal => "ordinal",
            Self::Interval => "interval",
            Self::Ratio => "ratio",
        }
    }

    /// Whether ratings are quantities, and not places in a list of answers.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Interval | Self::Ratio)
    }

    fn metric(self) -> Metric {
        match self {
            Self::Nominal => Metric::Nominal,
            Self::Ordinal => Metric::Ordinal,
            Self::Interval => Metric::Interval,
            Self::Ratio => Metric::Ratio,
        }
    }
}

/// Ratings ready to be compared.
#[derive(Clone, Debug)]
pub struct RatedUnits {
    /// Units by raters: places in `categories`; `None` for a missing rating.
    pub units: Vec<Vec<Option<usize>>>,
    /// In their order.
    pub categories: Vec<String>,
    /// What each category stands for; `None` where one is no number.
    pub numbers: Option<Vec<f64>>,
    /// Whether the order of the categories means anything.
    pub is_ordered: bool,
}

/// Agreement of raters, from 0 or less to 1.
#[derive(Clone, Debug)]
pub struct Agreements {
    pub units: usize,
    pub raters: usize,
    pub scale: RatingScale,
    pub categories: Vec<String>,
    pub coefficients: Vec<NamedCoefficient>,
    /// One for each coefficient that can't be computed, under its name.
    pub notes: Vec<Note>,
}

/// One coefficient. Standard error and 95 % margin are the jackknife's; the margin of an intraclass correlation is that of
/// `Anova`, for the two forms that have one.
#[derive(Clone, Debug)]
pub struct NamedCoefficient {
    pub name: &'static str,
    pub value: Option<f64>,
    pub standard_error: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// More different ratings than this are measurements and not answers of a scale.
const MOST_CATEGORIES: usize = 256;

const LEVEL: f64 = 0.95;

impl Agreements {
    /// Computes all of them.
    ///
    /// # Errors
    /// Fewer than two raters.
    pub fn new(rated: &RatedUnits, scale: RatingScale) -> Result<Self, CalibrationError> {
        let raters = rated.units.first().map_or(0, Vec::len);
        // A single category is none to be compared by chance, but all agree on it.
        let ratings = Ratings::new(rated.units.clone(), rated.categories.len().max(2))?;
        let mut found = Self {
            units: rated.units.len(),
            raters,
            scale,
            categories: rated.categories.clone(),
            coefficients: Vec::new(),
            notes: Vec::new(),
        };
        found.categorical(rated, &ratings)?;
        let mut values = match &rated.numbers {
            Some(numbers) if scale.is_numeric() => numbers.clone(),
            _ => Vec::new(),
        };
        // Other metrics look at no values.
        values.resize(ratings.categories(), 0.0);
        let found_alpha = alpha(&ratings, &values, scale.metric(), LEVEL)?;
        found.add("krippendorff_alpha", found_alpha, || unvaried(rated));
        found.numeric(rated);
        Ok(found)
    }

    fn add(
        &mut self,
        name: &'static str,
        found: Option<Coefficient>,
        why_not: impl FnOnce() -> String,
    ) {
        self.coefficients.push(NamedCoefficient {
            name,
            value: found.map(|found| found.value),
            standard_error: found.and_then(|found| found.standard_error),
            low: found.and_then(|found| found.low),
            high: found.and_then(|found| found.high),
        });
        if found.is_none() {
            let text = format!("{name}: {}", why_not());
            self.notes.push(Note::new(name, text));
        }
    }

    /// Coefficients of answers, plain and with quadratic partial credit.
    fn categorical(
        &mut self,
        rated: &RatedUnits,
        ratings: &Ratings,
    ) -> Result<(), CalibrationError> {
        let both = both_rated(ratings)?;
        for (name, chance, weighted, pair) in [
            ("percent_agreement", None, false, false),
            ("ac1", Some(Chance::Gwet), false, false),
            ("ac2_quadratic", Some(Chance::Gwet), true, false),
            ("fleiss_kappa", Some(Chance::Fleiss), false, false),
            ("cohen_kappa", Some(Chance::Conger), false, true),
            ("cohen_kappa_quadratic", Some(Chance::Conger), true, true),
        ] {
            if let Some(why) = obstacle(rated, ratings, chance.is_some(), weighted, pair) {
                self.add(name, None, || why);
                continue;
            }
            let ratings = if pair { &both } else { ratings };
            let found = match (chance, &rated.numbers) {
                (None, _) => percent_agreement(ratings, Weights::Identity, LEVEL)?,
                (Some(chance), Some(numbers)) if weighted && self.scale.is_numeric() => {
                    agreement_by(ratings, chance, quadratic_by_value(numbers), LEVEL)?
                }
                (Some(chance), _) if weighted => {
                    agreement(ratings, chance, Weights::Quadratic, LEVEL)?
                }
                (Some(chance), _) => agreement(ratings, chance, Weights::Identity, LEVEL)?,
            };
            self.add(name, found, || unvaried(rated));
        }
        Ok(())
    }

    /// Intraclass correlations need numbers and a complete table.
    fn numeric(&mut self, rated: &RatedUnits) {
        let table = match &rated.numbers {
            None => Err("the ratings are no numbers".to_owned()),
            Some(numbers) => {
                let cell = |code: &Option<usize>| code.and_then(|code| numbers.get(code).copied());
                let rows = rated.units.iter();
                let complete: Vec<Vec<f64>> = rows
                    .filter_map(|unit| unit.iter().map(cell).collect())
                    .collect();
                match rated.units.len() - complete.len() {
                    0 => anova(&complete).map_err(|error| error.to_string()),
                    holes => Err(format!(
                        "every rater must have rated every unit; in {holes} of {} units a rating is missing",
                        rated.units.len()
                    )),
                }
            }
        };
        type Form = fn(&Anova) -> Option<f64>;
        type Margin = fn(&Anova, f64) -> Option<Limits>;
        let forms: [(&'static str, Form, Option<Margin>); 6] = [
            ("icc_1_1", Anova::icc_1_1, None),
            ("icc_2_1", Anova::icc_2_1, Some(Anova::icc_2_1_limits)),
            ("icc_3_1", Anova::icc_3_1, Some(Anova::icc_3_1_limits)),
            ("icc_1_k", Anova::icc_1_k, None),
            ("icc_2_k", Anova::icc_2_k, None),
            ("icc_3_k", Anova::icc_3_k, None),
        ];
        for (name, form, margin) in forms {
            let value = table.as_ref().ok().and_then(form);
            let limits = table.as_ref().ok().zip(margin);
            let limits = limits.and_then(|(table, margin)| margin(table, LEVEL));
            self.coefficients.push(NamedCoefficient {
                name,
                value,
                standard_error: None,
                low: limits.map(|limits| limits.low),
                high: limits.map(|limits| limits.high),
            });
            if value.is_none() && table.is_ok() {
                let text =
                    format!("{name}: no variation to compare, or raters who contradict each other");
                self.notes.push(Note::new(name, text));
            }
        }
        if let Err(why) = table {
            let text = format!("no intraclass correlation: {why}");
            self.notes.push(Note::new("icc", text));
        }
    }
}

/// Why a coefficient can't be computed, whatever the ratings are.
fn obstacle(
    rated: &RatedUnits,
    ratings: &Ratings,
    corrected: bool,
    weighted: bool,
    pair: bool,
) -> Option<String> {
    let (offered, raters) = (rated.categories.len(), ratings.raters());
    if pair && raters != 2 {
        return Some(format!("this is for two raters; there are {raters}"));
    }
    if offered > MOST_CATEGORIES {
        return Some(format!(
            "this compares answers of a scale; {offered} different ratings are measurements"
        ));
    }
    if corrected && offered < 2 {
        let why = unvaried(rated);
        return Some(format!(
            "{why}; name all categories that could be given (--categories)"
        ));
    }
    (weighted && offered > 2 && !rated.is_ordered).then(|| {
        "partial credit needs an order; name the categories in theirs (--categories)".to_owned()
    })
}

/// Cohen's kappa looks at the units that both have rated.
fn both_rated(ratings: &Ratings) -> Result<Ratings, CalibrationError> {
    let units = ratings.units().iter().map(|unit| {
        let complete = unit.iter().all(Option::is_some);
        if complete {
            unit.clone()
        } else {
            vec![None; unit.len()]
        }
    });
    Ratings::new(units.collect(), ratings.categories())
}

/// Why a coefficient that needs pairs that can differ is undefined.
fn unvaried(rated: &RatedUnits) -> String {
    let paired = rated
        .units
        .iter()
        .filter(|unit| unit.iter().flatten().count() > 1);
    let mut seen = paired
        .flatten()
        .flatten()
        .map(|code| rated.categories.get(*code));
    let Some(first) = seen.next().flatten() else {
        return "no unit was rated twice".to_owned();
    };
    match seen.all(|other| other == Some(first)) {
        true => format!("no variation: every rating is `{first}`"),
        false => "no variation that could be compared".to_owned(),
    }
}
