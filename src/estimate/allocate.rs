//! Dividing a number of calls among strata.
//!
//! Equal (to compare CSRs or caller types), proportional (for the team mean) and Neyman, n_h proportional
//! to N_h S_h. Integers by Wright's priority values (2012, American Statistician 66:217): every stratum gets
//! its least number, then one call at a time goes to the largest N_h S_h / sqrt(k (k + 1)) with
//! k < N_h: the exact optimum within the bounds, where rounding each stratum by itself is not. Where calls
//! were drawn before, each stratum's number of them is its least one.
//!
//! Refused: a total outside what the bounds can take, weights that are negative or not finite.

use super::error::EstimateError;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// How calls are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    Equal,
    Proportional,
    Neyman,
}

/// Calls per stratum that has them, by default: one call gives no deviation.
pub const LEAST_CALLS: u64 = 2;

/// A stratum to be served: N_h, and the deviation S_h expected in it (used by `Neyman` only).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Demand {
    pub population: u64,
    pub deviation: f64,
}

/// Integer calls per stratum, adding up to `total`: at least `least` where the stratum has as many,
/// never more than its population. Ties go to the earlier stratum.
pub fn allocate(
    strata: &[Demand],
    total: u64,
    allocation: Allocation,
    least: u64,
) -> Result<Vec<u64>, EstimateError> {
    top_up(strata, &[], total, allocation, least)
}

/// The same for a total that contains an earlier one: at least what each stratum gave `before`, those without a
/// number nothing. Deviations may be others since.
pub fn top_up(
    strata: &[Demand],
    before: &[u64],
    total: u64,
    allocation: Allocation,
    least: u64,
) -> Result<Vec<u64>, EstimateError> {
    let weights = strata.iter().map(|stratum| weight(stratum, allocation));
    let weights = weights.collect::<Result<Vec<f64>, EstimateError>>()?;
    let before = before.iter().copied().chain(std::iter::repeat(0));
    let mut calls: Vec<u64> = (strata.iter().zip(before))
        .map(|(stratum, before)| least.max(before).min(stratum.population))
        .collect();
    let floor = sum(calls.iter().copied());
    let ceiling = sum(strata.iter().map(|stratum| stratum.population));
    if total < floor || total > ceiling {
        return Err(EstimateError::Allocation {
            total,
            least: floor,
            most: ceiling,
        });
    }
    let mut open: BinaryHeap<Priority> = BinaryHeap::with_capacity(strata.len());
    for (index, ((stratum, &taken), &weight)) in strata.iter().zip(&calls).zip(&weights).enumerate()
    {
        if taken < stratum.population {
            open.push(Priority::of(weight, taken, index));
        }
    }
    for _ in floor..total {
        let Some(next) = open.pop() else { break };
        let (Some(taken), Some(stratum), Some(&weight)) = (
            calls.get_mut(next.index),
            strata.get(next.index),
            weights.get(next.index),
        ) else {
            break;
        };
        *taken += 1;
        if *taken < stratum.population {
            open.push(Priority::of(weight, *taken, next.index));
        }
    }
    Ok(calls)
}

/// The same before rounding and without bounds: total times each stratum's share.
pub fn shares(
    strata: &[Demand],
    total: f64,
    allocation: Allocation,
) -> Result<Vec<f64>, EstimateError> {
    let weights = strata.iter().map(|stratum| weight(stratum, allocation));
    let weights = weights.collect::<Result<Vec<f64>, EstimateError>>()?;
    let sum: f64 = weights.iter().sum();
    let possible = sum > 0.0 && total >= 0.0 && total.is_finite();
    if !strata.is_empty() && !possible {
        let wanted = "shared by strata of some weight";
        return Err(EstimateError::Argument {
            name: "total",
            value: total,
            wanted,
        });
    }
    Ok(weights.iter().map(|weight| total * weight / sum).collect())
}

fn weight(stratum: &Demand, allocation: Allocation) -> Result<f64, EstimateError> {
    let weight = match allocation {
        Allocation::Equal => 1.0,
        Allocation::Proportional => stratum.population as f64,
        Allocation::Neyman => stratum.population as f64 * stratum.deviation,
    };
    if weight.is_finite() && weight >= 0.0 {
        return Ok(weight);
    }
    let wanted = "a number of at least 0";
    Err(EstimateError::Argument {
        name: "deviation",
        value: stratum.deviation,
        wanted,
    })
}

fn sum(calls: impl Iterator<Item = u64>) -> u64 {
    calls.fold(0, u64::saturating_add)
}

/// Wright's priority value of the next call of a stratum.
struct Priority {
    value: f64,
    /// Calls taken so far: strata of no weight still fill up evenly.
    taken: u64,
    index: usize,
}

impl Priority {
    fn of(weight: f64, taken: u64, index: usize) -> Priority {
        let k = taken as f64;
        let value = if taken == 0 {
            f64::INFINITY
        } else {
            weight / (k * (k + 1.0)).sqrt()
        };
        Priority {
            value: if weight > 0.0 { value } else { 0.0 },
            taken,
            index,
        }
    }
}

impl Ord for Priority {
    fn cmp(&self, other: &Priority) -> Ordering {
        let by_value = self.value.total_cmp(&other.value);
        by_value
            .then(other.taken.cmp(&self.taken))
            .then(other.index.cmp(&self.index))
    }
}

impl PartialOrd for Priority {
    fn partial_cmp(&self, other: &Priority) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Priority {
    fn eq(&self, other: &Priority) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Priority {}

#[cfg(test)]
mod tests {
    use super::*;

    fn demands(pairs: &[(u64, f64)]) -> Vec<Demand> {
        pairs
            .iter()
            .map(|&(population, deviation)| Demand {
                population,
                deviation,
            })
            .collect()
    }

    #[test]
    fn equal_shares_respect_small_strata() {
        let strata = demands(&[(1, 1.0), (50, 1.0), (50, 1.0), (0, 1.0)]);
        assert_eq!(
            allocate(&strata, 12, Allocation::Equal, 2),
            Ok(vec![1, 6, 5, 0])
        );
    }

    #[test]
    fn totals_that_cannot_be_met_are_refused() {
        let strata = demands(&[(1, 1.0), (3, 1.0)]);
        assert_eq!(
            allocate(&strata, 5, Allocation::Equal, 2),
            Err(EstimateError::Allocation {
                total: 5,
                least: 3,
                most: 4
            })
        );
        assert!(allocate(&strata, 2, Allocation::Equal, 2).is_err());
        assert_eq!(allocate(&strata, 4, Allocation::Equal, 2), Ok(vec![1, 3]));
        assert_eq!(allocate(&[], 0, Allocation::Equal, 2), Ok(vec![]));
    }

    #[test]
    fn a_larger_total_contains_the_smaller_one_whatever_the_deviations_are_since() {
        let then = demands(&[(30, 9.0), (30, 1.0), (1, 1.0)]);
        let before = allocate(&then, 21, Allocation::Neyman, 2).unwrap();
        assert_eq!(before, [18, 2, 1]);
        let now = demands(&[(30, 1.0), (30, 9.0), (1, 1.0)]);
        let more = |total| top_up(&now, &before, total, Allocation::Neyman, 2);
        assert_eq!(more(21), Ok(before.clone()));
        assert_eq!(more(30), Ok(vec![18, 11, 1]));
        assert_eq!(more(61), Ok(vec![30, 30, 1]));
        assert_eq!(
            more(20),
            Err(EstimateError::Allocation {
                total: 20,
                least: 21,
                most: 61
            })
        );
        // Where nothing bound, it is what it would have been.
        assert_eq!(
            top_up(&then, &before, 30, Allocation::Neyman, 2),
            allocate(&then, 30, Allocation::Neyman, 2)
        );
        // Strata that the log has lost calls of since give what they have; new ones their least.
        let other = demands(&[(3, 1.0), (30, 9.0), (1, 1.0), (9, 1.0)]);
        assert_eq!(
            top_up(&other, &before, 20, Allocation::Neyman, 2),
            Ok(vec![3, 14, 1, 2])
        );
    }

    #[test]
    fn deviations_must_be_numbers_and_zero_gets_only_what_is_left() {
        let strata = demands(&[(10, 0.0), (10, 5.0)]);
        assert_eq!(
            allocate(&strata, 14, Allocation::Neyman, 2),
            Ok(vec![4, 10])
        );
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(allocate(&demands(&[(10, wrong)]), 3, Allocation::Neyman, 2).is_err());
        }
        assert!(shares(&demands(&[(10, 0.0)]), 3.0, Allocation::Neyman).is_err());
    }

    #[test]
    fn wright_is_the_optimum_of_all_allocations() {
        let strata = demands(&[(7, 3.0), (12, 5.0), (4, 20.0)]);
        let loss = |calls: &[u64]| -> f64 {
            let part = |(stratum, &n): (&Demand, &u64)| {
                (stratum.population as f64 * stratum.deviation).powi(2) / n as f64
            };
            strata.iter().zip(calls).map(part).sum()
        };
        let best = loss(&allocate(&strata, 11, Allocation::Neyman, 2).unwrap());
        for a in 2..=7 {
            for b in 2..=7 {
                if let Some(c) = 11_u64.checked_sub(a + b).filter(|c| (2..=4).contains(c)) {
                    assert!(best <= loss(&[a, b, c]) + 1e-9);
                }
            }
        }
    }
}
