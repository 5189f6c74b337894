//! Bytes become rows, rubrics, profiles and answers, with positions.

mod decode;
mod dialect;
mod excerpt;
mod file;
mod problem;
mod profile;
mod rubric;
mod tree;

pub use excerpt::{Excerpt, Place};
pub use problem::{Problem, ProblemKind, Problems};
pub use profile::{LoadedProfile, profile, profile_text};
pub use rubric::{LoadedRubric, faults_to_problems, rubric, rubric_text};
