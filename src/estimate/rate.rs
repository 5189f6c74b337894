//! Rates (shares of calls that pass) of a stratified sample, of the whole or of a domain.
//!
//! The rate is the design-weighted mean of zeros and ones. Its margin, by default, is Wilson's with
//!
//! n_eff = (sum w)^2 / sum w (w - 1)   over the calls inside the domain (w^2 without correction),
//!
//! the size of the simple random sample with the same variance if the rate were equal in all strata
//! (Kish 1965, 11.7). It needs no estimated variance, so it stands at 0 % and 100 %, and meets the rate
//! in a census. `Survey` is Wilson with n_eff = p (1 - p) / V and t (R survey, `svyciprop`, wilson);
//! `Beta` is Korn and Graubard (1998, Survey Methodology 24:193). Both are undefined where V is 0 and
//! take n_eff = n then (Parker and others, NCHS 2017). Strata where all pass keep their variance of 0, as in
//! R; single calls follow the settings.
//!
//! Refused: values other than rates, and what `mean` refuses.

use super::design::Stratum;
use super::error::EstimateError;
use super::interval::{Limits, newcombe, wilson};
use super::linear::Flat;
use super::mean::{Estimate, mean_with};
use super::moments::Moments;
use super::pool::Pools;
use super::quantile::{beta_quantile, normal_quantile, t_quantile};
use super::settings::Settings;

/// How the margin of a rate is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RateMethod {
    #[default]
    Design,
    Survey,
    Beta,
}

/// A rate in [0, 1] with its margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Calls inside the domain; of these, `passed` is the plain, unweighted number of ones.
    pub n: u64,
    pub passed: f64,
    /// Effective sample size behind the margin; `None` when every call was seen.
    pub effective_n: Option<f64>,
    /// Standard error by linearisation, as for a mean.
    pub standard_error: Option<f64>,
    pub df: Option<f64>,
    /// Calls the rate speaks for: sum of the design weights inside the domain.
    pub population: f64,
    /// Calls in strata of which nothing was sampled.
    pub unseen: f64,
}

/// A difference of two rates, left minus right, in [-1, 1].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateDifference {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// The design-weighted rate inside the domain; the values of the strata must be 0 or 1 (or scores in
/// between, where a behavior can be met in part). `pools` serves `Survey` and `Beta` alone.
pub fn rate(
    strata: &[Stratum],
    pools: &Pools,
    method: RateMethod,
    settings: &Settings,
) -> Result<Option<Rate>, EstimateError> {
    let not_a_rate = |stratum: &Stratum| not_a_rate(stratum.values());
    if let Some(value) = strata.iter().find_map(not_a_rate) {
        return Err(EstimateError::NotARate { value });
    }
    settings.upper_probability()?;
    let Some(estimate) = mean_with(strata, pools, settings, Flat::Keeps)? else {
        return Ok(None);
    };
    let basis = Basis {
        independent: estimate.n as f64,
        sampled: strata.iter().map(|stratum| stratum.sampled() as f64).sum(),
        design: effective_size(strata, settings.fpc),
        passed: strata.iter().map(|stratum| ones(stratum.values())).sum(),
        estimate,
    };
    with_margin(&basis, method, settings).map(Some)
}

/// What a rate and its margin are made of.
pub(super) struct Basis {
    /// The mean of zeros and ones.
    pub(super) estimate: Estimate,
    /// What was drawn and is inside the domain: calls, or clusters of them.
    pub(super) independent: f64,
    /// What was drawn, inside or not.
    pub(super) sampled: f64,
    /// The effective size by the weights alone.
    pub(super) design: f64,
    pub(super) passed: f64,
}

/// The margin of a rate.
pub(super) fn with_margin(
    basis: &Basis,
    method: RateMethod,
    settings: &Settings,
) -> Result<Rate, EstimateError> {
    let upper = settings.upper_probability()?;
    let Basis {
        estimate,
        independent: n,
        design,
        ..
    } = *basis;
    let value = estimate.value.clamp(0.0, 1.0);
    let variance = estimate.standard_error.map(|error| error * error);
    // What Survey and Beta can use: a variance above 0 and degrees of freedom.
    let own = variance
        .filter(|&v| v > 0.0 && value > 0.0 && value < 1.0)
        .zip(estimate.df);
    let (effective, limits) = match (method, own) {
        _ if design.is_infinite() => (
            design,
            Some(Limits {
                low: value,
                high: value,
            }),
        ),
        (RateMethod::Design, _) => (
            design,
            normal_quantile(upper).and_then(|z| wilson(value, design, z)),
        ),
        (RateMethod::Survey, Some((variance, df))) => {
            let effective = value * (1.0 - value) / variance;
            (
                effective,
                t_quantile(upper, df).and_then(|t| wilson(value, effective, t)),
            )
        }
        (RateMethod::Survey, None) => (n, normal_quantile(upper).and_then(|z| wilson(value, n, z))),
        (RateMethod::Beta, Some((variance, df))) => {
            let plain = value * (1.0 - value) / variance;
            let ratio = t_quantile(upper, basis.sampled - 1.0).zip(t_quantile(upper, df));
            let effective =
                ratio.map_or(plain, |(simple, design)| plain * (simple / design).powi(2));
            (effective, korn_graubard(value, effective, upper))
        }
        (RateMethod::Beta, None) => (n, korn_graubard(value, n, upper)),
    };
    let limits = limits.unwrap_or(Limits {
        low: 0.0,
        high: 1.0,
    });
    Ok(Rate {
        value,
        low: limits.low,
        high: limits.high,
        n: estimate.n,
        passed: basis.passed,
        effective_n: effective.is_finite().then_some(effective),
        standard_error: estimate.standard_error,
        df: estimate.df,
        population: estimate.population,
        unseen: estimate.unseen,
    })
}

/// The difference of two rates by Newcombe's hybrid score limits.
pub fn rate_difference(left: &Rate, right: &Rate) -> RateDifference {
    let of = |rate: &Rate| {
        (
            rate.value,
            Limits {
                low: rate.low,
                high: rate.high,
            },
        )
    };
    let limits = newcombe(of(left), of(right));
    RateDifference {
        value: left.value - right.value,
        low: limits.low,
        high: limits.high,
    }
}

/// (sum w)^2 / sum w (w - 1), or over sum w^2 without the finite population correction.
fn effective_size(strata: &[Stratum], fpc: bool) -> f64 {
    let (sum, squares) = strata.iter().fold((0.0, 0.0), |(sum, squares), stratum| {
        let (w, inside) = (stratum.weight(), stratum.values().count() as f64);
        let seen = if fpc { 1.0 } else { 0.0 };
        (sum + w * inside, squares + inside * w * (w - seen))
    });
    if squares > 0.0 {
        sum * sum / squares
    } else {
        f64::INFINITY
    }
}

fn korn_graubard(p: f64, n: f64, upper: f64) -> Option<Limits> {
    let (x, rest) = (n * p, n * (1.0 - p));
    let low = if x <= 0.0 {
        0.0
    } else {
        beta_quantile(1.0 - upper, x, rest + 1.0)?
    };
    let high = if rest <= 0.0 {
        1.0
    } else {
        beta_quantile(upper, x + 1.0, rest)?
    };
    Some(Limits { low, high })
}

/// The plain number of ones.
pub(super) fn ones(values: &Moments) -> f64 {
    let sum = values.center() * values.count() as f64;
    // Welford's mean of zeros and ones times its count is a whole number but for rounding.
    if (sum - sum.round()).abs() < 1e-6 {
        sum.round()
    } else {
        sum
    }
}

/// Values in [0, 1] have their mean there, and squares of at most c m (1 - m) around it.
pub(super) fn not_a_rate(values: &Moments) -> Option<f64> {
    let (m, c) = (values.center(), values.count() as f64);
    let most = c * m * (1.0 - m);
    let possible = (0.0..=1.0 + 1e-9).contains(&m) && values.squares() <= most + 1e-9 * c;
    (c > 0.0 && !possible).then_some(m)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(population: f64, values: &[f64]) -> Stratum {
        Stratum::of(population, 0, values).unwrap()
    }

    fn rate_of(strata: &[Stratum], method: RateMethod) -> Rate {
        rate(strata, &Pools::of(strata), method, &Settings::default())
            .unwrap()
            .unwrap()
    }

    #[test]
    fn a_census_has_no_margin_left() {
        let rate = rate_of(&[passes(3.0, &[1.0, 0.0, 1.0])], RateMethod::Design);
        assert_eq!(
            (rate.low, rate.high, rate.effective_n),
            (rate.value, rate.value, None)
        );
        assert_eq!(rate.passed, 2.0);
    }

    #[test]
    fn a_single_call_still_has_limits() {
        for method in [RateMethod::Design, RateMethod::Survey, RateMethod::Beta] {
            let rate = rate_of(&[passes(50.0, &[1.0])], method);
            assert_eq!((rate.value, rate.high), (1.0, 1.0));
            assert!(rate.low > 0.0 && rate.low < 0.3, "{method:?} {rate:?}");
        }
    }

    #[test]
    fn without_applicable_calls_there_is_no_rate() {
        let strata = [Stratum::of_domain(9.0, 0, &[None, None]).unwrap()];
        let none = rate(
            &strata,
            &Pools::none(),
            RateMethod::Design,
            &Settings::default(),
        );
        assert_eq!(none, Ok(None));
    }

    #[test]
    fn a_value_that_differs_from_its_own_mean_by_rounding_has_no_variance() {
        let strata = [Stratum::of_domain(3.0, 0, &[None, Some(0.915_098_020_167_493_5)]).unwrap()];
        let rate = rate_of(&strata, RateMethod::Survey);
        assert_eq!(
            (rate.standard_error, rate.effective_n),
            (Some(0.0), Some(1.0))
        );
        assert!(rate.low < rate.value && rate.value < rate.high);
    }

    #[test]
    fn scores_of_a_hundred_are_not_a_rate() {
        let strata = [passes(9.0, &[0.0, 100.0])];
        let refused = rate(
            &strata,
            &Pools::none(),
            RateMethod::Design,
            &Settings::default(),
        );
        assert_eq!(refused, Err(EstimateError::NotARate { value: 50.0 }));
        let strata = [passes(9.0, &[-1.0, 2.0])];
        assert!(
            rate(
                &strata,
                &Pools::none(),
                RateMethod::Design,
                &Settings::default()
            )
            .is_err()
        );
    }
}
