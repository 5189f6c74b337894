//! How a margin is made: the decisions that a user may change.

use super::error::EstimateError;

/// Which degrees of freedom the t quantile gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DfRule {
    /// Satterthwaite's approximation (Cochran 1977, 5.16).
    #[default]
    Satterthwaite,
    /// Sampled calls minus strata, as R, SAS and Stata count; strata taken whole count for neither.
    Design,
}

/// Where the variance inside a stratum comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VarianceSource {
    /// The stratum's own values.
    #[default]
    Own,
    /// The pooled deviation of all strata of the same label: steadier below about 8 calls.
    Pooled,
}

/// What to do with a stratum of which a single call was sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SingleRule {
    /// Borrow the pooled deviation of the same label and mark the estimate. Strata of 2 to 4 calls
    /// without any spread are treated alike.
    #[default]
    Borrow,
    /// Refuse, as R does by default (`survey.lonely.psu = "fail"`).
    Fail,
    /// Let it add nothing (`"remove"`, `"certainty"`).
    Remove,
    /// Take its deviation from the mean of all sampled calls (`"adjust"`, as survey 4.5 computes it).
    Adjust,
    /// Give it the average variance of the other strata (`"average"`).
    Average,
}

/// The settings of an estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Finite population correction: on for the level of a period, off for comparisons.
    pub fpc: bool,
    pub df: DfRule,
    pub variance: VarianceSource,
    pub single: SingleRule,
    /// Confidence level, 0.95 by default.
    pub level: f64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            fpc: true,
            df: DfRule::default(),
            variance: VarianceSource::default(),
            single: SingleRule::default(),
            level: 0.95,
        }
    }
}

impl Settings {
    /// For comparisons: the question is about the process, not about these very calls, so there is
    /// no finite population correction (Cochran 1977, 2.14).
    pub fn comparison() -> Settings {
        Settings {
            fpc: false,
            ..Settings::default()
        }
    }

    /// The probability below the upper limit, (1 + level) / 2.
    pub(super) fn upper_probability(&self) -> Result<f64, EstimateError> {
        upper_probability(self.level)
    }
}

pub(super) fn upper_probability(level: f64) -> Result<f64, EstimateError> {
    if level > 0.0 && level < 1.0 {
        Ok(0.5 + 0.5 * level)
    } else {
        Err(EstimateError::Level { level })
    }
}
