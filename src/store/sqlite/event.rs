//! Who did what.

use jiff::Timestamp;
use rusqlite::Connection;

use super::fault::Fault;
use super::row::time;
use super::samples::rubric_hash;
use crate::store::Event;

/// Who did something, if the caller says, and when.
#[derive(Clone, Copy)]
pub(super) struct By<'a> {
    pub(super) who: Option<&'a str>,
    pub(super) at: Timestamp,
}

/// So many calls, in words.
pub(super) fn calls(count: u64) -> String {
    match count {
        1 => "1 call".to_owned(),
        _ => format!("{count} calls"),
    }
}

/// Notes something done to a sample. `who` is `None` where the caller doesn't say.
pub(super) fn note(
    tables: &Connection,
    sample: &str,
    at: Timestamp,
    who: Option<&str>,
    act: &str,
    detail: &str,
) -> Result<(), Fault> {
    tables
        .prepare_cached(
            "INSERT INTO event (sample, seq, at_us, who, act, detail)
             SELECT ?1, 1 + coalesce(max(seq), 0), ?2, ?3, ?4, ?5 FROM event WHERE sample = ?1",
        )?
        .execute((sample, at.as_microsecond(), who, act, detail))?;
    Ok(())
}

/// A log as it stands in a sentence: it is kept with a line for each file.
pub(super) fn log(files: &str) -> String {
    files.replace('\n', ", ")
}

/// All that was done to a sample, the first act first.
pub(super) fn of_sample(tables: &Connection, sample: &str) -> Result<Vec<Event>, Fault> {
    rubric_hash(tables, sample)?;
    let mut statement = tables.prepare_cached(
        "SELECT at_us, who, act, detail FROM event WHERE sample = ?1 ORDER BY seq",
    )?;
    let mut rows = statement.query([sample])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(Event {
            at: time(row.get(0)?)?,
            who: row.get(1)?,
            act: row.get(2)?,
            detail: row.get(3)?,
        });
    }
    Ok(events)
}
