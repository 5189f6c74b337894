//! A score or a rate week by week, with the limits of a control chart.
//!
//! Each week's figure is made for one mix of callers: y = sum W_t m_t, with m_t the design-weighted mean of the week's calls
//! of a caller type and W_t that type's share of all calls that the report is about, so that a week with more internal calls
//! is no worse or better week for it (direct standardisation; Cochran 1977, 5A.9; R survey, `svystandardize`). Its margin is
//! that of the mean of
//!
//! z_i = y + (W_t / P_t) (y_i - m_t),   P_t = the share that the week's calls give the type,
//!
//! whose mean is y and whose residuals are those of y linearised (Särndal, Swensson and Wretman 1992, 5.5 and 7.6): a week
//! is a domain, calls of other weeks stay in their strata. Rates have Wilson's limits with the effective number of calls.
//!
//! Limits are X-bar's or those of a p-chart, and EWMA's, with the effective number of calls in the place of their number
//! (Kish 1965, 11.7), since calls of unlike weights tell less than as many of one weight, and without finite population
//! correction: a chart asks about the process. The deviation is that of calls within a week and caller type.
//!
//! Of one CSR a week has so few calls that limits of single weeks tell nothing: scores have EWMA's alone.
//!
//! Refused: weeks in which a caller type is missing have no figure; under twelve weeks with a figure there are no limits.

mod ask;
mod mix;
mod periods;
mod words;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::estimates::{Estimates, Sums};
use super::strata::Domain;
use super::{Figure, Filter, Rules, SampleFacts, Zeros};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::estimate::interval::wilson;
use crate::estimate::quantile::normal_quantile;
use crate::estimate::rate::Rate;
use crate::estimate::trend::{
    ChartPoint, EwmaRule, LEAST_POINTS, SETTLED_POINTS, ewma, p_chart_is_informative,
    p_chart_point, x_bar,
};
use crate::evaluation::{Counting, ScoredCall};
use crate::rubric::Rubric;

pub use ask::{TrendAsk, TrendOf};
pub use periods::Step;

use mix::{Standard, calls, mix, standard, weeks};

/// Table `trend`.
#[derive(Clone, Debug)]
pub struct Trend {
    pub ask: TrendAsk,
    /// Whether it is about one CSR: then scores have a smoothed line, and limits of its own alone.
    pub one_csr: bool,
    /// The end of the scale; infinite where a rubric has a bonus.
    pub highest: f64,
    /// From the first week with a figure to the last, those without calls among them.
    pub rows: Vec<TrendRow>,
    /// `None` while there are too few weeks with a figure, or nothing varies.
    pub chart: Option<TrendChart>,
    /// The caller types that figures are made for, and their shares (0-1), which add up to 1.
    pub mix: Vec<(CallerType, f64)>,
    /// Caller types left out, and their shares of all calls: some of their weeks have none, or all.
    pub left_out: Vec<(CallerType, f64)>,
    /// Weeks with calls in which one of the mix is missing.
    pub incomplete: usize,
    /// Scored calls without a day.
    pub undated: u64,
    /// Calls that a critical error took to 0.
    pub zeros: Zeros,
    /// First and last day asked for, where these leave days of the first or the last week out.
    pub cut: (Option<Date>, Option<Date>),
}

/// One week or month. Scores are 0-100, rates 0-1.
#[derive(Clone, Debug)]
pub struct TrendRow {
    pub from: Date,
    pub to: Date,
    /// Scored calls of the mix.
    pub n: u64,
    /// How many calls of one weight would tell as much; `None` without a figure.
    pub effective_n: Option<f64>,
    pub figure: Option<Figure>,
    /// The figure with its limits, uncut; `None` where there are no limits.
    pub limits: Option<ChartPoint>,
    /// The smoothed figure with its limits, uncut; `None` where it wasn't asked for.
    pub ewma: Option<ChartPoint>,
}

/// What all limits have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendChart {
    pub center: f64,
    /// The spread of single calls within a week and caller type; `None` of rates.
    pub deviation: Option<f64>,
    pub ewma: Option<EwmaRule>,
    /// The weeks are too few for limits that stay.
    pub provisional: bool,
}

impl TrendRow {
    /// Whether the figure lies outside its limits; `None` without any.
    pub fn is_out(&self) -> Option<bool> {
        self.limits.as_ref().map(ChartPoint::is_out)
    }
}

impl Trend {
    /// Follows a figure. `None` where no call that the report is about has a day.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        ask: TrendAsk,
        rules: Rules,
    ) -> Result<Option<Self>, EstimateError> {
        let inside = || samples.iter().flat_map(SampleFacts::inside);
        if !inside().any(|call| call.day.is_some()) {
            return Ok(None);
        }
        let undated = inside().filter(|call| call.day.is_none() && call.counting().is_some());
        let undated = undated.count() as u64;
        let highest = match ask.of.is_rate() {
            true => 1.0,
            false if rubric.bonus() => f64::INFINITY,
            false => 100.0,
        };
        let sums = summed(samples, ask.by, |_, said| ask.of.value(rubric, said));
        let plain = Estimates::new(sums, rules, highest)?;
        let weeks = weeks(&plain, samples, ask.by, rules)?;
        let (mix, left_out) = mix(samples, &weeks);
        let standards: BTreeMap<Date, Standard> = (weeks.iter())
            .filter_map(|(week, cells)| Some((*week, standard(cells, &mix)?)))
            .collect();
        let sums = summed(samples, ask.by, |week, said| {
            let standard = standards.get(&week)?;
            let (factor, mean) = standard.factors.get(&said.caller_type)?;
            Some(standard.value + factor * (ask.of.value(rubric, said)? - mean))
        });
        let standardised = Estimates::new(sums, rules, highest)?;
        let mut rows = Vec::new();
        for from in ask.by.all(weeks.keys().copied()) {
            let n = weeks.get(&from).map_or(0, |cells| calls(cells, &mix));
            let mut row = TrendRow {
                from,
                to: ask.by.last_day(from),
                n,
                effective_n: None,
                figure: None,
                limits: None,
                ewma: None,
            };
            if let Some(standard) = standards.get(&from) {
                let label = from.to_string();
                let domain = week(&label);
                let factor =
                    |kind: CallerType| standard.factors.get(&kind).map_or(0.0, |(f, _)| *f);
                let size = |fpc| plain.effective_size(0, domain, &factor, fpc);
                row.effective_n = Some(size(false));
                row.figure = match ask.of.is_rate() {
                    true => rate(standard, row.n, size(true)),
                    false => standardised.mean(0, domain)?,
                };
            }
            rows.push(row);
        }
        let kinds: Vec<CallerType> = mix.iter().map(|(kind, _)| *kind).collect();
        let with_calls = rows.iter().filter(|row| row.n > 0).count();
        let filter = samples.first().map(|sample| &sample.filter);
        let mut trend = Self {
            ask,
            one_csr: filter.is_some_and(|filter| filter.csrs.len() == 1),
            highest,
            cut: cut(&rows, filter),
            incomplete: with_calls - standards.len(),
            rows,
            chart: None,
            mix,
            left_out,
            undated,
            zeros: Zeros::of(samples),
        };
        trend.draw(plain.spread_within(0, &kinds))?;
        Ok(Some(trend))
    }

    /// Weeks with a figure.
    pub fn points(&self) -> usize {
        self.rows.iter().filter(|row| row.figure.is_some()).count()
    }

    /// Adds limits, where there are weeks enough for any.
    fn draw(&mut self, deviation: Option<f64>) -> Result<(), EstimateError> {
        if self.points() < LEAST_POINTS {
            return Ok(());
        }
        let points: Vec<Option<(f64, f64)>> = (self.rows.iter())
            .map(|row| Some((row.figure.as_ref()?.value, row.effective_n?)))
            .collect();
        let mut chart = TrendChart {
            center: 0.0,
            deviation: None,
            ewma: None,
            provisional: self.points() < SETTLED_POINTS,
        };
        if self.ask.of.is_rate() {
            chart.center = center(&points);
            for (row, point) in self.rows.iter_mut().zip(&points) {
                let informative =
                    point.filter(|(_, calls)| p_chart_is_informative(chart.center, *calls));
                row.limits = informative.map(|(rate, n)| p_chart_point(chart.center, rate, n));
            }
            self.chart = Some(chart);
            return Ok(());
        }
        let Some(deviation) = deviation else {
            return Ok(());
        };
        let Some(found) = x_bar(&points, deviation)? else {
            return Ok(());
        };
        chart.center = found.center;
        chart.deviation = Some(deviation);
        if !self.one_csr {
            for (row, point) in self.rows.iter_mut().zip(found.points) {
                row.limits = point;
            }
        }
        if self.ask.ewma || self.one_csr {
            let rule = EwmaRule::default();
            chart.ewma = Some(rule);
            let smoothed = ewma(&points, found.center, deviation, &rule)?;
            for (row, point) in self.rows.iter_mut().zip(smoothed) {
                row.ewma = Some(point);
            }
        }
        self.chart = Some(chart);
        Ok(())
    }
}

/// The days asked for that are inside of the first or the last week.
fn cut(rows: &[TrendRow], filter: Option<&Filter>) -> (Option<Date>, Option<Date>) {
    let ends = rows.first().zip(rows.last()).zip(filter);
    let Some(((first, last), filter)) = ends else {
        return (None, None);
    };
    let from = filter
        .from
        .filter(|day| first.from < *day && *day <= first.to);
    let to = filter.to.filter(|day| last.from <= *day && *day < last.to);
    (from, to)
}

/// The mean of all weeks, by their effective numbers of calls.
fn center(points: &[Option<(f64, f64)>]) -> f64 {
    let known = points.iter().flatten();
    let (sum, calls) = known.fold((0.0, 0.0), |(sum, calls), (value, n)| {
        (sum + n * value, calls + n)
    });
    sum / calls
}

/// A value of all calls, by week in the place of the CSR.
fn summed(
    samples: &[SampleFacts],
    by: Step,
    value: impl Fn(Date, &Counting<'_>) -> Option<f64>,
) -> Sums {
    let mut sums = Sums::new(1);
    for sample in samples {
        sums.begin(sample);
        for call in &sample.calls {
            let week = call.day.map(|day| by.first_day(day));
            let label = week.map(|week| week.to_string()).unwrap_or_default();
            let call = call.scored();
            let call = ScoredCall {
                csr: &label,
                inside: call.inside && week.is_some(),
                counting: call.counting.map(|said| Counting {
                    csr_heard: None,
                    ..said
                }),
                ..call
            };
            sums.call(&call, |said, values| {
                values[0] = week.and_then(|week| value(week, said));
            });
        }
    }
    sums
}

/// The calls of one week.
fn week(label: &str) -> Domain<'_> {
    Domain {
        csr: Some(label),
        caller_type: None,
    }
}

/// A week's rate with Wilson's limits.
fn rate(standard: &Standard, n: u64, effective: f64) -> Option<Figure> {
    const UPPER: f64 = 0.975;
    let value = standard.value.clamp(0.0, 1.0);
    let limits = wilson(value, effective, normal_quantile(UPPER)?)?;
    Some(Figure::of_rate(&Rate {
        value,
        low: limits.low,
        high: limits.high,
        n,
        passed: value * n as f64,
        effective_n: effective.is_finite().then_some(effective),
        standard_error: None,
        df: None,
        population: n as f64,
        unseen: 0.0,
    }))
}

#[cfg(test)]
mod tests;
