use crate::harness::Desk;

const RUBRIC: &str = "--rubric rubrics/customer-service.toml --seed s";

/// Nothing must be left behind by any of these.
#[track_caller]
fn draw_fails(log: impl AsRef<[u8]>, code: i32, says: &str) {
    let desk = Desk::new();
    desk.write("log.csv", log);
    desk.run(&format!("draw log.csv {RUBRIC}"))
        .fails(code, says);
    assert!(!desk.path("evenhand.db").exists());
}

#[test]
fn a_log_that_cannot_be_used_is_refused_with_advice() {
    draw_fails("", 3, "this file is empty");
    draw_fails("when,who\n1,2\n", 3, "columns here: `when`, `who`");
    draw_fails("call_id,csr,caller_type\n", 3, "no call that can be drawn");
    draw_fails(
        "call_id,csr,caller_type\n1,A,internal\n2,B\n",
        3,
        "more than 1 %",
    );
    draw_fails(
        "call_id,csr,caller_type\n1,A,\"internal\n",
        3,
        "log.csv:2:5",
    );
    // UTF-8 with a byte that is none: somebody must look at it.
    draw_fails(
        b"call_id,csr,caller_type\n1,M\xfcller,internal\n2,Zo\xc3\xab,internal\n",
        3,
        "log.csv:2:4",
    );
    draw_fails("a,".repeat(1_000_000), 3, "columns");
    let mut field = b"call_id,csr,caller_type\n1,\"".to_vec();
    field.resize(100_000_000, b'x');
    draw_fails(field, 3, "log.csv:2");
}

#[test]
fn a_missing_file_is_exit_code_5() {
    Desk::new()
        .run(&format!("draw nothing.csv {RUBRIC}"))
        .fails(5, "there is no such file");
}

#[track_caller]
fn rubric_fails(from: &str, to: &str, says: &str) {
    let desk = Desk::new();
    let text = desk.read("rubrics/customer-service.toml");
    assert!(text.contains(from));
    desk.write("rubrics/customer-service.toml", text.replacen(from, to, 1));
    desk.run(&format!("draw samples/calls.csv {RUBRIC}"))
        .fails(3, says);
    assert!(!desk.path("evenhand.db").exists());
    desk.run("rubric check rubrics/customer-service.toml")
        .fails(1, says);
}

#[test]
fn a_faulty_rubric_is_refused_with_the_place() {
    rubric_fails(
        "na = \"exclude\"",
        "nah = \"exclude\"",
        "did you mean `na`?",
    );
    rubric_fails(
        "id = \"offers-help\"",
        "id = \"gives-name\"",
        "stands twice",
    );
    rubric_fails("weight = 15", "weight = 5", "not 100");
    rubric_fails("score = 69.125", "score = 70.0", "the rubric gives 69.125");
    rubric_fails(
        "id = \"transfer-decision\"",
        "id = \"transfer-decision\"\nshow_if = { behavior = \"warm-transfer\", is = [\"full\"] }",
        "circle",
    );
}

#[track_caller]
fn record_fails(change: impl Fn(&str) -> String, says: &str) {
    let desk = Desk::drawn();
    let text = desk.read("samples/answers.csv");
    desk.write("answers.csv", change(&text));
    desk.run("record answers.csv").fails(3, says);
    assert_eq!(
        desk.json("samples --format json")["samples"][0]["complete"],
        0
    );
}

#[test]
fn answers_with_a_fault_are_not_used_at_all() {
    record_fails(
        |text| text.replacen("C-001192", "C-NEVER", 1),
        "`C-NEVER` was not drawn",
    );
    record_fails(
        |text| text.replacen("gives-name", "gives-nam", 1),
        "did you mean `gives-name`?",
    );
    record_fails(
        |text| text.replacen(",yes,", ",yess,", 1),
        "did you mean `yes`?",
    );
    record_fails(
        |text| text.replacen("qa1,yes,", "qa1,na,", 1),
        "may not be answered `na`",
    );
    record_fails(
        |text| text.replacen("qa1,yes,", "qa1,,", 1),
        "`gives-name` is not answered",
    );
    record_fails(
        |text| format!("{text}{}\n", text.lines().nth(1).expect("row")),
        "a second time",
    );
    record_fails(
        |text| text.replacen("Knew the voice and skipped the check.", "", 1),
        "needs a comment",
    );
}

#[test]
fn a_store_that_is_none_is_left_alone() {
    let desk = Desk::drawn();
    desk.run("report --store other.db").fails(4, "no store");
    assert!(!desk.path("other.db").exists());
    desk.write("text.db", "hello\n".repeat(500));
    desk.run("report --store text.db")
        .fails(4, "not an evenhand store");
    desk.run(&format!("draw samples/calls.csv {RUBRIC} --store text.db"))
        .fails(4, "not an evenhand store");
    assert_eq!(desk.read("text.db"), "hello\n".repeat(500));
    desk.run("report --sample june")
        .fails(2, "there are: july-2026");
    desk.run("explain C-NEVER").fails(3, "not in the sample");
}

#[test]
fn a_newer_store_is_refused() {
    let desk = Desk::drawn();
    let path = desk.path("evenhand.db");
    let mut bytes = std::fs::read(&path).expect("store");
    // The user version of an SQLite file: four bytes at 60, big-endian.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, bytes).expect("store");
    desk.run("report").fails(4, "newer evenhand");
}

#[cfg(unix)]
#[test]
fn a_full_disk_changes_nothing() {
    let desk = Desk::drawn();
    let program = env!("CARGO_BIN_EXE_evenhand");
    // Files may not grow beyond what they are: writing fails as on a full disk.
    let script = format!("trap '' XFSZ; ulimit -f 1; exec {program} record samples/answers.csv");
    let ran = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(desk.path(""))
        .output()
        .expect("run");
    assert_eq!(
        ran.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    desk.run("verify samples/calls.csv").good();
    assert_eq!(
        desk.json("samples --format json")["samples"][0]["complete"],
        0
    );
    desk.run("record samples/answers.csv").good();
}

#[test]
fn csv_of_two_tables_wants_a_folder() {
    let desk = Desk::drawn();
    desk.run("report --format csv")
        .fails(2, "folder with --output");
    desk.run("report --format csv --output tables").good();
    assert!(
        desk.read("tables/csr.csv")
            .starts_with("csr,eligible,scored")
    );
}
