//! The built program from outside: what it prints, its exit codes, and what it leaves behind.

mod bad_input;
mod calibration;
mod common;
mod containers;
mod dealing;
mod dealt;
mod documents;
mod draws;
mod files;
mod harness;
mod heard;
mod held_words;
mod keeping;
mod margins;
mod month;
mod own_numbers;
mod periods;
mod published;
mod reports;
mod rosters;
mod rubrics;
mod scoring;
mod spread;
mod survival;
mod upgrade;
