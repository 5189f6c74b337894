//! Drafts as JSON.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use super::row::caller_type;
use crate::calls::CallerType;
use crate::evaluation::{Draft, pack, unpack};

/// Places are those of the rubric of the draft's sample.
#[derive(Serialize, Deserialize)]
struct Payload {
    /// As in an evaluation; `_` is unanswered.
    answers: String,
    comments: Vec<String>,
    comment: String,
    drivers: Vec<usize>,
    caller_type_heard: Option<String>,
    csr_heard: Option<String>,
    heard_reason: Option<String>,
    seconds: Option<f64>,
    #[serde(default)]
    at: Option<usize>,
    #[serde(default)]
    amend_reason: Option<String>,
}

pub(super) fn to_json(draft: &Draft) -> Result<String, Fault> {
    let payload = Payload {
        // Whether a behavior is asked changes from answer to answer: everything stays.
        answers: pack(&draft.answers, &vec![true; draft.answers.len()]),
        comments: draft.comments.clone(),
        comment: draft.comment.clone(),
        drivers: draft.drivers.clone(),
        caller_type_heard: draft
            .caller_type_heard
            .map(CallerType::as_str)
            .map(str::to_owned),
        csr_heard: draft.csr_heard.clone(),
        heard_reason: draft.heard_reason.clone(),
        seconds: draft.seconds,
        at: draft.at,
        amend_reason: draft.amend_reason.clone(),
    };
    Ok(serde_json::to_string(&payload)?)
}

pub(super) fn from_json(text: &str) -> Result<Draft, Fault> {
    let payload: Payload = serde_json::from_str(text)?;
    let heard = payload.caller_type_heard.as_deref();
    Ok(Draft {
        answers: unpack(&payload.answers)?,
        comments: payload.comments,
        comment: payload.comment,
        drivers: payload.drivers,
        caller_type_heard: heard.map(caller_type).transpose()?,
        csr_heard: payload.csr_heard,
        heard_reason: payload.heard_reason,
        seconds: payload.seconds,
        at: payload.at,
        amend_reason: payload.amend_reason,
    })
}
