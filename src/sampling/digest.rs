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
        let mut borrow = 0;
        for (byte, other) in self.0.iter_mut().zip(number.0).rev() {
            let difference = i16::from(*byte) - i16::from(other) - borrow;
            *byte = (difference & 0xff) as u8;
            borrow = i16::from(difference < 0);
        }
    }

    /// Adds another part's digest.
    pub fn merge(&mut self, other: Self) {
        self.combine(&other.0);
    }

    fn combine(&mut self, other: &[u8; 32]) {
        let mut carry = 0;
        for (byte, other) in self.0.iter_mut().zip(other).rev() {
            let sum = u16::from(*byte) + u16::from(*other) + carry;
            *byte = (sum & 0xff) as u8;
            carry = sum >> 8;
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
}
