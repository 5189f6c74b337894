//! A rubric with better words takes over in mid-sample.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Connection;

use super::fault::Fault;
use super::row::get_place;
use super::{draft, event, rubric, samples};
use crate::store::{RubricText, StoreError};

/// Lets a sample go on under a rubric that scores alike. Drivers ticked so far keep their meaning: they are found again
/// by id.
pub(super) fn adopt(
    tables: &Connection,
    sample: &str,
    new: &RubricText,
    who: Option<&str>,
    at: Timestamp,
) -> Result<bool, Fault> {
    let old = samples::must_be_in(tables, sample)?;
    if old == new.hash {
        return Ok(false);
    }
    let scoring: [u8; 32] = tables
        .prepare_cached("SELECT scoring_hash FROM rubric WHERE hash = ?1")?
        .query_row([old], |row| row.get(0))?;
    if scoring != new.scoring_hash {
        let sample = sample.to_owned();
        return Err(StoreError::ScoresOtherwise { sample }.into());
    }
    rubric::keep(tables, new)?;
    let places = driver_places(tables, sample, &old, new)?;
    move_drafts(tables, sample, &places)?;
    tables.execute(
        "UPDATE sample SET rubric_hash = ?2 WHERE name = ?1",
        (sample, new.hash),
    )?;
    let named = |revision: &Option<String>| revision.clone().unwrap_or_else(|| "none".to_owned());
    let before: Option<String> = tables
        .prepare_cached("SELECT revision FROM rubric WHERE hash = ?1")?
        .query_row([old], |row| row.get(0))?;
    let detail = format!(
        "rubric `{}`, revision {} after {}",
        new.id,
        named(&new.revision),
        named(&before)
    );
    event::note(tables, sample, at, who, "adopt", &detail)?;
    Ok(true)
}

/// Where each driver of the old rubric stands in the new one.
fn driver_places(
    tables: &Connection,
    sample: &str,
    old: &[u8; 32],
    new: &RubricText,
) -> Result<HashMap<usize, usize>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT place, driver_id, avoidable FROM rubric_driver WHERE rubric_hash = ?1 ORDER BY place",
    )?;
    let mut rows = statement.query([old])?;
    let mut places = HashMap::new();
    while let Some(row) = rows.next()? {
        let driver: (String, bool) = (row.get(1)?, row.get(2)?);
        let Some(place) = new.drivers.iter().position(|other| *other == driver) else {
            return Err(StoreError::DriverLost {
                sample: sample.to_owned(),
                driver: driver.0,
            }
            .into());
        };
        places.insert(get_place(row, 0)?, place);
    }
    Ok(places)
}

fn move_drafts(
    tables: &Connection,
    sample: &str,
    places: &HashMap<usize, usize>,
) -> Result<(), Fault> {
    let drafts: Vec<(String, String, String)> = tables
        .prepare_cached("SELECT call_id, analyst, payload FROM draft WHERE sample = ?1")?
        .query_map([sample], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (call_id, analyst, payload) in drafts {
        let mut draft = draft::from_json(&payload)?;
        let moved = draft
            .drivers
            .iter()
            .filter_map(|at| places.get(at).copied());
        draft.drivers = moved.collect();
        draft.drivers.sort_unstable();
        tables
            .prepare_cached(
                "UPDATE draft SET payload = ?4 WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
            )?
            .execute((sample, call_id, analyst, draft::to_json(&draft)?))?;
    }
    Ok(())
}
