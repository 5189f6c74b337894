//! The difference of two means, of domains that may share strata and even calls.
//!
//! u_i = u_i^A - u_i^B, stratum by stratum, so the covariance of domains that share a stratum is kept
//! (Lohr, Sampling, 4.2; Cochran 1977, 5A.13). Without a finite population correction and with
//! one stratum on each side this is Welch's test.

use super::design::Stratum;
use super::error::EstimateError;
use super::linear::{CoMoments, Flat, Linear, Spread, chunks, spread};
use super::mean::{Sums, margin};
use super::moments::Moments;
use super::pool::Pools;
use super::settings::Settings;

/// A difference of two means, left minus right, in the unit of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub value: f64,
    pub standard_error: Option<f64>,
    pub df: Option<f64>,
    pub satterthwaite_df: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub left_n: u64,
    pub right_n: u64,
    pub borrowed: bool,
}

/// The difference of two domains observed over the same strata: `left[i]` and `right[i]` are the same
/// stratum with the values of either domain. `both[i]` holds the moments of the values that are in
/// both; leave it empty for domains without common calls.
pub fn difference(
    left: &[Stratum],
    right: &[Stratum],
    both: &[Moments],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Difference>, EstimateError> {
    let both: Vec<CoMoments> = both.iter().map(CoMoments::of_calls).collect();
    difference_with(left, right, &both, pools, settings)
}

/// The same where what is in both domains need not have one value in either.
pub(super) fn difference_with(
    left: &[Stratum],
    right: &[Stratum],
    both: &[CoMoments],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Difference>, EstimateError> {
    settings.upper_probability()?;
    let aligned = left.len() == right.len()
        && left.iter().zip(right).all(|(a, b)| a.same_design(b))
        && (both.is_empty() || both.len() == left.len());
    if !aligned {
        return Err(EstimateError::UnalignedStrata);
    }
    let (left_sums, right_sums) = (Sums::of(left), Sums::of(right));
    let (Some(a), Some(b)) = (left_sums.mean(), right_sums.mean()) else {
        return Ok(None);
    };
    let terms = chunks(left).map(|(first, chunk)| {
        let range = first..first + chunk.len();
        let others = right.get(range.clone()).unwrap_or_default();
        a.minus(
            first,
            chunk,
            (&b, others),
            both.get(range).unwrap_or_default(),
        )
    });
    finish(
        (&a, &left_sums),
        (&b, &right_sums),
        spread(terms, pools, settings, Flat::Borrows)?,
        settings,
    )
}

/// The difference of two means from strata that have nothing in common (two caller types, two periods).
pub fn independent_difference(
    left: &[Stratum],
    right: &[Stratum],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Difference>, EstimateError> {
    settings.upper_probability()?;
    let (left_sums, right_sums) = (Sums::of(left), Sums::of(right));
    let (Some(a), Some(b)) = (left_sums.mean(), right_sums.mean()) else {
        return Ok(None);
    };
    let offset = left.len();
    let terms = chunks(left)
        .map(|(first, chunk)| a.terms(first, chunk))
        .chain(chunks(right).map(|(first, chunk)| b.terms(offset + first, chunk)));
    finish(
        (&a, &left_sums),
        (&b, &right_sums),
        spread(terms, pools, settings, Flat::Borrows)?,
        settings,
    )
}

fn finish(
    left: (&Linear, &Sums),
    right: (&Linear, &Sums),
    spread: Spread,
    settings: &Settings,
) -> Result<Option<Difference>, EstimateError> {
    let value = left.0.center - right.0.center;
    let margin = margin(value, &spread, settings)?;
    Ok(Some(Difference {
        value,
        standard_error: spread.variance.map(f64::sqrt),
        df: spread.df.filter(|_| margin.is_some()),
        satterthwaite_df: spread.satterthwaite,
        low: margin.map(|(low, _)| low),
        high: margin.map(|(_, high)| high),
        left_n: left.1.n,
        right_n: right.1.n,
        borrowed: spread.borrowed,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::design::Tally;

    /// (stratum, value, in the left domain, in the right domain)
    const CALLS: [(usize, f64, bool, bool); 12] = [
        (0, 70.0, true, true),
        (0, 82.0, true, false),
        (0, 91.0, false, true),
        (0, 64.0, true, true),
        (0, 77.0, false, false),
        (1, 88.0, true, true),
        (1, 59.0, true, true),
        (1, 73.0, false, true),
        (1, 95.0, true, false),
        (2, 66.0, false, true),
        (2, 81.0, false, true),
        (2, 84.0, false, false),
    ];
    const POPULATIONS: [f64; 3] = [40.0, 25.0, 6.0];

    fn domain(inside: impl Fn(&(usize, f64, bool, bool)) -> bool) -> Vec<Stratum> {
        let mut tallies = [Tally::new(); 3];
        for call in &CALLS {
            tallies[call.0].push(inside(call).then_some(call.1));
        }
        let strata = POPULATIONS.iter().zip(tallies);
        strata
            .map(|(&population, tally)| Stratum::new(population, 0, tally).unwrap())
            .collect()
    }

    #[test]
    fn domains_that_share_calls_match_the_sum_over_calls() {
        let (left, right) = (domain(|call| call.2), domain(|call| call.3));
        let both: Vec<Moments> = domain(|call| call.2 && call.3)
            .iter()
            .map(|stratum| *stratum.values())
            .collect();
        let pools = Pools::none();
        let got = difference(&left, &right, &both, &pools, &Settings::default())
            .unwrap()
            .unwrap();

        let sampled = [5.0, 4.0, 3.0];
        let weight = |h: usize| POPULATIONS[h] / sampled[h];
        let mean = |inside: fn(&(usize, f64, bool, bool)) -> bool| {
            let chosen = || CALLS.iter().filter(|call| inside(call));
            let sum: f64 = chosen().map(|call| weight(call.0)).sum();
            (
                chosen().map(|call| weight(call.0) * call.1).sum::<f64>() / sum,
                sum,
            )
        };
        let ((m_left, w_left), (m_right, w_right)) = (mean(|call| call.2), mean(|call| call.3));
        let (mut variance, mut squares) = (0.0, 0.0);
        for h in 0..3 {
            let u: Vec<f64> = CALLS
                .iter()
                .filter(|call| call.0 == h)
                .map(|call| {
                    let left = if call.2 {
                        (call.1 - m_left) / w_left
                    } else {
                        0.0
                    };
                    let right = if call.3 {
                        (call.1 - m_right) / w_right
                    } else {
                        0.0
                    };
                    weight(h) * (left - right)
                })
                .collect();
            let center = u.iter().sum::<f64>() / sampled[h];
            let around: f64 = u.iter().map(|u| (u - center).powi(2)).sum();
            let v = (1.0 - sampled[h] / POPULATIONS[h]) * sampled[h] / (sampled[h] - 1.0) * around;
            variance += v;
            let inside = CALLS
                .iter()
                .filter(|call| call.0 == h && (call.2 || call.3));
            squares += v * v / (inside.count() as f64 - 1.0).max(1.0);
        }
        assert!((got.value - (m_left - m_right)).abs() < 1e-12);
        assert!((got.standard_error.unwrap().powi(2) / variance - 1.0).abs() < 1e-10);
        assert!((got.df.unwrap() / (variance * variance / squares) - 1.0).abs() < 1e-10);
        assert_eq!((got.left_n, got.right_n, got.borrowed), (6, 8, false));
    }

    #[test]
    fn a_domain_does_not_differ_from_itself() {
        let left = domain(|call| call.2);
        let both: Vec<Moments> = left.iter().map(|stratum| *stratum.values()).collect();
        let pools = Pools::of(&left);
        let same = difference(&left, &left, &both, &pools, &Settings::default())
            .unwrap()
            .unwrap();
        assert_eq!((same.value, same.standard_error), (0.0, Some(0.0)));
    }

    #[test]
    fn separate_strata_give_the_same_either_way() {
        let strata = domain(|_| true);
        let empty = |stratum: &Stratum| {
            let none = Moments::new();
            Stratum::from_moments(stratum.population(), 0, stratum.sampled(), none).unwrap()
        };
        let left = [strata[0], empty(&strata[1])];
        let right = [empty(&strata[0]), strata[1]];
        let (pools, settings) = (Pools::none(), Settings::comparison());
        let shared = difference(&left, &right, &[], &pools, &settings).unwrap();
        let apart = independent_difference(&left[..1], &right[1..], &pools, &settings).unwrap();
        assert_eq!(shared, apart);
    }

    #[test]
    fn domains_over_other_strata_are_refused() {
        let strata = domain(|_| true);
        let (pools, settings) = (Pools::none(), Settings::default());
        let refused = Err(EstimateError::UnalignedStrata);
        assert_eq!(
            difference(&strata, &strata[..2], &[], &pools, &settings),
            refused
        );
        let mut other = strata.clone();
        other.swap(0, 1);
        assert_eq!(difference(&strata, &other, &[], &pools, &settings), refused);
        let both = [Moments::new()];
        assert_eq!(
            difference(&strata, &strata, &both, &pools, &settings),
            refused
        );
    }

    #[test]
    fn an_empty_side_has_no_difference() {
        let strata = domain(|_| true);
        let none = domain(|_| false);
        let (pools, settings) = (Pools::none(), Settings::default());
        assert_eq!(difference(&strata, &none, &[], &pools, &settings), Ok(None));
        assert_eq!(
            independent_difference(&[], &strata, &pools, &settings),
            Ok(None)
        );
    }
}
