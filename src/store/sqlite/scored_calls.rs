//! Drawn calls with the evaluations that count, read side by side: both tables are kept in draw-number order, so that a
//! million of each take no more room than some thousands.
//!
//! They are read in parts, stretches of draw numbers with some thousands of calls each. A large sample's are read by
//! several connections that see one state of the store, and handed over in the order of the parts: whoever adds up gets
//! the same calls in the same order, however many read.

mod part;
mod said;

use std::collections::HashMap;
use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use rusqlite::Connection;

use super::assign::{self, Pair};
use super::evaluations::{self, counting};
use super::fault::Fault;
use super::row::{caller_type, get_place, get_text};
use super::samples::{by_state, rubric_hash, strata};
use crate::evaluation::ScoredCall;
use crate::sampling::Stratum;
use part::{Call, Csr, Part};
use said::Said;

/// Calls of a part, about: enough that a statement's start doesn't show, few enough to stay in the processor's cache.
const CALLS_OF_A_PART: u64 = 4_096;

/// Parts that a connection reads ahead of whoever takes the calls.
const AHEAD: usize = 8;

/// KiB of pages that a connection keeps which reads every page once (below zero, as SQLite counts).
const CACHE_KIB: i64 = -1_024;

/// `NOT INDEXED`, because the table itself is in the order wanted and the index of the queue would have to be sorted.
/// Strata that say whose calls they have make two columns of each call needless.
const CALLS: [&str; 2] = [
    "SELECT draw_number, call_id, stratum_no, state = 'unscorable', csr, caller_type
     FROM drawn_call NOT INDEXED
     WHERE sample = ?1 AND draw_number >= ?2 AND draw_number < ?3 AND role = 'drawn' ORDER BY draw_number, call_id",
    "SELECT draw_number, call_id, stratum_no, state = 'unscorable'
     FROM drawn_call NOT INDEXED
     WHERE sample = ?1 AND draw_number >= ?2 AND draw_number < ?3 AND role = 'drawn' ORDER BY draw_number, call_id",
];

/// Whether a sample has so many calls that several connections read them sooner than one.
pub(super) fn is_large(tables: &Connection, sample: &str) -> Result<bool, Fault> {
    Ok(by_state(tables, sample)?.drawn > 4 * CALLS_OF_A_PART)
}

/// By one connection.
pub(super) fn scored_calls(
    tables: &Connection,
    sample: &str,
    each: &mut dyn FnMut(&ScoredCall<'_>),
) -> Result<(), Fault> {
    Wanted::new(tables, sample)?.read_all(tables, each)
}

/// By connections that see one state, each in a thread of its own.
pub(super) fn scored_calls_by(
    readers: Vec<Connection>,
    sample: &str,
    each: &mut dyn FnMut(&ScoredCall<'_>),
) -> Result<(), Fault> {
    match readers.first() {
        Some(first) => Wanted::new(first, sample)?.read_all_by(readers, each),
        None => Ok(()),
    }
}

/// What all parts are read by.
struct Wanted<'a> {
    sample: &'a str,
    calls: &'static str,
    evaluations: String,
    parts: usize,
    strata: Vec<Stratum>,
    /// By call, whom it was dealt to.
    pairs: HashMap<String, Pair>,
    /// Whether every page is read once.
    is_alone: bool,
}

/// Draw numbers from the first up to the second, without it.
type Stretch = (Vec<u8>, Vec<u8>);

impl<'a> Wanted<'a> {
    fn new(tables: &Connection, sample: &'a str) -> Result<Self, Fault> {
        let drawn = by_state(tables, sample)?.drawn;
        let is_alone = evaluations::is_alone(tables, rubric_hash(tables, sample)?)?;
        let strata = strata(tables, sample)?.into_iter();
        let strata: Vec<Stratum> = strata.map(|stored| stored.stratum).collect();
        let are_told = strata
            .iter()
            .all(|one| one.csr.is_some() && one.caller_type.is_some());
        Ok(Self {
            sample,
            calls: CALLS[usize::from(are_told)],
            evaluations: said::sql(is_alone),
            parts: usize::try_from(drawn.div_ceil(CALLS_OF_A_PART))
                .unwrap_or(usize::MAX)
                .max(1),
            strata,
            pairs: assign::pairs(tables, sample)?,
            is_alone,
        })
    }

    /// All draw numbers there are, in parts of one length: they are spread evenly.
    fn stretches(&self) -> impl Iterator<Item = Stretch> + use<> {
        let parts = self.parts;
        let begin = move |part: usize| match part < parts {
            true => ((((part as u128) << 64) / parts as u128) as u64)
                .to_be_bytes()
                .to_vec(),
            // Behind all that have 32 bytes.
            false => vec![u8::MAX; 33],
        };
        (0..parts).map(move |part| (begin(part), begin(part + 1)))
    }

    fn read_all(
        &self,
        tables: &Connection,
        each: &mut dyn FnMut(&ScoredCall<'_>),
    ) -> Result<(), Fault> {
        let mut part = Part::default();
        for stretch in self.stretches() {
            self.read(tables, &stretch, &mut part)?;
            part.hand_over(each);
        }
        Ok(())
    }

    /// Each reader takes every so many parts.
    fn read_all_by(
        &self,
        readers: Vec<Connection>,
        each: &mut dyn FnMut(&ScoredCall<'_>),
    ) -> Result<(), Fault> {
        for tables in readers.iter().filter(|_| self.is_alone) {
            tables.pragma_update(None, "cache_size", CACHE_KIB)?;
        }
        let many = readers.len();
        thread::scope(|scope| {
            let mut lanes = Vec::with_capacity(many);
            for (lane, tables) in readers.into_iter().enumerate() {
                let (sender, receiver) = sync_channel(AHEAD);
                let (giver, taker) = channel::<Part<'_>>();
                lanes.push((receiver, giver));
                scope.spawn(move || {
                    for stretch in self.stretches().skip(lane).step_by(many) {
                        let mut part = taker.try_recv().unwrap_or_default();
                        let read = self.read(&tables, &stretch, &mut part);
                        let is_last = read.is_err();
                        // Nobody takes it where another part could not be read.
                        if sender.send(read.map(|()| part)).is_err() || is_last {
                            return;
                        }
                    }
                });
            }
            for (receiver, giver) in lanes.iter().cycle().take(self.parts) {
                let part = receiver.recv();
                let part =
                    part.map_err(|_| Fault::Odd("a part of the calls wasn't read".to_owned()))??;
                part.hand_over(each);
                // To be read into again; a reader that has no more to read doesn't take it.
                giver.send(part).ok();
            }
            Ok(())
        })
    }

    /// Reads a part in the place of the one before it.
    fn read<'p>(
        &'p self,
        tables: &Connection,
        (from, to): &Stretch,
        part: &mut Part<'p>,
    ) -> Result<(), Fault> {
        part.clear();
        let mut statement = tables.prepare_cached(&self.evaluations)?;
        let mut said = Said::new(statement.query((self.sample, from, to))?)?;
        let mut statement = tables.prepare_cached(self.calls)?;
        let mut rows = statement.query((self.sample, from, to))?;
        while let Some(row) = rows.next()? {
            let call_id = get_text(row, 1)?;
            let said = said.gather(row, call_id, part)?;
            let pair = self.pairs.get(call_id);
            let stratum = get_place(row, 2)?;
            let is_unscorable = row.get(3)?;
            let counting = match is_unscorable {
                true => None,
                false => counting(pair, part.who_said(said.clone())).map(|at| said.start + at),
            };
            let (csr, caller_type) = match self.strata.get(stratum) {
                Some(Stratum {
                    csr: Some(csr),
                    caller_type: Some(caller_type),
                }) => (Csr::OfStratum(csr), *caller_type),
                _ => (
                    Csr::Own(part.keep(get_text(row, 4)?)),
                    caller_type(get_text(row, 5)?)?,
                ),
            };
            let call = Call {
                call_id: part.keep(call_id),
                stratum,
                csr,
                caller_type,
                is_unscorable,
                assigned: pair
                    .filter(|pair| pair.is_theirs)
                    .and_then(|pair| pair.first.as_deref()),
                counting,
            };
            part.calls.push(call);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
