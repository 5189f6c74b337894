//! Workbooks and JSON lines are logs like others, and times are told from themselves.

use std::io::Write;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::harness::Desk;

const DRAW: &str = "--rubric rubrics/customer-service.toml --seed july-2026 --format json";

fn rows(desk: &Desk) -> Vec<csv::StringRecord> {
    let text = desk.read("samples/calls.csv");
    let reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    reader.into_records().map(|row| row.expect("row")).collect()
}

fn ids(draw: &Value) -> Vec<(String, String)> {
    let calls = draw["calls"].as_array().expect("calls").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    calls
        .map(|call| (text(&call["call_id"]), text(&call["draw_number"])))
        .collect()
}

fn field<'a>(draw: &'a Value, id: &str, name: &str) -> &'a Value {
    let mut calls = draw["calls"].as_array().expect("calls").iter();
    &calls.find(|call| call["call_id"] == id).expect("drawn")["fields"][name]
}

/// The example as a workbook: times and numbers are what a spreadsheet makes of them, in the second of two sheets, below a
/// title, from column B on.
fn workbook(rows: &[csv::StringRecord]) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Notes").expect("name");
    let sheet = book.add_worksheet().set_name("July").expect("name");
    sheet.write(0, 1, "Calls of July").expect("written");
    let format = Format::new().set_num_format("dd.mm.yyyy hh:mm:ss");
    for (row, record) in (2..).zip(rows) {
        for (column, cell) in (1..).zip(record) {
            let written = match column {
                4 if row > 2 => {
                    let time = ExcelDateTime::parse_from_str(cell).expect("a time");
                    sheet.write_with_format(row, column, &time, &format)
                }
                5 if row > 2 && !cell.is_empty() => {
                    sheet.write(row, column, cell.parse::<f64>().expect("a number"))
                }
                _ => sheet.write(row, column, cell),
            };
            written.expect("written");
        }
    }
    book.save_to_buffer().expect("saved")
}

#[test]
fn a_workbook_gives_the_draw_of_its_table() {
    let (plain, book) = (Desk::new(), Desk::new());
    book.write("export.xlsx", workbook(&rows(&plain)));
    let ran = book.run(&format!("draw export.xlsx {DRAW}"));
    let told = "`export.xlsx`: the sheet `July` is read, of `Notes`, `July`";
    assert!(ran.err.contains(told), "{}", ran.err);
    let drawn: Value = serde_json::from_str(&ran.good()).expect("JSON");
    let whole = plain.json(&format!("draw samples/calls.csv {DRAW}"));
    assert_eq!(ids(&drawn), ids(&whole));
    assert_eq!(
        drawn["sample"]["frame_digest"],
        whole["sample"]["frame_digest"]
    );
    for (id, _) in ids(&whole) {
        let time = field(&whole, &id, "started_at").as_str().expect("a time");
        assert_eq!(*field(&drawn, &id, "started_at"), time.replace('T', " "));
        let length = "duration_s";
        assert_eq!(field(&drawn, &id, length), field(&whole, &id, length));
    }
    // The header is in the third row.
    for call in drawn["calls"].as_array().expect("calls") {
        let place = rows(&plain)
            .iter()
            .position(|row| call["call_id"] == row[0]);
        assert_eq!(call["line"], json!(place.expect("a row") + 3));
    }
    book.run("verify export.xlsx").good();
}

#[test]
fn a_sheet_that_is_named_is_kept_with_the_sample() {
    let desk = Desk::new();
    let mut book = Workbook::new();
    for (name, csr) in [("June", "Ada"), ("July", "Ben")] {
        let sheet = book.add_worksheet().set_name(name).expect("name");
        for (row, cells) in (0..).zip([["call_id", "csr", "caller_type"], ["1", csr, "internal"]]) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write(row, column, cell).expect("written");
            }
        }
    }
    desk.write("both.xlsx", book.save_to_buffer().expect("saved"));
    let draw = "draw both.xlsx --rubric rubrics/customer-service.toml --seed s --format json";
    assert_eq!(desk.json(draw)["calls"][0]["csr"], "Ada");
    let desk_2 = Desk::new();
    desk_2.write(
        "both.xlsx",
        std::fs::read(desk.path("both.xlsx")).expect("read"),
    );
    assert_eq!(
        desk_2.json(&format!("{draw} --sheet July"))["calls"][0]["csr"],
        "Ben"
    );
    desk_2.run("verify both.xlsx").good();
    desk_2
        .run("log both.xlsx --sheet Juli")
        .fails(3, "did you mean `July`?");
}

#[test]
fn an_open_document_is_a_workbook_and_a_locked_or_broken_one_is_told() {
    let desk = Desk::new();
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: [&str; 3]| {
        format!(
            "<table:table-row>{}</table:table-row>",
            cells.map(cell).concat()
        )
    };
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"Calls\">{}{}</table:table></office:spreadsheet></office:body></office:document-content>",
        row(["call_id", "csr", "caller_type"]),
        row(["1", "Ada", "external"]),
    );
    let ods = |manifest: &str| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, text) in [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", manifest),
            ("content.xml", &content),
        ] {
            archive.start_file(name, options).expect("begun");
            archive.write_all(text.as_bytes()).expect("written");
        }
        archive.finish().expect("written").into_inner()
    };
    desk.write("calls.ods", ods("<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>"));
    let log = desk.json("log calls.ods --format json");
    assert_eq!(
        log["cells"],
        json!([{"csr": "Ada", "caller_type": "external", "calls": 1}])
    );
    desk.write(
        "locked.ods",
        ods("<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
             <manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data/></manifest:file-entry>\
             </manifest:manifest>"),
    );
    desk.run("log locked.ods")
        .fails(3, "this workbook is locked with a password");
    desk.write(
        "old.xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing more",
    );
    desk.run("log old.xls")
        .fails(3, "this workbook can't be read");
    let whole = workbook(&rows(&desk));
    desk.write("half.xlsx", &whole[..whole.len() / 2]);
    desk.run("log half.xlsx").fails(3, "can't be read");
}

#[test]
fn json_lines_give_the_draw_of_their_table() {
    let (plain, lines) = (Desk::new(), Desk::new());
    let rows = rows(&plain);
    let (header, calls) = rows.split_first().expect("header");
    let line = |call: &csv::StringRecord| {
        let fields = header
            .iter()
            .zip(call)
            .map(|(name, cell)| (name.to_owned(), json!(cell)));
        format!("{}\n", Value::Object(fields.collect()))
    };
    let text: String = calls.iter().map(line).collect();
    lines.write("calls.jsonl", &text);
    let whole = plain.json(&format!("draw samples/calls.csv {DRAW}"));
    let drawn = lines.json(&format!("draw calls.jsonl {DRAW}"));
    assert_eq!(ids(&drawn), ids(&whole));
    for call in drawn["calls"].as_array().expect("calls") {
        let place = calls.iter().position(|row| call["call_id"] == row[0]);
        assert_eq!(call["line"], json!(place.expect("a row") + 1));
    }
    lines.type_in("verify -", &text).good();
}

#[test]
fn ids_of_many_digits_are_each_their_own_in_json() {
    let desk = Desk::new();
    let call = |id: &str| {
        format!("{{\"call_id\": {id}, \"csr\": \"Ada\", \"caller_type\": \"external\"}}\n")
    };
    let ids = ["10442217891710871230001", "10442217891710871230002"];
    desk.write("calls.jsonl", ids.map(call).concat());
    let ran = desk.run("log calls.jsonl --format json");
    assert!(!ran.err.contains("spreadsheet"), "{}", ran.err);
    let log: Value = serde_json::from_str(&ran.good()).expect("JSON");
    assert_eq!(
        (&log["eligible"], &log["rounded_ids"]),
        (&json!(2), &json!(0))
    );
    let drawn = desk.json(&format!("draw calls.jsonl {DRAW}"));
    let mut told: Vec<_> = drawn["calls"].as_array().expect("calls").iter().collect();
    told.sort_by_key(|call| call["line"].as_u64());
    let told: Vec<_> = told.into_iter().map(|call| &call["call_id"]).collect();
    assert_eq!(told, ids);
}

#[test]
fn a_list_of_calls_inside_of_an_object_is_told_and_an_empty_one_too() {
    let desk = Desk::new();
    let call = r#"{"call_id": "a", "csr": "Ada", "caller_type": "external"}"#;
    for (text, told) in [
        (format!("{{\"data\": [{call}]}}"), "jq -c '.data[]'"),
        (
            format!("{{\"total\": 2, \"page\": {{\"call-log\": [{call}, {call}]}}}}"),
            "jq -c '.page.\"call-log\"[]'",
        ),
        ("[]".to_owned(), "the list in this file has no object"),
    ] {
        desk.write("calls.json", &text);
        desk.run("log calls.json").fails(3, told);
    }
}

#[test]
fn nested_objects_are_named_by_their_paths_and_broken_ones_are_counted() {
    let desk = Desk::new();
    desk.write(
        "contacts.json",
        "{\"ContactId\": \"a\", \"Agent\": {\"Username\": \"ada\"}, \"Attributes\": {\"from\": \"staff\"}}\n\
         {\"ContactId\": \"b\", \"Agent\": {\"Username\": \"ben\"}, \"Attributes\": {\"from\": \"public\"}}\n\
         {\"ContactId\": \"c\", \"Agent\":\n",
    );
    desk.write(
        "profile.toml",
        "format = 1\n[columns]\ncall_id = \"ContactId\"\ncsr = \"Agent.Username\"\ncaller_type = \"Attributes.from\"\n\
         [caller_type]\ninternal = [\"staff\"]\nexternal = [\"public\"]\n",
    );
    let log = desk.json("log contacts.json --profile profile.toml --format json");
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(3), &json!(2)));
    assert_eq!(log["refused_lines"]["unreadable"], json!([3]));
}

#[test]
fn a_list_of_json_objects_gives_the_draw_of_its_lines_and_must_have_its_end() {
    let (lines, list) = (Desk::new(), Desk::new());
    let calls = rows(&lines);
    let (header, calls) = calls.split_first().expect("header");
    let object = |call: &csv::StringRecord| {
        let fields = header.iter().zip(call);
        let fields = fields.map(|(name, cell)| (name.to_owned(), json!(cell)));
        Value::Object(fields.collect())
    };
    let objects: Vec<Value> = calls.iter().map(object).collect();
    let text: String = objects.iter().map(|one| format!("{one}\n")).collect();
    lines.write("calls.jsonl", text);
    let by_lines = lines.json(&format!("draw calls.jsonl {DRAW}"));
    for text in [
        Value::Array(objects.clone()).to_string(),
        serde_json::to_string_pretty(&objects).expect("written"),
    ] {
        let list = Desk::new();
        list.write("calls.json", text);
        assert_eq!(
            ids(&list.json(&format!("draw calls.json {DRAW}"))),
            ids(&by_lines)
        );
        list.run("verify calls.json").good();
    }
    let half = Value::Array(objects[..100].to_vec()).to_string();
    list.write("calls.json", half.trim_end_matches(']'));
    list.run("log calls.json")
        .fails(3, "breaks off in line 1: its end `]` is missing");
    list.write("calls.json", half.replacen("},{", "} {", 1));
    list.run("log calls.json")
        .fails(3, "what stands in line 1 is not JSON");
}

fn times(desk: &Desk, times: &[&str]) -> String {
    let rows = (1..)
        .zip(times)
        .map(|(id, time)| format!("{id};Ada;internal;{time}\n"));
    desk.write(
        "calls.csv",
        format!(
            "call_id;csr;caller_type;Datum\n{}",
            rows.collect::<String>()
        ),
    );
    desk.write("p.toml", "format = 1\n[columns]\nstarted_at = \"Datum\"\n");
    let ran = desk.run("log calls.csv --profile p.toml");
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.err
}

#[test]
fn a_call_lasts_from_its_start_to_its_end_where_the_profile_says_so() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type,Begin,Finish\n\
         a,Ada,external,2026-07-01 23:59:30,2026-07-02 00:01:00\n\
         b,Ada,external,2026-07-01 10:00:00,2026-07-01 10:00:05\n\
         c,Ada,external,2026-07-01 10:00:00,2026-07-01 09:59:00\n\
         d,Ada,external,2026-07-01 10:00:00,open\n\
         e,Ada,external,2026-07-01 10:00:00,\n",
    );
    let profile = "format = 1\n[columns]\nstarted_at = \"Begin\"\n[duration]\n";
    desk.write("p.toml", format!("{profile}end = \"Finish\"\n"));
    let told = desk.run("log calls.csv --profile p.toml").good();
    assert!(told.contains("1 durations are below zero"), "{told}");
    assert!(told.contains("1 durations can't be read"), "{told}");
    let drawn = |least: f64| {
        let drawn = desk.json(&format!(
            "draw calls.csv --profile p.toml {DRAW} -n 5 --name of-{least} --min-duration {least} --allow-bad-rows"
        ));
        let calls = drawn["calls"].as_array().expect("calls").iter();
        let mut ids: Vec<String> = (calls.filter_map(|call| call["call_id"].as_str()))
            .map(str::to_owned)
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(drawn(5.0), ["a", "b"]);
    assert_eq!(drawn(90.0), ["a"]);
    let long = desk
        .run("log calls.csv --profile p.toml --format json")
        .good();
    assert!(long.contains("Finish"), "{long}");
    desk.write("p.toml", format!("{profile}end = \"Gone\"\n"));
    desk.run("log calls.csv --profile p.toml")
        .fails(3, "no column `Gone`");
    desk.write("p.toml", "format = 1\n[duration]\nend = \"Finish\"\n");
    desk.run("log calls.csv --profile p.toml")
        .fails(3, "no column for `started_at`");
    desk.write(
        "p.toml",
        format!("{profile}end = \"Finish\"\nunit = \"days\"\n"),
    );
    desk.run("log calls.csv --profile p.toml")
        .fails(3, "with `end` there are none");
}

#[test]
fn what_to_do_about_times_is_said_once() {
    let desk = Desk::new();
    let guessed = "Dates such as 03/04/2026 are never guessed";
    let out = |profile: &str| {
        desk.write(
            "p.toml",
            format!("format = 1\n{profile}[columns]\nstarted_at = \"Datum\"\n"),
        );
        desk.run("log calls.csv --profile p.toml").good()
    };
    times(&desk, &["03/04/2026 10:00", "05/06/2026 11:00"]);
    let told = out("");
    assert!(!told.contains("can't be read"), "{told}");
    let mut late = vec!["14/04/2026 10:00"; 1_500];
    late.push("soon");
    times(&desk, &late);
    let told = out("");
    assert!(told.contains("1 time can't be read so."), "{told}");
    assert!(!told.contains(guessed), "{told}");
    let told = out("[time]\nformat = \"%d/%m/%Y %H:%M\"\n");
    assert!(
        told.contains("1 time can't be read as the profile states."),
        "{told}"
    );
    // Nothing else says so.
    let mut late = vec!["2026-04-03 10:00"; 1_500];
    late.push("14/04/2026 10:00");
    times(&desk, &late);
    let told = out("");
    assert!(told.contains(guessed), "{told}");
}

#[test]
fn day_and_month_are_told_apart_by_the_row_that_settles_it() {
    let desk = Desk::new();
    let told = times(
        &desk,
        &["03/04/2026 10:00", "05/04/2026 11:00", "14/04/2026 12:00"],
    );
    assert!(
        told.contains("times are read day first: `14/04/2026 12:00` in line 4 settles it"),
        "{told}"
    );
    let told = times(&desk, &["03/04/2026 10:00", "03/14/2026 11:00"]);
    assert!(
        told.contains("month first: `03/14/2026 11:00` in line 3"),
        "{told}"
    );
    let told = times(&desk, &["03/04/2026 10:00", "05/06/2026 11:00"]);
    assert!(
        told.contains("no time tells whether the day or the month comes first"),
        "{told}"
    );
    let told = times(&desk, &["13/04/2026 10:00", "04/13/2026 11:00"]);
    assert!(told.contains("can't be read: state `format`"), "{told}");
    let mut late = vec!["03/04/2026 10:00"; 1_500];
    late.extend(["13/04/2026 10:00", "04/13/2026 11:00"]);
    let told = times(&desk, &late);
    assert!(told.contains("contradict each other"), "{told}");
    assert!(times(&desk, &["2026-04-03 10:00"]).find("times").is_none());
}

#[test]
fn how_times_are_written_is_kept_with_the_sample() {
    let desk = Desk::new();
    times(
        &desk,
        &["03.04.2026 10:00", "14.04.2026 12:00", "15.05.2026 09:00"],
    );
    let draw = "draw calls.csv --profile p.toml --rubric rubrics/customer-service.toml --seed s --from 2026-04-01 --to 2026-04-30 --format json";
    let drawn = desk.json(draw);
    assert_eq!(drawn["sample"]["eligible"], 2);
    desk.run("verify calls.csv").good();
    let again = desk.json("samples --format json");
    assert_eq!(again["samples"][0]["eligible"], 2);
}

#[test]
fn of_several_records_of_a_contact_the_one_updated_last_counts() {
    let desk = Desk::new();
    let record = |id: &str, csr: &str, updated: &str, number: &str| {
        json!({
            "ContactId": id, "Channel": "VOICE", "InitiationMethod": "INBOUND",
            "InitiationTimestamp": "2026-07-14T09:00:00Z", "LastUpdateTimestamp": updated,
            "Agent": {"Username": csr}, "CustomerEndpoint": {"Address": number},
        })
    };
    let lines = [
        record("a", "ada", "2026-07-14T09:10:00Z", "+4930555001"),
        record("b", "ben", "2026-07-14T09:20:00Z", "1002"),
        record("a", "cy", "2026-07-14T09:30:00Z", "+4930555001"),
        record("a", "cy", "2026-07-14T09:30:00Z", "+4930555001"),
        record("a", "dee", "2026-07-14T09:05:00Z", "+4930555001"),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    desk.write("ctr.json", &text);
    let ran = desk.run("log ctr.json --format json");
    assert!(
        ran.err.contains("read with the profile `amazon-connect`"),
        "{}",
        ran.err
    );
    let log: Value = serde_json::from_str(&ran.good()).expect("JSON");
    assert_eq!(
        log["cells"],
        json!([
            {"csr": "ben", "caller_type": "internal", "calls": 1},
            {"csr": "cy", "caller_type": "external", "calls": 1},
        ])
    );
    assert_eq!(log["refused_lines"]["duplicate_id"], json!([1, 4, 5]));
}

#[test]
fn an_id_may_be_made_of_several_columns() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "day,time,csr,caller_type\n2026-07-01,10:00,Ada,internal\n2026-07-01,10:05,Ada,internal\n,,Ada,internal\n2026-07-01,10:05,Ada,internal\n",
    );
    desk.write(
        "p.toml",
        "format = 1\n[call_id]\ncolumns = [\"day\", \"time\", \"csr\"]\n[time]\ncolumns = [\"day\", \"time\"]\n",
    );
    let draw = desk.json("draw calls.csv --profile p.toml --rubric rubrics/customer-service.toml --seed s --format json");
    let ids: Vec<String> = ids(&draw).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.contains(&"2026-07-01-10:05-Ada".to_owned()), "{ids:?}");
    assert_eq!(
        (
            &draw["refused"]["missing_id"],
            &draw["refused"]["duplicate_id"]
        ),
        (&json!(1), &json!(1))
    );
    desk.run("verify calls.csv").good();
}

#[test]
fn times_of_nowhen_durations_below_zero_and_clocks_without_zone_are_told() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type,started_at,duration_s\r\n1,Ada,internal,1970-01-01 00:00:00,-5\n\
         2,Ada,internal,2026-07-14 09:00,60\r\n3,Ada,internal,2026-07-14 09:05,-1\r4,Ada,internal,1970-01-01 00:00:00,7\n",
    );
    let log = desk.json("log calls.csv --format json");
    assert_eq!(log["eligible"], json!(4));
    assert_eq!(
        (
            &log["starts_before_1980"],
            &log["negative_durations"],
            &log["unread_durations"],
            &log["wall_clock"]
        ),
        (&json!(2), &json!(2), &json!(0), &json!(true))
    );
    let told = desk.run("log calls.csv").good();
    for sentence in [
        "2 calls began before 1980",
        "2 durations are below zero",
        "read as the clock on the centre's wall",
    ] {
        assert!(told.contains(sentence), "{told}");
    }
    desk.write(
        "zone.toml",
        "format = 1\n[time]\nzone = \"Europe/Berlin\"\n",
    );
    let log = desk.json("log calls.csv --profile zone.toml --format json");
    assert_eq!(log["wall_clock"], json!(false));
}
