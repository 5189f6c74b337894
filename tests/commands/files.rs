//! A log in several files, packed, or on standard input is the log that it would be in one.

use std::io::Write;

use serde_json::{Value, json};

use crate::harness::Desk;

const DRAW: &str = "--rubric rubrics/customer-service.toml --seed july-2026 --format json";

fn records(desk: &Desk) -> Vec<csv::StringRecord> {
    let text = desk.read("samples/calls.csv");
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let records = reader.into_records();
    records.map(|row| row.expect("row")).collect()
}

fn text<'a>(rows: impl IntoIterator<Item = &'a csv::StringRecord>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.into_iter()
        .for_each(|row| writer.write_record(row).expect("written"));
    writer.into_inner().expect("text")
}

/// The example in seven files, every seventh row in each, packed in different ways.
fn split(desk: &Desk) {
    let rows = records(desk);
    let (header, calls) = rows.split_first().expect("a header");
    for part in 0..7 {
        let own = calls.iter().skip(part).step_by(7);
        let bytes = text(std::iter::once(header).chain(own));
        let (ending, bytes) = match part {
            0 => ("csv.gz", gzipped(&bytes)),
            1 => ("csv.zst", zstd::encode_all(&bytes[..], 3).expect("packed")),
            2 => ("zip", zipped(&bytes)),
            3 => ("csv", [b"\xef\xbb\xbf", &bytes[..]].concat()),
            _ => ("csv", bytes),
        };
        desk.write(&format!("part-{part}.{ending}"), bytes);
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).expect("packed");
    packed.finish().expect("packed")
}

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("calls.csv", options).expect("begun");
    archive.write_all(bytes).expect("packed");
    archive.finish().expect("packed").into_inner()
}

/// A draw without what tells of files.
fn but_for_lines(mut draw: Value) -> Value {
    for call in draw["calls"].as_array_mut().expect("calls") {
        call["file"] = Value::Null;
        call["line"] = Value::Null;
    }
    draw
}

#[test]
fn seven_files_packed_or_not_give_the_draw_of_one() {
    let (one, seven) = (Desk::new(), Desk::new());
    split(&seven);
    let whole = one.json(&format!("draw samples/calls.csv {DRAW}"));
    assert_eq!(whole["calls"][0]["file"], Value::Null);
    let files =
        "part-4.csv part-0.csv.gz part-6.csv part-1.csv.zst part-2.zip part-3.csv part-5.csv";
    let parts = seven.json(&format!("draw {files} {DRAW}"));
    for call in parts["calls"].as_array().expect("calls") {
        let file = call["file"].as_str().expect("a file");
        if !file.ends_with("csv") {
            continue;
        }
        let line = call["line"].as_u64().expect("a line");
        let text = seven.read(file);
        let line = text.lines().nth(usize::try_from(line).expect("line") - 1);
        let id = call["call_id"].as_str().expect("id");
        assert!(line.is_some_and(|line| line.starts_with(id)), "{file} {id}");
    }
    assert_eq!(but_for_lines(parts), but_for_lines(whole));
    // In another order, by a pattern, and as the one file they were.
    seven.run("verify part-*").good();
    seven.run("verify samples/calls.csv").good();
    one.run(&format!("verify {}/part-*", seven.path("").display()))
        .good();
}

#[test]
fn standard_input_is_a_log() {
    let (file, piped) = (Desk::new(), Desk::new());
    let text = piped.read("samples/calls.csv");
    let drawn = piped.type_in(&format!("draw - {DRAW}"), &text).good();
    let drawn: Value = serde_json::from_str(&drawn).expect("JSON");
    assert_eq!(
        drawn,
        file.json(&format!("draw samples/calls.csv {DRAW}")),
        "the lines are those of the text"
    );
    piped.type_in("verify -", &text).good();
    let shorter: String = text
        .lines()
        .take(900)
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(piped.type_in("verify -", &shorter).code, 1);
    let told = piped.type_in("log -", "").err;
    assert!(told.contains("standard input"), "{told}");
}

#[test]
fn files_may_have_their_columns_in_other_places_and_further_ones() {
    let desk = Desk::new();
    desk.write(
        "a.csv",
        "call_id,csr,caller_type,queue\n1,Ada,internal,Sales\n2,Ben,external,Sales\n",
    );
    desk.write("b.csv", "Agent;caller_type\n");
    desk.write(
        "c.csv",
        "mood,Caller Type,Agent,Call-ID\nglad,internal,Ada,3\n,external,Ben,4\n",
    );
    desk.run("log a.csv b.csv")
        .fails(3, "no column for `call_id`");
    let rubric = "--rubric rubrics/customer-service.toml --seed s -n 10 --format json";
    let draw = desk.json(&format!("draw a.csv c.csv {rubric}"));
    let call = |id: &str| {
        let mut calls = draw["calls"].as_array().expect("calls").iter();
        calls
            .find(|call| call["call_id"] == id)
            .expect("drawn")
            .clone()
    };
    assert_eq!(
        call("3")["fields"],
        json!({"call_id": "3", "csr": "Ada", "caller_type": "internal", "queue": "", "mood": "glad"})
    );
    assert_eq!(call("2")["fields"]["queue"], "Sales");
    assert_eq!(
        (&call("4")["file"], &call("4")["line"]),
        (&json!("c.csv"), &json!(3))
    );
}

#[test]
fn refused_rows_are_told_with_their_files() {
    let desk = Desk::new();
    let head = "call_id,csr,caller_type\n";
    desk.write("a.csv", format!("{head}1,Ada,internal\n,Ada,internal"));
    desk.write(
        "b.csv",
        format!("{head}2,,internal\n\"3\n\",Ada,internal\n,Ada,internal\n"),
    );
    let log = desk.json("log a.csv b.csv --format json");
    assert_eq!(
        log["refused_lines"]["missing_id"],
        json!([{"file": "a.csv", "line": 3}, {"file": "b.csv", "line": 5}])
    );
    assert_eq!(
        log["refused_lines"]["missing_csr"],
        json!([{"file": "b.csv", "line": 2}])
    );
    let table = desk.run("log a.csv b.csv").good();
    assert!(table.contains("a.csv:3, b.csv:5"), "{table}");
    desk.write("c.csv", format!("{head}1,Ben,internal\n"));
    desk.run("draw a.csv b.csv c.csv --rubric rubrics/customer-service.toml --seed s")
        .fails(3, "a.csv:2, c.csv:2");
}

#[test]
fn files_that_can_t_be_one_log_are_refused() {
    let desk = Desk::new();
    desk.run("log samples/calls.csv ./samples/calls.csv")
        .fails(2, "is named twice");
    desk.run("log samples/july-*.csv")
        .fails(5, "no file has a name like this");
    desk.run("log samples/calls.csv samples/cals.csv")
        .fails(5, "did you mean `samples/calls.csv`?");
    desk.write("empty.csv", "");
    desk.run("log samples/calls.csv empty.csv")
        .fails(3, "this file is empty");
    desk.write("no-log.csv", b"\x89PNG\r\n\x1a\n");
    desk.run("log no-log.csv")
        .fails(3, "this is a picture, not a call log");
}

#[test]
fn a_sealed_log_of_two_files_is_the_two_one_behind_the_other() {
    let desk = Desk::new();
    let rows = records(&desk);
    desk.write("a.csv", text(&rows[..1001]));
    desk.write(
        "b.csv",
        text(std::iter::once(&rows[0]).chain(&rows[1001..])),
    );
    desk.run(&format!("draw a.csv b.csv --seal {DRAW}")).good();
    desk.run("verify a.csv b.csv").good();
    let told = desk.run("verify b.csv a.csv");
    assert_eq!(told.code, 1);
    assert!(told.out.contains("its SHA-256 is another"), "{}", told.out);
}

#[test]
fn weeks_of_several_files_are_verified_week_by_week() {
    let desk = Desk::new();
    let rows = records(&desk);
    for (name, rows) in ["a", "b", "c", "d"].iter().zip(rows[1..].chunks(501)) {
        let all = std::iter::once(&records(&desk)[0])
            .chain(rows)
            .cloned()
            .collect::<Vec<_>>();
        desk.write(&format!("{name}.csv"), text(&all));
    }
    desk.run(&format!("draw a.csv b.csv {DRAW}")).good();
    desk.run("draw c.csv d.csv --into july-2026").good();
    desk.run("verify a.csv b.csv c.csv d.csv").good();
    desk.run("verify a.csv b.csv")
        .fails(2, "name them in this order: a.csv, b.csv, c.csv, d.csv");
    let samples = desk.json("samples --format json");
    assert_eq!(
        samples["samples"][0]["logs"],
        json!(["a.csv, b.csv", "c.csv, d.csv"])
    );
}

#[test]
fn titles_above_the_column_names_are_not_calls() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "Call report\n\nfrom,2026-07-01\nto,2026-07-31\ncall_id,csr,caller_type\n1,Ada,internal\n2,,external\n",
    );
    let log = desk.json("log calls.csv --format json");
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(2), &json!(1)));
    assert_eq!(log["refused_lines"]["missing_csr"], json!([7]));
    let told = desk.run("log calls.csv").good();
    assert!(told.contains("The column names are in line 5"), "{told}");
}

#[test]
fn a_log_as_a_spreadsheet_of_another_country_writes_it_is_read_and_that_is_said() {
    let (plain, other) = (Desk::new(), Desk::new());
    let rows = records(&plain);
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    rows.iter()
        .for_each(|row| writer.write_record(row).expect("written"));
    let text = String::from_utf8(writer.into_inner().expect("text")).expect("UTF-8");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    other.write("export.csv", [b"\xff\xfe", &wide[..]].concat());
    let ran = other.run(&format!("draw export.csv {DRAW}"));
    let told = "`export.csv`: fields are separated by `;`, the text is utf-16le";
    assert!(ran.err.contains(told), "{}", ran.err);
    let drawn: Value = serde_json::from_str(&ran.good()).expect("JSON");
    assert_eq!(drawn, plain.json(&format!("draw samples/calls.csv {DRAW}")));
    other.run("verify export.csv").good();
    let (west, _, _) =
        encoding_rs::WINDOWS_1252.encode("call_id\tcsr\tcaller_type\n1\tJürgen Müßig\tinternal\n");
    other.write("west.tsv", &west);
    let log = other.json("log west.tsv --format json");
    assert_eq!(log["cells"][0]["csr"], "Jürgen Müßig");
}
