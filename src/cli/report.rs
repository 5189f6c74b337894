mod asked;
mod chosen;
mod coach;
mod compare;
mod filters;
mod hints;
mod made;
mod page;
mod refused;
mod sums;
mod tables;
mod trends;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::slice::from_ref;

use super::output::{Document, Format, OutputArgs};
use super::redact::RedactArgs;
use super::rules::RuleArgs;
use super::{Common, Failure};
use crate::calls::Roster;
use crate::read;
use crate::report::SampleFacts;
use crate::store::{SampleInfo, Store};

use asked::{Asked, TableName};
use chosen::SampleArgs;
use filters::FilterArgs;
pub(super) use hints::with_hint;
use made::{Wanted, document};
use trends::TrendArgs;

/// Print score tables
///
/// Without a name: internal against external callers in a sentence, then scores per caller type and per CSR. Every figure
/// has a 95 % margin and a mark for what it can carry; a gap is shown, not shown, or practically equal.
///
/// Several samples make one estimate where their days differ and their rubrics score alike. Under rubrics that score
/// differently, `behaviors` and `team` compare the behaviors that all of them ask alike.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// The table to print (default: caller-type and csr, and picked where there are picked calls; the whole report with
    /// `--format html` or `xlsx`)
    #[arg(value_name = "TABLE")]
    table: Option<TableName>,
    #[command(flatten)]
    samples: SampleArgs,
    #[command(flatten)]
    filters: FilterArgs,
    /// A gap whose margin lies within this many points is practically equal
    #[arg(long, value_name = "POINTS", default_value_t = 5.0, value_parser = points)]
    equal_within: f64,
    /// Add scores drawn towards the common one, to tell real differences between CSRs from luck
    #[arg(long)]
    steadied: bool,
    /// Who is who and in which team: a CSV file with the columns csr, alias, team, from, to (default: the roster kept)
    ///
    /// A row with an alias says that this spelling in logs means the CSR; a row with a team, that the CSR was in it from the
    /// first to the last day (either may be left blank). Spellings are folded in the report, never in the store. The table
    /// `team` counts each call for the team that its CSR was in on the call's day.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    #[command(flatten)]
    trend: TrendArgs,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    redact: RedactArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Reports that are more than tables of one estimate.
#[derive(clap::Subcommand)]
enum What {
    Compare(compare::Args),
    Coach(coach::Args),
}

fn points(text: &str) -> Result<f64, String> {
    let points = text.parse::<f64>().ok();
    points
        .filter(|points| (0.0..=100.0).contains(points))
        .ok_or_else(|| "give points from 0 to 100".to_owned())
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            Some(What::Compare(args)) => return args.run(common),
            Some(What::Coach(args)) => return args.run(common),
            None => {}
        }
        let store = common.open_store()?;
        let samples = self.samples.choose(common, &store)?;
        let rules = self.rules.rules(self.equal_within);
        if self.steadied && !matches!(self.table, None | Some(TableName::Csr)) {
            return Err(Failure::usage(
                "only the table `csr` has steadied scores",
                "leave --steadied out, or print the table `csr`",
            )
            .into());
        }
        let roster = self.roster(&store)?;
        let filter = self
            .filters
            .filter(&self.samples, &samples, roster.as_ref());
        if !filter.is_all() && self.table == Some(TableName::Journeys) {
            return Err(Failure::usage(
                "the table `journeys` follows whole journeys, so it can't be cut to some of their calls",
                "leave --csr, --caller-type, --queue, --analyst, --from and --to out; --sample names a sample",
            )
            .into());
        }
        if !filter.csrs.is_empty() && self.table == Some(TableName::Recognition) {
            return Err(Failure::usage(
                "the table `recognition` holds each CSR against all of them, so it can't be cut to some",
                "leave --csr out; `evenhand report coach --csr NAME` says what can be praised in one CSR's calls",
            )
            .into());
        }
        let wanted = Wanted {
            asked: self.asked(),
            rules,
            steadied: self.steadied,
            redact: self.redact.redact,
            roster,
            filter,
            trend: self.trend.ask(self.table)?,
        };
        let document = document(
            &store,
            &samples,
            &wanted,
            common.verbose || self.output.format == Format::Html,
        )?;
        self.output.print(document)
    }

    fn asked(&self) -> Asked {
        let whole = || Asked::without_a_name(self.output.format);
        self.table.map_or_else(whole, Asked::One)
    }

    /// The roster named, else the one that the store keeps.
    fn roster(&self, store: &impl Store) -> Result<Option<Roster>, Failure> {
        let by_team = self.table == Some(TableName::Team);
        match found_roster(self.roster.as_deref(), store)? {
            None if by_team => Err(Failure::usage(
                "the table `team` needs to know who is in which team",
                "give --roster FILE, a CSV file with the columns csr, alias, team, from, to; or keep one with `evenhand roster \
                 import FILE`",
            )),
            Some((file, roster)) if by_team && !roster.has_teams() => Err(Failure::data(
                format!("`{file}` says of nobody in which team they are"),
                "give it a column `team`, and `from` and `to` where somebody changed team",
            )),
            found => Ok(found.map(|(_, roster)| roster)),
        }
    }
}

/// The roster named, else the one that the store keeps.
fn named_or_kept_roster(
    path: Option<&Path>,
    store: &impl Store,
) -> Result<Option<Roster>, Failure> {
    Ok(found_roster(path, store)?.map(|(_, roster)| roster))
}

/// The same with its file.
fn found_roster(
    path: Option<&Path>,
    store: &impl Store,
) -> Result<Option<(String, Roster)>, Failure> {
    match path {
        Some(path) => Ok(Some((
            path.display().to_string(),
            read::roster(path)?.roster,
        ))),
        None => kept_roster(store),
    }
}

/// All CSRs that samples know of, as logged or as heard.
fn csrs(samples: &[SampleFacts]) -> BTreeSet<&str> {
    let logged = samples.iter().flat_map(|sample| &sample.cells);
    let calls = samples.iter().flat_map(|sample| &sample.calls);
    let heard = calls.filter_map(|call| call.counting()?.csr_heard.as_deref());
    logged.map(|cell| cell.csr.as_str()).chain(heard).collect()
}

/// The roster that the store keeps, and the file it is from.
fn kept_roster(store: &impl Store) -> Result<Option<(String, Roster)>, Failure> {
    let Some(kept) = store.roster()? else {
        return Ok(None);
    };
    let roster = read::roster_text(&kept.file, &kept.source)?;
    Ok(Some((kept.file, roster)))
}

/// The report without a name on one sample.
pub(super) fn usual(
    store: &impl Store,
    sample: &SampleInfo,
    format: Format,
    verbose: bool,
) -> Result<Document<'static>, Failure> {
    let wanted = Wanted {
        asked: Asked::without_a_name(format),
        roster: kept_roster(store)?.map(|(_, roster)| roster),
        ..Wanted::default()
    };
    document(
        store,
        from_ref(sample),
        &wanted,
        verbose || format == Format::Html,
    )
}
