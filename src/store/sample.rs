use jiff::Timestamp;
use jiff::civil::Date;

use crate::calls::Refused;
use crate::evaluation::Unscorable;
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
    pub drawn_at: Timestamp,
    pub frame: Frame,
    /// Among whom the calls are dealt; `None` leaves it as it is, which at first is among nobody.
    pub dealing: Option<Dealing>,
    /// As in [`super::Store::record`], for the analysts dealt to.
    pub new_analyst: bool,
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
    /// The first batch's log.
    pub log: String,
    /// The profile's text, if the log was read with one.
    pub profile: Option<String>,
    pub drawn_at: Timestamp,
    pub calls_in_log: u64,
    pub eligible: u64,
    pub not_eligible: u64,
    pub refused: Refused,
    pub frame_digest: Digest,
    pub period: Option<(Date, Date)>,
    pub counts: CallCounts,
    pub withdrawn: Option<(Timestamp, String)>,
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
}

/// Why a call is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallRole {
    Drawn,
    /// Takes the place of a call that can't be scored.
    Reserve,
}

/// A call of a sample.
#[derive(Clone, Debug)]
pub struct StoredCall {
    /// Place in [`super::Store::strata`].
    pub stratum: usize,
    pub role: CallRole,
    pub drawn: DrawnCall,
    /// The analyst who said that it can't be scored, and why.
    pub unscorable: Option<(String, Unscorable)>,
    /// Those of its analysts who can't score it, though others may, and why.
    pub declined: Vec<(String, Unscorable)>,
}
