//! Who scores which call.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::fault::Fault;
use super::row::{caller_type, get_text, place};
use super::samples::rubric_hash;
use crate::calls::CallerType;
use crate::sampling::{Assignment, Dealing, Dealt, Double, DrawNumber, Seed, Share, Shares};

/// Ranks of an assignment: whose evaluation counts, and who scores the call as well.
pub(super) const FIRST: u32 = 1;
pub(super) const SECOND: u32 = 2;

/// The state of an assignment whose analyst may have scored the call before, unasked or for another sample.
pub(super) const ANEW: &str = "CASE WHEN EXISTS (
         SELECT 1 FROM same_call AS s
         JOIN evaluation AS e ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
         WHERE s.sample = assignment.sample AND s.call_id = assignment.call_id AND e.analyst = assignment.analyst)
     THEN 'complete' ELSE 'open' END";

/// Keeps among whom the calls of a new sample are dealt.
pub(super) fn keep(tables: &Connection, sample: &str, dealing: &Dealing) -> Result<(), Fault> {
    tables.execute(
        "INSERT INTO dealing (sample, double_share) VALUES (?1, ?2)",
        (sample, dealing.double().map(Double::hundredths)),
    )?;
    for (at, one) in dealing.shares().iter().enumerate() {
        tables.execute(
            "INSERT INTO dealing_share (sample, place, analyst, share) VALUES (?1, ?2, ?3, ?4)",
            (sample, place(at), &one.analyst, one.share),
        )?;
    }
    Ok(())
}

/// Among whom the calls of a sample are dealt.
pub(super) fn dealing(tables: &Connection, sample: &str) -> Result<Option<Dealing>, Fault> {
    let double: Option<Option<u32>> = tables
        .prepare_cached("SELECT double_share FROM dealing WHERE sample = ?1")?
        .query_row([sample], |row| row.get(0))
        .optional()?;
    let Some(double) = double else {
        return Ok(None);
    };
    let shares = tables
        .prepare_cached(
            "SELECT analyst, share FROM dealing_share WHERE sample = ?1 ORDER BY place",
        )?
        .query_map([sample], |row| {
            Ok(Share {
                analyst: row.get(0)?,
                share: row.get(1)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let odd = |why: crate::sampling::BadDealing| Fault::Odd(why.to_string());
    let double = double.and_then(Double::of_hundredths);
    let dealing = Dealing::new(Shares::new(shares).map_err(odd)?, double).map_err(odd)?;
    Ok(Some(dealing))
}

/// Deals the drawn calls of a sample that nobody has been given, if it is one that is dealt. Shares are those of each
/// log by itself: who was away for a while need not catch up. A journey is dealt whole, as its first call would be.
pub(super) fn deal(tables: &Connection, sample: &str, seed: &Seed) -> Result<(), Fault> {
    let Some(dealing) = dealing(tables, sample)? else {
        return Ok(());
    };
    let batches: Vec<i64> = tables
        .prepare_cached("SELECT batch FROM batch WHERE sample = ?1 ORDER BY batch")?
        .query_map([sample], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut more = Vec::new();
    for batch in batches {
        let (units, legs) = to_deal(tables, sample, batch)?;
        if !units.is_empty() {
            let had = dealt(tables, sample, batch)?;
            for unit in crate::sampling::deal(&dealing, seed, &had, &units) {
                let legs = legs.get(&unit.call_id).into_iter().flatten();
                more.extend(legs.map(|call_id| Dealt {
                    call_id: call_id.clone(),
                    ..unit.clone()
                }));
            }
        }
    }
    // The order in which the tables are kept: writing a large draw to and fro takes five times as long.
    more.sort_by_cached_key(|call| DrawNumber::new(seed, &call.call_id));
    for call in more {
        assign(tables, sample, &call.call_id, FIRST, &call.first)?;
        if let Some(second) = &call.second {
            assign(tables, sample, &call.call_id, SECOND, second)?;
        }
    }
    Ok(())
}

/// Calls of a batch that have been given to somebody and can be scored; of a journey, the first one stands for all.
fn dealt(tables: &Connection, sample: &str, batch: i64) -> Result<Vec<Dealt>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT c.unit_id, c.caller_type, one.analyst, two.analyst FROM drawn_call AS c
         JOIN assignment AS one ON one.sample = c.sample AND one.call_id = c.call_id AND one.rank = 1
         LEFT JOIN assignment AS two ON two.sample = c.sample AND two.call_id = c.call_id AND two.rank = 2
         WHERE c.sample = ?1 AND c.batch = ?2 AND c.role = 'drawn' AND c.state <> 'unscorable' AND c.assigned = 1
         ORDER BY c.draw_number, c.started_at_us IS NULL, c.started_at_us, c.call_id",
    )?;
    let mut rows = statement.query((sample, batch))?;
    let mut dealt: Vec<Dealt> = Vec::new();
    while let Some(row) = rows.next()? {
        let unit_id = get_text(row, 0)?;
        if dealt.last().is_some_and(|last| last.call_id == unit_id) {
            continue;
        }
        dealt.push(Dealt {
            call_id: row.get(0)?,
            caller_type: caller_type(get_text(row, 1)?)?,
            first: row.get(2)?,
            second: row.get(3)?,
        });
    }
    Ok(dealt)
}

/// What waits to be dealt: units of the draw with the caller type of their first call, and the calls of each.
type Waiting = (Vec<(CallerType, String)>, HashMap<String, Vec<String>>);

/// Calls of a batch that wait to be dealt, by stratum and position.
fn to_deal(tables: &Connection, sample: &str, batch: i64) -> Result<Waiting, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT caller_type, call_id, unit_id FROM drawn_call
         WHERE sample = ?1 AND batch = ?2 AND role = 'drawn' AND state <> 'unscorable' AND assigned = 0
         ORDER BY stratum_no, position, started_at_us IS NULL, started_at_us, call_id",
    )?;
    let mut rows = statement.query((sample, batch))?;
    let (mut units, mut legs) = (Vec::new(), HashMap::<String, Vec<String>>::new());
    while let Some(row) = rows.next()? {
        let unit_id: String = row.get(2)?;
        let calls = legs.entry(unit_id.clone()).or_default();
        if calls.is_empty() {
            units.push((caller_type(get_text(row, 0)?)?, unit_id));
        }
        calls.push(row.get(1)?);
    }
    Ok((units, legs))
}

/// Who scores which calls that can be scored, and that they haven't declined.
pub(super) fn assignments(tables: &Connection, sample: &str) -> Result<Vec<Assignment>, Fault> {
    rubric_hash(tables, sample)?;
    let mut statement = tables.prepare_cached(
        "SELECT call_id, analyst, rank = 2 FROM assignment
         WHERE sample = ?1 AND state IN ('open', 'complete') ORDER BY draw_number, call_id, rank",
    )?;
    let assignments = statement.query_map([sample], |row| {
        Ok(Assignment {
            call_id: row.get(0)?,
            analyst: row.get(1)?,
            second: row.get(2)?,
        })
    })?;
    Ok(assignments.collect::<Result<_, _>>()?)
}

/// The two analysts of a call.
#[derive(Default)]
pub(super) struct Pair {
    /// Whose evaluation counts.
    pub(super) first: Option<String>,
    /// Whether the call is still theirs: it can be scored, and they haven't declined it.
    pub(super) is_theirs: bool,
    /// Whose evaluation never does.
    pub(super) second: Option<String>,
}

/// By call, who scores it; calls that nobody has been given are left out.
pub(super) fn pairs(tables: &Connection, sample: &str) -> Result<HashMap<String, Pair>, Fault> {
    let mut statement =
        tables.prepare_cached("SELECT call_id, analyst, rank, state IN ('open', 'complete') FROM assignment WHERE sample = ?1")?;
    let mut rows = statement.query([sample])?;
    let mut pairs: HashMap<String, Pair> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (pair, analyst) = (pairs.entry(row.get(0)?).or_default(), row.get(1)?);
        match row.get(2)? {
            SECOND => pair.second = analyst,
            _ => {
                pair.first = analyst;
                pair.is_theirs = row.get(3)?;
            }
        }
    }
    Ok(pairs)
}

/// As which of its analysts somebody scores a call; `None` if it wasn't given to them.
pub(super) fn rank(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
) -> Result<Option<u32>, Fault> {
    let rank = tables
        .prepare_cached(
            "SELECT rank FROM assignment WHERE sample = ?1 AND call_id = ?2 AND analyst = ?3",
        )?
        .query_row((sample, call_id, analyst), |row| row.get(0))
        .optional()?;
    Ok(rank)
}

/// Ends the assignments of a call that can't be scored; the call that takes its place inherits them.
pub(super) fn pass_on(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    replaced_by: Option<&str>,
) -> Result<(), Fault> {
    tables
        .prepare_cached(
            "UPDATE assignment SET state = 'unscorable' WHERE sample = ?1 AND call_id = ?2",
        )?
        .execute((sample, call_id))?;
    let Some(reserve) = replaced_by else {
        return Ok(());
    };
    let analysts = |call_id: &str| -> Result<Vec<(u32, String)>, Fault> {
        let found = tables
            .prepare_cached(
                "SELECT rank, analyst FROM assignment WHERE sample = ?1 AND call_id = ?2 ORDER BY rank",
            )?
            .query_map((sample, call_id), |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        Ok(found)
    };
    // A reserve that was picked may have been given to somebody before; it stays theirs.
    let has = analysts(reserve)?;
    for (rank, analyst) in analysts(call_id)? {
        if !has.iter().any(|(of, one)| *of == rank || *one == analyst) {
            assign(tables, sample, reserve, rank, &analyst)?;
        }
    }
    Ok(())
}

/// Assigns a drawn call, to its first analyst first. One that was scored for another sample before need not be scored
/// again, unless a second analyst was to score it too, or nobody but this second one has.
pub(super) fn assign(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    rank: u32,
    analyst: &str,
) -> Result<(), Fault> {
    tables
        .prepare_cached(
            "INSERT INTO assignment (sample, draw_number, call_id, rank, analyst, state)
             SELECT c.sample, c.draw_number, c.call_id, ?3, ?4,
                    CASE c.state WHEN 'complete' THEN 'complete' ELSE 'open' END
             FROM drawn_call AS c WHERE c.sample = ?1 AND c.call_id = ?2",
        )?
        .execute((sample, call_id, rank, analyst))?;
    if rank == SECOND {
        // Apart, because SQLite prepares a statement with this in it anew for every call.
        tables
            .prepare_cached(
                "UPDATE assignment SET state = 'open'
                 WHERE sample = ?1 AND call_id = ?2 AND rank = ?3 AND state = 'complete' AND NOT EXISTS (
                     SELECT 1 FROM same_call AS s
                     JOIN evaluation AS e
                       ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
                     WHERE s.sample = ?1 AND s.call_id = ?2 AND e.analyst = ?4)",
            )?
            .execute((sample, call_id, rank, analyst))?;
        wait_for_the_first(tables, sample, call_id)?;
    }
    Ok(())
}

/// Opens a call again that only its second analyst has scored.
pub(super) fn wait_for_the_first(
    tables: &Connection,
    sample: &str,
    call_id: &str,
) -> Result<(), Fault> {
    let opened = tables
        .prepare_cached(
            "UPDATE drawn_call SET state = 'open'
             WHERE sample = ?1 AND call_id = ?2 AND state = 'complete' AND NOT EXISTS (
                 SELECT 1 FROM may_count AS m WHERE m.sample = ?1 AND m.call_id = ?2)",
        )?
        .execute((sample, call_id))?;
    if opened > 0 {
        tables
            .prepare_cached(
                "UPDATE assignment SET state = 'open' WHERE sample = ?1 AND call_id = ?2 AND rank = 1",
            )?
            .execute((sample, call_id))?;
    }
    Ok(())
}
