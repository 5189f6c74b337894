//! Where samples and evaluations are kept. [`Store`] is the contract; every engine passes the same suite of tests.
//!
//! Guarantees, whatever the engine:
//! * A call that returns `Ok` has been written durably; one that returns `Err` has changed nothing.
//! * Nothing that was complete is ever overwritten: an amendment is a further evaluation revision.
//! * Several processes may use one store at once; each call sees and leaves a consistent state.
//! * Reading never creates or migrates a store.

mod error;
mod keeping;
mod merging;
mod record;
mod sample;
mod sqlite;

pub use error::StoreError;
pub use keeping::{BackedUp, Holdings, IdleDraft, IdleReason};
pub use merging::{Clash, Conflict, Merged, MergedSample, Taken};
pub use record::{Claimed, Completed, Kept, RecordReport};
pub use sample::{
    Added, AssignReport, BatchInfo, Begun, BehaviorText, CallCounts, CallRole, Event, HandOver,
    NewBatch, NewPicks, NewSample, OpenWork, PickReport, Picked, Reopened, RosterText, RubricText,
    SampleInfo, StoredCall, StoredStratum, Waiting,
};
pub use sqlite::SqliteStore;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::calls::CallerType;
use crate::evaluation::{Draft, Evaluation, Recorded, ScoredCall, Unscorable};
use crate::sampling::{Assignment, CellCount, Earlier, Frame};

/// What every engine can do. Samples, calls and analysts are named by text, compared byte by byte.
pub trait Store {
    /// Keeps a draw. The same name, rubric, seed, design and frame again change nothing; a larger quota or total tops
    /// up, unless a stratum would give fewer calls than before.
    ///
    /// Drawn calls are dealt to the analysts named, those of a top-up to the analysts of the sample.
    ///
    /// # Errors
    /// [`StoreError::SampleDiffers`] for anything else under a name that exists; [`StoreError::UnknownAnalyst`].
    fn add_sample(&mut self, new: &NewSample) -> Result<Added, StoreError>;

    /// Adds what a further log gave to a sample; the number of the batch. Its strata follow those that are there; drawn
    /// calls are dealt as the sample's are.
    ///
    /// # Errors
    /// [`StoreError::Withdrawn`]; [`StoreError::OfJourneys`], here and below where calls come that no draw of journeys
    /// gave; [`StoreError::Outrun`] where another log was added since the draw was made.
    fn add_batch(&mut self, new: &NewBatch) -> Result<u64, StoreError>;

    /// Keeps more calls of a batch that is there, drawn again with larger quotas. Of these as many are drawn as the sample
    /// asks for and could not get, the rest are reserves. How many are drawn now that were not, and how many calls are new.
    fn extend_batch(
        &mut self,
        sample: &str,
        batch: u64,
        frame: &Frame,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<(u64, u64), StoreError>;

    /// What a further draw for a sample must leave out: what its first `batches` batches saw. `None` where no
    /// list of one of them was kept.
    fn earlier(&self, sample: &str, batches: u64) -> Result<Option<Earlier>, StoreError>;

    /// Queues calls chosen on purpose, all of them or none.
    ///
    /// # Errors
    /// [`StoreError::AlreadyPicked`]; [`StoreError::IsUnscorable`].
    fn pick(&mut self, new: &NewPicks) -> Result<PickReport, StoreError>;

    /// Gives open calls to an analyst. `new_analyst` as in [`Store::add_analyst`].
    ///
    /// # Errors
    /// [`StoreError::NotDrawn`], [`StoreError::IsUnscorable`], [`StoreError::IsComplete`]; [`StoreError::IsSecond`]
    /// where the analyst scores a named call as its second one already.
    fn assign(
        &mut self,
        sample: &str,
        what: &HandOver,
        to: &str,
        new_analyst: bool,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<AssignReport, StoreError>;

    /// Takes back that a call can't be scored, or opens the evaluation of an analyst (else the one that counts) for
    /// amendment. Nothing that was said is lost.
    ///
    /// # Errors
    /// [`StoreError::IsOpen`] where there is nothing to take back.
    fn reopen(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: Option<&str>,
        reason: &str,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<Reopened, StoreError>;

    /// Lets a sample go on under a rubric with other words; whether that changed anything.
    ///
    /// # Errors
    /// [`StoreError::ScoresOtherwise`]; [`StoreError::DriverLost`] where ticks would lose their meaning.
    fn adopt(
        &mut self,
        sample: &str,
        rubric: &RubricText,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Takes a sample out of reports, not out of sight.
    ///
    /// # Errors
    /// [`StoreError::Withdrawn`] if it is out already.
    fn withdraw(
        &mut self,
        sample: &str,
        reason: &str,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Takes a withdrawn sample in again.
    ///
    /// # Errors
    /// [`StoreError::NotWithdrawn`].
    fn restore(
        &mut self,
        sample: &str,
        reason: Option<&str>,
        who: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// All that was done to a sample, the first act first. Nothing deletes it.
    fn events(&self, sample: &str) -> Result<Vec<Event>, StoreError>;

    /// Keeps a roster's text; it replaces the one before, which stays.
    fn keep_roster(&mut self, file: &str, source: &str, at: Timestamp) -> Result<(), StoreError>;

    /// The newest roster kept.
    fn roster(&self) -> Result<Option<RosterText>, StoreError>;

    /// All samples, the oldest first, withdrawn ones too.
    fn samples(&self) -> Result<Vec<SampleInfo>, StoreError>;

    /// The text of the rubric with this hash, as its file was.
    fn rubric_source(&self, hash: &[u8; 32]) -> Result<String, StoreError>;

    /// The strata of a sample, in the order of the draw; [`StoredCall::stratum`] is a place in this list.
    fn strata(&self, sample: &str) -> Result<Vec<StoredStratum>, StoreError>;

    /// Eligible calls per CSR and caller type.
    fn cells(&self, sample: &str) -> Result<Vec<CellCount>, StoreError>;

    /// Drawn calls and reserves in draw-number order. Without `fields`, [`crate::calls::Call::fields`] stays empty.
    fn calls(&self, sample: &str, fields: bool) -> Result<Vec<StoredCall>, StoreError>;

    /// Drawn and picked calls, which can be scored or could be, with their caller types as logged.
    fn scorable(&self, sample: &str) -> Result<HashMap<String, CallerType>, StoreError>;

    /// One call with all its fields; `None` if the sample hasn't drawn it (reserves included).
    fn call(&self, sample: &str, call_id: &str) -> Result<Option<StoredCall>, StoreError>;

    /// Who scores which calls that can be scored, in draw-number order; first analysts before second ones. Calls that
    /// an analyst has declined are not theirs any more.
    fn assignments(&self, sample: &str) -> Result<Vec<Assignment>, StoreError>;

    /// Names of analysts, in alphabetical order.
    fn analysts(&self) -> Result<Vec<String>, StoreError>;

    /// Makes sure an analyst is known. The first name a store sees is always taken.
    ///
    /// # Errors
    /// [`StoreError::UnknownAnalyst`] for a name not seen before, unless `new` says that it is meant.
    fn add_analyst(&mut self, name: &str, new: bool) -> Result<(), StoreError>;

    /// The next call for an analyst: an own draft first, else the smallest draw number among the calls assigned to
    /// them that they haven't completed or declined themselves, whatever others have done, and those assigned to
    /// nobody that nobody has completed or claimed. The calls of a journey come in the order of time, and a journey of
    /// which somebody else has claimed a call is passed by. A claim lasts a while by the store's clock and is renewed by every save.
    /// `token` names the running program; the newest one of an analyst holds the claim.
    fn next_call(
        &mut self,
        sample: &str,
        analyst: &str,
        token: &str,
    ) -> Result<Option<Claimed>, StoreError>;

    /// This call for the analyst, whatever is next; as [`Store::next_call`] otherwise. One that others have completed may
    /// be scored again: only the evaluation that counted before counts.
    ///
    /// # Errors
    /// [`StoreError::NotDrawn`], [`StoreError::IsUnscorable`], [`StoreError::AlreadyComplete`],
    /// [`StoreError::IsAssigned`] to others, [`StoreError::IsClaimed`] by somebody just now.
    fn take_call(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: &str,
        token: &str,
    ) -> Result<Option<Claimed>, StoreError>;

    /// Samples, the oldest first, that have something to score for an analyst, known or not; withdrawn ones have not.
    fn waiting(&self, analyst: &str) -> Result<Vec<Waiting>, StoreError>;

    /// Who has begun or claimed which calls.
    fn open_work(&self, sample: &str) -> Result<OpenWork, StoreError>;

    /// Keeps a draft. `answers` of behaviors that are hidden just now are kept too.
    ///
    /// # Errors
    /// [`StoreError::Superseded`] if the analyst has started a newer program since.
    fn save_draft(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: &str,
        token: &str,
        draft: &Draft,
    ) -> Result<(), StoreError>;

    /// Keeps a complete evaluation and ends its draft. `amend` is the reason for replacing an own earlier one.
    ///
    /// # Errors
    /// [`StoreError::NotDrawn`]; [`StoreError::AlreadyComplete`] where the analyst said something else before and
    /// there is no reason to amend.
    fn complete(
        &mut self,
        sample: &str,
        evaluation: &Evaluation,
        amend: Option<&str>,
    ) -> Result<Kept, StoreError>;

    /// States that a call can't be scored and draws the next reserve of its stratum, whose id is returned if there
    /// was one left. Saying it again changes nothing.
    ///
    /// The call that takes its place is assigned to the same analysts, whatever the second one has done.
    ///
    /// Said by an analyst of the call while others score it or have done so (by the second one always, by the first one
    /// where somebody else's evaluation counts), it is declined: the analyst isn't offered it any more, the reason is
    /// kept, and the call stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NotDrawn`]; [`StoreError::AlreadyComplete`] if the analyst has scored it,
    /// [`StoreError::IsScored`] if somebody else has and the call isn't assigned to the analyst.
    fn unscorable(
        &mut self,
        sample: &str,
        call_id: &str,
        analyst: &str,
        why: &Unscorable,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError>;

    /// Keeps a whole answers file, or nothing of it. `new_analyst` as in [`Store::add_analyst`], but all names of one
    /// file are taken where the store has none yet.
    ///
    /// # Errors
    /// As for each single one; the error says which call.
    fn record(
        &mut self,
        sample: &str,
        items: &[Recorded],
        amend: Option<&str>,
        new_analyst: bool,
    ) -> Result<RecordReport, StoreError>;

    /// The newest evaluation of each analyst for each call of the sample that can be scored, in draw-number order. An
    /// evaluation made for another sample under the same rubric serves this one too. Without `texts`, comments and
    /// drivers stay empty.
    fn evaluations(&self, sample: &str, texts: bool) -> Result<Vec<Completed>, StoreError>;

    /// Hands over the drawn calls of a sample of calls one by one, in draw-number order, each with the evaluation that counts: what
    /// [`Store::calls`] and [`Store::evaluations`] say of them, without keeping it.
    fn scored_calls(
        &self,
        sample: &str,
        each: &mut dyn FnMut(&ScoredCall<'_>),
    ) -> Result<(), StoreError>;

    /// Whether calls of the sample were picked.
    fn has_picked(&self, sample: &str) -> Result<bool, StoreError>;

    /// All evaluation revisions of one call, the oldest first, with texts.
    fn history(&self, sample: &str, call_id: &str) -> Result<Vec<Completed>, StoreError>;

    /// Everything wrong with the store itself (damage, broken references, counts that don't fit), in plain words.
    fn check(&self) -> Result<Vec<String>, StoreError>;

    /// How much there is, and what leads nowhere though nothing is wrong with it.
    fn holdings(&self) -> Result<Holdings, StoreError>;
}
