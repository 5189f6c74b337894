//! Bytes become rows, rubrics, profiles and answers, with positions.
//!
//! TOML and CSV are read here and nowhere else. Nothing is printed and no clock is read: what is wrong comes back as
//! [`Problem`]s that can show themselves. A call log is read in blocks on several threads (see [`CallLog::scan`]); a
//! rubric's, a profile's or an answers file's faults are all told at once.

mod amend;
mod answers;
mod answers_csv;
mod answers_json;
mod blocks;
mod built_in;
mod csr_list;
mod decode;
mod dialect;
mod excerpt;
mod fast;
mod file;
mod latest;
mod log;
mod numbers;
mod problem;
mod profile;
mod ratings;
mod recognise;
mod roster;
mod rubric;
mod scan;
mod source;
mod stratified;
mod tree;

pub use amend::{amended, quoted};
pub use answers::{AnswerColumn, AnswerRow, AnswersFile, answers};
pub use built_in::{BuiltIn, built_in, profile};
pub use csr_list::{CsrList, ListedCsr, csr_list};
pub use excerpt::{Excerpt, Place};
pub use file::none_matches;
pub use log::{CallLog, TimesTold};
pub use numbers::{NumberTable, is_missing, numbers};
pub use problem::{Problem, ProblemKind, Problems};
pub use profile::{LoadedProfile, profile_text};
pub use ratings::{Category, RatingColumns, RatingTable, ratings};
pub use recognise::recognise;
pub use roster::{LoadedRoster, roster, roster_text};
pub use rubric::{LoadedRubric, faults_to_problems, rubric, rubric_text};
pub use scan::{RoundedIds, Scanned};
pub use stratified::{OwnCall, OwnStratum, StratifiedColumns, StratifiedSample, stratified};
