use crate::estimate::cluster::{self, Clusters};
use crate::estimate::design::Stratum;
use crate::estimate::error::EstimateError;
use crate::estimate::gap::{Gap, domain_gap};
use crate::estimate::mean::{Estimate, mean};
use crate::estimate::pool::Pools;
use crate::estimate::rate::{Rate, RateMethod, rate};
use crate::estimate::rate_gap::{RateGap, rate_gap};
use crate::estimate::settings::Settings;

/// Strata with one value in one domain, by what was drawn from them.
pub(super) enum Designs {
    Calls(Vec<Stratum>),
    Journeys(Vec<Clusters>),
}

impl Designs {
    pub(super) fn pools(&self) -> Pools {
        match self {
            Self::Calls(strata) => Pools::of(strata),
            Self::Journeys(strata) => Pools::of_clusters(strata),
        }
    }

    pub(super) fn mean(
        &self,
        pools: &Pools,
        settings: &Settings,
    ) -> Result<Option<Estimate>, EstimateError> {
        match self {
            Self::Calls(strata) => mean(strata, pools, settings),
            Self::Journeys(strata) => cluster::mean(strata, pools, settings),
        }
    }

    pub(super) fn rate(
        &self,
        pools: &Pools,
        method: RateMethod,
        settings: &Settings,
    ) -> Result<Option<Rate>, EstimateError> {
        match self {
            Self::Calls(strata) => rate(strata, pools, method, settings),
            Self::Journeys(strata) => cluster::rate(strata, pools, method, settings),
        }
    }

    /// This domain minus another one of the same strata.
    pub(super) fn gap(
        &self,
        other: &Self,
        pools: &Pools,
        settings: &Settings,
    ) -> Result<Option<Gap>, EstimateError> {
        match (self, other) {
            (Self::Calls(left), Self::Calls(right)) => {
                domain_gap(left, right, &[], pools, settings)
            }
            (Self::Journeys(left), Self::Journeys(right)) => {
                cluster::gap(left, right, pools, settings)
            }
            _ => Err(EstimateError::UnalignedStrata),
        }
    }

    /// The same of rates.
    pub(super) fn rate_gap(
        &self,
        other: &Self,
        settings: &Settings,
    ) -> Result<Option<RateGap>, EstimateError> {
        match (self, other) {
            (Self::Calls(left), Self::Calls(right)) => rate_gap(left, right, settings),
            (Self::Journeys(left), Self::Journeys(right)) => {
                cluster::rate_gap(left, right, settings)
            }
            _ => Err(EstimateError::UnalignedStrata),
        }
    }
}
