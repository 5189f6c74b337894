//! The end of a pass: whether another one is needed, and what was found.

use std::collections::HashSet;
use std::sync::Arc;

use super::plan::Plan;
use super::{ByNumber, Collector, Outcome, Standing};
use crate::calls::Refusal;
use crate::sampling::tags::{TagSet, tag};
use crate::sampling::{CellCount, Digest, DrawNumber, Frame, StratumDraw};

impl Collector {
    /// Ends the pass.
    pub fn finish(mut self) -> Outcome {
        if let Some(again) = self.look_for_repeated() {
            return Outcome::Again(Box::new(again));
        }
        let conflicting = self.conflicting();
        let mut again = false;
        for kept in &mut self.strata {
            let (full, before) = (kept.is_full(), kept.rows.len());
            kept.rows.retain(|number, _| !conflicting.contains(number));
            again |= full && kept.rows.len() < before;
        }
        if again {
            let plan = Plan {
                conflicting,
                ..self.plan.again()
            };
            return Outcome::Again(Box::new(Self::with_plan(plan)));
        }
        Outcome::Done(Box::new(self.told()))
    }

    /// Ids that contradict themselves.
    pub(in crate::sampling) fn conflicting(&self) -> HashSet<DrawNumber> {
        let conflicting =
            (self.ids.iter()).filter(|(_, seen)| seen.standing == Standing::Conflicting);
        conflicting.map(|(number, _)| *number).collect()
    }

    /// Ends the pass for counts and digests alone: calls pushed out by contradicting ids are not missed.
    pub fn count(self) -> Outcome {
        match self.look_for_repeated() {
            Some(again) => Outcome::Again(Box::new(again)),
            None => Outcome::Done(Box::new(self.told())),
        }
    }

    /// The collector for another pass, if a first one has met ids more than once: they are few, so that only then each
    /// is remembered with its rows.
    pub(in crate::sampling) fn look_for_repeated(&self) -> Option<Self> {
        if self.plan.repeated.is_some() {
            return None;
        }
        let repeated = match self.plan.design.eligibility.trust_ids {
            false => self.tags.repeated(),
            true => self.repeated_among_kept(),
        };
        if repeated.is_empty() {
            return None;
        }
        let repeated = Some(Arc::new(repeated));
        Some(Self::with_plan(Plan {
            repeated,
            ..self.plan.again()
        }))
    }

    /// What can be found of ids that nobody has listed: copies have the same draw number, in whichever strata they are.
    fn repeated_among_kept(&self) -> TagSet {
        let mut kept = TagSet::default();
        let numbers = self.strata.iter().flat_map(|kept| kept.rows.keys());
        let tags = numbers.map(|number| tag(*number));
        let mut repeated: TagSet = tags.filter(|tag| !kept.insert(*tag)).collect();
        // Of calls that were pushed out again it hangs on the order of rows whether they were met twice.
        repeated.extend(self.kept_twice.intersection(&kept));
        repeated
    }

    pub(in crate::sampling) fn told(mut self) -> Frame {
        self.account();
        self.frame()
    }

    /// Gives every row of an id that stands more than once its reason.
    fn account(&mut self) {
        let mut lines: ByNumber<Vec<u64>> = ByNumber::default();
        for (number, line) in std::mem::take(&mut self.copies) {
            lines.entry(number).or_default().push(line);
        }
        for (number, seen) in std::mem::take(&mut self.ids) {
            let mut all = lines.remove(&number).unwrap_or_default();
            all.push(seen.line);
            all.sort_unstable();
            let mut rows = all.into_iter();
            if seen.standing == Standing::Conflicting {
                rows.for_each(|line| self.refused.note(Refusal::ConflictingId, line));
                continue;
            }
            let first = rows.next().unwrap_or(seen.line);
            match seen.standing {
                Standing::Eligible => self.tags.push_eligible(tag(number)),
                standing => self.leave_out(number, standing, first),
            }
            rows.for_each(|line| self.refused.note(Refusal::DuplicateId, line));
        }
    }

    fn frame(mut self) -> Frame {
        self.retagged
            .sort_by(|a, b| (&a.call_id, &a.now).cmp(&(&b.call_id, &b.now)));
        self.retagged.dedup();
        let eligible = self.cells.iter().map(|cell| cell.eligible).sum::<u64>();
        let list = eligible <= self.plan.most_ids && !self.plan.design.eligibility.trust_ids;
        let seen = list.then(|| self.tags.seen());
        let kept = self.strata.into_iter();
        let mut strata: Vec<StratumDraw> = kept.map(|kept| kept.draw(&self.plan.filter)).collect();
        let mut digest = Digest::default();
        for cell in &self.cells {
            strata[cell.stratum].eligible += cell.eligible;
            strata[cell.stratum].digest.merge(cell.digest);
            digest.merge(cell.digest);
        }
        strata.retain(|stratum| stratum.eligible > 0);
        strata.sort_by(|a, b| a.stratum.cmp(&b.stratum));
        let mut cells: Vec<CellCount> = (self.cells.into_iter())
            .filter(|cell| cell.eligible > 0)
            .map(|cell| CellCount {
                csr: cell.csr,
                caller_type: cell.caller_type,
                eligible: cell.eligible,
            })
            .collect();
        cells.sort_by(|a, b| (&a.csr, a.caller_type).cmp(&(&b.csr, b.caller_type)));
        Frame {
            rows: self.rows,
            eligible,
            not_eligible: self.left_out.not_eligible,
            seen_before: self.left_out.seen_before,
            retagged: self.retagged,
            seen,
            refused: self.refused,
            journeys: None,
            digest,
            period: self.period.days(),
            cells,
            strata,
        }
    }
}
