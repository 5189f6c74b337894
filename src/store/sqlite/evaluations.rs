//! Reading evaluations.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};

use super::assign::{self, Pair};
use super::calls::{self, Place, State};
use super::fault::Fault;
use super::row::{caller_type, get_place, get_some_text, get_text, time};
use super::samples::rubric_hash;
use crate::evaluation::{CallOutcome, Evaluation, unpack};
use crate::store::Completed;

/// Columns of an evaluation `e`, as [`evaluation`] takes them.
const COLUMNS: &str = "e.call_id, e.analyst, e.evaluation_revision, e.rubric_hash, e.caller_type, e.answers,
    e.criticals, e.score, e.score_before_critical, e.outcome, e.seconds, e.completed_at_us, e.caller_type_heard,
    e.csr_heard, e.heard_reason, e.amend_reason";

/// The columns with texts: drivers, comment, and comments as JSON: [[place, text], ...].
const TEXTS: &str = "e.drivers, e.comment, (
    SELECT json_group_array(json_array(b.place, t.text)) FROM comment AS t
    JOIN rubric_behavior AS b ON b.rubric_hash = e.rubric_hash AND b.behavior_id = t.behavior_id
    WHERE t.sample = e.sample AND t.draw_number = e.draw_number AND t.call_id = e.call_id
      AND t.analyst = e.analyst AND t.evaluation_revision = e.evaluation_revision)";

/// Where the drivers of other rubrics that score alike stand in a sample's own: ticks are kept by place.
pub(super) struct Drivers {
    own: [u8; 32],
    /// By rubric and place.
    others: HashMap<([u8; 32], usize), usize>,
}

impl Drivers {
    pub(super) fn of(tables: &Connection, rubric_hash: [u8; 32]) -> Result<Self, Fault> {
        let mut statement = tables.prepare_cached(
            "SELECT old.rubric_hash, old.place, new.place FROM rubric AS mine
             JOIN rubric AS theirs ON theirs.scoring_hash = mine.scoring_hash AND theirs.hash <> mine.hash
             JOIN rubric_driver AS old ON old.rubric_hash = theirs.hash
             JOIN rubric_driver AS new ON new.rubric_hash = mine.hash AND new.driver_id = old.driver_id
             WHERE mine.hash = ?1",
        )?;
        let mut rows = statement.query([rubric_hash])?;
        let mut others = HashMap::new();
        while let Some(row) = rows.next()? {
            others.insert((row.get(0)?, get_place(row, 1)?), get_place(row, 2)?);
        }
        Ok(Self {
            own: rubric_hash,
            others,
        })
    }

    fn translate(&self, rubric_hash: [u8; 32], ticked: Vec<usize>) -> Vec<usize> {
        if rubric_hash == self.own {
            return ticked;
        }
        let found = |at: usize| self.others.get(&(rubric_hash, at)).copied();
        let mut own: Vec<usize> = ticked.into_iter().filter_map(found).collect();
        own.sort_unstable();
        own
    }
}

/// In their place where texts aren't wanted.
const NO_TEXTS: &str = "'', '', NULL";

/// The newest evaluation of each analyst for each call of a sample that can be scored.
pub(super) fn current(
    tables: &Connection,
    sample: &str,
    texts: bool,
) -> Result<Vec<Completed>, Fault> {
    let rubric_hash = rubric_hash(tables, sample)?;
    let columns = format!("{COLUMNS}, {}", if texts { TEXTS } else { NO_TEXTS });
    let sql = if is_alone(tables, rubric_hash)? {
        format!(
            "SELECT {columns} FROM evaluation AS e
             WHERE e.sample = ?1 AND e.call_id NOT IN (
                 SELECT call_id FROM drawn_call
                 WHERE sample = ?1 AND role IN ('drawn', 'picked') AND state = 'unscorable')
             ORDER BY e.draw_number, e.call_id, e.analyst, e.evaluation_revision"
        )
    } else {
        format!(
            "SELECT {columns} FROM drawn_call AS c
             JOIN same_call AS s ON s.sample = c.sample AND s.call_id = c.call_id
             JOIN evaluation AS e ON e.sample = s.other AND e.draw_number = s.other_number AND e.call_id = s.call_id
             WHERE c.sample = ?1 AND (c.role <> 'reserve' OR c.picked = 1) AND c.state <> 'unscorable'
             ORDER BY c.draw_number, c.call_id, e.analyst, e.evaluation_revision"
        )
    };
    let drivers = Drivers::of(tables, rubric_hash)?;
    let mut statement = tables.prepare_cached(&sql)?;
    let mut rows = statement.query([sample])?;
    let mut gathered = Gathered::new(assign::pairs(tables, sample)?);
    while let Some(row) = rows.next()? {
        gathered.push(evaluation(row, texts, &drivers)?);
    }
    Ok(gathered.done())
}

/// Whether the rubric's evaluations are all those of one sample.
pub(super) fn is_alone(tables: &Connection, rubric_hash: [u8; 32]) -> Result<bool, Fault> {
    let alone = tables
        .prepare_cached(
            "SELECT count(*) = 1 FROM rubric AS mine JOIN rubric AS theirs ON theirs.scoring_hash = mine.scoring_hash
             JOIN sample AS s ON s.rubric_hash = theirs.hash WHERE mine.hash = ?1",
        )?
        .query_row([rubric_hash], |row| row.get(0))?;
    Ok(alone)
}

/// All evaluation revisions of a call.
pub(super) fn history(
    tables: &Connection,
    sample: &str,
    call_id: &str,
) -> Result<Vec<Completed>, Fault> {
    let drivers = Drivers::of(tables, rubric_hash(tables, sample)?)?;
    let places = calls::places(tables, sample, call_id)?;
    let mut all = Vec::new();
    for place in &places {
        all.extend(of_place(tables, place, call_id, &drivers)?);
    }
    all.sort_by(|a, b| {
        (&a.analyst, a.evaluation_revision).cmp(&(&b.analyst, b.evaluation_revision))
    });
    let mut newest = Gathered::new(assign::pairs(tables, sample)?);
    for evaluation in &all {
        newest.push(evaluation.clone());
    }
    let newest = newest.done();
    let scorable = places[0].state != State::Unscorable;
    // A file may name any time for an amendment; it is still younger than what it amends.
    let mut at = Timestamp::MIN;
    let mut analyst = String::new();
    let mut dated: Vec<(Timestamp, Completed)> = Vec::with_capacity(all.len());
    for evaluation in all {
        if evaluation.analyst != analyst {
            (at, analyst) = (Timestamp::MIN, evaluation.analyst.clone());
        }
        at = at.max(evaluation.completed_at);
        let counts = newest.iter().any(|newest| {
            scorable
                && newest.counts
                && newest.evaluation.analyst == evaluation.analyst
                && newest.evaluation.evaluation_revision == evaluation.evaluation_revision
        });
        dated.push((at, Completed { evaluation, counts }));
    }
    dated.sort_by_key(|(at, _)| *at);
    Ok(dated.into_iter().map(|(_, completed)| completed).collect())
}

/// An analyst's newest evaluation of a call for one sample, with texts.
pub(super) fn newest(
    tables: &Connection,
    place: &Place,
    call_id: &str,
    analyst: &str,
    drivers: &Drivers,
) -> Result<Option<Evaluation>, Fault> {
    tables
        .prepare_cached(&format!(
            "SELECT {COLUMNS}, {TEXTS} FROM evaluation AS e
             WHERE e.sample = ?1 AND e.draw_number = ?2 AND e.call_id = ?3 AND e.analyst = ?4
             ORDER BY e.evaluation_revision DESC LIMIT 1"
        ))?
        .query_row(
            (&place.sample, place.draw_number, call_id, analyst),
            |row| Ok(evaluation(row, true, drivers)),
        )
        .optional()?
        .transpose()
}

/// Who has completed a call, the earliest first.
pub(super) fn analysts(
    tables: &Connection,
    places: &[Place],
    call_id: &str,
) -> Result<Vec<String>, Fault> {
    let mut all: Vec<(i64, String)> = Vec::new();
    for place in places {
        let mut statement = tables.prepare_cached(
            "SELECT completed_at_us, analyst FROM evaluation
             WHERE sample = ?1 AND draw_number = ?2 AND call_id = ?3
             ORDER BY analyst, evaluation_revision",
        )?;
        let found = statement.query_map((&place.sample, place.draw_number, call_id), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        for one in found {
            all.push(one?);
        }
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, analyst)| analyst).collect())
}

fn of_place(
    tables: &Connection,
    place: &Place,
    call_id: &str,
    drivers: &Drivers,
) -> Result<Vec<Evaluation>, Fault> {
    let mut statement = tables.prepare_cached(&format!(
        "SELECT {COLUMNS}, {TEXTS} FROM evaluation AS e
         WHERE e.sample = ?1 AND e.draw_number = ?2 AND e.call_id = ?3"
    ))?;
    let mut rows = statement.query((&place.sample, place.draw_number, call_id))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(evaluation(row, true, drivers)?);
    }
    Ok(all)
}

/// Takes evaluations in by call, analyst and evaluation revision; keeps the newest and says which one counts.
struct Gathered {
    /// By call, the analysts it was assigned to.
    assigned: HashMap<String, Pair>,
    all: Vec<Completed>,
    /// When each analyst of the last call completed it first.
    firsts: Vec<Timestamp>,
}

impl Gathered {
    fn new(assigned: HashMap<String, Pair>) -> Self {
        Self {
            assigned,
            all: Vec::new(),
            firsts: Vec::new(),
        }
    }

    fn push(&mut self, evaluation: Evaluation) {
        if let Some(last) = self.all.last_mut()
            && last.evaluation.call_id == evaluation.call_id
        {
            if last.evaluation.analyst == evaluation.analyst {
                last.evaluation = evaluation;
                return;
            }
        } else {
            self.end_call();
        }
        self.firsts.push(evaluation.completed_at);
        self.all.push(Completed {
            evaluation,
            counts: false,
        });
    }

    /// Marks the one that counts among the last call's evaluations, if there is one.
    fn end_call(&mut self) {
        let begin = self.all.len() - self.firsts.len();
        let call = &mut self.all[begin..];
        let pair = call
            .first()
            .and_then(|one| self.assigned.get(&one.evaluation.call_id));
        let said = call.iter().zip(&self.firsts);
        let said = said.map(|(one, first)| (one.evaluation.analyst.as_str(), *first));
        if let Some(at) = counting(pair, said) {
            call[at].counts = true;
        }
        self.firsts.clear();
    }

    fn done(mut self) -> Vec<Completed> {
        self.end_call();
        self.all
    }
}

/// Which of a call's evaluations counts, of those who completed it, by name, and when they did so first: the first
/// analyst's, else the earliest of those who weren't asked. The second analyst's never does.
pub(super) fn counting<'a, T: Ord>(
    pair: Option<&Pair>,
    said: impl Iterator<Item = (&'a str, T)> + Clone,
) -> Option<usize> {
    let (first, second) = pair.map_or((None, None), |pair| {
        (pair.first.as_deref(), pair.second.as_deref())
    });
    let by_first = said.clone().position(|(who, _)| Some(who) == first);
    // Of equal times the first one is taken.
    let others = (said.enumerate()).filter(|(_, (who, _))| Some(*who) != second);
    let earliest = || others.min_by(|(_, (_, a)), (_, (_, b))| a.cmp(b));
    by_first.or_else(|| earliest().map(|(at, _)| at))
}

fn evaluation(row: &Row<'_>, texts: bool, drivers: &Drivers) -> Result<Evaluation, Fault> {
    let rubric_hash = row.get(3)?;
    let answers = unpack(get_text(row, 5)?)?;
    let outcome = outcome(get_some_text(row, 9)?)?;
    Ok(Evaluation {
        call_id: row.get(0)?,
        analyst: row.get(1)?,
        evaluation_revision: row.get(2)?,
        rubric_hash,
        caller_type: caller_type(get_text(row, 4)?)?,
        criticals: places(get_text(row, 6)?).collect(),
        score: row.get(7)?,
        score_before_critical: row.get(8)?,
        outcome,
        seconds: row.get(10)?,
        completed_at: time(row.get(11)?)?,
        caller_type_heard: get_some_text(row, 12)?.map(caller_type).transpose()?,
        csr_heard: row.get(13)?,
        heard_reason: row.get(14)?,
        amend_reason: row.get(15)?,
        drivers: drivers.translate(rubric_hash, places(get_text(row, 16)?).collect()),
        comment: row.get(17)?,
        comments: match get_some_text(row, 18)? {
            Some(json) if texts => comments(json, answers.len())?,
            _ => Vec::new(),
        },
        answers,
    })
}

pub(super) fn outcome(word: Option<&str>) -> Result<Option<CallOutcome>, Fault> {
    let outcome = |word| {
        CallOutcome::from_word(word)
            .ok_or_else(|| Fault::Odd(format!("`{word}` is no outcome of a call")))
    };
    word.map(outcome).transpose()
}

/// The places that are set; see `flags` in `evaluate`.
pub(super) fn places(flags: &str) -> impl Iterator<Item = usize> {
    let set = flags.bytes().enumerate().filter(|(_, flag)| *flag == b'1');
    set.map(|(at, _)| at)
}

fn comments(json: &str, behaviors: usize) -> Result<Vec<String>, Fault> {
    let mut comments = vec![String::new(); behaviors];
    if json != "[]" {
        let given: Vec<(usize, String)> = serde_json::from_str(json)?;
        for (at, text) in given {
            *comments.get_mut(at).ok_or_else(|| {
                Fault::Odd(format!("a comment on behavior {at} of {behaviors}"))
            })? = text;
        }
    }
    Ok(comments)
}
