//! What is no text, written down as a table of text: one CSV record for each row, read then like any other log.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::sync::Arc;

use crate::read::problem::{Problem, ProblemKind};
use crate::read::scan::RoundedIds;

/// A table in a file without a name.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) text: Arc<File>,
    pub(super) bytes: u64,
    pub(super) lines: Arc<Lines>,
    /// What is worth knowing of it.
    pub(super) told: Option<String>,
    /// Rows that broke the rules and were mended.
    pub(super) mended: Vec<u64>,
    /// The sheet, where it was chosen among several.
    pub(super) sheet: Option<String>,
    /// By column, numbers that have more digits than a spreadsheet keeps.
    pub(super) long_numbers: HashMap<usize, RoundedIds>,
}

/// Which rows the lines of a table are: they aren't counted alike where cells have several lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// A line from which on the difference is another one, and the row that it is.
    changes: Vec<(u64, u64)>,
}

impl Lines {
    pub(super) fn of(&self, line: u64) -> u64 {
        let after = self.changes.partition_point(|(from, _)| *from <= line);
        match after.checked_sub(1).and_then(|at| self.changes.get(at)) {
            Some((from, row)) => row + (line - from),
            None => line,
        }
    }
}

/// Why something can't be written down.
#[derive(Debug)]
pub(super) enum Told {
    /// What is wrong with it, and what to do.
    Content(String, String),
    /// There is no room for the table.
    Room(io::Error),
    /// Told already.
    Problem(Problem),
}

impl Told {
    pub(super) fn problem(self, name: &str) -> Problem {
        match self {
            Self::Content(message, hint) => Problem::bad(name, message).hint(hint),
            Self::Room(error) => Problem::new(
                ProblemKind::Io,
                name,
                format!("its table can't be written down for reading: {error}"),
            )
            .hint("that is done in the folder for temporary files (TMPDIR): it needs room for the whole log"),
            Self::Problem(problem) => problem,
        }
    }
}

/// Writes a table down row by row.
pub(super) struct Writer {
    out: BufWriter<File>,
    /// The line that comes next.
    line: u64,
    lines: Lines,
    record: Vec<u8>,
}

impl Writer {
    pub(super) fn new() -> Result<Self, Told> {
        let file = tempfile::tempfile().map_err(Told::Room)?;
        Ok(Self {
            out: BufWriter::with_capacity(1 << 18, file),
            line: 1,
            lines: Lines::default(),
            record: Vec::new(),
        })
    }

    /// Adds a row of which the place in its source is `row`, counted from 1.
    pub(super) fn row<'a>(
        &mut self,
        row: u64,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Told> {
        if self.lines.of(self.line) != row {
            self.lines.changes.push((self.line, row));
        }
        self.record.clear();
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.record.push(b',');
            }
            // An empty first cell in quotes: a row of one empty cell is no empty line.
            let quoted = memchr::memchr3(b',', b'"', b'\n', cell.as_bytes()).is_some()
                || cell.contains('\r')
                || (at == 0 && cell.is_empty());
            match quoted {
                false => self.record.extend_from_slice(cell.as_bytes()),
                true => {
                    self.record.push(b'"');
                    self.record
                        .extend_from_slice(cell.replace('"', "\"\"").as_bytes());
                    self.record.push(b'"');
                }
            }
        }
        self.record.push(b'\n');
        self.line += line_ends(&self.record);
        self.out.write_all(&self.record).map_err(Told::Room)
    }

    pub(super) fn finish(self, told: Option<String>, mended: Vec<u64>) -> Result<Table, Told> {
        let written = self.out.into_inner();
        let mut text = written.map_err(|error| Told::Room(error.into_error()))?;
        let bytes = text.stream_position().map_err(Told::Room)?;
        Ok(Table {
            text: Arc::new(text),
            bytes,
            lines: Arc::new(self.lines),
            told,
            mended,
            sheet: None,
            long_numbers: HashMap::new(),
        })
    }
}

/// As the reader of the text counts them: `\r\n` is one.
fn line_ends(record: &[u8]) -> u64 {
    let ends = memchr::memchr2_iter(b'\n', b'\r', record);
    let alone = |at: &usize| record[*at] == b'\n' || record.get(at + 1) != Some(&b'\n');
    ends.filter(alone).count() as u64
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn rows_are_found_again_behind_cells_of_several_lines_and_missing_rows() {
        let mut writer = Writer::new().expect("begun");
        for (row, cells) in [
            (1, ["call_id", "note"]),
            (2, ["1", "a\r\nb\rc\nd"]),
            (3, ["2", "plain"]),
            (7, ["", "\"so\", he said"]),
            (8, ["4", ""]),
        ] {
            writer.row(row, cells).expect("written");
        }
        let table = writer.finish(None, Vec::new()).expect("written");
        let mut text = String::new();
        let mut file = table.text.try_clone().expect("file");
        file.rewind().expect("rewound");
        file.read_to_string(&mut text).expect("read");
        assert_eq!(
            text,
            "call_id,note\n1,\"a\r\nb\rc\nd\"\n2,plain\n\"\",\"\"\"so\"\", he said\"\n4,\n"
        );
        assert_eq!(table.bytes, text.len() as u64);
        for (line, row) in [(1, 1), (2, 2), (6, 3), (7, 7), (8, 8)] {
            assert_eq!(table.lines.of(line), row, "line {line}");
        }
    }
}
