//! An answers file: who answered what about which call, as CSV or as JSON lines. Only its form is checked here; whether
//! the behaviors and answers exist is for whoever knows the rubric, and can be told with the cell's place.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use super::answers_csv::{self, csv_cell};
use super::answers_json::{self, json_cell};
use super::excerpt::place_in_line;
use super::file::{name_of, read_text};
use super::problem::{Problem, Problems};
use crate::calls::escape;
use crate::rubric::nearest;

/// What a column of an answers file holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AnswerColumn {
    CallId,
    Analyst,
    /// On the call.
    Comment,
    /// On the behavior with this id.
    CommentOn(String),
    /// Ids of drivers with `;` between.
    Drivers,
    /// Why the call can't be scored.
    Unscorable,
    CallerTypeHeard,
    CsrHeard,
    /// Why it was heard otherwise than logged.
    HeardReason,
    CompletedAt,
    /// Time spent.
    Seconds,
    /// On a call that can't be scored.
    Note,
    AmendReason,
    /// The answer to the behavior with this id.
    Behavior(String),
}

const PLAIN: [(&str, AnswerColumn); 12] = [
    ("call_id", AnswerColumn::CallId),
    ("analyst", AnswerColumn::Analyst),
    ("comment", AnswerColumn::Comment),
    ("drivers", AnswerColumn::Drivers),
    ("unscorable", AnswerColumn::Unscorable),
    ("caller_type_heard", AnswerColumn::CallerTypeHeard),
    ("csr_heard", AnswerColumn::CsrHeard),
    ("heard_reason", AnswerColumn::HeardReason),
    ("completed_at", AnswerColumn::CompletedAt),
    ("seconds", AnswerColumn::Seconds),
    ("note", AnswerColumn::Note),
    ("amend_reason", AnswerColumn::AmendReason),
];

impl AnswerColumn {
    /// By the header's text. Case, and `-` or a blank for `_`, don't matter in the names of plain columns; behavior ids
    /// are taken as they are.
    fn named(name: &str) -> Self {
        let name = name.trim();
        if let Some(behavior) = name.strip_prefix("comment:") {
            return Self::CommentOn(behavior.trim().to_owned());
        }
        let plain = name.to_lowercase().replace(['-', ' '], "_");
        PLAIN.iter().find(|(word, _)| *word == plain).map_or_else(
            || Self::Behavior(name.to_owned()),
            |(_, column)| column.clone(),
        )
    }

    /// The names of the columns that are no behavior's.
    pub fn plain_names() -> impl Iterator<Item = &'static str> {
        PLAIN.iter().map(|(name, _)| *name)
    }
}

/// The two forms of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv { delimiter: u8 },
    JsonLines,
}

/// A well-formed answers file.
#[derive(Clone, Debug)]
pub struct AnswersFile {
    name: String,
    text: String,
    form: Form,
    names: Vec<String>,
    columns: Vec<AnswerColumn>,
    /// The cells' texts, one after another.
    texts: String,
    cells: Vec<Cell>,
    rows: Vec<RowOf>,
}

/// A cell that is not blank.
#[derive(Clone, Debug)]
struct Cell {
    column: usize,
    text: Range<usize>,
}

#[derive(Clone, Debug)]
struct RowOf {
    line: u64,
    /// Of its first byte.
    offset: usize,
    cells: Range<usize>,
    call_id: Range<usize>,
}

const MOST_BYTES: u64 = 1 << 30;

/// Reads an answers file: JSON lines if it is called `.jsonl` or `.ndjson` or begins with `{`, else CSV.
///
/// # Errors
/// The file can't be read, or everything that is wrong with its form.
pub fn answers(path: &Path) -> Result<AnswersFile, Problems> {
    let text = read_text(path, MOST_BYTES)?;
    let json = path
        .extension()
        .is_some_and(|ext| ext.eq_ignore_ascii_case("jsonl") || ext.eq_ignore_ascii_case("ndjson"))
        || text.trim_start().starts_with('{');
    answers_text(name_of(path), text, json)
}

pub(super) fn answers_text(
    name: String,
    text: String,
    json: bool,
) -> Result<AnswersFile, Problems> {
    let form = if json {
        Form::JsonLines
    } else {
        Form::Csv { delimiter: b',' }
    };
    let mut building = Building {
        file: AnswersFile {
            name,
            form,
            names: Vec::new(),
            columns: Vec::new(),
            texts: String::new(),
            cells: Vec::new(),
            rows: Vec::new(),
            text: String::new(),
        },
        by_name: HashMap::new(),
        problems: Vec::new(),
    };
    match form {
        Form::Csv { delimiter } => answers_csv::read(&mut building, &text, delimiter),
        Form::JsonLines => answers_json::read(&mut building, &text),
    }
    building.file.text = text;
    match Problems::from_list(building.problems) {
        Some(problems) => Err(problems),
        None => Ok(building.file),
    }
}

/// A file on its way in.
pub(super) struct Building {
    file: AnswersFile,
    by_name: HashMap<String, usize>,
    pub(super) problems: Vec<Problem>,
}

/// More columns than a rubric can ask for.
const MOST_COLUMNS: usize = super::dialect::MOST_COLUMNS;

impl Building {
    pub(super) fn problem(&mut self, message: impl Into<String>) -> Problem {
        Problem::bad(&self.file.name, message)
    }

    /// The place of a name's column. A new one is made if need be.
    ///
    /// # Errors
    /// Another name means the same column, or there are too many.
    pub(super) fn column(&mut self, name: &str) -> Result<usize, String> {
        if let Some(at) = self.by_name.get(name) {
            return Ok(*at);
        }
        let column = AnswerColumn::named(name);
        if let Some(at) = self.file.columns.iter().position(|other| *other == column) {
            let other = escape(&self.file.names[at]).into_owned();
            return Err(format!(
                "`{}` and `{other}` are the same column",
                escape(name)
            ));
        }
        if self.file.columns.len() == MOST_COLUMNS {
            return Err(format!("there are more than {MOST_COLUMNS} columns"));
        }
        let at = self.file.columns.len();
        self.by_name.insert(name.to_owned(), at);
        self.file.names.push(name.to_owned());
        self.file.columns.push(column);
        Ok(at)
    }

    /// A header cell.
    ///
    /// # Errors
    /// The name has stood there before.
    pub(super) fn header(&mut self, name: &str) -> Result<(), String> {
        if self.by_name.contains_key(name) {
            return Err(format!("the column `{}` stands twice", escape(name)));
        }
        self.column(name).map(|_| ())
    }

    pub(super) fn has(&self, column: &AnswerColumn) -> bool {
        self.file.columns.contains(column)
    }

    /// The column's name nearest to `call_id`.
    pub(super) fn like_call_id(&self) -> Option<&str> {
        nearest("call_id", self.file.names.iter().map(String::as_str))
    }

    pub(super) fn begin_row(&mut self, line: u64, offset: usize) {
        let at = self.file.cells.len();
        self.file.rows.push(RowOf {
            line,
            offset,
            cells: at..at,
            call_id: 0..0,
        });
    }

    /// Adds to the current row; blank cells are left out.
    pub(super) fn cell(&mut self, column: usize, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let file = &mut self.file;
        let from = file.texts.len();
        file.texts.push_str(text);
        let range = from..file.texts.len();
        file.cells.push(Cell {
            column,
            text: range.clone(),
        });
        if let Some(row) = file.rows.last_mut() {
            row.cells.end = file.cells.len();
            if file.columns[column] == AnswerColumn::CallId {
                row.call_id = range;
            }
        }
    }

    /// Whether the current row names its call.
    pub(super) fn row_has_call(&self) -> bool {
        self.file
            .rows
            .last()
            .is_some_and(|row| !row.call_id.is_empty())
    }

    pub(super) fn columns(&self) -> &[AnswerColumn] {
        &self.file.columns
    }
}

/// One row: what one analyst says of one call.
#[derive(Clone, Copy, Debug)]
pub struct AnswerRow<'a> {
    file: &'a AnswersFile,
    row: &'a RowOf,
}

impl AnswersFile {
    /// As the user named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// In the file's order; of JSON lines, every key that occurs.
    pub fn columns(&self) -> &[AnswerColumn] {
        &self.columns
    }

    /// In the file's order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = AnswerRow<'_>> {
        self.rows.iter().map(|row| AnswerRow { file: self, row })
    }

    /// A problem with a cell (by its 0-based column), also one that is blank. User words in `message` must be escaped.
    pub fn problem_at(
        &self,
        row: &AnswerRow<'_>,
        column: usize,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Problem {
        let name = self.names.get(column).map_or("", String::as_str);
        let rest = &self.text[row.row.offset..];
        let cell = match self.form {
            Form::Csv { delimiter } => csv_cell(rest, delimiter, column),
            Form::JsonLines => json_cell(rest, name, 0),
        };
        self.placed(row, cell, message, hint)
    }

    /// A problem with a whole row.
    pub fn problem_in_row(
        &self,
        row: &AnswerRow<'_>,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Problem {
        let rest = &self.text[row.row.offset..];
        let line = rest.lines().next().unwrap_or_default().len();
        self.placed(row, Some(0..line), message, hint)
    }

    /// A problem with a column, shown at its name (CSV) or where it first occurs (JSON lines).
    pub fn problem_in_column(
        &self,
        column: usize,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Problem {
        let used = |row: &&RowOf| {
            let cells = &self.cells[row.cells.clone()];
            self.form == Form::JsonLines && cells.iter().any(|cell| cell.column == column)
        };
        if let Some(row) = self.rows.iter().find(used) {
            return self.problem_at(&AnswerRow { file: self, row }, column, message, hint);
        }
        let problem = Problem::bad(&self.name, message).maybe_hint(hint);
        let offset = self.text.len() - self.text.trim_start_matches(['\r', '\n']).len();
        let line = memchr::memchr_iter(b'\n', &self.text.as_bytes()[..offset]).count() as u64 + 1;
        match self.form {
            Form::Csv { delimiter } => {
                let cell = csv_cell(&self.text[offset..], delimiter, column).unwrap_or(0..0);
                problem.at(locate(&self.text, line, offset, cell))
            }
            Form::JsonLines => problem,
        }
    }

    fn placed(
        &self,
        row: &AnswerRow<'_>,
        cell: Option<Range<usize>>,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Problem {
        Problem::bad(&self.name, message)
            .maybe_hint(hint)
            .at(locate(
                &self.text,
                row.row.line,
                row.row.offset,
                cell.unwrap_or(0..0),
            ))
    }
}

/// The place of a stretch of a row that may go over several lines.
pub(super) fn locate(
    text: &str,
    line: u64,
    offset: usize,
    cell: Range<usize>,
) -> (super::Place, super::Excerpt) {
    let at = offset + cell.start;
    let before = &text.as_bytes()[offset..at];
    let start = memchr::memrchr(b'\n', before).map_or(offset, |end| offset + end + 1);
    let lines = memchr::memchr_iter(b'\n', before).count() as u64;
    place_in_line(text, line + lines, start, &(at..offset + cell.end))
}

impl<'a> AnswerRow<'a> {
    /// 1-based.
    pub fn line(&self) -> u64 {
        self.row.line
    }

    /// As written, without blanks around it; never empty.
    pub fn call_id(&self) -> &'a str {
        self.file.texts[self.row.call_id.clone()].trim()
    }

    /// Every cell that is not blank: 0-based column, its meaning, text without blanks around it.
    pub fn cells(&self) -> impl Iterator<Item = (usize, &'a AnswerColumn, &'a str)> + use<'a> {
        let file = self.file;
        file.cells[self.row.cells.clone()].iter().map(move |cell| {
            let text = file.texts[cell.text.clone()].trim();
            (cell.column, &file.columns[cell.column], text)
        })
    }

    /// The text of one column, without blanks around it; `None` where it is blank or not there.
    pub fn text(&self, column: &AnswerColumn) -> Option<&'a str> {
        self.cells()
            .find(|(_, other, _)| *other == column)
            .map(|(_, _, text)| text)
    }
}
