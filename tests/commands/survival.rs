//! What is kept when programs die or crowd.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::harness::Desk;

/// Fifty moments spread evenly over somewhat more than the time that a whole run takes here and now.
fn moments(whole: Duration) -> impl Iterator<Item = Duration> {
    (1..=50_u32).map(move |at| whole * at / 40)
}

/// The store as drawn, put back before every kill: recording into one that is complete would write nothing.
fn put_back(desk: &Desk, drawn: &[u8]) {
    for rest in ["evenhand.db-wal", "evenhand.db-shm"] {
        let _ = std::fs::remove_file(desk.path(rest));
    }
    desk.write("evenhand.db", drawn);
}

#[test]
fn record_killed_at_any_moment_leaves_all_or_nothing() {
    let desk = Desk::drawn();
    let drawn = std::fs::read(desk.path("evenhand.db")).expect("store");
    let begun = Instant::now();
    desk.run("record samples/answers.csv").good();
    let (mut nothing, mut all) = (0, 0);
    for moment in moments(begun.elapsed()) {
        put_back(&desk, &drawn);
        let mut command = desk.command("record samples/answers.csv");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("run");
        std::thread::sleep(moment);
        let _ = child.kill();
        child.wait().expect("ended");
        match desk.json("samples --format json")["samples"][0]["complete"].as_u64() {
            Some(0) => nothing += 1,
            Some(72) => all += 1,
            other => panic!("{other:?} of 72 after {moment:?}"),
        }
        desk.run("verify samples/calls.csv").good();
    }
    // How many fell on which side is the machine's affair; that some were cut short is what makes this a test.
    assert!(nothing > 0, "none was cut short: {all} ran to their end");
    put_back(&desk, &drawn);
    assert!(
        desk.run("record samples/answers.csv")
            .good()
            .contains("72 new")
    );
}

#[test]
fn score_killed_at_any_moment_loses_no_completed_evaluation() {
    let desk = Desk::drawn();
    let mut before: Vec<serde_json::Value> = Vec::new();
    for moment in moments(Duration::from_millis(120)) {
        let mut command = desk.command("score --plain --analyst qa1");
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("run");
        let mut keys = child.stdin.take().expect("stdin");
        let _ = keys.write_all("y\n1\nwell\n\n".repeat(60).as_bytes());
        std::thread::sleep(moment);
        let _ = child.kill();
        child.wait().expect("ended");
        let report = desk.json("report calls --format json");
        let now = report["tables"][0]["rows"]
            .as_array()
            .expect("rows")
            .clone();
        for evaluation in &before {
            assert!(
                now.contains(evaluation),
                "a completed evaluation is gone or changed: {evaluation}"
            );
        }
        before = now;
    }
    assert!(
        !before.is_empty(),
        "no evaluation was completed, so nothing was put to the test"
    );
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
