//! The ids of a whole log in 8 bytes each: enough to see whether one stands twice, and to know them again.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::thread;

use super::draw_number::AsIs;
use super::{DrawNumber, SeenIds};

/// First 8 bytes of draw numbers.
pub(super) type TagSet = HashSet<u64, BuildHasherDefault<AsIs>>;

/// The first 8 bytes of a draw number. Two different ones of ten million calls share them in one of 370,000 logs.
pub(super) fn tag(number: DrawNumber) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&number.0[..8]);
    u64::from_be_bytes(first)
}

/// Tags of calls, by their first byte: each part fits into a processor's cache.
pub(super) struct Tags {
    eligible: Vec<Vec<u64>>,
    others: Vec<Vec<u64>>,
}

const PARTS: usize = 256;

fn part(tag: u64) -> usize {
    usize::from(tag.to_be_bytes()[0])
}

impl Tags {
    pub(super) fn new() -> Self {
        Self {
            eligible: vec![Vec::new(); PARTS],
            others: vec![Vec::new(); PARTS],
        }
    }

    pub(super) fn push_eligible(&mut self, tag: u64) {
        self.eligible[part(tag)].push(tag);
    }

    pub(super) fn push_other(&mut self, tag: u64) {
        self.others[part(tag)].push(tag);
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (ours, theirs) in self.eligible.iter_mut().zip(other.eligible) {
            ours.extend(theirs);
        }
        for (ours, theirs) in self.others.iter_mut().zip(other.others) {
            ours.extend(theirs);
        }
    }

    /// Over how many processors work on them is worth dividing.
    fn threads(&self) -> usize {
        const EACH: usize = 50_000;
        let tags: usize = self.eligible.iter().chain(&self.others).map(Vec::len).sum();
        let processors = thread::available_parallelism().map_or(1, usize::from);
        processors.min(tags / EACH)
    }

    /// Tags that are there more than once.
    pub(super) fn repeated(&self) -> TagSet {
        let parts: Vec<_> = self.eligible.iter().zip(&self.others).collect();
        let found = in_parallel(self.threads(), &parts, |(eligible, others)| {
            let mut found = Vec::new();
            let mut seen = Seen::with_room(eligible.len() + others.len());
            for tag in eligible.iter().chain(*others) {
                if !seen.insert(*tag) {
                    found.push(*tag);
                }
            }
            found
        });
        found.into_iter().flatten().collect()
    }

    /// The eligible ones.
    pub(super) fn seen(&self) -> SeenIds {
        let sorted = in_parallel(self.threads(), &self.eligible, |tags| {
            let mut tags = tags.clone();
            tags.sort_unstable();
            tags
        });
        SeenIds::of_sorted(sorted.concat())
    }
}

/// Does the same to all parts; results in the order of the parts.
fn in_parallel<P: Sync, R: Send>(
    threads: usize,
    parts: &[P],
    work: impl Fn(&P) -> R + Sync,
) -> Vec<R> {
    if threads < 2 {
        return parts.iter().map(work).collect();
    }
    let each = parts.len().div_ceil(threads).max(1);
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = parts
            .chunks(each)
            .map(|own| scope.spawn(move || own.iter().map(work).collect::<Vec<R>>()))
            .collect();
        let join = |thread: thread::ScopedJoinHandle<'_, Vec<R>>| {
            let joined = thread.join();
            joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        running.into_iter().flat_map(join).collect()
    })
}

/// A table of tags that is open: the next free place after the one a tag asks for.
struct Seen {
    /// 0 is a free place; the tag 0 is kept apart.
    table: Vec<u64>,
    zero: bool,
}

impl Seen {
    fn with_room(tags: usize) -> Self {
        Self {
            table: vec![0; (2 * tags).next_power_of_two()],
            zero: false,
        }
    }

    /// Whether it is new.
    fn insert(&mut self, tag: u64) -> bool {
        if tag == 0 {
            return !std::mem::replace(&mut self.zero, true);
        }
        let last = self.table.len() - 1;
        // Any of its bytes is as random as a hash can be; the first is the same for all of a part.
        let mut at = usize::try_from(tag & 0xffff_ffff).unwrap_or(0) & last;
        loop {
            match self.table[at] {
                0 => {
                    self.table[at] = tag;
                    return true;
                }
                there if there == tag => return false,
                _ => at = (at + 1) & last,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(eligible: &[u64], others: &[u64]) -> Tags {
        let mut tags = Tags::new();
        eligible.iter().for_each(|tag| tags.push_eligible(*tag));
        others.iter().for_each(|tag| tags.push_other(*tag));
        tags
    }

    #[test]
    fn tags_that_stand_twice_are_found_whichever_part_has_them() {
        let mut one = tags(&[0, 5, u64::MAX], &[7, 1 << 60]);
        assert!(one.repeated().is_empty());
        one.merge(tags(&[9, 7], &[0, 0, 1 << 60]));
        let mut found: Vec<u64> = one.repeated().into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, [0, 7, 1 << 60]);
    }

    #[test]
    fn a_thousand_tags_that_ask_for_one_place_are_all_told_apart() {
        let same: Vec<u64> = (1..1_000).map(|high| high << 32 | 3).collect();
        assert!(tags(&same, &[]).repeated().is_empty());
        assert_eq!(tags(&same, &[same[500]]).repeated().len(), 1);
    }

    #[test]
    fn one_thread_or_many_give_the_same_in_order() {
        let parts: Vec<u32> = (0..10).collect();
        for threads in [0, 1, 2, 3, 8, 20] {
            assert_eq!(in_parallel(threads, &parts, |part| *part), parts);
        }
    }

    #[test]
    fn eligible_ones_are_kept_in_order() {
        let bytes: Vec<u8> = [1_u64, 1 << 40, 1 << 63]
            .iter()
            .flat_map(|tag| tag.to_be_bytes())
            .collect();
        let seen = tags(&[1 << 63, 1, 1 << 40], &[2]).seen();
        assert_eq!(seen.to_bytes(), bytes);
    }
}
