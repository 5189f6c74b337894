//! Rosters: spellings and teams in reports, held against sums made here from the draw and the scored calls.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::harness::Desk;

const DRAW: &str =
    "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json";

/// Stands in the log from the middle of the month on.
const SPELLING: &str = "Schäfer, Jürgen";
const CSR: &str = "Jürgen Schäfer";

fn list<'a>(json: &'a Value, key: &str) -> &'a Vec<Value> {
    json[key].as_array().expect("list")
}

fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json[key].as_str().expect("text")
}

fn number(json: &Value, key: &str) -> f64 {
    json[key].as_f64().expect("number")
}

fn rows(json: &Value) -> &Vec<Value> {
    list(&json["tables"][0], "rows")
}

#[track_caller]
fn row<'a>(json: &'a Value, key: &str, value: Value) -> &'a Value {
    let found = rows(json).iter().find(|row| row[key] == value);
    found.unwrap_or_else(|| panic!("no row with {key} {value}"))
}

fn note<'a>(json: &'a Value, code: &str) -> Option<&'a str> {
    let mut notes = list(json, "notes").iter();
    notes.find(|note| note["code"] == code)?["text"].as_str()
}

#[track_caller]
fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
}

/// Changes the rows of the log: call id, CSR, caller type, start.
fn rewrite(desk: &Desk, change: impl Fn(&mut Vec<String>)) {
    let text = desk.read("samples/calls.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(reader.headers().expect("header"))
        .expect("write");
    for record in reader.records() {
        let record = record.expect("row");
        let mut row: Vec<String> = record.iter().map(str::to_owned).collect();
        change(&mut row);
        writer.write_record(&row).expect("write");
    }
    desk.write("samples/calls.csv", writer.into_inner().expect("bytes"));
}

/// Draws and records: the example's answers, dealt out to whatever calls are drawn.
fn score(desk: &Desk, draw: &str) -> Value {
    let example = Desk::drawn().json(DRAW);
    let answers = desk.read("samples/answers.csv");
    let mut reader = csv::Reader::from_reader(answers.as_bytes());
    let head = reader.headers().expect("head").clone();
    let given: BTreeMap<String, csv::StringRecord> = (reader.records())
        .map(|row| row.expect("row"))
        .map(|row| (row[0].to_owned(), row))
        .collect();
    let of = |caller_type: &str| -> Vec<&csv::StringRecord> {
        let calls = list(&example, "calls").iter();
        let own = calls.filter(|call| call["caller_type"] == caller_type);
        own.map(|call| &given[text(call, "call_id")]).collect()
    };
    let drawn = desk.json(draw);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&head).expect("write");
    for (at, call) in list(&drawn, "calls").iter().enumerate() {
        let own = of(text(call, "caller_type"));
        let mut row: Vec<&str> = own[at % own.len()].iter().collect();
        row[0] = text(call, "call_id");
        writer.write_record(&row).expect("write");
    }
    desk.write("given.csv", writer.into_inner().expect("bytes"));
    desk.run("record given.csv").good();
    drawn
}

fn day(call: &Value) -> &str {
    &text(&call["fields"], "started_at")[..10]
}

/// The plain domain mean: sum of weight x score over the sum of weights, and how many calls.
fn mean(draw: &Value, scores: &Value, inside: impl Fn(&Value) -> bool) -> (f64, u64) {
    let score: BTreeMap<&str, f64> = (rows(scores).iter())
        .map(|row| (text(row, "call_id"), number(row, "score")))
        .collect();
    let (mut sum, mut weights, mut calls) = (0.0, 0.0, 0);
    for call in list(draw, "calls").iter().filter(|call| inside(call)) {
        let same = |stratum: &&Value, key| stratum[key].is_null() || stratum[key] == call[key];
        let stratum = (list(draw, "strata").iter())
            .find(|stratum| same(stratum, "csr") && same(stratum, "caller_type"))
            .expect("stratum");
        let weight = number(stratum, "eligible") / number(stratum, "drawn");
        sum += weight * score[text(call, "call_id")];
        weights += weight;
        calls += 1;
    }
    (sum / weights, calls)
}

/// A desk whose log has one CSR by two spellings.
fn two_spellings() -> Desk {
    let desk = Desk::new();
    rewrite(&desk, |row| {
        if row[1] == CSR && row[3].as_str() > "2026-07-16" {
            row[1] = SPELLING.to_owned();
        }
    });
    desk.write("roster.csv", format!("csr,alias\n{CSR},\"{SPELLING}\"\n"));
    desk
}

#[test]
fn two_spellings_are_one_csr_in_reports_and_two_in_the_store() {
    let desk = two_spellings();
    let draw = score(&desk, DRAW);
    let plain = desk.json("report csr --format json");
    let (one, other) = (
        row(&plain, "csr", CSR.into()),
        row(&plain, "csr", SPELLING.into()),
    );
    let report = desk.json("report csr --roster roster.csv --format json");
    assert_eq!(rows(&report).len(), rows(&plain).len() - 1);
    let folded = row(&report, "csr", CSR.into());
    for key in ["eligible", "scored"] {
        near(&folded[key], number(one, key) + number(other, key));
    }
    let calls = desk.json("report calls --format json");
    let both = |call: &Value| call["csr"] == CSR || call["csr"] == SPELLING;
    let (expected, n) = mean(&draw, &calls, both);
    near(&folded["score"]["value"], expected);
    assert_eq!(folded["score"]["n"], n);
    assert_eq!(
        note(&report, "spellings"),
        Some(
            "1 spelling folded by the roster: `Schäfer, Jürgen` as Jürgen Schäfer (6 drawn calls)."
        )
    );
    assert_eq!(note(&report, "not-in-roster"), None);
    let listed = desk.json("report calls --roster roster.csv --format json");
    assert!(rows(&listed).iter().all(|row| row["csr"] != SPELLING));

    // What is kept is as logged.
    desk.run("verify samples/calls.csv").good();
    assert_eq!(
        desk.json("report csr --format json")["tables"],
        plain["tables"]
    );
    let call = (list(&draw, "calls").iter())
        .find(|call| call["csr"] == SPELLING)
        .expect("a call");
    let explained = desk
        .run(&format!("explain {}", text(call, "call_id")))
        .good();
    assert!(explained.contains(SPELLING), "{explained}");
}

#[test]
fn a_csr_heard_by_another_spelling_is_the_same_csr() {
    let desk = Desk::drawn();
    let answers = desk.read("samples/answers.csv");
    let mut lines = answers.lines();
    let head = lines.next().expect("head").to_owned() + ",csr_heard";
    let first = lines.next().expect("a row").to_owned() + ",\"Schäfer, J.\"";
    let rest = lines.map(|line| line.to_owned() + ",");
    let all: Vec<String> = [head, first].into_iter().chain(rest).collect();
    desk.write("heard.csv", all.join("\n"));
    desk.run("record heard.csv").good();
    let plain = desk.json("report csr --format json");
    assert_eq!(row(&plain, "csr", "Schäfer, J.".into())["scored"], 1);
    desk.write("roster.csv", format!("csr,alias\n{CSR},\"Schäfer, J.\"\n"));
    let report = desk.json("report csr --roster roster.csv --format json");
    assert_eq!(
        number(row(&report, "csr", CSR.into()), "scored"),
        number(row(&plain, "csr", CSR.into()), "scored") + 1.0
    );
    let told = note(&report, "spellings").expect("note");
    assert!(told.contains("(1 drawn call)"), "{told}");
}

/// Who is in a team: two changed, one of them from no team, and one is in none.
const ROSTER: &str = "csr,team,from,to\n\
    Amara Okafor,North,,\nDaniel Mensah,North,2026-07-01,2026-07-31\n\
    Jürgen Schäfer,North,,2026-07-15\nJürgen Schäfer,South,2026-07-16,\n\
    Fatima El-Sayed,West,,\nHana Kovářová,West,2020-01-01,\n\
    José Muñoz,East,2026-07-20,\nMei-Ling Tan,East,,\nNoah Lindqvist,East,,\n\
    Priya Raghavan,South,,\nZoë van den Berg,South,,\n";

fn team<'a>(csr: &str, day: &str) -> Option<&'a str> {
    match csr {
        "Amara Okafor" | "Daniel Mensah" => Some("North"),
        "Jürgen Schäfer" if day <= "2026-07-15" => Some("North"),
        "Jürgen Schäfer" | "Priya Raghavan" | "Zoë van den Berg" => Some("South"),
        "Fatima El-Sayed" | "Hana Kovářová" => Some("West"),
        "José Muñoz" if day < "2026-07-20" => None,
        "José Muñoz" | "Mei-Ling Tan" | "Noah Lindqvist" => Some("East"),
        _ => None,
    }
}

#[test]
fn calls_count_for_the_team_that_their_csr_was_in_on_the_day() {
    for design in [
        "--per csr,caller_type -n 4",
        "--per caller_type -n 60",
        "-n 80",
    ] {
        let desk = Desk::new();
        desk.write("roster.csv", ROSTER);
        let draw = score(&desk, &format!("{DRAW} {design}"));
        let calls = desk.json("report calls --format json");
        let report = desk.json("report team --roster roster.csv --format json");
        assert_eq!(report["tables"][0]["name"], "team");
        let teams: Vec<Option<&str>> = rows(&report)
            .iter()
            .map(|row| row["team"].as_str())
            .collect();
        let (west, none) = (Some("West"), None);
        assert_eq!(
            teams,
            [Some("East"), Some("North"), Some("South"), west, none]
        );
        let mut scored = 0.0;
        for name in teams {
            let inside = |call: &Value| team(text(call, "csr"), day(call)) == name;
            let (expected, n) = mean(&draw, &calls, inside);
            let row = row(&report, "team", name.into());
            near(&row["score"]["value"], expected);
            assert_eq!([&row["score"]["n"], &row["scored"]], [n, n], "{name:?}");
            for kind in ["internal", "external"] {
                let own = |call: &Value| inside(call) && call["caller_type"] == kind;
                match mean(&draw, &calls, own) {
                    (_, 0) => assert!(row[kind].is_null()),
                    (expected, _) => near(&row[kind]["value"], expected),
                }
            }
            scored += number(row, "scored");
        }
        let total = &report["tables"][0]["total"];
        let csr = desk.json("report csr --format json");
        near(&total["scored"], scored);
        assert_eq!(total["eligible"], csr["tables"][0]["total"]["eligible"]);
        for key in ["score", "gap", "critical_free"] {
            let same = &csr["tables"][0]["total"][key];
            near(&total[key]["value"], number(same, "value"));
        }
    }
}

#[test]
fn calls_of_the_log_are_told_only_of_teams_that_nobody_left_or_joined() {
    let desk = Desk::new();
    desk.write("roster.csv", ROSTER);
    score(&desk, DRAW);
    let csr = desk.json("report csr --format json");
    let report = desk.json("report team --roster roster.csv --format json");
    let of = |name: &str| number(row(&csr, "csr", name.into()), "eligible");
    near(
        &row(&report, "team", "West".into())["eligible"],
        of("Fatima El-Sayed") + of("Hana Kovářová"),
    );
    for team in [
        Value::from("North"),
        "South".into(),
        "East".into(),
        Value::Null,
    ] {
        assert!(row(&report, "team", team)["eligible"].is_null());
    }
    let told = note(&report, "changed-team").expect("note");
    assert!(
        told.contains("José Muñoz (no team, East); Jürgen Schäfer (North, South)."),
        "{told}"
    );
    let unknown = note(&report, "not-in-roster").expect("note");
    assert!(
        unknown.contains("2 CSRs") && unknown.contains("O'Brien"),
        "{unknown}"
    );
    // The same is said wherever the roster folds.
    let behaviors = desk.json("report behaviors --roster roster.csv --format json");
    assert_eq!(note(&behaviors, "not-in-roster"), Some(unknown));

    let table = desk.run("report team --roster roster.csv").good();
    let none = table
        .lines()
        .find(|line| line.trim_start().starts_with("–  "));
    assert!(none.is_some() && table.contains("All teams"), "{table}");
    let csv = desk
        .run("report team --roster roster.csv --format csv")
        .good();
    assert!(csv.starts_with("team,eligible,scored,"), "{csv}");
}

#[test]
fn with_everybody_in_one_team_no_team_is_an_empty_row() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    let csr = desk.json("report csr --format json");
    let names = rows(&csr)
        .iter()
        .map(|row| format!("\"{}\",All\n", text(row, "csr")));
    desk.write(
        "roster.csv",
        format!("csr,team\n{}", names.collect::<String>()),
    );
    let report = desk.json("report team --roster roster.csv --format json");
    let [all, none] = rows(&report).as_slice() else {
        panic!("two rows: {report}");
    };
    let total = &csr["tables"][0]["total"];
    assert_eq!(
        [&all["eligible"], &all["score"]],
        [&total["eligible"], &total["score"]]
    );
    assert_eq!([&none["eligible"], &none["scored"]], [0, 0]);
    assert!(none["team"].is_null() && none["score"].is_null());
    assert_eq!(note(&report, "changed-team"), None);
}

#[test]
fn the_day_is_that_of_the_clock_on_the_centre_s_wall() {
    // Another team every day.
    let mut roster = String::from("csr,team,from,to\n");
    for day in 1..=31 {
        let team = ["Even", "Odd"][day % 2];
        for csr in [CSR, "Priya Raghavan", "Mei-Ling Tan"] {
            roster.push_str(&format!("{csr},{team},2026-07-{day:02},2026-07-{day:02}\n"));
        }
    }
    let tables = |change: &dyn Fn(&mut Vec<String>), profile: Option<&str>| {
        let desk = Desk::new();
        desk.write("roster.csv", &roster);
        rewrite(&desk, change);
        let mut draw = DRAW.to_owned();
        if let Some(profile) = profile {
            desk.write("profile.toml", profile);
            draw.push_str(" --profile profile.toml");
        }
        score(&desk, &draw);
        desk.json("report team --roster roster.csv --format json")["tables"].clone()
    };
    let plain = tables(&|_| {}, None);
    let rewritten = |row: &mut Vec<String>, to: &dyn Fn(DateTime) -> String| {
        if let Ok(local) = row[3].parse::<DateTime>() {
            row[3] = to(local);
        }
    };
    let german = tables(
        &|row| rewritten(row, &|local| local.strftime("%d.%m.%Y %H:%M").to_string()),
        Some("format = 1\n[time]\nformat = \"%d.%m.%Y %H:%M\"\n"),
    );
    assert_eq!(german, plain);
    // Mornings in Auckland are the day before in UTC.
    let auckland = TimeZone::get("Pacific/Auckland").expect("zone");
    let instants = tables(
        &|row| {
            rewritten(row, &|local| {
                auckland.to_timestamp(local).expect("instant").to_string()
            });
        },
        Some("format = 1\n[time]\nzone = \"Pacific/Auckland\"\n"),
    );
    assert_eq!(instants, plain);
}

#[test]
fn a_call_without_a_day_has_the_team_its_csr_was_in_all_the_time() {
    let desk = Desk::new();
    desk.write("roster.csv", ROSTER);
    rewrite(&desk, |row| {
        if [CSR, "Fatima El-Sayed"].contains(&row[1].as_str()) {
            row[3].clear();
        }
    });
    score(&desk, DRAW);
    let csr = desk.json("report csr --format json");
    let scored = |names: &[&str]| -> f64 {
        let of = names.iter().map(|name| row(&csr, "csr", (*name).into()));
        of.map(|row| number(row, "scored")).sum()
    };
    let report = desk.json("report team --roster roster.csv --format json");
    near(
        &row(&report, "team", "West".into())["scored"],
        scored(&["Fatima El-Sayed", "Hana Kovářová"]),
    );
    near(
        &row(&report, "team", "North".into())["scored"],
        scored(&["Amara Okafor", "Daniel Mensah"]),
    );
    let told = note(&report, "no-day").expect("note");
    assert!(told.contains("6 calls were drawn without a day"), "{told}");
}

#[test]
fn a_roster_that_contradicts_itself_is_refused_with_line_and_hint() {
    let desk = Desk::drawn();
    for (roster, place, says, hint) in [
        (
            "csr,team,from,to\nJo,North,,2026-07-15\nJo,South,2026-07-15,\n",
            "3:4",
            "`Jo` is in `North` on some of these days (line 2)",
            "on the day before",
        ),
        (
            "csr,alias\nJo,Joe\nJoe,Jo\n",
            "2:4",
            "`Joe` is a CSR itself on line 3",
            "one name in the column `csr`",
        ),
        (
            "csr,alias\nJo,J.\nJim,J.\n",
            "3:5",
            "`J.` is another spelling of `Jo` on line 2",
            "leave out one that two CSRs share",
        ),
        (
            "csr,tema\nJo,North\n",
            "1:5",
            "a roster has no column `tema`",
            "did you mean `team`?",
        ),
    ] {
        desk.write("roster.csv", roster);
        let ran = desk.run("report --roster roster.csv");
        assert!(
            ran.err.contains(&format!("roster.csv:{place}\n")),
            "{}",
            ran.err
        );
        assert!(ran.err.contains(hint), "{}", ran.err);
        ran.fails(3, says);
    }
    desk.run("report --roster rooster.csv")
        .fails(5, "did you mean `roster.csv`?");
}

#[test]
fn teams_need_a_roster_that_has_some() {
    let desk = Desk::drawn();
    desk.run("report team").fails(2, "--roster FILE");
    desk.write("roster.csv", "csr,alias,team\nJo,Joe,\n");
    desk.run("report team --roster roster.csv")
        .fails(3, "column `team`");
    desk.write("roster.csv", "csr,team\nJo,North\n");
    desk.run("report team --steadied --roster roster.csv")
        .fails(2, "--steadied");
}
