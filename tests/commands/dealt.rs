//! Samples scored with the example's answers, whatever calls they hold; and reports' JSON.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Desk, project};

pub const RUBRIC: &str = "rubrics/customer-service.toml";

/// What draws the example.
pub const JULY: &str =
    "samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --name july";

pub fn list<'a>(json: &'a Value, key: &str) -> &'a Vec<Value> {
    json[key].as_array().expect("list")
}

pub fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json[key].as_str().expect("text")
}

pub fn number(json: &Value, key: &str) -> f64 {
    json[key].as_f64().expect("number")
}

/// The rows of a table.
#[track_caller]
pub fn rows<'a>(json: &'a Value, name: &str) -> &'a Vec<Value> {
    let found = list(json, "tables").iter();
    let mut found = found.filter(|table| table["name"] == name);
    list(
        found.next().unwrap_or_else(|| panic!("no table {name}")),
        "rows",
    )
}

pub fn note<'a>(json: &'a Value, code: &str) -> Option<&'a str> {
    let mut notes = list(json, "notes").iter();
    notes.find(|note| note["code"] == code)?["text"].as_str()
}

#[track_caller]
pub fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
}

/// What an analyst hears otherwise than logged: a caller type and a CSR, empty for as logged.
pub type Heard = (&'static str, &'static str);

/// Draws, and records the example's answers; the draw.
pub fn score(desk: &Desk, draw: &str) -> Value {
    let drawn = desk.json(&format!("draw {draw} --format json"));
    record(desk, &drawn, &[], |_, _| ("", ""));
    drawn
}

/// Records the example's answers, dealt out to the calls of a draw by the caller type heard. `renamed` has the columns that
/// another rubric calls otherwise.
pub fn record(
    desk: &Desk,
    drawn: &Value,
    renamed: &[(&str, &str)],
    heard: impl Fn(usize, &Value) -> Heard,
) {
    let (head, own) = example();
    let renamed: BTreeMap<&str, &str> = renamed.iter().copied().collect();
    let head = head.iter().map(|name| *renamed.get(name).unwrap_or(&name));
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head: Vec<&str> = head.chain(["caller_type_heard", "csr_heard"]).collect();
    writer.write_record(head).expect("write");
    for (at, call) in list(drawn, "calls").iter().enumerate() {
        let (caller_type, csr) = heard(at, call);
        let answered = match caller_type {
            "" => text(call, "caller_type"),
            heard => heard,
        };
        let answers = &own[answered];
        // The same call gets the same answers in every sample.
        let id = text(call, "call_id");
        let which = id
            .bytes()
            .fold(0, |sum: usize, byte| 31 * sum % 997 + usize::from(byte));
        let mut row: Vec<&str> = answers[which % answers.len()].iter().collect();
        row[0] = id;
        row.extend([caller_type, csr]);
        writer.write_record(&row).expect("write");
    }
    desk.write("dealt.csv", writer.into_inner().expect("bytes"));
    let sample = text(&drawn["sample"], "name");
    desk.run(&format!("record dealt.csv --new-analyst --sample {sample}"))
        .good();
}

/// The example's answers by the logged caller type of their calls.
fn example() -> (csv::StringRecord, BTreeMap<String, Vec<csv::StringRecord>>) {
    let mut calls = csv::Reader::from_path(project("samples/calls.csv")).expect("calls");
    let calls = calls.records().map(|row| row.expect("row"));
    let types: BTreeMap<String, String> = calls
        .map(|row| (row[0].to_owned(), row[2].to_owned()))
        .collect();
    let mut answers = csv::Reader::from_path(project("samples/answers.csv")).expect("answers");
    let head = answers.headers().expect("head").clone();
    let mut own: BTreeMap<String, Vec<csv::StringRecord>> = BTreeMap::new();
    for row in answers.records() {
        let row = row.expect("row");
        own.entry(types[&row[0]].clone()).or_default().push(row);
    }
    (head, own)
}

/// The example's log, changed row by row (call id, CSR, caller type, start, ...) and under another name; `None` leaves a row
/// out.
pub fn log(desk: &Desk, name: &str, change: impl Fn(usize, Vec<String>) -> Option<Vec<String>>) {
    let mut reader = csv::Reader::from_path(project("samples/calls.csv")).expect("calls");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(reader.headers().expect("head"))
        .expect("write");
    for (at, row) in reader.records().enumerate() {
        let row = row.expect("row").iter().map(str::to_owned).collect();
        if let Some(row) = change(at, row) {
            writer.write_record(row).expect("write");
        }
    }
    desk.write(name, writer.into_inner().expect("bytes"));
}

/// N_h / n_h of a drawn call.
pub fn weight(draw: &Value, call: &Value) -> f64 {
    let same = |stratum: &&Value, key| stratum[key].is_null() || stratum[key] == call[key];
    let mut strata = list(draw, "strata").iter();
    let stratum = strata
        .find(|stratum| same(stratum, "csr") && same(stratum, "caller_type"))
        .expect("stratum");
    number(stratum, "eligible") / number(stratum, "drawn")
}

/// The call of a draw that has this id.
pub fn call<'a>(draw: &'a Value, id: &str) -> &'a Value {
    let mut calls = list(draw, "calls").iter();
    calls.find(|call| call["call_id"] == id).expect("a call")
}

/// The plain weighted mean: sum of weight x value over the sum of weights, and how many there are.
pub fn mean(values: impl IntoIterator<Item = (f64, f64)>) -> (f64, u64) {
    let (mut sum, mut weights, mut calls) = (0.0, 0.0, 0);
    for (weight, value) in values {
        sum += weight * value;
        weights += weight;
        calls += 1;
    }
    (sum / weights, calls)
}

/// The weighted mean of a listed value over calls of all samples.
pub fn over(
    draws: &BTreeMap<&str, Value>,
    listed: &[Value],
    value: impl Fn(&Value) -> Option<f64>,
) -> (f64, u64) {
    let weighted = listed.iter().filter_map(|row| {
        let draw = &draws[text(row, "sample")];
        Some((weight(draw, call(draw, text(row, "call_id"))), value(row)?))
    });
    mean(weighted)
}

/// The month after, with other calls and fewer of some.
pub fn august(desk: &Desk) {
    log(desk, "august.csv", |at, mut row| {
        row[0] = row[0].replace("C-", "D-");
        row[3] = row[3].replace("2026-07", "2026-08");
        (at % 3 != 0 || row[2] == "internal" || at % 2 == 0).then_some(row)
    });
}
