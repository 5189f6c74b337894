//! What was done in a copy of a store, brought into this one.
//!
//! Inside the engine rather than over two contracts: everything is taken in one transaction, and the contract tells
//! neither when a statement was made nor what a draft holds. Statements take the same way as when an analyst makes them,
//! so that reserves are promoted, assignments passed on and counts kept by the one rule there is. Evaluations are taken
//! as the rows they are: nothing of them is computed again.

mod apply;
mod compare;
mod extras;
mod side;

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;

use super::fault::Fault;
use super::{analyst, event, samples};
use crate::store::{Merged, MergedSample, SampleInfo, StoreError, StoredStratum, Taken};
use compare::Plan;
use side::Side;

/// The store that is read from; what is wrong with it is told of it.
pub(super) struct Other<'a> {
    pub(super) tables: &'a Connection,
    pub(super) path: &'a Path,
}

impl Other<'_> {
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, Fault> {
        work(self.tables).map_err(|fault| Fault::Told(fault.tell(self.path)))
    }

    /// Its name without folders, which mean nothing on another machine.
    fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        name.to_string_lossy().into_owned()
    }
}

/// A sample that both have.
struct Common {
    name: String,
    ours: Side,
    theirs: Side,
    same_words: bool,
}

/// Refuses a store that is to be joined with itself.
pub(super) fn must_be_two(ours: &Path, theirs: &Path) -> Result<(), StoreError> {
    let file = |path: &Path| std::fs::metadata(path).map(|file| (file.dev(), file.ino()));
    match (file(ours), file(theirs)) {
        (Ok(one), Ok(other)) if one == other => Err(StoreError::SameStore {
            path: theirs.display().to_string(),
        }),
        _ => Ok(()),
    }
}

/// Takes what `other` has and this store lacks. Of a call that the two contradict each other about nothing is taken.
pub(super) fn merge(
    tables: &Connection,
    other: &Other<'_>,
    at: Timestamp,
) -> Result<Merged, Fault> {
    let (mut merged, shared) = common(tables, other)?;
    let known = analyst::names(tables)?;
    merged.analysts = other.read(analyst::names)?;
    merged.analysts.retain(|name| !known.contains(name));
    analyst::add(tables, merged.analysts.iter().map(String::as_str), true)?;
    let mut plan = Plan::of(&shared);
    let done = loop {
        tables.execute_batch("SAVEPOINT acts")?;
        let done = apply::all(tables, other, &plan.acts)?;
        if done.refused.is_empty() {
            tables.execute_batch("RELEASE acts")?;
            break done;
        }
        // What else was done with these calls has to go, too, and with it what followed from it.
        tables.execute_batch("ROLLBACK TO acts; RELEASE acts")?;
        plan.refuse(done.refused);
    };
    for common in &shared {
        let Some(sample) = (merged.samples.iter_mut()).find(|one| one.name == common.name) else {
            continue;
        };
        sample.conflicts = plan.conflicts_of(&common.name);
        sample.taken = done.taken.get(&common.name).copied().unwrap_or_default();
        let left: BTreeSet<&str> = (sample.conflicts.iter())
            .map(|conflict| conflict.call_id.as_str())
            .collect();
        sample.taken.drafts = extras::drafts(tables, other, common, &left)?;
        sample.taken.events = extras::events(tables, other, common, &left)?;
        if sample.taken != Taken::default() {
            let detail = detail(&other.name(), sample);
            event::note(tables, &sample.name, at, None, extras::MERGE, &detail)?;
        }
    }
    Ok(merged)
}

/// Samples of both that are the same; refuses a pair that only has its name in common.
fn common(tables: &Connection, other: &Other<'_>) -> Result<(Merged, Vec<Common>), Fault> {
    let ours = samples::samples(tables)?;
    let mut merged = Merged::default();
    let mut shared = Vec::new();
    for theirs in other.read(samples::samples)? {
        let Some(ours) = ours.iter().find(|ours| ours.name == theirs.name) else {
            merged.only_there.push(theirs.name);
            continue;
        };
        let name = theirs.name.clone();
        let strata = (
            samples::strata(tables, &name)?,
            other.read(|tables| samples::strata(tables, &name))?,
        );
        if let Some(what) = differs(ours, &theirs, &strata) {
            let path = other.path.display().to_string();
            return Err(StoreError::OtherSample { name, what, path }.into());
        }
        let same_words = ours.rubric.hash == theirs.rubric.hash;
        if ours.withdrawn.is_none() {
            shared.push(Common {
                ours: side::read(tables, &name)?,
                theirs: other.read(|tables| side::read(tables, &name))?,
                same_words,
                name: name.clone(),
            });
        }
        merged.samples.push(MergedSample {
            name,
            withdrawn: ours.withdrawn.is_some(),
            other_words: !same_words,
            ..MergedSample::default()
        });
    }
    if merged.samples.is_empty() {
        let path = other.path.display().to_string();
        return Err(StoreError::NothingInCommon { path }.into());
    }
    Ok((merged, shared))
}

/// What makes two samples of one name two samples.
fn differs(
    ours: &SampleInfo,
    theirs: &SampleInfo,
    strata: &(Vec<StoredStratum>, Vec<StoredStratum>),
) -> Option<&'static str> {
    let digests = |sample: &SampleInfo| -> Vec<_> {
        let batches = sample.batches.iter();
        batches.map(|batch| batch.frame_digest).collect()
    };
    if ours.seed != theirs.seed {
        Some("seed")
    } else if ours.rubric.scoring_hash != theirs.rubric.scoring_hash {
        Some("rubric")
    } else if digests(ours) != digests(theirs) {
        Some("call logs")
    } else if ours.design != theirs.design {
        Some("design")
    } else if strata.0 != strata.1 {
        Some("strata")
    } else {
        None
    }
}

/// The merge as an act of a sample.
fn detail(from: &str, sample: &MergedSample) -> String {
    let taken = &sample.taken;
    let counts = [
        (taken.evaluations, "evaluations"),
        (taken.amendments, "amendments"),
        (taken.unscorable, "calls unscorable"),
        (taken.scorable, "calls scorable again"),
        (taken.declined, "calls declined"),
        (taken.picked, "calls picked"),
        (taken.drafts, "drafts"),
        (taken.events, "acts"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let mut detail = format!("`{from}`: {}", told.join(", "));
    let mut left: Vec<&str> = (sample.conflicts.iter())
        .map(|conflict| conflict.call_id.as_str())
        .collect();
    left.dedup();
    if !left.is_empty() {
        detail.push_str(&format!("; not {}, which conflict", left.join(", ")));
    }
    detail
}
