//! Logs of telephone systems through `log`: what counts, what is left out, who the CSRs are.

use serde_json::Value;

use crate::harness::{Desk, project};

/// What `log` says of a log under its profile, in a few lines.
fn told(name: &str) -> String {
    let desk = Desk::new();
    let text = std::fs::read(project(&format!("tests/logs/{name}.csv"))).expect(name);
    desk.write("log.csv", text);
    let log = desk.json(&format!("log log.csv --profile {name} --format json"));
    let list = |key: &str| log[key].as_array().expect(key).clone();
    let mut told = format!(
        "{} rows, {} calls, {} no calls",
        log["rows"], log["eligible"], log["not_eligible"]
    );
    for (reason, rows) in log["refused"].as_object().expect("reasons") {
        if *rows != 0 {
            told += &format!(", {rows} {reason}");
        }
    }
    let rules: Vec<String> = list("caller_type_rules")
        .iter()
        .map(|rule| rule["rows"].to_string())
        .collect();
    told += &format!("\nrules {}\n", rules.join(" "));
    let text = |cell: &Value, key: &str| cell[key].as_str().expect("a text").to_owned();
    for cell in list("cells") {
        let (csr, caller_type) = (text(&cell, "csr"), text(&cell, "caller_type"));
        told += &format!("{csr}, {caller_type}: {}\n", cell["calls"]);
    }
    assert_eq!(
        (&log["unread_times"], &log["incomplete"]),
        (&Value::from(0), &Value::Null)
    );
    let draw = desk.json(&format!(
        "draw log.csv --profile {name} --rubric rubrics/customer-service.toml --seed s --format json"
    ));
    assert_eq!(draw["sample"]["eligible"], log["eligible"]);
    desk.run("verify log.csv").good();
    told
}

#[test]
fn names_come_without_their_extensions_from_3cx() {
    assert_eq!(
        told("3cx"),
        "\
11 rows, 8 calls, 2 no calls, 1 missing_csr
rules 3 5
Ada Byron, internal: 1
Ada Byron, external: 1
Grace Hopper, internal: 1
Grace Hopper, external: 2
Hoehne, Info, internal: 1
Hoehne, Info, external: 2
"
    );
}

#[test]
fn rings_of_asterisk_that_nobody_answered_do_not_contradict_the_call() {
    assert_eq!(
        told("asterisk"),
        "\
16 rows, 9 calls, 3 no calls, 3 missing_csr, 1 unknown_caller_type
rules 4 4 1
1001, internal: 1
1001, external: 1
1002, internal: 1
1002, external: 2
1003, internal: 2
1003, external: 2
"
    );
}

#[test]
fn asterisk_in_another_order_gives_the_same() {
    assert_eq!(
        told("asterisk-custom"),
        "\
16 rows, 9 calls, 3 no calls, 3 missing_csr, 1 unknown_caller_type
rules 4 4 1
1001, internal: 1
1001, external: 1
1002, internal: 1
1002, external: 2
1003, internal: 2
1003, external: 2
"
    );
}

#[test]
fn bright_pattern_says_who_is_internal() {
    assert_eq!(
        told("bright-pattern"),
        "\
10 rows, 7 calls, 0 no calls, 2 missing_csr, 1 unknown_caller_type
rules 3 3 1
abyron, internal: 1
abyron, external: 2
ghopper, internal: 1
ghopper, external: 1
mjackson, internal: 1
mjackson, external: 1
"
    );
}

#[test]
fn the_line_of_types_of_cucm_is_no_call() {
    assert_eq!(
        told("cucm"),
        "\
10 rows, 8 calls, 0 no calls, 1 missing_csr, 1 unknown_caller_type
rules 4 4
1003, internal: 1
1003, external: 1
6000, external: 1
abyron, internal: 2
abyron, external: 1
ghopper, internal: 1
ghopper, external: 1
"
    );
}

#[test]
fn freepbx_tells_by_what_came_from_outside() {
    assert_eq!(
        told("freepbx"),
        "\
16 rows, 10 calls, 3 no calls, 3 missing_csr
rules 5 0 4 1
1001, internal: 1
1001, external: 2
1002, internal: 1
1002, external: 2
1003, internal: 2
1003, external: 2
"
    );
}

#[test]
fn freeswitch_tells_by_context_and_number() {
    assert_eq!(
        told("freeswitch"),
        "\
13 rows, 8 calls, 3 no calls, 1 missing_csr, 1 unknown_caller_type
rules 3 4 1
1001, internal: 1
1001, external: 1
1002, internal: 1
1002, external: 2
1003, internal: 2
1003, external: 1
"
    );
}

#[test]
fn calls_of_genesys_with_several_users_have_no_csr() {
    assert_eq!(
        told("genesys-cloud"),
        "\
11 rows, 8 calls, 1 no calls, 2 missing_csr
rules 2 4 1 1
Ada Byron, internal: 1
Ada Byron, external: 2
Grace Hopper, internal: 1
Grace Hopper, external: 2
Mary Jackson, internal: 1
Mary Jackson, external: 1
"
    );
}

#[test]
fn of_a_call_between_extensions_ringcentral_has_one_that_counts() {
    assert_eq!(
        told("ringcentral"),
        "\
11 rows, 6 calls, 3 no calls, 1 missing_csr, 1 unknown_caller_type
rules 2 1 3
103, external: 1
Ada Byron, internal: 1
Ada Byron, external: 1
Grace Hopper, internal: 1
Grace Hopper, external: 1
Mary Jackson, internal: 1
"
    );
}

#[test]
fn who_answered_counts_before_whom_talkdesk_routed_to() {
    assert_eq!(
        told("talkdesk"),
        "\
11 rows, 5 calls, 1 no calls, 4 missing_csr, 1 unknown_caller_type
rules 1 4
Ada Byron, internal: 1
Ada Byron, external: 1
Grace Hopper, external: 2
Mary Jackson, external: 1
"
    );
}

#[test]
fn the_leg_of_twilio_to_a_client_is_the_csrs() {
    assert_eq!(
        told("twilio"),
        "\
11 rows, 5 calls, 2 no calls, 3 missing_csr, 1 unknown_caller_type
rules 2 1 2
ada, external: 2
grace, internal: 1
mary, internal: 2
"
    );
}
