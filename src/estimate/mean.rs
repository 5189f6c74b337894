//! Means and totals of a stratified sample, of the whole or of a domain.
//!
//! mean = sum(w d y) / sum(w d) with w = N_h / n_h; for whole strata this is sum(W_h ybar_h) with
//! variance sum(W_h^2 (1 - f_h) s_h^2 / n_h) (Cochran 1977, 5.2 to 5.4). Margins use Student's t.
//! The estimand is the mean over calls: each call has one vote.
//!
//! Refused: bad strata (by `Stratum`), a level outside (0, 1), and single calls where the settings say
//! so. Without any value there is no estimate: `None`. Nothing is clipped; that is for display.

use super::design::Stratum;
use super::error::EstimateError;
use super::linear::{Flat, Linear, Spread, chunks, spread};
use super::pool::Pools;
use super::quantile::t_quantile;
use super::settings::Settings;

/// An estimate in the unit of its values, with its margin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    /// `None` when no deviation is known, own or borrowed. 0 only when every call was seen, or under
    /// the rules that mirror R.
    pub standard_error: Option<f64>,
    /// Degrees of freedom of the margin; `None` without a margin, and for a census.
    pub df: Option<f64>,
    /// Satterthwaite's, whichever rule made the margin: the precision mark depends on it.
    pub satterthwaite_df: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Values inside the domain.
    pub n: u64,
    /// Calls the estimate speaks for: sum of the design weights inside the domain.
    pub population: f64,
    /// Calls in strata of which nothing was sampled: the estimate does not cover them.
    pub unseen: f64,
    /// Whether a stratum without spread of its own borrowed the pooled deviation.
    pub borrowed: bool,
}

impl Estimate {
    /// Half the width of the margin.
    pub fn half_width(&self) -> Option<f64> {
        Some(0.5 * (self.high? - self.low?))
    }
}

/// Weighted sums of one domain over its strata.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub(super) n: u64,
    /// Sum of w d and of w d y.
    pub(super) weight: f64,
    pub(super) total: f64,
    pub(super) unseen: f64,
}

impl Sums {
    pub(super) fn of(strata: &[Stratum]) -> Sums {
        let mut sums = Sums {
            n: 0,
            weight: 0.0,
            total: 0.0,
            unseen: 0.0,
        };
        for stratum in strata {
            if stratum.sampled() == 0 {
                sums.unseen += stratum.population();
            }
            let weight = stratum.weight() * stratum.values().count() as f64;
            sums.n += stratum.values().count();
            sums.weight += weight;
            sums.total += weight * stratum.values().center();
        }
        sums
    }

    /// The mean and its linearisation; `None` without values.
    pub(super) fn mean(&self) -> Option<Linear> {
        (self.n > 0 && self.weight > 0.0).then(|| Linear {
            per_weight: 1.0 / self.weight,
            center: self.total / self.weight,
        })
    }
}

/// The design-weighted mean of the values inside the domain.
pub fn mean(
    strata: &[Stratum],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Estimate>, EstimateError> {
    mean_with(strata, pools, settings, Flat::Borrows)
}

/// The same with the say over strata without spread.
pub(super) fn mean_with(
    strata: &[Stratum],
    pools: &Pools,
    settings: &Settings,
    flat: Flat,
) -> Result<Option<Estimate>, EstimateError> {
    settings.upper_probability()?;
    let sums = Sums::of(strata);
    let Some(linear) = sums.mean() else {
        return Ok(None);
    };
    let terms = chunks(strata).map(|(first, chunk)| linear.terms(first, chunk));
    let spread = spread(terms, pools, settings, flat)?;
    assemble(linear.center, &sums, spread, settings).map(Some)
}

/// The estimated total of the values inside the domain over all calls of the strata.
pub fn total(
    strata: &[Stratum],
    pools: &Pools,
    settings: &Settings,
) -> Result<Option<Estimate>, EstimateError> {
    settings.upper_probability()?;
    let sums = Sums::of(strata);
    if sums.n == 0 {
        return Ok(None);
    }
    let linear = Linear {
        per_weight: 1.0,
        center: 0.0,
    };
    let terms = chunks(strata).map(|(first, chunk)| linear.terms(first, chunk));
    let spread = spread(terms, pools, settings, Flat::Borrows)?;
    assemble(sums.total, &sums, spread, settings).map(Some)
}

fn assemble(
    value: f64,
    sums: &Sums,
    spread: Spread,
    settings: &Settings,
) -> Result<Estimate, EstimateError> {
    let margin = margin(value, &spread, settings)?;
    Ok(Estimate {
        value,
        standard_error: spread.variance.map(f64::sqrt),
        df: spread.df.filter(|_| margin.is_some()),
        satterthwaite_df: spread.satterthwaite,
        low: margin.map(|(low, _)| low),
        high: margin.map(|(_, high)| high),
        n: sums.n,
        population: sums.weight,
        unseen: sums.unseen,
        borrowed: spread.borrowed,
    })
}

/// value -+ t SE; `None` where the error or its degrees of freedom are unknown.
pub(super) fn margin(
    value: f64,
    spread: &Spread,
    settings: &Settings,
) -> Result<Option<(f64, f64)>, EstimateError> {
    let probability = settings.upper_probability()?;
    let Some(variance) = spread.variance else {
        return Ok(None);
    };
    if variance == 0.0 {
        return Ok(Some((value, value)));
    }
    let quantile = spread.df.and_then(|df| t_quantile(probability, df));
    Ok(quantile.map(|t| (value - t * variance.sqrt(), value + t * variance.sqrt())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::settings::{DfRule, SingleRule, VarianceSource};

    fn stratum(population: f64, values: &[f64]) -> Stratum {
        Stratum::of(population, 0, values).unwrap()
    }

    fn of(strata: &[Stratum], lenders: &[Stratum], settings: &Settings) -> Estimate {
        let pools = Pools::of(&[strata, lenders].concat());
        mean(strata, &pools, settings).unwrap().unwrap()
    }

    fn close(got: Option<f64>, want: f64) {
        let got = got.unwrap();
        assert!((got - want).abs() <= 1e-12 * want.abs(), "{got} for {want}");
    }

    const SPREAD: [f64; 3] = [70.0, 80.0, 90.0];

    #[test]
    fn a_census_has_no_margin_left() {
        let estimate = of(&[stratum(3.0, &SPREAD)], &[], &Settings::default());
        assert_eq!((estimate.standard_error, estimate.df), (Some(0.0), None));
        assert_eq!((estimate.low, estimate.high), (Some(80.0), Some(80.0)));
        assert!(!estimate.borrowed);
    }

    #[test]
    fn without_a_correction_a_census_is_a_sample_of_the_process() {
        let estimate = of(&[stratum(3.0, &SPREAD)], &[], &Settings::comparison());
        close(estimate.standard_error, 10.0 / 3.0_f64.sqrt());
        close(estimate.df, 2.0);
    }

    #[test]
    fn strata_taken_whole_add_neither_variance_nor_degrees_of_freedom() {
        let strata = [stratum(3.0, &SPREAD), stratum(30.0, &SPREAD)];
        let settings = Settings {
            df: DfRule::Design,
            ..Settings::default()
        };
        let estimate = of(&strata, &[], &settings);
        close(estimate.df, 2.0);
        close(
            estimate.standard_error,
            30.0 / 33.0 * (0.9 * 100.0 / 3.0_f64).sqrt(),
        );
    }

    #[test]
    fn a_single_call_without_a_lender_has_a_value_and_no_margin() {
        let estimate = of(&[stratum(20.0, &[75.0])], &[], &Settings::default());
        assert_eq!(
            (estimate.value, estimate.n, estimate.borrowed),
            (75.0, 1, false)
        );
        assert_eq!(
            (estimate.standard_error, estimate.df, estimate.low),
            (None, None, None)
        );
        assert_eq!(estimate.half_width(), None);
    }

    #[test]
    fn a_single_call_borrows_the_pooled_deviation_and_says_so() {
        let lender = stratum(30.0, &SPREAD);
        let estimate = of(&[stratum(20.0, &[75.0])], &[lender], &Settings::default());
        assert!(estimate.borrowed);
        close(estimate.standard_error, (0.95 * 100.0_f64).sqrt());
        close(estimate.df, 2.0);
        let whole = of(&[stratum(1.0, &[75.0])], &[lender], &Settings::default());
        assert_eq!((whole.standard_error, whole.borrowed), (Some(0.0), false));
    }

    #[test]
    fn deviations_are_only_lent_within_a_pool() {
        let lender = Stratum::of(30.0, 1, &SPREAD).unwrap();
        let estimate = of(&[stratum(20.0, &[75.0])], &[lender], &Settings::default());
        assert_eq!((estimate.low, estimate.borrowed), (None, false));
    }

    #[test]
    fn a_few_equal_scores_borrow_and_many_stand_for_themselves_beside_others() {
        let lender = stratum(30.0, &SPREAD);
        for n in 2..=4 {
            let flat = stratum(20.0, &vec![100.0; n]);
            let estimate = of(&[flat, lender], &[], &Settings::default());
            assert!(estimate.borrowed, "{n}");
        }
        let flat = stratum(20.0, &[100.0; 5]);
        let estimate = of(&[flat, lender], &[], &Settings::default());
        assert!(!estimate.borrowed);
        close(
            estimate.standard_error,
            0.6 * (0.9 * 100.0 / 3.0_f64).sqrt(),
        );
    }

    #[test]
    fn a_margin_of_width_zero_is_never_the_answer() {
        let lender = stratum(30.0, &SPREAD);
        let flat = [stratum(200.0, &[100.0; 9])];
        let lent = of(&flat, &[lender], &Settings::default());
        assert!(lent.borrowed && lent.half_width().unwrap() > 1.0);
        let alone = of(&flat, &[], &Settings::default());
        assert_eq!((alone.standard_error, alone.low), (None, None));
        let mirrored = Settings {
            single: SingleRule::Fail,
            ..Settings::default()
        };
        assert_eq!(of(&flat, &[], &mirrored).standard_error, Some(0.0));
    }

    #[test]
    fn strata_that_borrow_share_one_deviation() {
        let lender = stratum(30.0, &SPREAD);
        let singles = [stratum(20.0, &[75.0]), stratum(20.0, &[85.0])];
        // Both parts rest on the same 2 degrees of freedom, not on 2 each.
        close(of(&singles, &[lender], &Settings::default()).df, 2.0);
    }

    #[test]
    fn the_pooled_deviation_serves_every_stratum_when_asked_for() {
        let strata = [
            stratum(20.0, &[70.0, 90.0]),
            stratum(60.0, &[80.0, 82.0, 84.0]),
        ];
        let settings = Settings {
            variance: VarianceSource::Pooled,
            ..Settings::default()
        };
        let estimate = of(&strata, &[], &settings);
        let variance = (200.0 + 8.0) / 3.0;
        let parts = 0.0625 * 0.9 * variance / 2.0 + 0.5625 * 0.95 * variance / 3.0;
        close(estimate.standard_error, f64::sqrt(parts));
        close(estimate.df, 3.0);
        assert!(!estimate.borrowed);
        // A census of the process has pooled degrees of freedom as well.
        let design = Settings {
            df: DfRule::Design,
            ..settings
        };
        close(of(&strata, &[], &design).df, 3.0);
    }

    #[test]
    fn a_domain_that_is_a_whole_stratum_reduces_to_the_plain_formula() {
        let inside = stratum(30.0, &SPREAD);
        let outside = Stratum::of_domain(50.0, 0, &[None, None, None]).unwrap();
        let (plain, domain) = (
            of(&[inside], &[], &Settings::default()),
            of(&[inside, outside], &[], &Settings::default()),
        );
        assert_eq!(plain, domain);
    }

    #[test]
    fn without_values_there_is_no_estimate() {
        let strata = [
            Stratum::of_domain(9.0, 0, &[None]).unwrap(),
            stratum(9.0, &[]),
        ];
        assert_eq!(
            mean(&strata, &Pools::none(), &Settings::default()),
            Ok(None)
        );
        assert_eq!(mean(&[], &Pools::none(), &Settings::default()), Ok(None));
        assert_eq!(total(&[], &Pools::none(), &Settings::default()), Ok(None));
    }

    #[test]
    fn strata_without_a_scored_call_are_counted_as_unseen() {
        let estimate = of(
            &[stratum(30.0, &SPREAD), stratum(12.0, &[])],
            &[],
            &Settings::default(),
        );
        assert_eq!(
            (estimate.value, estimate.population, estimate.unseen),
            (80.0, 30.0, 12.0)
        );
    }

    #[test]
    fn weekly_batches_of_equal_weight_collapse_to_one_stratum() {
        let weeks = [
            stratum(10.0, &[70.0]),
            stratum(10.0, &[80.0]),
            stratum(10.0, &[90.0]),
        ]
        .map(|week| week.collapsed(7));
        let collapsed = of(&weeks, &[], &Settings::default());
        let one = of(&[stratum(30.0, &SPREAD)], &[], &Settings::default());
        close(collapsed.standard_error, one.standard_error.unwrap());
        close(collapsed.df, 2.0);
        assert!(!collapsed.borrowed);
        let apart = of(
            &weeks.map(|week| week.collapsed(0)),
            &[],
            &Settings::default(),
        );
        assert_eq!(apart, collapsed);
    }

    #[test]
    fn levels_outside_0_to_1_are_refused() {
        for level in [0.0, 1.0, -0.5, f64::NAN] {
            let settings = Settings {
                level,
                ..Settings::default()
            };
            let refused = mean(&[stratum(30.0, &SPREAD)], &Pools::none(), &settings);
            assert!(matches!(refused, Err(EstimateError::Level { .. })));
        }
    }
}
