//! A log's text in blocks of whole records, so that several threads can parse it.

use std::io::{self, Read};

use super::decode::fill;
use super::dialect::{Dialect, Start, Stop};

const READ: usize = 256 << 10;

/// Whole records, and where each begins.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    pub(super) starts: Vec<Start>,
}

/// Why there is no further block.
#[derive(Debug)]
pub(super) enum Broken {
    Io(io::Error),
    Dialect(Stop),
}

/// Cuts a text into [`Block`]s.
pub(super) struct Blocks<R> {
    reader: R,
    dialect: Dialect,
    /// The beginning of the next block.
    rest: Block,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(reader: R, delimiter: u8) -> Self {
        Self {
            reader,
            dialect: Dialect::new(delimiter),
            rest: Block::default(),
            ended: false,
        }
    }

    /// Lines that have passed.
    pub(super) fn lines(&self) -> u64 {
        self.dialect.lines()
    }

    /// The next records, one at least; `None` at the end.
    pub(super) fn next_block(&mut self) -> Result<Option<Block>, Broken> {
        while !self.ended {
            let Block { bytes, starts } = &mut self.rest;
            let before = bytes.len();
            bytes.resize(before + READ, 0);
            let read = fill(&mut self.reader, &mut bytes[before..]).map_err(Broken::Io)?;
            bytes.truncate(before + read);
            self.dialect
                .watch(&bytes[before..], starts)
                .map_err(Broken::Dialect)?;
            if read < READ {
                self.dialect.finish().map_err(Broken::Dialect)?;
                self.ended = true;
                break;
            }
            // The last record may go on; everything before it is whole.
            let (Some(&last), true) = (starts.last(), starts.len() > 1) else {
                continue;
            };
            let kept = usize::try_from(self.dialect.offset() - last.offset).unwrap_or(bytes.len());
            let rest = Block {
                bytes: bytes.split_off(bytes.len().saturating_sub(kept)),
                starts: vec![last],
            };
            starts.pop();
            return Ok(Some(std::mem::replace(&mut self.rest, rest)));
        }
        let block = std::mem::take(&mut self.rest);
        Ok((!block.starts.is_empty()).then_some(block))
    }
}
