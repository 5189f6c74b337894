//! Everything that can be wrong with a store, told in plain words.

mod rules;

use rusqlite::Connection;

use super::fault::Fault;
use super::samples;
use crate::sampling::{Digest, DrawNumber, Seed};

pub(super) fn check(tables: &Connection) -> Result<Vec<String>, Fault> {
    let mut wrong = damage(tables)?;
    // What is read from damaged pages means nothing.
    if !wrong.is_empty() {
        return Ok(wrong);
    }
    for (what, sql) in rules::QUERIES {
        let mut statement = tables.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (sample, about): (String, String) = (row.get(0)?, row.get(1)?);
            wrong.push(format!("sample `{sample}`: {about} {what}"));
        }
    }
    for sample in samples::samples(tables)? {
        numbers(tables, &sample.name, &sample.seed, &mut wrong)?;
        let strata = samples::strata(tables, &sample.name)?;
        for (number, batch) in (1_u64..).zip(&sample.batches) {
            let mut sum = Digest::default();
            let own = strata.iter().filter(|stratum| stratum.batch == number);
            own.for_each(|stratum| sum.merge(stratum.digest));
            if sum != batch.frame_digest {
                wrong.push(format!(
                    "sample `{}`: the frame digest of batch {number} isn't the sum of the strata's",
                    sample.name
                ));
            }
        }
    }
    Ok(wrong)
}

/// What SQLite itself finds: broken pages and indexes, references that lead nowhere.
pub(super) fn damage(tables: &Connection) -> Result<Vec<String>, Fault> {
    let mut wrong = Vec::new();
    let mut statement = tables.prepare("PRAGMA integrity_check")?;
    let mut rows = statement.query([])?;
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                let line: String = row.get(0)?;
                if line != "ok" {
                    wrong.push(format!("the file is damaged: {line}"));
                }
            }
            Ok(None) => break,
            Err(error) => {
                wrong.push(format!("the file is damaged: {error}"));
                return Ok(wrong);
            }
        }
    }
    if wrong.is_empty() {
        let mut statement = tables.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (from, to): (String, String) = (row.get(0)?, row.get(2)?);
            wrong.push(format!(
                "a row of `{from}` refers to a `{to}` that isn't there"
            ));
        }
    }
    Ok(wrong)
}

/// Draw numbers are those of the seed, and positions follow them.
fn numbers(
    tables: &Connection,
    sample: &str,
    seed: &Seed,
    wrong: &mut Vec<String>,
) -> Result<(), Fault> {
    let mut statement = tables.prepare(
        "SELECT call_id, draw_number, stratum_no, position, unit_id FROM drawn_call
         WHERE sample = ?1 AND stratum_no IS NOT NULL ORDER BY draw_number, call_id",
    )?;
    let mut rows = statement.query([sample])?;
    let mut positions = std::collections::HashMap::new();
    while let Some(row) = rows.next()? {
        let (call_id, unit_id): (String, String) = (row.get(0)?, row.get(4)?);
        let (number, stratum, position): ([u8; 32], i64, i64) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        if DrawNumber(number) != DrawNumber::new(seed, &unit_id) {
            wrong.push(format!(
                "sample `{sample}`: the call `{call_id}` has a draw number that the seed doesn't give"
            ));
        }
        // The calls of one journey have one place.
        let (before, unit) = positions.entry(stratum).or_insert((0, String::new()));
        let next = if *unit == unit_id {
            *before
        } else {
            *before + 1
        };
        if position != next {
            wrong.push(format!(
                "sample `{sample}`: the call `{call_id}` is at position {position} after {before}"
            ));
        }
        (*before, *unit) = (position, unit_id);
    }
    Ok(())
}
