//! Pooled within-stratum deviations, one for each pool label.
//!
//! s_p^2 = sum of squares within strata / sum of (n_h - 1), over all strata of the same label (caller
//! type). It stands in where a stratum shows no spread of its own, and everywhere with
//! `VarianceSource::Pooled`. Values of different strata are never pooled around a common mean.

use super::cluster::Clusters;
use super::design::Stratum;
use super::moments::Moments;
use std::collections::BTreeMap;

/// A pooled variance and its degrees of freedom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PooledVariance {
    pub variance: f64,
    pub df: f64,
}

/// Pooled variances by label. Build them from the whole sample, not from the CSR at hand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pools(BTreeMap<usize, Sums>);

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sums {
    squares: f64,
    df: f64,
    /// Largest mean seen: the scale against which rounding noise is told from spread.
    scale: f64,
}

impl Pools {
    /// No pools: nothing can be borrowed.
    pub fn none() -> Pools {
        Pools::default()
    }

    /// Of a whole sample; strata that collapse count as one here, too.
    pub fn of(strata: &[Stratum]) -> Pools {
        let mut pools = Pools::none();
        for chunk in strata.chunk_by(Stratum::joins) {
            if let [first, others @ ..] = chunk {
                let mut values = *first.values();
                others.iter().for_each(|one| values.merge(one.values()));
                pools.add_values(first.pool(), &values);
            }
        }
        pools
    }

    /// The spread of single calls where clusters were drawn.
    pub fn of_clusters(strata: &[Clusters]) -> Pools {
        let mut pools = Pools::none();
        for chunk in strata.chunk_by(Clusters::joins) {
            if let [first, others @ ..] = chunk {
                let mut values = first.values();
                others.iter().for_each(|one| values.merge(&one.values()));
                pools.add_values(first.pool(), &values);
            }
        }
        pools
    }

    /// Adds the spread of one stratum.
    pub fn add(&mut self, stratum: &Stratum) {
        self.add_values(stratum.pool(), stratum.values());
    }

    fn add_values(&mut self, pool: usize, values: &Moments) {
        if values.count() < 2 {
            return;
        }
        let sums = self.0.entry(pool).or_default();
        sums.squares += values.squares();
        sums.df += (values.count() - 1) as f64;
        sums.scale = sums.scale.max(values.center().abs());
    }

    /// These and those of another sample, whose labels move up by `offset`.
    pub(super) fn beside(&self, other: &Pools, offset: usize) -> Pools {
        let mut both = self.clone();
        let moved = other.0.iter().map(|(pool, sums)| (pool + offset, *sums));
        both.0.extend(moved);
        both
    }

    /// The largest label.
    pub(super) fn last(&self) -> Option<usize> {
        self.0.last_key_value().map(|(pool, _)| *pool)
    }

    /// `None` when no stratum of the label has two values, or none shows any spread.
    pub fn get(&self, pool: usize) -> Option<PooledVariance> {
        let sums = self.0.get(&pool)?;
        let spread = has_spread(sums.squares, sums.df, sums.scale);
        spread.then(|| PooledVariance {
            variance: sums.squares / sums.df,
            df: sums.df,
        })
    }
}

/// Whether a sum of squares over `weight` is more than the rounding noise of values around `center`.
pub(super) fn has_spread(squares: f64, weight: f64, center: f64) -> bool {
    let noise = 1e-12 * center;
    squares > weight * noise * noise
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_join_spread_within_strata_and_not_between_them() {
        let strata = [
            Stratum::of(10.0, 0, &[1.0, 3.0]).unwrap(),
            Stratum::of(10.0, 0, &[101.0, 103.0, 105.0]).unwrap(),
            Stratum::of(10.0, 1, &[50.0]).unwrap(),
            Stratum::of(10.0, 3, &[7.0, 7.0]).unwrap(),
        ];
        let pools = Pools::of(&strata);
        assert_eq!(
            pools.get(0),
            Some(PooledVariance {
                variance: 10.0 / 3.0,
                df: 3.0
            })
        );
        for empty in [1, 2, 3, 4] {
            assert_eq!(pools.get(empty), None);
        }
    }

    #[test]
    fn weeks_of_one_call_each_lend_the_spread_between_them() {
        let weeks = [70.0, 80.0, 90.0].map(|value| Stratum::of(10.0, 0, &[value]).unwrap());
        assert_eq!(Pools::of(&weeks).get(0), None);
        let pools = Pools::of(&weeks.map(|week| week.collapsed(4)));
        let variance = 100.0;
        assert_eq!(pools.get(0), Some(PooledVariance { variance, df: 2.0 }));
    }

    #[test]
    fn rounding_noise_is_not_spread() {
        let noisy = [0.1 + 0.2, 0.3, 0.3];
        let pools = Pools::of(&[Stratum::of(10.0, 0, &noisy).unwrap()]);
        assert_eq!(pools.get(0), None);
    }
}
