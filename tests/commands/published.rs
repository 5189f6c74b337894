//! Published examples through the commands: every entry of `tests/golden/public_vectors.json` that `estimate`, `agree` or
//! `plan` can express, at the tolerance it states. `tests/golden/through_commands.json` says which command gives which
//! figure. No command can express these entries:
//!
//! - T2-diff, T8-paired: none compares two rates, or pairs, from a file.
//! - T3-welch, T3-gapfpc, T3-gap-nofpc, T3-bh: gaps and their q-values are told by `report`, from a store.
//! - T4-baseball, T4-8schools, T8-ewma, T8-p: none steadies means or draws a control chart.
//! - T7-key, T7-gof: draws, which `tests/draw.rs` and the statistics tests repeat.
//! - T9-bibd: 5 residual degrees of freedom, and `calibrate` shows adjusted means from 10.
//! - T10-q: none prints quantiles.
//!
//! Of the other entries these figures are left to `cargo test --test statistics`: totals, covariances and differences of
//! domains; `--single adjust`, which is published for a total; corrected limits, and Clopper and Pearson's between 0 and
//! 1; sizes by z for a mean; allocation by deviations that differ; chances to notice a gap; Gwet's linearised error and
//! ordinal weights, Brennan and Prediger's coefficient, Conger's kappa of four raters, Fleiss' z and categories, kappa
//! with disagreement weights of one's own; mean squares and severities beside the intraclass correlations.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::harness::{Desk, project};

const ENTRIES: usize = 31;
const NOT_EXPRESSED: [&str; 14] = [
    "T2-diff",
    "T3-welch",
    "T3-gapfpc",
    "T3-gap-nofpc",
    "T3-bh",
    "T4-baseball",
    "T4-8schools",
    "T7-key",
    "T7-gof",
    "T8-ewma",
    "T8-p",
    "T8-paired",
    "T9-bibd",
    "T10-q",
];

fn golden(name: &str) -> String {
    fs::read_to_string(project("tests/golden").join(name)).expect(name)
}

fn list(name: &str) -> Vec<Value> {
    serde_json::from_str(&golden(name)).expect(name)
}

#[test]
fn published_figures_come_out_of_the_commands() {
    let desk = Desk::new();
    write_files(&desk);
    let entries = list("public_vectors.json");
    let folder = project("tests/golden").display().to_string();
    let mut met = BTreeSet::new();
    for check in list("through_commands.json") {
        let id = check["id"].as_str().expect("id");
        let entry = entries.iter().find(|entry| entry["id"] == id).expect(id);
        let words = check["command"].as_str().expect("command");
        let answer = desk.json(&format!("{words} --format json").replace("GOLDEN", &folder));
        for pair in check["figures"].as_array().expect("figures") {
            let (path, place) = (
                pair[0].as_str().expect("path"),
                pair[1].as_str().expect("place"),
            );
            let wanted = at(&entry["expected"], path).as_f64().expect(path);
            let found = figure(&answer, place).as_f64();
            let found = found.unwrap_or_else(|| panic!("{id} {path}: nothing from {words}"));
            // Where the published figure is printed to fewer digits, the check says so.
            let printed = check["printed"].as_f64().unwrap_or(0.0);
            let allowed = tolerance(entry["tol"].as_str().expect("tol"), wanted).max(printed);
            let off = (found - wanted).abs();
            assert!(
                off <= allowed,
                "{id} {path}: {found} for {wanted}, off by {off:e} ({words})"
            );
        }
        met.insert(id.to_owned());
    }
    for entry in &entries {
        let id = entry["id"].as_str().expect("id");
        assert_ne!(met.contains(id), NOT_EXPRESSED.contains(&id), "{id}");
    }
    assert_eq!(entries.len(), ENTRIES);
}

/// "rel 1e-9" or "abs 1e-12", with or without remarks; relative where it doesn't say.
fn tolerance(text: &str, wanted: f64) -> f64 {
    let number = text
        .split([' ', ';'])
        .find_map(|word| word.parse::<f64>().ok());
    let number = number.unwrap_or_else(|| panic!("no tolerance in `{text}`"));
    match text.starts_with("abs") || wanted == 0.0 {
        true => number,
        false => number * wanted.abs(),
    }
}

/// A value by its path, as in `strata|mean|0`.
fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('|')
        .fold(value, |value, key| match key.parse::<usize>() {
            Ok(index) if value.is_array() => &value[index],
            _ => &value[key],
        })
}

/// A figure of an answer: a JSON pointer, or `domain/key` of an estimate, or `name` or `name/key` of an agreement.
fn figure(answer: &Value, place: &str) -> Value {
    if place.starts_with('/') {
        return answer.pointer(place).cloned().unwrap_or_default();
    }
    let (name, key) = place.split_once('/').unwrap_or((place, "value"));
    let wanted = match name {
        "all" => Value::Null,
        name => name.into(),
    };
    let rows = answer["rows"].as_array().into_iter().flatten();
    let mut rows = rows.chain(answer["coefficients"].as_array().into_iter().flatten());
    let row = rows.find(|row| row.get("domain").or(row.get("name")) == Some(&wanted));
    row.map(|row| row[key].clone()).unwrap_or_default()
}

/// The files that no published file holds as a command wants them.
fn write_files(desk: &Desk) {
    let with = |file: &str, heads: &str, more: &dyn Fn(f64) -> String, value: usize| {
        let text = golden(file);
        let mut lines = text.lines();
        let head = format!("{},{heads}", lines.next().expect("header"));
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            format!("{line},{}", more(cells[value].parse().expect(line)))
        };
        let rows: Vec<String> = std::iter::once(head).chain(lines.map(row)).collect();
        rows.join("\n")
    };
    let yes_no = |yes| if yes { "yes" } else { "no" };
    let above_4 = move |x: f64| yes_no(x > 4.0).to_owned();
    let above_10 = move |x: f64| format!("{},{}", yes_no(x >= 10.0), u8::from(x >= 10.0));
    desk.write("fpc.csv", with("stata_fpc.csv", "above", &above_4, 2));
    desk.write(
        "ice.csv",
        with("sas_icecream.csv", "above,big", &above_10, 1),
    );
    desk.write(
        "single.csv",
        "stratum,age\n1,30.5\n1,40.5\n2,35\n2,52\n3,44\n",
    );
    desk.write("calls.csv", "stratum,calls\n1,21\n2,40\n3,15\n");
    for (passed, of) in [(81, 263), (15, 148), (0, 20), (1, 29)] {
        let rows = "1\n".repeat(passed) + &"0\n".repeat(of - passed);
        desk.write(&format!("{passed}-{of}.csv"), format!("passed\n{rows}"));
    }
    let types = |external: &str, internal: &str| {
        let rows = |cells: &str, rest: &str| -> String {
            cells
                .split(',')
                .map(|cell| format!("{cell},{rest}\n"))
                .collect()
        };
        format!(
            "passed,type,N\n{}{}",
            rows(external, "e,120"),
            rows(internal, "i,30")
        )
    };
    desk.write("pass.csv", types("1,1,1,1,1,1", "1,1,1,1"));
    desk.write("na.csv", types("1,1,0,1,NA,1", "1,NA,0,1"));
    let log = [("A", 5234), ("B", 2586), ("C", 649), ("D", 157)];
    let rows = log.iter().flat_map(|(csr, calls)| {
        (0..*calls).map(move |call| format!("{csr}{call},{csr},external\n"))
    });
    desk.write(
        "log.csv",
        format!("call_id,csr,caller_type\n{}", rows.collect::<String>()),
    );
    write_ratings(desk);
}

fn write_ratings(desk: &Desk) {
    let pairs = |first: &str, second: &str| -> Vec<(char, char)> {
        first.chars().zip(second.chars()).collect()
    };
    let rows = pairs("0100000010", "1110010000").into_iter();
    let rows: String = rows.map(|(a, b)| format!("{a},{b}\n")).collect();
    desk.write("binary.csv", format!("a,b\n{rows}"));
    let rows = pairs("aabbdcccedda", "babbbccceddd")
        .into_iter()
        .enumerate();
    let rows: String = rows
        .map(|(unit, (a, b))| format!("{unit},A,{a}\n{unit},B,{b}\n"))
        .collect();
    desk.write("letters.csv", format!("unit,rater,rating\n{rows}"));
    let mut fleiss = "unit,rater,rating\n".to_owned();
    for line in golden("fleiss1971.csv").lines().skip(1) {
        let (unit, counts) = line.split_once(',').expect("unit");
        let counts = counts.split(',').map(|count| count.parse().expect("count"));
        let ratings = counts
            .enumerate()
            .flat_map(|(k, count)| std::iter::repeat_n(k, count));
        let rows = ratings
            .enumerate()
            .map(|(rater, k)| format!("{unit},{rater},{k}\n"));
        fleiss.extend(rows);
    }
    desk.write("fleiss.csv", fleiss);
    let entries = list("public_vectors.json");
    let cohen = entries
        .iter()
        .find(|entry| entry["id"] == "T6-cohen")
        .expect("T6-cohen");
    for (name, path, times) in [
        ("cohen1968.csv", "cohen1968|p", 100.0),
        ("t118.csv", "t118|table", 1.0),
        ("t40.csv", "t40|table", 1.0),
        ("t80.csv", "t80|table", 1.0),
    ] {
        let mut text = "a,b\n".to_owned();
        for (i, row) in at(&cohen["expected"], path)
            .as_array()
            .expect(path)
            .iter()
            .enumerate()
        {
            for (j, cell) in row.as_array().expect(path).iter().enumerate() {
                let count = (times * cell.as_f64().expect(path)).round() as usize;
                text.extend(std::iter::repeat_n(format!("{i},{j}\n"), count));
            }
        }
        desk.write(name, text);
    }
}
