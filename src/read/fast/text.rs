//! The bytes of a chunk, and of the next ones what its last record needs.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;

use super::Odd;
use crate::read::dialect::LONGEST_ROW;

/// The log's file, and what the parser must know of it.
pub(super) struct Plain<'a> {
    pub(super) file: &'a File,
    pub(super) bytes: u64,
    pub(super) chunk: usize,
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
    log: &'a Plain<'b>,
    pub(super) bytes: Vec<u8>,
    /// Where the file goes on.
    from: u64,
    /// Bytes to read on with: few, because a record mostly ends soon, and the next thread reads them anyway; then more.
    step: usize,
}

const FIRST_STEP: usize = 4 << 10;

impl<'a, 'b> Text<'a, 'b> {
    pub(super) fn new(log: &'a Plain<'b>) -> Self {
        Self {
            log,
            bytes: Vec::new(),
            from: 0,
            step: 0,
        }
    }

    /// Takes a chunk, instead of the one before.
    pub(super) fn begin(&mut self, from: u64) -> Result<(), Odd> {
        self.bytes.resize(self.log.chunk, 0);
        let read = self.log.read(from, &mut self.bytes)?;
        self.bytes.truncate(read);
        self.from = from + read as u64;
        self.step = FIRST_STEP.min(self.log.chunk);
        Ok(())
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
