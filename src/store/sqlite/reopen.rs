//! Taking back what was said of a call: that it can't be scored, or that its evaluation is complete.

use rusqlite::{Connection, OptionalExtension};

use super::calls::{self, State};
use super::event::By;
use super::fault::Fault;
use super::{add, assign, draft, evaluations, event, samples, unscorable};
use crate::evaluation::Draft;
use crate::store::{Reopened, StoreError};

pub(super) fn reopen(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: Option<&str>,
    reason: &str,
    by: By<'_>,
) -> Result<Reopened, Fault> {
    samples::must_be_in(tables, sample)?;
    let places = calls::places(tables, sample, call_id)?;
    if places[0].state == State::Unscorable {
        return can_be_scored(tables, sample, call_id, reason, by);
    }
    let history = evaluations::history(tables, sample, call_id)?;
    let wanted = |one: &&crate::store::Completed| match analyst {
        Some(analyst) => one.evaluation.analyst == analyst,
        None => one.counts,
    };
    // The newest revision stands last.
    let Some(found) = history.iter().rfind(wanted) else {
        let call_id = call_id.to_owned();
        return Err(match analyst {
            Some(analyst) if !history.is_empty() => {
                let analyst = analyst.to_owned();
                StoreError::NotCompleted { call_id, analyst }
            }
            _ => StoreError::IsOpen { call_id },
        }
        .into());
    };
    let analyst = found.evaluation.analyst.clone();
    let payload = draft::to_json(&Draft::of(&found.evaluation, reason))?;
    // What has been amended since the call was opened before stays.
    tables
        .prepare_cached(
            "INSERT INTO draft (sample, call_id, analyst, payload, saved_at_us) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (sample, call_id, analyst)
             DO UPDATE SET payload = excluded.payload, saved_at_us = excluded.saved_at_us
             WHERE draft.payload ->> 'amend_reason' IS NULL",
        )?
        .execute((sample, call_id, &analyst, payload, by.at.as_microsecond()))?;
    let detail = format!("`{call_id}` for {analyst} to amend: {reason}");
    event::note(tables, sample, by.at, by.who, "reopen", &detail)?;
    Ok(Reopened::Evaluation { analyst })
}

fn can_be_scored(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    reason: &str,
    by: By<'_>,
) -> Result<Reopened, Fault> {
    let back = take_back(tables, sample, call_id, reason, by)?;
    let detail = match &back {
        Some(reserve) => format!("`{call_id}`; `{reserve}` is a reserve again: {reason}"),
        None => format!("`{call_id}`: {reason}"),
    };
    event::note(tables, sample, by.at, by.who, "scorable", &detail)?;
    Ok(Reopened::Scorable { back })
}

/// Takes back that a call can't be scored. The call that took its place goes back to the reserves if nobody has begun it
/// and it is the last one drawn of its stratum; else both stay. Doesn't say who did what.
pub(super) fn take_back(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    reason: &str,
    by: By<'_>,
) -> Result<Option<String>, Fault> {
    let (said_by, why) = unscorable::of_call(tables, sample, call_id)?
        .ok_or_else(|| Fault::Odd(format!("nobody said why `{call_id}` can't be scored")))?;
    tables
        .prepare_cached(
            "INSERT INTO unscorable (sample, call_id, seq, undone, analyst, reason, note, at_us)
             SELECT ?1, ?2, 1 + max(seq), 1, ?3, ?4, ?5, ?6 FROM unscorable WHERE sample = ?1 AND call_id = ?2",
        )?
        .execute((
            sample,
            call_id,
            // Who takes it back need not be an analyst; the event tells.
            &said_by,
            why.reason.as_str(),
            reason,
            by.at.as_microsecond(),
        ))?;
    tables
        .prepare_cached("UPDATE drawn_call SET state = 'open' WHERE sample = ?1 AND call_id = ?2")?
        .execute((sample, call_id))?;
    tables
        .prepare_cached(&format!(
            "UPDATE assignment SET state = {} WHERE sample = ?1 AND call_id = ?2 AND state = 'unscorable'",
            assign::ANEW
        ))?
        .execute((sample, call_id))?;
    add::settle(tables, sample)?;
    give_back(tables, sample, call_id)
}

fn give_back(tables: &Connection, sample: &str, call_id: &str) -> Result<Option<String>, Fault> {
    let last: Option<String> = tables
        .prepare_cached(
            "SELECT r.call_id FROM drawn_call AS c
             JOIN stratum AS s ON s.sample = c.sample AND s.stratum_no = c.stratum_no
             JOIN drawn_call AS r ON r.sample = c.sample AND r.stratum_no = c.stratum_no AND r.role = 'drawn'
             WHERE c.sample = ?1 AND c.call_id = ?2 AND c.role = 'drawn' AND r.call_id <> c.call_id
               AND (SELECT a.unit FROM sample AS a WHERE a.name = c.sample) = 'call'
               AND r.state = 'open' AND r.picked = 0
               AND r.position = (
                   SELECT max(m.position) FROM drawn_call AS m
                   WHERE m.sample = r.sample AND m.stratum_no = r.stratum_no AND m.role = 'drawn')
               AND s.quota < (
                   SELECT count(*) FROM drawn_call AS n
                   WHERE n.sample = r.sample AND n.stratum_no = r.stratum_no AND n.role = 'drawn'
                     AND n.state <> 'unscorable')
               AND NOT EXISTS (
                   SELECT 1 FROM draft AS d WHERE d.sample = r.sample AND d.call_id = r.call_id)
               AND NOT EXISTS (
                   SELECT 1 FROM claim AS k WHERE k.sample = r.sample AND k.call_id = r.call_id)
               AND NOT EXISTS (
                   SELECT 1 FROM evaluation AS e
                   WHERE e.sample = r.sample AND e.draw_number = r.draw_number AND e.call_id = r.call_id)",
        )?
        .query_row((sample, call_id), |row| row.get(0))
        .optional()?;
    if let Some(reserve) = &last {
        for sql in [
            "DELETE FROM assignment WHERE sample = ?1 AND call_id = ?2",
            "UPDATE drawn_call SET role = 'reserve' WHERE sample = ?1 AND call_id = ?2",
        ] {
            tables.prepare_cached(sql)?.execute((sample, reserve))?;
        }
        // Its second analyst may have scored it for another sample; nobody's second one any more, they may count.
        add::settle(tables, sample)?;
    }
    Ok(last)
}
