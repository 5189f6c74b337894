//! Estimates from whole clusters, against published figures and against single calls.

use std::collections::BTreeMap;

use crate::simulation::Random;
use crate::vectors::table;
use evenhand::estimate::cluster::{self, Clusters};
use evenhand::estimate::design::Stratum;
use evenhand::estimate::domain::difference;
use evenhand::estimate::error::EstimateError;
use evenhand::estimate::gap::domain_gap;
use evenhand::estimate::mean::{Estimate, mean};
use evenhand::estimate::moments::Moments;
use evenhand::estimate::pool::Pools;
use evenhand::estimate::rate::{RateMethod, rate};
use evenhand::estimate::rate_gap::rate_gap;
use evenhand::estimate::settings::{DfRule, Settings, SingleRule, VarianceSource};

/// As R's survey package computes.
fn as_r(fpc: bool) -> Settings {
    Settings {
        fpc,
        df: DfRule::Design,
        single: SingleRule::Fail,
        ..Settings::default()
    }
}

fn near(got: f64, want: f64, within: f64) {
    assert!((got - want).abs() < within, "{got} for {want}");
}

/// All schools of 15 of California's 757 school districts (R survey, `apiclus1`): one-stage clusters of 1 to 37.
fn districts(value: impl Fn(&[String]) -> Option<f64>) -> [Clusters; 1] {
    let mut districts: BTreeMap<String, Moments> = BTreeMap::new();
    for row in table(include_str!("../golden/apiclus1.csv")) {
        let district = districts.entry(row[0].clone()).or_default();
        value(&row)
            .into_iter()
            .for_each(|value| district.push(value));
    }
    let sampled: Vec<Moments> = districts.into_values().collect();
    assert_eq!(sampled.len(), 15);
    [Clusters::new(757.0, 0, sampled).unwrap()]
}

fn number(row: &[String], column: usize) -> Option<f64> {
    row[column].parse().ok()
}

fn mean_of(strata: &[Clusters], settings: &Settings) -> Estimate {
    cluster::mean(strata, &Pools::none(), settings)
        .unwrap()
        .unwrap()
}

#[test]
fn means_of_all_schools_of_some_districts_are_those_of_r() {
    // svymean(~api00+api99+stype, dclus1): 644.169399 (23.5422), 606.978142 (24.2250), stypeE .786885 (.0463); published at
    // r-survey.r-forge.r-project.org/survey/example-summary.html.
    for (column, want, error) in [(2, 644.169399, 23.5422), (3, 606.978142, 24.2250)] {
        let found = mean_of(&districts(|row| number(row, column)), &as_r(true));
        near(found.value, want, 5e-7);
        near(found.standard_error.unwrap(), error, 5e-5);
        // Clusters minus strata.
        assert_eq!((found.df, found.n), (Some(14.0), 183));
        near(found.population, 757.0 * 183.0 / 15.0, 1e-9);
    }
    let elementary = districts(|row| Some(f64::from(u8::from(row[1] == "E"))));
    let found = cluster::rate(&elementary, &Pools::none(), RateMethod::Survey, &as_r(true));
    let found = found.unwrap().unwrap();
    near(found.value, 0.786885, 5e-7);
    near(found.standard_error.unwrap(), 0.0463, 5e-5);
    assert_eq!((found.n, found.passed), (183, 144.0));
}

#[test]
fn means_of_a_kind_of_school_count_districts_without_it() {
    // svyby(~api99, ~stype, dclus1, svymean), as printed on the package's help page of svyby.
    for (kind, want, error) in [
        ("E", 607.7917, 22.81660),
        ("H", 595.7143, 41.76400),
        ("M", 608.6000, 32.56064),
    ] {
        let domain = districts(|row| number(row, 3).filter(|_| row[1] == kind));
        let found = mean_of(&domain, &as_r(true));
        near(found.value, want, 5e-5);
        near(found.standard_error.unwrap(), error, 5e-6);
    }
}

#[test]
fn schools_of_one_district_are_compared_with_what_they_have_in_common() {
    // R survey 4.5, without fpc: svyby(~api00, ~stype, covmat = TRUE), then svycontrast of H / E gives .953308493576269 with
    // SE .04682352757304. By the delta method that is sqrt(var(H - r E)) / E with r = H / E; H - E follows from the same
    // three variances. Computed from them: -30.296626984126988, SE 30.329601113418253, with fpc 30.02760619184544.
    let of = |kind: &'static str, scale: f64| {
        districts(move |row| {
            number(row, 2)
                .filter(|_| row[1] == kind)
                .map(|api| api * scale)
        })
    };
    let (high, elementary) = (of("H", 1.0), of("E", 1.0));
    let contrast = |left: &[Clusters], right: &[Clusters], fpc| {
        let found = cluster::difference(left, right, &Pools::none(), &as_r(fpc));
        found.unwrap().unwrap()
    };
    let plain = contrast(&high, &elementary, false);
    near(plain.value, -30.296626984126988, 1e-9);
    near(plain.standard_error.unwrap(), 30.329601113418253, 1e-9);
    let corrected = contrast(&high, &elementary, true);
    near(corrected.standard_error.unwrap(), 30.02760619184544, 1e-9);
    let ratio = 0.953308493576269;
    let scaled = contrast(&high, &of("E", ratio), false);
    let level = mean_of(&elementary, &as_r(false)).value;
    near(scaled.value, 0.0, 1e-9);
    near(
        scaled.standard_error.unwrap() / level,
        0.04682352757304,
        1e-13,
    );
}

#[test]
fn four_students_in_each_of_five_suites() {
    // Lohr, Sampling: Design and Analysis, 5.2 (grade point averages; 5 of 100 suites): suite totals 12.16, 11.36, 8.96,
    // 12.96, 11.08; their variance 2.25568; mean 11.304 / 4 = 2.826, SE sqrt(0.95 x 2.25568 / 5) / 4 = .16366.
    let suites = [
        [3.08, 2.60, 3.44, 3.04],
        [2.36, 3.04, 3.28, 2.68],
        [2.00, 2.56, 2.52, 1.88],
        [3.00, 2.88, 3.44, 3.64],
        [2.68, 1.92, 3.28, 3.20],
    ];
    let sampled = suites.map(|suite| suite.into_iter().collect()).to_vec();
    let found = mean_of(
        &[Clusters::new(100.0, 0, sampled).unwrap()],
        &Settings::default(),
    );
    near(found.value, 2.826, 1e-12);
    near(
        found.standard_error.unwrap(),
        (0.95 * 2.25568 / 5.0_f64).sqrt() / 4.0,
        1e-12,
    );
    assert_eq!(
        (found.df, found.n, found.population),
        (Some(4.0), 20, 400.0)
    );
}

#[test]
fn two_strata_of_unequal_clusters_worked_by_hand() {
    // Stratum 1: N = 6, n = 2, w = 3: journeys {80, 60} and {90}. Stratum 2: N = 8, n = 2, w = 4: {50} and {70, 90, 80}.
    // sum w t = 3 x 230 + 4 x 290 = 1850, sum w m = 3 x 3 + 4 x 4 = 25, R = 74.
    // t - R m: -8, 16 | -24, 18. u = w (t - R m) / 25: -.96, 1.92 | -3.84, 2.88.
    // (1 - f) n / (n - 1) sum (u - ubar)^2 = 2/3 x 2 x 2.88^2 / 2 | 3/4 x 2 x 6.72^2 / 2 = 5.5296 | 33.8688; V = 39.3984.
    // Satterthwaite: 39.3984^2 / (5.5296^2 + 33.8688^2) = 1.3180...
    let moments = |values: &[f64]| values.iter().copied().collect::<Moments>();
    let strata = [
        Clusters::new(6.0, 0, vec![moments(&[80.0, 60.0]), moments(&[90.0])]).unwrap(),
        Clusters::new(8.0, 1, vec![moments(&[50.0]), moments(&[70.0, 90.0, 80.0])]).unwrap(),
    ];
    let found = mean_of(&strata, &Settings::default());
    near(found.value, 74.0, 1e-12);
    near(found.standard_error.unwrap(), 39.3984_f64.sqrt(), 1e-12);
    near(
        found.df.unwrap(),
        39.3984_f64.powi(2) / (5.5296_f64.powi(2) + 33.8688_f64.powi(2)),
        1e-12,
    );
    assert_eq!((found.n, found.population), (7, 25.0));
    // n_eff of a rate: 25^2 / (3 x 2 x (2^2 + 1) + 4 x 3 x (1 + 3^2)) = 625 / 150.
    let share = |values: &[f64]| {
        values
            .iter()
            .map(|value| f64::from(u8::from(*value >= 80.0)))
            .collect::<Moments>()
    };
    let strata = [
        Clusters::new(6.0, 0, vec![share(&[80.0, 60.0]), share(&[90.0])]).unwrap(),
        Clusters::new(8.0, 1, vec![share(&[50.0]), share(&[70.0, 90.0, 80.0])]).unwrap(),
    ];
    let found = cluster::rate(
        &strata,
        &Pools::none(),
        RateMethod::Design,
        &Settings::default(),
    );
    let found = found.unwrap().unwrap();
    near(found.value, (3.0 * 2.0 + 4.0 * 2.0) / 25.0, 1e-12);
    near(found.effective_n.unwrap(), 625.0 / 150.0, 1e-12);
}

/// Scores of calls in two strata; the second number says in which of two domains a call is.
fn calls(random: &mut Random) -> [Vec<(f64, u64)>; 2] {
    [7, 5].map(|n| {
        (0..n)
            .map(|_| (100.0 * random.unit(), random.next() % 3))
            .collect()
    })
}

#[test]
fn one_call_in_each_cluster_gives_what_calls_give_to_the_last_bit() {
    let mut random = Random(7);
    let kinds = [
        Settings::default(),
        Settings::comparison(),
        as_r(true),
        Settings {
            variance: VarianceSource::Pooled,
            ..Settings::default()
        },
    ];
    for _ in 0..200 {
        let calls = calls(&mut random);
        let domain = |inside: u64, pass: bool| {
            let value = move |(score, of): &(f64, u64)| {
                let value = if pass {
                    f64::from(u8::from(*score > 40.0))
                } else {
                    *score
                };
                (*of == inside || inside > 2).then_some(value)
            };
            let strata: Vec<Stratum> = (calls.iter().zip([40.0, 9.0]))
                .enumerate()
                .map(|(pool, (calls, population))| {
                    let values: Vec<Option<f64>> = calls.iter().map(value).collect();
                    Stratum::of_domain(population, pool, &values).unwrap()
                })
                .collect();
            let clusters: Vec<Clusters> = (calls.iter().zip([40.0, 9.0]))
                .enumerate()
                .map(|(pool, (calls, population))| {
                    let values = calls.iter().map(|call| value(call).into_iter().collect());
                    Clusters::new(population, pool, values.collect()).unwrap()
                })
                .collect();
            (strata, clusters)
        };
        let (all, all_clusters) = domain(9, false);
        let pools = Pools::of(&all);
        assert_eq!(Pools::of_clusters(&all_clusters), pools);
        for settings in &kinds {
            let ((left, left_clusters), (right, right_clusters)) =
                (domain(0, false), domain(1, false));
            let ((passed, passed_clusters), (other, other_clusters)) =
                (domain(0, true), domain(1, true));
            assert_eq!(
                cluster::mean(&left_clusters, &pools, settings),
                mean(&left, &pools, settings)
            );
            assert_eq!(
                cluster::difference(&left_clusters, &right_clusters, &pools, settings),
                difference(&left, &right, &[], &pools, settings)
            );
            assert_eq!(
                cluster::gap(&left_clusters, &right_clusters, &pools, settings),
                domain_gap(&left, &right, &[], &pools, settings)
            );
            for method in [RateMethod::Design, RateMethod::Survey, RateMethod::Beta] {
                assert_eq!(
                    cluster::rate(&passed_clusters, &pools, method, settings),
                    rate(&passed, &pools, method, settings)
                );
            }
            assert_eq!(
                cluster::rate_gap(&passed_clusters, &other_clusters, settings),
                rate_gap(&passed, &other, settings)
            );
        }
    }
}

#[test]
fn impossible_clusters_are_refused() {
    let moments = |value: f64| [value].into_iter().collect::<Moments>();
    let few = Clusters::new(1.0, 0, vec![moments(1.0), moments(2.0)]);
    let exceeds = EstimateError::SampleExceedsPopulation {
        sampled: 2,
        population: 1.0,
    };
    assert_eq!(few, Err(exceeds));
    let odd = Clusters::new(5.0, 0, vec![moments(f64::NAN)]);
    assert_eq!(odd, Err(EstimateError::NotFinite));
    let settings = Settings::default();
    let score = [Clusters::new(5.0, 0, vec![moments(70.0), moments(1.0)]).unwrap()];
    let told = cluster::rate(&score, &Pools::none(), RateMethod::Design, &settings);
    assert_eq!(told, Err(EstimateError::NotARate { value: 70.0 }));
    let none = [Clusters::new(5.0, 0, vec![Moments::new()]).unwrap()];
    assert_eq!(cluster::mean(&none, &Pools::none(), &settings), Ok(None));
    assert_eq!(cluster::mean(&[], &Pools::none(), &settings), Ok(None));
}

#[test]
fn a_single_journey_borrows_the_deviation_of_calls_and_a_census_has_no_margin() {
    let journey = |values: &[f64]| values.iter().copied().collect::<Moments>();
    let lender = Clusters::new(
        30.0,
        0,
        vec![journey(&[60.0, 80.0]), journey(&[70.0]), journey(&[90.0])],
    )
    .unwrap();
    let pools = Pools::of_clusters(&[lender]);
    let one = [Clusters::new(30.0, 0, vec![journey(&[75.0, 85.0])]).unwrap()];
    let found = cluster::mean(&one, &pools, &Settings::default())
        .unwrap()
        .unwrap();
    assert!(found.borrowed && found.n == 2);
    let variance = [60.0, 80.0, 70.0, 90.0]
        .into_iter()
        .collect::<Moments>()
        .variance()
        .unwrap();
    near(
        found.standard_error.unwrap(),
        (variance * 29.0 / 30.0).sqrt(),
        1e-12,
    );
    let all = [Clusters::new(2.0, 0, vec![journey(&[75.0, 85.0]), journey(&[50.0])]).unwrap()];
    let found = mean_of(&all, &Settings::default());
    assert_eq!(
        (found.value, found.low, found.high),
        (70.0, Some(70.0), Some(70.0))
    );
}

/// Journeys of one to five calls; what went wrong with a customer goes on in the next call.
fn population(random: &mut Random) -> Vec<Vec<f64>> {
    (0..400)
        .map(|_| {
            let (mood, legs) = (30.0 * (random.unit() - 0.5), 1 + random.next() % 5);
            // Long journeys are the worse ones.
            let level = 80.0 + mood - 2.0 * legs as f64;
            (0..legs)
                .map(|_| level + 12.0 * (random.unit() - 0.5))
                .collect()
        })
        .collect()
}

#[test]
fn margins_of_journeys_cover_the_truth_and_those_that_take_calls_for_independent_do_not() {
    let mut random = Random(20_260_702);
    let mut journeys = population(&mut random);
    let all: Moments = journeys.iter().flatten().copied().collect();
    let (truth, calls) = (all.mean().unwrap(), all.count() as f64);
    let settings = Settings::default();
    let (mut covered, mut naive, mut bias) = (0_u32, 0_u32, 0.0);
    const DRAWS: u32 = 2_000;
    for _ in 0..DRAWS {
        for at in 0..40 {
            let other = at + (random.next() % (journeys.len() - at) as u64) as usize;
            journeys.swap(at, other);
        }
        let drawn = &journeys[..40];
        let sampled = drawn
            .iter()
            .map(|legs| legs.iter().copied().collect())
            .collect();
        let clusters = [Clusters::new(400.0, 0, sampled).unwrap()];
        let found = mean_of(&clusters, &settings);
        let inside = |found: &Estimate| found.low.unwrap() <= truth && truth <= found.high.unwrap();
        covered += u32::from(inside(&found));
        bias += (found.value - truth) / f64::from(DRAWS);
        let legs: Vec<f64> = drawn.iter().flatten().copied().collect();
        let as_calls = [Stratum::of(calls, 0, &legs).unwrap()];
        naive += u32::from(inside(
            &mean(&as_calls, &Pools::none(), &settings).unwrap().unwrap(),
        ));
    }
    let share = |count: u32| f64::from(count) / f64::from(DRAWS);
    assert!((0.93..0.97).contains(&share(covered)), "{}", share(covered));
    assert!(share(naive) < 0.80, "{}", share(naive));
    assert!(bias.abs() < 0.2, "{bias}");
}

/// First and later calls of a journey, as far as a domain has them.
fn part(legs: &[f64], first: bool) -> Moments {
    let calls = if first { &legs[..1] } else { &legs[1..] };
    calls.iter().copied().collect()
}

#[test]
fn later_calls_are_told_from_first_ones_of_the_same_journeys() {
    let mut random = Random(20_260_703);
    let mut journeys = population(&mut random);
    let all = |first| {
        let mut all = Moments::new();
        journeys
            .iter()
            .for_each(|legs| all.merge(&part(legs, first)));
        all.mean().unwrap()
    };
    let truth = all(false) - all(true);
    let share = |legs: &[f64]| {
        legs.iter()
            .map(|score| f64::from(u8::from(*score >= 75.0)))
            .collect::<Moments>()
    };
    let mut passed = Moments::new();
    journeys.iter().for_each(|legs| passed.merge(&share(legs)));
    let passed = passed.mean().unwrap();
    let (settings, pools) = (Settings::default(), Pools::none());
    let (mut covered, mut apart, mut rates) = (0_u32, 0_u32, 0_u32);
    const DRAWS: u32 = 2_000;
    for _ in 0..DRAWS {
        for at in 0..40 {
            let other = at + (random.next() % (journeys.len() - at) as u64) as usize;
            journeys.swap(at, other);
        }
        let of = |first| {
            let parts = journeys[..40].iter().map(|legs| part(legs, first));
            [Clusters::new(400.0, 0, parts.collect()).unwrap()]
        };
        let found = cluster::difference(&of(false), &of(true), &pools, &settings);
        let found = found.unwrap().unwrap();
        covered += u32::from(found.low.unwrap() <= truth && truth <= found.high.unwrap());
        // As if the two kinds of calls were of different customers.
        let (later, first) = (
            mean_of(&of(false), &settings),
            mean_of(&of(true), &settings),
        );
        let error = later
            .standard_error
            .unwrap()
            .hypot(first.standard_error.unwrap());
        apart += u32::from((later.value - first.value - truth).abs() <= 2.0 * error);
        let all = [Clusters::new(
            400.0,
            0,
            journeys[..40].iter().map(|legs| share(legs)).collect(),
        )
        .unwrap()];
        let rate = cluster::rate(&all, &pools, RateMethod::Design, &settings);
        let rate = rate.unwrap().unwrap();
        rates += u32::from(rate.low <= passed && passed <= rate.high);
    }
    let share = |count: u32| f64::from(count) / f64::from(DRAWS);
    assert!((0.93..0.97).contains(&share(covered)), "{}", share(covered));
    assert!(share(apart) > 0.98, "{}", share(apart));
    // Calls of a journey fare mostly but not always alike, so a rate's margin is a little too wide.
    assert!((0.94..0.995).contains(&share(rates)), "{}", share(rates));
}
