//! The store as commands use it.

use std::collections::HashMap;

use super::{Common, Failure};
use crate::calls::{CallerType, Refusal};
use crate::read;
use crate::report::{CallFacts, EvaluationFacts, SampleFacts, StratumFacts};
use crate::rubric::Rubric;
use crate::store::{CallRole, SampleInfo, SqliteStore, Store, StoreError};

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

/// The rubric a sample was drawn for.
pub(super) fn rubric(store: &impl Store, sample: &SampleInfo) -> Result<Rubric, Failure> {
    let source = store.rubric_source(&sample.rubric.hash)?;
    Ok(read::rubric_text(
        &format!("rubric of the sample {}", sample.name),
        &source,
    )?)
}

/// Drawn calls that can be answered for, with their logged caller type.
pub(super) fn drawn(
    store: &impl Store,
    sample: &str,
) -> Result<HashMap<String, CallerType>, Failure> {
    let calls = store
        .calls(sample, false)?
        .into_iter()
        .filter(|call| call.role == CallRole::Drawn);
    Ok(calls
        .map(|call| (call.drawn.call.call_id, call.drawn.call.caller_type))
        .collect())
}

/// Everything a report needs to know of a sample.
pub(super) fn facts(
    store: &impl Store,
    sample: &SampleInfo,
    texts: bool,
) -> Result<SampleFacts, Failure> {
    let strata = store.strata(&sample.name)?.into_iter();
    let mut calls: Vec<CallFacts> = (store.calls(&sample.name, false)?.into_iter())
        .filter(|call| call.role == CallRole::Drawn)
        .map(|call| CallFacts {
            call_id: call.drawn.call.call_id,
            stratum: call.stratum,
            csr: call.drawn.call.csr,
            caller_type: call.drawn.call.caller_type,
            duration_s: call.drawn.call.duration_s,
            unscorable_by: call.unscorable.map(|(analyst, _)| analyst),
            assigned: None,
            evaluations: Vec::new(),
        })
        .collect();
    let places: HashMap<String, usize> = calls
        .iter()
        .enumerate()
        .map(|(place, call)| (call.call_id.clone(), place))
        .collect();
    for assignment in store.assignments(&sample.name)? {
        if let Some(place) = places
            .get(&assignment.call_id)
            .filter(|_| !assignment.second)
        {
            calls[*place].assigned = Some(assignment.analyst);
        }
    }
    for completed in store.evaluations(&sample.name, texts)? {
        if let Some(place) = places.get(&completed.evaluation.call_id) {
            let facts = EvaluationFacts {
                evaluation: completed.evaluation,
                counts: completed.counts,
            };
            calls[*place].evaluations.push(facts);
        }
    }
    Ok(SampleFacts {
        name: sample.name.clone(),
        seed: sample.seed.to_string(),
        calls_in_log: sample.calls_in_log,
        eligible: sample.eligible,
        unknown_caller_type: sample.refused.count(Refusal::UnknownCallerType),
        period: sample.period,
        strata: strata
            .map(|stratum| StratumFacts {
                stratum: stratum.stratum,
                eligible: stratum.eligible,
            })
            .collect(),
        cells: store.cells(&sample.name)?,
        calls,
    })
}
