//! Options that several commands share, and the files behind them.

use std::path::Path;

use jiff::civil::Date;

use super::spread::SpreadArgs;
use super::{Failure, journeys};
use crate::calls::Eligibility;
use crate::evaluation::check_examples;
use crate::read::{self, LoadedRubric};
use crate::sampling::{Design, Per, Quota, Seed, Unit};

/// Reads a rubric and checks its worked examples too: a rubric that misjudges its own examples scores nothing.
pub(super) fn rubric(path: &Path) -> Result<LoadedRubric, Failure> {
    let loaded = read::rubric(path)?;
    let faults = check_examples(&loaded.rubric);
    if !faults.is_empty() {
        return Err(
            read::faults_to_problems(&path.display().to_string(), &loaded.source, &faults).into(),
        );
    }
    Ok(loaded)
}

/// How a sample is drawn.
#[derive(clap::Args)]
pub(super) struct DesignArgs {
    /// What is drawn: single calls, or whole customer journeys, all calls of one interaction id
    ///
    /// Of a journey all calls that count are scored, in the order of time and each for its own CSR; -n and --total count
    /// journeys. Its caller type is that of its first call, and strata are made of that alone.
    #[arg(long, value_name = "call|interaction", default_value_t)]
    unit: Unit,
    /// What makes a stratum: `csr`, `caller_type` or `csr,caller_type`
    ///
    /// The default is `csr,caller_type`; with -n alone all calls are one stratum (a simple random sample). Journeys are
    /// drawn per `caller_type`.
    #[arg(long, value_name = "WHAT")]
    per: Option<Per>,
    /// Calls to draw from each stratum (default 3)
    #[arg(short = 'n', long = "number", value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    number: Option<u64>,
    /// Calls to draw in all, spread over the strata, instead of -n from each
    #[arg(long, value_name = "COUNT", conflicts_with = "number", value_parser = clap::value_parser!(u64).range(1..))]
    total: Option<u64>,
    #[command(flatten)]
    spread: SpreadArgs,
    /// First day of calls that may be drawn
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Last day of calls that may be drawn
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Shortest call that may be drawn, in seconds
    #[arg(long, value_name = "SECONDS")]
    min_duration: Option<f64>,
    /// Only calls whose column has this value; may be repeated
    #[arg(long = "where", value_name = "COLUMN=VALUE", value_parser = column_value)]
    only: Vec<(String, String)>,
    /// Draw calls of unknown caller type too, as a caller type of their own
    #[arg(long)]
    include_unknown: bool,
    /// The text that decides the draw: letters, digits, `.`, `_`, `-`
    ///
    /// Announce before the period where it will come from (dice, a lottery), and let its value appear only after the
    /// log is closed: then nobody can have chosen the calls. Without it one is made and printed.
    #[arg(long, value_name = "TEXT", value_parser = Seed::new)]
    seed: Option<Seed>,
    /// Keep the ids of a log of more than two million calls too (8 bytes each), so that `draw --into` can add further logs
    #[arg(long)]
    pub(super) keep_ids: bool,
    /// Don't look whether an id stands more than once in the log, except among drawn calls
    ///
    /// Takes little memory however large the log is. If the export holds rows twice, the numbers of calls are too large:
    /// `evenhand log` tells whether it does. No list of ids is kept, so `draw --into` can't add further logs.
    #[arg(long, conflicts_with = "keep_ids")]
    trust_ids: bool,
    /// The sample's name (default: the seed)
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

fn column_value(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(column, value)| (column.to_owned(), value.to_owned()))
        .ok_or_else(|| "write COLUMN=VALUE".to_owned())
}

impl DesignArgs {
    /// The first option that was used, if any was.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            ("--unit", self.unit != Unit::Call),
            ("--per", self.per.is_some()),
            ("-n", self.number.is_some()),
            ("--total", self.total.is_some()),
            ("--from", self.from.is_some()),
            ("--to", self.to.is_some()),
            ("--min-duration", self.min_duration.is_some()),
            ("--where", !self.only.is_empty()),
            ("--include-unknown", self.include_unknown),
            ("--seed", self.seed.is_some()),
            ("--keep-ids", self.keep_ids),
            ("--trust-ids", self.trust_ids),
            ("--name", self.name.is_some()),
        ];
        let first = given.into_iter().find(|(_, given)| *given);
        first.map(|(option, _)| option).or(self.spread.given())
    }

    pub(super) fn design(&self) -> Result<Design, Failure> {
        let usual = Design::usual();
        self.spread.check(self.total)?;
        if self.from.zip(self.to).is_some_and(|(from, to)| from > to) {
            return Err(Failure::usage("--from is later than --to", "swap them"));
        }
        if self
            .min_duration
            .is_some_and(|least| !(least.is_finite() && least >= 0.0))
        {
            return Err(Failure::usage(
                "--min-duration is no length of time",
                "give seconds, for instance 30",
            ));
        }
        let design = Design {
            unit: self.unit,
            per: match (self.per, self.number) {
                (Some(per), _) => per,
                (None, _) if self.unit == Unit::Interaction => journeys::PER,
                (None, Some(_)) => Per::NOTHING,
                (None, None) => usual.per,
            },
            quota: match (self.total, self.number) {
                (Some(total), _) => Quota::Spread(self.spread.spread(total)?),
                (None, Some(number)) => Quota::Each(number),
                (None, None) => usual.quota,
            },
            eligibility: Eligibility {
                from: self.from,
                to: self.to,
                min_duration: self.min_duration,
                only: self.only.clone(),
                trust_ids: self.trust_ids,
            },
            include_unknown: self.include_unknown,
        };
        journeys::check(&design, self.keep_ids)?;
        Ok(design)
    }

    /// The seed asked for, or one from the operating system; whether it was made just now.
    pub(super) fn seed(&self) -> (Seed, bool) {
        match &self.seed {
            Some(seed) => (seed.clone(), false),
            None => (Seed::from_bits(rand::random()), true),
        }
    }

    /// The name asked for, or the seed.
    pub(super) fn name(&self, seed: &Seed) -> Result<String, Failure> {
        let name = self.name.clone().unwrap_or_else(|| seed.to_string());
        if name.trim().is_empty()
            || name.chars().any(char::is_control)
            || name.chars().count() > 200
        {
            return Err(Failure::usage(
                "that can't be a name",
                "use up to 200 letters, digits, spaces and signs",
            ));
        }
        Ok(name)
    }
}
