//! Samples of whole journeys: six of three calls each, whose ids are not in the order of time.

use evenhand::evaluation::PickReason;
use evenhand::sampling::{JourneyCount, Unit};
use evenhand::store::{NewBatch, NewPicks, Picked};

use super::*;

/// The legs of a journey in the order of time, and the minute each begins.
const LEGS: [(&str, i64); 3] = [("b", 10), ("c", 20), ("a", 30)];

/// `quota` of the six drawn.
fn journeys(quota: usize) -> NewSample {
    let seed = Seed::new("s").expect("seed");
    let mut numbers: Vec<(DrawNumber, String)> = (0..6)
        .map(|at| format!("J{at}"))
        .map(|id| (DrawNumber::new(&seed, &id), id))
        .collect();
    numbers.sort();
    let mut digest = Digest::default();
    numbers.iter().for_each(|(number, _)| digest.add(*number));
    let legs = |((draw_number, id), position): (&(DrawNumber, String), u64)| {
        let (draw_number, id) = (*draw_number, id.clone());
        LEGS.map(|(leg, minute)| DrawnCall {
            draw_number,
            position,
            unit_id: Some(id.clone()),
            call: Call {
                started_at: Some(at(minute)),
                ..call(&format!("{id}{leg}"), position)
            },
        })
    };
    let calls = numbers.iter().take(quota).zip(1..).flat_map(legs).collect();
    let mut new = sample(SAMPLE, quota as u64);
    new.design.unit = Unit::Interaction;
    new.design.per.csr = false;
    new.frame.journeys = Some(JourneyCount {
        journeys: 6,
        nameless: 0,
    });
    (new.frame.eligible, new.frame.seen, new.frame.digest) = (18, None, digest);
    new.frame.cells[0].eligible = 18;
    let stratum = &mut new.frame.strata[0];
    stratum.stratum.csr = None;
    (stratum.eligible, stratum.digest, stratum.calls) = (6, digest, calls);
    stratum.reserves.clear();
    new
}

/// Ids of the calls of the journeys drawn, in the order in which they should be scored.
fn in_order(new: &NewSample) -> Vec<String> {
    let calls = new.frame.strata[0].calls.iter();
    calls.map(|drawn| drawn.call.call_id.clone()).collect()
}

fn a_journey_is_kept_listed_and_topped_up_whole<S: Store>(mut store: S) {
    assert_eq!(
        store.add_sample(&journeys(2)).expect("added"),
        Added::Created
    );
    assert_eq!(drawn(&store), in_order(&journeys(2)));
    let info = &store.samples().expect("samples")[0];
    assert_eq!(info.design, journeys(2).design);
    assert_eq!((info.eligible(), info.counts.drawn), (18, 6));
    let kept = store.calls(SAMPLE, true).expect("calls").into_iter();
    let kept: Vec<DrawnCall> = kept.map(|call| call.drawn).collect();
    assert_eq!(kept, journeys(2).frame.strata[0].calls);
    assert_eq!(
        store.add_sample(&journeys(2)).expect("again"),
        Added::Unchanged
    );
    let more = store.add_sample(&journeys(4)).expect("more");
    assert_eq!(more, Added::ToppedUp { calls: 6 });
    assert_eq!(drawn(&store), in_order(&journeys(4)));
    sound(&store);
    // The same name is not taken for a sample of calls.
    let mut calls = journeys(4);
    calls.design.unit = Unit::Call;
    let other = store.add_sample(&calls);
    assert!(matches!(
        other,
        Err(StoreError::SampleDiffers { what: "design", .. })
    ));
}

fn the_calls_of_a_journey_are_scored_one_after_the_other_in_order_of_time<S: Store>(mut store: S) {
    store.add_sample(&journeys(3)).expect("added");
    store.add_analyst("qa1", false).expect("first");
    let order = in_order(&journeys(3));
    for (done, id) in (0..).zip(&order) {
        assert_eq!(next(&mut store, "qa1"), Some((id.clone(), done, 9)));
        complete(&mut store, id, "qa1", 1);
    }
    assert_eq!(next(&mut store, "qa1"), None);
    sound(&store);
}

fn two_analysts_score_different_journeys<S: Store>(mut store: S) {
    store.add_sample(&journeys(2)).expect("added");
    store.add_analyst("qa1", false).expect("first");
    store.add_analyst("qa2", true).expect("meant");
    let order = in_order(&journeys(2));
    let (one, two) = order.split_at(3);
    let id = |next: Option<(String, u64, u64)>| next.map(|(id, ..)| id);
    for (first, second) in one.iter().zip(two) {
        assert_eq!(id(next(&mut store, "qa1")).as_ref(), Some(first));
        assert_eq!(id(next(&mut store, "qa2")).as_ref(), Some(second));
        complete(&mut store, first, "qa1", 1);
        complete(&mut store, second, "qa2", 1);
    }
    assert_eq!(id(next(&mut store, "qa2")), None);
    sound(&store);
}

fn a_journey_is_dealt_to_one_analyst<S: Store>(mut store: S) {
    let mut new = journeys(4);
    new.dealing = dealt(3, None).dealing;
    new.new_analyst = true;
    store.add_sample(&new).expect("added");
    let (one, two) = (tasks(&store, "qa1", false), tasks(&store, "qa2", false));
    assert_eq!((one.len(), two.len()), (6, 6));
    for own in [&one, &two] {
        let journeys: std::collections::BTreeSet<&str> = own.iter().map(|id| &id[..2]).collect();
        assert_eq!(journeys.len(), 2, "{own:?}");
    }
    let mine: Vec<String> = in_order(&new)
        .into_iter()
        .filter(|id| one.contains(id))
        .collect();
    for (done, id) in (0..).zip(&mine) {
        assert_eq!(next(&mut store, "qa1"), Some((id.clone(), done, 6)));
        complete(&mut store, id, "qa1", 1);
    }
    // Those added later go on where the first ones stopped.
    let mut more = journeys(6);
    more.dealing = None;
    store.add_sample(&more).expect("more");
    assert_eq!(tasks(&store, "qa1", false).len(), 9);
    assert_eq!(tasks(&store, "qa2", false).len(), 9);
    sound(&store);
}

fn a_call_of_a_journey_that_can_not_be_scored_is_not_replaced<S: Store>(mut store: S) {
    store.add_sample(&journeys(2)).expect("added");
    store.add_analyst("qa1", false).expect("first");
    let order = in_order(&journeys(2));
    let why = no_recording();
    let replaced = store.unscorable(SAMPLE, &order[0], "qa1", &why, at(1));
    assert_eq!(replaced.expect("kept"), None);
    assert_eq!(
        next(&mut store, "qa1").map(|next| next.0),
        Some(order[1].clone())
    );
    sound(&store);
    // No other call is drawn no more when it can be scored after all.
    store
        .reopen(SAMPLE, &order[0], None, "found it", None, at(2))
        .expect("reopened");
    assert_eq!(drawn(&store), order);
    assert_eq!(
        next(&mut store, "qa1").map(|next| next.0),
        Some(order[0].clone())
    );
    sound(&store);
}

fn what_no_draw_of_journeys_gave_is_refused<S: Store>(mut store: S) {
    store.add_sample(&journeys(2)).expect("added");
    let of_journeys = |refused: Result<(), StoreError>, says: &str| match refused {
        Err(StoreError::OfJourneys { what, .. }) => assert_eq!(what, says),
        other => panic!("{other:?}"),
    };
    let new = NewBatch {
        sample: SAMPLE.to_owned(),
        log: "week2.csv".to_owned(),
        profile: None,
        sealed: None,
        drawn_at: at(1),
        who: None,
        frame: journeys(2).frame,
    };
    of_journeys(store.add_batch(&new).map(|_| ()), "further logs");
    let extended = store.extend_batch(SAMPLE, 1, &new.frame, None, at(1));
    of_journeys(extended.map(|_| ()), "reserves");
    let picks = NewPicks {
        sample: SAMPLE.to_owned(),
        picked: Picked {
            why: PickReason::Complaint,
            note: None,
            who: None,
            log: "calls.csv".to_owned(),
            profile: None,
            at: at(1),
        },
        calls: vec![call("X1", 2)],
    };
    of_journeys(store.pick(&picks).map(|_| ()), "picked calls");
    assert_eq!(drawn(&store), in_order(&journeys(2)));
    sound(&store);
}

contract!(
    a_journey_is_kept_listed_and_topped_up_whole,
    the_calls_of_a_journey_are_scored_one_after_the_other_in_order_of_time,
    two_analysts_score_different_journeys,
    a_journey_is_dealt_to_one_analyst,
    a_call_of_a_journey_that_can_not_be_scored_is_not_replaced,
    what_no_draw_of_journeys_gave_is_refused,
);
