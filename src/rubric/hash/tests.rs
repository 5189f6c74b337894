use crate::rubric::fixture::{EXTERNAL, INTERNAL, behavior, example, rubric, scale, section};
use crate::rubric::{
    Band, CommentPolicy, Cost, Driver, Effect, Family, NaPolicy, OptionSource, Rubric,
    RubricSource, Scope, Weigh,
};

/// A source in which everything that can be left out is left out.
pub(in crate::rubric) fn short() -> RubricSource {
    let mut source = rubric(
        Weigh::Points,
        vec![
            section("opening", None, vec![behavior("greets"), behavior("names")]),
            section("help", 2.0, vec![behavior("solves").on_scale("extent")]),
        ],
    );
    source.scales = vec![
        scale("extent", &[("full", 2.0), ("partly", 1.0), ("none", 0.0)]),
        scale("unused", &[("one", 1.0), ("two", 2.0)]),
    ];
    source
}

fn hashes(change: impl Fn(&mut RubricSource)) -> ([u8; 32], [u8; 32]) {
    let mut source = short();
    change(&mut source);
    let rubric = Rubric::build(&source).unwrap_or_else(|faults| panic!("{faults:?}"));
    (rubric.hash(), rubric.scoring_hash())
}

type Change = (&'static str, fn(&mut RubricSource));

pub(in crate::rubric) const NEITHER: &[Change] = &[
    ("examples", |s| {
        s.examples = vec![example(INTERNAL, &[("greets", "yes")], 100.0)];
    }),
    ("a section weight of 1", |s| {
        s.sections[0].weight = Some(1.0)
    }),
    ("a section title that is its id", |s| {
        s.sections[0].title = Some("opening".to_owned());
    }),
    ("a behavior weight of 1", |s| {
        s.sections[0].behaviors[0].weight = Some(1.0);
    }),
    ("the rubric's N/A said again", |s| {
        s.sections[0].behaviors[0].na = Some(NaPolicy::Exclude);
    }),
    ("the full points said", |s| s.scales[0].full = Some(2.0)),
    ("keys said", |s| {
        for (option, key) in s.scales[0].options.iter_mut().zip(["1", "2", "3"]) {
            option.key = Some(key.to_owned());
        }
    }),
    ("texts that are ids", |s| {
        for option in &mut s.scales[0].options {
            option.text = Some(option.id.clone());
        }
    }),
    ("points of -0", |s| s.scales[0].options[2].points = -0.0),
    ("the order of scales", |s| s.scales.reverse()),
];

pub(in crate::rubric) const WORDING: &[Change] = &[
    ("title", |s| s.title = "Other".to_owned()),
    ("revision", |s| s.revision = Some("2".to_owned())),
    ("bands", |s| {
        s.bands = vec![Band {
            from: 0.0,
            name: "All".to_owned(),
        }];
    }),
    ("drivers", |s| {
        s.drivers = vec![Driver {
            id: "new".to_owned(),
            text: "New".to_owned(),
            avoidable: false,
            minutes: None,
        }];
    }),
    ("cost", |s| {
        s.cost = Some(Cost {
            per_minute: 0.95,
            currency: "EUR".to_owned(),
        });
    }),
    ("a section title", |s| {
        s.sections[0].title = Some("Opening".to_owned());
    }),
    ("a behavior's text", |s| {
        s.sections[0].behaviors[0].text = "Says hello".to_owned();
    }),
    ("guidance", |s| {
        s.sections[0].behaviors[0].look_for = Some("Within 5 s".to_owned());
    }),
    ("comment", |s| {
        s.sections[0].behaviors[0].comment = CommentPolicy::OnFail;
    }),
    ("an option's text", |s| {
        s.scales[0].options[0].text = Some("Complete".to_owned());
    }),
    ("an option's key", |s| {
        s.scales[0].options[0].key = Some("f".to_owned());
    }),
    ("a scale that nobody uses", |s| {
        s.scales[1].options[0].points = 0.5;
    }),
];

pub(in crate::rubric) const SCORING: &[Change] = &[
    ("id", |s| s.id = "other".to_owned()),
    ("weigh", |s| {
        s.weigh = Weigh::Behaviors;
        s.sections[1].weight = None;
    }),
    ("bonus", |s| s.bonus = true),
    ("na", |s| s.na = NaPolicy::Zero),
    ("pass mark", |s| s.pass_mark = Some(80.0)),
    ("a section's id", |s| s.sections[0].id = "start".to_owned()),
    ("a section weight", |s| s.sections[0].weight = Some(3.0)),
    ("the order of sections", |s| s.sections.reverse()),
    ("the order of behaviors", |s| {
        s.sections[0].behaviors.reverse()
    }),
    ("where a section begins", |s| {
        let names = s.sections[0].behaviors.remove(1);
        s.sections[1].behaviors.insert(0, names);
    }),
    ("a behavior's id", |s| {
        s.sections[0].behaviors[0].id = "hello".to_owned();
    }),
    ("a behavior's scale", |s| {
        s.sections[0].behaviors[0].answers = "extent".to_owned();
    }),
    ("a behavior's weight", |s| {
        s.sections[0].behaviors[0].weight = Some(0.0);
    }),
    ("a behavior's N/A", |s| {
        s.sections[0].behaviors[0].na = Some(NaPolicy::Pass);
    }),
    ("applies_to", |s| {
        s.sections[0].behaviors[0].applies_to = INTERNAL;
    }),
    ("applies_to the others", |s| {
        s.sections[0].behaviors[0].applies_to = EXTERNAL;
    }),
    ("a critical", |s| critical(s, &["no"])),
    ("what triggers a critical", |s| critical(s, &["yes"])),
    ("a critical's family", |s| {
        critical(s, &["no"]);
        if let Some(critical) = &mut s.sections[0].behaviors[0].critical {
            critical.family = Family::Customer;
        }
    }),
    ("a critical's scope", |s| {
        critical(s, &["no"]);
        if let Some(critical) = &mut s.sections[0].behaviors[0].critical {
            critical.scope = Scope::Section;
        }
    }),
    ("a critical's effect", |s| {
        critical(s, &["no"]);
        if let Some(critical) = &mut s.sections[0].behaviors[0].critical {
            critical.effect = Effect::Outcome;
        }
    }),
    ("a condition", |s| shown_if(s, "greets", &["yes"])),
    ("the answers of a condition", |s| {
        shown_if(s, "greets", &["na", "yes"])
    }),
    ("the behavior of a condition", |s| {
        shown_if(s, "names", &["yes"])
    }),
    ("an option's id", |s| {
        s.scales[0].options[0].id = "all".to_owned();
    }),
    ("an option's points", |s| {
        s.scales[0].options[1].points = 1.5
    }),
    ("full points", |s| s.scales[0].full = Some(4.0)),
    ("the order of options", |s| s.scales[0].options.reverse()),
    ("an option more", |s| {
        s.scales[0].options.push(OptionSource {
            id: "hardly".to_owned(),
            key: None,
            text: None,
            points: 0.0,
        });
    }),
    ("a scale's name", |s| {
        s.scales[0].id = "degree".to_owned();
        s.sections[1].behaviors[0].answers = "degree".to_owned();
    }),
];

fn critical(source: &mut RubricSource, on: &[&str]) {
    let greets = behavior("greets").critical(on, Scope::Call, Effect::Zero);
    source.sections[0].behaviors[0] = greets;
}

fn shown_if(source: &mut RubricSource, other: &str, is: &[&str]) {
    let solves = behavior("solves").on_scale("extent").shown_if(other, is);
    source.sections[1].behaviors[0] = solves;
}

#[test]
fn what_is_the_same_rubric_has_the_same_hashes() {
    for (what, change) in NEITHER {
        assert_eq!(hashes(change), hashes(|_| {}), "{what}");
    }
}

#[test]
fn wording_changes_the_hash_and_not_the_scoring_hash() {
    let before = hashes(|_| {});
    let mut seen = vec![before.0];
    for (what, change) in WORDING {
        let after = hashes(change);
        assert_eq!(after.1, before.1, "{what}");
        assert!(!seen.contains(&after.0), "{what}");
        seen.push(after.0);
    }
}

#[test]
fn everything_that_decides_scores_changes_both_hashes() {
    let before = hashes(|_| {});
    let mut seen = vec![before];
    for (what, change) in SCORING {
        let after = hashes(change);
        let new = |other: &([u8; 32], [u8; 32])| other.0 != after.0 && other.1 != after.1;
        assert!(seen.iter().all(new), "{what}");
        seen.push(after);
    }
}

#[test]
fn the_order_and_number_of_listed_answers_mean_nothing() {
    assert_eq!(
        hashes(|s| critical(s, &["no", "yes"])),
        hashes(|s| critical(s, &["yes", "no", "yes"]))
    );
    assert_eq!(
        hashes(|s| shown_if(s, "greets", &["na", "yes"])),
        hashes(|s| shown_if(s, "greets", &["yes", "na"]))
    );
}

#[test]
fn the_hash_is_that_of_this_text() {
    // Outside of this program: printf %s '…' | sha256sum
    let source = rubric(
        Weigh::Sections,
        vec![section(
            "only",
            100.0,
            vec![
                behavior("greets").weighing(1.5),
                behavior("names").weighing(1.0),
            ],
        )],
    );
    let rubric = Rubric::build(&source).expect("valid");
    let scoring = r#"{"id":"small","section":[{"behavior":[{"answers":"yes_no","id":"greets","weight":1.5},{"answers":"yes_no","id":"names"}],"id":"only","weight":100}],"weigh":"sections"}"#;
    let whole = r#"{"id":"small","section":[{"behavior":[{"answers":"yes_no","id":"greets","text":"Does greets","weight":1.5},{"answers":"yes_no","id":"names","text":"Does names"}],"id":"only","weight":100}],"title":"Small","weigh":"sections"}"#;
    let hex = |text: &str| {
        let digest: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(text).into();
        digest
    };
    assert_eq!(rubric.scoring_hash(), hex(scoring));
    assert_eq!(rubric.hash(), hex(whole));
}

#[test]
fn what_an_avoidable_call_takes_is_wording_too() {
    let with = |minutes: Option<f64>, per_minute: f64| {
        let mut source = short();
        source.drivers = vec![Driver {
            id: "status".to_owned(),
            text: "Asked for the status".to_owned(),
            avoidable: true,
            minutes,
        }];
        source.cost = Some(Cost {
            per_minute,
            currency: String::new(),
        });
        Rubric::build(&source).unwrap()
    };
    let base = with(None, 1.0);
    for other in [with(Some(4.5), 1.0), with(None, 2.0)] {
        assert_ne!(base.hash(), other.hash());
        assert_eq!(base.scoring_hash(), other.scoring_hash());
    }
    assert_ne!(with(Some(4.5), 1.0).hash(), with(Some(5.0), 1.0).hash());
}
