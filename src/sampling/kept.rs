use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::tags::tag;
use super::{Design, Digest, DrawNumber, DrawnCall, Stratum, StratumDraw};
use crate::calls::Call;

/// The smallest draw numbers of one stratum.
pub(super) struct Kept {
    stratum: Stratum,
    quota: u64,
    pub(super) calls: BTreeMap<(DrawNumber, String), Call>,
    /// Whether a call had to leave because there were too many.
    pub(super) overflowed: bool,
    /// The largest number kept and its tag, once there is no more room.
    largest: Option<(u64, DrawNumber)>,
}

impl Kept {
    pub(super) fn new(stratum: Stratum, quota: u64) -> Self {
        Self {
            stratum,
            quota,
            calls: BTreeMap::new(),
            overflowed: false,
            largest: None,
        }
    }

    /// Calls to draw and reserves.
    fn room(&self) -> usize {
        let room = self.quota.saturating_add(Design::reserves(self.quota));
        usize::try_from(room).unwrap_or(usize::MAX)
    }

    /// Whether a call of this number would be pushed out again at once; then it is remembered that one was.
    pub(super) fn turns_away(&mut self, tag: u64, number: DrawNumber) -> bool {
        // Tags are the beginnings of numbers, and nearly always tell.
        let away = self
            .largest
            .is_some_and(|(largest, full)| match tag.cmp(&largest) {
                Ordering::Less => false,
                Ordering::Equal => number > full,
                Ordering::Greater => true,
            });
        self.overflowed |= away;
        away
    }

    /// Of two copies of a call the one with the smaller text stays, so that row order doesn't matter.
    pub(super) fn insert(&mut self, key: (DrawNumber, String), call: Call) {
        match self.calls.entry(key) {
            Entry::Occupied(mut there) => {
                if (&call.fields, call.line) < (&there.get().fields, there.get().line) {
                    there.insert(call);
                }
            }
            Entry::Vacant(free) => {
                free.insert(call);
            }
        }
        if self.calls.len() > self.room() {
            self.calls.pop_last();
            self.overflowed = true;
        }
        if self.calls.len() == self.room() {
            let last = self.calls.last_key_value();
            self.largest = last.map(|((number, _), _)| (tag(*number), *number));
        }
    }

    pub(super) fn draw(self) -> StratumDraw {
        let mut calls: Vec<DrawnCall> = (self.calls.into_iter().zip(1..))
            .map(|(((draw_number, _), call), position)| DrawnCall {
                draw_number,
                position,
                call,
            })
            .collect();
        let drawn = calls
            .len()
            .min(usize::try_from(self.quota).unwrap_or(usize::MAX));
        let mut reserves = calls.split_off(drawn);
        reserves.truncate(usize::try_from(Design::reserves(drawn as u64)).unwrap_or(usize::MAX));
        StratumDraw {
            stratum: self.stratum,
            eligible: 0,
            quota: self.quota,
            digest: Digest::default(),
            calls,
            reserves,
        }
    }
}
