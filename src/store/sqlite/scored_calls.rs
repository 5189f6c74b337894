//! Drawn calls with the evaluations that count, read side by side: both tables are kept in draw-number order, so that a
//! million of each take no more room than one.

use std::cmp::Ordering;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Connection, Row, Rows};

use super::assign;
use super::evaluations::{counting, is_alone, outcome, places};
use super::fault::Fault;
use super::row::{caller_type, get_place, get_some_text, get_text};
use super::samples::rubric_hash;
use crate::calls::CallerType;
use crate::evaluation::{CallOutcome, Counting, ScoredCall, unpack_into};
use crate::rubric::Answer;

/// `NOT INDEXED`, because the table itself is in the order wanted and the index of the queue would have to be sorted.
const CALLS: &str =
    "SELECT draw_number, call_id, stratum_no, csr, caller_type, state = 'unscorable'
    FROM drawn_call NOT INDEXED WHERE sample = ?1 AND role = 'drawn' ORDER BY draw_number, call_id";

const COLUMNS: &str = "e.call_id, e.analyst, e.completed_at_us, e.caller_type, e.csr_heard, e.answers, e.criticals, e.score,
    e.score_before_critical, e.outcome";

pub(super) fn scored_calls(
    tables: &Connection,
    sample: &str,
    each: &mut dyn FnMut(&ScoredCall<'_>),
) -> Result<(), Fault> {
    let sql = if is_alone(tables, rubric_hash(tables, sample)?)? {
        format!(
            "SELECT e.draw_number, {COLUMNS} FROM evaluation AS e WHERE e.sample = ?1
             ORDER BY e.draw_number, e.call_id, e.analyst, e.evaluation_revision"
        )
    } else {
        format!(
            "SELECT c.draw_number, {COLUMNS} FROM drawn_call AS c NOT INDEXED
             JOIN same_call AS s ON s.sample = c.sample AND s.call_id = c.call_id
             JOIN evaluation AS e ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
             WHERE c.sample = ?1 AND c.role = 'drawn'
             ORDER BY c.draw_number, c.call_id, e.analyst, e.evaluation_revision"
        )
    };
    let pairs = assign::pairs(tables, sample)?;
    let mut statement = tables.prepare_cached(&sql)?;
    let mut said = Said::new(statement.query([sample])?)?;
    let mut statement = tables.prepare_cached(CALLS)?;
    let mut calls = statement.query([sample])?;
    while let Some(row) = calls.next()? {
        let call_id = get_text(row, 1)?;
        said.gather(get_bytes(row, 0)?, call_id)?;
        let pair = pairs.get(call_id);
        let unscorable = row.get(5)?;
        let counts = match unscorable {
            true => None,
            false => counting(pair, said.of_call()),
        };
        each(&ScoredCall {
            call_id,
            stratum: get_place(row, 2)?,
            csr: get_text(row, 3)?,
            caller_type: caller_type(get_text(row, 4)?)?,
            unscorable,
            assigned: pair
                .filter(|pair| pair.is_theirs)
                .and_then(|pair| pair.first.as_deref()),
            counting: counts.map(|at| said.held[at].lend()),
        });
    }
    Ok(())
}

/// Evaluations in the order of calls, analysts and evaluation revisions.
struct Said<'a> {
    rows: Rows<'a>,
    /// The newest of each analyst for the call asked for last; what is behind `count` is there to be written over.
    held: Vec<Held>,
    count: usize,
}

/// One evaluation, until the next call comes.
struct Held {
    analyst: String,
    /// When the analyst completed the call first.
    first_us: i64,
    caller_type: CallerType,
    csr_heard: Option<String>,
    answers: Vec<Option<Answer>>,
    criticals: Vec<usize>,
    score: Option<f64>,
    score_before_critical: Option<f64>,
    outcome: Option<CallOutcome>,
}

impl<'a> Said<'a> {
    fn new(mut rows: Rows<'a>) -> Result<Self, Fault> {
        rows.advance()?;
        Ok(Self {
            rows,
            held: Vec::new(),
            count: 0,
        })
    }

    /// Takes in what was said of a call, and passes by calls before it.
    fn gather(&mut self, draw_number: &[u8], call_id: &str) -> Result<(), Fault> {
        self.count = 0;
        while let Some(row) = self.rows.get() {
            let order = match get_bytes(row, 0)?.cmp(draw_number) {
                Ordering::Equal => get_text(row, 1)?.cmp(call_id),
                unequal => unequal,
            };
            match order {
                Ordering::Less => {}
                Ordering::Equal => {
                    let analyst = get_text(row, 2)?;
                    let last = self.count.checked_sub(1).map(|at| &self.held[at]);
                    if last.is_none_or(|last| last.analyst != analyst) {
                        if self.count == self.held.len() {
                            self.held.push(Held::blank());
                        }
                        let next = &mut self.held[self.count];
                        next.analyst.clear();
                        next.analyst.push_str(analyst);
                        next.first_us = row.get(3)?;
                        self.count += 1;
                    }
                    self.held[self.count - 1].take(row)?;
                }
                Ordering::Greater => break,
            }
            self.rows.advance()?;
        }
        Ok(())
    }

    /// Who completed the call, by name, and when first.
    fn of_call(&self) -> impl Iterator<Item = (&str, i64)> + Clone {
        let said = self.held[..self.count].iter();
        said.map(|one| (one.analyst.as_str(), one.first_us))
    }
}

impl Held {
    fn blank() -> Self {
        Self {
            analyst: String::new(),
            first_us: 0,
            caller_type: CallerType::Unknown,
            csr_heard: None,
            answers: Vec::new(),
            criticals: Vec::new(),
            score: None,
            score_before_critical: None,
            outcome: None,
        }
    }

    fn take(&mut self, row: &Row<'_>) -> Result<(), Fault> {
        self.caller_type = caller_type(get_text(row, 4)?)?;
        self.csr_heard = row.get(5)?;
        unpack_into(get_text(row, 6)?, &mut self.answers)?;
        self.criticals.clear();
        self.criticals.extend(places(get_text(row, 7)?));
        self.score = row.get(8)?;
        self.score_before_critical = row.get(9)?;
        self.outcome = outcome(get_some_text(row, 10)?)?;
        Ok(())
    }

    fn lend(&self) -> Counting<'_> {
        Counting {
            caller_type: self.caller_type,
            csr_heard: self.csr_heard.as_deref(),
            answers: &self.answers,
            criticals: &self.criticals,
            drivers: &[],
            score: self.score,
            score_before_critical: self.score_before_critical,
            outcome: self.outcome,
        }
    }
}

fn get_bytes<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a [u8], Fault> {
    let value = row.get_ref(column)?;
    value
        .as_blob()
        .map_err(|error| Fault::Odd(error.to_string()))
}
