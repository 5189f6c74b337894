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
    /// `None` where nothing shows how far calls lie apart, whatever rule single calls follow; for a mean 0 only where every
    /// call was seen.
    pub standard_error: Option<f64>,
    pub df: Option<f64>,
    /// Of a mean: `None` without a standard error, and where that has no degrees of freedom.
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
        let weighed = sample.strata.iter().any(|(_, calls)| calls.is_some());
        if sample.strata.len() > 1 && !weighed {
            let what = if wanted.rate.is_some() {
                "rate"
            } else {
                "mean"
            };
            note(
                "unweighted",
                format!(
                    "how many calls each stratum holds was not given (--population): every sampled call counts the same, \
                     so the total is their plain {what}"
                ),
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
            if let Some((code, text)) = remark(row, wanted) {
                self.notes.push(Note::new(code, format!("{of}: {text}")));
            }
        }
    }
}

/// What a reader must know of a row: a code, and the words.
fn remark(row: &EstimateRow, wanted: &Wanted) -> Option<(&'static str, &'static str)> {
    let all_seen = match wanted.rate {
        None => row.standard_error == Some(0.0),
        Some(_) => row.n_eff.is_none(),
    };
    if row.value.is_none() {
        return Some(("no-value", "no call has a value, so there is no estimate"));
    }
    match (row.standard_error, row.low) {
        (None, None) => Some((
            "no-error",
            "the deviation is not known: where calls are left unseen, no stratum has two that differ, so there is neither \
             standard error nor margin",
        )),
        (None, Some(_)) => Some((
            "no-error",
            "the deviation is not known: where calls are left unseen, no stratum has two that differ, so there is no \
             standard error",
        )),
        (Some(_), None) => Some((
            "no-margin",
            "where calls are left unseen, no stratum has two that differ: the standard error has no degrees of freedom, so \
             there is no margin",
        )),
        _ if all_seen => Some((
            "all-seen",
            "every call was seen, so nothing is left to luck",
        )),
        _ => row.borrowed.then_some((
            "borrowed",
            "a stratum without a spread of its own borrowed that of the others",
        )),
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
    let mut in_part = strata.iter().filter(|stratum| {
        stratum.values().count() > 0 && !(settings.fpc && stratum.weight() == 1.0)
    });
    let is_open = in_part.clone().next().is_some();
    // The rules that mirror R let what shows no spread add nothing. An error of 0 is luck then and no certainty.
    let found = match wanted.rate {
        None => mean(strata, pools, settings)?.map(|mean| {
            let error = mean.standard_error.filter(|error| *error > 0.0 || !is_open);
            EstimateRow {
                n: mean.n,
                population: Some(mean.population),
                value: Some(mean.value),
                standard_error: error,
                df: error.and(mean.df),
                low: error.and(mean.low),
                high: error.and(mean.high),
                borrowed: mean.borrowed,
                ..EstimateRow::default()
            }
        }),
        Some(method) => rate(strata, pools, method, settings)?.map(|rate| {
            // Where several calls all pass R gives an error of 0 too, and the margin doesn't rest on it.
            let is_known = !is_open || in_part.any(|stratum| stratum.sampled() > 1);
            let error = rate.standard_error.filter(|error| *error > 0.0 || is_known);
            EstimateRow {
                n: rate.n,
                population: Some(rate.population),
                value: Some(rate.value),
                standard_error: error,
                df: error.and(rate.df),
                low: Some(rate.low),
                high: Some(rate.high),
                n_eff: rate.effective_n,
                ..EstimateRow::default()
            }
        }),
    };
    Ok(found.unwrap_or_default())
}
