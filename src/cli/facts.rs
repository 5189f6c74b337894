//! What reports are made from, taken out of the store.

use std::collections::HashMap;

use jiff::civil::Date;

use super::Failure;
use crate::calls::{Columns, Profile, Refusal, Role, TimeReader};
use crate::read;
use crate::report::{CallFacts, EvaluationFacts, Filter, PickedFacts, SampleFacts, StratumFacts};
use crate::sampling::{Stratum, Unit};
use crate::store::{BatchInfo, CallRole, SampleInfo, Store, StoredCall};

/// Everything a report needs to know of a sample.
pub(super) fn of(
    store: &impl Store,
    sample: &SampleInfo,
    texts: bool,
) -> Result<SampleFacts, Failure> {
    let mut facts = without_calls(store, sample)?;
    let SampleFacts { calls, picked, .. } = &mut facts;
    let mut places: HashMap<String, (Option<usize>, Option<usize>)> = HashMap::new();
    let times = times(sample)?;
    for call in store.calls(&sample.name, false)? {
        let place = places.entry(call.drawn.call.call_id.clone()).or_default();
        if let Some(facts) = picked_facts(&call) {
            place.1 = Some(picked.len());
            let day = day(&times, &call);
            picked.push(PickedFacts { day, ..facts });
        }
        if let (CallRole::Drawn, Some(stratum)) = (call.role, call.stratum) {
            place.0 = Some(calls.len());
            let day = day(&times, &call);
            let journey = match sample.design.unit {
                Unit::Call => None,
                Unit::Interaction => Some(call.drawn.unit_id().to_owned()),
            };
            calls.push(CallFacts {
                journey,
                ..call_facts(call, stratum, day)
            });
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
    Ok(facts)
}

/// The same but for calls.
pub(super) fn without_calls(
    store: &impl Store,
    sample: &SampleInfo,
) -> Result<SampleFacts, Failure> {
    let batches = sample.batches.iter();
    let unknown = batches.map(|batch| batch.refused.count(Refusal::UnknownCallerType));
    Ok(SampleFacts {
        name: sample.name.clone(),
        unit: sample.design.unit,
        seed: sample.seed.to_string(),
        calls_in_log: sample.calls_in_log(),
        eligible: sample.eligible(),
        unknown_caller_type: unknown.sum(),
        period: sample.period(),
        batches: sample.batches.len() as u64,
        seen_before: sample.batches.iter().map(|batch| batch.seen_before).sum(),
        retagged: sample.batches.iter().map(|batch| batch.retagged).sum(),
        strata: strata(store, sample)?,
        filter: Filter::default(),
        cells: store.cells(&sample.name)?,
        calls: Vec::new(),
        picked: Vec::new(),
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
            batch: stored.batch,
            inside: true,
        }
    });
    Ok(strata.collect())
}

fn call_facts(call: StoredCall, stratum: usize, day: Option<Date>) -> CallFacts {
    CallFacts {
        call_id: call.drawn.call.call_id,
        stratum,
        journey: None,
        queue: None,
        csr: call.drawn.call.csr,
        caller_type: call.drawn.call.caller_type,
        started: call.drawn.call.started_text,
        day,
        duration_s: call.drawn.call.duration_s,
        inside: true,
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
        queue: None,
        day: None,
        drawn: call.role == CallRole::Drawn,
        unscorable: call.unscorable.is_some(),
        evaluations: Vec::new(),
    })
}

/// Adds the queues that calls came by, where the log has such a column.
pub(super) fn add_queues(
    store: &impl Store,
    sample: &SampleInfo,
    facts: &mut SampleFacts,
) -> Result<(), Failure> {
    let mut queues: HashMap<String, String> = HashMap::new();
    let mut columns: HashMap<u64, Option<usize>> = HashMap::new();
    for call in store.calls(&sample.name, true)? {
        let fields = &call.drawn.call.fields;
        let column = match columns.get(&call.batch) {
            Some(column) => *column,
            None => {
                let column = queue_column(sample, &call)?;
                columns.insert(call.batch, column);
                column
            }
        };
        if let Some((_, queue)) = column.and_then(|at| fields.get(at)) {
            queues.insert(call.drawn.call.call_id.clone(), queue.trim().to_owned());
        }
    }
    queues.retain(|_, queue| !queue.is_empty());
    for call in &mut facts.calls {
        call.queue = queues.get(&call.call_id).cloned();
    }
    for call in &mut facts.picked {
        call.queue = queues.get(&call.call_id).cloned();
    }
    Ok(())
}

/// The place of the queue among the columns of a call's log.
fn queue_column(sample: &SampleInfo, call: &StoredCall) -> Result<Option<usize>, Failure> {
    let batch = usize::try_from(call.batch).ok();
    let batch = batch.and_then(|number| sample.batches.get(number.checked_sub(1)?));
    let profile = match batch.and_then(|batch| batch.profile.as_ref()) {
        Some(source) => read::profile_text("profile of the sample", source)?,
        None => Profile::default(),
    };
    let names = call.drawn.call.fields.iter().map(|(name, _)| name.clone());
    let columns = Columns::find(names.collect(), &profile).ok();
    Ok(columns.and_then(|columns| columns.of(Role::Queue)))
}

/// How the log of each batch writes times. The draw took the period's days from the same texts by the same rules; an
/// instant alone has no local day.
fn times(sample: &SampleInfo) -> Result<Vec<TimeReader>, Failure> {
    let of_batch = |batch: &BatchInfo| match &batch.profile {
        Some(source) => Ok(read::profile_text("profile of the sample", source)?.time),
        None => Ok(TimeReader::default()),
    };
    sample.batches.iter().map(of_batch).collect()
}

/// The local day on which a call began.
fn day(times: &[TimeReader], call: &StoredCall) -> Option<Date> {
    let batch = usize::try_from(call.batch).ok()?.checked_sub(1)?;
    let text = call.drawn.call.started_text.as_ref()?;
    Some(times.get(batch)?.read(text)?.local.date())
}
