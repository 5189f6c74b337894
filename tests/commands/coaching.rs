//! Who can be praised on evidence, and one CSR's sheet, with answers that are known beforehand.

use serde_json::Value;

use crate::dealt::{list, near, note, number, rows, text};
use crate::harness::Desk;
use crate::small::{self, FAIR, GOOD, HALF, POOR};

/// Four CSRs in two months: Ada is good throughout, Ben with external callers alone, Cem has as good a score and one critical
/// error, Dan is fair.
fn desk() -> Desk {
    let desk = Desk::new();
    let csrs = ["Ada", "Ben", "Cem", "Dan"].map(|name| (name, 60, 60));
    small::log(&desk, "may.csv", "2026-05", &csrs);
    small::log(&desk, "june.csv", "2026-06", &csrs);
    let middling = |at: usize| [FAIR, HALF, POOR][at % 3];
    let answers = move |csr: &str, kind: &str, at: usize| match (csr, kind) {
        ("Ada", _) => [GOOD, GOOD, GOOD, FAIR][at % 4],
        ("Ben", "external") => GOOD,
        ("Cem", "external") if at == 0 => ["yes", "yes", "yes", "no"],
        ("Cem", _) => [GOOD, GOOD, GOOD, FAIR][at % 4],
        _ => middling(at),
    };
    small::sample(&desk, "may.csv", "may", 12, move |_, _, at| middling(at));
    small::sample(&desk, "june.csv", "june", 12, answers);
    desk
}

fn names(found: &Value) -> Vec<&str> {
    rows(found, "recognition")
        .iter()
        .map(|row| text(row, "csr"))
        .collect()
}

#[test]
fn praise_takes_evidence_with_both_kinds_of_callers_and_no_critical_error() {
    let desk = desk();
    let found = desk.json("report recognition --sample june --format json");
    assert_eq!(names(&found), ["Ada"]);
    let csrs = desk.json("report csr --sample june --format json");
    let total = &csrs["tables"][0]["total"];
    let row = &rows(&found, "recognition")[0];
    for part in ["score", "internal", "external"] {
        assert!(
            number(&row[part], "low") > number(&total[part], "value"),
            "{part}"
        );
    }
    assert_eq!(
        (&row["above_team"], &row["at_pass_mark"]),
        (&true.into(), &false.into())
    );
    assert!(number(row, "q") <= 0.1);
    let behaviors: Vec<&str> = list(row, "behaviors")
        .iter()
        .map(|one| text(one, "behavior"))
        .collect();
    // Greeting was missed now and then; closing loses points by the critical error alone.
    assert_eq!(behaviors, ["listens", "solves", "closes"]);
    assert_eq!(list(row, "behaviors")[0]["calls"], 24);
    let told = desk.run("report recognition --sample june").good();
    assert!(told.contains("1 CSR can be praised"), "{told}");
    assert!(note(&found, "recognition-rule").is_some_and(|text| text.contains("pass mark of 90")));
}

/// Everybody alike, none below the pass mark by more than luck.
fn all_alike() -> Desk {
    let desk = Desk::new();
    let csrs = ["Ada", "Ben", "Cem"].map(|name| (name, 60, 60));
    small::log(&desk, "may.csv", "2026-05", &csrs);
    small::sample(&desk, "may.csv", "may", 24, |_, _, at| {
        [GOOD, GOOD, GOOD, GOOD, GOOD, GOOD, GOOD, FAIR][at % 8]
    });
    desk
}

#[test]
fn who_only_reaches_the_pass_mark_is_not_said_to_be_above_others() {
    let desk = all_alike();
    let sheet = desk.json("report coach --csr Ada --format json");
    let found = &sheet["recognition"];
    assert_eq!(
        (
            &found["named"],
            &found["above_team"],
            &found["at_pass_mark"]
        ),
        (&true.into(), &false.into(), &true.into())
    );
    near(&found["pass_mark"], 90.0);
    let told = desk.run("report coach --csr Ada").good();
    assert!(
        told.contains("service at the pass mark of 90 or above"),
        "{told}"
    );
    assert!(
        !told.contains("the others'") && !told.contains("above that of all"),
        "{told}"
    );
    // Where nearly everybody reaches the mark, that is no praise, and is said.
    let found = desk.json("report recognition --format json");
    assert_eq!(names(&found), ["Ada", "Ben", "Cem"]);
    let told = note(&found, "recognition-low-mark").expect("a note");
    assert!(told.contains("below the mean of all CSRs (96.9)"), "{told}");
}

#[test]
fn one_csr_is_not_held_against_itself() {
    let desk = desk();
    desk.run("report recognition --sample june --csr Ada")
        .fails(2, "evenhand report coach --csr NAME");
    desk.run("report --sample june --csr Ada --format html --output page.html")
        .good();
    assert!(!desk.read("page.html").contains("Who can be praised"));
    // Of some calls all words say so, and behaviors are those of these calls alone.
    let words = "report recognition --sample june --caller-type external";
    let told = desk.run(words).good();
    assert!(
        told.contains("with external callers, the only ones looked at"),
        "{told}"
    );
    assert!(
        told.contains("the mean of all CSRs in these calls"),
        "{told}"
    );
    let found = desk.json(&format!("{words} --format json"));
    assert_eq!(names(&found), ["Ada", "Ben"]);
    let ben = &list(&rows(&found, "recognition")[1], "behaviors");
    assert!(
        !ben.is_empty() && ben.iter().all(|one| one["calls"] == 12),
        "{ben:?}"
    );
}

#[test]
fn where_there_are_calls_enough_that_is_said() {
    let desk = Desk::new();
    let csrs = ["Ada", "Ben", "Cem"].map(|name| (name, 60, 60));
    small::log(&desk, "may.csv", "2026-05", &csrs);
    small::sample(&desk, "may.csv", "may", 50, |_, _, at| [FAIR, HALF][at % 2]);
    let found = desk.json("report recognition --format json");
    assert!(names(&found).is_empty());
    let needed = found["tables"][0]["calls_needed"].as_u64().expect("calls");
    assert!(needed <= 50, "{needed}");
    assert_eq!(found["tables"][0]["calls_enough"], true);
    let told = desk.run("report recognition").good();
    assert!(
        told.contains("nobody stands out as clearly") && !told.contains("Roughly"),
        "{told}"
    );
}

#[test]
fn where_no_call_differs_from_another_that_is_the_cause_told() {
    let desk = Desk::new();
    let csrs = ["Ada", "Ben"].map(|name| (name, 30, 30));
    small::log(&desk, "may.csv", "2026-05", &csrs);
    small::sample(&desk, "may.csv", "may", 6, |_, _, _| FAIR);
    let found = desk.json("report recognition --format json");
    assert_eq!(found["tables"][0]["not_judged"], serde_json::json!([]));
    assert_eq!(
        found["tables"][0]["without_spread"],
        serde_json::json!(["Ada", "Ben"])
    );
    let told = desk.run("report recognition").good();
    assert!(
        told.contains("no scored call of a CSR differs from another"),
        "{told}"
    );
    assert!(!told.contains("without scored calls enough"), "{told}");
    let told = desk.run("report coach --csr Ada").good();
    assert!(
        told.contains("no call of a CSR differs from another"),
        "{told}"
    );
    assert!(!told.contains("so few calls have no margin"), "{told}");
}

#[test]
fn where_nobody_stands_out_that_is_said() {
    let desk = desk();
    let found = desk.json("report recognition --sample may --format json");
    assert!(names(&found).is_empty());
    assert!(
        found["tables"][0]["calls_needed"]
            .as_u64()
            .is_some_and(|calls| calls > 12)
    );
    let told = desk.run("report recognition --sample may").good();
    assert!(told.contains("can't single anybody out"), "{told}");
    assert!(
        told.contains("scored calls of each CSR and caller type would show"),
        "{told}"
    );
}

#[test]
fn a_sheet_tells_what_is_worth_a_talk_first() {
    let desk = desk();
    let found = desk.json("report coach --csr Dan --sample june --format json");
    assert_eq!(
        (text(&found, "schema"), text(&found, "csr")),
        ("evenhand.coach/1", "Dan")
    );
    let behaviors = rows(&found, "coach_behaviors");
    let lost: Vec<(&str, f64)> = behaviors
        .iter()
        .map(|row| (text(row, "behavior"), number(row, "lost")))
        .collect();
    // Of three calls one lacks one behavior, one two, one three: 25, 50 and 75 points of 100.
    let expected = [
        ("greets", 25.0),
        ("listens", 50.0 / 3.0),
        ("solves", 25.0 / 3.0),
        ("closes", 0.0),
    ];
    for ((found, lost), (behavior, points)) in lost.iter().zip(expected) {
        assert_eq!(*found, behavior);
        assert!((lost - points).abs() < 1e-9, "{behavior}: {lost}");
    }
    assert_eq!(behaviors[0]["earned"]["n"], 24);
    near(&behaviors[0]["earned"]["value"], 0.0);
    let scores = rows(&found, "coach_scores");
    let kinds: Vec<&Value> = scores.iter().map(|row| &row["caller_type"]).collect();
    assert_eq!(
        kinds,
        [
            &Value::from("internal"),
            &Value::from("external"),
            &Value::Null
        ]
    );
    near(&scores[2]["score"]["value"], 50.0);
    let comments = rows(&found, "coach_comments");
    let of = |behavior: Value| {
        comments
            .iter()
            .filter(|row| row["behavior"] == behavior)
            .count()
    };
    assert_eq!((of("greets".into()), of(Value::Null)), (24, 24));
    let listen = rows(&found, "coach_listen");
    for pair in listen {
        near(&pair["good"]["score"], 75.0);
        near(&pair["work_on"]["score"], 25.0);
    }
    assert_eq!(listen.len(), 2);
    // The month before, as the comparison of both months has it.
    let since = &rows(&found, "coach_since")[0];
    let both = desk.json("report compare may june --format json");
    let mut both = rows(&both, "compare_csr").iter();
    let row = both.find(|row| row["csr"] == "Dan").expect("Dan");
    assert_eq!(text(since, "sample"), "may");
    assert_eq!(since["difference"], row["difference"]);
    assert_eq!(found["recognition"]["named"], false);
    let ada = desk.json("report coach --csr Ada --sample june --format json");
    assert_eq!(ada["recognition"]["named"], true);
    assert_eq!(ada["recognition"]["above_team"], true);
    assert!(found["recognition"]["above_team"].is_null());
    let told = desk.run("report coach --csr Ada --sample june").good();
    assert!(
        told.contains("evidence of service above that of all CSRs. "),
        "{told}"
    );
}

#[test]
fn critical_errors_and_picked_calls_have_tables_of_their_own() {
    let desk = desk();
    let found = desk.json("report coach --csr Cem --format json");
    let critical = rows(&found, "coach_critical");
    assert_eq!(critical.len(), 1);
    assert_eq!(text(&critical[0], "behavior"), "closes");
    // The call to work on is the one with the error, though it did not lose most.
    let external = &rows(&found, "coach_listen")[1];
    assert_eq!(external["work_on"]["call_id"], critical[0]["call_id"]);
    assert!(rows(&found, "picked").is_empty());
    let calls = desk.json("report calls --sample june --format json");
    let drawn: Vec<&str> = rows(&calls, "calls")
        .iter()
        .map(|row| text(row, "call_id"))
        .collect();
    let log = desk.read("june.csv");
    let hers = log.lines().filter(|line| line.contains(",Cem,"));
    let mut ids = hers.filter_map(|line| line.split(',').next());
    let id = ids
        .find(|id| !drawn.contains(id))
        .expect("a call that was not drawn");
    desk.run(&format!(
        "pick {id} --from june.csv --why complaint --sample june"
    ))
    .good();
    let with = desk.json("report coach --csr Cem --sample june --format json");
    assert_eq!(text(&rows(&with, "picked")[0], "call_id"), id);
    assert_eq!(rows(&with, "coach_scores"), rows(&found, "coach_scores"));
    let told = desk.run("report coach --csr Cem --sample june").good();
    assert!(told.contains("Picked calls enter no estimate."), "{told}");
}

#[test]
fn a_misspelt_name_is_refused_and_every_format_is_there() {
    let desk = desk();
    desk.run("report coach --csr Adda")
        .fails(2, "did you mean `Ada`?");
    desk.run("report coach").fails(2, "--csr");
    desk.run("report coach Ada").fails(
        2,
        "name the CSR with --csr: `evenhand report coach --csr \"Ada\"`",
    );
    desk.run("report --csr Ada coach").fails(
        2,
        "options go behind `coach`: `evenhand report coach --csr NAME --format md`",
    );
    desk.run("report coach --help").good();
    let twice = desk.run("report csr --csr Ada --csr Ada").good();
    assert!(
        twice.contains("of CSR Ada") && !twice.contains("Ada or Ada"),
        "{twice}"
    );
    // The first month has none before it.
    let first = desk.json("report coach --csr Ada --sample may --format json");
    assert!(rows(&first, "coach_since").is_empty());
    desk.run("report coach --csr Dan --format csv --output sheet")
        .good();
    assert!(
        desk.read("sheet/coach_behaviors.csv")
            .starts_with("section,behavior,calls,earned")
    );
    assert!(desk.path("sheet/coach_since.csv").exists());
    let md = desk.run("report coach --csr Dan --format md").good();
    assert!(md.contains("Greets") && !md.contains("rank"), "{md}");
    // A spelling that the roster folds.
    desk.write("roster.csv", "csr,alias\nDan,D.\n");
    desk.run("report coach --csr D. --roster roster.csv").good();
}
