//! Scores contact-centre calls with an even hand: one rubric, a draw that anybody can repeat, estimates with margins.
//!
//! Nouns compute, verbs touch the world. Data flows one way: read, draw, score, estimate, report, render.
//!
//! | module | is for | may use |
//! |---|---|---|
//! | `rubric` | sections, behaviors, answers; faults; hashes | nothing of ours |
//! | `calls` | calls, caller types, columns, eligibility | nothing of ours |
//! | `sampling` | draw numbers, strata, the draw | `calls` |
//! | `evaluation` | answers, gaps, scores | `rubric`, `calls` |
//! | `estimate` | means, rates, gaps; numbers and designs alone | nothing of ours |
//! | `calibration` | agreement between analysts | `rubric`, `evaluation`, `estimate` |
//! | `report` | report values and the neutral table | all of the above |
//! | `render` | terminal, CSV, Markdown, JSON | `report` |
//! | `read` | bytes to rows, rubrics, answers, with positions | `rubric`, `calls`, `evaluation` |
//! | `store` | the contract and its SQLite engine | `rubric`, `calls`, `sampling`, `evaluation` |
//! | `tui` | the scoring screen | `rubric`, `calls`, `evaluation` |
//! | `cli` | one file per command | everything |
#![deny(unreachable_pub)]

pub mod calibration;
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
pub mod tui;
