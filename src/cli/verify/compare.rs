//! A sample drawn again, against the one that is kept.

use std::collections::HashMap;

use super::{BatchDraw, Findings};
use crate::cli::call_log::told;
use crate::cli::spread::quotas as reckon;
use crate::sampling::{DrawnCall, Frame, Quota, Quotas, Spread, Spreading, StratumDraw, Unit};
use crate::store::{StoredCall, StoredStratum};

/// Counts, digests, drawn calls and reserves of every stratum.
pub(super) fn frames(frame: &Frame, own: &BatchDraw<'_>, findings: &mut Findings) {
    let mut differs = |text: String| findings.differences.push(text);
    if frame.digest != own.batch.frame_digest {
        differs(format!(
            "{}: the frame digest is {} now, {} when it was drawn",
            told(own.batch.files()),
            frame.digest,
            own.batch.frame_digest
        ));
    }
    for stored in &own.strata {
        if !frame
            .strata
            .iter()
            .any(|stratum| stratum.stratum == stored.stratum)
        {
            differs(format!("{}: the log has no such calls", stored.stratum));
        }
    }
    for now in &frame.strata {
        let Some(place) = own
            .strata
            .iter()
            .position(|stored| stored.stratum == now.stratum)
        else {
            differs(format!("{}: the sample has no such stratum", now.stratum));
            continue;
        };
        let stored = own.strata[place];
        if now.eligible != stored.eligible {
            differs(format!(
                "{}: {} calls now, {} when it was drawn",
                now.stratum, now.eligible, stored.eligible
            ));
        }
        if now.digest != stored.digest {
            differs(format!(
                "{}: the ids are not those it was drawn from",
                now.stratum
            ));
        }
        match own.sample.design.unit {
            Unit::Call => calls_of(now, own.calls_of(place), &mut differs),
            Unit::Interaction => legs_of(now, own.calls_of(place), &mut differs),
        }
    }
    let (now, then) = (frame.eligible, own.batch.eligible);
    if own.sample.design.unit == Unit::Interaction && now != then {
        differs(format!(
            "the journeys have {now} calls that count now, {then} when they were drawn"
        ));
    }
}

/// What each stratum gave must be what the design gives it of the log's calls. Where those are others now, that has
/// been told.
pub(super) fn quotas(frame: &Frame, own: &BatchDraw<'_>, findings: &mut Findings) {
    let same = |(now, kept): (&StratumDraw, &&StoredStratum)| {
        now.stratum == kept.stratum && now.eligible == kept.eligible
    };
    if frame.strata.len() != own.strata.len() || !frame.strata.iter().zip(&own.strata).all(same) {
        return;
    }
    let quotas: Quotas = match &own.sample.design.quota {
        Quota::Each(count) => (own.strata.iter())
            .map(|kept| (kept.stratum.clone(), *count))
            .collect(),
        Quota::Spread(spread) => {
            if let Spreading::Neyman { from } = &spread.how {
                findings.notes.push(format!(
                    "how many calls each stratum gave went by the scores in {from} then; that is not reckoned again"
                ));
                return;
            }
            let total = spread.total.min(frame.units());
            let of_log = Spread {
                total,
                ..spread.clone()
            };
            let Ok(again) = reckon(&of_log, &frame.strata, &Quotas::new(), None) else {
                findings
                    .differences
                    .push(format!("{total} calls can't be spread over these strata"));
                return;
            };
            again
        }
    };
    for kept in &own.strata {
        let again = quotas.get(&kept.stratum).copied().unwrap_or(0);
        if again != kept.quota {
            findings.differences.push(format!(
                "{}: the design gives it {again} calls, the sample {}",
                kept.stratum, kept.quota
            ));
        }
    }
}

/// The journeys drawn must have the same calls again, and no others.
fn legs_of<'a>(
    now: &StratumDraw,
    stored: impl Iterator<Item = &'a StoredCall>,
    differs: &mut impl FnMut(String),
) {
    let mut again: HashMap<&str, &DrawnCall> = (now.calls.iter())
        .map(|drawn| (drawn.call.call_id.as_str(), drawn))
        .collect();
    for call in stored {
        let drawn = &call.drawn;
        let (id, journey) = (&drawn.call.call_id, drawn.unit_id());
        let place = |one: &DrawnCall| (one.draw_number, one.position);
        match again.remove(id.as_str()) {
            None => differs(format!(
                "call {id}: the log has no such call in the journey {journey}, at position {}",
                drawn.position
            )),
            Some(now) if now.unit_id() != journey || place(now) != place(drawn) => {
                differs(format!(
                    "call {id}: it belongs to the journey {} now, at position {}; to {journey}, at {}, when it was drawn",
                    now.unit_id(),
                    now.position,
                    drawn.position
                ))
            }
            Some(now) if now.call.fields != drawn.call.fields => differs(format!(
                "call {id}: the log tells of it in other words than when it was drawn"
            )),
            Some(_) => {}
        }
    }
    let mut more: Vec<&DrawnCall> = again.into_values().collect();
    more.sort_by(|one, other| one.in_order(other));
    for drawn in more {
        differs(format!(
            "call {}: the log has it in the journey {}, the sample doesn't",
            drawn.call.call_id,
            drawn.unit_id()
        ));
    }
}

/// Every kept call, reserves included, must stand at its position again with the same text.
fn calls_of<'a>(
    now: &StratumDraw,
    stored: impl Iterator<Item = &'a StoredCall>,
    differs: &mut impl FnMut(String),
) {
    let again = |position: u64| -> Option<&DrawnCall> {
        let place = usize::try_from(position).ok()?.checked_sub(1)?;
        now.calls.iter().chain(&now.reserves).nth(place)
    };
    for call in stored {
        let drawn = &call.drawn;
        let id = &drawn.call.call_id;
        match again(drawn.position) {
            Some(now) if now.call.call_id != *id || now.draw_number != drawn.draw_number => {
                let (other, position) = (&now.call.call_id, drawn.position);
                differs(format!(
                    "call {id}: at its position {position} the log gives {other}"
                ));
            }
            Some(now) if now.call.fields != drawn.call.fields => {
                differs(format!(
                    "call {id}: the log tells of it in other words than when it was drawn"
                ));
            }
            Some(_) => {}
            None => differs(format!(
                "call {id}: the log has too few calls for its position {}",
                drawn.position
            )),
        }
    }
}
