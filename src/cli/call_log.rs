//! Options that say which call log is read and how, and the log behind them.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Common, Failure, journeys, progress};
use crate::calls::{
    ColumnFault, Eligibility, Filter, LogLines, Profile, Role, RowSink, SAFE_DIGITS, escape,
};
use crate::read::{self, CallLog, RoundedIds};
use crate::sampling::{Collector, Design, Earlier, Frame, Outcome, Quotas, Seed, Unit};
use crate::store::SampleInfo;

/// A call log and how to read it.
#[derive(clap::Args)]
pub(super) struct LogArgs {
    /// The call log: CSV, JSON or a workbook, plain or packed (.gz, .zst, .zip); several files are one log, `-` is standard input
    #[arg(value_name = "LOG", required = true)]
    pub(super) log: Vec<PathBuf>,
    /// How this log differs from a plain one: a profile in the program (`log --profiles` lists them) or a file (TOML)
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) profile: Option<PathBuf>,
    /// The sheet of a workbook (default: the first that has the columns)
    #[arg(long, value_name = "NAME")]
    pub(super) sheet: Option<String>,
    /// Mend rows that break the rules of CSV, where there is a way (`log --problems` lists them)
    #[arg(long)]
    pub(super) lenient: bool,
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
    /// Whether a note says of times how they are read, or why they can't be.
    tells_times: bool,
    /// Where its lines are, once it has been read.
    lines: OnceCell<LogLines>,
    /// Ids that have lost digits, once it has been read and if there are any.
    rounded: OnceCell<RoundedIds>,
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
        let mut open = match &self.profile {
            Some(profile) => {
                let loaded = read::profile(profile)?;
                self.open_with(loaded.profile, Some(loaded.source))?
            }
            None => self.open_any()?,
        };
        if let Some(sheet) = open.log.chosen_sheet() {
            let sheet = read::quoted(sheet);
            let profile = open.profile.as_deref();
            open.profile = Some(read::amended(profile, "file", "sheet", &sheet));
        }
        if open.log.columns().profile().id_line {
            let columns = open.log.columns();
            let of = columns.all_of(Role::CallId).iter();
            let of: Vec<_> = of.map(|at| escape(&columns.names()[*at])).collect();
            open.told.push(format!(
                "the log has no call ids: they are made of `{}` and the line, so they hold for these files in this order alone",
                of.join("`, `")
            ));
        }
        if let Some(told) = open.log.tell_times()? {
            open.told.push(told.why);
            open.tells_times = true;
            if let Some((key, value)) = told.stated {
                let (profile, value) = (open.profile.as_deref(), read::quoted(&value));
                open.profile = Some(read::amended(profile, "time", key, &value));
            }
        }
        Ok(open)
    }

    /// Opens the log with the profile in the program that it looks like it needs, if it does.
    fn open_any(&self) -> Result<OpenLog, Failure> {
        let stated = self.stated(Profile::default());
        let (log, own) = CallLog::open_any(&files(&self.log)?, stated)?;
        let log = log.allow_bad_rows(self.allow_bad_rows);
        let source = self.stated_text(own.map(|own| own.text.to_owned()));
        let mut open = opened(log, source, self.threads);
        open.told.extend(own.map(|own| {
            format!(
                "`{}` looks like what {} writes and is read with the profile `{}` (`log --profile {} --show`)",
                escape(&open.name), own.title, own.name, own.name
            )
        }));
        Ok(open)
    }

    fn open_with(&self, profile: Profile, source: Option<String>) -> Result<OpenLog, Failure> {
        let source = self.stated_text(source);
        let mut open = open(&self.log, &self.stated(profile), source, self.threads)?;
        open.log = open.log.allow_bad_rows(self.allow_bad_rows);
        Ok(open)
    }

    /// A profile with what options say besides.
    fn stated(&self, profile: Profile) -> Profile {
        Profile {
            sheet: self.sheet.clone().or(profile.sheet),
            lenient: self.lenient || profile.lenient,
            ..profile
        }
    }

    /// The same in a profile's text, which is kept with the sample.
    fn stated_text(&self, mut text: Option<String>) -> Option<String> {
        let mut state = |key, value: &str| {
            text = Some(read::amended(text.as_deref(), "file", key, value));
        };
        if let Some(sheet) = &self.sheet {
            state("sheet", &read::quoted(sheet));
        }
        if self.lenient {
            state("lenient", "true");
        }
        text
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
    Ok(opened(log, source, threads))
}

fn opened(log: CallLog, source: Option<String>, threads: Threads) -> OpenLog {
    OpenLog {
        name: told(log.names()),
        log: log.with_threads(threads.threads.map(usize::from)),
        profile: source,
        told: Vec::new(),
        tells_times: false,
        lines: OnceCell::new(),
        rounded: OnceCell::new(),
    }
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
            let rounded = scanned.rounded.map(|rounded| {
                let told = self.told_of(&rounded);
                // Set where the lines are.
                let _ = self.rounded.set(rounded);
                told
            });
            let times = times.chain(self.mended()).chain(rounded);
            looks
                .chain(later)
                .chain(times)
                .for_each(|told| common.note(&told));
        }
        Ok(scanned.sink)
    }

    /// What ids mean that have lost digits.
    fn told_of(&self, rounded: &RoundedIds) -> String {
        let (id, line) = (escape(&rounded.id), self.lines().told(rounded.line));
        let ids = match rounded.rows {
            1 => format!("one call id, `{id}` in line {line}, has"),
            rows => format!("{rows} call ids, such as `{id}` in line {line}, have"),
        };
        format!(
            "{ids} lost digits in a spreadsheet, which keeps {SAFE_DIGITS}: such an id may stand for several calls, and equal ones count as one call. Export the log again, with ids as text"
        )
    }

    /// Whether a note says of times how they are read, or why they can't be.
    pub(super) fn tells_times(&self) -> bool {
        self.tells_times
    }

    /// How many ids have lost digits: known once it has been read.
    pub(super) fn rounded_ids(&self) -> u64 {
        self.rounded.get().map_or(0, |rounded| rounded.rows)
    }

    /// Rows that broke the rules of CSV and were mended.
    fn mended(&self) -> Vec<String> {
        let mended = self.log.mended_lines().into_iter();
        let told = mended.map(|(file, lines)| {
            let first: Vec<String> = lines.iter().take(5).map(u64::to_string).collect();
            let more = if lines.len() > first.len() {
                ", …"
            } else {
                ""
            };
            let (file, first) = (escape(file), first.join(", "));
            match lines.len() {
                1 => format!("`{file}`: one row breaks the rules of CSV and was mended (line {first})"),
                rows => format!(
                    "`{file}`: {rows} rows break the rules of CSV and were mended (lines {first}{more})"
                ),
            }
        });
        told.collect()
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
        if drawing.design.unit == Unit::Interaction {
            return journeys::draw(self, common, drawing, quotas);
        }
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
        if drawing.design.unit == Unit::Interaction {
            return journeys::count(self, common, drawing);
        }
        let mut collector = self.collector(drawing)?.with_quotas(&Quotas::new());
        loop {
            match self.scan(common, || collector.sibling())?.count() {
                Outcome::Done(frame) => return Ok(*frame),
                Outcome::Again(fresh) => collector = *fresh,
            }
        }
    }
}
