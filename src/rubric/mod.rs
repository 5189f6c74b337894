//! Rubrics: sections of behaviors, answered on scales, weighed into one score.
//!
//! A [`Rubric`] can only be had through [`Rubric::build`], so one that exists is valid. What is wrong with a source is
//! told as [`Fault`]s: a key path and a kind; where that path stands in a file is for the reader of the file to say.
//! Worked examples are kept here and scored in `evaluation`.

mod answer;
mod behavior;
mod build;
mod change;
mod diff;
mod fault;
#[cfg(test)]
pub(crate) mod fixture;
mod hash;
mod policy;
mod scale;
mod source;
mod whole;
mod words;

pub use answer::Answer;
pub use behavior::{AppliesTo, Behavior, Critical, ShowIf};
pub use change::{Change, ChangeKind, Changes, Place};
pub use fault::{Fault, FaultKind, KeyPath, Step};
pub use policy::{CommentPolicy, Effect, Family, NaPolicy, Scope, Weigh};
pub use scale::{AnswerScale, RESERVED_KEYS, ScaleOption, YES_NO};
pub use source::{
    BehaviorSource, CriticalSource, OptionSource, RubricSource, ScaleSource, SectionSource,
    ShowIfSource,
};
pub use whole::{Band, Cost, Driver, Example, Rubric, Section};
pub use words::{Word, nearest};

/// A commented rubric to start from.
pub const STARTER: &str = include_str!("starter.toml");
