//! What avoidable calls take: held against sums made here from the draw, the answers and the rubric's minutes.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::harness::Desk;

const MINUTES: [(&str, f64); 2] = [("how-to", 6.0), ("repeat-call", 12.5)];

/// The example, scored, with minutes for two of its reasons.
fn measured() -> Desk {
    let desk = Desk::new();
    let mut rubric = desk.read("rubrics/customer-service.toml");
    rubric = rubric.replacen(
        "[rubric]\n",
        "[rubric]\ncost_per_minute = 1.25\ncurrency = \"EUR\"\n",
        1,
    );
    for (id, minutes) in MINUTES {
        let driver = format!("id = \"{id}\"\n");
        assert!(rubric.contains(&driver), "{id}");
        rubric = rubric.replacen(&driver, &format!("{driver}minutes = {minutes}\n"), 1);
    }
    desk.write("measured.toml", rubric);
    desk.run("run samples/calls.csv --rubric measured.toml --answers samples/answers.csv --seed july-2026")
        .good();
    desk
}

/// Hours of all calls by caller type, from the files alone; three calls a stratum.
fn by_hand(desk: &Desk, reason: Option<&str>) -> BTreeMap<String, f64> {
    let draw =
        desk.json("draw samples/calls.csv --rubric measured.toml --seed july-2026 --format json");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let strata = draw["strata"].as_array().expect("strata").iter();
    let weights: HashMap<(String, String), f64> = strata
        .map(|one| {
            let key = (text(&one["csr"]), text(&one["caller_type"]));
            (key, one["eligible"].as_f64().expect("eligible") / 3.0)
        })
        .collect();
    let calls = draw["calls"].as_array().expect("calls").iter();
    let whose: HashMap<String, (String, String)> = calls
        .map(|call| {
            (
                text(&call["call_id"]),
                (text(&call["csr"]), text(&call["caller_type"])),
            )
        })
        .collect();
    let answers = desk.read("samples/answers.csv");
    let mut reader = csv::Reader::from_reader(answers.as_bytes());
    let heads = reader.headers().expect("heads").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect("column");
    let mut hours = BTreeMap::new();
    for row in reader.records() {
        let row = row.expect("row");
        let ticked = row[at("drivers")].split(';').map(str::trim);
        let ticked = ticked.filter(|one| reason.is_none_or(|reason| reason == *one));
        let minutes = ticked.filter_map(|one| MINUTES.iter().find(|(id, _)| *id == one));
        let longest = minutes.map(|(_, minutes)| *minutes).fold(0.0, f64::max);
        let key = &whose[&row[at("call_id")]];
        *hours.entry(key.1.clone()).or_insert(0.0) += weights[key] * longest / 60.0;
    }
    hours
}

#[track_caller]
fn near(found: &Value, expected: f64) {
    let found = found["value"].as_f64().expect("a number");
    assert!(
        (found - expected).abs() < 1e-9 * expected.max(1.0),
        "{found}, not {expected}"
    );
}

#[test]
fn avoidable_calls_take_the_minutes_of_the_rubric_in_all_calls_of_the_log() {
    let desk = measured();
    let json = desk.json("report costs --format json");
    let table = &json["tables"][0];
    assert_eq!(
        (&table["name"], &table["currency"]),
        (&"costs".into(), &"EUR".into())
    );
    let rows = table["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 3);
    for row in rows {
        let hours = by_hand(&desk, row["driver"].as_str());
        let all = hours["internal"] + hours["external"];
        near(&row["hours"]["internal"], hours["internal"]);
        near(&row["hours"]["external"], hours["external"]);
        near(&row["hours"]["all"], all);
        near(&row["cost"], all * 60.0 * 1.25);
        let (low, high) = (&row["hours"]["all"]["low"], &row["hours"]["all"]["high"]);
        assert!(low.as_f64().expect("low") < all && all < high.as_f64().expect("high"));
    }
    // A reason's hours are its share times the number of calls and the minutes, margins too as far as they go by one method.
    let drivers = desk.json("report drivers --format json");
    let drivers = drivers["tables"][0]["rows"].as_array().expect("rows");
    let how_to = drivers
        .iter()
        .find(|row| row["driver"] == "how-to")
        .expect("how-to");
    let share = how_to["all"]["value"].as_f64().expect("share");
    near(
        &rows
            .iter()
            .find(|row| row["driver"] == "how-to")
            .expect("row")["hours"]["all"],
        share * 1992.0 * 6.0 / 60.0,
    );
    let page = desk.run("report --format html").good();
    assert!(page.contains("Avoidable calls took ") && page.contains(" EUR in these calls"));
    let page = desk.run("report costs").good();
    assert!(
        page.contains("Cost EUR") && page.contains("Without minutes in the rubric"),
        "{page}"
    );
}

#[test]
fn what_was_not_measured_or_not_counted_has_no_sum() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    desk.run("report costs")
        .fails(3, "doesn't say what an avoidable call takes");
    let desk = measured();
    desk.run("report costs --analyst qa1")
        .fails(2, "doesn't tell how many calls");
    let one = desk.json("report costs --caller-type internal --format json");
    let hours = by_hand(&desk, None);
    near(
        &one["tables"][0]["rows"][0]["hours"]["all"],
        hours["internal"],
    );
    for (line, says) in [
        ("minutes = -1", "minutes must be a number of 0 or more"),
        ("minutes = \"long\"", "minutes"),
    ] {
        let rubric = desk.read("measured.toml").replacen("minutes = 6", line, 1);
        desk.write("bad.toml", rubric);
        let ran = desk.run("rubric check bad.toml");
        assert!(
            ran.code != 0 && ran.err.contains(says),
            "{}{}",
            ran.out,
            ran.err
        );
    }
    let rubric = desk
        .read("measured.toml")
        .replacen("cost_per_minute = 1.25\n", "", 1);
    desk.write("bad.toml", rubric);
    let ran = desk.run("rubric check bad.toml");
    assert!(ran.err.contains("cost_per_minute = 0.95"), "{}", ran.err);
}

#[test]
fn what_is_not_scored_yet_is_in_no_sum() {
    let desk = Desk::new();
    let rubric = desk.read("rubrics/customer-service.toml").replacen(
        "id = \"how-to\"\n",
        "id = \"how-to\"\nminutes = 6\n",
        1,
    );
    desk.write("measured.toml", rubric);
    desk.run("draw samples/calls.csv --rubric measured.toml --seed july-2026")
        .good();
    let draw =
        desk.json("draw samples/calls.csv --rubric measured.toml --seed july-2026 --format json");
    let calls = draw["calls"].as_array().expect("calls").iter();
    let internal: Vec<&str> = calls
        .filter(|call| call["caller_type"] == "internal")
        .filter_map(|call| call["call_id"].as_str())
        .collect();
    let answers = desk.read("samples/answers.csv");
    let mut lines = answers.lines();
    let heads = lines.next().expect("heads");
    let own: Vec<&str> = lines
        .filter(|line| {
            internal
                .iter()
                .any(|id| line.starts_with(&format!("{id},")))
        })
        .collect();
    assert_eq!(own.len(), 36);
    desk.write("some.csv", format!("{heads}\n{}\n", own.join("\n")));
    desk.run("record some.csv").good();
    let json = desk.json("report costs --format json");
    let row = &json["tables"][0]["rows"][0]["hours"];
    assert!(row["external"].is_null(), "{row}");
    assert_eq!(row["all"], row["internal"]);
}
