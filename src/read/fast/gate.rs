//! What a thread must know of the chunks before its own.

use std::sync::{Condvar, Mutex, PoisonError};

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
    pub(super) fn pass(&self, chunk: u64, counts: &Counts) -> Result<Entry, Odd> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        while next.0 != chunk {
            if next.0 == SHUT {
                return Err(Odd);
            }
            next = self.turn.wait(next).unwrap_or_else(PoisonError::into_inner);
        }
        let entry = next.1;
        *next = (chunk + 1, counts.after(entry));
        drop(next);
        self.turn.notify_all();
        Ok(entry)
    }

    /// How many lines the chunks had that have passed, the last one whether it has an end or not.
    pub(super) fn lines(self) -> u64 {
        let (_, end) = self
            .next
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        end.line - u64::from(is_line_end(end.after))
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
pub(super) struct Counts {
    pub(super) odd_quotes: bool,
    /// As if the byte before the chunk were no `\r`.
    pub(super) line_ends: u64,
    pub(super) first: Option<u8>,
    pub(super) last: Option<u8>,
}

impl Counts {
    fn after(&self, entry: Entry) -> Entry {
        let joined = u64::from(entry.after == b'\r' && self.first == Some(b'\n'));
        Entry {
            quoted: entry.quoted != self.odd_quotes,
            line: entry.line + self.line_ends - joined,
            after: self.last.unwrap_or(entry.after),
        }
    }
}

pub(super) fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}
