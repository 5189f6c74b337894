//! Samples under rubrics with other words, and under rubrics that score differently.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::dealt::{
    JULY, RUBRIC, august, list, log, near, note, number, over, record, rows, score, text,
};
use crate::harness::Desk;

/// The example's rubric with other words in their places, and without its worked examples.
fn rubric(desk: &Desk, name: &str, words: &[(&str, &str)]) {
    let source = desk.read(RUBRIC);
    let mut source = source[..source.find("[[example]]").expect("examples")].to_owned();
    for (old, new) in words {
        assert!(source.contains(old), "{old}");
        source = source.replace(old, new);
    }
    desk.write(name, source);
}

#[test]
fn better_words_do_not_part_samples_and_reasons_are_found_by_their_ids() {
    let desk = Desk::new();
    august(&desk);
    let complaint = "[[driver]]\nid = \"complaint\"\ntext = \"Complaint about a product, a service or a person\"\navoidable = false\n";
    let first = "[[driver]]\nid = \"status-check\"";
    let new = "[[driver]]\nid = \"praise\"\ntext = \"Praise\"\navoidable = false\n\n";
    let moved = format!("{new}{complaint}\n{first}");
    rubric(
        &desk,
        "words.toml",
        &[
            (complaint, ""),
            (first, &moved),
            ("Gives own name and department", "Says who speaks"),
        ],
    );
    let mut draws = BTreeMap::new();
    draws.insert("july", score(&desk, JULY));
    draws.insert(
        "august",
        score(
            &desk,
            "august.csv --rubric words.toml --seed august-2026 --name august",
        ),
    );
    let behaviors = desk.json("report behaviors --from 2026-07-01 --format json");
    assert_eq!(rows(&behaviors, "behaviors")[0]["text"], "Says who speaks");
    assert_eq!(list(&behaviors, "rubrics").len(), 2);

    let report = desk.json("report drivers --from 2026-07-01 --format json");
    let calls = desk.json("report calls --from 2026-07-01 --format json");
    let mut given = BTreeMap::new();
    for (name, draw) in &draws {
        // As `record` deals them.
        record(&desk, draw, &[], |_, _| ("", ""));
        let text = desk.read("dealt.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().expect("head").clone();
        let at = head
            .iter()
            .position(|column| column == "drivers")
            .expect("column");
        for row in reader.records() {
            let row = row.expect("row");
            given.insert((*name, row[0].to_owned()), row[at].to_owned());
        }
    }
    let mut told = 0.0;
    for row in rows(&report, "drivers").iter().skip(1) {
        let value = |call: &Value| {
            let key = (text(call, "sample"), text(call, "call_id").to_owned());
            let ticked = given[&key].split(';').any(|id| id == row["driver"]);
            Some(if ticked { 1.0 } else { 0.0 })
        };
        let (expected, _) = over(&draws, rows(&calls, "calls"), value);
        near(&row["all"]["value"], expected);
        told += expected;
    }
    assert!(told > 0.5, "reasons must be ticked: {told}");
    let told = note(&report, "new-drivers").expect("told");
    assert!(told.contains("`praise` in july"), "{told}");

    // A reason that is gone has no place to be told in.
    rubric(&desk, "fewer.toml", &[(complaint, "")]);
    log(&desk, "september.csv", |_, mut row| {
        row[0] = row[0].replace("C-", "E-");
        row[3] = row[3]
            .replace("2026-07-31", "2026-07-30")
            .replace("2026-07", "2026-09");
        Some(row)
    });
    desk.run("draw september.csv --rubric fewer.toml --seed sept -n 1")
        .good();
    desk.run("report drivers --sample july --sample sept")
        .fails(3, "lacks the driver `complaint` of the sample `july`");
    desk.run("report behaviors --sample july --sample sept")
        .good();
}

/// A rubric that calls one behavior otherwise, counts another more, has another scale, and asks one of all callers.
fn differing(desk: &Desk) {
    rubric(
        desk,
        "other.toml",
        &[
            ("revision = \"2026.1\"", "revision = \"2027.1\""),
            ("id = \"sums-up\"", "id = \"recaps\""),
            (
                "text = \"Missed once\", points = 60",
                "text = \"Missed once\", points = 70",
            ),
            ("id = \"gives-name\"", "id = \"gives-name\"\nweight = 5"),
        ],
    );
}

const RENAMED: [(&str, &str); 1] = [("sums-up", "recaps")];

#[test]
fn rubrics_that_score_differently_are_compared_behavior_by_behavior() {
    let desk = Desk::new();
    let mut draws = BTreeMap::new();
    draws.insert("july", score(&desk, JULY));
    differing(&desk);
    // The same days: each sample stands for itself.
    let other =
        desk.json("draw samples/calls.csv --rubric other.toml --seed other --per csr,caller_type -n 4 --format json");
    record(&desk, &other, &RENAMED, |_, _| ("", ""));
    draws.insert("other", other);
    for table in [
        "",
        "csr",
        "caller-type",
        "critical",
        "drivers",
        "analysts",
        "corrections",
    ] {
        let ran = desk.run(&format!("report {table} --sample july --sample other"));
        assert!(
            ran.err.contains(
                "`july` under `customer-service` 2026.1, `other` under `customer-service` 2027.1"
            ),
            "{}",
            ran.err
        );
        ran.fails(
            3,
            "`evenhand report behaviors --sample july --sample other` compares them",
        );
    }
    rubric(
        &desk,
        "namesake.toml",
        &[("id = \"sums-up\"", "id = \"recaps\"")],
    );
    desk.run("draw samples/calls.csv --rubric namesake.toml --seed namesake -n 1")
        .good();
    desk.run("report --sample july --sample namesake")
        .fails(3, "`customer-service` 2026.1 (scoring hash ");
    let report = desk.json("report behaviors --sample july --sample other --format json");
    let answers = desk.json("report answers --sample july --sample other --format json");
    let found = rows(&report, "common_behaviors");
    assert_eq!(found.len(), 2 * 14);
    for row in found {
        for caller_type in ["internal", "external", "all"] {
            let share = |answer: &Value| {
                let mine = answer["behavior"] == row["behavior"]
                    && answer["sample"] == row["sample"]
                    && (caller_type == "all" || answer["caller_type"] == caller_type);
                Some(answer["points"].as_f64().filter(|_| mine)? / number(answer, "full"))
            };
            match over(&draws, rows(&answers, "answers"), share) {
                (_, 0) => assert!(row[caller_type].is_null()),
                (expected, n) => {
                    near(&row[caller_type]["value"], expected);
                    assert_eq!(row[caller_type]["n"], n);
                }
            }
        }
    }
    assert_eq!(
        note(&report, "left-out"),
        Some(
            "Left out, because not all rubrics ask it: recaps, sums-up; because the scales differ: lets-finish, handles-hold, \
             speaks-plainly."
        )
    );
    let left_out = list(&report["tables"][0], "left_out");
    assert!(left_out.contains(&serde_json::json!({"behavior": "recaps", "why": "not asked"})));
    let csv = desk
        .run("report behaviors --sample july --sample other --format csv")
        .good();
    assert!(
        csv.starts_with("section,behavior,sample,rubric,scored,internal,"),
        "{csv}"
    );
}

#[test]
fn teams_under_different_rubrics_are_compared_on_what_both_ask() {
    let desk = Desk::new();
    let mut draws = BTreeMap::new();
    draws.insert(
        "july",
        score(&desk, &format!("{JULY} --where queue=Billing")),
    );
    differing(&desk);
    let other = desk.json(
        "draw samples/calls.csv --rubric other.toml --seed other --where queue=Orders --format json",
    );
    record(&desk, &other, &RENAMED, |_, _| ("", ""));
    draws.insert("other", other);
    let team = |csr: &str| if csr > "J" { "South" } else { "North" };
    let mut roster = String::from("csr,team\n");
    let csrs: BTreeSet<&str> = (draws.values())
        .flat_map(|draw| list(draw, "calls").iter().map(|call| text(call, "csr")))
        .collect();
    for csr in csrs {
        roster.push_str(&format!("\"{csr}\",{}\n", team(csr)));
    }
    desk.write("roster.csv", roster);
    let both = "--sample july --sample other --format json";
    let report = desk.json(&format!("report team --roster roster.csv {both}"));
    let answers = desk.json(&format!("report answers {both}"));
    let found = rows(&report, "common_behaviors");
    // Two teams under two rubrics.
    assert_eq!(found.len(), 4 * 14);
    for row in found {
        let sample = match text(row, "revision") {
            "2026.1" => "july",
            _ => "other",
        };
        let share = |answer: &Value| {
            let mine = answer["behavior"] == row["behavior"]
                && answer["sample"] == sample
                && team(text(answer, "csr")) == row["team"];
            Some(answer["points"].as_f64().filter(|_| mine)? / number(answer, "full"))
        };
        match over(&draws, rows(&answers, "answers"), share) {
            (_, 0) => assert!(row["all"].is_null()),
            (expected, n) => {
                near(&row["all"]["value"], expected);
                assert_eq!(row["all"]["n"], n);
            }
        }
    }
    let told = note(&report, "rubrics-differ").expect("told");
    assert!(
        told.starts_with("These teams are scored under rubrics that score differently"),
        "{told}"
    );
    assert!(note(&report, "left-out").is_some());
    // A roster that is kept does as well.
    desk.run("roster import roster.csv").good();
    let kept = desk.json(&format!("report team {both}"));
    assert_eq!(kept["tables"], report["tables"]);
}
