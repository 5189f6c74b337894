//! The scoring screen: an analyst's whole day at the keyboard.
//!
//! `decide` looks at the screen and says what a key means; `scoring` has the [`Desk`] keep what changes and only then
//! applies it; `view` shows. The screen knows nothing of stores, files or clocks: all that is behind the desk.

mod decide;
mod desk;
mod editor;
mod scoring;
mod state;
mod terminal;
mod view;
mod words;

pub use desk::{Desk, Earlier, Summary, Trouble, Work};
pub use scoring::{Flow, Scoring};
pub use terminal::run;
use view::WIDE;
pub use view::{LEAST_HEIGHT, LEAST_WIDTH};
