//! Sections, bands and samples, held against sums made here from the draw, the answers and the rubric's file.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::dealt::{JULY, august, list, near, note, number, over, rows, score, text};
use crate::harness::Desk;

/// A behavior as the rubric's file has it.
struct Behavior {
    section: String,
    weight: f64,
    both: bool,
}

fn rubric(desk: &Desk) -> toml::Table {
    let source = desk.read("rubrics/customer-service.toml");
    source.parse().expect("TOML")
}

fn behaviors(rubric: &toml::Table) -> BTreeMap<String, Behavior> {
    let sections = rubric["section"].as_array().expect("sections").iter();
    let behaviors = sections.flat_map(|section| {
        let behaviors = section["behavior"].as_array().expect("behaviors").iter();
        behaviors.map(|behavior| {
            let weight = behavior.get("weight").map_or(1.0, |weight| {
                weight.as_integer().expect("a whole weight") as f64
            });
            let own = Behavior {
                section: section["id"].as_str().expect("id").to_owned(),
                weight,
                both: behavior.get("applies_to").is_none(),
            };
            (behavior["id"].as_str().expect("id").to_owned(), own)
        })
    });
    behaviors.collect()
}

/// What a call earns of 100 in a section.
fn earned(
    answers: &[Value],
    behaviors: &BTreeMap<String, Behavior>,
    call: &Value,
    section: &str,
    both_alone: bool,
) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for answer in answers
        .iter()
        .filter(|answer| answer["call_id"] == call["call_id"])
    {
        let behavior = &behaviors[text(answer, "behavior")];
        let counts = behavior.section == section && (behavior.both || !both_alone);
        if let Some(points) = answer["points"].as_f64().filter(|_| counts) {
            sum += behavior.weight * points / number(answer, "full");
            weights += behavior.weight;
        }
    }
    (weights > 0.0).then(|| 100.0 * sum / weights)
}

#[test]
fn a_section_s_figure_is_the_weighted_mean_of_what_calls_earn_in_it() {
    let desk = Desk::new();
    let draws = BTreeMap::from([(
        "july",
        score(&desk, &format!("{JULY} --per csr,caller_type -n 3")),
    )]);
    let behaviors = behaviors(&rubric(&desk));
    let report = desk.json("report sections --format json");
    let calls = desk.json("report calls --format json");
    let answers = desk.json("report answers --format json");
    let (calls, answers) = (rows(&calls, "calls"), rows(&answers, "answers"));
    let found = rows(&report, "sections");
    assert_eq!(found.len(), 5);
    for row in found {
        let section = text(row, "section");
        let mean = |kind: &str, both_alone: bool| {
            over(&draws, calls, |call| {
                let mine = kind == "all" || call["caller_type"] == kind;
                earned(answers, &behaviors, call, section, both_alone).filter(|_| mine)
            })
        };
        for kind in ["internal", "external", "all"] {
            let (expected, n) = mean(kind, false);
            near(&row[kind]["value"], expected);
            assert_eq!(row[kind]["n"], n);
        }
        near(
            &row["gap"]["value"],
            mean("internal", true).0 - mean("external", true).0,
        );
        // One family: q is never less than p.
        assert!(number(&row["gap"], "q") >= number(&row["gap"], "p"));
    }
    assert!(note(&report, "section-gap").is_some());
    let internal = desk.json("report sections --caller-type internal --format json");
    for (own, row) in rows(&internal, "sections").iter().zip(found) {
        near(&own["internal"]["value"], number(&row["internal"], "value"));
        assert!(own["gap"].is_null() && own["external"].is_null());
    }
}

#[test]
fn every_call_is_in_one_band() {
    let desk = Desk::new();
    let draws = BTreeMap::from([("july", score(&desk, &format!("{JULY} --per csr -n 6")))]);
    let rubric = rubric(&desk);
    let bands = rubric["rubric"]["bands"].as_array().expect("bands");
    let from = |at: usize| match &bands[at]["from"] {
        toml::Value::Integer(from) => *from as f64,
        from => from.as_float().expect("a number"),
    };
    let report = desk.json("report bands --format json");
    let calls = desk.json("report calls --format json");
    let found = rows(&report, "bands");
    assert_eq!(found.len(), bands.len());
    for kind in ["internal", "external", "all"] {
        let mut all = 0.0;
        for (at, row) in found.iter().enumerate() {
            near(&row["from"], from(at));
            let (expected, _) = over(&draws, rows(&calls, "calls"), |call| {
                let score = call["score"].as_f64()? + 1e-9;
                let inside = score >= from(at) && (at == 0 || score < from(at - 1));
                let mine = kind == "all" || call["caller_type"] == kind;
                Some(if inside { 1.0 } else { 0.0 }).filter(|_| mine)
            });
            near(&row[kind]["value"], expected);
            assert!(
                number(&row[kind], "low") <= expected && expected <= number(&row[kind], "high")
            );
            all += expected;
        }
        assert!((all - 1.0).abs() < 1e-9, "{all}");
    }
}

#[test]
fn a_rubric_without_bands_is_refused_with_how_to_name_some() {
    let desk = Desk::new();
    let source = desk.read("rubrics/customer-service.toml");
    let start = source.find("bands = [").expect("bands");
    let end = start + source[start..].find("\n]\n").expect("their end") + 3;
    desk.write(
        "plain.toml",
        format!("{}{}", &source[..start], &source[end..]),
    );
    desk.run("draw samples/calls.csv --rubric plain.toml --seed plain -n 2")
        .good();
    desk.run("report bands").fails(3, "bands = [ { from = 85");
    // They can be given to it later.
    desk.run("samples adopt plain --rubric rubrics/customer-service.toml")
        .good();
    desk.run("report bands").good();
}

#[test]
fn samples_are_told_with_what_was_drawn_and_scored() {
    let desk = Desk::new();
    august(&desk);
    score(&desk, &format!("{JULY} --per csr,caller_type -n 3"));
    desk.run("draw august.csv --rubric rubrics/customer-service.toml --seed august-2026 --name august -n 20")
        .good();
    let report = desk.json("report samples --from 2026-07-01 --format json");
    assert_eq!(
        report["tables"][0]["rows"][0],
        json!({"sample": "july", "from": "2026-07-01", "to": "2026-07-31", "seed": "july-2026", "unit": "call", "logs": 1,
            "calls_in_log": 2000, "eligible": 1992, "drawn": 72, "scored": 72, "unscorable": 0, "inside": 72})
    );
    let august = &report["tables"][0]["rows"][1];
    assert_eq!(
        (text(august, "sample"), &august["drawn"], &august["scored"]),
        ("august", &json!(20), &json!(0))
    );
    let few = desk.json("report samples --caller-type internal --sample july --format json");
    let few = &list(&few, "tables")[0]["rows"][0];
    assert_eq!((&few["scored"], &few["inside"]), (&json!(72), &json!(36)));
    let told = desk
        .run("report samples --caller-type internal --sample july")
        .good();
    assert!(told.contains("Scored, in this report"), "{told}");
}
