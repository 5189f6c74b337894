//! What the other store has and this one lacks, or which calls the two contradict each other about.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Common;
use super::side::{Given, Said, Statement};
use crate::evaluation::Unscorable;
use crate::store::{Clash, Conflict};

/// Something that was done there and not here.
pub(super) struct Act<'a> {
    pub(super) sample: &'a str,
    pub(super) call_id: &'a str,
    /// When it was done: not before what it follows, whatever a file said of its time.
    at: Timestamp,
    pub(super) what: What<'a>,
}

pub(super) enum What<'a> {
    Pick,
    State(&'a Statement),
    Decline(&'a str, &'a Unscorable, Timestamp),
    Evaluate(&'a Given),
}

impl What<'_> {
    /// What comes first of things done at one time.
    fn rank(&self) -> u8 {
        match self {
            Self::Pick => 0,
            Self::State(_) => 1,
            Self::Decline(..) => 2,
            Self::Evaluate(_) => 3,
        }
    }

    pub(super) fn analyst(&self) -> Option<&str> {
        match self {
            Self::Pick => None,
            Self::State(statement) => Some(&statement.analyst),
            Self::Decline(analyst, ..) => Some(analyst),
            Self::Evaluate(given) => Some(&given.analyst),
        }
    }
}

/// What is to be done here, in order of time, and what can't be.
pub(super) struct Plan<'a> {
    pub(super) acts: Vec<Act<'a>>,
    /// By sample and call.
    conflicts: BTreeMap<(String, String), Vec<Conflict>>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(shared: &'a [Common]) -> Self {
        let mut plan = Self {
            acts: Vec::new(),
            conflicts: BTreeMap::new(),
        };
        let nothing = &Said::default();
        for common in shared {
            let sample = common.name.as_str();
            for (call_id, at) in &common.theirs.picked {
                if !common.ours.picked.contains_key(call_id) {
                    plan.acts.push(Act {
                        sample,
                        call_id,
                        at: *at,
                        what: What::Pick,
                    });
                }
            }
            for (call_id, theirs) in &common.theirs.calls {
                let ours = common.ours.calls.get(call_id).unwrap_or(nothing);
                let found = Found::of(call_id, ours, theirs);
                plan.acts
                    .extend(found.acts.into_iter().map(|(at, what)| Act {
                        sample,
                        call_id,
                        at,
                        what,
                    }));
                if !found.conflicts.is_empty() {
                    let key = (sample.to_owned(), call_id.clone());
                    plan.conflicts.insert(key, found.conflicts);
                }
            }
        }
        plan.acts.sort_by_key(|act| (act.at, act.what.rank()));
        plan.leave_out();
        plan
    }

    /// Leaves calls alone that can't be brought in.
    pub(super) fn refuse(&mut self, refused: Vec<(String, Conflict)>) {
        for (sample, conflict) in refused {
            let key = (sample, conflict.call_id.clone());
            self.conflicts.entry(key).or_default().push(conflict);
        }
        self.leave_out();
    }

    fn leave_out(&mut self) {
        let conflicts = &self.conflicts;
        self.acts.retain(|act| {
            !conflicts.contains_key(&(act.sample.to_owned(), act.call_id.to_owned()))
        });
    }

    pub(super) fn conflicts_of(&self, sample: &str) -> Vec<Conflict> {
        let own = self.conflicts.iter().filter(|((of, _), _)| of == sample);
        own.flat_map(|(_, conflicts)| conflicts.clone()).collect()
    }
}

/// What was found of one call.
struct Found<'a> {
    acts: Vec<(Timestamp, What<'a>)>,
    conflicts: Vec<Conflict>,
}

impl<'a> Found<'a> {
    fn of(call_id: &str, ours: &Said, theirs: &'a Said) -> Self {
        let mut found = Self {
            acts: Vec::new(),
            conflicts: Vec::new(),
        };
        let mut clash = |analyst: Option<&str>, clash: Clash| Conflict {
            call_id: call_id.to_owned(),
            analyst: analyst.map(str::to_owned),
            clash,
        };
        found.evaluations(ours, theirs, &mut clash);
        found.statements(ours, theirs, &mut clash);
        found.declined(ours, theirs, &mut clash);
        found
    }

    fn evaluations(
        &mut self,
        ours: &Said,
        theirs: &'a Said,
        clash: &mut impl FnMut(Option<&str>, Clash) -> Conflict,
    ) {
        for (analyst, given) in &theirs.evaluations {
            let kept = ours.evaluations.get(analyst).map_or(&[][..], Vec::as_slice);
            match beyond(kept, given, |one, other| one.said == other.said) {
                Ok(more) if has_gone_on(ours, analyst, more) => {
                    self.conflicts.push(clash(Some(analyst), Clash::Draft));
                }
                Ok(more) => {
                    let more = more.iter().map(|given| (given.at, What::Evaluate(given)));
                    self.acts.extend(in_turn(more));
                }
                // Settled here since: what holds there was said here as well.
                Err(_)
                    if given
                        .last()
                        .is_some_and(|last| kept.iter().any(|one| one.said == last.said)) => {}
                Err(0) => self.conflicts.push(clash(Some(analyst), Clash::Evaluation)),
                Err(_) => self.conflicts.push(clash(Some(analyst), Clash::Amendment)),
            }
        }
    }

    fn statements(
        &mut self,
        ours: &Said,
        theirs: &'a Said,
        clash: &mut impl FnMut(Option<&str>, Clash) -> Conflict,
    ) {
        // Who said it matters less than what: two analysts may find out alike.
        let alike = |one: &Statement, other: &Statement| {
            one.undone == other.undone && one.why.reason == other.why.reason
        };
        let Ok(more) = beyond(&ours.statements, &theirs.statements, alike) else {
            self.conflicts.push(clash(None, Clash::Statement));
            return;
        };
        // Taken back on one side was what was said there; what others found out for themselves still stands.
        let parted = (ours.statements.iter().zip(&theirs.statements))
            .next_back()
            .is_some_and(|(one, other)| (&one.analyst, one.at) != (&other.analyst, other.at));
        if parted && ours.statements.len() != theirs.statements.len() {
            self.conflicts.push(clash(None, Clash::Statement));
            return;
        }
        if let (Some(last), Some(said)) = (more.last(), theirs.unscorable())
            && !last.undone
            && lacks(theirs, ours).is_some()
        {
            let who = Some(said.analyst.as_str());
            self.conflicts.push(clash(who, Clash::UnscorableThere));
        }
        let newly = ours.statements.len() > theirs.statements.len();
        if newly
            && ours.unscorable().is_some()
            && let Some(analyst) = lacks(ours, theirs)
        {
            self.conflicts
                .push(clash(Some(analyst), Clash::ScoredThere));
        }
        let more = more.iter().map(|said| (said.at, What::State(said)));
        self.acts.extend(in_turn(more));
    }

    fn declined(
        &mut self,
        ours: &Said,
        theirs: &'a Said,
        clash: &mut impl FnMut(Option<&str>, Clash) -> Conflict,
    ) {
        for (analyst, (why, at)) in &theirs.declined {
            if ours.declined.contains_key(analyst) {
                continue;
            }
            if ours.evaluations.contains_key(analyst) {
                self.conflicts.push(clash(Some(analyst), Clash::Declined));
            } else if ours.unscorable().is_none() {
                // Of a call that nobody can score nobody needs to say so again.
                // Who has declined may score after all, and nobody declines what they have scored.
                let scored = theirs.evaluations.get(analyst).and_then(|all| all.first());
                let before = scored.map_or(*at, |given| given.at.min(*at));
                self.acts.push((before, What::Decline(analyst, why, *at)));
            }
        }
        for analyst in ours.declined.keys() {
            let here = ours.evaluations.contains_key(analyst);
            let known = theirs.declined.contains_key(analyst);
            if !here && !known && theirs.evaluations.contains_key(analyst) {
                self.conflicts.push(clash(Some(analyst), Clash::Declined));
            }
        }
    }
}

/// Whether taking evaluations would end a draft that was saved since.
fn has_gone_on(ours: &Said, analyst: &str, more: &[Given]) -> bool {
    let draft = ours.drafts.get(analyst).zip(more.last());
    draft.is_some_and(|((_, saved_at_us), last)| *saved_at_us > last.at.as_microsecond())
}

/// What follows in the longer of two lists that begin alike; else the place where they part.
fn beyond<'a, T>(
    ours: &[T],
    theirs: &'a [T],
    alike: impl Fn(&T, &T) -> bool,
) -> Result<&'a [T], usize> {
    let both = ours.iter().zip(theirs);
    match both.clone().position(|(one, other)| !alike(one, other)) {
        Some(at) => Err(at),
        None => Ok(&theirs[both.len()..]),
    }
}

/// An analyst whose evaluation `one` lacks, or has fewer evaluation revisions of.
fn lacks<'a>(one: &Said, other: &'a Said) -> Option<&'a str> {
    let kept = |analyst: &str| one.evaluations.get(analyst).map_or(0, Vec::len);
    let mut more = other.evaluations.iter();
    let more = more.find(|(analyst, given)| given.len() > kept(analyst));
    more.map(|(analyst, _)| analyst.as_str())
}

/// Moves times up so that nothing comes before what it follows.
fn in_turn<'a>(
    acts: impl Iterator<Item = (Timestamp, What<'a>)>,
) -> impl Iterator<Item = (Timestamp, What<'a>)> {
    acts.scan(Timestamp::MIN, |latest, (at, what)| {
        *latest = at.max(*latest);
        Some((*latest, what))
    })
}

#[cfg(test)]
mod tests {
    use super::beyond;

    #[test]
    fn the_longer_of_two_lists_goes_on_where_the_shorter_ends() {
        let alike = |one: &u8, other: &u8| one == other;
        assert_eq!(beyond(&[1, 2], &[1, 2, 3], alike), Ok(&[3][..]));
        assert_eq!(beyond(&[1, 2], &[1], alike), Ok(&[][..]));
        assert_eq!(beyond(&[], &[1], alike), Ok(&[1][..]));
        assert_eq!(beyond(&[1, 2], &[1, 3, 4], alike), Err(1));
        assert_eq!(beyond(&[2], &[1], alike), Err(0));
    }
}
