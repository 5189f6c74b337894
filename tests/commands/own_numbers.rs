//! Estimates and agreement from files, held to published examples (sources in `tests/golden/public_vectors.json`).

use serde_json::Value;

use crate::harness::{Desk, project};

#[track_caller]
fn near(found: &Value, expected: f64) {
    let found = found.as_f64().expect("a number");
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{found}, not {expected}"
    );
}

fn golden(name: &str) -> String {
    project("tests/golden").join(name).display().to_string()
}

#[test]
fn a_stratified_mean_is_that_of_sas_and_r() {
    let desk = Desk::new();
    let ice = format!(
        "estimate {} --value Spending --stratum Grade --population N --format json",
        golden("sas_icecream.csv")
    );
    let row = desk.json(&ice)["rows"][0].clone();
    near(&row["value"], 9.141297979798);
    near(&row["standard_error"], 0.53179916526429);
    near(&row["df"], 35.484162338);
    near(&row["low"], 8.0622146115);
    assert_eq!((&row["n"], &row["population"]), (&40.into(), &4000.into()));
    let row = desk.json(&format!("{ice} --df design"))["rows"][0].clone();
    near(&row["df"], 37.0);
    near(&row["high"], 10.218825440302);
}

#[test]
fn domains_and_rates_come_from_the_same_file() {
    let desk = Desk::new();
    let api = format!(
        "estimate {} --value api00 --stratum stype --population fpc --domain sch.wide --format json",
        golden("apistrat.csv")
    );
    let rows = desk.json(&api)["rows"].clone();
    assert_eq!(rows[2]["domain"], Value::Null);
    near(&rows[0]["value"], 593.746858843);
    near(&rows[1]["standard_error"], 10.520389275);
    near(&rows[2]["value"], 662.287363577656);
    desk.write("passed.csv", "passed\n1\n1\n0\n1\n");
    let rate = desk.json("estimate passed.csv --value passed --rate --format json");
    near(&rate["rows"][0]["value"], 0.75);
    desk.write("passed.csv", "passed\n1\n2\n");
    desk.run("estimate passed.csv --value passed --rate")
        .fails(3, "passed.csv:3:1");
}

#[test]
fn agreement_is_that_of_the_books() {
    let desk = Desk::new();
    let value = |json: &Value, name: &str| {
        let all = json["coefficients"].as_array().expect("list");
        all.iter().find(|one| one["name"] == name).expect("name")["value"].clone()
    };
    let nominal = desk.json(&format!(
        "agree {} --unit unit --wide --scale nominal --categories 1,2,3,4,5 --format json",
        golden("krippendorff2011.csv")
    ));
    near(&value(&nominal, "krippendorff_alpha"), 0.743421052631579);
    near(&value(&nominal, "ac1"), 0.775444068127);
    assert_eq!(
        (&nominal["units"], &nominal["raters"]),
        (&12.into(), &4.into())
    );
    let judges = desk.json(&format!(
        "agree {} --unit target --wide --scale interval --format json",
        golden("shrout_fleiss1979.csv")
    ));
    near(&value(&judges, "icc_2_1"), 0.289763779527559);
    near(&value(&judges, "icc_3_k"), 0.909315542377069);
    assert_eq!(value(&judges, "cohen_kappa"), Value::Null);
}

#[test]
fn numbers_that_make_no_sense_are_told_with_their_place() {
    let desk = Desk::new();
    desk.write("v.csv", "v,s\n1,a\nfoo,a\n5,b\n");
    desk.run("estimate v.csv --value v").fails(3, "v.csv:3:1");
    desk.run("estimate v.csv --value w")
        .fails(3, "columns here: v, s");
    desk.write("v.csv", "v,s\n1,a\n3,a\n5,b\n");
    for (population, says) in [
        ("s,n\na,10\n", "for the stratum `b`"),
        ("s,n\na,10\nb,-3\n", "p.csv:3:3"),
        ("s,n\na,1\nb,3\n", "2 calls are sampled from a stratum of 1"),
    ] {
        desk.write("p.csv", population);
        desk.run("estimate v.csv --value v --stratum s --population p.csv")
            .fails(3, says);
    }
    desk.write("p.csv", "s,n\na,10\nb,3\n");
    desk.run("estimate v.csv --value v --stratum s --population p.csv --single fail")
        .fails(3, "the stratum `b` has a single sampled call");
    desk.write("r.csv", "u,r,x\n1,a,1\n2,a,1\n");
    desk.run("agree r.csv --unit u --rater r --value x --scale nominal")
        .fails(3, "`a` is the only rater");
    desk.write("r.csv", "u,r,x\n1,a,1\n1,b,1\n2,a,1\n2,b,1\n");
    let same = desk.json(
        "agree r.csv --unit u --rater r --value x --scale nominal --categories 0,1 --format json",
    );
    assert_eq!(same["coefficients"][6]["value"], Value::Null);
    assert_eq!(same["coefficients"][0]["value"], 1.0);
}

#[test]
fn alpha_of_many_units_is_soon_there() {
    let desk = Desk::new();
    desk.write("r.csv", krippendorff_times(2_000));
    // A table repeated k times: 1 - alpha grows by (k n - 1) / (k (n - 1)), n = 40 ratings that can be paired.
    let grown = 79_999.0 / (2_000.0 * 39.0);
    for (scale, once) in [
        ("nominal", 0.743_421_052_631_579),
        ("ordinal", 0.815_387_503_754_881_4),
        ("interval", 0.849_107_142_857_142_8),
        ("ratio", 0.797_402_774_711_612_1),
    ] {
        let json = desk.json(&format!("agree r.csv --wide --scale {scale} --format json"));
        let alpha = &json["coefficients"][6];
        assert_eq!(alpha["name"], "krippendorff_alpha");
        near(&alpha["value"], 1.0 - (1.0 - once) * grown);
        let error = alpha["standard_error"].as_f64().expect("error");
        assert!(error > 0.001 && error < 0.01, "{scale}: {error}");
    }
}

/// Krippendorff's table, repeated, without names of units.
fn krippendorff_times(times: usize) -> String {
    let text = std::fs::read_to_string(golden("krippendorff2011.csv")).expect("table");
    let cells = |line: &str| line.split_once(',').expect("unit").1.to_owned() + "\n";
    let mut lines = text.lines();
    let head = cells(lines.next().expect("header"));
    head + &lines.map(cells).collect::<String>().repeat(times)
}

/// The answer's notes, in one text.
fn notes(json: &Value) -> String {
    json["notes"].to_string()
}

#[test]
fn what_a_margin_rests_on_is_said() {
    let desk = Desk::new();
    let rows = |options: &str| {
        let json = desk.json(&format!("estimate v.csv --value v --format json {options}"));
        (json["rows"].clone(), notes(&json))
    };
    // A domain of a single call borrows from the whole sample; a blank domain is in the total alone.
    desk.write("v.csv", "v,d\n1,a\n2,b\n3,\nNA,b\n4,NA\n,c\n");
    let (found, said) = rows("--domain d");
    assert_eq!(
        (&found[0]["n"], &found[0]["borrowed"]),
        (&1.into(), &true.into())
    );
    assert!(found[0]["low"].as_f64().expect("low") < 0.0);
    assert_eq!(
        (&found[2]["domain"], &found[2]["value"]),
        (&"c".into(), &Value::Null)
    );
    assert_eq!(
        (&found[3]["domain"], &found[3]["n"]),
        (&Value::Null, &4.into())
    );
    assert!(
        said.contains("no-domain") && said.contains("`c`: no call has a value"),
        "{said}"
    );
    // A single call has no deviation: the mean stands without a margin, and the reason is given.
    desk.write("v.csv", "v\n7\n");
    let (found, said) = rows("");
    assert_eq!(
        (&found[0]["value"], &found[0]["low"]),
        (&7.0.into(), &Value::Null)
    );
    assert!(said.contains("the deviation is not known"), "{said}");
    // Strata of the population file that nothing was drawn from.
    desk.write("v.csv", "v,s,t\n1,a,x\n3,a,x\n4,b,x\n9,b,x\n");
    desk.write("p.csv", "t,s,calls\nx,a,10\nx,b,30\ny,a,60\n");
    let (found, said) = rows("--stratum s,t --population p.csv");
    near(&found[0]["value"], 0.25 * 2.0 + 0.75 * 6.5);
    assert_eq!(found[0]["population"], 40);
    assert!(
        said.contains("`a, y`") && said.contains("60 calls"),
        "{said}"
    );
    let (process, _) = rows("--stratum s,t --population p.csv --no-fpc");
    assert!(process[0]["standard_error"].as_f64() > found[0]["standard_error"].as_f64());
    // A census has no margin, and that is no accident.
    desk.write("p.csv", "t,s,calls\nx,a,2\nx,b,2\n");
    let (found, said) = rows("--stratum s,t --population p.csv");
    assert_eq!(found[0]["standard_error"], 0.0);
    assert!(said.contains("every call was seen"), "{said}");
}

#[test]
fn every_rule_for_a_single_call_gives_a_number_or_a_reason() {
    let desk = Desk::new();
    desk.write("v.csv", "v,s,N\n1,a,10\n3,a,10\n5,b,3\n");
    let mut errors = Vec::new();
    for rule in ["borrow", "remove", "adjust", "average"] {
        let words = "estimate v.csv --value v --stratum s --population N --format json --single";
        let row = desk.json(&format!("{words} {rule}"))["rows"][0].clone();
        near(&row["value"], 35.0 / 13.0);
        errors.push(row["standard_error"].as_f64().expect("error"));
    }
    assert!(errors.iter().all(|error| *error > 0.0), "{errors:?}");
    desk.write("v.csv", "v,s\nNA,a\n,b\n");
    desk.run("estimate v.csv --value v --stratum s")
        .fails(3, "no row has a number");
    desk.write("v.csv", "v,s\n1,a\n2,\n");
    desk.run("estimate v.csv --value v --stratum s")
        .fails(3, "v.csv:3:3");
}

#[test]
fn ratings_are_told_apart_as_their_scale_says() {
    let desk = Desk::new();
    let long = "agree r.csv --unit u --rater r --value x --format json --scale";
    // Numbers are the same however they are written; a byte order mark and quotes are no part of a name.
    desk.write(
        "r.csv",
        "\u{feff}\"u\",\"r\",x\r\n1,a,1\r\n1,b,1.0\r\n2,a,2.0\r\n2,b,1\r\n3,a,NA\r\n3,b,\r\n",
    );
    let json = desk.json(&format!("{long} nominal"));
    assert_eq!(json["coefficients"][0]["value"], 0.5);
    assert_eq!(
        (&json["units"], &json["categories"][1]),
        (&3.into(), &"2.0".into())
    );
    // Words have no order of their own.
    desk.write("r.csv", "u,r,x\n1,a,low\n1,b,mid\n2,a,high\n2,b,high\n");
    let json = desk.json(&format!("{long} nominal"));
    assert!(json["coefficients"][2]["value"].is_null());
    assert!(notes(&json).contains("partial credit needs an order"));
    assert!(notes(&json).contains("the ratings are no numbers"));
    desk.run(&format!("{long} ordinal"))
        .fails(3, "--categories high,low,mid");
    let json = desk.json(&format!("{long} ordinal --categories low,mid,high"));
    assert!(json["coefficients"][2]["value"].is_number());
    desk.run(&format!("{long} interval")).fails(3, "r.csv:2:5");
    desk.run(&format!("{long} nominal --categories low,high"))
        .fails(3, "r.csv:3:5");
    desk.run(&format!("{long} nominal --categories low,low"))
        .fails(2, "named twice");
    desk.run(&format!("{long} interval --categories 1,x"))
        .fails(2, "not a number");
    desk.write("r.csv", "u,r,x\n1,a,-1\n1,b,1\n");
    desk.run(&format!("{long} ratio")).fails(3, "0 or more");
    desk.write("r.csv", "u,r,x\n1,a,1\n1,b,1\n1,a,2\n");
    desk.run(&format!("{long} nominal")).fails(3, "on line 2");
    desk.write("r.csv", "u,r,x\n,a,1\n");
    desk.run(&format!("{long} nominal"))
        .fails(3, "names no unit");
}

#[test]
fn without_anything_to_compare_the_reason_stands_in_its_place() {
    let desk = Desk::new();
    let wide = |text: &str, options: &str| {
        desk.write("w.csv", text);
        desk.json(&format!("agree w.csv --wide --format json {options}"))
    };
    let same = wide("a,b\n0.1,0.1\n0.1,0.10\n0.1,0.1\n", "--scale interval");
    assert_eq!(same["coefficients"][0]["value"], 1.0);
    for one in &same["coefficients"].as_array().expect("list")[1..] {
        let name = one["name"].as_str().expect("name");
        assert!(one["value"].is_null(), "{name}");
        assert!(
            notes(&same).contains(&format!("{name}: no variation")),
            "{name}"
        );
    }
    let apart = wide("u,a,b,c\n1,1,,\n2,,2,\n", "--unit u --scale nominal");
    assert!(notes(&apart).contains("no unit was rated twice"));
    assert!(notes(&apart).contains("left out, without a rating: c"));
    assert_eq!(apart["raters"], 2);
    let one = wide("a,b,c\n1,2,3\n", "--scale ordinal");
    assert!(one["coefficients"][6]["value"].is_number());
    assert!(notes(&one).contains("at least 2 calls are needed"));
    assert!(notes(&one).contains("this is for two raters; there are 3"));
    desk.write("w.csv", "a,b,a\n1,2,3\n");
    desk.run("agree w.csv --wide --scale nominal")
        .fails(3, "w.csv:1:5");
    desk.write("w.csv", "u;a;b\n1;2;3\n");
    desk.run("agree w.csv --wide --scale nominal")
        .fails(3, "separated by `;`");
}

#[test]
fn plans_are_those_of_the_books() {
    let desk = Desk::new();
    // Lohr: 1,068 people for a margin of 3 per cent, 696 of a town of 2,000.
    assert_eq!(
        desk.json("plan --margin 3 --rate --format json")["margin"]["calls"],
        1068
    );
    assert_eq!(
        desk.json("plan --margin 3 --rate --calls 2000 --format json")["margin"]["calls"],
        696
    );
    // A rate near 90 % takes fewer: 1.96^2 * 0.9 * 0.1 / 0.05^2 = 138.3.
    assert_eq!(
        desk.json("plan --margin 5 --rate --expect 90 --format json")["margin"]["calls"],
        139
    );
    desk.run("plan --margin 5 --rate --expect 0")
        .fails(2, "rate between 0 and 1");
    assert_eq!(
        desk.json("plan --margin 10 --deviation 12 --format json")["margin"]["calls"],
        9
    );
    assert!(
        desk.run("plan --margin 10")
            .good()
            .contains("lie 15 points from their mean")
    );

    let plan = desk.json("plan samples/calls.csv --total 100 --allocate equal --format json");
    let planned = plan["spread"]["strata"].as_array().expect("strata").iter();
    let planned: Vec<u64> = planned
        .map(|stratum| stratum["planned"].as_u64().expect("calls"))
        .collect();
    assert_eq!(planned.iter().sum::<u64>(), 100);
    assert!(
        planned.iter().all(|calls| (4..=5).contains(calls)),
        "{planned:?}"
    );
    desk.run("plan samples/calls.csv --total 10")
        .fails(2, "from 48 to 1992");
    desk.run("plan --margin 0")
        .fails(2, "not a positive number");
    desk.run("plan").fails(2, "--margin");
}

#[test]
fn plans_beyond_all_calls_are_refused_at_once() {
    let desk = Desk::new();
    for (options, says) in [
        ("--deviation 1e6 --margin 0.001", "that this takes"),
        ("--margin 1e-300", "that this takes"),
        ("--margin 1e-300 --rate", "that this takes"),
        (
            "--margin 1e-300 --calls 18446744073709551615",
            "that there are",
        ),
        ("--margin 5 --calls 9007199254740993", "that there are"),
        ("-n 18446744073709551615", "a side"),
    ] {
        let says = format!("the number of calls {says} is more than 2^53");
        desk.run(&format!("plan {options}")).fails(2, &says);
    }
    let calls = |options: &str| {
        desk.json(&format!("plan {options} --format json"))["margin"]["calls"].clone()
    };
    assert_eq!(
        calls("--margin 1e-300 --calls 9007199254740992"),
        1_u64 << 53
    );
    assert_eq!(calls("--margin 1e-200 --rate --calls 30"), 30);
    assert_eq!(calls("--deviation 1e6 --margin 1"), 3_841_458_820_697_u64);
}

#[test]
fn a_gap_takes_two_calls_of_each_kind() {
    let desk = Desk::new();
    for number in [0, 1] {
        desk.run(&format!("plan -n {number}"))
            .fails(2, "it takes 2 calls of each kind");
    }
    assert!(
        desk.run("plan -n 2")
            .good()
            .contains("2 internal and 2 external")
    );
}
