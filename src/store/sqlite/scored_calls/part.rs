//! Some calls with what was said of them, in a few lists: a call has no memory of its own.

use std::ops::Range;

use crate::calls::CallerType;
use crate::evaluation::{CallOutcome, Counting, ScoredCall};
use crate::rubric::Answer;

/// Some calls, until they are handed over. `'a` is who reads them all.
#[derive(Default)]
pub(super) struct Part<'a> {
    pub(super) calls: Vec<Call<'a>>,
    /// Of each call, the newest of each analyst; those of a call follow one another.
    pub(super) said: Vec<Evaluation>,
    pub(super) answers: Vec<Option<Answer>>,
    pub(super) criticals: Vec<usize>,
    texts: String,
}

pub(super) struct Call<'a> {
    pub(super) call_id: Text,
    pub(super) stratum: usize,
    pub(super) csr: Csr<'a>,
    pub(super) caller_type: CallerType,
    pub(super) is_unscorable: bool,
    pub(super) assigned: Option<&'a str>,
    /// Place in what was said.
    pub(super) counting: Option<usize>,
}

pub(super) enum Csr<'a> {
    OfStratum(&'a str),
    Own(Text),
}

/// A place in the texts.
pub(super) type Text = Range<usize>;

pub(super) struct Evaluation {
    pub(super) analyst: Text,
    /// When the analyst completed the call first.
    pub(super) first_us: i64,
    pub(super) caller_type: CallerType,
    pub(super) csr_heard: Option<Text>,
    pub(super) answers: Range<usize>,
    pub(super) criticals: Range<usize>,
    pub(super) score: Option<f64>,
    pub(super) score_before_critical: Option<f64>,
    pub(super) outcome: Option<CallOutcome>,
}

impl<'a> Part<'a> {
    pub(super) fn clear(&mut self) {
        self.calls.clear();
        self.said.clear();
        self.answers.clear();
        self.criticals.clear();
        self.texts.clear();
    }

    pub(super) fn keep(&mut self, text: &str) -> Text {
        let start = self.texts.len();
        self.texts.push_str(text);
        start..self.texts.len()
    }

    pub(super) fn text(&self, text: &Text) -> &str {
        &self.texts[text.clone()]
    }

    /// Who completed a call, by name, and when first; `said` is where their evaluations stand.
    pub(super) fn who_said(&self, said: Range<usize>) -> impl Iterator<Item = (&str, i64)> + Clone {
        let said = self.said[said].iter();
        said.map(|one| (self.text(&one.analyst), one.first_us))
    }

    /// All calls, in the order in which they were read.
    pub(super) fn hand_over(&self, each: &mut dyn FnMut(&ScoredCall<'_>)) {
        for call in &self.calls {
            each(&ScoredCall {
                call_id: self.text(&call.call_id),
                stratum: call.stratum,
                // Journeys are read with all their calls at hand.
                journey: None,
                csr: match &call.csr {
                    Csr::OfStratum(csr) => csr,
                    Csr::Own(csr) => self.text(csr),
                },
                caller_type: call.caller_type,
                unscorable: call.is_unscorable,
                inside: true,
                assigned: call.assigned,
                counting: call.counting.map(|at| self.lend(&self.said[at])),
            });
        }
    }

    fn lend(&self, one: &Evaluation) -> Counting<'_> {
        Counting {
            caller_type: one.caller_type,
            csr_heard: one.csr_heard.as_ref().map(|csr| self.text(csr)),
            answers: &self.answers[one.answers.clone()],
            criticals: &self.criticals[one.criticals.clone()],
            drivers: &[],
            score: one.score,
            score_before_critical: one.score_before_critical,
            outcome: one.outcome,
        }
    }
}
