//! Calls chosen on purpose.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::batch::FIRST;
use super::fault::Fault;
use super::row::{count, get_text, time};
use super::{add, event, samples, unscorable};
use crate::calls::Call;
use crate::evaluation::PickReason;
use crate::rubric::Word;
use crate::sampling::{DrawNumber, Seed};
use crate::store::{NewPicks, PickReport, Picked, StoreError};

/// Queues picked calls. Those that are drawn as well only get a mark.
pub(super) fn add(tables: &Connection, new: &NewPicks) -> Result<PickReport, Fault> {
    keep(tables, new)?;
    let picked = &new.picked;
    let note = (picked.note.as_ref()).map_or_else(String::new, |note| format!(" ({note})"));
    let log = event::log(&picked.log);
    for call in &new.calls {
        let (why, who) = (picked.why.as_str(), picked.who.as_deref());
        let detail = format!("`{}` from `{}`: {why}{note}", call.call_id, log);
        event::note(tables, &new.sample, picked.at, who, "pick", &detail)?;
    }
    let mut report = PickReport::default();
    for call in &new.calls {
        let (role, state): (String, String) = tables
            .prepare_cached(
                "SELECT role, state FROM drawn_call WHERE sample = ?1 AND call_id = ?2",
            )?
            .query_row((&new.sample, &call.call_id), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        match (role.as_str(), state.as_str()) {
            (_, "complete") => report.complete += 1,
            ("drawn", _) => report.drawn += 1,
            _ => report.new += 1,
        }
    }
    Ok(report)
}

/// Keeps picked calls without saying who did what.
pub(super) fn keep(tables: &Connection, new: &NewPicks) -> Result<(), Fault> {
    samples::must_be_in(tables, &new.sample)?;
    samples::must_be_of_calls(tables, &new.sample, StoreError::PICKED_CALLS)?;
    let seed = samples::seed(tables, &new.sample)?;
    for call in &new.calls {
        queue(tables, &new.sample, &seed, call)?;
        mark(tables, &new.sample, call, &new.picked)?;
    }
    add::settle(tables, &new.sample)
}

/// Makes sure that the call is there to be scored.
fn queue(tables: &Connection, sample: &str, seed: &Seed, call: &Call) -> Result<(), Fault> {
    let there: Option<(bool, String)> = tables
        .prepare_cached("SELECT picked, state FROM drawn_call WHERE sample = ?1 AND call_id = ?2")?
        .query_row((sample, &call.call_id), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    match there {
        Some((true, _)) => {
            return Err(StoreError::AlreadyPicked {
                call_id: call.call_id.clone(),
                sample: sample.to_owned(),
            }
            .into());
        }
        Some((false, state)) if state == "unscorable" => {
            return Err(unscorable::refusal(tables, sample, &call.call_id)?);
        }
        Some(_) => {
            tables
                .prepare_cached(
                    "UPDATE drawn_call SET picked = 1 WHERE sample = ?1 AND call_id = ?2",
                )?
                .execute((sample, &call.call_id))?;
            return Ok(());
        }
        None => {}
    }
    tables
        .prepare_cached(
            "INSERT INTO drawn_call (sample, draw_number, call_id, unit_id, batch, role, state, csr, caller_type, line,
                                     started_at_us, started_text, duration_s, picked)
             VALUES (?1, ?2, ?3, ?3, ?4, 'picked', 'open', ?5, ?6, ?7, ?8, ?9, ?10, 1)",
        )?
        .execute((
            sample,
            DrawNumber::new(seed, &call.call_id).0,
            &call.call_id,
            FIRST,
            &call.csr,
            call.caller_type.as_str(),
            count(call.line),
            call.started_at.map(|at| at.as_microsecond()),
            &call.started_text,
            call.duration_s,
        ))?;
    tables
        .prepare_cached("INSERT INTO call_fields (sample, call_id, fields) VALUES (?1, ?2, ?3)")?
        .execute((sample, &call.call_id, serde_json::to_string(&call.fields)?))?;
    Ok(())
}

fn mark(tables: &Connection, sample: &str, call: &Call, picked: &Picked) -> Result<(), Fault> {
    let why = picked.why.as_str();
    tables
        .prepare_cached(
            "INSERT INTO picked (sample, call_id, reason, note, who, log, profile, at_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            sample,
            &call.call_id,
            why,
            &picked.note,
            &picked.who,
            &picked.log,
            &picked.profile,
            picked.at.as_microsecond(),
        ))?;
    Ok(())
}

/// How calls came to be picked, by call: one call, or all.
pub(super) fn of_calls(
    tables: &Connection,
    sample: &str,
    call_id: Option<&str>,
) -> Result<HashMap<String, Picked>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT reason, note, who, log, profile, at_us, call_id FROM picked
         WHERE sample = ?1 AND call_id = coalesce(?2, call_id)",
    )?;
    let mut rows = statement.query((sample, call_id))?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next()? {
        let word = get_text(row, 0)?;
        let why = PickReason::from_word(word)
            .ok_or_else(|| Fault::Odd(format!("`{word}` is no reason to pick a call")))?;
        let picked = Picked {
            why,
            note: row.get(1)?,
            who: row.get(2)?,
            log: row.get(3)?,
            profile: row.get(4)?,
            at: time(row.get(5)?)?,
        };
        all.insert(row.get(6)?, picked);
    }
    Ok(all)
}

/// Whether calls of a sample were picked.
pub(super) fn has_any(tables: &Connection, sample: &str) -> Result<bool, Fault> {
    let found = tables
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM picked WHERE sample = ?1)")?
        .query_row([sample], |row| row.get(0))?;
    Ok(found)
}
