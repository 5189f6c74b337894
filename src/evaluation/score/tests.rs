mod properties;

use super::*;
use crate::rubric::fixture::{EXTERNAL, INTERNAL, behavior, rubric, scale, section};
use crate::rubric::{AppliesTo, BehaviorSource, RubricSource, SectionSource};

use CallerType::{External, Internal, Unknown};

/// A rubric with the scale `extent` (2, 1 or 0 points).
fn source(weigh: Weigh, sections: Vec<SectionSource>) -> RubricSource {
    let mut source = rubric(weigh, sections);
    source.scales = vec![scale(
        "extent",
        &[("full", 2.0), ("partly", 1.0), ("none", 0.0)],
    )];
    source
}

fn built(source: &RubricSource) -> Rubric {
    Rubric::build(source).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// `id=answer` separated by blanks.
fn answers(rubric: &Rubric, text: &str) -> Vec<Option<Answer>> {
    let mut answers = vec![None; rubric.behaviors().len()];
    for pair in text.split_whitespace() {
        let (id, answer) = pair.split_once('=').expect("id=answer");
        let at = rubric.behavior(id).expect("behavior");
        answers[at] = rubric.behaviors()[at].scale.answer(answer);
        assert!(answers[at].is_some(), "{pair}");
    }
    answers
}

fn scored(source: &RubricSource, caller_type: CallerType, text: &str) -> Score {
    let rubric = built(source);
    score(&rubric, caller_type, &answers(&rubric, text))
}

#[track_caller]
fn near(score: Option<f64>, expected: f64) {
    let score = score.expect("a score");
    assert!((score - expected).abs() < 1e-9, "{score} is not {expected}");
}

fn extent(id: &str) -> BehaviorSource {
    behavior(id).on_scale("extent")
}

#[test]
fn sections_of_40_20_20_20_give_60_and_without_the_last_75() {
    let golden = source(
        Weigh::Sections,
        vec![
            section("a", 40.0, vec![extent("a1")]),
            section("b", 20.0, vec![extent("b1")]),
            section("c", 20.0, vec![extent("c1")]),
            section("d", 20.0, vec![extent("d1")]),
        ],
    );
    let whole = scored(&golden, External, "a1=full b1=partly c1=partly d1=none");
    assert_eq!(whole.score, Some(60.0));
    let without = scored(&golden, External, "a1=full b1=partly c1=partly d1=na");
    assert_eq!(without.score, Some(75.0));
    assert_eq!(without.behaviors[3].standing, Standing::Excluded);
    assert_eq!(without.sections[3].result, None);
    assert_eq!(without.sections[1].result, Some(0.5));
}

#[test]
fn points_pool_over_the_call() {
    let mut golden = source(
        Weigh::Points,
        vec![
            section(
                "a",
                40.0,
                vec![
                    behavior("a1").on_scale("point"),
                    behavior("a2").on_scale("point"),
                ],
            ),
            section("b", 20.0, vec![behavior("b1").on_scale("point")]),
        ],
    );
    golden.scales = vec![scale("point", &[("yes", 1.0), ("no", 0.0)])];
    let found = scored(&golden, Internal, "a1=yes a2=no b1=yes");
    assert_eq!(found.score, Some(60.0));
    assert_eq!(found.sections[0].result, Some(0.5));
}

#[test]
fn every_na_policy_in_every_way_of_weighing() {
    use NaPolicy::{Exclude, Forbid, Pass, Zero};
    for (weigh, expected) in [
        (Weigh::Sections, [80.0, 95.0, 65.0, 80.0]),
        (
            Weigh::Behaviors,
            [250.0 / 3.0, 550.0 / 6.0, 250.0 / 6.0, 250.0 / 3.0],
        ),
        (Weigh::Points, [87.5, 5200.0 / 56.0, 50.0, 87.5]),
    ] {
        for (na, expected) in [Exclude, Pass, Zero, Forbid].into_iter().zip(expected) {
            let weights = match weigh {
                Weigh::Behaviors => [None, None],
                Weigh::Sections | Weigh::Points => [Some(40.0), Some(60.0)],
            };
            let first = vec![extent("a"), extent("b").weighing(3.0).na(na)];
            let source = source(
                weigh,
                vec![
                    section("one", weights[0], first),
                    section("two", weights[1], vec![extent("c").weighing(2.0)]),
                ],
            );
            let found = scored(&source, External, "a=partly b=na c=full");
            near(found.score, expected);
            let standing = match na {
                Exclude | Forbid => Standing::Excluded,
                Pass => Standing::Counted(1.0),
                Zero => Standing::Counted(0.0),
            };
            assert_eq!(found.behaviors[1].standing, standing, "{na:?}");
        }
    }
}

#[test]
fn only_what_applies_to_the_caller_type_counts() {
    let source = source(
        Weigh::Behaviors,
        vec![section(
            "all",
            None,
            vec![
                extent("both"),
                behavior("inside").only_for(INTERNAL),
                behavior("outside").only_for(EXTERNAL),
            ],
        )],
    );
    let text = "both=partly inside=yes outside=no";
    assert_eq!(scored(&source, Internal, text).score, Some(75.0));
    assert_eq!(scored(&source, External, text).score, Some(25.0));
    let unknown = scored(&source, Unknown, text);
    assert_eq!(unknown.score, Some(50.0));
    assert_eq!(unknown.behaviors[1].standing, Standing::NotAsked);
    assert_eq!(unknown.behaviors[1].answer, None);
}

#[test]
fn a_hidden_behavior_does_not_count_whatever_was_answered() {
    // `first` hangs on `last`, `middle` on `first`.
    let source = source(
        Weigh::Behaviors,
        vec![section(
            "all",
            None,
            vec![
                behavior("first").shown_if("last", &["yes"]),
                behavior("middle").shown_if("first", &["no", "na"]),
                behavior("last"),
            ],
        )],
    );
    let told = |text| {
        let found = scored(&source, External, text);
        let asked = |b: &BehaviorResult| b.standing != Standing::NotAsked;
        let asked: Vec<bool> = found.behaviors.iter().map(asked).collect();
        (asked, found.score)
    };
    assert_eq!(
        told("first=no middle=yes last=no"),
        (vec![false, false, true], Some(0.0))
    );
    assert_eq!(
        told("first=no middle=yes last=yes"),
        (vec![true, true, true], Some(100.0 * (2.0 / 3.0)))
    );
    assert_eq!(
        told("first=yes middle=no last=yes"),
        (vec![true, false, true], Some(100.0))
    );
    assert_eq!(
        told("first=na middle=no last=yes"),
        (vec![true, true, true], Some(50.0))
    );
    // Blank and N/A are not "yes".
    assert_eq!(told("first=no"), (vec![false, false, true], None));
    assert_eq!(told("first=no last=na"), (vec![false, false, true], None));
}

#[test]
fn what_hangs_on_a_behavior_for_others_is_hidden() {
    let source = source(
        Weigh::Behaviors,
        vec![section(
            "all",
            None,
            vec![
                behavior("a").only_for(EXTERNAL),
                behavior("b").shown_if("a", &["yes"]),
                behavior("c"),
            ],
        )],
    );
    let text = "a=yes b=no c=yes";
    assert_eq!(scored(&source, Internal, text).score, Some(100.0));
    assert_eq!(scored(&source, Unknown, text).score, Some(100.0));
    near(scored(&source, External, text).score, 200.0 / 3.0);
}

#[test]
fn a_critical_does_what_its_scope_and_effect_say() {
    use Effect::{Outcome, Zero};
    for (weigh, weights, before, zero_section) in [
        (Weigh::Sections, [Some(60.0), Some(40.0)], 70.0, 40.0),
        (Weigh::Behaviors, [None, None], 200.0 / 3.0, 100.0 / 3.0),
        (Weigh::Points, [Some(2.0), Some(1.0)], 60.0, 20.0),
    ] {
        for (scope, effect, after) in [
            (Scope::Call, Zero, 0.0),
            (Scope::Section, Zero, zero_section),
            (Scope::Call, Outcome, before),
            (Scope::Section, Outcome, before),
        ] {
            let mut source = source(
                weigh,
                vec![
                    section(
                        "one",
                        weights[0],
                        vec![
                            behavior("a").critical(&["no"], scope, effect),
                            behavior("b"),
                        ],
                    ),
                    section("two", weights[1], vec![behavior("c")]),
                ],
            );
            source.pass_mark = Some(10.0);
            let found = scored(&source, External, "a=no b=yes c=yes");
            near(found.score, after);
            near(found.score_before_critical, before);
            assert_eq!(found.outcome, Some(CallOutcome::Fail));
            assert_eq!(found.criticals, [0]);
            let zeroed: Vec<bool> = found.sections.iter().map(|s| s.zeroed).collect();
            let section_zero = scope == Scope::Section && effect == Zero;
            assert_eq!(zeroed, [section_zero, false]);
            near(found.sections[0].result, 0.5);

            let fine = scored(&source, External, "a=yes b=yes c=no");
            assert_eq!(fine.outcome, Some(CallOutcome::Pass));
            assert_eq!(fine.score, fine.score_before_critical);
            assert!(fine.criticals.is_empty());
        }
    }
}

#[test]
fn a_critical_that_is_not_asked_or_not_applicable_is_not_triggered() {
    let source = source(
        Weigh::Behaviors,
        vec![section(
            "all",
            None,
            vec![
                behavior("a")
                    .critical(&["no"], Scope::Call, Effect::Zero)
                    .only_for(EXTERNAL)
                    .shown_if("b", &["yes"])
                    .na(NaPolicy::Zero),
                behavior("b"),
            ],
        )],
    );
    let outcome = |caller_type, text| scored(&source, caller_type, text).outcome;
    assert_eq!(outcome(External, "a=no b=yes"), Some(CallOutcome::Fail));
    assert_eq!(outcome(External, "a=no b=no"), None);
    assert_eq!(outcome(Internal, "a=no b=yes"), None);
    assert_eq!(outcome(Unknown, "a=no b=yes"), None);
    assert_eq!(outcome(External, "a=na b=yes"), None);
}

#[test]
fn where_nothing_applies_there_is_no_score() {
    for weigh in [Weigh::Behaviors, Weigh::Points] {
        let behaviors = vec![
            behavior("a").critical(&["no"], Scope::Call, Effect::Zero),
            behavior("outside").only_for(EXTERNAL),
            behavior("idle").weighing(0.0),
        ];
        let mut source = source(weigh, vec![section("all", None, behaviors)]);
        source.pass_mark = Some(0.0);
        let none = scored(&source, Internal, "a=na outside=yes idle=no");
        assert_eq!((none.score, none.score_before_critical), (None, None));
        assert_eq!(none.outcome, None);
        assert_eq!(none.sections[0].result, None);
        let blank = scored(&source, Internal, "");
        assert_eq!((blank.score, blank.outcome), (None, None));
    }
}

#[test]
fn a_critical_fails_a_call_without_a_score_and_makes_it_no_zero() {
    let a = behavior("a").weighing(0.0);
    let behaviors = vec![
        a.critical(&["no"], Scope::Call, Effect::Zero),
        behavior("b"),
    ];
    let source = source(Weigh::Behaviors, vec![section("all", None, behaviors)]);
    let found = scored(&source, External, "a=no b=na");
    assert_eq!(
        (found.score, found.outcome),
        (None, Some(CallOutcome::Fail))
    );
    // With something that counts it does its work, though its own weight is 0.
    assert_eq!(scored(&source, External, "a=no b=yes").score, Some(0.0));
}

#[test]
fn unanswered_is_neither_zero_nor_full() {
    let source = source(
        Weigh::Sections,
        vec![
            section("one", 50.0, vec![behavior("a"), behavior("b")]),
            section("two", 50.0, vec![behavior("c")]),
        ],
    );
    let found = scored(&source, External, "a=no c=yes");
    assert_eq!(found.score, Some(50.0));
    assert_eq!(found.behaviors[1].standing, Standing::Unanswered);
    assert_eq!(scored(&source, External, "c=yes").score, Some(100.0));
    // Fewer answers than behaviors, or one that the scale doesn't have, is the same.
    let rubric = built(&source);
    let short = score(&rubric, External, &[Some(Answer::Given(1))]);
    assert_eq!(short.score, Some(0.0));
    let odd = score(&rubric, External, &[Some(Answer::Given(9)), None, None]);
    assert_eq!(odd.behaviors[0].standing, Standing::Unanswered);
    assert_eq!(odd.score, None);
}

#[test]
fn a_score_at_the_pass_mark_passes_in_spite_of_binary_fractions() {
    // 0.6 of 0.1 + 0.1 + 0.6 is 74.99999999999999 % in binary.
    let behaviors = [0.1, 0.1, 0.6]
        .iter()
        .zip(["a", "b", "c"])
        .map(|(weight, id)| behavior(id).weighing(*weight));
    let mut source = source(
        Weigh::Behaviors,
        vec![section("all", None, behaviors.collect())],
    );
    source.pass_mark = Some(75.0);
    let found = scored(&source, External, "a=no b=no c=yes");
    assert!(found.score.is_some_and(|score| score < 75.0));
    assert_eq!(found.outcome, Some(CallOutcome::Pass));
    source.pass_mark = Some(75.0 + 1e-8);
    assert_eq!(
        scored(&source, External, "a=no b=no c=yes").outcome,
        Some(CallOutcome::Below)
    );
    source.pass_mark = None;
    assert_eq!(scored(&source, External, "a=no b=no c=yes").outcome, None);
}

#[test]
fn the_outcome_is_that_of_the_score_after_criticals_or_fail() {
    let mut source = source(
        Weigh::Behaviors,
        vec![section("all", None, vec![behavior("a"), behavior("b")])],
    );
    source.pass_mark = Some(50.0);
    let outcome = |text| scored(&source, External, text).outcome;
    assert_eq!(outcome("a=yes b=no"), Some(CallOutcome::Pass));
    assert_eq!(outcome("a=no b=no"), Some(CallOutcome::Below));
    for outcome in [CallOutcome::Pass, CallOutcome::Below, CallOutcome::Fail] {
        assert_eq!(CallOutcome::from_word(outcome.as_str()), Some(outcome));
    }
    assert_eq!(CallOutcome::from_word("Pass"), None);
}

#[test]
fn bonus_points_may_lift_a_score_above_100() {
    let mut source = source(
        Weigh::Behaviors,
        vec![section(
            "all",
            None,
            vec![
                behavior("a").on_scale("five"),
                behavior("b").on_scale("five"),
            ],
        )],
    );
    source.bonus = true;
    source.scales = vec![scale(
        "five",
        &[("exceeds", 6.0), ("meets", 5.0), ("below", 4.0)],
    )];
    source.scales[0].full = Some(5.0);
    near(scored(&source, External, "a=exceeds b=meets").score, 110.0);
    near(scored(&source, External, "a=exceeds b=below").score, 100.0);
    near(scored(&source, External, "a=below b=below").score, 80.0);
}

#[test]
fn a_weight_of_0_counts_for_nothing() {
    let one = section("one", 0.0, vec![behavior("a")]);
    let two = section(
        "two",
        100.0,
        vec![behavior("b"), behavior("c").weighing(0.0)],
    );
    let source = source(Weigh::Sections, vec![one, two]);
    assert_eq!(
        scored(&source, External, "a=no b=yes c=no").score,
        Some(100.0)
    );
    assert_eq!(scored(&source, External, "a=yes b=na c=yes").score, None);
}
