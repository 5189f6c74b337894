//! The beginning of a log's file: its column names, and where the calls begin.

use std::io::Read;
use std::sync::Arc;

use super::faults::{column_problem, mends, not_text, problem_of};
use super::layout::Layout;
use crate::calls::{Columns, Profile, same_name};
use crate::read::blocks::{Block, Blocks};
use crate::read::built_in::BuiltIn;
use crate::read::dialect::Start;
use crate::read::problem::Problem;
use crate::read::recognise::recognise;
use crate::read::scan::records;
use crate::read::source::Source;

/// What a file begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::read) struct Head {
    pub(in crate::read) layout: Layout,
    /// Column names; positions where there are none.
    pub(in crate::read) names: Vec<String>,
    /// Line of the column names; of the first call where there are none.
    pub(in crate::read) line: u64,
    /// Records that begin before this line are no calls.
    pub(in crate::read) first: u64,
    /// The beginning as it stands there.
    pub(in crate::read) text: String,
}

/// Why a beginning can't be read.
pub(in crate::read) struct Unread {
    pub(in crate::read) problem: Problem,
    /// Mending its rows may help.
    pub(in crate::read) mends: bool,
}

impl From<Problem> for Unread {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            mends: false,
        }
    }
}

/// So many records may stand above the column names: titles, notes, the date of the export.
const MOST_ABOVE: usize = 50;

impl Head {
    /// Reads the beginning.
    pub(in crate::read) fn read(source: &Source, profile: &Profile) -> Result<Self, Unread> {
        let layout = Layout::of(source, profile)?;
        let text = layout.text(source, &Arc::default())?;
        let first = Blocks::new(text, layout.delimiter).next_block();
        let first = first.map_err(|broken| Unread {
            mends: mends(&broken),
            problem: problem_of(source, &layout, broken),
        })?;
        let Some(block) = first else {
            let empty = Problem::bad(source.name(), "this file is empty");
            return Err(empty
                .hint("a call log begins with a line of column names")
                .into());
        };
        Self::of(source, &layout, profile, &block)
    }

    /// The beginning that these first records are. The column names are in the first of them that names the columns a
    /// log must have; if none does, in the first of all.
    fn of(
        source: &Source,
        layout: &Layout,
        profile: &Profile,
        block: &Block,
    ) -> Result<Self, Unread> {
        let mut record = csv::StringRecord::new();
        let mut reader = records(&block.bytes, layout.delimiter);
        let mut topmost = None;
        for (at, start) in block.starts.iter().enumerate().take(MOST_ABOVE) {
            if reader.read_record(&mut record).is_err() {
                match topmost {
                    None => {
                        return Err(Unread {
                            mends: true,
                            problem: not_text(source, layout, *start),
                        });
                    }
                    Some(_) => break,
                }
            }
            let names = match profile.header {
                true => record.iter().map(|name| name.trim().to_owned()).collect(),
                false => (1..=record.len()).map(|at| at.to_string()).collect(),
            };
            let head = Self {
                layout: layout.clone(),
                names,
                line: start.line,
                first: match profile.header {
                    false => start.line,
                    true => {
                        let skipped = profile.skip_after_header;
                        let last = block.starts.get(at + skipped);
                        // What isn't in the first block any more is taken for lines that are as short as they should be.
                        last.map_or(start.line + skipped as u64, |last| last.line) + 1
                    }
                },
                text: first_line(block, *start),
            };
            if !profile.header || Columns::find(head.names.clone(), profile).is_ok() {
                return Ok(head);
            }
            topmost.get_or_insert(head);
        }
        // A block has one record at least.
        topmost.ok_or_else(|| Problem::bad(source.name(), "this file is empty").into())
    }

    /// The first calls with their lines, of those that are in the first block.
    pub(super) fn first_rows(
        &self,
        source: &Source,
        most: usize,
    ) -> Result<Vec<(u64, csv::StringRecord)>, Problem> {
        let text = self.layout.text(source, &Arc::default())?;
        let first = Blocks::new(text, self.layout.delimiter).next_block();
        let block = first.map_err(|broken| problem_of(source, &self.layout, broken))?;
        let block = block.unwrap_or_default();
        let all = records(&block.bytes, self.layout.delimiter).into_records();
        let rows = block.starts.iter().zip(all).filter_map(|(start, record)| {
            let record = record.ok()?;
            (start.line >= self.first).then_some((start.line, record))
        });
        Ok(rows.take(most).collect())
    }

    /// Finds this file's columns.
    pub(super) fn columns(&self, source: &Source, profile: &Profile) -> Result<Columns, Problem> {
        let found = Columns::find(self.names.clone(), profile);
        found.map_err(|fault| column_problem(source.name(), self, profile, &fault))
    }
}

/// Rows by which a log is recognised, and bytes that have them.
const SIGNS: usize = 20;
const FIRST: u64 = 64 << 10;

/// The profile in the program for a file that begins like this one.
pub(super) fn recognised(source: &Source) -> Result<Option<&'static BuiltIn>, Problem> {
    let layout = Layout::of(source, &Profile::default())?;
    let text = layout.text(source, &Arc::default())?;
    // Whether it keeps the rules of CSV is seen by whoever reads it.
    let mut first = Vec::new();
    let read = text.take(FIRST).read_to_end(&mut first);
    read.map_err(|error| source.trouble(&error))?;
    let all = records(&first, layout.delimiter).into_records();
    let rows = all.map_while(Result::ok).take(SIGNS);
    let rows: Vec<Vec<String>> = rows
        .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect())
        .collect();
    // The column names may stand below a title.
    let from = |at: usize| recognise(&rows[at], &rows[at + 1..]);
    Ok((0..rows.len()).find_map(from))
}

/// Where the columns of one file are in another one; `None` if all are in the same places. Those that play a role are
/// known by it, the others by their names.
pub(super) fn places(all: &[String], log: &Columns, own: &Columns) -> Option<Vec<usize>> {
    if own.names() == all {
        return None;
    }
    let role = |at: usize| log.found().iter().find(|found| found.column == at);
    let place = |(at, name): (usize, &String)| {
        let by_role = role(at).and_then(|found| own.of(found.role));
        let named = || own.names().iter().position(|own| same_name(own, name));
        by_role.or_else(named).unwrap_or(usize::MAX)
    };
    Some(all.iter().enumerate().map(place).collect())
}

/// Names that another file has besides.
pub(super) fn further<'a>(all: &[String], log: &Columns, own: &'a Columns) -> Vec<&'a String> {
    let known = |at: usize, name: &str| {
        let role = own.found().iter().find(|found| found.column == at);
        role.is_some_and(|found| log.of(found.role).is_some())
            || all.iter().any(|known| same_name(known, name))
    };
    let names = own.names().iter().enumerate();
    let further = names.filter(|(at, name)| !known(*at, name));
    further.map(|(_, name)| name).collect()
}

/// The line on which a record begins.
fn first_line(block: &Block, start: Start) -> String {
    let base = block.starts.first().map_or(0, |first| first.offset);
    let from = usize::try_from(start.offset - base).unwrap_or(0);
    let rest = block.bytes.get(from..).unwrap_or_default();
    let line = rest.split(|byte| matches!(byte, b'\r' | b'\n')).next();
    String::from_utf8_lossy(line.unwrap_or_default()).into_owned()
}
