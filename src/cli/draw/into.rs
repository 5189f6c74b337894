//! Further logs of a sample that is there, and more reserves from those it has.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Args, assignments, refuse_bad_rows};
use crate::cli::call_log::{Drawing, OpenLog};
use crate::cli::input;
use crate::cli::who::login;
use crate::cli::{Common, Failure, spread, stored};
use crate::report::DrawReport;
use crate::sampling::{Design, Earlier, Frame, Quota, Quotas, SeenIds, Spread, Spreading, Unit};
use crate::store::{CallRole, NewBatch, SampleInfo, SqliteStore, Store, StoreError};

impl Args {
    /// Adds the log to a sample, or draws more reserves from it.
    pub(super) fn go_on(&self, common: &Common) -> anyhow::Result<()> {
        self.check_alone()?;
        let mut store = common.open_store_to_write()?;
        let sample = stored::pick(common, &store, self.into.as_deref())?;
        if let Some((_, reason)) = &sample.withdrawn {
            let (name, reason) = (sample.name.clone(), reason.clone());
            return Err(Failure::from(StoreError::Withdrawn { name, reason }).into());
        }
        if sample.design.unit == Unit::Interaction {
            let what = match self.top_up {
                true => StoreError::RESERVES,
                false => StoreError::FURTHER_LOGS,
            };
            let name = sample.name.clone();
            return Err(Failure::from(StoreError::OfJourneys { name, what }).into());
        }
        self.check_rubric(&sample)?;
        let log = self.log.open_like(&sample)?;
        if self.top_up {
            return self.more_reserves(common, &mut store, &sample, &log);
        }
        self.further_log(common, &mut store, &sample, &log)
    }

    /// What the sample decides can't be said again.
    fn check_alone(&self) -> Result<(), Failure> {
        let given = self.design.given().or(match (&self.analysts, self.double) {
            (Some(_), _) => Some("--analysts"),
            (None, Some(_)) => Some("--double"),
            (None, None) => None,
        });
        match given {
            None => Ok(()),
            Some(option) => Err(Failure::usage(
                format!("{option} is for a new sample: a further log is drawn as the sample was"),
                format!("leave {option} out, or leave --into out and draw a sample of its own"),
            )),
        }
    }

    fn check_rubric(&self, sample: &SampleInfo) -> Result<(), Failure> {
        let Some(path) = &self.rubric else {
            return Ok(());
        };
        let rubric = input::rubric(path)?.rubric;
        if rubric.hash() == sample.rubric.hash {
            return Ok(());
        }
        let (name, path) = (&sample.name, path.display());
        let hint = if rubric.scoring_hash() == sample.rubric.scoring_hash {
            format!(
                "only words differ: `evenhand samples adopt {name} --rubric {path}` takes them over"
            )
        } else {
            "leave --rubric out to go on as before, or draw a new sample without --into".to_owned()
        };
        Err(Failure::usage(
            format!("the sample `{name}` is scored under another rubric than `{path}`"),
            hint,
        ))
    }

    fn further_log(
        &self,
        common: &Common,
        store: &mut SqliteStore,
        sample: &SampleInfo,
        log: &OpenLog,
    ) -> anyhow::Result<()> {
        let batches = sample.batches.len() as u64;
        let earlier = Arc::new(earlier(store, sample, batches)?);
        let drawing = Drawing {
            design: &sample.design,
            seed: &sample.seed,
            earlier: &earlier,
            keep_ids: true,
        };
        let quotas = match &sample.design.quota {
            Quota::Each(_) => None,
            Quota::Spread(spread) => {
                let counted = log.count(common, &drawing)?;
                Some(batch_quotas(common, store, spread, &counted)?)
            }
        };
        let frame = log.draw(common, &drawing, quotas.as_ref())?;
        refuse_bad_rows(&frame, log, self.log.allow_bad_rows)?;
        if frame.eligible == 0 {
            let Some(batch) = same_again(&frame, &earlier) else {
                return Err(no_new_calls(&frame, &log.name).into());
            };
            let lead = vec![format!(
                "This log was added to the sample {} before, as batch {batch}: nothing changed.",
                sample.name
            )];
            return self.print(lead, report(store, sample, batch, frame, log)?);
        }
        let new = NewBatch {
            sample: sample.name.clone(),
            log: log.files(),
            profile: log.profile.clone(),
            sealed: self.sealed(log)?,
            drawn_at: Timestamp::now(),
            who: login(),
            frame,
        };
        let batch = store.add_batch(&new).map_err(Failure::from)?;
        let frame = new.frame;
        let lead = vec![format!(
            "Added {} to the sample {} as batch {batch}: drew {} of {} calls that count (of {} rows).",
            log.name,
            sample.name,
            frame.drawn(),
            frame.eligible,
            frame.rows
        )];
        self.print(lead, report(store, sample, batch, frame, log)?)
    }

    fn more_reserves(
        &self,
        common: &Common,
        store: &mut SqliteStore,
        sample: &SampleInfo,
        log: &OpenLog,
    ) -> anyhow::Result<()> {
        let (batch, earlier) = self.batch_of(common, store, sample, log)?;
        let drawing = Drawing {
            design: &sample.design,
            seed: &sample.seed,
            earlier: &Arc::new(earlier),
            keep_ids: true,
        };
        let quotas = filled_up(store, sample, batch)?;
        let frame = log.draw(common, &drawing, Some(&quotas))?;
        let place = usize::try_from(batch)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let kept = sample.batches.get(place);
        if kept.is_none_or(|kept| kept.frame_digest != frame.digest) {
            return Err(Failure::data(
                format!(
                    "`{}` is no log that the sample `{}` was drawn from",
                    log.name, sample.name
                ),
                format!("name one of these, as it was: {}", sample.logs()),
            )
            .into());
        }
        let (drawn, more) = store
            .extend_batch(
                &sample.name,
                batch,
                &frame,
                login().as_deref(),
                Timestamp::now(),
            )
            .map_err(Failure::from)?;
        let lead = vec![format!(
            "The sample {} keeps {more} more calls of batch {batch}; {drawn} of them take the place of calls that \
             can't be scored.",
            sample.name
        )];
        self.print(lead, report(store, sample, batch, frame, log)?)
    }

    /// Which of the sample's logs this one is, and what came before that.
    fn batch_of(
        &self,
        common: &Common,
        store: &SqliteStore,
        sample: &SampleInfo,
        log: &OpenLog,
    ) -> Result<(u64, Earlier), Failure> {
        let batches = sample.batches.len() as u64;
        if batches == 1 {
            return Ok((1, Earlier::default()));
        }
        let all = Arc::new(earlier(store, sample, batches)?);
        let drawing = Drawing {
            design: &sample.design,
            seed: &sample.seed,
            earlier: &all,
            keep_ids: true,
        };
        let counted = log.count(common, &drawing)?;
        let batch = same_again(&counted, &all).ok_or_else(|| {
            Failure::data(
                format!(
                    "`{}` is no log that the sample `{}` was drawn from",
                    log.name, sample.name
                ),
                format!("name one of these, as it was: {}", sample.logs()),
            )
        })?;
        Ok((batch, earlier(store, sample, batch - 1)?))
    }
}

fn earlier(store: &impl Store, sample: &SampleInfo, batches: u64) -> Result<Earlier, Failure> {
    store.earlier(&sample.name, batches)?.ok_or_else(|| {
        Failure::usage(
            format!(
                "the sample `{}` keeps no list of the calls it was drawn from: an older evenhand drew it, there were \
                 more than two million, or it was drawn with --trust-ids",
                sample.name
            ),
            "draw this log as a sample of its own, without --into; --keep-ids keeps such a list however long it gets",
        )
    })
}

/// What each stratum of a further log gives of the sample's total; of fewer calls all are drawn.
fn batch_quotas(
    common: &Common,
    store: &impl Store,
    spread: &Spread,
    counted: &Frame,
) -> Result<Quotas, Failure> {
    let of_log = Spread {
        total: spread.total.min(counted.eligible),
        ..spread.clone()
    };
    if counted.eligible == 0 {
        return Ok(Quotas::new());
    }
    let Spreading::Neyman { from } = &spread.how else {
        return spread::quotas(&of_log, &counted.strata, &Quotas::new(), None);
    };
    let strata = counted.strata.iter().map(|stratum| &stratum.stratum);
    let (deviations, _) = spread::deviations(common, store, from, strata)?;
    spread::quotas(&of_log, &counted.strata, &Quotas::new(), Some(&deviations))
}

/// The batch whose calls these are, all of them and no later ones.
fn same_again(frame: &Frame, earlier: &Earlier) -> Option<u64> {
    let seen = frame.seen_before.iter().zip(&earlier.seen);
    let (at, (found, all)) = seen.enumerate().rfind(|(_, (found, _))| **found > 0)?;
    let nothing_new = frame.seen.as_ref().is_some_and(SeenIds::is_empty);
    (nothing_new && *found == all.len()).then_some(at as u64 + 1)
}

fn no_new_calls(frame: &Frame, log: &str) -> Failure {
    let seen: u64 = frame.seen_before.iter().sum();
    let hint = match crate::report::refused_sentence(&frame.refused) {
        Some(refused) => format!("{seen} calls were in earlier logs of the sample. {refused}"),
        None => format!("{seen} calls were in earlier logs of the sample; is it the right file?"),
    };
    Failure::data(format!("`{log}` has no new call that can be drawn"), hint)
}

/// Calls that each stratum of a batch should have drawn: its quota, and one for each that can't be scored.
fn filled_up(store: &impl Store, sample: &SampleInfo, batch: u64) -> Result<Quotas, Failure> {
    let strata = store.strata(&sample.name)?;
    let mut lost = vec![0; strata.len()];
    for call in store.calls(&sample.name, false)? {
        if let Some(stratum) = call.stratum
            && call.role == CallRole::Drawn
            && call.unscorable.is_some()
        {
            lost[stratum] += 1;
        }
    }
    let own = strata.into_iter().zip(lost);
    let own = own.filter(|(stratum, _)| stratum.batch == batch);
    Ok(own
        .map(|(kept, lost)| (kept.stratum, kept.quota + lost))
        .collect())
}

fn report(
    store: &impl Store,
    sample: &SampleInfo,
    batch: u64,
    frame: Frame,
    log: &OpenLog,
) -> Result<DrawReport, Failure> {
    let design: &Design = &sample.design;
    Ok(DrawReport {
        name: sample.name.clone(),
        seed: sample.seed.to_string(),
        rubric: sample.rubric.id.clone(),
        unit: design.unit,
        design: design.to_text(),
        batch,
        trust_ids: design.eligibility.trust_ids,
        assignments: assignments(store, &sample.name, &frame)?,
        frame,
        lines: log.lines(),
    })
}
