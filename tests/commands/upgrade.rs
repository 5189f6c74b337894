//! A store of an older evenhand, kept as it was (`tests/golden/store-v1.*`): 18 calls drawn from a log of 85 rows,
//! with a draft, an unscorable call, an amendment and a call that two analysts scored. The `.json` beside it is what
//! the version that wrote it said of it.

use rusqlite::Connection;
use rusqlite::types::Value as SqlValue;
use serde_json::Value;

use crate::harness::{Desk, project};

fn golden(name: &str) -> std::path::PathBuf {
    project("tests/golden").join(name)
}

fn with_old_store() -> Desk {
    let desk = Desk::new();
    for (from, to) in [
        ("store-v1.db", "evenhand.db"),
        ("store-v1.csv", "store-v1.csv"),
    ] {
        std::fs::copy(golden(from), desk.path(to)).expect(from);
    }
    desk
}

const ROSTER: &str = "csr,team\nAmara Okafor,North\n";

/// What is said in words of what was found: worded better with time, and none of the store's.
const WORDS: [&str; 2] = ["notes", "steps"];

/// Every figure told then is told now; more may be.
#[track_caller]
fn still_told(then: &Value, now: &Value, place: &str) {
    match (then, now) {
        (Value::Object(then), Value::Object(now)) => {
            for (key, value) in then
                .iter()
                .filter(|(key, _)| !WORDS.contains(&key.as_str()))
            {
                let found = now.get(key).unwrap_or(&Value::Null);
                still_told(value, found, &format!("{place}.{key}"));
            }
        }
        (Value::Array(then), Value::Array(now)) => {
            assert_eq!(then.len(), now.len(), "{place}");
            for (at, (then, now)) in then.iter().zip(now).enumerate() {
                still_told(then, now, &format!("{place}[{at}]"));
            }
        }
        _ => assert_eq!(then, now, "{place}"),
    }
}

#[test]
fn reading_leaves_an_older_store_alone_and_says_how_it_is_brought_up_to_date() {
    let desk = with_old_store();
    desk.run("report").fails(4, "older evenhand");
    desk.run("verify store-v1.csv").fails(4, "after a backup");
    assert!(!desk.path("evenhand.db.v1.backup").exists());
}

#[test]
fn an_older_store_tells_the_same_when_it_has_been_brought_up_to_date() {
    let desk = with_old_store();
    let again = desk
        .run("draw store-v1.csv --rubric rubrics/customer-service.toml --seed july-2026")
        .good();
    assert!(again.contains("nothing changed"), "{again}");

    let told: Value =
        serde_json::from_slice(&std::fs::read(golden("store-v1.json")).expect("golden file"))
            .expect("JSON");
    for (name, command) in [
        ("report", "report --format json"),
        (
            "explain",
            "explain C-000572 --sample july-2026 --format json",
        ),
        ("verify", "verify store-v1.csv --format json"),
    ] {
        still_told(&told[name], &desk.json(command), name);
    }
    let calls = desk.json("report calls --format json");
    still_told(&told["calls"], &calls["tables"], "calls");
    let samples = desk.json("samples --format json");
    still_told(&told["samples"], &samples["samples"], "samples");

    // The backup is the store as it was: its version still reads it.
    let backup = std::fs::read(desk.path("evenhand.db.v1.backup")).expect("backup");
    assert_eq!(backup[60..64], 1_u32.to_be_bytes());
    desk.run("report --store evenhand.db.v1.backup")
        .fails(4, "older evenhand");
}

/// The version after it: a total spread over the strata and dealt to two analysts, calls scored by both, one declined,
/// one unscorable, an amendment, a draft, and a second sample that shares calls with the first.
#[test]
fn a_store_with_dealt_calls_tells_the_same_when_it_has_been_brought_up_to_date() {
    let desk = Desk::new();
    for (from, to) in [
        ("store-v2.db", "evenhand.db"),
        ("store-v1.csv", "store-v2.csv"),
    ] {
        std::fs::copy(golden(from), desk.path(to)).expect(from);
    }
    let again = desk
        .run("draw store-v2.csv --rubric rubrics/customer-service.toml --seed july-2026 -n 1 --per csr,caller_type --name small")
        .good();
    assert!(again.contains("nothing changed"), "{again}");
    let told: Value =
        serde_json::from_slice(&std::fs::read(golden("store-v2.json")).expect("golden file"))
            .expect("JSON");
    for (name, command) in [
        ("report", "report --sample dealt --format json"),
        ("small", "report --sample small --format json"),
        ("explain", "explain C-001763 --sample dealt --format json"),
        ("verify", "verify store-v2.csv --sample dealt --format json"),
    ] {
        still_told(&told[name], &desk.json(command), name);
    }
    let calls = desk.json("report calls --sample dealt --format json");
    still_told(&told["calls"], &calls["tables"], "calls");
    let samples = desk.json("samples --format json");
    still_told(&told["samples"], &samples["samples"], "samples");
    // It kept no list of the calls it saw.
    desk.run("draw samples/calls.csv --into small")
        .fails(2, "older evenhand");
}

/// The version after that: a sample drawn from two logs and dealt, calls heard otherwise, declined, reopened, picked and
/// handed over, an amendment, a draft, a roster, and a withdrawn sample that goes on under better words.
pub fn with_third_store() -> Desk {
    with_store_of_two_logs("store-v3.db")
}

fn with_store_of_two_logs(name: &str) -> Desk {
    let desk = Desk::new();
    std::fs::copy(golden(name), desk.path("evenhand.db")).expect("store");
    let log = std::fs::read_to_string(golden("store-v1.csv")).expect("log");
    let (head, rows) = log.split_once('\n').expect("header");
    let first_week = |row: &&str| row.split_once(",2026-07-").expect("day").1[..2] < *"07";
    let (first, second): (Vec<&str>, Vec<&str>) = rows.lines().partition(first_week);
    desk.write("week1.csv", format!("{head}\n{}\n", first.join("\n")));
    desk.write("week2.csv", format!("{head}\n{}\n", second.join("\n")));
    desk
}

/// By a command that writes nothing else: it was done before.
pub fn upgrade(desk: &Desk) {
    let again = desk.run("draw week2.csv --into july").good();
    assert!(again.contains("nothing changed"), "{again}");
}

#[test]
fn a_store_of_two_logs_tells_the_same_when_it_has_been_brought_up_to_date() {
    let desk = with_third_store();
    std::fs::copy(golden("store-v3.db"), desk.path("copy.db")).expect("copy");
    for command in ["store check", "store backup b.db", "store merge copy.db"] {
        desk.run(command).fails(4, "older evenhand (format 3;");
    }
    upgrade(&desk);
    let told: Value =
        serde_json::from_slice(&std::fs::read(golden("store-v3.json")).expect("golden file"))
            .expect("JSON");
    for (name, command) in [
        ("report", "report --sample july --format json"),
        ("team", "report team --sample july --format json"),
        ("explain", "explain C-001280 --sample july --format json"),
        (
            "verify",
            "verify week1.csv week2.csv --sample july --format json",
        ),
    ] {
        still_told(&told[name], &desk.json(command), name);
    }
    let calls = desk.json("report calls --sample july --format json");
    still_told(&told["calls"], &calls["tables"], "calls");
    let samples = desk.json("samples --format json");
    still_told(&told["samples"], &samples["samples"], "samples");
    let acts = desk.json("samples log july --format json");
    still_told(&told["acts"], &acts["acts"], "acts");

    desk.run("store check").good();
    let backup = std::fs::read(desk.path("evenhand.db.v3.backup")).expect("backup");
    assert_eq!(backup[60..64], 3_u32.to_be_bytes());
    desk.write("roster.csv", ROSTER);
    // A copy that was given away before joins when it has been brought up to date, too.
    let merge = "store merge copy.db";
    desk.run(merge).fails(4, "older evenhand (format 3;");
    desk.run("roster import roster.csv --store copy.db").good();
    let merged = desk.run(merge).good();
    assert!(merged.contains("nothing to take"), "{merged}");
}

/// Version 4 in the same tables, with a third sample drawn by it: the last one in which all samples are of calls.
#[test]
fn a_store_of_calls_alone_tells_the_same_when_it_has_been_brought_up_to_date() {
    let desk = with_store_of_two_logs("store-v4.db");
    desk.run("report").fails(4, "older evenhand (format 4;");
    upgrade(&desk);
    let told: Value =
        serde_json::from_slice(&std::fs::read(golden("store-v4.json")).expect("golden file"))
            .expect("JSON");
    for (name, command) in [
        ("report", "report --sample july --format json"),
        ("team", "report team --sample july --format json"),
        ("explain", "explain C-001280 --sample july --format json"),
        (
            "verify",
            "verify week1.csv week2.csv --sample july --format json",
        ),
        ("fourth", "report --sample fourth --format json"),
        (
            "fourth_verify",
            "verify week1.csv --sample fourth --format json",
        ),
    ] {
        still_told(&told[name], &desk.json(command), name);
    }
    let calls = desk.json("report calls --sample july --format json");
    still_told(&told["calls"], &calls["tables"], "calls");
    let samples = desk.json("samples --format json");
    still_told(&told["samples"], &samples["samples"], "samples");
    let acts = desk.json("samples log july --format json");
    still_told(&told["acts"], &acts["acts"], "acts");
    // Of calls and of journeys, side by side.
    desk.run("draw week1.csv --rubric rubrics/customer-service.toml --unit interaction -n 2 --seed july-2026 --name whole")
        .good();
    desk.run("store check").good();
}

/// Type, name, table and text of all there is in a store.
fn schema(store: &Connection) -> Vec<(String, String, String, Option<String>)> {
    let mut statement = store
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")
        .expect("prepares");
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    });
    let rows = rows.expect("runs").map(|row| row.expect("a row"));
    rows.collect()
}

#[test]
fn stores_of_every_age_have_the_same_tables_in_the_end() {
    let fresh = Desk::drawn();
    let fresh = schema(&Connection::open(fresh.path("evenhand.db")).expect("store"));
    for name in ["store-v1.db", "store-v2.db", "store-v3.db", "store-v4.db"] {
        let desk = Desk::new();
        std::fs::copy(golden(name), desk.path("evenhand.db")).expect("store");
        desk.write("roster.csv", ROSTER);
        desk.run("roster import roster.csv").good();
        let store = Connection::open(desk.path("evenhand.db")).expect("store");
        assert_eq!(schema(&store), fresh, "{name}");
        let said = |sql| lines(&store, sql);
        assert_eq!(said("PRAGMA integrity_check"), ["[Text(\"ok\")]"]);
        assert_eq!(said("PRAGMA foreign_key_check"), [""; 0]);
    }
}

/// Every row that a query gives.
fn lines(store: &Connection, sql: &str) -> Vec<String> {
    let mut statement = store.prepare(sql).expect("prepares");
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        let values: Result<Vec<SqlValue>, _> = (0..columns).map(|at| row.get(at)).collect();
        Ok(format!("{:?}", values?))
    });
    let rows = rows.expect("runs").map(|row| row.expect("a row"));
    rows.collect()
}

#[test]
fn the_newest_version_leaves_every_row_as_it_was() {
    let desk = with_third_store();
    std::fs::copy(golden("store-v3.db"), desk.path("before.db")).expect("copy");
    upgrade(&desk);
    let open = |name| Connection::open(desk.path(name)).expect("store");
    let (before, after) = (open("before.db"), open("evenhand.db"));
    let tables = schema(&before).into_iter().filter(|one| one.0 == "table");
    let mut rows = 0;
    for (_, table, _, _) in tables {
        let all = format!("SELECT * FROM {table}");
        let kept = lines(&before, &all);
        assert_eq!(lines(&after, &all), kept, "{table}");
        rows += kept.len();
    }
    assert!(rows > 500, "{rows}");
}

#[test]
fn scoring_and_recording_go_on_in_an_older_store() {
    let desk = with_old_store();
    let first = desk
        .type_in("score --plain --analyst qa2 --sample july-2026", "q\n")
        .good();
    assert!(first.contains("Going on where you stopped"), "{first}");
    assert!(desk.path("evenhand.db.v1.backup").exists());

    let desk = with_old_store();
    let answers = desk.read("samples/answers.csv");
    let mut lines = answers.lines();
    let head = lines.next().expect("header");
    let row = lines
        .find(|line| line.starts_with("C-000572,"))
        .expect("row");
    desk.write("answers.csv", format!("{head}\n{row}\n"));
    desk.run("record answers.csv").fails(3, "--amend");
    desk.run("record answers.csv --amend first").good();
    desk.run("verify store-v1.csv").good();
}
