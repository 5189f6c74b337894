//! Report values as text: terminal tables, CSV, Markdown, JSON and pages of HTML. Knows how things look and nothing of what they mean.

mod cell;
mod csv;
mod drawing;
mod html;
pub mod json;
mod markdown;
mod svg;
mod terminal;

pub use csv::csv;
pub use html::{Page, html};
pub use json::{AnyTable, ReportJson};
pub use markdown::markdown;
pub use terminal::{Width, sentence, terminal};
