//! The store's contract: one suite, passed by SQLite in a file and in memory; then what only files can do.

use std::path::Path;
use std::time::Duration;

use evenhand::calls::{Call, CallerType, Refused};
use evenhand::evaluation::{Draft, Evaluation, Recorded, Unscorable, UnscorableReason};
use evenhand::read::rubric_text;
use evenhand::rubric::{Answer, Rubric, STARTER};
use evenhand::sampling::{
    CellCount, Dealing, Design, Digest, DrawNumber, DrawnCall, Frame, Per, Quota, Seed, SeenIds,
    Spread, Spreading, Stratum, StratumDraw,
};
use evenhand::store::{
    Added, CallCounts, CallRole, Completed, Kept, NewSample, RubricText, SqliteStore, Store,
    StoreError,
};
use jiff::Timestamp;

const SAMPLE: &str = "july";

fn rubric() -> Rubric {
    rubric_text("starter", STARTER).expect("starter")
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_785_000_000 + 60 * minute).expect("time")
}

/// One stratum of 20 calls with ids from `letter` on, `quota` of them drawn.
fn frame(letter: char, quota: u64) -> Frame {
    let seed = Seed::new("s").expect("seed");
    let mut calls: Vec<(DrawNumber, String)> = (0..20)
        .map(|at| format!("{letter}{at:02}"))
        .map(|id| (DrawNumber::new(&seed, &id), id))
        .collect();
    calls.sort();
    let mut digest = Digest::default();
    calls.iter().for_each(|(number, _)| digest.add(*number));
    let first = |(number, _): &(DrawNumber, String)| number.0[..8].to_vec();
    let seen: Vec<u8> = calls.iter().flat_map(first).collect();
    let mut drawn: Vec<DrawnCall> = (calls.into_iter().zip(1..))
        .map(|((draw_number, id), position)| DrawnCall {
            draw_number,
            position,
            unit_id: None,
            call: call(&id, position + 1),
        })
        .collect();
    let mut reserves = drawn.split_off(usize::try_from(quota).expect("quota"));
    reserves.truncate(usize::try_from(Design::reserves(quota)).expect("reserves"));
    let (csr, caller_type) = ("Ada".to_owned(), CallerType::Internal);
    Frame {
        rows: 20,
        eligible: 20,
        not_eligible: 0,
        seen_before: Vec::new(),
        retagged: Vec::new(),
        seen: Some(SeenIds::from_bytes(&seen)),
        refused: Refused::default(),
        journeys: None,
        digest,
        period: None,
        cells: vec![CellCount {
            csr: csr.clone(),
            caller_type,
            eligible: 20,
        }],
        strata: vec![StratumDraw {
            stratum: Stratum {
                csr: Some(csr),
                caller_type: Some(caller_type),
            },
            eligible: 20,
            quota,
            digest,
            calls: drawn,
            reserves,
        }],
    }
}

fn call(id: &str, line: u64) -> Call {
    Call {
        call_id: id.to_owned(),
        csr: "Ada".to_owned(),
        caller_type: CallerType::Internal,
        line,
        started_at: None,
        started_text: None,
        duration_s: Some(60.0),
        fields: vec![("call_id".to_owned(), id.to_owned())],
    }
}

fn sample(name: &str, quota: u64) -> NewSample {
    NewSample {
        name: name.to_owned(),
        seed: Seed::new("s").expect("seed"),
        design: Design {
            quota: Quota::Each(quota),
            per: Per {
                csr: true,
                caller_type: true,
            },
            ..Design::usual()
        },
        rubric: RubricText::new(&rubric(), STARTER),
        log: "calls.csv".to_owned(),
        profile: None,
        sealed: None,
        drawn_at: at(0),
        who: None,
        frame: frame('C', quota),
        dealing: None,
        new_analyst: false,
    }
}

fn draft(first: u8) -> Draft {
    let rubric = rubric();
    let mut draft = Draft::new(&rubric);
    for (place, behavior) in rubric.behaviors().iter().enumerate() {
        if behavior.applies_to.internal && behavior.show_if.is_none() {
            draft.answers[place] = Some(Answer::Given(0));
        }
    }
    draft.answers[0] = Some(Answer::Given(first));
    let promised = rubric.behavior("notes-promise").expect("behavior");
    draft.answers[promised] = Some(Answer::Given(0));
    draft
}

fn evaluation(call_id: &str, analyst: &str, first: u8, minute: i64) -> Evaluation {
    Evaluation::new(
        &rubric(),
        call_id,
        analyst,
        CallerType::Internal,
        &draft(first),
        at(minute),
    )
}

fn drawn(store: &impl Store) -> Vec<String> {
    let calls = store.calls(SAMPLE, false).expect("calls").into_iter();
    calls
        .filter(|call| call.role == CallRole::Drawn)
        .map(|call| call.drawn.call.call_id)
        .collect()
}

fn with_sample<S: Store>(mut store: S) -> S {
    assert_eq!(
        store.add_sample(&sample(SAMPLE, 3)).expect("added"),
        Added::Created
    );
    store
        .add_analyst("qa1", false)
        .expect("the first name is always taken");
    store.add_analyst("qa2", true).expect("meant");
    store
}

fn a_draw_is_kept_topped_up_and_never_replaced<S: Store>(store: S) {
    let mut store = with_sample(store);
    let before = drawn(&store);
    assert_eq!(before.len(), 3);
    assert_eq!(
        store.add_sample(&sample(SAMPLE, 3)).expect("again"),
        Added::Unchanged
    );
    assert_eq!(
        store.add_sample(&sample(SAMPLE, 5)).expect("more"),
        Added::ToppedUp { calls: 2 }
    );
    assert_eq!(drawn(&store)[..3], before);
    let mut other = sample(SAMPLE, 5);
    other.seed = Seed::new("other").expect("seed");
    assert!(matches!(
        store.add_sample(&other),
        Err(StoreError::SampleDiffers { .. })
    ));
    assert_eq!(store.strata(SAMPLE).expect("strata")[0].quota, 5);
    assert_eq!(store.check().expect("check"), Vec::<String>::new());
}

fn spread(total: u64, how: Spreading) -> NewSample {
    let mut new = sample(SAMPLE, total);
    let least = 2;
    new.design.quota = Quota::Spread(Spread { total, how, least });
    new
}

fn a_spread_total_is_kept_topped_up_and_never_shrinks<S: Store>(mut store: S) {
    let neyman = || Spreading::Neyman {
        from: "june".to_owned(),
    };
    let first = spread(3, neyman());
    assert_eq!(store.add_sample(&first).expect("added"), Added::Created);
    assert_eq!(
        store.samples().expect("samples")[0].design,
        first.design,
        "the design comes back as it was"
    );
    assert_eq!(store.add_sample(&first).expect("again"), Added::Unchanged);
    assert_eq!(
        store.add_sample(&spread(5, neyman())).expect("more"),
        Added::ToppedUp { calls: 2 }
    );
    let mut shrunk = spread(6, neyman());
    shrunk.frame.strata[0].quota = 4;
    let other = Spreading::Neyman {
        from: "may".to_owned(),
    };
    for (wrong, expected) in [
        (spread(4, neyman()), "quota"),
        (shrunk, "quota"),
        (spread(5, other), "design"),
        (spread(5, Spreading::Equal), "design"),
        (sample(SAMPLE, 5), "design"),
    ] {
        let refused = store.add_sample(&wrong);
        assert!(
            matches!(refused, Err(StoreError::SampleDiffers { what, .. }) if what == expected),
            "{refused:?}, not {expected}"
        );
    }
    assert_eq!(store.strata(SAMPLE).expect("strata")[0].quota, 5);
    assert_eq!(store.check().expect("check"), Vec::<String>::new());
}

fn evaluations_are_kept_once_and_amended_beside<S: Store>(store: S) {
    let mut store = with_sample(store);
    let id = drawn(&store)[0].clone();
    let first = evaluation(&id, "qa1", 0, 1);
    assert_eq!(
        store.complete(SAMPLE, &first, None).expect("kept"),
        Kept::New
    );
    let later = Evaluation {
        completed_at: at(9),
        ..first.clone()
    };
    assert_eq!(
        store.complete(SAMPLE, &later, None).expect("same"),
        Kept::Unchanged
    );
    let other = evaluation(&id, "qa1", 1, 2);
    assert!(matches!(
        store.complete(SAMPLE, &other, None),
        Err(StoreError::AlreadyComplete { .. })
    ));
    assert_eq!(
        store
            .complete(SAMPLE, &other, Some("misheard"))
            .expect("amended"),
        Kept::Amended
    );
    let history = store.history(SAMPLE, &id).expect("history");
    let revisions: Vec<u32> = history
        .iter()
        .map(|c| c.evaluation.evaluation_revision)
        .collect();
    assert_eq!(revisions, [1, 2]);
    assert_eq!(history[0].evaluation, first);
    assert_eq!(
        history[1].evaluation.amend_reason.as_deref(),
        Some("misheard")
    );
    let current = store.evaluations(SAMPLE, true).expect("current");
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].evaluation.answers, other.answers);
}

fn the_first_completed_counts_and_others_serve_calibration<S: Store>(store: S) {
    let mut store = with_sample(store);
    let id = drawn(&store)[0].clone();
    store
        .complete(SAMPLE, &evaluation(&id, "qa2", 0, 5), None)
        .expect("kept");
    store
        .complete(SAMPLE, &evaluation(&id, "qa1", 1, 1), None)
        .expect("kept");
    let both = store.evaluations(SAMPLE, false).expect("both");
    let counting: Vec<(&str, bool)> = both
        .iter()
        .map(|c| (c.evaluation.analyst.as_str(), c.counts))
        .collect();
    assert_eq!(counting, [("qa1", true), ("qa2", false)]);
}

fn a_file_is_recorded_whole_or_not_at_all<S: Store>(store: S) {
    let mut store = with_sample(store);
    let ids = drawn(&store);
    let item = |id: &str, first| Recorded::Evaluation(Box::new(evaluation(id, "qa1", first, 1)));
    let bad = [item(&ids[0], 0), item("NEVER", 0)];
    assert!(matches!(
        store.record(SAMPLE, &bad, None, false),
        Err(StoreError::NotDrawn { .. })
    ));
    assert!(store.evaluations(SAMPLE, false).expect("none").is_empty());
    let good: Vec<Recorded> = ids.iter().map(|id| item(id, 0)).collect();
    assert_eq!(
        store.record(SAMPLE, &good, None, false).expect("kept").new,
        3
    );
    assert_eq!(
        store
            .record(SAMPLE, &good, None, false)
            .expect("again")
            .unchanged,
        3
    );
    let typo = [Recorded::Evaluation(Box::new(evaluation(
        &ids[0], "qa", 0, 1,
    )))];
    assert!(matches!(
        store.record(SAMPLE, &typo, None, false),
        Err(StoreError::UnknownAnalyst { .. })
    ));
    assert!(!store.analysts().expect("names").contains(&"qa".to_owned()));
}

fn an_unscorable_call_is_replaced_by_the_next_in_the_draw_order<S: Store>(store: S) {
    let mut store = with_sample(store);
    let id = drawn(&store)[0].clone();
    let why = Unscorable {
        reason: UnscorableReason::NoRecording,
        note: None,
    };
    let next = store
        .unscorable(SAMPLE, &id, "qa1", &why, at(1))
        .expect("kept");
    let replaced = store
        .call(SAMPLE, &next.expect("a reserve"))
        .expect("call")
        .expect("there");
    assert_eq!(
        (replaced.role, replaced.drawn.position),
        (CallRole::Drawn, 4)
    );
    store
        .unscorable(SAMPLE, &id, "qa1", &why, at(2))
        .expect("said again");
    let counts = store.samples().expect("samples")[0].counts;
    assert_eq!((counts.drawn, counts.unscorable, counts.queued), (4, 1, 3));
    let scored = evaluation(&id, "qa1", 0, 3);
    assert!(matches!(
        store.complete(SAMPLE, &scored, None),
        Err(StoreError::IsUnscorable { .. })
    ));
    let other = drawn(&store)[1].clone();
    store
        .complete(SAMPLE, &evaluation(&other, "qa1", 0, 4), None)
        .expect("kept");
    let refused = store.unscorable(SAMPLE, &other, "qa1", &why, at(5));
    assert!(matches!(refused, Err(StoreError::AlreadyComplete { .. })));
    assert_eq!(store.check().expect("check"), Vec::<String>::new());
}

fn two_analysts_never_get_the_same_call_and_drafts_come_back<S: Store>(store: S) {
    let mut store = with_sample(store);
    let ids = drawn(&store);
    let next = |store: &mut S, analyst: &str, token: &str| {
        let claimed = store.next_call(SAMPLE, analyst, token).expect("asked");
        claimed.map(|claimed| (claimed.call.drawn.call.call_id, claimed.draft))
    };
    assert_eq!(next(&mut store, "qa1", "one"), Some((ids[0].clone(), None)));
    assert_eq!(next(&mut store, "qa2", "two"), Some((ids[1].clone(), None)));
    store
        .save_draft(SAMPLE, &ids[0], "qa1", "one", &draft(1))
        .expect("saved");
    // A newer program of the same analyst goes on with the draft, and the older one is told.
    assert_eq!(
        next(&mut store, "qa1", "three"),
        Some((ids[0].clone(), Some(draft(1))))
    );
    let late = store.save_draft(SAMPLE, &ids[0], "qa1", "one", &draft(0));
    assert!(matches!(late, Err(StoreError::Superseded { .. })));
    store
        .complete(SAMPLE, &evaluation(&ids[0], "qa1", 1, 1), None)
        .expect("kept");
    assert_eq!(
        next(&mut store, "qa1", "three"),
        Some((ids[2].clone(), None))
    );
}

/// So many calls dealt to qa1 and qa2.
fn dealt(quota: u64, double: Option<&str>) -> NewSample {
    let double = double.map(|text| text.parse().expect("part"));
    let dealing = Dealing::new("qa1,qa2".parse().expect("names"), double).expect("dealing");
    NewSample {
        dealing: Some(dealing),
        ..sample(SAMPLE, quota)
    }
}

fn with_dealt<S: Store>(mut store: S, quota: u64, double: Option<&str>) -> S {
    let new = dealt(quota, double);
    assert_eq!(store.add_sample(&new).expect("added"), Added::Created);
    store
}

/// The ids of calls an analyst scores, as first or as second, in draw-number order.
fn tasks(store: &impl Store, analyst: &str, second: bool) -> Vec<String> {
    let all = store.assignments(SAMPLE).expect("assignments").into_iter();
    let own = all.filter(|task| task.analyst == analyst && task.second == second);
    own.map(|task| task.call_id).collect()
}

/// Id, done and of.
fn next(store: &mut impl Store, analyst: &str) -> Option<(String, u64, u64)> {
    let claimed = store.next_call(SAMPLE, analyst, analyst).expect("asked")?;
    assert_eq!(claimed.draft, None);
    let id = claimed.call.drawn.call.call_id;
    Some((id, claimed.done, claimed.of))
}

fn complete(store: &mut impl Store, call_id: &str, analyst: &str, minute: i64) {
    complete_for(store, SAMPLE, call_id, analyst, minute);
}

fn complete_for(store: &mut impl Store, sample: &str, call_id: &str, analyst: &str, minute: i64) {
    store
        .complete(sample, &evaluation(call_id, analyst, 0, minute), None)
        .expect("kept");
}

/// Whose evaluation of a call counts, in the listing and in the call's history alike.
fn counting(store: &impl Store, sample: &str, call_id: &str) -> Option<String> {
    let listed = store.evaluations(sample, false).expect("evaluations");
    let history = store.history(sample, call_id).expect("history");
    let who = |all: Vec<Completed>| -> Vec<String> {
        let mut own = all.into_iter().map(|one| (one.counts, one.evaluation));
        let own = own.by_ref().filter(|(_, one)| one.call_id == call_id);
        let counting = own.filter(|(counts, _)| *counts);
        counting.map(|(_, one)| one.analyst).collect()
    };
    let mut listed = who(listed);
    assert_eq!(listed, who(history));
    assert!(listed.len() <= 1, "{listed:?}");
    listed.pop()
}

fn counts(store: &impl Store, sample: &str) -> CallCounts {
    let samples = store.samples().expect("samples").into_iter();
    let mut named = samples.filter(|info| info.name == sample);
    named.next().expect("the sample").counts
}

fn sound(store: &impl Store) {
    assert_eq!(store.check().expect("check"), Vec::<String>::new());
}

fn dealt_calls_go_to_their_analysts_alone_in_draw_number_order<S: Store>(store: S) {
    let mut store = with_dealt(store, 7, None);
    store.add_analyst("qa3", true).expect("meant");
    let (one, two) = (tasks(&store, "qa1", false), tasks(&store, "qa2", false));
    assert_eq!((one.len(), two.len()), (4, 3));
    for (at, id) in (0..).zip(&one) {
        assert_eq!(next(&mut store, "qa1"), Some((id.clone(), at, 4)));
        complete(&mut store, id, "qa1", 1);
    }
    assert_eq!(next(&mut store, "qa1"), None);
    assert_eq!(next(&mut store, "qa3"), None);
    assert_eq!(next(&mut store, "qa2"), Some((two[0].clone(), 0, 3)));
    // Nobody is kept from scoring another's call, but the analyst it was given to scores it all the same, and counts.
    complete(&mut store, &two[0], "qa3", 1);
    assert_eq!(next(&mut store, "qa2"), Some((two[0].clone(), 0, 3)));
    assert_eq!(counting(&store, SAMPLE, &two[0]).as_deref(), Some("qa3"));
    complete(&mut store, &two[0], "qa2", 2);
    assert_eq!(counting(&store, SAMPLE, &two[0]).as_deref(), Some("qa2"));
    sound(&store);
}

fn a_call_scored_by_two_waits_for_both_and_the_first_one_counts<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("100%"));
    let (mine, too) = (tasks(&store, "qa1", false), tasks(&store, "qa1", true));
    assert_eq!((mine.len(), too.len()), (2, 1));
    let all = drawn(&store);
    // Both at once get the smallest draw number, and neither sees what the other has said.
    assert_eq!(next(&mut store, "qa1"), Some((all[0].clone(), 0, 3)));
    assert_eq!(next(&mut store, "qa2"), Some((all[0].clone(), 0, 3)));
    store
        .save_draft(SAMPLE, &all[0], "qa1", "qa1", &draft(1))
        .expect("saved");
    assert_eq!(next(&mut store, "qa2"), Some((all[0].clone(), 0, 3)));
    for id in &all {
        complete(&mut store, id, "qa2", 1);
    }
    assert_eq!(next(&mut store, "qa2"), None);
    // Of these one is qa2's to score first; the others wait for qa1, and for nobody else.
    let waiting = counts(&store, SAMPLE);
    assert_eq!((waiting.complete, waiting.draft, waiting.queued), (1, 1, 1));
    for id in &all {
        let counts = too.contains(id).then_some("qa2");
        assert_eq!(counting(&store, SAMPLE, id).as_deref(), counts);
    }
    sound(&store);
    store.add_analyst("qa3", true).expect("meant");
    assert_eq!(next(&mut store, "qa3"), None);
    for (at, id) in (0..).zip(&all) {
        let claimed = store.next_call(SAMPLE, "qa1", "qa1").expect("asked");
        let claimed = claimed.expect("a call");
        assert_eq!(&claimed.call.drawn.call.call_id, id);
        assert_eq!((claimed.done, claimed.of), (at, 3));
        complete(&mut store, id, "qa1", 9);
    }
    assert_eq!(next(&mut store, "qa1"), None);
    assert_eq!(counts(&store, SAMPLE).complete, 3);
    let evaluations = store.evaluations(SAMPLE, false).expect("all");
    assert_eq!(evaluations.len(), 6);
    for one in &evaluations {
        let first = mine.contains(&one.evaluation.call_id) == (one.evaluation.analyst == "qa1");
        assert_eq!(one.counts, first, "{}", one.evaluation.call_id);
    }
    sound(&store);
}

fn somebody_else_counts_while_the_first_analyst_is_away_but_never_the_second<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("100%"));
    store.add_analyst("qa3", true).expect("meant");
    let id = tasks(&store, "qa1", false)[0].clone();
    let steps = [("qa2", None), ("qa3", Some("qa3")), ("qa1", Some("qa1"))];
    for (minute, (analyst, who)) in (1..).zip(steps) {
        complete(&mut store, &id, analyst, minute);
        assert_eq!(counting(&store, SAMPLE, &id).as_deref(), who, "{analyst}");
        assert_eq!(
            counts(&store, SAMPLE).complete,
            u64::from(who.is_some()),
            "{analyst}"
        );
        sound(&store);
    }
    assert_eq!(store.evaluations(SAMPLE, false).expect("all").len(), 3);
}

fn what_a_second_analyst_scored_is_set_aside_with_its_call<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("100%"));
    let id = tasks(&store, "qa1", false)[0].clone();
    complete(&mut store, &id, "qa2", 1);
    let why = Unscorable {
        reason: UnscorableReason::NotAServiceCall,
        note: None,
    };
    let heir = store.unscorable(SAMPLE, &id, "qa1", &why, at(2));
    let heir = heir.expect("kept").expect("a reserve");
    assert!(tasks(&store, "qa1", false).contains(&heir));
    assert!(tasks(&store, "qa2", true).contains(&heir));
    assert!(!tasks(&store, "qa2", true).contains(&id));
    assert!(store.evaluations(SAMPLE, false).expect("none").is_empty());
    let history = store.history(SAMPLE, &id).expect("kept");
    assert_eq!((history.len(), history[0].counts), (1, false));
    sound(&store);
}

fn each_sample_asks_its_own_analysts_whose_evaluation_counts<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("100%"));
    store.add_sample(&sample("again", 3)).expect("added");
    let id = tasks(&store, "qa1", false)[0].clone();
    // In the other sample nobody is second.
    complete_for(&mut store, "again", &id, "qa2", 1);
    assert_eq!(counting(&store, "again", &id).as_deref(), Some("qa2"));
    assert_eq!(counting(&store, SAMPLE, &id), None);
    assert_eq!(
        (
            counts(&store, "again").complete,
            counts(&store, SAMPLE).complete
        ),
        (1, 0)
    );
    assert!(!tasks(&store, "qa2", false).contains(&id));
    // One drawn later takes what may count in it.
    store.add_sample(&sample("later", 3)).expect("added");
    assert_eq!(counts(&store, "later").complete, 1);
    sound(&store);
    complete_for(&mut store, "again", &id, "qa1", 2);
    assert_eq!(counting(&store, "again", &id).as_deref(), Some("qa2"));
    assert_eq!(counting(&store, SAMPLE, &id).as_deref(), Some("qa1"));
    sound(&store);
}

fn a_call_scored_before_by_its_second_analyst_still_waits_for_the_first<S: Store>(store: S) {
    let mut store = with_sample(store);
    for id in drawn(&store) {
        complete(&mut store, &id, "qa2", 1);
    }
    let again = NewSample {
        name: "again".to_owned(),
        ..dealt(3, Some("100%"))
    };
    store.add_sample(&again).expect("added");
    let tasks = store.assignments("again").expect("assignments").into_iter();
    let (firsts, _): (Vec<_>, Vec<_>) = tasks.partition(|task| !task.second);
    let of = |analyst: &str| firsts.iter().filter(|task| task.analyst == analyst).count() as u64;
    // Calls that are qa2's to score first are scored; the others are open, for qa1.
    assert_eq!((of("qa1"), of("qa2")), (2, 1));
    let before = counts(&store, "again");
    assert_eq!((before.complete, before.queued), (1, 2));
    sound(&store);
    assert!(
        store
            .next_call("again", "qa2", "t")
            .expect("asked")
            .is_none()
    );
    for _ in 0..3 {
        let claimed = store.next_call("again", "qa1", "t").expect("asked");
        let id = claimed.expect("a call").call.drawn.call.call_id;
        complete_for(&mut store, "again", &id, "qa1", 2);
        let first = &firsts.iter().find(|task| task.call_id == id).expect("one");
        assert_eq!(
            counting(&store, "again", &id).as_ref(),
            Some(&first.analyst)
        );
    }
    assert_eq!(counts(&store, "again").complete, 3);
    sound(&store);
}

fn the_call_that_takes_anothers_place_goes_to_the_same_analysts<S: Store>(store: S) {
    let mut store = with_dealt(store, 4, Some("25%"));
    let seconds = store.assignments(SAMPLE).expect("assignments").into_iter();
    let second = seconds.into_iter().find(|task| task.second).expect("one");
    let first = if second.analyst == "qa1" {
        "qa2"
    } else {
        "qa1"
    };
    let why = Unscorable {
        reason: UnscorableReason::Language,
        note: None,
    };
    let mut say = |call_id: &str, analyst: &str| {
        let said = store.unscorable(SAMPLE, call_id, analyst, &why, at(1));
        (said, store.assignments(SAMPLE).expect("assignments"))
    };
    let (heir, tasks) = say(&second.call_id, first);
    let heir = heir.expect("kept").expect("a reserve");
    let given: Vec<(&str, bool)> = (tasks.iter())
        .filter(|task| task.call_id == heir)
        .map(|task| (task.analyst.as_str(), task.second))
        .collect();
    assert_eq!(given, [(first, false), (&second.analyst, true)]);
    assert!(tasks.iter().all(|task| task.call_id != second.call_id));
    sound(&store);
}

fn no_recording() -> Unscorable {
    Unscorable {
        reason: UnscorableReason::NoRecording,
        note: Some("hiss".to_owned()),
    }
}

fn declined(store: &impl Store, call_id: &str) -> Vec<(String, Unscorable)> {
    let call = store.call(SAMPLE, call_id).expect("call").expect("there");
    let listed = store.calls(SAMPLE, false).expect("calls").into_iter();
    let mut listed = listed.filter(|call| call.drawn.call.call_id == call_id);
    assert_eq!(listed.next().expect("there").declined, call.declined);
    assert_eq!(call.unscorable, None);
    call.declined
}

fn a_second_analyst_declines_and_the_call_stays_as_it_is<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("100%"));
    let (ids, before) = (drawn(&store), counts(&store, SAMPLE));
    let mut mine = tasks(&store, "qa1", false).into_iter();
    let (open, scored) = (mine.next().expect("one"), mine.next().expect("two"));
    complete(&mut store, &scored, "qa1", 1);
    store
        .save_draft(SAMPLE, &open, "qa2", "qa2", &draft(1))
        .expect("saved");
    // Whether the first one has scored it or not, and however often it is said.
    for id in [&open, &scored, &open, &scored] {
        let said = store.unscorable(SAMPLE, id, "qa2", &no_recording(), at(2));
        assert_eq!(said.expect("kept"), None);
        assert_eq!(declined(&store, id), [("qa2".to_owned(), no_recording())]);
    }
    assert_eq!(drawn(&store), ids);
    let after = counts(&store, SAMPLE);
    assert_eq!((after.complete, after.queued), (1, before.queued - 1));
    assert_eq!((after.draft, after.unscorable), (0, 0));
    assert_eq!(tasks(&store, "qa2", true), Vec::<String>::new());
    sound(&store);
    // The other call is all that is left for qa2; their draft is there, but not offered.
    let left = tasks(&store, "qa2", false)[0].clone();
    assert_eq!(next(&mut store, "qa2"), Some((left.clone(), 0, 1)));
    complete(&mut store, &left, "qa2", 3);
    assert_eq!(next(&mut store, "qa2"), None);
    // Who can score it after all may: the file of answers has the last word.
    complete(&mut store, &open, "qa2", 4);
    assert_eq!(declined(&store, &open), []);
    assert_eq!(counting(&store, SAMPLE, &open), None);
    let refused = store.unscorable(SAMPLE, &open, "qa2", &no_recording(), at(5));
    assert!(
        matches!(&refused, Err(StoreError::AlreadyComplete { analyst, .. }) if analyst == "qa2"),
        "{refused:?}"
    );
    sound(&store);
}

fn a_declined_call_that_nobody_can_score_is_replaced_for_both<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("100%"));
    let id = tasks(&store, "qa1", false)[0].clone();
    let said =
        |store: &mut S, analyst| store.unscorable(SAMPLE, &id, analyst, &no_recording(), at(1));
    assert_eq!(said(&mut store, "qa2").expect("declined"), None);
    let heir = said(&mut store, "qa1").expect("kept").expect("a reserve");
    assert!(tasks(&store, "qa1", false).contains(&heir));
    assert!(tasks(&store, "qa2", true).contains(&heir));
    assert_eq!(said(&mut store, "qa2").expect("again"), Some(heir));
    assert_eq!(counts(&store, SAMPLE).unscorable, 1);
    sound(&store);
}

fn who_has_no_part_in_a_scored_call_can_not_say_that_it_is_unscorable<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("100%"));
    store.add_analyst("qa3", true).expect("meant");
    let id = tasks(&store, "qa1", false)[0].clone();
    for (minute, scored_by) in [(2, "qa2"), (1, "qa1")] {
        complete(&mut store, &id, scored_by, minute);
        let refused = store.unscorable(SAMPLE, &id, "qa3", &no_recording(), at(3));
        assert!(
            matches!(&refused, Err(StoreError::IsScored { analyst, .. }) if analyst == scored_by),
            "{refused:?}"
        );
    }
    sound(&store);
}

fn a_first_analyst_declines_what_somebody_else_has_scored_for_them<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, None);
    store.add_analyst("qa3", true).expect("meant");
    let mut mine = tasks(&store, "qa1", false).into_iter();
    let (id, other) = (mine.next().expect("one"), mine.next().expect("two"));
    complete(&mut store, &id, "qa3", 1);
    let said = store.unscorable(SAMPLE, &id, "qa1", &no_recording(), at(2));
    assert_eq!(said.expect("kept"), None);
    assert_eq!(next(&mut store, "qa1"), Some((other, 0, 1)));
    assert_eq!(counting(&store, SAMPLE, &id).as_deref(), Some("qa3"));
    assert_eq!(counts(&store, SAMPLE).complete, 1);
    sound(&store);
}

fn a_top_up_deals_the_added_calls_and_another_division_is_refused<S: Store>(store: S) {
    let mut store = with_dealt(store, 3, Some("34%"));
    let before = store.assignments(SAMPLE).expect("assignments");
    assert_eq!(
        store.add_sample(&dealt(3, Some("34%"))).expect("again"),
        Added::Unchanged
    );
    assert_eq!(
        store.add_sample(&sample(SAMPLE, 3)).expect("as it is"),
        Added::Unchanged
    );
    for wrong in [dealt(3, None), dealt(8, Some("35%"))] {
        let refused = store.add_sample(&wrong);
        assert!(
            matches!(refused, Err(StoreError::SampleDiffers { what, .. }) if what.contains("analysts")),
            "{refused:?}"
        );
    }
    assert_eq!(
        store.add_sample(&sample(SAMPLE, 8)).expect("more"),
        Added::ToppedUp { calls: 5 }
    );
    let after = store.assignments(SAMPLE).expect("assignments");
    assert!(before.iter().all(|task| after.contains(task)));
    let count = |analyst| tasks(&store, analyst, false).len();
    assert_eq!((count("qa1"), count("qa2")), (4, 4));
    // 34 % of 8 are 3.
    assert_eq!(after.iter().filter(|task| task.second).count(), 3);
    sound(&store);
}

fn calls_are_dealt_to_known_analysts_or_new_ones_that_are_meant<S: Store>(mut store: S) {
    store.add_analyst("qa1", false).expect("the first name");
    assert!(matches!(
        store.add_sample(&dealt(3, None)),
        Err(StoreError::UnknownAnalyst { name, .. }) if name == "qa2"
    ));
    assert!(store.samples().expect("none").is_empty());
    let meant = NewSample {
        new_analyst: true,
        ..dealt(3, None)
    };
    assert_eq!(store.add_sample(&meant).expect("added"), Added::Created);
    assert_eq!(store.analysts().expect("names"), ["qa1", "qa2"]);
    // A sample that isn't dealt stays so.
    store.add_sample(&sample("all", 3)).expect("added");
    assert!(store.assignments("all").expect("none").is_empty());
    let given = NewSample {
        name: "all".to_owned(),
        ..dealt(3, None)
    };
    assert!(matches!(
        store.add_sample(&given),
        Err(StoreError::SampleDiffers { .. })
    ));
}

fn calls_scored_for_another_sample_are_dealt_as_done<S: Store>(store: S) {
    let mut store = with_sample(store);
    let ids = drawn(&store);
    complete(&mut store, &ids[0], "qa1", 1);
    let again = NewSample {
        name: "again".to_owned(),
        ..dealt(3, None)
    };
    store.add_sample(&again).expect("added");
    for analyst in ["qa1", "qa2"] {
        let next = store.next_call("again", analyst, "t").expect("asked");
        let id = next.expect("a call").call.drawn.call.call_id;
        assert_ne!(id, ids[0], "{analyst}");
    }
    sound(&store);
}

fn a_call_in_two_samples_of_one_rubric_is_scored_once<S: Store>(store: S) {
    let mut store = with_sample(store);
    store.add_sample(&sample("again", 3)).expect("added");
    let id = drawn(&store)[0].clone();
    store
        .complete(SAMPLE, &evaluation(&id, "qa1", 0, 1), None)
        .expect("kept");
    assert_eq!(store.evaluations("again", false).expect("served").len(), 1);
    let next = store
        .next_call("again", "qa2", "t")
        .expect("asked")
        .expect("call");
    assert_ne!(next.call.drawn.call.call_id, id);
}

macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod in_a_file {
            $(#[test]
            fn $name() {
                let folder = tempfile::tempdir().expect("folder");
                let path = folder.path().join("s.db");
                super::$name(super::SqliteStore::create_or_open(path).expect("store"));
            })+
        }

        mod in_memory {
            $(#[test]
            fn $name() {
                super::$name(super::SqliteStore::in_memory().expect("store"));
            })+
        }
    };
}

mod acts;
mod journeys;
mod merging;
mod weeks;

contract!(
    a_draw_is_kept_topped_up_and_never_replaced,
    a_spread_total_is_kept_topped_up_and_never_shrinks,
    evaluations_are_kept_once_and_amended_beside,
    the_first_completed_counts_and_others_serve_calibration,
    a_file_is_recorded_whole_or_not_at_all,
    an_unscorable_call_is_replaced_by_the_next_in_the_draw_order,
    two_analysts_never_get_the_same_call_and_drafts_come_back,
    dealt_calls_go_to_their_analysts_alone_in_draw_number_order,
    a_call_scored_by_two_waits_for_both_and_the_first_one_counts,
    somebody_else_counts_while_the_first_analyst_is_away_but_never_the_second,
    what_a_second_analyst_scored_is_set_aside_with_its_call,
    each_sample_asks_its_own_analysts_whose_evaluation_counts,
    a_call_scored_before_by_its_second_analyst_still_waits_for_the_first,
    the_call_that_takes_anothers_place_goes_to_the_same_analysts,
    a_second_analyst_declines_and_the_call_stays_as_it_is,
    a_declined_call_that_nobody_can_score_is_replaced_for_both,
    who_has_no_part_in_a_scored_call_can_not_say_that_it_is_unscorable,
    a_first_analyst_declines_what_somebody_else_has_scored_for_them,
    a_top_up_deals_the_added_calls_and_another_division_is_refused,
    calls_are_dealt_to_known_analysts_or_new_ones_that_are_meant,
    calls_scored_for_another_sample_are_dealt_as_done,
    a_call_in_two_samples_of_one_rubric_is_scored_once,
);

fn file() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("s.db");
    (folder, path)
}

#[test]
fn a_claim_runs_out_by_the_stores_clock_and_the_draft_stays() {
    let (_folder, path) = file();
    let early = with_sample(SqliteStore::create_or_open(&path).expect("store"));
    let mut early = early.with_clock(|| at(0));
    let id = drawn(&early)[0].clone();
    early.next_call(SAMPLE, "qa1", "one").expect("asked");
    early
        .save_draft(SAMPLE, &id, "qa1", "one", &draft(1))
        .expect("saved");
    let mut late = SqliteStore::create_or_open(&path)
        .expect("store")
        .with_clock(|| at(31));
    let taken = late
        .next_call(SAMPLE, "qa2", "two")
        .expect("asked")
        .expect("call");
    assert_eq!(taken.call.drawn.call.call_id, id);
    let own = late
        .next_call(SAMPLE, "qa1", "one")
        .expect("asked")
        .expect("call");
    assert_eq!(own.draft, Some(draft(1)));
}

#[test]
fn other_tools_read_one_row_per_answer() {
    let (_folder, path) = file();
    let mut store = with_sample(SqliteStore::create_or_open(&path).expect("store"));
    let id = drawn(&store)[0].clone();
    store
        .complete(SAMPLE, &evaluation(&id, "qa1", 1, 1), None)
        .expect("kept");
    drop(store);
    let sql = rusqlite::Connection::open(&path).expect("open");
    let rows: Vec<(String, String, f64)> = sql
        .prepare("SELECT behavior_id, answer_id, points FROM answers")
        .expect("view")
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("rows")
        .map(|row| row.expect("row"))
        .collect();
    assert!(
        rows.contains(&("gives-name".to_owned(), "no".to_owned(), 0.0)),
        "{rows:?}"
    );
    assert!(
        rows.contains(&("solves".to_owned(), "full".to_owned(), 100.0)),
        "{rows:?}"
    );
    assert!(
        !rows
            .iter()
            .any(|(behavior, _, _)| behavior == "verifies-customer"),
        "{rows:?}"
    );
    assert!(sql.execute("DELETE FROM evaluation", []).is_err());
}

#[test]
fn a_declined_call_leaves_its_reason_the_draft_and_one_event() {
    let (_folder, path) = file();
    let new = SqliteStore::create_or_open(&path).expect("store");
    let mut store = with_dealt(new, 3, Some("100%"));
    let id = tasks(&store, "qa1", false)[0].clone();
    store
        .save_draft(SAMPLE, &id, "qa2", "qa2", &draft(1))
        .expect("saved");
    for minute in [1, 2] {
        store
            .unscorable(SAMPLE, &id, "qa2", &no_recording(), at(minute))
            .expect("kept");
    }
    drop(store);
    let sql = rusqlite::Connection::open(&path).expect("open");
    let texts = |query: &str| -> Vec<String> {
        let mut statement = sql.prepare(query).expect("prepares");
        let rows = statement.query_map([], |row| row.get(0)).expect("runs");
        rows.map(|row| row.expect("row")).collect()
    };
    assert_eq!(
        texts("SELECT analyst || ': ' || reason || ', ' || note FROM declined"),
        ["qa2: no-recording, hiss"]
    );
    assert_eq!(
        texts("SELECT who || ' ' || detail FROM event WHERE act = 'decline'"),
        [format!("qa2 `{id}`: no-recording")]
    );
    assert_eq!(texts("SELECT call_id FROM draft"), [id]);
    assert_eq!(texts("SELECT call_id FROM claim"), Vec::<String>::new());
    for kept in ["declined", "event"] {
        assert!(sql.execute(&format!("DELETE FROM {kept}"), []).is_err());
    }
}

#[test]
fn a_store_locked_for_long_is_busy_and_unchanged() {
    let (_folder, path) = file();
    let mut store = with_sample(SqliteStore::create_or_open(&path).expect("store"));
    store
        .set_patience(Duration::from_millis(50))
        .expect("patience");
    let other = rusqlite::Connection::open(&path).expect("open");
    other.execute_batch("BEGIN IMMEDIATE").expect("lock");
    assert!(matches!(
        store.add_analyst("qa3", true),
        Err(StoreError::Busy { .. })
    ));
    other.execute_batch("ROLLBACK").expect("unlock");
    store.add_analyst("qa3", true).expect("free again");
}

fn refuses(path: &Path) -> (StoreError, StoreError) {
    (
        SqliteStore::create_or_open(path)
            .err()
            .expect("refused to write"),
        SqliteStore::open_existing(path)
            .err()
            .expect("refused to read"),
    )
}

#[test]
fn what_is_no_store_is_refused_and_left_as_it_is() {
    let (_folder, path) = file();
    assert!(matches!(
        SqliteStore::open_existing(&path).err(),
        Some(StoreError::Missing { .. })
    ));
    assert!(!path.exists());
    std::fs::write(&path, "hello\n".repeat(900)).expect("file");
    assert!(matches!(
        refuses(&path),
        (StoreError::NotAStore { .. }, StoreError::NotAStore { .. })
    ));
    std::fs::remove_file(&path).expect("removed");
    rusqlite::Connection::open(&path)
        .expect("open")
        .execute_batch("CREATE TABLE x (y)")
        .expect("other");
    assert!(matches!(
        refuses(&path),
        (StoreError::NotAStore { .. }, StoreError::NotAStore { .. })
    ));
}

#[test]
fn a_newer_store_is_refused_with_its_number() {
    let (_folder, path) = file();
    drop(with_sample(
        SqliteStore::create_or_open(&path).expect("store"),
    ));
    let sql = rusqlite::Connection::open(&path).expect("open");
    sql.execute_batch("PRAGMA user_version = 99")
        .expect("newer");
    drop(sql);
    assert!(matches!(
        refuses(&path),
        (
            StoreError::TooNew { found: 99, .. },
            StoreError::TooNew { found: 99, .. }
        )
    ));
}

#[cfg(unix)]
#[test]
fn a_store_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = file();
    drop(SqliteStore::create_or_open(&path).expect("store"));
    let mode = |path: &Path| std::fs::metadata(path).expect("file").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
    drop(SqliteStore::create_or_open(&path).expect("store"));
    assert_eq!(mode(&path), 0o640);
}
