use std::collections::HashMap;

use super::strata::Domain;
use crate::calls::CallerType;
use crate::estimate::moments::Moments;

/// The journeys drawn from one stratum, with what their calls say.
#[derive(Default)]
pub(super) struct Legs {
    journeys: Vec<Journey>,
    /// By the interaction id.
    places: HashMap<String, usize>,
}

#[derive(Default)]
struct Journey {
    drawn: u64,
    unscorable: u64,
    scored: Vec<Scored>,
}

/// A scored call.
struct Scored {
    /// As heard.
    csr: String,
    caller_type: CallerType,
    values: Vec<Option<f64>>,
    /// Whether the report is about it.
    inside: bool,
}

impl Legs {
    fn journey(&mut self, id: &str) -> &mut Journey {
        let next = self.journeys.len();
        let place = match self.places.get(id) {
            Some(place) => *place,
            None => {
                self.places.insert(id.to_owned(), next);
                self.journeys.push(Journey::default());
                next
            }
        };
        &mut self.journeys[place]
    }

    /// Takes in that a call was drawn.
    pub(super) fn draw(&mut self, journey: &str, unscorable: bool) {
        let journey = self.journey(journey);
        journey.drawn += 1;
        journey.unscorable += u64::from(unscorable);
    }

    /// Takes in what a call says.
    pub(super) fn score(
        &mut self,
        journey: &str,
        csr: &str,
        caller_type: CallerType,
        values: &[Option<f64>],
        inside: bool,
    ) {
        self.journey(journey).scored.push(Scored {
            csr: csr.to_owned(),
            caller_type,
            values: values.to_vec(),
            inside,
        });
    }

    /// Journeys with a scored call, and those of whose calls none can be scored.
    pub(super) fn tried(&self) -> (u64, u64) {
        let scored = self.journeys.iter().filter(|one| !one.scored.is_empty());
        let lost = self.journeys.iter();
        let lost = lost.filter(|one| one.scored.is_empty() && one.unscorable == one.drawn);
        (scored.count() as u64, lost.count() as u64)
    }

    /// How many calls a journey has.
    pub(super) fn length(&self) -> f64 {
        let drawn: u64 = self.journeys.iter().map(|one| one.drawn).sum();
        drawn as f64 / self.journeys.len().max(1) as f64
    }

    /// Of each journey the sum of `factor` over its calls that have a value in a domain.
    pub(super) fn factors(
        &self,
        value: usize,
        domain: Domain<'_>,
        factor: &dyn Fn(CallerType) -> f64,
    ) -> Vec<f64> {
        let held = |call: &&Scored| {
            call.inside && domain.holds(&call.csr, call.caller_type) && call.values[value].is_some()
        };
        let sum = |journey: &Journey| {
            let calls = journey.scored.iter().filter(held);
            calls.map(|call| factor(call.caller_type)).sum()
        };
        self.journeys.iter().map(sum).collect()
    }

    /// Of each journey with a scored call, a value in a domain; without one of all calls, even those that the report is
    /// not about.
    pub(super) fn values(&self, value: usize, domain: Option<Domain<'_>>) -> Vec<Moments> {
        let scored = self.journeys.iter().filter(|one| !one.scored.is_empty());
        let held = |call: &Scored| {
            domain.is_none_or(|domain| call.inside && domain.holds(&call.csr, call.caller_type))
        };
        let inside = |journey: &Journey| -> Moments {
            let calls = journey.scored.iter().filter(|call| held(call));
            calls.filter_map(|call| call.values[value]).collect()
        };
        scored.map(inside).collect()
    }
}
