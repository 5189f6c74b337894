//! Rubrics as their files were, and what is needed to read answers without them.

use rusqlite::{Connection, OptionalExtension};

use super::fault::Fault;
use super::row::place;
use crate::evaluation::pack;
use crate::rubric::Answer;
use crate::store::RubricText;

pub(super) fn source(tables: &Connection, hash: &[u8; 32]) -> Result<String, Fault> {
    tables
        .prepare_cached("SELECT source FROM rubric WHERE hash = ?1")?
        .query_row([hash], |row| row.get(0))
        .optional()?
        .ok_or_else(|| Fault::Odd("it lacks the rubric of a sample".to_owned()))
}

/// Keeps a rubric once; of texts with the same hash the first stays.
pub(super) fn keep(tables: &Connection, rubric: &RubricText) -> Result<(), Fault> {
    let new = tables.execute(
        "INSERT INTO rubric (hash, scoring_hash, id, title, revision, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (hash) DO NOTHING",
        (
            rubric.hash,
            rubric.scoring_hash,
            &rubric.id,
            &rubric.title,
            &rubric.revision,
            &rubric.source,
        ),
    )?;
    if new == 0 {
        return Ok(());
    }
    let mut option = tables.prepare_cached(
        "INSERT INTO rubric_option (rubric_hash, place, mark, answer_id, points) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (at, behavior) in rubric.behaviors.iter().enumerate() {
        tables.execute(
            "INSERT INTO rubric_behavior (rubric_hash, place, section_id, behavior_id) VALUES (?1, ?2, ?3, ?4)",
            (rubric.hash, place(at), &behavior.section, &behavior.id),
        )?;
        for (nth, (id, points)) in (0..).zip(&behavior.options) {
            let mark = pack(&[Some(Answer::Given(nth))], &[true]);
            option.execute((rubric.hash, place(at), mark, id, Some(points)))?;
        }
        let mark = pack(&[Some(Answer::Na)], &[true]);
        option.execute((rubric.hash, place(at), mark, Answer::NA_ID, None::<f64>))?;
    }
    for (at, (id, avoidable)) in rubric.drivers.iter().enumerate() {
        tables.execute(
            "INSERT INTO rubric_driver (rubric_hash, place, driver_id, avoidable) VALUES (?1, ?2, ?3, ?4)",
            (rubric.hash, place(at), id, avoidable),
        )?;
    }
    Ok(())
}
