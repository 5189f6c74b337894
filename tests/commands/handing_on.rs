//! Reports that go to others: what is masked, and what opens in a browser.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::harness::Desk;
use crate::journeys;

/// The place of the interaction id in the log of journeys.
const JOURNEY: usize = 6;

#[test]
fn free_text_is_masked_in_every_format_and_nothing_else_changes() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    desk.run(
        "pick C-000001 --from samples/calls.csv --why complaint --note Angry --sample july-2026",
    )
    .good();
    let secrets = [
        "Did not mention the delivery charge",
        "What was tried so far is missing",
        "Angry",
    ];
    for (what, holds) in [
        ("explain C-001192", &secrets[..2]),
        ("report answers", &secrets[..2]),
        ("report picked", &secrets[2..]),
        ("report", &secrets[2..]),
    ] {
        for format in ["table", "json", "csv", "md", "html", "xlsx"] {
            if format == "csv" && what == "report" {
                continue;
            }
            let words = format!("{what} --format {format} --output out.file");
            desk.run(&words).good();
            let open = fs::read(desk.path("out.file")).expect("out");
            desk.run(&format!("{words} --redact")).good();
            let masked = fs::read(desk.path("out.file")).expect("out");
            if format == "xlsx" {
                continue;
            }
            let (open, masked) = (
                String::from_utf8_lossy(&open),
                String::from_utf8_lossy(&masked),
            );
            for secret in holds {
                assert!(
                    open.contains(secret),
                    "{what} {format} should have {secret}"
                );
            }
            for secret in secrets {
                assert!(!masked.contains(secret), "{what} {format} tells {secret}");
            }
            assert!(masked.contains("(masked)"), "{what} {format}");
        }
    }
    let json = desk.json("report csr --format json");
    let masked = desk.json("report csr --format json --redact");
    assert_eq!(json["tables"], masked["tables"]);
}

#[test]
fn a_draw_can_be_told_without_what_the_log_says_of_callers() {
    let desk = Desk::drawn();
    let words = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json --redact";
    let draw = desk.json(words);
    let call = &draw["calls"][0];
    assert!(call["call_id"].as_str().expect("id").starts_with("C-"));
    for (name, value) in call["fields"].as_object().expect("fields") {
        assert!(value == "(masked)" || value == "", "{name}: {value}");
    }
}

#[test]
fn the_sheet_of_a_call_says_what_was_listened_for() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    let rubric = desk.read("rubrics/customer-service.toml");
    let look_for = rubric
        .lines()
        .find_map(|line| line.strip_prefix("look_for = \""));
    let look_for = look_for.expect("guidance").trim_end_matches('"').to_owned();
    for format in ["html", "md"] {
        let sheet = desk
            .run(&format!("explain C-001192 --format {format}"))
            .good();
        assert!(sheet.contains("What was listened for"));
        assert!(
            sheet.replace('\\', "").contains(&look_for),
            "{format}: {look_for}"
        );
        assert!(sheet.contains("The earned parts add up to 84.0"));
    }
    let page = desk.run("explain C-001192 --format html").good();
    assert!(page.contains("<h2>How the score came about</h2>"));
    assert!(!desk.run("explain C-001192").good().contains(&look_for));
}

#[test]
fn a_page_opens_in_the_browser_and_nothing_else_does() {
    let desk = Desk::drawn();
    fs::create_dir(desk.path("bin")).expect("folder");
    desk.write(
        "bin/xdg-open",
        "#!/bin/sh\nprintf %s \"$1\" > \"$OPENED\"\n",
    );
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(desk.path("bin/xdg-open"), mode).expect("mode");
    let path = std::env::var("PATH").unwrap_or_default();
    let open = |words: &str| {
        let mut command = desk.command(words);
        command
            .env("PATH", format!("{}:{path}", desk.path("bin").display()))
            .env("TMPDIR", desk.path("bin"))
            .env("OPENED", desk.path("opened"));
        String::from_utf8(command.output().expect("run").stdout).expect("UTF-8")
    };
    for words in [
        "report --format html --open --output page.html",
        "samples --format html --open",
    ] {
        let told = open(words);
        let named = told
            .trim()
            .strip_prefix("The page is ")
            .expect("its path")
            .to_owned();
        assert!(
            fs::read_to_string(&named)
                .expect("the page")
                .contains("</html>")
        );
        let begun = Instant::now();
        while fs::read_to_string(desk.path("opened")).unwrap_or_default() != named {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the browser never saw {named}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    desk.run("samples --open").fails(2, "--open shows a page");
}

#[test]
fn journeys_and_queues_are_told_by_number_or_not_at_all() {
    let desk = journeys::desk();
    let log = desk.read("calls.csv");
    let ids: Vec<String> = log
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(JOURNEY).expect("id").to_owned())
        .collect();
    let known = |text: &str| {
        ids.iter()
            .find(|id| !id.is_empty() && text.contains(id.as_str()))
            .cloned()
    };
    let draw = desk.json(&format!("{} --format json", journeys::DRAW));
    let calls = draw["calls"].as_array().expect("calls").iter();
    let calls: Vec<String> = calls
        .map(|call| call["call_id"].as_str().expect("id").to_owned())
        .collect();
    journeys::record(&desk, &calls);
    let words = [
        journeys::DRAW.to_owned(),
        "report journeys".to_owned(),
        "report".to_owned(),
        format!("explain {}", calls[0]),
    ];
    for words in words {
        for format in ["table", "json", "html", "md"] {
            let open = desk.run(&format!("{words} --format {format}")).good();
            let masked = desk
                .run(&format!("{words} --format {format} --redact"))
                .good();
            assert_eq!(known(&masked), None, "{words} {format}");
            assert!(
                words == "report" || known(&open).is_some(),
                "{words} {format} names journeys"
            );
        }
    }
    let told = desk.json("report journeys --format json --redact");
    assert_eq!(told["tables"][0]["rows"][0]["journey"], "journey 1");
    let open = desk.json("report --format json");
    let masked = desk.json("report --format json --redact");
    assert_eq!(open["tables"], masked["tables"]);
}

#[test]
fn what_is_written_keeps_its_place_its_rights_and_its_kind() {
    let desk = Desk::drawn();
    desk.write("old.json", "old");
    fs::set_permissions(desk.path("old.json"), fs::Permissions::from_mode(0o600)).expect("mode");
    std::os::unix::fs::symlink("old.json", desk.path("link.json")).expect("link");
    desk.run("samples --format json --output link.json").good();
    assert!(
        fs::symlink_metadata(desk.path("link.json"))
            .expect("link")
            .is_symlink()
    );
    assert!(desk.read("old.json").contains("evenhand.samples/1"));
    let mode = fs::metadata(desk.path("old.json"))
        .expect("file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    // What goes to a pipe's other end leaves a pipe behind.
    let made = std::process::Command::new("mkfifo")
        .arg(desk.path("pipe"))
        .status();
    assert!(made.expect("mkfifo").success());
    let pipe = desk.path("pipe");
    let reader = std::thread::spawn(move || fs::read_to_string(pipe).expect("what was written"));
    desk.run("samples --format json --output pipe").good();
    assert!(
        reader
            .join()
            .expect("reader")
            .contains("evenhand.samples/1")
    );
    assert!(!fs::metadata(desk.path("pipe")).expect("pipe").is_file());
}

#[test]
fn two_evaluations_of_a_call_are_two_sheets_two_files_and_two_places() {
    let desk = Desk::drawn();
    desk.run("record samples/answers.csv").good();
    let answers = desk.read("samples/answers.csv");
    let mut lines = answers.lines();
    let (heads, first) = (lines.next().expect("heads"), lines.next().expect("a call"));
    desk.write(
        "second.csv",
        format!("{heads}\n{}\n", first.replacen(",qa1,", ",qa9,", 1)),
    );
    desk.run("record second.csv --new-analyst").good();
    desk.run("explain C-001192 --format xlsx --output two.xlsx")
        .good();
    let book: calamine::Xlsx<_> =
        calamine::open_workbook(desk.path("two.xlsx")).expect("a workbook");
    let names = calamine::Reader::sheet_names(&book);
    assert_eq!(names, ["About", "explanation", "explanation-2"]);
    desk.run("explain C-001192 --format csv --output two")
        .good();
    assert!(
        desk.path("two/explanation.csv").exists() && desk.path("two/explanation-2.csv").exists()
    );
    let page = desk.run("explain C-001192 --format html").good();
    assert_eq!(page.matches("<section id=\"explanation-2\">").count(), 1);
}
