use std::path::PathBuf;

use super::output::{Document, OutputArgs};
use super::rules::RuleArgs;
use super::{Common, Failure};
use crate::estimate::error::EstimateError;
use crate::estimate::settings::{Settings, SingleRule};
use crate::read::{self, StratifiedColumns};
use crate::render::json;
use crate::report::{Align, Cell, Column, Estimates, OwnSample, Table, Wanted};

/// Estimate a mean or a rate from a file of your own
///
/// One row per sampled call, in a CSV file with a header. With strata and the number of calls in each, the estimate is
/// weighted by the design and its margin corrected for the calls that exist; without, the calls are taken as a simple
/// random sample of very many.
///
/// Example: `evenhand estimate scores.csv --value score --stratum csr,caller_type --population calls_in_log --domain csr`
#[derive(clap::Args)]
pub(super) struct Args {
    /// A CSV file with a header
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column with the values (0 and 1 with --rate); a blank or NA counts as sampled and is outside the estimate
    #[arg(long, value_name = "COLUMN")]
    value: String,
    /// The columns that make a stratum
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    stratum: Vec<String>,
    /// How many calls each stratum holds: a column, or a file with the stratum columns and a last column of numbers
    #[arg(long, value_name = "COLUMN|FILE")]
    population: Option<String>,
    /// Also estimate for each value of this column
    #[arg(long, value_name = "COLUMN")]
    domain: Option<String>,
    /// The values are 0 and 1: estimate a rate
    #[arg(long)]
    rate: bool,
    #[command(flatten)]
    rules: RuleArgs,
    /// What to do with a stratum of a single call
    #[arg(
        long,
        value_name = "RULE",
        default_value = "borrow",
        help_heading = "Advanced"
    )]
    single: Single,
    /// Leave out the finite population correction: ask about the process, not about these very calls
    #[arg(long, help_heading = "Advanced")]
    no_fpc: bool,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Single {
    /// Take the deviation of the other strata
    Borrow,
    /// Refuse
    Fail,
    /// Let it add nothing to the variance
    Remove,
    /// Take its deviation from the mean of all sampled calls
    Adjust,
    /// Give it the average variance of the other strata
    Average,
}

impl Args {
    pub(super) fn run(self, _common: &Common) -> anyhow::Result<()> {
        let columns = StratifiedColumns {
            value: &self.value,
            strata: &self.stratum,
            population: self.population.as_deref(),
            domain: self.domain.as_deref(),
            is_rate: self.rate,
        };
        let read = read::stratified(&self.file, &columns).map_err(Failure::from)?;
        let strata = read.strata.into_iter();
        let calls = read.calls.iter();
        let sample = OwnSample {
            strata: strata.map(|one| (one.name, one.population)).collect(),
            calls: calls
                .map(|call| (call.stratum, call.value, call.domain))
                .collect(),
            domains: read.domains,
        };
        if sample.calls.iter().all(|(_, value, _)| value.is_none()) {
            return Err(Failure::data(
                format!("no row has a number in `{}`", self.value),
                "name the column with the values",
            )
            .into());
        }
        let wanted = Wanted {
            settings: self.settings(),
            rate: self.rate.then(|| self.rules.prop()),
        };
        let found = Estimates::new(&sample, &wanted).map_err(|error| told(&error, &sample))?;
        self.output.print(document(&found, self.rate))
    }

    fn settings(&self) -> Settings {
        Settings {
            fpc: self.population.is_some() && !self.no_fpc,
            df: self.rules.df(),
            variance: self.rules.variance(),
            single: match self.single {
                Single::Borrow => SingleRule::Borrow,
                Single::Fail => SingleRule::Fail,
                Single::Remove => SingleRule::Remove,
                Single::Adjust => SingleRule::Adjust,
                Single::Average => SingleRule::Average,
            },
            ..Settings::default()
        }
    }
}

/// The numbers are the user's own, so the advice is about the file.
fn told(error: &EstimateError, sample: &OwnSample) -> Failure {
    if let EstimateError::SingleCall { stratum } = error {
        let name = sample.strata.get(*stratum).map_or("", |(name, _)| name);
        let message = match name {
            "" => "a single call was sampled, which has no deviation".to_owned(),
            name => format!(
                "the stratum `{name}` has a single sampled call and so no deviation of its own"
            ),
        };
        return Failure::data(message, "choose another rule with --single (see --help)");
    }
    Failure::data(
        error.to_string(),
        "correct the file, or choose another rule (see --help)",
    )
}

fn document(found: &Estimates, is_rate: bool) -> Document<'_> {
    let what = if is_rate { "Rate" } else { "Mean" };
    let mut table = Table::new(
        "estimate",
        what,
        vec![
            Column::new("domain", "Domain", Align::Left),
            Column::new("n", "Calls", Align::Right),
            Column::new("population", "Out of", Align::Right),
            Column::new("value", what, Align::Right),
            Column::new("standard_error", "Standard error", Align::Right),
            Column::new("df", "df", Align::Right),
            Column::new("low", "Low", Align::Right),
            Column::new("high", "High", Align::Right),
        ],
    );
    let four = |number: Option<f64>| {
        number.map_or(Cell::Missing, |number| Cell::text(&format!("{number:.4}")))
    };
    for row in &found.rows {
        table.push(vec![
            Cell::text(row.domain.as_deref().unwrap_or("all")),
            Cell::Count(row.n),
            row.population.map_or(Cell::Missing, calls),
            four(row.value),
            four(row.standard_error),
            four(row.df),
            four(row.low),
            four(row.high),
        ]);
    }
    let mut tail = vec!["Low and high: the 95 % margin.".to_owned()];
    tail.extend(found.notes.iter().map(|note| note.text.clone()));
    Document {
        lead: Vec::new(),
        page: None,
        json: Box::new(|| json::estimates(found)),
        tables: Box::new(|| vec![table]),
        tail,
    }
}

/// Calls of a domain are estimated and need not be whole.
fn calls(number: f64) -> Cell {
    match (number - number.round()).abs() < 1e-6 {
        true => Cell::text(&format!("{number:.0}")),
        false => Cell::Number(number),
    }
}
