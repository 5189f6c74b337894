use crate::rubric::ChangeKind::{self, Scoring, Ticks, Wording};
use crate::rubric::fixture::{EXTERNAL, INTERNAL, behavior, example, rubric, scale, section};
use crate::rubric::{
    AppliesTo, Band, CommentPolicy, Driver, Effect, Family, NaPolicy, RubricSource, Scope, Weigh,
};

fn driver(id: &str) -> Driver {
    Driver {
        id: id.to_owned(),
        text: format!("Because of {id}"),
        avoidable: false,
        minutes: None,
    }
}

/// A source in which nothing is left out.
pub(super) fn long() -> RubricSource {
    let mut greets = behavior("greets").critical(&["no"], Scope::Call, Effect::Zero);
    greets.look_for = Some("Within 5 s".to_owned());
    let solves = behavior("solves")
        .on_scale("extent")
        .shown_if("names", &["yes"]);
    let opening = vec![greets, behavior("names"), behavior("thanks").weighing(2.0)];
    let help = vec![solves, behavior("writes").only_for(EXTERNAL)];
    let mut source = rubric(
        Weigh::Points,
        vec![section("opening", 1.5, opening), section("help", 2.0, help)],
    );
    source.revision = Some("1".to_owned());
    source.pass_mark = Some(85.0);
    source.bands = vec![Band {
        from: 0.0,
        name: "All".to_owned(),
    }];
    source.scales = vec![
        scale("extent", &[("full", 2.0), ("partly", 1.0), ("none", 0.0)]),
        scale("unused", &[("one", 1.0), ("two", 2.0)]),
    ];
    source.drivers = vec![driver("status"), driver("order")];
    source
}

pub(super) type Edit = (fn(&mut RubricSource), &'static [(ChangeKind, &'static str)]);

/// One edit of the long source each, and all that must be said of it.
pub(super) const EDITS: &[Edit] = &[
    (|_| {}, &[]),
    (
        |s| s.examples = vec![example(INTERNAL, &[("greets", "yes")], 100.0)],
        &[],
    ),
    (
        |s| s.id = "big".to_owned(),
        &[(Scoring, "the rubric itself: id: `small` becomes `big`")],
    ),
    (
        |s| s.bonus = true,
        &[(Scoring, "the rubric itself: bonus: no becomes yes")],
    ),
    (
        |s| s.pass_mark = Some(90.0),
        &[(Scoring, "the rubric itself: pass mark: 85 becomes 90")],
    ),
    (
        |s| s.pass_mark = None,
        &[(Scoring, "the rubric itself: pass mark: 85 becomes none")],
    ),
    (
        |s| s.title = "Big".to_owned(),
        &[(
            Wording,
            "the rubric itself: title: \"Small\" becomes \"Big\"",
        )],
    ),
    (
        |s| s.revision = Some("2".to_owned()),
        &[(Wording, "the rubric itself: revision: \"1\" becomes \"2\"")],
    ),
    (
        |s| s.revision = None,
        &[(Wording, "the rubric itself: revision: \"1\" becomes none")],
    ),
    (
        |s| {
            s.bands.insert(
                0,
                Band {
                    from: 90.0,
                    name: "Top".to_owned(),
                },
            );
        },
        &[(
            Wording,
            "the rubric itself: bands: 0 \"All\" becomes 90 \"Top\", 0 \"All\"",
        )],
    ),
    (
        |s| s.bands.clear(),
        &[(Wording, "the rubric itself: bands: 0 \"All\" becomes none")],
    ),
    (
        |s| s.scales[0].options[1].points = 1.5,
        &[(
            Scoring,
            "scale `extent`: points of answer `partly`: 1 becomes 1.5",
        )],
    ),
    (
        |s| s.scales[0].options[0].points = 4.0,
        &[
            (Scoring, "scale `extent`: full points: 2 becomes 4"),
            (
                Scoring,
                "scale `extent`: points of answer `full`: 2 becomes 4",
            ),
        ],
    ),
    (
        |s| s.scales[0].full = Some(3.0),
        &[(Scoring, "scale `extent`: full points: 2 becomes 3")],
    ),
    (
        |s| s.scales[0].options[0].text = Some("Complete".to_owned()),
        &[(
            Wording,
            "scale `extent`: text of answer `full`: \"full\" becomes \"Complete\"",
        )],
    ),
    (
        |s| s.scales[0].options[0].key = Some("f".to_owned()),
        &[(
            Wording,
            "scale `extent`: key of answer `full`: `1` becomes `f`",
        )],
    ),
    (
        |s| {
            s.scales[0].options.remove(1);
        },
        &[
            (Scoring, "scale `extent`: answer `partly` is gone"),
            (
                Wording,
                "scale `extent`: key of answer `none`: `3` becomes `2`",
            ),
        ],
    ),
    (
        |s| {
            let mut option = s.scales[0].options[1].clone();
            option.id = "hardly".to_owned();
            s.scales[0].options.push(option);
        },
        &[(Scoring, "scale `extent`: answer `hardly` is new, points: 1")],
    ),
    (
        |s| {
            for (option, key) in s.scales[0].options.iter_mut().zip(["1", "2", "3"]) {
                option.key = Some(key.to_owned());
            }
            s.scales[0].options.rotate_right(1);
        },
        &[(
            Scoring,
            "scale `extent`: answer `none` stands in another place",
        )],
    ),
    (
        |s| s.scales[1].options[0].points = 0.5,
        &[(
            Wording,
            "scale `unused`: points of answer `one`: 1 becomes 0.5",
        )],
    ),
    (
        |s| {
            s.scales.remove(1);
        },
        &[(Wording, "scale `unused`: is gone")],
    ),
    (
        |s| s.scales.push(scale("more", &[("a", 1.0), ("b", 0.0)])),
        &[(Wording, "scale `more`: is new")],
    ),
    (
        |s| s.sections[0].weight = Some(3.0),
        &[(Scoring, "section `opening`: weight: 1.5 becomes 3")],
    ),
    (
        |s| s.sections[0].title = Some("Opening".to_owned()),
        &[(
            Wording,
            "section `opening`: title: \"opening\" becomes \"Opening\"",
        )],
    ),
    (
        |s| {
            s.sections
                .insert(0, section("first", 1.0, vec![behavior("waits")]))
        },
        &[
            (Scoring, "section `first`: is new"),
            (Scoring, "behavior `waits`: is new in section `first`"),
        ],
    ),
    (
        |s| {
            s.sections.remove(1);
        },
        &[
            (Scoring, "section `help`: is gone"),
            (Scoring, "behavior `solves`: is gone"),
            (Scoring, "behavior `writes`: is gone"),
        ],
    ),
    (
        |s| {
            let writes = s.sections[1].behaviors.remove(1);
            s.sections.push(section("after", 1.0, vec![writes]));
            s.sections.rotate_right(1);
        },
        &[
            (Scoring, "section `after`: is new"),
            (
                Scoring,
                "behavior `writes`: moves from section `help` to `after`",
            ),
        ],
    ),
    (
        |s| s.sections.reverse(),
        &[(Scoring, "section `help`: stands in another place")],
    ),
    (
        |s| s.sections[0].behaviors.rotate_left(1),
        &[(Scoring, "behavior `greets`: stands in another place")],
    ),
    (
        |s| s.sections[0].behaviors[1].weight = Some(2.0),
        &[(Scoring, "behavior `names`: weight: 1 becomes 2")],
    ),
    (
        |s| s.sections[0].behaviors[1].na = Some(NaPolicy::Forbid),
        &[(Scoring, "behavior `names`: N/A: exclude becomes forbid")],
    ),
    (
        |s| s.sections[0].behaviors[2].answers = "extent".to_owned(),
        &[(
            Scoring,
            "behavior `thanks`: scale: `yes_no` becomes `extent`",
        )],
    ),
    (
        |s| s.sections[1].behaviors[1].applies_to = AppliesTo::BOTH,
        &[(
            Scoring,
            "behavior `writes`: is asked for all callers instead of external callers",
        )],
    ),
    (
        |s| s.sections[0].behaviors[0].critical = None,
        &[(Scoring, "behavior `greets`: is critical no more")],
    ),
    (
        |s| {
            let critical = s.sections[0].behaviors[0].critical.clone();
            s.sections[0].behaviors[1].critical = critical;
        },
        &[(
            Scoring,
            "behavior `names`: is now critical on `no` (compliance, call zero)",
        )],
    ),
    (
        |s| {
            if let Some(critical) = &mut s.sections[0].behaviors[0].critical {
                critical.on.push("yes".to_owned());
                critical.family = Family::Customer;
                critical.scope = Scope::Section;
                critical.effect = Effect::Outcome;
            }
        },
        &[
            (
                Scoring,
                "behavior `greets`: critical on: `no` becomes `no` or `yes`",
            ),
            (
                Scoring,
                "behavior `greets`: critical family: compliance becomes customer",
            ),
            (
                Scoring,
                "behavior `greets`: critical scope: call becomes section",
            ),
            (
                Scoring,
                "behavior `greets`: critical effect: zero becomes outcome",
            ),
        ],
    ),
    (
        |s| s.sections[1].behaviors[0].show_if = None,
        &[(
            Scoring,
            "behavior `solves`: is asked without condition, not only if `names` is `yes`",
        )],
    ),
    (
        |s| {
            let condition = s.sections[1].behaviors[0].show_if.clone();
            s.sections[1].behaviors[1].show_if = condition;
        },
        &[(
            Scoring,
            "behavior `writes`: is asked only if `names` is `yes`",
        )],
    ),
    (
        |s| {
            let solves = s.sections[1].behaviors.remove(0);
            let solves = solves.shown_if("thanks", &["yes", "na"]);
            s.sections[1].behaviors.insert(0, solves);
        },
        &[(
            Scoring,
            "behavior `solves`: is asked if `thanks` is `na` or `yes`, no more if `names` is `yes`",
        )],
    ),
    (
        |s| s.sections[0].behaviors[0].text = "Says hello".to_owned(),
        &[(
            Wording,
            "behavior `greets`: text: \"Does greets\" becomes \"Says hello\"",
        )],
    ),
    (
        |s| s.sections[0].behaviors[0].look_for = None,
        &[(
            Wording,
            "behavior `greets`: look_for: \"Within 5 s\" becomes none",
        )],
    ),
    (
        |s| s.sections[0].behaviors[1].look_for = Some("Both".to_owned()),
        &[(Wording, "behavior `names`: look_for: none becomes \"Both\"")],
    ),
    (
        |s| s.sections[0].behaviors[1].comment = CommentPolicy::OnFail,
        &[(
            Wording,
            "behavior `names`: comment: optional becomes on_fail",
        )],
    ),
    (
        |s| s.drivers.push(driver("billing")),
        &[(Wording, "driver `billing`: is new")],
    ),
    (
        |s| s.drivers.insert(1, driver("billing")),
        &[(Wording, "driver `billing`: is new")],
    ),
    (
        |s| {
            s.drivers.remove(1);
        },
        &[(Ticks, "driver `order`: is gone")],
    ),
    (
        |s| s.drivers.reverse(),
        &[(Wording, "driver `order`: stands in another place")],
    ),
    (
        |s| s.drivers[0].avoidable = true,
        &[(Ticks, "driver `status`: avoidable: no becomes yes")],
    ),
    (
        |s| s.drivers[0].text = "Asked again".to_owned(),
        &[(
            Wording,
            "driver `status`: text: \"Because of status\" becomes \"Asked again\"",
        )],
    ),
    // What weighs most comes first, whatever the order of the file.
    (
        |s| {
            s.title = "Big".to_owned();
            s.drivers[1].avoidable = true;
            s.sections[1].behaviors[1].weight = Some(0.5);
        },
        &[
            (Scoring, "behavior `writes`: weight: 1 becomes 0.5"),
            (Ticks, "driver `order`: avoidable: no becomes yes"),
            (
                Wording,
                "the rubric itself: title: \"Small\" becomes \"Big\"",
            ),
        ],
    ),
];
