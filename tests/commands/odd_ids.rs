//! Ids as real exports have them: rounded, made up, repeated. A call is never counted twice or taken for another one without
//! a word.

use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::harness::Desk;

const DRAW: &str = "--rubric rubrics/customer-service.toml --seed s -n 9 --format json";

fn drawn(draw: &Value) -> Vec<&str> {
    let calls = draw["calls"].as_array().expect("calls").iter();
    let mut ids: Vec<&str> = calls
        .map(|call| call["call_id"].as_str().expect("id"))
        .collect();
    ids.sort_unstable();
    ids
}

#[test]
fn ids_that_a_spreadsheet_has_rounded_are_told_by_log_and_draw() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type\n1.0,Ada,internal\n9.95543E+11,Ada,internal\n1044221789171087.0,Ben,external\n\
         9.95543E+11,Ada,internal\n",
    );
    let says = "3 call ids, such as `9.95543E+11` in line 3, have lost digits in a spreadsheet, which keeps 15";
    let ran = desk.run("log calls.csv --format json");
    assert!(ran.err.contains(says), "{}", ran.err);
    let log: Value = serde_json::from_str(&ran.good()).expect("JSON");
    assert_eq!(
        (&log["rounded_ids"], &log["eligible"]),
        (&json!(3), &json!(3))
    );
    let ran = desk.run(&format!("draw calls.csv {DRAW} --threads 1"));
    assert!(ran.err.contains(says), "{}", ran.err);
    assert_eq!(ran.err.matches("lost digits").count(), 1, "{}", ran.err);
    ran.good();
    desk.write(
        "more.csv",
        "call_id,csr,caller_type\n8.1E+11,Ada,internal\n",
    );
    let ran = desk.run("log samples/calls.csv more.csv");
    let says = "one call id, `8.1E+11` in line more.csv:2, has lost digits";
    assert!(ran.err.contains(says), "{}", ran.err);
    let log = desk.json("log samples/calls.csv --format json");
    assert_eq!(log["rounded_ids"], 0);
}

#[test]
fn long_numbers_in_the_id_cells_of_a_workbook_are_told_and_long_texts_are_not() {
    let desk = Desk::new();
    let write = |as_text: bool| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let head = ["csr", "call_id", "caller_type", "phone"];
        for (column, name) in (0..).zip(head) {
            sheet.write(0, column, name).expect("written");
        }
        for (row, id) in [
            (1, 1_044_221_789_171_087_123_i64),
            (2, 7),
            (3, 1_044_221_789_171_087_124),
        ] {
            sheet.write(row, 0, "Ada").expect("written");
            match as_text {
                true => sheet.write(row, 1, id.to_string()),
                #[expect(clippy::cast_precision_loss, reason = "as a spreadsheet does")]
                false => sheet.write(row, 1, id as f64),
            }
            .expect("written");
            sheet.write(row, 2, "internal").expect("written");
            sheet
                .write(row, 3, 4_930_123_456_789_012.0)
                .expect("written");
        }
        desk.write("calls.xlsx", book.save_to_buffer().expect("saved"));
    };
    write(false);
    let ran = desk.run("log calls.xlsx --format json");
    assert!(
        ran.err.contains("2 call ids, such as `10442217891710871"),
        "{}",
        ran.err
    );
    assert!(
        ran.err.contains("in line 2, have lost digits"),
        "{}",
        ran.err
    );
    let log: Value = serde_json::from_str(&ran.good()).expect("JSON");
    assert_eq!(
        (&log["rounded_ids"], &log["eligible"]),
        (&json!(2), &json!(2))
    );
    write(true);
    let log = desk.json("log calls.xlsx --format json");
    assert_eq!(
        (&log["rounded_ids"], &log["eligible"]),
        (&json!(0), &json!(3))
    );
}

#[test]
fn a_log_without_ids_gets_them_from_its_columns_and_lines_which_is_said() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "date,time,csr,caller_type\n2026-07-14,09:00,Ada,internal\n2026-07-14,09:05,Ada,internal\n\
         2026-07-14,09:05,Ada,internal\n,,,\n",
    );
    desk.run("log calls.csv").fails(
        3,
        "`line = true` under [call_id] make ids of several columns and the line",
    );
    desk.write(
        "p.toml",
        "format = 1\n[call_id]\ncolumns = [\"date\", \"time\", \"csr\"]\nline = true\n[time]\ncolumns = [\"date\", \"time\"]\n",
    );
    let ran = desk.run(&format!("draw calls.csv --profile p.toml {DRAW}"));
    let says = "the log has no call ids: they are made of `date`, `time`, `csr` and the line";
    assert!(ran.err.contains(says), "{}", ran.err);
    let draw: Value = serde_json::from_str(&ran.good()).expect("JSON");
    assert_eq!(
        drawn(&draw),
        [
            "2026-07-14-09:00-Ada-2",
            "2026-07-14-09:05-Ada-3",
            "2026-07-14-09:05-Ada-4"
        ]
    );
    assert_eq!(draw["refused"]["missing_id"], 1);
    desk.run("verify calls.csv").good();
    let table = desk.run("log calls.csv --profile p.toml").good();
    assert!(table.contains("date + time + csr + the line"), "{table}");
}

#[test]
fn rows_that_repeat_an_id_are_one_call_or_none() {
    let desk = Desk::new();
    // Each leg repeats it; the last row is there three times; one id has two CSRs.
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type,leg\n1,Ada,internal,a\n1,Ada,internal,b\n1,Ada,internal,c\n2,Ben,external,a\n\
         3,Ada,internal,a\n3,Ben,internal,b\n,Ada,internal,a\n4,Cy,external,a\n4,Cy,external,a\n4,Cy,external,a\n",
    );
    let log = desk.json("log calls.csv --format json");
    assert_eq!(log["eligible"], 3);
    assert_eq!(
        (
            &log["refused"]["duplicate_id"],
            &log["refused"]["conflicting_id"],
            &log["refused"]["missing_id"]
        ),
        (&json!(4), &json!(2), &json!(1))
    );
    desk.run(&format!("draw calls.csv {DRAW}"))
        .fails(3, "more than 1 %");
}

#[test]
fn an_id_may_stand_in_a_column_of_any_name() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "Sr. No.,csr,caller_type\n1.0,Ada,internal\n2.0,Ada,internal\n",
    );
    desk.write("p.toml", "format = 1\n[columns]\ncall_id = \"Sr. No.\"\n");
    let draw = desk.json(&format!("draw calls.csv --profile p.toml {DRAW}"));
    assert_eq!(drawn(&draw), ["1.0", "2.0"]);
}
