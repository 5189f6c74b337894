//! Evaluations: an analyst's answers for a call under a rubric, what is still missing, and the score they make.

mod complete;
mod draft;
mod example;
mod gap;
mod keymap;
mod packed;
mod pick_reason;
mod score;
mod scored_call;
mod scorer;
mod unscorable;
mod working;

pub use complete::{Evaluation, Recorded};
pub use draft::Draft;
pub use example::check_examples;
pub use gap::{Gap, asked, gaps};
pub use keymap::{Act, Binding, KEYMAP, act_of};
pub use packed::{BadPack, pack, unpack, unpack_onto};
pub use pick_reason::PickReason;
pub use score::{BehaviorResult, CallOutcome, Score, SectionResult, Standing, score};
pub use scored_call::{Counting, ScoredCall};
pub use scorer::Scorer;
pub use unscorable::{Unscorable, UnscorableReason};
pub use working::{Change, Working};
