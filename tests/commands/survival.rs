//! What is kept when programs die or crowd.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use crate::harness::Desk;

/// Fifty moments spread over the time a run takes, the same in every run of the test.
fn moments() -> impl Iterator<Item = Duration> {
    (0..50_u64).map(|at| Duration::from_micros(300 + at * at * 37 % 60_000))
}

#[test]
fn record_killed_at_any_moment_leaves_all_or_nothing() {
    let desk = Desk::drawn();
    for moment in moments() {
        let mut child = desk
            .command("record samples/answers.csv")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("run");
        std::thread::sleep(moment);
        let _ = child.kill();
        child.wait().expect("ended");
        let complete = desk.json("samples --format json")["samples"][0]["complete"].clone();
        assert!(
            complete == 0 || complete == 72,
            "{complete} of 72 after {moment:?}"
        );
    }
    desk.run("record samples/answers.csv").good();
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn score_killed_at_any_moment_keeps_every_answer_it_took() {
    let desk = Desk::drawn();
    let mut before = 0;
    for moment in moments() {
        let mut command = desk.command("score --plain --analyst qa1");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("run");
        let mut keys = child.stdin.take().expect("stdin");
        let _ = keys.write_all("y\n1\nc\nok\n\n".repeat(30).as_bytes());
        std::thread::sleep(moment);
        let _ = child.kill();
        child.wait().expect("ended");
        let sample = desk.json("samples --format json")["samples"][0].clone();
        let complete = sample["complete"].as_u64().expect("complete");
        assert!(complete >= before, "a completed evaluation is gone");
        before = complete;
    }
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn eight_programs_record_at_once_and_nothing_is_lost_or_doubled() {
    let desk = Desk::drawn();
    let text = desk.read("samples/answers.csv");
    let (head, rows) = text.split_once('\n').expect("header");
    let rows: Vec<&str> = rows.lines().collect();
    let mut children = Vec::new();
    for (at, part) in rows.chunks(9).enumerate() {
        let name = format!("part{at}.csv");
        desk.write(&name, format!("{head}\n{}\n", part.join("\n")));
        children.push(
            desk.command(&format!("record {name} --new-analyst"))
                .spawn()
                .expect("run"),
        );
    }
    assert_eq!(children.len(), 8);
    for mut child in children {
        assert!(child.wait().expect("ended").success());
    }
    let report = desk.json("report calls --format json");
    assert_eq!(
        report["tables"][0]["rows"].as_array().map(Vec::len),
        Some(72)
    );
    desk.run("verify samples/calls.csv").good();
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let desk = Desk::drawn();
    let program = env!("CARGO_BIN_EXE_evenhand");
    let script = format!(
        "{program} draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 | head -n 1; exit ${{PIPESTATUS[0]}}"
    );
    let ran = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(desk.path(""))
        .output()
        .expect("run");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}
