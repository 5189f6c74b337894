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
        .fails(3, "single sampled call");
    desk.write("r.csv", "u,r,x\n1,a,1\n2,a,1\n");
    desk.run("agree r.csv --unit u --rater r --value x --scale nominal")
        .fails(3, "too few");
    desk.write("r.csv", "u,r,x\n1,a,1\n1,b,1\n2,a,1\n2,b,1\n");
    let same = desk.json(
        "agree r.csv --unit u --rater r --value x --scale nominal --categories 0,1 --format json",
    );
    assert_eq!(same["coefficients"][6]["value"], Value::Null);
    assert_eq!(same["coefficients"][0]["value"], 1.0);
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
    assert_eq!(
        desk.json("plan --margin 10 --deviation 12 --format json")["margin"]["calls"],
        9
    );
    assert!(
        desk.run("plan --margin 10")
            .good()
            .contains("deviation of 15 points")
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
