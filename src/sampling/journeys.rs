//! Draws whole journeys: all calls of an interaction id that count.
//!
//! A journey is told by its calls that may be drawn (the others are no part of the frame), and its stratum by the first
//! of them: that with the earliest start, the smaller call id among equal ones; starts that can't be read come last. It
//! is in the frame once, with the draw number of its interaction id, however many legs it has: one-stage sampling of
//! clusters (Cochran 1977, 9A). A call without an interaction id is known by its
//! own: many systems name a journey by its first call, and leave that name out in the first call itself.
//!
//! The log is read at least twice: first the journeys are grouped, then the calls of those drawn are kept. What is a call
//! that may be drawn, and what a copy or a contradiction, a [`Collector`] says; rows of one id must agree on their
//! journey and their start as well.

mod groups;
mod legs;
#[cfg(test)]
mod tests;

use groups::Groups;
use legs::Legs;

use super::{Collector, Design, Outcome, Quotas, Seed};
use crate::calls::{ColumnFault, Filter, Refusal, Role, RowSink, RowView};

/// Collects the journeys of one log. See the module's head.
pub struct Journeys {
    pass: Pass,
    /// What each stratum gives, where the design alone doesn't say.
    quotas: Option<Quotas>,
}

enum Pass {
    First(Box<Groups>),
    Second(Box<Legs>),
}

impl Journeys {
    /// For one draw.
    ///
    /// # Errors
    /// The log has no column for interaction ids.
    pub fn new(design: &Design, seed: &Seed, filter: Filter) -> Result<Self, ColumnFault> {
        let role = Role::InteractionId;
        let column = filter
            .columns()
            .of(role)
            .ok_or(ColumnFault::Missing { role })?;
        // A design that nobody looks at repeated ids for can't tell which legs there are.
        let mut design = design.clone();
        design.eligibility.trust_ids = false;
        Ok(Self {
            pass: Pass::First(Box::new(Groups::new(
                Collector::new(&design, seed, filter).counting(),
                design,
                column,
            ))),
            quotas: None,
        })
    }

    /// Draws so many journeys from each stratum, whatever the design's quota is.
    #[must_use]
    pub fn with_quotas(self, quotas: &Quotas) -> Self {
        Self {
            quotas: Some(quotas.clone()),
            ..self
        }
    }

    /// Empty, for another part of the log.
    pub fn sibling(&self) -> Self {
        Self {
            pass: match &self.pass {
                Pass::First(groups) => Pass::First(Box::new(groups.sibling())),
                Pass::Second(legs) => Pass::Second(Box::new(legs.sibling())),
            },
            quotas: self.quotas.clone(),
        }
    }

    /// Ends the pass.
    pub fn finish(self) -> Outcome<Self> {
        let quotas = self.quotas;
        let again = |pass| {
            Outcome::Again(Box::new(Self {
                pass,
                quotas: quotas.clone(),
            }))
        };
        match self.pass {
            Pass::Second(legs) => Outcome::Done(Box::new(legs.frame())),
            Pass::First(groups) => match groups.again() {
                Some(groups) => again(Pass::First(Box::new(groups))),
                None => again(Pass::Second(Box::new(groups.choose(quotas.as_ref())))),
            },
        }
    }

    /// Ends the pass for counts and digests alone.
    pub fn count(self) -> Outcome<Self> {
        let quotas = Some(Quotas::new());
        match self.pass {
            Pass::Second(legs) => Outcome::Done(Box::new(legs.frame())),
            Pass::First(groups) => match groups.again() {
                Some(groups) => {
                    let pass = Pass::First(Box::new(groups));
                    Outcome::Again(Box::new(Self { pass, quotas }))
                }
                None => Outcome::Done(Box::new(groups.choose(quotas.as_ref()).frame())),
            },
        }
    }
}

impl RowSink for Journeys {
    fn row(&mut self, row: &RowView<'_>) {
        match &mut self.pass {
            Pass::First(groups) => groups.row(row),
            Pass::Second(legs) => legs.row(row),
        }
    }

    fn refused(&mut self, reason: Refusal, line: u64) {
        if let Pass::First(groups) = &mut self.pass {
            groups.refused(reason, line);
        }
    }

    fn merge(&mut self, other: Self) {
        match (&mut self.pass, other.pass) {
            (Pass::First(ours), Pass::First(theirs)) => ours.merge(*theirs),
            (Pass::Second(ours), Pass::Second(theirs)) => ours.merge(*theirs),
            // Siblings are of one pass.
            (Pass::First(_), Pass::Second(_)) | (Pass::Second(_), Pass::First(_)) => {}
        }
    }
}

/// What a row's journey is known by; blanks are no name.
fn journey<'a>(row: &RowView<'a>, column: usize) -> (&'a str, bool) {
    let id = row.cells.cell(column);
    match id.trim().is_empty() {
        true => (row.call_id, true),
        false => (id, false),
    }
}
