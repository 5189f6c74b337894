//! What luck alone does to a score from one sample to the next: whoever was lucky in one is likely less so in the other.
//!
//! With y the score in the earlier sample, V its variance, mu the common score of CSRs and tau^2 the variance between them,
//! the next score of the same CSR is expected at mu + gamma (y - mu), gamma = tau^2 / (tau^2 + V), with no effect of anything
//! at all: a rise by (1 - gamma) (mu - y) for somebody who was chosen because the score was low (regression to the mean:
//! Galton 1886; Davis 1976, Am J Epidemiol 104:493; Barnett, van der Pols and Dobson 2005, Int J Epidemiol 34:215). gamma and
//! mu are those of steadied scores (see `estimate::shrink`), with V from the deviation pooled over CSRs.

use std::collections::BTreeMap;

use super::estimates::AtMix;
use crate::estimate::error::EstimateError;
use crate::estimate::shrink::{Group, LEAST_GROUPS, steady};

/// What each CSR's score is expected to change by, by luck alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    /// The common score that all are drawn to.
    pub center: f64,
    /// Deviation between CSRs; 0 where the sample shows no difference between them.
    pub between: f64,
    pub(super) by_csr: BTreeMap<String, f64>,
}

/// Why it can't be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFewCsrs {
    pub given: usize,
    pub needed: usize,
}

impl Regression {
    /// From the scores of one sample's CSRs. CSRs whose scores have no variance are left out.
    pub(super) fn of<'a>(
        scores: impl IntoIterator<Item = (&'a str, &'a AtMix)>,
    ) -> Result<Result<Self, TooFewCsrs>, EstimateError> {
        let (mut names, mut groups) = (Vec::new(), Vec::new());
        for (csr, score) in scores {
            let Some(found) = score.pooled()? else {
                continue;
            };
            if let Some(error) = found.standard_error.filter(|error| *error > 0.0) {
                names.push(csr);
                groups.push(Group {
                    value: found.value,
                    variance: error * error,
                });
            }
        }
        if groups.len() < LEAST_GROUPS {
            return Ok(Err(TooFewCsrs {
                given: groups.len(),
                needed: LEAST_GROUPS,
            }));
        }
        let found = steady(&groups)?;
        let by_csr = names.into_iter().zip(groups.iter().zip(&found.values));
        let by_csr = by_csr.map(|(csr, (group, steadied))| {
            let expected = expected_change(group.value, found.center, steadied.share);
            (csr.to_owned(), expected)
        });
        Ok(Ok(Self {
            center: found.center,
            between: found.between_variance.sqrt(),
            by_csr: by_csr.collect(),
        }))
    }

    /// By how much a CSR's score is expected to change with no effect at all.
    pub fn expected(&self, csr: &str) -> Option<f64> {
        self.by_csr.get(csr).copied()
    }
}

/// (1 - gamma) (mu - y): `share` is gamma, how much of its own distance from the common score a score keeps.
fn expected_change(score: f64, center: f64, share: f64) -> f64 {
    (1.0 - share) * (center - score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_score_rises_by_luck_alone() {
        // A score of 70 among 82, standard error 4.5, deviation between CSRs 4: gamma .441, a rise of 6.7 points.
        let (variance, between) = (4.5_f64.powi(2), 4.0_f64.powi(2));
        let share = between / (between + variance);
        assert!((share - 0.441).abs() < 0.0005, "{share}");
        let rise = expected_change(70.0, 82.0, share);
        assert!((rise - 6.7).abs() < 0.005, "{rise}");
        // A high one falls, and one in the middle stays.
        assert!(expected_change(94.0, 82.0, share) < 0.0);
        assert_eq!(expected_change(82.0, 82.0, share), 0.0);
    }

    #[test]
    fn the_expected_score_is_the_steadied_one() {
        let values = [60.0, 70.0, 75.0, 80.0, 82.0, 85.0, 90.0, 98.0];
        let groups = values.map(|value| Group {
            value,
            variance: 20.25,
        });
        let found = steady(&groups).expect("eight are enough");
        for (value, steadied) in values.iter().zip(&found.values) {
            let expected = value + expected_change(*value, found.center, steadied.share);
            assert!((expected - steadied.value).abs() < 1e-12);
        }
    }
}
