use std::io::IsTerminal;
use std::path::PathBuf;

use super::desk::{Stopwatch, StoreDesk};
use super::plain::Plain;
use super::{Common, Failure, stored};
use crate::store::Store;
use crate::tui::{self, Scoring};

/// Score the drawn calls, one after the other
///
/// Full-screen, with one key per answer; `?` shows all keys. Every answer is kept at once; leave at any time and go on
/// later where you stopped.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Who scores (default: the login name)
    #[arg(long, env = "EVENHAND_ANALYST", value_name = "NAME")]
    analyst: Option<String>,
    /// Take an analyst the store has not seen before
    #[arg(long)]
    new_analyst: bool,
    /// The sample (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    #[command(flatten)]
    how: How,
}

/// How an analyst is asked.
#[derive(clap::Args, Default)]
pub(super) struct How {
    /// Ask line by line: for pipes and screen readers
    #[arg(long)]
    plain: bool,
    /// Don't show who served the caller
    #[arg(long)]
    blind_csr: bool,
    /// The folder that holds recordings and transcripts (default: that of the log)
    #[arg(long, value_name = "DIR")]
    media: Option<PathBuf>,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut store = common.open_store_to_write()?;
        let sample = stored::pick(common, &store, self.sample.as_deref())?;
        score(
            common,
            &mut store,
            &sample.name,
            self.analyst.as_deref(),
            self.new_analyst,
            &self.how,
        )
    }
}

/// Scores a sample until it is done or the analyst leaves.
pub(super) fn score(
    common: &Common,
    store: &mut impl Store,
    sample: &str,
    analyst: Option<&str>,
    new_analyst: bool,
    how: &How,
) -> anyhow::Result<()> {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !how.plain && !terminal {
        return Err(Failure::usage(
            "there is no terminal to score in",
            "`evenhand record FILE` takes answers from a file; `evenhand score --plain` asks line by line through a pipe",
        )
        .into());
    }
    let analyst = analyst
        .map(str::to_owned)
        .or_else(login)
        .unwrap_or_default();
    if analyst.trim().is_empty() {
        return Err(Failure::usage("it is not known who scores", "say --analyst NAME").into());
    }
    store
        .add_analyst(&analyst, new_analyst)
        .map_err(Failure::from)?;
    let info = stored::pick(common, store, Some(sample))?;
    let rubric = stored::rubric(store, &info)?;
    let mut desk = StoreDesk {
        store,
        rubric: &rubric,
        sample: &info,
        analyst: &analyst,
        token: format!("{:032x}", rand::random::<u128>()),
        media: how.media.as_deref(),
        blind: how.blind_csr,
        clock: Stopwatch::new(),
    };
    if how.plain {
        return Plain::new(&rubric, &analyst, &mut desk).run();
    }
    let mut scoring = Scoring::new(&rubric, sample, &analyst, &mut desk)?;
    tui::run(&mut scoring, common.colors())?;
    common.note(&scoring.parting());
    Ok(())
}

fn login() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok())
        .filter(|name| !name.is_empty())
}
