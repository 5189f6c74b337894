//! Score tables, rates and marks, held against sums made here from the draw and the answers.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::Desk;

fn recorded() -> Desk {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    desk
}

fn rows(json: &Value) -> &Vec<Value> {
    json["tables"][0]["rows"].as_array().expect("rows")
}

#[track_caller]
fn row<'a>(rows: &'a [Value], key: &str, value: &str) -> &'a Value {
    let found = rows.iter().find(|row| row[key] == value);
    found.unwrap_or_else(|| panic!("no row with {key} {value}"))
}

#[track_caller]
fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
}

/// N_h by CSR and caller type.
fn populations(desk: &Desk) -> BTreeMap<(String, String), f64> {
    let draw = desk.json("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let strata = draw["strata"].as_array().expect("strata").iter();
    strata
        .map(|stratum| {
            let key = (text(&stratum["csr"]), text(&stratum["caller_type"]));
            (key, stratum["eligible"].as_f64().expect("eligible"))
        })
        .collect()
}

/// The weighted mean of a value over rows that have a CSR and a caller type; three calls per stratum.
fn weighted(desk: &Desk, rows: &[(&Value, f64)]) -> f64 {
    let populations = populations(desk);
    let weight = |row: &Value| {
        let text = |key: &str| row[key].as_str().expect("text").to_owned();
        populations[&(text("csr"), text("caller_type"))] / 3.0
    };
    let sum: f64 = rows.iter().map(|(row, value)| weight(row) * value).sum();
    sum / rows.iter().map(|(row, _)| weight(row)).sum::<f64>()
}

#[test]
fn a_behavior_s_rate_is_the_weighted_share_of_the_points_it_could_earn() {
    let desk = recorded();
    let table = desk.json("report behaviors --format json");
    let answers = desk.json("report answers --format json");
    let behaviors = rows(&table);
    assert_eq!(behaviors.len(), 18);
    for behavior in behaviors {
        let own: Vec<(&Value, f64)> = (rows(&answers).iter())
            .filter(|row| row["behavior"] == behavior["behavior"] && row["answer"] != "na")
            .map(|row| {
                let points = row["points"].as_f64().expect("points");
                (row, points / row["full"].as_f64().expect("full"))
            })
            .collect();
        assert_eq!(behavior["all"]["n"], own.len());
        near(&behavior["all"]["value"], weighted(&desk, &own));
        let (low, high) = (&behavior["all"]["low"], &behavior["all"]["high"]);
        assert!(low.as_f64() < behavior["all"]["value"].as_f64() || high == low);
    }
    // Asked of one caller type alone: nothing to compare.
    let checks = row(behaviors, "behavior", "verifies-customer");
    assert!(checks["internal"].is_null() && checks["gap"].is_null());
    let name = row(behaviors, "behavior", "gives-name");
    let (internal, external) = (&name["internal"]["value"], &name["external"]["value"]);
    near(
        &name["gap"]["value"],
        internal.as_f64().expect("rate") - external.as_f64().expect("rate"),
    );
}

#[test]
fn critical_errors_and_the_pass_mark_have_rates_of_their_own() {
    let desk = recorded();
    let calls = desk.json("report calls --format json");
    let of = |holds: &dyn Fn(&Value) -> bool| -> f64 {
        let value = |row| (row, if holds(row) { 1.0 } else { 0.0 });
        weighted(&desk, &rows(&calls).iter().map(value).collect::<Vec<_>>())
    };
    let free = |row: &Value| row["critical"].as_array().expect("list").is_empty();
    let critical = desk.json("report critical --format json");
    assert!(rows(&critical)[0]["family"].is_null());
    near(&rows(&critical)[0]["all"]["value"], of(&free));
    let families = rows(&critical).iter().skip(1);
    let families: Vec<&str> = families.filter_map(|row| row["family"].as_str()).collect();
    assert_eq!(families, ["customer", "business", "compliance"]);
    let compliance = |row: &Value| {
        let mut triggered = row["critical"].as_array().expect("list").iter();
        !triggered.any(|id| id == "verifies-customer" || id == "verifies-colleague")
    };
    near(
        &row(rows(&critical), "family", "compliance")["all"]["value"],
        of(&compliance),
    );
    let csr = desk.json("report csr --format json");
    near(
        &csr["tables"][0]["total"]["passed"]["value"],
        of(&|row| row["outcome"] == "pass"),
    );
}

#[test]
fn reasons_for_calling_are_shares_of_all_calls_and_of_avoidable_ones() {
    let desk = recorded();
    let table = desk.json("report drivers --format json");
    let drivers = rows(&table);
    let calls = desk.json("report calls --format json");
    let text = desk.read("samples/answers.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().expect("head").clone();
    let column = |name: &str| head.iter().position(|head| head == name).expect("column");
    let (id, ticked) = (column("call_id"), column("drivers"));
    let ticks: BTreeMap<String, Vec<String>> = (reader.records())
        .map(|row| row.expect("row"))
        .map(|row| {
            let ticked = row[ticked].split(';').filter(|tick| !tick.is_empty());
            (row[id].to_owned(), ticked.map(str::to_owned).collect())
        })
        .collect();
    let avoidable: Vec<&str> = (drivers.iter())
        .filter(|row| row["avoidable"] == true)
        .filter_map(|row| row["driver"].as_str())
        .collect();
    let share = |calls: &[&Value], holds: &dyn Fn(&[String]) -> bool| {
        let value = |row: &&Value| {
            let own = &ticks[row["call_id"].as_str().expect("id")];
            if holds(own) { 1.0 } else { 0.0 }
        };
        weighted(
            &desk,
            &calls
                .iter()
                .map(|row| (*row, value(row)))
                .collect::<Vec<_>>(),
        )
    };
    let is_avoidable = |own: &[String]| own.iter().any(|tick| avoidable.contains(&tick.as_str()));
    let all: Vec<&Value> = rows(&calls).iter().collect();
    near(&drivers[0]["all"]["value"], share(&all, &is_avoidable));
    let avoided: Vec<&Value> = (all.iter().copied())
        .filter(|row| is_avoidable(&ticks[row["call_id"].as_str().expect("id")]))
        .collect();
    let repeat = |own: &[String]| own.iter().any(|tick| tick == "repeat-call");
    let found = row(drivers, "driver", "repeat-call");
    near(&found["all"]["value"], share(&all, &repeat));
    near(&found["of_avoidable"]["value"], share(&avoided, &repeat));
    assert_eq!(found["of_avoidable"]["n"], avoided.len());
    assert!(row(drivers, "driver", "complaint")["of_avoidable"].is_null());
}

#[test]
fn steadied_scores_lie_between_the_score_and_the_common_one() {
    let desk = recorded();
    let plain = desk.json("report csr --format json");
    assert!(rows(&plain)[0].get("steadied").is_none());
    let report = desk.json("report csr --steadied --format json");
    let center = report["tables"][0]["steadied"]["center"]
        .as_f64()
        .expect("center");
    for row in rows(&report) {
        let score = row["score_before_critical"]["value"]
            .as_f64()
            .expect("score");
        let steadied = row["steadied"].as_f64().expect("steadied");
        assert!((steadied - center).abs() <= (score - center).abs(), "{row}");
        assert!((steadied - center) * (score - center) >= 0.0, "{row}");
    }
    let text = desk.run("report --steadied").good();
    assert!(text.contains("points of that are real"), "{text}");
    desk.run("report behaviors --steadied")
        .fails(2, "--steadied");

    let few = Desk::new();
    few.run("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --where queue=Billing --per csr -n 2")
        .good();
    few.run("report csr --steadied")
        .fails(3, "too few to steady: it takes 8");
}

#[test]
fn many_unscorable_calls_mark_the_row_and_bound_the_score() {
    let desk = Desk::drawn();
    let calls = desk.json("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json");
    let lost: Vec<&str> = (calls["calls"].as_array().expect("calls").iter())
        .filter(|call| call["caller_type"] == "internal")
        .take(12)
        .filter_map(|call| call["call_id"].as_str())
        .collect();
    let answers = desk.read("samples/answers.csv");
    let kept = answers
        .lines()
        .filter(|line| !lost.iter().any(|id| line.starts_with(&format!("{id},"))));
    desk.write("kept.csv", kept.collect::<Vec<_>>().join("\n"));
    let mut statements = String::from("call_id,analyst,unscorable\n");
    for id in &lost {
        statements.push_str(&format!("{id},qa1,no-recording\n"));
    }
    desk.write("lost.csv", statements);
    desk.run("record lost.csv").good();
    desk.run("record kept.csv --new-analyst").good();
    let report = desk.json("report --format json");
    let row = row(rows(&report), "caller_type", "internal");
    assert_eq!(row["unscorable"], 12);
    let note = |code: &str| {
        let notes = report["notes"].as_array().expect("notes").iter();
        notes
            .clone()
            .find(|note| note["code"] == code)
            .map(|note| note["text"].clone())
    };
    assert!(note("unscorable").is_some() && note("unscorable-bounds").is_some());
    let text = desk.run("report caller-type").good();
    let line = |kind: &str| {
        let mut lines = text.lines();
        lines
            .find(|line| line.trim_start().starts_with(kind))
            .expect("row")
    };
    assert!(line("internal ").contains('!'), "{text}");
    assert!(!line("external ").contains('!'), "{text}");
    assert!(text.contains("! more than a tenth"), "{text}");
}

#[test]
fn like_for_like_scores_stand_beside_full_ones_where_they_differ() {
    let desk = recorded();
    let report = desk.json("report --format json");
    let gap = report["tables"][0]["gap"]["value"].as_f64().expect("gap");
    let of = |kind| row(rows(&report), "caller_type", kind)["like_for_like"]["value"].as_f64();
    let (internal, external) = (
        of("internal").expect("score"),
        of("external").expect("score"),
    );
    assert!((internal - external - gap).abs() < 1e-9);

    // Without behaviors for one caller type alone there is nothing to tell apart.
    let rubric = desk.read("rubrics/customer-service.toml");
    let both = rubric
        .replace("applies_to = [\"external\"]", "")
        .replace("applies_to = [\"internal\"]", "");
    let examples = both.find("[[example]]").expect("examples");
    desk.write("both.toml", &both[..examples]);
    desk.run("draw samples/calls.csv --rubric both.toml --seed july-2026 --name both")
        .good();
    let report = desk.json("report --sample both --format json");
    assert!(rows(&report)[0]["like_for_like"].is_null());
}

#[test]
fn a_stratum_of_which_nothing_is_scored_is_told() {
    let desk = Desk::drawn();
    let answers = desk.read("samples/answers.csv");
    let draw = desk.json("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json");
    let calls = draw["calls"].as_array().expect("calls").iter();
    let hers: Vec<&str> = calls
        .filter(|call| call["csr"] == "Hana Kovářová" && call["caller_type"] == "external")
        .filter_map(|call| call["call_id"].as_str())
        .collect();
    let kept = answers
        .lines()
        .filter(|line| !hers.iter().any(|id| line.starts_with(&format!("{id},"))));
    desk.write("kept.csv", kept.collect::<Vec<_>>().join("\n"));
    desk.run("record kept.csv").good();
    let report = desk.json("report --format json");
    let notes = report["notes"].as_array().expect("notes").iter();
    let text = notes
        .clone()
        .find(|note| note["code"] == "unseen")
        .expect("told")["text"]
        .clone();
    let text = text.as_str().expect("text");
    assert!(
        text.contains("no call is scored of Hana Kovářová, external"),
        "{text}"
    );
}

#[test]
fn rates_are_marked_where_many_calls_are_lost_like_scores() {
    let desk = Desk::drawn();
    let draw = desk.json("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json");
    let lost = draw["calls"].as_array().expect("calls").iter().take(20);
    let mut statements = String::from("call_id,analyst,unscorable\n");
    let ids: Vec<&str> = lost.filter_map(|call| call["call_id"].as_str()).collect();
    ids.iter()
        .for_each(|id| statements.push_str(&format!("{id},qa1,no-recording\n")));
    desk.write("lost.csv", statements);
    desk.run("record lost.csv").good();
    let answers = desk.read("samples/answers.csv");
    let kept = answers
        .lines()
        .filter(|line| !ids.iter().any(|id| line.starts_with(&format!("{id},"))));
    desk.write("kept.csv", kept.collect::<Vec<_>>().join("\n"));
    desk.run("record kept.csv --new-analyst").good();
    let text = desk.run("report behaviors").good();
    let row = text
        .lines()
        .find(|line| line.contains("Gives own name"))
        .expect("row");
    assert!(row.contains("○!"), "{row}");
}

#[test]
fn analysts_are_told_by_time_repeats_and_losses_but_not_ranked() {
    let desk = Desk::drawn();
    let text = desk.read("samples/answers.csv");
    let lines: Vec<&str> = text.lines().collect();
    desk.write("few.csv", lines[..3].join("\n"));
    desk.run("record few.csv").good();
    let id = lines[3].split(',').next().expect("id");
    desk.write(
        "lost.csv",
        format!("call_id,analyst,unscorable\n{id},qa2,no-recording\n"),
    );
    desk.run("record lost.csv").good();
    let table = desk.json("report analysts --format json");
    let found = rows(&table);
    let names: Vec<&str> = found
        .iter()
        .filter_map(|row| row["analyst"].as_str())
        .collect();
    assert_eq!(names, ["qa1", "qa2"]);
    let (one, two) = (&found[0], &found[1]);
    assert_eq!((&one["calls"], &one["unscorable"]), (&1.into(), &0.into()));
    assert_eq!((&two["calls"], &two["unscorable"]), (&1.into(), &1.into()));
    near(&two["unscorable_share"], 0.5);
    assert!(one["seconds"].is_null());
    near(&one["repeated"], repeated(&desk, lines[1]));
    let told = desk.run("report analysts").good();
    assert!(told.contains("it proves nothing"), "{told}");
}

/// The share of answers that repeat the one before on the same scale, from the rubric's file and a row of answers.
fn repeated(desk: &Desk, row: &str) -> f64 {
    let rubric: toml::Table = desk
        .read("rubrics/customer-service.toml")
        .parse()
        .expect("TOML");
    let sections = rubric["section"].as_array().expect("sections").iter();
    let scales: Vec<&str> = sections
        .flat_map(|section| section["behavior"].as_array().expect("behaviors"))
        .map(|behavior| behavior["answers"].as_str().expect("scale"))
        .collect();
    let cells = row.split(',').skip(2);
    let given: Vec<(&str, &str)> = scales
        .into_iter()
        .zip(cells)
        .filter(|(_, cell)| !cell.is_empty())
        .collect();
    let pairs = given.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    let (same, all) = pairs.fold((0.0, 0.0), |(same, all), pair| {
        (
            same + f64::from(u8::from(pair[0].1 == pair[1].1)),
            all + 1.0,
        )
    });
    same / all
}
