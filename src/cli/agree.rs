use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::json;

use super::output::{Document, OutputArgs};
use super::{Common, Failure};
use crate::calibration::agreement::{Chance, agreement, percent_agreement};
use crate::calibration::error::CalibrationError;
use crate::calibration::icc::anova;
use crate::calibration::krippendorff::{Metric, alpha};
use crate::calibration::ratings::Ratings;
use crate::calibration::weights::Weights;
use crate::read::{self, NumberTable};
use crate::report::{Align, Cell, Column, Note, Table};

/// Compute how far raters agree, from a file of your own
///
/// One row per rating (`--unit`, `--rater`, `--value`), or with --wide one row per unit and one column per rater. Blank
/// or NA is a missing rating.
#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column that says what was rated
    #[arg(long, value_name = "COLUMN")]
    unit: String,
    /// The column that says who rated
    #[arg(
        long,
        value_name = "COLUMN",
        required_unless_present = "wide",
        conflicts_with = "wide"
    )]
    rater: Option<String>,
    /// The column with the rating
    #[arg(
        long,
        value_name = "COLUMN",
        required_unless_present = "wide",
        conflicts_with = "wide"
    )]
    value: Option<String>,
    /// Every column but --unit is a rater
    #[arg(long)]
    wide: bool,
    /// What the ratings are
    #[arg(long, value_name = "SCALE")]
    scale: Scale,
    /// All categories that could be given, in their order (default: those that were)
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    categories: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Scale {
    Nominal,
    Ordinal,
    Interval,
    Ratio,
}

impl Scale {
    fn as_str(self) -> &'static str {
        match self {
            Self::Nominal => "nominal",
            Self::Ordinal => "ordinal",
            Self::Interval => "interval",
            Self::Ratio => "ratio",
        }
    }
}

/// A rating with the place it came from.
struct Given {
    text: String,
    row: usize,
    column: usize,
}

/// Units by raters.
struct Grid {
    units: Vec<Vec<Option<Given>>>,
    raters: usize,
}

struct Coefficient {
    name: &'static str,
    value: Option<f64>,
    standard_error: Option<f64>,
}

const LEVEL: f64 = 0.95;

impl Args {
    pub(super) fn run(self, _common: &Common) -> anyhow::Result<()> {
        let table = read::numbers(&self.file).map_err(Failure::from)?;
        let grid = self.grid(&table)?;
        let (names, values) = self.categories(&table, &grid)?;
        let place = |given: &Given| names.iter().position(|name| *name == given.text);
        let codes = grid.units.iter().map(|unit| {
            unit.iter()
                .map(|given| given.as_ref().and_then(place))
                .collect()
        });
        let ratings = Ratings::new(codes.collect(), names.len()).map_err(refused)?;
        let mut notes = Vec::new();
        let mut found = self.categorical(&ratings, &values, grid.raters, &mut notes)?;
        found.extend(self.numeric(&grid, &mut notes));
        self.output.print(&self.document(&grid, &found, &notes))
    }

    fn grid(&self, table: &NumberTable) -> Result<Grid, Failure> {
        let unit = table.column(&self.unit)?;
        let mut raters: Vec<String> = Vec::new();
        let mut units: Vec<String> = Vec::new();
        let mut cells: BTreeMap<(usize, usize), Given> = BTreeMap::new();
        let number = |list: &mut Vec<String>, name: &str| match list
            .iter()
            .position(|known| known == name)
        {
            Some(at) => at,
            None => {
                list.push(name.to_owned());
                list.len() - 1
            }
        };
        let long = self.rater.as_ref().zip(self.value.as_ref());
        let long = long
            .map(|(rater, value)| Ok::<_, Failure>((table.column(rater)?, table.column(value)?)));
        let long = long.transpose()?;
        for (row, texts) in table.rows().enumerate() {
            let at = number(&mut units, &texts[unit]);
            let given: Vec<(String, usize)> = match long {
                Some((rater, value)) => vec![(texts[rater].clone(), value)],
                None => {
                    let others = (0..texts.len()).filter(|column| *column != unit);
                    others
                        .map(|column| (table.columns()[column].clone(), column))
                        .collect()
                }
            };
            for (rater, column) in given {
                let rater = number(&mut raters, &rater);
                let text = texts[column].clone();
                if text.is_empty() || text.eq_ignore_ascii_case("na") {
                    continue;
                }
                if cells
                    .insert((at, rater), Given { text, row, column })
                    .is_some()
                {
                    return Err(table
                        .problem(row, column, "this rater has rated this unit before")
                        .into());
                }
            }
        }
        let grid = (0..units.len()).map(|unit| {
            (0..raters.len())
                .map(|rater| cells.remove(&(unit, rater)))
                .collect()
        });
        Ok(Grid {
            units: grid.collect(),
            raters: raters.len(),
        })
    }

    /// The categories in their order, and the number behind each.
    fn categories(
        &self,
        table: &NumberTable,
        grid: &Grid,
    ) -> Result<(Vec<String>, Vec<f64>), Failure> {
        let given = || grid.units.iter().flatten().flatten();
        let mut names: Vec<String> = self
            .categories
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        if names.is_empty() {
            let seen: BTreeSet<&str> = given().map(|given| given.text.as_str()).collect();
            names = seen.into_iter().map(str::to_owned).collect();
            if names
                .iter()
                .all(|name| name.parse::<f64>().is_ok_and(f64::is_finite))
            {
                names.sort_by(|a, b| number(a).total_cmp(&number(b)));
            }
        }
        for given in given() {
            if !names.contains(&given.text) {
                let message = format!(
                    "`{}` is none of the categories",
                    crate::calls::escape(&given.text)
                );
                return Err(table.problem(given.row, given.column, message).into());
            }
            if matches!(self.scale, Scale::Interval | Scale::Ratio) {
                table.number(given.row, given.column)?;
            }
        }
        let values = names
            .iter()
            .zip(1_u32..)
            .map(|(name, rank)| match self.scale {
                Scale::Interval | Scale::Ratio => number(name),
                Scale::Nominal | Scale::Ordinal => f64::from(rank),
            });
        let values: Vec<f64> = values.collect();
        Ok((names, values))
    }

    fn categorical(
        &self,
        ratings: &Ratings,
        values: &[f64],
        raters: usize,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<Coefficient>, Failure> {
        let metric = match self.scale {
            Scale::Nominal => Metric::Nominal,
            Scale::Ordinal => Metric::Ordinal,
            Scale::Interval => Metric::Interval,
            Scale::Ratio => Metric::Ratio,
        };
        let mut found = Vec::new();
        let percent = percent_agreement(ratings, Weights::Identity, LEVEL).map_err(refused)?;
        found.push(("percent_agreement", percent));
        for (name, chance, weights) in [
            ("ac1", Chance::Gwet, Weights::Identity),
            ("ac2_quadratic", Chance::Gwet, Weights::Quadratic),
            ("fleiss_kappa", Chance::Fleiss, Weights::Identity),
            ("cohen_kappa", Chance::Conger, Weights::Identity),
            ("cohen_kappa_quadratic", Chance::Conger, Weights::Quadratic),
        ] {
            if name.starts_with("cohen") && raters != 2 {
                notes.push(Note::new(
                    name,
                    format!("{name} is for two raters; there are {raters}"),
                ));
                found.push((name, None));
                continue;
            }
            found.push((
                name,
                agreement(ratings, chance, weights, LEVEL).map_err(refused)?,
            ));
        }
        found.push((
            "krippendorff_alpha",
            alpha(ratings, values, metric, LEVEL).map_err(refused)?,
        ));
        Ok((found.into_iter())
            .map(|(name, coefficient)| {
                if coefficient.is_none() && !name.starts_with("cohen") {
                    notes.push(Note::new(
                        name,
                        format!("{name}: no variation, or no unit with two ratings"),
                    ));
                }
                Coefficient {
                    name,
                    value: coefficient.as_ref().map(|coefficient| coefficient.value),
                    standard_error: coefficient
                        .as_ref()
                        .and_then(|coefficient| coefficient.standard_error),
                }
            })
            .collect())
    }

    /// Intraclass correlations need numbers and a complete table.
    fn numeric(&self, grid: &Grid, notes: &mut Vec<Note>) -> Vec<Coefficient> {
        let cell = |given: &Option<Given>| {
            given
                .as_ref()
                .and_then(|given| given.text.parse::<f64>().ok())
        };
        let table: Option<Vec<Vec<f64>>> = grid
            .units
            .iter()
            .map(|unit| unit.iter().map(cell).collect::<Option<Vec<f64>>>())
            .collect();
        let anova = match table {
            Some(table) => anova(&table).map_err(|error| error.to_string()),
            None => Err("every rater must have rated every unit with a number".to_owned()),
        };
        if let Err(why) = &anova {
            notes.push(Note::new(
                "icc",
                format!("no intraclass correlation: {why}"),
            ));
        }
        let anova = anova.ok();
        let of = |name, value| Coefficient {
            name,
            value,
            standard_error: None,
        };
        vec![
            of("icc_1_1", anova.as_ref().and_then(|anova| anova.icc_1_1())),
            of("icc_2_1", anova.as_ref().and_then(|anova| anova.icc_2_1())),
            of("icc_3_1", anova.as_ref().and_then(|anova| anova.icc_3_1())),
            of("icc_1_k", anova.as_ref().and_then(|anova| anova.icc_1_k())),
            of("icc_2_k", anova.as_ref().and_then(|anova| anova.icc_2_k())),
            of("icc_3_k", anova.as_ref().and_then(|anova| anova.icc_3_k())),
        ]
    }

    fn document(&self, grid: &Grid, found: &[Coefficient], notes: &[Note]) -> Document {
        let mut table = Table::new(
            "agree",
            "Agreement",
            vec![
                Column::new("name", "Coefficient", Align::Left),
                Column::new("value", "Value", Align::Right),
                Column::new("standard_error", "Standard error", Align::Right),
            ],
        );
        let four = |number: Option<f64>| {
            number.map_or(Cell::Missing, |number| Cell::text(&format!("{number:.4}")))
        };
        for coefficient in found {
            table.push(vec![
                Cell::text(coefficient.name),
                four(coefficient.value),
                four(coefficient.standard_error),
            ]);
        }
        let coefficients = found.iter().map(|coefficient| {
            json!({
                "name": coefficient.name,
                "scale": self.scale.as_str(),
                "value": coefficient.value,
                "standard_error": coefficient.standard_error,
            })
        });
        Document {
            lead: vec![format!(
                "{} units, {} raters.",
                grid.units.len(),
                grid.raters
            )],
            json: json!({
                "schema": "evenhand.agree/1",
                "units": grid.units.len(),
                "raters": grid.raters,
                "coefficients": coefficients.collect::<Vec<_>>(),
                "notes": notes.iter().map(|note| json!({"code": note.code, "text": note.text})).collect::<Vec<_>>(),
            }),
            tables: vec![table],
            tail: notes.iter().map(|note| note.text.clone()).collect(),
        }
    }
}

/// Texts that were checked to be numbers.
fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::INFINITY)
}

fn refused(error: CalibrationError) -> Failure {
    Failure::Data {
        message: error.to_string(),
        hint: None,
    }
}
