//! What is masked where a report goes to people who may not read what was said of a call, or who called: comments, notes
//! and reasons, queues and ids of journeys. Ids of calls stay, so that a score can be asked after.

use std::collections::HashMap;

use super::{DrawFacts, DrawReport, SampleFacts};
use crate::evaluation::{Evaluation, Unscorable};

/// What stands where something was masked.
pub const MASK: &str = "(masked)";

/// Something with free text in it.
pub trait Redact {
    /// Masks every free text; what is empty stays so.
    fn redact(&mut self);
}

impl Redact for String {
    fn redact(&mut self) {
        if !self.is_empty() {
            MASK.clone_into(self);
        }
    }
}

impl<T: Redact> Redact for Option<T> {
    fn redact(&mut self) {
        self.iter_mut().for_each(Redact::redact);
    }
}

impl<T: Redact> Redact for Vec<T> {
    fn redact(&mut self) {
        self.iter_mut().for_each(Redact::redact);
    }
}

impl Redact for Evaluation {
    fn redact(&mut self) {
        self.comments.redact();
        self.comment.redact();
        self.heard_reason.redact();
        self.amend_reason.redact();
    }
}

impl Redact for Unscorable {
    fn redact(&mut self) {
        self.note.redact();
    }
}

/// Numbers in the place of journeys, whose ids may be of callers.
#[derive(Default)]
struct JourneyNumbers(HashMap<String, usize>);

impl JourneyNumbers {
    fn number(&mut self, journey: &mut String) {
        let next = self.0.len() + 1;
        let number = *self.0.entry(journey.clone()).or_insert(next);
        *journey = format!("journey {number}");
    }
}

/// The journey that a call was drawn with.
impl Redact for DrawFacts {
    fn redact(&mut self) {
        if let Some(leg) = self.place.as_mut().and_then(|place| place.leg.as_mut()) {
            leg.journey.redact();
        }
    }
}

/// What the log says of drawn calls; that of CSR, caller type and time stands beside it.
impl Redact for DrawReport {
    fn redact(&mut self) {
        let mut journeys = JourneyNumbers::default();
        let strata = self.frame.strata.iter_mut();
        for drawn in strata.flat_map(|stratum| &mut stratum.calls) {
            let fields = drawn.call.fields.iter_mut();
            fields.for_each(|(_, text)| text.redact());
            if let Some(journey) = &mut drawn.unit_id {
                journeys.number(journey);
            }
        }
    }
}

impl Redact for SampleFacts {
    fn redact(&mut self) {
        let mut journeys = JourneyNumbers::default();
        let of_calls = self.calls.iter_mut().map(|call| {
            call.queue.redact();
            if let Some(journey) = &mut call.journey {
                journeys.number(journey);
            }
            &mut call.evaluations
        });
        let of_picked = self.picked.iter_mut().map(|picked| {
            picked.note.redact();
            &mut picked.evaluations
        });
        for evaluations in of_calls.chain(of_picked) {
            let all = evaluations.iter_mut();
            all.for_each(|facts| facts.evaluation.redact());
        }
    }
}
