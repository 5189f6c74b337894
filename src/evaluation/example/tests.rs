use super::*;
use crate::rubric::fixture::{EXTERNAL, INTERNAL, behavior, example, rubric, section};
use crate::rubric::{CommentPolicy, Effect, NaPolicy, Scope, Weigh};

/// What is wrong with the examples of a small rubric: a critical greeting, a check for customers, a promise with a
/// condition.
fn told(examples: Vec<Example>) -> String {
    let greets = behavior("greets").critical(&["no"], Scope::Call, Effect::Zero);
    let mut checks = behavior("checks").only_for(EXTERNAL);
    checks.comment = CommentPolicy::Always;
    let mut source = rubric(
        Weigh::Behaviors,
        vec![section(
            "all",
            None,
            vec![
                greets.na(NaPolicy::Forbid),
                checks,
                behavior("promises"),
                behavior("notes").shown_if("promises", &["yes"]),
            ],
        )],
    );
    source.pass_mark = Some(60.0);
    source.examples = examples;
    let rubric = Rubric::build(&source).unwrap_or_else(|faults| panic!("{faults:?}"));
    let line = |fault: &Fault| {
        let hint = fault.kind.hint();
        let hint = hint.map_or_else(String::new, |hint| format!("\n  hint: {hint}"));
        format!("{}: {}{hint}\n", fault.path, fault.kind)
    };
    check_examples(&rubric).iter().map(line).collect()
}

#[test]
fn examples_that_hold_are_silent() {
    let third = example(
        INTERNAL,
        &[("greets", "yes"), ("promises", "yes"), ("notes", "no")],
        66.6666667,
    );
    let passed = Example {
        outcome: Some("pass".to_owned()),
        score_before_critical: third.score,
        ..third.clone()
    };
    let failed = Example {
        outcome: Some("fail".to_owned()),
        score_before_critical: Some(50.0),
        ..example(
            EXTERNAL,
            &[("greets", "no"), ("checks", "yes"), ("promises", "na")],
            0.0,
        )
    };
    assert_eq!(told(vec![third, passed, failed]), "");
}

#[test]
fn a_result_that_differs_is_told_with_both_numbers() {
    let wrong = Example {
        score_before_critical: Some(10.0),
        outcome: Some("below".to_owned()),
        ..example(
            INTERNAL,
            &[("greets", "yes"), ("promises", "yes"), ("notes", "no")],
            66.66,
        )
    };
    let none = Example {
        outcome: Some("none".to_owned()),
        ..example(INTERNAL, &[("greets", "yes"), ("promises", "na")], None)
    };
    assert_eq!(
        told(vec![wrong, none]),
        "\
example[1].score: the example's score is 66.66, but the rubric gives 66.666666667
  hint: correct the example, or the weights and points it was made for
example[1].score_before_critical: the example's score before criticals is 10, but the rubric gives 66.666666667
  hint: correct the example, or the weights and points it was made for
example[1].outcome: the example's outcome is `below`, but the rubric gives `pass`
  hint: correct the example, or the weights and points it was made for
example[2].score: the example's score is none, but the rubric gives 100
  hint: correct the example, or the weights and points it was made for
example[2].outcome: the example's outcome is `none`, but the rubric gives `pass`
  hint: correct the example, or the weights and points it was made for
"
    );
}

#[test]
fn answers_that_the_rubric_does_not_know_are_told_alone() {
    let unknown = example(
        INTERNAL,
        &[("greets", "yess"), ("promise", "yes"), ("notes", "maybe")],
        100.0,
    );
    let forbidden = example(INTERNAL, &[("greets", "na"), ("promises", "no")], 0.0);
    assert_eq!(
        told(vec![unknown, forbidden]),
        "\
example[1].answers.greets: `yess` is no answer of the behavior `greets`
  hint: did you mean `yes`?
example[1].answers.promise: no behavior is called `promise`
  hint: did you mean `promises`?
example[1].answers.notes: `maybe` is no answer of the behavior `notes`
example[2].answers.greets: the answer `na` is forbidden for `greets`
"
    );
}

#[test]
fn blanks_and_answers_too_many_are_told_at_once() {
    let gaps = example(
        INTERNAL,
        &[("checks", "yes"), ("promises", "no"), ("notes", "yes")],
        100.0,
    );
    assert_eq!(
        told(vec![gaps]),
        "\
example[1].answers.checks: the example answers `checks`, which is not asked for in such a call
example[1].answers.notes: the example answers `notes`, which is not asked for in such a call
example[1].answers: the example leaves `greets` unanswered
"
    );
}
