//! CSV as real exports write it: cut as it is meant, or refused with its place and mended where that is wanted.

use serde_json::{Value, json};

use crate::harness::Desk;
use crate::oddities::{log, refused};

#[test]
fn files_of_one_folder_that_a_spreadsheet_has_and_has_not_saved_are_one_log() {
    let desk = Desk::new();
    desk.write(
        "a.csv",
        "\u{feff}call_id;csr;caller_type\r\n1;Ada;internal\r\n",
    );
    desk.write(
        "b.csv",
        "call_id,csr,caller_type\r2,Ben,external\r3,Cy,internal",
    );
    let wide = "call_id\tcsr\tcaller_type\n4\tZoë\tinternal\n".encode_utf16();
    let wide: Vec<u8> = wide.flat_map(u16::to_le_bytes).collect();
    desk.write("c.csv", wide);
    let ran = desk.run("log a.csv b.csv c.csv --format json");
    for told in [
        "`a.csv`: fields are separated by `;`",
        "`c.csv`: fields are separated by tabs, the text is utf-16le",
    ] {
        assert!(ran.err.contains(told), "{}", ran.err);
    }
    let log: Value = serde_json::from_str(&ran.good()).expect("JSON");
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(4), &json!(4)));
    assert_eq!(log["cells"][3]["csr"], "Zoë");
}

#[test]
fn notes_above_tables_below_and_thousands_of_empty_rows_are_no_calls() {
    let notes: String = (1..=20)
        .map(|at| format!("Note {at}: of, the export\n"))
        .collect();
    let calls: String = (1..=500).map(|id| format!("{id},Ada,internal\n")).collect();
    let empty = ",,\n".repeat(5_000);
    let text = format!("{notes}call_id,csr,caller_type\n{calls}{empty}");
    let told = log(&text);
    assert_eq!(
        (&told["rows"], &told["eligible"]),
        (&json!(5_500), &json!(500))
    );
    assert_eq!(refused(&told), [("missing_id".to_owned(), 5_000)]);
    let desk = Desk::new();
    desk.write("calls.csv", &text);
    let draw = "draw calls.csv --rubric rubrics/customer-service.toml --seed s";
    desk.run(draw).good();
    let shown = desk.run("log calls.csv").good();
    assert!(shown.contains("The column names are in line 21"), "{shown}");
    // Tables with columns of their own: too much that can't be read for a draw.
    let desk = Desk::new();
    let tables = format!(
        "{calls}\nqueue,calls,share,wait\nSales,500,1,2\n\nday,calls\n2026-07-14,3\nall,503\nnone,0\n"
    );
    desk.write("calls.csv", format!("call_id,csr,caller_type\n{tables}"));
    let told = desk.json("log calls.csv --format json");
    assert_eq!(
        told["refused_lines"]["unreadable"],
        json!([503, 504, 506, 507, 508, 509])
    );
    desk.run(draw).fails(3, "more than 1 %");
}

#[test]
fn blanks_around_cells_are_no_part_of_names() {
    let told = log(
        "call_id , csr,  caller_type , started_at, duration\n 1, Ada ,  internal ,  2026-07-14 09:00 , 10 \n\
         2,Ada,internal,2026-07-15 09:00,20\n",
    );
    assert_eq!(
        told["cells"],
        json!([{"csr": "Ada", "caller_type": "internal", "calls": 2}])
    );
    assert_eq!(
        told["period"],
        json!({"from": "2026-07-14", "to": "2026-07-15"})
    );
    assert_eq!(
        (&told["unread_times"], &told["unread_durations"]),
        (&json!(0), &json!(0))
    );
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id, csr, caller_type\n1, Ada, internal\n2, \"Last, First\", external\n",
    );
    desk.run("log calls.csv")
        .fails(3, "a quote inside a field that does not begin with one");
    let told = desk.json("log calls.csv --lenient --format json");
    assert_eq!(told["cells"][1]["csr"], "Last, First");
    assert_eq!(told["mended"], 1);
}

#[test]
fn quotes_that_are_right_are_read_and_those_that_are_not_are_mended_where_that_is_wanted() {
    let told = log(
        "clid,call_id,csr,caller_type\n\"\"\"A \"\"B\"\" C\"\" <1>\",1,\"\"\"Ada\"\"\",internal\n",
    );
    assert_eq!(told["cells"][0]["csr"], "\"Ada\"");
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "clid,call_id,csr,caller_type\n\"\"Name\" <1115>\",1,Ada,internal\n\"\"\"Ben\"\" <7>\",2,Ben,external\n",
    );
    desk.run("log calls.csv").fails(3, "calls.csv:2:3");
    let told = desk.json("log calls.csv --lenient --problems --format json");
    assert_eq!((&told["eligible"], &told["mended"]), (&json!(2), &json!(1)));
    assert_eq!(
        told["problems"],
        json!([{"file": null, "line": 2, "problem": "mended"}])
    );
}

#[test]
fn a_delimiter_too_many_in_the_rows_alone_is_mended_where_that_is_wanted() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type\n1,Ada,internal,\n2,Ben,external,\n",
    );
    let strict = desk.json("log calls.csv --format json");
    assert_eq!(strict["refused"]["unreadable"], 2);
    let lenient = desk.json("log calls.csv --lenient --format json");
    assert_eq!(
        (&lenient["eligible"], &lenient["mended"]),
        (&json!(2), &json!(2))
    );
}

#[test]
fn bytes_of_another_encoding_are_letters_or_somebody_is_asked() {
    let desk = Desk::new();
    let head = "call_id,csr,caller_type,firm\n";
    desk.write(
        "calls.csv",
        [
            head.as_bytes(),
            b"1,Ada,internal,Acme \xa5 Ltd\n2,Ben,external,Plain\n",
        ]
        .concat(),
    );
    let ran = desk.run("log calls.csv --format json");
    assert!(
        ran.err.contains("`calls.csv`: the text is windows-125"),
        "{}",
        ran.err
    );
    ran.good();
    // Among letters of UTF-8 it is a fault.
    let text = [
        head.as_bytes(),
        "1,Zoë,internal,Müller\n".as_bytes(),
        b"2,Ben,external,\xa5\n",
    ];
    desk.write("calls.csv", text.concat());
    desk.run("log calls.csv").fails(3, "calls.csv:3:16");
    let told = desk.json("log calls.csv --lenient --format json");
    assert_eq!((&told["eligible"], &told["mended"]), (&json!(2), &json!(1)));
}

#[test]
fn how_a_log_is_written_is_said_of_a_mended_one_too() {
    let desk = Desk::new();
    let (text, ..) = encoding_rs::WINDOWS_1252
        .encode("call_id;csr;caller_type\n1;5\" pipe;internal\n2;Müller;external\n");
    desk.write("calls.csv", &text);
    let ran = desk.run("log calls.csv --lenient");
    let says = "`calls.csv`: fields are separated by `;`, the text is windows-1252";
    assert!(ran.err.contains(says), "{}", ran.err);
    let mut late = format!(
        "call_id,csr,caller_type\n{}",
        "1,Ann,internal\n".repeat(40_000)
    )
    .into_bytes();
    late.extend(b"2,M\xfcller,internal\n3,M\xf6ller,internal\n4,5\" pipe,internal\n");
    desk.write("calls.csv", late);
    let ran = desk.run("log calls.csv --lenient");
    assert!(
        ran.err.contains("`calls.csv`: the text is windows-1252"),
        "{}",
        ran.err
    );
}
