//! Means, rates and gaps against published figures (R survey, SAS, Stata, Newcombe, Welch).

use crate::vectors::{entry, table};
use evenhand::estimate::design::{Stratum, Tally};
use evenhand::estimate::domain::difference;
use evenhand::estimate::error::EstimateError;
use evenhand::estimate::gap::{Gap, gap, paired};
use evenhand::estimate::interval::{Limits, clopper_pearson, newcombe, wilson, wilson_corrected};
use evenhand::estimate::mean::{Estimate, mean, total};
use evenhand::estimate::multiplicity::{benjamini_hochberg, bonferroni, holm};
use evenhand::estimate::pool::Pools;
use evenhand::estimate::quantile::{normal_quantile, t_quantile, t_two_sided};
use evenhand::estimate::rate::{RateMethod, rate};
use evenhand::estimate::settings::{DfRule, Settings, SingleRule};
use std::collections::BTreeMap;

/// A sampled unit: stratum, its population, and columns by position.
struct Unit {
    stratum: String,
    population: f64,
    row: Vec<String>,
}

fn units(text: &str, stratum: usize, population: usize) -> Vec<Unit> {
    let unit = |row: Vec<String>| Unit {
        stratum: row[stratum].clone(),
        population: row[population].parse().unwrap(),
        row,
    };
    table(text).into_iter().map(unit).collect()
}

fn strata(units: &[Unit], value: impl Fn(&[String]) -> Option<f64>) -> Vec<Stratum> {
    let mut tallies: BTreeMap<&str, (f64, Tally)> = BTreeMap::new();
    for unit in units {
        let entry = tallies
            .entry(&unit.stratum)
            .or_insert((unit.population, Tally::new()));
        entry.1.push(value(&unit.row));
    }
    let stratum = |(population, tally)| Stratum::new(population, 0, tally).unwrap();
    tallies.into_values().map(stratum).collect()
}

fn ice() -> Vec<Unit> {
    units(include_str!("../golden/sas_icecream.csv"), 0, 2)
}

fn spending(row: &[String]) -> f64 {
    row[1].parse().unwrap()
}

fn fpc_data() -> Vec<Unit> {
    units(include_str!("../golden/stata_fpc.csv"), 0, 1)
}

fn column(row: &[String], index: usize) -> f64 {
    row[index].parse().unwrap()
}

fn by_design() -> Settings {
    Settings {
        df: DfRule::Design,
        single: SingleRule::Fail,
        ..Settings::default()
    }
}

fn without_fpc(settings: Settings) -> Settings {
    Settings {
        fpc: false,
        ..settings
    }
}

fn mean_of(strata: &[Stratum], settings: &Settings) -> Estimate {
    mean(strata, &Pools::of(strata), settings).unwrap().unwrap()
}

fn total_of(strata: &[Stratum], settings: &Settings) -> Estimate {
    total(strata, &Pools::of(strata), settings)
        .unwrap()
        .unwrap()
}

#[test]
fn t1_ice_matches_sas_surveymeans() {
    let want = entry("T1-ice");
    let strata = strata(&ice(), |row| Some(spending(row)));
    let design = mean_of(&strata, &by_design());
    want.meets("mean", design.value, 1e-9);
    want.meets("se", design.standard_error, 1e-9);
    want.meets("df_design", design.df, 1e-9);
    want.meets("ci_design|0", design.low, 1e-9);
    want.meets("ci_design|1", design.high, 1e-9);
    assert!(!design.borrowed);
    assert_eq!(
        (design.n, design.population, design.unseen),
        (40, 4000.0, 0.0)
    );
    want.meets(
        "se_nofpc",
        mean_of(&strata, &without_fpc(by_design())).standard_error,
        1e-9,
    );
    let total = total_of(&strata, &by_design());
    want.meets("total", total.value, 1e-9);
    want.meets("se_total", total.standard_error, 1e-9);
    let ours = mean_of(&strata, &Settings::default());
    want.meets("satterthwaite_df", ours.df, 1e-9);
    want.meets("ci_satt|0", ours.low, 1e-9);
    want.meets("ci_satt|1", ours.high, 1e-9);
    for (i, stratum) in strata.iter().enumerate() {
        want.meets(&format!("strata|n|{i}"), stratum.sampled() as f64, 0.0);
        want.meets(&format!("strata|mean|{i}"), stratum.values().mean(), 1e-9);
        want.meets(&format!("strata|s2|{i}"), stratum.values().variance(), 1e-9);
    }
}

#[test]
fn t1_fpc_matches_stata_and_r() {
    let want = entry("T1-fpc");
    let strata = strata(&fpc_data(), |row| Some(column(row, 2)));
    let estimate = mean_of(&strata, &by_design());
    want.meets("mean", estimate.value, 1e-9);
    want.meets("se_fpc", estimate.standard_error, 1e-9);
    want.meets("df", estimate.df, 1e-9);
    want.meets("ci_fpc|0", estimate.low, 1e-9);
    want.meets("ci_fpc|1", estimate.high, 1e-9);
    want.meets(
        "se_nofpc",
        mean_of(&strata, &without_fpc(by_design())).standard_error,
        1e-9,
    );
    let total = total_of(&strata, &by_design());
    want.meets("total", total.value, 1e-9);
    want.meets("se_total", total.standard_error, 1e-9);
    // Printed to six digits, from data rounded to 32 bits.
    want.meets("satterthwaite_df", estimate.satterthwaite_df, 1e-5);
}

#[test]
fn t1_fpc_domain_keeps_the_zeros_of_calls_outside_it() {
    let want = entry("T1-fpc-domain");
    let domain = |keep: fn(f64) -> bool| {
        strata(&fpc_data(), move |row| {
            Some(column(row, 2)).filter(|&x| keep(x))
        })
    };
    let above = mean_of(&domain(|x| x > 4.0), &by_design());
    want.meets("mean", above.value, 1e-9);
    want.meets("se_fpc", above.standard_error, 1e-9);
    want.meets("df_full", above.df, 1e-9);
    want.meets("ci_fulldf|0", above.low, 1e-9);
    want.meets("ci_fulldf|1", above.high, 1e-9);
    let process = mean_of(&domain(|x| x > 4.0), &without_fpc(by_design()));
    want.meets("se_nofpc", process.standard_error, 1e-9);
    // R drops calls outside the domain from its degrees of freedom: n inside minus strata.
    want.meets("df_R_subset", above.n as f64 - 2.0, 0.0);
    let below = mean_of(&domain(|x| x <= 4.0), &by_design());
    want.meets("mean_le4", below.value, 1e-9);
    want.meets("se_le4_fpc", below.standard_error, 1e-9);
    // One call of each stratum is inside, which is no single-call stratum: nothing is borrowed.
    let default = mean_of(&domain(|x| x <= 4.0), &Settings::default());
    assert_eq!(
        (default.standard_error, default.borrowed),
        (below.standard_error, false)
    );
}

#[test]
fn t1_ice_domain_difference_counts_the_covariance() {
    let want = entry("T1-ice-domain");
    let high = strata(&ice(), |row| Some(spending(row)).filter(|&y| y >= 10.0));
    let low = strata(&ice(), |row| Some(spending(row)).filter(|&y| y < 10.0));
    let settings = by_design();
    let (top, bottom) = (mean_of(&high, &settings), mean_of(&low, &settings));
    want.meets("mean_hi", top.value, 1e-8);
    want.meets("se_hi", top.standard_error, 1e-8);
    want.meets("mean_lo", bottom.value, 1e-8);
    want.meets("se_lo", bottom.standard_error, 1e-8);
    let gap = difference(&high, &low, &[], &Pools::none(), &settings)
        .unwrap()
        .unwrap();
    let squares = |estimate: &Estimate| estimate.standard_error.unwrap().powi(2);
    let error = gap.standard_error.unwrap();
    want.meets(
        "cov",
        0.5 * (squares(&top) + squares(&bottom) - error * error),
        1e-8,
    );
    want.meets("diff", gap.value, 1e-8);
    want.meets("t", gap.value / error, 1e-8);
    want.meets(
        "p",
        t_two_sided(gap.value / error, want.number("df_R")),
        1e-8,
    );
}

#[test]
fn t1_api_matches_r_survey() {
    let want = entry("T1-api");
    let units = units(include_str!("../golden/apistrat.csv"), 1, 8);
    let api = |row: &[String]| column(row, 2);
    let all = strata(&units, |row| Some(api(row)));
    let design = mean_of(&all, &by_design());
    want.meets("mean", design.value, 1e-9);
    want.meets("se", design.standard_error, 1e-9);
    want.meets("df", design.df, 1e-9);
    want.meets("ci|0", design.low, 1e-9);
    want.meets("ci|1", design.high, 1e-9);
    let ours = mean_of(&all, &Settings::default());
    want.meets("satterthwaite_df", ours.df, 1e-9);
    want.meets("ci_satt|0", ours.low, 1e-9);
    want.meets("ci_satt|1", ours.high, 1e-9);
    let domain = |answer: &'static str| {
        strata(&units, move |row| {
            Some(api(row)).filter(|_| row[5] == answer)
        })
    };
    let (yes, no) = (domain("Yes"), domain("No"));
    for (name, strata) in [("schwide_Yes", &yes), ("schwide_No", &no)] {
        let estimate = mean_of(strata, &by_design());
        want.meets(&format!("{name}|0"), estimate.value, 1e-9);
        want.meets(&format!("{name}|1"), estimate.standard_error, 1e-9);
    }
    let gap = difference(&yes, &no, &[], &Pools::none(), &by_design())
        .unwrap()
        .unwrap();
    want.meets("schwide_diff|0", gap.value, 1e-9);
    want.meets("schwide_diff|1", gap.standard_error, 1e-9);
    let enroll = total_of(&strata(&units, |row| Some(column(row, 3))), &by_design());
    want.meets("enroll_total|0", enroll.value, 1e-9);
    want.meets("enroll_total|1", enroll.standard_error, 1e-9);
}

#[test]
fn t1_single_mirrors_the_lonely_psu_options_of_r() {
    let want = entry("T1-single");
    let of = |population, values: &[f64]| Stratum::of(population, 0, values).unwrap();
    let strata = [
        of(21.0, &[30.5, 40.5]),
        of(40.0, &[35.0, 52.0]),
        of(15.0, &[44.0]),
    ];
    let rule = |single| {
        without_fpc(Settings {
            single,
            ..by_design()
        })
    };
    let variance = |single| {
        let total = total_of(&strata, &rule(single));
        want.meets("total", total.value, 1e-7);
        total.standard_error.unwrap().powi(2)
    };
    want.meets("var_total_remove", variance(SingleRule::Remove), 1e-7);
    want.meets("var_total_certainty", variance(SingleRule::Remove), 1e-7);
    want.meets("var_total_adjust", variance(SingleRule::Adjust), 1e-7);
    let removed = mean_of(&strata, &rule(SingleRule::Remove));
    want.meets("mean", removed.value, 1e-7);
    want.meets("se_mean_remove", removed.standard_error, 1e-7);
    let averaged = mean_of(&strata, &rule(SingleRule::Average));
    want.meets("se_mean_average", averaged.standard_error, 1e-7);
    let refused = mean(&strata, &Pools::of(&strata), &rule(SingleRule::Fail));
    assert_eq!(refused, Err(EstimateError::SingleCall { stratum: 2 }));
}

fn z() -> f64 {
    normal_quantile(0.975).unwrap()
}

#[test]
fn t2_newcombe_limits_of_single_rates() {
    let want = entry("T2-newcombe");
    for key in ["81/263", "15/148", "0/20", "1/29"] {
        let (x, n) = key.split_once('/').unwrap();
        let (x, n): (u64, u64) = (x.parse().unwrap(), n.parse().unwrap());
        let limits = [
            ("wilson", wilson(x as f64 / n as f64, n as f64, z())),
            ("wilson_cc", wilson_corrected(x, n, z())),
            ("clopper_pearson", clopper_pearson(x, n, 0.95)),
        ];
        for (method, limits) in limits {
            let limits = limits.unwrap();
            // Printed to 12 decimals at most: the smallest limits carry 11 digits.
            want.meets(&format!("{method}|{key}|0"), limits.low, 1e-9);
            want.meets(&format!("{method}|{key}|1"), limits.high, 1e-9);
        }
    }
}

#[test]
fn t2_diff_newcombe_hybrid_score() {
    let want = entry("T2-diff");
    let side = |text: &str| -> (f64, Limits) {
        let (x, n) = text.split_once('/').unwrap();
        let (x, n): (f64, f64) = (x.parse().unwrap(), n.parse().unwrap());
        (x / n, wilson(x / n, n, z()).unwrap())
    };
    for key in [
        "56/70-48/80",
        "9/10-3/10",
        "6/7-2/7",
        "0/10-0/20",
        "10/10-0/20",
    ] {
        let (left, right) = key.split_once('-').unwrap();
        let limits = newcombe(side(left), side(right));
        want.meets_abs(&format!("{key}|0"), limits.low, 1e-9);
        want.meets_abs(&format!("{key}|1"), limits.high, 1e-9);
    }
}

#[test]
fn t2_neff_rates_by_three_methods() {
    let want = entry("T2-neff");
    let strata = strata(&ice(), |row| {
        Some(f64::from(u8::from(spending(row) >= 10.0)))
    });
    let by = |method| {
        rate(&strata, &Pools::none(), method, &by_design())
            .unwrap()
            .unwrap()
    };
    let design = by(RateMethod::Design);
    want.meets("ice_p", design.value, 1e-9);
    want.meets("ice_se", design.standard_error, 1e-9);
    want.meets("ice_neff", design.effective_n, 1e-9);
    for (key, rate) in [
        ("ice_wilson", design),
        ("ice_survey_wilson", by(RateMethod::Survey)),
        ("ice_beta", by(RateMethod::Beta)),
    ] {
        want.meets_all(key, &[rate.low, rate.high], 1e-9);
    }
    let pass = |population, n| Stratum::of(population, 0, &vec![1.0; n]).unwrap();
    let strata = [pass(120.0, 6), pass(30.0, 4)];
    let settings = Settings::default();
    let all = rate(&strata, &Pools::none(), RateMethod::Design, &settings)
        .unwrap()
        .unwrap();
    want.meets("allpass_neff", all.effective_n, 1e-9);
    want.meets_all("allpass_wilson", &[all.low, all.high], 1e-9);
}

#[test]
fn t2_na_rates_leave_out_what_does_not_apply() {
    let want = entry("T2-na");
    let (yes, no, na) = (Some(1.0), Some(0.0), None);
    let external = Stratum::of_domain(120.0, 1, &[yes, yes, no, yes, na, yes]).unwrap();
    let internal = Stratum::of_domain(30.0, 0, &[yes, na, no, yes]).unwrap();
    let strata = [external, internal];
    let rate = rate(&strata, &Pools::none(), RateMethod::Design, &by_design())
        .unwrap()
        .unwrap();
    want.meets("p", rate.value, 1e-9);
    want.meets("se", rate.standard_error, 1e-9);
    want.meets("neff", rate.effective_n, 1e-9);
    want.meets_all("wilson", &[rate.low, rate.high], 1e-9);
    assert_eq!((rate.n, rate.passed), (8, 6.0));
}

/// Welch's gap of two plain samples from populations that do not matter.
fn welch(left: &[f64], right: &[f64]) -> Gap {
    let side = |pool, values| [Stratum::of(1e6, pool, values).unwrap()];
    gap(
        &side(0, left),
        &side(1, right),
        &Pools::none(),
        &Settings::comparison(),
    )
    .unwrap()
    .unwrap()
}

const SLEEP: ([f64; 10], [f64; 10]) = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
);

#[test]
fn t3_welch_examples() {
    let want = entry("T3-welch");
    for key in ["ex1", "ex4"] {
        let gap = welch(
            &want.numbers(&format!("{key}|a")),
            &want.numbers(&format!("{key}|b")),
        );
        want.meets(&format!("{key}|t"), gap.t, 1e-9);
        want.meets(&format!("{key}|df"), gap.df, 1e-9);
        want.meets(&format!("{key}|p"), gap.p, 1e-9);
    }
    let sleep = welch(&SLEEP.0, &SLEEP.1);
    want.meets("sleep|t", sleep.t, 1e-9);
    want.meets("sleep|df", sleep.df, 1e-9);
    want.meets("sleep|p", sleep.p, 1e-9);
    want.meets("sleep|ci|0", sleep.low, 1e-9);
    want.meets("sleep|ci|1", sleep.high, 1e-9);
}

fn grade_gap(settings: &Settings) -> Gap {
    let all = strata(&ice(), |row| Some(spending(row)));
    // Grade 8 spends more; strata are in order of grade.
    gap(&all[1..2], &all[0..1], &Pools::of(&all), settings)
        .unwrap()
        .unwrap()
}

#[test]
fn t3_gap_without_fpc_compares_processes() {
    let want = entry("T3-gap-nofpc");
    let gap = grade_gap(&Settings::comparison());
    want.meets("diff", gap.value, 1e-9);
    want.meets("se", gap.standard_error, 1e-9);
    want.meets("df", gap.df, 1e-9);
    want.meets("t", gap.t, 1e-9);
    want.meets("p", gap.p, 1e-9);
    want.meets("ci|0", gap.low, 1e-9);
    want.meets("ci|1", gap.high, 1e-9);
}

#[test]
fn t3_gap_with_fpc_compares_these_very_calls() {
    let want = entry("T3-gapfpc");
    let gap = grade_gap(&Settings::default());
    want.meets("diff", gap.value, 1e-9);
    want.meets("se", gap.standard_error, 1e-9);
    want.meets("df", gap.df, 1e-9);
    want.meets("t", gap.t, 1e-9);
    want.meets("p", gap.p, 1e-7);
    want.meets("ci|0", gap.low, 1e-9);
    want.meets("ci|1", gap.high, 1e-9);
}

#[test]
fn t3_bh_rejects_four_where_bonferroni_rejects_three() {
    let want = entry("T3-bh");
    let p: Vec<Option<f64>> = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262,
        0.5719, 0.6528, 0.759, 1.0,
    ]
    .map(Some)
    .to_vec();
    let known =
        |values: Vec<Option<f64>>| values.into_iter().map(Option::unwrap).collect::<Vec<_>>();
    let rejected = |values: &[f64]| values.iter().filter(|&&q| q <= 0.05).count() as f64;
    let q = known(benjamini_hochberg(&p));
    want.meets_all("bh", &q, 1e-9);
    want.meets_all("holm", &known(holm(&p)), 1e-9);
    want.meets("rejected_bh", rejected(&q), 0.0);
    want.meets("rejected_bonferroni", rejected(&known(bonferroni(&p))), 0.0);
}

#[test]
fn t8_paired_is_students_test_of_1908() {
    let want = entry("T8-paired");
    let gap = paired(&SLEEP.0, &SLEEP.1, 0.95).unwrap().unwrap();
    want.meets("mean", gap.value, 1e-9);
    want.meets("t", gap.t, 1e-9);
    want.meets("df", gap.df, 1e-9);
    want.meets("p", gap.p, 1e-9);
    want.meets("ci|0", gap.low, 1e-9);
    want.meets("ci|1", gap.high, 1e-9);
}

#[test]
fn t10_q_single_quantiles() {
    let want = entry("T10-q");
    want.meets("t_975_1", t_quantile(0.975, 1.0), 1e-10);
    want.meets("t_975_6", t_quantile(0.975, 6.0), 1e-10);
    want.meets("norm_975", normal_quantile(0.975), 1e-10);
}
