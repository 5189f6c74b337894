//! Who did what.

use jiff::Timestamp;
use rusqlite::Connection;

use super::fault::Fault;

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
