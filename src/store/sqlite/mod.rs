//! The store in a SQLite file.
//!
//! One connection (large samples are read by several), write-ahead log, every commit synced to the disk. Writing takes the write lock at once
//! (`BEGIN IMMEDIATE`), so that no write fails half way for want of it; reading happens in a transaction of its own and
//! sees one state. The tables are described in `migrations/`, but for how lists of words are spelt in the end
//! (`migrate/word_lists.rs`).

mod add;
mod adopt;
mod analyst;
mod assign;
mod backup;
mod batch;
mod calls;
mod check;
mod decline;
mod draft;
mod evaluate;
mod evaluations;
mod event;
mod fault;
mod fill;
mod hand_over;
mod holdings;
mod merge;
mod migrate;
mod open;
mod pick;
mod queue;
mod reopen;
mod roster;
mod row;
mod rubric;
mod samples;
mod scored_calls;
mod side_by_side;
mod spread;
mod unscorable;
mod withdraw;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::thread;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use super::{
    Added, AssignReport, BackedUp, Claimed, Completed, Event, HandOver, Holdings, Kept, Merged,
    NewBatch, NewPicks, NewSample, OpenWork, PickReport, RecordReport, Reopened, RosterText,
    RubricText, SampleInfo, Store, StoreError, StoredCall, StoredStratum, Waiting,
};
use crate::calls::CallerType;
use crate::evaluation::{Draft, Evaluation, Recorded, ScoredCall, Unscorable};
use crate::sampling::{Assignment, CellCount, Earlier, Frame};
use fault::Fault;

/// More would wait for whoever takes what they read.
const MOST_READERS: usize = 4;

/// A store in a file, or in memory for trying things out.
pub struct SqliteStore {
    connection: Connection,
    /// What opens the file once more; nothing does where there is none.
    connect: Option<open::Connect>,
    /// For messages.
    path: PathBuf,
    clock: Box<dyn Fn() -> Timestamp + Send>,
}

impl SqliteStore {
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        self.attempt(true, work)
    }

    /// Writes in one transaction, or sees what writing would do.
    fn attempt<T>(
        &mut self,
        for_good: bool,
        work: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, StoreError> {
        let connection = &mut self.connection;
        let run = || {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            match for_good {
                true => transaction.commit()?,
                false => transaction.rollback()?,
            }
            Ok(done)
        };
        run().map_err(|fault: Fault| fault.tell(&self.path))
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, StoreError> {
        let run = || {
            let transaction = self.connection.unchecked_transaction()?;
            work(&transaction)
        };
        run().map_err(|fault: Fault| fault.tell(&self.path))
    }

    /// Connections that see one state of the store, one for each processor that helps.
    fn readers(&self) -> Option<Vec<Connection>> {
        let many = thread::available_parallelism().map_or(1, usize::from);
        let connect = self.connect.filter(|_| many > 1)?;
        let open = || connect(&self.path);
        side_by_side::side_by_side(&self.connection, many.min(MOST_READERS), open)
    }

    /// Copies the store as it is to a file that isn't there yet, while others may go on writing. The copy is a store
    /// of its own, read through and on the disk when it gets its name; for its owner alone.
    ///
    /// # Errors
    /// [`StoreError::IsThere`]; [`StoreError::Damaged`] if the copy can't be trusted; what the disks say.
    pub fn back_up(&self, to: &Path) -> Result<BackedUp, StoreError> {
        backup::back_up(&self.connection, &self.path, to, (self.clock)())
    }

    /// Takes what was done in another copy of this store and not here: all of it, but for calls that the two contradict
    /// each other about. Doing it again changes nothing. Without `for_good` it only tells what it would take.
    ///
    /// # Errors
    /// [`StoreError::SameStore`], [`StoreError::OtherSample`], [`StoreError::NothingInCommon`].
    pub fn merge(&mut self, other: &Self, for_good: bool) -> Result<Merged, StoreError> {
        merge::must_be_two(&self.path, &other.path)?;
        let at = (self.clock)();
        other.read(|tables| {
            let other = merge::Other {
                tables,
                path: &other.path,
            };
            Ok(self.attempt(for_good, |tables| merge::merge(tables, &other, at))?)
        })
    }
}

impl Store for SqliteStore {
    fn add_sample(&mut self, new: &NewSample) -> Result<Added, StoreError> {
        self.write(|tables| add::add_sample(tables, new))
    }

    fn add_batch(&mut self, new: &NewBatch) -> Result<u64, StoreError> {
        self.write(|tables| batch::add(tables, new))
    }

    fn extend_batch(
        &mut self,
        sample: &str,
        batch: u64,
        frame: &Frame,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<(u64, u64), StoreError> {
        let by = event::By { who, at };
        self.write(|tables| batch::extend(tables, sample, batch, frame, by))
    }

    fn earlier(&self, sample: &str, batches: u64) -> Result<Option<Earlier>, StoreError> {
        self.read(|tables| batch::earlier(tables, sample, batches))
    }

    fn pick(&mut self, new: &NewPicks) -> Result<PickReport, StoreError> {
        self.write(|tables| pick::add(tables, new))
    }

    fn assign(
        &mut self,
        sample: &str,
        what: &HandOver,
        to: &str,
        new_analyst: bool,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<AssignReport, StoreError> {
        self.write(|tables| {
            let by = event::By { who, at };
            hand_over::hand_over(tables, sample, what, to, new_analyst, by)
        })
    }

    fn reopen(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: Option<&str>,
        reason: &str,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<Reopened, StoreError> {
        self.write(|tables| {
            let by = event::By { who, at };
            reopen::reopen(tables, sample, call_id, analyst, reason, by)
        })
    }

    fn adopt(
        &mut self,
        sample: &str,
        rubric: &RubricText,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(|tables| adopt::adopt(tables, sample, rubric, who, at))
    }

    fn withdraw(
        &mut self,
        sample: &str,
        reason: &str,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tables| withdraw::withdraw(tables, sample, reason, who, at))
    }

    fn restore(
        &mut self,
        sample: &str,
        reason: Option<&str>,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tables| withdraw::restore(tables, sample, reason, who, at))
    }

    fn events(&self, sample: &str) -> Result<Vec<Event>, StoreError> {
        self.read(|tables| event::of_sample(tables, sample))
    }

    fn keep_roster(&mut self, file: &str, source: &str, at: Timestamp) -> Result<(), StoreError> {
        self.write(|tables| roster::keep(tables, file, source, at))
    }

    fn roster(&self) -> Result<Option<RosterText>, StoreError> {
        self.read(roster::newest)
    }

    fn samples(&self) -> Result<Vec<SampleInfo>, StoreError> {
        self.read(samples::samples)
    }

    fn rubric_source(&self, hash: &[u8; 32]) -> Result<String, StoreError> {
        self.read(|tables| rubric::source(tables, hash))
    }

    fn strata(&self, sample: &str) -> Result<Vec<StoredStratum>, StoreError> {
        self.read(|tables| samples::strata(tables, sample))
    }

    fn cells(&self, sample: &str) -> Result<Vec<CellCount>, StoreError> {
        self.read(|tables| samples::cells(tables, sample, None))
    }

    fn calls(&self, sample: &str, fields: bool) -> Result<Vec<StoredCall>, StoreError> {
        self.read(|tables| calls::calls(tables, sample, fields))
    }

    fn scorable(&self, sample: &str) -> Result<HashMap<String, CallerType>, StoreError> {
        self.read(|tables| calls::scorable(tables, sample))
    }

    fn call(&self, sample: &str, call_id: &str) -> Result<Option<StoredCall>, StoreError> {
        self.read(|tables| calls::call(tables, sample, call_id))
    }

    fn assignments(&self, sample: &str) -> Result<Vec<Assignment>, StoreError> {
        self.read(|tables| assign::assignments(tables, sample))
    }

    fn analysts(&self) -> Result<Vec<String>, StoreError> {
        self.read(analyst::names)
    }

    fn add_analyst(&mut self, name: &str, new: bool) -> Result<(), StoreError> {
        self.write(|tables| analyst::add(tables, [name], new))
    }

    fn next_call(
        &mut self,
        sample: &str,
        analyst: &str,
        token: &str,
    ) -> Result<Option<Claimed>, StoreError> {
        let now = (self.clock)();
        self.write(|tables| queue::next_call(tables, now, sample, analyst, token))
    }

    fn take_call(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: &str,
        token: &str,
    ) -> Result<Option<Claimed>, StoreError> {
        let now = (self.clock)();
        self.write(|tables| queue::take_call(tables, now, sample, call_id, analyst, token))
    }

    fn waiting(&self, analyst: &str) -> Result<Vec<Waiting>, StoreError> {
        let now = (self.clock)();
        self.read(|tables| queue::waiting(tables, now, analyst))
    }

    fn open_work(&self, sample: &str) -> Result<OpenWork, StoreError> {
        let now = (self.clock)();
        self.read(|tables| queue::open_work(tables, now, sample))
    }

    fn save_draft(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: &str,
        token: &str,
        draft: &Draft,
    ) -> Result<(), StoreError> {
        let now = (self.clock)();
        self.write(|tables| queue::save_draft(tables, now, sample, call_id, analyst, token, draft))
    }

    fn complete(
        &mut self,
        sample: &str,
        evaluation: &Evaluation,
        amend: Option<&str>,
    ) -> Result<Kept, StoreError> {
        self.write(|tables| evaluate::complete(tables, sample, evaluation, amend))
    }

    fn unscorable(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: &str,
        why: &Unscorable,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        self.write(|tables| unscorable::state(tables, sample, call_id, analyst, why, at))
            .map(|stated| stated.replaced_by)
    }

    fn record(
        &mut self,
        sample: &str,
        items: &[Recorded],
        amend: Option<&str>,
        new_analyst: bool,
    ) -> Result<RecordReport, StoreError> {
        self.write(|tables| evaluate::record(tables, sample, items, amend, new_analyst))
    }

    fn evaluations(&self, sample: &str, texts: bool) -> Result<Vec<Completed>, StoreError> {
        self.read(|tables| evaluations::current(tables, sample, texts))
    }

    fn scored_calls(
        &self,
        sample: &str,
        each: &mut dyn FnMut(&ScoredCall<'_>),
    ) -> Result<(), StoreError> {
        let is_large = self.read(|tables| scored_calls::is_large(tables, sample))?;
        match is_large.then(|| self.readers()).flatten() {
            Some(readers) => scored_calls::scored_calls_by(readers, sample, each)
                .map_err(|fault| fault.tell(&self.path)),
            None => self.read(|tables| scored_calls::scored_calls(tables, sample, each)),
        }
    }

    fn has_picked(&self, sample: &str) -> Result<bool, StoreError> {
        self.read(|tables| pick::has_any(tables, sample))
    }

    fn history(&self, sample: &str, call_id: &str) -> Result<Vec<Completed>, StoreError> {
        self.read(|tables| evaluations::history(tables, sample, call_id))
    }

    fn check(&self) -> Result<Vec<String>, StoreError> {
        self.read(check::check)
    }

    fn holdings(&self) -> Result<Holdings, StoreError> {
        let now = (self.clock)();
        self.read(|tables| holdings::holdings(tables, now))
    }
}
