use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use super::output::{Document, OutputArgs, print};
use super::who::By;
use super::{Common, Failure, call_log, input, stored};
use crate::render::json;
use crate::report::{ActRow, SampleList, SampleRow, acts_table};
use crate::store::{RubricText, SampleInfo, Store};

/// List the samples; withdraw or restore one, adopt better words, tell what was done
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(clap::Subcommand)]
enum What {
    /// Take a mistaken sample out of reports and queues; it stays in sight
    Withdraw {
        /// The sample's name (`evenhand samples` lists them)
        #[arg(value_name = "SAMPLE")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        by: By,
    },
    /// Take a withdrawn sample in again
    Restore {
        /// The sample's name (`evenhand samples` lists them)
        #[arg(value_name = "SAMPLE")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        by: By,
    },
    /// Let a sample go on under a rubric with other words
    ///
    /// Texts, guidance and titles may change in mid-sample, and drivers may be added. A rubric that scores otherwise starts
    /// with a new sample; `rubric diff` tells which it is.
    Adopt {
        /// The sample's name (`evenhand samples` lists them)
        #[arg(value_name = "SAMPLE")]
        name: String,
        /// The rubric that takes over
        #[arg(long, value_name = "FILE")]
        rubric: PathBuf,
        #[command(flatten)]
        by: By,
    },
    /// Tell what was done to a sample: who, when, what, why
    ///
    /// Draws, further logs, top-ups, picks, calls given to others, calls that can't be scored, amendments, what was taken
    /// back, rubrics adopted, and whether it was withdrawn. Nothing deletes it.
    Log {
        /// The sample's name (`evenhand samples` lists them)
        #[arg(value_name = "SAMPLE")]
        name: String,
        #[command(flatten)]
        output: OutputArgs,
    },
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            None => list(common, &self.output),
            Some(What::Withdraw { name, reason, by }) => withdraw(common, &name, &reason, &by),
            Some(What::Restore { name, reason, by }) => {
                let mut store = common.open_store_to_write()?;
                let (who, now) = (by.name(), Timestamp::now());
                store
                    .restore(&name, reason.as_deref(), who.as_deref(), now)
                    .map_err(Failure::from)?;
                say(&format!(
                    "The sample {name} is in reports and queues again."
                ))
            }
            Some(What::Adopt { name, rubric, by }) => adopt(common, &name, &rubric, &by),
            Some(What::Log { name, output }) => log(common, &name, &output),
        }
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    print(&format!("{}\n", crate::calls::escape(text)))
}

fn list(common: &Common, output: &OutputArgs) -> anyhow::Result<()> {
    let samples = common.open_store()?.samples().map_err(Failure::from)?;
    let list = SampleList {
        rows: samples.into_iter().map(row).collect(),
    };
    output.print(Document {
        lead: Vec::new(),
        tables: Box::new(|| vec![list.table()]),
        tail: Vec::new(),
        page: None,
        json: Box::new(|| json::samples(&list)),
    })
}

fn row(sample: SampleInfo) -> SampleRow {
    SampleRow {
        logs: (sample.batches.iter())
            .map(|batch| call_log::told(batch.files()))
            .collect(),
        unit: sample.design.unit,
        design: match sample.batches.len() {
            1 => sample.design.to_text(),
            _ => format!("{} from each log", sample.design.to_text()),
        },
        drawn_at: sample.drawn_at.to_string(),
        calls_in_log: sample.calls_in_log(),
        eligible: sample.eligible(),
        drawn: sample.counts.drawn,
        queued: sample.counts.queued,
        draft: sample.counts.draft,
        complete: sample.counts.complete,
        unscorable: sample.counts.unscorable,
        withdrawn: sample
            .withdrawn
            .map(|(at, reason)| (at.to_string(), reason)),
        seed: sample.seed.to_string(),
        rubric: sample.rubric.id,
        name: sample.name,
    }
}

fn withdraw(common: &Common, name: &str, reason: &str, by: &By) -> anyhow::Result<()> {
    if reason.trim().is_empty() {
        return Err(Failure::usage("--reason is empty", "say why it is withdrawn").into());
    }
    let mut store = common.open_store_to_write()?;
    store
        .withdraw(name, reason, by.name().as_deref(), Timestamp::now())
        .map_err(Failure::from)?;
    say(&format!(
        "The sample {name} is out of reports and queues; `evenhand samples restore {name}` takes it in again."
    ))
}

fn adopt(common: &Common, name: &str, path: &std::path::Path, by: &By) -> anyhow::Result<()> {
    let loaded = input::rubric(path)?;
    let mut store = common.open_store_to_write()?;
    let text = RubricText::new(&loaded.rubric, &loaded.source);
    let changed = store
        .adopt(name, &text, by.name().as_deref(), Timestamp::now())
        .map_err(Failure::from)?;
    let revision = text.revision.as_deref().unwrap_or("without a revision");
    say(&if changed {
        format!(
            "The sample {name} goes on under {} ({revision}). Windows in which it is being scored must be opened again.",
            text.id
        )
    } else {
        format!("The sample {name} is under this rubric already: nothing changed.")
    })
}

fn log(common: &Common, name: &str, output: &OutputArgs) -> anyhow::Result<()> {
    let store = common.open_store()?;
    let sample = stored::pick(common, &store, Some(name))?;
    let events = store.events(name).map_err(Failure::from)?;
    let acts: Vec<ActRow> = (events.into_iter())
        .map(|event| ActRow {
            at: event.at,
            who: event.who,
            act: event.act,
            detail: event.detail,
        })
        .collect();
    output.print(Document {
        lead: vec![format!(
            "Sample {name}, drawn at {}: what was done to it.",
            sample.drawn_at
        )],
        tables: Box::new(|| vec![acts_table(&acts)]),
        page: None,
        json: Box::new(|| {
            json!({
                "schema": "evenhand.sample-log/1",
                "sample": name,
                "acts": json::rows(&acts_table(&acts)),
            })
        }),
        tail: Vec::new(),
    })
}
