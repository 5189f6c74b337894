//! Columns that hold one of a few words take no other, in a store brought up to date too (`tests/golden/store-v3.db`).

use rusqlite::Connection;

use crate::upgrade::{upgrade, with_third_store};

/// What SQLite says of a row like one that is there, but with this word.
fn insert(store: &Connection, table: &str, column: &str, word: Option<&str>) -> String {
    let columns = store
        .prepare(&format!("SELECT * FROM {table}"))
        .expect("table");
    let columns: Vec<String> = columns
        .column_names()
        .map(|name| if name == column { "?1" } else { name })
        .map(str::to_owned)
        .collect();
    let sql = format!(
        "INSERT INTO {table} SELECT {} FROM {table} LIMIT 1",
        columns.join(", ")
    );
    match store.execute(&sql, [word]) {
        Ok(_) => "taken".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn holds_only(table: &str, column: &str, words: &[&str]) {
    let desk = with_third_store();
    upgrade(&desk);
    let store = Connection::open(desk.path("evenhand.db")).expect("store");
    let refused = format!("CHECK constraint failed: {column} = '{}' OR ", words[0]);
    for wrong in [
        "",
        "else",
        &words[0].to_uppercase(),
        &format!("{} ", words[0]),
    ] {
        let said = insert(&store, table, column, Some(wrong));
        assert!(said.contains(&refused), "`{wrong}`: {said}");
    }
    for word in words {
        let said = insert(&store, table, column, Some(word));
        assert!(!said.contains(&refused), "`{word}`: {said}");
    }
    let said = insert(&store, table, column, None);
    assert!(!said.contains("CHECK"), "no word: {said}");
}

const CALLER_TYPES: &[&str] = &["internal", "external", "unknown"];

#[test]
fn a_stratum_has_a_caller_type_or_none() {
    holds_only("stratum", "caller_type", CALLER_TYPES);
}

#[test]
fn a_cell_has_a_caller_type() {
    holds_only("cell", "caller_type", CALLER_TYPES);
}

#[test]
fn a_call_has_a_role() {
    holds_only("drawn_call", "role", &["drawn", "reserve", "picked"]);
}

#[test]
fn a_call_has_a_state() {
    holds_only("drawn_call", "state", &["open", "complete", "unscorable"]);
}

#[test]
fn a_call_has_a_caller_type() {
    holds_only("drawn_call", "caller_type", CALLER_TYPES);
}

#[test]
fn an_evaluation_has_a_caller_type() {
    holds_only("evaluation", "caller_type", CALLER_TYPES);
}

#[test]
fn an_evaluation_heard_a_caller_type_or_none() {
    holds_only("evaluation", "caller_type_heard", CALLER_TYPES);
}

#[test]
fn an_evaluation_has_an_outcome_or_none() {
    holds_only("evaluation", "outcome", &["pass", "below", "fail"]);
}

#[test]
fn a_total_is_spread_in_a_known_way() {
    holds_only("spread", "how", &["proportional", "equal", "neyman"]);
}

const WORK: &[&str] = &["open", "complete", "unscorable", "declined"];

#[test]
fn an_assignment_has_a_state() {
    holds_only("assignment", "state", WORK);
}

#[test]
fn the_progress_of_a_sample_has_a_state() {
    holds_only("sample_progress", "state", &WORK[..3]);
}

#[test]
fn the_progress_of_an_analyst_has_a_state() {
    holds_only("analyst_progress", "state", WORK);
}
