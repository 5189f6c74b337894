//! Samples taken out of reports, and in again.

use jiff::Timestamp;
use rusqlite::Connection;

use super::event;
use super::fault::Fault;
use super::samples::{rubric_hash, withdrawn};
use crate::store::StoreError;

/// Takes a sample out of reports, not out of sight.
pub(super) fn withdraw(
    tables: &Connection,
    sample: &str,
    reason: &str,
    who: Option<&str>,
    at: Timestamp,
) -> Result<(), Fault> {
    rubric_hash(tables, sample)?;
    if let Some(reason) = withdrawn(tables, sample)? {
        let name = sample.to_owned();
        return Err(StoreError::Withdrawn { name, reason }.into());
    }
    tables.execute(
        "UPDATE sample SET withdrawn_at_us = ?2, withdrawn_reason = ?3 WHERE name = ?1",
        (sample, at.as_microsecond(), reason),
    )?;
    event::note(tables, sample, at, who, "withdraw", reason)
}

/// Takes a withdrawn sample in again.
pub(super) fn restore(
    tables: &Connection,
    sample: &str,
    reason: Option<&str>,
    who: Option<&str>,
    at: Timestamp,
) -> Result<(), Fault> {
    rubric_hash(tables, sample)?;
    if withdrawn(tables, sample)?.is_none() {
        let name = sample.to_owned();
        return Err(StoreError::NotWithdrawn { name }.into());
    }
    tables.execute(
        "UPDATE sample SET withdrawn_at_us = NULL, withdrawn_reason = NULL WHERE name = ?1",
        [sample],
    )?;
    event::note(
        tables,
        sample,
        at,
        who,
        "restore",
        reason.unwrap_or("no reason given"),
    )
}
