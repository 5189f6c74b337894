//! What a collector does with a row.

use std::collections::hash_map::Entry;

use super::{Collector, Seen, Standing};
use crate::calls::{CallerType, Refusal, RowSink, RowView, Verdict};
use crate::sampling::DrawNumber;
use crate::sampling::kept::{KeptRow, Kicked};
use crate::sampling::tags::tag;

impl Collector {
    pub(super) fn standing(&self, number: DrawNumber, row: &RowView<'_>) -> Standing {
        if !self.plan.filter.columns().is_call(row.cells) {
            return Standing::NoCall;
        }
        if self.plan.earlier.batch(number).is_some() {
            return Standing::SeenBefore;
        }
        if row.caller_type == CallerType::Unknown && !self.plan.design.include_unknown {
            return Standing::UnknownCallerType;
        }
        match self.plan.filter.judge(row) {
            Verdict::Eligible => Standing::Eligible,
            Verdict::NotEligible => Standing::NotEligible,
            Verdict::Unreadable => Standing::Unreadable,
        }
    }

    fn keep(&mut self, number: DrawNumber, row: &RowView<'_>, stratum: usize) {
        if tag(number) > self.limits[stratum] {
            return;
        }
        let filter = &self.plan.filter;
        let kept = match self.spare.take() {
            Some(mut kept) => {
                kept.become_row(filter, row);
                kept
            }
            None => Box::new(KeptRow::new(filter, row)),
        };
        self.spare = match self.strata[stratum].insert(number, kept) {
            Kicked::Nothing => None,
            Kicked::Last(row) => Some(row),
            Kicked::Copy(row) => {
                self.kept_twice.insert(tag(number));
                Some(row)
            }
        };
        self.limits[stratum] = self.strata[stratum].limit();
    }

    fn count_in(&mut self, number: DrawNumber, cell: u32) {
        let tally = &mut self.cells[cell as usize];
        tally.eligible += 1;
        tally.digest.add(number);
    }

    /// Counts a row; whether its call may be drawn.
    pub(super) fn count_row(&mut self, row: &RowView<'_>, number: DrawNumber, cell: u32) -> bool {
        self.rows += 1;
        let standing = self.standing(number, row);
        match &self.plan.repeated {
            // A ring that nobody answered may have the id of the call that somebody did.
            _ if standing == Standing::NoCall => self.left_out.not_eligible += 1,
            Some(repeated) if repeated.contains(&tag(number)) => {
                let line = row.line;
                let seen = Seen {
                    line,
                    cell,
                    standing,
                };
                self.remember(number, seen);
            }
            repeated => {
                let list = !self.plan.design.eligibility.trust_ids;
                if standing == Standing::Eligible {
                    if list {
                        self.tags.push_eligible(tag(number));
                    }
                    self.count_in(number, cell);
                } else {
                    if list && repeated.is_none() {
                        self.tags.push_other(tag(number));
                    }
                    self.leave_out(number, standing, row.line);
                }
            }
        }
        if standing == Standing::SeenBefore {
            self.retagged.extend(self.plan.retagged(number, row));
        }
        standing == Standing::Eligible
    }

    /// Draws a call that may be drawn, as far as can be told now.
    fn draw_row(&mut self, row: &RowView<'_>, number: DrawNumber, cell: u32) {
        self.widen_period(row);
        if !self.plan.conflicting.contains(&number) {
            let stratum = self.cells[cell as usize].stratum;
            self.keep(number, row, stratum);
        }
    }

    pub(super) fn widen_period(&mut self, row: &RowView<'_>) {
        if self.period.may_grow(&self.plan.filter, row)
            && let Some(when) = self.plan.filter.started_at(row)
        {
            let day = when.local.date();
            self.period.widen(day, day);
        }
    }

    /// A row of an id that stands more than once.
    fn remember(&mut self, number: DrawNumber, seen: Seen) {
        match self.ids.entry(number) {
            Entry::Occupied(there) => {
                let first = *there.get();
                self.copies.push((number, seen.line));
                self.again(number, first, seen);
            }
            Entry::Vacant(free) => {
                free.insert(seen);
                if seen.standing == Standing::Eligible {
                    self.count_in(number, seen.cell);
                }
            }
        }
    }

    /// Two rows of one id: one call if they agree, none if they don't.
    fn again(&mut self, number: DrawNumber, first: Seen, other: Seen) {
        if matches!(first.standing, Standing::Conflicting | Standing::SeenBefore)
            || (first.standing == other.standing && first.cell == other.cell)
        {
            return;
        }
        if first.standing == Standing::Eligible {
            let cell = &mut self.cells[first.cell as usize];
            cell.eligible -= 1;
            cell.digest.remove(number);
        }
        if let Some(seen) = self.ids.get_mut(&number) {
            seen.standing = Standing::Conflicting;
        }
    }

    /// Counts a call that can't be drawn.
    pub(super) fn leave_out(&mut self, number: DrawNumber, standing: Standing, line: u64) {
        match standing {
            Standing::NotEligible | Standing::NoCall => self.left_out.not_eligible += 1,
            Standing::SeenBefore => {
                let batch = self.plan.earlier.batch(number);
                let count = batch.and_then(|at| self.left_out.seen_before.get_mut(at));
                count.into_iter().for_each(|count| *count += 1);
            }
            Standing::UnknownCallerType => self.refused.note(Refusal::UnknownCallerType, line),
            Standing::Unreadable => self.refused.note(Refusal::Unreadable, line),
            Standing::Eligible | Standing::Conflicting => {}
        }
    }
}

impl RowSink for Collector {
    fn row(&mut self, row: &RowView<'_>) {
        let number = self.plan.numberer.number(row.call_id);
        let cell = self.cell(row.csr, row.caller_type);
        if self.count_row(row, number, cell) {
            self.draw_row(row, number, cell);
        }
    }

    fn rows(&mut self, rows: &[RowView<'_>]) {
        let (eights, rest) = rows.as_chunks::<8>();
        for eight in eights {
            let ids = eight.each_ref().map(|row| row.call_id);
            let numbers = self.plan.numberer.numbers(ids);
            let cells = eight
                .each_ref()
                .map(|row| self.cell(row.csr, row.caller_type));
            // One after the other for all eight: while memory is waited for with one row, another goes on.
            let counted = |at: usize| self.count_row(&eight[at], numbers[at], cells[at]);
            let eligible: [bool; 8] = std::array::from_fn(counted);
            for at in (0..8).filter(|at| eligible[*at]) {
                self.draw_row(&eight[at], numbers[at], cells[at]);
            }
        }
        rest.iter().for_each(|row| self.row(row));
    }

    fn refused(&mut self, reason: Refusal, line: u64) {
        self.rows += 1;
        self.refused.note(reason, line);
    }

    fn merge(&mut self, other: Self) {
        self.rows += other.rows;
        self.refused.merge(&other.refused);
        if let Some((from, to)) = other.period.days() {
            self.period.widen(from, to);
        }
        let places: Vec<u32> = (other.cells.iter())
            .map(|cell| self.cell(&cell.csr, cell.caller_type))
            .collect();
        for (place, theirs) in places.iter().zip(&other.cells) {
            let ours = &mut self.cells[*place as usize];
            ours.eligible += theirs.eligible;
            ours.digest.merge(theirs.digest);
        }
        // A stratum is made with its first cell, so one of the cells just looked up leads to each.
        let mut strata = vec![0; other.strata.len()];
        for (place, theirs) in places.iter().zip(&other.cells) {
            strata[theirs.stratum] = self.cells[*place as usize].stratum;
        }
        for (at, kept) in strata.into_iter().zip(other.strata) {
            for (number, row) in kept.rows {
                if let Kicked::Copy(_) = self.strata[at].insert(number, row) {
                    self.kept_twice.insert(tag(number));
                }
            }
            self.limits[at] = self.strata[at].limit();
        }
        self.kept_twice.extend(other.kept_twice);
        self.tags.merge(other.tags);
        self.left_out.not_eligible += other.left_out.not_eligible;
        let counts = other.left_out.seen_before.into_iter();
        for (ours, theirs) in self.left_out.seen_before.iter_mut().zip(counts) {
            *ours += theirs;
        }
        self.copies.extend(other.copies);
        self.retagged.extend(other.retagged);
        for (number, mut theirs) in other.ids {
            theirs.cell = places[theirs.cell as usize];
            match self.ids.entry(number) {
                Entry::Vacant(free) => {
                    free.insert(theirs);
                }
                Entry::Occupied(there) => {
                    let first = *there.get();
                    // Both parts counted it; take theirs out, then compare as if it had come as a row.
                    if theirs.standing == Standing::Eligible {
                        let tally = &mut self.cells[theirs.cell as usize];
                        tally.eligible -= 1;
                        tally.digest.remove(number);
                    }
                    self.copies.push((number, theirs.line));
                    self.again(number, first, theirs);
                }
            }
        }
    }
}
