//! What each log of a sample added to it.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, Row};

use super::event::By;
use super::fault::Fault;
use super::fill::{Filling, fill};
use super::row::{caller_type, count, get_count, get_some_text, get_text, place, time};
use super::samples::{must_be_in, must_be_of_calls, rubric_hash, seed};
use super::{add, assign, event};
use crate::calls::{CallerType, Refusal, Refused};
use crate::sampling::{Digest, DrawNumber, Earlier, Frame, SeenIds};
use crate::store::{BatchInfo, NewBatch, StoreError};

/// The first log of a sample; further ones count on.
pub(super) const FIRST: i64 = 1;

/// A log as it is kept with its batch.
pub(super) struct Log<'a> {
    pub(super) name: &'a str,
    pub(super) profile: Option<&'a str>,
    pub(super) sealed: Option<[u8; 32]>,
    pub(super) drawn_at: Timestamp,
}

/// Adds what a further log gave to a sample.
pub(super) fn add(tables: &Connection, new: &NewBatch) -> Result<u64, Fault> {
    must_be_in(tables, &new.sample)?;
    must_be_of_calls(tables, &new.sample, StoreError::FURTHER_LOGS)?;
    let seed = seed(tables, &new.sample)?;
    let known: i64 = tables
        .prepare_cached("SELECT count(*) FROM batch WHERE sample = ?1")?
        .query_row([&new.sample], |row| row.get(0))?;
    if count(new.frame.seen_before.len() as u64) != known {
        let sample = new.sample.clone();
        return Err(StoreError::Outrun { sample }.into());
    }
    let batch = known + 1;
    let log = Log {
        name: &new.log,
        profile: new.profile.as_deref(),
        sealed: new.sealed,
        drawn_at: new.drawn_at,
    };
    keep(tables, &new.sample, batch, &log, &new.frame)?;
    add::settle(tables, &new.sample)?;
    assign::deal(tables, &new.sample, &seed)?;
    let drawn = event::calls(new.frame.drawn());
    let mut detail = format!("batch {batch}: {drawn} from `{}`", event::log(&new.log));
    match new.frame.seen_before.iter().sum() {
        0 => {}
        before => detail.push_str(&format!(
            ", {} of earlier logs left out",
            event::calls(before)
        )),
    }
    event::note(
        tables,
        &new.sample,
        new.drawn_at,
        new.who.as_deref(),
        "batch",
        &detail,
    )?;
    Ok(u64::try_from(batch).unwrap_or(0))
}

/// Keeps more calls of each stratum of a batch: so many drawn, the rest reserves.
pub(super) fn extend(
    tables: &Connection,
    sample: &str,
    batch: u64,
    frame: &Frame,
    by: By<'_>,
) -> Result<(u64, u64), Fault> {
    must_be_in(tables, sample)?;
    must_be_of_calls(tables, sample, StoreError::RESERVES)?;
    let number = count(batch);
    let kept = |tables: &Connection| -> Result<(u64, u64), Fault> {
        tables
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE role = 'drawn'), count(*) FILTER (WHERE role = 'reserve')
                 FROM drawn_call WHERE sample = ?1 AND batch = ?2",
            )?
            .query_row((sample, number), |row| {
                Ok(get_count(row, 0).and_then(|drawn| Ok((drawn, get_count(row, 1)?))))
            })?
    };
    let before = kept(tables)?;
    let strata: Vec<(i64, i64)> = tables
        .prepare_cached(
            "SELECT stratum_no, quota FROM stratum WHERE sample = ?1 AND batch = ?2 ORDER BY stratum_no",
        )?
        .query_map((sample, number), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let strata: Vec<Filling<'_>> = (strata.into_iter().zip(&frame.strata))
        .map(|((stratum_no, quota), draw)| Filling {
            stratum_no,
            quota,
            draw,
        })
        .collect();
    fill(tables, sample, number, &strata)?;
    add::settle(tables, sample)?;
    let seed = seed(tables, sample)?;
    assign::deal(tables, sample, &seed)?;
    let after = kept(tables)?;
    let (drawn, reserves) = (
        after.0.saturating_sub(before.0),
        (after.0 + after.1).saturating_sub(before.0 + before.1),
    );
    let detail = format!("batch {batch}: {reserves} more reserves, {drawn} of them drawn at once");
    event::note(tables, sample, by.at, by.who, "top-up", &detail)?;
    Ok((drawn, reserves))
}

/// Keeps a batch with everything that was counted and drawn.
pub(super) fn keep(
    tables: &Connection,
    sample: &str,
    batch: i64,
    log: &Log<'_>,
    frame: &Frame,
) -> Result<(), Fault> {
    tables
        .prepare_cached(
            "INSERT INTO batch (sample, batch, log, file_sha256, profile, calls_in_log, eligible, not_eligible,
                                frame_digest, period_from, period_to, drawn_at_us, seen_before, retagged)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(rusqlite::params![
            sample,
            batch,
            log.name,
            log.sealed,
            log.profile,
            count(frame.rows),
            count(frame.eligible),
            count(frame.not_eligible),
            frame.digest.0,
            frame.period.map(|(from, _)| from.to_string()),
            frame.period.map(|(_, to)| to.to_string()),
            log.drawn_at.as_microsecond(),
            count(frame.seen_before.iter().sum()),
            count(frame.retagged.len() as u64),
        ])?;
    if let Some(seen) = &frame.seen {
        tables.execute(
            "INSERT INTO seen (sample, batch, ids) VALUES (?1, ?2, ?3)",
            (sample, batch, seen.to_bytes()),
        )?;
    }
    for reason in Refusal::ALL {
        let rows = frame.refused.count(reason);
        if rows > 0 {
            let lines = serde_json::to_string(frame.refused.lines(reason))?;
            tables.execute(
                "INSERT INTO refused (sample, batch, reason, rows, lines) VALUES (?1, ?2, ?3, ?4, ?5)",
                (sample, batch, reason.as_str(), count(rows), lines),
            )?;
        }
    }
    for cell in &frame.cells {
        let caller_type = cell.caller_type.as_str();
        tables
            .prepare_cached(
                "INSERT INTO cell (sample, batch, csr, caller_type, eligible) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((sample, batch, &cell.csr, caller_type, count(cell.eligible)))?;
    }
    let first: i64 = tables
        .prepare_cached("SELECT count(*) FROM stratum WHERE sample = ?1")?
        .query_row([sample], |row| row.get(0))?;
    let first = usize::try_from(first).unwrap_or(0);
    let mut strata = Vec::with_capacity(frame.strata.len());
    for (no, stratum) in (first..).zip(&frame.strata) {
        tables
            .prepare_cached(
                "INSERT INTO stratum (sample, stratum_no, batch, csr, caller_type, eligible, quota, digest)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                sample,
                place(no),
                batch,
                &stratum.stratum.csr,
                stratum.stratum.caller_type.map(CallerType::as_str),
                count(stratum.eligible),
                count(stratum.quota),
                stratum.digest.0,
            ))?;
        strata.push(Filling {
            stratum_no: place(no),
            quota: count(stratum.quota),
            draw: stratum,
        });
    }
    fill(tables, sample, batch, &strata)
}

/// The batches of a sample, the first one first.
pub(super) fn batches(tables: &Connection, sample: &str) -> Result<Vec<BatchInfo>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT log, profile, file_sha256, drawn_at_us, calls_in_log, eligible, not_eligible, frame_digest,
                period_from, period_to, seen_before, retagged, batch
         FROM batch WHERE sample = ?1 ORDER BY batch",
    )?;
    let mut rows = statement.query([sample])?;
    let mut batches = Vec::new();
    while let Some(row) = rows.next()? {
        batches.push(BatchInfo {
            log: row.get(0)?,
            profile: row.get(1)?,
            sealed: row.get(2)?,
            drawn_at: time(row.get(3)?)?,
            calls_in_log: get_count(row, 4)?,
            eligible: get_count(row, 5)?,
            not_eligible: get_count(row, 6)?,
            frame_digest: Digest(row.get(7)?),
            period: day(row, 8)?.zip(day(row, 9)?),
            seen_before: get_count(row, 10)?,
            retagged: get_count(row, 11)?,
            refused: refused(tables, sample, row.get(12)?)?,
        });
    }
    Ok(batches)
}

fn day(row: &Row<'_>, column: usize) -> Result<Option<Date>, Fault> {
    let text = get_some_text(row, column)?;
    text.map(str::parse)
        .transpose()
        .map_err(|error: jiff::Error| Fault::Odd(error.to_string()))
}

fn refused(tables: &Connection, sample: &str, batch: i64) -> Result<Refused, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT reason, rows, lines FROM refused WHERE sample = ?1 AND batch = ?2",
    )?;
    let mut rows = statement.query((sample, batch))?;
    let mut refused = Refused::default();
    while let Some(row) = rows.next()? {
        let word = get_text(row, 0)?;
        let reason = Refusal::ALL
            .into_iter()
            .find(|reason| reason.as_str() == word)
            .ok_or_else(|| Fault::Odd(format!("`{word}` is no reason to refuse a row")))?;
        let lines = serde_json::from_str(get_text(row, 2)?)?;
        refused.restore(reason, get_count(row, 1)?, lines);
    }
    Ok(refused)
}

/// What a further draw needs to know of the first `batches` ones; `None` where their ids were not kept.
pub(super) fn earlier(
    tables: &Connection,
    sample: &str,
    batches: u64,
) -> Result<Option<Earlier>, Fault> {
    rubric_hash(tables, sample)?;
    let mut statement = tables
        .prepare_cached("SELECT ids FROM seen WHERE sample = ?1 AND batch <= ?2 ORDER BY batch")?;
    let mut rows = statement.query((sample, count(batches)))?;
    let mut earlier = Earlier::default();
    while let Some(row) = rows.next()? {
        let ids = row.get_ref(0)?;
        let ids = ids
            .as_blob()
            .map_err(|error| Fault::Odd(error.to_string()))?;
        earlier.seen.push(SeenIds::from_bytes(ids));
    }
    if (earlier.seen.len() as u64) < batches {
        return Ok(None);
    }
    earlier.kept = kept(tables, sample, batches)?;
    Ok(Some(earlier))
}

fn kept(
    tables: &Connection,
    sample: &str,
    batches: u64,
) -> Result<HashMap<DrawNumber, (String, CallerType)>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT draw_number, csr, caller_type FROM drawn_call
         WHERE sample = ?1 AND batch <= ?2 AND role <> 'picked'",
    )?;
    let mut rows = statement.query((sample, count(batches)))?;
    let mut kept = HashMap::new();
    while let Some(row) = rows.next()? {
        let tags = (row.get(1)?, caller_type(get_text(row, 2)?)?);
        kept.insert(DrawNumber(row.get(0)?), tags);
    }
    Ok(kept)
}
