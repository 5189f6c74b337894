//! Keeping evaluations, one or a whole file.

use rusqlite::Connection;

use super::analyst::{self, must_be_known};
use super::assign;
use super::calls::{self, Place, State};
use super::evaluations::{self, Drivers};
use super::event;
use super::fault::Fault;
use super::queue;
use super::samples::must_be_in;
use super::unscorable;
use crate::calls::CallerType;
use crate::evaluation::{CallOutcome, Evaluation, Recorded, pack};
use crate::store::{Kept, RecordReport, StoreError};

/// What a sample's rubric asks, as far as keeping answers needs it.
struct Asked {
    rubric_hash: [u8; 32],
    /// By place.
    behavior_ids: Vec<String>,
    drivers: usize,
    ticks: Drivers,
}

pub(super) fn complete(
    tables: &Connection,
    sample: &str,
    evaluation: &Evaluation,
    amend: Option<&str>,
) -> Result<Kept, Fault> {
    let asked = asked(tables, sample)?;
    must_be_known(tables, &evaluation.analyst)?;
    keep(tables, sample, &asked, evaluation, amend)
}

pub(super) fn record(
    tables: &Connection,
    sample: &str,
    items: &[Recorded],
    amend: Option<&str>,
    new_analyst: bool,
) -> Result<RecordReport, Fault> {
    let asked = asked(tables, sample)?;
    analyst::add(tables, items.iter().map(Recorded::analyst), new_analyst)?;
    let mut report = RecordReport::default();
    for item in items {
        match item {
            Recorded::Evaluation(evaluation) => {
                match keep(tables, sample, &asked, evaluation, amend)? {
                    Kept::New => report.new += 1,
                    Kept::Unchanged => report.unchanged += 1,
                    Kept::Amended => report.amended += 1,
                }
            }
            Recorded::Unscorable {
                call_id,
                analyst,
                why,
                at,
            } => {
                if unscorable::state(tables, sample, call_id, analyst, why, *at)?.new {
                    report.unscorable += 1;
                } else {
                    report.unchanged += 1;
                }
            }
        }
    }
    Ok(report)
}

fn asked(tables: &Connection, sample: &str) -> Result<Asked, Fault> {
    let rubric_hash = must_be_in(tables, sample)?;
    let mut statement = tables.prepare_cached(
        "SELECT behavior_id FROM rubric_behavior WHERE rubric_hash = ?1 ORDER BY place",
    )?;
    let behavior_ids = statement
        .query_map([rubric_hash], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let drivers: i64 = tables
        .prepare_cached("SELECT count(*) FROM rubric_driver WHERE rubric_hash = ?1")?
        .query_row([rubric_hash], |row| row.get(0))?;
    Ok(Asked {
        rubric_hash,
        behavior_ids,
        drivers: usize::try_from(drivers).unwrap_or(0),
        ticks: Drivers::of(tables, rubric_hash)?,
    })
}

impl Asked {
    /// Whether an evaluation answers this rubric.
    fn fits(&self, evaluation: &Evaluation) -> bool {
        let behaviors = self.behavior_ids.len();
        evaluation.rubric_hash == self.rubric_hash
            && evaluation.answers.len() == behaviors
            && evaluation.comments.len() == behaviors
            && evaluation.criticals.iter().all(|at| *at < behaviors)
            && evaluation.drivers.iter().all(|at| *at < self.drivers)
    }
}

fn keep(
    tables: &Connection,
    sample: &str,
    asked: &Asked,
    evaluation: &Evaluation,
    amend: Option<&str>,
) -> Result<Kept, Fault> {
    let (call_id, analyst) = (&evaluation.call_id, &evaluation.analyst);
    let places = calls::places(tables, sample, call_id)?;
    if places[0].state == State::Unscorable {
        return Err(unscorable::refusal(tables, sample, call_id)?);
    }
    if !asked.fits(evaluation) {
        return Err(StoreError::OtherRubric {
            call_id: call_id.clone(),
            sample: sample.to_owned(),
        }
        .into());
    }
    let kept = match earlier(tables, asked, &places, call_id, analyst)? {
        None => {
            insert(tables, &places[0], asked, evaluation, 1, None)?;
            Kept::New
        }
        Some((_, earlier)) if earlier.says_the_same(evaluation) => Kept::Unchanged,
        Some((place, earlier)) => {
            let Some(reason) = amend else {
                return Err(StoreError::AlreadyComplete {
                    call_id: call_id.clone(),
                    analyst: analyst.clone(),
                }
                .into());
            };
            let revision = earlier.evaluation_revision + 1;
            insert(tables, place, asked, evaluation, revision, Some(reason))?;
            let detail = format!("`{call_id}`, evaluation revision {revision}: {reason}");
            let at = evaluation.completed_at;
            event::note(tables, &place.sample, at, Some(analyst), "amend", &detail)?;
            Kept::Amended
        }
    };
    done(tables, &places, call_id, analyst)?;
    Ok(kept)
}

/// Ends an analyst's work on a call in all samples that it was completed for.
pub(super) fn done(
    tables: &Connection,
    places: &[Place],
    call_id: &str,
    analyst: &str,
) -> Result<(), Fault> {
    for place in places {
        let rank = assign::rank(tables, &place.sample, call_id, analyst)?;
        if place.state == State::Open && rank != Some(assign::SECOND) {
            tables
                .prepare_cached(
                    "UPDATE drawn_call SET state = 'complete'
                     WHERE sample = ?1 AND draw_number = ?2 AND call_id = ?3",
                )?
                .execute((&place.sample, place.draw_number, call_id))?;
        }
        queue::let_go(tables, &place.sample, call_id, analyst)?;
    }
    Ok(())
}

/// The analyst's newest evaluation of the call, for whichever sample it was made.
fn earlier<'a>(
    tables: &Connection,
    asked: &Asked,
    places: &'a [Place],
    call_id: &str,
    analyst: &str,
) -> Result<Option<(&'a Place, Evaluation)>, Fault> {
    for place in places {
        if let Some(evaluation) =
            evaluations::newest(tables, place, call_id, analyst, &asked.ticks)?
        {
            return Ok(Some((place, evaluation)));
        }
    }
    Ok(None)
}

fn insert(
    tables: &Connection,
    to: &Place,
    asked: &Asked,
    evaluation: &Evaluation,
    revision: u32,
    amend_reason: Option<&str>,
) -> Result<(), Fault> {
    let given: Vec<bool> = evaluation.answers.iter().map(Option::is_some).collect();
    tables
        .prepare_cached(
            "INSERT INTO evaluation (sample, draw_number, call_id, analyst, evaluation_revision, rubric_hash,
                 caller_type, answers, criticals, score, score_before_critical, outcome, seconds, completed_at_us,
                 caller_type_heard, csr_heard, heard_reason, amend_reason, drivers, comment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
        )?
        .execute(rusqlite::params![
            to.sample,
            to.draw_number,
            evaluation.call_id,
            evaluation.analyst,
            revision,
            evaluation.rubric_hash,
            evaluation.caller_type.as_str(),
            pack(&evaluation.answers, &given),
            flags(&evaluation.criticals, asked.behavior_ids.len()),
            evaluation.score,
            evaluation.score_before_critical,
            evaluation.outcome.map(CallOutcome::as_str),
            evaluation.seconds,
            evaluation.completed_at.as_microsecond(),
            evaluation.caller_type_heard.map(CallerType::as_str),
            evaluation.csr_heard,
            evaluation.heard_reason,
            amend_reason,
            flags(&evaluation.drivers, asked.drivers),
            evaluation.comment,
        ])?;
    let comments = evaluation.comments.iter().zip(&asked.behavior_ids);
    for (text, behavior_id) in comments.filter(|(text, _)| !text.is_empty()) {
        tables
            .prepare_cached(
                "INSERT INTO comment (sample, draw_number, call_id, analyst, evaluation_revision, behavior_id, text)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                &to.sample,
                to.draw_number,
                &evaluation.call_id,
                &evaluation.analyst,
                revision,
                behavior_id,
                text,
            ))?;
    }
    Ok(())
}

/// A `1` at each place that is set, else `0`; empty for none.
fn flags(set: &[usize], places: usize) -> String {
    if set.is_empty() {
        return String::new();
    }
    (0..places)
        .map(|at| if set.contains(&at) { '1' } else { '0' })
        .collect()
}
