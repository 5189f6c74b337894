use super::JourneyRow;
use crate::calls::CallerType;
use crate::estimate::design::{Stratum, Tally};
use crate::estimate::error::EstimateError;
use crate::estimate::pool::Pools;
use crate::estimate::rate::rate;
use crate::evaluation::{Counting, ScoredCall};
use crate::report::estimates::{Estimates, Sums};
use crate::report::overview::signed;
use crate::report::strata::Domain;
use crate::report::{Figure, GapFigure, Note, Rules, SampleFacts};
use crate::rubric::Rubric;

/// What the journeys of a log are like, as those drawn show it.
#[derive(Clone, Debug)]
pub struct JourneySummary {
    /// Journeys of the logs, and their calls that count: known without drawing.
    pub eligible: u64,
    pub calls: u64,
    pub drawn: u64,
    pub drawn_calls: u64,
    pub scored: u64,
    /// The share of journeys that come to another CSR.
    pub handed_off: Option<Figure>,
    /// Drawn journeys that an external caller began, and those of them in which a co-worker calls.
    pub external: u64,
    pub external_with_internal: u64,
    /// The same as a share of the log's journeys that an external caller began.
    pub internal_follows: Option<Figure>,
    /// Scores before criticals.
    pub first: Option<Figure>,
    pub later: Option<Figure>,
    /// Later minus first.
    pub gap: Option<GapFigure>,
}

/// First calls, and those that follow: told apart as CSRs are.
const FIRST: &str = "first";
const LATER: &str = "later";

impl JourneySummary {
    /// Sums journeys up, which come by sample.
    pub(super) fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        rows: &[Vec<JourneyRow>],
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let all = || rows.iter().flatten();
        let legs = || all().flat_map(|row| &row.legs);
        let external = || all().filter(|row| row.began() == Some(CallerType::External));
        let strata = samples.iter().flat_map(|sample| &sample.strata);
        let scores = scores(rubric, samples, rows, rules)?;
        let (first, later) = (domain(FIRST), domain(LATER));
        Ok(Self {
            eligible: strata.map(|stratum| stratum.eligible).sum(),
            calls: samples.iter().map(|sample| sample.eligible).sum(),
            drawn: all().count() as u64,
            drawn_calls: legs().count() as u64,
            scored: legs().filter(|leg| leg.state == "scored").count() as u64,
            handed_off: share(samples, rows, rules, |row| Some(row.is_handed_off()))?,
            external: external().count() as u64,
            external_with_internal: external().filter(|row| row.has_internal()).count() as u64,
            internal_follows: share(samples, rows, rules, |row| {
                (row.began() == Some(CallerType::External)).then(|| row.has_internal())
            })?,
            first: scores.mean(0, first)?,
            later: scores.mean(0, later)?,
            gap: scores.gap_between(0, [later, first])?,
        })
    }

    /// Calls of a journey of the logs, on average.
    pub fn calls_each(&self) -> Option<f64> {
        (self.eligible > 0).then(|| self.calls as f64 / self.eligible as f64)
    }

    /// For people.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(each) = self.calls_each() {
            sentences.push(format!(
                "Journeys: {} of {} drawn, with {} calls; on average one has {each:.2}.",
                self.drawn, self.eligible, self.drawn_calls
            ));
        }
        if let Some(share) = &self.handed_off {
            sentences.push(format!("Handed on to another CSR: {}.", percent(share)));
        }
        if let Some(share) = &self.internal_follows {
            sentences.push(format!(
                "Begun by an external caller: {}; a co-worker calls later in {} of them, {}.",
                self.external,
                self.external_with_internal,
                percent(share)
            ));
        }
        if let Some((first, later)) = self.first.as_ref().zip(self.later.as_ref()) {
            let gap = self.gap.as_ref().map_or_else(String::new, gap);
            sentences.push(format!(
                "Before criticals, first calls score {:.1} of 100, later ones {:.1}{gap}.",
                first.value, later.value
            ));
        }
        sentences
    }

    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.gap.is_some() {
            notes.push(Note::detail(
                "first-and-later",
                "First and later calls are compared as they are: later ones may be of other callers, CSRs and troubles. The margin \
                 allows for what the calls of one journey have in common.",
            ));
        }
        notes.push(Note::new("margins", crate::report::FOOTER));
        notes
    }
}

fn domain(name: &str) -> Domain<'_> {
    Domain {
        csr: Some(name),
        caller_type: None,
    }
}

fn percent(share: &Figure) -> String {
    let percent = |value: f64| format!("{:.0}", 100.0 * value);
    let margin = share
        .low
        .zip(share.high)
        .map_or_else(String::new, |(low, high)| {
            format!(" (95 % margin {} to {} %)", percent(low), percent(high))
        });
    format!("{} %{margin}", percent(share.value))
}

fn gap(gap: &GapFigure) -> String {
    let margin = gap
        .low
        .zip(gap.high)
        .map_or_else(String::new, |(low, high)| {
            format!(", 95 % margin {} to {}", signed(low), signed(high))
        });
    let verdict = gap
        .verdict
        .map_or_else(String::new, |verdict| format!(": {verdict}"));
    format!(" ({}{margin}{verdict})", signed(gap.value))
}

/// The share of the logs' journeys for which the answer is yes; `None` leaves a journey out.
fn share(
    samples: &[SampleFacts],
    rows: &[Vec<JourneyRow>],
    rules: Rules,
    answer: impl Fn(&JourneyRow) -> Option<bool>,
) -> Result<Option<Figure>, EstimateError> {
    let mut strata = Vec::new();
    for (sample, rows) in samples.iter().zip(rows) {
        let mut tallies = vec![Tally::new(); sample.strata.len()];
        for row in rows {
            let value = answer(row).map(|yes| if yes { 1.0 } else { 0.0 });
            tallies[row.stratum].push(value);
        }
        for (stratum, tally) in sample.strata.iter().zip(tallies) {
            strata.push(Stratum::new(stratum.eligible as f64, 0, tally)?);
        }
    }
    let settings = rules.settings(true);
    let found = rate(&strata, &Pools::of(&strata), rules.prop, &settings)?;
    Ok(found.map(|found| Figure::of_rate(&found)))
}

/// Scores before criticals of first and of later calls.
fn scores(
    rubric: &Rubric,
    samples: &[SampleFacts],
    rows: &[Vec<JourneyRow>],
    rules: Rules,
) -> Result<Estimates, EstimateError> {
    let mut sums = Sums::new(1);
    for (sample, rows) in samples.iter().zip(rows) {
        sums.begin(sample);
        let places = rows.iter().flat_map(|row| 0..row.legs.len());
        for (call, place) in sample.calls.iter().zip(places) {
            let call = call.scored();
            let call = ScoredCall {
                csr: if place == 0 { FIRST } else { LATER },
                counting: call.counting.map(|said| Counting {
                    csr_heard: None,
                    ..said
                }),
                ..call
            };
            sums.call(&call, |said, values| values[0] = said.score_before_critical);
        }
    }
    let highest = if rubric.bonus() { f64::INFINITY } else { 100.0 };
    Estimates::new(sums, rules, highest)
}
