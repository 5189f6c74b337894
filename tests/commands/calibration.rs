//! Analysts compared, and means of CSRs adjusted for who scored them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::Desk;

/// Writes the example's answers anew: `rule` names the analyst of a call by its place and CSR, or leaves it out, and says
/// whether the first behavior is answered the other way.
fn write_answers(
    desk: &Desk,
    name: &str,
    rule: impl Fn(usize, &str) -> Option<(&'static str, bool)>,
) {
    let draw = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json";
    let calls = desk.json(draw)["calls"].clone();
    let csrs: BTreeMap<&str, &str> = (calls.as_array().expect("calls").iter())
        .map(|call| {
            (
                call["call_id"].as_str().expect("id"),
                call["csr"].as_str().expect("csr"),
            )
        })
        .collect();
    let answers = desk.read("samples/answers.csv");
    let mut lines = answers.lines();
    let mut text = format!("{}\n", lines.next().expect("header"));
    for (at, line) in lines.enumerate() {
        let cells: Vec<&str> = line.splitn(4, ',').collect();
        let Some((analyst, otherwise)) = rule(at, csrs[cells[0]]) else {
            continue;
        };
        let first = match (otherwise, cells[2]) {
            (true, "yes") => "no",
            (true, _) => "yes",
            (false, same) => same,
        };
        text += &format!("{},{analyst},{first},{}\n", cells[0], cells[3]);
    }
    desk.write(name, text);
}

fn record(desk: &Desk, name: &str, rule: impl Fn(usize, &str) -> Option<(&'static str, bool)>) {
    write_answers(desk, name, rule);
    desk.run(&format!("record {name} --new-analyst")).good();
}

fn list<'a>(json: &'a Value, key: &str) -> &'a Vec<Value> {
    json[key].as_array().expect(key)
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
}

/// Call, analyst, CSR and score before criticals of every evaluation.
fn scores(desk: &Desk) -> Vec<(String, String, String, f64)> {
    let report = desk.json("report calls --format json");
    let rows = report["tables"][0]["rows"].as_array().expect("rows").iter();
    let text = |row: &Value, key: &str| row[key].as_str().expect("text").to_owned();
    rows.map(|row| {
        let score = number(&row["score_before_critical"]);
        (
            text(row, "call_id"),
            text(row, "analyst"),
            text(row, "csr"),
            score,
        )
    })
    .collect()
}

#[test]
fn analysts_are_compared_on_the_calls_that_both_scored() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    // The second analyst hears the first behavior otherwise on every fourth call.
    record(&desk, "second.csv", |at, _| {
        (at < 20).then_some(("qa3", at % 4 == 0))
    });
    let found = desk.json("calibrate --format json");
    assert_eq!(found["calls"], 20);
    let first = &found["behaviors"][0];
    assert_eq!(
        (&first["behavior"], &first["calls"], &first["metric"]),
        (&"gives-name".into(), &20.into(), &"nominal".into())
    );
    near(number(&first["percent_agreement"]["value"]), 0.75);
    // Wilson's for 15 of 20.
    assert!((number(&first["percent_agreement"]["low"]) - 0.531_299).abs() < 1e-5);
    assert_eq!(
        first["confusions"][0]["answers"],
        serde_json::json!(["yes", "no"])
    );
    assert_eq!(first["confusions"][0]["times"], 5);
    let last = list(&found, "behaviors").last().expect("behaviors");
    assert_eq!(last["percent_agreement"]["value"], 1.0);
    assert!(number(&last["percent_agreement"]["low"]) < 0.9);
    assert!(list(last, "confusions").is_empty());
    // No call was scored by all three, yet all hang together.
    assert!(found["icc_2_1"].is_null());
    assert_eq!(
        found["groups"],
        serde_json::json!([{"analysts": ["qa1", "qa2", "qa3"], "calls": 20}])
    );
    let deviations = list(&found, "severity")
        .iter()
        .map(|one| number(&one["deviation"]));
    near(deviations.sum(), 0.0);
    let told = desk.run("calibrate").good();
    assert!(
        told.contains("fewer than two calls were scored by all analysts"),
        "{told}"
    );
    assert!(told.contains("Yes / No 5 times"), "{told}");
    assert!(
        told.contains("no variation") && told.contains("(no margin)"),
        "{told}"
    );
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn two_analysts_who_scored_everything_differ_by_half_their_mean_difference() {
    let desk = Desk::drawn();
    record(&desk, "a.csv", |_, _| Some(("qa1", false)));
    record(&desk, "b.csv", |at, _| Some(("qa2", at % 3 == 0)));
    let found = desk.json("calibrate --format json");
    assert!(found["icc_2_1"]["value"].is_number());
    let mut calls: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for (call, analyst, _, score) in scores(&desk) {
        calls.entry(call).or_default()[usize::from(analyst == "qa2")] = score;
    }
    let differences: Vec<f64> = calls.values().map(|[a, b]| b - a).collect();
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let squares: f64 = differences.iter().map(|d| (d - mean).powi(2)).sum();
    let severity = list(&found, "severity");
    near(number(&severity[1]["deviation"]), 0.5 * mean);
    near(number(&severity[0]["deviation"]), -0.5 * mean);
    // A paired comparison: the standard error of half the mean difference.
    near(
        number(&severity[1]["standard_error"]),
        0.5 * (squares / (n - 1.0) / n).sqrt(),
    );
    assert_eq!(severity[1]["df"], 71.0);
}

#[test]
fn adjusted_means_need_no_call_that_was_scored_twice() {
    let desk = Desk::drawn();
    // The second analyst is strict, and got most of the last CSRs.
    record(&desk, "a.csv", |at, csr| {
        let second = (at % 3 == 0) != (csr > "N");
        Some(if second {
            ("qa2", at % 2 == 0)
        } else {
            ("qa1", false)
        })
    });
    let found = desk.json("calibrate --format json");
    assert_eq!(
        (&found["calls"], &found["icc_2_1"]),
        (&0.into(), &Value::Null)
    );
    assert!(found["notes"].to_string().contains("no-doubled-calls"));
    let rows = list(&found, "adjusted");
    let names: Vec<&str> = rows
        .iter()
        .map(|row| row["csr"].as_str().expect("csr"))
        .collect();
    assert_eq!(names.len(), 12);
    assert!(names.is_sorted());
    // Least squares found another way: CSRs and analysts in turn, until nothing moves.
    let scores = scores(&desk);
    let (mut by_csr, mut by_analyst) = (BTreeMap::new(), BTreeMap::new());
    for _ in 0..2000 {
        by_csr = means(scores.iter().map(|(_, analyst, csr, score)| {
            (
                csr.as_str(),
                score - by_analyst.get(analyst.as_str()).unwrap_or(&0.0),
            )
        }));
        by_analyst = means(
            scores
                .iter()
                .map(|(_, analyst, csr, score)| (analyst.as_str(), score - by_csr[csr.as_str()])),
        );
    }
    let average = by_analyst.values().sum::<f64>() / by_analyst.len() as f64;
    let raw = means(
        scores
            .iter()
            .map(|(_, _, csr, score)| (csr.as_str(), *score)),
    );
    for row in rows {
        let csr = row["csr"].as_str().expect("csr");
        near(number(&row["raw"]), raw[csr]);
        near(number(&row["adjusted"]), by_csr[csr] + average);
        assert!(number(&row["low"]) < number(&row["adjusted"]));
        assert_eq!(row["df"], 59.0);
    }
    assert!(desk.run("calibrate").good().contains("Adjusted mean"));
}

fn means<'a>(values: impl Iterator<Item = (&'a str, f64)>) -> BTreeMap<&'a str, f64> {
    let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for (key, value) in values {
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + value, sum.1 + 1.0);
    }
    let mean = |(key, (sum, n))| (key, sum / n);
    sums.into_iter().map(mean).collect()
}

#[test]
fn groups_that_nobody_connects_are_told_and_not_compared() {
    let desk = Desk::drawn();
    record(&desk, "a.csv", |at, csr| match csr < "J" {
        true => Some((["qa1", "qa2"][at % 2], false)),
        false => Some(("qa3", false)),
    });
    let found = desk.json("calibrate --format json");
    let groups = list(&found, "csr_groups");
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0]["not_adjusted"], Value::Null);
    let why = groups[1]["not_adjusted"].as_str().expect("reason");
    assert!(why.contains("qa3 alone"), "{why}");
    let adjusted = list(&found, "adjusted");
    assert!(adjusted.iter().all(|row| row["csr"].as_str() < Some("J")));
    let told = desk.run("calibrate").good();
    assert!(
        told.contains("Group") && told.contains("draw --analysts"),
        "{told}"
    );
    assert!(told.contains("can't be compared across groups"), "{told}");

    // Two pairs of analysts, each with calls of its own.
    record(&desk, "b.csv", |at, csr| match csr < "J" {
        true => Some((["qa2", "qa1"][at % 2], at % 5 == 0)),
        false => Some(("qa4", at % 5 == 0)),
    });
    let found = desk.json("calibrate --format json");
    let groups = list(&found, "groups")
        .iter()
        .map(|group| group["analysts"].clone());
    let groups: Vec<Value> = groups.collect();
    assert_eq!(
        groups,
        [
            serde_json::json!(["qa1", "qa2"]),
            serde_json::json!(["qa3", "qa4"])
        ]
    );
    assert_eq!(list(&found, "severity")[3]["group"], 2);
    assert!(found["notes"].to_string().contains("\"groups\""));
}

#[test]
fn where_nothing_can_be_compared_the_reason_is_given() {
    let says = |rule: fn(usize, &str) -> Option<(&'static str, bool)>, says: &str| {
        let desk = Desk::drawn();
        record(&desk, "a.csv", rule);
        desk.run("calibrate").fails(3, says);
    };
    says(|_, _| Some(("qa1", false)), "qa1 alone scored these calls");
    says(
        |_, _| Some(("qa1", false)),
        "let two analysts score the same calls",
    );
    let bound = |at: usize, csr: &str| {
        let second = csr == "Noah Lindqvist" && at.is_multiple_of(2);
        Some((if second { "qa2" } else { "qa1" }, false))
    };
    says(bound, "qa2 scored one CSR only");
    says(
        |at, _| (at < 12).then_some((["qa1", "qa2"][at % 2], false)),
        "too few",
    );
    let desk = Desk::drawn();
    desk.run("calibrate")
        .fails(3, "let two analysts score the same calls");
}
