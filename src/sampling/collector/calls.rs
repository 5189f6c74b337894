//! What a draw of journeys asks of a collector, which knows single calls: counts, and which rows are calls that may be
//! drawn.

use std::collections::HashSet;

use super::plan::Plan;
use super::{Collector, Standing};
use crate::calls::{Filter, RowView};
use crate::sampling::tags::tag;
use crate::sampling::{DrawNumber, Quotas};

/// A row whose call may be drawn, as far as that row tells.
pub(in crate::sampling) struct Counted {
    pub(in crate::sampling) number: DrawNumber,
    /// The id stands more than once: its rows may contradict each other.
    pub(in crate::sampling) repeated: bool,
}

impl Collector {
    /// The same, but nothing is drawn: only counted.
    pub(in crate::sampling) fn counting(self) -> Self {
        self.with_quotas(&Quotas::new())
    }

    /// The same for a further pass, which knows these ids to contradict themselves.
    pub(in crate::sampling) fn knowing(&self, conflicting: HashSet<DrawNumber>) -> Self {
        Self::with_plan(Plan {
            conflicting,
            ..self.plan.again()
        })
    }

    pub(in crate::sampling) fn filter(&self) -> &Filter {
        &self.plan.filter
    }

    /// The draw number that an id has.
    pub(in crate::sampling) fn number(&self, id: &str) -> DrawNumber {
        self.plan.numberer.number(id)
    }

    /// Counts a row; `None` if its call can't be drawn.
    pub(in crate::sampling) fn count_only(&mut self, row: &RowView<'_>) -> Option<Counted> {
        let number = self.number(row.call_id);
        let cell = self.cell(row.csr, row.caller_type);
        if !self.count_row(row, number, cell) {
            return None;
        }
        self.widen_period(row);
        let repeated = self.plan.repeated.as_ref();
        Some(Counted {
            number,
            repeated: repeated.is_some_and(|repeated| repeated.contains(&tag(number))),
        })
    }

    /// Whether all rows of an id that stands more than once tell the same of a call that may be drawn.
    pub(in crate::sampling) fn agrees(&self, number: DrawNumber) -> bool {
        let seen = self.ids.get(&number);
        seen.is_some_and(|seen| seen.standing == Standing::Eligible)
    }

    /// Takes a call out whose rows contradict each other in something that makes no difference to calls alone.
    pub(in crate::sampling) fn contradict(&mut self, number: DrawNumber) {
        if let Some(seen) = self.ids.get_mut(&number)
            && seen.standing == Standing::Eligible
        {
            seen.standing = Standing::Conflicting;
            let tally = &mut self.cells[seen.cell as usize];
            tally.eligible -= 1;
            tally.digest.remove(number);
        }
    }

    /// Whether a row's call may be drawn; of a collector that knows which ids contradict themselves.
    pub(in crate::sampling) fn may_draw(&self, row: &RowView<'_>) -> Option<DrawNumber> {
        let number = self.number(row.call_id);
        let may = self.standing(number, row) == Standing::Eligible
            && !self.plan.conflicting.contains(&number);
        may.then_some(number)
    }
}
