//! What comes after the calls themselves: drafts that lead on, and who did what.

use std::collections::{BTreeSet, HashSet};

use rusqlite::Connection;

use super::side::driver_ids;
use super::{Common, Other};
use crate::store::sqlite::calls::{self, State};
use crate::store::sqlite::fault::Fault;
use crate::store::sqlite::{draft, evaluations, event, samples};
use crate::store::{Event, StoreError};

/// How a merge is called in the list of acts.
pub(super) const MERGE: &str = "merge";

/// Takes drafts that this store lacks and that their analysts can go on with here.
pub(super) fn drafts(
    tables: &Connection,
    other: &Other<'_>,
    common: &Common,
    left: &BTreeSet<&str>,
) -> Result<u64, Fault> {
    let mut taken = 0;
    for (call_id, theirs) in &common.theirs.calls {
        if left.contains(call_id.as_str()) {
            continue;
        }
        for (analyst, (payload, saved_at_us)) in &theirs.drafts {
            let completed = theirs.evaluations.get(analyst).map_or(0, Vec::len);
            let begun = Begun {
                sample: &common.name,
                call_id,
                analyst,
            };
            if !begun.leads_on(tables, payload, completed)? {
                continue;
            }
            let payload = match common.same_words {
                true => payload.clone(),
                false => in_our_words(tables, other, &common.name, payload)?,
            };
            tables
                .prepare_cached(
                    "INSERT INTO draft (sample, call_id, analyst, payload, saved_at_us) VALUES (?1, ?2, ?3, ?4, ?5)",
                )?
                .execute((&common.name, call_id, analyst, payload, saved_at_us))?;
            taken += 1;
        }
    }
    Ok(taken)
}

/// A draft of theirs.
struct Begun<'a> {
    sample: &'a str,
    call_id: &'a str,
    analyst: &'a str,
}

impl Begun<'_> {
    /// Whether its analyst has none here, the call can be scored here, and the draft is not of what they have completed.
    /// One that amends leads on as long as nothing was amended here since.
    fn leads_on(
        &self,
        tables: &Connection,
        payload: &str,
        completed: usize,
    ) -> Result<bool, Fault> {
        let places = match calls::places(tables, self.sample, self.call_id) {
            Ok(places) => places,
            Err(Fault::Told(StoreError::NotDrawn { .. })) => return Ok(false),
            Err(fault) => return Err(fault),
        };
        let has_one: bool = tables
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM draft WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3)",
            )?
            .query_row((self.sample, self.call_id, self.analyst), |row| row.get(0))?;
        if has_one || places[0].state == State::Unscorable {
            return Ok(false);
        }
        let done = evaluations::analysts(tables, &places, self.call_id)?;
        let done = done.iter().filter(|name| *name == self.analyst).count();
        Ok(match draft::from_json(payload)?.amend_reason {
            Some(_) => done <= completed,
            None => done == 0,
        })
    }
}

/// A draft with the drivers that it ticks where this store's rubric has them.
fn in_our_words(
    tables: &Connection,
    other: &Other<'_>,
    sample: &str,
    payload: &str,
) -> Result<String, Fault> {
    let ids = |tables: &Connection| -> Result<Vec<String>, Fault> {
        driver_ids(tables, &samples::rubric_hash(tables, sample)?)
    };
    let (ours, theirs) = (ids(tables)?, other.read(ids)?);
    let mut draft = draft::from_json(payload)?;
    let ticked = draft.drivers.iter().filter_map(|at| theirs.get(*at));
    let mut moved: Vec<usize> = ticked
        .filter_map(|id| ours.iter().position(|own| own == id))
        .collect();
    moved.sort_unstable();
    draft.drivers = moved;
    draft::to_json(&draft)
}

/// Takes acts that only the other store knows of, with a word that they are from there. Merges are each store's own.
pub(super) fn events(
    tables: &Connection,
    other: &Other<'_>,
    common: &Common,
    left: &BTreeSet<&str>,
) -> Result<u64, Fault> {
    let key = |event: &Event| {
        (
            event.at,
            event.who.clone(),
            event.act.clone(),
            without_origin(&event.detail).to_owned(),
        )
    };
    let ours = event::of_sample(tables, &common.name)?;
    let known: HashSet<_> = ours.iter().map(key).collect();
    let theirs = other.read(|tables| event::of_sample(tables, &common.name))?;
    let new = theirs.iter().filter(|event| {
        event.act != MERGE
            && !known.contains(&key(event))
            && about(&event.detail).is_none_or(|call_id| !left.contains(call_id))
    });
    let mut taken = 0;
    for Event {
        at,
        who,
        act,
        detail,
    } in new
    {
        let detail = format!("{}{FROM}{}`)", without_origin(detail), other.name());
        event::note(tables, &common.name, *at, who.as_deref(), act, &detail)?;
        taken += 1;
    }
    Ok(taken)
}

/// Stands before the name of the store that an act is from.
const FROM: &str = " (from the store `";

fn without_origin(detail: &str) -> &str {
    match detail
        .strip_suffix("`)")
        .and_then(|rest| rest.rsplit_once(FROM))
    {
        Some((act, _)) => act,
        None => detail,
    }
}

/// The call that an act is about, where it is one.
fn about(detail: &str) -> Option<&str> {
    let (call_id, _) = detail.strip_prefix('`')?.split_once('`')?;
    Some(call_id)
}

#[cfg(test)]
mod tests {
    use super::{about, without_origin};

    #[test]
    fn an_act_is_known_again_wherever_it_came_from() {
        for (detail, act) in [
            ("`C-1`: language", "`C-1`: language"),
            ("`C-1`: language (from the store `b.db`)", "`C-1`: language"),
            ("`C-1`: said (by `b`)", "`C-1`: said (by `b`)"),
        ] {
            assert_eq!(without_origin(detail), act);
            assert_eq!(about(detail), Some("C-1"));
        }
        assert_eq!(about("3 calls from `calls.csv`"), None);
    }
}
