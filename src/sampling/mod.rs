//! The draw: which calls are scored, decided by a key that anybody can compute again.
//!
//! `draw_number = SHA-256(seed ":" call_id)`; a stratum's sample is its `n` smallest draw numbers, ties by `call_id`.
//! That is simple random sampling without replacement in every stratum (permanent random numbers: Fan, Muller and
//! Rezucha 1962; Ohlsson 1995), free of row order, and a larger quota contains the smaller sample. The stratum is not
//! part of the key, so that a call keeps its number when its tags change.
//!
//! Where whole journeys are drawn the key is `seed ":" interaction_id`, and a journey comes with all its calls.

mod collector;
mod deal;
mod dealing;
mod design;
mod digest;
mod draw_number;
mod drawn;
mod earlier;
mod journeys;
mod kept;
mod period;
mod picker;
mod quota;
mod seed;
mod survey;
mod tags;
mod unit;

pub use collector::{Collector, MOST_IDS, Outcome};
pub use deal::{Assignment, Dealt, deal};
pub use dealing::{BadDealing, Dealing, Double, Share, Shares};
pub use design::{Design, NotAPer, Per, Stratum};
pub use digest::Digest;
pub use draw_number::DrawNumber;
pub use drawn::{CellCount, DrawnCall, Frame, JourneyCount, StratumDraw};
pub use earlier::{Earlier, Retagged, SeenIds};
pub use journeys::Journeys;
pub use picker::{Found, Picker};
pub use quota::{Quota, Quotas, Spread, Spreading};
pub use seed::{BadSeed, Seed};
pub use survey::{Seen, Survey, Surveyed};
pub use unit::{NotAUnit, Unit};
