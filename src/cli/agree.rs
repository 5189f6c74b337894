use std::path::PathBuf;

use super::output::{Document, OutputArgs};
use super::{Common, Failure};
use crate::read::{self, Category, RatingColumns, RatingTable};
use crate::render::json;
use crate::report::{Agreements, Align, Cell, Column, Note, RatedUnits, RatingScale, Table};

/// Compute how far raters agree, from a file of your own
///
/// One row per rating (`--unit`, `--rater`, `--value`), or with --wide one row per unit and one column per rater. Blank
/// or NA is a missing rating; ratings that are the same number (1 and 1.0) are the same. Standard errors are the
/// jackknife's, over units. What can't be computed is left out with the reason.
///
/// Example: `evenhand agree answers.csv --unit call_id --rater analyst --value greets --scale nominal --categories yes,no`
#[derive(clap::Args)]
pub(super) struct Args {
    /// A CSV file with a header
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column that says what was rated (with --wide it may be left out: each row is a unit)
    #[arg(long, value_name = "COLUMN", required_unless_present = "wide")]
    unit: Option<String>,
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
    /// What the ratings are: names, names in an order, numbers, or numbers with a true zero. It decides Krippendorff's
    /// alpha; partial credit goes by place in the order, and for numbers by their size
    #[arg(long, value_name = "SCALE")]
    scale: Scale,
    /// All categories that could be given, in their order (default: those that were)
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    categories: Vec<String>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Scale {
    Nominal,
    Ordinal,
    Interval,
    Ratio,
}

impl Scale {
    fn meant(self) -> RatingScale {
        match self {
            Self::Nominal => RatingScale::Nominal,
            Self::Ordinal => RatingScale::Ordinal,
            Self::Interval => RatingScale::Interval,
            Self::Ratio => RatingScale::Ratio,
        }
    }
}

impl Args {
    pub(super) fn run(self, _common: &Common) -> anyhow::Result<()> {
        let offered = self.offered()?;
        let table = read::numbers(&self.file).map_err(Failure::from)?;
        let columns = match (&self.unit, &self.rater, &self.value) {
            (Some(unit), Some(rater), Some(value)) => RatingColumns::Long { unit, rater, value },
            (unit, _, _) => RatingColumns::Wide {
                unit: unit.as_deref(),
            },
        };
        let ratings = read::ratings(table, columns).map_err(Failure::from)?;
        let rated = self.rated(&ratings, offered)?;
        let mut found = Agreements::new(&rated, self.scale.meant()).map_err(|error| {
            Failure::data(error.to_string(), "see --help for how ratings are read")
        })?;
        if !ratings.silent().is_empty() {
            let text = format!(
                "left out, without a rating: {}",
                ratings.silent().join(", ")
            );
            found.notes.push(Note::new("silent", text));
        }
        self.output.print(document(&found, ratings.raters()))
    }

    /// The categories named on the command line.
    fn offered(&self) -> Result<Vec<Category>, Failure> {
        let named = self.categories.iter();
        let offered: Vec<Category> = named.map(|name| Category::new(name.trim())).collect();
        for (at, category) in offered.iter().enumerate() {
            let name = &category.name;
            let fault = if read::is_missing(name) {
                format!("`{name}` is no category: it means a missing rating")
            } else if offered[..at].iter().any(|before| before.is(category)) {
                format!("the category `{name}` is named twice")
            } else if self.scale.meant().is_numeric() && category.number.is_none() {
                format!("`{name}` is not a number, and on this scale categories are numbers")
            } else {
                continue;
            };
            return Err(Failure::usage(
                fault,
                "--categories lists each category once, as in --categories 1,2,3",
            ));
        }
        Ok(offered)
    }

    fn rated(&self, ratings: &RatingTable, offered: Vec<Category>) -> Result<RatedUnits, Failure> {
        match ratings.raters() {
            [] => {
                return Err(Failure::data(
                    "this file has no rating: every cell is blank or NA",
                    "name the right columns, or put ratings there",
                ));
            }
            [only] => {
                return Err(Failure::data(
                    format!("`{only}` is the only rater, and agreement needs two"),
                    "let somebody else rate the same units, or name another column of raters",
                ));
            }
            _ => {}
        }
        let scale = self.scale.meant();
        if scale.is_numeric() {
            let least = (scale == RatingScale::Ratio).then_some(0.0);
            ratings.check_numbers(least)?;
        }
        let named = !offered.is_empty();
        let categories = if named { offered } else { ratings.seen() };
        let numbers: Option<Vec<f64>> = categories.iter().map(|category| category.number).collect();
        let is_ordered = named || numbers.is_some();
        let names = || categories.iter().map(|category| category.name.clone());
        if scale == RatingScale::Ordinal && !is_ordered && categories.len() > 2 {
            return Err(Failure::data(
                "the order of these categories is not known",
                format!(
                    "name them in their order, as in --categories {}",
                    names().collect::<Vec<_>>().join(",")
                ),
            ));
        }
        Ok(RatedUnits {
            units: ratings.coded(&categories)?,
            categories: names().collect(),
            numbers,
            is_ordered,
        })
    }
}

/// More raters, and more categories, are not listed.
const MOST_LISTED: usize = 12;

fn document<'a>(found: &'a Agreements, raters: &[String]) -> Document<'a> {
    let mut table = Table::new(
        "agree",
        "Agreement",
        vec![
            Column::new("name", "Coefficient", Align::Left),
            Column::new("value", "Value", Align::Right),
            Column::new("standard_error", "Standard error", Align::Right),
            Column::new("low", "Low", Align::Right),
            Column::new("high", "High", Align::Right),
        ],
    );
    let four = |number: Option<f64>| {
        number.map_or(Cell::Missing, |number| Cell::text(&format!("{number:.4}")))
    };
    for coefficient in &found.coefficients {
        table.push(vec![
            Cell::text(coefficient.name),
            four(coefficient.value),
            four(coefficient.standard_error),
            four(coefficient.low),
            four(coefficient.high),
        ]);
    }
    let units = match found.units {
        1 => "1 unit".to_owned(),
        units => format!("{units} units"),
    };
    let who = match raters.len() {
        1..=MOST_LISTED => format!(" ({})", raters.join(", ")),
        _ => String::new(),
    };
    let mut lead = vec![format!(
        "{units}, {} raters{who}, {} scale.",
        found.raters,
        found.scale.as_str()
    )];
    if found.categories.len() <= MOST_LISTED {
        lead.push(format!("Categories: {}.", found.categories.join(", ")));
    }
    let mut tail = vec!["Low and high: the 95 % margin.".to_owned()];
    tail.extend(found.notes.iter().map(|note| note.text.clone()));
    Document {
        lead,
        page: None,
        json: Box::new(|| json::agreements(found)),
        tables: Box::new(|| vec![table]),
        tail,
    }
}
