//! Calls that can't be scored, and the reserves that take their place.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::analyst::must_be_known;
use super::assign;
use super::calls::{self, State};
use super::decline;
use super::evaluations;
use super::event;
use super::fault::Fault;
use super::row::get_text;
use super::samples::must_be_in;
use crate::evaluation::{Unscorable, UnscorableReason};
use crate::rubric::Word;
use crate::store::StoreError;

/// What became of a statement.
pub(super) struct Stated {
    /// Not said before.
    pub(super) new: bool,
    /// Others may score it still.
    pub(super) declined: bool,
    pub(super) replaced_by: Option<String>,
}

pub(super) fn state(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
    why: &Unscorable,
    at: Timestamp,
) -> Result<Stated, Fault> {
    must_be_in(tables, sample)?;
    let stated = keep(tables, sample, call_id, analyst, why, at)?;
    if stated.new {
        let reason = why.reason.as_str();
        let (act, detail) = if stated.declined {
            ("decline", format!("`{call_id}`: {reason}"))
        } else {
            let said = match &why.note {
                Some(note) => format!("`{call_id}`: {reason} ({note})"),
                None => format!("`{call_id}`: {reason}"),
            };
            let detail = match &stated.replaced_by {
                Some(reserve) => format!("{said}; replaced by `{reserve}`"),
                None => format!("{said}; not replaced"),
            };
            ("unscorable", detail)
        };
        event::note(tables, sample, at, Some(analyst), act, &detail)?;
    }
    Ok(stated)
}

/// Keeps a statement without saying who did what.
pub(super) fn keep(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
    why: &Unscorable,
    at: Timestamp,
) -> Result<Stated, Fault> {
    let places = calls::places(tables, sample, call_id)?;
    must_be_known(tables, analyst)?;
    if places[0].state == State::Unscorable {
        let replaced_by = tables
            .prepare_cached(
                "SELECT replaced_by FROM unscorable WHERE sample = ?1 AND call_id = ?2 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row((sample, call_id), |row| row.get(0))?;
        return Ok(Stated {
            new: false,
            declined: false,
            replaced_by,
        });
    }
    let scored_by = evaluations::analysts(tables, &places, call_id)?;
    if scored_by.iter().any(|other| other == analyst) {
        return Err(StoreError::AlreadyComplete {
            call_id: call_id.to_owned(),
            analyst: analyst.to_owned(),
        }
        .into());
    }
    match assign::rank(tables, sample, call_id, analyst)? {
        // Others score it, or have done so: it is one that can be scored, if not by this analyst.
        Some(rank) if rank == assign::SECOND || places[0].state == State::Complete => {
            return decline::keep(tables, sample, call_id, analyst, why, at);
        }
        Some(_) => {}
        None => {
            if let Some(other) = scored_by.into_iter().next() {
                return Err(StoreError::IsScored {
                    call_id: call_id.to_owned(),
                    analyst: other,
                }
                .into());
            }
        }
    }
    let replaced_by = promote(tables, sample, call_id)?;
    assign::pass_on(tables, sample, call_id, replaced_by.as_deref())?;
    tables
        .prepare_cached(
            "INSERT INTO unscorable (sample, call_id, seq, analyst, reason, note, replaced_by, at_us)
             SELECT ?1, ?2, 1 + coalesce(max(seq), 0), ?3, ?4, ?5, ?6, ?7
             FROM unscorable WHERE sample = ?1 AND call_id = ?2",
        )?
        .execute((
            sample,
            call_id,
            analyst,
            why.reason.as_str(),
            &why.note,
            &replaced_by,
            at.as_microsecond(),
        ))?;
    tables
        .prepare_cached(
            "UPDATE drawn_call SET state = 'unscorable' WHERE sample = ?1 AND call_id = ?2",
        )?
        .execute((sample, call_id))?;
    tables
        .prepare_cached("DELETE FROM claim WHERE sample = ?1 AND call_id = ?2")?
        .execute((sample, call_id))?;
    Ok(Stated {
        new: true,
        declined: false,
        replaced_by,
    })
}

/// Draws the next reserve of a call's stratum that can be scored. One that was picked and could not takes its place among
/// the drawn as well, so that these are still the first of their stratum.
fn promote(tables: &Connection, sample: &str, call_id: &str) -> Result<Option<String>, Fault> {
    let drawn: Option<bool> = tables
        .prepare_cached("SELECT role = 'drawn' FROM drawn_call WHERE sample = ?1 AND call_id = ?2")?
        .query_row((sample, call_id), |row| row.get(0))
        .optional()?;
    if drawn != Some(true) {
        return Ok(None);
    }
    loop {
        let next: Option<(String, String)> = tables
            .prepare_cached(
                "SELECT r.call_id, r.state FROM drawn_call AS c
                 JOIN drawn_call AS r ON r.sample = c.sample AND r.stratum_no = c.stratum_no AND r.role = 'reserve'
                 WHERE c.sample = ?1 AND c.call_id = ?2 ORDER BY r.position LIMIT 1",
            )?
            .query_row((sample, call_id), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((reserve, state)) = next else {
            return Ok(None);
        };
        tables
            .prepare_cached(
                "UPDATE drawn_call SET role = 'drawn' WHERE sample = ?1 AND call_id = ?2",
            )?
            .execute((sample, &reserve))?;
        if state != "unscorable" {
            return Ok(Some(reserve));
        }
    }
}

/// The statements that hold in a sample, by call: who, and why.
pub(super) fn of_sample(
    tables: &Connection,
    sample: &str,
) -> Result<HashMap<String, (String, Unscorable)>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT analyst, reason, note, call_id FROM unscorable WHERE sample = ?1 ORDER BY call_id, seq",
    )?;
    let mut rows = statement.query([sample])?;
    let mut statements = HashMap::new();
    while let Some(row) = rows.next()? {
        statements.insert(row.get(3)?, statement_of(row)?);
    }
    Ok(statements)
}

pub(super) fn of_call(
    tables: &Connection,
    sample: &str,
    call_id: &str,
) -> Result<Option<(String, Unscorable)>, Fault> {
    tables
        .prepare_cached(
            "SELECT analyst, reason, note FROM unscorable
             WHERE sample = ?1 AND call_id = ?2 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row((sample, call_id), |row| Ok(statement_of(row)))
        .optional()?
        .transpose()
}

/// Why nothing can be said of a call any more.
pub(super) fn refusal(tables: &Connection, sample: &str, call_id: &str) -> Result<Fault, Fault> {
    let (analyst, why) = of_call(tables, sample, call_id)?
        .ok_or_else(|| Fault::Odd(format!("nobody said why `{call_id}` can't be scored")))?;
    Ok(StoreError::IsUnscorable {
        call_id: call_id.to_owned(),
        reason: why.reason.as_str().to_owned(),
        analyst,
    }
    .into())
}

/// Who, and why, from the first columns of a statement: analyst, reason and note.
pub(super) fn statement_of(row: &Row<'_>) -> Result<(String, Unscorable), Fault> {
    let word = get_text(row, 1)?;
    let reason = UnscorableReason::from_word(word)
        .ok_or_else(|| Fault::Odd(format!("`{word}` is no reason why a call can't be scored")))?;
    let note = row.get(2)?;
    Ok((row.get(0)?, Unscorable { reason, note }))
}
