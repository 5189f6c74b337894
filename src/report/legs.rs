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
    ) {
        self.journey(journey).scored.push(Scored {
            csr: csr.to_owned(),
            caller_type,
            values: values.to_vec(),
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

    /// Of each journey with a scored call, a value in a domain.
    pub(super) fn values(&self, value: usize, domain: Domain<'_>) -> Vec<Moments> {
        let scored = self.journeys.iter().filter(|one| !one.scored.is_empty());
        let inside = |journey: &Journey| -> Moments {
            let calls = journey.scored.iter();
            let calls = calls.filter(|call| domain.holds(&call.csr, call.caller_type));
            calls.filter_map(|call| call.values[value]).collect()
        };
        scored.map(inside).collect()
    }
}
