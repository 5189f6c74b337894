//! Weeks made comparable: the mean of each caller type, put together in one mix of callers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{Step, week};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::report::estimates::Estimates;
use crate::report::facts::eligible;
use crate::report::{CallFacts, Rules, SampleFacts};

/// A caller type with less than this share of the calls is left out rather than weeks in which it is missing.
const MINOR: f64 = 0.05;

/// The calls of one caller type in one week.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub(super) mean: f64,
    /// Calls of the log that they speak for.
    pub(super) weight: f64,
    pub(super) n: u64,
}

/// Of a week, by caller type.
pub(super) type Cells = BTreeMap<CallerType, Cell>;

/// How a week's figure is made of its calls.
pub(super) struct Standard {
    pub(super) value: f64,
    /// By caller type: W_t / P_t, and m_t.
    pub(super) factors: BTreeMap<CallerType, (f64, f64)>,
}

/// What the calls of each week and caller type say, of weeks with any.
pub(super) fn weeks(
    plain: &Estimates,
    samples: &[SampleFacts],
    by: Step,
    rules: Rules,
) -> Result<BTreeMap<Date, Cells>, EstimateError> {
    let scored = |call: &&CallFacts| call.counting().is_some();
    let calls = samples.iter().flat_map(SampleFacts::inside).filter(scored);
    let days: BTreeSet<Date> = calls
        .filter_map(|call| Some(by.first_day(call.day?)))
        .collect();
    let mut weeks = BTreeMap::new();
    for day in days {
        let label = day.to_string();
        let mut cells = Cells::new();
        for kind in CallerType::ALL {
            let found = plain.estimate(0, week(&label).of(kind), &rules.settings(true))?;
            if let Some(found) = found {
                let cell = Cell {
                    mean: found.value,
                    weight: found.population,
                    n: found.n,
                };
                cells.insert(kind, cell);
            }
        }
        if !cells.is_empty() {
            weeks.insert(day, cells);
        }
    }
    Ok(weeks)
}

pub(super) type Shares = Vec<(CallerType, f64)>;

/// The mix of callers that figures are made for, and what is left out of it: caller types of which no call is scored, and
/// minor ones that some weeks lack.
pub(super) fn mix(samples: &[SampleFacts], weeks: &BTreeMap<Date, Cells>) -> (Shares, Shares) {
    let seen = |kind: CallerType| weeks.values().filter_map(move |cells| cells.get(&kind));
    let calls = |kind: CallerType| match eligible(samples, |cell| cell.caller_type == kind) {
        Some(calls) => calls as f64,
        // Calls of the log that nobody has counted: as many as the scored ones speak for.
        None => seen(kind).map(|cell| cell.weight).sum(),
    };
    let all: Shares = CallerType::ALL.map(|kind| (kind, calls(kind))).into();
    let sum: f64 = all.iter().map(|(_, calls)| calls).sum();
    let there = all.into_iter().filter(|(_, calls)| *calls > 0.0);
    let there = there.map(|(kind, calls)| (kind, calls / sum));
    let (mut mix, left_out): (Shares, Shares) = there.partition(|(kind, share)| {
        let with = seen(*kind).count();
        with > 0 && (with == weeks.len() || *share >= MINOR)
    });
    let kept: f64 = mix.iter().map(|(_, share)| share).sum();
    mix.iter_mut().for_each(|(_, share)| *share /= kept);
    (mix, left_out)
}

/// Scored calls of the mix.
pub(super) fn calls(cells: &Cells, mix: &[(CallerType, f64)]) -> u64 {
    let there = mix.iter().filter_map(|(kind, _)| cells.get(kind));
    there.map(|cell| cell.n).sum()
}

/// `None` where a caller type of the mix is missing.
pub(super) fn standard(cells: &Cells, mix: &[(CallerType, f64)]) -> Option<Standard> {
    let there: Option<Vec<(CallerType, f64, Cell)>> = (mix.iter())
        .map(|(kind, share)| Some((*kind, *share, *cells.get(kind)?)))
        .collect();
    let there = there.filter(|there| !there.is_empty())?;
    let all: f64 = there.iter().map(|(_, _, cell)| cell.weight).sum();
    let factor = |(kind, share, cell): &(CallerType, f64, Cell)| {
        (*kind, (share / (cell.weight / all), cell.mean))
    };
    Some(Standard {
        value: there.iter().map(|(_, share, cell)| share * cell.mean).sum(),
        factors: there.iter().map(factor).collect(),
    })
}
