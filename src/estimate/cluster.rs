//! Estimates where whole clusters were drawn: journeys, each with all its calls.
//!
//! In every stratum n_h of N_h clusters are a simple random sample. Cluster i has m_i values in the domain, which add up to
//! t_i; a cluster without any counts as sampled all the same, with zeros. The mean over calls is the ratio
//!
//! R = sum w t / sum w m,   w = N_h / n_h,   with residuals u_i = w (t_i - R m_i) / sum w m,
//! V = sum_h (1 - f_h) n_h / (n_h - 1) sum_i (u_i - ubar_h)^2   over all sampled clusters,
//!
//! the ultimate-cluster variance (Hansen, Hurwitz and Madow 1953; Cochran 1977, 9A; Särndal, Swensson and Wretman 1992,
//! 4.3 and 5.7; Lohr 2022, ch. 5; linearised as by Woodruff 1971), which R's survey package computes too. What calls of
//! one cluster have in common is in t_i, so nothing need be known of it.
//!
//! Each cluster is taken for one call whose value is
//!
//! z_i = ybar_i + (ybar_i - R) (k m_i - 1),   k = sum w d / sum w m,   d_i = 1 where m_i > 0,
//!
//! that is R + k (t_i - R m_i): the mean of these is R, and the variance of their mean is V. So all that is known of
//! calls (degrees of freedom, single clusters, comparisons) holds for clusters, which are counted in the place of calls;
//! and where each has one call, z_i is its value to the last bit.
//!
//! A stratum without spread of its own borrows the deviation of single calls: that of a cluster's mean is no larger.

use super::design::Stratum;
use super::domain::{Difference, difference_with};
use super::error::EstimateError;
use super::gap::{Gap, gap_by};
use super::linear::{CoMoments, Flat};
use super::mean::{Estimate, mean_with};
use super::moments::Moments;
use super::pool::Pools;
use super::rate::{Basis, Rate, RateMethod, not_a_rate, ones, with_margin};
use super::rate_gap::{RateGap, gap_of};
use super::settings::Settings;

/// One stratum of a sample of clusters: N_h clusters, and of each sampled one the moments of its values in the domain.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    population: f64,
    pool: usize,
    collapse: Option<u64>,
    sampled: Vec<Moments>,
}

impl Clusters {
    /// `pool` is that of [`Stratum::new`]; clusters outside the domain have no values.
    pub fn new(
        population: f64,
        pool: usize,
        sampled: Vec<Moments>,
    ) -> Result<Clusters, EstimateError> {
        if !sampled.iter().all(Moments::is_finite) {
            return Err(EstimateError::NotFinite);
        }
        Stratum::from_moments(population, pool, sampled.len() as u64, Moments::new())?;
        Ok(Clusters {
            population,
            pool,
            collapse: None,
            sampled,
        })
    }

    /// As [`Stratum::collapsed`].
    #[must_use]
    pub fn collapsed(self, key: u64) -> Clusters {
        Clusters {
            collapse: Some(key),
            ..self
        }
    }

    /// Design weight N_h / n_h; 0 when nothing was sampled.
    fn weight(&self) -> f64 {
        match self.sampled.len() {
            0 => 0.0,
            sampled => self.population / sampled as f64,
        }
    }

    fn inside(&self) -> impl Iterator<Item = &Moments> {
        self.sampled.iter().filter(|values| values.count() > 0)
    }

    /// Values of all its clusters.
    pub(super) fn values(&self) -> Moments {
        let mut all = Moments::new();
        for values in self.inside() {
            match (values.count(), values.mean()) {
                // To the last bit what single calls give.
                (1, Some(value)) => all.push(value),
                _ => all.merge(values),
            }
        }
        all
    }

    pub(super) fn pool(&self) -> usize {
        self.pool
    }

    pub(super) fn joins(&self, next: &Clusters) -> bool {
        self.collapse.is_some() && self.collapse == next.collapse
    }
}

/// Clusters in the place of calls.
pub(super) struct Linearised {
    pub(super) strata: Vec<Stratum>,
    /// By stratum and sampled cluster; `None` outside the domain.
    pub(super) values: Vec<Vec<Option<f64>>>,
    /// Values, and what they weigh.
    pub(super) n: u64,
    weight: f64,
}

/// `None` without values.
pub(super) fn linearise(strata: &[Clusters]) -> Result<Option<Linearised>, EstimateError> {
    let (mut n, mut clusters, mut weight, mut total) = (0, 0.0, 0.0, 0.0);
    for stratum in strata {
        let (w, values) = (stratum.weight(), stratum.values());
        n += values.count();
        clusters += w * stratum.inside().count() as f64;
        weight += w * values.count() as f64;
        total += w * values.count() as f64 * values.center();
    }
    if n == 0 || weight <= 0.0 {
        return Ok(None);
    }
    let (ratio, k) = (total / weight, clusters / weight);
    let value = |values: &Moments| {
        let (mean, calls) = (values.mean()?, values.count() as f64);
        Some(mean + (mean - ratio) * (k * calls - 1.0))
    };
    let mut linearised = Linearised {
        strata: Vec::with_capacity(strata.len()),
        values: Vec::with_capacity(strata.len()),
        n,
        weight,
    };
    for stratum in strata {
        let values: Vec<Option<f64>> = stratum.sampled.iter().map(value).collect();
        let one = Stratum::of_domain(stratum.population, stratum.pool, &values)?;
        linearised.strata.push(match stratum.collapse {
            Some(key) => one.collapsed(key),
            None => one,
        });
        linearised.values.push(values);
    }
    Ok(Some(linearised))
}

impl Linearised {
    fn mean(
        &self,
        pools: &Pools,
        settings: &Settings,
        flat: Flat,
    ) -> Result<Option<Estimate>, EstimateError> {
        let found = mean_with(&self.strata, pools, settings, flat)?;
        Ok(found.map(|found| Estimate {
            n: self.n,
            population: self.weight,
            ..found
        }))
    }
}

/// The design-weighted mean over the calls inside the domain, each with one vote. `n` and `population` count calls,
/// `unseen` clusters.
pub fn mean(
    strata: &[Clusters],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Estimate>, EstimateError> {
    match linearise(strata)? {
        Some(linearised) => linearised.mean(pools, settings, Flat::Borrows),
        None => Ok(None),
    }
}

/// The design-weighted rate over the calls inside the domain. Where `rate` takes n_eff from the weights alone, this does
/// too, as if all calls of a cluster fared alike, which is the worst that clusters can do to a rate:
///
/// n_eff = (sum w m)^2 / sum w (w - 1) m^2   over clusters.
pub fn rate(
    strata: &[Clusters],
    pools: &Pools,
    method: RateMethod,
    settings: &Settings,
) -> Result<Option<Rate>, EstimateError> {
    let sampled = || strata.iter().flat_map(|stratum| &stratum.sampled);
    if let Some(value) = sampled().find_map(not_a_rate) {
        return Err(EstimateError::NotARate { value });
    }
    let Some(linearised) = linearise(strata)? else {
        return Ok(None);
    };
    let Some(estimate) = linearised.mean(pools, settings, Flat::Keeps)? else {
        return Ok(None);
    };
    let basis = Basis {
        independent: sampled().filter(|values| values.count() > 0).count() as f64,
        sampled: sampled().count() as f64,
        design: effective_size(strata, settings.fpc),
        passed: sampled().map(ones).sum(),
        estimate,
    };
    with_margin(&basis, method, settings).map(Some)
}

fn effective_size(strata: &[Clusters], fpc: bool) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for stratum in strata {
        let (w, seen) = (stratum.weight(), if fpc { 1.0 } else { 0.0 });
        let sizes = || stratum.inside().map(|values| values.count() as f64);
        sum += w * sizes().sum::<f64>();
        squares += sizes().map(|calls| calls * calls).sum::<f64>() * w * (w - seen);
    }
    if squares > 0.0 {
        sum * sum / squares
    } else {
        f64::INFINITY
    }
}

/// The difference of two domains over the same clusters: what the calls of one journey have in common cancels out of it.
/// `left_n` and `right_n` count clusters.
pub fn difference(
    left: &[Clusters],
    right: &[Clusters],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Difference>, EstimateError> {
    let (Some(left), Some(right)) = (linearise(left)?, linearise(right)?) else {
        return Ok(None);
    };
    if left.values.len() != right.values.len() {
        return Err(EstimateError::UnalignedStrata);
    }
    let both: Vec<CoMoments> = (left.values.iter().zip(&right.values))
        .map(|(left, right)| {
            left.iter()
                .zip(right)
                .filter_map(|(a, b)| a.zip(*b))
                .collect()
        })
        .collect();
    difference_with(&left.strata, &right.strata, &both, pools, settings)
}

/// The gap between two domains over the same clusters.
pub fn gap(
    left: &[Clusters],
    right: &[Clusters],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Gap>, EstimateError> {
    gap_by(settings, |settings| {
        difference(left, right, pools, settings)
    })
}

/// The difference of two rates. Both sides are taken as independent, which makes the margin too wide rather than too
/// narrow where calls of one journey fare alike.
pub fn rate_gap(
    left: &[Clusters],
    right: &[Clusters],
    settings: &Settings,
) -> Result<Option<RateGap>, EstimateError> {
    let of = |strata| rate(strata, &Pools::none(), RateMethod::Design, settings);
    let (Some(left), Some(right)) = (of(left)?, of(right)?) else {
        return Ok(None);
    };
    Ok(Some(gap_of(&left, &right)))
}
