//! A store of an older evenhand, kept as it was (`tests/golden/store-v1.*`): 18 calls drawn from a log of 85 rows,
//! with a draft, an unscorable call, an amendment and a call that two analysts scored. The `.json` beside it is what
//! the version that wrote it said of it.

use serde_json::Value;

use crate::harness::{Desk, project};

fn golden(name: &str) -> std::path::PathBuf {
    project("tests/golden").join(name)
}

fn with_old_store() -> Desk {
    let desk = Desk::new();
    for (from, to) in [
        ("store-v1.db", "evenhand.db"),
        ("store-v1.csv", "store-v1.csv"),
    ] {
        std::fs::copy(golden(from), desk.path(to)).expect(from);
    }
    desk
}

/// What is said in words of what was found: worded better with time, and none of the store's.
const WORDS: [&str; 2] = ["notes", "steps"];

/// Every figure told then is told now; more may be.
#[track_caller]
fn still_told(then: &Value, now: &Value, place: &str) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            for (key, value) in then
                .iter()
                .filter(|(key, _)| !WORDS.contains(&key.as_str()))
            {
                let found = now.get(key).unwrap_or(&Value::Null);
                still_told(value, found, &format!("{place}.{key}"));
            }
        }
        (Value::Array(then), Value::Array(now)) => {
            assert_eq!(then.len(), now.len(), "{place}");
            for (at, (then, now)) in then.iter().zip(now).enumerate() {
                still_told(then, now, &format!("{place}[{at}]"));
            }
        }
        _ => assert_eq!(then, now, "{place}"),
    }
}

#[test]
fn reading_leaves_an_older_store_alone_and_says_how_it_is_brought_up_to_date() {
    let desk = with_old_store();
    desk.run("report").fails(4, "older evenhand");
    desk.run("verify store-v1.csv").fails(4, "after a backup");
    assert!(!desk.path("evenhand.db.v1.backup").exists());
}

#[test]
fn an_older_store_tells_the_same_when_it_has_been_brought_up_to_date() {
    let desk = with_old_store();
    let again = desk
        .run("draw store-v1.csv --rubric rubrics/customer-service.toml --seed july-2026")
        .good();
    assert!(again.contains("nothing changed"), "{again}");

    let told: Value =
        serde_json::from_slice(&std::fs::read(golden("store-v1.json")).expect("golden file"))
            .expect("JSON");
    for (name, command) in [
        ("report", "report --format json"),
        (
            "explain",
            "explain C-000572 --sample july-2026 --format json",
        ),
        ("verify", "verify store-v1.csv --format json"),
    ] {
        still_told(&told[name], &desk.json(command), name);
    }
    let calls = desk.json("report calls --format json");
    still_told(&told["calls"], &calls["tables"], "calls");
    let samples = desk.json("samples --format json");
    still_told(&told["samples"], &samples["samples"], "samples");

    // The backup is the store as it was: its version still reads it.
    let backup = std::fs::read(desk.path("evenhand.db.v1.backup")).expect("backup");
    assert_eq!(backup[60..64], 1_u32.to_be_bytes());
    desk.run("report --store evenhand.db.v1.backup")
        .fails(4, "older evenhand");
}

/// The version after it: a total spread over the strata and dealt to two analysts, calls scored by both, one declined,
/// one unscorable, an amendment, a draft, and a second sample that shares calls with the first.
#[test]
fn a_store_with_dealt_calls_tells_the_same_when_it_has_been_brought_up_to_date() {
    let desk = Desk::new();
    for (from, to) in [
        ("store-v2.db", "evenhand.db"),
        ("store-v1.csv", "store-v2.csv"),
    ] {
        std::fs::copy(golden(from), desk.path(to)).expect(from);
    }
    let again = desk
        .run("draw store-v2.csv --rubric rubrics/customer-service.toml --seed july-2026 -n 1 --per csr,caller_type --name small")
        .good();
    assert!(again.contains("nothing changed"), "{again}");
    let told: Value =
        serde_json::from_slice(&std::fs::read(golden("store-v2.json")).expect("golden file"))
            .expect("JSON");
    for (name, command) in [
        ("report", "report --sample dealt --format json"),
        ("small", "report --sample small --format json"),
        ("explain", "explain C-001763 --sample dealt --format json"),
        ("verify", "verify store-v2.csv --sample dealt --format json"),
    ] {
        still_told(&told[name], &desk.json(command), name);
    }
    let calls = desk.json("report calls --sample dealt --format json");
    still_told(&told["calls"], &calls["tables"], "calls");
    let samples = desk.json("samples --format json");
    still_told(&told["samples"], &samples["samples"], "samples");
    // It kept no list of the calls it saw.
    desk.run("draw samples/calls.csv --into small")
        .fails(2, "older evenhand");
}

#[test]
fn scoring_and_recording_go_on_in_an_older_store() {
    let desk = with_old_store();
    let first = desk
        .type_in("score --plain --analyst qa2 --sample july-2026", "q\n")
        .good();
    assert!(first.contains("Going on where you stopped"), "{first}");
    assert!(desk.path("evenhand.db.v1.backup").exists());

    let desk = with_old_store();
    let answers = desk.read("samples/answers.csv");
    let mut lines = answers.lines();
    let head = lines.next().expect("header");
    let row = lines
        .find(|line| line.starts_with("C-000572,"))
        .expect("row");
    desk.write("answers.csv", format!("{head}\n{row}\n"));
    desk.run("record answers.csv").fails(3, "--amend");
    desk.run("record answers.csv --amend first").good();
    desk.run("verify store-v1.csv").good();
}
