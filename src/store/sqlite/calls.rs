//! Drawn calls and reserves.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row};

use super::decline;
use super::fault::Fault;
use super::pick;
use super::row::{caller_type, get_count, get_place, get_some_text, get_text, time};
use super::samples::rubric_hash;
use super::unscorable;
use crate::calls::{Call, CallerType};
use crate::evaluation::Unscorable;
use crate::sampling::{DrawNumber, DrawnCall};
use crate::store::{CallRole, Picked, StoreError, StoredCall};

/// One call in one of the samples that score it once.
pub(super) struct Place {
    pub(super) sample: String,
    pub(super) draw_number: [u8; 32],
    pub(super) state: State,
}

/// How far a drawn call is, for everybody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Complete,
    Unscorable,
}

fn state(word: &str) -> Result<State, Fault> {
    match word {
        "open" => Ok(State::Open),
        "complete" => Ok(State::Complete),
        "unscorable" => Ok(State::Unscorable),
        _ => Err(Fault::Odd(format!("`{word}` is no state of a call"))),
    }
}

/// All places of a call, that in the sample first. Refuses a call that isn't drawn there; a reserve isn't.
pub(super) fn places(
    tables: &Connection,
    sample: &str,
    call_id: &str,
) -> Result<Vec<Place>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT other, other_number, other_state, other_role = 'reserve' AND other_picked = 0 FROM same_call
         WHERE sample = ?1 AND call_id = ?2 ORDER BY other <> ?1, other",
    )?;
    let mut rows = statement.query((sample, call_id))?;
    let mut places = Vec::with_capacity(1);
    while let Some(row) = rows.next()? {
        if places.is_empty() && row.get(3)? {
            break;
        }
        places.push(Place {
            sample: row.get(0)?,
            draw_number: row.get(1)?,
            state: state(get_text(row, 2)?)?,
        });
    }
    if places.is_empty() {
        rubric_hash(tables, sample)?;
        let (call_id, sample) = (call_id.to_owned(), sample.to_owned());
        return Err(StoreError::NotDrawn { call_id, sample }.into());
    }
    Ok(places)
}

const COLUMNS: &str =
    "c.call_id, c.draw_number, c.stratum_no, c.role, c.position, c.csr, c.caller_type, c.line,
    c.started_at_us, c.started_text, c.duration_s, c.state, c.batch, nullif(c.unit_id, c.call_id)";

pub(super) fn calls(
    tables: &Connection,
    sample: &str,
    fields: bool,
) -> Result<Vec<StoredCall>, Fault> {
    rubric_hash(tables, sample)?;
    let statements = Statements {
        unscorable: unscorable::of_sample(tables, sample)?,
        declined: decline::of_calls(tables, sample, None)?,
        picked: pick::of_calls(tables, sample, None)?,
    };
    let sql = if fields {
        format!(
            "SELECT {COLUMNS}, f.fields FROM drawn_call AS c
             JOIN call_fields AS f ON f.sample = c.sample AND f.call_id = c.call_id
             WHERE c.sample = ?1 ORDER BY c.draw_number, c.call_id"
        )
    } else {
        format!(
            "SELECT {COLUMNS}, NULL FROM drawn_call AS c
             WHERE c.sample = ?1 ORDER BY c.draw_number, c.call_id"
        )
    };
    let mut statement = tables.prepare_cached(&sql)?;
    let mut rows = statement.query([sample])?;
    let mut calls = Vec::new();
    while let Some(row) = rows.next()? {
        calls.push(stored(row, &statements)?);
    }
    // Only calls of one journey share a number.
    let journeys = calls.chunk_by_mut(|one, next| one.drawn.draw_number == next.drawn.draw_number);
    for journey in journeys.filter(|calls| calls.len() > 1) {
        journey.sort_by(|one, next| one.drawn.in_order(&next.drawn));
    }
    Ok(calls)
}

pub(super) fn call(
    tables: &Connection,
    sample: &str,
    call_id: &str,
) -> Result<Option<StoredCall>, Fault> {
    rubric_hash(tables, sample)?;
    let statements = Statements {
        unscorable: unscorable::of_call(tables, sample, call_id)?
            .map(|statement| (call_id.to_owned(), statement))
            .into_iter()
            .collect(),
        declined: decline::of_calls(tables, sample, Some(call_id))?,
        picked: pick::of_calls(tables, sample, Some(call_id))?,
    };
    let sql = format!(
        "SELECT {COLUMNS}, f.fields FROM drawn_call AS c
         JOIN call_fields AS f ON f.sample = c.sample AND f.call_id = c.call_id
         WHERE c.sample = ?1 AND c.call_id = ?2"
    );
    tables
        .prepare_cached(&sql)?
        .query_row((sample, call_id), |row| Ok(stored(row, &statements)))
        .optional()?
        .transpose()
}

/// Calls that are scored or wait to be, with their caller types. The index of the queue would not have these.
pub(super) fn scorable(
    tables: &Connection,
    sample: &str,
) -> Result<HashMap<String, CallerType>, Fault> {
    rubric_hash(tables, sample)?;
    let mut statement = tables.prepare_cached(
        "SELECT call_id, caller_type FROM drawn_call NOT INDEXED
         WHERE sample = ?1 AND (role <> 'reserve' OR picked = 1)",
    )?;
    let mut rows = statement.query([sample])?;
    let mut calls = HashMap::new();
    while let Some(row) = rows.next()? {
        calls.insert(row.get(0)?, caller_type(get_text(row, 1)?)?);
    }
    Ok(calls)
}

/// What analysts have said of calls, by call.
struct Statements {
    unscorable: HashMap<String, (String, Unscorable)>,
    declined: HashMap<String, Vec<(String, Unscorable)>>,
    picked: HashMap<String, Picked>,
}

fn stored(row: &Row<'_>, statements: &Statements) -> Result<StoredCall, Fault> {
    let call_id: String = row.get(0)?;
    let started_at: Option<i64> = row.get(8)?;
    Ok(StoredCall {
        stratum: row
            .get::<_, Option<i64>>(2)?
            .map(|_| get_place(row, 2))
            .transpose()?,
        batch: get_count(row, 12)?,
        role: match get_text(row, 3)? {
            "reserve" => CallRole::Reserve,
            "picked" => CallRole::Picked,
            _ => CallRole::Drawn,
        },
        picked: statements.picked.get(&call_id).cloned(),
        unscorable: match state(get_text(row, 11)?)? {
            State::Unscorable => statements.unscorable.get(&call_id).cloned(),
            State::Open | State::Complete => None,
        },
        declined: statements
            .declined
            .get(&call_id)
            .cloned()
            .unwrap_or_default(),
        drawn: DrawnCall {
            draw_number: DrawNumber(row.get(1)?),
            unit_id: row.get(13)?,
            position: row
                .get::<_, Option<i64>>(4)?
                .map_or(Ok(0), |_| get_count(row, 4))?,
            call: Call {
                csr: row.get(5)?,
                caller_type: caller_type(get_text(row, 6)?)?,
                line: get_count(row, 7)?,
                started_at: started_at.map(time).transpose()?,
                started_text: row.get(9)?,
                duration_s: row.get(10)?,
                fields: match get_some_text(row, 14)? {
                    Some(fields) => serde_json::from_str(fields)?,
                    None => Vec::new(),
                },
                call_id,
            },
        },
    })
}
