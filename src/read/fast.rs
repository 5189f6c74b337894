//! The quick way through a log: quotes at the edges of fields alone. Threads take the text chunk by
//! chunk, from the file or as it is unpacked. Where quotes are where they belong, whether a chunk begins inside a quoted field follows from the number of
//! quotes before it; so each thread cuts its chunk by a guess, waits for the counts up to there, puts the guess right, and
//! then takes the records that begin in its chunk. Whatever is odd is left to the careful way, which reads the
//! log from its beginning and says what is wrong and where.

mod cells;
mod cuts;
mod gate;
mod marks;
mod text;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::dialect::{LONGEST_ROW, MOST_COLUMNS};
use super::log::LogFile;
use super::scan::{Part as Scan, Rows};
use super::source::Window;
use crate::calls::RowSink;
use cells::Record;
use cuts::Cuts;
use gate::{Counts, Entry, Gate, is_line_end};
use text::{Place, Plain, Text};

/// Bytes that a thread takes at once: some remain in its cache while it looks at them twice.
pub(super) const CHUNK: usize = 256 << 10;

/// Rows that are handed on together.
const TOGETHER: usize = 64;

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
struct Part<'a, 'b, 'c, S> {
    log: &'a Plain<'b>,
    rows: Rows<'c, S>,
    text: Text<'a, 'b>,
    cuts: Cuts,
}

impl<S: RowSink> Part<'_, '_, '_, S> {
    fn run(&mut self, next: &AtomicU64, gate: &Gate) -> Result<(), Odd> {
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            if !self.text.begin(chunk)? {
                return Ok(());
            }
            let begin = if chunk == 0 { self.log.mark } else { 0 };
            self.chunk(begin, |counts| gate.pass(chunk, counts))?;
        }
    }

    /// Takes the records that begin in a chunk.
    fn chunk(
        &mut self,
        begin: usize,
        enter: impl FnOnce(&Counts) -> Result<Entry, Odd>,
    ) -> Result<(), Odd> {
        let own = self.text.bytes.len();
        let bytes = self.text.bytes.get(begin..).unwrap_or_default();
        let guess = self.cuts.guess(begin, bytes)?;
        let entry = enter(&self.cuts.counts(guess, bytes))?;
        self.cuts.correct(guess, entry, begin, bytes)?;
        // The chunk's first line end belongs to one before it; here it counts as an empty line.
        let joined = entry.after == b'\r' && bytes.first() == Some(&b'\n');
        let mut line = entry.line - u64::from(joined);
        // Where the first record begins: behind a line end, and up to there the one before it goes on.
        let (mut at, mut record) = (begin, 0);
        if entry.quoted || !is_line_end(entry.after) {
            let Some(fields) = self.cuts.records().first() else {
                return self.no_zero();
            };
            let end = self.cuts.end_of(*fields);
            at = after_line_end(&self.text.bytes, end);
            let inner = self
                .cuts
                .inner
                .partition_point(|inner| (*inner as usize) < end);
            line += 1 + inner as u64;
            record = 1;
        }
        self.finish(at, record, own)?;
        self.no_zero()?;
        if at < own {
            self.take(at, record, own, line)?;
        }
        Ok(())
    }

    fn no_zero(&self) -> Result<(), Odd> {
        match self.cuts.met_zero() {
            true => Err(Odd),
            false => Ok(()),
        }
    }

    /// Reads on until the last record that begins in the chunk has ended.
    fn finish(&mut self, first: usize, record: usize, own: usize) -> Result<(), Odd> {
        let ended = self.cuts.records().get(record..).and_then(<[u32]>::last);
        let open = ended.map_or(first, |fields| {
            after_line_end(&self.text.bytes, self.cuts.end_of(*fields))
        });
        if open >= own {
            return Ok(());
        }
        let records = self.cuts.records().len();
        while self.cuts.records().len() == records {
            let from = self.text.bytes.len();
            if !self.text.more()? {
                if self.cuts.quoted() {
                    return Err(Odd);
                }
                self.cuts.end(from);
                break;
            }
            self.cuts.cut(from, &self.text.bytes[from..])?;
        }
        Ok(())
    }

    /// Takes the records from one on that begin in the chunk.
    fn take(&mut self, first: usize, record: usize, own: usize, line: u64) -> Result<(), Odd> {
        let Self {
            rows, text, cuts, ..
        } = self;
        let (head, places) = (&rows.file.head, rows.file.places.as_deref());
        let bytes = &text.bytes;
        let end = cuts
            .records()
            .last()
            .map_or(0, |fields| cuts.end_of(*fields));
        // The whole at once where it is all text, else record by record.
        let whole = std::str::from_utf8(&bytes[first..end]).ok();
        let mut field = record
            .checked_sub(1)
            .map_or(0, |before| cuts.records()[before]) as usize;
        let (mut at, mut line) = (first, line);
        let mut together = Vec::with_capacity(TOGETHER);
        let mut inner = Along::new(&cuts.inner, at);
        let mut doubled = Along::new(&cuts.doubled, at);
        for fields in &cuts.records()[record..] {
            if at >= own {
                break;
            }
            let ends = &cuts.fields()[field..*fields as usize];
            let end = ends[ends.len() - 1] as usize;
            let (inner, doubled) = (inner.up_to(end), doubled.up_to(end));
            if end - at > LONGEST_ROW as usize || ends.len() > MOST_COLUMNS {
                return Err(Odd);
            }
            // Empty lines are no records.
            if end > at && line >= head.first {
                let (text, from) = match whole {
                    Some(text) => (Some(text), first),
                    None => (std::str::from_utf8(&bytes[at..end]).ok(), at),
                };
                match text {
                    Some(text) => {
                        let record = Record::new(text, from, at, ends, places, doubled > 0);
                        together.push((record, ends.len(), line));
                        if together.len() == TOGETHER {
                            rows.take_all(&together);
                            together.clear();
                        }
                    }
                    None if rows.not_text(line) => {}
                    None => return Err(Odd),
                }
            }
            line += 1 + inner;
            at = after_line_end(bytes, end);
            field = *fields as usize;
        }
        rows.take_all(&together);
        Ok(())
    }
}

/// Places in order, of which those up to some place are taken away.
struct Along<'a>(&'a [u32]);

impl<'a> Along<'a> {
    /// From a place on.
    fn new(places: &'a [u32], from: usize) -> Self {
        let before = places.partition_point(|place| (*place as usize) < from);
        Self(&places[before..])
    }

    /// How many there are up to a place.
    #[inline]
    fn up_to(&mut self, end: usize) -> u64 {
        let mut count = 0;
        while let Some((first, rest)) = self.0.split_first()
            && (*first as usize) < end
        {
            self.0 = rest;
            count += 1;
        }
        count
    }
}

/// Behind the line end at a place: a `\r` takes a `\n` along.
fn after_line_end(bytes: &[u8], at: usize) -> usize {
    let pair = bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n');
    at + 1 + usize::from(pair)
}

/// Reads all rows of a file.
///
/// # Errors
/// [`Odd`] for everything that the careful way must look at.
pub(super) fn scan<'a, S: RowSink>(
    file: &'a LogFile,
    make_rows: &mut impl FnMut() -> Rows<'a, S>,
    way: &Way,
    progress: &dyn Fn(u64),
) -> Result<Scan<'a, S>, Odd> {
    let (source, layout) = (&file.source, &file.head.layout);
    let plain = (source.plain()).filter(|_| layout.encoding.eq_ignore_ascii_case("utf-8"));
    let Some((plain, bytes)) = plain else {
        let window = Window::new(way.chunk, way.threads.max(1));
        let seen = Arc::new(AtomicU64::new(0));
        let text = layout.text(source, &seen).map_err(|_| Odd)?;
        return thread::scope(|scope| {
            let taken = scope.spawn(|| window.take_in(text));
            let place = Place::Window(&window);
            let log = Plain {
                place,
                chunk: way.chunk,
                mark: 0,
            };
            let done = share(&log, file, make_rows, way.threads.max(1), &|_| {
                progress(seen.load(Ordering::Relaxed));
            });
            window.shut();
            match taken.join() {
                Ok(taken) => taken?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
            done
        });
    };
    let mut log = Plain {
        place: Place::File(plain, bytes),
        chunk: way.chunk,
        mark: 0,
    };
    let mut mark = [0; 3];
    if log.read(0, &mut mark)? == 3 && mark == *b"\xef\xbb\xbf" {
        log.mark = 3;
    }
    let chunks = usize::try_from(bytes.div_ceil(way.chunk as u64)).unwrap_or(usize::MAX);
    let threads = way.threads.clamp(1, chunks.max(1));
    share(&log, file, make_rows, threads, &|begun| {
        progress((begun * way.chunk as u64).min(bytes));
    })
}

/// Shares a text out among threads; `progress` gets the number of chunks that have been begun.
fn share<'a, S: RowSink>(
    log: &Plain<'_>,
    file: &LogFile,
    make_rows: &mut impl FnMut() -> Rows<'a, S>,
    threads: usize,
    progress: &dyn Fn(u64),
) -> Result<Scan<'a, S>, Odd> {
    let gate = Gate::new();
    let next = AtomicU64::new(0);
    let parts: Vec<Part<'_, '_, '_, S>> = (0..threads)
        .map(|reader| Part {
            log,
            rows: make_rows(),
            text: Text::new(log, reader),
            cuts: Cuts::new(file.head.layout.delimiter),
        })
        .collect();
    let done = thread::scope(|scope| {
        let (tell, told) = channel::<()>();
        let running: Vec<_> = parts
            .into_iter()
            .map(|mut part| {
                let (gate, next, tell) = (&gate, &next, tell.clone());
                scope.spawn(move || {
                    let shut = Shut(gate, log);
                    let done = part.run(next, gate);
                    if done.is_ok() {
                        std::mem::forget(shut);
                    }
                    drop(tell);
                    done.map(|()| part.rows)
                })
            })
            .collect();
        drop(tell);
        while let Err(RecvTimeoutError::Timeout) = told.recv_timeout(TICK) {
            progress(next.load(Ordering::Relaxed));
        }
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            let joined = thread.join();
            joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        let done: Vec<Result<Rows<'_, S>, Odd>> = running.into_iter().map(join).collect();
        done
    });
    Ok(Scan {
        rows: done.into_iter().collect::<Result<_, Odd>>()?,
        lines: gate.lines(),
    })
}

/// Lets nobody wait for a thread that has stopped, whatever stopped it.
struct Shut<'a, 'b>(&'a Gate, &'a Plain<'b>);

impl Drop for Shut<'_, '_> {
    fn drop(&mut self) {
        self.0.shut();
        self.1.shut();
    }
}

/// How often progress is told.
const TICK: Duration = Duration::from_millis(50);

#[cfg(test)]
mod tests;
