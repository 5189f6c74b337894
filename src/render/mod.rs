//! Report values as text: terminal tables, CSV, Markdown, JSON, pages of HTML and workbooks. Knows how things look and nothing of what they mean.

mod cell;
mod csv;
mod drawing;
mod flat;
mod html;
pub mod json;
mod markdown;
mod shade;
mod strip;
mod svg;
mod terminal;
mod xlsx;

pub use csv::csv;
pub use html::{Page, html};
pub use json::ReportJson;
pub use markdown::markdown;
pub use strip::Letters;
pub use terminal::{Width, sentence, terminal};
pub use xlsx::xlsx;
