//! Calls that change hands.

use rusqlite::Connection;

use super::calls::{self, State};
use super::event::By;
use super::fault::Fault;
use super::{analyst, assign, event, samples, unscorable};
use crate::store::{AssignReport, HandOver, StoreError};

/// Gives open calls to an analyst.
pub(super) fn hand_over(
    tables: &Connection,
    sample: &str,
    what: &HandOver,
    to: &str,
    new_analyst: bool,
    by: By<'_>,
) -> Result<AssignReport, Fault> {
    samples::must_be_in(tables, sample)?;
    analyst::add(tables, [to], new_analyst)?;
    let (report, detail) = match what {
        HandOver::Calls(ids) => (named(tables, sample, ids, to)?, ids.join(", ")),
        HandOver::AllOf(from) => {
            let report = all_of(tables, sample, from, to)?;
            let detail = format!("{} of {from}", event::calls(report.moved));
            (report, detail)
        }
    };
    if report.moved > 0 {
        let detail = format!("{detail} to {to}");
        event::note(tables, sample, by.at, by.who, "assign", &detail)?;
    }
    Ok(report)
}

fn named(
    tables: &Connection,
    sample: &str,
    ids: &[String],
    to: &str,
) -> Result<AssignReport, Fault> {
    let mut report = AssignReport::default();
    for call_id in ids {
        let places = calls::places(tables, sample, call_id)?;
        match places[0].state {
            State::Open => {}
            State::Unscorable => return Err(unscorable::refusal(tables, sample, call_id)?),
            State::Complete => {
                return Err(StoreError::IsComplete {
                    call_id: call_id.clone(),
                }
                .into());
            }
        }
        match give(tables, sample, call_id, assign::FIRST, to)? {
            Given::Moved => report.moved += 1,
            Given::Theirs => report.theirs += 1,
            Given::Other => {
                return Err(StoreError::IsSecond {
                    call_id: call_id.clone(),
                    analyst: to.to_owned(),
                }
                .into());
            }
        }
    }
    Ok(report)
}

/// What `from` has not completed yet, as first or second analyst.
fn all_of(tables: &Connection, sample: &str, from: &str, to: &str) -> Result<AssignReport, Fault> {
    analyst::must_be_known(tables, from)?;
    let open: Vec<(String, u32)> = tables
        .prepare_cached(
            "SELECT call_id, rank FROM assignment WHERE sample = ?1 AND analyst = ?2 AND state = 'open'
             ORDER BY draw_number, call_id",
        )?
        .query_map((sample, from), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut report = AssignReport::default();
    for (call_id, rank) in open {
        match give(tables, sample, &call_id, rank, to)? {
            Given::Moved => report.moved += 1,
            Given::Theirs => report.theirs += 1,
            Given::Other => report.stay.push(call_id),
        }
    }
    Ok(report)
}

enum Given {
    Moved,
    /// It was theirs before.
    Theirs,
    /// They are the call's other analyst.
    Other,
}

/// Makes somebody a call's analyst of a rank. Who had it before is not offered it any more; what they had answered
/// stays.
fn give(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    rank: u32,
    to: &str,
) -> Result<Given, Fault> {
    let has: Vec<(u32, String, String)> = tables
        .prepare_cached(
            "SELECT rank, analyst, state FROM assignment WHERE sample = ?1 AND call_id = ?2",
        )?
        .query_map((sample, call_id), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    match has.iter().find(|(_, analyst, _)| analyst == to) {
        Some((theirs, _, _)) if *theirs != rank => return Ok(Given::Other),
        Some((_, _, state)) if state != "declined" => return Ok(Given::Theirs),
        // What was declined is taken up again.
        _ => {}
    }
    let before = has.iter().find(|(of, _, _)| *of == rank);
    match before {
        None => assign::assign(tables, sample, call_id, rank, to)?,
        Some((_, from, _)) => {
            tables
                .prepare_cached(
                    "UPDATE assignment SET analyst = ?4 WHERE sample = ?1 AND call_id = ?2 AND rank = ?3",
                )?
                .execute((sample, call_id, rank, to))?;
            tables
                .prepare_cached(&format!(
                    "UPDATE assignment SET state = {} WHERE sample = ?1 AND call_id = ?2 AND rank = ?3",
                    assign::ANEW
                ))?
                .execute((sample, call_id, rank))?;
            tables
                .prepare_cached(
                    "DELETE FROM claim WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
                )?
                .execute((sample, call_id, from))?;
            if rank == assign::SECOND {
                assign::wait_for_the_first(tables, sample, call_id)?;
            }
        }
    }
    Ok(Given::Moved)
}
