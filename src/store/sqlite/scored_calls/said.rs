//! What was said of calls, read along with them.

use std::ops::Range;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Row, Rows};

use super::part::{Evaluation, Part};
use crate::evaluation::unpack_onto;
use crate::store::sqlite::evaluations::{outcome, places};
use crate::store::sqlite::fault::Fault;
use crate::store::sqlite::row::{caller_type, get_some_text, get_text};

const COLUMNS: &str = "e.call_id, e.analyst, e.completed_at_us, e.caller_type, e.csr_heard, e.answers, e.criticals, e.score,
    e.score_before_critical, e.outcome";

/// The statement that [`Said`] reads. A rubric's evaluations may be all those of one sample, or be shared with others.
pub(super) fn sql(is_alone: bool) -> String {
    match is_alone {
        true => format!(
            "SELECT e.draw_number, {COLUMNS} FROM evaluation AS e
             WHERE e.sample = ?1 AND e.draw_number >= ?2 AND e.draw_number < ?3
             ORDER BY e.draw_number, e.call_id, e.analyst, e.evaluation_revision"
        ),
        false => format!(
            "SELECT c.draw_number, {COLUMNS} FROM drawn_call AS c NOT INDEXED
             JOIN same_call AS s ON s.sample = c.sample AND s.call_id = c.call_id
             JOIN evaluation AS e ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
             WHERE c.sample = ?1 AND c.draw_number >= ?2 AND c.draw_number < ?3 AND c.role = 'drawn'
             ORDER BY c.draw_number, c.call_id, e.analyst, e.evaluation_revision"
        ),
    }
}

/// Evaluations in the order of calls, analysts and evaluation revisions.
pub(super) struct Said<'a>(Rows<'a>);

impl<'a> Said<'a> {
    pub(super) fn new(mut rows: Rows<'a>) -> Result<Self, Fault> {
        rows.advance()?;
        Ok(Self(rows))
    }

    /// Takes what was said of a call into the part, the newest of each analyst, and passes by calls before it. `call` begins
    /// with the draw number.
    pub(super) fn gather(
        &mut self,
        call: &Row<'_>,
        call_id: &str,
        part: &mut Part<'_>,
    ) -> Result<Range<usize>, Fault> {
        let start = part.said.len();
        while let Some(row) = self.0.get() {
            let other = get_bytes(row, 1)?;
            if other == call_id.as_bytes() {
                take(row, start, part)?;
            } else if (get_bytes(row, 0)?, other) > (get_bytes(call, 0)?, call_id.as_bytes()) {
                break;
            }
            self.0.advance()?;
        }
        Ok(start..part.said.len())
    }
}

/// Adds an evaluation to those of its call, which begin at `start`; a newer one of the same analyst takes the older one's
/// place.
fn take(row: &Row<'_>, start: usize, part: &mut Part<'_>) -> Result<(), Fault> {
    let analyst = get_text(row, 2)?;
    let older = part.said.get(start..).and_then(<[_]>::last);
    let older = older.filter(|last| part.text(&last.analyst) == analyst);
    let (analyst, first_us) = match older.map(|older| (older.analyst.clone(), older.first_us)) {
        Some(older) => {
            part.said.pop();
            older
        }
        None => (part.keep(analyst), row.get(3)?),
    };
    let csr_heard = get_some_text(row, 5)?.map(|csr| part.keep(csr));
    let (answers, criticals) = (part.answers.len(), part.criticals.len());
    unpack_onto(get_text(row, 6)?, &mut part.answers)?;
    part.criticals.extend(places(get_text(row, 7)?));
    part.said.push(Evaluation {
        analyst,
        first_us,
        caller_type: caller_type(get_text(row, 4)?)?,
        csr_heard,
        answers: answers..part.answers.len(),
        criticals: criticals..part.criticals.len(),
        score: row.get(8)?,
        score_before_critical: row.get(9)?,
        outcome: outcome(get_some_text(row, 10)?)?,
    });
    Ok(())
}

/// A text or blob as bytes: to compare them they need not be read.
fn get_bytes<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8], Fault> {
    let value = row.get_ref(column)?;
    value
        .as_bytes()
        .map_err(|error| Fault::Odd(error.to_string()))
}
