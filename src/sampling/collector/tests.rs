use proptest::prelude::*;

use super::*;
use crate::calls::{Columns, Eligibility, Profile};

type Row = (String, String, &'static str);

fn collector(quota: u64) -> Collector {
    let names = ["call_id", "csr", "caller_type"]
        .map(str::to_owned)
        .to_vec();
    let columns = Columns::find(names, &Profile::default()).expect("columns");
    let filter = Filter::new(&Eligibility::default(), &columns).expect("filter");
    let design = Design {
        quota,
        ..Design::usual()
    };
    Collector::new(&design, &Seed::new("s").expect("seed"), filter)
}

fn feed(collector: &mut Collector, rows: &[(u64, Row)]) {
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

fn draw(quota: u64, rows: &[(u64, Row)]) -> Frame {
    let mut pass = collector(quota);
    loop {
        feed(&mut pass, rows);
        match pass.finish() {
            Outcome::Done(frame) => return frame,
            Outcome::Again(fresh) => pass = fresh,
        }
    }
}

fn rows(calls: &[(&str, &str, &'static str)]) -> Vec<(u64, Row)> {
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
                Outcome::Again(fresh) => first = fresh,
            }
        };
        prop_assert_eq!(&parts, &whole);
    }

    #[test]
    fn every_row_is_accounted_for(log in any_log()) {
        let frame = draw(2, &log);
        prop_assert_eq!(frame.rows, frame.eligible + frame.not_eligible + frame.refused.total());
    }
}
