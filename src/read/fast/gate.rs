//! What a thread must know of the chunks before its own.

use std::sync::{Condvar, Mutex, PoisonError};

use memchr::{memchr, memchr_iter, memchr3};

use super::Odd;

/// What the bytes before a chunk say of its first one.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// It is inside a quoted field.
    pub(super) quoted: bool,
    /// Its line, 1-based.
    pub(super) line: u64,
    /// The byte before it; a line end before the first byte of all.
    pub(super) after: u8,
}

/// Hands the counts from chunk to chunk, in their order.
pub(super) struct Gate {
    next: Mutex<(u64, Entry)>,
    turn: Condvar,
}

/// No chunk has this number: the gate is shut.
const SHUT: u64 = u64::MAX;

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            next: Mutex::new((0, BEGIN)),
            turn: Condvar::new(),
        }
    }

    /// Waits for the counts of all chunks before this one, and adds its own.
    pub(super) fn pass(&self, chunk: u64, bytes: &[u8]) -> Result<Entry, Odd> {
        let counts = Counts::of(bytes);
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        while next.0 != chunk {
            if next.0 == SHUT {
                return Err(Odd);
            }
            next = self.turn.wait(next).unwrap_or_else(PoisonError::into_inner);
        }
        let entry = next.1;
        *next = (chunk + 1, counts.after(entry, bytes));
        drop(next);
        self.turn.notify_all();
        Ok(entry)
    }

    /// Lets nobody wait any more.
    pub(super) fn shut(&self) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.0 = SHUT;
        drop(next);
        self.turn.notify_all();
    }
}

const BEGIN: Entry = Entry {
    quoted: false,
    line: 1,
    after: b'\n',
};

/// What a chunk adds.
struct Counts {
    odd_quotes: bool,
    line_ends: u64,
}

impl Counts {
    fn of(bytes: &[u8]) -> Self {
        let quotes = memchr_iter(b'"', bytes).count();
        let mut line_ends = memchr_iter(b'\n', bytes).count();
        if memchr(b'\r', bytes).is_some() {
            // A `\r` ends a line, and takes a `\n` behind it along.
            line_ends += memchr_iter(b'\r', bytes)
                .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
                .count();
        }
        Self {
            odd_quotes: quotes % 2 == 1,
            line_ends: line_ends as u64,
        }
    }

    fn after(&self, entry: Entry, bytes: &[u8]) -> Entry {
        let joined = u64::from(entry.after == b'\r' && bytes.first() == Some(&b'\n'));
        Entry {
            quoted: entry.quoted != self.odd_quotes,
            line: entry.line + self.line_ends - joined,
            after: bytes.last().copied().unwrap_or(entry.after),
        }
    }
}

/// Where the first record of a chunk begins that begins in it, and on which line.
pub(super) fn first_record(bytes: &[u8], entry: Entry) -> Option<(usize, u64)> {
    let (mut quoted, mut line) = (entry.quoted, entry.line);
    // This one belongs to the line end before it.
    let mut at = usize::from(entry.after == b'\r' && bytes.first() == Some(&b'\n'));
    if !quoted && is_line_end(entry.after) {
        return Some((at, line));
    }
    loop {
        let found = at + memchr3(b'"', b'\n', b'\r', bytes.get(at..)?)?;
        at = found + 1;
        if bytes[found] == b'"' {
            quoted = !quoted;
            continue;
        }
        line += 1;
        if bytes[found] == b'\r' && bytes.get(at) == Some(&b'\n') {
            at += 1;
        }
        if !quoted {
            return Some((at, line));
        }
    }
}

pub(super) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
