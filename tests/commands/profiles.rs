//! The profiles in the program, and logs of telephone systems read through them.

use serde_json::{Value, json};

use crate::harness::{Desk, project};

const NAMES: [&str; 14] = [
    "3cx",
    "aircall",
    "amazon-connect",
    "asterisk",
    "asterisk-custom",
    "bright-pattern",
    "cucm",
    "five9",
    "freepbx",
    "freeswitch",
    "genesys-cloud",
    "ringcentral",
    "talkdesk",
    "twilio",
];

/// A desk with a log from `tests/logs/`.
fn desk(log: &str) -> Desk {
    let desk = Desk::new();
    let text = std::fs::read(project(&format!("tests/logs/{log}"))).expect(log);
    desk.write("log.csv", text);
    desk
}

/// What `log` says of a log under a profile.
fn look(name: &str) -> Value {
    desk(&format!("{name}.csv")).json(&format!("log log.csv --profile {name} --format json"))
}

/// By role, the columns that were found.
fn found(log: &Value) -> Vec<(&str, Vec<&str>)> {
    let columns = log["columns"].as_array().expect("columns").iter();
    columns
        .map(|column| {
            let list = column["columns"].as_array().expect("names").iter();
            let role = column["role"].as_str().expect("a role");
            (
                role,
                list.map(|name| name.as_str().expect("a name")).collect(),
            )
        })
        .collect()
}

/// CSR, caller type and calls.
fn cells(log: &Value) -> Vec<String> {
    let cells = log["cells"].as_array().expect("cells").iter();
    cells
        .map(|cell| {
            let text = |key: &str| cell[key].as_str().expect("a text").to_owned();
            format!(
                "{}, {}: {}",
                text("csr"),
                text("caller_type"),
                cell["calls"]
            )
        })
        .collect()
}

/// How many rows each rule decided.
fn decided(log: &Value) -> Vec<u64> {
    let rules = log["caller_type_rules"].as_array().expect("rules").iter();
    rules
        .map(|rule| rule["rows"].as_u64().expect("a count"))
        .collect()
}

/// Why rows were refused, and how many.
fn refused(log: &Value) -> Vec<(&str, u64)> {
    let refused = log["refused"].as_object().expect("reasons").iter();
    refused
        .map(|(reason, rows)| (reason.as_str(), rows.as_u64().expect("a count")))
        .filter(|(_, rows)| *rows > 0)
        .collect()
}

#[test]
fn the_profiles_in_the_program_are_listed_and_shown() {
    let desk = Desk::new();
    let list = desk.json("log --profiles --format json");
    assert_eq!(list["schema"], "evenhand.profiles/1");
    let rows = list["profiles"].as_array().expect("profiles");
    let names: Vec<&str> = rows
        .iter()
        .map(|row| row["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, NAMES);
    assert_eq!(rows[3]["title"], "Asterisk cdr_csv (Master.csv)");
    let table = desk.run("log --profiles").good();
    for name in NAMES {
        assert!(table.contains(name), "{table}");
        let shown = desk.run(&format!("log --profile {name} --show")).good();
        assert!(shown.contains("\nformat = 1\n"), "{shown}");
        let text = std::fs::read_to_string(project(&format!("src/read/profiles/{name}.toml")));
        assert_eq!(shown, text.expect(name));
    }
}

#[test]
fn a_profile_that_is_shown_can_be_adapted_as_a_file() {
    let desk = desk("five9.csv");
    let shown = desk.run("log --profile five9 --show").good();
    let own =
        "[[caller_type.rule]]\ncolumn = \"ANI\"\nprefix = [\"49 30 555\"]\ngives = \"internal\"\n";
    let at = shown.find("[[caller_type.rule]]").expect("a rule");
    desk.write(
        "mine.toml",
        format!("{}{own}\n{}", &shown[..at], &shown[at..]),
    );
    let log = desk.json("log log.csv --profile mine.toml --format json");
    assert_eq!(decided(&log), [3, 2, 1, 2]);
    assert_eq!(
        log["caller_type_rules"][0]["rule"],
        "`ANI` begins with `4930555`: internal"
    );
}

#[test]
fn the_readme_s_profiles_can_be_read_and_it_names_all_in_the_program() {
    let desk = Desk::new();
    let readme = std::fs::read_to_string(project("README.md")).expect("README");
    let section = readme
        .split("\n## ")
        .find(|part| part.starts_with("Call logs"));
    let section = section.expect("the section");
    let mut read = 0;
    for block in section.split("```toml\n").skip(1) {
        desk.write("readme.toml", block.split("```").next().expect("a block"));
        desk.run("log --profile readme.toml --show").good();
        read += 1;
    }
    assert_eq!(read, 2);
    for name in NAMES {
        assert!(section.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn a_misspelt_profile_gets_the_nearest_name() {
    let desk = desk("asterisk.csv");
    desk.run("log log.csv --profile asterix")
        .fails(5, "did you mean `asterisk`?");
    desk.run("log log.csv --profile mine.toml")
        .fails(5, "there is no such file");
    desk.run("log --show").fails(2, "--profile");
    desk.run("log").fails(2, "LOG");
    desk.run("log log.csv --profiles")
        .fails(2, "cannot be used with");
    desk.run("log log.csv --profile asterisk --show")
        .fails(2, "cannot be used with");
}

#[test]
fn a_five9_log_is_read() {
    let log = look("five9");
    assert_eq!(
        found(&log),
        [
            ("call_id", vec!["CALL ID"]),
            ("csr", vec!["AGENT"]),
            ("started_at", vec!["TIMESTAMP"]),
            ("duration_s", vec!["TALK TIME"]),
            ("queue", vec!["CAMPAIGN"]),
            ("direction", vec!["CALL TYPE"]),
            ("caller", vec!["ANI"]),
            ("interaction_id", vec!["SESSION ID"]),
        ]
    );
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(11), &json!(8)));
    assert_eq!(log["not_eligible"], 2);
    assert_eq!(refused(&log), [("missing_csr", 1)]);
    assert_eq!(decided(&log), [2, 1, 5]);
    assert_eq!(
        log["caller_type_rules"][1],
        json!({
            "rule": "`ANI` has fewer than 6 digits and `CALL TYPE` is `Inbound`: internal",
            "rows": 1,
            "examples": ["300000000012307"],
        })
    );
    assert_eq!(
        cells(&log),
        [
            "abyron@example.com, internal: 1",
            "abyron@example.com, external: 2",
            "ghopper@example.com, internal: 1",
            "ghopper@example.com, external: 1",
            "mjackson@example.com, internal: 1",
            "mjackson@example.com, external: 2",
        ]
    );
    assert_eq!(
        log["period"],
        json!({"from": "2026-07-14", "to": "2026-07-14"})
    );
    assert_eq!(
        (&log["unread_times"], &log["unread_durations"]),
        (&json!(0), &json!(0))
    );
    let told = desk("five9.csv").run("log log.csv --profile five9").good();
    assert!(
        told.contains("Left out as no calls by [only] in the profile: 2 of 11 rows."),
        "{told}"
    );
}

#[test]
fn amazon_connect_records_are_read_and_copies_count_once() {
    let log = look("amazon-connect");
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(11), &json!(7)));
    assert_eq!(log["not_eligible"], 1);
    assert_eq!(
        refused(&log),
        [
            ("missing_csr", 1),
            ("duplicate_id", 1),
            ("unknown_caller_type", 1)
        ]
    );
    assert_eq!(
        cells(&log),
        [
            "abyron, internal: 1",
            "abyron, external: 1",
            "ghopper, internal: 1",
            "ghopper, external: 2",
            "mjackson, external: 2",
        ]
    );
    assert_eq!(decided(&log), [2, 5]);
    assert!(found(&log).contains(&("recording", vec!["Recording.Location"])));
}

#[test]
fn an_aircall_export_has_external_calls_alone() {
    let log = look("aircall");
    assert_eq!((&log["rows"], &log["eligible"]), (&json!(10), &json!(5)));
    // Rows without a user are no calls either, but the reader asks for the CSR first.
    assert_eq!(log["not_eligible"], 0);
    assert_eq!(refused(&log), [("missing_csr", 5)]);
    assert_eq!(decided(&log), [5]);
    assert_eq!(
        cells(&log),
        [
            "Ada Byron, external: 2",
            "Grace Hopper, external: 1",
            "Mary Jackson, external: 2",
        ]
    );
}

#[test]
fn columns_that_are_put_together_are_shown_together() {
    let log = look("talkdesk");
    let csr = ("csr", vec!["handling_user_name", "user_name"]);
    assert!(found(&log).contains(&csr), "{log}");
    assert!(!log["other_columns"].to_string().contains("\"user_name\""));
    let told = desk("talkdesk.csv")
        .run("log log.csv --profile talkdesk")
        .good();
    assert!(
        told.contains("handling_user_name, else user_name"),
        "{told}"
    );
    let desk = Desk::new();
    desk.write(
        "log.csv",
        "call_id,csr,caller_type,Day,Clock\n1,Ada,internal,14.07.2026,09:31\n2,Ada,external,15.07.2026,\n",
    );
    desk.write(
        "two.toml",
        "format = 1\n[time]\ncolumns = [\"Day\", \"Clock\"]\nformat = [\"%d.%m.%Y %H:%M\", \"%d.%m.%Y\"]\n",
    );
    let told = desk.run("log log.csv --profile two.toml").good();
    assert!(told.contains("Day + Clock"), "{told}");
    let log = desk.json("log log.csv --profile two.toml --format json");
    assert_eq!(
        log["period"],
        json!({"from": "2026-07-14", "to": "2026-07-15"})
    );
    let draw = desk.json(
        "draw log.csv --profile two.toml --rubric rubrics/customer-service.toml --seed s --from 2026-07-15 --format json",
    );
    assert_eq!(draw["sample"]["eligible"], 1);
    desk.run("verify log.csv").good();
}

#[test]
fn an_export_that_is_not_whole_is_told_and_not_drawn_from() {
    let desk = Desk::new();
    let log = |whole: &str| {
        let row = |at| {
            format!(
                "{at},Ada,internal,{}\n",
                if at == 3 { whole } else { "yes" }
            )
        };
        let rows: String = (0..9).map(row).collect();
        format!("call_id,csr,caller_type,Full Export Completed\n{rows}")
    };
    desk.write(
        "own.toml",
        "format = 1\n[complete]\n\"Full Export Completed\" = \"YES\"\n",
    );
    let draw = "draw log.csv --profile own.toml --rubric rubrics/customer-service.toml --seed s";
    desk.write("log.csv", log("NO"));
    let told = desk.run("log log.csv --profile own.toml").good();
    let says = "This export is incomplete: 1 of 9 rows, the first on line 5, lacks `YES` in `Full Export Completed`.";
    assert!(told.contains(says), "{told}");
    let json = desk.json("log log.csv --profile own.toml --format json");
    assert_eq!(json["incomplete"], json!({"rows": 1, "first_line": 5}));
    desk.run(draw).fails(3, "more than 1 %");
    desk.write("log.csv", log("YES"));
    let json = desk.json("log log.csv --profile own.toml --format json");
    assert!(json["incomplete"].is_null());
    desk.run(draw).good();
    desk.write("log.csv", "call_id,csr,caller_type\n1,Ada,internal\n");
    desk.run(draw).fails(3, "no column `Full Export Completed`");
}

#[test]
fn extensions_and_aliases_beside_a_profile_are_kept_with_the_sample() {
    let desk = Desk::new();
    let mut log = String::from("call_id,csr,From\n");
    for at in 0..12 {
        let from = if at % 2 == 0 { "1004" } else { "2004" };
        log += &format!("{at},Ada,{from}\n");
    }
    desk.write("log.csv", log);
    desk.write("extensions.txt", "# the branch\n1000-1999\n");
    desk.write(
        "own.toml",
        "format = 1\n[[caller_type.rule]]\ncolumn = \"From\"\nextensions_file = \"extensions.txt\"\ngives = \"internal\"\n\
         [[caller_type.rule]]\ncolumn = \"From\"\nempty = false\ngives = \"external\"\n",
    );
    desk.run("draw log.csv --profile own.toml --rubric rubrics/customer-service.toml --seed s")
        .good();
    std::fs::remove_file(desk.path("extensions.txt")).expect("removed");
    desk.run("verify log.csv").good();
    desk.run("log log.csv --profile own.toml")
        .fails(3, "`extensions.txt`: there is no such file");
}

#[test]
fn logs_of_others_are_refused_with_what_they_lack_or_read_with_a_profile() {
    for (name, lacks, column) in [
        ("freepsw", "csr", "call_id"),
        ("freight-samendoz", "csr", "id"),
        ("reggie-romilly", "call_id", "Call Type"),
        ("snowflake-labs", "call_id", "DATE_CREATED"),
        ("amazonconnectdb-calls", "caller_type", "call_id"),
    ] {
        let desk = desk(&format!("public/{name}.csv"));
        let ran = desk.run("log log.csv");
        assert!(
            ran.err.contains(&format!("columns here: `{column}`")),
            "{}",
            ran.err
        );
        ran.fails(3, &format!("no column for `{lacks}`"));
    }
    let desk = desk("public/amazonconnectdb-calls.csv");
    desk.write(
        "own.toml",
        "format = 1\n[columns]\ncsr = \"agent_id\"\nstarted_at = \"created\"\n\
         [[caller_type.rule]]\ncolumn = \"client_id\"\nextensions = [\"1-9\"]\ngives = \"internal\"\n\
         [[caller_type.rule]]\ncolumn = \"client_id\"\nempty = false\ngives = \"external\"\n",
    );
    let log = desk.json("log log.csv --profile own.toml --format json");
    let rows = log["rows"].as_u64().expect("rows");
    assert_eq!(log["eligible"], rows);
    assert_eq!(decided(&log).iter().sum::<u64>(), rows);
    assert_eq!(
        (&log["unread_times"], &log["unread_durations"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(log["period"]["from"], "2022-05-05");
}

#[test]
fn columns_that_a_csr_is_taken_from_are_hidden_with_the_csr() {
    let desk = Desk::new();
    desk.write(
        "log.csv",
        "call_id,caller_type,Answered,Routed,Subject\n1,internal,Ben,Adele,invoice\n",
    );
    desk.write(
        "own.toml",
        "format = 1\n[csr]\nfirst_of = [\"Answered\", \"Routed\"]\n",
    );
    desk.run("draw log.csv --profile own.toml --rubric rubrics/customer-service.toml --seed s")
        .good();
    let seen = |how: &str| {
        let ran = desk.type_in(&format!("score --plain --analyst qa1 {how}"), "q\n");
        format!("{}{}", ran.out, ran.err)
    };
    let hidden = seen("--blind-csr --new-analyst");
    assert!(hidden.contains("invoice"), "{hidden}");
    assert!(
        !hidden.contains("Ben") && !hidden.contains("Adele"),
        "{hidden}"
    );
    let open = seen("");
    assert!(open.contains("Ben") && open.contains("Adele"), "{open}");
}
