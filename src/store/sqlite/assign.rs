//! Who scores which call.

use std::collections::HashMap;

use rusqlite::Connection;

use super::fault::Fault;

/// By call, the analyst whose evaluation counts.
pub(super) fn firsts(tables: &Connection, sample: &str) -> Result<HashMap<String, String>, Fault> {
    let mut statement = tables
        .prepare_cached("SELECT call_id, analyst FROM assignment WHERE sample = ?1 AND rank = 1")?;
    let firsts = statement.query_map([sample], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(firsts.collect::<Result<_, _>>()?)
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
    let heirs: Vec<(u32, String)> = tables
        .prepare_cached("SELECT rank, analyst FROM assignment WHERE sample = ?1 AND call_id = ?2")?
        .query_map((sample, call_id), |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (rank, analyst) in heirs {
        assign(tables, sample, reserve, rank, &analyst)?;
    }
    Ok(())
}

/// Assigns a drawn call. One that was scored for another sample before need not be scored for rank 1 again.
fn assign(
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
                    CASE WHEN c.state = 'complete' AND (?3 = 1 OR EXISTS (
                        SELECT 1 FROM same_call AS s
                        JOIN evaluation AS e
                          ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
                        WHERE s.sample = c.sample AND s.call_id = c.call_id AND e.analyst = ?4))
                    THEN 'complete' ELSE 'open' END
             FROM drawn_call AS c WHERE c.sample = ?1 AND c.call_id = ?2",
        )?
        .execute((sample, call_id, rank, analyst))?;
    Ok(())
}
