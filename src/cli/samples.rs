use super::output::{Document, OutputArgs};
use super::{Common, Failure};
use crate::render::json;
use crate::report::{SampleList, SampleRow};
use crate::store::Store;

/// List the samples of the store
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let samples = common.open_store()?.samples().map_err(Failure::from)?;
        let rows = samples.into_iter().map(|sample| SampleRow {
            log: sample.logs(),
            design: sample.design.to_text(),
            drawn_at: sample.drawn_at.to_string(),
            calls_in_log: sample.calls_in_log(),
            eligible: sample.eligible(),
            seed: sample.seed.to_string(),
            rubric: sample.rubric.id,
            name: sample.name,
            drawn: sample.counts.drawn,
            queued: sample.counts.queued,
            draft: sample.counts.draft,
            complete: sample.counts.complete,
            unscorable: sample.counts.unscorable,
            withdrawn: sample
                .withdrawn
                .map(|(at, reason)| (at.to_string(), reason)),
        });
        let list = SampleList {
            rows: rows.collect(),
        };
        self.output.print(&Document {
            lead: Vec::new(),
            tables: vec![list.table()],
            tail: Vec::new(),
            json: json::samples(&list),
        })
    }
}
