//! What happens to a sample after it was drawn: further logs, picked calls, calls that change hands, what is taken back.

use evenhand::evaluation::PickReason;
use evenhand::store::{AssignReport, HandOver, NewBatch, NewPicks, PickReport, Picked, Reopened};

use super::*;

fn further(letter: char, quota: u64, batches: usize) -> NewBatch {
    let mut frame = frame(letter, quota);
    frame.seen_before = vec![0; batches];
    NewBatch {
        sample: SAMPLE.to_owned(),
        log: format!("{letter}.csv"),
        profile: None,
        sealed: Some([7; 32]),
        drawn_at: at(1),
        who: None,
        frame,
    }
}

fn picks(ids: &[&str]) -> NewPicks {
    NewPicks {
        sample: SAMPLE.to_owned(),
        picked: Picked {
            why: PickReason::Complaint,
            note: Some("wrote a letter".to_owned()),
            who: Some("boss".to_owned()),
            log: "week2.csv".to_owned(),
            profile: None,
            at: at(2),
        },
        calls: ids.iter().map(|id| call(id, 2)).collect(),
    }
}

fn acts(store: &impl Store) -> Vec<(String, Option<String>)> {
    let events = store.events(SAMPLE).expect("events").into_iter();
    events.map(|event| (event.act, event.who)).collect()
}

fn role(store: &impl Store, call_id: &str) -> CallRole {
    let found = store.call(SAMPLE, call_id).expect("call");
    found.expect("is kept").role
}

fn give(store: &mut impl Store, what: &HandOver, to: &str) -> Result<AssignReport, StoreError> {
    store.assign(SAMPLE, what, to, false, Some("boss"), at(3))
}

fn named(ids: &[&str]) -> HandOver {
    HandOver::Calls(ids.iter().map(|id| (*id).to_owned()).collect())
}

fn a_further_log_has_strata_of_its_own_and_its_ids_are_kept<S: Store>(store: S) {
    let mut store = with_sample(store);
    assert_eq!(store.add_batch(&further('D', 3, 1)).expect("added"), 2);
    assert_eq!(drawn(&store).len(), 6);
    let strata = store.strata(SAMPLE).expect("strata");
    let batches: Vec<u64> = strata.iter().map(|stratum| stratum.batch).collect();
    assert_eq!(batches, [1, 2]);
    assert_eq!(store.cells(SAMPLE).expect("cells")[0].eligible, 40);
    let info = &store.samples().expect("samples")[0];
    assert_eq!((info.eligible(), info.calls_in_log()), (40, 40));
    assert_eq!(info.batches[1].sealed, Some([7; 32]));
    let earlier = store.earlier(SAMPLE, 2).expect("read").expect("kept");
    let both = ['C', 'D'].map(|letter| frame(letter, 3).seen.expect("ids"));
    assert_eq!(earlier.seen, both);
    // Calls of every log are kept with their tags: three drawn and five in reserve of each.
    assert_eq!(earlier.kept.len(), 16);
    // Who was slower has read the log without knowing of the one that came first.
    let late = store.add_batch(&further('E', 3, 1));
    assert!(matches!(late, Err(StoreError::Outrun { .. })), "{late:?}");
    // A sample of several logs is still known by its first one, and its quota stays.
    let again = store.add_sample(&sample(SAMPLE, 3)).expect("again");
    assert_eq!(again, Added::Unchanged);
    let more = store.add_sample(&sample(SAMPLE, 5));
    assert!(matches!(more, Err(StoreError::SeveralBatches { .. })));
    sound(&store);
}

fn calls_of_a_further_log_are_dealt_like_the_first_ones<S: Store>(store: S) {
    let mut store = with_dealt(store, 4, None);
    store.add_batch(&further('D', 4, 1)).expect("added");
    let dealt = ["qa1", "qa2"].map(|analyst| tasks(&store, analyst, false).len());
    assert_eq!(dealt, [4, 4]);
    sound(&store);
}

fn more_reserves_take_the_place_of_calls_that_lack_one<S: Store>(store: S) {
    let mut store = with_sample(store);
    let mut said = 0;
    while let Some((id, ..)) = next(&mut store, "qa1") {
        store
            .unscorable(SAMPLE, &id, "qa1", &no_recording(), at(1))
            .expect("said");
        said += 1;
    }
    // Three drawn and five reserves.
    assert_eq!(said, 8);
    let mut more = frame('C', 3 + 8);
    more.strata[0].quota = 3 + 8;
    let extended = store
        .extend_batch(SAMPLE, 1, &more, None, at(2))
        .expect("more");
    assert_eq!(extended, (3, 12));
    assert!(next(&mut store, "qa1").is_some());
    assert_eq!(store.strata(SAMPLE).expect("strata")[0].quota, 3);
    sound(&store);
}

fn a_picked_call_is_scored_once_whatever_else_it_is<S: Store>(store: S) {
    let mut store = with_sample(store);
    let first = drawn(&store)[0].clone();
    let reserves = store.calls(SAMPLE, false).expect("calls").into_iter();
    let mut reserves = reserves.filter(|call| call.role == CallRole::Reserve);
    let reserve = reserves.next().expect("one").drawn.call.call_id;
    let report = store
        .pick(&picks(&[&first, &reserve, "X1"]))
        .expect("picked");
    let expected = PickReport {
        new: 2,
        drawn: 1,
        complete: 0,
    };
    assert_eq!(report, expected);
    assert_eq!(
        [&first, &reserve, "X1"].map(|id| role(&store, id)),
        [CallRole::Drawn, CallRole::Reserve, CallRole::Picked]
    );
    // All of them are scored, in draw-number order, and only drawn ones are counted as drawn.
    let mut scored = Vec::new();
    while let Some((id, ..)) = next(&mut store, "qa1") {
        complete(&mut store, &id, "qa1", 4);
        scored.push(id);
    }
    assert_eq!(scored.len(), 5);
    let numbers: Vec<DrawNumber> = (scored.iter())
        .map(|id| DrawNumber::new(&Seed::new("s").expect("seed"), id))
        .collect();
    assert!(numbers.is_sorted());
    assert_eq!(counts(&store, SAMPLE).drawn, 3);
    assert_eq!(counts(&store, SAMPLE).complete, 3);
    let twice = store.pick(&picks(&["X2", "X1"]));
    assert!(matches!(twice, Err(StoreError::AlreadyPicked { .. })));
    assert!(store.call(SAMPLE, "X2").expect("call").is_none());
    sound(&store);
}

fn a_picked_call_that_a_later_log_draws_is_not_scored_again<S: Store>(store: S) {
    let mut store = with_sample(store);
    let later = further('D', 3, 1);
    let drawn_later = later.frame.strata[0].calls[0].call.call_id.clone();
    // From another export, which tells of it in other words.
    let mut other = picks(&[&drawn_later]);
    other.calls[0]
        .fields
        .push(("note".to_owned(), "angry".to_owned()));
    store.pick(&other).expect("picked");
    complete(&mut store, &drawn_later, "qa1", 4);
    store.add_batch(&later).expect("added");
    assert_eq!(role(&store, &drawn_later), CallRole::Drawn);
    let found = store.call(SAMPLE, &drawn_later).expect("call").expect("it");
    assert_eq!((found.batch, found.stratum), (2, Some(1)));
    let told = &later.frame.strata[0].calls[0].call.fields;
    assert_eq!(&found.drawn.call.fields, told);
    assert_eq!(counts(&store, SAMPLE).complete, 1);
    sound(&store);
}

fn a_picked_reserve_that_can_not_be_scored_is_passed_over<S: Store>(store: S) {
    let mut store = with_sample(store);
    let kept = store.calls(SAMPLE, false).expect("calls");
    let place = |position: u64| {
        let mut calls = kept.iter();
        let found = calls.find(|call| call.drawn.position == position);
        found.expect("is kept").drawn.call.call_id.clone()
    };
    let (first, fourth, fifth) = (place(1), place(4), place(5));
    store.pick(&picks(&[&fourth])).expect("picked");
    let said = |store: &mut S, id: &str| {
        store
            .unscorable(SAMPLE, id, "qa1", &no_recording(), at(5))
            .expect("said")
    };
    assert_eq!(said(&mut store, &fourth), None);
    sound(&store);
    assert_eq!(said(&mut store, &first), Some(fifth.clone()));
    assert_eq!(role(&store, &fourth), CallRole::Drawn);
    sound(&store);
}

fn calls_change_hands_and_half_finished_answers_stay<S: Store>(store: S) {
    let mut store = with_dealt(store, 4, None);
    let own = tasks(&store, "qa1", false);
    let mut begun = draft(1);
    begun.seconds = Some(9.0);
    store
        .save_draft(SAMPLE, &own[0], "qa1", "qa1", &begun)
        .expect("saved");
    let moved = give(&mut store, &HandOver::AllOf("qa1".to_owned()), "qa2").expect("moved");
    assert_eq!((moved.moved, moved.stay.len()), (2, 0));
    // What was begun is kept, and not offered to who is away.
    let offered = store.next_call(SAMPLE, "qa1", "qa1").expect("asked");
    assert!(offered.is_none());
    assert_eq!(store.open_work(SAMPLE).expect("work").drafts.len(), 1);
    assert_eq!(tasks(&store, "qa2", false).len(), 4);
    let again = give(&mut store, &named(&[&own[0]]), "qa2").expect("theirs");
    assert_eq!((again.moved, again.theirs), (0, 1));
    complete(&mut store, &own[0], "qa2", 5);
    let refused = give(&mut store, &named(&[&own[1], &own[0]]), "qa1");
    assert!(matches!(refused, Err(StoreError::IsComplete { .. })));
    assert_eq!(tasks(&store, "qa1", false).len(), 0);
    let back = give(&mut store, &named(&[&own[1]]), "qa1").expect("back");
    assert_eq!(back.moved, 1);
    let stranger = give(&mut store, &named(&[&own[1]]), "qa3");
    assert!(matches!(stranger, Err(StoreError::UnknownAnalyst { .. })));
    sound(&store);
}

fn nobody_becomes_both_analysts_of_a_call<S: Store>(store: S) {
    let mut store = with_dealt(store, 2, Some("100%"));
    let call = tasks(&store, "qa1", false)[0].clone();
    let moved = give(&mut store, &HandOver::AllOf("qa1".to_owned()), "qa2").expect("moved");
    assert_eq!((moved.moved, moved.stay.len()), (0, 2));
    let refused = give(&mut store, &named(&[&call]), "qa2");
    assert!(matches!(refused, Err(StoreError::IsSecond { .. })));
    store.add_analyst("qa3", true).expect("meant");
    let moved = give(&mut store, &HandOver::AllOf("qa1".to_owned()), "qa3").expect("moved");
    assert_eq!(moved.moved, 2);
    sound(&store);
}

fn a_free_call_is_given_to_somebody<S: Store>(store: S) {
    let mut store = with_sample(store);
    let last = drawn(&store)[2].clone();
    give(&mut store, &named(&[&last]), "qa2").expect("given");
    assert_eq!(tasks(&store, "qa2", false), std::slice::from_ref(&last));
    let taken = store.take_call(SAMPLE, &last, "qa1", "one");
    assert!(matches!(taken, Err(StoreError::IsAssigned { .. })));
    let taken = store.take_call(SAMPLE, &last, "qa2", "two").expect("asked");
    assert_eq!(taken.expect("call").call.drawn.call.call_id, last);
    sound(&store);
}

fn one_call_is_taken_out_of_turn<S: Store>(store: S) {
    let mut store = with_sample(store);
    let last = drawn(&store)[2].clone();
    let taken = store.take_call(SAMPLE, &last, "qa1", "one").expect("asked");
    assert_eq!(taken.expect("call").call.drawn.call.call_id, last);
    let other = store.take_call(SAMPLE, &last, "qa2", "two");
    assert!(matches!(other, Err(StoreError::IsClaimed { .. })));
    complete(&mut store, &last, "qa1", 4);
    let again = store.take_call(SAMPLE, &last, "qa1", "one");
    assert!(matches!(again, Err(StoreError::AlreadyComplete { .. })));
    // A second opinion on a complete call is welcome, and does not count.
    let second = store.take_call(SAMPLE, &last, "qa2", "two").expect("asked");
    assert!(second.is_some());
    complete(&mut store, &last, "qa2", 5);
    assert_eq!(counting(&store, SAMPLE, &last).as_deref(), Some("qa1"));
}

fn a_call_can_be_scored_after_all_and_its_reserve_goes_back<S: Store>(store: S) {
    let mut store = with_dealt(store, 4, None);
    let before = drawn(&store);
    let (first, second) = (before[0].clone(), before[1].clone());
    let say = |store: &mut S, id: &str| {
        store
            .unscorable(SAMPLE, id, "qa1", &no_recording(), at(1))
            .expect("said")
            .expect("a reserve")
    };
    let back = |store: &mut S, id: &str| {
        store
            .reopen(SAMPLE, id, None, "found it", Some("boss"), at(2))
            .expect("taken back")
    };
    let (one, two) = (say(&mut store, &first), say(&mut store, &second));
    // The last one drawn goes back, whichever call it replaced.
    let gone = Reopened::Scorable {
        back: Some(two.clone()),
    };
    assert_eq!(back(&mut store, &first), gone);
    assert_eq!(role(&store, &two), CallRole::Reserve);
    sound(&store);
    // One that somebody has begun stays, and both are scored.
    let whose = store.assignments(SAMPLE).expect("assignments").into_iter();
    let mut whose = whose.filter(|task| task.call_id == one);
    let analyst = whose.next().expect("is given").analyst;
    store
        .save_draft(SAMPLE, &one, &analyst, "t", &draft(0))
        .expect("saved");
    let both = Reopened::Scorable { back: None };
    assert_eq!(back(&mut store, &second), both);
    assert_eq!(role(&store, &one), CallRole::Drawn);
    sound(&store);
    let nothing = store.reopen(SAMPLE, &second, None, "why", None, at(3));
    assert!(matches!(nothing, Err(StoreError::IsOpen { .. })));
    let told = acts(&store);
    assert_eq!(told.iter().filter(|(act, _)| act == "scorable").count(), 2);
    assert!(told.contains(&("scorable".to_owned(), Some("boss".to_owned()))));
    // It can be said again.
    assert_eq!(say(&mut store, &first), two);
    sound(&store);
}

fn a_reserve_that_goes_back_was_scored_for_another_sample_by_its_second_analyst<S: Store>(
    store: S,
) {
    let mut store = with_dealt(store, 1, Some("100%"));
    store.add_sample(&sample("august", 3)).expect("added");
    let first = drawn(&store)[0].clone();
    let whose = store.assignments(SAMPLE).expect("read")[0].analyst.clone();
    let other = if whose == "qa1" { "qa2" } else { "qa1" };
    let say = |store: &mut S| {
        store
            .unscorable(SAMPLE, &first, &whose, &no_recording(), at(1))
            .expect("said")
            .expect("a reserve")
    };
    let reserve = say(&mut store);
    complete_for(&mut store, "august", &reserve, other, 2);
    let back = store.reopen(SAMPLE, &first, None, "found it", None, at(3));
    let gone = Some(reserve.clone());
    assert_eq!(back.expect("back"), Reopened::Scorable { back: gone });
    assert_eq!(say(&mut store), reserve);
    let offered = store.next_call(SAMPLE, other, "t").expect("asked");
    assert!(offered.is_none(), "who has scored it need not do so again");
    assert_eq!(next(&mut store, &whose).expect("a call").0, reserve);
    sound(&store);
}

fn who_declined_a_call_and_is_given_it_again_may_decline_again<S: Store>(store: S) {
    let mut store = with_dealt(store, 1, Some("100%"));
    let id = drawn(&store)[0].clone();
    let whose = store.assignments(SAMPLE).expect("read");
    let (one, two) = (whose[0].analyst.clone(), whose[1].analyst.clone());
    let say = |store: &mut S, analyst: &str| {
        let said = store.unscorable(SAMPLE, &id, analyst, &no_recording(), at(1));
        said.expect("said")
    };
    assert_eq!(say(&mut store, &two), None);
    assert!(say(&mut store, &one).is_some());
    store
        .reopen(SAMPLE, &id, None, "found it", None, at(2))
        .expect("back");
    assert_eq!(next(&mut store, &two).expect("offered again").0, id);
    assert_eq!(say(&mut store, &two), None);
    assert!(next(&mut store, &two).is_none());
    let told = acts(&store);
    assert_eq!(told.iter().filter(|(act, _)| act == "decline").count(), 2);
    sound(&store);
}

fn more_reserves_fill_what_was_lost_while_the_log_was_read<S: Store>(store: S) {
    let mut store = with_sample(store);
    while let Some((id, ..)) = next(&mut store, "qa1") {
        store
            .unscorable(SAMPLE, &id, "qa1", &no_recording(), at(1))
            .expect("said");
    }
    // Eight are lost, of which only three were when the reading began.
    let mut more = frame('C', 3 + 3);
    let further = frame('C', 14).strata[0].calls.split_off(11);
    more.strata[0].reserves.extend(further);
    store
        .extend_batch(SAMPLE, 1, &more, None, at(2))
        .expect("more");
    let calls = store.calls(SAMPLE, false).expect("calls").into_iter();
    let left = calls.filter(|call| call.role == CallRole::Drawn && call.unscorable.is_none());
    assert_eq!(left.count(), 3, "as many as the sample asks for");
    sound(&store);
}

fn a_complete_evaluation_is_opened_for_its_analyst<S: Store>(store: S) {
    let mut store = with_sample(store);
    let id = drawn(&store)[0].clone();
    complete(&mut store, &id, "qa1", 1);
    let opened = store
        .reopen(SAMPLE, &id, None, "the CSR objects", Some("boss"), at(2))
        .expect("opened");
    let analyst = "qa1".to_owned();
    assert_eq!(opened, Reopened::Evaluation { analyst });
    let claimed = store.next_call(SAMPLE, "qa1", "t").expect("asked");
    let found = claimed.expect("the same call");
    assert_eq!(found.call.drawn.call.call_id, id);
    let draft = found.draft.expect("what was said");
    assert_eq!(draft.amend_reason.as_deref(), Some("the CSR objects"));
    // Until it is amended what was said counts.
    assert_eq!(counting(&store, SAMPLE, &id).as_deref(), Some("qa1"));
    sound(&store);
}

fn a_withdrawn_sample_takes_nothing_until_it_is_restored<S: Store>(store: S) {
    let mut store = with_sample(store);
    let id = drawn(&store)[0].clone();
    store
        .withdraw(SAMPLE, "wrong month", Some("boss"), at(1))
        .expect("withdrawn");
    let out = |refused: Result<(), StoreError>| {
        assert!(
            matches!(refused, Err(StoreError::Withdrawn { .. })),
            "{refused:?}"
        );
    };
    out(store.withdraw(SAMPLE, "again", None, at(2)));
    out(store.next_call(SAMPLE, "qa1", "t").map(drop));
    out(store.add_batch(&further('D', 3, 1)).map(drop));
    out(store.add_sample(&sample(SAMPLE, 3)).map(drop));
    out(store.pick(&picks(&["X1"])).map(drop));
    out(give(&mut store, &named(&[&id]), "qa1").map(drop));
    out(store
        .unscorable(SAMPLE, &id, "qa1", &no_recording(), at(2))
        .map(drop));
    out(store
        .complete(SAMPLE, &evaluation(&id, "qa1", 0, 1), None)
        .map(drop));
    assert!(store.waiting("qa1").expect("waiting").is_empty());
    assert_eq!(store.samples().expect("samples").len(), 1);
    store.restore(SAMPLE, None, None, at(3)).expect("restored");
    assert_eq!(store.waiting("qa1").expect("waiting").len(), 1);
    let again = store.restore(SAMPLE, None, None, at(4));
    assert!(matches!(again, Err(StoreError::NotWithdrawn { .. })));
    let told: Vec<String> = acts(&store).into_iter().map(|(act, _)| act).collect();
    assert_eq!(told, ["draw", "withdraw", "restore"]);
}

/// The starter rubric with other words, or with other scores.
fn changed(edits: &[(&str, &str)]) -> (Rubric, RubricText) {
    let mut text = STARTER.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let rubric = rubric_text("changed", &text).expect("rubric");
    let kept = RubricText::new(&rubric, &text);
    (rubric, kept)
}

const NEW_DRIVER: &str = "[[driver]]\nid = \"brand-new\"\ntext = \"Brand new\"\n\n[[driver]]";

fn a_rubric_with_other_words_takes_over_and_ticks_keep_their_meaning<S: Store>(store: S) {
    let mut store = with_sample(store);
    let ids = drawn(&store);
    let last = rubric().drivers().len() - 1;
    let ticked = Evaluation {
        drivers: vec![0, last],
        ..evaluation(&ids[0], "qa1", 0, 1)
    };
    store.complete(SAMPLE, &ticked, None).expect("kept");
    let mut begun = draft(0);
    begun.drivers = vec![last];
    store
        .save_draft(SAMPLE, &ids[1], "qa1", "t", &begun)
        .expect("saved");
    let (rubric, better) = changed(&[("[[driver]]", NEW_DRIVER)]);
    let adopt = |store: &mut S, text| store.adopt(SAMPLE, text, Some("boss"), at(2));
    assert!(adopt(&mut store, &better).expect("adopted"));
    assert!(!adopt(&mut store, &better).expect("again"));
    assert_eq!(
        store.samples().expect("samples")[0].rubric.hash,
        rubric.hash()
    );
    let found = store.evaluations(SAMPLE, true).expect("evaluations");
    assert_eq!(found[0].evaluation.drivers, [1, last + 1]);
    let claimed = store.next_call(SAMPLE, "qa1", "t").expect("asked");
    let draft = claimed.expect("call").draft.expect("draft");
    assert_eq!(draft.drivers, [last + 1]);
    // What is said from now on is said under the new one; a window that knows only the old one is told.
    let old = store.complete(SAMPLE, &evaluation(&ids[1], "qa1", 0, 3), None);
    assert!(matches!(old, Err(StoreError::OtherRubric { .. })));
    let same = Evaluation {
        rubric_hash: rubric.hash(),
        drivers: vec![1, last + 1],
        ..ticked
    };
    let kept = store.complete(SAMPLE, &same, None).expect("the same");
    assert_eq!(kept, Kept::Unchanged);
    sound(&store);
}

fn a_rubric_that_scores_otherwise_or_loses_ticks_is_refused<S: Store>(store: S) {
    let mut store = with_sample(store);
    let (_, scores) = changed(&[("pass_mark = ", "pass_mark = 1 # ")]);
    let refused = store.adopt(SAMPLE, &scores, None, at(1));
    assert!(matches!(refused, Err(StoreError::ScoresOtherwise { .. })));
    let first = rubric().drivers()[0].id.clone();
    let (from, to) = (format!("id = \"{first}\""), "id = \"renamed\"".to_owned());
    let (_, renamed) = changed(&[(&from, &to)]);
    let refused = store.adopt(SAMPLE, &renamed, None, at(1));
    assert!(
        matches!(&refused, Err(StoreError::DriverLost { driver, .. }) if *driver == first),
        "{refused:?}"
    );
    assert_eq!(
        store.samples().expect("samples")[0].rubric.hash,
        rubric().hash()
    );
    assert_eq!(acts(&store).len(), 1);
    sound(&store);
}

fn an_analyst_is_told_which_samples_wait<S: Store>(store: S) {
    let mut store = with_sample(store);
    let names = |store: &S| -> Vec<(String, bool)> {
        let waiting = store.waiting("qa1").expect("waiting").into_iter();
        let told = waiting.map(|one| (one.sample, one.draft_saved.is_some()));
        told.collect()
    };
    let mut other = sample("august", 3);
    other.frame = frame('D', 3);
    other.drawn_at = at(9);
    store.add_sample(&other).expect("added");
    let both = |july, august| vec![(SAMPLE.to_owned(), july), ("august".to_owned(), august)];
    assert_eq!(names(&store), both(false, false));
    let id = other.frame.strata[0].calls[0].call.call_id.clone();
    store
        .save_draft("august", &id, "qa1", "t", &draft(0))
        .expect("saved");
    assert_eq!(names(&store), both(false, true));
    for id in drawn(&store) {
        complete(&mut store, &id, "qa2", 5);
    }
    assert_eq!(names(&store), both(false, true)[1..]);
}

fn the_newest_roster_holds<S: Store>(mut store: S) {
    assert_eq!(store.roster().expect("none"), None);
    for source in ["csr\nAda\n", "csr\nBen\n"] {
        store.keep_roster("team.csv", source, at(1)).expect("kept");
        let kept = store.roster().expect("read").expect("there");
        assert_eq!(kept.source, source);
    }
}

contract!(
    a_further_log_has_strata_of_its_own_and_its_ids_are_kept,
    calls_of_a_further_log_are_dealt_like_the_first_ones,
    more_reserves_take_the_place_of_calls_that_lack_one,
    a_picked_call_is_scored_once_whatever_else_it_is,
    a_picked_call_that_a_later_log_draws_is_not_scored_again,
    a_picked_reserve_that_can_not_be_scored_is_passed_over,
    calls_change_hands_and_half_finished_answers_stay,
    nobody_becomes_both_analysts_of_a_call,
    a_free_call_is_given_to_somebody,
    one_call_is_taken_out_of_turn,
    a_call_can_be_scored_after_all_and_its_reserve_goes_back,
    a_reserve_that_goes_back_was_scored_for_another_sample_by_its_second_analyst,
    who_declined_a_call_and_is_given_it_again_may_decline_again,
    more_reserves_fill_what_was_lost_while_the_log_was_read,
    a_complete_evaluation_is_opened_for_its_analyst,
    a_withdrawn_sample_takes_nothing_until_it_is_restored,
    a_rubric_with_other_words_takes_over_and_ticks_keep_their_meaning,
    a_rubric_that_scores_otherwise_or_loses_ticks_is_refused,
    an_analyst_is_told_which_samples_wait,
    the_newest_roster_holds,
);
