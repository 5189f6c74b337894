//! Small tables of somebody's own numbers (CSV with a header), for estimates and agreement outside a store.

use std::path::Path;

use super::excerpt::{Place, Source};
use super::problem::{Problem, ProblemKind};
use super::{file, problem};
use crate::calls::{escape, same_name};
use crate::rubric::nearest;

/// A table of texts that knows where each stood.
#[derive(Clone, Debug)]
pub struct NumberTable {
    name: String,
    columns: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// Nobody types a table this long by hand; a call log belongs elsewhere.
const MOST_BYTES: u64 = 256 << 20;

/// Reads a table.
///
/// # Errors
/// No such file, not UTF-8, no header, a row with another number of fields.
pub fn numbers(path: &Path) -> Result<NumberTable, Problem> {
    let name = file::name_of(path);
    let (opened, bytes) = file::open(path)?;
    if bytes > MOST_BYTES {
        return Err(Problem::bad(&name, "this file is larger than 256 MB"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(opened);
    let failed = |error: csv::Error| unreadable(&name, &error);
    let columns: Vec<String> = reader
        .headers()
        .map_err(failed)?
        .iter()
        .map(str::to_owned)
        .collect();
    if columns.iter().all(String::is_empty) {
        return Err(
            Problem::bad(&name, "this file is empty").hint("it begins with a line of column names")
        );
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(failed)?;
        let line = row.position().map_or(0, csv::Position::line);
        rows.push((line, row.iter().map(str::to_owned).collect()));
    }
    Ok(NumberTable {
        name,
        columns,
        rows,
    })
}

fn unreadable(name: &str, error: &csv::Error) -> Problem {
    let line = error.position().map(csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::Io(_) => {
            return Problem::new(ProblemKind::Io, name, "this file can't be read");
        }
        csv::ErrorKind::Utf8 { .. } => "these bytes are not UTF-8 text".to_owned(),
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("this row has {len} fields, the header has {expected_len}")
        }
        _ => "this is not CSV".to_owned(),
    };
    let mut problem = Problem::bad(name, message);
    problem.place = line.map(|line| Place { line, column: 1 });
    problem
}

impl NumberTable {
    /// The column names, in the file's order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// All rows' texts, trimmed.
    pub fn rows(&self) -> impl Iterator<Item = &[String]> {
        self.rows.iter().map(|(_, cells)| cells.as_slice())
    }

    /// The place of a column.
    ///
    /// # Errors
    /// There is none of this name; the nearest one is offered.
    pub fn column(&self, wanted: &str) -> Result<usize, Problem> {
        self.columns
            .iter()
            .position(|name| same_name(name, wanted))
            .ok_or_else(|| {
                let near = nearest(wanted, self.columns.iter().map(String::as_str));
                let hint = match near {
                    Some(near) => format!("did you mean `{}`?", escape(near)),
                    None => format!("columns here: {}", self.columns.join(", ")),
                };
                Problem::bad(
                    &self.name,
                    format!("no column is called `{}`", escape(wanted)),
                )
                .hint(hint)
            })
    }

    /// The number in a cell; `None` where it is blank or says `NA`.
    ///
    /// # Errors
    /// The text is no finite number; told with line and column.
    pub fn number(&self, row: usize, column: usize) -> Result<Option<f64>, Problem> {
        let text = self
            .rows
            .get(row)
            .and_then(|(_, cells)| cells.get(column))
            .map_or("", String::as_str);
        if text.is_empty() || text.eq_ignore_ascii_case("na") {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => Err(self.problem(row, column, format!("`{}` is not a number", escape(text)))),
        }
    }

    /// Something wrong with a cell.
    pub fn problem(&self, row: usize, column: usize, message: impl Into<String>) -> Problem {
        let (line, cells) = match self.rows.get(row) {
            Some((line, cells)) => (*line, cells.as_slice()),
            None => (1, self.columns.as_slice()),
        };
        let text = cells.join(",");
        let start: usize = cells.iter().take(column).map(|cell| cell.len() + 1).sum();
        let end = start + cells.get(column).map_or(0, String::len);
        let source = Source::new(&self.name, &text);
        let mut problem =
            problem::Problem::in_source(&source, &(start..end.min(text.len())), message);
        if let Some(place) = &mut problem.place {
            place.line = line;
        }
        problem
    }
}
