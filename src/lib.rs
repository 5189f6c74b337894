#![deny(unreachable_pub)]
pub mod calls;
pub mod read;
pub mod rubric;
