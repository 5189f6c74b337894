use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use super::answers::{self, Expected};
use super::{Common, Failure, stored};
use crate::read;
use crate::render::json::to_text;
use crate::store::{RecordReport, Store};

/// Record the answers of a file
///
/// CSV or JSON lines, one call each: `call_id`, `analyst`, one column per behavior id holding an answer id or `na`, and
/// where wanted `comment`, `comment:<behavior id>`, `drivers` (separated by `;`), `unscorable`, `caller_type_heard`,
/// `csr_heard`, `heard_reason`, `seconds`, `completed_at`.
/// The whole file is checked first; a file with a fault changes nothing. Recording it again changes nothing either.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The answers (CSV or JSON lines)
    #[arg(value_name = "ANSWERS")]
    answers: PathBuf,
    /// The sample the calls were drawn for (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// The analyst of rows that name none
    #[arg(long, env = "EVENHAND_ANALYST", value_name = "NAME")]
    analyst: Option<String>,
    /// Take analysts the store has not seen before
    #[arg(long)]
    new_analyst: bool,
    /// Keep different answers for complete evaluations beside the old ones, for this reason
    #[arg(long, value_name = "REASON")]
    amend: Option<String>,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: RecordFormat,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum RecordFormat {
    Text,
    Json,
}

/// What became of a file, in a sentence.
pub(super) fn sentence(report: &RecordReport) -> String {
    let mut parts = vec![
        format!("{} new", report.new),
        format!("{} already there", report.unchanged),
    ];
    if report.amended > 0 {
        parts.push(format!("{} amended", report.amended));
    }
    if report.unscorable > 0 {
        parts.push(format!("{} unscorable", report.unscorable));
    }
    format!("Recorded evaluations: {}.", parts.join(", "))
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if self
            .amend
            .as_ref()
            .is_some_and(|reason| reason.trim().is_empty())
        {
            return Err(
                Failure::usage("--amend needs a reason", "say why the answers change").into(),
            );
        }
        let file = read::answers(&self.answers).map_err(Failure::from)?;
        let mut store = common.open_store_to_write()?;
        let sample = stored::pick(common, &store, self.sample.as_deref())?;
        let rubric = stored::rubric(&store, &sample)?;
        let drawn = store.scorable(&sample.name).map_err(Failure::from)?;
        let items = answers::check(
            &file,
            &Expected {
                rubric: &rubric,
                sample: &sample.name,
                drawn: &drawn,
                analyst: self.analyst.as_deref(),
                now: Timestamp::now(),
            },
        )?;
        let report = store
            .record(
                &sample.name,
                &items,
                self.amend.as_deref(),
                self.new_analyst,
            )
            .map_err(Failure::from)?;
        super::output::print(&match self.format {
            RecordFormat::Text => format!("{}\n", sentence(&report)),
            RecordFormat::Json => to_text(&json!({
                "schema": "evenhand.record/1",
                "sample": sample.name,
                "new": report.new,
                "unchanged": report.unchanged,
                "amended": report.amended,
                "unscorable": report.unscorable,
            })),
        })
    }
}
