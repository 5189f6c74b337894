use jiff::Timestamp;
use serde_json::json;

use super::output::print;
use super::who::By;
use super::{Common, Failure, stored};
use crate::render::json::to_text;
use crate::store::{AssignReport, HandOver, Store};

/// Give calls to an analyst
///
/// `assign C-1 C-2 --to ben` gives single calls; `assign --from anna --to ben --all` all that somebody who is away has
/// not completed. Half-finished answers stay with who gave them, and the call is scored anew.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Ids of the calls
    #[arg(value_name = "CALL_ID", required_unless_present = "all", conflicts_with_all = ["from", "all"])]
    calls: Vec<String>,
    /// Who gets them
    #[arg(long, value_name = "ANALYST")]
    to: String,
    /// Who has them
    #[arg(long, value_name = "ANALYST", requires = "all")]
    from: Option<String>,
    /// All open calls of --from
    #[arg(long, requires = "from")]
    all: bool,
    /// Take an analyst the store has not seen before
    #[arg(long)]
    new_analyst: bool,
    /// The sample (default: the newest; with --all: every sample)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    #[command(flatten)]
    by: By,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: AssignFormat,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum AssignFormat {
    Text,
    Json,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if self.from.as_ref() == Some(&self.to) {
            return Err(Failure::usage(
                format!("`{}` has these calls already", self.to),
                "name two analysts",
            )
            .into());
        }
        let mut store = common.open_store_to_write()?;
        if let Some(from) = &self.from {
            stored::known_analyst(&store, from)?;
        }
        let what = match &self.from {
            Some(from) => HandOver::AllOf(from.clone()),
            None => HandOver::Calls(self.calls.clone()),
        };
        let mut samples = Vec::new();
        if self.all && self.sample.is_none() {
            let all = store.samples().map_err(Failure::from)?.into_iter();
            samples.extend(all.filter(|sample| sample.withdrawn.is_none()));
        } else {
            samples.push(stored::pick(common, &store, self.sample.as_deref())?);
        }
        let mut total = AssignReport::default();
        for sample in samples {
            let who = self.by.name();
            let report = store
                .assign(
                    &sample.name,
                    &what,
                    &self.to,
                    self.new_analyst,
                    who.as_deref(),
                    Timestamp::now(),
                )
                .map_err(Failure::from)?;
            total.moved += report.moved;
            total.theirs += report.theirs;
            total.stay.extend(report.stay);
        }
        print(&match self.format {
            AssignFormat::Text => self.text(&total),
            AssignFormat::Json => to_text(&json!({
                "schema": "evenhand.assign/1",
                "to": self.to,
                "moved": total.moved,
                "theirs": total.theirs,
                "stay": total.stay,
            })),
        })
    }

    fn text(&self, report: &AssignReport) -> String {
        let calls = |count: u64| match count {
            1 => "1 call".to_owned(),
            _ => format!("{count} calls"),
        };
        let to = &self.to;
        let mut text = match (report.moved, &self.from) {
            (0, Some(from)) if report.stay.is_empty() => {
                format!("{from} has no open call that could be given to {to}.\n")
            }
            (moved, _) => format!("{} given to {to}.\n", calls(moved)),
        };
        if report.theirs > 0 {
            text.push_str(&format!(
                "{} theirs before.\n",
                match report.theirs {
                    1 => "1 call was".to_owned(),
                    count => format!("{count} calls were"),
                }
            ));
        }
        if !report.stay.is_empty() {
            text.push_str(&format!(
                "{} where they were, because {to} is the other analyst: {}. Give them to a third one.\n",
                match report.stay.len() {
                    1 => "1 call stays".to_owned(),
                    count => format!("{count} calls stay"),
                },
                report.stay.join(", ")
            ));
        }
        let lines = text
            .lines()
            .map(|line| format!("{}\n", crate::calls::escape(line)));
        lines.collect()
    }
}
