//! Steadied values, plans, allocation, charts and the fairness of the sampler.
use crate::vectors::{entry, table};
use evenhand::estimate::allocate::{Allocation, Demand, allocate, shares};
use evenhand::estimate::fit::inclusion_fit;
use evenhand::estimate::plan::{
    PlannedStratum, size_for_mean, size_for_rate, size_for_rate_by_wilson, variance_of_total,
};
use evenhand::estimate::power::{calls_for_power, detectable_gap, detectable_gap_exact, power};
use evenhand::estimate::shrink::{Group, james_stein, steady};
use evenhand::estimate::trend::{
    EwmaRule, a3, c4, ewma, ewma_asymptote, p_chart, p_chart_distance, x_bar,
};
use sha2::{Digest, Sha256};

const LEVEL: f64 = 0.95;

fn numbers(text: &str, column: usize) -> Vec<f64> {
    table(text)
        .iter()
        .map(|row| row[column].parse().unwrap())
        .collect()
}

#[test]
fn t4_baseball_shrinks_as_efron_and_morris_published() {
    let want = entry("T4-baseball");
    let text = include_str!("../golden/efron_morris_baseball.csv");
    let (hits, y, season) = (numbers(text, 1), numbers(text, 3), numbers(text, 4));
    let mean = y.iter().sum::<f64>() / 18.0;
    want.meets("mean_3dp", mean, 1e-9);
    let c = james_stein(&y, mean * (1.0 - mean) / 45.0).unwrap();
    want.meets("c_1977", c, 1e-9);
    let sse = |guess: &dyn Fn(f64) -> f64| -> f64 {
        y.iter()
            .zip(&season)
            .map(|(&y, &s)| (guess(y) - s).powi(2))
            .sum()
    };
    let (raw, shrunk) = (sse(&|y| y), sse(&|y| mean + c * (y - mean)));
    want.meets("sse_mle", raw, 1e-9);
    want.meets("sse_js_linear", shrunk, 1e-9);
    want.meets("ratio", raw / shrunk, 1e-4);

    let root = 45.0_f64.sqrt();
    let arcsine = |p: f64| root * (2.0 * p - 1.0).asin();
    let x: Vec<f64> = hits.iter().map(|hits| arcsine(hits / 45.0)).collect();
    let factor = james_stein(&x, 1.0).unwrap();
    want.meets("shrink_arcsine_hits", factor, 1e-9);
    want.meets("S_arcsine_hits", 15.0 / (1.0 - factor), 1e-9);
    let x: Vec<f64> = y.iter().map(|&y| arcsine(y)).collect();
    let factor = james_stein(&x, 1.0).unwrap();
    let center = x.iter().sum::<f64>() / 18.0;
    let back: Vec<f64> = x
        .iter()
        .map(|x| 0.5 * (((center + factor * (x - center)) / root).sin() + 1.0))
        .collect();
    want.meets_all_abs("js_arcsine_3dp", &back, 5e-4);
}

#[test]
fn t4_8schools_show_no_difference() {
    let want = entry("T4-8schools");
    let y = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
    let error = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
    let groups: Vec<Group> = y
        .iter()
        .zip(error)
        .map(|(&value, e)| Group {
            value,
            variance: e * e,
        })
        .collect();
    let steadied = steady(&groups).unwrap();
    want.meets("Q", steadied.heterogeneity, 1e-9);
    want.meets("tau2", steadied.between_variance, 0.0);
    want.meets("mu", steadied.center, 1e-9);
    want.meets("se", steadied.center_error, 1e-9);
    for value in &steadied.values {
        want.meets("shrunk_all", value.value, 1e-9);
    }
    assert!(!steadied.shows_differences());
}

#[test]
fn t5_srs_sample_sizes() {
    let want = entry("T5-srs");
    let rate = |margin, p, population| size_for_rate(margin, p, population, LEVEL).unwrap();
    let sizes = [
        rate(0.03, 0.5, None),
        rate(0.03, 0.5, Some(2_000)),
        rate(0.03, 0.5, Some(200_000)),
    ];
    for (i, key) in ["n0_e03", "n_N2000", "n_N200000"].into_iter().enumerate() {
        want.meets(key, sizes[i].exact, 1e-9);
        want.meets(&format!("ceil|{i}"), sizes[i].calls as f64, 0.0);
    }
    let mean = |margin| size_for_mean(margin, 10.0, Some(300), LEVEL).unwrap().calls as f64;
    want.meets("mean_e4_S10_N300", mean(4.0), 0.0);
    want.meets("mean_e1_S10_N300", mean(1.0), 0.0);
    want.meets(
        "prop_e05_N300",
        rate(0.05, 0.5, Some(300)).calls as f64,
        0.0,
    );
    want.meets("prop_e05_Ninf", rate(0.05, 0.5, None).calls as f64, 0.0);
    want.meets(
        "prop_e10_N1000",
        rate(0.10, 0.5, Some(1_000)).calls as f64,
        0.0,
    );
    let wilson = size_for_rate_by_wilson(0.01, 0.04, LEVEL).unwrap();
    want.meets("nWilson_p04_e01", wilson.exact, 1e-9);
    want.meets("nPropMoe_p04_e01", rate(0.01, 0.04, None).exact, 1e-9);
}

fn demands(population: &[f64], deviation: &[f64]) -> Vec<Demand> {
    let demand = |(&n, &deviation): (&f64, &f64)| Demand {
        population: n as u64,
        deviation,
    };
    population.iter().zip(deviation).map(demand).collect()
}

fn variance(strata: &[Demand], calls: &[f64]) -> f64 {
    let planned = |(stratum, &calls): (&Demand, &f64)| PlannedStratum {
        population: stratum.population as f64,
        calls,
        deviation: stratum.deviation,
    };
    let planned: Vec<PlannedStratum> = strata.iter().zip(calls).map(planned).collect();
    variance_of_total(&planned).unwrap()
}

fn integers(strata: &[Demand], total: u64, allocation: Allocation, least: u64) -> Vec<f64> {
    let calls = allocate(strata, total, allocation, least).unwrap();
    calls.into_iter().map(|calls| calls as f64).collect()
}

#[test]
fn t5_alloc_neyman_proportional_and_wrights_integers() {
    let want = entry("T5-alloc");
    let strata = demands(&want.numbers("neyman|N"), &want.numbers("neyman|S"));
    let neyman = shares(&strata, 100.0, Allocation::Neyman).unwrap();
    want.meets_all("neyman|nh", &neyman, 1e-9);
    let population: f64 = strata.iter().map(|stratum| stratum.population as f64).sum();
    want.meets(
        "neyman|se",
        variance(&strata, &neyman).sqrt() / population,
        1e-9,
    );
    want.meets_all(
        "neyman|wright_integer",
        &integers(&strata, 100, Allocation::Neyman, 2),
        0.0,
    );

    let s: Vec<f64> = want
        .numbers("cochran64|S2")
        .iter()
        .map(|s2| s2.sqrt())
        .collect();
    let cities = demands(&want.numbers("cochran64|N"), &s);
    assert_eq!(
        integers(&cities, 24, Allocation::Proportional, 2),
        [6.0, 18.0]
    );
    assert_eq!(integers(&cities, 24, Allocation::Equal, 2), [12.0, 12.0]);
    want.meets(
        "cochran64|V_prop_6_18",
        variance(&cities, &[6.0, 18.0]),
        1e-9,
    );
    want.meets(
        "cochran64|V_equal_12_12",
        variance(&cities, &[12.0, 12.0]),
        1e-9,
    );
    let neyman = shares(&cities, 24.0, Allocation::Neyman).unwrap();
    want.meets_all("cochran64|neyman24", &neyman, 1e-9);
    want.meets_all(
        "cochran64|wright24",
        &integers(&cities, 24, Allocation::Neyman, 2),
        0.0,
    );

    let strata = demands(&want.numbers("stratasamp|N"), &want.numbers("stratasamp|S"));
    want.meets_all(
        "stratasamp|prop",
        &integers(&strata, 500, Allocation::Proportional, 2),
        0.0,
    );
    want.meets_all(
        "stratasamp|opt",
        &integers(&strata, 500, Allocation::Neyman, 2),
        0.0,
    );

    let strata = demands(
        &want.numbers("wright_min1|N"),
        &want.numbers("wright_min1|S"),
    );
    let calls = integers(&strata, 10, Allocation::Neyman, 1);
    want.meets_all("wright_min1|nh", &calls, 0.0);
    want.meets("wright_min1|V_total", variance(&strata, &calls), 1e-9);
}

#[test]
fn t5_mdg_power_and_detectable_gaps() {
    let want = entry("T5-mdg");
    want.meets("power", power(20.0, 1.0, 1.0, LEVEL).unwrap(), 1e-6);
    want.meets("n", calls_for_power(1.0, 1.0, 0.9, LEVEL).unwrap(), 1e-6);
    for calls in ["3", "4", "5", "8", "10", "20", "50"] {
        let n: f64 = calls.parse().unwrap();
        let gap = detectable_gap_exact(n, 12.0, 0.8, LEVEL).unwrap();
        // The reference stops its root search at a power of 0.8 within 1e-6.
        want.meets(&format!("mdg_sd12_power80|{calls}"), gap, 5e-6);
        assert!((power(n, gap, 12.0, LEVEL).unwrap() - 0.8).abs() < 1e-9);
    }
    for (calls, tolerance) in [("4", 1e-4), ("5", 1e-4), ("10", 1e-3), ("20", 1e-3)] {
        let n: u64 = calls.parse().unwrap();
        let gap = detectable_gap((n, 12.0), (n, 12.0), 0.8, LEVEL).unwrap();
        // Printed to 4 decimals, the last two to 3.
        want.meets_abs(&format!("mdg_tplus_t_sd12|{calls}"), gap, tolerance);
    }
}

fn key(seed: &str, call_id: &str) -> String {
    let digest = Sha256::digest(format!("{seed}:{call_id}").as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn t7_key_orders_calls_by_sha256_of_seed_and_call_id() {
    let want = entry("T7-key");
    let mut keyed: Vec<(String, String, usize)> = (1..=12)
        .map(|i| (i, format!("call-{i:03}")))
        .map(|(i, id)| (key("demo-2024", &id), id, i))
        .collect();
    assert_eq!(keyed[0].0, want.text("key_call001"));
    keyed.sort();
    let order = |internal: bool| -> Vec<&str> {
        let wanted = keyed.iter().filter(|(_, _, i)| (i % 4 == 0) == internal);
        wanted.map(|(_, id, _)| id.as_str()).collect()
    };
    assert_eq!(serde_json::json!(order(false)), *want.at("order_external"));
    assert_eq!(serde_json::json!(order(true)), *want.at("order_internal"));
    let hex = |text: &str| -> String {
        Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    };
    assert_eq!(hex("abc"), want.text("sha256_abc"));
    assert!(want.text("spark_doc").ends_with(&hex("Spark")));
}

#[test]
fn t7_gof_ten_thousand_seeds_draw_evenly() {
    let want = entry("T7-gof");
    let ids: Vec<String> = (1..=50).map(|i| format!("C{i:04}")).collect();
    let mut counts = vec![0_u64; 50];
    for draw in 1..=10_000 {
        let mut keyed: Vec<([u8; 32], usize)> = ids
            .iter()
            .enumerate()
            .map(|(i, id)| (Sha256::digest(format!("t{draw}:{id}").as_bytes()).into(), i))
            .collect();
        keyed.select_nth_unstable(4);
        keyed[..5].iter().for_each(|(_, i)| counts[*i] += 1);
    }
    let fit = inclusion_fit(&counts, 5, 10_000).unwrap();
    want.meets("T", fit.statistic, 1e-9);
    want.meets("naive", fit.naive, 1e-9);
    want.meets("p", fit.p, 1e-9);
    want.meets("df", fit.df, 0.0);
    let counts: Vec<f64> = counts.into_iter().map(|count| count as f64).collect();
    want.meets("min", counts.iter().copied().reduce(f64::min), 0.0);
    want.meets("max", counts.iter().copied().reduce(f64::max), 0.0);
    want.meets_all("first5", &counts[..5], 0.0);
    // The 99 % limits of chi-square with 49 degrees of freedom.
    assert!(fit.p > 0.005 && fit.p < 0.995, "{fit:?}");
}

#[test]
fn t8_ewma_follows_the_nist_handbook() {
    let want = entry("T8-ewma");
    let x = numbers(include_str!("../golden/nist_ewma.csv"), 1);
    let weeks: Vec<Option<(f64, f64)>> = x.into_iter().map(|x| Some((x, 1.0))).collect();
    let rule = EwmaRule {
        weight: 0.3,
        width: 3.0,
    };
    let points = ewma(&weeks, 50.0, 2.0539, &rule).unwrap();
    let z: Vec<f64> = points.iter().map(|point| point.value).collect();
    want.meets_all_abs("z", &z, 1e-6);
    let half = ewma_asymptote(2.0539, 1, &rule).unwrap();
    want.meets_all_abs("asym", &[50.0 - half, 50.0 + half], 1e-6);
    want.meets_all_abs("exact_limits_t1", &[points[0].low, points[0].high], 1e-6);
}

#[test]
fn t8_p_charts_of_nist_and_montgomery() {
    let want = entry("T8-p");
    let weeks = |text: &str| -> Vec<(u64, u64)> {
        let rows = table(text);
        rows.iter()
            .map(|row| (row[2].parse().unwrap(), row[1].parse().unwrap()))
            .collect()
    };
    let numbered = |out: Vec<usize>| out.into_iter().map(|i| (i + 1) as f64).collect::<Vec<_>>();
    let wafer = p_chart(&weeks(include_str!("../golden/nist_wafer_p.csv")))
        .unwrap()
        .unwrap();
    let first = wafer.points[0].unwrap();
    want.meets_abs("wafer|cl", wafer.center, 1e-9);
    want.meets_abs("wafer|lcl", first.low, 1e-9);
    want.meets_abs("wafer|ucl", first.high, 1e-9);
    want.meets_all("wafer|out", &numbered(wafer.out()), 0.0);

    let weeks = weeks(include_str!("../golden/montgomery_purchase_orders.csv"));
    let orders = p_chart(&weeks).unwrap().unwrap();
    want.meets_abs("po|pbar", orders.center, 1e-9);
    for calls in [80, 90, 100, 110, 120] {
        let week = weeks.iter().position(|week| week.1 == calls).unwrap();
        let point = orders.points[week].unwrap();
        want.meets_all_abs(
            &format!("po|limits|{calls}"),
            &[point.low, point.high],
            1e-9,
        );
    }
    want.meets_all("po|out", &numbered(orders.out()), 0.0);
    let (events, calls) = weeks[10];
    // Printed to 6 decimals.
    want.meets_abs(
        "po|z11",
        p_chart_distance(orders.center, events, calls),
        1e-6,
    );
}

/// n, A3 and c4 as ASTM prints them (Manual on Presentation of Data and Control Chart Analysis; Montgomery, Introduction to
/// Statistical Quality Control, appendix VI).
const ASTM: [(f64, f64, f64); 24] = [
    (2.0, 2.659, 0.7979),
    (3.0, 1.954, 0.8862),
    (4.0, 1.628, 0.9213),
    (5.0, 1.427, 0.9400),
    (6.0, 1.287, 0.9515),
    (7.0, 1.182, 0.9594),
    (8.0, 1.099, 0.9650),
    (9.0, 1.032, 0.9693),
    (10.0, 0.975, 0.9727),
    (11.0, 0.927, 0.9754),
    (12.0, 0.886, 0.9776),
    (13.0, 0.850, 0.9794),
    (14.0, 0.817, 0.9810),
    (15.0, 0.789, 0.9823),
    (16.0, 0.763, 0.9835),
    (17.0, 0.739, 0.9845),
    (18.0, 0.718, 0.9854),
    (19.0, 0.698, 0.9862),
    (20.0, 0.680, 0.9869),
    (21.0, 0.663, 0.9876),
    (22.0, 0.647, 0.9882),
    (23.0, 0.633, 0.9887),
    (24.0, 0.619, 0.9892),
    (25.0, 0.606, 0.9896),
];

#[test]
fn x_bar_limits_are_those_of_the_printed_factors() {
    for (n, a3_printed, c4_printed) in ASTM {
        let (found, expected) = (a3(n).unwrap(), a3_printed);
        assert!(
            (found - expected).abs() < 0.0006,
            "A3 of {n}: {found}, {expected}"
        );
        let (found, expected) = (c4(n).unwrap(), c4_printed);
        assert!(
            (found - expected).abs() < 0.00006,
            "c4 of {n}: {found}, {expected}"
        );
    }
    // The piston rings (Montgomery, example 6.3): samples of 5, center 74.001, mean deviation 0.0094.
    let rings = [Some((74.001, 5.0)); 25];
    let chart = x_bar(&rings, 0.0094).unwrap().unwrap();
    let point = chart.points[0].unwrap();
    assert_eq!(
        (format!("{:.3}", point.low), format!("{:.3}", point.high)),
        ("73.988".to_owned(), "74.014".to_owned())
    );
}
