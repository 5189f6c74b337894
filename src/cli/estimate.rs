use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::output::{Document, OutputArgs};
use super::rules::RuleArgs;
use super::{Common, Failure};
use crate::estimate::design::{Stratum, Tally};
use crate::estimate::error::EstimateError;
use crate::estimate::mean::mean;
use crate::estimate::pool::Pools;
use crate::estimate::rate::rate;
use crate::estimate::settings::{Settings, SingleRule};
use crate::read::{self, NumberTable};
use crate::report::{Align, Cell, Column, Table};

/// Estimate a mean or a rate from a file of your own
///
/// One row per call, in a CSV file with a header. With strata and the number of calls in each, the estimate is weighted
/// by the design and its margin corrected for the calls that exist; without, the calls are taken as a simple random
/// sample of very many.
#[derive(clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column with the values (0 and 1 with --rate); blank or NA is outside the estimate
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
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Single {
    Borrow,
    Fail,
    Remove,
    Adjust,
    Average,
}

/// One estimate, of a domain or of all.
struct Row {
    domain: Option<String>,
    n: u64,
    population: Option<f64>,
    value: f64,
    standard_error: Option<f64>,
    df: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n_eff: Option<f64>,
}

impl Args {
    pub(super) fn run(self, _common: &Common) -> anyhow::Result<()> {
        let table = read::numbers(&self.file).map_err(Failure::from)?;
        let rows = self.rows(&table)?;
        self.output.print(&document(&rows, self.rate))
    }

    fn settings(&self) -> Settings {
        Settings {
            fpc: self.population.is_some(),
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

    fn rows(&self, table: &NumberTable) -> Result<Vec<Row>, Failure> {
        let value = table.column(&self.value)?;
        let strata = self
            .stratum
            .iter()
            .map(|name| table.column(name))
            .collect::<Result<Vec<_>, _>>()?;
        let domain = self
            .domain
            .as_ref()
            .map(|name| table.column(name))
            .transpose()?;
        let mut values = Vec::new();
        for at in 0..table.rows().count() {
            let number = table.number(at, value)?;
            if self.rate && number.is_some_and(|number| number != 0.0 && number != 1.0) {
                return Err(table
                    .problem(at, value, "with --rate a value is 0 or 1")
                    .into());
            }
            values.push(number);
        }
        let keys: Vec<Vec<String>> = table
            .rows()
            .map(|cells| strata.iter().map(|column| cells[*column].clone()).collect())
            .collect();
        let populations = self.populations(table, &keys)?;
        let mut rows = vec![];
        let domains: BTreeSet<&str> = domain
            .iter()
            .flat_map(|column| table.rows().map(|cells| cells[*column].as_str()))
            .collect();
        for wanted in std::iter::once(None).chain(domains.into_iter().map(Some)) {
            let mut tallies: BTreeMap<&[String], Tally> = BTreeMap::new();
            for (at, cells) in table.rows().enumerate() {
                let inside = wanted
                    .is_none_or(|wanted| domain.is_some_and(|column| cells[column] == wanted));
                tallies
                    .entry(&keys[at])
                    .or_default()
                    .push(values[at].filter(|_| inside));
            }
            rows.extend(self.row(wanted, &tallies, &populations)?);
        }
        // The total comes last, as in every table.
        let by = usize::from(rows.len() > 1);
        rows.rotate_left(by);
        Ok(rows)
    }

    fn row(
        &self,
        domain: Option<&str>,
        tallies: &BTreeMap<&[String], Tally>,
        populations: &BTreeMap<Vec<String>, f64>,
    ) -> Result<Option<Row>, Failure> {
        let mut strata = Vec::new();
        for (key, tally) in tallies {
            let population = populations
                .get(*key)
                .copied()
                .unwrap_or(tally.sampled() as f64);
            strata.push(Stratum::new(population, 0, *tally).map_err(|error| told(&error))?);
        }
        let (settings, pools) = (self.settings(), Pools::of(&strata));
        let known = |population: f64| self.population.is_some().then_some(population);
        let domain = domain.map(str::to_owned);
        if self.rate {
            let method = self.rules.prop();
            let rate = rate(&strata, &pools, method, &settings).map_err(|error| told(&error))?;
            return Ok(rate.map(|rate| Row {
                domain,
                n: rate.n,
                population: known(rate.population),
                value: rate.value,
                standard_error: rate.standard_error,
                df: rate.df,
                low: Some(rate.low),
                high: Some(rate.high),
                n_eff: rate.effective_n,
            }));
        }
        let mean = mean(&strata, &pools, &settings).map_err(|error| told(&error))?;
        Ok(mean.map(|mean| Row {
            domain,
            n: mean.n,
            population: known(mean.population),
            value: mean.value,
            standard_error: mean.standard_error,
            df: mean.df,
            low: mean.low,
            high: mean.high,
            n_eff: None,
        }))
    }

    /// N_h by stratum; empty where none is given.
    fn populations(
        &self,
        table: &NumberTable,
        keys: &[Vec<String>],
    ) -> Result<BTreeMap<Vec<String>, f64>, Failure> {
        let mut populations = BTreeMap::new();
        let Some(wanted) = &self.population else {
            return Ok(populations);
        };
        let path = Path::new(wanted);
        if table.column(wanted).is_err() && path.is_file() {
            let other = read::numbers(path)?;
            let strata = self
                .stratum
                .iter()
                .map(|name| other.column(name))
                .collect::<Result<Vec<_>, _>>()?;
            let last = other.columns().len() - 1;
            for (at, cells) in other.rows().enumerate() {
                let key: Vec<String> = strata.iter().map(|column| cells[*column].clone()).collect();
                populations.insert(key, population(&other, at, last)?);
            }
        } else {
            let column = table.column(wanted)?;
            for (at, key) in keys.iter().enumerate() {
                let number = population(table, at, column)?;
                if populations
                    .insert(key.clone(), number)
                    .is_some_and(|before| before != number)
                {
                    let message = "this stratum has two different numbers of calls";
                    return Err(table.problem(at, column, message).into());
                }
            }
        }
        match keys.iter().find(|key| !populations.contains_key(*key)) {
            None => Ok(populations),
            Some(key) => Err(Failure::data(
                format!(
                    "`{wanted}` has no number of calls for the stratum `{}`",
                    key.join(", ")
                ),
                "add a row for it",
            )),
        }
    }
}

fn population(table: &NumberTable, row: usize, column: usize) -> Result<f64, Failure> {
    match table.number(row, column)? {
        Some(number) if number > 0.0 => Ok(number),
        _ => Err(table
            .problem(row, column, "a stratum holds 1 call or more")
            .into()),
    }
}

/// The numbers are the user's own, so the advice is about the file.
fn told(error: &EstimateError) -> Failure {
    Failure::data(
        error.to_string(),
        "correct the file, or choose another rule (see --help)",
    )
}

fn whole(number: Option<f64>) -> Value {
    match number {
        Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => json!(number as i64),
        number => json!(number),
    }
}

fn document(rows: &[Row], is_rate: bool) -> Document {
    let mut table = Table::new(
        "estimate",
        if is_rate { "Rate" } else { "Mean" },
        vec![
            Column::new("domain", "Domain", Align::Left),
            Column::new("n", "Calls", Align::Right),
            Column::new("population", "Out of", Align::Right),
            Column::new("value", if is_rate { "Rate" } else { "Mean" }, Align::Right),
            Column::new("standard_error", "Standard error", Align::Right),
            Column::new("df", "df", Align::Right),
            Column::new("low", "Low", Align::Right),
            Column::new("high", "High", Align::Right),
        ],
    );
    let four = |number: Option<f64>| {
        number.map_or(Cell::Missing, |number| Cell::text(&format!("{number:.4}")))
    };
    for row in rows {
        table.push(vec![
            Cell::text(row.domain.as_deref().unwrap_or("all")),
            Cell::Count(row.n),
            row.population
                .map_or(Cell::Missing, |number| Cell::text(&number.to_string())),
            four(Some(row.value)),
            four(row.standard_error),
            four(row.df),
            four(row.low),
            four(row.high),
        ]);
    }
    let json_rows = rows.iter().map(|row| {
        json!({
            "domain": row.domain,
            "n": row.n,
            "population": whole(row.population),
            "value": row.value,
            "standard_error": row.standard_error,
            "df": row.df,
            "low": row.low,
            "high": row.high,
            "n_eff": row.n_eff,
        })
    });
    Document {
        lead: Vec::new(),
        json: json!({"schema": "evenhand.estimate/1", "rows": json_rows.collect::<Vec<_>>()}),
        tables: vec![table],
        tail: vec!["Low and high: the 95 % margin.".to_owned()],
    }
}
