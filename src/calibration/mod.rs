//! Agreement between analysts who scored the same calls.
//!
//! Plain tables in, numbers out; `estimate` lends the quantiles. Values are checked against the figures
//! published by Cohen, Fleiss, Gwet, Krippendorff, Montgomery, and Shrout and Fleiss in `tests/`.

pub mod agreement;
mod cholesky;
mod coincidences;
pub mod connect;
mod distance;
pub mod error;
pub mod icc;
pub mod jackknife;
pub mod kappa;
pub mod krippendorff;
pub mod layout;
pub mod ratings;
pub mod severity;
mod sums;
pub mod two_way;
pub mod two_way_random;
pub mod weights;
