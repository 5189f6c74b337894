use std::io::IsTerminal;
use std::path::PathBuf;

use super::desk::{Stopwatch, StoreDesk};
use super::plain::Plain;
use super::who::login;
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
    /// The sample (default: the one you stopped in last, else the first drawn that has calls for you)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// Score this call first, whatever is next
    #[arg(long, value_name = "CALL_ID")]
    call: Option<String>,
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
        check_terminal(&self.how)?;
        let analyst = analyst(self.analyst.as_deref())?;
        let name = self.sample.as_deref();
        let sample = match &self.call {
            Some(call_id) => stored::pick_with_call(common, &store, name, call_id)?,
            None => stored::pick_to_score(common, &store, name, &analyst)?,
        };
        let who = Who {
            analyst: &analyst,
            new: self.new_analyst,
        };
        score(common, &mut store, &sample.name, who, self.call, &self.how)
    }
}

/// Who scores.
pub(super) struct Who<'a> {
    pub(super) analyst: &'a str,
    /// Takes one that the store has not seen before.
    pub(super) new: bool,
}

/// Refuses to score where nobody can be asked.
pub(super) fn check_terminal(how: &How) -> Result<(), Failure> {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if how.plain || terminal {
        return Ok(());
    }
    Err(Failure::usage(
        "there is no terminal to score in",
        "`evenhand record FILE` takes answers from a file; `evenhand score --plain` asks line by line through a pipe",
    ))
}

/// The name given, else the login name.
pub(super) fn analyst(given: Option<&str>) -> Result<String, Failure> {
    let name = given.map(str::to_owned).or_else(login);
    name.filter(|name| !name.trim().is_empty())
        .ok_or_else(|| Failure::usage("it is not known who scores", "say --analyst NAME"))
}

/// Scores a sample until it is done or the analyst leaves, `first` before anything else.
pub(super) fn score(
    common: &Common,
    store: &mut impl Store,
    sample: &str,
    who: Who<'_>,
    first: Option<String>,
    how: &How,
) -> anyhow::Result<()> {
    let analyst = who.analyst;
    store.add_analyst(analyst, who.new).map_err(Failure::from)?;
    let info = stored::pick(common, store, Some(sample))?;
    let rubric = stored::rubric(store, &info)?;
    let mut desk = StoreDesk {
        store,
        rubric: &rubric,
        sample: &info,
        analyst,
        token: format!("{:032x}", rand::random::<u128>()),
        first,
        media: how.media.as_deref(),
        blind: how.blind_csr,
        clock: Stopwatch::new(),
    };
    if how.plain {
        return Plain::new(&rubric, analyst, &mut desk).run();
    }
    let mut scoring = Scoring::new(&rubric, sample, analyst, &mut desk)?;
    tui::run(&mut scoring, common.colors())?;
    common.note(&scoring.parting());
    Ok(())
}
