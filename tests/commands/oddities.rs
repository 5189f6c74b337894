//! What real exports have in them that has cost somebody a wrong report: none of it is counted as a call, and none of it is
//! lost without a word.

use serde_json::{Value, json};

use crate::harness::Desk;

pub(crate) fn log(text: &str) -> Value {
    let desk = Desk::new();
    desk.write("calls.csv", text);
    desk.json("log calls.csv --problems --format json")
}

pub(crate) fn refused(log: &Value) -> Vec<(String, u64)> {
    let counts = log["refused"].as_object().expect("counts").iter();
    counts
        .map(|(reason, count)| (reason.clone(), count.as_u64().expect("a count")))
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[test]
fn column_names_totals_and_empty_rows_amid_calls_are_no_calls() {
    let log = log(
        "call_id,csr,caller_type,duration\n1,Ada,internal,10\ncall_id,csr,caller_type,duration\n\
         2,Ben,external,20\n,,,\n,,,\nTotal,30\n",
    );
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(6), &json!(2)));
    assert_eq!(
        refused(&log),
        [
            ("missing_id".to_owned(), 2),
            ("unreadable".to_owned(), 1),
            ("unknown_caller_type".to_owned(), 1),
        ]
    );
    let lines: Vec<u64> = (log["problems"].as_array().expect("rows").iter())
        .map(|row| row["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(lines, [3, 5, 6, 7]);
}

#[test]
fn ids_are_text_however_long_and_zero_is_one() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type\n0,Ada,internal\n1044221789171087123,Ada,internal\n1044221789171087124,Ada,internal\n\
         1.0,Ada,internal\n1,Ada,internal\n_0491701,Ada,internal\n",
    );
    let draw = desk
        .json("draw calls.csv --rubric rubrics/customer-service.toml --seed s -n 9 --format json");
    let mut ids: Vec<&str> = (draw["calls"].as_array().expect("calls").iter())
        .map(|call| call["call_id"].as_str().expect("id"))
        .collect();
    ids.sort_unstable();
    assert_eq!(
        ids,
        [
            "0",
            "1",
            "1.0",
            "1044221789171087123",
            "1044221789171087124",
            "_0491701"
        ]
    );
}

#[test]
fn a_line_that_names_the_delimiter_and_an_empty_last_column_are_read_over() {
    let log = log(
        "sep=;\r\ncall_id;csr;caller_type;\r\n1;Last, First (831);internal;\r\n2;Ben;external;\r\n",
    );
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(2), &json!(2)));
    assert_eq!(log["cells"][1]["csr"], json!("Last, First (831)"));
}

#[test]
fn what_stands_for_nobody_is_nobody_once_the_profile_says_so() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,internal\n1,NULL,True\n2,DESCONHECIDO,False\n3,Ada,\n4,Ada,False\n",
    );
    desk.write(
        "p.toml",
        "format = 1\n[columns]\ncaller_type = \"internal\"\n[caller_type]\ninternal = [\"true\"]\nexternal = [\"false\"]\n\
         [csr.alias]\n\"NULL\" = \"\"\n\"DESCONHECIDO\" = \"\"\n",
    );
    let log = desk.json("log calls.csv --profile p.toml --format json");
    assert_eq!(log["eligible"], json!(1));
    assert_eq!(
        refused(&log),
        [
            ("missing_csr".to_owned(), 2),
            ("unknown_caller_type".to_owned(), 1)
        ]
    );
}

#[test]
fn headers_in_other_scripts_and_transcripts_over_many_lines_are_read() {
    let desk = Desk::new();
    let transcript = "Guten Tag,\nwas kann ich \"\"für Sie\"\" tun?\n".repeat(20);
    desk.write(
        "calls.csv",
        format!("№,Оператор,Тип,Текст\n1,Иванов,внутренний,\"{transcript}\"\n2,Петрова,внешний,\"{transcript}\"\n"),
    );
    desk.write(
        "p.toml",
        "format = 1\n[columns]\ncall_id = \"№\"\ncsr = \"оператор\"\ncaller_type = \"Тип\"\ntranscript = \"Текст\"\n\
         [caller_type]\ninternal = [\"внутренний\"]\nexternal = [\"внешний\"]\n",
    );
    let log = desk.json("log calls.csv --profile p.toml --format json");
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(2), &json!(2)));
}

#[test]
fn one_month_in_two_layouts_is_one_log() {
    let desk = Desk::new();
    desk.write(
        "old.csv",
        "call_id,csr,caller_type,queue\n1,Ada,internal,Sales\n",
    );
    desk.write(
        "new.csv",
        "queue,transferred,Call ID,Agent,Caller Type\nSales,YES,2,Ada,external\n",
    );
    let log = desk.json("log old.csv new.csv --format json");
    assert_eq!(log["eligible"], json!(2));
    assert_eq!(log["other_columns"], json!(["transferred"]));
    let sales = desk.json(
        "draw old.csv new.csv --where queue=Sales --rubric rubrics/customer-service.toml --seed s --format json",
    );
    assert_eq!(sales["sample"]["eligible"], json!(2));
}

#[test]
fn records_one_behind_the_other_on_one_line_are_told_apart() {
    let desk = Desk::new();
    let record = |id: &str, csr: &str, updated: &str| {
        json!({
            "ContactId": id, "Channel": "VOICE", "InitiationMethod": "INBOUND",
            "InitiationTimestamp": "2026-07-14T09:00:00Z", "LastUpdateTimestamp": updated,
            "Agent": {"Username": csr}, "CustomerEndpoint": {"Address": "1002"},
        })
        .to_string()
    };
    let text = [
        record("a", "ada", "2026-07-14T09:10:00Z"),
        record("b", "ben", "2026-07-14T09:10:00Z"),
        record("a", "cy", "2026-07-14T09:30:00Z"),
    ];
    desk.write("stream", text.concat());
    let log = desk.json("log stream --format json");
    assert_eq!(log["eligible"], json!(2));
    assert_eq!(refused(&log), [("duplicate_id".to_owned(), 1)]);
}

#[test]
fn mending_keeps_the_letters_of_an_encoding_that_shows_late() {
    let desk = Desk::new();
    let mut text = format!(
        "call_id,csr,caller_type\n{}",
        "1,Ann,internal\n".repeat(40_000)
    )
    .into_bytes();
    text.extend(b"2,M\xfcller,internal\n3,M\xf6ller,internal\n4,5\" pipe,internal\ntotal,3\n");
    desk.write("calls.csv", &text);
    let log = desk.json("log calls.csv --lenient --format json");
    let csrs: Vec<&str> = (log["cells"].as_array().expect("cells").iter())
        .map(|cell| cell["csr"].as_str().expect("a name"))
        .collect();
    assert_eq!(csrs, ["5\" pipe", "Ann", "Möller", "Müller"]);
    assert_eq!(
        (&log["mended"], &log["refused"]["unreadable"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn a_first_call_that_is_longer_than_anything_is_a_call() {
    let long = "word ".repeat(100_000);
    let log = log(&format!(
        "call_id,csr,caller_type,transcript\n1,Ada,internal,\"{long}\"\n2,Ben,external,\n"
    ));
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(2), &json!(2)));
}

#[test]
fn caller_types_by_their_words_by_short_numbers_and_by_context() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,Call_Direction,From,To,dcontext\n1,Ada,Int,101,1002,from-internal\n\
         2,Ada,Inc,+4930555001,1002,from-pstn\n3,Ada,Out,1002,030555001,from-internal\n4,Ada,,,,\n",
    );
    let types = |profile: &str| {
        desk.write("p.toml", format!("format = 1\n{profile}"));
        let log = desk.json("log calls.csv --profile p.toml --format json");
        let cells = log["cells"].as_array().expect("cells").iter();
        let counts = cells.map(|cell| {
            format!(
                "{} {}",
                cell["caller_type"].as_str().expect("a type"),
                cell["calls"]
            )
        });
        let unknown = &log["refused"]["unknown_caller_type"];
        format!(
            "{}, unknown {unknown}",
            counts.collect::<Vec<_>>().join(", ")
        )
    };
    let words = "[columns]\ncaller_type = \"Call_Direction\"\n[caller_type]\ninternal = [\"Int\"]\nexternal = [\"Inc\", \"Out\"]\n";
    assert_eq!(types(words), "internal 1, external 2, unknown 1");
    let numbers = "[[caller_type.rule]]\ncolumn = \"From\"\nmatches = '^[0-9]{2,5}$'\nand = { column = \"To\", matches = '^[0-9]{2,5}$' }\n\
         gives = \"internal\"\n[[caller_type.rule]]\ncolumn = \"From\"\nempty = false\ngives = \"external\"\n";
    assert_eq!(types(numbers), "internal 1, external 2, unknown 1");
    let context = "[[caller_type.rule]]\ncolumn = \"dcontext\"\nis = \"from-pstn\"\ngives = \"external\"\n\
         [[caller_type.rule]]\ncolumn = \"dcontext\"\nis = \"from-internal\"\ngives = \"internal\"\n";
    assert_eq!(types(context), "internal 2, external 1, unknown 1");
}

#[test]
fn three_spellings_of_a_csr_and_channels_are_one_name_once_the_profile_says_so() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type\n1,SIP/301-0000a1,internal\n2,SIP/301-0000b7,external\n3,\"Byron, Ada\",internal\n\
         4,A. Byron; Ben,internal\n5,,internal\n",
    );
    desk.write(
        "p.toml",
        "format = 1\n[csr]\nsplit = \";\"\ntake = \"first\"\npattern = '^(?:SIP/)?(.*?)(?:-[0-9a-f]{6})?$'\n\
         [csr.alias]\n\"301\" = \"Ada Byron\"\n\"Byron, Ada\" = \"Ada Byron\"\n\"A. Byron\" = \"Ada Byron\"\n",
    );
    let told = desk.json("log calls.csv --profile p.toml --format json");
    assert_eq!(
        told["cells"],
        json!([
            {"csr": "Ada Byron", "caller_type": "internal", "calls": 3},
            {"csr": "Ada Byron", "caller_type": "external", "calls": 1},
        ])
    );
    assert_eq!(refused(&told), [("missing_csr".to_owned(), 1)]);
}

#[test]
fn rows_of_other_kinds_are_left_out_once_the_profile_says_what_a_call_is() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type,medium\n1,Ada,internal,Voice\n2,Ada,internal,email\n3,Ada,external,chat\n4,Ada,external,SMS\n",
    );
    desk.write("p.toml", "format = 1\n[only]\nmedium = [\"voice\"]\n");
    let told = desk.json("log calls.csv --profile p.toml --format json");
    assert_eq!(
        (&told["eligible"], &told["not_eligible"]),
        (&json!(1), &json!(3))
    );
}
