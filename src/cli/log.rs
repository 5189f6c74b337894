use super::Common;
use super::input::LogArgs;
use super::output::{Document, OutputArgs};
use crate::calls::CallerType;
use crate::render::json;
use crate::report::LogReport;
use crate::sampling::{Survey, Surveyed};

/// Look at a call log: columns, period, caller types, CSRs, and what can't be used
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    log: LogArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let log = self.log.open()?;
        let design = Survey::design();
        let filter = log.filter(&design.eligibility)?;
        let mut survey = Survey::new(&design, &filter);
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
        let report = LogReport {
            files: log.log.names().map(str::to_owned).collect(),
            lines: log.lines(),
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
        let others = report.other_columns();
        if !others.is_empty() {
            tail.push(format!(
                "Also kept with drawn calls: {}.",
                others.join(", ")
            ));
        }
        if report.seen.unread_times > 0 {
            let rows = report.seen.unread_times;
            tail.push(format!(
                "{rows} times can't be read. Dates such as 03/04/2026 are never guessed: state `format` under [time] in a profile."
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
            tables.retain(|table| !table.rows.is_empty());
            tables
        };
        self.output.print(Document {
            lead,
            tables: Box::new(tables),
            tail,
            json: Box::new(|| json::log(&report)),
        })
    }
}
