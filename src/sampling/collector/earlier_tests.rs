use std::sync::Arc;

use proptest::prelude::*;

use super::tests::{collector, draw, feed, rows};
use super::*;
use crate::calls::{Refusal, RowSink};
use crate::sampling::SeenIds;

fn draw_after(earlier: &Earlier, quota: u64, calls: &[(&str, &str, &'static str)]) -> Frame {
    let mut whole = collector(quota).after(&Arc::new(earlier.clone()));
    let rows = rows(calls);
    loop {
        let mut part = whole.sibling();
        feed(&mut part, &rows[..rows.len() / 2]);
        feed(&mut whole, &rows[rows.len() / 2..]);
        whole.merge(part);
        match whole.finish() {
            Outcome::Done(frame) => return *frame,
            Outcome::Again(fresh) => whole = *fresh,
        }
    }
}

fn kept(frame: &Frame) -> HashMap<DrawNumber, (String, CallerType)> {
    let calls = frame.strata.iter().flat_map(|stratum| &stratum.calls);
    calls
        .map(|drawn| {
            let tags = (drawn.call.csr.clone(), drawn.call.caller_type);
            (drawn.draw_number, tags)
        })
        .collect()
}

#[test]
fn calls_of_an_earlier_log_are_left_out_and_counted_and_other_tags_are_told() {
    let first = draw(
        3,
        &rows(&[
            ("1", "Ada", "internal"),
            ("2", "Ada", "external"),
            ("3", "Ada", "unknown"),
        ]),
    );
    assert_eq!(first.seen.as_ref().map(SeenIds::len), Some(2));
    let earlier = Earlier {
        seen: vec![first.seen.clone().expect("few calls")],
        kept: kept(&first),
    };
    let second = draw_after(
        &earlier,
        3,
        &[
            ("2", "Ada", "internal"),
            ("4", "Ada", "internal"),
            ("3", "Ada", "external"),
            ("1", "Ada", "internal"),
            // Copies of what is left out contradict nothing.
            ("2", "Ben", "internal"),
            ("5", "Ada", "internal"),
        ],
    );
    assert_eq!(second.seen_before, [2]);
    // Its caller type is known by now.
    assert_eq!(
        (
            second.rows,
            second.eligible,
            second.seen.map(|ids| ids.len())
        ),
        (6, 3, Some(3))
    );
    assert_eq!(second.refused.lines(Refusal::DuplicateId), [6]);
    assert_eq!(second.refused.count(Refusal::ConflictingId), 0);
    let told: Vec<(&str, &str)> = (second.retagged.iter())
        .map(|call| (call.call_id.as_str(), call.now.0.as_str()))
        .collect();
    assert_eq!(told, [("2", "Ada"), ("2", "Ben")]);
    assert_eq!(
        second.retagged[0].then,
        ("Ada".to_owned(), CallerType::External)
    );
}

#[test]
fn seen_ids_come_back_from_their_bytes() {
    let frame = draw(
        1,
        &rows(&[("1", "Ada", "internal"), ("2", "Ada", "internal")]),
    );
    let seen = frame.seen.expect("few calls");
    let bytes = seen.to_bytes();
    assert_eq!(bytes.len(), 16);
    assert_eq!(SeenIds::from_bytes(&bytes), seen);
    let seed = Seed::new("s").expect("seed");
    let earlier = Earlier {
        seen: vec![SeenIds::default(), SeenIds::from_bytes(&bytes)],
        ..Earlier::default()
    };
    assert_eq!(earlier.batch(DrawNumber::new(&seed, "1")), Some(1));
    assert_eq!(earlier.batch(DrawNumber::new(&seed, "3")), None);
}

proptest! {
    #[test]
    fn a_further_log_gives_what_its_new_calls_alone_would_give(
        first in proptest::collection::btree_set(0_u32..60, 0..40),
        second in proptest::collection::btree_set(0_u32..60, 1..40),
        quota in 1_u64..5,
    ) {
        let name = |id: &u32| id.to_string();
        let (old, new): (Vec<String>, Vec<String>) =
            (first.iter().map(name).collect(), second.iter().map(name).collect());
        fn tagged(ids: &[String]) -> Vec<(&str, &str, &'static str)> {
            let tag = |id: &String| if id.len() == 1 { "internal" } else { "external" };
            ids.iter().map(|id| (id.as_str(), "Ada", tag(id))).collect()
        }
        let earlier = Earlier {
            seen: draw(quota, &rows(&tagged(&old))).seen.into_iter().collect(),
            ..Earlier::default()
        };
        let fresh: Vec<String> = new.iter().filter(|id| !old.contains(id)).cloned().collect();
        let both = draw_after(&earlier, quota, &tagged(&new));
        let alone = draw(quota, &rows(&tagged(&fresh)));
        let ids = |frame: &Frame| -> Vec<Vec<String>> {
            let strata = frame.strata.iter();
            strata.map(|one| one.calls.iter().map(|call| call.call.call_id.clone()).collect()).collect()
        };
        prop_assert_eq!(ids(&both), ids(&alone));
        prop_assert_eq!(both.digest, alone.digest);
        prop_assert_eq!(&both.seen, &alone.seen);
        prop_assert_eq!(both.seen_before, [(new.len() - fresh.len()) as u64]);
    }
}

#[test]
fn a_long_list_of_ids_is_kept_only_where_it_is_asked_for() {
    let mut few = collector(1);
    few.plan = Arc::new(Plan {
        most_ids: 1,
        ..few.plan.again()
    });
    let calls = rows(&[("1", "Ada", "internal"), ("2", "Ada", "internal")]);
    for (collector, kept) in [(few.sibling(), None), (few.keeping_ids(), Some(2))] {
        let mut pass = collector;
        feed(&mut pass, &calls);
        let Outcome::Done(frame) = pass.finish() else {
            panic!("no id stands twice");
        };
        assert_eq!(frame.seen.map(|ids| ids.len()), kept);
        assert_eq!(frame.eligible, 2);
    }
}
