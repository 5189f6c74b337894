//! Whatever the numbers, answers are numbers.
use evenhand::estimate::design::Stratum;
use evenhand::estimate::gap::{gap, verdict};
use evenhand::estimate::mean::{Estimate, mean, total};
use evenhand::estimate::moments::Moments;
use evenhand::estimate::pool::Pools;
use evenhand::estimate::precision::Precision;
use evenhand::estimate::rate::{RateMethod, rate};
use evenhand::estimate::settings::{DfRule, Settings, SingleRule, VarianceSource};
use proptest::prelude::*;

/// Up to six strata of up to seven calls, many of them alike, some outside the domain.
fn samples(high: f64) -> impl Strategy<Value = Vec<Stratum>> {
    let call = prop_oneof![
        1 => Just(None),
        2 => Just(Some(high)),
        1 => Just(Some(0.0)),
        3 => (0.0..=high).prop_map(Some),
    ];
    let stratum = (prop::collection::vec(call, 0..7), 0_u32..40, 0_usize..3).prop_map(
        |(calls, more, pool)| {
            Stratum::of_domain(calls.len() as f64 + f64::from(more / 2), pool, &calls).unwrap()
        },
    );
    prop::collection::vec(stratum, 0..6)
}

fn settings() -> impl Strategy<Value = Settings> {
    let single = prop_oneof![
        4 => Just(SingleRule::Borrow),
        1 => Just(SingleRule::Remove),
        1 => Just(SingleRule::Adjust),
        1 => Just(SingleRule::Average),
    ];
    (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        single,
        0.5..0.999,
    )
        .prop_map(|(fpc, design, pooled, single, level)| Settings {
            fpc,
            df: if design {
                DfRule::Design
            } else {
                DfRule::Satterthwaite
            },
            variance: if pooled {
                VarianceSource::Pooled
            } else {
                VarianceSource::Own
            },
            single,
            level,
        })
}

fn check(estimate: &Estimate) {
    let parts = [
        estimate.standard_error,
        estimate.df,
        estimate.low,
        estimate.high,
    ];
    assert!(estimate.value.is_finite(), "{estimate:?}");
    assert!(
        parts.iter().flatten().all(|part| part.is_finite()),
        "{estimate:?}"
    );
    assert!(
        estimate.standard_error.is_none_or(|error| error >= 0.0),
        "{estimate:?}"
    );
    assert!(estimate.df.is_none_or(|df| df > 0.0), "{estimate:?}");
    if let Some((low, high)) = estimate.low.zip(estimate.high) {
        assert!(
            low <= estimate.value && estimate.value <= high,
            "{estimate:?}"
        );
    }
}

proptest! {
    #[test]
    fn means_and_totals_are_numbers(strata in samples(100.0), settings in settings()) {
        let pools = Pools::of(&strata);
        if let Some(estimate) = mean(&strata, &pools, &settings).unwrap() {
            check(&estimate);
            prop_assert!((-1e-9..=100.0 + 1e-9).contains(&estimate.value));
            let mark = Precision::of_mean(&estimate, 100.0);
            prop_assert_eq!(mark == Precision::None || mark == Precision::One, estimate.low.is_none());
        }
        if let Some(estimate) = total(&strata, &pools, &settings).unwrap() {
            check(&estimate);
        }
    }

    #[test]
    fn margins_of_width_zero_are_for_a_census_alone(strata in samples(100.0), pooled in any::<bool>()) {
        let variance = if pooled { VarianceSource::Pooled } else { VarianceSource::Own };
        let settings = Settings { variance, ..Settings::default() };
        if let Some(estimate) = mean(&strata, &Pools::of(&strata), &settings).unwrap() {
            let inside = strata.iter().filter(|stratum| stratum.values().count() > 0);
            let census = inside.clone().all(|stratum| stratum.weight() == 1.0);
            prop_assert_eq!(estimate.half_width() == Some(0.0), census);
        }
    }

    #[test]
    fn rates_stay_between_zero_and_one(strata in samples(1.0), settings in settings()) {
        for method in [RateMethod::Design, RateMethod::Survey, RateMethod::Beta] {
            if let Some(rate) = rate(&strata, &Pools::of(&strata), method, &settings).unwrap() {
                prop_assert!(0.0 <= rate.low && rate.low <= rate.value + 1e-12, "{:?}", rate);
                prop_assert!(rate.value <= rate.high + 1e-12 && rate.high <= 1.0, "{:?}", rate);
                prop_assert!(rate.effective_n.is_none_or(|n| n.is_finite() && n > 0.0));
            }
        }
    }

    #[test]
    fn gaps_turn_round_with_their_sides(
        left in samples(100.0),
        right in samples(100.0),
        settings in settings(),
    ) {
        let pools = Pools::of(&[left.clone(), right.clone()].concat());
        let one = gap(&left, &right, &pools, &settings).unwrap();
        let other = gap(&right, &left, &pools, &settings).unwrap();
        prop_assert_eq!(one.is_some(), other.is_some());
        if let Some((one, other)) = one.zip(other) {
            prop_assert!((one.value + other.value).abs() < 1e-9);
            prop_assert_eq!(one.p.is_some(), other.p.is_some());
            prop_assert!(one.p.is_none_or(|p| (0.0..=1.0).contains(&p)));
            prop_assert!(one.noticeable.is_none_or(|gap| gap.is_finite() && gap > 0.0));
            prop_assert_eq!(verdict(&one, one.p, &Default::default()).is_some(), one.low.is_some());
        }
    }

    #[test]
    fn the_order_of_calls_and_the_way_they_are_split_do_not_matter(
        values in prop::collection::vec(0.0..100.0_f64, 2..60),
        cut in 0_usize..60,
    ) {
        let whole: Moments = values.iter().copied().collect();
        let cut = cut.min(values.len());
        let mut parts: Moments = values[cut..].iter().rev().copied().collect();
        parts.merge(&values[..cut].iter().copied().collect());
        prop_assert!((whole.mean().unwrap() - parts.mean().unwrap()).abs() < 1e-10);
        prop_assert!((whole.squares() - parts.squares()).abs() <= 1e-10 * whole.squares().max(1e-9));
    }
}
