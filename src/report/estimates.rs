use std::collections::BTreeMap;

use super::designs::Designs;
use super::legs::Legs;
use super::strata::{Domain, ScoredStratum};
use super::{Figure, GapFigure, SampleFacts};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::estimate::gap::{Gap, VerdictRule, verdict, verdict_of};
use crate::estimate::mean::Estimate;
use crate::estimate::moments::Moments;
use crate::estimate::multiplicity::benjamini_hochberg;
use crate::estimate::pool::Pools;
use crate::estimate::precision::many_unscorable;
use crate::estimate::rate::RateMethod;
use crate::estimate::rate_gap::RateGap;
use crate::estimate::settings::{DfRule, Settings, VarianceSource};
use crate::evaluation::{Counting, ScoredCall};
use crate::sampling::Unit;

/// How figures and verdicts are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    pub df: DfRule,
    pub variance: VarianceSource,
    pub prop: RateMethod,
    pub verdict: VerdictRule,
}

/// Some values of every evaluation that counts, summed up so that any domain can be estimated. Values are named by
/// their place in the list that was asked for.
pub(super) struct Estimates {
    strata: Vec<ScoredStratum>,
    /// By value.
    pools: Vec<Pools>,
    /// Where a mean's scale ends.
    highest: f64,
    rules: Rules,
}

/// What estimates are made of, call by call.
pub(super) struct Sums {
    strata: Vec<ScoredStratum>,
    /// Where the strata of the sample begun last stand in these.
    places: Vec<usize>,
    collapsed: u64,
    /// One of a call, by value.
    values: Vec<Option<f64>>,
}

impl Sums {
    /// Nothing yet, of so many values.
    pub(super) fn new(values: usize) -> Self {
        Self {
            strata: Vec::new(),
            places: Vec::new(),
            collapsed: 0,
            values: vec![None; values],
        }
    }

    /// Calls that follow are of this sample.
    pub(super) fn begin(&mut self, sample: &SampleFacts) {
        let base = self.strata.len();
        // Strata that collapse must be neighbours.
        let mut order: Vec<usize> = (0..sample.strata.len()).collect();
        order.sort_by_key(|at| sample.strata[*at].collapse);
        self.places = vec![0; order.len()];
        for (place, at) in order.into_iter().enumerate() {
            self.places[at] = base + place;
            let facts = &sample.strata[at];
            let key = self.collapsed + facts.collapse;
            let empty = ScoredStratum::new(facts.stratum.clone(), key, facts.eligible);
            let legs = (sample.unit == Unit::Interaction).then(Legs::default);
            let empty = ScoredStratum {
                legs,
                inside: facts.inside,
                ..empty
            };
            self.strata.push(empty);
        }
        self.collapsed += sample.strata.len() as u64;
    }

    /// Takes a call in; `value` puts in the values of its evaluation, `None` where they leave it outside every domain.
    pub(super) fn call(
        &mut self,
        call: &ScoredCall<'_>,
        value: impl FnOnce(&Counting<'_>, &mut [Option<f64>]),
    ) {
        let stratum = &mut self.strata[self.places[call.stratum]];
        if call.inside {
            let (drawn, lost) = stratum.losses.entry(call.csr, call.caller_type, || (0, 0));
            *drawn += 1;
            *lost += u64::from(call.unscorable);
        }
        stratum.unscorable += u64::from(call.unscorable);
        let legs = stratum.legs.as_mut().zip(call.journey);
        if let Some((legs, journey)) = legs {
            legs.draw(journey, call.unscorable);
        }
        let Some(evaluation) = &call.counting else {
            return;
        };
        stratum.scored += 1;
        let values = &mut self.values;
        value(evaluation, values);
        let (csr, caller_type) = (call.csr_heard(), evaluation.caller_type);
        if let Some((legs, journey)) = stratum.legs.as_mut().zip(call.journey) {
            legs.score(journey, csr, caller_type, values, call.inside);
        }
        let sums = if call.inside {
            let empty = || (0, vec![Moments::new(); values.len()]);
            let (count, sums) = (stratum.cells).entry(csr, caller_type, empty);
            *count += 1;
            sums
        } else {
            stratum.outside.resize(values.len(), Moments::new());
            &mut stratum.outside
        };
        for (sum, value) in sums.iter_mut().zip(values) {
            if let Some(value) = value {
                sum.push(*value);
            }
        }
    }
}

impl Estimates {
    /// Estimates from what was summed up. `highest` is where a mean's scale ends.
    ///
    /// # Errors
    /// Facts that contradict themselves (more scored calls in a stratum than there are).
    pub(super) fn new(sums: Sums, rules: Rules, highest: f64) -> Result<Self, EstimateError> {
        let mut strata = sums.strata;
        strata.iter_mut().for_each(ScoredStratum::take_out_losses);
        let mut estimates = Self {
            strata,
            pools: Vec::with_capacity(sums.values.len()),
            highest,
            rules,
        };
        for at in 0..sums.values.len() {
            let pools = estimates.whole(at)?.pools();
            estimates.pools.push(pools);
        }
        Ok(estimates)
    }

    /// CSRs of evaluated calls, as heard.
    pub(super) fn csrs(&self) -> impl Iterator<Item = &str> {
        self.strata
            .iter()
            .flat_map(|stratum| stratum.cells.iter().map(|(csr, ..)| csr))
    }

    /// Strata that have to do with any of the domains. Those that collapse into one belong together: a call heard in
    /// one of its weeks was drawn from the calls of all.
    fn touched<'a>(
        &'a self,
        domains: &'a [Domain<'a>],
    ) -> impl Iterator<Item = &'a ScoredStratum> + 'a {
        let groups = (self.strata).chunk_by(|one, next| one.collapse == next.collapse);
        let touches = |one: &ScoredStratum| domains.iter().any(|domain| one.touches(*domain));
        groups
            .filter(move |group| group.iter().any(touches))
            .flatten()
    }

    /// All strata with all their calls, even those that the report is not about: what deviations are borrowed from.
    fn whole(&self, value: usize) -> Result<Designs, EstimateError> {
        let strata = self.strata.iter();
        if self.has_journeys() {
            let strata = strata.map(|stratum| stratum.clusters(value, None));
            return strata.collect::<Result<_, _>>().map(Designs::Journeys);
        }
        let strata = strata.map(|stratum| stratum.whole(value));
        strata.collect::<Result<_, _>>().map(Designs::Calls)
    }

    fn has_journeys(&self) -> bool {
        self.strata.iter().any(|stratum| stratum.legs.is_some())
    }

    fn designs(&self, value: usize, domain: Domain<'_>) -> Result<Designs, EstimateError> {
        self.seen_from(value, domain, &[domain])
    }

    /// The strata that have to do with any of the domains, with what one of them says.
    fn seen_from(
        &self,
        value: usize,
        domain: Domain<'_>,
        domains: &[Domain<'_>],
    ) -> Result<Designs, EstimateError> {
        let touched = self.touched(domains);
        if self.has_journeys() {
            let strata = touched.map(|stratum| stratum.clusters(value, Some(domain)));
            return strata.collect::<Result<_, _>>().map(Designs::Journeys);
        }
        let strata = touched.map(|stratum| stratum.design(value, domain));
        strata.collect::<Result<_, _>>().map(Designs::Calls)
    }

    /// The mean over the frame's calls of the domain, one vote per call; `None` without a scored call.
    pub(super) fn mean(
        &self,
        value: usize,
        domain: Domain<'_>,
    ) -> Result<Option<Figure>, EstimateError> {
        let found = self.estimate(value, domain, &self.rules.settings(true))?;
        let (drawn, unscorable) = self.losses(domain);
        Ok(found.map(|found| Figure {
            many_unscorable: many_unscorable(drawn, unscorable),
            ..Figure::of_mean(&found, self.highest)
        }))
    }

    /// The same with the deviation pooled over CSRs and without finite population correction: what a comparison of
    /// CSRs starts from.
    pub(super) fn pooled_mean(
        &self,
        value: usize,
        domain: Domain<'_>,
    ) -> Result<Option<Estimate>, EstimateError> {
        let settings = Settings {
            variance: VarianceSource::Pooled,
            ..self.rules.settings(false)
        };
        self.estimate(value, domain, &settings)
    }

    /// As [`Estimates::mean`], by other settings and with all that is known of it.
    pub(super) fn estimate(
        &self,
        value: usize,
        domain: Domain<'_>,
        settings: &Settings,
    ) -> Result<Option<Estimate>, EstimateError> {
        self.designs(value, domain)?
            .mean(&self.pools[value], settings)
    }

    /// The share of the frame's calls of the domain, of a value between 0 and 1.
    pub(super) fn rate(
        &self,
        value: usize,
        domain: Domain<'_>,
    ) -> Result<Option<Figure>, EstimateError> {
        let designs = self.designs(value, domain)?;
        let settings = self.rules.settings(true);
        let rate = designs.rate(&self.pools[value], self.rules.prop, &settings)?;
        let (drawn, unscorable) = self.losses(domain);
        Ok(rate.map(|rate| Figure {
            many_unscorable: many_unscorable(drawn, unscorable),
            ..Figure::of_rate(&rate)
        }))
    }

    /// How many calls of one weight would tell as much as those of the domain (Kish 1965, 11.7), where each counts `factor`
    /// times its design weight; of journeys, in the worst case, that all calls of one fare alike. With the finite population
    /// correction infinite where all calls were seen; 0 without any.
    pub(super) fn effective_size(
        &self,
        value: usize,
        domain: Domain<'_>,
        factor: &dyn Fn(CallerType) -> f64,
        fpc: bool,
    ) -> f64 {
        let (mut sum, mut squares) = (0.0, 0.0);
        for stratum in &self.strata {
            let weight = stratum.weight();
            let left = match fpc {
                true if weight > 0.0 => 1.0 - 1.0 / weight,
                _ => 1.0,
            };
            for (many, factor) in stratum.units(value, domain, factor) {
                let each = weight * factor;
                sum += many * each;
                squares += many * each * each * left;
            }
        }
        match sum > 0.0 {
            true if squares > 0.0 => sum * sum / squares,
            true => f64::INFINITY,
            false => 0.0,
        }
    }

    /// The spread of a value of single calls around the mean of their CSR (or what stands in its place) and caller type,
    /// over the caller types asked for; `None` where there is none.
    pub(super) fn spread_within(&self, value: usize, caller_types: &[CallerType]) -> Option<f64> {
        let mut cells: BTreeMap<(&str, CallerType), Moments> = BTreeMap::new();
        for (csr, caller_type, (_, sums)) in self.strata.iter().flat_map(|one| one.cells.iter()) {
            if caller_types.contains(&caller_type) {
                cells
                    .entry((csr, caller_type))
                    .or_default()
                    .merge(&sums[value]);
            }
        }
        let (squares, df) = cells.values().fold((0.0, 0.0), |(squares, df), cell| {
            (
                squares + cell.squares(),
                df + cell.count().saturating_sub(1) as f64,
            )
        });
        (df > 0.0 && squares > 0.0).then(|| (squares / df).sqrt())
    }

    /// Scored calls of the domain, those without a score included.
    pub(super) fn scored(&self, domain: Domain<'_>) -> u64 {
        let cells = self.strata.iter().flat_map(|stratum| stratum.cells.iter());
        let held = cells.filter(|(csr, caller_type, _)| domain.holds(csr, *caller_type));
        held.map(|(_, _, (count, _))| count).sum()
    }

    /// Scored calls of the domain that have a value.
    pub(super) fn with_value(&self, value: usize, domain: Domain<'_>) -> u64 {
        let cells = self.strata.iter().flat_map(|stratum| stratum.cells.iter());
        let held = cells.filter(|(csr, caller_type, _)| domain.holds(csr, *caller_type));
        held.map(|(_, _, (_, sums))| sums[value].count()).sum()
    }

    /// Drawn calls of the domain as logged, and those of them that could not be scored.
    pub(super) fn losses(&self, domain: Domain<'_>) -> (u64, u64) {
        let cells = self.strata.iter().flat_map(|stratum| stratum.losses.iter());
        let held = cells.filter(|(csr, caller_type, _)| domain.holds(csr, *caller_type));
        held.fold((0, 0), |(drawn, lost), (_, _, (d, l))| {
            (drawn + d, lost + l)
        })
    }

    /// Between which values the mean of all calls would lie had every unscorable call been worth 0, or 100. `None`
    /// while nothing at all is known of a stratum.
    pub(super) fn worst_case(&self, value: usize) -> Option<(f64, f64)> {
        let (mut low, mut high, mut all) = (0.0, 0.0, 0.0);
        for stratum in self.strata.iter().filter(|stratum| stratum.eligible > 0.0) {
            let mut seen = Moments::new();
            let cells = stratum.cells.iter();
            cells.for_each(|(_, _, (_, sums))| seen.merge(&sums[value]));
            let scored: u64 = stratum.cells.iter().map(|(_, _, (calls, _))| calls).sum();
            let unscorable: u64 = stratum.losses.iter().map(|(_, _, (_, lost))| lost).sum();
            let (tried, all_tried) = (scored + unscorable, stratum.scored + stratum.unscorable);
            if tried == 0 && (all_tried > 0 || !stratum.inside) {
                continue;
            }
            let (lost, mean) = match scored {
                0 if unscorable > 0 => (1.0, 0.0),
                _ => (unscorable as f64 / tried as f64, seen.mean()?),
            };
            let known = (1.0 - lost) * mean;
            // Of the stratum's calls, those that the report is about.
            let calls = stratum.calls() * (tried as f64 / all_tried as f64);
            low += calls * known;
            high += calls * (known + lost * 100.0);
            all += calls;
        }
        (all > 0.0).then(|| (low / all, high / all))
    }

    /// Internal minus external in the mean of a value, for each CSR (or for all: `None`); one family of tests.
    pub(super) fn gaps(
        &self,
        value: usize,
        csrs: &[Option<&str>],
    ) -> Result<Vec<Option<GapFigure>>, EstimateError> {
        let mut gaps = Vec::with_capacity(csrs.len());
        for csr in csrs {
            gaps.push(self.gap(value, *csr)?);
        }
        Ok(self.judge(&gaps))
    }

    /// Internal minus external in the means of all calls, for each value asked for; one family of tests.
    pub(super) fn value_gaps(
        &self,
        values: &[usize],
    ) -> Result<Vec<Option<GapFigure>>, EstimateError> {
        let mut gaps = Vec::with_capacity(values.len());
        for value in values {
            gaps.push(self.gap(*value, None)?);
        }
        Ok(self.judge(&gaps))
    }

    /// Gaps of one family with their verdicts.
    fn judge(&self, gaps: &[Option<Gap>]) -> Vec<Option<GapFigure>> {
        let p: Vec<Option<f64>> = gaps.iter().map(|gap| gap.as_ref()?.p).collect();
        let figures = gaps.iter().zip(benjamini_hochberg(&p)).map(|(gap, q)| {
            let gap = gap.as_ref()?;
            Some(GapFigure::new(gap, q, verdict(gap, q, &self.rules.verdict)))
        });
        figures.collect()
    }

    /// The first domain minus the second one, a family by itself.
    pub(super) fn gap_between(
        &self,
        value: usize,
        domains: [Domain<'_>; 2],
    ) -> Result<Option<GapFigure>, EstimateError> {
        let [left, right] = domains;
        let left = self.seen_from(value, left, &domains)?;
        let right = self.seen_from(value, right, &domains)?;
        let gap = left.gap(&right, &self.pools[value], &self.rules.settings(false))?;
        // Of one test q is p.
        let figure =
            |gap: Gap| GapFigure::new(&gap, gap.p, verdict(&gap, gap.p, &self.rules.verdict));
        Ok(gap.map(figure))
    }

    fn gap(&self, value: usize, csr: Option<&str>) -> Result<Option<Gap>, EstimateError> {
        let (left, right) = self.sides(value, csr)?;
        let settings = self.rules.settings(false);
        left.gap(&right, &self.pools[value], &settings)
    }

    /// Internal minus external in rates, for each value asked for; one family of tests.
    pub(super) fn rate_gaps(
        &self,
        values: &[usize],
    ) -> Result<Vec<Option<GapFigure>>, EstimateError> {
        let settings = self.rules.settings(false);
        let mut gaps = Vec::with_capacity(values.len());
        for value in values {
            let (left, right) = self.sides(*value, None)?;
            gaps.push(left.rate_gap(&right, &settings)?);
        }
        Ok(self.judge_rates(&gaps))
    }

    /// Gaps of rates of one family with their verdicts.
    fn judge_rates(&self, gaps: &[Option<RateGap>]) -> Vec<Option<GapFigure>> {
        let p: Vec<Option<f64>> = gaps.iter().map(|gap| Some(gap.as_ref()?.p)).collect();
        let rule = VerdictRule {
            practically: self.rules.verdict.practically / 100.0,
            ..self.rules.verdict
        };
        let figures = gaps.iter().zip(benjamini_hochberg(&p)).map(|(gap, q)| {
            let gap = gap.as_ref()?;
            let verdict = verdict_of(gap.difference.low, gap.difference.high, q, &rule);
            Some(GapFigure::of_rates(&gap.difference, gap.p, q, verdict))
        });
        figures.collect()
    }

    /// The strata as seen from the internal and from the external calls.
    fn sides(&self, value: usize, csr: Option<&str>) -> Result<(Designs, Designs), EstimateError> {
        let domain = Domain {
            csr,
            caller_type: None,
        };
        let sides = [
            domain.of(CallerType::Internal),
            domain.of(CallerType::External),
        ];
        Ok((
            self.seen_from(value, sides[0], &sides)?,
            self.seen_from(value, sides[1], &sides)?,
        ))
    }
}

impl Rules {
    pub(super) fn settings(self, fpc: bool) -> Settings {
        Settings {
            fpc,
            df: self.df,
            variance: self.variance,
            ..Settings::default()
        }
    }
}

mod at_mix;
pub(super) use at_mix::AtMix;

#[cfg(test)]
mod tests;
