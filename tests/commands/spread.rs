//! A total of calls spread over the strata.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::Desk;

const DRAW: &str = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026";

/// Eligible and drawn calls by CSR and caller type.
fn strata(draw: &Value) -> BTreeMap<String, (u64, u64)> {
    let strata = draw["strata"].as_array().expect("strata").iter();
    strata
        .map(|stratum| {
            let count = |name: &str| stratum[name].as_u64().expect("count");
            let name = format!("{}, {}", stratum["csr"], stratum["caller_type"]);
            (name, (count("eligible"), count("drawn")))
        })
        .collect()
}

fn drawn(draw: &Value) -> Vec<u64> {
    strata(draw).into_values().map(|(_, drawn)| drawn).collect()
}

fn ids(draw: &Value) -> Vec<&str> {
    let calls = draw["calls"].as_array().expect("calls").iter();
    calls
        .map(|call| call["call_id"].as_str().expect("id"))
        .collect()
}

#[test]
fn a_total_is_spread_by_calls_topped_up_and_verified() {
    let desk = Desk::new();
    let first = desk.json(&format!("{DRAW} --total 120 --format json"));
    assert_eq!(drawn(&first).iter().sum::<u64>(), 120);
    for (name, (eligible, drawn)) in strata(&first) {
        let share = 120.0 * eligible as f64 / 1992.0;
        let off = drawn as f64 - share.max(2.0);
        assert!(off.abs() < 1.0, "{name}: {drawn} of {eligible}");
    }
    let plan = desk.json("plan samples/calls.csv --total 120 --format json");
    let planned: Vec<u64> = (plan["spread"]["strata"].as_array().expect("strata").iter())
        .map(|stratum| stratum["planned"].as_u64().expect("count"))
        .collect();
    assert_eq!(planned.iter().sum::<u64>(), 120);
    let mut both = [planned, drawn(&first)];
    both.iter_mut().for_each(|calls| calls.sort_unstable());
    assert_eq!(both[0], both[1]);

    let verified = desk.run("verify samples/calls.csv").good();
    assert!(verified.contains("the same 120 calls"), "{verified}");
    let again = desk.run(&format!("{DRAW} --total 120")).good();
    assert!(again.contains("nothing changed"), "{again}");

    let more = desk
        .run(&format!("{DRAW} --total 150 --format table"))
        .good();
    assert!(more.contains("Added 30 calls"), "{more}");
    desk.run("verify samples/calls.csv").good();
    let second = desk.json(&format!("{DRAW} --total 150 --format json"));
    assert!(ids(&first).iter().all(|id| ids(&second).contains(id)));
    let samples = desk.json("samples --format json");
    assert_eq!(samples["samples"][0]["drawn"], 150);
    assert_eq!(
        samples["samples"][0]["design"],
        "150 calls, from every CSR and caller type in proportion to its calls, at least 2 each"
    );
}

#[test]
fn anything_but_a_larger_total_needs_another_name() {
    let desk = Desk::new();
    desk.run(&format!("{DRAW} --total 120")).good();
    for (options, says) in [
        ("--total 119", "another quota"),
        ("--total 120 --allocate equal", "another design"),
        ("--total 130 --least 3", "another design"),
        ("--per csr,caller_type -n 9", "another design"),
        ("", "another design"),
    ] {
        let ran = desk.run(&format!("{DRAW} {options}"));
        assert!(ran.err.contains(says), "{options}: {}", ran.err);
        ran.fails(2, "--name");
    }
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn equal_parts_and_other_strata() {
    let desk = Desk::new();
    let equal = desk.json(&format!(
        "{DRAW} --total 100 --allocate equal --format json"
    ));
    assert!(drawn(&equal).iter().all(|calls| (4..=5).contains(calls)));
    desk.run("verify samples/calls.csv").good();
    let types = desk.json(&format!(
        "{DRAW} --name types --per caller_type --total 40 --format json"
    ));
    assert_eq!(drawn(&types), [30, 10]);
    desk.run("verify samples/calls.csv --sample types").good();
}

#[test]
fn verify_finds_a_quota_that_the_design_does_not_give() {
    let desk = Desk::new();
    desk.run(&format!("{DRAW} --total 120")).good();
    let sql = rusqlite::Connection::open(desk.path("evenhand.db")).expect("store");
    sql.execute_batch(
        "UPDATE stratum SET quota = quota - 1 WHERE stratum_no = 1;
         UPDATE stratum SET quota = quota + 1 WHERE stratum_no = 2;",
    )
    .expect("changed");
    drop(sql);
    let ran = desk.run("verify samples/calls.csv");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("the design gives it"), "{}", ran.out);
}

#[test]
fn calls_go_where_scores_of_an_earlier_sample_lay_apart() {
    let desk = Desk::drawn();
    let neyman = format!("{DRAW} --name august --total 120 --allocate neyman --sd-from july-2026");
    desk.run(&neyman).fails(2, "score more of it first");
    desk.run("record samples/answers.csv").good();
    let plan = desk.run("plan samples/calls.csv --total 120 --allocate neyman --sd-from july-2026");
    assert!(plan.good().contains("go by that of their caller type"));
    let first = desk.run(&neyman).good();
    assert!(
        first.contains("24 strata go by that of their caller type"),
        "{first}"
    );
    let shares = |draw: &Value| -> BTreeMap<String, u64> {
        let strata = strata(draw).into_iter();
        strata.map(|(name, (_, drawn))| (name, drawn)).collect()
    };
    let by_scores = shares(&desk.json(&format!("{neyman} --format json")));
    assert_eq!(by_scores.values().sum::<u64>(), 120);
    let by_calls = shares(&desk.json(&format!("{DRAW} --name plain --total 120 --format json")));
    // External callers' scores lie further apart here.
    let external = |of: &BTreeMap<String, u64>| -> u64 {
        let external = of.iter().filter(|(name, _)| name.contains("external"));
        external.map(|(_, drawn)| drawn).sum()
    };
    assert_ne!(external(&by_scores), external(&by_calls));

    let verified = desk.run("verify samples/calls.csv --sample august").good();
    assert!(verified.contains("not reckoned again"), "{verified}");

    // Scored differently since: what was drawn stays, and drawing again says so.
    let answers = desk
        .read("samples/answers.csv")
        .replace(",always,", ",never,");
    desk.write("answers.csv", answers);
    desk.run("record answers.csv --sample july-2026 --amend check")
        .good();
    let again = desk.run(&neyman).good();
    assert!(again.contains("nothing changed"), "{again}");
}

#[test]
fn a_larger_total_keeps_what_was_drawn_though_scores_lie_apart_elsewhere_by_now() {
    let desk = Desk::drawn();
    let answers = desk.read("samples/answers.csv");
    let some: Vec<&str> = answers.lines().take(49).collect();
    desk.write("some.csv", some.join("\n"));
    desk.run("record some.csv").good();
    let neyman = |options: &str| {
        format!("{DRAW} --name august --allocate neyman --sd-from july-2026 {options}")
    };
    let first = desk.json(&neyman("--total 120 --format json"));
    desk.run("record samples/answers.csv --sample july-2026")
        .good();
    let fresh = desk.json(&format!(
        "{DRAW} --name fresh --allocate neyman --sd-from july-2026 --total 130 --format json"
    ));
    let shrunk = |new: &Value| {
        let new = strata(new);
        strata(&first)
            .iter()
            .any(|(name, (_, drawn))| new[name].1 < *drawn)
    };
    assert!(shrunk(&fresh), "the deviations are still the same");

    let more = desk.run(&neyman("--total 130")).good();
    assert!(more.contains("Added 10 calls"), "{more}");
    let second = desk.json(&neyman("--total 130 --format json"));
    assert!(!shrunk(&second));
    assert!(ids(&first).iter().all(|id| ids(&second).contains(id)));
    desk.run("verify samples/calls.csv --sample august").good();
    for (options, says) in [
        ("--total 129", "another quota"),
        ("--total 47", "from 48 to 1992"),
        ("--total 140 --least 3", "another design"),
    ] {
        desk.run(&neyman(options)).fails(2, says);
    }
    let log = desk.read("samples/calls.csv");
    // The last call, which is there twice.
    let lines: Vec<&str> = log.lines().collect();
    desk.write("samples/calls.csv", lines[..lines.len() - 2].join("\n"));
    desk.run(&neyman("--total 131"))
        .fails(2, "another call log");
    desk.run(&neyman("--total 130"))
        .fails(2, "another call log");
}

#[test]
fn totals_that_can_not_be_are_refused_with_advice() {
    let desk = Desk::new();
    for (options, says) in [
        ("--total 47", "from 48 to 1992"),
        ("--total 1993", "choose another --total"),
        ("--total 71 --least 3", "from 72 to 1992"),
        ("--total 0", "0 is not in 1.."),
        ("--total 100 -n 3", "cannot be used with"),
        ("--allocate equal", "--total"),
        ("--least 3", "--total"),
        ("--total 100 --least 0", "0 is not in 1.."),
        ("--total 100 --allocate fair", "possible values"),
        ("--total 100 --allocate neyman", "--sd-from"),
        (
            "--total 100 --allocate equal --sd-from june",
            "--allocate neyman",
        ),
        ("--total 100 --sd-from june", "--allocate"),
        (
            "--total 100 --allocate neyman --sd-from june",
            "there is no store",
        ),
    ] {
        desk.run(&format!("{DRAW} {options}")).fails(2, says);
        assert!(!desk.path("evenhand.db").exists(), "{options}");
    }
    desk.run("plan samples/calls.csv --total 71 --least 3")
        .fails(2, "from 72 to 1992");
    desk.run("plan samples/calls.csv --total 100 --allocate equal --sd-from x")
        .fails(2, "--allocate neyman");
    let desk = Desk::drawn();
    for command in [
        format!("{DRAW} --name x --total 100 --allocate neyman --sd-from june"),
        "plan samples/calls.csv --total 100 --allocate neyman --sd-from june".to_owned(),
    ] {
        desk.run(&command).fails(2, "there are: july-2026");
    }
}

#[test]
fn options_of_a_total_come_only_with_one() {
    let desk = Desk::new();
    let run = "run samples/calls.csv --rubric rubrics/customer-service.toml --answers samples/answers.csv";
    for (option, value) in [
        ("--allocate", "neyman --sd-from nope"),
        ("--allocate", "equal"),
        ("--least", "3"),
        ("--sd-from", "nope"),
    ] {
        for command in [
            DRAW,
            &format!("{DRAW} -n 3"),
            &format!("{DRAW} --per csr -n 3"),
            &format!("{run} -n 3"),
            "plan -n 3",
            "plan --margin 5",
        ] {
            let ran = desk.run(&format!("{command} {option} {value}"));
            assert!(ran.err.contains("--total COUNT"), "{command}: {}", ran.err);
            let says = format!("{option} says how a total is spread, and there is no --total");
            ran.fails(2, &says);
        }
    }
    assert!(!desk.path("evenhand.db").exists());
}

#[test]
fn a_total_is_drawn_recorded_and_reported_in_one_go() {
    let desk = Desk::new();
    let answers = desk.read("samples/answers.csv");
    let run =
        "run samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --total 300";
    let drawn = desk.json(&format!(
        "{DRAW} --total 300 --format json --store other.db"
    ));
    let kept: Vec<&str> = (answers.lines().enumerate())
        .filter(|(at, line)| {
            let id = line.split(',').next().unwrap_or_default();
            *at == 0 || ids(&drawn).contains(&id)
        })
        .map(|(_, line)| line)
        .collect();
    desk.write("answers.csv", kept.join("\n"));
    for _ in 0..2 {
        desk.run(&format!("{run} --answers answers.csv")).good();
    }
    desk.run("verify samples/calls.csv").good();
}
