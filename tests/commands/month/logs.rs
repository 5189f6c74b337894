//! What the month is made of: four weekly logs, a rubric, a roster, and answers by dice that fall alike every time.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

pub(super) const SEED: &str = "july-2026";

/// Calls per CSR, caller type and week.
pub(super) const QUOTA: usize = 2;

/// Calls kept behind the drawn ones of each stratum.
const RESERVES: usize = 5;

/// Has another spelling from week 3 on.
pub(super) const CHLOE: &str = "Chloé Martin";
pub(super) const CHLOE_NOW: &str = "Martin, Chloé";

/// Leaves after week 2.
pub(super) const DEV: &str = "Dev Patel";

pub(super) const RUBRIC: &str = r#"
format = 1

[rubric]
id = "month"
title = "A call"
revision = "1"
weigh = "behaviors"
na = "exclude"

[answers.extent]
options = [
    { id = "full", key = "1", text = "Whole", points = 100 },
    { id = "partly", key = "2", text = "In part", points = 50 },
    { id = "none", key = "3", text = "Not at all", points = 0 },
]

[[section]]
id = "call"
title = "Call"

[[section.behavior]]
id = "greets"
text = "Greets the caller"
answers = "yes_no"

[[section.behavior]]
id = "solves"
text = "Solves what the caller called for"
answers = "extent"
weight = 2

[[section.behavior]]
id = "verifies"
text = "Checks who the customer is"
answers = "yes_no"
applies_to = ["external"]

[[section.behavior]]
id = "courteous"
text = "Stays courteous"
answers = "yes_no"
critical = { family = "customer", on = ["no"], scope = "call", effect = "zero" }

[[driver]]
id = "complaint"
text = "Complained"
avoidable = true

[[driver]]
id = "how-to"
text = "Asked how something is done"
"#;

/// Better words, and a driver before the others.
pub(super) fn better_words() -> String {
    RUBRIC
        .replace("revision = \"1\"", "revision = \"2\"")
        .replace("Greets the caller", "Greets the caller with own name")
        .replacen(
            "[[driver]]",
            "[[driver]]\nid = \"status\"\ntext = \"Asked how far it is\"\n\n[[driver]]",
            1,
        )
}

pub(super) fn other_weights() -> String {
    RUBRIC.replace("weight = 2", "weight = 3")
}

pub(super) fn without_complaints() -> String {
    let (head, rest) = RUBRIC.split_once("[[driver]]").expect("drivers");
    let (_, last) = rest.split_once("[[driver]]").expect("two drivers");
    format!("{head}[[driver]]{last}")
}

/// Ben changes team on Wednesday of week 3.
pub(super) const ROSTER: &str = "csr,alias,team,from,to\n\
    Ana Ruiz,,North,,\nBen Okoro,,North,,2026-07-21\nBen Okoro,,South,2026-07-22,\n\
    Chloé Martin,\"Martin, Chloé\",,,\nChloé Martin,,South,,\nDev Patel,,South,,2026-07-17\n";

/// The team of a CSR's call, by hand.
pub(super) fn team(csr: &str, day: &str) -> &'static str {
    match csr {
        "Ana Ruiz" => "North",
        "Ben Okoro" if day < "2026-07-22" => "North",
        _ => "South",
    }
}

/// One row of a log.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Call {
    pub(super) id: String,
    pub(super) csr: &'static str,
    pub(super) caller_type: &'static str,
    pub(super) started_at: String,
}

pub(super) fn other(caller_type: &str) -> &'static str {
    match caller_type {
        "internal" => "external",
        _ => "internal",
    }
}

/// A number that the text decides.
pub(super) fn dice(text: &str, sides: u64) -> u64 {
    let bytes = Sha256::digest(text);
    let first: [u8; 8] = bytes[..8].try_into().expect("eight bytes");
    u64::from_be_bytes(first) % sides
}

/// A week's own calls, Monday to Friday.
pub(super) fn week(number: u64) -> Vec<Call> {
    let (monday, calls) = [(6, 96), (13, 112), (20, 78), (27, 84)][number as usize - 1];
    let csrs = match number {
        1 | 2 => vec!["Ana Ruiz", "Ben Okoro", CHLOE, DEV],
        _ => vec!["Ana Ruiz", "Ben Okoro", CHLOE_NOW],
    };
    let call = |at: u64| {
        let id = format!("W{number}-{at:03}");
        let minutes = at * 5 * 480 / calls;
        Call {
            csr: csrs[dice(&format!("csr {id}"), csrs.len() as u64) as usize],
            caller_type: match dice(&format!("type {id}"), 5) {
                0 | 1 => "internal",
                _ => "external",
            },
            started_at: format!(
                "2026-07-{:02}T{:02}:{:02}:00",
                monday + minutes / 480,
                8 + minutes % 480 / 60,
                minutes % 60
            ),
            id,
        }
    };
    (0..calls).map(call).collect()
}

pub(super) fn csv(calls: &[Call]) -> String {
    let row = |call: &Call| {
        let Call {
            id,
            csr,
            caller_type,
            started_at,
        } = call;
        format!("{id},\"{csr}\",{caller_type},{started_at},240\n")
    };
    let rows: String = calls.iter().map(row).collect();
    format!("call_id,csr,caller_type,started_at,duration_s\n{rows}")
}

/// The four logs. Week 3 brings the end of week 2 again, where two calls that the sample keeps are told otherwise now:
/// the first drawn one and the first reserve. These two follow.
pub(super) fn logs() -> (Vec<Vec<Call>>, [String; 2]) {
    const AGAIN: usize = 30;
    let (one, two) = (week(1), week(2));
    let mut again = two[two.len() - AGAIN..].to_vec();
    let strata = strata(&[one.clone(), two.clone()]);
    let mut change = |ranks: std::ops::Range<usize>| {
        let kept = |call: &&mut Call| {
            let place = (2, call.csr, call.caller_type);
            let mut ranked = strata[&place].iter();
            let rank = ranked.position(|one| one.id == call.id);
            ranks.contains(&rank.expect("a call of week 2"))
        };
        let call = again.iter_mut().find(kept).expect("a kept call");
        call.caller_type = other(call.caller_type);
        call.id.clone()
    };
    let changed = [change(0..QUOTA), change(QUOTA..QUOTA + RESERVES)];
    again.extend(week(3));
    (vec![one, two, again, week(4)], changed)
}

/// Where a call belongs in the design: batch, CSR and caller type as logged.
pub(super) type Place = (u64, &'static str, &'static str);

/// The logs' calls by stratum in draw-number order, each where it was seen first.
pub(super) fn strata(logs: &[Vec<Call>]) -> BTreeMap<Place, Vec<Call>> {
    let mut seen = BTreeSet::new();
    let mut strata: BTreeMap<Place, Vec<Call>> = BTreeMap::new();
    for (batch, log) in (1..).zip(logs) {
        for call in log.iter().filter(|call| seen.insert(call.id.clone())) {
            let place = (batch, call.csr, call.caller_type);
            strata.entry(place).or_default().push(call.clone());
        }
    }
    for calls in strata.values_mut() {
        calls.sort_by_key(|call| Sha256::digest(format!("{SEED}:{}", call.id)));
    }
    strata
}

/// An analyst's answers to one call: behavior, answer, share of its points.
pub(super) type Answers = Vec<(&'static str, &'static str, f64)>;

/// What an analyst hears in a call of this caller type.
pub(super) fn answers(call_id: &str, analyst: &str, caller_type: &str) -> Answers {
    let of = |behavior: &str| dice(&format!("{behavior} {call_id} {analyst}"), 100);
    let yes = |behavior: &'static str, percent: u64| match of(behavior) < percent {
        true => (behavior, "yes", 1.0),
        false => (behavior, "no", 0.0),
    };
    let solves = match of("solves") {
        0..50 => ("solves", "full", 1.0),
        50..80 => ("solves", "partly", 0.5),
        _ => ("solves", "none", 0.0),
    };
    let mut all = vec![yes("greets", 70), solves];
    if caller_type == "external" {
        all.push(yes("verifies", 75));
    }
    all.push(yes("courteous", 92));
    all
}
