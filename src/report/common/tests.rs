use super::*;
use crate::rubric::fixture::{EXTERNAL, behavior, rubric, scale, section};
use crate::rubric::{BehaviorSource, RubricSource, Weigh};

fn of(behaviors: Vec<BehaviorSource>) -> RubricSource {
    rubric(Weigh::Behaviors, vec![section("all", None, behaviors)])
}

fn build(source: &RubricSource) -> Rubric {
    Rubric::build(source).expect("a valid rubric")
}

fn between(newest: &RubricSource, other: &RubricSource) -> CommonBehaviors {
    CommonBehaviors::between(&[&build(newest), &build(other)])
}

fn ids(common: &CommonBehaviors) -> Vec<&str> {
    common
        .rows
        .iter()
        .map(|row| row.behavior.as_str())
        .collect()
}

fn left_out(behavior: &str, why: LeftOut) -> Vec<(String, LeftOut)> {
    vec![(behavior.to_owned(), why)]
}

#[test]
fn weights_and_places_do_not_matter() {
    let one = of(vec![behavior("greets"), behavior("helps")]);
    let other = of(vec![behavior("helps").weighing(3.0), behavior("greets")]);
    let common = between(&one, &other);
    assert_eq!(ids(&common), ["greets", "helps"]);
    assert_eq!(common.left_out, []);
}

#[test]
fn what_only_one_rubric_asks_is_left_out_whichever_it_is() {
    let one = of(vec![behavior("greets"), behavior("helps")]);
    let other = of(vec![behavior("greets")]);
    for common in [between(&one, &other), between(&other, &one)] {
        assert_eq!(ids(&common), ["greets"]);
        assert_eq!(common.left_out, left_out("helps", LeftOut::NotAsked));
    }
}

#[test]
fn a_scale_is_the_same_by_ids_points_and_full_points_not_by_name_or_order() {
    let with = |name: &str, options: &[(&str, f64)], full| RubricSource {
        scales: vec![crate::rubric::ScaleSource {
            full,
            ..scale(name, options)
        }],
        bonus: true,
        ..of(vec![behavior("helps").on_scale(name)])
    };
    let one = with("parts", &[("all", 10.0), ("none", 0.0)], None);
    let turned = with("extent", &[("none", 0.0), ("all", 10.0)], None);
    assert_eq!(ids(&between(&one, &turned)), ["helps"]);
    for other in [
        with("parts", &[("all", 10.0), ("none", 5.0)], None),
        with("parts", &[("full", 10.0), ("none", 0.0)], None),
        with(
            "parts",
            &[("all", 10.0), ("half", 5.0), ("none", 0.0)],
            None,
        ),
        with("parts", &[("all", 10.0), ("none", 0.0)], Some(5.0)),
    ] {
        let common = between(&one, &other);
        assert_eq!(common.left_out, left_out("helps", LeftOut::OtherScale));
    }
}

#[test]
fn a_behavior_asked_of_other_callers_is_another() {
    let one = of(vec![behavior("greets"), behavior("helps")]);
    let other = of(vec![
        behavior("greets"),
        behavior("helps").only_for(EXTERNAL),
    ]);
    let common = between(&one, &other);
    assert_eq!(common.left_out, left_out("helps", LeftOut::OtherCallers));
}

#[test]
fn other_conditions_are_told() {
    let helps = || behavior("helps");
    let one = of(vec![behavior("asks"), helps().shown_if("asks", &["yes"])]);
    let other = of(vec![behavior("asks"), helps().shown_if("asks", &["no"])]);
    assert_eq!(between(&one, &one).conditions, Vec::<String>::new());
    let common = between(&one, &other);
    assert_eq!(ids(&common), ["asks", "helps"]);
    assert_eq!(common.conditions, ["helps"]);
}

#[test]
fn rubrics_without_a_common_behavior_say_so() {
    let common = between(&of(vec![behavior("greets")]), &of(vec![behavior("helps")]));
    let notes = common.notes();
    assert!(
        notes[0].text.ends_with("are compared; there is none."),
        "{}",
        notes[0].text
    );
    assert_eq!(
        notes[1].text,
        "Left out, because not all rubrics ask it: greets, helps."
    );
}
