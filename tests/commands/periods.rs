//! Reports on several samples, held against sums made here from the draws and the calls listed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::dealt::{
    JULY, RUBRIC, august, call, list, log, near, note, number, over, rows, score, text,
};
use crate::harness::Desk;

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
fn days_take_the_samples_that_have_such_calls() {
    let (desk, _) = two_months("--per csr,caller_type -n 3");
    let tables =
        |words: &str| desk.json(&format!("report {words} --format json"))["tables"].clone();
    let both = tables("--sample july --sample august");
    assert_eq!(tables("--from 2026-07-01 --to 2026-08-31"), both);
    assert_eq!(tables("--from 2026-06-01"), both);
    assert_ne!(tables("--sample july"), both);

    let cut = desk.json("report calls --from 2026-07-01 --to 2026-08-15 --format json");
    let days = rows(&cut, "calls").iter().map(|row| text(row, "sample"));
    let (july, august): (Vec<_>, Vec<_>) = days.partition(|sample| *sample == "july");
    assert_eq!(july.len(), 72);
    assert!((10..62).contains(&august.len()), "{}", august.len());
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
        .fails(2, "july (2026-07-01 to 2026-07-31)");
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
    let ran = desk.run("report --from 2026-07-01 --sample one");
    assert!(
        ran.err
            .contains("note: left out: the log of one has no times"),
        "{}",
        ran.err
    );
    ran.fails(2, "no sample has calls of these days");
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
        .fails(2, "was withdrawn (mistake)");
    desk.run("report --sample august")
        .fails(2, "evenhand samples restore");
    assert_eq!(desk.run("report --from 2026-01-01").good(), july);
    assert_eq!(desk.run("report").good(), july);
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
