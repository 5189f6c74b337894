//! Two rubrics compared.

use crate::harness::{Desk, Ran};

const A: &str = "rubrics/customer-service.toml";

/// The example rubric, and another in `b.toml`: without its worked examples, which would no longer come out, and with
/// each text replaced once.
fn desk(edits: &[(&str, &str)]) -> Desk {
    let desk = Desk::new();
    let whole = desk.read(A);
    let (text, _) = whole.split_once("[[example]]").expect("examples");
    let mut text = text.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    desk.write("b.toml", text);
    desk
}

fn diff(desk: &Desk, more: &str) -> Ran {
    desk.run(&format!("rubric diff {A} b.toml {more}"))
}

const WORDS: &[(&str, &str)] = &[
    ("revision = \"2026.1\"", "revision = \"2026.2\""),
    ("text = \"Missed once\"", "text = \"Missed one time\""),
];

const POINTS: &[(&str, &str)] = &[
    ("revision = \"2026.1\"", "revision = \"2026.2\""),
    (
        "text = \"Missed once\", points = 60",
        "text = \"Missed once\", points = 50",
    ),
];

const DRIVERS: &[(&str, &str)] = &[("id = \"repeat-call\"", "id = \"called-again\"")];

#[test]
fn one_is_told_as_one() {
    let desk = Desk::new();
    let source = r#"format = 1
[rubric]
id = "small"
title = "Small"
weigh = "sections"
[[section]]
id = "all"
title = "All"
weight = 100
[[section.behavior]]
id = "greets"
text = "Greets"
answers = "yes_no"
"#;
    desk.write("small.toml", source);
    assert_eq!(
        desk.run("rubric check small.toml").good(),
        "small.toml: good. 1 behavior in 1 section; 0 worked examples come out as stated.\n"
    );
}

#[test]
fn better_words_let_a_sample_go_on() {
    assert_eq!(
        diff(&desk(WORDS), "").good(),
        r#"Wording only: a sample drawn for `rubrics/customer-service.toml` may go on with `b.toml` (`evenhand samples adopt NAME --rubric b.toml`).

Changes from `rubrics/customer-service.toml` to `b.toml`
  Kind      Part     Id          Change
───────────────────────────────────────────────────────────────────────────────────────────────────
  wording   rubric   –           revision: "2026.1" becomes "2026.2"
  wording   scale    frequency   text of answer `mostly`: "Missed once" becomes "Missed one time"
"#
    );
}

#[test]
fn other_points_want_a_new_sample_and_come_first() {
    let desk = desk(POINTS);
    assert_eq!(
        diff(&desk, "").good(),
        r#"Scores change: scale `frequency`; start a new sample from the day `b.toml` takes effect.

Changes from `rubrics/customer-service.toml` to `b.toml`
  Kind      Part     Id          Change
───────────────────────────────────────────────────────────────────────────
  scoring   scale    frequency   points of answer `mostly`: 60 becomes 50
  wording   rubric   –           revision: "2026.1" becomes "2026.2"
"#
    );
    diff(&desk, "--format csv --output changes.csv").good();
    assert_eq!(
        desk.read("changes.csv"),
        "kind,part,id,change\n\
         scoring,scale,frequency,points of answer `mostly`: 60 becomes 50\n\
         wording,rubric,,\"revision: \"\"2026.1\"\" becomes \"\"2026.2\"\"\"\n"
    );
    let markdown = diff(&desk, "--format md").good();
    assert!(markdown.contains("| Kind | Part | Id | Change |"));
}

#[test]
fn a_verdict_names_a_few_parts_and_counts_the_others() {
    let edits = [
        ("id = \"opening\"", "id = \"begin\""),
        ("pass_mark = 85", "pass_mark = 80"),
    ];
    let told = diff(&desk(&edits), "").good();
    let verdict = told.lines().next().expect("verdict");
    assert_eq!(
        verdict,
        "Scores change: the rubric itself, section `begin`, section `opening` and 5 more; start a new sample from the day `b.toml` takes effect."
    );
}

#[test]
fn a_driver_that_is_gone_takes_ticks_with_it() {
    assert_eq!(
        diff(&desk(DRIVERS), "").good(),
        r#"Scores stay, but ticks of drivers would be lost or mean something else: driver `repeat-call`; start a new sample from the day `b.toml` takes effect, or keep the drivers that are there.

Changes from `rubrics/customer-service.toml` to `b.toml`
  Kind      Part     Id             Change
─────────────────────────────────────────────
  ticks     driver   repeat-call    is gone
  wording   driver   called-again   is new
"#
    );
}

#[test]
fn the_same_rubric_is_told_in_one_line() {
    let desk = desk(&[("title = \"Opening\"", "title   = \"Opening\" # first")]);
    assert_eq!(
        diff(&desk, "").good(),
        "The same rubric: `rubrics/customer-service.toml` and `b.toml` differ at most in layout, comments or worked examples.\n"
    );
    assert_eq!(diff(&desk, "--format csv").good(), "kind,part,id,change\n");
}

#[test]
fn scripts_read_the_verdict_from_json() {
    let told = |edits| {
        let desk = desk(edits);
        desk.json(&format!("rubric diff {A} b.toml --format json"))
    };
    let wording = told(WORDS);
    assert_eq!(wording["schema"], "evenhand.rubric-diff/1");
    assert_eq!(wording["verdict"], "wording");
    assert_eq!(wording["may_continue"], true);
    assert_eq!(wording["from"]["file"], A);
    assert_eq!(wording["from"]["revision"], "2026.1");
    assert_eq!(wording["to"]["revision"], "2026.2");
    assert_eq!(
        wording["from"]["scoring_hash"],
        wording["to"]["scoring_hash"]
    );
    assert_ne!(wording["from"]["hash"], wording["to"]["hash"]);
    assert_eq!(
        wording["changes"][0],
        serde_json::json!({
            "kind": "wording",
            "part": "rubric",
            "id": null,
            "change": "revision: \"2026.1\" becomes \"2026.2\"",
        })
    );
    let scoring = told(POINTS);
    assert_eq!(scoring["verdict"], "scoring");
    assert_eq!(scoring["may_continue"], false);
    assert_eq!(scoring["changes"][0]["id"], "frequency");
    let ticks = told(DRIVERS);
    assert_eq!(ticks["verdict"], "ticks");
    assert_eq!(ticks["may_continue"], false);
    let same = told(&[]);
    assert_eq!(same["verdict"], "same");
    assert_eq!(same["may_continue"], true);
    assert_eq!(same["changes"], serde_json::json!([]));
}

#[test]
fn the_hashes_are_those_that_show_tells() {
    let desk = desk(&[]);
    let diff = desk.json(&format!("rubric diff {A} b.toml --format json"));
    let show = desk.json(&format!("rubric show {A} --format json"));
    assert_eq!(diff["from"]["hash"], show["hash"]);
    assert_eq!(diff["from"]["scoring_hash"], show["scoring_hash"]);
}

#[test]
fn a_bad_rubric_is_refused_whichever_of_the_two_it_is() {
    let desk = desk(&[("weight = 15", "weight = 5")]);
    diff(&desk, "").fails(3, "b.toml:");
    desk.run(&format!("rubric diff b.toml {A} --format json"))
        .fails(3, "not 100");
    desk.run(&format!("rubric diff {A} c.toml"))
        .fails(5, "there is no such file");
    desk.run(&format!("rubric diff {A}")).fails(2, "<B>");
}
