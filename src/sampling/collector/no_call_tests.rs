//! Rows that are no calls by what the profile says.

use super::tests::{Row, feed, rows};
use super::*;
use crate::calls::{ColumnChoice, ColumnValues, Columns, Profile, Refusal, RowSink};

/// Draws from a log that is read in so many parts.
fn draw(profile: &Profile, rows: &[(u64, Row)], parts: usize) -> Frame {
    let names = ["call_id", "csr", "caller_type"].map(str::to_owned);
    let columns = Columns::find(names.to_vec(), profile).expect("columns");
    let design = Design::usual();
    let filter = Filter::new(&design.eligibility, &columns).expect("filter");
    let mut pass = Collector::new(&design, &Seed::new("s").expect("seed"), filter);
    loop {
        let mut whole = pass.sibling();
        for part in rows.chunks(rows.len().div_ceil(parts)) {
            let mut one = pass.sibling();
            feed(&mut one, part);
            whole.merge(one);
        }
        match whole.finish() {
            Outcome::Done(frame) => return *frame,
            Outcome::Again(fresh) => pass = *fresh,
        }
    }
}

fn values(column: &str, values: &[&str]) -> Vec<ColumnValues> {
    vec![ColumnValues {
        column: ColumnChoice::header(column),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }]
}

#[test]
fn rings_with_the_id_of_the_call_that_was_answered_contradict_nothing() {
    let profile = Profile {
        only: values("csr", &["Ada", "Ben"]),
        ..Profile::default()
    };
    let rows = rows(&[
        ("1", "nobody", "internal"),
        ("1", "Ada", "external"),
        ("1", "nobody", "unknown"),
        ("2", "nobody", "external"),
        ("3", "Ben", "internal"),
        ("3", "Ben", "internal"),
    ]);
    for parts in 1..=6 {
        let frame = draw(&profile, &rows, parts);
        assert_eq!((frame.rows, frame.eligible, frame.not_eligible), (6, 2, 3));
        assert_eq!(frame.refused.total(), 1);
        assert_eq!(frame.refused.lines(Refusal::DuplicateId), [7]);
        assert_eq!(frame.drawn(), 2);
    }
}

#[test]
fn a_row_of_a_log_that_is_not_whole_is_unreadable() {
    let profile = Profile {
        complete: values("caller_type", &["external"]),
        ..Profile::default()
    };
    let rows = rows(&[("1", "Ada", "internal"), ("2", "Ada", "external")]);
    let frame = draw(&profile, &rows, 1);
    assert_eq!(frame.refused.lines(Refusal::Unreadable), [2]);
    assert_eq!((frame.eligible, frame.not_eligible), (1, 0));
}
