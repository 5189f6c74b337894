//! What was heard otherwise than logged, calls picked on purpose, and logs that overlap: what reports say of them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::dealt::{Heard, RUBRIC, list, log, near, note, number, record, rows, score, text};
use crate::harness::Desk;

const DRAW: &str = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026";
const AS_LOGGED: Heard = ("", "");

/// A desk where the calls at these places were heard so.
fn heard(design: &str, heard: impl Fn(usize, &Value) -> Heard) -> (Desk, Value) {
    let desk = Desk::new();
    let draw = desk.json(&format!("{DRAW} {design} --format json"));
    record(&desk, &draw, &[], heard);
    (desk, draw)
}

/// The other caller type than logged.
fn swapped(call: &Value) -> Heard {
    match text(call, "caller_type") {
        "internal" => ("external", ""),
        _ => ("internal", ""),
    }
}

#[test]
fn corrections_are_counted_by_the_csr_as_logged() {
    let (desk, draw) = heard("", |at, call| match at {
        4 | 9 => swapped(call),
        11 => (swapped(call).0, "Somebody Else"),
        12 => ("", "Somebody Else"),
        _ => AS_LOGGED,
    });
    let report = desk.json("report corrections --format json");
    let mut expected: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    for (at, call) in list(&draw, "calls").iter().enumerate() {
        let row = expected.entry(text(call, "csr")).or_default();
        row[0] += 1;
        row[1] += u64::from([4, 9, 11].contains(&at));
        row[2] += u64::from([11, 12].contains(&at));
    }
    let found = rows(&report, "corrections");
    assert_eq!(found.len(), expected.len());
    for row in found {
        let [scored, caller_types, csrs] = expected[text(row, "csr")];
        assert_eq!(row["scored"], scored);
        assert_eq!(row["caller_type_heard"], caller_types);
        assert_eq!(row["csr_heard"], csrs);
        near(&row["csr_share"], csrs as f64 / scored as f64);
    }
    let total = &report["tables"][0]["total"];
    assert_eq!(
        (&total["scored"], &total["caller_type_heard"]),
        (&json!(72), &json!(3))
    );
    near(&total["caller_type_share"], 3.0 / 72.0);
    // Every report says so.
    for table in ["", "csr", "behaviors", "calls"] {
        let report = desk.json(&format!("report {table} --format json"));
        assert_eq!(
            note(&report, "corrections"),
            Some(
                "Heard otherwise than logged: caller type in 3 of 72 scored calls (4.2 %), CSR in 2."
            )
        );
        assert_eq!(note(&report, "many-corrections"), None);
    }
    // Domains are as heard.
    let csr = desk.json("report csr --format json");
    let other = rows(&csr, "csr")
        .iter()
        .find(|row| row["csr"] == "Somebody Else");
    assert_eq!(other.expect("a row")["scored"], 2);

    let shown = desk.run("report corrections").good();
    let total = shown
        .lines()
        .find(|line| line.contains("All CSRs"))
        .expect("total");
    let cells: Vec<&str> = total.split_whitespace().collect();
    assert_eq!(
        cells,
        ["All", "CSRs", "72", "3", "4.2", "%", "2", "2.8", "%"]
    );
}

#[test]
fn more_than_one_correction_in_twenty_is_warned_of() {
    // Of 60 calls: 5 % is not more than 5 %.
    for (corrected, warned) in [(3, false), (4, true)] {
        let (desk, _) = heard("--per caller_type -n 30", |at, call| match at < corrected {
            true => swapped(call),
            false => AS_LOGGED,
        });
        let report = desk.json("report --format json");
        let told = note(&report, "corrections").expect("told");
        assert!(
            told.contains(&format!("caller type in {corrected} of 60 scored calls")),
            "{told}"
        );
        assert!(!told.contains("CSR"), "{told}");
        match note(&report, "many-corrections") {
            None => assert!(!warned),
            Some(text) => {
                assert!(
                    warned && text.starts_with("Analysts heard another caller type than logged")
                );
                assert!(desk.run("report").good().contains(text));
            }
        }
    }
    let (desk, _) = heard("", |_, _| AS_LOGGED);
    let report = desk.json("report --format json");
    assert_eq!(note(&report, "corrections"), None);
}

#[test]
fn another_spelling_of_the_same_csr_is_no_correction() {
    let (desk, draw) = heard("", |at, _| match at {
        0 => ("", "Dan"),
        1 => ("", "Somebody Else"),
        _ => AS_LOGGED,
    });
    let logged = text(&list(&draw, "calls")[0], "csr");
    let count = |words: &str| {
        let report = desk.json(&format!("report corrections {words} --format json"));
        number(&report["tables"][0]["total"], "csr_heard")
    };
    assert_eq!(count(""), 2.0);
    desk.write("roster.csv", format!("csr,alias\n\"{logged}\",Dan\n"));
    assert_eq!(count("--roster roster.csv"), 1.0);
}

#[test]
fn picked_calls_are_listed_last_and_enter_no_estimate() {
    let desk = Desk::new();
    let draw = score(&desk, &DRAW["draw ".len()..]);
    let before = desk.json("report --format json");
    assert_eq!(list(&before, "tables").len(), 2);
    let drawn = text(&list(&draw, "calls")[0], "call_id");
    desk.run(&format!(
        "pick C-000002 C-000003 {drawn} --from samples/calls.csv --why complaint --note loud"
    ))
    .good();
    let answers = desk.read("dealt.csv");
    let mut lines = answers.lines();
    let head = lines.next().expect("head");
    let like = lines
        .next()
        .expect("a row")
        .split_once(',')
        .expect("cells")
        .1;
    // An external call like the first one drawn, heard from another CSR.
    assert!(like.ends_with(','), "{like}");
    let like = format!("{like}Somebody Else");
    desk.write("picked.csv", format!("{head}\nC-000002,{like}\n"));
    desk.run("record picked.csv").good();

    let report = desk.json("report --format json");
    let tables = list(&report, "tables");
    assert_eq!(tables[..2], list(&before, "tables")[..]);
    let picked = rows(&report, "picked");
    assert_eq!(tables[2]["rows"], json!(picked));
    let row = |id: &str| {
        let mut rows = picked.iter();
        rows.find(|row| row["call_id"] == id).expect("a row")
    };
    let both = row(drawn);
    let scored = desk.json("report calls --format json");
    let scored = rows(&scored, "calls")
        .iter()
        .find(|row| row["call_id"] == drawn);
    let scored = scored.expect("a row");
    for key in [
        "score",
        "outcome",
        "analyst",
        "csr",
        "caller_type",
        "sample",
    ] {
        assert_eq!(both[key], scored[key], "{key}");
    }
    assert_eq!(
        (&both["drawn"], &both["state"]),
        (&json!(true), &json!("scored"))
    );
    assert_eq!(
        (&both["why"], &both["note"]),
        (&json!("complaint"), &json!("loud"))
    );
    let alone = row("C-000002");
    assert_eq!(
        (&alone["drawn"], &alone["state"]),
        (&json!(false), &json!("scored"))
    );
    assert_eq!(
        (&alone["csr"], &alone["score"]),
        (&json!("Somebody Else"), &both["score"])
    );
    let open = row("C-000003");
    assert_eq!(open["state"], "open");
    assert!(open["score"].is_null() && open["analyst"].is_null());
    assert_eq!(
        note(&report, "picked"),
        Some("Picked calls enter no estimate. 1 of them was drawn as well and counts as drawn.")
    );
    // Whom it was heard from is no correction of a drawn call.
    assert_eq!(note(&report, "corrections"), None);
    let alone = desk.json("report picked --format json");
    assert_eq!(rows(&alone, "picked"), picked);
    let shown = desk.run("report").good();
    let place = |text: &str| shown.find(text).expect("shown");
    assert!(place("Picked calls\n") > place("Scores per CSR"));

    desk.write(
        "lost.csv",
        "call_id,analyst,unscorable\nC-000003,qa1,no-recording\n",
    );
    desk.run("record lost.csv").good();
    let report = desk.json("report picked --format json");
    let lost = rows(&report, "picked")
        .iter()
        .find(|row| row["call_id"] == "C-000003");
    assert_eq!(lost.expect("a row")["state"], "unscorable");
}

#[test]
fn logs_that_meet_are_told_with_what_was_left_out() {
    let desk = Desk::new();
    let day = |row: &[String]| row[3].get(8..10).and_then(|day| day.parse::<u32>().ok());
    log(&desk, "one.csv", |_, row| {
        day(&row).is_some_and(|day| day <= 12).then_some(row)
    });
    let draw = score(
        &desk,
        &format!("one.csv --rubric {RUBRIC} --seed july-2026"),
    );
    let first = desk.json("report --format json");
    assert_eq!(
        (note(&first, "further-logs"), note(&first, "retagged")),
        (None, None)
    );
    // A kept call of both logs, with another CSR in the second.
    let calls = list(&draw, "calls").iter();
    let mut both = calls.filter(|call| &text(&call["fields"], "started_at")[8..10] >= "10");
    let kept = text(both.next().expect("a call"), "call_id").to_owned();
    log(&desk, "two.csv", |_, mut row| {
        if row[0] == kept {
            row[1] = "Somebody Else".to_owned();
        }
        day(&row).is_some_and(|day| day >= 10).then_some(row)
    });
    let second = desk.json("draw two.csv --into july-2026 --format json");
    let seen = number(&second["sample"], "seen_before");
    assert!(seen > 0.0);
    let report = desk.json("report --format json");
    let expected = format!(
        "july-2026: drawn from 2 logs; {seen} calls of later logs were in earlier ones and were left out."
    );
    assert_eq!(note(&report, "further-logs"), Some(expected.as_str()));
    let expected = "july-2026: 1 kept call has other tags in a later log than when it was drawn; it stays in its stratum.";
    assert_eq!(note(&report, "retagged"), Some(expected));
}
