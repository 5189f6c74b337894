//! Means, rates, gaps and plans: knows numbers and designs, not quality work.
//!
//! Every function is pure. Formulas stand with their sources at the head of each file; values are
//! checked against R, SAS and published examples in `tests/`. What can't be estimated is `None`, what
//! makes no sense is an `EstimateError`; nothing is ever NaN.

pub mod allocate;
pub mod cluster;
pub mod design;
pub mod domain;
pub mod error;
pub mod fit;
pub mod gap;
pub mod interval;
mod linear;
pub mod mean;
pub mod moments;
pub mod multiplicity;
pub mod plan;
pub mod pool;
pub mod power;
pub mod precision;
pub mod quantile;
pub mod rate;
pub mod rate_gap;
pub mod settings;
pub mod shrink;
pub mod standard;
pub mod trend;
