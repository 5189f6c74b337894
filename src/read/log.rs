//! A call log: its columns, and its place in problems.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::thread;

use super::blocks::{Block, Blocks, Broken};
use super::decode::Decoded;
use super::dialect::{LONGEST_ROW, Refused, Spot, Start};
use super::excerpt::{Excerpt, Place, place_in_line};
use super::fast;
use super::file::{self, name_of, trouble};
use super::problem::{Problem, in_a_profile};
use super::scan::records;
use crate::calls::{ColumnFault, Columns, Profile, escape};
use crate::rubric::nearest;

/// More threads would wait for the memory.
const MOST_THREADS: usize = 8;

/// An export with all calls of a period, opened: its columns are known.
#[derive(Clone, Debug)]
pub struct CallLog {
    pub(super) path: PathBuf,
    pub(super) columns: Columns,
    pub(super) allow_bad_rows: bool,
    pub(super) threads: usize,
    /// Bytes that a thread takes at once.
    pub(super) chunk: usize,
    /// The careful way alone.
    pub(super) carefully: bool,
    /// The line of the column names, where there are any.
    pub(super) header_line: Option<u64>,
    name: String,
    bytes: u64,
}

impl CallLog {
    /// Reads the header and finds the columns. A log with a header alone is a log of no calls.
    ///
    /// # Errors
    /// The file can't be read or is empty; a needed column is missing or there twice; the first rows are no CSV.
    pub fn open(paths: &[PathBuf], profile: &Profile) -> Result<Self, Problem> {
        let [path] = paths else {
            let name = paths.first().map(|path| name_of(path)).unwrap_or_default();
            return Err(Problem::bad(
                &name,
                format!("a call log is one file, not {}", paths.len()),
            ));
        };
        let (_, bytes) = file::open(path)?;
        let name = name_of(path);
        let mut blocks = Blocks::new(open_text(path, profile)?, profile.delimiter);
        let first = blocks
            .next_block()
            .map_err(|broken| problem_of(path, profile, broken))?;
        let Some(block) = first else {
            return Err(Problem::bad(&name, "this file is empty")
                .hint("a call log begins with a line of column names"));
        };
        let names = header(path, profile, &block)?;
        let line = block.starts.first().map_or(1, |start| start.line);
        let columns = Columns::find(names.clone(), profile)
            .map_err(|fault| column_problem(&name, line, &block, &names, profile, &fault))?;
        Ok(Self {
            path: path.clone(),
            columns,
            allow_bad_rows: false,
            threads: thread::available_parallelism()
                .map_or(1, usize::from)
                .min(MOST_THREADS),
            chunk: fast::CHUNK,
            carefully: false,
            header_line: profile.header.then_some(line),
            name,
            bytes,
        })
    }

    /// Whether rows with bytes that are no text are refused as unreadable instead of stopping the scan.
    #[must_use]
    pub fn allow_bad_rows(mut self, allow: bool) -> Self {
        self.allow_bad_rows = allow;
        self
    }

    /// How many threads read the log, where it is said. The result is the same for any number.
    #[must_use]
    pub fn with_threads(mut self, threads: Option<usize>) -> Self {
        self.threads = threads.unwrap_or(self.threads).max(1);
        self
    }

    /// How many bytes a thread takes at once. The result is the same for any number: tests try small ones.
    #[must_use]
    pub fn in_chunks_of(mut self, bytes: usize) -> Self {
        self.chunk = bytes.max(1);
        self
    }

    /// Whether the log is read character by character from the beginning even where that isn't needed. The result is the
    /// same: tests hold the quick way against it.
    #[must_use]
    pub fn carefully(mut self, carefully: bool) -> Self {
        self.carefully = carefully;
        self
    }

    /// What the columns are called and which play a role.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The file as the user named it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The size of the file when it was opened.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

/// The text of a log from its beginning.
pub(super) fn open_text(path: &Path, profile: &Profile) -> Result<Decoded<File>, Problem> {
    let (file, _) = file::open(path)?;
    Ok(Decoded::new(file, &profile.encoding))
}

/// The column names: the first record, or positions where there is no header.
pub(super) fn header(
    path: &Path,
    profile: &Profile,
    block: &Block,
) -> Result<Vec<String>, Problem> {
    let mut record = csv::StringRecord::new();
    let mut reader = records(&block.bytes, profile.delimiter);
    match reader.read_record(&mut record) {
        Ok(_) => {}
        Err(_) => {
            let start = block.starts.first().copied();
            return Err(not_text(path, profile, start.unwrap_or(FIRST)));
        }
    }
    if !profile.header {
        return Ok((1..=record.len()).map(|at| at.to_string()).collect());
    }
    Ok(record.iter().map(|name| name.trim().to_owned()).collect())
}

const FIRST: Start = Start { line: 1, offset: 0 };

/// What stopped the blocks, for people.
pub(super) fn problem_of(path: &Path, profile: &Profile, broken: Broken) -> Problem {
    let stop = match broken {
        Broken::Io(error) => return trouble(path, &error),
        Broken::Dialect(stop) => stop,
    };
    let (message, hint) = stop.words(profile.delimiter, true);
    let problem = Problem::bad(&name_of(path), message).maybe_hint(hint);
    let mut problem = place(path, profile, problem, stop.spot);
    if matches!(stop.what, Refused::Nul(_)) {
        // Binary content tells nobody anything.
        problem.excerpt = None;
    }
    problem
}

/// A record with bytes that are no text.
pub(super) fn not_text(path: &Path, profile: &Profile, start: Start) -> Problem {
    let utf_8 = profile.encoding.eq_ignore_ascii_case("utf-8");
    let problem = if utf_8 {
        Problem::bad(&name_of(path), "these bytes are not UTF-8 text").hint(format!(
            "if the log has another encoding, {}",
            in_a_profile("file", "encoding", "windows-1252")
        ))
    } else {
        let encoding = escape(&profile.encoding);
        Problem::bad(
            &name_of(path),
            format!("these bytes are not {encoding} text"),
        )
        .hint("name the log's encoding in the profile, under [file]")
    };
    let Ok(text) = stretch(path, profile, start.offset, LONGEST_ROW) else {
        return problem;
    };
    let bad =
        std::str::from_utf8(&text).map_or_else(|error| error.valid_up_to(), |text| text.len());
    let line_start = memchr::memrchr(b'\n', &text[..bad]).map_or(0, |end| end + 1);
    let spot = Spot {
        line: start.line + memchr::memchr_iter(b'\n', &text[..bad]).count() as u64,
        line_start: start.offset + line_start as u64,
        offset: start.offset + bad as u64,
    };
    place(path, profile, problem, spot)
}

/// Adds place and excerpt, for which the file is read once more up to there.
fn place(path: &Path, profile: &Profile, problem: Problem, spot: Spot) -> Problem {
    let into_line = spot.offset - spot.line_start;
    let Ok(bytes) = stretch(path, profile, spot.line_start, into_line + 400) else {
        return problem;
    };
    let into_line = usize::try_from(into_line)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let before = String::from_utf8_lossy(&bytes[..into_line]);
    let after = String::from_utf8_lossy(&bytes[into_line..]);
    let at = before.len();
    let line = before.into_owned() + &after;
    problem.at(place_in_line(&line, spot.line, 0, &(at..at + 1)))
}

fn stretch(path: &Path, profile: &Profile, from: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut text = Decoded::new(File::open(path)?, &profile.encoding);
    io::copy(&mut text.by_ref().take(from), &mut io::sink())?;
    let mut bytes = Vec::new();
    text.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// How many column names a message lists.
const MOST_LISTED: usize = 30;

fn column_problem(
    file: &str,
    line: u64,
    block: &Block,
    names: &[String],
    profile: &Profile,
    fault: &ColumnFault,
) -> Problem {
    let first = String::from_utf8_lossy(&block.bytes);
    let row = first
        .trim_start_matches(['\r', '\n'])
        .lines()
        .next()
        .unwrap_or_default();
    let show = |range: Range<usize>| {
        let place = Place {
            line,
            column: row[..range.start].chars().count() as u64 + 1,
        };
        (place, Excerpt::of(row, range))
    };
    let problem = Problem::bad(file, escape(&fault.to_string())).at(show(0..row.len()));
    match fault {
        ColumnFault::Missing { role } => {
            if let Some(other) = other_delimiter(row, names, profile) {
                return problem.hint(format!(
                    "the columns look separated by {}; {}",
                    if other == "tab" {
                        "tabs".to_owned()
                    } else {
                        format!("`{other}`")
                    },
                    in_a_profile("file", "delimiter", other)
                ));
            }
            let example = nearest(role.as_str(), names.iter().map(String::as_str))
                .or_else(|| names.first().map(String::as_str))
                .unwrap_or("1");
            problem.hint(format!(
                "columns here: {}\n{}",
                listed(names),
                in_a_profile("columns", role.as_str(), example),
            ))
        }
        ColumnFault::NotThere { name } => {
            let near = nearest(name, names.iter().map(String::as_str));
            problem.hint(match near {
                Some(near) => format!("did you mean `{}`?", escape(near)),
                None => format!("columns here: {}", listed(names)),
            })
        }
        ColumnFault::Twice { .. } => {
            problem.hint("name the right one in a profile by its position, counted from 1")
        }
    }
}

fn listed(names: &[String]) -> String {
    let shown = super::tree::ticked(&names[..names.len().min(MOST_LISTED)]);
    match names.len().saturating_sub(MOST_LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A header that is one column for us but has the marks of another delimiter.
fn other_delimiter(row: &str, names: &[String], profile: &Profile) -> Option<&'static str> {
    let own = char::from(profile.delimiter);
    [(';', ";"), ('\t', "tab"), ('|', "|"), (',', ",")]
        .into_iter()
        .find(|(mark, _)| names.len() == 1 && *mark != own && row.matches(*mark).count() >= 2)
        .map(|(_, name)| name)
}
