use super::{CallOutcome, Evaluation};
use crate::calls::CallerType;
use crate::rubric::Answer;

/// One drawn call with what estimates need of it, lent by whoever holds it: a store that reads a million of them has
/// room for one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoredCall<'a> {
    pub call_id: &'a str,
    /// Place in the strata of its sample.
    pub stratum: usize,
    /// The journey it was drawn with; `None` where single calls were drawn.
    pub journey: Option<&'a str>,
    /// As logged.
    pub csr: &'a str,
    /// As logged.
    pub caller_type: CallerType,
    /// Whether somebody said that it can't be scored.
    pub unscorable: bool,
    /// Whether the report is about it. One outside was drawn all the same, and counts as such.
    pub inside: bool,
    /// Whose evaluation enters estimates, where the call was dealt to somebody.
    pub assigned: Option<&'a str>,
    /// The evaluation that enters estimates.
    pub counting: Option<Counting<'a>>,
}

/// What estimates need of an evaluation; see [`Evaluation`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counting<'a> {
    pub caller_type: CallerType,
    pub csr_heard: Option<&'a str>,
    pub answers: &'a [Option<Answer>],
    pub criticals: &'a [usize],
    /// Empty where texts weren't asked for.
    pub drivers: &'a [usize],
    pub score: Option<f64>,
    pub score_before_critical: Option<f64>,
    pub outcome: Option<CallOutcome>,
}

impl ScoredCall<'_> {
    /// The CSR as heard, once it is scored, else as logged.
    pub fn csr_heard(&self) -> &str {
        let heard = self.counting.as_ref().and_then(|one| one.csr_heard);
        heard.unwrap_or(self.csr)
    }
}

impl Evaluation {
    /// As estimates see it.
    pub fn counting(&self) -> Counting<'_> {
        Counting {
            caller_type: self.caller_type,
            csr_heard: self.csr_heard.as_deref(),
            answers: &self.answers,
            criticals: &self.criticals,
            drivers: &self.drivers,
            score: self.score,
            score_before_critical: self.score_before_critical,
            outcome: self.outcome,
        }
    }
}
