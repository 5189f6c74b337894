//! Figures of one sample beside those of another: at a fixed mix of caller types, so that a shift in who calls is no change
//! in service.

use super::super::designs::Designs;
use super::{Domain, Estimates, Rules};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::estimate::gap::Gap;
use crate::estimate::mean::Estimate;
use crate::estimate::precision::many_unscorable;
use crate::estimate::settings::{Settings, VarianceSource};
use crate::estimate::standard::Standardised;
use crate::report::{Figure, GapFigure};

/// The mean of a value in a sample, or of one of its CSRs, at a fixed mix.
pub(in crate::report) struct AtMix {
    found: Standardised,
    rules: Rules,
    highest: f64,
    many_unscorable: bool,
}

impl Estimates {
    /// The mean of a value at a mix of caller types, whose shares need not add up to 1; `None` where a caller type with a
    /// share has no value.
    pub(in crate::report) fn at_mix(
        &self,
        value: usize,
        csr: Option<&str>,
        mix: &[(CallerType, f64)],
    ) -> Result<Option<AtMix>, EstimateError> {
        let all = Domain {
            csr,
            ..Domain::default()
        };
        let domains: Vec<Domain<'_>> = mix.iter().map(|(kind, _)| all.of(*kind)).collect();
        let (mut calls, mut journeys) = (Vec::new(), Vec::new());
        let (mut drawn, mut unscorable) = (0, 0);
        for ((_, share), domain) in mix.iter().zip(&domains) {
            match self.seen_from(value, *domain, &domains)? {
                Designs::Calls(strata) => calls.push((*share, strata)),
                Designs::Journeys(strata) => journeys.push((*share, strata)),
            }
            let losses = self.losses(*domain);
            drawn += losses.0;
            unscorable += losses.1;
        }
        let pools = &self.pools[value];
        let found = match journeys.is_empty() {
            true => Standardised::of_calls(&calls, pools)?,
            false => Standardised::of_clusters(&journeys, pools)?,
        };
        Ok(found.map(|found| AtMix {
            found,
            rules: self.rules,
            highest: self.highest,
            many_unscorable: many_unscorable(drawn, unscorable),
        }))
    }

    /// A mean with its error, as the margin of [`Estimates::mean`] has it.
    pub(in crate::report) fn level(
        &self,
        value: usize,
        domain: Domain<'_>,
    ) -> Result<Option<Estimate>, EstimateError> {
        self.estimate(value, domain, &self.rules.settings(true))
    }

    /// The deviation of single calls of a caller type within strata, pooled; of all calls where strata hold both.
    pub(in crate::report) fn deviation(
        &self,
        value: usize,
        caller_type: CallerType,
    ) -> Option<f64> {
        let pools = &self.pools[value];
        let own = pools.get(caller_type as usize);
        let pooled = own.or_else(|| pools.get(CallerType::ALL.len()))?;
        Some(pooled.variance.sqrt())
    }

    /// The rates of a value in domains minus those in another sample, one family of tests; `None` of calls against journeys.
    pub(in crate::report) fn rates_minus(
        &self,
        other: &Self,
        value: usize,
        domains: &[Domain<'_>],
    ) -> Result<Vec<Option<GapFigure>>, EstimateError> {
        let mut gaps = Vec::with_capacity(domains.len());
        for domain in domains {
            let here = self.designs(value, *domain)?;
            let there = other.designs(value, *domain)?;
            gaps.push(match (&here, &there) {
                (Designs::Calls(_), Designs::Calls(_))
                | (Designs::Journeys(_), Designs::Journeys(_)) => {
                    here.rate_gap(&there, &self.rules.settings(false))?
                }
                _ => None,
            });
        }
        Ok(self.judge_rates(&gaps))
    }
}

impl AtMix {
    /// With the margin of a comparison: about the service, not about these very calls.
    pub(in crate::report) fn figure(&self) -> Result<Option<Figure>, EstimateError> {
        let found = self.found.mean(&self.rules.settings(false))?;
        Ok(found.map(|found| Figure {
            many_unscorable: self.many_unscorable,
            ..Figure::of_mean(&found, self.highest)
        }))
    }

    /// With the deviation pooled over CSRs.
    pub(in crate::report) fn pooled(&self) -> Result<Option<Estimate>, EstimateError> {
        let settings = Settings {
            variance: VarianceSource::Pooled,
            ..self.rules.settings(false)
        };
        self.found.mean(&settings)
    }

    /// This sample minus another one.
    pub(in crate::report) fn minus(&self, other: &Self) -> Result<Option<Gap>, EstimateError> {
        self.found.minus(&other.found, &self.rules.settings(false))
    }
}
