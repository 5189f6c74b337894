use jiff::Timestamp;
use jiff::civil::Date;

use crate::calls::{Call, Refused};
use crate::evaluation::{PickReason, Unscorable};
use crate::rubric::Rubric;
use crate::sampling::{Dealing, Design, Digest, DrawnCall, Frame, Seed, Stratum};

/// A draw on its way into a store.
#[derive(Clone, Debug)]
pub struct NewSample {
    pub name: String,
    pub seed: Seed,
    pub design: Design,
    pub rubric: RubricText,
    /// The log as the user named it.
    pub log: String,
    /// The text of the profile the log was read with.
    pub profile: Option<String>,
    /// SHA-256 of the log's file, where `verify` is to require this very file.
    pub sealed: Option<[u8; 32]>,
    pub drawn_at: Timestamp,
    /// Who drew, if that is known.
    pub who: Option<String>,
    pub frame: Frame,
    /// Among whom the calls are dealt; `None` leaves it as it is, which at first is among nobody.
    pub dealing: Option<Dealing>,
    /// As in [`super::Store::record`], for the analysts dealt to.
    pub new_analyst: bool,
}

/// What a further log gives to a sample, on its way into a store.
#[derive(Clone, Debug)]
pub struct NewBatch {
    pub sample: String,
    /// As in [`NewSample`].
    pub log: String,
    pub profile: Option<String>,
    pub sealed: Option<[u8; 32]>,
    pub drawn_at: Timestamp,
    pub who: Option<String>,
    /// Drawn with what all earlier batches saw left out.
    pub frame: Frame,
}

/// A rubric with what identifies it, and what other tools need to read its answers from the store.
#[derive(Clone, Debug, PartialEq)]
pub struct RubricText {
    pub id: String,
    pub title: String,
    pub revision: Option<String>,
    pub hash: [u8; 32],
    pub scoring_hash: [u8; 32],
    /// The file's text; empty in listings.
    pub source: String,
    /// In the rubric's order; empty in listings.
    pub behaviors: Vec<BehaviorText>,
    /// Ids of the drivers and whether they are avoidable, in the rubric's order; empty in listings.
    pub drivers: Vec<(String, bool)>,
}

/// What names a behavior and its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct BehaviorText {
    pub section: String,
    pub id: String,
    /// Ids and points of the scale's options, in their order.
    pub options: Vec<(String, f64)>,
}

impl RubricText {
    /// A rubric and the text it was read from.
    pub fn new(rubric: &Rubric, source: &str) -> Self {
        Self {
            id: rubric.id().to_owned(),
            title: rubric.title().to_owned(),
            revision: rubric.revision().map(str::to_owned),
            hash: rubric.hash(),
            scoring_hash: rubric.scoring_hash(),
            source: source.to_owned(),
            behaviors: (rubric.behaviors().iter())
                .map(|behavior| BehaviorText {
                    section: rubric.sections()[behavior.section].id.clone(),
                    id: behavior.id.clone(),
                    options: (behavior.scale.options.iter())
                        .map(|option| (option.id.clone(), option.points))
                        .collect(),
                })
                .collect(),
            drivers: (rubric.drivers().iter())
                .map(|driver| (driver.id.clone(), driver.avoidable))
                .collect(),
        }
    }
}

/// What became of a draw that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    Created,
    /// It was there already, to the last call.
    Unchanged,
    /// The quota grew; so many calls were added.
    ToppedUp {
        calls: u64,
    },
}

/// A sample as listings and reports need it.
#[derive(Clone, Debug)]
pub struct SampleInfo {
    pub name: String,
    pub seed: Seed,
    pub design: Design,
    /// Without its source.
    pub rubric: RubricText,
    pub drawn_at: Timestamp,
    /// By the logs it was drawn from, at least one.
    pub batches: Vec<BatchInfo>,
    pub counts: CallCounts,
    pub withdrawn: Option<(Timestamp, String)>,
}

/// What one log added to a sample.
#[derive(Clone, Debug)]
pub struct BatchInfo {
    /// The files of the log as the user named them, a line each.
    pub log: String,
    /// The profile's text, if the log was read with one.
    pub profile: Option<String>,
    /// SHA-256 of the log's files one behind the other, if that was sealed.
    pub sealed: Option<[u8; 32]>,
    pub drawn_at: Timestamp,
    /// Rows, refused ones too.
    pub calls_in_log: u64,
    pub eligible: u64,
    pub not_eligible: u64,
    pub refused: Refused,
    pub frame_digest: Digest,
    pub period: Option<(Date, Date)>,
    /// Calls that an earlier log had held, left out.
    pub seen_before: u64,
    /// Kept calls among them that this log tells of with another CSR or caller type.
    pub retagged: u64,
}

impl BatchInfo {
    /// The files of the log as the user named them.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.log.lines()
    }
}

impl SampleInfo {
    /// The files of all logs as the user named them, separated by commas.
    pub fn logs(&self) -> String {
        let files = self.batches.iter().flat_map(BatchInfo::files);
        files.collect::<Vec<_>>().join(", ")
    }

    /// Rows of all logs, refused ones too.
    pub fn calls_in_log(&self) -> u64 {
        self.batches.iter().map(|batch| batch.calls_in_log).sum()
    }

    /// Calls of all logs that may be drawn, each counted once.
    pub fn eligible(&self) -> u64 {
        self.batches.iter().map(|batch| batch.eligible).sum()
    }

    /// First and last day of the eligible calls, where the logs have times.
    pub fn period(&self) -> Option<(Date, Date)> {
        let periods = self.batches.iter().filter_map(|batch| batch.period);
        periods.reduce(|(from, to), (first, last)| (from.min(first), to.max(last)))
    }
}

/// How far a sample is. `drawn` is the sum of the other four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallCounts {
    pub drawn: u64,
    /// Nobody has begun; or only a second analyst has completed it.
    pub queued: u64,
    /// Somebody has begun; no evaluation counts yet.
    pub draft: u64,
    /// An evaluation counts.
    pub complete: u64,
    /// Can't be scored; replaced by a reserve while there was one.
    pub unscorable: u64,
}

/// A stratum as drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredStratum {
    pub stratum: Stratum,
    /// N_h.
    pub eligible: u64,
    pub quota: u64,
    pub digest: Digest,
    /// Which log it is of, counted from 1.
    pub batch: u64,
}

/// Why a call is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallRole {
    Drawn,
    /// Takes the place of a call that can't be scored.
    Reserve,
    /// Chosen on purpose, and by no draw so far.
    Picked,
}

/// A call of a sample.
#[derive(Clone, Debug)]
pub struct StoredCall {
    /// Place in [`super::Store::strata`]; `None` for a call that no draw has given.
    pub stratum: Option<usize>,
    /// Which log of the sample it is from, counted from 1; says nothing where the call was only picked.
    pub batch: u64,
    pub role: CallRole,
    /// Its position is 0 where the call was only picked.
    pub drawn: DrawnCall,
    /// Why it was chosen on purpose, if it was; it may be drawn as well.
    pub picked: Option<Picked>,
    /// The analyst who said that it can't be scored, and why.
    pub unscorable: Option<(String, Unscorable)>,
    /// Those of its analysts who can't score it, though others may, and why.
    pub declined: Vec<(String, Unscorable)>,
}

impl StoredCall {
    /// Whether it waits to be scored, or did.
    pub fn is_scorable(&self) -> bool {
        self.role != CallRole::Reserve || self.picked.is_some()
    }
}

/// How a call came to be picked.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    pub why: PickReason,
    pub note: Option<String>,
    pub who: Option<String>,
    /// The log as the user named it, and the profile's text it was read with.
    pub log: String,
    pub profile: Option<String>,
    pub at: Timestamp,
}

/// Calls chosen on purpose, on their way into a store.
#[derive(Clone, Debug)]
pub struct NewPicks {
    pub sample: String,
    pub picked: Picked,
    /// With all fields; of these, the caller type and the CSR as logged.
    pub calls: Vec<Call>,
}

/// What became of picked calls: how many there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PickReport {
    /// Queued now.
    pub new: u64,
    /// Drawn as well: one evaluation serves both.
    pub drawn: u64,
    /// Scored already.
    pub complete: u64,
}

/// Which calls are given to somebody else.
#[derive(Clone, Debug)]
pub enum HandOver {
    /// These.
    Calls(Vec<String>),
    /// All that this analyst has been given and not completed.
    AllOf(String),
}

/// What became of calls that were to change hands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignReport {
    pub moved: u64,
    /// Calls that were the analyst's before.
    pub theirs: u64,
    /// Calls that stay, because the analyst is their other one.
    pub stay: Vec<String>,
}

/// What was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reopened {
    /// The call can be scored; the call that had taken its place, if it is a reserve again.
    Scorable { back: Option<String> },
    /// The evaluation is a draft again, for its analyst to amend.
    Evaluation { analyst: String },
}

/// A sample with something to score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub sample: String,
    /// When the analyst saved a draft in it last, if there is one.
    pub draft_saved: Option<Timestamp>,
}

/// Work that has been begun in a sample.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenWork {
    /// The oldest first; `at` is when it was saved last.
    pub drafts: Vec<Begun>,
    /// Those that hold; `at` is when they end.
    pub claims: Vec<Begun>,
    /// Calls and the analysts they were given to and who still have to score them. A call that counted before it was
    /// given to somebody is none.
    pub given: Vec<(String, String)>,
}

/// A call somebody has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    pub call_id: String,
    pub analyst: String,
    pub at: Timestamp,
}

/// Something that was done to a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    /// Not known for what scripts do.
    pub who: Option<String>,
    /// One word.
    pub act: String,
    pub detail: String,
}

/// A roster as its file was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterText {
    pub file: String,
    pub source: String,
    pub imported_at: Timestamp,
}
