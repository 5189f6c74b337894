//! The design of a stratified sample: what was drawn from how many, and what was seen.
//!
//! Simple random sampling without replacement inside each stratum (Cochran 1977, 5.2). A sampled call
//! may carry no value (outside the domain: the behavior did not apply, another call reason); it
//! still counts as sampled, which keeps the zeros that a domain estimate needs.
//!
//! Refused: populations that are negative or not finite, samples larger than their population,
//! values that are not finite.

use super::error::EstimateError;
use super::moments::Moments;

/// More calls than this can't be counted exactly.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// Running account of one stratum: sampled calls, and the values of those inside the domain.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tally {
    sampled: u64,
    values: Moments,
}

impl Tally {
    pub fn new() -> Tally {
        Tally::default()
    }

    /// Adds a sampled call; `None` when it lies outside the domain.
    pub fn push(&mut self, value: Option<f64>) {
        self.sampled += 1;
        if let Some(value) = value {
            self.values.push(value);
        }
    }

    pub fn merge(&mut self, other: &Tally) {
        self.sampled += other.sampled;
        self.values.merge(&other.values);
    }

    /// Sampled calls, inside the domain or not.
    pub fn sampled(&self) -> u64 {
        self.sampled
    }

    pub fn values(&self) -> &Moments {
        &self.values
    }
}

impl FromIterator<Option<f64>> for Tally {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Tally {
        let mut tally = Tally::new();
        for value in values {
            tally.push(value);
        }
        tally
    }
}

/// One stratum of a sample: population N_h, sampled calls n_h and the values inside the domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratum {
    population: f64,
    sampled: u64,
    values: Moments,
    pool: usize,
    collapse: Option<u64>,
}

impl Stratum {
    /// `population` counts calls; it may be fractional where it was itself estimated
    /// (`scorable_population`). `pool` names the kind of stratum, from 0, whose deviations may stand
    /// in for each other (the caller types).
    pub fn new(population: f64, pool: usize, tally: Tally) -> Result<Stratum, EstimateError> {
        Stratum::from_moments(population, pool, tally.sampled, tally.values)
    }

    /// The same from known moments: `sampled` calls, of which `values` describes those in the domain.
    pub fn from_moments(
        population: f64,
        pool: usize,
        sampled: u64,
        values: Moments,
    ) -> Result<Stratum, EstimateError> {
        if !(0.0..=LARGEST).contains(&population) {
            return Err(EstimateError::Population { population });
        }
        if sampled as f64 > population {
            return Err(EstimateError::SampleExceedsPopulation {
                sampled,
                population,
            });
        }
        if values.count() > sampled {
            return Err(EstimateError::DomainExceedsSample {
                inside: values.count(),
                sampled,
            });
        }
        if !values.is_finite() {
            return Err(EstimateError::NotFinite);
        }
        Ok(Stratum {
            population,
            sampled,
            values,
            pool,
            collapse: None,
        })
    }

    /// From a slice of values, all inside the domain.
    pub fn of(population: f64, pool: usize, values: &[f64]) -> Result<Stratum, EstimateError> {
        Stratum::new(population, pool, values.iter().copied().map(Some).collect())
    }

    /// From a slice of sampled calls, `None` for those outside the domain.
    pub fn of_domain(
        population: f64,
        pool: usize,
        values: &[Option<f64>],
    ) -> Result<Stratum, EstimateError> {
        Stratum::new(population, pool, values.iter().copied().collect())
    }

    /// Neighbours in a slice that carry the same key keep their own design weights but count as one
    /// stratum when a variance is estimated (collapsed strata, Cochran 1977, 5A.12: weekly batches
    /// of the same CSR and caller type).
    pub fn collapsed(self, key: u64) -> Stratum {
        Stratum {
            collapse: Some(key),
            ..self
        }
    }

    pub fn population(&self) -> f64 {
        self.population
    }

    pub fn sampled(&self) -> u64 {
        self.sampled
    }

    /// Moments of the values inside the domain.
    pub fn values(&self) -> &Moments {
        &self.values
    }

    pub fn pool(&self) -> usize {
        self.pool
    }

    /// Design weight N_h / n_h; 0 when nothing was sampled.
    pub fn weight(&self) -> f64 {
        if self.sampled == 0 {
            0.0
        } else {
            self.population / self.sampled as f64
        }
    }

    /// The same stratum among those of another pool.
    pub(super) fn in_pool(self, pool: usize) -> Stratum {
        Stratum { pool, ..self }
    }

    /// The same stratum with other values; `None` for those outside the domain.
    pub(super) fn with_values(&self, values: &[Option<f64>]) -> Result<Stratum, EstimateError> {
        let made = Stratum::of_domain(self.population, self.pool, values)?;
        let collapse = self.collapse;
        Ok(Stratum { collapse, ..made })
    }

    pub(super) fn joins(&self, next: &Stratum) -> bool {
        self.collapse.is_some() && self.collapse == next.collapse
    }

    pub(super) fn same_design(&self, other: &Stratum) -> bool {
        self.population == other.population
            && self.sampled == other.sampled
            && self.collapse == other.collapse
    }
}

/// How many calls of a stratum could have been scored, when `drawn` calls had to be drawn, in order,
/// to get `scored` scorable ones out of `population`: N (r - 1) / (m - 1), unbiased under inverse
/// sampling (Haldane 1945). Never below the scored calls. `None` for impossible counts, and when one
/// scorable call took several draws: nothing can be said then.
pub fn scorable_population(population: u64, drawn: u64, scored: u64) -> Option<f64> {
    if scored > drawn || drawn > population {
        return None;
    }
    if drawn == population || scored == 0 {
        return Some(scored as f64).filter(|_| drawn == population);
    }
    if scored == drawn {
        return Some(population as f64);
    }
    if scored < 2 {
        return None;
    }
    let estimate = population as f64 * (scored - 1) as f64 / (drawn - 1) as f64;
    Some(estimate.max(scored as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_designs_are_refused() {
        let refused = |population, values: &[f64]| Stratum::of(population, 0, values).unwrap_err();
        assert_eq!(
            refused(-1.0, &[]),
            EstimateError::Population { population: -1.0 }
        );
        assert!(matches!(
            refused(f64::NAN, &[]),
            EstimateError::Population { .. }
        ));
        assert_eq!(
            refused(2.0, &[1.0, 2.0, 3.0]),
            EstimateError::SampleExceedsPopulation {
                sampled: 3,
                population: 2.0
            }
        );
        assert_eq!(
            refused(0.0, &[1.0]),
            EstimateError::SampleExceedsPopulation {
                sampled: 1,
                population: 0.0
            }
        );
        assert_eq!(refused(9.0, &[1.0, f64::NAN]), EstimateError::NotFinite);
        assert_eq!(
            refused(9.0, &[1.0, f64::INFINITY]),
            EstimateError::NotFinite
        );
    }

    #[test]
    fn a_stratum_without_calls_is_allowed_and_weighs_nothing() {
        let stratum = Stratum::of(0.0, 0, &[]).unwrap();
        assert_eq!(stratum.weight(), 0.0);
        assert_eq!(Stratum::of(30.0, 0, &[]).unwrap().weight(), 0.0);
    }

    #[test]
    fn scorable_calls_are_estimated_without_bias() {
        // Every order of 6 calls of which 4 can be scored, drawn until 2 scorable ones are found.
        let (mut sum, mut orders) = (0.0, 0.0);
        for bits in 0_u32..64 {
            if bits.count_ones() != 4 {
                continue;
            }
            let mut found = 0;
            let drawn = (0..6).find(|i| {
                found += (bits >> i) & 1;
                found == 2
            });
            sum += 6.0 / drawn.unwrap() as f64;
            orders += 1.0;
        }
        assert!((sum / orders - 4.0_f64).abs() < 1e-12);
        assert_eq!(scorable_population(6, 3, 2), Some(3.0));
    }

    #[test]
    fn scorable_calls_are_not_guessed_from_impossible_or_empty_counts() {
        assert_eq!(scorable_population(10, 3, 4), None);
        assert_eq!(scorable_population(3, 4, 2), None);
        assert_eq!(scorable_population(10, 3, 0), None);
        assert_eq!(scorable_population(10, 3, 1), None);
        assert_eq!(scorable_population(10, 10, 9), Some(9.0));
        assert_eq!(scorable_population(10, 3, 3), Some(10.0));
        assert_eq!(scorable_population(0, 0, 0), Some(0.0));
    }
}
