//! Where fields and records end.

use multiversion::multiversion;

use super::Odd;
use super::gate::{Counts, Entry, is_line_end};
use super::marks::{BLOCK, Marker, Marks};

/// The ends of the fields and records of a chunk, as far as they have been found.
pub(super) struct Cuts {
    delimiter: u8,
    /// Where fields end: delimiters and line ends outside quotes.
    fields: Places,
    /// How many fields there are up to the end of each record, itself included.
    records: Places,
    /// Line ends inside quotes.
    pub(super) inner: Vec<u32>,
    /// The second quote of every two that stand for one.
    pub(super) doubled: Vec<u32>,
    marker: Marker,
    before: Before,
}

/// What the byte before the next block says of its first byte.
#[derive(Clone, Copy)]
struct Before {
    /// All bits are set if it is inside a quoted field.
    open: u64,
    /// 1 if a quoted field may begin.
    edge: u64,
    /// 1 if a quoted field was closed.
    closed: u64,
}

impl Cuts {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            fields: Places::default(),
            records: Places::default(),
            inner: Vec::new(),
            doubled: Vec::new(),
            marker: Marker::new(delimiter),
            before: Before {
                open: 0,
                edge: 1,
                closed: 0,
            },
        }
    }

    /// Cuts a chunk before it is known whether its first byte is inside a quoted field: guesses, and where quotes then are
    /// in the wrong places takes the other guess, which is returned.
    ///
    /// # Errors
    /// Quotes are in the wrong places either way.
    pub(super) fn guess(&mut self, from: usize, bytes: &[u8]) -> Result<bool, Odd> {
        match self.begin(false, from, bytes) {
            Ok(()) => Ok(false),
            Err(Odd) => self.begin(true, from, bytes).map(|()| true),
        }
    }

    fn begin(&mut self, quoted: bool, from: usize, bytes: &[u8]) -> Result<(), Odd> {
        self.fields.found = 0;
        self.records.found = 0;
        self.inner.clear();
        self.doubled.clear();
        self.marker = Marker::new(self.delimiter);
        self.before = Before {
            open: u64::from(quoted).wrapping_neg(),
            // The byte before isn't known yet.
            edge: 1,
            closed: 0,
        };
        self.cut(from, bytes)
    }

    /// What a chunk that was cut so adds to the counts.
    pub(super) fn counts(&self, guess: bool, bytes: &[u8]) -> Counts {
        Counts {
            odd_quotes: guess != self.quoted(),
            line_ends: (self.records.found + self.inner.len()) as u64,
            first: bytes.first().copied(),
            last: bytes.last().copied(),
        }
    }

    /// Puts a guess right, now that it is known what stands before the chunk.
    ///
    /// # Errors
    /// A quote is neither at the edge of a field nor doubled.
    pub(super) fn correct(
        &mut self,
        guess: bool,
        entry: Entry,
        from: usize,
        bytes: &[u8],
    ) -> Result<(), Odd> {
        if entry.quoted != guess {
            self.begin(entry.quoted, from, bytes)?;
        }
        let ends = |byte| byte == self.delimiter || is_line_end(byte);
        let fits = match (bytes.first(), entry.after) {
            _ if entry.quoted => true,
            (Some(b'"'), before) => before == b'"' || ends(before),
            (Some(first), b'"') => ends(*first),
            _ => true,
        };
        fits.then_some(()).ok_or(Odd)
    }

    /// Cuts bytes that begin at a place and go on where the last ones ended.
    ///
    /// # Errors
    /// A quote is neither at the edge of a field nor doubled.
    pub(super) fn cut(&mut self, from: usize, bytes: &[u8]) -> Result<(), Odd> {
        let (blocks, rest) = bytes.as_chunks();
        cut(self, from, blocks)?;
        if !rest.is_empty() {
            let marks = self.marker.part(rest);
            self.block(from + bytes.len() - rest.len(), rest.len(), &marks)?;
        }
        Ok(())
    }

    /// Ends the last record at the end of the file.
    pub(super) fn end(&mut self, at: usize) {
        self.fields.add::<1>(1, |_| place(at, 0));
        let fields = self.fields.found as u32;
        self.records.add::<1>(1, |_| fields);
    }

    /// Where fields end.
    pub(super) fn fields(&self) -> &[u32] {
        self.fields.all()
    }

    /// How many fields there are up to the end of each record, itself included.
    pub(super) fn records(&self) -> &[u32] {
        self.records.all()
    }

    /// Where a record ends of which the last field is this one, counted from 1.
    pub(super) fn end_of(&self, fields: u32) -> usize {
        self.fields.all()[fields as usize - 1] as usize
    }

    /// Whether the next byte is inside a quoted field.
    pub(super) fn quoted(&self) -> bool {
        self.before.open != 0
    }

    /// Whether a byte was 0.
    pub(super) fn met_zero(&self) -> bool {
        self.marker.met_zero()
    }

    /// Cuts a block of which so many bytes are there.
    #[inline(always)]
    fn block(&mut self, from: usize, there: usize, marks: &Marks) -> Result<(), Odd> {
        let before = self.before;
        // A bit for each byte behind which a quoted field is open.
        let open = up_to_each(marks.quotes) ^ before.open;
        let (opening, closing) = (marks.quotes & open, marks.quotes & !open);
        let ends = (marks.delimiters | marks.line_ends) & !open;
        let apart = ends | marks.joined & !open;
        let edges = apart | closing;
        let after_closing = closing << 1 | before.closed;
        let all = u64::MAX >> (BLOCK - there);
        let misplaced =
            opening & !(edges << 1 | before.edge) | after_closing & all & !(apart | opening);
        if misplaced != 0 {
            return Err(Odd);
        }
        let last = there - 1;
        self.before = Before {
            open: (open >> last & 1).wrapping_neg(),
            edge: edges >> last & 1,
            closed: closing >> last & 1,
        };
        let before = self.fields.found as u32;
        self.records.add::<1>(ends & marks.line_ends, |at| {
            before + (ends << (BLOCK as u32 - 1 - at % BLOCK as u32)).count_ones()
        });
        self.fields.add::<8>(ends, |at| place(from, at));
        each(marks.line_ends & open, |at| {
            self.inner.push(place(from, at));
        });
        each(opening & after_closing, |at| {
            self.doubled.push(place(from, at));
        });
        Ok(())
    }
}

/// Numbers of which most blocks give a few.
#[derive(Default)]
struct Places {
    found: usize,
    /// Behind those found there is room for those of a block.
    room: Vec<u32>,
}

impl Places {
    fn all(&self) -> &[u32] {
        &self.room[..self.found]
    }

    /// Adds a number for each bit. `FEW` are written without looking whether there are so many: jumps that hang on their
    /// number take longer.
    #[inline(always)]
    fn add<const FEW: usize>(&mut self, bits: u64, of: impl Fn(u32) -> u32) {
        if self.room.len() < self.found + BLOCK {
            self.room.resize(2 * self.room.len() + BLOCK, 0);
        }
        let (blocks, _) = self.room[self.found..].as_chunks_mut::<BLOCK>();
        let room = &mut blocks[0];
        let mut rest = bits;
        for room in &mut room[..FEW] {
            *room = of(rest.trailing_zeros());
            rest &= rest.wrapping_sub(1);
        }
        let found = bits.count_ones() as usize;
        if rest != 0 {
            for room in &mut room[FEW..found] {
                *room = of(rest.trailing_zeros());
                rest &= rest.wrapping_sub(1);
            }
        }
        self.found += found;
    }
}

#[multiversion(targets("x86_64+avx2+bmi1+bmi2+lzcnt+popcnt"))]
fn cut(cuts: &mut Cuts, from: usize, blocks: &[[u8; BLOCK]]) -> Result<(), Odd> {
    for (at, block) in blocks.iter().enumerate() {
        let marks = cuts.marker.block(block);
        cuts.block(from + at * BLOCK, BLOCK, &marks)?;
    }
    Ok(())
}

/// Chunks, and the longest row behind one, are far shorter than 4 GB.
#[inline(always)]
fn place(from: usize, at: u32) -> u32 {
    from as u32 + at
}

#[inline(always)]
fn each(mut bits: u64, mut of: impl FnMut(u32)) {
    while bits != 0 {
        of(bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// For each bit whether the number of bits up to there, itself included, is odd.
#[inline(always)]
fn up_to_each(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32]
        .into_iter()
        .fold(bits, |odd, by| odd ^ odd << by)
}
