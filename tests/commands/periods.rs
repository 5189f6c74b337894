//! Reports on several samples, held against sums made here from the draws and the calls listed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::dealt::{
    RUBRIC, call, list, log, mean, near, note, number, record, rows, score, text, weight,
};
use crate::harness::Desk;

const JULY: &str =
    "samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --name july";

/// The month after, with other calls and fewer of some.
fn august(desk: &Desk) {
    log(desk, "august.csv", |at, mut row| {
        row[0] = row[0].replace("C-", "D-");
        row[3] = row[3].replace("2026-07", "2026-08");
        (at % 3 != 0 || row[2] == "internal" || at % 2 == 0).then_some(row)
    });
}

/// Both months drawn and scored.
fn two_months(design: &str) -> (Desk, BTreeMap<&'static str, Value>) {
    let desk = Desk::new();
    august(&desk);
    let draws = [
        ("july", score(&desk, &format!("{JULY} {design}"))),
        (
            "august",
            score(
                &desk,
                &format!("august.csv --rubric {RUBRIC} --seed august-2026 --name august {design}"),
            ),
        ),
    ];
    (desk, draws.into())
}

/// The weighted mean of a listed value over calls of all samples.
fn over(
    draws: &BTreeMap<&str, Value>,
    listed: &[Value],
    value: impl Fn(&Value) -> Option<f64>,
) -> (f64, u64) {
    let weighted = listed.iter().filter_map(|row| {
        let draw = &draws[text(row, "sample")];
        Some((weight(draw, call(draw, text(row, "call_id"))), value(row)?))
    });
    mean(weighted)
}

#[test]
fn two_months_make_one_estimate_weighted_by_both_draws() {
    for design in [
        "--per csr,caller_type -n 3",
        "--per caller_type -n 30",
        "--per csr -n 5",
    ] {
        let (desk, draws) = two_months(design);
        let both = desk.json("report --sample august --sample july --format json");
        let calls = desk.json("report calls --sample july --sample august --format json");
        let calls = rows(&calls, "calls");
        assert_eq!(
            calls.len(),
            draws
                .values()
                .map(|d| list(d, "calls").len())
                .sum::<usize>()
        );
        let mut means = 0;
        for (name, key) in [("caller_type", "caller_type"), ("csr", "csr")] {
            for row in rows(&both, name) {
                let own = |call: &Value| (call[key] == row[key]).then(|| number(call, "score"));
                let (expected, n) = over(&draws, calls, own);
                assert_eq!(row["scored"], n);
                if n > 0 {
                    near(&row["score"]["value"], expected);
                    assert_eq!(row["score"]["n"], n);
                    means += 1;
                }
            }
        }
        assert!(means > 2 + 8, "{means}");
        let total = &list(&both, "tables")[1]["total"];
        near(
            &total["score"]["value"],
            over(&draws, calls, |call| Some(number(call, "score"))).0,
        );
        let eligible = draws
            .values()
            .map(|draw| number(&draw["sample"], "eligible"));
        near(&total["eligible"], eligible.sum());
        let names: Vec<&str> = list(&both, "samples")
            .iter()
            .map(|one| text(one, "name"))
            .collect();
        assert_eq!(names, ["july", "august"]);
        assert_eq!(text(&both["period"], "from"), "2026-07-01");
        assert_eq!(text(&both["period"], "to"), "2026-08-31");
        assert_eq!(list(&both, "rubrics").len(), 1);
        assert_eq!(
            both["rubrics"][0]["samples"],
            serde_json::json!(["july", "august"])
        );
    }
}

#[test]
fn days_take_samples_whole_or_leave_them_out() {
    let (desk, _) = two_months("--per csr,caller_type -n 3");
    let tables =
        |words: &str| desk.json(&format!("report {words} --format json"))["tables"].clone();
    let both = tables("--sample july --sample august");
    assert_eq!(tables("--from 2026-07-01 --to 2026-08-31"), both);
    assert_eq!(tables("--from 2026-06-01"), both);
    assert_ne!(tables("--sample july"), both);

    let cut = desk.run("report --from 2026-07-01 --to 2026-08-15");
    assert!(
        cut.err
            .contains("left out: august has calls of 2026-08-01 to 2026-08-31"),
        "{}",
        cut.err
    );
    assert_eq!(cut.good(), desk.run("report --sample july").good());
    let later = desk.run("report --from 2026-08-01");
    assert_eq!(later.err, "");
    assert_eq!(later.good(), desk.run("report --sample august").good());
    let told = desk.run("report --to 2026-12-31").good();
    let lines: Vec<&str> = told.lines().take(2).collect();
    assert_eq!(
        lines,
        [
            "Sample july, calls of 2026-07-01 to 2026-07-31: 72 of 72 drawn calls scored.",
            "Sample august, calls of 2026-08-01 to 2026-08-31: 72 of 72 drawn calls scored."
        ]
    );
    desk.run("report --from 2027-01-01")
        .fails(2, "july (2026-07-01 to 2026-07-31)");
    desk.run("report --from 2026-08-01 --to 2026-07-01")
        .fails(2, "swap them");
    desk.run("report --from 2026-08-01 --sample july")
        .fails(2, "--sample");
    desk.run("report --sample july --sample agust")
        .fails(2, "did you mean `august`?");
}

#[test]
fn samples_that_share_days_or_calls_are_no_one_estimate() {
    let desk = Desk::new();
    score(&desk, JULY);
    score(
        &desk,
        &format!("samples/calls.csv --rubric {RUBRIC} --seed again --per csr -n 2"),
    );
    let ran = desk.run("report csr --sample july --sample again");
    assert!(
        ran.err.contains("--sample july, or --sample again"),
        "{}",
        ran.err
    );
    ran.fails(
        3,
        "the samples `july` (calls of 2026-07-01 to 2026-07-31) and `again` (calls of 2026-07-01 to 2026-07-31) overlap",
    );
    // Lists estimate nothing.
    desk.run("report calls --sample july --sample again").good();

    // Without times it is the calls that tell.
    log(&desk, "timeless.csv", |_, mut row| {
        row[3].clear();
        Some(row)
    });
    let timeless = |desk: &Desk, name: &str, more: &str| {
        score(
            desk,
            &format!("timeless.csv --rubric {RUBRIC} --seed {name} {more}"),
        )
    };
    let one = timeless(&desk, "one", "--where queue=Billing");
    let two = timeless(&desk, "two", "-n 40");
    let ids = |draw: &Value| -> BTreeSet<String> {
        let calls = list(draw, "calls").iter();
        calls.map(|call| text(call, "call_id").to_owned()).collect()
    };
    let shared = ids(&one).intersection(&ids(&two)).count();
    assert!(shared > 1, "the draws must meet");
    desk.run("report --sample one --sample two")
        .fails(3, &format!("share {shared} drawn calls"));
    timeless(&desk, "three", "--where queue=Orders");
    let report = desk.json("report --sample one --sample three --format json");
    let told = note(&report, "no-period").expect("told");
    assert!(
        told.starts_with("one, three: the log has no times"),
        "{told}"
    );
    let alone = desk.json("report --sample one --format json");
    assert_eq!(note(&alone, "no-period"), None);
    let days = desk.run("report --from 2026-07-01 --sample july");
    days.fails(2, "--sample");
}

#[test]
fn an_id_that_comes_again_at_another_time_is_another_call() {
    let desk = Desk::new();
    score(&desk, JULY);
    // A telephone system that counts from 1 each month.
    log(&desk, "august.csv", |_, mut row| {
        row[3] = row[3].replace("2026-07", "2026-08");
        Some(row)
    });
    score(
        &desk,
        &format!("august.csv --rubric {RUBRIC} --seed july-2026 --name august"),
    );
    let report = desk.json("report --sample july --sample august --format json");
    assert_eq!(list(&report, "samples").len(), 2);
}

#[test]
fn a_withdrawn_sample_is_in_no_report() {
    let (desk, _) = two_months("--per csr,caller_type -n 3");
    let july = desk.run("report --sample july").good();
    desk.run("samples withdraw august --reason mistake").good();
    desk.run("report --sample july --sample august")
        .fails(4, "was withdrawn (mistake)");
    desk.run("report --sample august")
        .fails(4, "evenhand samples restore");
    assert_eq!(desk.run("report --from 2026-01-01").good(), july);
    assert_eq!(desk.run("report").good(), july);
}

/// The example's rubric with other words in their places, and without its worked examples.
fn rubric(desk: &Desk, name: &str, words: &[(&str, &str)]) {
    let source = desk.read(RUBRIC);
    let mut source = source[..source.find("[[example]]").expect("examples")].to_owned();
    for (old, new) in words {
        assert!(source.contains(old), "{old}");
        source = source.replace(old, new);
    }
    desk.write(name, source);
}

#[test]
fn better_words_do_not_part_samples_and_reasons_are_found_by_their_ids() {
    let desk = Desk::new();
    august(&desk);
    let complaint = "[[driver]]\nid = \"complaint\"\ntext = \"Complaint about a product, a service or a person\"\navoidable = false\n";
    let first = "[[driver]]\nid = \"status-check\"";
    let new = "[[driver]]\nid = \"praise\"\ntext = \"Praise\"\navoidable = false\n\n";
    let moved = format!("{new}{complaint}\n{first}");
    rubric(
        &desk,
        "words.toml",
        &[
            (complaint, ""),
            (first, &moved),
            ("Gives own name and department", "Says who speaks"),
        ],
    );
    let mut draws = BTreeMap::new();
    draws.insert("july", score(&desk, JULY));
    draws.insert(
        "august",
        score(
            &desk,
            "august.csv --rubric words.toml --seed august-2026 --name august",
        ),
    );
    let behaviors = desk.json("report behaviors --from 2026-07-01 --format json");
    assert_eq!(rows(&behaviors, "behaviors")[0]["text"], "Says who speaks");
    assert_eq!(list(&behaviors, "rubrics").len(), 2);

    let report = desk.json("report drivers --from 2026-07-01 --format json");
    let calls = desk.json("report calls --from 2026-07-01 --format json");
    let mut given = BTreeMap::new();
    for (name, draw) in &draws {
        // As `record` deals them.
        record(&desk, draw, &[], |_, _| ("", ""));
        let text = desk.read("dealt.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().expect("head").clone();
        let at = head
            .iter()
            .position(|column| column == "drivers")
            .expect("column");
        for row in reader.records() {
            let row = row.expect("row");
            given.insert((*name, row[0].to_owned()), row[at].to_owned());
        }
    }
    let mut told = 0.0;
    for row in rows(&report, "drivers").iter().skip(1) {
        let value = |call: &Value| {
            let key = (text(call, "sample"), text(call, "call_id").to_owned());
            let ticked = given[&key].split(';').any(|id| id == row["driver"]);
            Some(if ticked { 1.0 } else { 0.0 })
        };
        let (expected, _) = over(&draws, rows(&calls, "calls"), value);
        near(&row["all"]["value"], expected);
        told += expected;
    }
    assert!(told > 0.5, "reasons must be ticked: {told}");
    let told = note(&report, "new-drivers").expect("told");
    assert!(told.contains("`praise` in july"), "{told}");

    // A reason that is gone has no place to be told in.
    rubric(&desk, "fewer.toml", &[(complaint, "")]);
    log(&desk, "september.csv", |_, mut row| {
        row[0] = row[0].replace("C-", "E-");
        row[3] = row[3]
            .replace("2026-07-31", "2026-07-30")
            .replace("2026-07", "2026-09");
        Some(row)
    });
    desk.run("draw september.csv --rubric fewer.toml --seed sept -n 1")
        .good();
    desk.run("report drivers --sample july --sample sept")
        .fails(3, "lacks the driver `complaint` of the sample `july`");
    desk.run("report behaviors --sample july --sample sept")
        .good();
}

/// A rubric that calls one behavior otherwise, counts another more, has another scale, and asks one of all callers.
fn differing(desk: &Desk) {
    rubric(
        desk,
        "other.toml",
        &[
            ("revision = \"2026.1\"", "revision = \"2027.1\""),
            ("id = \"sums-up\"", "id = \"recaps\""),
            (
                "text = \"Missed once\", points = 60",
                "text = \"Missed once\", points = 70",
            ),
            ("id = \"gives-name\"", "id = \"gives-name\"\nweight = 5"),
        ],
    );
}

const RENAMED: [(&str, &str); 1] = [("sums-up", "recaps")];

#[test]
fn rubrics_that_score_differently_are_compared_behavior_by_behavior() {
    let desk = Desk::new();
    let mut draws = BTreeMap::new();
    draws.insert("july", score(&desk, JULY));
    differing(&desk);
    // The same days: each sample stands for itself.
    let other =
        desk.json("draw samples/calls.csv --rubric other.toml --seed other --per csr,caller_type -n 4 --format json");
    record(&desk, &other, &RENAMED, |_, _| ("", ""));
    draws.insert("other", other);
    for table in [
        "",
        "csr",
        "caller-type",
        "critical",
        "drivers",
        "analysts",
        "corrections",
    ] {
        let ran = desk.run(&format!("report {table} --sample july --sample other"));
        assert!(
            ran.err.contains(
                "`july` under `customer-service` 2026.1, `other` under `customer-service` 2027.1"
            ),
            "{}",
            ran.err
        );
        ran.fails(
            3,
            "`evenhand report behaviors --sample july --sample other` compares them",
        );
    }
    rubric(
        &desk,
        "namesake.toml",
        &[("id = \"sums-up\"", "id = \"recaps\"")],
    );
    desk.run("draw samples/calls.csv --rubric namesake.toml --seed namesake -n 1")
        .good();
    desk.run("report --sample july --sample namesake")
        .fails(3, "`customer-service` 2026.1 (scoring hash ");
    let report = desk.json("report behaviors --sample july --sample other --format json");
    let answers = desk.json("report answers --sample july --sample other --format json");
    let found = rows(&report, "common_behaviors");
    assert_eq!(found.len(), 2 * 14);
    for row in found {
        for caller_type in ["internal", "external", "all"] {
            let share = |answer: &Value| {
                let mine = answer["behavior"] == row["behavior"]
                    && answer["sample"] == row["sample"]
                    && (caller_type == "all" || answer["caller_type"] == caller_type);
                Some(answer["points"].as_f64().filter(|_| mine)? / number(answer, "full"))
            };
            match over(&draws, rows(&answers, "answers"), share) {
                (_, 0) => assert!(row[caller_type].is_null()),
                (expected, n) => {
                    near(&row[caller_type]["value"], expected);
                    assert_eq!(row[caller_type]["n"], n);
                }
            }
        }
    }
    assert_eq!(
        note(&report, "left-out"),
        Some(
            "Left out, because not all rubrics ask it: recaps, sums-up; because the scales differ: lets-finish, handles-hold, \
             speaks-plainly."
        )
    );
    let left_out = list(&report["tables"][0], "left_out");
    assert!(left_out.contains(&serde_json::json!({"behavior": "recaps", "why": "not asked"})));
    let csv = desk
        .run("report behaviors --sample july --sample other --format csv")
        .good();
    assert!(
        csv.starts_with("section,behavior,sample,rubric,scored,internal,"),
        "{csv}"
    );
}

#[test]
fn teams_under_different_rubrics_are_compared_on_what_both_ask() {
    let desk = Desk::new();
    let mut draws = BTreeMap::new();
    draws.insert(
        "july",
        score(&desk, &format!("{JULY} --where queue=Billing")),
    );
    differing(&desk);
    let other = desk.json(
        "draw samples/calls.csv --rubric other.toml --seed other --where queue=Orders --format json",
    );
    record(&desk, &other, &RENAMED, |_, _| ("", ""));
    draws.insert("other", other);
    let team = |csr: &str| if csr > "J" { "South" } else { "North" };
    let mut roster = String::from("csr,team\n");
    let csrs: BTreeSet<&str> = (draws.values())
        .flat_map(|draw| list(draw, "calls").iter().map(|call| text(call, "csr")))
        .collect();
    for csr in csrs {
        roster.push_str(&format!("\"{csr}\",{}\n", team(csr)));
    }
    desk.write("roster.csv", roster);
    let both = "--sample july --sample other --format json";
    let report = desk.json(&format!("report team --roster roster.csv {both}"));
    let answers = desk.json(&format!("report answers {both}"));
    let found = rows(&report, "common_behaviors");
    // Two teams under two rubrics.
    assert_eq!(found.len(), 4 * 14);
    for row in found {
        let sample = match text(row, "revision") {
            "2026.1" => "july",
            _ => "other",
        };
        let share = |answer: &Value| {
            let mine = answer["behavior"] == row["behavior"]
                && answer["sample"] == sample
                && team(text(answer, "csr")) == row["team"];
            Some(answer["points"].as_f64().filter(|_| mine)? / number(answer, "full"))
        };
        match over(&draws, rows(&answers, "answers"), share) {
            (_, 0) => assert!(row["all"].is_null()),
            (expected, n) => {
                near(&row["all"]["value"], expected);
                assert_eq!(row["all"]["n"], n);
            }
        }
    }
    let told = note(&report, "rubrics-differ").expect("told");
    assert!(
        told.starts_with("These teams are scored under rubrics that score differently"),
        "{told}"
    );
    assert!(note(&report, "left-out").is_some());
    // A roster that is kept does as well.
    desk.run("roster import roster.csv").good();
    let kept = desk.json(&format!("report team {both}"));
    assert_eq!(kept["tables"], report["tables"]);
}

#[test]
fn the_margin_over_two_months_is_that_of_their_strata_apart() {
    let (desk, draws) = two_months("--per caller_type -n 30");
    let both = desk.json("report csr --sample july --sample august --format json");
    let calls = desk.json("report calls --sample july --sample august --format json");
    // The same numbers as a file of one's own.
    let mut own = String::from("month,kind,eligible,score\n");
    for row in rows(&calls, "calls") {
        let draw = &draws[text(row, "sample")];
        let kind = text(call(draw, text(row, "call_id")), "caller_type");
        let mut strata = list(draw, "strata").iter();
        let stratum = strata.find(|stratum| stratum["caller_type"] == kind);
        own.push_str(&format!(
            "{},{kind},{},{}\n",
            text(row, "sample"),
            stratum.expect("stratum")["eligible"],
            number(row, "score")
        ));
    }
    desk.write("own.csv", own);
    let apart = desk.json(
        "estimate own.csv --value score --stratum month,kind --population eligible --format json",
    );
    let score = &both["tables"][0]["total"]["score"];
    for key in ["value", "low", "high", "df"] {
        near(&score[key], number(&apart["rows"][0], key));
    }
}
