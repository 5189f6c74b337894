//! What one store says of a sample's calls.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::evaluation::Unscorable;
use crate::store::sqlite::fault::Fault;
use crate::store::sqlite::pick;
use crate::store::sqlite::row::{get_place, time};
use crate::store::sqlite::unscorable::statement_of;

/// All columns of an evaluation, in the order in which [`Given::row`] has them.
pub(super) const COLUMNS: [&str; 20] = [
    "sample",
    "draw_number",
    "call_id",
    "analyst",
    "evaluation_revision",
    "rubric_hash",
    "caller_type",
    "answers",
    "criticals",
    "score",
    "score_before_critical",
    "outcome",
    "seconds",
    "completed_at_us",
    "caller_type_heard",
    "csr_heard",
    "heard_reason",
    "amend_reason",
    "drivers",
    "comment",
];

/// By call; calls of which nobody has said anything are left out.
pub(super) struct Side {
    pub(super) calls: BTreeMap<String, Said>,
    /// Calls picked, and when.
    pub(super) picked: BTreeMap<String, Timestamp>,
}

/// What was said of a call.
#[derive(Default)]
pub(super) struct Said {
    /// By analyst, in the order of evaluation revisions.
    pub(super) evaluations: BTreeMap<String, Vec<Given>>,
    /// Whether it can be scored, the first statement first.
    pub(super) statements: Vec<Statement>,
    /// By analyst.
    pub(super) declined: BTreeMap<String, (Unscorable, Timestamp)>,
    /// By analyst: the payload, and when it was saved.
    pub(super) drafts: BTreeMap<String, (String, i64)>,
}

/// One evaluation revision.
pub(super) struct Given {
    pub(super) analyst: String,
    pub(super) revision: u32,
    pub(super) at: Timestamp,
    pub(super) rubric_hash: [u8; 32],
    pub(super) said: Content,
    pub(super) row: Vec<Value>,
}

/// What an analyst said: everything but when, how long, and why it was amended.
#[derive(PartialEq)]
pub(super) struct Content {
    answers: String,
    caller_type_heard: Option<String>,
    csr_heard: Option<String>,
    comment: String,
    /// By behavior id.
    pub(super) comments: BTreeMap<String, String>,
    /// By id: rubrics with other words may have them in another order.
    drivers: Vec<String>,
}

/// That a call can't be scored, or can be after all.
pub(super) struct Statement {
    pub(super) undone: bool,
    pub(super) analyst: String,
    pub(super) why: Unscorable,
    pub(super) at: Timestamp,
}

impl Said {
    /// The statement that holds, if the call can't be scored.
    pub(super) fn unscorable(&self) -> Option<&Statement> {
        self.statements.last().filter(|last| !last.undone)
    }
}

pub(super) fn read(tables: &Connection, sample: &str) -> Result<Side, Fault> {
    let mut calls: BTreeMap<String, Said> = BTreeMap::new();
    for (call_id, evaluations) in evaluations(tables, sample, None)? {
        calls.entry(call_id).or_default().evaluations = evaluations;
    }
    let mut statement = tables.prepare_cached(
        "SELECT analyst, reason, note, call_id, undone, at_us FROM unscorable
         WHERE sample = ?1 ORDER BY call_id, seq",
    )?;
    let mut rows = statement.query([sample])?;
    while let Some(row) = rows.next()? {
        let (analyst, why) = statement_of(row)?;
        let said = calls.entry(row.get(3)?).or_default();
        said.statements.push(Statement {
            undone: row.get(4)?,
            analyst,
            why,
            at: time(row.get(5)?)?,
        });
    }
    let mut statement = tables.prepare_cached(
        "SELECT analyst, reason, note, call_id, at_us FROM declined WHERE sample = ?1",
    )?;
    let mut rows = statement.query([sample])?;
    while let Some(row) = rows.next()? {
        let (analyst, why) = statement_of(row)?;
        let said = calls.entry(row.get(3)?).or_default();
        said.declined.insert(analyst, (why, time(row.get(4)?)?));
    }
    let mut statement = tables.prepare_cached(
        "SELECT call_id, analyst, payload, saved_at_us FROM draft WHERE sample = ?1",
    )?;
    let mut rows = statement.query([sample])?;
    while let Some(row) = rows.next()? {
        let said = calls.entry(row.get(0)?).or_default();
        said.drafts.insert(row.get(1)?, (row.get(2)?, row.get(3)?));
    }
    let picked = pick::of_calls(tables, sample, None)?.into_iter();
    Ok(Side {
        calls,
        picked: picked
            .map(|(call_id, picked)| (call_id, picked.at))
            .collect(),
    })
}

/// All evaluation revisions of one call or all, by call and analyst.
pub(super) fn evaluations(
    tables: &Connection,
    sample: &str,
    call_id: Option<&str>,
) -> Result<BTreeMap<String, BTreeMap<String, Vec<Given>>>, Fault> {
    let mut comments = comments(tables, sample, call_id)?;
    let mut drivers: HashMap<[u8; 32], Vec<String>> = HashMap::new();
    let mut statement = tables.prepare_cached(&format!(
        "SELECT {} FROM evaluation WHERE sample = ?1 AND call_id = coalesce(?2, call_id)
         ORDER BY draw_number, call_id, analyst, evaluation_revision",
        COLUMNS.join(", ")
    ))?;
    let mut rows = statement.query((sample, call_id))?;
    let mut all: BTreeMap<String, BTreeMap<String, Vec<Given>>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (call_id, analyst, revision): (String, String, u32) =
            (row.get(2)?, row.get(3)?, row.get(4)?);
        let rubric_hash = row.get(5)?;
        let drivers = match drivers.entry(rubric_hash) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(driver_ids(tables, &rubric_hash)?),
        };
        let flags: String = row.get(18)?;
        let ids = flags.bytes().zip(drivers.iter());
        let mut ticked: Vec<String> = ids
            .filter(|(flag, _)| *flag == b'1')
            .map(|(_, id)| id.clone())
            .collect();
        ticked.sort_unstable();
        let key = (call_id.clone(), analyst.clone(), revision);
        let given = Given {
            revision,
            at: time(row.get(13)?)?,
            rubric_hash,
            said: Content {
                answers: row.get(7)?,
                caller_type_heard: row.get(14)?,
                csr_heard: row.get(15)?,
                comment: row.get(19)?,
                comments: comments.remove(&key).unwrap_or_default(),
                drivers: ticked,
            },
            row: (0..COLUMNS.len())
                .map(|at| row.get(at))
                .collect::<Result<_, _>>()?,
            analyst: analyst.clone(),
        };
        let of_call = all.entry(call_id).or_default();
        of_call.entry(analyst).or_default().push(given);
    }
    Ok(all)
}

type Comments = HashMap<(String, String, u32), BTreeMap<String, String>>;

fn comments(tables: &Connection, sample: &str, call_id: Option<&str>) -> Result<Comments, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT call_id, analyst, evaluation_revision, behavior_id, text FROM comment
         WHERE sample = ?1 AND call_id = coalesce(?2, call_id)",
    )?;
    let mut rows = statement.query((sample, call_id))?;
    let mut all = Comments::new();
    while let Some(row) = rows.next()? {
        let of_one = all
            .entry((row.get(0)?, row.get(1)?, row.get(2)?))
            .or_default();
        of_one.insert(row.get(3)?, row.get(4)?);
    }
    Ok(all)
}

/// The drivers of a rubric by place.
pub(super) fn driver_ids(
    tables: &Connection,
    rubric_hash: &[u8; 32],
) -> Result<Vec<String>, Fault> {
    let mut statement = tables.prepare_cached(
        "SELECT place, driver_id FROM rubric_driver WHERE rubric_hash = ?1 ORDER BY place",
    )?;
    let mut rows = statement.query([rubric_hash])?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        // Places count on from 0; one that is missing would give all later ticks another meaning.
        if get_place(row, 0)? != ids.len() {
            return Err(Fault::Odd("a rubric lacks a driver".to_owned()));
        }
        ids.push(row.get(1)?);
    }
    Ok(ids)
}
