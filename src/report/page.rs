//! What a page has besides sentences, tables and notes.

use super::{Explanation, Table};

/// The parts of a page that no table holds. Each may be empty.
#[derive(Clone, Debug, Default)]
pub struct PageParts {
    pub title: String,
    /// Where the sentences below the tables are more than notes: what they are about.
    pub notes_title: Option<&'static str>,
    /// Numbers to see first.
    pub headlines: Vec<Headline>,
    /// What to do next, the most urgent first.
    pub advice: Vec<Advice>,
    /// How each sample was drawn, and how anybody can repeat it.
    pub drawn: Vec<DrawnSample>,
    /// The arithmetic of scores, call by call.
    pub sheets: Vec<Sheet>,
    /// What was left out of `sheets`, and where it is.
    pub sheets_left_out: Option<String>,
}

/// A number to see first.
#[derive(Clone, Debug)]
pub struct Headline {
    pub name: String,
    pub value: String,
    /// Its margin, or what it is of.
    pub detail: String,
}

/// One thing to do, and on what evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// For instance "Coach" or "Praise".
    pub heading: &'static str,
    pub items: Vec<String>,
}

/// How a sample came about.
#[derive(Clone, Debug)]
pub struct DrawnSample {
    pub name: String,
    pub sentences: Vec<String>,
    /// Commands that re-draw and check it.
    pub commands: Vec<String>,
}

/// One evaluation, line by line.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub summary: String,
    pub table: Table,
    pub sentences: Vec<String>,
}

impl Sheet {
    /// The arithmetic of one evaluation.
    pub fn of(explanation: &Explanation) -> Self {
        let Explanation {
            call_id,
            csr,
            caller_type,
            ..
        } = explanation;
        Self {
            summary: format!(
                "{call_id}: {csr}, {caller_type} caller. {}",
                explanation.result()
            ),
            table: explanation.table(),
            sentences: explanation.sentences(),
        }
    }
}
