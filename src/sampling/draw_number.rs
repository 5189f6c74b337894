use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::Seed;

/// The key that decides the draw: SHA-256 of `seed ":" call_id` in UTF-8. Small numbers are drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DrawNumber(pub [u8; 32]);

impl DrawNumber {
    /// The number of one call.
    pub fn new(seed: &Seed, call_id: &str) -> Self {
        Numberer::new(seed).number(call_id)
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
}

impl Numberer {
    pub(crate) fn new(seed: &Seed) -> Self {
        let mut begun = Sha256::new();
        begun.update(seed.as_str());
        begun.update(b":");
        Self { begun }
    }

    pub(crate) fn number(&self, call_id: &str) -> DrawNumber {
        DrawNumber(self.begun.clone().chain_update(call_id).finalize().into())
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
