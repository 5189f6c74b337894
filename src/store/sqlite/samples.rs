//! What a store knows of its samples: listings, strata, cells, rubrics.

use rusqlite::{Connection, OptionalExtension, Row};

use super::batch;
use super::fault::Fault;
use super::row::{caller_type, get_count, get_some_text, get_text, time};
use super::spread;
use crate::sampling::{CellCount, Design, Digest, NotAUnit, Seed, Stratum, Unit};
use crate::store::{CallCounts, RubricText, SampleInfo, StoreError, StoredStratum};

/// The hash of a sample's rubric; refuses a sample that isn't there.
pub(super) fn rubric_hash(tables: &Connection, sample: &str) -> Result<[u8; 32], Fault> {
    let found = tables
        .prepare_cached("SELECT rubric_hash FROM sample WHERE name = ?1")?
        .query_row([sample], |row| row.get(0))
        .optional()?;
    match found {
        Some(hash) => Ok(hash),
        None => {
            let mut statement =
                tables.prepare("SELECT name FROM sample ORDER BY drawn_at_us, name")?;
            let known = statement.query_map([], |row| row.get(0))?;
            Err(StoreError::UnknownSample {
                name: sample.to_owned(),
                known: known.collect::<Result<_, _>>()?,
            }
            .into())
        }
    }
}

/// The seed of a sample that is there.
pub(super) fn seed(tables: &Connection, sample: &str) -> Result<Seed, Fault> {
    let text: String = tables
        .prepare_cached("SELECT seed FROM sample WHERE name = ?1")?
        .query_row([sample], |row| row.get(0))?;
    Seed::new(&text).map_err(|error| Fault::Odd(error.to_string()))
}

/// What a sample that is there is a draw of.
pub(super) fn unit(tables: &Connection, sample: &str) -> Result<Unit, Fault> {
    tables
        .prepare_cached("SELECT unit FROM sample WHERE name = ?1")?
        .query_row([sample], |row| {
            Ok(get_text(row, 0).and_then(|word| {
                word.parse()
                    .map_err(|error: NotAUnit| Fault::Odd(error.to_string()))
            }))
        })?
}

/// Why a sample was withdrawn, if it was.
pub(super) fn withdrawn(tables: &Connection, sample: &str) -> Result<Option<String>, Fault> {
    let reason = tables
        .prepare_cached("SELECT withdrawn_reason FROM sample WHERE name = ?1")?
        .query_row([sample], |row| row.get(0))
        .optional()?;
    Ok(reason.flatten())
}

/// Refuses a sample that isn't there or was withdrawn.
pub(super) fn must_be_in(tables: &Connection, sample: &str) -> Result<[u8; 32], Fault> {
    let hash = rubric_hash(tables, sample)?;
    match withdrawn(tables, sample)? {
        None => Ok(hash),
        Some(reason) => {
            let name = sample.to_owned();
            Err(StoreError::Withdrawn { name, reason }.into())
        }
    }
}

/// Refuses a sample of whole journeys.
pub(super) fn must_be_of_calls(
    tables: &Connection,
    sample: &str,
    what: &'static str,
) -> Result<(), Fault> {
    match unit(tables, sample)? {
        Unit::Call => Ok(()),
        Unit::Interaction => {
            let name = sample.to_owned();
            Err(StoreError::OfJourneys { name, what }.into())
        }
    }
}

pub(super) fn samples(tables: &Connection) -> Result<Vec<SampleInfo>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT s.name, s.seed, s.per, s.quota, s.eligibility, s.include_unknown, s.drawn_at_us,
                s.withdrawn_at_us, s.withdrawn_reason, r.hash, r.scoring_hash, r.id, r.title, r.revision, s.unit
         FROM sample AS s
         JOIN rubric AS r ON r.hash = s.rubric_hash
         ORDER BY s.drawn_at_us, s.name",
    )?;
    let mut rows = statement.query([])?;
    let mut samples = Vec::new();
    while let Some(row) = rows.next()? {
        samples.push(sample(tables, row)?);
    }
    Ok(samples)
}

fn sample(tables: &Connection, row: &Row<'_>) -> Result<SampleInfo, Fault> {
    let name: String = row.get(0)?;
    let odd = |what: String| Fault::Odd(what);
    let withdrawn: Option<i64> = row.get(7)?;
    let reason: Option<String> = row.get(8)?;
    Ok(SampleInfo {
        seed: Seed::new(get_text(row, 1)?).map_err(|error| odd(error.to_string()))?,
        design: Design {
            unit: (get_text(row, 14)?.parse()).map_err(|error: NotAUnit| odd(error.to_string()))?,
            per: (get_text(row, 2)?.parse())
                .map_err(|error: crate::sampling::NotAPer| odd(error.to_string()))?,
            quota: spread::quota(tables, &name, get_count(row, 3)?)?,
            eligibility: serde_json::from_str(get_text(row, 4)?)?,
            include_unknown: row.get(5)?,
        },
        drawn_at: time(row.get(6)?)?,
        withdrawn: match (withdrawn, reason) {
            (Some(at), Some(reason)) => Some((time(at)?, reason)),
            _ => None,
        },
        rubric: RubricText {
            hash: row.get(9)?,
            scoring_hash: row.get(10)?,
            id: row.get(11)?,
            title: row.get(12)?,
            revision: row.get(13)?,
            source: String::new(),
            behaviors: Vec::new(),
            drivers: Vec::new(),
        },
        batches: batch::batches(tables, &name)?,
        counts: counts(tables, &name)?,
        name,
    })
}

/// How far a sample is; begun calls are still among the queued.
pub(super) fn by_state(tables: &Connection, sample: &str) -> Result<CallCounts, Fault> {
    let mut statement =
        tables.prepare_cached("SELECT state, calls FROM sample_progress WHERE sample = ?1")?;
    let mut rows = statement.query([sample])?;
    let mut counts = CallCounts::default();
    while let Some(row) = rows.next()? {
        let calls = get_count(row, 1)?;
        counts.drawn += calls;
        match get_text(row, 0)? {
            "complete" => counts.complete = calls,
            "unscorable" => counts.unscorable = calls,
            _ => counts.queued = calls,
        }
    }
    Ok(counts)
}

/// How far a sample is.
pub(super) fn counts(tables: &Connection, sample: &str) -> Result<CallCounts, Fault> {
    let mut counts = by_state(tables, sample)?;
    counts.draft = tables
        .prepare_cached(
            "SELECT count(DISTINCT d.call_id) FROM draft AS d
             JOIN drawn_call AS c ON c.sample = d.sample AND c.call_id = d.call_id
             WHERE d.sample = ?1 AND c.role = 'drawn' AND c.state = 'open' AND NOT EXISTS (
                 SELECT 1 FROM assignment AS a
                 WHERE a.sample = d.sample AND a.call_id = d.call_id AND a.analyst = d.analyst AND a.state = 'declined')",
        )?
        .query_row([sample], |row| Ok(get_count(row, 0)))??;
    counts.queued = counts.queued.saturating_sub(counts.draft);
    Ok(counts)
}

pub(super) fn strata(tables: &Connection, sample: &str) -> Result<Vec<StoredStratum>, Fault> {
    rubric_hash(tables, sample)?;
    let mut statement = tables.prepare_cached(
        "SELECT csr, caller_type, eligible, quota, digest, batch FROM stratum WHERE sample = ?1 ORDER BY stratum_no",
    )?;
    let mut rows = statement.query([sample])?;
    let mut strata = Vec::new();
    while let Some(row) = rows.next()? {
        strata.push(StoredStratum {
            stratum: Stratum {
                csr: row.get(0)?,
                caller_type: get_some_text(row, 1)?.map(caller_type).transpose()?,
            },
            eligible: get_count(row, 2)?,
            quota: get_count(row, 3)?,
            digest: Digest(row.get(4)?),
            batch: get_count(row, 5)?,
        });
    }
    Ok(strata)
}

/// Eligible calls per CSR and caller type, of one batch or of all.
pub(super) fn cells(
    tables: &Connection,
    sample: &str,
    batch: Option<i64>,
) -> Result<Vec<CellCount>, Fault> {
    rubric_hash(tables, sample)?;
    let mut statement = tables.prepare_cached(
        "SELECT csr, caller_type, sum(eligible) FROM cell
         WHERE sample = ?1 AND batch = coalesce(?2, batch) GROUP BY csr, caller_type",
    )?;
    let mut rows = statement.query((sample, batch))?;
    let mut cells = Vec::new();
    while let Some(row) = rows.next()? {
        cells.push(CellCount {
            csr: row.get(0)?,
            caller_type: caller_type(get_text(row, 1)?)?,
            eligible: get_count(row, 2)?,
        });
    }
    cells.sort_by(|a, b| (&a.csr, a.caller_type).cmp(&(&b.csr, b.caller_type)));
    Ok(cells)
}
