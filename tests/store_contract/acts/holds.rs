//! What holds after any acts.

use evenhand::evaluation::ScoredCall;
use evenhand::store::StoredCall;

use super::*;

impl Month<'_> {
    pub(super) fn is_sound(&self) {
        let wrong = self.store.check().expect("check");
        self.must(wrong.is_empty(), &format!("{wrong:#?}"));
        let infos = self.store.samples().expect("samples");
        for kept in &self.samples {
            let info = infos.iter().find(|info| info.name == kept.name);
            let calls = self.store.calls(kept.name, false).expect("calls");
            self.is_complete_where_it_counts(kept, &calls, info.expect("is there").counts);
            self.has_its_calls(kept, &calls);
            self.goes_by_as_it_is_kept(kept.name, &calls);
        }
    }

    /// What estimates see go by is what can be read at once.
    fn goes_by_as_it_is_kept(&self, sample: &str, calls: &[StoredCall]) {
        let all = self.store.evaluations(sample, false).expect("read");
        let assignments = self.store.assignments(sample).expect("read");
        let mut drawn = calls.iter().filter(|call| call.role == CallRole::Drawn);
        let mut seen = |one: &ScoredCall<'_>| {
            let call = drawn.next().expect("a call that is drawn");
            let call_id = &call.drawn.call.call_id;
            let mut first = assignments.iter().filter(|one| !one.second);
            let first = first.find(|one| one.call_id == *call_id);
            let mut counting = all.iter().filter(|one| one.counts);
            let counting = counting.find(|one| one.evaluation.call_id == *call_id);
            let kept = ScoredCall {
                call_id,
                stratum: call.stratum.expect("a stratum"),
                journey: None,
                csr: &call.drawn.call.csr,
                caller_type: call.drawn.call.caller_type,
                unscorable: call.unscorable.is_some(),
                inside: true,
                assigned: first.map(|one| one.analyst.as_str()),
                counting: counting.map(|one| one.evaluation.counting()),
            };
            self.must(*one == kept, &format!("{one:?} is {kept:?}"));
        };
        self.store.scored_calls(sample, &mut seen).expect("goes by");
        self.must(drawn.next().is_none(), "all calls go by");
        let scorable = calls.iter().filter(|call| call.is_scorable());
        let scorable = scorable.map(|one| &one.drawn.call);
        let scorable = scorable.map(|call| (call.call_id.clone(), call.caller_type));
        let told = self.store.scorable(sample).expect("read");
        self.must(told == scorable.collect(), "these can be scored");
        let picked = calls.iter().any(|call| call.picked.is_some());
        let told = self.store.has_picked(sample).expect("read");
        self.must(told == picked, "picked calls are told of");
    }

    /// Counts, evaluations and drafts tell the same of each call.
    fn is_complete_where_it_counts(&self, kept: &Part, calls: &[StoredCall], counts: CallCounts) {
        let all = self.store.evaluations(kept.name, false).expect("read");
        let mut counting = BTreeSet::new();
        for one in all.iter().filter(|one| one.counts) {
            let new = counting.insert(one.evaluation.call_id.as_str());
            self.must(new, "one evaluation counts for a call");
        }
        let drawn = calls.iter().filter(|call| call.role == CallRole::Drawn);
        let complete = drawn.filter(|call| counting.contains(call.drawn.call.call_id.as_str()));
        let told = (counts.complete, complete.count() as u64);
        self.must(told.0 == told.1, &format!("complete calls count: {told:?}"));
        let parts = counts.queued + counts.draft + counts.complete + counts.unscorable;
        self.must(parts == counts.drawn, "parts add up");
        let work = self.store.open_work(kept.name).expect("work");
        let drafts: BTreeSet<_> = (work.drafts.into_iter())
            .map(|draft| (kept.name, draft.call_id, draft.analyst))
            .collect();
        let mine = self.drafts.iter().filter(|(name, ..)| *name == kept.name);
        self.must(mine.cloned().eq(drafts), "no draft is lost");
    }

    /// A call that can't be scored was replaced while there was a reserve.
    fn has_its_calls(&self, kept: &Part, calls: &[StoredCall]) {
        for stratum in 0..kept.added {
            let here = || calls.iter().filter(|call| call.stratum == Some(stratum));
            let sound = |call: &&StoredCall| call.unscorable.is_none();
            let drawn = here()
                .filter(|call| call.role == CallRole::Drawn)
                .filter(sound);
            let drawn = drawn.count() as u64;
            let could = kept.quota.min(here().filter(sound).count() as u64);
            self.must(
                drawn >= could,
                &format!("stratum {stratum} of {} is full", kept.name),
            );
        }
    }

    /// Every evaluation revision can be read in every sample that has the call.
    pub(super) fn remembers(&self) {
        for kept in &self.samples {
            for call in self.store.calls(kept.name, false).expect("calls") {
                if !call.is_scorable() {
                    continue;
                }
                let call_id = &call.drawn.call.call_id;
                let mut revisions = BTreeMap::new();
                for one in self.store.history(kept.name, call_id).expect("history") {
                    let key = (call_id.clone(), one.evaluation.analyst);
                    *revisions.entry(key).or_insert(0) += 1;
                }
                let said = self.said.iter().filter(|((call, _), _)| call == call_id);
                let said = said.map(|(key, count)| (key.clone(), *count)).collect();
                self.must(
                    revisions == said,
                    &format!("nothing said of {call_id} is lost"),
                );
            }
        }
    }
}
