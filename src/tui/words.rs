//! Words of the screen.

use crate::evaluation::{CallOutcome, UnscorableReason};
use crate::rubric::{Critical, Effect, Scope};

/// What a critical error does.
pub(super) fn consequence(critical: &Critical) -> &'static str {
    match (critical.effect, critical.scope) {
        (Effect::Zero, Scope::Call) => "the score of the call becomes 0",
        (Effect::Zero, Scope::Section) => "the section counts 0",
        (Effect::Outcome, _) => "the score stays, the call fails",
    }
}

/// Why a call can't be scored, in the order of the list.
pub(super) const UNSCORABLE: [(UnscorableReason, &str); 6] = [
    (
        UnscorableReason::NoRecording,
        "No recording, or it can't be heard",
    ),
    (UnscorableReason::NotAServiceCall, "Not a service call"),
    (UnscorableReason::TestCall, "Test call"),
    (UnscorableReason::Language, "A language you don't speak"),
    (UnscorableReason::Privacy, "Must not be heard, for privacy"),
    (UnscorableReason::Other, "Something else (say what)"),
];

/// Why a complete evaluation is reopened, in the order of the list; the last one wants a sentence.
pub(super) const REOPEN: [&str; 5] = [
    "pressed a wrong key",
    "heard the call again",
    "agreed in calibration",
    "misread the rubric",
    "something else (say what)",
];

/// What was heard otherwise, in the order of the list.
pub(super) const HEARD: [&str; 4] = [
    "An internal caller",
    "An external caller",
    "Another CSR",
    "As logged, after all",
];

/// A score with its outcome, as "82.5, pass".
pub(super) fn result(score: Option<f64>, outcome: Option<CallOutcome>) -> String {
    let score = score.map_or_else(|| "no score".to_owned(), |score| format!("{score:.1}"));
    match outcome {
        Some(outcome) => format!("{score}, {}", outcome.as_str()),
        None => score,
    }
}

/// A length of time, as "4 min 12 s".
pub(super) fn duration(seconds: f64) -> String {
    let seconds = seconds.round().max(0.0) as u64;
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}
