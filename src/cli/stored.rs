//! The store as commands use it.

use super::{Common, Failure};
use crate::read;
use crate::rubric::Rubric;
use crate::store::{SampleInfo, SqliteStore, Store, StoreError};

impl Common {
    /// The store, made if need be.
    pub(super) fn create_store(&self) -> Result<SqliteStore, Failure> {
        Ok(SqliteStore::create_or_open(&self.store)?)
    }

    /// The store that is there, for writing; an older one is brought up to date.
    pub(super) fn open_store_to_write(&self) -> Result<SqliteStore, Failure> {
        Ok(SqliteStore::open_to_write(&self.store)?)
    }

    /// The store as it is.
    pub(super) fn open_store(&self) -> Result<SqliteStore, Failure> {
        Ok(SqliteStore::open_existing(&self.store)?)
    }
}

/// The sample a command is about: the named one, else the only one that is not withdrawn, else the newest of them.
pub(super) fn pick(
    common: &Common,
    store: &impl Store,
    name: Option<&str>,
) -> Result<SampleInfo, Failure> {
    let mut samples = store.samples()?;
    let known: Vec<String> = samples.iter().map(|sample| sample.name.clone()).collect();
    if let Some(name) = name {
        let found = samples.into_iter().find(|sample| sample.name == name);
        return found.ok_or_else(|| {
            StoreError::UnknownSample {
                name: name.to_owned(),
                known,
            }
            .into()
        });
    }
    samples.retain(|sample| sample.withdrawn.is_none());
    let several = samples.len() > 1;
    let Some(newest) = samples.pop() else {
        if let [.., last] = known.as_slice() {
            return Err(Failure::usage(
                format!(
                    "the samples of the store are withdrawn: {}",
                    known.join(", ")
                ),
                format!("draw a new one, or take one in again: evenhand samples restore {last}"),
            ));
        }
        return Err(Failure::usage(
            "the store holds no sample",
            "`evenhand draw LOG --rubric FILE` draws one",
        ));
    };
    if several {
        common.note(&format!(
            "note: of {} samples this is the newest, {}; --sample names another",
            known.len(),
            newest.name
        ));
    }
    Ok(newest)
}

/// The named sample, else the newest that has the call and is not withdrawn, else any that has it.
pub(super) fn pick_with_call(
    common: &Common,
    store: &impl Store,
    name: Option<&str>,
    call_id: &str,
) -> Result<SampleInfo, Failure> {
    if name.is_none() {
        let mut samples = store.samples()?;
        samples.reverse();
        samples.sort_by_key(|sample| sample.withdrawn.is_some());
        for sample in samples {
            if store.call(&sample.name, call_id)?.is_some() {
                return Ok(sample);
            }
        }
    }
    pick(common, store, name)
}

/// The sample that an analyst is to score: the named one; else, of those that have a call for them, the one begun last,
/// else the oldest. Which it is, and which others wait, is told.
pub(super) fn pick_to_score(
    common: &Common,
    store: &impl Store,
    name: Option<&str>,
    analyst: &str,
) -> Result<SampleInfo, Failure> {
    if name.is_some() {
        return pick(common, store, name);
    }
    let waiting = store.waiting(analyst)?;
    let begun = waiting.iter().max_by_key(|one| one.draft_saved);
    let begun = begun.filter(|one| one.draft_saved.is_some());
    let Some(opened) = begun.or(waiting.first()) else {
        return pick(common, store, None);
    };
    if waiting.len() > 1 {
        let names: Vec<&str> = waiting.iter().map(|one| one.sample.as_str()).collect();
        let why = match opened.draft_saved {
            Some(_) => "in which you stopped last",
            None => "which was drawn first",
        };
        common.note(&format!(
            "note: {} samples wait for you ({}); this is {}, {why}; --sample names another",
            names.len(),
            names.join(", "),
            opened.sample
        ));
    }
    pick(common, store, Some(&opened.sample))
}

/// Refuses an analyst that the store doesn't know, who can't be a new one here: a misspelt name must not look like
/// somebody who is done.
pub(super) fn known_analyst(store: &impl Store, name: &str) -> Result<(), Failure> {
    let known = store.analysts()?;
    if known.iter().any(|known| known == name) {
        return Ok(());
    }
    let hint = match crate::rubric::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", known.join(", ")),
    };
    let name = name.to_owned();
    let error = StoreError::UnknownAnalyst { name, known };
    Err(Failure::usage(error.to_string(), hint))
}

/// The rubric a sample was drawn for.
pub(super) fn rubric(store: &impl Store, sample: &SampleInfo) -> Result<Rubric, Failure> {
    let source = store.rubric_source(&sample.rubric.hash)?;
    Ok(read::rubric_text(
        &format!("rubric of the sample {}", sample.name),
        &source,
    )?)
}
