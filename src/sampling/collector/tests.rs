use proptest::prelude::*;

use super::*;
use crate::calls::{Columns, Eligibility, Profile, Refusal, RowSink, RowView};
use crate::sampling::{Per, Quota};

pub(super) type Row = (String, String, &'static str);

pub(super) fn collector(quota: u64) -> Collector {
    collector_of(quota, false)
}

fn collector_of(quota: u64, trust_ids: bool) -> Collector {
    let names = ["call_id", "csr", "caller_type"]
        .map(str::to_owned)
        .to_vec();
    let columns = Columns::find(names, &Profile::default()).expect("columns");
    let design = Design {
        quota: Quota::Each(quota),
        eligibility: Eligibility {
            trust_ids,
            ..Eligibility::default()
        },
        ..Design::usual()
    };
    let filter = Filter::new(&design.eligibility, &columns).expect("filter");
    Collector::new(&design, &Seed::new("s").expect("seed"), filter)
}

pub(super) fn feed(collector: &mut Collector, rows: &[(u64, Row)]) {
    for (line, (id, csr, kind)) in rows {
        let cells: &[&str] = &[id, csr, kind];
        collector.row(&RowView {
            line: *line,
            call_id: id,
            csr,
            caller_type: kind.parse().expect("caller type"),
            cells: &Slice(cells),
        });
    }
}

struct Slice<'a>(&'a [&'a str]);

impl crate::calls::Cells for Slice<'_> {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).copied().unwrap_or("")
    }
}

pub(super) fn draw(quota: u64, rows: &[(u64, Row)]) -> Frame {
    draw_with(collector(quota), rows)
}

fn draw_with(mut pass: Collector, rows: &[(u64, Row)]) -> Frame {
    loop {
        feed(&mut pass, rows);
        match pass.finish() {
            Outcome::Done(frame) => return *frame,
            Outcome::Again(fresh) => pass = *fresh,
        }
    }
}

pub(super) fn rows(calls: &[(&str, &str, &'static str)]) -> Vec<(u64, Row)> {
    let row = |(at, (id, csr, kind)): (usize, &(&str, &str, &'static str))| {
        (at as u64 + 2, (id.to_string(), csr.to_string(), *kind))
    };
    calls.iter().enumerate().map(row).collect()
}

#[test]
fn copies_count_once_and_contradictions_not_at_all() {
    let frame = draw(
        3,
        &rows(&[
            ("1", "Ada", "internal"),
            ("2", "Ada", "internal"),
            ("1", "Ada", "internal"),
            ("3", "Ada", "external"),
            ("3", "Ada", "internal"),
            ("4", "Ada", "unknown"),
            ("4", "Ada", "unknown"),
        ]),
    );
    assert_eq!((frame.rows, frame.eligible), (7, 2));
    assert_eq!(frame.refused.lines(Refusal::DuplicateId), [4, 8]);
    assert_eq!(frame.refused.lines(Refusal::ConflictingId), [5, 6]);
    assert_eq!(frame.refused.lines(Refusal::UnknownCallerType), [7]);
    assert_eq!(frame.strata.len(), 1);
    assert_eq!(frame.digest, frame.strata[0].digest);
}

#[test]
fn calls_pushed_out_by_a_contradiction_come_back() {
    // 40 calls of one CSR, each also logged once for another: only call 41 and later are sound.
    let mut calls = Vec::new();
    for at in 0..40 {
        calls.push((format!("bad{at}"), "Ada".to_owned(), "internal"));
    }
    for at in 0..20 {
        calls.push((format!("good{at}"), "Ada".to_owned(), "internal"));
    }
    for at in 0..40 {
        calls.push((format!("bad{at}"), "Ben".to_owned(), "internal"));
    }
    let rows: Vec<(u64, Row)> = calls
        .into_iter()
        .zip(2..)
        .map(|(row, line)| (line, row))
        .collect();
    let frame = draw(6, &rows);
    assert_eq!(frame.strata[0].calls.len(), 6);
    assert_eq!(frame.strata[0].reserves.len(), 6);
    assert_eq!(frame.eligible, 20);
    assert_eq!(frame.refused.count(Refusal::ConflictingId), 80);
}

#[test]
fn trusted_ids_are_still_told_apart_among_kept_calls() {
    let calls = [
        ("1", "Ada", "internal"),
        ("2", "Ada", "internal"),
        ("1", "Ada", "internal"),
        ("3", "Ada", "external"),
        ("3", "Ben", "internal"),
    ];
    let frame = draw_with(collector_of(3, true), &rows(&calls));
    assert_eq!((frame.rows, frame.eligible), (5, 2));
    assert_eq!(frame.refused.lines(Refusal::DuplicateId), [4]);
    assert_eq!(frame.refused.lines(Refusal::ConflictingId), [5, 6]);
}

#[test]
fn a_larger_quota_contains_the_smaller_sample() {
    let calls: Vec<(u64, Row)> = (0..50)
        .map(|at| (at + 2, (format!("C{at}"), "Ada".to_owned(), "external")))
        .collect();
    let (three, five) = (draw(3, &calls), draw(5, &calls));
    assert_eq!(three.strata[0].calls[..], five.strata[0].calls[..3]);
    assert_eq!(three.strata[0].reserves[..2], five.strata[0].calls[3..]);
}

fn any_log() -> impl Strategy<Value = Vec<(u64, Row)>> {
    let kind = prop_oneof![Just("internal"), Just("external"), Just("unknown")];
    let row = (0..40_u8, 0..3_u8, kind);
    proptest::collection::vec(row, 0..120).prop_map(|rows| {
        let row = |((id, csr, kind), line)| (line, (format!("C{id}"), format!("csr{csr}"), kind));
        rows.into_iter().zip(2..).map(row).collect()
    })
}

proptest! {
    #[test]
    fn row_order_and_parts_change_nothing(log in any_log(), cut in 0.0..1.0_f64, turn in 0..120_usize) {
        let whole = draw(2, &log);
        let mut shuffled = log.clone();
        shuffled.rotate_left(turn.min(log.len()));
        shuffled.reverse();
        prop_assert_eq!(&draw(2, &shuffled), &whole);

        let at = (log.len() as f64 * cut) as usize;
        let mut first = collector(2);
        let parts = loop {
            let mut second = first.sibling();
            feed(&mut first, &log[..at]);
            feed(&mut second, &log[at..]);
            first.merge(second);
            match first.finish() {
                Outcome::Done(frame) => break frame,
                Outcome::Again(fresh) => first = *fresh,
            }
        };
        prop_assert_eq!(*parts, whole);
    }

    #[test]
    fn trusted_ids_give_the_same_calls_in_any_order_and_no_smaller_counts(
        log in any_log(), turn in 0..120_usize,
    ) {
        // Each id has one CSR and one caller type here: rows of one id are copies.
        let of_id = |(line, (id, _, _)): &(u64, Row)| {
            let last = id.bytes().last().unwrap_or_default();
            let kind = if last % 2 == 0 { "internal" } else { "external" };
            (*line, (id.clone(), format!("csr{}", last % 3), kind))
        };
        let log: Vec<(u64, Row)> = log.iter().map(of_id).collect();
        let exact = draw(2, &log);
        let trusted = draw_with(collector_of(2, true), &log);
        let mut shuffled = log.clone();
        shuffled.rotate_left(turn.min(log.len()));
        shuffled.reverse();
        prop_assert_eq!(&draw_with(collector_of(2, true), &shuffled), &trusted);
        prop_assert_eq!(trusted.seen, None);
        prop_assert_eq!(exact.strata.len(), trusted.strata.len());
        for (exact, trusted) in exact.strata.iter().zip(&trusted.strata) {
            prop_assert_eq!(&exact.calls, &trusted.calls);
            prop_assert_eq!(&exact.reserves, &trusted.reserves);
            prop_assert!(exact.eligible <= trusted.eligible);
        }
    }

    #[test]
    fn every_row_is_accounted_for(log in any_log()) {
        let frame = draw(2, &log);
        prop_assert_eq!(frame.rows, frame.eligible + frame.not_eligible + frame.refused.total());
    }
}

/// As [`Row`], with a start and a duration.
type Timed = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

fn draw_timed(design: &Design, rows: &[Timed]) -> Frame {
    let names = ["call_id", "csr", "caller_type", "started_at", "duration_s"];
    let columns =
        Columns::find(names.map(str::to_owned).to_vec(), &Profile::default()).expect("columns");
    let filter = Filter::new(&design.eligibility, &columns).expect("filter");
    let mut pass = Collector::new(design, &Seed::new("s").expect("seed"), filter);
    loop {
        for (line, (id, csr, kind, start, duration)) in (2..).zip(rows) {
            let cells = [*id, *csr, *kind, *start, *duration];
            pass.row(&RowView {
                line,
                call_id: id,
                csr,
                caller_type: kind.parse().expect("caller type"),
                cells: &Slice(&cells),
            });
        }
        match pass.finish() {
            Outcome::Done(frame) => return *frame,
            Outcome::Again(fresh) => pass = *fresh,
        }
    }
}

fn july() -> Design {
    Design {
        eligibility: Eligibility {
            from: Some(jiff::civil::date(2026, 7, 1)),
            to: Some(jiff::civil::date(2026, 7, 31)),
            min_duration: Some(10.0),
            ..Eligibility::default()
        },
        ..Design::usual()
    }
}

#[test]
fn calls_outside_the_design_are_counted_apart_from_refused_ones() {
    let frame = draw_timed(
        &july(),
        &[
            ("1", "Ada", "internal", "2026-07-03 10:00", "60"),
            ("2", "Ada", "internal", "2026-06-30 10:00", "60"),
            ("3", "Ada", "internal", "2026-07-09 10:00", "9"),
            ("4", "Ada", "internal", "9.7.2026", "60"),
            ("5", "Ada", "internal", "2026-07-31 23:59", "60"),
            ("2", "Ada", "internal", "2026-06-30 10:00", "60"),
        ],
    );
    assert_eq!((frame.rows, frame.eligible, frame.not_eligible), (6, 2, 2));
    assert_eq!(frame.refused.lines(Refusal::Unreadable), [5]);
    assert_eq!(frame.refused.lines(Refusal::DuplicateId), [7]);
    let days = ["2026-07-03", "2026-07-31"].map(|day| day.parse().expect("day"));
    assert_eq!(frame.period, Some((days[0], days[1])));
}

#[test]
fn copies_that_differ_in_eligibility_contradict_each_other() {
    let frame = draw_timed(
        &july(),
        &[
            ("1", "Ada", "internal", "2026-07-03 10:00", "60"),
            ("1", "Ada", "internal", "2026-07-03 10:00", "6"),
            ("2", "Ada", "internal", "2026-07-03 10:00", "60"),
            ("2", "Ada", "internal", "2026-07-04 10:00", "61"),
            ("3", "Ada", "internal", "2026-07-03 10:00", "60"),
            ("3", "Ada", "unknown", "2026-07-03 10:00", "60"),
            ("4", "Ada", "internal", "2026-07-03 10:00", "6"),
            ("4", "Ada", "internal", "2026-07-03 10:00", "?"),
        ],
    );
    assert_eq!((frame.eligible, frame.not_eligible), (1, 0));
    assert_eq!(
        frame.refused.lines(Refusal::ConflictingId),
        [2, 3, 6, 7, 8, 9]
    );
    assert_eq!(frame.refused.lines(Refusal::DuplicateId), [5]);
    assert!((frame.bad_share() - 6.0 / 8.0).abs() < 1e-12);
}

#[test]
fn unknown_callers_are_a_caller_type_of_their_own_where_the_design_says_so() {
    let rows = [
        ("1", "Ada", "unknown", "", ""),
        ("2", "Ada", "external", "", ""),
    ];
    let with = draw_timed(
        &Design {
            include_unknown: true,
            ..Design::usual()
        },
        &rows,
    );
    let names: Vec<String> = with.strata.iter().map(|s| s.stratum.to_string()).collect();
    assert_eq!(names, ["Ada, external", "Ada, unknown"]);
    assert_eq!(with.refused.total(), 0);
    let without = draw_timed(&Design::usual(), &rows);
    assert_eq!(without.strata.len(), 1);
    assert_eq!(without.refused.lines(Refusal::UnknownCallerType), [2]);
}

#[test]
fn an_empty_log_gives_an_empty_frame() {
    let frame = draw(3, &[]);
    assert_eq!((frame.rows, frame.eligible, frame.drawn()), (0, 0, 0));
    assert!(frame.strata.is_empty() && frame.cells.is_empty());
    assert_eq!((frame.period, frame.digest), (None, Digest::default()));
    assert_eq!(frame.bad_share().to_string(), "0");
}

#[test]
fn cells_are_counted_whatever_the_strata_are() {
    let design = Design {
        per: Per::NOTHING,
        quota: Quota::Each(1),
        ..Design::usual()
    };
    let frame = draw_timed(
        &design,
        &[
            ("1", "Ben", "external", "", ""),
            ("2", "Ada", "internal", "", ""),
            ("3", "Ada", "external", "", ""),
            ("4", "Ada", "internal", "", ""),
        ],
    );
    let cells: Vec<(&str, CallerType, u64)> = (frame.cells.iter())
        .map(|cell| (cell.csr.as_str(), cell.caller_type, cell.eligible))
        .collect();
    assert_eq!(
        cells,
        [
            ("Ada", CallerType::Internal, 2),
            ("Ada", CallerType::External, 1),
            ("Ben", CallerType::External, 1),
        ]
    );
    assert_eq!((frame.strata.len(), frame.strata[0].eligible), (1, 4));
    assert_eq!(
        (frame.strata[0].calls.len(), frame.strata[0].reserves.len()),
        (1, 3)
    );
}

#[test]
fn of_equal_copies_the_one_that_is_kept_does_not_hang_on_their_order() {
    let copies = [
        ("1", "Ada", "internal", "2026-07-03 10:00", "60"),
        ("1", "Ada", "internal", "2026-07-02 10:00", "70"),
    ];
    let kept = |rows: &[Timed]| {
        draw_timed(&july(), rows).strata[0].calls[0]
            .call
            .fields
            .clone()
    };
    assert_eq!(kept(&copies), kept(&[copies[1], copies[0]]));
}

#[test]
fn each_stratum_gives_its_own_quota_and_reserves_to_match() {
    let mut pass = collector(3);
    let ids: Vec<String> = (0..40).map(|at| format!("{at:02}")).collect();
    let rows: Vec<(u64, Row)> = (2..)
        .zip(&ids)
        .map(|(line, id)| {
            let csr = if line % 2 == 0 { "Ada" } else { "Ben" };
            (line, (id.clone(), csr.to_owned(), "internal"))
        })
        .collect();
    feed(&mut pass, &rows);
    let Outcome::Done(counted) = pass.count() else {
        panic!("no id stands twice");
    };
    let strata = counted.strata.iter().map(|stratum| stratum.stratum.clone());
    let quotas: Quotas = strata.zip([7, 1]).collect();
    let plan = &collector(3).plan;
    let seed = Seed::new("s").expect("seed");
    let mut pass = Collector::new(&plan.design, &seed, plan.filter.clone()).with_quotas(&quotas);
    let mut other = pass.sibling();
    feed(&mut pass, &rows[..9]);
    feed(&mut other, &rows[9..]);
    pass.merge(other);
    let Outcome::Done(frame) = pass.finish() else {
        panic!("no id stands twice");
    };
    let drawn: Vec<(u64, usize, usize)> = (frame.strata.iter())
        .map(|stratum| (stratum.quota, stratum.calls.len(), stratum.reserves.len()))
        .collect();
    assert_eq!(drawn, [(7, 7, 7), (1, 1, 5)]);
    // The same calls as any draw with that quota gives.
    let alike = draw(7, &rows);
    assert_eq!(alike.strata[0].calls, frame.strata[0].calls);
    assert_eq!(alike.strata[1].calls[0], frame.strata[1].calls[0]);
    assert_eq!(alike.digest, frame.digest);
}
