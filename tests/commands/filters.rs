//! Reports on some of the calls, held against reports on all of them and against sums made here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::dealt::{
    JULY, RUBRIC, august, call, list, near, note, number, record, rows, score, text,
};
use crate::harness::{Desk, Ran, project};
use crate::journeys;

/// Names have blanks.
fn run(desk: &Desk, words: &str, more: &[&str]) -> Ran {
    let mut command = desk.command(words);
    let output = command.args(more).output().expect("run");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn told(desk: &Desk, words: &str, more: &[&str]) -> Value {
    let out = run(desk, &format!("{words} --format json"), more).good();
    serde_json::from_str(&out).expect("JSON")
}

/// Two rows say the same, but for what depends on how many gaps a table has.
#[track_caller]
fn alike(one: &Value, other: &Value, at: &str) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                if !["q", "verdict"].contains(&key.as_str()) {
                    alike(value, &other[key], &format!("{at}.{key}"));
                }
            }
        }
        (Value::Number(one), Value::Number(other)) => {
            let (one, other) = (
                one.as_f64().expect("number"),
                other.as_f64().expect("number"),
            );
            assert!((one - other).abs() < 1e-9, "{at}: {one}, {other}");
        }
        _ => assert_eq!(one, other, "{at}"),
    }
}

/// Whether a call is meant, by its id.
type Inside<'a> = &'a dyn Fn(&str) -> bool;

/// A column of the example's log by call id.
fn column(name: &str) -> BTreeMap<String, String> {
    let mut log = csv::Reader::from_path(project("samples/calls.csv")).expect("log");
    let head = log.headers().expect("head").clone();
    let at = head.iter().position(|head| head == name).expect("column");
    let rows = log.records().map(|row| row.expect("row"));
    rows.map(|row| (row[0].to_owned(), row[at].to_owned()))
        .collect()
}

#[test]
fn a_csr_s_report_is_the_csr_s_row_of_the_report_on_all() {
    for design in [
        "--per csr,caller_type -n 3",
        "--per csr,caller_type -n 1",
        "--per csr -n 5",
        "-n 90",
    ] {
        let desk = Desk::new();
        let draw = desk.json(&format!("draw {JULY} {design} --format json"));
        record(&desk, &draw, &[], |at, call| match at % 9 {
            4 if call["caller_type"] == "internal" => ("external", ""),
            5 => ("", "Hana Kovářová"),
            _ => ("", ""),
        });
        let all = desk.json("report csr --format json");
        for row in rows(&all, "csr") {
            let name = text(row, "csr");
            let own = told(&desk, "report", &["--csr", name]);
            let [found] = &rows(&own, "csr")[..] else {
                panic!("{own:#}");
            };
            alike(found, row, &format!("{design} {name}"));
            let mut total = row.clone();
            total["csr"] = Value::Null;
            let csr = list(&own, "tables")
                .iter()
                .find(|table| table["name"] == "csr");
            alike(&csr.expect("a table")["total"], &total, name);
            // Per caller type as well.
            let external = told(&desk, "report csr --caller-type external", &["--csr", name]);
            alike(&rows(&external, "csr")[0]["score"], &row["external"], name);
            assert!(rows(&external, "csr")[0]["internal"].is_null());
        }
        let all = desk.json("report --format json");
        let external = desk.json("report --caller-type external --format json");
        let [found] = &rows(&external, "caller_type")[..] else {
            panic!("{external:#}");
        };
        alike(found, &rows(&all, "caller_type")[1], design);
        let behaviors = desk.json("report behaviors --format json");
        let internal = desk.json("report behaviors --caller-type internal --format json");
        for (one, all) in rows(&internal, "behaviors")
            .iter()
            .zip(rows(&behaviors, "behaviors"))
        {
            alike(&one["internal"], &all["internal"], text(all, "behavior"));
            assert!(one["external"].is_null() && one["gap"].is_null());
        }
    }
}

#[test]
fn margins_of_days_and_queues_are_those_of_domains() {
    let desk = Desk::new();
    let draw = score(&desk, &format!("{JULY} --per caller_type -n 40"));
    let calls = desk.json("report calls --format json");
    let (days, queues) = (column("started_at"), column("queue"));
    let in_days = |id: &str| ("2026-07-08".."2026-07-18").contains(&&days[id][..10]);
    let in_queue = |id: &str| queues[id] == "Billing";
    let cases: [(&str, Inside<'_>); 3] = [
        ("--from 2026-07-08 --to 2026-07-17", &in_days),
        ("--queue Billing", &in_queue),
        ("--queue Billing --from 2026-07-08 --to 2026-07-17", &|id| {
            in_days(id) && in_queue(id)
        }),
    ];
    for (filter, inside) in cases {
        let mut own = String::from("kind,eligible,score\n");
        let mut ids = BTreeSet::new();
        for row in rows(&calls, "calls") {
            let id = text(row, "call_id");
            let kind = text(call(&draw, id), "caller_type");
            let mut strata = list(&draw, "strata").iter();
            let stratum = strata.find(|stratum| stratum["caller_type"] == kind);
            let eligible = &stratum.expect("stratum")["eligible"];
            let score = match inside(id) {
                true => number(row, "score").to_string(),
                false => String::new(),
            };
            own.push_str(&format!("{kind},{eligible},{score}\n"));
            if inside(id) {
                ids.insert(id.to_owned());
            }
        }
        assert!(ids.len() > 4, "{filter}");
        desk.write("own.csv", own);
        let apart = desk.json(
            "estimate own.csv --value score --stratum kind --population eligible --format json",
        );
        let report = desk.json(&format!("report csr {filter} --format json"));
        let total = &report["tables"][0]["total"];
        for key in ["value", "low", "high", "df"] {
            near(&total["score"][key], number(&apart["rows"][0], key));
        }
        assert_eq!(total["score"]["n"], ids.len());
        // Nobody has counted these calls of the log.
        assert!(total["eligible"].is_null());
        assert!(note(&report, "not-counted").is_some());
        let listed = desk.json(&format!("report calls {filter} --format json"));
        let listed = rows(&listed, "calls").iter();
        assert_eq!(
            listed
                .map(|row| text(row, "call_id").to_owned())
                .collect::<BTreeSet<_>>(),
            ids
        );
        let answers = desk.json(&format!("report answers {filter} --format json"));
        let answers = rows(&answers, "answers").iter();
        assert_eq!(
            answers
                .map(|row| text(row, "call_id").to_owned())
                .collect::<BTreeSet<_>>(),
            ids
        );
    }
}

#[test]
fn the_first_lines_and_the_json_say_which_calls_a_report_is_about() {
    let desk = Desk::new();
    score(&desk, JULY);
    let ran = run(
        &desk,
        "report --queue Billing --queue Orders --from 2026-07-10",
        &["--csr", "Hana Kovářová"],
    );
    let out = ran.good();
    let lines: Vec<&str> = out.lines().take(2).collect();
    assert_eq!(
        lines[0],
        "Sample july, calls of 2026-07-01 to 2026-07-31: 72 of 72 drawn calls scored."
    );
    assert!(
        lines[1].starts_with(
            "Of these, only calls of CSR Hana Kovářová, of the queue Billing or Orders, of 2026-07-10 or later: "
        ),
        "{out}"
    );
    let report = desk.json("report --queue Billing --to 2026-07-10 --format json");
    assert_eq!(
        report["filter"],
        json!({"csr": [], "caller_type": [], "queue": ["Billing"], "analyst": [], "from": null, "to": "2026-07-10"})
    );
    assert_eq!(
        report["period"],
        json!({"from": "2026-07-01", "to": "2026-07-10"})
    );
    assert!(desk.json("report --format json")["filter"].is_null());
    // One caller type alone misses nothing.
    let out = desk.run("report --caller-type external").good();
    assert!(!out.contains("No internal call"), "{out}");
}

#[test]
fn an_analyst_s_calls_are_those_whose_counting_evaluation_is_theirs() {
    let desk = Desk::new();
    let draw = desk.json(&format!("draw {JULY} --analysts qa1,qa2 --format json"));
    let assigned: BTreeMap<&str, &str> = (list(&draw, "assignments").iter())
        .map(|one| (text(one, "call_id"), text(one, "analyst")))
        .collect();
    let answers = desk.read("samples/answers.csv");
    let dealt = answers.lines().map(|line| {
        let mut cells: Vec<&str> = line.splitn(3, ',').collect();
        if let Some(analyst) = assigned.get(cells[0]) {
            cells[1] = analyst;
        }
        cells.join(",")
    });
    desk.write("dealt.csv", dealt.collect::<Vec<_>>().join("\n"));
    desk.run("record dealt.csv --new-analyst").good();
    let calls = desk.json("report calls --analyst qa2 --format json");
    let mine = assigned
        .values()
        .filter(|analyst| **analyst == "qa2")
        .count();
    assert!(mine > 5);
    assert_eq!(rows(&calls, "calls").len(), mine);
    assert!(
        rows(&calls, "calls")
            .iter()
            .all(|row| row["analyst"] == "qa2")
    );
    let analysts = desk.json("report analysts --analyst qa2 --format json");
    assert_eq!(rows(&analysts, "analysts").len(), 1);
}

#[test]
fn days_take_parts_of_several_samples_and_names_can_be_given_too() {
    let desk = Desk::new();
    august(&desk);
    score(&desk, JULY);
    score(
        &desk,
        &format!("august.csv --rubric {RUBRIC} --seed august-2026 --name august"),
    );
    let both = desk.json("report calls --from 2026-07-20 --to 2026-08-10 --format json");
    let samples: BTreeSet<&str> = rows(&both, "calls")
        .iter()
        .map(|row| text(row, "sample"))
        .collect();
    assert_eq!(samples, ["august", "july"].into());
    let july =
        desk.json("report calls --from 2026-07-20 --to 2026-08-10 --sample july --format json");
    let of_july = rows(&both, "calls")
        .iter()
        .filter(|row| row["sample"] == "july");
    assert_eq!(rows(&july, "calls").len(), of_july.count());
    let ran = desk.run("report --sample july --sample august --to 2026-07-31");
    assert!(
        ran.err
            .contains("left out: august has calls of 2026-08-01 to 2026-08-31"),
        "{}",
        ran.err
    );
    ran.good();
}

#[test]
fn misspelt_names_are_told_with_the_nearest() {
    let desk = Desk::new();
    score(&desk, JULY);
    run(&desk, "report", &["--csr", "Hana Kovarova"]).fails(2, "did you mean `Hana Kovářová`?");
    desk.run("report --queue Biling")
        .fails(2, "did you mean `Billing`?");
    desk.run("report --analyst qa7")
        .fails(2, "did you mean `qa1`?");
    desk.run("report --caller-type inner")
        .fails(2, "[possible values: internal, external, unknown]");
    desk.run("report --from 2027-01-01")
        .fails(2, "no sample has calls of these days");
}

#[test]
fn calls_of_journeys_outside_have_no_value_and_the_journeys_stay_drawn() {
    let desk = journeys::desk();
    let draw = desk.json(&format!("{} -n 12 --format json", journeys::DRAW));
    let ids: Vec<String> = list(&draw, "calls")
        .iter()
        .map(|call| text(call, "call_id").to_owned())
        .collect();
    journeys::record(&desk, &ids);
    let all = desk.json("report csr --format json");
    for row in rows(&all, "csr") {
        let own = desk.json(&format!(
            "report csr --csr {} --format json",
            text(row, "csr")
        ));
        alike(&rows(&own, "csr")[0], row, text(row, "csr"));
    }
    desk.run("report journeys --csr Ada").fails(
        2,
        "follows whole journeys, so it can't be cut to some of their calls",
    );
}

#[test]
fn teams_and_picked_calls_are_cut_too() {
    let desk = Desk::new();
    let draw = score(&desk, &format!("{JULY} --per csr,caller_type -n 3"));
    let mut roster = String::from("csr,team\n");
    let csrs: BTreeSet<&str> = list(&draw, "calls")
        .iter()
        .map(|call| text(call, "csr"))
        .collect();
    for csr in csrs {
        let team = if csr > "J" { "South" } else { "North" };
        roster.push_str(&format!("\"{csr}\",{team}\n"));
    }
    desk.write("roster.csv", roster);
    let all = desk.json("report team --roster roster.csv --format json");
    let external =
        desk.json("report team --roster roster.csv --caller-type external --format json");
    let (all, external) = (rows(&all, "team"), rows(&external, "team"));
    for (own, row) in external.iter().zip(all) {
        assert_eq!(own["team"], row["team"]);
        alike(&own["score"], &row["external"], &row["team"].to_string());
        assert!(own["internal"].is_null());
    }
    let queue = desk.json("report team --roster roster.csv --queue Billing --format json");
    assert!(
        rows(&queue, "team")
            .iter()
            .all(|row| row["eligible"].is_null())
    );

    let queues = column("queue");
    let drawn: BTreeSet<&str> = list(&draw, "calls")
        .iter()
        .map(|call| text(call, "call_id"))
        .collect();
    let others = queues
        .iter()
        .filter(|(id, _)| id.starts_with("C-") && !drawn.contains(id.as_str()));
    for (id, _) in others.clone().take(30) {
        desk.run(&format!(
            "pick {id} --from samples/calls.csv --why coaching"
        ))
        .good();
    }
    let days = column("started_at");
    let expected: BTreeSet<&str> = (others.take(30))
        .filter(|(id, queue)| *queue == "Billing" && &days[*id][..10] <= "2026-07-02")
        .map(|(id, _)| id.as_str())
        .collect();
    let picked = desk.json("report picked --queue Billing --to 2026-07-02 --format json");
    let picked: BTreeSet<&str> = rows(&picked, "picked")
        .iter()
        .map(|row| text(row, "call_id"))
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(picked, expected);
}

#[test]
fn a_call_whose_day_can_t_be_read_is_outside_of_days_and_told() {
    let desk = Desk::new();
    crate::dealt::log(&desk, "some.csv", |at, mut row| {
        if at % 2 == 0 {
            row[3] = "soon".to_owned();
        }
        Some(row)
    });
    score(
        &desk,
        &format!("some.csv --rubric {RUBRIC} --seed some -n 40"),
    );
    let report = desk.json("report calls --from 2026-07-02 --format json");
    let told = note(&report, "no-day").expect("told");
    assert!(
        told.ends_with("no day that can be read, and are left out."),
        "{told}"
    );
    assert!(rows(&report, "calls").len() < 30);
    // Days that leave the sample whole leave these calls in it.
    let report = desk.json("report calls --from 2026-07-01 --format json");
    assert_eq!(rows(&report, "calls").len(), 40);
    let trend = desk.json("report trend --format json");
    let n: f64 = rows(&trend, "trend")
        .iter()
        .map(|row| number(row, "n"))
        .sum();
    assert!(n < 30.0 && note(&trend, "no-day").is_some());
}

#[test]
fn what_lost_calls_might_have_changed_is_told_of_the_calls_inside() {
    let desk = Desk::new();
    let draw = desk.json(&format!(
        "draw {JULY} --per csr,caller_type -n 3 --format json"
    ));
    let (name, mut lost) = (
        "Hana Kovářová",
        String::from("call_id,analyst,unscorable\n"),
    );
    let hers = list(&draw, "calls")
        .iter()
        .filter(|call| call["csr"] == name);
    let hers: Vec<&str> = hers.map(|call| text(call, "call_id")).collect();
    for id in [hers[0], hers[5]] {
        lost.push_str(&format!("{id},qa1,no-recording\n"));
    }
    desk.write("lost.csv", lost);
    desk.run("record lost.csv").good();
    // The calls in their places get answers as well.
    let mut now = desk.json(&format!(
        "draw {JULY} --per csr,caller_type -n 3 --format json"
    ));
    let scorable = now["calls"].as_array_mut().expect("calls");
    scorable.retain(|call| ![hers[0], hers[5]].contains(&text(call, "call_id")));
    record(&desk, &now, &[], |_, _| ("", ""));
    let report = told(&desk, "report", &["--csr", name]);
    let bounds = note(&report, "unscorable-bounds").expect("told");
    let calls = told(&desk, "report calls", &["--csr", name]);
    let (mut low, mut high, mut all) = (0.0, 0.0, 0.0);
    for kind in ["internal", "external"] {
        let own = rows(&calls, "calls")
            .iter()
            .filter(|row| row["caller_type"] == kind);
        let scores: Vec<f64> = own.map(|row| number(row, "score")).collect();
        let mut strata = list(&draw, "strata").iter();
        let stratum = strata
            .find(|one| one["csr"] == name && one["caller_type"] == kind)
            .expect("a stratum");
        let each = number(stratum, "eligible") / (scores.len() + 1) as f64;
        low += each * scores.iter().sum::<f64>();
        high += each * (scores.iter().sum::<f64>() + 100.0);
        all += number(stratum, "eligible");
    }
    let expected = format!(
        "would be {:.1}; had each been worth 100, {:.1}.",
        low / all,
        high / all
    );
    assert!(bounds.ends_with(&expected), "{bounds} {expected}");
}

#[test]
fn a_filter_that_leaves_no_call_is_told_as_that() {
    let desk = Desk::new();
    score(&desk, &format!("{JULY} --per csr,caller_type -n 2"));
    desk.run("report trend --caller-type unknown").fails(
        3,
        "no drawn call is among these: only calls of unknown callers",
    );
    let text = desk.run("report --caller-type unknown").good();
    let sentence = "No drawn call is among these (only calls of unknown callers)";
    assert!(text.contains(sentence), "{text}");
    let json = desk.json("report --caller-type unknown --format json");
    assert!(note(&json, "no-call").is_some());
    assert!(note(&desk.json("report --format json"), "no-call").is_none());
}
