//! Margins of estimates from files: where there is none, and what is said then.

use serde_json::Value;

use crate::harness::Desk;

/// The answer's notes, in one text.
fn notes(json: &Value) -> String {
    json["notes"].to_string()
}

#[test]
fn a_margin_of_width_zero_is_for_a_census_alone() {
    let desk = Desk::new();
    let found = |options: &str| {
        let json = desk.json(&format!("estimate v.csv --value v --format json {options}"));
        (json["rows"][0].clone(), notes(&json))
    };
    let strata = "--stratum s --population N --single";
    for rule in ["remove", "adjust", "average"] {
        // A single call, strata of one call each, and calls that are all the same.
        for (text, options) in [
            ("v\n7\n", "--single"),
            ("v,s,N\n7,a,10\n", strata),
            ("v,s,N\n7,a,10\n7,b,20\n", strata),
            ("v,s,N\n7,a,10\n7,a,10\n", strata),
            ("v,s,N\n7,a,2\n9,a,2\n8,b,20\n", strata),
        ] {
            desk.write("v.csv", text);
            for df in ["", "--df design"] {
                let (row, said) = found(&format!("{options} {rule} {df}"));
                assert!(row["value"].is_number(), "{row}");
                for key in ["standard_error", "df", "low", "high"] {
                    // R's adjust finds an error between two single calls; only a margin can't be had of it.
                    let adjusted = rule == "adjust" && text.contains("8,b");
                    assert!(adjusted || row[key].is_null(), "{rule} {text} {key}: {row}");
                }
                assert!(row["low"].is_null(), "{rule} {text}: {row}");
                assert!(said.contains("no stratum has two that differ"), "{said}");
                assert!(!said.contains("every call was seen"), "{said}");
            }
        }
        desk.write("v.csv", "v,s,N\n7,a,1\n9,b,1\n");
        let (row, said) = found(&format!("{strata} {rule}"));
        assert_eq!((&row["low"], &row["high"]), (&8.0.into(), &8.0.into()));
        assert!(said.contains("every call was seen"), "{said}");
    }
    desk.write("v.csv", "v,s,N\n7,a,10\n9,b,20\n");
    let (row, said) = found(&format!("{strata} adjust"));
    assert!(
        row["standard_error"].is_number() && row["low"].is_null(),
        "{row}"
    );
    assert!(said.contains("no degrees of freedom"), "{said}");
}

#[test]
fn a_rate_has_a_margin_without_a_deviation_too() {
    let desk = Desk::new();
    let found = |options: &str| {
        let words = "estimate v.csv --value v --rate --stratum s --population N --format json";
        let json = desk.json(&format!("{words} {options}"));
        (json["rows"][0].clone(), notes(&json))
    };
    desk.write("v.csv", "v,s,N\n1,a,10\n1,b,20\n");
    for options in ["", "--single remove", "--single average", "--single adjust"] {
        let (row, said) = found(options);
        assert!(row["standard_error"].is_null(), "{options}: {row}");
        assert!(row["low"].as_f64().expect("low") < 0.5, "{options}: {row}");
        assert!(
            said.contains("there is no standard error"),
            "{options}: {said}"
        );
        assert!(!said.contains("every call was seen"), "{options}: {said}");
    }
    desk.write("v.csv", "v,s,N\n1,a,10\n1,a,10\n1,b,20\n1,b,20\n");
    let (row, said) = found("");
    assert_eq!((&row["standard_error"], said.as_str()), (&0.0.into(), "[]"));
    desk.write("v.csv", "v,s,N\n1,a,2\n0,a,2\n1,b,1\n");
    assert!(found("").1.contains("every call was seen"));
}

#[test]
fn strata_without_numbers_of_calls_are_not_weighed_and_that_is_said() {
    let desk = Desk::new();
    desk.write("v.csv", "v,s,N\n0,a,10\n1,a,10\n1,b,990\n");
    let said = |options: &str| {
        let json = desk.json(&format!("estimate v.csv --value v --format json {options}"));
        (json["rows"][0]["value"].clone(), notes(&json))
    };
    let (value, notes) = said("--stratum s");
    let value = value.as_f64().expect("value");
    assert!((value - 2.0 / 3.0).abs() < 1e-12, "{value}");
    assert!(
        notes.contains("so the total is their plain mean"),
        "{notes}"
    );
    let (_, notes) = said("--stratum s --rate");
    assert!(notes.contains("their plain rate"), "{notes}");
    for options in ["", "--stratum s --population N"] {
        let (_, notes) = said(options);
        assert!(!notes.contains("plain mean"), "{options}: {notes}");
    }
}
