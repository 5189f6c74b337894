//! Report values as text: terminal tables, CSV, Markdown and JSON. Knows how things look and nothing of what they mean.

mod cell;
mod csv;
pub mod json;
mod markdown;
mod terminal;

pub use csv::csv;
pub use json::{AnyTable, ReportJson};
pub use markdown::markdown;
pub use terminal::{Width, sentence, terminal};
