//! What a supervisor can get wrong in such a month: each is refused with its exit code and a word on what to do, and
//! nothing in the store has changed by it.

use serde_json::Value;

use super::logs::{self, SEED};
use super::{list, text};
use crate::harness::Desk;

/// Two weeks drawn, with one call complete, one unscorable, one picked, and all others open.
pub(super) struct Begun {
    pub(super) desk: Desk,
    /// Drawn calls of qa1.
    pub(super) ones: Vec<String>,
    /// In week 2 and neither drawn nor a reserve.
    neither: String,
}

impl Begun {
    pub(super) fn new() -> Self {
        let desk = Desk::new();
        let (logs, _) = logs::logs();
        for (week, log) in (1..).zip(&logs) {
            desk.write(&format!("week{week}.csv"), logs::csv(log));
        }
        desk.write("rubric.toml", logs::RUBRIC);
        desk.write("words.toml", logs::better_words());
        desk.write("weights.toml", logs::other_weights());
        desk.write("lacks.toml", logs::without_complaints());
        let drawn = desk.json(&format!(
            "draw week1.csv --rubric rubric.toml --name july --seed {SEED} --per csr,caller_type -n 2 \
             --analysts qa1:3,qa2:1 --format json"
        ));
        desk.run("draw week2.csv --into july").good();
        let ones: Vec<String> = (list(&drawn, "assignments").iter())
            .filter(|one| one["analyst"] == "qa1")
            .map(|one| text(one, "call_id").to_owned())
            .collect();
        let answers = format!(
            "call_id,analyst,greets,solves,courteous,unscorable,caller_type_heard\n\
             {},qa1,yes,full,yes,,internal\n{},qa1,,,,no-recording,\n",
            ones[0], ones[1]
        );
        desk.write("answers.csv", answers);
        desk.run("record answers.csv").good();
        let strata = logs::strata(&logs[..2]);
        let neither = strata[&(2, "Ana Ruiz", "external")][9].id.clone();
        let pick = "pick W2-000 --from week2.csv --why coaching --by sup";
        desk.run(pick).good();
        Self {
            desk,
            ones,
            neither,
        }
    }

    fn state(&self) -> [Value; 3] {
        let samples = self.desk.json("samples --format json");
        let log = self.desk.json("samples log july --format json");
        let queue = self.desk.json("queue --format json");
        [samples, log, queue]
    }

    /// Each line is refused so, and all of them leave everything as it was.
    #[track_caller]
    fn refuse(&self, refused: &[(&str, i32, &str)]) {
        let before = self.state();
        for (words, code, says) in refused {
            let ran = self.desk.run(words);
            assert!(
                ran.err.contains(says),
                "{words}: expected `{says}` in:\n{}",
                ran.err
            );
            ran.fails(*code, says);
        }
        assert_eq!(self.state(), before);
    }
}

#[test]
fn further_logs_that_can_not_be_added() {
    let begun = Begun::new();
    begun
        .desk
        .run("draw week1.csv --rubric rubric.toml --name gone --seed x -n 2")
        .good();
    begun
        .desk
        .run("samples withdraw gone --reason mistake --by sup")
        .good();
    begun.desk.write(
        "none.csv",
        "call_id,csr,caller_type,started_at,duration_s\n",
    );
    // Calls of both weeks, so neither week's log again.
    let again = [logs::week(1), logs::week(2)].concat();
    begun.desk.write("again.csv", logs::csv(&again[60..140]));
    begun.refuse(&[
        ("draw week3.csv --into jully", 2, "did you mean `july`?"),
        ("draw week3.csv --into gone", 2, "was withdrawn (mistake)"),
        (
            "draw week3.csv --into july --rubric weights.toml",
            2,
            "draw a new sample without --into",
        ),
        (
            "draw week3.csv --into july --rubric words.toml",
            2,
            "samples adopt july --rubric words.toml",
        ),
        (
            "draw week3.csv --into july -n 3",
            2,
            "-n is for a new sample",
        ),
        (
            "draw week3.csv --into july --seed other",
            2,
            "--seed is for a new sample",
        ),
        ("draw week3.csv --into july --analysts qa1", 2, "--analysts"),
        (
            "draw again.csv --into july",
            3,
            "no new call that can be drawn",
        ),
        (
            "draw none.csv --into july",
            3,
            "no new call that can be drawn",
        ),
        ("draw week9.csv --into july", 5, "week9.csv"),
    ]);
}

#[test]
fn calls_that_can_not_be_picked() {
    let begun = Begun::new();
    let (neither, unscorable) = (&begun.neither, &begun.ones[1]);
    let pick = |calls: &str, how: &str| format!("pick {calls} --from week2.csv {how}");
    begun.refuse(&[
        (
            &pick("W2-999", "--why complaint"),
            3,
            "`week2.csv` has no call `W2-999`",
        ),
        (
            &pick(&format!("{neither} W2-999"), "--why complaint"),
            3,
            "nothing was picked",
        ),
        (
            &pick(&format!("{neither} {neither}"), "--why complaint"),
            2,
            "named twice",
        ),
        (&pick("W2-000", "--why complaint"), 3, "was picked before"),
        (
            &pick(neither, "--why complain"),
            2,
            "did you mean `complaint`?",
        ),
        (&pick(neither, "--why other"), 2, "--note"),
        (
            &pick(neither, "--why complaint --sample jully"),
            2,
            "did you mean `july`?",
        ),
        (
            &format!("pick {unscorable} --from week1.csv --why complaint"),
            3,
            "was said to be unscorable (no-recording) by `qa1`",
        ),
    ]);
}

#[test]
fn calls_that_can_not_be_given_to_somebody_or_opened_again() {
    let begun = Begun::new();
    let [complete, unscorable, open] = [0, 1, 2].map(|at| begun.ones[at].as_str());
    begun.refuse(&[
        (&format!("assign {complete} --to qa2"), 3, "is complete"),
        (
            &format!("assign {open} {complete} --to qa2"),
            3,
            "is complete",
        ),
        (
            &format!("assign {unscorable} --to qa2"),
            3,
            "evenhand reopen",
        ),
        ("assign W9-001 --to qa2", 3, "is not in the sample `july`"),
        (&format!("assign {open} --to qa3"), 2, "--new-analyst"),
        (
            "assign --from qa7 --to qa2 --all",
            2,
            "knows no analyst `qa7`\nhelp: did you mean `qa",
        ),
        (
            "assign --from qa1 --to qa1 --all",
            2,
            "has these calls already",
        ),
        (
            &format!("reopen {open} --reason why"),
            3,
            "neither complete nor unscorable",
        ),
        (
            "reopen W9-001 --reason why",
            3,
            "ids are compared letter by letter",
        ),
        (&format!("reopen {complete}"), 2, "--reason"),
    ]);
    begun.desk.run("assign --from qa2 --to qa1 --all").good();
    let before = begun.state();
    let said = begun.desk.run("assign --from qa2 --to qa1 --all").good();
    assert_eq!(said, "qa2 has no open call that could be given to qa1.\n");
    assert_eq!(begun.state(), before);
}

#[test]
fn rubrics_that_can_not_be_adopted_and_samples_that_are_in_or_out_already() {
    let begun = Begun::new();
    begun.refuse(&[
        (
            "samples adopt july --rubric weights.toml",
            3,
            "scores otherwise",
        ),
        (
            "samples adopt july --rubric lacks.toml",
            3,
            "lacks the driver `complaint`",
        ),
        (
            "samples adopt jully --rubric words.toml",
            2,
            "did you mean `july`?",
        ),
        ("samples adopt july --rubric week1.csv", 3, "week1.csv"),
        ("samples restore july", 2, "was not withdrawn"),
        (
            "samples withdraw jully --reason x",
            2,
            "did you mean `july`?",
        ),
        ("samples withdraw july", 2, "--reason"),
        ("samples log jully", 2, "did you mean `july`?"),
    ]);
    begun
        .desk
        .run("samples withdraw july --reason mistake")
        .good();
    let [complete, open] = [0, 2].map(|at| begun.ones[at].as_str());
    begun.refuse(&[
        (
            "samples withdraw july --reason again",
            2,
            "was withdrawn (mistake)",
        ),
        ("samples adopt july --rubric words.toml", 2, "was withdrawn"),
        (
            &format!("assign {open} --to qa2 --sample july"),
            2,
            "was withdrawn",
        ),
        (
            &format!("reopen {complete} --reason why"),
            2,
            "was withdrawn",
        ),
        ("record answers.csv --sample july", 2, "was withdrawn"),
        (
            "pick W2-001 --from week2.csv --why complaint --sample july",
            2,
            "was withdrawn",
        ),
        ("report", 2, "evenhand samples restore july"),
    ]);
}

#[test]
fn rosters_that_contradict_themselves_leave_the_one_that_is_kept() {
    let begun = Begun::new();
    begun.desk.write("roster.csv", logs::ROSTER);
    begun.desk.run("roster import roster.csv").good();
    let kept = begun.desk.run("roster show --format csv").good();
    for (roster, says) in [
        (
            "csr,team,from,to\nAna,North,,2026-07-15\nAna,South,2026-07-15,\n",
            "on some of these days",
        ),
        ("csr,alias\nAna,Anna\nAnna,Ana\n", "is a CSR itself"),
        ("csr,tema\nAna,North\n", "did you mean `team`?"),
    ] {
        begun.desk.write("bad.csv", roster);
        begun.refuse(&[("roster import bad.csv", 3, says)]);
        assert_eq!(begun.desk.run("roster show --format csv").good(), kept);
    }
}

#[test]
fn logs_of_the_wrong_number_or_order_are_not_verified() {
    let begun = Begun::new();
    begun.desk.run("verify week1.csv week2.csv").good();
    begun.refuse(&[
        ("verify week1.csv", 2, "was drawn from 2 logs, not 1"),
        (
            "verify week1.csv week2.csv week3.csv",
            2,
            "in this order: week1.csv, week2.csv",
        ),
    ]);
    let before = begun.state();
    let ran = begun.desk.run("verify week2.csv week1.csv");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("NOT verified"), "{}", ran.out);
    assert_eq!(begun.state(), before);
}
