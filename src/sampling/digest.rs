use std::fmt;

use super::DrawNumber;

/// The sum of draw numbers modulo 2^256: the same for the same calls in any order, different after any accidental
/// change of ids. Not a defence against someone who searches for ids that sum alike.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Adds one call.
    pub fn add(&mut self, number: DrawNumber) {
        self.combine(&number.0);
    }

    /// Takes one call out again.
    pub fn remove(&mut self, number: DrawNumber) {
        let mut borrow = false;
        self.by_words(&number.0, |word, other| {
            let (less, one) = word.overflowing_sub(other);
            let (less, two) = less.overflowing_sub(u64::from(borrow));
            borrow = one || two;
            less
        });
    }

    /// Adds another part's digest.
    pub fn merge(&mut self, other: Self) {
        self.combine(&other.0);
    }

    fn combine(&mut self, other: &[u8; 32]) {
        let mut carry = false;
        self.by_words(other, |word, other| {
            let (sum, one) = word.overflowing_add(other);
            let (sum, two) = sum.overflowing_add(u64::from(carry));
            carry = one || two;
            sum
        });
    }

    /// Replaces every eight bytes, the lowest first, by what comes of them and those of another number.
    fn by_words(&mut self, other: &[u8; 32], mut of: impl FnMut(u64, u64) -> u64) {
        for at in [24, 16, 8, 0] {
            let mut words = [[0; 8]; 2];
            words[0].copy_from_slice(&self.0[at..at + 8]);
            words[1].copy_from_slice(&other[at..at + 8]);
            let [word, other] = words.map(u64::from_be_bytes);
            self.0[at..at + 8].copy_from_slice(&of(word, other).to_be_bytes());
        }
    }
}

impl fmt::Display for Digest {
    /// 64 lower-case hex digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&DrawNumber(self.0), f)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_and_removing_in_any_order_comes_back_to_nothing() {
        let (a, b) = (DrawNumber([0xff; 32]), DrawNumber([0x81; 32]));
        let mut digest = Digest::default();
        digest.add(a);
        digest.add(b);
        digest.remove(a);
        assert_eq!(digest.0, b.0);
        digest.remove(b);
        assert_eq!(digest, Digest::default());
    }

    fn number(last: &[u8]) -> DrawNumber {
        let mut bytes = [0; 32];
        bytes[32 - last.len()..].copy_from_slice(last);
        DrawNumber(bytes)
    }

    #[test]
    fn a_carry_runs_through_all_bytes_and_out_at_the_top() {
        let mut digest = Digest::default();
        digest.add(number(&[0xff, 0xff]));
        digest.add(number(&[1]));
        assert_eq!(digest.0, number(&[1, 0, 0]).0);
        digest.remove(number(&[1]));
        assert_eq!(digest.0, number(&[0xff, 0xff]).0);

        let mut wrapped = Digest([0xff; 32]);
        wrapped.add(number(&[1]));
        assert_eq!(wrapped, Digest::default());
        wrapped.remove(number(&[1]));
        assert_eq!(wrapped, Digest([0xff; 32]));
    }

    #[test]
    fn it_is_written_as_64_hex_digits() {
        let mut digest = Digest::default();
        digest.add(number(&[0x0a, 0xb0]));
        assert_eq!(digest.to_string(), format!("{:0>64}", "ab0"));
        assert_eq!(format!("{digest:?}"), digest.to_string());
    }

    proptest::proptest! {
        #[test]
        fn parts_add_up_to_the_whole(
            numbers in proptest::collection::vec(proptest::array::uniform32(0..=u8::MAX), 1..20),
            cut in 0..20_usize,
        ) {
            let sum = |numbers: &[[u8; 32]]| {
                let mut digest = Digest::default();
                numbers.iter().for_each(|number| digest.add(DrawNumber(*number)));
                digest
            };
            let (left, right) = numbers.split_at(cut.min(numbers.len()));
            let mut merged = sum(right);
            merged.merge(sum(left));
            proptest::prop_assert_eq!(merged, sum(&numbers));
            left.iter().for_each(|number| merged.remove(DrawNumber(*number)));
            proptest::prop_assert_eq!(merged, sum(right));
        }
    }
}
