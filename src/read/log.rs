//! A call log: its files and their columns.

mod faults;
mod head;
mod layout;
mod times;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread;

use super::built_in::BuiltIn;
use super::dialect::Start;
use super::fast;
use super::problem::Problem;
use super::profile::profile_text;
use super::recognise::recognise;
use super::scan::{RoundedIds, place};
use super::source::{IsHeader, Source};
use crate::calls::{Columns, Profile, Role, escape};
use faults::bytes_of;
pub(super) use faults::{mends, not_text, problem_of};
pub(super) use head::Head;
use head::{further, places};
use layout::Layout;
pub use times::TimesTold;

/// More threads would wait for the memory.
const MOST_THREADS: usize = 8;

/// An export with all calls of a period, in one file or several, opened: its columns are known.
#[derive(Clone, Debug)]
pub struct CallLog {
    pub(super) files: Vec<LogFile>,
    pub(super) columns: Columns,
    pub(super) allow_bad_rows: bool,
    pub(super) threads: usize,
    /// Bytes that a thread takes at once.
    pub(super) chunk: usize,
    /// The careful way alone.
    pub(super) carefully: bool,
    /// The last update of calls that have been updated, once the log has been read for them.
    pub(super) updates: Arc<OnceLock<HashMap<String, String>>>,
}

/// One of the files.
#[derive(Clone, Debug)]
pub(super) struct LogFile {
    pub(super) source: Source,
    pub(super) head: Head,
    /// What its own text is written in.
    pub(super) encoding: String,
    /// Where each column of the log is in this file, unless they are in the same places.
    pub(super) places: Option<Vec<usize>>,
    /// The same file in the encoding that it turned out to be in, once that was needed.
    settled: Arc<OnceLock<Box<LogFile>>>,
    /// The same file with its rows mended, once that was needed.
    mended: Arc<OnceLock<Box<LogFile>>>,
}

impl LogFile {
    /// The same, once a record that isn't text has shown in which encoding it is if not in that of its beginning; `None`
    /// if that is known.
    pub(super) fn settle(&self, start: Start) -> Option<&Self> {
        let layout = &self.head.layout;
        let sure = layout.sure(|| bytes_of(&self.source, layout, start))?;
        Some(self.settled.get_or_init(|| {
            let mut settled = self.clone();
            settled.encoding.clone_from(&sure.encoding);
            settled.head.layout = sure;
            settled.settled = Arc::default();
            settled.mended = Arc::default();
            Box::new(settled)
        }))
    }

    /// Ids that are numbers in a workbook with more digits than it keeps; `before` lines are in the files before.
    pub(super) fn rounded_ids(&self, columns: &Columns, before: u64) -> Option<RoundedIds> {
        let [column] = columns.all_of(Role::CallId) else {
            return None;
        };
        let long = self
            .source
            .long_numbers(place(self.places.as_deref(), *column))?;
        Some(RoundedIds {
            line: before + long.line,
            ..long.clone()
        })
    }

    /// The first calls, as many as are in the first block: the line of each, and its cells by the log's columns.
    fn first_rows(&self, most: usize) -> Result<Vec<(u64, Vec<String>)>, Problem> {
        let rows = self.head.first_rows(&self.source, most)?;
        let in_log = |(line, record): (u64, csv::StringRecord)| {
            let columns = self.places.as_ref().map_or(record.len(), Vec::len);
            let cell = |column| {
                record
                    .get(place(self.places.as_deref(), column))
                    .unwrap_or("")
            };
            (
                self.source.line(line),
                (0..columns).map(|at| cell(at).to_owned()).collect(),
            )
        };
        Ok(rows.into_iter().map(in_log).collect())
    }
}

/// A source with its rows mended, and how its own text is written.
fn mended(source: &Source, profile: &Profile, layout: Layout) -> Result<(Source, Layout), Problem> {
    let layout = layout.settled(source)?;
    let text = layout.text(source, &Arc::default())?;
    let is_header = |names: &[String]| Columns::find(names.to_vec(), profile).is_ok();
    let is_header: Option<IsHeader<'_>> = match profile.header {
        true => Some(&is_header),
        false => None,
    };
    let mended = source.mended(text, layout.delimiter, is_header)?;
    Ok((mended, layout))
}

impl CallLog {
    /// The file as it is read: with its rows mended, if that was needed and is wanted.
    pub(super) fn current<'a>(&self, file: &'a LogFile) -> &'a LogFile {
        let settled = file.settled.get().map_or(file, |settled| settled);
        settled.mended.get().map_or(settled, |mended| mended)
    }

    /// The file with its rows mended; `None` where that isn't wanted or has been done.
    pub(super) fn mend<'a>(&self, file: &'a LogFile) -> Result<Option<&'a LogFile>, Problem> {
        let profile = self.columns.profile();
        if !profile.lenient || file.source.is_table() || file.mended.get().is_some() {
            return Ok(None);
        }
        let (source, layout) = mended(&file.source, profile, file.head.layout.clone())?;
        let mut other = file.clone();
        other.head = Head::read(&source, profile).map_err(|unread| unread.problem)?;
        other.source = source;
        other.encoding = layout.encoding;
        // Not itself among its own: that would keep it for ever.
        (other.settled, other.mended) = (Arc::default(), Arc::default());
        Ok(Some(file.mended.get_or_init(|| Box::new(other))))
    }

    /// Rows that broke the rules of CSV and were mended, by file: known once the log has been read.
    pub fn mended_lines(&self) -> Vec<(&str, &[u64])> {
        let files = self.files.iter().map(|file| self.current(file));
        let lines = files.map(|file| (file.source.name(), file.source.mended_lines()));
        lines.filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// Opens the files of a log, reads their column names and finds the columns. `-` is standard input. The files may
    /// have their columns in other places, and some that others don't have. A log with a header alone is a log of no
    /// calls.
    ///
    /// # Errors
    /// A file can't be read or is empty; a needed column is missing or there twice; the first rows are no CSV.
    pub fn open(paths: &[PathBuf], profile: &Profile) -> Result<Self, Problem> {
        let is_header = |names: &[String]| Columns::find(names.to_vec(), profile).is_ok();
        let sheet = profile.sheet.as_deref();
        let open = |path: &PathBuf| Source::open(path, sheet, &is_header);
        let sources = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        Self::of(sources, profile)
    }

    /// The same without a profile but for what `stated` says of the file: if the log begins like one that a telephone
    /// system writes of which a profile is in the program, it is read with that.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_any(
        paths: &[PathBuf],
        stated: Profile,
    ) -> Result<(Self, Option<&'static BuiltIn>), Problem> {
        let is_header = |names: &[String]| {
            Columns::find(names.to_vec(), &stated).is_ok() || recognise(names, &[]).is_some()
        };
        let sheet = stated.sheet.as_deref();
        let open = |path: &PathBuf| Source::open(path, sheet, &is_header);
        let sources = paths.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let own = match sources.first() {
            Some(first) => head::recognised(first)?,
            None => None,
        };
        // A test holds that each can be read.
        let profile = own.and_then(|own| profile_text(own.name, own.text).ok());
        let profile = match profile {
            None => stated,
            Some(own) => Profile {
                sheet: stated.sheet,
                lenient: stated.lenient || own.lenient,
                ..own
            },
        };
        let log = Self::of(sources, &profile)?;
        Ok((log, own))
    }

    fn of(sources: Vec<Source>, profile: &Profile) -> Result<Self, Problem> {
        let mut files = Vec::new();
        let mut found = Vec::new();
        for source in sources {
            let (source, head, encoding) = match Head::read(&source, profile) {
                Ok(head) => {
                    let encoding = head.layout.encoding.clone();
                    (source, head, encoding)
                }
                Err(unread) if profile.lenient && unread.mends => {
                    let layout = Layout::of(&source, profile)?;
                    let guessed = layout.guessed;
                    let (source, layout) = mended(&source, profile, layout)?;
                    let looks = layout.looks().filter(|_| guessed);
                    let source = source.with_told(looks);
                    let head = Head::read(&source, profile).map_err(|unread| unread.problem)?;
                    (source, head, layout.encoding)
                }
                Err(unread) => return Err(unread.problem),
            };
            found.push(head.columns(&source, profile)?);
            files.push(LogFile {
                source,
                head,
                encoding,
                places: None,
                settled: Arc::default(),
                mended: Arc::default(),
            });
        }
        let Some((mut columns, others)) = found.split_first().map(|(log, o)| (log.clone(), o))
        else {
            return Err(Problem::bad("", "no call log is named"));
        };
        let mut all = columns.names().to_vec();
        for own in others {
            let further = further(&all, &columns, own);
            all.extend(further.into_iter().cloned());
        }
        if !others.is_empty() {
            // Further ones may play a role that the first file has no column for.
            columns = Columns::find(all.clone(), profile).unwrap_or(columns.with_names(all));
        }
        if let Some(first) = files.first() {
            columns = columns.with_delimiter(first.head.layout.delimiter);
        }
        for (file, own) in files.iter_mut().zip(&found) {
            file.places = places(columns.names(), &columns, own);
        }
        Ok(Self {
            files,
            columns,
            allow_bad_rows: false,
            threads: thread::available_parallelism()
                .map_or(1, usize::from)
                .min(MOST_THREADS),
            chunk: fast::CHUNK,
            carefully: false,
            updates: Arc::default(),
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

    /// The files as the user named them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.source.name())
    }

    /// Files of which the column names are not in the first line, and in which they are.
    pub fn headers_below(&self) -> impl Iterator<Item = (&str, u64)> {
        let below = self
            .files
            .iter()
            .filter(|file| file.head.line > 1 && file.head.first > file.head.line);
        below.map(|file| (file.source.name(), file.source.line(file.head.line)))
    }

    /// How files are written that aren't written like a plain log, and that no profile says so.
    pub fn looks(&self) -> Vec<String> {
        let guessed = self.files.iter().filter(|file| file.head.layout.guessed);
        let looks = |file: &LogFile| {
            let looks = file.head.layout.looks()?;
            Some(format!("`{}`: {looks}", escape(file.source.name())))
        };
        let told = self.files.iter().filter_map(|file| {
            let told = file.source.told()?;
            Some(format!("`{}`: {told}", escape(file.source.name())))
        });
        guessed.filter_map(looks).chain(told).collect()
    }

    /// The sheet that was chosen among several, where all files that have several agree on it.
    pub fn chosen_sheet(&self) -> Option<&str> {
        let mut chosen = self
            .files
            .iter()
            .filter_map(|file| file.source.chosen_sheet());
        let first = chosen.next()?;
        chosen.all(|sheet| sheet == first).then_some(first)
    }

    /// The size of the files when they were opened, as they are.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.source.bytes()).sum()
    }

    /// SHA-256 of the files as they are, one behind the other.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn sha256(&self) -> Result<[u8; 32], Problem> {
        super::file::sha256(self.files.iter().map(|file| &file.source))
    }
}
