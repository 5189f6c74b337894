//! Calls that one of their analysts can't score, though others may. The call and its reserves stay as they are.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Connection;

use super::fault::Fault;
use super::unscorable::{self, Stated};
use crate::evaluation::Unscorable;

/// Takes the call from the analyst, with the reason. Saying it again changes nothing; the draft stays, but is not
/// offered any more.
pub(super) fn keep(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
    why: &Unscorable,
    at: Timestamp,
) -> Result<Stated, Fault> {
    let declined = tables
        .prepare_cached(
            "UPDATE assignment SET state = 'declined'
             WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3 AND state <> 'declined'",
        )?
        .execute((sample, call_id, analyst))?;
    let new = declined > 0;
    if new {
        let reason = why.reason.as_str();
        // Who was given the call again may decline it again; what was said first stays, the event tells of the rest.
        tables
            .prepare_cached(
                "INSERT INTO declined (sample, call_id, analyst, reason, note, at_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (sample, call_id, analyst) DO NOTHING",
            )?
            .execute((
                sample,
                call_id,
                analyst,
                reason,
                &why.note,
                at.as_microsecond(),
            ))?;
        tables
            .prepare_cached(
                "DELETE FROM claim WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
            )?
            .execute((sample, call_id, analyst))?;
    }
    Ok(Stated {
        new,
        declined: true,
        replaced_by: None,
    })
}

/// Who can't score which call, and why, by call: of one call, or of all.
pub(super) fn of_calls(
    tables: &Connection,
    sample: &str,
    call_id: Option<&str>,
) -> Result<HashMap<String, Vec<(String, Unscorable)>>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT d.analyst, d.reason, d.note, d.call_id FROM declined AS d
         JOIN assignment AS a ON a.sample = d.sample AND a.call_id = d.call_id AND a.analyst = d.analyst
         WHERE d.sample = ?1 AND d.call_id = coalesce(?2, d.call_id) AND a.state = 'declined'
         ORDER BY d.call_id, a.rank",
    )?;
    let mut rows = statement.query((sample, call_id))?;
    let mut all: HashMap<String, Vec<(String, Unscorable)>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let of_call = all.entry(row.get(3)?).or_default();
        of_call.push(unscorable::statement_of(row)?);
    }
    Ok(all)
}
