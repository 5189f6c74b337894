//! Shares seen at a glance: five shades, the same on pages and in workbooks.

/// From how many per cent on each shade begins, the least first.
pub(super) const FROM: [f64; 5] = [0.0, 50.0, 70.0, 85.0, 95.0];

/// What they are, for people.
pub(super) const KEY: &str = "Colours: below 50 %, below 70 %, below 85 %, below 95 %, and above.";

/// Which of them a share (0-1) has, counted from 0.
pub(super) fn of(share: f64) -> usize {
    let reached = FROM.iter().filter(|from| 100.0 * share >= **from);
    reached.count().saturating_sub(1)
}
