#![deny(unreachable_pub)]
pub mod calls;
pub mod evaluation;
pub mod read;
pub mod rubric;
pub mod sampling;
pub mod store;
