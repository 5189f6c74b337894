//! The second pass: the calls of the journeys drawn.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::groups::ByNumber;
use super::journey;
use crate::calls::RowView;
use crate::sampling::drawn::call_of;
use crate::sampling::kept::KeptRow;
use crate::sampling::{Collector, DrawNumber, DrawnCall, Frame};

pub(super) struct Legs {
    /// Knows which rows are calls that may be drawn.
    collector: Collector,
    column: usize,
    found: Arc<Found>,
    /// By the call's number: the journey's, and the row.
    rows: ByNumber<(DrawNumber, Box<KeptRow>)>,
}

/// What the first pass found.
struct Found {
    /// Without calls.
    frame: Frame,
    /// By the journey's number.
    chosen: ByNumber<Chosen>,
}

/// A journey's place in the draw.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    /// That of its stratum.
    pub(super) place: usize,
    /// 1-based.
    pub(super) position: u64,
}

impl Legs {
    pub(super) fn new(
        collector: Collector,
        column: usize,
        frame: Frame,
        chosen: ByNumber<Chosen>,
    ) -> Self {
        Self {
            collector,
            column,
            found: Arc::new(Found { frame, chosen }),
            rows: HashMap::default(),
        }
    }

    pub(super) fn sibling(&self) -> Self {
        Self {
            collector: self.collector.sibling(),
            column: self.column,
            found: self.found.clone(),
            rows: HashMap::default(),
        }
    }

    pub(super) fn row(&mut self, row: &RowView<'_>) {
        let (id, _) = journey(row, self.column);
        let number = self.collector.number(id);
        if !self.found.chosen.contains_key(&number) {
            return;
        }
        if let Some(call) = self.collector.may_draw(row) {
            let kept = Box::new(KeptRow::new(self.collector.filter(), row));
            self.keep(call, number, kept);
        }
    }

    /// Of two copies of a call the one with the smaller text stays, so that row order doesn't matter.
    fn keep(&mut self, call: DrawNumber, journey: DrawNumber, row: Box<KeptRow>) {
        match self.rows.entry(call) {
            Entry::Occupied(mut there) => {
                if row.cmp(&there.get().1).is_lt() {
                    there.insert((journey, row));
                }
            }
            Entry::Vacant(free) => {
                free.insert((journey, row));
            }
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (call, (journey, row)) in other.rows {
            self.keep(call, journey, row);
        }
    }

    pub(super) fn frame(self) -> Frame {
        let filter = self.collector.filter();
        let mut frame = self.found.frame.clone();
        for (draw_number, row) in self.rows.values() {
            let Some(Chosen { place, position }) = self.found.chosen.get(draw_number) else {
                continue;
            };
            let row = row.view(filter);
            let (id, nameless) = journey(&row, self.column);
            frame.strata[*place].calls.push(DrawnCall {
                draw_number: *draw_number,
                position: *position,
                unit_id: (!nameless && id != row.call_id).then(|| id.to_owned()),
                call: call_of(filter, &row),
            });
        }
        for stratum in &mut frame.strata {
            stratum.calls.sort_unstable_by(DrawnCall::in_order);
        }
        frame
    }
}
