//! Drawn calls and reserves on their way into the tables.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::fault::Fault;
use super::row::count;
use crate::sampling::{DrawnCall, StratumDraw};

/// What a batch has of one stratum, on its way into the tables.
pub(super) struct Filling<'a> {
    pub(super) stratum_no: i64,
    /// The sample's: a log that is read again for more reserves keeps more calls than that.
    pub(super) quota: i64,
    pub(super) draw: &'a StratumDraw,
}

/// Keeps the calls of strata. Drawn are the first ones of each: its quota, and one more for each that can't be scored.
/// Journeys come without reserves, so that all of their calls are drawn.
/// That can be known of a call before it is drawn, if it was picked.
pub(super) fn fill(
    tables: &Connection,
    sample: &str,
    batch: i64,
    strata: &[Filling<'_>],
) -> Result<(), Fault> {
    let mut lost: HashMap<i64, i64> = HashMap::new();
    let mut changed: Vec<&Filling<'_>> = strata.iter().collect();
    while !changed.is_empty() {
        keep_calls(tables, sample, batch, &changed, &lost)?;
        let found = unscorable(tables, sample)?;
        changed = (strata.iter())
            .filter(|one| found.get(&one.stratum_no) != lost.get(&one.stratum_no))
            .collect();
        lost = found;
    }
    Ok(())
}

/// Drawn calls that can't be scored, by stratum.
fn unscorable(tables: &Connection, sample: &str) -> Result<HashMap<i64, i64>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT stratum_no, count(*) FROM drawn_call INDEXED BY drawn_call_queue
         WHERE sample = ?1 AND role = 'drawn' AND state = 'unscorable' GROUP BY stratum_no",
    )?;
    let found = statement.query_map([sample], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Keeps calls of strata, those that are there already as well: the first ones drawn, the others reserves. A call that
/// was picked before it was drawn gets its place, and is told of as the log it is drawn from does.
fn keep_calls(
    tables: &Connection,
    sample: &str,
    batch: i64,
    strata: &[&Filling<'_>],
    lost: &HashMap<i64, i64>,
) -> Result<(), Fault> {
    let picked: HashSet<String> = tables
        .prepare_cached("SELECT call_id FROM drawn_call WHERE sample = ?1 AND role = 'picked'")?
        .query_map([sample], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut insert = tables.prepare_cached(
        "INSERT INTO drawn_call (sample, draw_number, call_id, unit_id, batch, role, state, stratum_no, position, csr,
                                 caller_type, line, started_at_us, started_text, duration_s)
         VALUES (?1, ?2, ?3, ?14, ?4, ?5, 'open', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (sample, call_id) DO UPDATE SET
             role = excluded.role, batch = excluded.batch, stratum_no = excluded.stratum_no, position = excluded.position,
             csr = excluded.csr, caller_type = excluded.caller_type, line = excluded.line,
             started_at_us = excluded.started_at_us, started_text = excluded.started_text,
             duration_s = excluded.duration_s
         WHERE excluded.role = 'drawn' OR drawn_call.role = 'picked'",
    )?;
    let mut insert_fields = tables.prepare_cached(
        "INSERT INTO call_fields (sample, call_id, fields) VALUES (?1, ?2, ?3)
         ON CONFLICT (sample, call_id) DO UPDATE SET fields = excluded.fields WHERE ?4",
    )?;
    for (filling, kept) in in_draw_order(strata) {
        let DrawnCall {
            draw_number,
            position,
            call,
            ..
        } = kept;
        let lost = lost.get(&filling.stratum_no).copied().unwrap_or(0);
        let role = if count(*position) <= filling.quota.saturating_add(lost) {
            "drawn"
        } else {
            "reserve"
        };
        insert.execute((
            sample,
            draw_number.0,
            &call.call_id,
            batch,
            role,
            filling.stratum_no,
            count(*position),
            &call.csr,
            call.caller_type.as_str(),
            count(call.line),
            call.started_at.map(|at| at.as_microsecond()),
            &call.started_text,
            call.duration_s,
            kept.unit_id(),
        ))?;
        insert_fields.execute((
            sample,
            &call.call_id,
            serde_json::to_string(&call.fields)?,
            picked.contains(&call.call_id),
        ))?;
    }
    Ok(())
}

/// The calls of strata as the tables are kept: each goes behind the one before, and no page is fetched twice.
fn in_draw_order<'a>(strata: &[&'a Filling<'a>]) -> Vec<(&'a Filling<'a>, &'a DrawnCall)> {
    let calls = strata.iter().flat_map(|filling| {
        let calls = filling.draw.calls.iter().chain(&filling.draw.reserves);
        calls.map(|call| (*filling, call))
    });
    let mut calls: Vec<_> = calls.collect();
    calls.sort_unstable_by(|(_, a), (_, b)| {
        (a.draw_number, &a.call.call_id).cmp(&(b.draw_number, &b.call.call_id))
    });
    calls
}
