//! Two samples beside each other, held against sums made here from the calls listed.

use std::collections::BTreeMap;

use evenhand::estimate::quantile::t_quantile;
use serde_json::Value;

use crate::dealt::{JULY, RUBRIC, august, list, near, note, number, rows, score, text};
use crate::harness::Desk;
use crate::small::{self, FAIR, GOOD, HALF, NOTHING, POOR};

const KINDS: [&str; 2] = ["internal", "external"];

/// Both months drawn and scored.
fn two_months() -> (Desk, [Value; 2]) {
    let desk = Desk::new();
    august(&desk);
    let july = score(&desk, &format!("{JULY} --per csr,caller_type -n 4"));
    let august = format!(
        "august.csv --rubric {RUBRIC} --seed august-2026 --name august -n 5 --per csr,caller_type"
    );
    let august = score(&desk, &august);
    (desk, [july, august])
}

/// Mean and s^2/n of the scores before criticals of some listed calls; `None` without spread.
fn mean(calls: &[&Value]) -> (f64, Option<f64>, f64) {
    let n = calls.len() as f64;
    let values: Vec<f64> = calls
        .iter()
        .map(|call| number(call, "score_before_critical"))
        .collect();
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let spread = (squares > 1e-9 && n > 1.0).then(|| squares / (n - 1.0) / n);
    (mean, spread, n)
}

fn eligible(draws: &[Value; 2], csr: &str, kind: &str) -> f64 {
    let strata = draws.iter().flat_map(|draw| list(draw, "strata"));
    let own = strata.filter(|one| one["csr"] == csr && one["caller_type"] == kind);
    own.map(|one| number(one, "eligible")).sum()
}

#[test]
fn a_difference_is_that_of_means_at_one_mix_with_the_variance_of_both_draws() {
    let (desk, draws) = two_months();
    let found = desk.json("report compare july august --format json");
    assert_eq!(text(&found, "schema"), "evenhand.compare/1");
    assert_eq!((text(&found, "a"), text(&found, "b")), ("july", "august"));
    let listed = ["july", "august"].map(|name| {
        let calls = desk.json(&format!("report calls --sample {name} --format json"));
        rows(&calls, "calls").clone()
    });
    let mut checked = 0;
    for row in rows(&found, "compare_csr") {
        let csr = text(row, "csr");
        let calls = KINDS.map(|kind| eligible(&draws, csr, kind));
        let (mut value, mut variance, mut squares) = (0.0, 0.0, 0.0);
        let mut spreads = true;
        for (kind, calls_of) in KINDS.iter().zip(calls) {
            let share = calls_of / (calls[0] + calls[1]);
            near(&row["mix"][kind], share);
            for (month, sign) in listed.iter().zip([-1.0, 1.0]) {
                let own = month.iter();
                let own = own.filter(|call| call["csr"] == csr && call["caller_type"] == *kind);
                let (mean, spread, n) = mean(&own.collect::<Vec<_>>());
                value += sign * share * mean;
                let part = share * share * spread.unwrap_or(0.0);
                spreads &= spread.is_some();
                variance += part;
                squares += part * part / (n - 1.0);
            }
        }
        let gap = &row["difference"];
        near(&gap["value"], value);
        near(
            &gap["value"],
            number(&row["b"], "value") - number(&row["a"], "value"),
        );
        if spreads {
            let df = variance * variance / squares;
            near(&gap["df"], df);
            let half = t_quantile(0.975, df).expect("t") * variance.sqrt();
            near(&gap["high"], value + half);
            assert_eq!(gap["borrowed"], false);
            checked += 1;
        }
    }
    assert!(checked >= 8, "{checked}");
}

#[test]
fn csrs_are_one_family_of_tests() {
    let (desk, _) = two_months();
    let found = desk.json("report compare july august --format json");
    // A roster takes all calls at once, where otherwise they are summed up while they go by.
    desk.write("roster.csv", "csr,alias\nNoah Lindqvist,N. L.\n");
    let folded = desk.json("report compare july august --roster roster.csv --format json");
    assert_eq!(folded["tables"], found["tables"]);
    let gaps: Vec<&Value> = rows(&found, "compare_csr")
        .iter()
        .map(|row| &row["difference"])
        .collect();
    let mut p: Vec<f64> = gaps.iter().map(|gap| number(gap, "p")).collect();
    p.sort_by(f64::total_cmp);
    let m = p.len() as f64;
    for gap in gaps {
        let own = number(gap, "p");
        let after = p.iter().zip(1..).filter(|(p, _)| **p >= own);
        let q = after
            .map(|(p, rank)| m * p / f64::from(rank))
            .fold(1.0, f64::min);
        near(&gap["q"], q);
    }
    let all = rows(&found, "compare_caller_type")
        .iter()
        .find(|row| row["caller_type"].is_null());
    let gap = &all.expect("all calls")["difference"];
    assert_eq!(gap["p"], gap["q"]);
}

#[test]
fn a_shift_in_who_calls_is_no_change_in_service() {
    let desk = Desk::new();
    let answers = |_: &str, kind: &str, at: usize| match (kind, at % 2) {
        ("internal", 0) => FAIR,
        ("internal", _) => POOR,
        (_, 0) => GOOD,
        _ => FAIR,
    };
    small::log(
        &desk,
        "may.csv",
        "2026-05",
        &[("Ada", 20, 80), ("Ben", 20, 80)],
    );
    small::log(
        &desk,
        "june.csv",
        "2026-06",
        &[("Ada", 80, 20), ("Ben", 80, 20)],
    );
    small::sample(&desk, "may.csv", "may", 4, answers);
    small::sample(&desk, "june.csv", "june", 4, answers);
    let before = |sample: &str| {
        let report = desk.json(&format!("report csr --sample {sample} --format json"));
        number(
            &report["tables"][0]["total"]["score_before_critical"],
            "value",
        )
    };
    assert!(before("may") - before("june") > 20.0);
    let found = desk.json("report compare may june --format json");
    for row in rows(&found, "compare_caller_type")
        .iter()
        .chain(rows(&found, "compare_csr"))
    {
        near(&row["difference"]["value"], 0.0);
    }
    assert!(note(&found, "mix").is_some_and(|text| text.contains("50 % internal, 50 % external")));
    // Two CSRs say nothing of what luck does, and that is said.
    assert!(rows(&found, "compare_csr")[0]["expected_by_luck"].is_null());
    assert!(note(&found, "expected-by-luck").is_some_and(|text| text.contains("it takes 8")));
}

const NAMES: [&str; 10] = [
    "Ada", "Ben", "Cem", "Dan", "Eva", "Fay", "Gus", "Hal", "Ida", "Jan",
];

/// Ten CSRs in two months. The first six of them score low in May; who is in `better` scores higher in June.
fn coaching(better: &[&str]) -> Desk {
    coaching_of(NAMES.len(), better)
}

/// The first so many of them.
fn coaching_of(count: usize, better: &[&str]) -> Desk {
    let desk = Desk::new();
    let csrs: Vec<_> = NAMES[..count].iter().map(|name| (*name, 30, 60)).collect();
    small::log(&desk, "may.csv", "2026-05", &csrs);
    small::log(&desk, "june.csv", "2026-06", &csrs);
    let low = |csr: &str| NAMES.iter().position(|name| *name == csr).expect("CSR") < 6;
    small::sample(&desk, "may.csv", "may", 4, |csr, _, at| {
        match (low(csr), at) {
            (true, 0) => FAIR,
            (true, 1) => POOR,
            (true, _) => HALF,
            (false, 0 | 1) => GOOD,
            (false, _) => FAIR,
        }
    });
    small::sample(&desk, "june.csv", "june", 4, |csr, _, at| {
        // Everybody differs a little, so that changes have a spread.
        let own = NAMES.iter().position(|name| *name == csr).expect("CSR") % 2;
        match (low(csr), better.contains(&csr), at) {
            (true, false, 0) if own == 0 => GOOD,
            (true, false, 0) => FAIR,
            (true, false, 1) => POOR,
            (true, false, _) => HALF,
            (_, _, 0) if own == 0 => FAIR,
            _ => GOOD,
        }
    });
    desk
}

#[test]
fn coached_csrs_are_held_against_others_who_scored_as_low() {
    let desk = coaching(&["Ada", "Ben", "Cem"]);
    desk.write("coached.csv", "csr\nAda\nBen\nCem\n");
    let found = desk.json("report compare may june --coached coached.csv --format json");
    let table = &list(&found, "tables")[2];
    assert_eq!(
        table["coached"]["csrs"],
        serde_json::json!(["Ada", "Ben", "Cem"])
    );
    assert_eq!(
        table["others"]["csrs"],
        serde_json::json!(["Dan", "Eva", "Fay"])
    );
    assert_eq!(text(table, "against"), "others");
    // Of the change in the first place, of what is expected by luck alone in the second.
    let changes: BTreeMap<&str, [f64; 2]> = (rows(&found, "compare_csr").iter())
        .map(|row| {
            let change = number(&row["difference"], "value");
            (text(row, "csr"), [change, number(row, "expected_by_luck")])
        })
        .collect();
    let mean =
        |names: [&str; 3], at: usize| names.map(|name| changes[name][at]).iter().sum::<f64>() / 3.0;
    let beyond = |names: [&str; 3]| {
        let values = names.map(|name| changes[name][0] - changes[name][1]);
        let mean = values.iter().sum::<f64>() / 3.0;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        (mean, squares / 2.0 / 3.0)
    };
    let groups = [["Ada", "Ben", "Cem"], ["Dan", "Eva", "Fay"]];
    for (group, names) in ["coached", "others"].into_iter().zip(groups) {
        near(&table[group]["change"]["value"], mean(names, 0));
        near(&table[group]["expected_by_luck"], mean(names, 1));
    }
    let [(one, v), (other, w)] = groups.map(beyond);
    let gap = &table["difference"];
    near(&gap["value"], one - other);
    let df = (v + w).powi(2) / (v * v / 2.0 + w * w / 2.0);
    let half = t_quantile(0.975, df).expect("t") * (v + w).sqrt();
    near(&gap["low"], one - other - half);
    assert_eq!(gap["verdict"], "shown");
    assert!(note(&found, "not-assigned").is_some());
    let text = desk
        .run("report compare may june --coached coached.csv")
        .good();
    assert!(
        text.contains("coached minus not coached, beyond luck"),
        "{text}"
    );
    assert!(text.contains("Expected by luck alone"), "{text}");
    assert!(!text.contains("internal minus external"), "{text}");
}

#[test]
fn of_a_list_over_a_wide_range_each_change_is_told_less_what_luck_does() {
    // Nobody has changed; Jan scores as high as the list goes.
    let desk = coaching(&[]);
    desk.write("coached.txt", "Ada\nBen\nJan\n");
    let found = desk.json("report compare may june --coached coached.txt --format json");
    let table = &list(&found, "tables")[2];
    assert_eq!(
        (text(table, "against"), &table["beyond_luck"]),
        ("others", &true.into())
    );
    let [own, other] = ["coached", "others"].map(|group| {
        number(&table[group]["change"], "value") - number(&table[group], "expected_by_luck")
    });
    near(&table["difference"]["value"], own - other);
    assert!(note(&found, "coached-likeness").is_none());
}

#[test]
fn under_eight_csrs_a_comparison_says_that_it_leans_on_likeness() {
    let desk = coaching_of(7, &[]);
    desk.write("unlike.txt", "Ada\nGus\n");
    let of = |list: &str| {
        desk.json(&format!(
            "report compare may june --coached {list} --format json"
        ))
    };
    let found = of("unlike.txt");
    let table = &list(&found, "tables")[2];
    assert_eq!(
        (text(table, "against"), &table["beyond_luck"]),
        ("others", &false.into())
    );
    assert!(table["others"]["expected_by_luck"].is_null());
    let told = note(&found, "coached-likeness").expect("a warning");
    assert!(
        told.contains("the others are expected to rise more by luck alone"),
        "{told}"
    );
    desk.write("alike.txt", "Ada\nBen\n");
    let told = of("alike.txt");
    let told = note(&told, "coached-likeness").expect("a warning");
    assert!(told.contains("both scored 50.0 on average"), "{told}");
}

#[test]
fn without_others_like_them_coached_csrs_are_held_against_luck() {
    let desk = coaching(&["Ada", "Ben"]);
    desk.write("coached.txt", "Ada\nBen\nCem\nDan\nEva\nFay\n");
    let found = desk.json("report compare may june --coached coached.txt --format json");
    let table = &list(&found, "tables")[2];
    assert_eq!(text(table, "against"), "luck");
    let csrs = &rows(&found, "compare_csr")[..6];
    let beyond: Vec<f64> = csrs
        .iter()
        .map(|row| number(&row["difference"], "value") - number(row, "expected_by_luck"))
        .collect();
    near(
        &table["difference"]["value"],
        beyond.iter().sum::<f64>() / 6.0,
    );
    // What luck does draws every score towards the common one, and never past it.
    let center = number(&list(&found, "tables")[1]["regression"], "center");
    for row in rows(&found, "compare_csr") {
        let (luck, away) = (
            number(row, "expected_by_luck"),
            center - number(&row["a"], "value"),
        );
        assert!(luck * away >= 0.0 && luck.abs() <= away.abs(), "{row}");
    }
    // One alone has the margin of the draw, and no test.
    desk.write("one.txt", "Ada\n");
    let found = desk.json("report compare may june --coached one.txt --format json");
    let table = &list(&found, "tables")[2];
    let own = &rows(&found, "compare_csr")[0];
    if table["against"] == "luck" {
        let luck = number(own, "expected_by_luck");
        near(
            &table["difference"]["low"],
            number(&own["difference"], "low") - luck,
        );
        assert!(table["difference"]["p"].is_null());
    }
}

#[test]
fn a_name_that_no_sample_has_is_refused_with_the_nearest() {
    let desk = coaching(&[]);
    desk.write("coached.csv", "csr\nAda\nBem\n");
    let run = |words: &str| desk.run(words);
    run("report compare may june --coached coached.csv").fails(3, "did you mean `Ben`?");
    desk.write("coached.csv", "\n");
    run("report compare may june --coached coached.csv").fails(3, "names no CSR");
    run("report compare may june --coached none.csv").fails(5, "none.csv");
    run("report compare may may").fails(2, "can't be compared with itself");
    run("report compare may jume").fails(2, "did you mean `june`?");
    let behind = "options go behind `compare`: `evenhand report compare A B --format json`";
    run("report --format json compare may june").fails(2, behind);
    run("report --format json compare may june").fails(2, "cannot be used with");
    run("report compare may june --csr Ada").fails(2, "leave --csr out");
    run("report compare may june --csr=Ada").fails(2, "leave --csr out");
    run("report compare may june --formt json").fails(2, "--format");
    let turned = desk.json("report compare june may --format json");
    assert!(note(&turned, "reversed").is_some());
    // Somebody who is in one sample alone is listed.
    small::log(
        &desk,
        "april.csv",
        "2026-04",
        &[("Ada", 9, 9), ("Zoe", 9, 9)],
    );
    small::sample(&desk, "april.csv", "april", 3, |_, _, at| {
        [GOOD, FAIR, HALF][at]
    });
    let found = desk.json("report compare april may --format json");
    let table = &list(&found, "tables")[1];
    assert_eq!(table["only_in_a"], serde_json::json!(["Zoe"]));
    assert_eq!(list(table, "only_in_b").len(), 9);
    assert_eq!(rows(&found, "compare_csr").len(), 1);
}

#[test]
fn calls_in_both_samples_and_rubrics_that_score_otherwise_are_refused() {
    let desk = Desk::new();
    score(&desk, &format!("{JULY} --per csr,caller_type -n 4"));
    let again = JULY
        .replace("july-2026", "again")
        .replace("--name july", "--name again");
    score(&desk, &format!("{again} --per caller_type -n 60"));
    desk.run("report compare again july")
        .fails(3, "drawn calls, `C-");
    // Two teams of the same days have other calls.
    let team = |queue: &str, name: &str| {
        let design = "--per csr,caller_type -n 3 --rubric rubrics/customer-service.toml";
        let draw =
            format!("samples/calls.csv {design} --seed {name} --name {name} --where queue={queue}");
        score(&desk, &draw);
    };
    team("Billing", "billing");
    team("Orders", "orders");
    let found = desk.json("report compare billing orders --format json");
    assert!(note(&found, "same-days").is_some());
    let other = desk
        .read(RUBRIC)
        .replace("pass_mark = 85", "pass_mark = 80");
    let examples = other.find("[[example]]").expect("examples");
    desk.write("other.toml", &other[..examples]);
    august(&desk);
    desk.run("draw august.csv --rubric other.toml --seed august-2026 --name august")
        .good();
    desk.run("report compare july august")
        .fails(3, "evenhand report behaviors --sample july --sample august");
}

#[test]
fn errors_are_one_family_of_tests_over_caller_types() {
    let (desk, _) = two_months();
    let found = desk.json("report compare july august --format json");
    let gaps: Vec<&Value> = (rows(&found, "compare_caller_type").iter())
        .map(|row| &row["critical_free"]["difference"])
        .filter(|gap| gap.is_object())
        .collect();
    assert_eq!(gaps.len(), 2);
    let p = [number(gaps[0], "p"), number(gaps[1], "p")];
    for (gap, own) in gaps.iter().zip(p) {
        let most = p[0].max(p[1]);
        let q = if own < most {
            (2.0 * own).min(most)
        } else {
            own
        };
        near(&gap["q"], q);
    }
    assert!(p[0] != p[1], "{p:?}");
}

#[test]
fn where_one_sample_has_no_score_that_is_said() {
    let desk = Desk::new();
    let csrs = [("Ada", 20, 20), ("Ben", 20, 20)];
    small::log(&desk, "may.csv", "2026-05", &csrs);
    small::log(&desk, "june.csv", "2026-06", &csrs);
    small::sample(&desk, "may.csv", "may", 4, |_, _, at| {
        [GOOD, FAIR, HALF, POOR][at]
    });
    desk.run(
        "draw june.csv --rubric small.toml --seed june --name june --per csr,caller_type -n 4",
    )
    .good();
    let told = desk.run("report compare may june").good();
    assert!(
        told.contains("No call of june has a score, so there is nothing to compare."),
        "{told}"
    );
    // Where no call differs from another, that is why nothing has a margin.
    small::log(&desk, "july.csv", "2026-07", &csrs);
    small::log(&desk, "august.csv", "2026-08", &csrs);
    small::sample(&desk, "july.csv", "july", 4, |_, _, _| FAIR);
    small::sample(&desk, "august.csv", "august", 4, |_, _, _| GOOD);
    let told = desk.run("report compare july august").good();
    assert!(
        told.contains("25.0 points higher than july, but no call of a CSR differs"),
        "{told}"
    );
    assert!(!told.contains("so few calls"), "{told}");
}

#[test]
fn a_caller_type_without_any_score_leaves_the_others_comparable() {
    let desk = Desk::new();
    let csrs = [("Ada", 20, 20), ("Ben", 20, 20)];
    small::log(&desk, "may.csv", "2026-05", &csrs);
    small::log(&desk, "june.csv", "2026-06", &csrs);
    let answers = |_: &str, kind: &str, at: usize| match kind {
        "internal" => NOTHING,
        _ => [GOOD, FAIR, HALF, POOR][at],
    };
    small::sample(&desk, "may.csv", "may", 4, answers);
    small::sample(&desk, "june.csv", "june", 4, answers);
    let found = desk.json("report compare may june --format json");
    let rows = rows(&found, "compare_csr");
    assert_eq!(rows.len(), 2);
    for row in rows {
        near(&row["mix"]["external"], 1.0);
        near(&row["difference"]["value"], 0.0);
    }
    // Praise looks at the others, too.
    let found = desk.json("report recognition --sample june --format json");
    assert_eq!(found["tables"][0]["not_judged"], serde_json::json!([]));
}

#[test]
fn journeys_against_calls_say_why_errors_have_no_difference() {
    let desk = Desk::new();
    august(&desk);
    score(&desk, &format!("{JULY} --unit interaction -n 20"));
    let draw = format!(
        "august.csv --rubric {RUBRIC} --seed august-2026 --name august --per caller_type -n 30"
    );
    score(&desk, &draw);
    let found = desk.json("report compare july august --format json");
    let row = &rows(&found, "compare_caller_type")[0];
    assert!(row["difference"].is_object() && row["critical_free"]["difference"].is_null());
    assert!(note(&found, "units").is_some_and(|text| text.contains("whole journeys")));
}

#[test]
fn a_comparison_has_every_format() {
    let desk = coaching(&["Ada"]);
    desk.write("coached.csv", "csr\nAda\nBen\n");
    desk.run("report compare may june --coached coached.csv --format csv --output out")
        .good();
    let csrs = desk.read("out/compare_csr.csv");
    let head = csrs.lines().next().expect("head");
    assert!(head.starts_with("csr,a,a_low,a_high"), "{head}");
    assert!(
        desk.read("out/compare_caller_type.csv")
            .contains("\ninternal,33.3333"),
        "a share is a number"
    );
    let table = desk.run("report compare may june").good();
    assert!(!table.contains("-0.0"), "{table}");
    assert!(
        head.contains("difference,difference_low")
            && head.ends_with("difference_borrowed,verdict,expected_by_luck")
            && !head.contains("difference_verdict"),
        "{head}"
    );
    assert!(desk.read("out/coached.csv").contains("not coached"));
    desk.run("report compare may june --format csv")
        .fails(2, "csv holds one table");
    let md = desk.run("report compare may june --format md").good();
    assert!(md.contains("| Ada |"), "{md}");
}

#[test]
fn a_caller_type_by_itself_scores_as_its_own_report_says_calls_and_journeys_alike() {
    for unit in [
        "--per csr,caller_type -n 4",
        "--per caller_type -n 30",
        "--unit interaction -n 20",
    ] {
        let desk = Desk::new();
        august(&desk);
        score(&desk, &format!("{JULY} {unit}"));
        let draw = format!("august.csv --rubric {RUBRIC} --seed august-2026 --name august {unit}");
        score(&desk, &draw);
        let found = desk.json("report compare july august --format json");
        for (side, sample) in [("a", "july"), ("b", "august")] {
            let own = desk.json(&format!(
                "report caller-type --sample {sample} --format json"
            ));
            for row in rows(&own, "caller_type") {
                let mut rows = rows(&found, "compare_caller_type").iter();
                let same = rows.find(|one| one["caller_type"] == row["caller_type"]);
                let same = &same.expect("row")[side];
                near(
                    &same["value"],
                    number(&row["score_before_critical"], "value"),
                );
                assert_eq!(same["n"], row["score_before_critical"]["n"]);
                // Without finite population correction the margin is no narrower.
                let low = number(&row["score_before_critical"], "low");
                assert!(number(same, "low") <= low + 1e-9, "{unit} {sample}");
            }
        }
        assert!(rows(&found, "compare_csr").len() > 5, "{unit}");
    }
}
