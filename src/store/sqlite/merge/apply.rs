//! Does here what was done there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::Other;
use super::compare::{Act, What};
use super::side::{self, COLUMNS, Given, Statement};
use crate::evaluation::Unscorable;
use crate::store::sqlite::calls::{self, State};
use crate::store::sqlite::event::By;
use crate::store::sqlite::fault::Fault;
use crate::store::sqlite::{assign, decline, evaluate, evaluations, pick, reopen, unscorable};
use crate::store::{Clash, Conflict, NewPicks, StoreError, Taken};

#[derive(Default)]
pub(super) struct Done {
    /// By sample.
    pub(super) taken: BTreeMap<String, Taken>,
    /// What can't be done here, with the sample.
    pub(super) refused: Vec<(String, Conflict)>,
}

/// An act that can't be done yet, and why.
type Waiting<'a> = (&'a Act<'a>, String);

/// Does all acts in their order. One that can't be done yet waits: a file may give an evaluation an earlier time than
/// that of the statement which drew its call from the reserves.
pub(super) fn all<'a>(
    tables: &Connection,
    other: &Other<'_>,
    acts: &'a [Act<'a>],
) -> Result<Done, Fault> {
    let mut done = Done::default();
    let mut waiting: Vec<Waiting<'a>> = Vec::new();
    for act in acts {
        let waited = waiting.len();
        try_one(tables, other, act, &mut waiting, &mut done)?;
        let draws = !matches!(act.what, What::Evaluate(_));
        if draws && waited > 0 && waiting.len() == waited {
            waiting = again(tables, other, waiting, &mut done)?;
        }
    }
    loop {
        let waited = waiting.len();
        waiting = again(tables, other, waiting, &mut done)?;
        if waiting.len() == waited {
            break;
        }
    }
    for (act, why) in waiting {
        let told = |(sample, conflict): &(String, Conflict)| {
            sample == act.sample && conflict.call_id == act.call_id
        };
        if !done.refused.iter().any(told) {
            let conflict = Conflict {
                call_id: act.call_id.to_owned(),
                analyst: act.what.analyst().map(str::to_owned),
                clash: Clash::Refused(why),
            };
            done.refused.push((act.sample.to_owned(), conflict));
        }
    }
    Ok(done)
}

fn again<'a>(
    tables: &Connection,
    other: &Other<'_>,
    waited: Vec<Waiting<'a>>,
    done: &mut Done,
) -> Result<Vec<Waiting<'a>>, Fault> {
    let mut waiting = Vec::new();
    for (act, _) in waited {
        try_one(tables, other, act, &mut waiting, done)?;
    }
    Ok(waiting)
}

/// Does an act, or lets it wait: also where one that it follows waits.
fn try_one<'a>(
    tables: &Connection,
    other: &Other<'_>,
    act: &'a Act<'a>,
    waiting: &mut Vec<Waiting<'a>>,
    done: &mut Done,
) -> Result<(), Fault> {
    let follows = |(before, _): &&Waiting<'_>| {
        before.sample == act.sample
            && before.call_id == act.call_id
            && before.what.analyst() == act.what.analyst()
    };
    if let Some((_, why)) = waiting.iter().find(follows) {
        let why = why.clone();
        waiting.push((act, why));
        return Ok(());
    }
    match one(tables, other, act) {
        Ok(taken) => *done.taken.entry(act.sample.to_owned()).or_default() += taken,
        Err(Fault::Told(why)) if is_refusal(&why) => waiting.push((act, why.to_string())),
        Err(fault) => return Err(fault),
    }
    Ok(())
}

/// Whether the store is well and only this act can't be done.
fn is_refusal(why: &StoreError) -> bool {
    matches!(
        why,
        StoreError::NotDrawn { .. }
            | StoreError::AlreadyComplete { .. }
            | StoreError::IsUnscorable { .. }
            | StoreError::IsScored { .. }
            | StoreError::IsOpen { .. }
            | StoreError::IsAssigned { .. }
    )
}

fn one(tables: &Connection, other: &Other<'_>, act: &Act<'_>) -> Result<Taken, Fault> {
    let (sample, call_id) = (act.sample, act.call_id);
    match &act.what {
        What::Pick => pick_too(tables, other, sample, call_id),
        What::State(said) => state(tables, sample, call_id, said),
        What::Decline(analyst, why, at) => decline(tables, sample, call_id, analyst, why, *at),
        What::Evaluate(given) => evaluation(tables, other, sample, call_id, given),
    }
}

fn pick_too(
    tables: &Connection,
    other: &Other<'_>,
    sample: &str,
    call_id: &str,
) -> Result<Taken, Fault> {
    let Some(call) = other.read(|tables| calls::call(tables, sample, call_id))? else {
        return Ok(Taken::default());
    };
    let Some(picked) = call.picked else {
        return Ok(Taken::default());
    };
    let new = NewPicks {
        sample: sample.to_owned(),
        picked,
        calls: vec![call.drawn.call],
    };
    pick::keep(tables, &new)?;
    Ok(Taken {
        picked: 1,
        ..Taken::default()
    })
}

fn state(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    said: &Statement,
) -> Result<Taken, Fault> {
    let (mut taken, analyst) = (Taken::default(), said.analyst.as_str());
    if said.undone {
        let places = calls::places(tables, sample, call_id)?;
        if places[0].state != State::Unscorable {
            let call_id = call_id.to_owned();
            return Err(StoreError::IsOpen { call_id }.into());
        }
        let reason = said.why.note.as_deref().unwrap_or_default();
        let by = By {
            who: Some(analyst),
            at: said.at,
        };
        reopen::take_back(tables, sample, call_id, reason, by)?;
        taken.scorable = 1;
        return Ok(taken);
    }
    let stated = unscorable::keep(tables, sample, call_id, analyst, &said.why, said.at)?;
    let count = match stated.declined {
        true => &mut taken.declined,
        false => &mut taken.unscorable,
    };
    *count = u64::from(stated.new);
    Ok(taken)
}

fn decline(
    tables: &Connection,
    sample: &str,
    call_id: &str,
    analyst: &str,
    why: &Unscorable,
    at: Timestamp,
) -> Result<Taken, Fault> {
    let places = calls::places(tables, sample, call_id)?;
    if places[0].state == State::Unscorable {
        return Ok(Taken::default());
    }
    let scored = evaluations::analysts(tables, &places, call_id)?;
    if scored.iter().any(|other| other == analyst) {
        let (call_id, analyst) = (call_id.to_owned(), analyst.to_owned());
        return Err(StoreError::AlreadyComplete { call_id, analyst }.into());
    }
    if assign::rank(tables, sample, call_id, analyst)?.is_none() {
        let mut statement = tables.prepare_cached(
            "SELECT analyst FROM assignment WHERE sample = ?1 AND call_id = ?2 ORDER BY rank",
        )?;
        let others = statement.query_map((sample, call_id), |row| row.get::<_, String>(0))?;
        let others = others.collect::<Result<Vec<_>, _>>()?;
        let analyst = match others.as_slice() {
            [] => "nobody".to_owned(),
            others => others.join(" and "),
        };
        let call_id = call_id.to_owned();
        return Err(StoreError::IsAssigned { call_id, analyst }.into());
    }
    let stated = decline::keep(tables, sample, call_id, analyst, why, at)?;
    Ok(Taken {
        declined: u64::from(stated.new),
        ..Taken::default()
    })
}

fn evaluation(
    tables: &Connection,
    other: &Other<'_>,
    sample: &str,
    call_id: &str,
    given: &Given,
) -> Result<Taken, Fault> {
    let analyst = given.analyst.as_str();
    let places = calls::places(tables, sample, call_id)?;
    let second = assign::rank(tables, sample, call_id, analyst)? == Some(assign::SECOND);
    // What a second analyst scored is set aside with its call.
    if places[0].state == State::Unscorable && !second {
        return Err(unscorable::refusal(tables, sample, call_id)?);
    }
    for place in &places[1..] {
        let mut elsewhere = side::evaluations(tables, &place.sample, Some(call_id))?;
        let own = elsewhere
            .remove(call_id)
            .and_then(|mut of_call| of_call.remove(analyst))
            .and_then(|mut given| given.pop());
        match own {
            None => {}
            // It was scored for another sample here, and counts in this one as well.
            Some(own) if own.said == given.said => return Ok(Taken::default()),
            Some(_) => {
                let (call_id, analyst) = (call_id.to_owned(), analyst.to_owned());
                return Err(StoreError::AlreadyComplete { call_id, analyst }.into());
            }
        }
    }
    rubric(tables, other, &given.rubric_hash)?;
    insert(tables, sample, call_id, given)?;
    evaluate::done(tables, &places, call_id, analyst)?;
    let mut taken = Taken::default();
    match given.revision {
        1 => taken.evaluations = 1,
        _ => taken.amendments = 1,
    }
    Ok(taken)
}

fn insert(tables: &Connection, sample: &str, call_id: &str, given: &Given) -> Result<(), Fault> {
    put(tables, "evaluation", &COLUMNS, &given.row)?;
    for (behavior_id, text) in &given.said.comments {
        tables
            .prepare_cached(
                "INSERT INTO comment (sample, draw_number, call_id, analyst, evaluation_revision, behavior_id, text)
                 SELECT sample, draw_number, call_id, ?3, ?4, ?5, ?6 FROM drawn_call
                 WHERE sample = ?1 AND call_id = ?2",
            )?
            .execute((
                sample,
                call_id,
                &given.analyst,
                given.revision,
                behavior_id,
                text,
            ))?;
    }
    Ok(())
}

/// Makes sure that a rubric is there whose words an evaluation was given under.
fn rubric(tables: &Connection, other: &Other<'_>, hash: &[u8; 32]) -> Result<(), Fault> {
    let known: bool = tables
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM rubric WHERE hash = ?1)")?
        .query_row([hash], |row| row.get(0))?;
    if known {
        return Ok(());
    }
    for (table, key) in [
        ("rubric", "hash"),
        ("rubric_behavior", "rubric_hash"),
        ("rubric_option", "rubric_hash"),
        ("rubric_driver", "rubric_hash"),
    ] {
        let (columns, rows) = other.read(|theirs| {
            let sql = format!("SELECT * FROM {table} WHERE {key} = ?1");
            let mut statement = theirs.prepare(&sql)?;
            let columns: Vec<String> = (statement.column_names()).map(str::to_owned).collect();
            let all = (0..columns.len()).collect::<Vec<_>>();
            let rows = statement.query_map([hash], |row| {
                all.iter()
                    .map(|at| row.get(*at))
                    .collect::<Result<Vec<Value>, _>>()
            })?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            Ok((columns, rows))
        })?;
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        for row in &rows {
            put(tables, table, &columns, row)?;
        }
    }
    Ok(())
}

/// Adds a row as it is.
fn put(tables: &Connection, table: &str, columns: &[&str], row: &[Value]) -> Result<(), Fault> {
    let blanks = vec!["?"; columns.len()].join(", ");
    let sql = format!(
        "INSERT INTO {table} ({}) VALUES ({blanks})",
        columns.join(", ")
    );
    tables
        .prepare_cached(&sql)?
        .execute(rusqlite::params_from_iter(row))?;
    Ok(())
}
