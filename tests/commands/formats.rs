//! The same numbers stand in every format: CSV is read figure by figure, and each is looked for in the others.

use std::collections::BTreeMap;

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;

use crate::harness::Desk;

/// A figure as CSV has it.
struct Figure {
    row: usize,
    /// The column's key.
    key: String,
    /// Value, low, high.
    parts: [Option<f64>; 3],
}

/// All figures of a table, and its heads with their places.
fn figures(csv: &str) -> Vec<Figure> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let heads = reader.headers().expect("heads").clone();
    let place: BTreeMap<&str, usize> = heads.iter().zip(0..).collect();
    let keys: Vec<&str> = (heads.iter())
        .filter(|key| {
            place.contains_key(format!("{key}_low").as_str())
                && place.contains_key(format!("{key}_high").as_str())
        })
        .collect();
    let mut found = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.expect("row");
        let number = |key: String| record[place[key.as_str()]].parse::<f64>().ok();
        for key in &keys {
            let parts = ["", "_low", "_high"].map(|part| number(format!("{key}{part}")));
            if parts[0].is_some() {
                found.push(Figure {
                    row,
                    key: (*key).to_owned(),
                    parts,
                });
            }
        }
    }
    found
}

/// Every number of a JSON table.
fn numbers(value: &Value, into: &mut Vec<f64>) {
    match value {
        Value::Number(number) => into.extend(number.as_f64()),
        Value::Array(all) => all.iter().for_each(|one| numbers(one, into)),
        Value::Object(all) => all.values().for_each(|one| numbers(one, into)),
        _ => {}
    }
}

/// As people read it: a score, a share, or a gap of either.
fn shown(figure: &Figure) -> Vec<String> {
    let [value, low, high] = figure.parts;
    let value = value.expect("a value");
    let signed = |value: f64, decimals: usize| {
        let text = format!("{:.decimals$}", value.abs());
        match text.parse::<f64>() {
            Ok(0.0) => text,
            _ if value < 0.0 => format!("−{text}"),
            _ => format!("+{text}"),
        }
    };
    let Some((low, high)) = low.zip(high) else {
        return vec![
            format!("{value:.1}"),
            format!("{:.0} %", 100.0 * value),
            signed(value, 1),
        ];
    };
    vec![
        format!("{value:.1} ({low:.0}–{high:.0})"),
        format!(
            "{:.0} % ({:.0}–{:.0})",
            100.0 * value,
            100.0 * low,
            100.0 * high
        ),
        format!(
            "{} ({} to {})",
            signed(value, 1),
            signed(low, 0),
            signed(high, 0)
        ),
        format!(
            "{} ({} to {})",
            signed(100.0 * value, 0),
            signed(100.0 * low, 0),
            signed(100.0 * high, 0)
        ),
    ]
}

fn text(page: &str) -> String {
    let parts = page
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect()
}

#[test]
fn every_figure_is_the_same_in_csv_json_table_markdown_page_and_workbook() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    for table in [
        "caller-type",
        "csr",
        "sections",
        "behaviors",
        "csr-behaviors",
        "bands",
        "critical",
        "drivers",
        "trend",
        "recognition",
    ] {
        let csv = desk.run(&format!("report {table} --format csv")).good();
        let figures = figures(&csv);
        assert!(!figures.is_empty(), "{table} has figures");
        let mut known = Vec::new();
        numbers(
            &desk.json(&format!("report {table} --format json"))["tables"],
            &mut known,
        );
        let markdown = desk.run(&format!("report {table} --format md")).good();
        let page = text(&desk.run(&format!("report {table} --format html")).good());
        let terminal = desk.run(&format!("report {table}")).good();
        desk.run(&format!("report {table} --format xlsx --output t.xlsx"))
            .good();
        let mut book: Xlsx<_> = open_workbook(desk.path("t.xlsx")).expect("a workbook");
        let name = book.sheet_names()[1].clone();
        let sheet = book.worksheet_range(&name).expect("a sheet");
        let heads = csv
            .lines()
            .next()
            .expect("heads")
            .split(',')
            .map(str::to_owned);
        let place: BTreeMap<String, usize> = heads.zip(0..).collect();
        for figure in &figures {
            let told = format!("{table}: {} of row {}", figure.key, figure.row + 1);
            for (part, value) in ["", "_low", "_high"].into_iter().zip(figure.parts) {
                let Some(value) = value else { continue };
                assert!(known.contains(&value), "{told} is not in JSON: {value}");
                let column = place[&format!("{}{part}", figure.key)];
                let cell = &sheet.rows().nth(figure.row + 1).expect("row")[column];
                assert_eq!(cell, &Data::Float(value), "{told} in the workbook");
            }
            let ways = shown(figure);
            for (format, words) in [("table", &terminal), ("md", &markdown)] {
                assert!(
                    ways.iter().any(|way| words.contains(way)),
                    "{told} in {format}: {ways:?}"
                );
            }
            // A shaded table has the margin below the value, without brackets.
            let bare = |way: &String| {
                page.contains(way) || page.contains(&way.replace(" (", "").replace(')', ""))
            };
            assert!(ways.iter().any(bare), "{told} on the page: {ways:?}");
        }
    }
}
