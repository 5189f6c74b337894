//! Acts in any order: whatever happens to two samples that share calls, the store stays sound and loses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use evenhand::evaluation::PickReason;
use evenhand::store::{Claimed, HandOver, NewBatch, NewPicks, Picked, Reopened};

use super::*;

mod holds;

const ANALYSTS: [&str; 3] = ["qa1", "qa2", "qa3"];
const EPISODES: u64 = 24;
const ACTS: usize = 60;

/// SplitMix64: the same acts on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn one_of<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.below(from.len() as u64);
        &from[usize::try_from(at).expect("a place")]
    }

    fn analyst(&mut self) -> &'static str {
        self.one_of::<&str>(&ANALYSTS)
    }
}

/// A sample as the acts know it.
struct Part {
    name: &'static str,
    /// Of its logs, those added first; each letter is a log.
    logs: &'static [char],
    added: usize,
    quota: u64,
    rubric: [u8; 32],
    withdrawn: bool,
}

/// What is the same in all episodes: reading a rubric takes longer than most acts.
struct Forms {
    sample: NewSample,
    better: RubricText,
    draft: Draft,
    evaluation: Evaluation,
}

impl Forms {
    fn new() -> Self {
        let words = STARTER.replacen("Gives own name", "Says own name", 1);
        let better = rubric_text("better", &words).expect("rubric");
        assert_eq!(better.scoring_hash(), rubric().scoring_hash());
        assert_ne!(better.hash(), rubric().hash());
        Self {
            sample: sample(SAMPLE, 1),
            better: RubricText::new(&better, &words),
            draft: draft(0),
            evaluation: evaluation("", "", 0, 0),
        }
    }
}

/// What must not be lost, beside the store that must not lose it.
struct Month<'a> {
    forms: &'a Forms,
    store: SqliteStore,
    random: Random,
    clock: Arc<AtomicI64>,
    samples: Vec<Part>,
    drafts: BTreeSet<(&'static str, String, String)>,
    /// Evaluation revisions by call and analyst; the samples are scored alike, so that one serves all.
    said: BTreeMap<(String, String), u32>,
    told: Vec<String>,
    /// What was refused has changed nothing, and need not be looked at.
    changed: bool,
}

impl<'a> Month<'a> {
    fn new(forms: &'a Forms, seed: u64) -> Self {
        let clock = Arc::new(AtomicI64::new(0));
        let ticking = Arc::clone(&clock);
        let store = SqliteStore::in_memory().expect("store");
        let mut month = Self {
            forms,
            store: store.with_clock(move || at(ticking.load(Ordering::Relaxed))),
            random: Random(seed),
            clock,
            samples: Vec::new(),
            drafts: BTreeSet::new(),
            said: BTreeMap::new(),
            told: Vec::new(),
            changed: true,
        };
        for analyst in ANALYSTS {
            month.store.add_analyst(analyst, true).expect("meant");
        }
        month.draw(SAMPLE, &['C', 'D', 'E']);
        // Every fourth store holds one sample alone.
        if !seed.is_multiple_of(4) {
            month.draw("august", &['D', 'C', 'F']);
        }
        month
    }

    fn now(&self) -> Timestamp {
        at(self.clock.load(Ordering::Relaxed))
    }

    fn draw(&mut self, name: &'static str, logs: &'static [char]) {
        let quota = 1 + self.random.below(3);
        let double = *self.random.one_of(&[None, Some("50%"), Some("100%")]);
        let dealing = (self.random.below(3) > 0).then(|| {
            let double = double.map(|text| text.parse().expect("part"));
            Dealing::new("qa1,qa2".parse().expect("names"), double).expect("dealing")
        });
        let new = NewSample {
            dealing,
            ..self.sized(name, logs[0], quota)
        };
        self.told
            .push(format!("draw {name} {quota}, {:?}", new.dealing));
        assert_eq!(self.store.add_sample(&new).expect("drawn"), Added::Created);
        self.samples.push(Part {
            name,
            logs,
            added: 1,
            quota,
            rubric: new.rubric.hash,
            withdrawn: false,
        });
    }

    fn sized(&self, name: &str, letter: char, quota: u64) -> NewSample {
        let mut new = self.forms.sample.clone();
        new.name = name.to_owned();
        new.design.quota = Quota::Each(quota);
        new.frame = frame(letter, quota);
        new
    }

    fn act(&mut self) {
        self.clock.fetch_add(1, Ordering::Relaxed);
        let of = usize::try_from(self.random.below(self.samples.len() as u64)).expect("place");
        if self.samples[of].withdrawn && self.random.below(3) == 0 {
            self.withdraw_or_restore(of);
        }
        match self.random.below(32) {
            0 => self.batch(of),
            1 => self.top_up(of),
            2 => self.more_reserves(of),
            3 | 4 => self.pick(of),
            5..=10 => self.next(of),
            11..=14 => self.take(of),
            15..=17 => {
                let call_id = self.any_call(of);
                let analyst = self.one_of_its_own(of, &call_id);
                self.unscorable(of, &call_id, &analyst);
            }
            18..=20 => {
                let call_id = self.any_call(of);
                let analyst = &self.one_of_its_own(of, &call_id);
                let amend = *self.random.one_of(&[None, Some("objection")]);
                self.complete(of, &call_id, analyst, amend);
            }
            21..=23 => self.reopen(of),
            24 | 25 => self.give(of),
            26 | 27 => self.give_all(of),
            28 => self.adopt(of),
            29 => self.withdraw_or_restore(of),
            30 => {
                self.told.push("an hour passes".to_owned());
                self.clock.fetch_add(60, Ordering::Relaxed);
            }
            _ => {
                let (call_id, analyst) = (self.any_call(of), self.random.analyst());
                self.save(of, &call_id, analyst, None);
            }
        }
    }

    /// One of the calls kept, or one that no log of the sample has held so far.
    fn any_call(&mut self, of: usize) -> String {
        if self.random.below(12) == 0 {
            let letter = *self.random.one_of(self.samples[of].logs);
            return format!("{letter}{:02}", self.random.below(20));
        }
        let calls = self
            .store
            .calls(self.samples[of].name, false)
            .expect("calls");
        let role = *self
            .random
            .one_of(&[CallRole::Drawn, CallRole::Drawn, CallRole::Picked]);
        let some: Vec<String> = (calls.iter())
            .filter(|call| call.role == role || role == CallRole::Picked && call.is_scorable())
            .map(|call| call.drawn.call.call_id.clone())
            .collect();
        self.random.one_of(&some).clone()
    }

    /// Mostly an analyst that the call was given to, if there is one.
    fn one_of_its_own(&mut self, of: usize, call_id: &str) -> String {
        let given = self.store.assignments(self.samples[of].name).expect("read");
        let own: Vec<String> = (given.into_iter())
            .filter(|task| task.call_id == call_id)
            .map(|task| task.analyst)
            .collect();
        if own.is_empty() || self.random.below(4) == 0 {
            return self.random.analyst().to_owned();
        }
        self.random.one_of(&own).clone()
    }

    /// Notes an act and what came of it. A refusal is an answer, anything else that goes wrong is a fault of the store.
    fn note<T: std::fmt::Debug>(
        &mut self,
        act: String,
        outcome: Result<T, StoreError>,
    ) -> Option<T> {
        self.told.push(format!("{act}: {outcome:?}"));
        match outcome {
            Ok(done) => {
                self.changed = true;
                Some(done)
            }
            Err(StoreError::Damaged { .. } | StoreError::Io { .. }) => panic!("{}", self.story()),
            Err(_) => None,
        }
    }

    fn batch(&mut self, of: usize) {
        let kept = &self.samples[of];
        let Some(letter) = kept.logs.get(kept.added) else {
            return;
        };
        let mut frame = frame(*letter, kept.quota);
        frame.seen_before = vec![0; kept.added];
        let new = NewBatch {
            sample: kept.name.to_owned(),
            log: format!("{letter}.csv"),
            profile: None,
            sealed: None,
            drawn_at: self.now(),
            who: None,
            frame,
        };
        let act = format!("batch {letter} into {}", kept.name);
        let added = self.store.add_batch(&new);
        if self.note(act, added).is_some() {
            self.samples[of].added += 1;
        }
    }

    fn top_up(&mut self, of: usize) {
        let (name, quota) = (self.samples[of].name, self.samples[of].quota + 1);
        let mut new = self.sized(name, self.samples[of].logs[0], quota);
        new.rubric.hash = self.samples[of].rubric;
        let added = self.store.add_sample(&new);
        if self
            .note(format!("top up {name} to {quota}"), added)
            .is_some()
        {
            self.samples[of].quota = quota;
        }
    }

    fn more_reserves(&mut self, of: usize) {
        let (name, added) = (self.samples[of].name, self.samples[of].added);
        let batch = self.random.below(added as u64) + 1;
        let place = usize::try_from(batch).expect("place") - 1;
        let letter = self.samples[of].logs[place];
        let calls = self.store.calls(name, false).expect("calls");
        let lost = calls.iter().filter(|call| {
            call.stratum == Some(place) && call.role == CallRole::Drawn && call.unscorable.is_some()
        });
        let drawn = (self.samples[of].quota + lost.count() as u64).min(20);
        let frame = frame(letter, drawn);
        let now = self.now();
        let more = self.store.extend_batch(name, batch, &frame, None, now);
        self.note(format!("reserves for batch {batch} of {name}"), more);
    }

    fn pick(&mut self, of: usize) {
        let name = self.samples[of].name;
        let letter = *self.random.one_of(self.samples[of].logs);
        let id = format!("{letter}{:02}", self.random.below(20));
        let new = NewPicks {
            sample: name.to_owned(),
            picked: Picked {
                why: PickReason::Complaint,
                note: None,
                who: None,
                log: "any.csv".to_owned(),
                profile: None,
                at: self.now(),
            },
            calls: vec![call(&id, 2)],
        };
        let picked = self.store.pick(&new);
        self.note(format!("pick {id} for {name}"), picked);
    }

    fn next(&mut self, of: usize) {
        let (name, analyst) = (self.samples[of].name, self.random.analyst());
        let claimed = self.store.next_call(name, analyst, analyst);
        self.work(
            of,
            analyst,
            format!("next of {name} for {analyst}"),
            claimed,
        );
    }

    fn take(&mut self, of: usize) {
        let (name, analyst) = (self.samples[of].name, self.random.analyst());
        let call_id = self.any_call(of);
        let claimed = self.store.take_call(name, &call_id, analyst, analyst);
        let act = format!("{analyst} takes {call_id} of {name}");
        self.work(of, analyst, act, claimed);
    }

    /// What an analyst does with a call that is on the screen.
    fn work(
        &mut self,
        of: usize,
        analyst: &'static str,
        act: String,
        claimed: Result<Option<Claimed>, StoreError>,
    ) {
        // The draft, and in it the reason to amend, if there is one.
        let claimed = claimed.map(|claimed| {
            let claimed = claimed?;
            let draft = claimed.draft.map(|draft| draft.amend_reason);
            Some((claimed.call.drawn.call.call_id, draft))
        });
        let Some(Some((call_id, draft))) = self.note(act, claimed) else {
            return;
        };
        let amend = draft.clone().flatten();
        let key = (self.samples[of].name, call_id.clone(), analyst.to_owned());
        self.must(
            draft.is_some() == self.drafts.contains(&key),
            "a draft comes back",
        );
        let again = self
            .said
            .contains_key(&(call_id.clone(), analyst.to_owned()));
        self.must(
            !again || amend.is_some(),
            "nobody scores a call twice unasked",
        );
        match self.random.below(8) {
            0 => {}
            1 | 2 => self.save(of, &call_id, analyst, amend),
            3 => self.unscorable(of, &call_id, analyst),
            _ => self.complete(of, &call_id, analyst, amend.as_deref()),
        }
    }

    fn save(&mut self, of: usize, call_id: &str, analyst: &str, amend: Option<String>) {
        let name = self.samples[of].name;
        let key = (name, call_id.to_owned(), analyst.to_owned());
        // A screen that was left open saves what it knows; it knows the reason to amend as well.
        if amend.is_none() && self.drafts.contains(&key) {
            return;
        }
        let draft = Draft {
            amend_reason: amend,
            ..self.forms.draft.clone()
        };
        let saved = self
            .store
            .save_draft(name, call_id, analyst, analyst, &draft);
        let act = format!("{analyst} saves {call_id} of {name}");
        if self.note(act, saved).is_some() {
            self.drafts.insert(key);
        }
    }

    fn complete(&mut self, of: usize, call_id: &str, analyst: &str, amend: Option<&str>) {
        let name = self.samples[of].name;
        let mut evaluation = Evaluation {
            call_id: call_id.to_owned(),
            analyst: analyst.to_owned(),
            rubric_hash: self.samples[of].rubric,
            completed_at: self.now(),
            ..self.forms.evaluation.clone()
        };
        evaluation.comment = format!("heard {}", self.random.below(3));
        let kept = self.store.complete(name, &evaluation, amend);
        let act = format!("{analyst} completes {call_id} of {name} ({amend:?})");
        let Some(kept) = self.note(act, kept) else {
            return;
        };
        let key = (call_id.to_owned(), analyst.to_owned());
        *self.said.entry(key).or_insert(0) += u32::from(kept != Kept::Unchanged);
        self.drafts
            .retain(|(_, call, by)| (call.as_str(), by.as_str()) != (call_id, analyst));
    }

    fn unscorable(&mut self, of: usize, call_id: &str, analyst: &str) {
        let (name, now) = (self.samples[of].name, self.now());
        let said = self
            .store
            .unscorable(name, call_id, analyst, &no_recording(), now);
        self.note(format!("{analyst} can't score {call_id} of {name}"), said);
    }

    fn reopen(&mut self, of: usize) {
        let (name, now, call_id) = (self.samples[of].name, self.now(), self.any_call(of));
        let named = self.random.analyst();
        let analyst = (self.random.below(3) == 0).then_some(named);
        let done = self
            .store
            .reopen(name, &call_id, analyst, "objection", None, now);
        let act = format!("reopen {call_id} of {name} for {analyst:?}");
        if let Some(Reopened::Evaluation { analyst }) = self.note(act, done) {
            self.drafts.insert((name, call_id, analyst));
        }
    }

    fn give(&mut self, of: usize) {
        let (name, call_id) = (self.samples[of].name, self.any_call(of));
        let to = self.random.analyst();
        self.hand_over(name, &HandOver::Calls(vec![call_id]), to);
    }

    fn give_all(&mut self, of: usize) {
        let (from, to) = (self.random.analyst(), self.random.analyst());
        self.hand_over(self.samples[of].name, &HandOver::AllOf(from.to_owned()), to);
    }

    fn hand_over(&mut self, name: &str, what: &HandOver, to: &str) {
        let now = self.now();
        let given = self.store.assign(name, what, to, false, None, now);
        self.note(format!("give {what:?} of {name} to {to}"), given);
    }

    fn adopt(&mut self, of: usize) {
        let (name, now) = (self.samples[of].name, self.now());
        let adopted = self.store.adopt(name, &self.forms.better, None, now);
        if self.note(format!("adopt for {name}"), adopted).is_some() {
            self.samples[of].rubric = self.forms.better.hash;
        }
    }

    fn withdraw_or_restore(&mut self, of: usize) {
        let (name, now) = (self.samples[of].name, self.now());
        let done = if self.samples[of].withdrawn {
            self.store.restore(name, None, None, now)
        } else {
            self.store.withdraw(name, "mistake", None, now)
        };
        self.note(format!("withdraw or restore {name}"), done)
            .expect("nothing is in the way");
        self.samples[of].withdrawn = !self.samples[of].withdrawn;
    }

    fn must(&self, holds: bool, what: &str) {
        assert!(holds, "{what}, but:\n{}", self.story());
    }

    fn story(&self) -> String {
        self.told.join("\n")
    }

    /// Who goes on until nothing is offered has scored everything.
    fn ends(&mut self) {
        for of in 0..self.samples.len() {
            if self.samples[of].withdrawn {
                self.withdraw_or_restore(of);
            }
        }
        for of in 0..self.samples.len() {
            let name = self.samples[of].name;
            for analyst in ANALYSTS {
                self.clock.fetch_add(60, Ordering::Relaxed);
                self.scores_all(of, analyst);
            }
            self.is_sound();
            let left = counts(&self.store, name);
            let left = left.queued + left.draft;
            self.must(
                left == 0,
                &format!("{left} calls of {name} are offered to nobody"),
            );
        }
    }

    fn scores_all(&mut self, of: usize, analyst: &str) {
        let name = self.samples[of].name;
        let mut offered = 0;
        while let Some(next) = self.store.next_call(name, analyst, analyst).expect("asked") {
            let amend = next.draft.and_then(|draft| draft.amend_reason);
            let call_id = next.call.drawn.call.call_id;
            self.complete(of, &call_id, analyst, amend.as_deref());
            offered += 1;
            self.must(offered < 200, "it comes to an end");
        }
    }
}

#[test]
fn acts_in_any_order_leave_a_sound_store_that_loses_nothing() {
    let forms = Forms::new();
    for seed in 0..EPISODES {
        let mut month = Month::new(&forms, seed);
        for _ in 0..ACTS {
            month.changed = false;
            month.act();
            if month.changed {
                month.is_sound();
            }
        }
        month.remembers();
        month.ends();
        month.remembers();
    }
}
