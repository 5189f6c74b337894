use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use super::call_log::{LogArgs, OpenLog, Threads};
use super::output::print;
use super::who::By;
use super::{Common, Failure, stored};
use crate::calls::{Call, Eligibility};
use crate::evaluation::PickReason;
use crate::render::json::to_text;
use crate::rubric::{Word, nearest};
use crate::sampling::{Found, Picker};
use crate::store::{NewPicks, PickReport, Picked, Store};

/// Queue calls chosen on purpose: complaints, coaching, new starters
///
/// They are scored and explained like drawn ones, listed apart, and enter no estimate: what is chosen can't stand for
/// the rest. If a call is drawn as well, its one evaluation serves both.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Ids of the calls, as logged
    #[arg(value_name = "CALL_ID", required = true)]
    calls: Vec<String>,
    /// The log that has the calls; may be repeated for several files
    #[arg(long, value_name = "LOG", required = true)]
    from: Vec<PathBuf>,
    /// Why they are chosen
    #[arg(long, value_name = "REASON", value_parser = reason)]
    why: PickReason,
    /// More on why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The sample whose rubric they are scored under (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// Read the log with this profile instead of that of the sample
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    by: By,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: PickFormat,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum PickFormat {
    Text,
    Json,
}

fn reason(text: &str) -> Result<PickReason, String> {
    PickReason::from_word(text).ok_or_else(|| {
        let words = PickReason::words().collect::<Vec<_>>().join(", ");
        match nearest(text, PickReason::words()) {
            Some(near) => format!("did you mean `{near}`? There are: {words}"),
            None => format!("use one of: {words}"),
        }
    })
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        self.check()?;
        let mut store = common.open_store_to_write()?;
        let sample = stored::pick(common, &store, self.sample.as_deref())?;
        let log = LogArgs {
            log: self.from.clone(),
            profile: self.profile.clone(),
            sheet: None,
            lenient: false,
            allow_bad_rows: true,
            threads: self.threads,
        }
        .open_like(&sample)?;
        let filter = log.filter(&Eligibility::default())?;
        let picker = Picker::new(filter, self.calls.iter().map(String::as_str));
        let found = log.scan(common, || picker.sibling())?.finish();
        let mut calls = Vec::new();
        for id in &self.calls {
            calls.push(call(id, found.get(id), &log)?);
        }
        let new = NewPicks {
            sample: sample.name.clone(),
            picked: Picked {
                why: self.why,
                note: self.note.clone(),
                who: self.by.name(),
                log: log.files(),
                profile: log.profile.clone(),
                at: Timestamp::now(),
            },
            calls,
        };
        let report = store.pick(&new).map_err(Failure::from)?;
        print(&match self.format {
            PickFormat::Text => format!("{}\n", sentence(&sample.name, &report)),
            PickFormat::Json => to_text(&json!({
                "schema": "evenhand.pick/1",
                "sample": sample.name,
                "new": report.new,
                "drawn": report.drawn,
                "complete": report.complete,
            })),
        })
    }

    fn check(&self) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = self.calls.iter().find(|id| !seen.insert(id.as_str())) {
            return Err(Failure::usage(
                format!("the call `{twice}` is named twice"),
                "name each call once",
            ));
        }
        let noted = self
            .note
            .as_ref()
            .is_some_and(|note| !note.trim().is_empty());
        if self.why == PickReason::Other && !noted {
            return Err(Failure::usage(
                "`--why other` needs a note",
                "say more with --note TEXT",
            ));
        }
        Ok(())
    }
}

fn call(id: &str, found: Option<&Found>, log: &OpenLog) -> Result<Call, Failure> {
    match found {
        Some(Found::Call(call)) => Ok(call.as_ref().clone()),
        Some(Found::Several { lines }) => {
            let places = log.lines();
            let lines: Vec<String> = lines.iter().map(|line| places.told(*line)).collect();
            let log = &log.name;
            Err(Failure::data(
                format!(
                    "`{log}` has several calls `{id}` that differ (lines {})",
                    lines.join(", ")
                ),
                "if each leg of a call has a row, name the column with the leg's id in a profile",
            ))
        }
        Some(Found::Nothing) | None => Err(Failure::data(
            format!("`{}` has no call `{id}`", log.name),
            "ids are compared letter by letter, as logged; nothing was picked",
        )),
    }
}

fn sentence(sample: &str, report: &PickReport) -> String {
    let mut parts = vec![format!("{} to score", report.new)];
    if report.drawn > 0 {
        parts.push(format!("{} drawn as well", report.drawn));
    }
    if report.complete > 0 {
        parts.push(format!("{} scored already", report.complete));
    }
    format!("Picked for the sample {sample}: {}.", parts.join(", "))
}
