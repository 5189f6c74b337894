//! Small tables of somebody's own numbers (CSV with a header), for estimates and agreement outside a store.

use std::path::Path;

use csv::StringRecord;

use super::answers::locate;
use super::answers_csv::{counted, csv_cell};
use super::dialect::{Dialect, Start};
use super::file;
use super::problem::Problem;
use super::scan::records;
use crate::calls::{escape, same_name};
use crate::rubric::nearest;

/// A table of texts that knows where each stood.
#[derive(Clone, Debug)]
pub struct NumberTable {
    name: String,
    text: String,
    delimiter: u8,
    header: Row,
    rows: Vec<Row>,
}

/// A record of the file.
#[derive(Clone, Debug)]
struct Row {
    line: u64,
    /// Of its first byte in the text.
    offset: usize,
    /// Without blanks around them.
    cells: Vec<String>,
}

/// Nobody types a table this long by hand; a call log belongs elsewhere.
const MOST_BYTES: u64 = 256 << 20;

const COMMA: u8 = b',';

/// Reads a table.
///
/// # Errors
/// No such file, not UTF-8, no header, another delimiter than the comma, a row with another number of fields.
pub fn numbers(path: &Path) -> Result<NumberTable, Problem> {
    let text = file::read_text(path, MOST_BYTES)?;
    table(file::name_of(path), text)
}

/// Whether a cell says that there is nothing: blank, or `NA`.
pub fn is_missing(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("na")
}

/// The same from a text.
pub(super) fn table(name: String, text: String) -> Result<NumberTable, Problem> {
    table_by(COMMA, name, text)
}

/// The same with another delimiter.
pub(super) fn table_by(delimiter: u8, name: String, text: String) -> Result<NumberTable, Problem> {
    let mut starts = Vec::new();
    let mut dialect = Dialect::new(delimiter);
    let watched = dialect.watch(text.as_bytes(), &mut starts);
    if let Err(stop) = watched.and_then(|()| dialect.finish()) {
        let (message, hint) = stop.words(delimiter, false);
        let (start, at) = (place(stop.spot.line_start), place(stop.spot.offset));
        let spot = locate(&text, stop.spot.line, start, at - start..at - start + 1);
        return Err(Problem::bad(&name, message).maybe_hint(hint).at(spot));
    }
    let mut rows = rows(&text, &starts, delimiter).into_iter();
    let header = rows.next().unwrap_or_else(Row::none);
    if header.cells.iter().all(String::is_empty) {
        let problem = Problem::bad(&name, "this file is empty");
        return Err(problem.hint("it begins with a line of column names"));
    }
    let table = NumberTable {
        name,
        delimiter,
        header,
        rows: rows.collect(),
        text,
    };
    table.check()?;
    Ok(table)
}

fn rows(text: &str, starts: &[Start], delimiter: u8) -> Vec<Row> {
    let mut reader = records(text.as_bytes(), delimiter);
    let mut record = StringRecord::new();
    let mut rows = Vec::new();
    for start in starts {
        // The text is UTF-8, so reading can't fail.
        if !reader.read_record(&mut record).unwrap_or(false) {
            break;
        }
        rows.push(Row::new(start, &record));
    }
    rows
}

impl Row {
    fn new(start: &Start, record: &StringRecord) -> Self {
        Self {
            line: start.line,
            offset: place(start.offset),
            cells: record.iter().map(|cell| cell.trim().to_owned()).collect(),
        }
    }

    fn none() -> Self {
        Self {
            line: 1,
            offset: 0,
            cells: Vec::new(),
        }
    }
}

/// Offsets of a text in memory fit.
fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

impl NumberTable {
    /// The form: one delimiter, as many fields everywhere, and rows at all.
    fn check(&self) -> Result<(), Problem> {
        if let [only] = self.header.cells.as_slice() {
            for (mark, name) in [(';', "`;`"), ('\t', "tabs"), ('|', "`|`")] {
                if only.contains(mark) {
                    let message = format!("the columns of this file look separated by {name}");
                    return Err(self
                        .at(&self.header, None, message)
                        .hint("save it as CSV with commas, and any numbers with a decimal point"));
                }
            }
        }
        let columns = self.header.cells.len();
        if let Some(row) = self.rows.iter().find(|row| row.cells.len() != columns) {
            return Err(self.at(
                row,
                None,
                format!(
                    "this row has {}, the header has {columns}",
                    counted(row.cells.len())
                ),
            ));
        }
        if self.rows.is_empty() {
            let problem = Problem::bad(&self.name, "this file has column names and no rows");
            return Err(problem.hint("the rows come below the names"));
        }
        Ok(())
    }

    /// The column names, in the file's order.
    pub fn columns(&self) -> &[String] {
        &self.header.cells
    }

    /// All rows' texts, trimmed; one row at least.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[String]> {
        self.rows.iter().map(|row| row.cells.as_slice())
    }

    /// The place of a column: of the one with just this name, else of the only one that differs in case, blanks, `_` and
    /// `-` alone.
    ///
    /// # Errors
    /// There is none of this name, and the nearest one is offered; or there are two.
    pub fn column(&self, wanted: &str) -> Result<usize, Problem> {
        let names = self.columns();
        let find = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let places = names.iter().enumerate();
            places
                .filter(|(_, name)| fits(name))
                .map(|(at, _)| at)
                .collect()
        };
        let exact = find(&|name| name == wanted);
        let found = match exact.is_empty() {
            true => find(&|name| same_name(name, wanted)),
            false => exact,
        };
        match found.as_slice() {
            [only] => Ok(*only),
            [] => {
                let near = nearest(wanted, names.iter().map(String::as_str));
                let hint = match near {
                    Some(near) => format!("did you mean `{}`?", escape(near)),
                    None => format!("columns here: {}", names.join(", ")),
                };
                let message = format!("no column is called `{}`", escape(wanted));
                Err(Problem::bad(&self.name, message).hint(hint))
            }
            [_, second, ..] => {
                let message = format!("two columns are called `{}`", escape(wanted));
                Err(self
                    .at(&self.header, Some(*second), message)
                    .hint("give each column a name of its own"))
            }
        }
    }

    /// The number in a cell; `None` where it is blank or says `NA`.
    ///
    /// # Errors
    /// The text is no finite number; told with line and column.
    pub fn number(&self, row: usize, column: usize) -> Result<Option<f64>, Problem> {
        let text = self.text(row, column);
        if is_missing(text) {
            return Ok(None);
        }
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(Some(value)),
            _ => {
                let problem =
                    self.problem(row, column, format!("`{}` is not a number", escape(text)));
                let comma = text
                    .contains(',')
                    .then(|| "write a decimal point".to_owned());
                Err(problem.maybe_hint(comma))
            }
        }
    }

    /// Something wrong with a cell.
    pub fn problem(&self, row: usize, column: usize, message: impl Into<String>) -> Problem {
        let row = self.rows.get(row).unwrap_or(&self.header);
        self.at(row, Some(column), message)
    }

    /// Something wrong with the name of a column.
    pub fn name_problem(&self, column: usize, message: impl Into<String>) -> Problem {
        self.at(&self.header, Some(column), message)
    }

    /// The text of a cell; empty beyond the table.
    pub fn text(&self, row: usize, column: usize) -> &str {
        let cells = self.rows.get(row).map(|row| row.cells.as_slice());
        let text = cells.and_then(|cells| cells.get(column));
        text.map_or("", String::as_str)
    }

    /// The line a row begins on, from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.rows.get(row).unwrap_or(&self.header).line
    }

    /// Something wrong with a cell, or with a whole row.
    fn at(&self, row: &Row, column: Option<usize>, message: impl Into<String>) -> Problem {
        let rest = &self.text[row.offset..];
        let whole = || 0..rest.lines().next().unwrap_or_default().len();
        let range = column.and_then(|column| csv_cell(rest, self.delimiter, column));
        let spot = locate(
            &self.text,
            row.line,
            row.offset,
            range.unwrap_or_else(whole),
        );
        Problem::bad(&self.name, message).at(spot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<NumberTable, Problem> {
        table("n.csv".to_owned(), text.to_owned())
    }

    fn told(text: &str) -> String {
        read(text).expect_err("has a problem").to_text(false)
    }

    #[test]
    fn quotes_line_ends_and_blanks_leave_the_values() {
        let table = read("\"Grade\", Spending\r\n\r\n7,\" 3.5 \"\r\nNA,\r\n8,1e2").expect("table");
        assert_eq!(table.columns(), ["Grade", "Spending"]);
        let column = |at| -> Vec<Option<f64>> {
            (0..3)
                .map(|row| table.number(row, at).expect("number"))
                .collect()
        };
        assert_eq!(column(0), [Some(7.0), None, Some(8.0)]);
        assert_eq!(column(1), [Some(3.5), None, Some(100.0)]);
        assert_eq!([table.line(0), table.line(2)], [3, 5]);
    }

    #[test]
    fn what_is_no_number_is_shown_where_it_stands() {
        let table = read("a,b\r\n\"x, y\",1\r\n\"x\",\"2,5\"\r\ninf,nan\r\n").expect("table");
        let text = table.number(1, 1).expect_err("no number").to_text(false);
        assert!(
            text.contains("n.csv:3:5") && text.contains("decimal point"),
            "{text}"
        );
        for column in [0, 1] {
            let text = table
                .number(2, column)
                .expect_err("no number")
                .to_text(false);
            assert!(
                text.contains(&format!("n.csv:4:{}", 1 + 4 * column)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_name_is_taken_as_written_before_others_that_are_like_it() {
        let table = read("N,n,Two Words,x,x\n1,2,3,4,5\n").expect("table");
        let column = |name| table.column(name).map_err(|problem| problem.to_text(false));
        assert_eq!((column("N"), column("n")), (Ok(0), Ok(1)));
        assert_eq!(column("two_words"), Ok(2));
        assert!(column("x").expect_err("twice").contains("n.csv:1:17"));
        assert!(
            column("Two Wrods")
                .expect_err("none")
                .contains("`Two Words`")
        );
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_place() {
        assert!(told("").contains("empty"));
        assert!(told("\n,\n").contains("empty"));
        assert!(told("a,b\n").contains("no rows"));
        assert!(told("a;b\n1;2\n").contains("separated by `;`"));
        assert!(told("a\tb\n1\t2\n").contains("separated by tabs"));
        assert!(told("a,b\n1,2\n3\n").contains("n.csv:3:1"));
        assert!(told("a,b\n1,2,\n").contains("3 fields"));
        assert!(told("a,b\n1,\"2\n").contains("never closed"));
    }
}
