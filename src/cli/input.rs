//! Options that several commands share, and the files behind them.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::spread::SpreadArgs;
use super::{Common, Failure, progress};
use crate::calls::{ColumnFault, Eligibility, Filter, LogLines, Profile, RowSink, escape};
use crate::evaluation::check_examples;
use crate::read::{self, CallLog, LoadedRubric};
use crate::sampling::{Collector, Design, Earlier, Frame, Outcome, Per, Quota, Quotas, Seed};
use crate::store::SampleInfo;

/// A call log and how to read it.
#[derive(clap::Args)]
pub(super) struct LogArgs {
    /// The call log: CSV, JSON lines or a workbook, plain or packed (.gz, .zst, .zip); several files are one log, `-` is standard input
    #[arg(value_name = "LOG", required = true)]
    pub(super) log: Vec<PathBuf>,
    /// A file that says how this log differs from a plain one (TOML)
    #[arg(long, value_name = "FILE")]
    pub(super) profile: Option<PathBuf>,
    /// The sheet of a workbook (default: the first that has the columns)
    #[arg(long, value_name = "NAME")]
    pub(super) sheet: Option<String>,
    /// Go on although more than 1 % of the rows can't be read or contradict each other
    #[arg(long)]
    pub(super) allow_bad_rows: bool,
    #[command(flatten)]
    pub(super) threads: Threads,
}

/// How many threads read a log.
#[derive(Clone, Copy, Default, clap::Args)]
pub(super) struct Threads {
    /// Threads that read the log (default: one for each processor); the result is the same for any number
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// A log that has been opened.
pub(super) struct OpenLog {
    pub(super) log: CallLog,
    /// The log as the user named it.
    pub(super) name: String,
    /// The profile's text.
    pub(super) profile: Option<String>,
    /// What was told from the log itself and nobody stated.
    told: Vec<String>,
    /// Where its lines are, once it has been read.
    lines: OnceCell<LogLines>,
}

/// A draw to be made from a log.
pub(super) struct Drawing<'a> {
    pub(super) design: &'a Design,
    pub(super) seed: &'a Seed,
    /// What other logs of the sample held.
    pub(super) earlier: &'a Arc<Earlier>,
    /// Keep the list of ids, however long it gets.
    pub(super) keep_ids: bool,
}

impl LogArgs {
    pub(super) fn open(&self) -> Result<OpenLog, Failure> {
        let profile = self.profile.as_deref().map(read::profile).transpose()?;
        let (profile, source) = match profile {
            Some(loaded) => (loaded.profile, Some(loaded.source)),
            None => (Profile::default(), None),
        };
        let mut open = self.open_with(profile, source)?;
        if let Some(told) = open.log.tell_times()? {
            open.told.push(told.why);
            if let Some(format) = told.format {
                let profile = open.profile.as_deref();
                open.profile = Some(read::amended(profile, "time", "format", &format));
            }
        }
        Ok(open)
    }

    fn open_with(
        &self,
        mut profile: Profile,
        mut source: Option<String>,
    ) -> Result<OpenLog, Failure> {
        if let Some(sheet) = &self.sheet {
            profile.sheet = Some(sheet.clone());
            source = Some(read::amended(source.as_deref(), "file", "sheet", sheet));
        }
        let mut open = open(&self.log, &profile, source, self.threads)?;
        open.log = open.log.allow_bad_rows(self.allow_bad_rows);
        Ok(open)
    }

    /// Opens the log with the profile named, else with that of the sample's newest log.
    pub(super) fn open_like(&self, sample: &SampleInfo) -> Result<OpenLog, Failure> {
        let newest = sample.batches.last();
        let kept = newest.and_then(|batch| batch.profile.as_ref());
        match kept {
            Some(source) if self.profile.is_none() => {
                let profile = read::profile_text("profile of the sample", source)?;
                self.open_with(profile, Some(source.clone()))
            }
            _ => self.open(),
        }
    }
}

/// Opens a log with a profile that has been read; bad rows stop it.
pub(super) fn open(
    paths: &[PathBuf],
    profile: &Profile,
    source: Option<String>,
    threads: Threads,
) -> Result<OpenLog, Failure> {
    let log = CallLog::open(&files(paths)?, profile)?;
    let threads = threads.threads.map(usize::from);
    let log = log.with_threads(threads);
    Ok(OpenLog {
        name: told(log.names()),
        log,
        profile: source,
        told: Vec::new(),
        lines: OnceCell::new(),
    })
}

/// Files of a log that are named one by one.
const MOST_NAMED: usize = 3;

/// The files of a log, as it is called in sentences.
pub(super) fn told<'a>(files: impl Iterator<Item = &'a str>) -> String {
    let files: Vec<&str> = files.collect();
    match files.len().saturating_sub(MOST_NAMED) {
        0 | 1 => files.join(", "),
        more => format!("{} and {} more", files[..MOST_NAMED].join(", "), more),
    }
}

/// The files that paths and patterns (`july/*.csv`) name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let pattern = path.to_string_lossy();
        let matches = match !path.exists() && pattern.contains(['*', '?', '[']) {
            true => glob::glob(&pattern).ok(),
            false => None,
        };
        let Some(matches) = matches else {
            files.push(path.clone());
            continue;
        };
        // In the order of their names.
        let before = files.len();
        files.extend(matches.filter_map(Result::ok));
        if files.len() == before {
            return Err(Failure::from(read::none_matches(path)));
        }
    }
    let mut seen = HashSet::new();
    let same = |path: &&PathBuf| !seen.insert(path.canonicalize().unwrap_or((*path).clone()));
    match files.iter().find(same) {
        None => Ok(files),
        Some(twice) => Err(Failure::usage(
            format!("the file `{}` is named twice", twice.display()),
            "name each file of a log once",
        )),
    }
}

impl OpenLog {
    /// Reads the whole log into a sink.
    pub(super) fn scan<S: RowSink>(
        &self,
        common: &Common,
        make: impl FnMut() -> S,
    ) -> Result<S, Failure> {
        let bar = progress::reading(common, self.log.bytes());
        let scanned = self.log.scan(make, &|bytes| bar.set_position(bytes));
        bar.finish_and_clear();
        let scanned = scanned?;
        // The same each time.
        if self.lines.set(scanned.lines).is_ok() {
            let looks = self.log.looks().into_iter();
            let later = scanned
                .encodings
                .iter()
                .map(|(file, encoding)| format!("`{}`: the text is {encoding}", escape(file)));
            let times = self.told.iter().cloned();
            looks
                .chain(later)
                .chain(times)
                .for_each(|told| common.note(&told));
        }
        Ok(scanned.sink)
    }

    /// Where its lines are: known once it has been read.
    pub(super) fn lines(&self) -> LogLines {
        self.lines.get().cloned().unwrap_or_default()
    }

    /// The files as a store keeps them: a line each.
    pub(super) fn files(&self) -> String {
        self.log.names().collect::<Vec<_>>().join("\n")
    }

    /// Joins filters to the log's columns.
    pub(super) fn filter(&self, eligibility: &Eligibility) -> Result<Filter, Failure> {
        let columns = self.log.columns();
        Filter::new(eligibility, columns).map_err(|fault| {
            let hint = format!("the log has: {}", columns.names().join(", "));
            match fault {
                ColumnFault::Missing { role } => Failure::usage(
                    format!(
                        "the log has no column for `{}`, which a filter needs",
                        role.as_str()
                    ),
                    hint,
                ),
                fault => Failure::usage(fault.to_string(), hint),
            }
        })
    }

    fn collector(&self, drawing: &Drawing<'_>) -> Result<Collector, Failure> {
        let filter = self.filter(&drawing.design.eligibility)?;
        let collector = Collector::new(drawing.design, drawing.seed, filter);
        let collector = collector.after(drawing.earlier);
        Ok(match drawing.keep_ids {
            true => collector.keeping_ids(),
            false => collector,
        })
    }

    /// Draws from the log: what the design says from each stratum, or what `quotas` say.
    pub(super) fn draw(
        &self,
        common: &Common,
        drawing: &Drawing<'_>,
        quotas: Option<&Quotas>,
    ) -> Result<Frame, Failure> {
        let mut collector = self.collector(drawing)?;
        if let Some(quotas) = quotas {
            collector = collector.with_quotas(quotas);
        }
        loop {
            let read = self.scan(common, || collector.sibling())?;
            match read.finish() {
                Outcome::Done(frame) => return Ok(*frame),
                Outcome::Again(fresh) => collector = *fresh,
            }
        }
    }

    /// Counts what would be drawn from.
    pub(super) fn count(&self, common: &Common, drawing: &Drawing<'_>) -> Result<Frame, Failure> {
        let mut collector = self.collector(drawing)?.with_quotas(&Quotas::new());
        loop {
            match self.scan(common, || collector.sibling())?.count() {
                Outcome::Done(frame) => return Ok(*frame),
                Outcome::Again(fresh) => collector = *fresh,
            }
        }
    }
}

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
    /// What makes a stratum: `csr`, `caller_type` or `csr,caller_type`
    ///
    /// The default is `csr,caller_type`; with -n alone all calls are one stratum (a simple random sample).
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
        Ok(Design {
            per: match (self.per, self.number) {
                (Some(per), _) => per,
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
        })
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
