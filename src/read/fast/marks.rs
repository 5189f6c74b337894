//! Where the bytes stand that matter to a parser, 64 at a time.

use wide::u8x16;

/// Bytes that are looked at together.
pub(super) const BLOCK: usize = 64;

/// A bit for each byte of a block, the lowest for the first.
#[derive(Clone, Copy)]
pub(super) struct Marks {
    pub(super) quotes: u64,
    pub(super) delimiters: u64,
    /// Line ends; of `\r\n` the first byte.
    pub(super) line_ends: u64,
    /// A `\n` behind a `\r`.
    pub(super) joined: u64,
}

/// Marks bytes block by block.
pub(super) struct Marker {
    delimiter: u8x16,
    /// The byte before the next block is a `\r`.
    after_return: bool,
    /// All bytes seen so far that are 0.
    zeros: u8x16,
}

impl Marker {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter: u8x16::splat(delimiter),
            after_return: false,
            zeros: u8x16::splat(0),
        }
    }

    /// Whether one of the bytes was 0.
    pub(super) fn met_zero(&self) -> bool {
        self.zeros.any()
    }

    /// Marks the next bytes, fewer than a block.
    pub(super) fn part(&mut self, bytes: &[u8]) -> Marks {
        // No mark stands on a blank.
        let mut block = [b' '; BLOCK];
        block[..bytes.len()].copy_from_slice(bytes);
        let marks = self.block(&block);
        self.after_return = bytes.last() == Some(&b'\r');
        marks
    }

    /// Marks the next block.
    #[inline(always)]
    pub(super) fn block(&mut self, block: &[u8; BLOCK]) -> Marks {
        let (parts, _) = block.as_chunks::<16>();
        let (mut quotes, mut delimiters, mut newlines, mut returns) = (0, 0, 0, 0);
        for (part, shift) in parts.iter().zip([0, 16, 32, 48]) {
            let part = u8x16::from(*part);
            let bits = |of: u8x16| u64::from(part.simd_eq(of).to_bitmask()) << shift;
            quotes |= bits(u8x16::splat(b'"'));
            delimiters |= bits(self.delimiter);
            newlines |= bits(u8x16::splat(b'\n'));
            returns |= bits(u8x16::splat(b'\r'));
            self.zeros |= part.simd_eq(u8x16::splat(0));
        }
        let joined = newlines & (returns << 1 | u64::from(self.after_return));
        self.after_return = returns >> (BLOCK - 1) == 1;
        Marks {
            quotes,
            delimiters,
            line_ends: returns | newlines & !joined,
            joined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn marks_stand_where_the_bytes_are(
            bytes in proptest::collection::vec(
                proptest::sample::select(b"\",\n\rab\0\xff".to_vec()), 0..300),
            cut in 0..300_usize,
        ) {
            let (first, second) = bytes.split_at(cut.min(bytes.len()));
            let (mut marker, mut got) = (Marker::new(b','), Vec::new());
            for part in first.chunks(BLOCK).chain(second.chunks(BLOCK)) {
                let marks = marker.part(part);
                for at in 0..part.len() {
                    let bit = |mask: u64| mask >> at & 1 == 1;
                    got.push([marks.quotes, marks.delimiters, marks.line_ends, marks.joined].map(bit));
                }
            }
            let expected = bytes.iter().enumerate().map(|(at, byte)| {
                let joined = *byte == b'\n' && at > 0 && bytes[at - 1] == b'\r';
                let line_end = matches!(byte, b'\n' | b'\r') && !joined;
                [*byte == b'"', *byte == b',', line_end, joined]
            });
            proptest::prop_assert_eq!(got, expected.collect::<Vec<_>>());
            proptest::prop_assert_eq!(marker.met_zero(), bytes.contains(&0));
        }
    }
}
