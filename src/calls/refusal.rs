use std::fmt;

/// Why a row of the call log can't be in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// The id cell is empty.
    MissingId,
    /// The CSR cell is empty.
    MissingCsr,
    /// A further copy of a call that counts once.
    DuplicateId,
    /// The same id stands for calls that differ in stratum or eligibility; none of them counts.
    ConflictingId,
    /// Too few or too many fields, bytes that are not text, or a time or duration a filter needs and can't read.
    Unreadable,
    /// The caller type is neither internal nor external.
    UnknownCallerType,
}

impl Refusal {
    /// In the order in which they are listed.
    pub const ALL: [Self; 6] = [
        Self::MissingId,
        Self::MissingCsr,
        Self::DuplicateId,
        Self::ConflictingId,
        Self::Unreadable,
        Self::UnknownCallerType,
    ];

    /// The key used in JSON and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingId => "missing_id",
            Self::MissingCsr => "missing_csr",
            Self::DuplicateId => "duplicate_id",
            Self::ConflictingId => "conflicting_id",
            Self::Unreadable => "unreadable",
            Self::UnknownCallerType => "unknown_caller_type",
        }
    }

    /// What a person reads.
    pub fn plain(self) -> &'static str {
        match self {
            Self::MissingId => "no call id",
            Self::MissingCsr => "no CSR",
            Self::DuplicateId => "copy of a call already counted",
            Self::ConflictingId => "same id, different call",
            Self::Unreadable => "unreadable",
            Self::UnknownCallerType => "unknown caller type",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Exact counts of refused rows by reason, with the first line numbers of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    counts: [u64; Refusal::ALL.len()],
    lines: [Vec<u64>; Refusal::ALL.len()],
    keep_all: bool,
}

/// How many line numbers are kept for each reason.
pub const LINES_KEPT: usize = 20;

impl Refused {
    /// Keeps every line number instead of the first [`LINES_KEPT`].
    pub fn with_all_lines() -> Self {
        Self {
            keep_all: true,
            ..Self::default()
        }
    }

    /// Counts one row; lines may come in any order.
    pub fn note(&mut self, reason: Refusal, line: u64) {
        self.counts[reason as usize] += 1;
        let lines = &mut self.lines[reason as usize];
        if !self.keep_all && lines.len() == LINES_KEPT {
            if lines.last().is_some_and(|last| *last <= line) {
                return;
            }
            lines.pop();
        }
        let at = lines.partition_point(|kept| *kept <= line);
        lines.insert(at, line);
    }

    /// How many rows were refused for this reason.
    pub fn count(&self, reason: Refusal) -> u64 {
        self.counts[reason as usize]
    }

    /// Line numbers in ascending order, at most [`LINES_KEPT`] unless all were asked for.
    pub fn lines(&self, reason: Refusal) -> &[u64] {
        &self.lines[reason as usize]
    }

    /// All refused rows.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Adds another part of the same log.
    pub fn merge(&mut self, other: &Self) {
        for reason in Refusal::ALL {
            let at = reason as usize;
            self.counts[at] += other.counts[at];
            let lines = &mut self.lines[at];
            lines.extend_from_slice(&other.lines[at]);
            lines.sort_unstable();
            if !self.keep_all {
                lines.truncate(LINES_KEPT);
            }
        }
    }

    /// Restores one reason's count and lines, as a store keeps them.
    pub fn restore(&mut self, reason: Refusal, count: u64, lines: Vec<u64>) {
        self.counts[reason as usize] = count;
        self.lines[reason as usize] = lines;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_and_lines_are_the_first_twenty_in_any_order() {
        let mut refused = Refused::default();
        for line in (1..=50).rev() {
            refused.note(Refusal::MissingCsr, line);
        }
        assert_eq!(refused.count(Refusal::MissingCsr), 50);
        assert_eq!(
            refused.lines(Refusal::MissingCsr),
            (1..=20).collect::<Vec<_>>()
        );
    }

    #[test]
    fn merging_parts_gives_the_same_as_one_pass() {
        let (mut whole, mut left, mut right) =
            (Refused::default(), Refused::default(), Refused::default());
        for line in 1..=60 {
            whole.note(Refusal::Unreadable, line);
            if line % 2 == 0 { &mut left } else { &mut right }.note(Refusal::Unreadable, line);
        }
        left.merge(&right);
        assert_eq!(left, whole);
    }

    #[test]
    fn all_lines_are_kept_where_they_are_wanted() {
        let mut refused = Refused::with_all_lines();
        (1..=30).for_each(|line| refused.note(Refusal::MissingId, line));
        let mut more = Refused::with_all_lines();
        (31..=60).for_each(|line| more.note(Refusal::MissingId, line));
        more.merge(&refused);
        assert_eq!(more.lines(Refusal::MissingId), (1..=60).collect::<Vec<_>>());
    }

    #[test]
    fn reasons_are_counted_apart_and_add_up() {
        let mut refused = Refused::default();
        for (reason, line) in Refusal::ALL.into_iter().zip(10..) {
            refused.note(reason, line);
            assert_eq!(refused.lines(reason), [line]);
        }
        assert_eq!(refused.total(), 6);
    }

    #[test]
    fn what_a_store_kept_is_the_same_again() {
        let mut refused = Refused::default();
        (1..=25).for_each(|line| refused.note(Refusal::DuplicateId, line));
        let mut again = Refused::default();
        for reason in Refusal::ALL {
            again.restore(
                reason,
                refused.count(reason),
                refused.lines(reason).to_vec(),
            );
        }
        assert_eq!(again, refused);
    }

    #[test]
    fn keys_and_plain_words_are_those_of_the_design() {
        let told = Refusal::ALL.map(|reason| (reason.as_str(), reason.plain()));
        assert_eq!(
            told,
            [
                ("missing_id", "no call id"),
                ("missing_csr", "no CSR"),
                ("duplicate_id", "copy of a call already counted"),
                ("conflicting_id", "same id, different call"),
                ("unreadable", "unreadable"),
                ("unknown_caller_type", "unknown caller type"),
            ]
        );
    }
}
