//! Samples of one estimate may not share calls: such a call would count twice, and its weight would be wrong.

use std::collections::HashSet;
use std::fmt;

use jiff::civil::Date;

use super::{Note, SampleFacts};

/// Why two samples can't be in one estimate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    pub samples: [String; 2],
    pub what: Shared,
}

/// What they share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shared {
    /// Some of these days, from first to last.
    Days([(Date, Date); 2]),
    /// Drawn calls: one of them, and how many there are.
    Calls(String, usize),
}

impl Overlap {
    /// The first pair of samples that share days or, where that can't be told, drawn calls.
    pub fn among(samples: &[&SampleFacts]) -> Option<Self> {
        let pairs = samples.iter().enumerate();
        let mut pairs =
            pairs.flat_map(|(at, one)| samples[..at].iter().map(move |other| (other, one)));
        pairs.find_map(|(one, other)| {
            let what = days(one, other).or_else(|| calls(one, other))?;
            let samples = [one.name.clone(), other.name.clone()];
            Some(Self { samples, what })
        })
    }

    /// Drawn calls that both samples have, whatever their days: two teams may have the same.
    pub fn of_calls(one: &SampleFacts, other: &SampleFacts) -> Option<Self> {
        let samples = [one.name.clone(), other.name.clone()];
        calls(one, other).map(|what| Self { samples, what })
    }

    /// What a reader must know of samples whose days aren't known.
    pub fn undated_note(samples: &[SampleFacts]) -> Option<Note> {
        let undated = samples.iter().filter(|sample| sample.period.is_none());
        let undated: Vec<&str> = undated.map(|sample| sample.name.as_str()).collect();
        if undated.is_empty() || samples.len() < 2 {
            return None;
        }
        let text = format!(
            "{}: the log has no times, so nothing tells whether its days are among those of another sample. If they are, \
             calls count twice.",
            undated.join(", ")
        );
        Some(Note::new("no-period", text))
    }
}

fn days(one: &SampleFacts, other: &SampleFacts) -> Option<Shared> {
    let (a, b) = one.period.zip(other.period)?;
    (a.0 <= b.1 && b.0 <= a.1).then_some(Shared::Days([a, b]))
}

/// An id alone may come again in another year; with the same start it is the same call.
fn calls(one: &SampleFacts, other: &SampleFacts) -> Option<Shared> {
    let drawn = one.calls.iter().map(|call| (&call.call_id, &call.started));
    let drawn: HashSet<_> = drawn.collect();
    let both = other.calls.iter();
    let both = both.filter(|call| drawn.contains(&(&call.call_id, &call.started)));
    let first = both.clone().next()?;
    Some(Shared::Calls(first.call_id.clone(), both.count()))
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = &self.samples;
        match &self.what {
            Shared::Days([a, b]) => write!(
                f,
                "the samples `{one}` (calls of {} to {}) and `{other}` (calls of {} to {}) overlap, so calls could count twice",
                a.0, a.1, b.0, b.1
            ),
            Shared::Calls(id, 1) => {
                write!(
                    f,
                    "the samples `{one}` and `{other}` share the drawn call `{id}`"
                )
            }
            Shared::Calls(id, calls) => write!(
                f,
                "the samples `{one}` and `{other}` share {calls} drawn calls, `{id}` among them"
            ),
        }
    }
}
