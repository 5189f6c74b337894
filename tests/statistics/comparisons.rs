//! Two samples beside each other: what their margins are worth, and what luck alone does to whoever scored low.

use evenhand::estimate::cluster::Clusters;
use evenhand::estimate::design::Stratum;
use evenhand::estimate::gap::{Gap, gap_beyond};
use evenhand::estimate::moments::Moments;
use evenhand::estimate::multiplicity::benjamini_hochberg;
use evenhand::estimate::pool::Pools;
use evenhand::estimate::power::calls_to_stand_out;
use evenhand::estimate::quantile::t_two_sided;
use evenhand::estimate::settings::Settings;
use evenhand::estimate::shrink::{Group, steady};
use evenhand::estimate::standard::Standardised;

use crate::simulation::Random;

/// Twelve uniform numbers: near enough to normal, deviation 1.
fn normal(random: &mut Random) -> f64 {
    (0..12).map(|_| random.unit()).sum::<f64>() - 6.0
}

/// A sample of one CSR: so many calls of each caller type, internal ones lower by 4 points, deviation 12.
fn sample(random: &mut Random, n: usize, mix: [f64; 2], populations: [f64; 2]) -> Standardised {
    let class = |random: &mut Random, at: usize| {
        let center = [78.0, 82.0][at];
        let values: Vec<f64> = (0..n).map(|_| center + 12.0 * normal(random)).collect();
        let own = Stratum::of(populations[at], at, &values).unwrap();
        let none = |at: usize| {
            let nothing = Moments::new();
            Stratum::from_moments(populations[at], at, n as u64, nothing).unwrap()
        };
        match at {
            0 => vec![own, none(1)],
            _ => vec![none(0), own],
        }
    };
    let classes = [(mix[0], class(random, 0)), (mix[1], class(random, 1))];
    let strata = [classes[0].1[0], classes[1].1[1]];
    Standardised::of_calls(&classes, &Pools::of(&strata))
        .unwrap()
        .unwrap()
}

/// How often the margin of a difference holds the truth, which is none, though the mix shifts from 20 to 60 % internal;
/// and how often a test at 5 % says otherwise.
fn coverage(n: usize, rounds: u32) -> (f64, f64) {
    let mut random = Random(20_260_801);
    let (mut held, mut shown) = (0_u32, 0_u32);
    for _ in 0..rounds {
        let mix = [0.4, 0.6];
        let a = sample(&mut random, n, mix, [30.0, 120.0]);
        let b = sample(&mut random, n, mix, [90.0, 60.0]);
        let found = b.minus(&a, &Settings::default()).unwrap().unwrap();
        let (low, high) = found.low.zip(found.high).unwrap();
        held += u32::from(low <= 0.0 && high >= 0.0);
        shown += u32::from(found.p.unwrap() <= 0.05);
    }
    let share = |count: u32| f64::from(count) / f64::from(rounds);
    (share(held), share(shown))
}

#[test]
fn the_margin_of_a_difference_holds_the_truth_though_the_mix_shifts() {
    for n in [3, 4, 5, 8] {
        let (held, shown) = coverage(n, 4_000);
        println!("{n}+{n} calls in each sample: held {held:.3}, false alarms {shown:.3}");
        assert!((0.935..0.985).contains(&held), "{n}: {held}");
        assert!(shown <= 0.065, "{n}: {shown}");
    }
}

/// One CSR in two samples without any effect between them.
struct Csr {
    a: f64,
    b: f64,
}

fn csrs(random: &mut Random, error: f64) -> Vec<Csr> {
    (0..30)
        .map(|_| {
            let truth = 82.0 + 4.0 * normal(random);
            Csr {
                a: truth + error * normal(random),
                b: truth + error * normal(random),
            }
        })
        .collect()
}

#[test]
fn whoever_is_picked_for_a_low_score_rises_as_told_with_no_effect_at_all() {
    let mut random = Random(20_260_802);
    let (mut rise, mut told) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let (csrs, steadied) = by_score(&mut random);
        for (csr, steadied) in csrs.iter().zip(&steadied).take(5) {
            rise += (csr.b - csr.a) / 5.0;
            told += (steadied - csr.a) / 5.0;
        }
    }
    let rounds = f64::from(ROUNDS);
    let (rise, told) = (rise / rounds, told / rounds);
    println!("five lowest of 30: rise {rise:.2}, told {told:.2}");
    assert!(rise > 4.0, "{rise}");
    assert!((rise - told).abs() < 0.25, "{rise}, told {told}");
}

const ERROR: f64 = 4.5;
const ROUNDS: u32 = 2_000;

/// CSRs by their score in A, and their steadied scores.
fn by_score(random: &mut Random) -> (Vec<Csr>, Vec<f64>) {
    let mut csrs = csrs(random, ERROR);
    csrs.sort_by(|one, other| one.a.total_cmp(&other.a));
    let group = |csr: &Csr| Group {
        value: csr.a,
        variance: ERROR * ERROR,
    };
    let groups: Vec<Group> = csrs.iter().map(group).collect();
    let steadied = steady(&groups).unwrap();
    let values = steadied.values.iter().map(|one| one.value).collect();
    (csrs, values)
}

/// Coached CSRs, by their places among all from the lowest score up, against the others in the range of their scores; none of
/// them has changed. The mean difference told, how often a test at 10 % says otherwise, and how often the margin does.
fn coaching(coached: impl Fn(&mut Random) -> Vec<usize>) -> (f64, f64, f64) {
    let mut random = Random(20_260_803);
    let (mut sum, mut alarms, mut shown, mut made) = (0.0, 0_u32, 0_u32, 0_u32);
    while made < ROUNDS {
        let (csrs, steadied) = by_score(&mut random);
        let coached = coached(&mut random);
        let (first, last) = (coached.iter().min(), coached.iter().max());
        let (first, last) = first.zip(last).unwrap();
        let changes = |wanted: bool| -> Vec<(f64, f64)> {
            let places = (*first..=*last).filter(|at| coached.contains(at) == wanted);
            let changes = places.map(|at| (csrs[at].b - csrs[at].a, steadied[at] - csrs[at].a));
            changes.collect()
        };
        let others = changes(false);
        if others.len() < 3 {
            continue;
        }
        made += 1;
        let found: Option<Gap> =
            gap_beyond(&changes(true), &others, &Settings::comparison()).unwrap();
        let found = found.unwrap();
        sum += found.value;
        alarms += u32::from(found.p.unwrap() <= 0.10);
        shown += u32::from(found.low.unwrap() > 0.0 || found.high.unwrap() < 0.0);
    }
    let share = |count: u32| f64::from(count) / f64::from(ROUNDS);
    (sum / f64::from(ROUNDS), share(alarms), share(shown))
}

#[test]
fn coaching_without_an_effect_shows_none_whoever_is_on_the_list() {
    let seven_of_ten = |random: &mut Random| {
        let mut places: Vec<usize> = (0..10).collect();
        while places.len() > 7 {
            places.remove((random.unit() * places.len() as f64) as usize);
        }
        places
    };
    let every_other = |_: &mut Random| vec![0, 2, 4, 6, 8];
    let eight_and_highest = |_: &mut Random| (0..8).chain([29]).collect();
    let five_and_twelfth = |_: &mut Random| vec![0, 1, 2, 3, 4, 11];
    for (who, (bias, alarms, shown)) in [
        ("every other of the lowest 10", coaching(every_other)),
        ("8 lowest and the highest", coaching(eight_and_highest)),
        ("5 lowest and the 12th", coaching(five_and_twelfth)),
        ("7 of the lowest 10", coaching(seven_of_ten)),
    ] {
        println!("{who}: bias {bias:+.2}, at 10 % {alarms:.3}, margin {shown:.3}");
        assert!(bias.abs() < 0.35, "{who}: {bias}");
        // Gamma is estimated as well, which counts where the groups differ most; without expected changes it is 0.43.
        assert!(alarms <= 0.14, "{who}: {alarms}");
        assert!(shown <= 0.08, "{who}: {shown}");
    }
}

/// How often somebody 10 points better than the others with both kinds of callers is named by the rule of recognition, with so
/// many calls of each kind (deviation 12) per CSR.
fn named(calls: u64, csrs: usize) -> f64 {
    let mut random = Random(20_260_804);
    let mut count = 0_u32;
    for _ in 0..ROUNDS {
        let mut means = vec![[(0.0, 0.0); 2]; csrs];
        for (who, kinds) in means.iter_mut().enumerate() {
            for one in kinds {
                let center = if who == 0 { 10.0 } else { 0.0 };
                let values = (0..calls).map(|_| center + 12.0 * normal(&mut random));
                let moments: Moments = values.collect();
                let error = (moments.variance().unwrap() / calls as f64).sqrt();
                *one = (moments.mean().unwrap(), error);
            }
        }
        let team = |kind: usize| means.iter().map(|one| one[kind].0).sum::<f64>() / csrs as f64;
        let teams = [team(0), team(1)];
        let df = (calls - 1) as f64;
        let p = |one: &[(f64, f64); 2]| {
            let each = one
                .iter()
                .zip(teams)
                .map(|((mean, error), team)| match mean - team {
                    away if away <= 0.0 => 1.0,
                    away => t_two_sided(away / error, df).unwrap(),
                });
            each.fold(0.0, f64::max)
        };
        let all: Vec<Option<f64>> = means.iter().map(|one| Some(p(one))).collect();
        let q = benjamini_hochberg(&all)[0].unwrap();
        count += u32::from(q <= 0.10 && all[0].unwrap() <= 0.05);
    }
    f64::from(count) / f64::from(ROUNDS)
}

#[test]
fn so_many_calls_show_who_is_clearly_better_four_times_out_of_five() {
    for csrs in [4, 12, 30] {
        let distance = 10.0 * (1.0 - 1.0 / csrs as f64);
        let calls = calls_to_stand_out(distance, 12.0, 0.8, 2, (csrs, 0.10)).unwrap();
        let share = named(calls, csrs);
        println!("{csrs} CSRs: {calls} calls of each kind, named {share:.3}");
        assert!((0.77..0.88).contains(&share), "{csrs}: {share}");
    }
}

/// Calls of a cluster: the class and the value of each.
type Calls = &'static [(usize, f64)];

#[test]
fn clusters_with_calls_of_two_classes_match_the_sum_over_clusters() {
    const STRATA: [(f64, &[Calls]); 2] = [
        (
            40.0,
            &[
                &[(0, 70.0), (1, 80.0), (0, 90.0)],
                &[(1, 60.0)],
                &[(0, 85.0), (1, 55.0)],
                &[(0, 40.0), (0, 65.0)],
            ],
        ),
        (
            25.0,
            &[
                &[(1, 95.0), (1, 75.0)],
                &[(0, 88.0), (1, 92.0)],
                &[(1, 66.0)],
            ],
        ),
    ];
    const SHARES: [f64; 2] = [0.35, 0.65];
    let of = |class: usize| {
        let strata = STRATA.iter().map(|(population, clusters)| {
            let values = clusters.iter().map(|calls| {
                let own = calls.iter().filter(|call| call.0 == class);
                own.map(|call| call.1).collect::<Moments>()
            });
            Clusters::new(*population, 0, values.collect()).unwrap()
        });
        strata.collect::<Vec<_>>()
    };
    let classes = [(SHARES[0], of(0)), (SHARES[1], of(1))];
    let found = Standardised::of_clusters(&classes, &Pools::none())
        .unwrap()
        .unwrap();
    let found = found.mean(&Settings::comparison()).unwrap().unwrap();

    let weight = |h: usize| STRATA[h].0 / STRATA[h].1.len() as f64;
    let totals = |class: usize, calls: Calls| {
        let own = calls.iter().filter(|call| call.0 == class);
        own.fold((0.0, 0.0), |(sum, count), call| (sum + call.1, count + 1.0))
    };
    let ratio = |class: usize| {
        let (mut sum, mut count) = (0.0, 0.0);
        for (h, (_, clusters)) in STRATA.iter().enumerate() {
            for calls in *clusters {
                let (t, m) = totals(class, calls);
                sum += weight(h) * t;
                count += weight(h) * m;
            }
        }
        (sum / count, count)
    };
    let ratios = [ratio(0), ratio(1)];
    let mut variance = 0.0;
    for (h, (_, clusters)) in STRATA.iter().enumerate() {
        let u = clusters.iter().map(|calls| {
            let part = |class: usize| {
                let ((t, m), (ratio, count)) = (totals(class, calls), ratios[class]);
                SHARES[class] * weight(h) * (t - ratio * m) / count
            };
            part(0) + part(1)
        });
        let u: Vec<f64> = u.collect();
        let n = u.len() as f64;
        let center = u.iter().sum::<f64>() / n;
        let squares: f64 = u.iter().map(|u| (u - center).powi(2)).sum();
        variance += n / (n - 1.0) * squares;
    }
    let value = SHARES[0] * ratios[0].0 + SHARES[1] * ratios[1].0;
    assert!(
        (found.value - value).abs() < 1e-9,
        "{} for {value}",
        found.value
    );
    let error = found.standard_error.unwrap();
    assert!((error * error / variance - 1.0).abs() < 1e-9, "{error}");
    assert_eq!(found.n, 13);
}
