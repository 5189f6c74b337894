use std::collections::HashMap;
use std::path::PathBuf;

use jiff::Timestamp;

use super::answers::{self, Expected};
use super::call_log::LogArgs;
use super::input::{self, DesignArgs};
use super::output::OutputArgs;
use super::{Common, Failure, draw, record, report, score, stored};
use crate::calls::CallerType;
use crate::evaluation::Recorded;
use crate::read;
use crate::store::{NewSample, Store};

/// Draw, record (or score) and report in one go
///
/// Everything is checked before anything is kept. A second run says what is already there and changes nothing.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    log: LogArgs,
    /// The rubric the calls are scored under
    #[arg(long, value_name = "FILE")]
    rubric: PathBuf,
    /// Answers to record; without them the calls are scored in the terminal
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// The analyst who scores, or of answers that name none
    #[arg(long, env = "EVENHAND_ANALYST", value_name = "NAME")]
    analyst: Option<String>,
    /// Take analysts the store has not seen before
    #[arg(long)]
    new_analyst: bool,
    #[command(flatten)]
    design: DesignArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let rubric = input::rubric(&self.rubric)?;
        let file = self
            .answers
            .as_deref()
            .map(read::answers)
            .transpose()
            .map_err(Failure::from)?;
        let log = self.log.open()?;
        let draw = draw::draw(common, &log, &rubric, &self.design, self.log.allow_bad_rows)?;
        let new = draw.sample;
        let items = match &file {
            None => Vec::new(),
            Some(file) => {
                let drawn = self.drawn(common, &new)?;
                let expected = Expected {
                    rubric: &rubric.rubric,
                    sample: &new.name,
                    drawn: &drawn,
                    analyst: self.analyst.as_deref(),
                    now: Timestamp::now(),
                };
                answers::check(file, &expected)?
            }
        };
        let mut store = common.create_store()?;
        let added = store.add_sample(&new).map_err(Failure::from)?;
        common.note(&draw::sentence(&new, added));
        if draw.made_seed {
            common.note(&format!("The seed was made just now: {}.", new.seed));
        }
        if let Some(whose) = &draw.deviations {
            common.note(whose);
        }
        self.keep(common, &mut store, &new.name, file.is_some(), &items)?;
        let sample = stored::pick(common, &store, Some(&new.name))?;
        let format = self.output.format;
        self.output
            .print(report::usual(&store, &sample, format, common.verbose)?)
    }

    /// Calls that answers may be about: those drawn now, and those a store has already drawn in place of others.
    fn drawn(
        &self,
        common: &Common,
        new: &NewSample,
    ) -> Result<HashMap<String, CallerType>, Failure> {
        let calls = new.frame.strata.iter().flat_map(|stratum| &stratum.calls);
        let mut drawn: HashMap<String, CallerType> = calls
            .map(|drawn| (drawn.call.call_id.clone(), drawn.call.caller_type))
            .collect();
        if common.store.is_file() {
            let store = common.open_store_to_write()?;
            if store
                .samples()?
                .iter()
                .any(|sample| sample.name == new.name)
            {
                drawn.extend(store.scorable(&new.name)?);
            }
        }
        Ok(drawn)
    }

    fn keep(
        &self,
        common: &Common,
        store: &mut impl Store,
        sample: &str,
        from_file: bool,
        items: &[Recorded],
    ) -> anyhow::Result<()> {
        if from_file {
            let kept = store
                .record(sample, items, None, self.new_analyst)
                .map_err(Failure::from)?;
            common.note(&record::sentence(&kept));
            return Ok(());
        }
        let how = score::How::default();
        score::check_terminal(&how)?;
        let analyst = score::analyst(self.analyst.as_deref())?;
        let who = score::Who {
            analyst: &analyst,
            new: self.new_analyst,
        };
        score::score(common, store, sample, who, None, &how)
    }
}
