//! Krippendorff's alpha and its jackknife against the definition, added up pair by pair and again for every unit left out.
use evenhand::calibration::krippendorff::{Metric, alpha};
use evenhand::calibration::ratings::Ratings;
use evenhand::calibration::weights::Weights;
use proptest::prelude::*;

type Rows = Vec<Vec<Option<usize>>>;

/// Squared distance of two categories, by the margins n.
fn distance(metric: Metric, values: &[f64], n: &[f64], c: usize, k: usize) -> f64 {
    let (low, high) = (c.min(k), c.max(k));
    match metric {
        _ if c == k => 0.0,
        Metric::Nominal => 1.0,
        Metric::Ordinal => {
            let between: f64 = n[low..=high].iter().sum();
            (between - 0.5 * (n[c] + n[k])).powi(2)
        }
        Metric::Interval => (values[c] - values[k]).powi(2),
        Metric::Ratio if values[c] + values[k] == 0.0 => 0.0,
        Metric::Ratio => ((values[c] - values[k]) / (values[c] + values[k])).powi(2),
        Metric::Weighted(weights) => 1.0 - weights.of(c, k, values.len()),
    }
}

/// Alpha from the matrix of coincidences.
fn by_definition(rows: &[&Vec<Option<usize>>], values: &[f64], metric: Metric) -> Option<f64> {
    let q = values.len();
    let mut o = vec![vec![0.0; q]; q];
    for row in rows {
        let given: Vec<usize> = row.iter().flatten().copied().collect();
        for (i, c) in given.iter().enumerate() {
            for (_, k) in given.iter().enumerate().filter(|(j, _)| *j != i) {
                o[*c][*k] += 1.0 / (given.len() as f64 - 1.0);
            }
        }
    }
    let n: Vec<f64> = o
        .iter()
        .map(|row| row.iter().sum::<f64>().round())
        .collect();
    let (mut observed, mut expected) = (0.0, 0.0);
    for c in 0..q {
        for k in 0..q {
            let d = distance(metric, values, &n, c, k);
            observed += o[c][k] * d;
            expected += n[c] * n[k] * d;
        }
    }
    let all: f64 = n.iter().sum();
    (expected > 0.0).then(|| 1.0 - (all - 1.0) * observed / expected)
}

/// The jackknife's error, every unit left out in turn.
fn error_by_definition(rows: &Rows, values: &[f64], metric: Metric) -> Option<f64> {
    let rated: Vec<_> = (rows.iter())
        .filter(|row| row.iter().any(Option::is_some))
        .collect();
    let n = rated.len() as f64;
    let without = (0..rated.len()).map(|out| {
        let rest = rated.iter().enumerate().filter(|(at, _)| *at != out);
        let rest: Vec<_> = rest.map(|(_, row)| *row).collect();
        by_definition(&rest, values, metric)
    });
    let without = without.collect::<Option<Vec<f64>>>()?;
    let mean = without.iter().sum::<f64>() / n;
    let squares: f64 = without.iter().map(|one| (one - mean).powi(2)).sum();
    (rated.len() > 1).then(|| ((n - 1.0) / n * squares).sqrt())
}

#[track_caller]
fn check(rows: &Rows, values: &[f64], metric: Metric) {
    let ratings = Ratings::new(rows.clone(), values.len()).unwrap();
    let found = alpha(&ratings, values, metric, 0.95).unwrap();
    let all: Vec<_> = rows.iter().collect();
    let wanted = by_definition(&all, values, metric);
    assert_eq!(
        found.is_some(),
        wanted.is_some(),
        "{metric:?} {values:?} {rows:?}"
    );
    let Some((found, wanted)) = found.zip(wanted) else {
        return;
    };
    let near = |found: f64, wanted: f64, what| {
        let off = (found - wanted).abs();
        assert!(
            off < 1e-12 * wanted.abs().max(1.0),
            "{what} {found} for {wanted}, off by {off:e}: {metric:?} {values:?} {rows:?}"
        );
    };
    near(found.value, wanted, "alpha");
    let wanted = error_by_definition(rows, values, metric);
    assert_eq!(
        found.standard_error.is_some(),
        wanted.is_some(),
        "{metric:?} {values:?} {rows:?}"
    );
    if let Some((found, wanted)) = found.standard_error.zip(wanted) {
        near(found, wanted, "error");
    }
}

const METRICS: [Metric; 6] = [
    Metric::Nominal,
    Metric::Ordinal,
    Metric::Interval,
    Metric::Ratio,
    Metric::Weighted(Weights::Quadratic),
    Metric::Weighted(Weights::Ordinal),
];

/// Ratings of 2 to 6 raters by a scale of 2 to 7, some missing, with the values of the scale: many alike, one far out.
fn tables() -> impl Strategy<Value = (Rows, Vec<f64>)> {
    let value = prop_oneof![
        4 => (0_u8..9).prop_map(f64::from),
        1 => 0.0..10.0,
        1 => Just(1000.0),
    ];
    (2_usize..7, 2_usize..8, 1_usize..30).prop_flat_map(move |(raters, categories, units)| {
        let rating = prop_oneof![
            1 => Just(None),
            // Most say the same, so that much rests on few units.
            2 => Just(Some(0)),
            3 => (0..categories).prop_map(Some),
        ];
        let row = prop::collection::vec(rating, raters);
        (
            prop::collection::vec(row, units),
            prop::collection::vec(value.clone(), categories),
        )
    })
}

proptest! {
    #[test]
    fn a_unit_taken_off_is_a_unit_left_out((rows, values) in tables()) {
        for metric in METRICS {
            check(&rows, &values, metric);
        }
    }
}

#[test]
fn units_that_carry_nearly_all_distance_lose_no_digits() {
    let row = |a, b| vec![Some(a), Some(b)];
    let mut rows: Rows = (0..40).map(|i| row(i % 3, (i / 3) % 3)).collect();
    rows.push(row(3, 3));
    rows.push(row(0, 3));
    for far in [1e3, 1e6, 1e9] {
        check(&rows, &[0.0, 1.0, 2.0, far], Metric::Interval);
    }
    // Values a long way from 0.
    check(
        &rows,
        &[1e9, 1e9 + 1.0, 1e9 + 2.0, 1e9 + 5.0],
        Metric::Interval,
    );
}

#[test]
fn many_raters_who_all_say_something_else_are_no_exception() {
    // More pairs of categories than ratings in all.
    let rows: Rows = (0..4)
        .map(|unit| (0..9).map(|rater| Some(5 * unit + rater)).collect())
        .collect();
    let values: Vec<f64> = (0..24).map(f64::from).collect();
    for metric in METRICS {
        check(&rows, &values, metric);
    }
}
