use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

use super::Seed;

/// The key that decides the draw: SHA-256 of `seed ":" call_id` in UTF-8. Small numbers are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DrawNumber(pub [u8; 32]);

impl DrawNumber {
    /// The number of one call.
    pub fn new(seed: &Seed, call_id: &str) -> Self {
        Numberer::new(seed).number(call_id)
    }
}

impl DrawNumber {
    fn from_words(words: [u32; 8]) -> Self {
        let mut number = [0; 32];
        for (bytes, word) in number.chunks_exact_mut(4).zip(words) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        Self(number)
    }

    fn words(&self) -> [u64; 4] {
        let (words, _) = self.0.as_chunks();
        [0, 1, 2, 3].map(|at| u64::from_be_bytes(words[at]))
    }
}

impl Ord for DrawNumber {
    /// As numbers, the first byte being the highest.
    fn cmp(&self, other: &Self) -> Ordering {
        self.words().cmp(&other.words())
    }
}

impl PartialOrd for DrawNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for DrawNumber {
    /// 64 lower-case hex digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DrawNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Hash for DrawNumber {
    /// Eight of its bytes are already as random as a hash can be.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0[24..]);
        state.write_u64(u64::from_ne_bytes(bytes));
    }
}

/// Numbers many calls under one seed.
#[derive(Clone)]
pub(crate) struct Numberer {
    begun: Sha256,
    /// What comes before the id, at the beginning of a block.
    block: [u8; BLOCK],
    before: usize,
}

const BLOCK: usize = 64;

/// The end of a message: a bit that is set, and its length in bits.
const END: usize = 9;

/// The state in which SHA-256 begins (FIPS 180-4, 5.3.3).
const BEGIN: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

impl Numberer {
    pub(crate) fn new(seed: &Seed) -> Self {
        let mut begun = Sha256::new();
        begun.update(seed.as_str());
        begun.update(b":");
        let text = format!("{}:", seed.as_str());
        let mut block = [0; BLOCK];
        let fits = text.len().min(BLOCK);
        block[..fits].copy_from_slice(&text.as_bytes()[..fits]);
        Self {
            begun,
            block,
            before: text.len(),
        }
    }

    pub(crate) fn number(&self, call_id: &str) -> DrawNumber {
        let [number] = self.numbers([call_id]);
        number
    }

    /// Several at a time: a processor then works on more than one.
    pub(crate) fn numbers<const N: usize>(&self, call_ids: [&str; N]) -> [DrawNumber; N] {
        let mut blocks = [self.block; N];
        for (block, call_id) in blocks.iter_mut().zip(call_ids) {
            let length = self.before + call_id.len();
            // Nearly all messages fill one block alone, which is written here as the standard wants it.
            if length + END <= BLOCK {
                block[self.before..length].copy_from_slice(call_id.as_bytes());
                block[length] = 0x80;
                block[BLOCK - 8..].copy_from_slice(&(8 * length as u64).to_be_bytes());
            }
        }
        let mut states = [BEGIN; N];
        for (state, block) in states.iter_mut().zip(&blocks) {
            compress256(state, std::slice::from_ref(block));
        }
        let mut numbers = states.map(DrawNumber::from_words);
        for (number, call_id) in numbers.iter_mut().zip(call_ids) {
            if self.before + call_id.len() + END > BLOCK {
                let hash = self.begun.clone().chain_update(call_id).finalize();
                *number = DrawNumber(hash.into());
            }
        }
        numbers
    }
}

/// Takes the bytes that [`DrawNumber`] gives as they are.
#[derive(Clone, Copy, Default)]
pub(crate) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_what_sha256sum_prints() {
        let seed = Seed::new("july-2026").expect("seed");
        // printf %s july-2026:C-000001 | sha256sum
        assert_eq!(
            DrawNumber::new(&seed, "C-000001").to_string(),
            "b253a1fe32bc33f3679ee753efc1b1b8fd02d591f254c0c66889ed5c0a0fe4c6"
        );
    }

    #[test]
    fn one_block_or_several_give_what_sha_256_gives() {
        for seed in ["s", &"long-".repeat(10), &"longer-".repeat(20)] {
            let seed = Seed::new(seed).expect("seed");
            for length in 0..150 {
                let id = "x".repeat(length);
                let expected = Sha256::digest(format!("{}:{id}", seed.as_str()));
                assert_eq!(DrawNumber::new(&seed, &id).0, expected[..]);
                let [_, other, _] = Numberer::new(&seed).numbers(["a", &id, "b"]);
                assert_eq!(other.0, expected[..]);
            }
        }
    }

    #[test]
    fn ids_count_to_the_byte() {
        let seed = Seed::new("s").expect("seed");
        let ids = [
            "7", "07", " 7", "7 ", "7\u{a0}", "", "é", "e\u{301}", "A", "a",
        ];
        let mut numbers: Vec<DrawNumber> =
            ids.iter().map(|id| DrawNumber::new(&seed, id)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), ids.len());
    }

    #[test]
    fn numbers_sort_like_their_hex_digits() {
        let seed = Seed::new("s").expect("seed");
        let mut numbers: Vec<DrawNumber> = (0..200)
            .map(|id: u32| DrawNumber::new(&seed, &id.to_string()))
            .collect();
        let mut digits: Vec<String> = numbers.iter().map(DrawNumber::to_string).collect();
        numbers.sort_unstable();
        digits.sort_unstable();
        assert_eq!(
            numbers
                .iter()
                .map(DrawNumber::to_string)
                .collect::<Vec<_>>(),
            digits
        );
    }
}
