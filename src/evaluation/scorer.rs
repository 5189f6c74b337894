//! Scores before criticals, for those who ask for a million of them: what a rubric says is looked up once, and a call
//! takes no memory. Adds up in the order in which [`super::score()`] does, so that both give the same number to the last digit.

use std::iter::repeat;
use std::ops::Range;

use super::gap::applies;
use super::score::{mean, possible, standing};
use crate::calls::CallerType;
use crate::rubric::{Answer, Behavior, Rubric, Weigh};

/// A rubric made ready to score many calls.
#[derive(Clone, Debug)]
pub struct Scorer {
    behaviors: Vec<Prepared>,
    /// Behaviors asked only when another was answered so; one that others wait for stands before them.
    conditions: Vec<Condition>,
    /// Where sections are weighed by themselves first; `None`: all behaviors are weighed together.
    sections: Option<Vec<Section>>,
    /// The answers of the call at hand, by behavior.
    codes: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Prepared {
    /// By caller type.
    asked: [bool; 3],
    weight: f64,
    /// By code; `None` leaves the score.
    results: Vec<Option<f64>>,
}

#[derive(Clone, Debug)]
struct Condition {
    behavior: usize,
    other: usize,
    /// The codes that the other must have, one bit each.
    is: u64,
}

#[derive(Clone, Debug)]
struct Section {
    weight: f64,
    behaviors: Range<usize>,
}

/// No answer, or one to something that isn't asked.
const BLANK: u8 = 0;
const NA: u8 = 1;
/// The first option of a scale; the others follow.
const FIRST: u8 = 2;
/// A scale has at most so many options, so that a code has its bit in a [`Condition`].
const MOST: u8 = 62;

impl Scorer {
    /// Of all behaviors.
    pub fn new(rubric: &Rubric) -> Self {
        Self::of(rubric, |_| true)
    }

    /// As if nobody had answered the behaviors that don't count.
    pub fn of(rubric: &Rubric, counts: impl Fn(&Behavior) -> bool) -> Self {
        let behaviors = rubric.behaviors();
        let prepared = |behavior: &Behavior| Prepared {
            asked: CallerType::ALL.map(|kind| counts(behavior) && applies(behavior, kind)),
            weight: weight(rubric, behavior),
            results: results(behavior),
        };
        let sections = rubric.sections().iter().map(|section| Section {
            weight: section.weight,
            behaviors: section.behaviors.clone(),
        });
        let mut settled = vec![false; behaviors.len()];
        let mut conditions = Vec::new();
        for at in 0..behaviors.len() {
            settle(behaviors, at, &mut settled, &mut conditions);
        }
        Self {
            behaviors: behaviors.iter().map(prepared).collect(),
            conditions,
            sections: (rubric.weigh() == Weigh::Sections).then(|| sections.collect()),
            codes: vec![BLANK; behaviors.len()],
        }
    }

    /// The score of a call, had no critical been triggered. An answer that isn't there is a blank one.
    pub fn before_critical(
        &mut self,
        caller_type: CallerType,
        answers: &[Option<Answer>],
    ) -> Option<f64> {
        let answers = answers.iter().copied().chain(repeat(None));
        for ((code, behavior), answer) in self.codes.iter_mut().zip(&self.behaviors).zip(answers) {
            *code = match behavior.asked[caller_type as usize] {
                true => code_of(answer),
                false => BLANK,
            };
        }
        for condition in &self.conditions {
            if (condition.is >> self.codes[condition.other]) & 1 == 0 {
                self.codes[condition.behavior] = BLANK;
            }
        }
        let share = match &self.sections {
            None => self.result(0..self.behaviors.len()),
            Some(sections) => mean(sections.iter().filter_map(|section| {
                Some((section.weight, self.result(section.behaviors.clone())?))
            })),
        };
        share.map(|share| 100.0 * share)
    }

    /// The weighted mean of the behaviors that count.
    fn result(&self, places: Range<usize>) -> Option<f64> {
        let behaviors = &self.behaviors[places.clone()];
        mean(
            behaviors
                .iter()
                .zip(&self.codes[places])
                .filter_map(|(behavior, code)| {
                    Some((
                        behavior.weight,
                        (*behavior.results.get(usize::from(*code))?)?,
                    ))
                }),
        )
    }
}

fn code_of(answer: Option<Answer>) -> u8 {
    match answer {
        None => BLANK,
        Some(Answer::Na) => NA,
        Some(Answer::Given(at)) if at < MOST => FIRST + at,
        Some(Answer::Given(_)) => BLANK,
    }
}

/// What the behavior's results are multiplied by.
fn weight(rubric: &Rubric, behavior: &Behavior) -> f64 {
    let weight = possible(rubric.weigh(), behavior);
    match rubric.weigh() {
        Weigh::Sections | Weigh::Behaviors => weight,
        Weigh::Points => weight * rubric.sections()[behavior.section].weight,
    }
}

/// By code.
fn results(behavior: &Behavior) -> Vec<Option<f64>> {
    let options = 0..behavior.scale.options.len();
    let given = options
        .filter_map(|at| u8::try_from(at).ok())
        .map(Answer::Given);
    let answers = [None, Some(Answer::Na)].into_iter().chain(given.map(Some));
    answers
        .map(|answer| standing(behavior, answer).result())
        .collect()
}

/// Puts in what a behavior waits for before the behavior itself. No valid rubric has a circle.
fn settle(behaviors: &[Behavior], at: usize, settled: &mut [bool], into: &mut Vec<Condition>) {
    if std::mem::replace(&mut settled[at], true) {
        return;
    }
    if let Some(show_if) = &behaviors[at].show_if {
        settle(behaviors, show_if.behavior, settled, into);
        let bits = show_if.is.iter().map(|answer| 1 << code_of(Some(*answer)));
        into.push(Condition {
            behavior: at,
            other: show_if.behavior,
            is: bits.fold(0, |all, bit: u64| all | bit),
        });
    }
}

#[cfg(test)]
mod tests;
