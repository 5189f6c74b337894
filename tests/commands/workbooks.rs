//! Workbooks, read back: what stands in them is what stands in the JSON.

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use serde_json::Value;

use crate::harness::Desk;

fn recorded() -> Desk {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    desk
}

fn sheet(desk: &Desk, file: &str, name: &str) -> Range<Data> {
    let mut book: Xlsx<_> = open_workbook(desk.path(file)).expect("a workbook");
    book.worksheet_range(name).expect(name)
}

/// The cells of a column.
fn column(sheet: &Range<Data>, head: &str) -> Vec<Data> {
    let heads = sheet.headers().expect("heads");
    let at = heads.iter().position(|one| one == head);
    let at = at.unwrap_or_else(|| panic!("no `{head}` among {heads:?}"));
    sheet.rows().skip(1).map(|row| row[at].clone()).collect()
}

/// A value of the JSON beside a cell; numbers to the last digit.
#[track_caller]
fn same(found: &Data, expected: &Value) {
    let equal = match (found, expected) {
        (Data::Empty, Value::Null) => true,
        (Data::String(found), Value::String(expected)) => found == expected,
        (Data::Bool(found), Value::Bool(expected)) => found == expected,
        (Data::Float(found), expected) => expected.as_f64() == Some(*found),
        _ => false,
    };
    assert!(equal, "{found:?} is not {expected}");
}

#[test]
fn every_figure_of_a_workbook_is_that_of_the_json() {
    let desk = recorded();
    desk.run("report --format xlsx --output all.xlsx").good();
    for (name, sheet_name, keys) in [
        (
            "csr",
            "csr",
            [
                ("Score", "score"),
                ("Internal", "internal"),
                ("External", "external"),
            ]
            .as_slice(),
        ),
        (
            "caller-type",
            "caller_type",
            &[("Score", "score"), ("Passed", "passed")],
        ),
        (
            "behaviors",
            "behaviors",
            &[
                ("Internal", "internal"),
                ("External", "external"),
                ("All", "all"),
            ],
        ),
        ("critical", "critical", &[("All", "all")]),
        ("drivers", "drivers", &[("All", "all")]),
    ] {
        let table = desk.json(&format!("report {name} --format json"));
        let table = &table["tables"][0];
        let mut rows = table["rows"].as_array().expect("rows").clone();
        rows.extend(table.get("total").cloned());
        let sheet = sheet(&desk, "all.xlsx", sheet_name);
        assert_eq!(sheet.rows().len(), rows.len() + 1, "{name}");
        for (head, key) in keys {
            for (part, field) in [
                ("", "value"),
                (", low", "low"),
                (", high", "high"),
                (", n", "n"),
            ] {
                let cells = column(&sheet, &format!("{head}{part}"));
                let expected = rows.iter().map(|row| match &row[*key] {
                    Value::Null => Value::Null,
                    figure => figure[field].clone(),
                });
                cells
                    .iter()
                    .zip(expected)
                    .for_each(|(cell, value)| same(cell, &value));
            }
        }
        if name == "csr" || name == "behaviors" {
            for (part, field) in [
                ("", "value"),
                (", low", "low"),
                (", p", "p"),
                (", verdict", "verdict"),
            ] {
                let cells = column(&sheet, &format!("Gap{part}"));
                let expected = rows.iter().map(|row| match &row["gap"] {
                    Value::Null => Value::Null,
                    gap => gap[field].clone(),
                });
                cells
                    .iter()
                    .zip(expected)
                    .for_each(|(cell, value)| same(cell, &value));
            }
        }
    }
}

#[test]
fn every_evaluation_and_every_answer_has_a_row_and_times_are_times() {
    let desk = recorded();
    desk.run("report --format xlsx --output all.xlsx").good();
    let calls = desk.json("report calls --format json");
    let calls = calls["tables"][0]["rows"].as_array().expect("rows");
    let found = sheet(&desk, "all.xlsx", "calls");
    for (cell, row) in column(&found, "Call").iter().zip(calls) {
        same(cell, &row["call_id"]);
    }
    for (cell, row) in column(&found, "Score").iter().zip(calls) {
        same(cell, &row["score"]);
    }
    for (cell, row) in column(&found, "Completed").iter().zip(calls) {
        let Data::DateTime(at) = cell else {
            panic!("{cell:?} is no time");
        };
        // Excel counts days from the end of 1899.
        let seconds = ((at.as_f64() - 25569.0) * 86400.0).round();
        let expected: jiff::Timestamp = row["completed_at"]
            .as_str()
            .expect("time")
            .parse()
            .expect("time");
        assert_eq!(seconds, expected.as_second() as f64);
    }
    let answers = desk.json("report answers --format json");
    let answers = answers["tables"][0]["rows"].as_array().expect("rows");
    let found = sheet(&desk, "all.xlsx", "answers");
    assert_eq!(found.rows().len(), answers.len() + 1);
    let about = sheet(&desk, "all.xlsx", "About");
    let first = about.get_value((0, 0)).expect("text").to_string();
    assert!(
        first.starts_with("Sample july-2026, calls of 2026-07-01"),
        "{first}"
    );
}

#[test]
fn a_workbook_is_written_whole_and_not_to_a_terminal_and_texts_stay_texts() {
    let desk = Desk::new();
    desk.write(
        "log.csv",
        "call_id,csr,caller_type\n=1+1,@SUM(A1),internal\n+2,@SUM(A1),external\n",
    );
    desk.run("draw log.csv --rubric rubrics/customer-service.toml --seed s")
        .good();
    desk.run("samples --format xlsx --output no/such/folder.xlsx")
        .fails(5, "can't write");
    desk.run("report csr --format xlsx --output csr.xlsx")
        .good();
    let mut book: Xlsx<_> = open_workbook(desk.path("csr.xlsx")).expect("a workbook");
    assert_eq!(book.sheet_names(), ["About", "csr"]);
    let formulas = book.worksheet_formula("csr").expect("formulas");
    assert!(formulas.is_empty());
    let found = sheet(&desk, "csr.xlsx", "csr");
    assert_eq!(
        column(&found, "CSR")[0],
        Data::String("@SUM(A1)".to_owned())
    );
    let csv = desk.run("report csr --format csv").good();
    assert!(
        csv.lines().nth(1).expect("row").starts_with("'@SUM(A1),"),
        "{csv}"
    );
}

#[test]
fn what_lies_before_excels_time_is_written_as_text() {
    let desk = Desk::drawn();
    let answers = desk.read("samples/answers.csv").replacen(
        "2026-08-03T09:13:45Z",
        "1850-08-03T09:13:45Z",
        1,
    );
    desk.write("old.csv", answers);
    desk.run("record old.csv").good();
    desk.run("report calls --format xlsx --output calls.xlsx")
        .good();
    let found = sheet(&desk, "calls.xlsx", "calls");
    let times = column(&found, "Completed");
    assert!(
        times.contains(&Data::String("1850-08-03T09:13:45Z".to_owned())),
        "{times:?}"
    );
}
