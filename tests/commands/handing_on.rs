//! Reports that go to others: what is masked, and what opens in a browser.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::harness::Desk;

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
