//! Quantiles against 40-digit references.
use evenhand::estimate::quantile::{chi_square_quantile, normal_quantile, t_quantile};

struct Row {
    dist: String,
    p: f64,
    df: f64,
    q: f64,
}

fn rows(text: &str, t: bool) -> Vec<Row> {
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .map(|row| {
            let row = row.unwrap();
            let at = |i: usize| row[i].parse::<f64>().unwrap_or(f64::NAN);
            if t {
                Row {
                    dist: "t".into(),
                    p: at(0),
                    df: at(1),
                    q: at(2),
                }
            } else {
                Row {
                    dist: row[0].into(),
                    p: at(1),
                    df: at(2),
                    q: at(3),
                }
            }
        })
        .collect()
}

fn worst(rows: &[Row], name: &str, quantile: impl Fn(&Row) -> Option<f64>) -> f64 {
    let mut worst = (0.0, String::new());
    let mut seen = 0;
    for row in rows.iter().filter(|row| row.dist == name) {
        seen += 1;
        let got = quantile(row).unwrap();
        let error = if row.q == 0.0 {
            got.abs()
        } else {
            (got / row.q - 1.0).abs()
        };
        if error > worst.0 {
            worst = (
                error,
                format!("p {} df {}: {got} for {}", row.p, row.df, row.q),
            );
        }
    }
    println!(
        "{name}: {seen} rows, worst relative error {:e} at {}",
        worst.0, worst.1
    );
    assert!(seen > 8);
    worst.0
}

#[test]
fn every_t_quantile_of_the_reference_is_met_within_1e_11() {
    let rows = rows(include_str!("../golden/t_quantiles_ref.csv"), true);
    assert_eq!(rows.len(), 567);
    assert!(worst(&rows, "t", |row| t_quantile(row.p, row.df)) < 1e-11);
}

#[test]
fn every_normal_and_chi_square_quantile_of_the_reference_is_met_within_1e_11() {
    let rows = rows(include_str!("../golden/norm_chi2_ref.csv"), false);
    assert_eq!(rows.len(), 121);
    assert!(worst(&rows, "norm", |row| normal_quantile(row.p)) < 1e-11);
    assert!(worst(&rows, "chi2", |row| chi_square_quantile(row.p, row.df)) < 1e-11);
}
