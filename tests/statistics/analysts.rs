//! Agreement, severity and adjusted means against published figures.
use crate::vectors::{Entry, entry, table};
use evenhand::calibration::agreement::{
    Chance, agreement, chance_agreement, gwet_standard_error, percent_agreement,
};
use evenhand::calibration::icc::anova;
use evenhand::calibration::kappa::{cohen, fleiss};
use evenhand::calibration::krippendorff::{Metric, alpha};
use evenhand::calibration::layout::Observation;
use evenhand::calibration::ratings::Ratings;
use evenhand::calibration::severity::severity;
use evenhand::calibration::two_way::two_way;
use evenhand::calibration::two_way_random::random_raters;
use evenhand::calibration::weights::Weights;

const LEVEL: f64 = 0.95;

/// 12 units, 4 observers, categories 1 to 5.
fn krippendorff_2011() -> Ratings {
    let rows = table(include_str!("../golden/krippendorff2011.csv"));
    let rating = |cell: &String| cell.parse::<usize>().ok().map(|category| category - 1);
    Ratings::new(
        rows.iter()
            .map(|row| row[1..].iter().map(rating).collect())
            .collect(),
        5,
    )
    .unwrap()
}

/// The same table as Gwet prints it: the only rating of the last unit is observer C's, not B's. Only
/// Conger's kappa, which looks at each rater's own shares, can tell.
fn gwet_2014() -> Ratings {
    let mut rows = krippendorff_2011().units().to_vec();
    rows[11] = vec![None, None, Some(2), None];
    Ratings::new(rows, 5).unwrap()
}

fn pairs(a: &str, b: &str, first: char, categories: usize) -> Ratings {
    let at = |c: char| Some(c as usize - first as usize);
    Ratings::new(
        a.chars()
            .zip(b.chars())
            .map(|(a, b)| vec![at(a), at(b)])
            .collect(),
        categories,
    )
    .unwrap()
}

#[test]
fn t6_k2011_alpha_by_every_metric() {
    let want = entry("T6-k2011");
    let ratings = krippendorff_2011();
    let values = [1.0, 2.0, 3.0, 4.0, 5.0];
    for (key, metric) in [
        ("nominal", Metric::Nominal),
        ("ordinal", Metric::Ordinal),
        ("interval", Metric::Interval),
        ("ratio", Metric::Ratio),
    ] {
        let found = alpha(&ratings, &values, metric, LEVEL).unwrap().unwrap();
        want.meets_abs(key, found.value, 1e-12);
        if metric != Metric::Ratio {
            want.meets_abs(&format!("jackknife_se|{key}"), found.standard_error, 1e-12);
        }
    }
    let nominal = |ratings: &Ratings| {
        let values = vec![0.0; ratings.categories()];
        alpha(ratings, &values, Metric::Nominal, LEVEL)
            .unwrap()
            .map(|found| found.value)
    };
    want.meets_abs(
        "binary",
        nominal(&pairs("0100000010", "1110010000", '0', 2)),
        1e-12,
    );
    want.meets_abs(
        "nominal2",
        nominal(&pairs("aabbdcccedda", "babbbccceddd", 'a', 5)),
        1e-12,
    );
}

#[test]
fn t6_gwet4_every_coefficient_of_the_same_table() {
    let want = entry("T6-gwet4");
    let ratings = gwet_2014();
    let coefficient = |chance, weights| {
        agreement(&ratings, chance, weights, LEVEL)
            .unwrap()
            .map(|found| found.value)
    };
    let plain = Weights::Identity;
    want.meets_abs("ac1", coefficient(Chance::Gwet, plain), 1e-9);
    want.meets_abs("ac1_se", gwet_standard_error(&ratings, plain), 1e-9);
    let percent = percent_agreement(&ratings, plain, LEVEL).unwrap().unwrap();
    want.meets_abs("pa", percent.value, 1e-9);
    want.meets_abs("pe", chance_agreement(&ratings, Chance::Gwet, plain), 1e-9);
    want.meets_abs("fleiss", coefficient(Chance::Fleiss, plain), 1e-9);
    want.meets_abs("conger", coefficient(Chance::Conger, plain), 1e-9);
    want.meets_abs("bp", coefficient(Chance::BrennanPrediger, plain), 1e-9);
    want.meets_abs(
        "ac2_quadratic",
        coefficient(Chance::Gwet, Weights::Quadratic),
        1e-9,
    );
    want.meets_abs(
        "ac2_ordinal",
        coefficient(Chance::Gwet, Weights::Ordinal),
        1e-9,
    );
    let weighted = Metric::Weighted(Weights::Ordinal);
    let other = alpha(&ratings, &[0.0; 5], weighted, LEVEL)
        .unwrap()
        .unwrap();
    want.meets_abs("gwet_style_alpha_ordinal_weights", other.value, 1e-9);
}

#[test]
fn the_jackknife_says_nearly_what_gwets_linearised_error_says() {
    // Over units that all have two ratings; a lone rating inflates the linearised error.
    let rows = krippendorff_2011().units()[..11].to_vec();
    let ratings = Ratings::new(rows, 5).unwrap();
    let linearised = gwet_standard_error(&ratings, Weights::Identity).unwrap();
    let found = agreement(&ratings, Chance::Gwet, Weights::Identity, LEVEL)
        .unwrap()
        .unwrap();
    let jackknife = found.standard_error.unwrap();
    assert!(
        (jackknife - linearised).abs() < 0.01,
        "{jackknife} {linearised}"
    );
}

#[test]
fn t6_fleiss_psychiatric_diagnoses() {
    let want = entry("T6-fleiss");
    let rows = table(include_str!("../golden/fleiss1971.csv"));
    let counts: Vec<Vec<u64>> = rows
        .iter()
        .map(|row| row[1..].iter().map(|cell| cell.parse().unwrap()).collect())
        .collect();
    let found = fleiss(&counts).unwrap().unwrap();
    want.meets_abs("kappa", found.kappa, 1e-12);
    // Printed to 9 decimals.
    want.meets_abs("z", found.z, 1e-9);
    let categories: Vec<f64> = found.categories.into_iter().map(Option::unwrap).collect();
    want.meets_all_abs("category", &categories, 5e-4);
    let spread = |row: &Vec<u64>| -> Vec<Option<usize>> {
        let repeat = |(k, &count): (usize, &u64)| std::iter::repeat_n(Some(k), count as usize);
        row.iter().enumerate().flat_map(repeat).collect()
    };
    let ratings = Ratings::new(counts.iter().map(spread).collect(), 5).unwrap();
    let same = agreement(&ratings, Chance::Fleiss, Weights::Identity, LEVEL)
        .unwrap()
        .unwrap();
    want.meets_abs("kappa", same.value, 1e-12);
}

#[test]
fn t6_sf_six_intraclass_correlations_and_severity() {
    let want = entry("T6-sf");
    let rows = table(include_str!("../golden/shrout_fleiss1979.csv"));
    let scores: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| row[1..].iter().map(|cell| cell.parse().unwrap()).collect())
        .collect();
    let found = anova(&scores).unwrap();
    for (key, value) in [
        ("icc11", found.icc_1_1()),
        ("icc21", found.icc_2_1()),
        ("icc31", found.icc_3_1()),
        ("icc1k", found.icc_1_k()),
        ("icc2k", found.icc_2_k()),
        ("icc3k", found.icc_3_k()),
        ("ms|BMS", Some(found.between)),
        ("ms|JMS", Some(found.judges)),
        ("ms|EMS", Some(found.residual)),
        ("ms|WMS", Some(found.within)),
    ] {
        want.meets_abs(key, value, 1e-9);
    }
    let limits = found.icc_2_1_limits(LEVEL).unwrap();
    want.meets_all_abs("ci_icc21", &[limits.low, limits.high], 1e-9);
    let limits = found.icc_3_1_limits(LEVEL).unwrap();
    want.meets_all_abs("ci_icc31", &[limits.low, limits.high], 1e-9);
    let severity = severity(&found, LEVEL).unwrap();
    let values: Vec<f64> = severity.iter().map(|judge| judge.value).collect();
    want.meets_all_abs("severity", &values, 1e-9);
    want.meets_abs("severity_se", severity[0].standard_error, 1e-9);
    assert_eq!(severity[0].df, 15.0);
}

fn square(want: &Entry, path: &str) -> Vec<Vec<f64>> {
    let rows = want.at(path).as_array().unwrap().len();
    (0..rows)
        .map(|i| want.numbers(&format!("{path}|{i}")))
        .collect()
}

/// The ratings behind a table of counts of two raters.
fn expand(counts: &[Vec<f64>]) -> Ratings {
    let mut rows = Vec::new();
    for (i, row) in counts.iter().enumerate() {
        for (j, &count) in row.iter().enumerate() {
            rows.extend(std::iter::repeat_n(vec![Some(i), Some(j)], count as usize));
        }
    }
    Ratings::new(rows, counts.len()).unwrap()
}

#[test]
fn t6_cohen_kappa_and_its_paradoxes() {
    let want = entry("T6-cohen");
    let shares = square(&want, "cohen1968|p");
    let weights = square(&want, "cohen1968|disagreement_weights");
    want.meets_abs("cohen1968|kappa", cohen(&shares, None).unwrap(), 1e-9);
    want.meets_abs(
        "cohen1968|weighted",
        cohen(&shares, Some(&weights)).unwrap(),
        1e-9,
    );
    for key in ["t118", "t40"] {
        let ratings = check_two_by_two(&want, key);
        if key == "t118" {
            let po = percent_agreement(&ratings, Weights::Identity, LEVEL)
                .unwrap()
                .unwrap();
            want.meets_abs("t118|po", po.value, 1e-9);
        }
    }
    check_two_by_two(&want, "t80");
}

fn check_two_by_two(want: &Entry, key: &str) -> Ratings {
    let counts = square(want, &format!("{key}|table"));
    let ratings = expand(&counts);
    let value = |chance, weights| {
        agreement(&ratings, chance, weights, LEVEL)
            .unwrap()
            .map(|found| found.value)
    };
    want.meets_abs(&format!("{key}|kappa"), cohen(&counts, None).unwrap(), 1e-9);
    want.meets_abs(
        &format!("{key}|kappa"),
        value(Chance::Conger, Weights::Identity),
        1e-9,
    );
    // With two categories the quadratic weights are the plain ones.
    want.meets_abs(
        &format!("{key}|kappa"),
        value(Chance::Conger, Weights::Quadratic),
        1e-9,
    );
    want.meets_abs(
        &format!("{key}|ac1"),
        value(Chance::Gwet, Weights::Identity),
        1e-9,
    );
    ratings
}

#[test]
fn t9_bibd_adjusts_catalysts_for_batches() {
    let want = entry("T9-bibd");
    let number = |cell: &String| cell.parse::<f64>().unwrap();
    let observations: Vec<Observation> = table(include_str!("../golden/montgomery_bibd.csv"))
        .iter()
        .map(|row| Observation {
            row: number(&row[0]) as usize - 1,
            rater: number(&row[1]) as usize - 1,
            value: number(&row[2]),
        })
        .collect();
    let fit = two_way(&observations, 4, 4).unwrap();
    let of = |value: fn(&evenhand::calibration::two_way::AdjustedMean) -> f64| -> Vec<f64> {
        fit.rows.iter().map(value).collect()
    };
    want.meets_all_abs("raw", &of(|row| row.raw), 1e-9);
    want.meets_all_abs("adjusted", &of(|row| row.adjusted), 1e-9);
    for row in &fit.rows {
        want.meets_abs("se", row.standard_error, 1e-9);
    }
    for (left, right) in [(0, 1), (2, 3), (3, 0)] {
        let (value, error) = fit.difference(left, right).unwrap();
        want.meets_abs("diff_se", error, 1e-9);
        assert!((value - (fit.rows[left].adjusted - fit.rows[right].adjusted)).abs() < 1e-12);
    }
    let effects: Vec<f64> = fit.raters.iter().map(|rater| rater.effect).collect();
    want.meets_all_abs("rater_effect", &effects, 1e-9);
    want.meets_abs("df", fit.residual_df, 0.0);
    want.meets_abs("mse", fit.mse, 1e-9);
    want.meets_abs("F", fit.f, 1e-9);
    assert!(!fit.is_showable());

    let random = random_raters(&observations, 4, 4).unwrap();
    want.meets_all_abs("random_rater|est", &random.rows, 1e-6);
    want.meets_abs("random_rater|var", random.rater_variance, 1e-6);
    want.meets_abs("random_rater|resid", random.residual_variance, 1e-6);
}
