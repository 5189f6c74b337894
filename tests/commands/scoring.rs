use crate::harness::Desk;

#[test]
fn recording_is_idempotent_and_another_answer_needs_a_reason() {
    let desk = Desk::drawn();
    assert!(
        desk.run("record samples/answers.csv")
            .good()
            .contains("72 new")
    );
    assert!(
        desk.run("record samples/answers.csv")
            .good()
            .contains("0 new, 72 already there")
    );
    let answers = desk.read("samples/answers.csv");
    let mut lines: Vec<&str> = answers.lines().collect();
    let changed = lines[1].replacen(",yes,", ",no,", 1);
    lines[1] = &changed;
    desk.write("changed.csv", lines.join("\n"));
    desk.run("record changed.csv").fails(3, "--amend");
    let json = desk.json("record changed.csv --amend misheard --format json");
    assert_eq!(
        (&json["amended"], &json["unchanged"]),
        (&1.into(), &71.into())
    );
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn every_estimate_is_the_design_weighted_mean_of_its_calls() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    let draw = desk.json("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json");
    let calls = desk.json("report calls --format json");
    let (mut weighted, mut frame) = (0.0, 0.0);
    for stratum in draw["strata"].as_array().expect("strata") {
        let own = calls["tables"][0]["rows"].as_array().expect("rows").iter();
        let scores: Vec<f64> = own
            .filter(|row| {
                row["csr"] == stratum["csr"] && row["caller_type"] == stratum["caller_type"]
            })
            .map(|row| row["score"].as_f64().expect("score"))
            .collect();
        assert_eq!(scores.len(), 3);
        let eligible = stratum["eligible"].as_f64().expect("eligible");
        weighted += eligible * scores.iter().sum::<f64>() / 3.0;
        frame += eligible;
    }
    let report = desk.json("report --format json");
    let total = report["tables"][1]["total"]["score"]["value"]
        .as_f64()
        .expect("total");
    assert!((total - weighted / frame).abs() < 1e-9);
    assert!(report["tables"][0]["gap"]["value"].as_f64().expect("gap") < 0.0);
}

#[test]
fn a_call_is_scored_line_by_line_and_resumed_where_it_stopped() {
    let desk = Desk::drawn();
    let score = "score --plain --analyst qa1";
    let first = desk.type_in(score, "y\n?\ny\n").good();
    assert!(first.contains("goes on here"), "{first}");
    assert_eq!(desk.json("samples --format json")["samples"][0]["draft"], 1);
    let second = desk.type_in(score, "u\nn\nq\n").good();
    assert!(second.contains("Going on where you stopped"), "{second}");
    assert!(second.contains("Took back"), "{second}");
    let third = desk.type_in(score, "x\n1\nq\n").good();
    assert!(third.contains("takes its place"), "{third}");
    let samples = desk.json("samples --format json");
    assert_eq!(
        (
            &samples["samples"][0]["drawn"],
            &samples["samples"][0]["unscorable"]
        ),
        (&73.into(), &1.into())
    );
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn a_whole_call_can_be_scored_through_a_pipe() {
    let desk = Desk::drawn();
    // Every question takes one of these keys; those that don't fit are said to and asked again.
    let keys = "y\n1\n".repeat(40);
    desk.type_in("score --plain --analyst qa1", &format!("{keys}q\n"))
        .good();
    let drafts = desk.json("samples --format json");
    assert_eq!(drafts["samples"][0]["draft"], 1);
    let done = desk.type_in("score --plain --analyst qa1", "\nq\n").good();
    assert!(done.contains("Enter keeps it"), "{done}");
    assert_eq!(
        desk.json("samples --format json")["samples"][0]["complete"],
        1
    );
}

#[test]
fn a_misspelt_analyst_makes_no_person() {
    let desk = Desk::drawn();
    desk.type_in("score --plain --analyst anna", "q\n").good();
    let ran = desk.type_in("score --plain --analyst ana", "q\n");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `anna`?"), "{}", ran.err);
    desk.type_in("score --plain --analyst ana --new-analyst", "q\n")
        .good();
}

#[test]
fn without_a_terminal_score_names_the_other_ways() {
    let ran = Desk::drawn().run("score --analyst qa1");
    ran.fails(2, "--plain");
}

#[test]
fn logged_control_characters_never_reach_the_screen() {
    let desk = Desk::new();
    desk.write(
        "evil.csv",
        "call_id,csr,caller_type\n1,A\u{1b}[31mB,internal\n2,A\u{1b}[31mB,external\n",
    );
    let out = desk
        .run("draw evil.csv --rubric rubrics/customer-service.toml --seed s")
        .good();
    assert!(!out.contains('\u{1b}') && out.contains("\\u{1b}"), "{out}");
}

#[test]
fn margins_can_be_made_by_other_rules_and_verdicts_by_another_width() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    let report = |options: &str| {
        desk.json(&format!("report csr --format json {options}"))["tables"][0]["total"].clone()
    };
    let (usual, design, pooled) = (
        report(""),
        report("--df design"),
        report("--variance pooled"),
    );
    assert_eq!(usual["score"]["value"], design["score"]["value"]);
    // 72 calls less 24 strata.
    assert_eq!(design["score"]["df"], 48.0);
    assert_ne!(usual["score"]["low"], pooled["score"]["low"]);
    assert_eq!(usual["gap"]["verdict"], "shown");
    assert_eq!(
        report("--equal-within 20")["gap"]["verdict"],
        "practically equal"
    );
    desk.run("report --equal-within -1").fails(2, "");
}
