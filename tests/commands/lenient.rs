//! Logs that break the rules of CSV are read where that is wanted, and every row that was mended can be looked up.

use serde_json::json;

use crate::harness::Desk;

/// What FreePBX wrote before its modules quoted names: sixteen columns, a field in quotes only where it has a comma, and
/// quotes in it as they are.
const OLD_FREEPBX: &str = "\
calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield
2026-07-14 09:03:21,\"John\" <1000>,1000,1001,from-internal,SIP/1000-0001,SIP/1001-0002,Dial,\"SIP/1001,20,tr\",60,50,ANSWERED,3,,1784018601.1,
2026-07-14 09:05:00,\"\"Smith, Ann\" <+4930555001>\",+4930555001,1001,from-pstn,SIP/trunk-0003,SIP/1001-0004,Dial,\"SIP/1001,20\",70,65,ANSWERED,3,,1784018700.2,
2026-07-14 09:07:00,1002,1002,1001,from-internal,SIP/1002-0005,SIP/1001-0006,Dial,SIP/1001,30,20,ANSWERED,3,,1784018820.3,
2026-07-14 09:09:00,\"Max\" <1003>,1003
";

#[test]
fn rows_with_unwritten_quotes_of_an_old_freepbx_are_mended_and_listed() {
    let desk = Desk::new();
    desk.write("cdr.csv", OLD_FREEPBX);
    let log = desk.json("log cdr.csv --problems --format json");
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(4), &json!(3)));
    assert_eq!(log["mended"], json!(2));
    assert_eq!(
        log["problems"],
        json!([
            {"file": null, "line": 2, "problem": "mended"},
            {"file": null, "line": 3, "problem": "mended"},
            {"file": null, "line": 5, "problem": "unreadable"},
        ])
    );
    assert_eq!(
        log["cells"],
        json!([
            {"csr": "1001", "caller_type": "internal", "calls": 2},
            {"csr": "1001", "caller_type": "external", "calls": 1},
        ])
    );
    let ran = desk.run("log cdr.csv --problems");
    let told = "2 rows break the rules of CSV and were mended (lines 2, 3)";
    assert!(ran.err.contains(told), "{}", ran.err);
    let table = ran.good();
    assert!(
        table.contains("Rows that can't be used or were mended"),
        "{table}"
    );
}

#[test]
fn a_plain_log_is_mended_if_that_is_asked_for_and_verify_remembers() {
    let desk = Desk::new();
    let text = desk
        .read("samples/calls.csv")
        .replacen(",external,", ",ext\"ernal,", 1);
    desk.write("calls.csv", format!("{text}total,2000\n"));
    let draw = "draw calls.csv --rubric rubrics/customer-service.toml --seed july-2026";
    desk.run(draw)
        .fails(3, "--lenient mends such rows where there is a way");
    let ran = desk.run(&format!("{draw} --lenient"));
    let told = "one row breaks the rules of CSV and was mended (line 2)";
    assert!(ran.err.contains(told), "{}", ran.err);
    ran.good();
    desk.run("verify calls.csv").good();
    desk.run("verify calls.csv --threads 1").good();
    let log = desk.json("log calls.csv --lenient --format json");
    assert_eq!(log["refused"]["unreadable"], json!(1));
    assert_eq!(log["problems"], json!(null));
}

#[test]
fn a_log_that_keeps_the_rules_is_the_same_with_or_without() {
    let (plain, lenient) = (Desk::new(), Desk::new());
    let draw = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json";
    assert_eq!(plain.json(draw), lenient.json(&format!("{draw} --lenient")));
}

#[test]
fn zeros_letters_of_another_encoding_and_returns_alone_are_mended_too() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        b"call_id,csr,caller_type\r1,A\0da,internal\r2,Zo\xc3\xab \xff,internal\r3,Ben,external,\r",
    );
    desk.run("log calls.csv").fails(3, "NUL bytes");
    let log = desk.json("log calls.csv --lenient --problems --format json");
    assert_eq!(log["eligible"], json!(3));
    let lines: Vec<_> = log["problems"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["line"])
        .collect();
    assert_eq!(lines, [&json!(2), &json!(3), &json!(4)]);
    assert_eq!(log["cells"][0]["csr"], json!("Ada"));
}
