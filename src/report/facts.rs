//! What a report is made from.

use jiff::civil::Date;

use super::Filter;
use crate::calls::CallerType;
use crate::evaluation::{Evaluation, ScoredCall};
use crate::rubric::Rubric;
use crate::sampling::{CellCount, Stratum, Unit};

/// One sample with its calls and their evaluations.
#[derive(Clone, Debug)]
pub struct SampleFacts {
    pub name: String,
    /// What was drawn.
    pub unit: Unit,
    pub seed: String,
    pub calls_in_log: u64,
    pub eligible: u64,
    pub unknown_caller_type: u64,
    pub period: Option<(Date, Date)>,
    /// Logs it was drawn from.
    pub batches: u64,
    /// Calls of further logs that were in earlier ones, and kept calls among them with other tags than then.
    pub seen_before: u64,
    pub retagged: u64,
    pub strata: Vec<StratumFacts>,
    /// Calls that a report is about; see [`Filter::apply`].
    pub filter: Filter,
    /// Eligible calls per CSR and caller type as logged; only those that a report is about.
    pub cells: Vec<CellCount>,
    /// Drawn calls in draw-number order, those of a journey in the order of time; empty where figures alone are wanted, which are summed up while the calls go by.
    pub calls: Vec<CallFacts>,
    /// Calls chosen on purpose, in draw-number order.
    pub picked: Vec<PickedFacts>,
}

/// A sample beside the rubric it is scored under.
#[derive(Clone, Copy, Debug)]
pub struct RubricSample<'a> {
    pub rubric: &'a Rubric,
    pub sample: &'a SampleFacts,
}

/// One stratum: N_h (calls, or journeys) and what it is.
#[derive(Clone, Debug)]
pub struct StratumFacts {
    pub stratum: Stratum,
    pub eligible: u64,
    /// The same number for all batches of one CSR and caller type: they count as one stratum when a variance is
    /// estimated.
    pub collapse: u64,
    /// Which log of the sample it is of, counted from 1.
    pub batch: u64,
    /// Whether the report can be about calls of it, as logged.
    pub inside: bool,
}

/// A call chosen on purpose.
#[derive(Clone, Debug)]
pub struct PickedFacts {
    pub call_id: String,
    pub csr: String,
    /// As logged.
    pub caller_type: CallerType,
    /// Why, in a word, and more of it.
    pub why: &'static str,
    pub note: Option<String>,
    /// As in [`CallFacts`].
    pub queue: Option<String>,
    pub day: Option<Date>,
    /// Whether a draw has given it as well.
    pub drawn: bool,
    pub unscorable: bool,
    pub evaluations: Vec<EvaluationFacts>,
}

/// One drawn call.
#[derive(Clone, Debug)]
pub struct CallFacts {
    pub call_id: String,
    /// Place in [`SampleFacts::strata`].
    pub stratum: usize,
    /// The journey it was drawn with, where journeys were.
    pub journey: Option<String>,
    pub csr: String,
    /// As logged.
    pub caller_type: CallerType,
    /// As logged, where it was asked for.
    pub queue: Option<String>,
    /// When it began, as logged.
    pub started: Option<String>,
    /// The local day it began on, as logged; `None` where the log doesn't say.
    pub day: Option<Date>,
    /// Seconds, as logged.
    pub duration_s: Option<f64>,
    /// Whether the report is about it.
    pub inside: bool,
    /// Who said that it can't be scored.
    pub unscorable_by: Option<String>,
    /// Whose evaluation enters estimates, where the call was dealt to somebody.
    pub assigned: Option<String>,
    pub evaluations: Vec<EvaluationFacts>,
}

/// One analyst's newest evaluation of the call.
#[derive(Clone, Debug)]
pub struct EvaluationFacts {
    pub evaluation: Evaluation,
    /// Enters estimates.
    pub counts: bool,
}

impl SampleFacts {
    /// Drawn calls that the report is about.
    pub fn inside(&self) -> impl Iterator<Item = &CallFacts> {
        self.calls.iter().filter(|call| call.inside)
    }

    /// Whether the log tells how many calls a report is about, and not the sample alone.
    fn is_counted(&self) -> bool {
        self.filter.is_counted(self.period)
    }
}

/// Calls of the logs that the report is about, of the cells asked for; `None` where the logs don't tell.
pub(super) fn eligible(samples: &[SampleFacts], of: impl Fn(&CellCount) -> bool) -> Option<u64> {
    if !samples.iter().all(SampleFacts::is_counted) {
        return None;
    }
    let cells = samples.iter().flat_map(|sample| &sample.cells);
    Some(
        cells
            .filter(|cell| of(cell))
            .map(|cell| cell.eligible)
            .sum(),
    )
}

impl CallFacts {
    /// Whether somebody said that it can't be scored.
    pub fn is_unscorable(&self) -> bool {
        self.unscorable_by.is_some()
    }

    /// The evaluation that enters estimates.
    pub fn counting(&self) -> Option<&Evaluation> {
        counting(&self.evaluations)
    }
}

impl CallFacts {
    /// As estimates see it.
    pub fn scored(&self) -> ScoredCall<'_> {
        ScoredCall {
            call_id: &self.call_id,
            stratum: self.stratum,
            journey: self.journey.as_deref(),
            csr: &self.csr,
            caller_type: self.caller_type,
            unscorable: self.is_unscorable(),
            inside: self.inside,
            assigned: self.assigned.as_deref(),
            counting: self.counting().map(Evaluation::counting),
        }
    }
}

impl PickedFacts {
    /// The evaluation that would enter estimates, had a draw given the call.
    pub fn counting(&self) -> Option<&Evaluation> {
        counting(&self.evaluations)
    }
}

fn counting(evaluations: &[EvaluationFacts]) -> Option<&Evaluation> {
    let counting = evaluations.iter().find(|facts| facts.counts);
    counting.map(|facts| &facts.evaluation)
}
