//! Who scores what next: claims, drafts, and which of an analyst's programs may save.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::analyst::must_be_known;
use super::calls::{self, State};
use super::draft;
use super::evaluations;
use super::fault::Fault;
use super::row::{get_count, get_text, time};
use super::samples::{by_state, must_be_in};
use super::{samples, unscorable};
use crate::evaluation::Draft;
use crate::sampling::Unit;
use crate::store::{Begun, Claimed, OpenWork, StoreError, Waiting};

/// How long a call stays with an analyst who saves nothing: longer than a long call, shorter than a lunch.
const LEASE: SignedDuration = SignedDuration::from_mins(30);

/// CROSS JOIN, because SQLite keeps its order: the few drafts come first, not all calls of the sample.
const OWN_DRAFT: &str = "SELECT d.call_id FROM draft AS d CROSS JOIN drawn_call AS c
     WHERE d.sample = ?1 AND d.analyst = ?2 AND c.sample = d.sample AND c.call_id = d.call_id
       AND (c.role <> 'reserve' OR c.picked = 1) AND c.state <> 'unscorable'
       AND (d.payload ->> 'amend_reason' IS NOT NULL OR NOT EXISTS (
           SELECT 1 FROM same_call AS s
           JOIN evaluation AS e
             ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
           WHERE s.sample = d.sample AND s.call_id = d.call_id AND e.analyst = d.analyst))
       AND NOT EXISTS (
           SELECT 1 FROM assignment AS a
           WHERE a.sample = d.sample AND a.call_id = d.call_id AND a.analyst = d.analyst AND a.state = 'declined')
       AND (d.payload ->> 'amend_reason' IS NOT NULL OR c.assigned = 0 OR EXISTS (
           SELECT 1 FROM assignment AS a
           WHERE a.sample = d.sample AND a.call_id = d.call_id AND a.analyst = d.analyst))
     ORDER BY d.saved_at_us DESC, c.draw_number, c.call_id LIMIT 1";

const OWN_CALL: &str = "SELECT draw_number, call_id FROM assignment WHERE sample = ?1 AND analyst = ?2 AND state = 'open'
     ORDER BY draw_number, call_id LIMIT 1";

const FREE_CALL: &str = "SELECT c.draw_number, c.call_id FROM drawn_call AS c
     WHERE c.sample = ?1 AND c.role = 'drawn' AND c.state = 'open' AND c.assigned = 0
       AND NOT EXISTS (
           SELECT 1 FROM claim AS k
           WHERE k.sample = c.sample AND k.call_id = c.call_id AND k.analyst <> ?2
             AND k.lease_until_us > ?3)
     ORDER BY c.draw_number, c.call_id LIMIT 1";

/// A call of a journey of which nobody else scores a call just now: one customer is one analyst's as far as that goes.
const FREE_JOURNEY: &str =
    "SELECT c.draw_number, c.call_id FROM drawn_call AS c
     WHERE c.sample = ?1 AND c.role = 'drawn' AND c.state = 'open' AND c.assigned = 0
       AND NOT EXISTS (
           SELECT 1 FROM claim AS k JOIN drawn_call AS o ON o.sample = k.sample AND o.call_id = k.call_id
           WHERE k.sample = c.sample AND o.draw_number = c.draw_number AND k.analyst <> ?2
             AND k.lease_until_us > ?3)
     ORDER BY c.draw_number, c.call_id LIMIT 1";

/// Of the calls of one journey that an analyst may score, the first in the order of time.
const FIRST_LEG: &str =
    "SELECT c.call_id FROM drawn_call AS c
     WHERE c.sample = ?1 AND c.draw_number = ?4 AND c.role = 'drawn'
       AND (EXISTS (
               SELECT 1 FROM assignment AS a
               WHERE a.sample = c.sample AND a.call_id = c.call_id AND a.analyst = ?2 AND a.state = 'open')
            OR (c.state = 'open' AND c.assigned = 0 AND NOT EXISTS (
               SELECT 1 FROM claim AS k
               WHERE k.sample = c.sample AND k.call_id = c.call_id AND k.analyst <> ?2
                 AND k.lease_until_us > ?3)))
     ORDER BY c.started_at_us IS NULL, c.started_at_us, c.call_id LIMIT 1";

/// Calls picked that no draw has given.
const FREE_PICK: &str =
    "SELECT c.draw_number, c.call_id FROM picked AS p CROSS JOIN drawn_call AS c
     WHERE p.sample = ?1 AND c.sample = p.sample AND c.call_id = p.call_id
       AND c.role <> 'drawn' AND c.state = 'open' AND c.assigned = 0
       AND NOT EXISTS (
           SELECT 1 FROM claim AS k
           WHERE k.sample = c.sample AND k.call_id = c.call_id AND k.analyst <> ?2
             AND k.lease_until_us > ?3)
     ORDER BY c.draw_number, c.call_id LIMIT 1";

pub(super) fn next_call(
    tables: &Connection,
    now: Timestamp,
    sample: &str,
    analyst: &str,
    token: &str,
) -> Result<Option<Claimed>, Fault> {
    must_be_in(tables, sample)?;
    must_be_known(tables, analyst)?;
    hold(tables, sample, analyst, token)?;
    let next = match own_draft(tables, sample, analyst)? {
        Some(call_id) => Some(call_id),
        None => smallest(tables, now, sample, analyst)?,
    };
    hand(tables, now, sample, analyst, next)
}

/// One call for an analyst, whatever is next.
pub(super) fn take_call(
    tables: &Connection,
    now: Timestamp,
    sample: &str,
    call_id: &str,
    analyst: &str,
    token: &str,
) -> Result<Option<Claimed>, Fault> {
    must_be_in(tables, sample)?;
    must_be_known(tables, analyst)?;
    let places = calls::places(tables, sample, call_id)?;
    if places[0].state == State::Unscorable {
        return Err(unscorable::refusal(tables, sample, call_id)?);
    }
    let owned = || (call_id.to_owned(), analyst.to_owned());
    let amends = saved_draft(tables, sample, call_id, analyst)?
        .is_some_and(|draft| draft.amend_reason.is_some());
    let done = evaluations::analysts(tables, &places, call_id)?;
    if !amends && done.iter().any(|other| other == analyst) {
        let (call_id, analyst) = owned();
        return Err(StoreError::AlreadyComplete { call_id, analyst }.into());
    }
    let others: Vec<String> = tables
        .prepare_cached("SELECT analyst FROM assignment WHERE sample = ?1 AND call_id = ?2")?
        .query_map((sample, call_id), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if places[0].state == State::Open
        && !others.is_empty()
        && !others.iter().any(|other| other == analyst)
    {
        let analyst = others.join(" and ");
        let call_id = call_id.to_owned();
        return Err(StoreError::IsAssigned { call_id, analyst }.into());
    }
    let claimed: Option<String> = tables
        .prepare_cached(
            "SELECT analyst FROM claim
             WHERE sample = ?1 AND call_id = ?2 AND analyst <> ?3 AND lease_until_us > ?4 LIMIT 1",
        )?
        .query_row((sample, call_id, analyst, now.as_microsecond()), |row| {
            row.get(0)
        })
        .optional()?;
    if let Some(analyst) = claimed.filter(|_| others.is_empty()) {
        let call_id = call_id.to_owned();
        return Err(StoreError::IsClaimed { call_id, analyst }.into());
    }
    hold(tables, sample, analyst, token)?;
    hand(tables, now, sample, analyst, Some(call_id.to_owned()))
}

/// Claims a call for the analyst, and lets go of all others.
fn hand(
    tables: &Connection,
    now: Timestamp,
    sample: &str,
    analyst: &str,
    next: Option<String>,
) -> Result<Option<Claimed>, Fault> {
    tables
        .prepare_cached(
            "DELETE FROM claim WHERE sample = ?1 AND analyst = ?2 AND call_id IS NOT ?3",
        )?
        .execute((sample, analyst, &next))?;
    let Some(call_id) = next else {
        return Ok(None);
    };
    claim(tables, now, sample, &call_id, analyst)?;
    let call = calls::call(tables, sample, &call_id)?
        .ok_or_else(|| Fault::Odd(format!("the call `{call_id}` lacks its fields")))?;
    let (done, of) = progress(tables, sample, &call_id, analyst)?;
    Ok(Some(Claimed {
        call,
        draft: saved_draft(tables, sample, &call_id, analyst)?,
        done,
        of,
    }))
}

/// How far the analyst's own calls are where this is one of them, else how far the sample is.
fn progress(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
) -> Result<(u64, u64), Fault> {
    let own = tables
        .prepare_cached(
            "SELECT coalesce(sum(calls) FILTER (WHERE state = 'complete'), 0), sum(calls) FROM analyst_progress
             WHERE sample = ?1 AND analyst = ?3 AND state IN ('open', 'complete') AND EXISTS (
                 SELECT 1 FROM assignment WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3)
             HAVING sum(calls) > 0",
        )?
        .query_row((sample, call_id, analyst), |row| {
            Ok(get_count(row, 0).and_then(|done| Ok((done, get_count(row, 1)?))))
        })
        .optional()?;
    if let Some(own) = own {
        return own;
    }
    let counts = by_state(tables, sample)?;
    Ok((counts.complete, counts.drawn - counts.unscorable))
}

pub(super) fn save_draft(
    tables: &Connection,
    now: Timestamp,
    sample: &str,
    call_id: &str,
    analyst: &str,
    token: &str,
    draft: &Draft,
) -> Result<(), Fault> {
    let places = calls::places(tables, sample, call_id)?;
    if places[0].state == State::Unscorable {
        return Err(unscorable::refusal(tables, sample, call_id)?);
    }
    must_be_known(tables, analyst)?;
    hold(tables, sample, analyst, token)?;
    claim(tables, now, sample, call_id, analyst)?;
    tables
        .prepare_cached(
            "INSERT INTO draft (sample, call_id, analyst, payload, saved_at_us) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (sample, call_id, analyst)
             DO UPDATE SET payload = excluded.payload, saved_at_us = excluded.saved_at_us",
        )?
        .execute((
            sample,
            call_id,
            analyst,
            draft::to_json(draft)?,
            now.as_microsecond(),
        ))?;
    Ok(())
}

/// Ends an analyst's work on a call: it is complete.
pub(super) fn let_go(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM draft WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
        "DELETE FROM claim WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
        "UPDATE assignment SET state = 'complete'
         WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3 AND state IN ('open', 'declined')",
    ] {
        tables
            .prepare_cached(sql)?
            .execute((sample, call_id, analyst))?;
    }
    Ok(())
}

/// Makes sure that no newer program of the analyst scores this sample. One not seen before is the newest.
fn hold(tables: &Connection, sample: &str, analyst: &str, token: &str) -> Result<(), Fault> {
    let newest: Option<String> = tables
        .prepare_cached(
            "SELECT token FROM program WHERE sample = ?1 AND analyst = ?2 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row((sample, analyst), |row| row.get(0))
        .optional()?;
    if newest.as_deref() == Some(token) {
        return Ok(());
    }
    let added = tables
        .prepare_cached(
            "INSERT INTO program (sample, analyst, token, seq)
             SELECT ?1, ?2, ?3, 1 + coalesce(max(seq), 0) FROM program WHERE sample = ?1 AND analyst = ?2
             ON CONFLICT (sample, analyst, token) DO NOTHING",
        )?
        .execute((sample, analyst, token))?;
    if added == 0 {
        let analyst = analyst.to_owned();
        return Err(StoreError::Superseded { analyst }.into());
    }
    Ok(())
}

fn claim(
    tables: &Connection,
    now: Timestamp,
    sample: &str,
    call_id: &str,
    analyst: &str,
) -> Result<(), Fault> {
    let until = now.saturating_add(LEASE).unwrap_or(now);
    tables
        .prepare_cached(
            "INSERT INTO claim (sample, call_id, analyst, lease_until_us) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (sample, call_id, analyst) DO UPDATE SET lease_until_us = excluded.lease_until_us",
        )?
        .execute((sample, call_id, analyst, until.as_microsecond()))?;
    Ok(())
}

/// The draft saved last. It is finished even where somebody else was faster, so that no answer is lost; where the
/// analyst has completed the call before, only with a reason to amend; not where the analyst has declined it.
fn own_draft(tables: &Connection, sample: &str, analyst: &str) -> Result<Option<String>, Fault> {
    let draft = tables
        .prepare_cached(OWN_DRAFT)?
        .query_row((sample, analyst), |row| row.get(0))
        .optional()?;
    Ok(draft)
}

/// The smallest draw number among the analyst's own calls, whatever others have done with them, and the calls that
/// nobody has been given, completed or claimed. Either is found at the head of an index.
fn smallest(
    tables: &Connection,
    now: Timestamp,
    sample: &str,
    analyst: &str,
) -> Result<Option<String>, Fault> {
    let own: Option<([u8; 32], String)> = tables
        .prepare_cached(OWN_CALL)?
        .query_row((sample, analyst), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let free = |sql| -> Result<Option<([u8; 32], String)>, Fault> {
        Ok(tables
            .prepare_cached(sql)?
            .query_row((sample, analyst, now.as_microsecond()), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?)
    };
    match samples::unit(tables, sample)? {
        Unit::Call => {
            let free = free(FREE_CALL)?.into_iter().chain(free(FREE_PICK)?);
            let next = own.into_iter().chain(free).min();
            Ok(next.map(|(_, call_id)| call_id))
        }
        Unit::Interaction => {
            let next = own.into_iter().chain(free(FREE_JOURNEY)?).min();
            let leg = |(number, _): ([u8; 32], String)| -> Result<String, Fault> {
                let now = now.as_microsecond();
                let mut statement = tables.prepare_cached(FIRST_LEG)?;
                Ok(statement.query_row((sample, analyst, now, number), |row| row.get(0))?)
            };
            next.map(leg).transpose()
        }
    }
}

fn saved_draft(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
) -> Result<Option<Draft>, Fault> {
    tables
        .prepare_cached(
            "SELECT payload FROM draft WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
        )?
        .query_row((sample, call_id, analyst), |row| {
            Ok(get_text(row, 0).and_then(draft::from_json))
        })
        .optional()?
        .transpose()
}

/// Samples that have a call for the analyst, and whether that is one begun.
pub(super) fn waiting(
    tables: &Connection,
    now: Timestamp,
    analyst: &str,
) -> Result<Vec<Waiting>, Fault> {
    let samples: Vec<String> = tables
        .prepare_cached(
            "SELECT name FROM sample WHERE withdrawn_at_us IS NULL ORDER BY drawn_at_us, name",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut waiting = Vec::new();
    for sample in samples {
        let draft = own_draft(tables, &sample, analyst)?;
        let draft_saved = match &draft {
            None => None,
            Some(call_id) => {
                let at: i64 = tables
                    .prepare_cached(
                        "SELECT saved_at_us FROM draft WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
                    )?
                    .query_row((&sample, call_id, analyst), |row| row.get(0))?;
                Some(time(at)?)
            }
        };
        if draft.is_some() || smallest(tables, now, &sample, analyst)?.is_some() {
            waiting.push(Waiting {
                sample,
                draft_saved,
            });
        }
    }
    Ok(waiting)
}

/// Who has begun or claimed which calls of a sample.
pub(super) fn open_work(
    tables: &Connection,
    now: Timestamp,
    sample: &str,
) -> Result<OpenWork, Fault> {
    samples::rubric_hash(tables, sample)?;
    let begun = |sql: &str, bound: i64| -> Result<Vec<Begun>, Fault> {
        let mut statement = tables.prepare_cached(sql)?;
        let mut rows = statement.query((sample, bound))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(Begun {
                call_id: row.get(0)?,
                analyst: row.get(1)?,
                at: time(row.get(2)?)?,
            });
        }
        Ok(all)
    };
    let given = tables
        .prepare_cached(
            "SELECT call_id, analyst FROM assignment WHERE sample = ?1 AND state = 'open'
             ORDER BY draw_number, call_id, rank",
        )?
        .query_map([sample], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    Ok(OpenWork {
        given,
        drafts: begun(
            "SELECT call_id, analyst, saved_at_us FROM draft WHERE sample = ?1 AND saved_at_us >= ?2
             ORDER BY saved_at_us, call_id",
            i64::MIN,
        )?,
        claims: begun(
            "SELECT call_id, analyst, lease_until_us FROM claim WHERE sample = ?1 AND lease_until_us > ?2
             ORDER BY lease_until_us, call_id",
            now.as_microsecond(),
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::migrate::{self, MIGRATIONS};

    fn plan(sql: &str) -> Vec<String> {
        let mut connection = Connection::open_in_memory().expect("opens");
        migrate::run(&mut connection, ":memory:".as_ref(), MIGRATIONS).expect("tables");
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let mut statement = connection.prepare(&explain).expect("prepares");
        let steps = statement.raw_query().mapped(|row| row.get(3));
        steps.map(|step| step.expect("a step")).collect()
    }

    #[test]
    fn the_next_call_is_found_without_looking_at_those_that_others_score() {
        for (sql, begins) in [
            (
                OWN_DRAFT,
                "SEARCH d USING INDEX draft_analyst (sample=? AND analyst=?)",
            ),
            (
                OWN_CALL,
                "SEARCH assignment USING COVERING INDEX assignment_queue (sample=? AND analyst=? AND state=?)",
            ),
            (
                FREE_CALL,
                "SEARCH c USING COVERING INDEX drawn_call_queue (sample=? AND role=? AND state=? AND assigned=?)",
            ),
        ] {
            let plan = plan(sql);
            assert_eq!(plan[0], begins);
            let sorted = plan.iter().any(|step| step.contains("TEMP B-TREE"));
            assert_eq!(sorted, sql == OWN_DRAFT, "{plan:?}");
        }
    }
}
