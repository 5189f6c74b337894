//! The bytes of a chunk, and of the next ones what its last record needs.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;

use super::Odd;
use crate::read::dialect::LONGEST_ROW;
use crate::read::source::{Shut, Window};

/// Where the text is, and what the parser must know of it.
pub(super) struct Plain<'a> {
    pub(super) place: Place<'a>,
    pub(super) chunk: usize,
    /// Bytes of a mark before the first record.
    pub(super) mark: usize,
}

/// Where a text's bytes are.
pub(super) enum Place<'a> {
    /// In a file with so many.
    File(&'a File, u64),
    /// They are being unpacked or decoded.
    Window(&'a Window),
}

impl From<Shut> for Odd {
    fn from(_: Shut) -> Self {
        Self
    }
}

impl Plain<'_> {
    /// Lets nobody wait for its bytes any more.
    pub(super) fn shut(&self) {
        if let Place::Window(window) = self.place {
            window.shut();
        }
    }

    /// Fills `into` from a place of the text on; less than that only at its end.
    pub(super) fn read(&self, mut from: u64, into: &mut [u8]) -> Result<usize, Odd> {
        let mut filled = 0;
        while filled < into.len() {
            let rest = &mut into[filled..];
            let read = match self.place {
                Place::File(_, bytes) if from >= bytes => break,
                Place::File(file, bytes) => {
                    let most = usize::try_from(bytes - from).unwrap_or(usize::MAX);
                    let most = most.min(rest.len());
                    match file.read_at(&mut rest[..most], from) {
                        // It was longer before.
                        Ok(0) => return Err(Odd),
                        Ok(read) => read,
                        Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                        Err(error) => return Err(error.into()),
                    }
                }
                Place::Window(window) => match window.read(from, rest)? {
                    0 => break,
                    read => read,
                },
            };
            filled += read;
            from += read as u64;
        }
        Ok(filled)
    }
}

/// A chunk, and of the next ones what its last record needs.
pub(super) struct Text<'a, 'b> {
    log: &'a Plain<'b>,
    /// The number of the thread that reads it.
    reader: usize,
    pub(super) bytes: Vec<u8>,
    /// Where the file goes on.
    from: u64,
    /// Bytes to read on with: few, because a record mostly ends soon, and the next thread reads them anyway; then more.
    step: usize,
}

const FIRST_STEP: usize = 4 << 10;

impl<'a, 'b> Text<'a, 'b> {
    pub(super) fn new(log: &'a Plain<'b>, reader: usize) -> Self {
        Self {
            log,
            reader,
            bytes: Vec::new(),
            from: 0,
            step: 0,
        }
    }

    /// Takes a chunk, instead of the one before; `false` if the text has ended.
    pub(super) fn begin(&mut self, chunk: u64) -> Result<bool, Odd> {
        if let Place::Window(window) = self.log.place {
            window.go_on(self.reader, chunk);
        }
        let from = chunk * self.log.chunk as u64;
        self.bytes.resize(self.log.chunk, 0);
        let read = self.log.read(from, &mut self.bytes)?;
        self.bytes.truncate(read);
        self.from = from + read as u64;
        self.step = FIRST_STEP.min(self.log.chunk);
        Ok(read > 0)
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
