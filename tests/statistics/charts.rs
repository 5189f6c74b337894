//! How often weeks lie outside their limits where nothing changes: months drawn by CSR and caller type, weeks as they fall.
use std::collections::BTreeMap;

use evenhand::estimate::moments::Moments;
use evenhand::estimate::trend::{ChartPoint, EwmaRule, ewma, x_bar};

use crate::simulation::Random;

const CSRS: usize = 12;
const MONTHS: u64 = 5;
const DAYS: u64 = 30;
/// Share of the calls, and usual score, of internal and external callers.
const TYPES: [(f64, f64); 2] = [(0.25, 78.0), (0.75, 84.0)];

/// A scored call: caller type, design weight, score.
type Call = (usize, f64, f64);

fn normal(random: &mut Random) -> f64 {
    let (u, v) = (1.0 - random.unit(), random.unit());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// Five months, so many calls a month of each CSR and caller type, by week; `zeros` is the share set to 0.
fn weeks(random: &mut Random, quota: u64, zeros: f64) -> BTreeMap<u64, Vec<Call>> {
    let mut weeks: BTreeMap<u64, Vec<Call>> = BTreeMap::new();
    for _ in 0..CSRS {
        let (skill, calls) = (4.0 * normal(random), 60.0 + 160.0 * random.unit());
        for month in 0..MONTHS {
            for (kind, (share, usual)) in TYPES.iter().enumerate() {
                for _ in 0..quota {
                    let day = DAYS * month + random.next() % DAYS;
                    let score = (usual + skill + 12.0 * normal(random)).clamp(0.0, 100.0);
                    let score = if random.unit() < zeros { 0.0 } else { score };
                    let weight = share * calls / quota as f64;
                    weeks
                        .entry(day / 7)
                        .or_default()
                        .push((kind, weight, score));
                }
            }
        }
    }
    weeks
}

/// Shares of points outside: X-bar's limits with effective and with plain numbers of calls, and EWMA's.
fn outside(random: &mut Random, quota: u64, zeros: f64, times: usize) -> [f64; 3] {
    let (mut out, mut points) = ([0.0; 3], 0.0);
    for _ in 0..times {
        let weeks = weeks(random, quota, zeros);
        let of = |kind: usize| move |call: &&Call| call.0 == kind;
        let weight = |kind: usize| -> f64 {
            let all = weeks.values().flatten().filter(of(kind));
            all.map(|call| call.1).sum()
        };
        let mix = [0, 1].map(|kind| weight(kind) / (weight(0) + weight(1)));
        let (mut effective, mut plain) = (Vec::new(), Vec::new());
        let (mut squares, mut df) = (0.0, 0.0);
        for calls in weeks.values() {
            let (mut value, mut shares) = (0.0, 0.0);
            for (kind, share) in mix.iter().enumerate() {
                let own = || calls.iter().filter(of(kind));
                let sum: f64 = own().map(|call| call.1).sum();
                value += share * own().map(|call| call.1 * call.2).sum::<f64>() / sum;
                shares += own()
                    .map(|call| (share * call.1 / sum).powi(2))
                    .sum::<f64>();
                let scores: Moments = own().map(|call| call.2).collect();
                squares += scores.squares();
                df += scores.count().saturating_sub(1) as f64;
            }
            // A week without one of the caller types has no figure.
            let point = value.is_finite().then_some(value);
            effective.push(point.map(|value| (value, 1.0 / shares)));
            plain.push(point.map(|value| (value, calls.len() as f64)));
        }
        let deviation = f64::sqrt(squares / df);
        let chart = x_bar(&effective, deviation).unwrap().unwrap();
        let of_plain = x_bar(&plain, deviation).unwrap().unwrap();
        let smoothed = ewma(&effective, chart.center, deviation, &EwmaRule::default()).unwrap();
        let smoothed: Vec<Option<ChartPoint>> = smoothed.into_iter().map(Some).collect();
        points += effective.iter().flatten().count() as f64;
        for (out, points) in out
            .iter_mut()
            .zip([&chart.points, &of_plain.points, &smoothed])
        {
            *out += points
                .iter()
                .flatten()
                .filter(|point| point.is_out())
                .count() as f64;
        }
    }
    out.map(|out| out / points)
}

#[test]
fn where_nothing_changes_few_weeks_lie_outside() {
    let [effective, plain, smoothed] = outside(&mut Random(1), 3, 0.0, 300);
    assert!(effective < 0.0027, "{effective}");
    assert!(smoothed < 0.0027, "{smoothed}");
    // Calls of unlike weights are not as many as they are.
    assert!(plain > 2.0 * effective && plain > 0.005, "{plain}");
}

#[test]
#[ignore = "prints the table of the README"]
fn points_outside_by_quota_and_zeros() {
    println!("calls  zeros  effective n  plain n  EWMA");
    for (quota, zeros) in [(2, 0.0), (3, 0.0), (6, 0.0), (3, 0.05)] {
        let [effective, plain, smoothed] = outside(&mut Random(2), quota, zeros, 5000);
        println!(
            "{quota}+{quota}    {:.0} %    {:.2} %       {:.2} %   {:.2} %",
            100.0 * zeros,
            100.0 * effective,
            100.0 * plain,
            100.0 * smoothed
        );
    }
}
