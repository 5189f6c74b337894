//! The store as commands use it.

use std::collections::HashMap;

use super::{Common, Failure};
use crate::calls::{CallerType, Refusal};
use crate::read;
use crate::report::{CallFacts, EvaluationFacts, PickedFacts, SampleFacts, StratumFacts};
use crate::rubric::Rubric;
use crate::sampling::Stratum;
use crate::store::{CallRole, SampleInfo, SqliteStore, Store, StoreError, StoredCall};

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

/// Drawn and picked calls, which can be answered for, with their logged caller type.
pub(super) fn drawn(
    store: &impl Store,
    sample: &str,
) -> Result<HashMap<String, CallerType>, Failure> {
    let calls = store
        .calls(sample, false)?
        .into_iter()
        .filter(StoredCall::is_scorable);
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
    let (mut calls, mut picked): (Vec<CallFacts>, Vec<PickedFacts>) = Default::default();
    let mut places: HashMap<String, (Option<usize>, Option<usize>)> = HashMap::new();
    for call in store.calls(&sample.name, false)? {
        let place = places.entry(call.drawn.call.call_id.clone()).or_default();
        if let Some(facts) = picked_facts(&call) {
            place.1 = Some(picked.len());
            picked.push(facts);
        }
        if let (CallRole::Drawn, Some(stratum)) = (call.role, call.stratum) {
            place.0 = Some(calls.len());
            calls.push(call_facts(call, stratum));
        }
    }
    let drawn = |id: &str| places.get(id).and_then(|(drawn, _)| *drawn);
    for assignment in store.assignments(&sample.name)? {
        if let Some(place) = drawn(&assignment.call_id).filter(|_| !assignment.second) {
            calls[place].assigned = Some(assignment.analyst);
        }
    }
    for completed in store.evaluations(&sample.name, texts)? {
        let Some((drawn, chosen)) = places.get(&completed.evaluation.call_id) else {
            continue;
        };
        let facts = EvaluationFacts {
            evaluation: completed.evaluation,
            counts: completed.counts,
        };
        if let Some(place) = chosen {
            picked[*place].evaluations.push(facts.clone());
        }
        if let Some(place) = drawn {
            calls[*place].evaluations.push(facts);
        }
    }
    let batches = sample.batches.iter();
    let unknown = batches.map(|batch| batch.refused.count(Refusal::UnknownCallerType));
    Ok(SampleFacts {
        name: sample.name.clone(),
        seed: sample.seed.to_string(),
        calls_in_log: sample.calls_in_log(),
        eligible: sample.eligible(),
        unknown_caller_type: unknown.sum(),
        period: sample.period(),
        batches: sample.batches.len() as u64,
        seen_before: sample.batches.iter().map(|batch| batch.seen_before).sum(),
        retagged: sample.batches.iter().map(|batch| batch.retagged).sum(),
        strata: strata(store, sample)?,
        cells: store.cells(&sample.name)?,
        calls,
        picked,
    })
}

fn strata(store: &impl Store, sample: &SampleInfo) -> Result<Vec<StratumFacts>, Failure> {
    let mut numbers: HashMap<Stratum, u64> = HashMap::new();
    let strata = store.strata(&sample.name)?.into_iter().map(|stored| {
        let next = numbers.len() as u64;
        let collapse = *numbers.entry(stored.stratum.clone()).or_insert(next);
        StratumFacts {
            stratum: stored.stratum,
            eligible: stored.eligible,
            collapse,
        }
    });
    Ok(strata.collect())
}

fn call_facts(call: StoredCall, stratum: usize) -> CallFacts {
    CallFacts {
        call_id: call.drawn.call.call_id,
        stratum,
        csr: call.drawn.call.csr,
        caller_type: call.drawn.call.caller_type,
        duration_s: call.drawn.call.duration_s,
        unscorable_by: call.unscorable.map(|(analyst, _)| analyst),
        assigned: None,
        evaluations: Vec::new(),
    }
}

fn picked_facts(call: &StoredCall) -> Option<PickedFacts> {
    let picked = call.picked.as_ref()?;
    Some(PickedFacts {
        call_id: call.drawn.call.call_id.clone(),
        csr: call.drawn.call.csr.clone(),
        caller_type: call.drawn.call.caller_type,
        why: picked.why.as_str(),
        note: picked.note.clone(),
        drawn: call.role == CallRole::Drawn,
        unscorable: call.unscorable.is_some(),
        evaluations: Vec::new(),
    })
}
