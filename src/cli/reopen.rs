use jiff::Timestamp;

use super::output::print;
use super::who::By;
use super::{Common, Failure, stored};
use crate::store::{Reopened, Store};

/// Take back what was said of a call
///
/// A call said to be unscorable can be scored after all; a complete evaluation is opened for its analyst to amend. What
/// was said before stays readable, and `samples log` tells who took it back and why.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The call's id, as logged
    #[arg(value_name = "CALL_ID")]
    call_id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Whose evaluation (default: the one that counts)
    #[arg(long, value_name = "NAME")]
    analyst: Option<String>,
    /// The sample (default: the newest that has the call)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    #[command(flatten)]
    by: By,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        if self.reason.trim().is_empty() {
            return Err(Failure::usage("--reason is empty", "say why it is taken back").into());
        }
        let mut store = common.open_store_to_write()?;
        let sample = stored::pick_with_call(common, &store, self.sample.as_deref(), &self.call_id)?;
        let who = self.by.name();
        let reopened = store
            .reopen(
                &sample.name,
                &self.call_id,
                self.analyst.as_deref(),
                &self.reason,
                who.as_deref(),
                Timestamp::now(),
            )
            .map_err(Failure::from)?;
        let call_id = &self.call_id;
        let text = match reopened {
            Reopened::Scorable { back: None } => format!("{call_id} can be scored after all."),
            Reopened::Scorable { back: Some(back) } => {
                format!(
                    "{call_id} can be scored after all; {back}, which had taken its place, is a reserve again."
                )
            }
            Reopened::Evaluation { analyst } => format!(
                "{call_id} is open for {analyst} to amend: evenhand score --analyst {analyst} --sample {}",
                sample.name
            ),
        };
        print(&format!("{}\n", crate::calls::escape(&text)))
    }
}
