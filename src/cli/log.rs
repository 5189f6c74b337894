use serde_json::json;

use super::call_log::LogArgs;
use super::output::{Document, OutputArgs, print};
use super::{Common, Failure};
use crate::calls::CallerType;
use crate::read;
use crate::render::json;
use crate::report::{LogReport, ProfileRow, profiles_table};
use crate::sampling::{Survey, Surveyed};

/// Look at a call log: columns, period, caller types, CSRs, and what can't be used
#[derive(clap::Args)]
#[command(mut_arg("log", |log| log.required(false).required_unless_present_any(["profiles", "show"])))]
pub(super) struct Args {
    #[command(flatten)]
    log: LogArgs,
    /// List the profiles in the program, without a log
    #[arg(long, conflicts_with_all = ["log", "profile", "show"])]
    profiles: bool,
    /// Print the profile, without a log: to be changed and used as a file
    #[arg(long, conflicts_with_all = ["log", "format", "output"], requires = "profile")]
    show: bool,
    /// List every row that can't be used and every one that was mended, with its line
    #[arg(long)]
    problems: bool,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if self.log.log.is_empty() {
            return match &self.log.profile {
                Some(profile) => print(&read::profile(profile).map_err(Failure::from)?.source),
                None => profiles(&self.output),
            };
        }
        let log = self.log.open()?;
        let design = Survey::design();
        let filter = log.filter(&design.eligibility)?;
        let mut survey = Survey::new(&design, &filter);
        if self.problems {
            survey = survey.keeping_lines();
        }
        let (frame, seen) = loop {
            match log.scan(common, || survey.sibling())?.finish() {
                Surveyed::Done(frame, seen) => break (*frame, seen),
                Surveyed::Again(fresh) => survey = *fresh,
            }
        };
        let mut tail: Vec<String> = (log.log.headers_below())
            .map(|(file, line)| {
                format!("{file}: The column names are in line {line}; what stands above them is left out.")
            })
            .collect();
        let tells_times = log.tells_times();
        let report = LogReport {
            files: log.log.names().map(str::to_owned).collect(),
            lines: log.lines(),
            rounded_ids: log.rounded_ids(),
            mended: (log.log.mended_lines().into_iter())
                .map(|(file, lines)| (file.to_owned(), lines.to_vec()))
                .collect(),
            file: log.name,
            columns: log.log.columns().clone(),
            frame,
            seen,
        };
        let period = report
            .frame
            .period
            .map(|(from, to)| format!(", {from} to {to}"))
            .unwrap_or_default();
        let lead = vec![format!(
            "{}: {} rows, {} calls that count{period}.",
            report.file, report.frame.rows, report.frame.eligible
        )];
        tail.extend(report.incomplete());
        if report.frame.not_eligible > 0 {
            tail.push(format!(
                "Left out as no calls by [only] in the profile: {} of {} rows.",
                report.frame.not_eligible, report.frame.rows
            ));
        }
        let others = report.other_columns();
        if !others.is_empty() {
            tail.push(format!(
                "Also kept with drawn calls: {}.",
                others.join(", ")
            ));
        }
        tail.extend(report.unread_times(tells_times));
        if report.seen.wall_clock {
            tail.push(
                "Times have neither an offset nor a declared zone: they are read as the clock on the centre's wall."
                    .to_owned(),
            );
        }
        if report.seen.nowhen > 0 {
            tail.push(format!(
                "{} calls began before 1980: the telephone system had no time for them. --from leaves them out of a draw.",
                report.seen.nowhen
            ));
        }
        if report.seen.negative_durations > 0 {
            tail.push(format!(
                "{} durations are below zero and count as unknown.",
                report.seen.negative_durations
            ));
        }
        if report.seen.unread_durations > 0 {
            tail.push(format!(
                "{} durations can't be read.",
                report.seen.unread_durations
            ));
        }
        if report
            .seen
            .values
            .values()
            .any(|(caller_type, _)| *caller_type == CallerType::Unknown)
        {
            tail.push(
                "Calls of unknown caller type are left out of a draw. A profile tells which values are internal and external."
                    .to_owned(),
            );
        }
        let tables = || {
            let mut tables = vec![report.columns()];
            if !report.seen.rules.is_empty() {
                tables.push(report.rules());
            }
            tables.extend([report.values(), report.cells(), report.refused()]);
            if self.problems {
                tables.push(report.problems());
            }
            tables.retain(|table| !table.rows.is_empty());
            tables
        };
        self.output.print(Document {
            lead,
            tables: Box::new(tables),
            tail,
            page: None,
            json: Box::new(|| json::log(&report, self.problems)),
        })
    }
}

/// Lists the profiles in the program.
fn profiles(output: &OutputArgs) -> anyhow::Result<()> {
    let own = read::built_in().iter().map(|own| ProfileRow {
        name: own.name.to_owned(),
        title: own.title.clone(),
        about: own.about.clone(),
    });
    let table = profiles_table(&own.collect::<Vec<_>>());
    let json = json!({"schema": "evenhand.profiles/1", "profiles": json::rows(&table)});
    output.print(Document {
        lead: Vec::new(),
        tables: Box::new(|| vec![table]),
        tail: vec![
            "`evenhand log --profile NAME --show > mine.toml` gives a file to adapt.".to_owned(),
        ],
        page: None,
        json: Box::new(|| json),
    })
}
