//! Copies of a store in which analysts worked apart, joined.

use evenhand::evaluation::PickReason;
use evenhand::store::{Clash, HandOver, Merged, NewPicks, Picked, Reopened, Taken};

use super::*;

/// Pairs of copies in which things are done by chance.
const RUNS: u64 = 60;

/// A store and a copy of it.
struct Two {
    folder: tempfile::TempDir,
    here: SqliteStore,
    there: SqliteStore,
}

impl Two {
    fn of(prepare: impl FnOnce(SqliteStore) -> SqliteStore) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let path = |name: &str| folder.path().join(name);
        let new = SqliteStore::create_or_open(path("here.db")).expect("store");
        let here = prepare(new).with_clock(|| at(1000));
        here.back_up(&path("there.db")).expect("copied");
        let there = SqliteStore::open_to_write(path("there.db")).expect("store");
        Self {
            folder,
            here,
            there,
        }
    }

    fn sample() -> Self {
        Self::of(with_sample)
    }

    fn dealt(quota: u64, double: Option<&str>) -> Self {
        Self::of(|store| with_dealt(store, quota, double))
    }

    fn merge(&mut self) -> Merged {
        self.here.merge(&self.there, true).expect("merged")
    }

    /// Merges, finds the store sound, and finds nothing left to take.
    #[track_caller]
    fn joined(&mut self) -> Taken {
        let merged = self.merge();
        assert_eq!(merged.conflicts(), 0, "{merged:?}");
        sound(&self.here);
        self.idle();
        merged.samples[0].taken
    }

    #[track_caller]
    fn idle(&mut self) {
        let events = self.here.events(SAMPLE).expect("events");
        let again = self.merge();
        assert!(!again.changed(), "{again:?}");
        assert_eq!(self.here.events(SAMPLE).expect("events"), events);
    }

    /// Merges, and finds one call in conflict that is as it was.
    #[track_caller]
    fn clashes(&mut self, call_id: &str) -> Clash {
        let before = (
            self.here.history(SAMPLE, call_id).expect("history"),
            self.here
                .call(SAMPLE, call_id)
                .expect("call")
                .expect("there")
                .unscorable,
        );
        let merged = self.merge();
        let conflicts = merged.samples[0].conflicts.clone();
        assert_eq!(conflicts.len(), 1, "{conflicts:?}");
        assert_eq!(conflicts[0].call_id, call_id);
        sound(&self.here);
        let call = self
            .here
            .call(SAMPLE, call_id)
            .expect("call")
            .expect("there");
        let history = self.here.history(SAMPLE, call_id).expect("history");
        assert_eq!(before.1, call.unscorable);
        assert_eq!(texts(&before.0), texts(&history));
        self.idle();
        conflicts[0].clash.clone()
    }
}

fn texts(history: &[Completed]) -> Vec<String> {
    history.iter().map(|one| format!("{one:?}")).collect()
}

fn say(store: &mut SqliteStore, call_id: &str, analyst: &str, minute: i64) -> Option<String> {
    store
        .unscorable(SAMPLE, call_id, analyst, &no_recording(), at(minute))
        .expect("kept")
}

fn amend(store: &mut SqliteStore, call_id: &str, analyst: &str, first: u8, minute: i64) {
    store
        .complete(
            SAMPLE,
            &evaluation(call_id, analyst, first, minute),
            Some("misheard"),
        )
        .expect("amended");
}

#[test]
fn evaluations_of_both_stand_side_by_side_with_all_revisions_and_comments() {
    let mut two = Two::sample();
    let ids = drawn(&two.here);
    complete(&mut two.here, &ids[0], "qa1", 5);
    complete(&mut two.there, &ids[0], "qa2", 3);
    let mut commented = evaluation(&ids[1], "qa2", 1, 4);
    commented.comments[0] = "too fast".to_owned();
    commented.comment = "rushed".to_owned();
    commented.drivers = vec![0];
    two.there.complete(SAMPLE, &commented, None).expect("kept");
    amend(&mut two.there, &ids[1], "qa2", 0, 6);
    let taken = two.joined();
    assert_eq!(
        (taken.evaluations, taken.amendments, taken.events),
        (2, 1, 1)
    );
    for id in &ids[..2] {
        let history = two.there.history(SAMPLE, id).expect("history");
        let here = two.here.history(SAMPLE, id).expect("history");
        for there in &history {
            let mut here = here.iter().map(|one| &one.evaluation);
            assert!(here.any(|one| *one == there.evaluation), "{there:?}");
        }
    }
    // The one completed first counts, wherever that was.
    assert_eq!(counting(&two.here, SAMPLE, &ids[0]).as_deref(), Some("qa2"));
    let events = two.here.events(SAMPLE).expect("events");
    let told: Vec<String> = (events[1..].iter())
        .map(|event| format!("{} {}", event.act, event.detail))
        .collect();
    assert_eq!(
        told,
        [
            format!(
                "amend `{}`, evaluation revision 2: misheard (from the store `there.db`)",
                ids[1]
            ),
            "merge `there.db`: 2 evaluations, 1 amendments, 1 acts".to_owned(),
        ]
    );
    assert_eq!(events[2].at, at(1000));
}

#[test]
fn what_would_be_taken_is_told_without_writing() {
    let mut two = Two::sample();
    let id = drawn(&two.here)[0].clone();
    complete(&mut two.there, &id, "qa2", 3);
    two.there.add_analyst("qa3", true).expect("meant");
    let told = two.here.merge(&two.there, false).expect("told");
    assert!(two.here.history(SAMPLE, &id).expect("history").is_empty());
    assert_eq!(two.here.analysts().expect("names"), ["qa1", "qa2"]);
    assert_eq!(two.merge(), told);
    assert_eq!(two.here.analysts().expect("names"), ["qa1", "qa2", "qa3"]);
}

#[test]
fn reserves_are_drawn_here_by_the_same_rule_whatever_time_a_file_says() {
    let mut two = Two::dealt(3, None);
    let ids = drawn(&two.here);
    let analyst = |two: &Two, id: &String| {
        let own = tasks(&two.here, "qa1", false).contains(id);
        if own { "qa1" } else { "qa2" }
    };
    let (first, second) = (analyst(&two, &ids[0]), analyst(&two, &ids[1]));
    let reserve = say(&mut two.there, &ids[0], first, 50).expect("a reserve");
    // Completed before it was drawn, as a file may say.
    complete(&mut two.there, &reserve, first, 10);
    let other = say(&mut two.here, &ids[1], second, 20);
    assert_eq!(other.as_ref(), Some(&reserve), "one reserve for both");
    let taken = two.joined();
    assert_eq!((taken.unscorable, taken.evaluations), (1, 1));
    let counts = counts(&two.here, SAMPLE);
    assert_eq!(
        (
            counts.drawn,
            counts.unscorable,
            counts.complete,
            counts.queued
        ),
        (5, 2, 1, 2)
    );
}

#[test]
fn what_was_taken_back_there_is_taken_back_here_and_the_scored_reserve_stays() {
    let mut two = Two::sample();
    let id = drawn(&two.here)[0].clone();
    let reserve = say(&mut two.there, &id, "qa1", 1).expect("a reserve");
    complete(&mut two.there, &reserve, "qa2", 2);
    let opened = two
        .there
        .reopen(SAMPLE, &id, None, "found it", Some("qa2"), at(3));
    assert_eq!(opened.expect("reopened"), Reopened::Scorable { back: None });
    complete(&mut two.there, &id, "qa1", 4);
    let taken = two.joined();
    assert_eq!(
        (taken.unscorable, taken.scorable, taken.evaluations),
        (1, 1, 2)
    );
    let samples = (counts(&two.here, SAMPLE), counts(&two.there, SAMPLE));
    assert_eq!(samples.0, samples.1);
}

#[test]
fn declined_calls_stay_with_others_and_seconds_are_set_aside_with_their_call() {
    let mut two = Two::dealt(3, Some("100%"));
    let mut pair: Vec<(String, &str)> = Vec::new();
    for (first, other) in [("qa1", "qa2"), ("qa2", "qa1")] {
        let own = tasks(&two.here, first, false).into_iter();
        pair.extend(own.map(|id| (id, other)));
    }
    let first = |second: &str| if second == "qa1" { "qa2" } else { "qa1" };
    // The second one can't score it; the first one has, elsewhere.
    let (id, second) = pair[0].clone();
    say(&mut two.there, &id, second, 1);
    complete(&mut two.here, &id, first(second), 2);
    // The second one has scored it here, the first one says there that nobody can.
    let (gone, aside) = pair[1].clone();
    let reserve = say(&mut two.here, &gone, first(aside), 3).expect("a reserve");
    say(&mut two.there, &gone, first(aside), 3);
    complete(&mut two.there, &reserve, aside, 4);
    let taken = two.joined();
    assert_eq!(
        (taken.declined, taken.unscorable, taken.evaluations),
        (1, 0, 1)
    );
    assert_eq!(declined(&two.here, &id).len(), 1);
    assert_eq!(
        counting(&two.here, SAMPLE, &id).as_deref(),
        Some(first(second))
    );
    assert_eq!(counting(&two.here, SAMPLE, &reserve), None);
}

#[test]
fn picked_calls_arrive_with_their_fields_and_evaluations() {
    let mut two = Two::sample();
    let ids = drawn(&two.here);
    let call = |id: &str| Call {
        call_id: id.to_owned(),
        ..sample(SAMPLE, 3).frame.strata[0].calls[0].call.clone()
    };
    let new = NewPicks {
        sample: SAMPLE.to_owned(),
        picked: Picked {
            why: PickReason::Complaint,
            note: None,
            who: Some("boss".to_owned()),
            log: "calls.csv".to_owned(),
            profile: None,
            at: at(1),
        },
        calls: vec![call("X1"), call(&ids[2])],
    };
    two.there.pick(&new).expect("picked");
    complete(&mut two.there, "X1", "qa1", 2);
    let taken = two.joined();
    assert_eq!((taken.picked, taken.evaluations, taken.events), (2, 1, 2));
    for id in ["X1", &ids[2]] {
        let (here, there) = (two.here.call(SAMPLE, id), two.there.call(SAMPLE, id));
        let (here, there) = (here.expect("call"), there.expect("call"));
        assert_eq!(format!("{here:?}"), format!("{there:?}"));
    }
}

#[test]
fn drafts_arrive_unless_their_analyst_has_gone_on_here() {
    let mut two = Two::sample();
    let ids = drawn(&two.here);
    let begin = |store: &mut SqliteStore, id: &str, analyst: &str, first| {
        store
            .save_draft(SAMPLE, id, analyst, analyst, &draft(first))
            .expect("saved");
    };
    begin(&mut two.there, &ids[0], "qa1", 1);
    begin(&mut two.there, &ids[1], "qa1", 1);
    begin(&mut two.there, &ids[2], "qa1", 1);
    begin(&mut two.here, &ids[1], "qa1", 0);
    complete(&mut two.here, &ids[2], "qa1", 1);
    assert_eq!(two.joined().drafts, 1);
    let own = |store: &mut SqliteStore, id: &str| {
        let taken = store.take_call(SAMPLE, id, "qa1", "new").expect("asked");
        taken.expect("a call").draft
    };
    assert_eq!(own(&mut two.here, &ids[0]), Some(draft(1)));
    assert_eq!(own(&mut two.here, &ids[1]), Some(draft(0)));
    let idle = two.here.holdings().expect("holdings").idle_drafts;
    assert!(idle.is_empty(), "{idle:?}");
    // Opened for amendment there, amended here since.
    complete(&mut two.there, &ids[2], "qa1", 1);
    two.there
        .reopen(SAMPLE, &ids[2], None, "again", None, at(5))
        .expect("reopened");
    amend(&mut two.here, &ids[2], "qa1", 1, 6);
    assert_eq!(two.joined().drafts, 0);
}

#[test]
fn each_kind_of_conflict_leaves_its_call_alone() {
    let mut two = Two::sample();
    let id = drawn(&two.here)[0].clone();
    complete(&mut two.here, &id, "qa1", 1);
    let other = evaluation(&id, "qa1", 1, 2);
    two.there.complete(SAMPLE, &other, None).expect("kept");
    // Nothing else of that call is taken either.
    complete(&mut two.there, &id, "qa2", 3);
    assert_eq!(two.clashes(&id), Clash::Evaluation);
    // Settled here: what holds there was said here, too.
    amend(&mut two.here, &id, "qa1", 1, 9);
    assert_eq!(two.joined().evaluations, 1);

    let mut two = Two::of(|store| {
        let mut store = with_sample(store);
        complete(&mut store, &id, "qa1", 1);
        store
    });
    amend(&mut two.here, &id, "qa1", 1, 2);
    let mut amended = evaluation(&id, "qa1", 0, 3);
    amended.comment = "loud".to_owned();
    (two.there.complete(SAMPLE, &amended, Some("misheard"))).expect("amended");
    assert_eq!(two.clashes(&id), Clash::Amendment);

    let mut two = Two::sample();
    let saved = (two.here).save_draft(SAMPLE, &id, "qa1", "t", &draft(1));
    saved.expect("saved");
    complete(&mut two.there, &id, "qa1", 1);
    assert_eq!(two.clashes(&id), Clash::Draft);
    assert_eq!(two.here.open_work(SAMPLE).expect("work").drafts.len(), 1);

    let mut two = Two::sample();
    complete(&mut two.here, &id, "qa1", 1);
    say(&mut two.there, &id, "qa2", 2);
    assert_eq!(two.clashes(&id), Clash::UnscorableThere);

    let mut two = Two::sample();
    say(&mut two.here, &id, "qa1", 1);
    complete(&mut two.there, &id, "qa2", 2);
    assert_eq!(two.clashes(&id), Clash::ScoredThere);

    let mut two = Two::sample();
    say(&mut two.here, &id, "qa1", 1);
    let language = Unscorable {
        reason: UnscorableReason::Language,
        note: None,
    };
    (two.there.unscorable(SAMPLE, &id, "qa2", &language, at(2))).expect("kept");
    assert_eq!(two.clashes(&id), Clash::Statement);

    let mut two = Two::dealt(3, Some("100%"));
    let id = tasks(&two.here, "qa1", true)[0].clone();
    say(&mut two.there, &id, "qa1", 1);
    complete(&mut two.here, &id, "qa1", 1);
    assert_eq!(two.clashes(&id), Clash::Declined);
    let mut two = Two::dealt(3, Some("100%"));
    say(&mut two.here, &id, "qa1", 1);
    complete(&mut two.there, &id, "qa1", 1);
    assert_eq!(two.clashes(&id), Clash::Declined);
}

#[test]
fn what_follows_from_a_call_in_conflict_is_left_there_with_it_and_the_rest_is_taken() {
    let mut two = Two::sample();
    let ids = drawn(&two.here);
    complete(&mut two.here, &ids[0], "qa1", 1);
    let reserve = say(&mut two.there, &ids[0], "qa2", 2).expect("a reserve");
    complete(&mut two.there, &reserve, "qa2", 3);
    complete(&mut two.there, &ids[1], "qa2", 4);
    let merged = two.merge();
    let clashes: Vec<(&str, &str)> = (merged.samples[0].conflicts.iter())
        .map(|conflict| (conflict.call_id.as_str(), conflict.clash.word()))
        .collect();
    let mut expected = [
        (ids[0].as_str(), "unscorable-there"),
        (reserve.as_str(), "refused"),
    ];
    expected.sort_unstable();
    assert_eq!(clashes, expected);
    assert_eq!(merged.samples[0].taken.evaluations, 1);
    assert_eq!(merged.samples[0].taken.events, 0);
    sound(&two.here);
    two.idle();
}

#[test]
fn two_analysts_who_find_out_alike_agree() {
    let mut two = Two::sample();
    let id = drawn(&two.here)[0].clone();
    say(&mut two.here, &id, "qa1", 1);
    say(&mut two.there, &id, "qa2", 2);
    let taken = two.joined();
    assert_eq!(taken.unscorable, 0);
    assert_eq!(counts(&two.here, SAMPLE).unscorable, 1);
}

/// The rubric in other words, its drivers the other way round.
fn reworded() -> (Rubric, RubricText) {
    let (head, drivers) = STARTER.split_once("[[driver]]").expect("drivers");
    let (one, rest) = drivers.split_once("[[driver]]").expect("two drivers");
    let (other, rest) = rest.split_at(rest.find("\n[").map_or(rest.len(), |at| at + 1));
    let source = format!("{head}[[driver]]{other}\n[[driver]]{one}\n{rest}");
    let rubric = rubric_text("reworded", &source).expect("a rubric");
    let text = RubricText::new(&rubric, &source);
    (rubric, text)
}

#[test]
fn answers_under_better_words_arrive_with_their_rubric_and_drivers_keep_their_meaning() {
    let mut two = Two::sample();
    let ids = drawn(&two.here);
    let (rubric, text) = reworded();
    assert_eq!(text.scoring_hash, super::rubric().scoring_hash());
    assert_ne!(text.hash, super::rubric().hash());
    assert!(
        two.there
            .adopt(SAMPLE, &text, None, at(1))
            .expect("adopted")
    );
    let mut ticked = draft(0);
    ticked.drivers = vec![0];
    let scored =
        |id: &str| Evaluation::new(&rubric, id, "qa2", CallerType::Internal, &ticked, at(2));
    (two.there.complete(SAMPLE, &scored(&ids[0]), None)).expect("kept");
    (two.there.save_draft(SAMPLE, &ids[1], "qa2", "t", &ticked)).expect("saved");
    // The same said here under the old words is the same: `new-request` stands second there.
    let mut own = evaluation(&ids[2], "qa1", 0, 3);
    own.drivers = vec![1];
    two.here.complete(SAMPLE, &own, None).expect("kept");
    let mut same = scored(&ids[2]);
    same.analyst = "qa1".to_owned();
    two.there.complete(SAMPLE, &same, None).expect("kept");
    let merged = two.merge();
    assert!(merged.samples[0].other_words);
    assert_eq!(merged.conflicts(), 0, "{merged:?}");
    let taken = merged.samples[0].taken;
    assert_eq!((taken.evaluations, taken.drafts), (1, 1));
    sound(&two.here);
    let arrived = two.here.history(SAMPLE, &ids[0]).expect("history");
    assert_eq!(arrived[0].evaluation.rubric_hash, text.hash);
    assert_eq!(arrived[0].evaluation.drivers, [1]);
    assert_eq!(
        two.here.rubric_source(&text.hash).expect("kept"),
        text.source
    );
    let begun = two
        .here
        .take_call(SAMPLE, &ids[1], "qa2", "t")
        .expect("asked");
    let begun = begun.expect("a call").draft.expect("a draft");
    assert_eq!(begun.drivers, [1]);
    two.idle();
}

#[test]
fn a_call_in_two_samples_is_taken_once() {
    let mut two = Two::of(|store| {
        let mut store = with_sample(store);
        store.add_sample(&sample("again", 3)).expect("added");
        store
    });
    let ids = drawn(&two.here);
    complete(&mut two.here, &ids[0], "qa1", 1);
    complete_for(&mut two.there, "again", &ids[0], "qa1", 2);
    complete(&mut two.here, &ids[1], "qa1", 3);
    let other = evaluation(&ids[1], "qa1", 1, 4);
    two.there.complete("again", &other, None).expect("kept");
    let merged = two.merge();
    let again = &merged.samples[0];
    assert_eq!(
        (again.name.as_str(), again.taken),
        ("again", Taken::default())
    );
    assert_eq!(again.conflicts.len(), 1, "{again:?}");
    assert_eq!(again.conflicts[0].call_id, ids[1]);
    assert_eq!(
        two.here.evaluations("again", false).expect("served").len(),
        2
    );
    sound(&two.here);
    two.idle();
}

#[test]
fn a_sample_withdrawn_here_stays_as_it_is_and_one_of_theirs_is_named() {
    let mut two = Two::sample();
    let id = drawn(&two.here)[0].clone();
    two.there.add_sample(&sample("august", 2)).expect("added");
    complete(&mut two.there, &id, "qa1", 1);
    (two.here.withdraw(SAMPLE, "mistake", None, at(2))).expect("withdrawn");
    let merged = two.merge();
    assert!(merged.samples[0].withdrawn);
    assert_eq!(merged.only_there, ["august"]);
    assert!(!merged.changed());
    assert!(two.here.history(SAMPLE, &id).expect("history").is_empty());
}

#[test]
fn stores_that_do_not_belong_together_are_refused_and_nothing_is_taken() {
    let mut two = Two::sample();
    let id = drawn(&two.here)[0].clone();
    complete(&mut two.there, &id, "qa1", 1);
    let refused = |two: &mut Two, name: &str, change: fn(&mut NewSample)| {
        let path = two.folder.path().join(name);
        let mut other = SqliteStore::create_or_open(path).expect("store");
        let mut new = sample(SAMPLE, 3);
        change(&mut new);
        other.add_sample(&new).expect("added");
        two.here.merge(&other, true).expect_err("refused")
    };
    let other_seed = |new: &mut NewSample| {
        new.seed = Seed::new("t").expect("seed");
        let mut calls = Vec::new();
        for stratum in &mut new.frame.strata {
            stratum
                .calls
                .iter_mut()
                .chain(&mut stratum.reserves)
                .for_each(|call| {
                    call.draw_number = DrawNumber::new(&new.seed, &call.call.call_id);
                    calls.push(call.clone());
                });
        }
    };
    for (name, change, expected) in [
        ("seed", other_seed as fn(&mut NewSample), "seed"),
        ("frame", |new| new.frame.digest.0[0] ^= 1, "call logs"),
        ("design", |new| new.design.quota = Quota::Each(4), "design"),
        ("strata", |new| new.frame.strata[0].quota = 4, "strata"),
        ("rubric", |new| new.rubric.scoring_hash[0] ^= 1, "rubric"),
    ] {
        let error = refused(&mut two, name, change);
        assert!(
            matches!(&error, StoreError::OtherSample { what, .. } if *what == expected),
            "{error:?}, not {expected}"
        );
    }
    let error = refused(&mut two, "none", |new| new.name = "august".to_owned());
    assert!(matches!(error, StoreError::NothingInCommon { .. }));
    let path = two.folder.path().join("./here.db");
    let same = SqliteStore::open_existing(path).expect("store");
    let error = two.here.merge(&same, true).expect_err("refused");
    assert!(matches!(error, StoreError::SameStore { .. }));
    assert!(
        two.here
            .evaluations(SAMPLE, false)
            .expect("none")
            .is_empty()
    );
    assert_eq!(two.joined().evaluations, 1);
}

/// Something an analyst may do; what the store refuses is not done.
fn act(store: &mut SqliteStore, dice: &mut impl FnMut(usize) -> usize, minute: i64) {
    let all = store.calls(SAMPLE, false).expect("calls").into_iter();
    let ids: Vec<String> = all
        .filter(|call| call.is_scorable())
        .map(|call| call.drawn.call.call_id)
        .collect();
    let (id, who) = (&ids[dice(ids.len())], ["qa1", "qa2"][dice(2)]);
    match dice(10) {
        0..5 => {
            let first = u8::from(dice(4) == 0);
            let amend = (dice(2) == 0).then_some("misheard");
            let _ = store.complete(SAMPLE, &evaluation(id, who, first, minute), amend);
        }
        5..7 => {
            let _ = store.unscorable(SAMPLE, id, who, &no_recording(), at(minute));
        }
        7 => {
            let _ = store.reopen(SAMPLE, id, Some(who), "again", Some(who), at(minute));
        }
        8 => {
            let _ = store.save_draft(SAMPLE, id, who, who, &draft(1));
        }
        _ => {
            let what = HandOver::Calls(vec![id.clone()]);
            let _ = store.assign(SAMPLE, &what, who, false, None, at(minute));
        }
    }
}

#[test]
fn whatever_was_done_apart_the_joined_store_is_sound_and_nothing_is_lost() {
    let (mut joined, mut conflicts) = (0, 0);
    for seed in 0..RUNS {
        let mut state: u64 = seed * 2 + 1;
        let mut dice = move |sides: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            usize::try_from(state >> 33).expect("31 bits") % sides
        };
        let mut two = match seed % 3 {
            0 => Two::sample(),
            1 => Two::dealt(4, None),
            _ => Two::dealt(4, Some("50%")),
        };
        for _ in 0..dice(8) {
            // Their clocks need not agree.
            let minute = i64::try_from(dice(60)).expect("a minute");
            act(&mut two.here, &mut dice, minute);
        }
        for _ in 0..dice(8) {
            let minute = i64::try_from(dice(60)).expect("a minute");
            act(&mut two.there, &mut dice, minute);
        }
        let ours = said(&two.here, false);
        // Of what was amended until it was what stands here the way there is left.
        let theirs = newest(said(&two.there, false));
        let merged = two.merge();
        sound(&two.here);
        let left: Vec<&str> = (merged.samples[0].conflicts.iter())
            .map(|conflict| conflict.call_id.as_str())
            .collect();
        // A statement of one who is second here is kept as that of one who declines.
        let now = said(&two.here, true);
        for (call_id, text) in &ours {
            assert!(
                now.contains(&(call_id.clone(), text.clone())),
                "seed {seed}: lost {text}"
            );
        }
        for (call_id, text) in &theirs {
            let known = now.contains(&(call_id.clone(), text.clone()));
            assert!(
                known || left.contains(&call_id.as_str()),
                "seed {seed}: not taken {text}"
            );
        }
        two.idle();
        match left.len() {
            0 => joined += 1,
            _ => conflicts += 1,
        }
    }
    assert!(
        joined > 0 && conflicts > 0,
        "{joined} joined, {conflicts} with conflicts"
    );
}

/// The last of what each analyst said of each call.
fn newest(all: Vec<(String, String)>) -> Vec<(String, String)> {
    let key = |one: &(String, String)| {
        let who = one.1.split_once(':').map(|(who, _)| who.to_owned());
        (one.0.clone(), who)
    };
    let mut newest = std::collections::BTreeMap::new();
    for one in all {
        newest.insert(key(&one), one);
    }
    newest.into_values().collect()
}

/// What was said of calls, whenever that was.
fn said(store: &SqliteStore, declined: bool) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for call in store.calls(SAMPLE, false).expect("calls") {
        let id = call.drawn.call.call_id.clone();
        let declined = call.declined.iter().filter(|_| declined);
        for (_, why) in call.unscorable.iter().chain(declined) {
            all.push((id.clone(), format!("{why:?}")));
        }
        if !call.is_scorable() {
            continue;
        }
        let mut history: Vec<Evaluation> = (store.history(SAMPLE, &id).expect("history"))
            .into_iter()
            .map(|completed| completed.evaluation)
            .collect();
        history.sort_by_key(|one| one.evaluation_revision);
        for one in history {
            all.push((id.clone(), format!("{}: {:?}", one.analyst, one.answers)));
        }
    }
    all
}
