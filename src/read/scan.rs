//! Rows of a call log, parsed on several threads: one reads, decodes and cuts the text into blocks of whole records, the
//! others parse the blocks, each into a sink of its own. Sinks don't depend on the order of rows, so they are merged in
//! any order.

mod rows;

use std::cell::OnceCell;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use csv::StringRecord;

use super::blocks::{Block, Blocks, Broken};
use super::dialect::Start;
use super::fast;
use super::latest::Latest;
use super::log::{CallLog, LogFile, mends, not_text, problem_of};
use super::problem::Problem;
use crate::calls::{Cells, LogLines, RowSink};
pub(super) use rows::{Rows, place};

/// What came of a whole log.
#[derive(Clone, Debug)]
pub struct Scanned<S> {
    pub sink: S,
    /// All rows but the header, refused ones included.
    pub rows: u64,
    /// Which lines are those of which file.
    pub lines: LogLines,
    /// Files that turned out to be written in another encoding than their beginnings looked like, and in which.
    pub encodings: Vec<(String, String)>,
    /// Ids that have lost digits in a spreadsheet, if there are any.
    pub rounded: Option<RoundedIds>,
}

/// Ids that have lost digits in a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundedIds {
    pub rows: u64,
    /// The first of them, and its line.
    pub id: String,
    pub line: u64,
}

impl RoundedIds {
    /// Both together.
    pub(super) fn and(self, other: Option<Self>) -> Self {
        let Some(other) = other else { return self };
        let rows = self.rows + other.rows;
        let first = if other.line < self.line { other } else { self };
        Self { rows, ..first }
    }
}

/// Why a file can't be read on.
pub(super) enum Stopped {
    /// A record isn't text in the file's encoding.
    NotText(Start),
    /// It breaks the rules of CSV, and mending may help.
    Rule(Problem),
    Problem(Problem),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl Stopped {
    pub(super) fn problem(self, file: &LogFile) -> Problem {
        match self {
            Self::NotText(start) => not_text(&file.source, &file.head.layout, start),
            Self::Rule(problem) | Self::Problem(problem) => problem,
        }
    }
}

/// What came of one file.
pub(super) struct Part<'a, S> {
    /// By thread.
    pub(super) rows: Vec<Rows<'a, S>>,
    pub(super) lines: u64,
}

impl CallLog {
    /// Reads all rows, file by file. Can be repeated.
    ///
    /// `make_sink` is called once per thread and file. `progress` gets the number of bytes read so far, now and then, on
    /// the calling thread.
    ///
    /// # Errors
    /// A file can't be read; its quoting or its bytes are not those of a CSV text; it has changed since it was opened.
    pub fn scan<S: RowSink>(
        &self,
        make_sink: impl FnMut() -> S,
        progress: &dyn Fn(u64),
    ) -> Result<Scanned<S>, Problem> {
        if let Some(column) = self.columns.latest()
            && self.updates.get().is_none()
        {
            let latest = self.scan_files(|| Latest::new(column), progress)?;
            self.updates.get_or_init(|| latest.sink.updates());
        }
        self.scan_files(make_sink, progress)
    }

    fn scan_files<S: RowSink>(
        &self,
        mut make_sink: impl FnMut() -> S,
        progress: &dyn Fn(u64),
    ) -> Result<Scanned<S>, Problem> {
        let mut all: Option<Scanned<S>> = None;
        let (mut bytes, mut lines) = (0, 0);
        let mut starts = LogLines::default();
        let mut encodings = Vec::new();
        let mut rounded: Option<RoundedIds> = None;
        for opened in &self.files {
            let progress = |seen: u64| progress(bytes + seen);
            let mut file = self.current(opened);
            let mut scanned = self.scan_file(file, lines, &mut make_sink, &progress);
            if let Err(Stopped::NotText(start)) = &scanned
                && let Some(settled) = file.settle(*start)
            {
                file = settled;
                scanned = self.scan_file(file, lines, &mut make_sink, &progress);
            }
            let odd = match &scanned {
                Ok(part) => part.rows.iter().any(|rows| rows.unreadable),
                Err(Stopped::NotText(_) | Stopped::Rule(_)) => true,
                Err(Stopped::Problem(_)) => false,
            };
            if odd && let Some(mended) = self.mend(file)? {
                file = mended;
                scanned = self.scan_file(file, lines, &mut make_sink, &progress);
            }
            let part = scanned.map_err(|stopped| stopped.problem(file))?;
            file.source.unchanged()?;
            if file.encoding != opened.encoding {
                encodings.push((file.source.name().to_owned(), file.encoding.clone()));
            }
            if let Some(more) = file.rounded_ids(&self.columns, lines) {
                rounded = Some(more.and(rounded));
            }
            starts.push(file.source.name(), lines);
            lines += file.source.line(part.lines);
            bytes += file.source.bytes();
            for mut rows in part.rows {
                if let Some(more) = rows.rounded.take() {
                    rounded = Some(more.and(rounded));
                }
                match &mut all {
                    None => {
                        all = Some(Scanned {
                            sink: rows.sink,
                            rows: rows.rows,
                            lines: LogLines::default(),
                            encodings: Vec::new(),
                            rounded: None,
                        });
                    }
                    Some(all) => {
                        all.sink.merge(rows.sink);
                        all.rows += rows.rows;
                    }
                }
            }
        }
        let all = all.unwrap_or_else(|| Scanned {
            sink: make_sink(),
            rows: 0,
            lines: LogLines::default(),
            encodings: Vec::new(),
            rounded: None,
        });
        Ok(Scanned {
            lines: starts,
            encodings,
            rounded,
            ..all
        })
    }

    fn scan_file<'a, S: RowSink>(
        &'a self,
        file: &'a LogFile,
        lines: u64,
        make_sink: &mut impl FnMut() -> S,
        progress: &dyn Fn(u64),
    ) -> Result<Part<'a, S>, Stopped> {
        let way = fast::Way {
            threads: self.threads,
            chunk: self.chunk,
        };
        let mut rows = || Rows::new(self, file, lines, make_sink());
        if !self.carefully
            && let Ok(part) = fast::scan(file, &mut rows, &way, progress)
        {
            return Ok(part);
        }
        self.scan_carefully(file, &mut rows, progress)
    }

    /// Reads a file whatever is odd in it, and says what is wrong with it and where.
    pub(super) fn scan_carefully<'a, S: RowSink>(
        &self,
        file: &'a LogFile,
        make_rows: &mut impl FnMut() -> Rows<'a, S>,
        progress: &dyn Fn(u64),
    ) -> Result<Part<'a, S>, Stopped> {
        let (source, layout) = (&file.source, &file.head.layout);
        let seen = Arc::new(AtomicU64::new(0));
        let mut blocks = Blocks::new(layout.text(source, &seen)?, layout.delimiter);
        let workers: Vec<Worker<'_, S>> = (0..self.threads)
            .map(|_| Worker {
                rows: make_rows(),
                bad: None,
            })
            .collect();
        let (send, receive) = sync_channel::<Block>(2 * workers.len());
        let queue = Arc::new(Mutex::new(receive));
        let (broken, parts) = thread::scope(|scope| {
            let running: Vec<_> = workers
                .into_iter()
                .map(|worker| {
                    let queue = Arc::clone(&queue);
                    scope.spawn(move || worker.run(&queue))
                })
                .collect();
            // Only the threads hold it now: if all have stopped, sending fails instead of waiting.
            drop(queue);
            let mut broken: Option<Broken> = None;
            loop {
                match blocks.next_block() {
                    Ok(Some(block)) => {
                        progress(seen.load(Ordering::Relaxed));
                        if send.send(block).is_err() {
                            break;
                        }
                    }
                    Ok(None) => break,
                    Err(error) => {
                        broken = Some(error);
                        break;
                    }
                }
            }
            drop(send);
            let parts: Vec<_> = running
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect();
            (broken, parts)
        });
        // Blocks are taken in order and each is finished, so the first fault of the log is among these.
        let bad = parts
            .iter()
            .filter_map(|part| part.bad)
            .min_by_key(|start| start.line);
        if let Some(start) = bad {
            return Err(Stopped::NotText(start));
        }
        if let Some(broken) = broken {
            let rule = mends(&broken);
            let problem = problem_of(source, layout, broken);
            return Err(match rule {
                true => Stopped::Rule(problem),
                false => Stopped::Problem(problem),
            });
        }
        Ok(Part {
            rows: parts.into_iter().map(|part| part.rows).collect(),
            lines: blocks.lines(),
        })
    }
}

/// A csv reader over whole records.
pub(super) fn records(bytes: &[u8], delimiter: u8) -> csv::Reader<impl Read + '_> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        // The parser drops a byte order mark at its beginning; in the middle of a log that is a cell's text. Behind an
        // empty line, which is no record, it stays.
        .from_reader((&b"\n"[..]).chain(bytes))
}

/// One thread's part.
struct Worker<'a, S> {
    rows: Rows<'a, S>,
    /// The first record with bytes that are no text.
    bad: Option<Start>,
}

impl<S: RowSink> Worker<'_, S> {
    fn run(mut self, queue: &Mutex<Receiver<Block>>) -> Self {
        let mut record = StringRecord::new();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(block) = next else { break };
            self.block(&block, &mut record);
            if self.bad.is_some() {
                break;
            }
        }
        self
    }

    fn block(&mut self, block: &Block, record: &mut StringRecord) {
        let file = self.rows.file;
        let mut reader = records(&block.bytes, file.head.layout.delimiter);
        for start in &block.starts {
            let read = reader.read_record(record);
            if start.line < file.head.first {
                continue;
            }
            let places = file.places.as_deref();
            match read {
                Ok(true) => {
                    let row = Row {
                        record,
                        places,
                        made: OnceCell::new(),
                    };
                    self.rows.take(&row, record.len(), start.line);
                }
                // The watch on the dialect and the parser agree on what a record is.
                Ok(false) => break,
                Err(_) if self.rows.not_text(start.line) => {}
                Err(_) => {
                    self.bad = Some(*start);
                    break;
                }
            }
        }
    }
}

struct Row<'a> {
    record: &'a StringRecord,
    places: Option<&'a [usize]>,
    made: OnceCell<String>,
}

impl Cells for Row<'_> {
    fn made(&self, make: &mut dyn FnMut() -> String) -> &str {
        self.made.get_or_init(make)
    }

    fn cell(&self, column: usize) -> &str {
        self.record.get(place(self.places, column)).unwrap_or("")
    }
}

#[cfg(test)]
pub(in crate::read) mod tests;
