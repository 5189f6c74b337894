//! The quick way through a plain log: UTF-8, and quotes at the edges of fields alone. Threads take the file chunk by
//! chunk. Where quotes are where they belong, whether a chunk begins inside a quoted field follows from the number of
//! quotes before it; so each thread counts the quotes and lines of its chunk, waits for the count up to there, and then
//! parses the records that begin in its chunk. Whatever is odd is left to the careful way, which reads the log from its
//! beginning and says what is wrong and where.

mod cells;
mod gate;
mod text;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use memchr::{memchr, memchr_iter, memchr3};

use super::dialect::{LONGEST_ROW, MOST_COLUMNS};
use super::file;
use super::log::CallLog;
use super::scan::{Rows, Scanned, joined};
use crate::calls::{Role, RowSink};
use cells::{Field, PlainRow, QuotedRow};
use gate::{Entry, Gate, first_record, is_line_end};
use text::{Plain, Text, after_line_end, byte, closing, field_end, line_ends};

/// Bytes that a thread takes at once: some remain in its cache while it looks at them twice.
pub(super) const CHUNK: usize = 256 << 10;

/// How a log is read; what comes of it is the same.
pub(super) struct Way {
    pub(super) threads: usize,
    /// Bytes that a thread takes at once.
    pub(super) chunk: usize,
}

/// Something that the careful way must look at, the operating system's answer included.
#[derive(Debug)]
pub(super) struct Odd;

impl From<io::Error> for Odd {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// One thread's part.
struct Part<'a, 'b, S> {
    log: &'a Plain<'b>,
    rows: Rows<'b, S>,
    /// Where fields end, of those that are cut.
    ends: Vec<usize>,
    /// The fields of a record with quotes.
    fields: Vec<Field>,
}

impl<S: RowSink> Part<'_, '_, S> {
    fn run(&mut self, next: &AtomicU64, gate: &Gate, skip: u64) -> Result<(), Odd> {
        let mut bytes = Vec::new();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            let from = chunk * self.log.chunk as u64;
            if from >= self.log.bytes {
                return Ok(());
            }
            bytes.resize(self.log.chunk, 0);
            let own = self.log.read(from, &mut bytes)?;
            bytes.truncate(own);
            if memchr(0, &bytes).is_some() {
                return Err(Odd);
            }
            let entry = gate.pass(chunk, &bytes)?;
            let mut text = Text::new(self.log, bytes, from + own as u64);
            let skip = if chunk == 0 { skip } else { 0 };
            self.chunk(&mut text, entry, chunk == 0, skip)?;
            bytes = text.bytes;
        }
    }

    /// Takes the records that begin in a chunk.
    fn chunk(
        &mut self,
        text: &mut Text<'_, '_>,
        entry: Entry,
        first: bool,
        mut skip: u64,
    ) -> Result<(), Odd> {
        let own = text.bytes.len();
        let begin = if first {
            Some((self.log.mark, entry.line))
        } else {
            first_record(&text.bytes, entry)
        };
        let Some((mut at, mut line)) = begin else {
            return Ok(());
        };
        while at < own {
            // Empty lines are no records.
            if is_line_end(text.bytes[at]) {
                at = after_line_end(text, at)?;
                line += 1;
                continue;
            }
            let (end, inner) = self.record(text, at, line, skip > 0)?;
            skip = skip.saturating_sub(1);
            line += inner;
            if end >= text.bytes.len() {
                return Ok(());
            }
            at = after_line_end(text, end)?;
            line += 1;
        }
        Ok(())
    }

    /// Takes the record that begins at a place; where it ends, and how many line ends are in it.
    fn record(
        &mut self,
        text: &mut Text<'_, '_>,
        at: usize,
        line: u64,
        skip: bool,
    ) -> Result<(usize, u64), Odd> {
        let mut looked = at;
        let end = loop {
            match memchr3(b'\n', b'\r', b'"', &text.bytes[looked..]) {
                Some(found) if text.bytes[looked + found] == b'"' => {
                    return self.quoted(text, at, line, skip);
                }
                Some(found) => break looked + found,
                None => {
                    looked = text.bytes.len();
                    if !text.more()? {
                        break looked;
                    }
                }
            }
        };
        if end - at > LONGEST_ROW as usize {
            return Err(Odd);
        }
        if skip {
            return Ok((end, 0));
        }
        let record = &text.bytes[at..end];
        self.ends.clear();
        let mut rest = 0;
        while self.ends.len() <= self.log.cut {
            match memchr(self.log.delimiter, &record[rest..]) {
                Some(found) => {
                    self.ends.push(rest + found);
                    rest += found + 1;
                }
                None => break,
            }
        }
        let more = memchr_iter(self.log.delimiter, &record[rest..]).count();
        let fields = self.ends.len() + more + 1;
        if fields > MOST_COLUMNS {
            return Err(Odd);
        }
        match std::str::from_utf8(record) {
            Err(_) => self.must_be_text(line)?,
            Ok(record) => {
                let cells = PlainRow {
                    record,
                    delimiter: self.log.delimiter,
                    ends: &self.ends,
                };
                self.rows.take(&cells, fields, line);
            }
        }
        Ok((end, 0))
    }

    fn must_be_text(&mut self, line: u64) -> Result<(), Odd> {
        match self.rows.not_text(line) {
            true => Ok(()),
            false => Err(Odd),
        }
    }

    /// The same for a record with a quote in it.
    fn quoted(
        &mut self,
        text: &mut Text<'_, '_>,
        at: usize,
        line: u64,
        skip: bool,
    ) -> Result<(usize, u64), Odd> {
        let delimiter = self.log.delimiter;
        self.fields.clear();
        let (mut inner, mut here, mut any_doubled) = (0, at, false);
        let end = loop {
            if self.fields.len() >= MOST_COLUMNS {
                return Err(Odd);
            }
            let (from, to, doubled) = if byte(text, here)? == Some(b'"') {
                let (close, doubled) = closing(text, here + 1)?;
                inner += line_ends(&text.bytes[here + 1..close]);
                (here + 1, close, doubled)
            } else {
                (here, field_end(text, here, delimiter)?, false)
            };
            self.fields.push(Field {
                from: from - at,
                to: to - at,
                doubled,
            });
            any_doubled |= doubled;
            let after = to + usize::from(from > here);
            if after - at > LONGEST_ROW as usize {
                return Err(Odd);
            }
            match byte(text, after)? {
                Some(found) if found == delimiter => here = after + 1,
                None | Some(b'\n' | b'\r') => break after,
                Some(_) => return Err(Odd),
            }
        };
        if skip {
            return Ok((end, inner));
        }
        match std::str::from_utf8(&text.bytes[at..end]) {
            Err(_) => self.must_be_text(line)?,
            Ok(record) => {
                let mut unescaped = Vec::new();
                if any_doubled {
                    let fields = self.fields.iter().enumerate();
                    for (column, field) in fields.filter(|(_, field)| field.doubled) {
                        let text = record[field.from..field.to].replace("\"\"", "\"");
                        unescaped.push((column, text));
                    }
                }
                let cells = QuotedRow {
                    record,
                    fields: &self.fields,
                    unescaped: &unescaped,
                };
                self.rows.take(&cells, self.fields.len(), line);
            }
        }
        Ok((end, inner))
    }
}

/// Reads all rows of a log.
///
/// # Errors
/// [`Odd`] for everything that the careful way must look at.
pub(super) fn scan<S: RowSink>(
    log: &CallLog,
    make_sink: &mut impl FnMut() -> S,
    way: &Way,
    progress: &dyn Fn(u64),
) -> Result<Scanned<S>, Odd> {
    let profile = log.columns.profile();
    if !profile.encoding.eq_ignore_ascii_case("utf-8") {
        return Err(Odd);
    }
    let (file, bytes) = file::open(&log.path).map_err(|_| Odd)?;
    let mut mark = [0; 3];
    let plain = Plain {
        bytes,
        chunk: way.chunk,
        delimiter: profile.delimiter,
        cut: cut(log),
        mark: 0,
        file: &file,
    };
    let read = plain.read(0, &mut mark)?;
    let plain = Plain {
        mark: if mark[..read] == *b"\xef\xbb\xbf" {
            3
        } else {
            0
        },
        ..plain
    };
    let gate = Gate::new();
    let (next, skip) = (AtomicU64::new(0), u64::from(profile.header));
    let chunks = usize::try_from(bytes.div_ceil(way.chunk as u64)).unwrap_or(usize::MAX);
    let parts: Vec<Part<'_, '_, S>> = (0..way.threads.clamp(1, chunks.max(1)))
        .map(|_| Part {
            log: &plain,
            rows: Rows::new(log, make_sink()),
            ends: Vec::new(),
            fields: Vec::new(),
        })
        .collect();
    let done = thread::scope(|scope| {
        let (tell, told) = channel::<()>();
        let running: Vec<_> = parts
            .into_iter()
            .map(|mut part| {
                let (gate, next, tell) = (&gate, &next, tell.clone());
                scope.spawn(move || {
                    let done = part.run(next, gate, skip);
                    if done.is_err() {
                        gate.shut();
                    }
                    drop(tell);
                    done.map(|()| part.rows)
                })
            })
            .collect();
        drop(tell);
        while let Err(RecvTimeoutError::Timeout) = told.recv_timeout(TICK) {
            let begun = next.load(Ordering::Relaxed) * way.chunk as u64;
            progress(begun.min(bytes));
        }
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            let joined = thread.join();
            joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        let done: Vec<Result<Rows<'_, S>, Odd>> = running.into_iter().map(join).collect();
        done
    });
    let rows = done.into_iter().collect::<Result<Vec<_>, Odd>>()?;
    joined(rows.into_iter()).ok_or(Odd)
}

/// How often progress is told.
const TICK: Duration = Duration::from_millis(50);

/// The last column that every row needs.
fn cut(log: &CallLog) -> usize {
    let roles = [Role::CallId, Role::Csr, Role::CallerType, Role::StartedAt];
    let needed = roles.into_iter().filter_map(|role| log.columns.of(role));
    needed.max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
