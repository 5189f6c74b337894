//! What a store holds, and what in it leads nowhere.

use jiff::Timestamp;
use rusqlite::Connection;

use super::fault::Fault;
use super::row::{get_count, get_text, time};
use crate::store::{Begun, Holdings, IdleDraft, IdleReason};

/// Drafts that [`super::queue`] offers to nobody, with the first reason that holds.
const IDLE: &str = "SELECT * FROM (
     SELECT d.sample, d.call_id, d.analyst, d.saved_at_us, CASE
         WHEN s.withdrawn_at_us IS NOT NULL THEN 'withdrawn'
         WHEN c.state = 'unscorable' THEN 'unscorable'
         WHEN c.role = 'reserve' AND c.picked = 0 THEN 'reserve'
         WHEN EXISTS (
             SELECT 1 FROM assignment AS a WHERE a.sample = d.sample AND a.call_id = d.call_id
               AND a.analyst = d.analyst AND a.state = 'declined') THEN 'declined'
         WHEN d.payload ->> 'amend_reason' IS NOT NULL THEN NULL
         WHEN EXISTS (
             SELECT 1 FROM same_call AS p
             JOIN evaluation AS e ON e.sample = p.other AND e.draw_number = p.other_number AND e.call_id = p.call_id
             WHERE p.sample = d.sample AND p.call_id = d.call_id AND e.analyst = d.analyst) THEN 'complete'
         WHEN c.assigned = 1 AND NOT EXISTS (
             SELECT 1 FROM assignment AS a WHERE a.sample = d.sample AND a.call_id = d.call_id
               AND a.analyst = d.analyst) THEN 'given away'
         END AS why
     FROM draft AS d JOIN sample AS s ON s.name = d.sample
     JOIN drawn_call AS c ON c.sample = d.sample AND c.call_id = d.call_id)
 WHERE why IS NOT NULL ORDER BY saved_at_us, sample, call_id, analyst";

pub(super) fn holdings(tables: &Connection, now: Timestamp) -> Result<Holdings, Fault> {
    let one = |sql: &str| -> Result<u64, Fault> {
        tables.query_row(sql, [], |row| Ok(get_count(row, 0)))?
    };
    Ok(Holdings {
        samples: one("SELECT count(*) FROM sample")?,
        withdrawn: one("SELECT count(*) FROM sample WHERE withdrawn_at_us IS NOT NULL")?,
        drawn: one("SELECT count(*) FROM drawn_call WHERE role = 'drawn'")?,
        picked: one("SELECT count(*) FROM picked")?,
        evaluations: one("SELECT count(*) FROM evaluation WHERE evaluation_revision = 1")?,
        drafts: one("SELECT count(*) FROM draft")?,
        idle_drafts: idle_drafts(tables)?,
        ended_claims: tables.query_row(
            "SELECT count(*) FROM claim WHERE lease_until_us <= ?1",
            [now.as_microsecond()],
            |row| Ok(get_count(row, 0)),
        )??,
    })
}

fn idle_drafts(tables: &Connection) -> Result<Vec<IdleDraft>, Fault> {
    let mut statement = tables.prepare(IDLE)?;
    let mut rows = statement.query([])?;
    let mut drafts = Vec::new();
    while let Some(row) = rows.next()? {
        drafts.push(IdleDraft {
            sample: row.get(0)?,
            begun: Begun {
                call_id: row.get(1)?,
                analyst: row.get(2)?,
                at: time(row.get(3)?)?,
            },
            why: match get_text(row, 4)? {
                "withdrawn" => IdleReason::Withdrawn,
                "unscorable" => IdleReason::Unscorable,
                "reserve" => IdleReason::Reserve,
                "declined" => IdleReason::Declined,
                "complete" => IdleReason::Complete,
                _ => IdleReason::GivenAway,
            },
        });
    }
    Ok(drafts)
}
