use super::mix::{Cell, Cells};
use super::*;
use crate::report::Filter;
use crate::sampling::{CellCount, Unit};

/// A log with so many calls per caller type.
fn log(calls: &[(CallerType, u64)]) -> SampleFacts {
    let cell = |(caller_type, eligible): &(CallerType, u64)| CellCount {
        csr: "Ada".to_owned(),
        caller_type: *caller_type,
        eligible: *eligible,
    };
    SampleFacts {
        name: "july".to_owned(),
        unit: Unit::Call,
        seed: "july".to_owned(),
        calls_in_log: 100,
        eligible: 100,
        unknown_caller_type: 0,
        period: None,
        batches: 1,
        seen_before: 0,
        retagged: 0,
        strata: Vec::new(),
        filter: Filter::default(),
        cells: calls.iter().map(cell).collect(),
        calls: Vec::new(),
        picked: Vec::new(),
    }
}

fn cells(cells: &[(CallerType, f64, f64)]) -> Cells {
    let cell = |(kind, mean, weight): &(CallerType, f64, f64)| {
        let (mean, weight) = (*mean, *weight);
        (*kind, Cell { mean, weight, n: 3 })
    };
    cells.iter().map(cell).collect()
}

fn by_week(all: &[Cells]) -> BTreeMap<Date, Cells> {
    let first: Date = "2026-07-06".parse().expect("a day");
    let weeks =
        Step::Week.all([first, first.saturating_add(jiff::Span::new().weeks(9))].into_iter());
    weeks.into_iter().zip(all.iter().cloned()).collect()
}

use CallerType::{External, Internal, Unknown};

#[test]
fn a_minor_caller_type_that_some_weeks_lack_is_left_out_and_a_major_one_is_not() {
    let samples = [log(&[(Internal, 24), (External, 72), (Unknown, 4)])];
    let full = cells(&[
        (Internal, 70.0, 20.0),
        (External, 80.0, 60.0),
        (Unknown, 50.0, 4.0),
    ]);
    let (all, none) = mix(&samples, &by_week(&[full.clone(), full.clone()]));
    assert_eq!(all, [(Internal, 0.24), (External, 0.72), (Unknown, 0.04)]);
    assert_eq!(none, []);
    let few = cells(&[(External, 80.0, 60.0)]);
    let (kept, left_out) = mix(&samples, &by_week(&[full.clone(), few.clone()]));
    assert_eq!(kept, [(Internal, 0.25), (External, 0.75)]);
    assert_eq!(left_out, [(Unknown, 0.04)]);
    assert_eq!(super::mix::calls(&full, &kept), 6);
    // A week without internal calls has no figure, rather than one of another mix.
    assert!(standard(&full, &kept).is_some());
    assert!(standard(&few, &kept).is_none());
    // Of which nothing is scored at all is left out however many there are.
    let (kept, left_out) = mix(&samples, &by_week(&[few.clone(), few]));
    assert_eq!(kept, [(External, 1.0)]);
    assert_eq!(left_out, [(Internal, 0.24), (Unknown, 0.04)]);
}

#[test]
fn what_nobody_has_counted_is_taken_from_what_was_drawn() {
    let mut sample = log(&[(Internal, 24), (External, 72)]);
    sample.filter.queues.push("Billing".to_owned());
    let one = cells(&[(Internal, 70.0, 10.0), (External, 80.0, 50.0)]);
    let other = cells(&[(Internal, 70.0, 30.0), (External, 80.0, 10.0)]);
    let (kept, _) = mix(&[sample], &by_week(&[one, other]));
    assert_eq!(kept, [(Internal, 0.4), (External, 0.6)]);
}

#[test]
fn another_mix_of_callers_is_no_other_figure() {
    let mix = [(Internal, 0.25), (External, 0.75)];
    let usual = cells(&[(Internal, 70.0, 25.0), (External, 80.0, 75.0)]);
    let busy = cells(&[(Internal, 70.0, 90.0), (External, 80.0, 10.0)]);
    let (usual, busy) = (
        standard(&usual, &mix).expect("made"),
        standard(&busy, &mix).expect("made"),
    );
    assert_eq!((usual.value, busy.value), (77.5, 77.5));
    assert_eq!(usual.factors[&Internal], (1.0, 70.0));
    assert!((busy.factors[&External].0 - 7.5).abs() < 1e-12);
}

#[test]
fn a_share_of_calls_that_all_were_seen_has_no_margin() {
    let mix = [(External, 1.0)];
    let all = standard(&cells(&[(External, 0.9, 10.0)]), &mix).expect("made");
    let figure = rate(&all, 10, f64::INFINITY).expect("a figure");
    assert_eq!((figure.low, figure.high), (Some(0.9), Some(0.9)));
    let some = rate(&all, 10, 10.0).expect("a figure");
    assert!(some.low < Some(0.7) && some.high > Some(0.95));
}
