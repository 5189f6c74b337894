//! How one call came into a sample, and how anybody can repeat it.

use super::shell_quoted;
use crate::calls::CallerType;

/// How a call came into a sample.
#[derive(Clone, Debug)]
pub struct DrawFacts {
    pub sample: String,
    pub seed: String,
    pub draw_number: String,
    /// `None` for a call that no draw has given.
    pub place: Option<DrawPlace>,
    /// Why it was chosen on purpose, if it was.
    pub picked: Option<String>,
}

/// Where a call stands among those it was drawn from.
#[derive(Clone, Debug)]
pub struct DrawPlace {
    pub position: u64,
    pub stratum: String,
    /// That of the stratum, if it has one.
    pub caller_type: Option<CallerType>,
    pub eligible: u64,
    pub quota: u64,
    pub reserve: bool,
    /// Where whole journeys are drawn.
    pub leg: Option<LegPlace>,
    /// The log it came with, where the sample has several.
    pub log: Option<String>,
}

/// Where a call stands in the journey that it was drawn with.
#[derive(Clone, Debug)]
pub struct LegPlace {
    /// The interaction id, or the call's where there is none.
    pub journey: String,
    /// Counted from 1, in the order of time.
    pub number: u64,
    pub of: u64,
}

impl DrawPlace {
    /// With what the journeys of the stratum began.
    fn begun(&self) -> String {
        match self.caller_type {
            Some(caller_type) => format!("an {caller_type} caller"),
            None => "any caller".to_owned(),
        }
    }
}

impl DrawFacts {
    /// The way anybody can repeat, in sentences.
    pub fn sentences(&self, call_id: &str) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(place) = &self.place {
            let drawn = place.leg.as_ref().map_or(call_id, |leg| &leg.journey);
            let held = match (place.reserve, place.position > place.quota) {
                (true, _) => "; it is held in reserve",
                (false, true) => "; it takes the place of one that could not be scored",
                (false, false) => "",
            };
            let log = (place.log.as_ref()).map_or_else(String::new, |log| format!(" in {log}"));
            if let Some(leg) = &place.leg {
                sentences.push(format!(
                    "Sample {}: of the {} journeys that began with {}, the {} with the smallest draw numbers are scored, with all \
                     their calls. This call is number {} of {} of the journey {drawn}, which is number {}.",
                    self.sample, place.eligible, place.begun(), place.quota, leg.number, leg.of, place.position
                ));
            } else {
                sentences.push(format!(
                    "Sample {}: of the {} calls of {}{log}, the {} with the smallest draw numbers are scored. This one is number {}{held}.",
                    self.sample, place.eligible, place.stratum, place.quota, place.position
                ));
            }
            sentences.push(format!("Draw number: {}", self.draw_number));
            sentences.push(format!(
                "Compute it yourself: printf %s {} | sha256sum",
                shell_quoted(&format!("{}:{drawn}", self.seed))
            ));
        }
        if let Some(why) = &self.picked {
            let also = match &self.place {
                Some(place) if !place.reserve => "It was also picked on purpose",
                _ => "It was picked on purpose and enters no estimate",
            };
            sentences.push(format!("{also}: {why}."));
        }
        sentences
    }
}
