//! Means and rates of somebody's own sample, in total and per domain, with what a reader must know of them.

use std::collections::BTreeSet;

use super::Note;
use crate::estimate::design::{Stratum, Tally};
use crate::estimate::error::EstimateError;
use crate::estimate::mean::mean;
use crate::estimate::pool::Pools;
use crate::estimate::rate::{RateMethod, rate};
use crate::estimate::settings::Settings;

/// A stratified sample.
#[derive(Clone, Debug)]
pub struct OwnSample {
    /// Name and N_h of each stratum; without N_h its calls are taken as drawn from very many.
    pub strata: Vec<(String, Option<f64>)>,
    /// Stratum, value (`None`: outside the estimate) and domain of each call.
    pub calls: Vec<(usize, Option<f64>, Option<usize>)>,
    pub domains: Vec<String>,
}

/// Estimates of one file.
#[derive(Clone, Debug)]
pub struct Estimates {
    /// One per domain in the order of their names, then that of all.
    pub rows: Vec<EstimateRow>,
    pub notes: Vec<Note>,
}

/// One estimate, in the unit of the values (a rate is from 0 to 1).
#[derive(Clone, Debug, Default)]
pub struct EstimateRow {
    /// `None` for all.
    pub domain: Option<String>,
    /// Calls with a value.
    pub n: u64,
    /// Calls it speaks for.
    pub population: Option<f64>,
    /// `None` without any value.
    pub value: Option<f64>,
    pub standard_error: Option<f64>,
    pub df: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Of a rate: the effective number of calls; `None` where every call was seen.
    pub n_eff: Option<f64>,
    /// Whether a deviation was taken from other strata.
    pub borrowed: bool,
}

/// How a sample is estimated.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub settings: Settings,
    /// How the margin of a rate is made; `None` for a mean.
    pub rate: Option<RateMethod>,
}

impl Estimates {
    /// Estimates the domains and all.
    ///
    /// # Errors
    /// More sampled calls than there are; a stratum of a single call where the settings refuse that, by its place.
    pub fn new(sample: &OwnSample, wanted: &Wanted) -> Result<Self, EstimateError> {
        let all = strata(sample, None)?;
        // A stratum without a spread of its own borrows from the whole sample, whatever the domain.
        let pools = Pools::of(&all);
        let mut rows = Vec::new();
        for (place, domain) in sample.domains.iter().enumerate() {
            let mut row = row(&strata(sample, Some(place))?, &pools, wanted)?;
            row.domain = Some(domain.clone());
            rows.push(row);
        }
        rows.push(row(&all, &pools, wanted)?);
        let known = sample
            .strata
            .iter()
            .any(|(_, population)| population.is_some());
        if !known {
            rows.iter_mut().for_each(|row| row.population = None);
        }
        let mut found = Self {
            rows,
            notes: Vec::new(),
        };
        found.tell(sample, wanted);
        Ok(found)
    }

    fn tell(&mut self, sample: &OwnSample, wanted: &Wanted) {
        let mut note = |code, text: String| self.notes.push(Note::new(code, text));
        let outside = sample
            .calls
            .iter()
            .filter(|(_, _, domain)| domain.is_none());
        let outside = outside.count();
        if !sample.domains.is_empty() && outside > 0 {
            note(
                "no-domain",
                format!("rows without a domain, counted in the total alone: {outside}"),
            );
        }
        let calls = sample.calls.iter();
        let sampled: BTreeSet<usize> = calls.map(|(stratum, _, _)| *stratum).collect();
        let unseen = sample.strata.iter().enumerate();
        let unseen: Vec<&(String, Option<f64>)> = unseen
            .filter(|(place, _)| !sampled.contains(place))
            .map(|(_, stratum)| stratum)
            .collect();
        if !unseen.is_empty() {
            let names: Vec<String> = unseen.iter().map(|(name, _)| format!("`{name}`")).collect();
            let calls: f64 = unseen.iter().filter_map(|(_, calls)| *calls).sum();
            note(
                "unseen",
                format!(
                    "no call was sampled from {}: the estimates do not cover these {calls} calls",
                    names.join(", ")
                ),
            );
        }
        for row in &self.rows {
            let of = match &row.domain {
                Some(domain) => format!("`{domain}`"),
                None => "all".to_owned(),
            };
            let (code, text) = if row.value.is_none() {
                ("no-value", "no call has a value, so there is no estimate")
            } else if row.standard_error.is_none() {
                (
                    "no-error",
                    "the deviation is not known: no stratum has two calls that differ, so there is no standard error",
                )
            } else if row.standard_error == Some(0.0) && row.df.is_none() && wanted.settings.fpc {
                (
                    "all-seen",
                    "every call was seen, so nothing is left to luck",
                )
            } else if row.borrowed {
                (
                    "borrowed",
                    "a stratum without a spread of its own borrowed that of the others",
                )
            } else {
                continue;
            };
            self.notes.push(Note::new(code, format!("{of}: {text}")));
        }
    }
}

/// The strata with the values of one domain, or of all.
fn strata(sample: &OwnSample, domain: Option<usize>) -> Result<Vec<Stratum>, EstimateError> {
    let mut tallies = vec![Tally::new(); sample.strata.len()];
    for (stratum, value, of) in &sample.calls {
        let inside = domain.is_none() || domain == *of;
        if let Some(tally) = tallies.get_mut(*stratum) {
            tally.push(value.filter(|_| inside));
        }
    }
    let stratum = |((_, population), tally): (&(String, Option<f64>), Tally)| {
        let population = population.unwrap_or(tally.sampled() as f64);
        Stratum::new(population, 0, tally)
    };
    sample.strata.iter().zip(tallies).map(stratum).collect()
}

fn row(strata: &[Stratum], pools: &Pools, wanted: &Wanted) -> Result<EstimateRow, EstimateError> {
    let settings = &wanted.settings;
    let found = match wanted.rate {
        None => mean(strata, pools, settings)?.map(|mean| EstimateRow {
            n: mean.n,
            population: Some(mean.population),
            value: Some(mean.value),
            standard_error: mean.standard_error,
            df: mean.df,
            low: mean.low,
            high: mean.high,
            borrowed: mean.borrowed,
            ..EstimateRow::default()
        }),
        Some(method) => rate(strata, pools, method, settings)?.map(|rate| EstimateRow {
            n: rate.n,
            population: Some(rate.population),
            value: Some(rate.value),
            standard_error: rate.standard_error,
            df: rate.df,
            low: Some(rate.low),
            high: Some(rate.high),
            n_eff: rate.effective_n,
            ..EstimateRow::default()
        }),
    };
    Ok(found.unwrap_or_default())
}
