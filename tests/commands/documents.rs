//! README, rubrics, samples and help say what the program does.

use std::fs;

use crate::harness::{Desk, project};

const FIRST: &str = "run samples/calls.csv --rubric rubrics/customer-service.toml --answers samples/answers.csv --seed july-2026";

#[test]
fn the_readme_shows_what_its_first_command_prints() {
    let desk = Desk::new();
    let readme = fs::read_to_string(project("README.md")).expect("README");
    assert!(readme.contains(&format!("cargo run --release -- {FIRST}")));
    let first = desk.run(FIRST).good();
    assert!(readme.contains(&first), "the README should show:\n{first}");
    assert_eq!(
        desk.run(FIRST).good(),
        first,
        "a second run must change nothing"
    );
}

#[test]
fn the_readme_shows_how_a_call_is_explained() {
    let desk = Desk::new();
    desk.run(FIRST).good();
    let readme = fs::read_to_string(project("README.md")).expect("README");
    let explained = desk.run("explain C-001645").good();
    for line in explained.lines().filter(|line| !line.contains('─')).take(4) {
        assert!(readme.contains(line), "the README should show:\n{line}");
    }
}

#[test]
fn every_command_is_in_the_readme_and_has_help_and_a_manual_page() {
    let desk = Desk::new();
    let readme = fs::read_to_string(project("README.md")).expect("README");
    let help = desk.run("--help").good();
    let commands: Vec<&str> = (help.lines().skip_while(|line| *line != "Commands:").skip(1))
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() >= 12, "{commands:?}");
    for name in commands {
        assert!(
            readme.contains(&format!("`{name}`")),
            "`{name}` is not in the README"
        );
        desk.run(&format!("{name} --help")).good();
        assert!(desk.run(&format!("man {name}")).good().contains(".TH"));
    }
    assert!(desk.run("completions bash").good().contains("evenhand"));
}

#[test]
fn every_rubric_and_the_starter_check_out() {
    let desk = Desk::new();
    for entry in fs::read_dir(project("rubrics")).expect("rubrics") {
        let path = entry.expect("entry").path();
        let ran = desk.run(&format!("rubric check {}", path.display())).good();
        assert!(ran.contains("good"), "{ran}");
        desk.run(&format!("rubric show {}", path.display())).good();
    }
    desk.run("rubric new mine.toml").good();
    desk.run("rubric check mine.toml").good();
    desk.run("rubric new mine.toml").fails(2, "exists already");
}

#[test]
fn the_help_of_report_says_what_is_printed_without_a_table() {
    let help = Desk::new().run("report --help").good();
    let words: Vec<&str> = help.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("the whole report with `--format html` or `xlsx`"),
        "{help}"
    );
}
