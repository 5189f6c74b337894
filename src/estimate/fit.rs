//! Whether a sampler is fair: inclusion counts over many draws against equal chances.
//!
//! With c_i = how often call i was drawn in B draws of n out of N, pi = n / N,
//! T = ((N - 1) / N) sum (c_i - B pi)^2 / (B pi (1 - pi)) ~ chi-square with N - 1 degrees of freedom.
//! Counts of one draw are negatively related (they add up to n), so Pearson's plain sum is too small by
//! (1 - pi) N / (N - 1) and never rejects.
//!
//! Refused with `None`: fewer than two calls, counts that no B draws of n can give, samples of all or
//! nothing.

use super::quantile::chi_square_upper;

/// The statistic, its degrees of freedom and P(T >= t) under equal chances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InclusionFit {
    pub statistic: f64,
    pub df: f64,
    pub p: f64,
    /// Pearson's plain sum, for comparison.
    pub naive: f64,
}

/// `counts[i]`: how often call i was among the `sampled` calls of each of `draws` draws.
pub fn inclusion_fit(counts: &[u64], sampled: u64, draws: u64) -> Option<InclusionFit> {
    let total = sampled.checked_mul(draws)?;
    let drawn = counts
        .iter()
        .try_fold(0_u64, |sum, &count| sum.checked_add(count))?;
    let possible = drawn == total && counts.iter().all(|&count| count <= draws);
    let population = counts.len() as u64;
    if !possible || population < 2 || sampled == 0 || sampled >= population || draws == 0 {
        return None;
    }
    let all = population as f64;
    let pi = sampled as f64 / all;
    let expected = draws as f64 * pi;
    let squares: f64 = counts
        .iter()
        .map(|&count| (count as f64 - expected).powi(2))
        .sum();
    let statistic = (all - 1.0) / all * squares / (expected * (1.0 - pi));
    let df = all - 1.0;
    let p = chi_square_upper(statistic, df)?;
    Some(InclusionFit {
        statistic,
        df,
        p,
        naive: squares / expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_counts_have_no_fit() {
        assert_eq!(inclusion_fit(&[5, 5, 4], 1, 15), None);
        assert_eq!(inclusion_fit(&[16, 0, 0], 1, 15), None);
        assert_eq!(inclusion_fit(&[15, 15], 2, 15), None);
        assert_eq!(inclusion_fit(&[0, 0], 0, 15), None);
        assert_eq!(inclusion_fit(&[15], 1, 15), None);
        assert_eq!(inclusion_fit(&[], 0, 0), None);
    }

    #[test]
    fn a_sampler_that_always_takes_the_same_calls_is_found_out() {
        let fit = inclusion_fit(&[100, 100, 0, 0, 0], 2, 100).unwrap();
        assert!(fit.p < 1e-12 && fit.naive < fit.statistic * 2.0);
        let even = inclusion_fit(&[40; 5], 2, 100).unwrap();
        assert_eq!((even.statistic, even.p), (0.0, 1.0));
    }
}
