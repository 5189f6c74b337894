//! Means at a fixed mix of classes of calls (caller types), so that two samples can be compared whose mixes differ.
//!
//! With class means m_t and shares W_t that add up to 1 the standardised mean is m = sum_t W_t m_t (direct standardisation:
//! Cochran 1968, Biometrics 24:295; Lohr, Sampling, 2nd ed., 4.2 for the domains). It is linearised as
//!
//! u_i = W_t w_i (y_i - m_t) / D_t   for a call of class t,   D_t = sum of w over the sampled calls of class t,
//!
//! so classes that share a stratum keep their covariance, and each knows its spread from its own calls alone, or borrows.
//!
//! A cluster may have calls of several classes. Then it is one unit, whose u is the sum over its classes.
//!
//! There is no finite population correction: the comparison is of the service, not of these very calls (Cochran 1977, 2.14).
//! Refused: shares that are negative or no numbers, classes over other strata. A class with a share and without a value makes
//! the whole `None`.

use super::cluster::{Clusters, Linearised, linearise};
use super::design::Stratum;
use super::domain::Difference;
use super::error::EstimateError;
use super::gap::{Gap, gap_by};
use super::linear::{Flat, Linear, Terms, chunks, spread};
use super::mean::{Estimate, Sums, margin};
use super::pool::Pools;
use super::settings::Settings;

/// A sample at a fixed mix.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardised {
    /// Over the same strata, without common calls.
    classes: Vec<(Linear, Vec<Stratum>)>,
    pools: Pools,
    value: f64,
    /// Values inside, and what they weigh.
    n: u64,
    weight: f64,
}

impl Standardised {
    /// Of classes without common calls over the same strata, each with its share of the mix. `pools` are those of the whole
    /// sample.
    pub fn of_calls(
        classes: &[(f64, Vec<Stratum>)],
        pools: &Pools,
    ) -> Result<Option<Standardised>, EstimateError> {
        let (mut made, mut n) = (Vec::with_capacity(classes.len()), 0);
        for (share, strata) in with_share(classes)? {
            n += Sums::of(strata).n;
            made.push((share, strata.clone()));
        }
        made_of(made, pools, n)
    }

    /// The same where whole clusters were drawn, whose calls may be of several classes.
    pub fn of_clusters(
        classes: &[(f64, Vec<Clusters>)],
        pools: &Pools,
    ) -> Result<Option<Standardised>, EstimateError> {
        let (mut mix, mut n) = (Vec::<(f64, Linearised)>::with_capacity(classes.len()), 0);
        for (share, strata) in with_share(classes)? {
            let Some(linearised) = linearise(strata)? else {
                return Ok(None);
            };
            n += linearised.n;
            mix.push((share, linearised));
        }
        let values = |one: &Linearised| {
            let inside = one.values.iter().flatten();
            inside
                .map(|value| usize::from(value.is_some()))
                .collect::<Vec<_>>()
        };
        let mut classes_of = vec![0; mix.first().map_or(0, |(_, one)| values(one).len())];
        for (_, one) in &mix {
            let inside = values(one);
            if inside.len() != classes_of.len() {
                return Err(EstimateError::UnalignedStrata);
            }
            classes_of
                .iter_mut()
                .zip(inside)
                .for_each(|(count, one)| *count += one);
        }
        if classes_of.iter().all(|classes| *classes < 2) {
            let classes = mix.into_iter().map(|(share, one)| (share, one.strata));
            return made_of(classes.collect(), pools, n);
        }
        let united = united(&mix)?;
        made_of(united.into_iter().collect(), pools, n)
    }

    /// The mean at this mix, with its margin.
    pub fn mean(&self, settings: &Settings) -> Result<Option<Estimate>, EstimateError> {
        let settings = without_correction(settings);
        let terms = self.terms(|pool| pool);
        let spread = spread(terms.iter().copied(), &self.pools, &settings, Flat::Borrows)?;
        let margin = margin(self.value, &spread, &settings)?;
        Ok(Some(Estimate {
            value: self.value,
            standard_error: spread.variance.map(f64::sqrt),
            df: spread.df.filter(|_| margin.is_some()),
            satterthwaite_df: spread.satterthwaite,
            low: margin.map(|(low, _)| low),
            high: margin.map(|(_, high)| high),
            n: self.n,
            population: self.weight,
            unseen: 0.0,
            borrowed: spread.borrowed,
        }))
    }

    /// This mean minus that of another sample, which has no calls in common with this one. Each borrows from its own sample,
    /// and from the other one where its own shows no deviation at all.
    pub fn minus(&self, other: &Self, settings: &Settings) -> Result<Option<Gap>, EstimateError> {
        let labels = [self, other].map(|one| {
            let strata = one.classes.iter().flat_map(|(_, strata)| strata);
            strata.map(Stratum::pool).max().max(one.pools.last())
        });
        let next = labels
            .into_iter()
            .max()
            .flatten()
            .map_or(0, |last| last + 1);
        let here = |pool: usize| self.pools.get(pool).is_some();
        let there = |pool: usize| other.pools.get(pool).is_some();
        let moved = |pool: usize, away: bool| if away { next + pool } else { pool };
        let mut terms = self.terms(|pool| moved(pool, !here(pool) && there(pool)));
        terms.extend(other.terms(|pool| moved(pool, there(pool) || !here(pool))));
        let pools = self.pools.beside(&other.pools, next);
        let value = self.value - other.value;
        gap_by(&without_correction(settings), |settings| {
            let spread = spread(terms.iter().copied(), &pools, settings, Flat::Borrows)?;
            let margin = margin(value, &spread, settings)?;
            Ok(Some(Difference {
                value,
                standard_error: spread.variance.map(f64::sqrt),
                df: spread.df.filter(|_| margin.is_some()),
                satterthwaite_df: spread.satterthwaite,
                low: margin.map(|(low, _)| low),
                high: margin.map(|(_, high)| high),
                left_n: self.n,
                right_n: other.n,
                borrowed: spread.borrowed,
            }))
        })
    }

    /// The terms of the standardised mean, stratum by stratum, in pools that may go by other labels.
    fn terms(&self, pool: impl Fn(usize) -> usize) -> Vec<Terms> {
        let moved = |strata: &[Stratum]| -> Vec<Stratum> {
            let strata = strata.iter();
            strata.map(|one| one.in_pool(pool(one.pool()))).collect()
        };
        let mut all: Vec<Terms> = Vec::new();
        for (linear, strata) in &self.classes {
            let strata = moved(strata);
            let terms = chunks(&strata).map(|(first, chunk)| linear.terms(first, chunk));
            if all.is_empty() {
                all = terms.collect();
            } else {
                let sums = all.iter_mut().zip(terms);
                sums.for_each(|(sum, one)| *sum = sum.plus(one));
            }
        }
        all
    }
}

/// Classes with shares that add up to 1; `None` where one has no value, or there is none.
fn made_of(
    classes: Vec<(f64, Vec<Stratum>)>,
    pools: &Pools,
    n: u64,
) -> Result<Option<Standardised>, EstimateError> {
    let aligned = |pair: &[(f64, Vec<Stratum>)]| {
        let (one, other) = (&pair[0].1, &pair[1].1);
        one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.same_design(b))
    };
    if !classes.windows(2).all(aligned) {
        return Err(EstimateError::UnalignedStrata);
    }
    let mut made = Standardised {
        classes: Vec::with_capacity(classes.len()),
        pools: pools.clone(),
        value: 0.0,
        n,
        weight: 0.0,
    };
    for (share, strata) in classes {
        let sums = Sums::of(&strata);
        let Some(linear) = sums.mean() else {
            return Ok(None);
        };
        made.value += share * linear.center;
        made.weight += sums.weight;
        let per_weight = share * linear.per_weight;
        made.classes.push((
            Linear {
                per_weight,
                ..linear
            },
            strata,
        ));
    }
    Ok(Some(made).filter(|made| !made.classes.is_empty()))
}

/// Classes of which some clusters have calls of several, as one class of clusters: with D the weight of all clusters and R_t
/// the means, the value of a cluster is m + D sum_t W_t (z_t - R_t) / D_t.
fn united(mix: &[(f64, Linearised)]) -> Result<Option<(f64, Vec<Stratum>)>, EstimateError> {
    let Some((_, first)) = mix.first() else {
        return Ok(None);
    };
    let (mut m, mut centers) = (0.0, Vec::with_capacity(mix.len()));
    for (share, one) in mix {
        let sums = Sums::of(&one.strata);
        let Some(linear) = sums.mean() else {
            return Ok(None);
        };
        m += share * linear.center;
        centers.push((share * linear.per_weight, linear.center));
    }
    let any =
        |at: usize, cluster: usize| mix.iter().any(|(_, one)| one.values[at][cluster].is_some());
    let weight = |(at, stratum): (usize, &Stratum)| {
        let clusters = 0..first.values[at].len();
        stratum.weight() * clusters.filter(|cluster| any(at, *cluster)).count() as f64
    };
    let all: f64 = first.strata.iter().enumerate().map(weight).sum();
    let strata = first.strata.iter().enumerate().map(|(at, stratum)| {
        let value = |cluster: usize| {
            let classes = mix.iter().zip(&centers);
            let parts = classes.filter_map(|((_, one), (per_weight, center))| {
                Some(per_weight * (one.values[at][cluster]? - center))
            });
            any(at, cluster).then(|| m + all * parts.sum::<f64>())
        };
        let values: Vec<Option<f64>> = (0..first.values[at].len()).map(value).collect();
        stratum.with_values(&values)
    });
    let strata = strata.collect::<Result<_, _>>()?;
    Ok(Some((1.0, strata)))
}

fn without_correction(settings: &Settings) -> Settings {
    Settings {
        fpc: false,
        ..*settings
    }
}

/// The classes that have a share, with shares that add up to 1.
fn with_share<T>(classes: &[(f64, T)]) -> Result<Vec<(f64, &T)>, EstimateError> {
    let wrong = (classes.iter()).find(|(share, _)| !(share.is_finite() && *share >= 0.0));
    if let Some((share, _)) = wrong {
        return Err(EstimateError::Argument {
            name: "share",
            value: *share,
            wanted: "0 or more",
        });
    }
    let all: f64 = classes.iter().map(|(share, _)| share).sum();
    let some = classes.iter().filter(|(share, _)| *share > 0.0);
    Ok(some.map(|(share, class)| (share / all, class)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::mean::mean;
    use crate::estimate::moments::Moments;

    /// (stratum, class, value); strata 0 and 2 have both classes.
    const CALLS: [(usize, usize, f64); 14] = [
        (0, 0, 70.0),
        (0, 0, 82.0),
        (0, 1, 91.0),
        (0, 1, 64.0),
        (0, 0, 77.0),
        (1, 0, 88.0),
        (1, 0, 59.0),
        (1, 0, 73.0),
        (2, 1, 66.0),
        (2, 1, 81.0),
        (2, 0, 84.0),
        (3, 1, 99.0),
        (3, 1, 90.0),
        (3, 1, 96.0),
    ];
    const POPULATIONS: [f64; 4] = [40.0, 25.0, 6.0, 3.0];
    const SHARES: [f64; 2] = [0.3, 0.7];

    fn class(wanted: usize, change: impl Fn(f64) -> f64) -> Vec<Stratum> {
        let strata = POPULATIONS.iter().enumerate().map(|(h, population)| {
            let calls = CALLS.iter().filter(|call| call.0 == h);
            let values = calls.map(|call| (call.1 == wanted).then(|| change(call.2)));
            Stratum::of_domain(*population, h % 2, &values.collect::<Vec<_>>()).unwrap()
        });
        strata.collect()
    }

    fn classes(shares: [f64; 2]) -> Vec<(f64, Vec<Stratum>)> {
        (0..2).map(|at| (shares[at], class(at, |y| y))).collect()
    }

    fn standardised(classes: &[(f64, Vec<Stratum>)]) -> Standardised {
        let pools = Pools::none();
        Standardised::of_calls(classes, &pools).unwrap().unwrap()
    }

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} for {want}");
    }

    #[test]
    fn classes_that_share_strata_match_the_sum_over_calls() {
        let sampled: Vec<f64> = (0..4)
            .map(|h| CALLS.iter().filter(|call| call.0 == h).count() as f64)
            .collect();
        let weight = |h: usize| POPULATIONS[h] / sampled[h];
        let of = |class: usize| {
            let calls = || CALLS.iter().filter(move |call| call.1 == class);
            let sum: f64 = calls().map(|call| weight(call.0)).sum();
            let total: f64 = calls().map(|call| weight(call.0) * call.2).sum();
            (sum, total / sum)
        };
        let classes_of = [of(0), of(1)];
        let mean: f64 = (0..2).map(|t| SHARES[t] * classes_of[t].1).sum();
        let mut variance = 0.0;
        for (h, n) in sampled.iter().enumerate() {
            let calls = CALLS.iter().filter(|call| call.0 == h);
            let u: Vec<f64> = calls
                .map(|call| {
                    let (sum, center) = classes_of[call.1];
                    SHARES[call.1] * weight(h) * (call.2 - center) / sum
                })
                .collect();
            let center = u.iter().sum::<f64>() / n;
            let squares: f64 = u.iter().map(|u| (u - center).powi(2)).sum();
            variance += n / (n - 1.0) * squares;
        }
        let made = standardised(&classes(SHARES));
        let found = made.mean(&Settings::comparison()).unwrap().unwrap();
        near(found.value, mean);
        near(found.standard_error.unwrap().powi(2), variance);
        assert_eq!((found.n, found.borrowed), (14, false));
    }

    #[test]
    fn the_mix_of_the_sample_itself_changes_nothing() {
        let strata: Vec<Stratum> = [(30.0, [70.0, 80.0, 90.0]), (90.0, [60.0, 85.0, 77.0])]
            .iter()
            .map(|(population, values)| Stratum::of(*population, 0, values).unwrap())
            .collect();
        let empty = |stratum: &Stratum| {
            Stratum::from_moments(stratum.population(), 0, stratum.sampled(), Moments::new())
                .unwrap()
        };
        let classes = [
            (0.25, vec![strata[0], empty(&strata[1])]),
            (0.75, vec![empty(&strata[0]), strata[1]]),
        ];
        let pools = Pools::of(&strata);
        let plain = mean(&strata, &pools, &Settings::comparison())
            .unwrap()
            .unwrap();
        let made = Standardised::of_calls(&classes, &pools).unwrap().unwrap();
        let found = made.mean(&Settings::default()).unwrap().unwrap();
        near(found.value, plain.value);
        near(found.standard_error.unwrap(), plain.standard_error.unwrap());
        near(found.df.unwrap(), plain.df.unwrap());
        // Another mix: Welch's variance by hand.
        let classes = classes.map(|(share, strata)| (1.0 - share, strata));
        let made = Standardised::of_calls(&classes, &pools).unwrap().unwrap();
        let found = made.mean(&Settings::default()).unwrap().unwrap();
        near(found.value, 0.75 * 80.0 + 0.25 * 74.0);
        let variance = 0.75_f64.powi(2) * 100.0 / 3.0 + 0.25_f64.powi(2) * 163.0 / 3.0;
        near(found.standard_error.unwrap().powi(2), variance);
    }

    #[test]
    fn one_class_alone_is_its_plain_mean_and_a_difference_is_welch_s() {
        let left = standardised(&[(
            2.0,
            vec![Stratum::of(30.0, 0, &[70.0, 80.0, 90.0]).unwrap()],
        )]);
        let values = [60.0, 85.0, 77.0, 90.0];
        let right = standardised(&[(1.0, vec![Stratum::of(4.0, 0, &values).unwrap()])]);
        let found = left.minus(&right, &Settings::default()).unwrap().unwrap();
        let (a, b) = (100.0 / 3.0, 518.0 / 3.0 / 4.0);
        near(found.value, 2.0);
        near(found.standard_error.unwrap().powi(2), a + b);
        near(
            found.df.unwrap(),
            (a + b) * (a + b) / (a * a / 2.0 + b * b / 3.0),
        );
    }

    #[test]
    fn each_sample_borrows_from_its_own() {
        let sample = |values: &[f64], lender: &[f64]| {
            let strata = vec![Stratum::of(30.0, 0, values).unwrap()];
            let pools = Pools::of(&[Stratum::of(30.0, 0, lender).unwrap()]);
            Standardised::of_calls(&[(1.0, strata)], &pools)
                .unwrap()
                .unwrap()
        };
        let left = sample(&[80.0, 80.0], &[70.0, 90.0, 80.0]);
        let right = sample(&[75.0, 75.0], &[70.0, 72.0, 74.0]);
        let found = left.minus(&right, &Settings::default()).unwrap().unwrap();
        assert!(found.borrowed);
        near(
            found.standard_error.unwrap().powi(2),
            100.0 / 2.0 + 4.0 / 2.0,
        );
        // A sample of one call each shows no deviation; it is that of the other one, and counted once.
        let single = Standardised {
            pools: Pools::none(),
            ..sample(&[75.0], &[70.0, 72.0, 74.0])
        };
        for (one, other) in [(&left, &single), (&single, &left)] {
            let found = one.minus(other, &Settings::default()).unwrap().unwrap();
            near(found.standard_error.unwrap().powi(2), 100.0 / 2.0 + 100.0);
            near(found.df.unwrap(), 2.0);
        }
    }

    #[test]
    fn a_class_of_one_call_borrows_though_others_of_its_stratum_spread() {
        let of = |values: [Option<f64>; 5]| vec![Stratum::of_domain(50.0, 0, &values).unwrap()];
        let classes = [
            (0.5, of([Some(60.0), None, None, None, None])),
            (
                0.5,
                of([None, Some(80.0), Some(90.0), Some(85.0), Some(89.0)]),
            ),
        ];
        let found = |pools: &Pools| {
            let made = Standardised::of_calls(&classes, pools).unwrap().unwrap();
            made.mean(&Settings::comparison()).unwrap().unwrap()
        };
        let alone = found(&Pools::none());
        assert_eq!((alone.standard_error, alone.low), (None, None));
        let lender = Stratum::of(50.0, 0, &[70.0, 80.0, 90.0]).unwrap();
        let lent = found(&Pools::of(&[lender]));
        assert!(lent.borrowed);
        let own = 5.0 / 4.0 * 62.0 / 16.0;
        near(lent.standard_error.unwrap().powi(2), 0.25 * (own + 100.0));
    }

    #[test]
    fn clusters_of_one_call_are_calls() {
        let clusters = |wanted: usize| {
            let strata = POPULATIONS.iter().enumerate().map(|(h, population)| {
                let calls = CALLS.iter().filter(|call| call.0 == h);
                let values = calls.map(|call| {
                    let own = (call.1 == wanted).then_some(call.2);
                    own.into_iter().collect::<Moments>()
                });
                Clusters::new(*population, h % 2, values.collect()).unwrap()
            });
            strata.collect::<Vec<_>>()
        };
        let both = [(SHARES[0], clusters(0)), (SHARES[1], clusters(1))];
        let found = Standardised::of_clusters(&both, &Pools::none())
            .unwrap()
            .unwrap();
        let found = found.mean(&Settings::comparison()).unwrap().unwrap();
        let calls = standardised(&classes(SHARES));
        let calls = calls.mean(&Settings::comparison()).unwrap().unwrap();
        near(found.value, calls.value);
        near(found.standard_error.unwrap(), calls.standard_error.unwrap());
    }

    #[test]
    fn what_cannot_be_mixed_is_none_or_refused() {
        let pools = Pools::none();
        assert_eq!(Standardised::of_calls(&[], &pools), Ok(None));
        assert_eq!(
            Standardised::of_calls(&classes([0.0, 0.0]), &pools),
            Ok(None)
        );
        let mut other = classes(SHARES);
        other[1].1.swap(0, 1);
        let refused = Standardised::of_calls(&other, &pools);
        assert_eq!(refused, Err(EstimateError::UnalignedStrata));
        assert!(Standardised::of_calls(&classes([f64::NAN, 0.5]), &pools).is_err());
        let empty = Stratum::of_domain(9.0, 0, &[None]).unwrap();
        assert_eq!(
            Standardised::of_calls(&[(1.0, vec![empty])], &pools),
            Ok(None)
        );
    }
}
