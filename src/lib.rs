#![deny(unreachable_pub)]
pub mod calls;
pub mod cli;
pub mod estimate;
pub mod evaluation;
pub mod read;
pub mod render;
pub mod report;
pub mod rubric;
pub mod sampling;
pub mod store;
