//! The part of a text that is being looked at, while one thread unpacks and decodes it and others read it.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::read::decode::fill;

/// Chunks of a text, from the first that some reader may still need to the last that is there.
pub(in crate::read) struct Window {
    /// Bytes of a chunk; the last one is shorter, or empty.
    chunk: usize,
    state: Mutex<State>,
    turn: Condvar,
}

struct State {
    /// The number of the first chunk that is kept.
    first: u64,
    chunks: VecDeque<Arc<Vec<u8>>>,
    end: End,
    /// The furthest chunk that a reader has asked for.
    wanted: u64,
    /// By reader, the chunk from which it still reads.
    using: Vec<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Ahead,
    Reached,
    /// Something went wrong: nobody goes on.
    Shut,
}

/// Chunks that are made ready for each reader.
const AHEAD: u64 = 4;

/// The window was shut.
#[derive(Debug)]
pub(in crate::read) struct Shut;

impl Window {
    pub(in crate::read) fn new(chunk: usize, readers: usize) -> Self {
        Self {
            chunk: chunk.max(1),
            state: Mutex::new(State {
                first: 0,
                chunks: VecDeque::new(),
                end: End::Ahead,
                wanted: 0,
                using: vec![0; readers],
            }),
            turn: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a text in until its end.
    pub(in crate::read) fn take_in(&self, mut text: impl Read) -> io::Result<()> {
        loop {
            let mut chunk = vec![0; self.chunk];
            let read = fill(&mut text, &mut chunk).inspect_err(|_| self.shut())?;
            chunk.truncate(read);
            let mut state = self.state();
            let ahead = AHEAD * state.using.len() as u64;
            while state.end == End::Ahead
                && state.chunks.len() as u64 >= ahead
                && state.first + state.chunks.len() as u64 > state.wanted
            {
                state = self
                    .turn
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
            }
            if state.end == End::Shut {
                return Ok(());
            }
            state.chunks.push_back(Arc::new(chunk));
            if read < self.chunk {
                state.end = End::Reached;
            }
            let ended = state.end == End::Reached;
            drop(state);
            self.turn.notify_all();
            if ended {
                return Ok(());
            }
        }
    }

    /// A reader goes on to a chunk and needs none before it any more.
    pub(in crate::read) fn go_on(&self, reader: usize, chunk: u64) {
        let mut state = self.state();
        if let Some(using) = state.using.get_mut(reader) {
            *using = chunk;
        }
        let needed = state.using.iter().min().copied().unwrap_or(chunk);
        while state.first < needed && state.chunks.pop_front().is_some() {
            state.first += 1;
        }
        drop(state);
        self.turn.notify_all();
    }

    /// Bytes from a place of the text on, as many as are in its chunk; none at the end.
    pub(in crate::read) fn read(&self, from: u64, into: &mut [u8]) -> Result<usize, Shut> {
        let (number, at) = (from / self.chunk as u64, from % self.chunk as u64);
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let Some(chunk) = self.chunk(number)? else {
            return Ok(0);
        };
        let there = chunk.get(at..).unwrap_or_default();
        let read = there.len().min(into.len());
        into[..read].copy_from_slice(&there[..read]);
        Ok(read)
    }

    fn chunk(&self, number: u64) -> Result<Option<Arc<Vec<u8>>>, Shut> {
        let mut state = self.state();
        if number > state.wanted {
            state.wanted = number;
            self.turn.notify_all();
        }
        loop {
            if state.end == End::Shut || number < state.first {
                return Err(Shut);
            }
            let place = usize::try_from(number - state.first).unwrap_or(usize::MAX);
            if let Some(chunk) = state.chunks.get(place) {
                return Ok(Some(Arc::clone(chunk)));
            }
            if state.end == End::Reached {
                return Ok(None);
            }
            state = self
                .turn
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets nobody wait any more.
    pub(in crate::read) fn shut(&self) {
        self.state().end = End::Shut;
        self.turn.notify_all();
    }
}
