use crate::rubric::fixture::{EXTERNAL, INTERNAL, behavior, rubric, scale, section};
use crate::rubric::{
    AppliesTo, Band, Driver, Effect, Fault, NaPolicy, Rubric, RubricSource, Scope, Weigh,
};

/// Two sections of two behaviors; valid.
fn source() -> RubricSource {
    let mut source = rubric(
        Weigh::Sections,
        vec![
            section("opening", 40.0, vec![behavior("greets"), behavior("names")]),
            section(
                "help",
                60.0,
                vec![behavior("solves").on_scale("extent"), behavior("ends")],
            ),
        ],
    );
    source.scales = vec![scale(
        "extent",
        &[("full", 2.0), ("partly", 1.0), ("none", 0.0)],
    )];
    source
}

/// Every fault as `place: text`, and its hint below it.
fn told(faults: &[Fault]) -> String {
    let line = |fault: &Fault| {
        let hint = fault.kind.hint();
        let hint = hint.map_or_else(String::new, |hint| format!("\n  hint: {hint}"));
        format!("{}: {}{hint}\n", fault.path, fault.kind)
    };
    faults.iter().map(line).collect()
}

#[track_caller]
fn faults(change: impl Fn(&mut RubricSource), expected: &str) {
    let mut source = source();
    change(&mut source);
    let faults = Rubric::build(&source).map(|_| ()).unwrap_err();
    assert_eq!(told(&faults), expected);
}

fn builds(change: impl Fn(&mut RubricSource)) -> Rubric {
    let mut source = source();
    change(&mut source);
    Rubric::build(&source).unwrap_or_else(|faults| panic!("{}", told(&faults)))
}

#[test]
fn a_valid_source_builds_with_its_defaults() {
    let rubric = builds(|_| {});
    assert_eq!(rubric.sections()[0].title, "opening");
    assert_eq!(rubric.sections()[1].behaviors, 2..4);
    let solves = &rubric.behaviors()[2];
    assert_eq!(
        (solves.section, solves.weight, solves.na),
        (1, 1.0, NaPolicy::Exclude)
    );
    assert_eq!(solves.scale.full, 2.0);
    let keys: String = solves
        .scale
        .options
        .iter()
        .map(|option| option.key)
        .collect();
    assert_eq!(keys, "123");
    assert_eq!(solves.scale.options[1].text, "partly");
    assert_eq!(rubric.behaviors()[0].scale.options[0].key, 'y');
}

#[test]
fn other_valid_forms_build() {
    builds(|s| {
        s.weigh = Weigh::Behaviors;
        s.sections
            .iter_mut()
            .for_each(|section| section.weight = None);
    });
    builds(|s| {
        s.weigh = Weigh::Points;
        s.sections[0].weight = None;
        s.sections[1].weight = Some(0.0);
    });
    builds(|s| {
        s.sections.truncate(1);
        s.sections[0].weight = Some(33.3 + 33.3 + 33.4);
    });
    let rubric = builds(|s| {
        s.bonus = true;
        s.scales[0].full = Some(1.0);
        s.pass_mark = Some(100.0);
    });
    assert_eq!(rubric.behaviors()[2].scale.full, 1.0);
}

#[test]
fn a_behavior_takes_the_rubrics_na_unless_it_has_its_own() {
    let rubric = builds(|s| {
        s.na = NaPolicy::Forbid;
        s.sections[0].behaviors[1].na = Some(NaPolicy::Pass);
    });
    let na: Vec<_> = rubric.behaviors().iter().map(|b| b.na).collect();
    assert_eq!(na[..2], [NaPolicy::Forbid, NaPolicy::Pass]);
}

#[test]
fn ids_are_plain_and_stand_once() {
    faults(
        |s| {
            s.id = "Small Rubric".to_owned();
            s.sections[1].id = "opening".to_owned();
            s.sections[0].behaviors[0].id = "names".to_owned();
            s.sections[1].behaviors[1].id = String::new();
            s.scales[0].options[2].id = "full".to_owned();
            let driver = Driver {
                id: "status_check".to_owned(),
                text: "Asked again".to_owned(),
                avoidable: true,
                minutes: None,
            };
            s.drivers = vec![driver.clone(), driver];
        },
        "\
answers.extent.options[3].id: the id `full` stands twice
section[1].behavior[2].id: the id `names` stands twice
section[2].id: the id `opening` stands twice
section[2].behavior[2].id: the id `` may have lower-case letters, digits and `-` only
rubric.id: the id `Small Rubric` may have lower-case letters, digits and `-` only
driver[1].id: the id `status_check` may have lower-case letters, digits and `-` only
driver[2].id: the id `status_check` may have lower-case letters, digits and `-` only
",
    );
}

#[test]
fn reserved_ids_are_refused_with_the_reason() {
    faults(
        |s| {
            s.sections[0].behaviors[0].id = "csr-heard".to_owned();
            s.sections[0].behaviors[1].id = "na".to_owned();
            s.scales[0].options[2].id = "na".to_owned();
        },
        "\
answers.extent.options[3].id: the id `na` is reserved
  hint: it stands for \"not applicable\"; choose another
section[1].behavior[1].id: the id `csr-heard` is reserved
  hint: it is a column of the answers file; choose another
section[1].behavior[2].id: the id `na` is reserved
  hint: it stands for \"not applicable\"; choose another
",
    );
}

#[test]
fn a_rubric_has_sections_and_a_section_behaviors() {
    faults(|s| s.sections.clear(), ": there is no section\n");
    faults(
        |s| s.sections[1].behaviors.clear(),
        "section[2]: the section `help` has no behavior\n",
    );
}

#[test]
fn weights_are_numbers_of_zero_or_more() {
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        faults(
            |s| {
                s.sections[0].weight = Some(bad);
                s.sections[1].behaviors[0].weight = Some(bad);
            },
            "\
section[1].weight: a weight must be a number of 0 or more
section[2].behavior[1].weight: a weight must be a number of 0 or more
",
        );
    }
}

#[test]
fn section_weights_are_there_and_add_up() {
    faults(
        |s| s.sections[1].weight = None,
        "\
section[2]: the section `help` has no weight
  hint: add `weight = …`; the weights of all sections add up to 100
",
    );
    faults(
        |s| {
            s.sections[0].weight = Some(30.1);
            s.sections[1].weight = Some(60.2);
        },
        "\
section[1].weight: the section weights add up to 90.3, not 100
  hint: with `weigh = \"sections\"` they must add up to 100
",
    );
}

#[test]
fn weights_that_mean_nothing_are_told() {
    faults(
        |s| s.weigh = Weigh::Behaviors,
        "\
section[1].weight: sections have no weight when `weigh` is \"behaviors\"
  hint: remove it, or use `weigh = \"sections\"`
section[2].weight: sections have no weight when `weigh` is \"behaviors\"
  hint: remove it, or use `weigh = \"sections\"`
",
    );
    faults(
        |s| {
            let zero = |b: &mut crate::rubric::BehaviorSource| b.weight = Some(0.0);
            s.sections[0].behaviors.iter_mut().for_each(zero);
        },
        "section[1]: all weights here are 0\n",
    );
    faults(
        |s| {
            s.weigh = Weigh::Points;
            s.sections
                .iter_mut()
                .for_each(|section| section.weight = Some(0.0));
        },
        "section[1].weight: all weights here are 0\n",
    );
}

#[test]
fn a_misspelt_scale_is_told_once_with_the_nearest() {
    faults(
        |s| {
            let solves = behavior("solves").on_scale("extend");
            let solves = solves.critical(&["none"], Scope::Call, Effect::Zero);
            s.sections[1].behaviors[0] = solves;
            s.sections[1].behaviors[1] = behavior("ends").shown_if("solves", &["partly"]);
            s.sections[0].behaviors[0].answers = "scale".to_owned();
        },
        "\
section[1].behavior[1].answers: no answer scale is called `scale`
section[2].behavior[1].answers: no answer scale is called `extend`
  hint: did you mean `extent`?
",
    );
}

#[test]
fn a_scale_has_two_options_or_more_and_is_not_the_built_in_one() {
    faults(
        |s| {
            s.scales[0].options.truncate(1);
            let solves = behavior("solves").on_scale("extent");
            s.sections[1].behaviors[0] = solves.critical(&["none"], Scope::Call, Effect::Zero);
        },
        "answers.extent: the answer scale `extent` needs two options or more, 62 at most\n",
    );
    faults(
        |s| s.scales.push(scale("yes_no", &[("yes", 1.0), ("no", 0.0)])),
        "answers.yes_no: the answer scale `yes_no` is built in and can't be defined again\n",
    );
}

#[test]
fn points_and_full_points_are_told_at_their_place() {
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        faults(
            |s| s.scales[0].options[1].points = bad,
            "answers.extent.options[2].points: points must be a number of 0 or more\n",
        );
    }
    for bad in [0.0, -5.0, f64::NAN, f64::INFINITY] {
        faults(
            |s| s.scales[0].full = Some(bad),
            "answers.extent.full: `full` must be above 0\n",
        );
    }
    faults(
        |s| {
            s.scales[0]
                .options
                .iter_mut()
                .for_each(|option| option.points = 0.0)
        },
        "answers.extent.full: `full` must be above 0\n",
    );
    faults(
        |s| s.scales[0].full = Some(0.5),
        "\
answers.extent.options[1].points: `full` earns 2 points, more than the full 0.5
  hint: say `bonus = true` under [rubric] if scores may pass 100
answers.extent.options[2].points: `partly` earns 1 points, more than the full 0.5
  hint: say `bonus = true` under [rubric] if scores may pass 100
",
    );
}

#[test]
fn keys_are_single_free_and_stand_once() {
    faults(
        |s| {
            let keys = ["no", "u", "3", "3", "X", "ä", ""];
            s.scales[0] = scale("extent", &keys.map(|_| ("id", 1.0)));
            for (at, (option, key)) in s.scales[0].options.iter_mut().zip(keys).enumerate() {
                option.id = format!("o{at}");
                option.key = Some(key.to_owned());
            }
            let solves = behavior("solves").on_scale("extent");
            s.sections[1].behaviors[0] = solves.critical(&["o0"], Scope::Call, Effect::Zero);
        },
        "\
answers.extent.options[1].key: the key `no` must be one lower-case letter or digit
answers.extent.options[2].key: the key `u` is needed by the scoring screen
  hint: free keys are digits and letters other than a b c d j k o q t u x
answers.extent.options[4].key: the key `3` stands twice in this scale
answers.extent.options[5].key: the key `X` must be one lower-case letter or digit
answers.extent.options[6].key: the key `ä` must be one lower-case letter or digit
answers.extent.options[7].key: the key `` must be one lower-case letter or digit
",
    );
}

#[test]
fn a_critical_names_answers_of_its_scale() {
    faults(
        |s| {
            let greets =
                behavior("greets").critical(&["no", "noo", "na"], Scope::Call, Effect::Zero);
            let names = behavior("names").critical(&[], Scope::Section, Effect::Outcome);
            s.sections[0].behaviors = vec![greets, names];
        },
        "\
section[1].behavior[1].critical.on[2]: `noo` is no answer of the behavior `greets`
  hint: did you mean `no`?
section[1].behavior[1].critical.on[3]: `na` is no answer of the behavior `greets`
section[1].behavior[2].critical.on: this critical can never be triggered: `on` is empty
",
    );
}

#[test]
fn a_condition_names_a_behavior_and_its_answers() {
    faults(
        |s| {
            s.sections[0].behaviors[0] = behavior("greets").shown_if("naems", &["yes"]);
            s.sections[0].behaviors[1] =
                behavior("names").shown_if("solves", &["full", "yes", "na"]);
        },
        "\
section[1].behavior[1].show_if.behavior: no behavior is called `naems`
  hint: did you mean `names`?
section[1].behavior[2].show_if.is[2]: `yes` is no answer of the behavior `solves`
",
    );
}

#[test]
fn conditions_do_not_go_in_a_circle() {
    faults(
        |s| s.sections[0].behaviors[0] = behavior("greets").shown_if("greets", &["yes"]),
        "section[1].behavior[1].show_if: `show_if` goes in a circle: greets > greets\n",
    );
    faults(
        |s| {
            s.sections[0].behaviors[0] = behavior("greets").shown_if("names", &["yes"]);
            s.sections[0].behaviors[1] = behavior("names").shown_if("ends", &["yes"]);
            s.sections[1].behaviors[0] = behavior("solves").shown_if("greets", &["yes"]);
            s.sections[1].behaviors[1] = behavior("ends").shown_if("names", &["yes"]);
        },
        "section[1].behavior[2].show_if: `show_if` goes in a circle: names > ends > names\n",
    );
}

#[test]
fn a_behavior_that_no_call_can_show_is_told() {
    faults(
        |s| {
            s.sections[0].behaviors[0] = behavior("greets").shown_if("names", &[]);
            s.sections[1].behaviors[0] = behavior("solves").shown_if("ends", &["na"]);
            s.sections[1].behaviors[1] = behavior("ends").na(NaPolicy::Forbid);
        },
        "\
section[1].behavior[1].show_if: this behavior can never be shown: `is` names no answer
section[2].behavior[1].show_if: this behavior can never be shown: `ends` may not be answered `na`
",
    );
    // Of the three, the middle one is for both, but only co-workers ever see it.
    faults(
        |s| {
            s.sections[0].behaviors[0] = behavior("greets").only_for(INTERNAL);
            s.sections[0].behaviors[1] = behavior("names").shown_if("greets", &["yes"]);
            let solves = behavior("solves").only_for(EXTERNAL);
            s.sections[1].behaviors[0] = solves.shown_if("names", &["yes"]);
            s.sections[1].behaviors[1] = behavior("ends").shown_if("solves", &["yes"]);
        },
        "\
section[2].behavior[1].show_if: this behavior can never be shown: `names` is asked only for the other caller type
",
    );
    faults(
        |s| {
            let nobody = AppliesTo {
                internal: false,
                external: false,
            };
            s.sections[0].behaviors[0] = behavior("greets").only_for(nobody);
            s.sections[0].behaviors[1] = behavior("names").shown_if("greets", &["yes"]);
        },
        "section[1].behavior[1].applies_to: `applies_to` is empty, so this behavior is never asked\n",
    );
}

#[test]
fn the_pass_mark_and_the_bands_are_scores() {
    for bad in [-0.1, 100.1, f64::NAN] {
        faults(
            |s| s.pass_mark = Some(bad),
            "rubric.pass_mark: the pass mark must be between 0 and 100\n",
        );
    }
    for bad in [
        &[95.0, 85.0][..],
        &[85.0, 95.0, 0.0],
        &[85.0, 85.0, 0.0],
        &[f64::INFINITY, 0.0],
        &[f64::NAN, 0.0],
        &[50.0, 0.0, -1.0],
    ] {
        faults(
            |s| {
                let band = |from: &f64| Band {
                    from: *from,
                    name: "Band".to_owned(),
                };
                s.bands = bad.iter().map(band).collect();
            },
            "\
rubric.bands: bands must go down from the highest `from` to one that begins at 0
  hint: for instance 95, 85, 0
",
        );
    }
}

#[test]
fn a_score_falls_in_the_band_it_reaches_after_rounding() {
    let rubric = builds(|s| {
        let band = |(from, name): (f64, &str)| Band {
            from,
            name: name.to_owned(),
        };
        s.bands = [(85.0, "Meets"), (0.0, "Below")].map(band).to_vec();
        s.pass_mark = Some(85.0);
    });
    let names = |score| rubric.band(score).map(|band| band.name.as_str());
    assert_eq!(names(85.0 - 1e-12), Some("Meets"));
    assert_eq!(names(85.0 - 1e-8), Some("Below"));
    assert_eq!(names(0.0), Some("Below"));
    assert_eq!(names(120.0), Some("Meets"));
    assert_eq!(rubric.passes(85.0 - 1e-12), Some(true));
    assert_eq!(rubric.passes(85.0 - 1e-8), Some(false));
    assert_eq!(builds(|_| {}).passes(50.0), None);
}

#[test]
fn everything_wrong_with_a_source_is_told_at_once() {
    faults(
        |s| {
            s.pass_mark = Some(101.0);
            s.scales[0].options[0].points = -1.0;
            s.sections[0].weight = Some(10.0);
            s.sections[0].behaviors[0].answers = "yesno".to_owned();
            s.sections[1].behaviors[1].id = "solves".to_owned();
            s.sections[1].behaviors[1] = behavior("solves").shown_if("greet", &["yes"]);
        },
        "\
answers.extent.options[1].points: points must be a number of 0 or more
section[1].behavior[1].answers: no answer scale is called `yesno`
  hint: did you mean `yes_no`?
section[2].behavior[2].id: the id `solves` stands twice
section[2].behavior[2].show_if.behavior: no behavior is called `greet`
  hint: did you mean `greets`?
rubric.pass_mark: the pass mark must be between 0 and 100
section[1].weight: the section weights add up to 70, not 100
  hint: with `weigh = \"sections\"` they must add up to 100
",
    );
}
