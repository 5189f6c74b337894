//! Drawn calls dealt to analysts, some of them to two.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::{Desk, SEED};

const DRAW: &str = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026";

/// Call, analyst, second.
fn assignments(draw: &Value) -> Vec<(String, String, bool)> {
    let all = draw["assignments"].as_array().expect("assignments").iter();
    let text = |one: &Value, name: &str| one[name].as_str().expect("text").to_owned();
    all.map(|one| {
        let second = one["second"].as_bool().expect("second");
        (text(one, "call_id"), text(one, "analyst"), second)
    })
    .collect()
}

fn count<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u32> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}

#[test]
fn three_analysts_share_every_caller_type_and_no_csr_is_anybodys() {
    let desk = Desk::new();
    let draw = desk.json(&format!("{DRAW} --analysts anna,ben,cleo --format json"));
    let who: BTreeMap<String, String> = assignments(&draw)
        .into_iter()
        .map(|(call_id, analyst, second)| {
            assert!(!second);
            (call_id, analyst)
        })
        .collect();
    assert_eq!(who.len(), 72);
    let calls = draw["calls"].as_array().expect("calls");
    let by = |name: &str| {
        count(calls.iter().map(|call| {
            let id = call["call_id"].as_str().expect("id");
            (
                call[name].as_str().expect("text").to_owned(),
                who[id].clone(),
            )
        }))
    };
    assert!(by("caller_type").values().all(|calls| *calls == 12));
    assert!(by("csr").values().all(|calls| *calls == 2));
    assert_eq!(by("csr").len(), 36);
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn uneven_shares_of_few_calls_are_kept_and_the_help_says_what_they_can_not_give() {
    let desk = Desk::new();
    let draw = desk.json(&format!(
        "{DRAW} --per csr,caller_type -n 1 --analysts anna:40,ben:20 --format json"
    ));
    let who: BTreeMap<String, String> = assignments(&draw)
        .into_iter()
        .map(|(call_id, analyst, _)| (call_id, analyst))
        .collect();
    let calls = draw["calls"].as_array().expect("calls");
    let by = |name: &str| {
        count(calls.iter().map(|call| {
            let id = call["call_id"].as_str().expect("id");
            (call[name].as_str().expect("text"), who[id].as_str())
        }))
    };
    for kind in ["internal", "external"] {
        let own = |analyst| by("caller_type")[&(kind, analyst)];
        assert_eq!((own("anna"), own("ben")), (8, 4), "{kind}");
    }
    assert!(by("csr").values().any(|calls| *calls == 2));
    let help = desk.run("draw --help").good();
    let help: Vec<&str> = help.split_whitespace().collect();
    assert!(help.join(" ").contains("as far as the numbers allow"));
}

#[test]
fn a_tenth_is_scored_by_two_and_told_per_analyst() {
    let desk = Desk::new();
    let told = desk
        .run(&format!("{DRAW} --analysts anna:2,ben:1 --double 10%"))
        .good();
    assert!(told.contains("Calls per analyst"), "{told}");
    assert!(told.contains("july-2026.double:"), "{told}");
    let draw = desk.json(&format!("{DRAW} --format json"));
    let all = assignments(&draw);
    let firsts = count(all.iter().filter(|one| !one.2).map(|one| one.1.as_str()));
    assert_eq!(firsts, BTreeMap::from([("anna", 48), ("ben", 24)]));
    let doubled: BTreeSet<&str> = all
        .iter()
        .filter(|one| one.2)
        .map(|one| one.0.as_str())
        .collect();
    let calls = draw["calls"].as_array().expect("calls").iter();
    let mut keyed: Vec<(Vec<u8>, &str)> = calls
        .map(|call| call["call_id"].as_str().expect("id"))
        .map(|id| (Sha256::digest(format!("{SEED}.double:{id}")).to_vec(), id))
        .collect();
    keyed.sort_unstable();
    let smallest: BTreeSet<&str> = keyed[..7].iter().map(|(_, id)| *id).collect();
    assert_eq!(doubled, smallest);
    desk.run(&format!("{DRAW} --format csv --output tables"))
        .good();
    let table = desk.read("tables/analysts.csv");
    let calls: u32 = (table.lines().skip(1))
        .map(|line| {
            line.split(',')
                .nth(1)
                .expect("calls")
                .parse::<u32>()
                .expect("count")
        })
        .sum();
    assert_eq!(calls, 79);
    assert!(table.contains(",7\n"), "{table}");
}

#[test]
fn a_call_for_two_is_scored_twice_and_counts_once() {
    let desk = Desk::new();
    let draw = desk.json(&format!(
        "{DRAW} --analysts qa1,qa2 --double 100% --format json"
    ));
    let keys = "y\n1\n".repeat(40);
    let one = |analyst: &str| {
        desk.type_in(
            &format!("score --plain --analyst {analyst}"),
            &format!("{keys}q\n"),
        )
        .good()
    };
    let (first, second) = (one("qa1"), one("qa2"));
    for said in [&first, &second] {
        assert!(said.contains("(1 of 72)"), "{said}");
        assert!(!said.contains("Going on"), "{said}");
    }
    let call = |said: &str| said.split_whitespace().nth(1).map(str::to_owned);
    assert_eq!(call(&first), call(&second));
    for analyst in ["qa1", "qa2"] {
        desk.type_in(&format!("score --plain --analyst {analyst}"), "\nq\n")
            .good();
    }
    let calls = desk.json("report calls --format json");
    let rows = calls["tables"][0]["rows"].as_array().expect("rows");
    let counting: Vec<(&Value, &Value)> = rows
        .iter()
        .map(|row| (&row["analyst"], &row["counts"]))
        .collect();
    assert_eq!(counting.len(), 2);
    let id = call(&first).expect("id");
    let firsts = assignments(&draw);
    let counts = firsts
        .iter()
        .find(|one| one.0 == id && !one.2)
        .expect("first");
    for (analyst, counts_for) in counting {
        assert_eq!(counts_for, &Value::Bool(analyst == &counts.1));
    }
    assert_eq!(
        desk.json("samples --format json")["samples"][0]["complete"],
        1
    );
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn what_a_second_analyst_scored_enters_no_estimate_before_the_first_has() {
    let desk = Desk::new();
    let draw = desk.json(&format!(
        "{DRAW} --analysts qa1,qa2 --double 100% --format json"
    ));
    // Both get the smallest draw number first; in JSON calls come in that order.
    let id = draw["calls"][0]["call_id"].as_str().expect("id").to_owned();
    let who = |second| {
        let mut all = assignments(&draw).into_iter();
        let one = all.find(|one| one.0 == id && one.2 == second);
        one.expect("assigned").1
    };
    let (first, second) = (who(false), who(true));
    let score = |analyst: &str| {
        let keys = "y\n1\n".repeat(40);
        for typed in [format!("{keys}q\n"), "\nq\n".to_owned()] {
            desk.type_in(&format!("score --plain --analyst {analyst}"), &typed)
                .good();
        }
    };
    let samples = || desk.json("samples --format json")["samples"][0].clone();
    score(&second);
    let waiting = samples();
    assert_eq!(
        (&waiting["complete"], &waiting["queued"]),
        (&0.into(), &72.into())
    );
    let report = desk.run("report").good();
    assert!(report.contains("0 of 72 drawn calls scored"), "{report}");
    let told = desk.run(&format!("explain {id}")).good();
    assert!(told.contains("does not enter estimates"), "{told}");
    desk.run("verify samples/calls.csv").good();
    let next = desk
        .type_in(&format!("score --plain --analyst {first}"), "q\n")
        .good();
    assert!(next.contains(&format!("Call {id} (1 of 72)")), "{next}");
    score(&first);
    assert_eq!(samples()["complete"], 1);
    let report = desk.run("report").good();
    assert!(report.contains("1 of 72 drawn calls scored"), "{report}");
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn a_second_analyst_who_can_not_score_a_call_goes_on_with_the_next() {
    let desk = Desk::new();
    let draw = desk.json(&format!(
        "{DRAW} --analysts qa1,qa2 --double 100% --format json"
    ));
    let id = draw["calls"][0]["call_id"].as_str().expect("id");
    let first = assignments(&draw)
        .into_iter()
        .find(|one| one.0 == id && !one.2)
        .expect("first")
        .1;
    let second = if first == "qa1" { "qa2" } else { "qa1" };
    let keys = "y\n1\n".repeat(40);
    for typed in [format!("{keys}q\n"), "\nq\n".to_owned()] {
        desk.type_in(&format!("score --plain --analyst {first}"), &typed)
            .good();
    }
    let said = desk
        .type_in(&format!("score --plain --analyst {second}"), "y\nx\n1\nq\n")
        .good();
    assert!(
        said.contains("(1 of 72)") && said.contains("(1 of 71)"),
        "{said}"
    );
    let again = desk
        .type_in(&format!("score --plain --analyst {second}"), "q\n")
        .good();
    assert!(!again.contains(&format!("Call {id} ")), "{again}");
    let told = desk.run(&format!("explain {id}")).good();
    let why = format!("{second} can't score it: no-recording; others may.");
    assert!(told.contains(&why), "{told}");
    let samples = desk.json("samples --format json");
    let sample = &samples["samples"][0];
    assert_eq!(
        [&sample["drawn"], &sample["complete"], &sample["unscorable"]],
        [72, 1, 0]
    );
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn who_was_not_asked_is_told_that_a_call_scored_by_another_can_be_scored() {
    let desk = Desk::new();
    let draw = desk.json(&format!(
        "{DRAW} --analysts qa1,qa2 --double 100% --format json"
    ));
    let id = draw["calls"][0]["call_id"].as_str().expect("id");
    let keys = "y\n1\n".repeat(40);
    for typed in [format!("{keys}q\n"), "\nq\n".to_owned()] {
        desk.type_in("score --plain --analyst qa1", &typed).good();
    }
    desk.write(
        "cleo.csv",
        format!("call_id,analyst,unscorable\n{id},cleo,no-recording\n"),
    );
    desk.run("record cleo.csv --new-analyst")
        .fails(3, "`qa1` has scored the call");
    assert_eq!(
        desk.json("samples --format json")["samples"][0]["unscorable"],
        0
    );
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn who_is_not_dealt_to_has_nothing_to_score() {
    let desk = Desk::new();
    desk.run(&format!("{DRAW} --analysts anna,ben")).good();
    let said = desk
        .type_in("score --plain --analyst cleo --new-analyst", "q\n")
        .good();
    assert!(said.contains("No call is left for cleo"), "{said}");
}

#[test]
fn a_top_up_deals_on_and_another_division_is_refused() {
    let desk = Desk::new();
    let three = "--per csr,caller_type -n 3";
    let deal = "--analysts anna,ben --double 10%";
    let before = assignments(&desk.json(&format!("{DRAW} {three} {deal} --format json")));
    assert!(
        desk.run(&format!("{DRAW} {three} {deal}"))
            .good()
            .contains("nothing changed")
    );
    assert!(
        desk.run(&format!("{DRAW} {three}"))
            .good()
            .contains("nothing changed")
    );
    for other in [
        "--analysts ben,anna --double 10%",
        "--analysts anna,ben",
        "--analysts anna:2,ben:1 --double 10%",
    ] {
        desk.run(&format!("{DRAW} {three} {other}"))
            .fails(2, "another division among analysts");
    }
    let five = "--per csr,caller_type -n 5";
    let after = assignments(&desk.json(&format!("{DRAW} {five} --format json")));
    assert!(before.iter().all(|one| after.contains(one)));
    let firsts = count(after.iter().filter(|one| !one.2).map(|one| one.1.as_str()));
    assert_eq!(firsts, BTreeMap::from([("anna", 60), ("ben", 60)]));
    assert_eq!(after.iter().filter(|one| one.2).count(), 12);
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn a_spread_total_can_be_dealt() {
    let desk = Desk::new();
    let draw = desk.json(&format!(
        "{DRAW} --total 90 --analysts anna,ben --format json"
    ));
    let firsts = count(assignments(&draw).into_iter().map(|one| one.1));
    assert!(
        firsts.values().all(|calls| (44..=46).contains(calls)),
        "{firsts:?}"
    );
}

#[test]
fn what_can_not_be_dealt_is_refused_with_advice() {
    let desk = Desk::new();
    for (options, says) in [
        ("--analysts anna --double 10%", "can't score a call twice"),
        ("--analysts anna,ben,anna", "`anna` stands twice"),
        ("--analysts anna:0,ben:1", "whole number from 1"),
        ("--analysts anna:1,ben", "each analyst a share, or none"),
        ("--analysts ,", "separated by commas"),
        ("--analysts anna,ben --double 0%", "`0%` is no part"),
        ("--analysts anna,ben --double 150%", "`150%` is no part"),
        ("--analysts anna,ben --double abc", "`abc` is no part"),
        ("--analysts anna,ben --double 10", "`10` is no part"),
        ("--double 10%", "--analysts"),
    ] {
        desk.run(&format!("{DRAW} {options}")).fails(2, says);
        assert!(!desk.path("evenhand.db").exists(), "{options}");
    }
    desk.run(&format!("{DRAW} --analysts anna,ben")).good();
    let other = format!("{DRAW} --name other --analysts anna,bem");
    desk.run(&other).fails(2, "did you mean `ben`?");
    desk.run(&format!("{other} --new-analyst")).good();
}
