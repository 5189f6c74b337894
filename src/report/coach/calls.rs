//! What single calls of a CSR say: critical errors, comments, and which to listen to together.

use super::CoachBehavior;
use crate::calls::CallerType;
use crate::evaluation::Evaluation;
use crate::report::{CallFacts, Explanation, Line, SampleFacts};
use crate::rubric::Rubric;

/// A critical error in a call.
#[derive(Clone, Debug)]
pub struct CoachCritical {
    pub call_id: String,
    pub caller_type: CallerType,
    /// As logged.
    pub started: Option<String>,
    pub behavior: String,
    pub text: String,
    pub comment: Option<String>,
}

/// What an analyst wrote.
#[derive(Clone, Debug)]
pub struct CoachComment {
    pub call_id: String,
    pub caller_type: CallerType,
    /// Id and text; `None` for the call as a whole.
    pub behavior: Option<(String, String)>,
    pub answer: Option<String>,
    pub comment: String,
}

/// Two calls of one caller type to listen to together.
#[derive(Clone, Debug)]
pub struct Listen {
    pub caller_type: CallerType,
    /// The one that went best, without a critical error.
    pub good: Option<ListenTo>,
    /// The one that lost most, one with a critical error before others.
    pub work_on: Option<ListenTo>,
}

/// A call.
#[derive(Clone, Debug)]
pub struct ListenTo {
    pub call_id: String,
    pub started: Option<String>,
    pub score: Option<f64>,
}

/// A scored call of the CSR, as heard, with its arithmetic.
pub(super) struct Explained<'a> {
    pub(super) call: &'a CallFacts,
    evaluation: &'a Evaluation,
    pub(super) explanation: Explanation,
}

/// The CSR's calls that count, in draw-number order.
pub(super) fn explained<'a>(
    rubric: &Rubric,
    facts: &'a SampleFacts,
    csr: &str,
) -> Vec<Explained<'a>> {
    let calls = facts.calls.iter().filter(|call| !call.is_unscorable());
    let calls = calls.filter_map(|call| Some((call, call.counting()?)));
    let own = calls
        .filter(|(call, evaluation)| evaluation.csr_heard.as_deref().unwrap_or(&call.csr) == csr);
    own.map(|(call, evaluation)| Explained {
        call,
        evaluation,
        explanation: Explanation::new(rubric, &call.csr, evaluation, true),
    })
    .collect()
}

pub(super) fn criticals(calls: &[Explained<'_>]) -> Vec<CoachCritical> {
    let lines = calls.iter().flat_map(|one| {
        let lines = one.explanation.lines.iter();
        lines
            .filter(|line| line.critical)
            .map(move |line| (one, line))
    });
    let row = |(one, line): (&Explained<'_>, &Line)| CoachCritical {
        call_id: one.call.call_id.clone(),
        caller_type: one.evaluation.caller_type,
        started: one.call.started.clone(),
        behavior: line.behavior.clone(),
        text: line.text.clone(),
        comment: Some(line.comment.clone()).filter(|comment| !comment.is_empty()),
    };
    lines.map(row).collect()
}

pub(super) fn comments(calls: &[Explained<'_>], order: &[CoachBehavior]) -> Vec<CoachComment> {
    let mut found = Vec::new();
    for behavior in order {
        for one in calls {
            let mut lines = one.explanation.lines.iter();
            let Some(line) = lines.find(|line| line.behavior == behavior.behavior) else {
                continue;
            };
            let failed = line.critical || line.result.is_some_and(|result| result < 1.0);
            if failed && !line.comment.is_empty() {
                found.push(CoachComment {
                    call_id: one.call.call_id.clone(),
                    caller_type: one.evaluation.caller_type,
                    behavior: Some((line.behavior.clone(), line.text.clone())),
                    answer: line.answer_text.clone(),
                    comment: line.comment.clone(),
                });
            }
        }
    }
    let whole = calls
        .iter()
        .filter(|one| !one.evaluation.comment.is_empty());
    found.extend(whole.map(|one| CoachComment {
        call_id: one.call.call_id.clone(),
        caller_type: one.evaluation.caller_type,
        behavior: None,
        answer: None,
        comment: one.evaluation.comment.clone(),
    }));
    found
}

pub(super) fn listen(calls: &[Explained<'_>]) -> Vec<Listen> {
    let mut pairs = Vec::new();
    for caller_type in CallerType::ALL {
        let own = || {
            let own = calls
                .iter()
                .filter(move |one| one.evaluation.caller_type == caller_type);
            own.filter_map(|one| Some((one, one.evaluation.score_before_critical?)))
        };
        let clean = own().filter(|(one, _)| one.evaluation.criticals.is_empty());
        // The first of equals, in the order of the draw.
        let best = clean.reduce(|best, next| if next.1 > best.1 { next } else { best });
        let critical = |one: &Explained<'_>| !one.evaluation.criticals.is_empty();
        let worse = |a: (&Explained<'_>, f64), b: (&Explained<'_>, f64)| {
            (critical(a.0), -a.1) > (critical(b.0), -b.1)
        };
        let lost = own().filter(|(one, score)| critical(one) || *score < 100.0);
        let worst = lost.reduce(|worst, next| if worse(next, worst) { next } else { worst });
        let is_best = |one: &Explained<'_>| best.is_some_and(|best| std::ptr::eq(best.0, one));
        let worst = worst.filter(|(one, _)| !is_best(one));
        if best.is_some() || worst.is_some() {
            pairs.push(Listen {
                caller_type,
                good: best.map(|(one, _)| to(one)),
                work_on: worst.map(|(one, _)| to(one)),
            });
        }
    }
    pairs
}

fn to(one: &Explained<'_>) -> ListenTo {
    ListenTo {
        call_id: one.call.call_id.clone(),
        started: one.call.started.clone(),
        score: one.evaluation.score,
    }
}
