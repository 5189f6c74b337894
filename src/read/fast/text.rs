//! The bytes of a chunk, and of the next ones what its last record needs.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;

use memchr::{memchr, memchr2_iter};

use super::Odd;
use crate::read::dialect::LONGEST_ROW;

/// The log's file, and what the parser must know of it.
pub(super) struct Plain<'a> {
    pub(super) file: &'a File,
    pub(super) bytes: u64,
    pub(super) chunk: usize,
    pub(super) delimiter: u8,
    /// Columns up to here are cut in any case.
    pub(super) cut: usize,
    /// Bytes of a mark before the first record.
    pub(super) mark: usize,
}

impl Plain<'_> {
    /// Fills `into` from a place of the file on; less than that only at its end.
    pub(super) fn read(&self, mut from: u64, into: &mut [u8]) -> Result<usize, Odd> {
        let mut filled = 0;
        while filled < into.len() && from < self.bytes {
            match self.file.read_at(&mut into[filled..], from) {
                // It was longer before.
                Ok(0) => return Err(Odd),
                Ok(read) => {
                    filled += read;
                    from += read as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(filled)
    }
}

/// A chunk, and of the next ones what its last record needs.
pub(super) struct Text<'a, 'b> {
    pub(super) log: &'a Plain<'b>,
    pub(super) bytes: Vec<u8>,
    /// Where the file goes on.
    pub(super) from: u64,
    /// Bytes to read on with: few, because a record mostly ends soon, and the next thread reads them anyway; then more.
    step: usize,
}

const FIRST_STEP: usize = 4 << 10;

impl<'a, 'b> Text<'a, 'b> {
    pub(super) fn new(log: &'a Plain<'b>, bytes: Vec<u8>, from: u64) -> Self {
        Self {
            log,
            bytes,
            from,
            step: FIRST_STEP.min(log.chunk),
        }
    }

    /// Reads on; `false` at the end of the file.
    pub(super) fn more(&mut self) -> Result<bool, Odd> {
        let before = self.bytes.len();
        if before as u64 > LONGEST_ROW + self.log.chunk as u64 {
            return Err(Odd);
        }
        self.bytes.resize(before + self.step, 0);
        self.step = (2 * self.step).min(self.log.chunk);
        let read = self.log.read(self.from, &mut self.bytes[before..])?;
        self.bytes.truncate(before + read);
        self.from += read as u64;
        Ok(read > 0)
    }
}

/// The byte at a place, read if need be; `None` at the end of the file.
pub(super) fn byte(text: &mut Text<'_, '_>, at: usize) -> Result<Option<u8>, Odd> {
    while at >= text.bytes.len() {
        if !text.more()? {
            return Ok(None);
        }
    }
    Ok(text.bytes.get(at).copied())
}

/// Behind the line end at a place: a `\r` takes a `\n` along.
pub(super) fn after_line_end(text: &mut Text<'_, '_>, at: usize) -> Result<usize, Odd> {
    let pair = text.bytes.get(at) == Some(&b'\r') && byte(text, at + 1)? == Some(b'\n');
    Ok(at + 1 + usize::from(pair))
}

/// Where the quoted field whose text begins at a place is closed, and whether quotes in it are doubled.
pub(super) fn closing(text: &mut Text<'_, '_>, from: usize) -> Result<(usize, bool), Odd> {
    let (mut at, mut doubled) = (from, false);
    loop {
        let found = loop {
            match memchr(b'"', &text.bytes[at..]) {
                Some(found) => break at + found,
                None => {
                    at = text.bytes.len();
                    // Open at the end.
                    if !text.more()? {
                        return Err(Odd);
                    }
                }
            }
        };
        if byte(text, found + 1)? != Some(b'"') {
            return Ok((found, doubled));
        }
        doubled = true;
        at = found + 2;
    }
}

/// Where a field ends that has no quote at its edge; with one inside it is odd.
pub(super) fn field_end(text: &mut Text<'_, '_>, from: usize, delimiter: u8) -> Result<usize, Odd> {
    let mut at = from;
    loop {
        // Fields are short: to look for one of four bytes at once is quicker so.
        for (far, byte) in text.bytes[at..].iter().enumerate() {
            match *byte {
                b'"' => return Err(Odd),
                b'\n' | b'\r' => return Ok(at + far),
                other if other == delimiter => return Ok(at + far),
                _ => {}
            }
        }
        at = text.bytes.len();
        if !text.more()? {
            return Ok(at);
        }
    }
}

pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let ends = memchr2_iter(b'\n', b'\r', bytes);
    // A `\n` behind a `\r` ends the same line.
    ends.filter(|at| bytes[*at] == b'\r' || *at == 0 || bytes[at - 1] != b'\r')
        .count() as u64
}
