use super::*;
use crate::sampling::Stratum;

/// Calls of one CSR and caller type as logged: who was heard, and the value.
fn stratum(collapse: u64, eligible: u64, calls: &[(&str, f64)]) -> ScoredStratum {
    let logged = ["Ada", "Ben"][usize::from(collapse > 0)];
    let caller_type = Some(CallerType::External);
    let csr = Some(logged.to_owned());
    let mut scored = ScoredStratum::new(Stratum { csr, caller_type }, collapse, eligible);
    for (heard, value) in calls {
        scored.scored += 1;
        let new = || (0, vec![Moments::new()]);
        let (count, sums) = scored.cells.entry(heard, CallerType::External, new);
        *count += 1;
        sums[0].push(*value);
    }
    scored
}

fn estimates(strata: Vec<ScoredStratum>) -> Estimates {
    let mut estimates = Estimates {
        strata,
        pools: Vec::new(),
        highest: 100.0,
        rules: Rules::default(),
    };
    let designs = estimates.designs(0, Domain::default()).expect("designs");
    estimates.pools.push(designs.pools());
    estimates
}

#[test]
fn a_call_a_week_heard_otherwise_has_the_margin_of_one_log() {
    let ada = [("Ada", 70.0), ("Ada", 85.0), ("Ada", 90.0), ("Ben", 60.0)];
    let ben = [("Ben", 50.0), ("Ben", 75.0), ("Ben", 65.0), ("Ben", 80.0)];
    let log = estimates(vec![stratum(0, 40, &ada), stratum(1, 40, &ben)]);
    let weeks = |collapse, calls: &[(&'static str, f64)]| {
        let weeks = calls.iter().map(|call| stratum(collapse, 10, &[*call]));
        weeks.collect::<Vec<_>>()
    };
    let weekly = estimates(
        [weeks(0, &ada), weeks(1, &ben)]
            .into_iter()
            .flatten()
            .collect(),
    );
    for csr in ["Ada", "Ben"] {
        let domain = Domain {
            csr: Some(csr),
            caller_type: None,
        };
        let figure = |of: &Estimates| of.mean(0, domain).expect("computed").expect("scored");
        let (one, other) = (figure(&log), figure(&weekly));
        assert_eq!((one.n, one.borrowed), (other.n, other.borrowed));
        for (a, b) in [
            (Some(one.value), Some(other.value)),
            (one.low, other.low),
            (one.high, other.high),
        ] {
            let (a, b) = a.zip(b).expect("limits");
            assert!((a - b).abs() < 1e-9, "{csr}: {one:?}, {other:?}");
        }
    }
}
