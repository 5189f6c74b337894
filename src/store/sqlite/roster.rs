//! The roster, as its file was.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::fault::Fault;
use super::row::time;
use crate::store::RosterText;

/// Keeps a roster; the ones before stay.
pub(super) fn keep(
    tables: &Connection,
    file: &str,
    source: &str,
    at: Timestamp,
) -> Result<(), Fault> {
    tables.execute(
        "INSERT INTO roster (seq, file, source, imported_us)
         SELECT 1 + coalesce(max(seq), 0), ?1, ?2, ?3 FROM roster",
        (file, source, at.as_microsecond()),
    )?;
    Ok(())
}

/// The newest one.
pub(super) fn newest(tables: &Connection) -> Result<Option<RosterText>, Fault> {
    tables
        .prepare_cached("SELECT file, source, imported_us FROM roster ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| {
            let (file, source, at): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(time(at).map(|imported_at| RosterText {
                file,
                source,
                imported_at,
            }))
        })
        .optional()?
        .transpose()
}
