//! Stores backed up while others write, checked, and joined again.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use rusqlite::Connection;

use crate::harness::Desk;

fn sql(desk: &Desk, store: &str) -> Connection {
    Connection::open(desk.path(store)).expect("store")
}

/// Rows of the example answers, the header first; `only` says which by their place.
fn answers(desk: &Desk, name: &str, only: impl Fn(usize) -> bool) {
    let text = desk.read("samples/answers.csv");
    let (head, rows) = text.split_once('\n').expect("header");
    let rows = rows.lines().enumerate().filter(|(at, _)| only(*at));
    let rows: Vec<&str> = rows.map(|(_, row)| row).collect();
    desk.write(name, format!("{head}\n{}\n", rows.join("\n")));
}

fn complete(desk: &Desk, store: &str) -> u64 {
    let samples = desk.json(&format!("samples --format json --store {store}"));
    let complete = samples["samples"][0]["complete"].as_u64();
    complete.expect("a number")
}

#[test]
fn a_backup_made_while_others_record_is_whole_and_a_store_of_its_own() {
    let desk = Desk::drawn();
    for at in 0..72 {
        answers(&desk, &format!("{at}.csv"), |row| row == at);
    }
    let program = env!("CARGO_BIN_EXE_evenhand");
    let script = format!(
        "for at in $(seq 0 71); do {program} record -q --new-analyst $at.csv || exit 1; done"
    );
    let mut writer = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(desk.path(""))
        .stdout(Stdio::null())
        .spawn()
        .expect("run");
    let mut held = Vec::new();
    for nth in 0.. {
        let name = format!("backup{nth}.db");
        let told = desk.run(&format!("store backup {name}")).good();
        desk.run(&format!("store check --store {name}")).good();
        let scored = complete(&desk, &name);
        assert!(told.contains(&format!("{scored} evaluation")), "{told}");
        held.push(scored);
        if writer.try_wait().expect("asked").is_some() {
            break;
        }
    }
    assert!(
        writer.wait().expect("ended").success(),
        "a writer was kept out"
    );
    assert!(held.is_sorted(), "{held:?}");
    assert!(held[0] < 72, "all was written before the first backup");
    assert_eq!(complete(&desk, "evenhand.db"), 72);
    let mode = std::fs::metadata(desk.path("backup0.db")).expect("file");
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    desk.run("verify samples/calls.csv --store backup0.db")
        .good();
    desk.run("record samples/answers.csv --new-analyst --store backup0.db")
        .good();
}

fn files(desk: &Desk) -> Vec<String> {
    let all = std::fs::read_dir(desk.path("")).expect("folder");
    let mut names: Vec<String> = all
        .map(|one| one.expect("file").file_name().into_string().expect("text"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_overwrites_nothing_and_leaves_no_half_file() {
    let desk = Desk::drawn();
    let before = files(&desk);
    desk.write("there.db", "kept");
    desk.run("store backup there.db")
        .fails(2, "there is a file `there.db` already");
    assert_eq!(desk.read("there.db"), "kept");
    std::fs::remove_file(desk.path("there.db")).expect("removed");
    desk.run("store backup nowhere/copy.db")
        .fails(5, "can't write `nowhere/copy.db`");
    desk.run("store backup copy.db --store none.db")
        .fails(4, "there is no store");
    // A page that can't be read: the copy must not get its name.
    let mut bytes = std::fs::read(desk.path("evenhand.db")).expect("store");
    let at = bytes.len() / 2 / 4096 * 4096;
    bytes[at..at + 4096].fill(0x5a);
    desk.write("evenhand.db", bytes);
    desk.run("store backup copy.db").fails(4, "damaged");
    assert_eq!(files(&desk), before);
}

/// Dealt to two analysts, some calls to both; the example's answers, and a call that can't be scored.
fn lived_in() -> Desk {
    let desk = Desk::new();
    desk.run("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --analysts qa1,qa2 --double 50%")
        .good();
    let draw = desk.json("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json");
    let first = &draw["assignments"][0];
    let (id, who) = (first["call_id"].as_str(), first["analyst"].as_str());
    let (id, who) = (id.expect("id"), who.expect("name"));
    desk.write(
        "unscorable.csv",
        format!("call_id,analyst,unscorable\n{id},{who},no-recording\n"),
    );
    desk.run("record unscorable.csv").good();
    let answers = desk.read("samples/answers.csv");
    let rows = answers.lines().filter(|line| !line.starts_with(id));
    let rows: Vec<&str> = rows.collect();
    desk.write("answers.csv", rows.join("\n") + "\n");
    desk.run("record answers.csv").good();
    desk
}

#[test]
fn a_sound_store_is_told_with_what_it_holds_and_what_leads_nowhere() {
    let desk = lived_in();
    let told = desk.run("store check").good();
    assert_eq!(
        told,
        "evenhand.db: sound.\n  holds  1 sample, 73 drawn calls, 71 evaluations, 0 drafts\n"
    );
    sql(&desk, "evenhand.db")
        .execute_batch(
            "INSERT INTO draft (sample, call_id, analyst, payload, saved_at_us)
             SELECT sample, call_id, analyst, '{}', 0 FROM evaluation
             WHERE call_id = (SELECT min(call_id) FROM evaluation);
             INSERT INTO draft (sample, call_id, analyst, payload, saved_at_us)
             SELECT sample, call_id, 'qa1', '{}', 1 FROM unscorable;
             INSERT INTO claim (sample, call_id, analyst, lease_until_us)
             SELECT sample, min(call_id), 'qa2', 1 FROM drawn_call GROUP BY sample;",
        )
        .expect("left lying");
    let told = desk.run("store check").good();
    for line in [
        "leads nowhere: its analyst has completed the call",
        "leads nowhere: the call can't be scored",
        "1 claim has ended",
    ] {
        assert!(told.contains(line), "no `{line}` in:\n{told}");
    }
    let json = desk.json("store check --format json");
    assert_eq!(json["schema"], "evenhand.store-check/1");
    assert_eq!(json["sound"], true);
    assert_eq!(json["holds"]["evaluations"], 71);
    assert_eq!(json["holds"]["drafts"], 2);
    assert_eq!(json["idle_drafts"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["ended_claims"], 1);
}

/// What is done to a store behind its back, and what `check` must say of it.
const BROKEN: &[(&str, &str)] = &[
    (
        "UPDATE batch SET eligible = eligible + 1",
        "batch 1 has a frame that isn't the sum of its strata",
    ),
    (
        "UPDATE cell SET eligible = eligible + 1 WHERE csr = (SELECT min(csr) FROM cell)",
        "batch 1 has a frame that isn't the sum of its CSRs and caller types",
    ),
    (
        "UPDATE drawn_call SET role = 'reserve' WHERE role = 'drawn' AND position = 3",
        "stratum 1 has fewer drawn calls than its quota",
    ),
    (
        "UPDATE drawn_call SET role = 'reserve' WHERE role = 'drawn' AND position = 1 AND stratum_no = 0",
        "stratum 1 has a reserve before a drawn call",
    ),
    ("DELETE FROM call_fields", "has no fields"),
    (
        "UPDATE drawn_call SET state = 'complete' WHERE role = 'reserve'",
        "is said to be complete, but has no evaluation that counts",
    ),
    (
        "UPDATE drawn_call SET state = 'open' WHERE role = 'drawn' AND state = 'complete'",
        "has an evaluation that counts, but isn't said to be complete",
    ),
    (
        "UPDATE drawn_call SET state = 'unscorable' WHERE role = 'reserve'",
        "is said to be unscorable by nobody",
    ),
    (
        "UPDATE evaluation SET evaluation_revision = 2, amend_reason = 'x' WHERE call_id NOT IN (SELECT call_id FROM comment)",
        "lacks an evaluation revision",
    ),
    (
        "UPDATE evaluation SET answers = 'z' || substr(answers, 2)",
        "has an answer that its rubric doesn't know",
    ),
    (
        "INSERT INTO rubric SELECT zeroblob(32), zeroblob(32), id, title, revision, source FROM rubric;
         UPDATE evaluation SET rubric_hash = zeroblob(32)",
        "has an evaluation under another rubric",
    ),
    (
        "INSERT INTO spread SELECT name, 5, 'equal', 1, NULL FROM sample",
        "the total of batch 1 has another number of calls than its strata give",
    ),
    (
        "UPDATE drawn_call SET assigned = 1 - assigned",
        "is assigned, but not said to be, or the other way round",
    ),
    (
        "UPDATE assignment SET state = 'open' WHERE state = 'complete'",
        "is assigned in a state that isn't that of the call or of the analyst's work",
    ),
    (
        "UPDATE assignment SET state = 'declined' WHERE rank = 2 AND state = 'open'",
        "is declined by an analyst who didn't say why",
    ),
    (
        "DELETE FROM assignment WHERE rank = 1",
        "has a second analyst, but no first one",
    ),
    (
        "UPDATE sample_progress SET calls = calls + 1",
        "the count of calls `complete` is another number than the calls in that state",
    ),
    (
        "UPDATE analyst_progress SET calls = calls + 1",
        "is another number than the calls assigned so",
    ),
    (
        "INSERT INTO sample SELECT 'empty', unit, seed, per, quota, eligibility, include_unknown, rubric_hash, drawn_at_us,
             NULL, NULL FROM sample",
        "sample `empty`: the sample says nothing of a log it was drawn from",
    ),
    (
        "INSERT INTO batch SELECT sample, 3, log, file_sha256, profile, 0, 0, 0, zeroblob(32), NULL, NULL, drawn_at_us, 0, 0
             FROM batch",
        "batch 2 isn't there, though later ones are",
    ),
    (
        "UPDATE seen SET ids = substr(ids, 1, 80)",
        "batch 1 keeps another number of ids than calls that may be drawn from it",
    ),
    (
        "DELETE FROM event WHERE act = 'draw'",
        "batch 1 was added, but no act says so",
    ),
    (
        "UPDATE sample SET withdrawn_at_us = 1, withdrawn_reason = 'mistake'",
        "the sample is withdrawn, but no act says so",
    ),
    (
        "DELETE FROM event WHERE seq = 1",
        "act 1 is missing from the list of acts, though later ones are there",
    ),
    (
        "UPDATE drawn_call SET picked = 1 WHERE role = 'drawn'",
        "is said to be picked, but not why, or the other way round",
    ),
    (
        "INSERT INTO picked SELECT sample, call_id, 'complaint', NULL, NULL, 'calls.csv', NULL, 0 FROM drawn_call",
        "is said to be picked, but not why, or the other way round",
    ),
    (
        "UPDATE drawn_call SET role = 'picked' WHERE role = 'reserve'",
        "is neither drawn nor a reserve, and nobody picked it",
    ),
    (
        "UPDATE unscorable SET seq = 2",
        "lacks a statement that it can't be scored, though later ones are there",
    ),
    (
        "UPDATE batch SET frame_digest = zeroblob(32)",
        "the frame digest of batch 1 isn't the sum of the strata's",
    ),
    (
        "UPDATE drawn_call SET draw_number = zeroblob(32) WHERE call_id = (
             SELECT max(call_id) FROM drawn_call WHERE role = 'reserve')",
        "has a draw number that the seed doesn't give",
    ),
    (
        "UPDATE drawn_call SET position = position + 100 WHERE role = 'reserve'",
        "is at position 104 after 3",
    ),
    (
        "DELETE FROM analyst",
        "a row of `evaluation` refers to a `analyst` that isn't there",
    ),
];

#[test]
fn whatever_contradicts_itself_is_told_with_what_to_do() {
    let desk = lived_in();
    let sound = std::fs::read(desk.path("evenhand.db")).expect("store");
    for (how, says) in BROKEN {
        desk.write("broken.db", &sound);
        let broken = sql(&desk, "broken.db");
        for trigger in [
            "evaluation_stays_as_it_is",
            "event_stays",
            "unscorable_stays_as_it_is",
        ] {
            broken
                .execute_batch(&format!("DROP TRIGGER {trigger}"))
                .expect(trigger);
        }
        broken
            .execute_batch("PRAGMA foreign_keys = 0")
            .expect("off");
        broken.execute_batch(how).expect(how);
        drop(broken);
        let ran = desk.run("store check --store broken.db --format json");
        assert_eq!(ran.code, 1, "{how}\n{}{}", ran.out, ran.err);
        assert!(ran.out.contains(says), "no `{says}` after {how}");
        assert!(ran.out.contains("from the last backup"), "{}", ran.out);
    }
}

#[test]
fn a_damaged_file_is_told_as_such() {
    let desk = lived_in();
    let mut bytes = std::fs::read(desk.path("evenhand.db")).expect("store");
    let at = bytes.len() / 2 / 4096 * 4096;
    bytes[at..at + 4096].fill(0x5a);
    desk.write("evenhand.db", bytes);
    let ran = desk.run("store check --format json");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(json["sound"], false);
    let wrong = json["wrong"][0].as_str().expect("a sentence");
    assert!(wrong.contains("the file is damaged"), "{wrong}");
}

/// Copies of the example as drawn, for two analysts who work apart.
fn two_copies() -> Desk {
    let desk = Desk::drawn();
    for copy in ["anna.db", "ben.db"] {
        desk.run(&format!("store backup {copy}")).good();
    }
    desk
}

#[track_caller]
fn unchanged(desk: &Desk, store: &str, before: &[u8]) {
    let now = std::fs::read(desk.path(store)).expect("store");
    assert!(now == before, "{store} was written to");
}

fn report(desk: &Desk, store: &str) -> serde_json::Value {
    let mut report = desk.json(&format!("report --format json --store {store}"));
    report["generated_at"] = serde_json::Value::Null;
    report
}

#[test]
fn copies_of_two_analysts_joined_report_what_one_store_would() {
    let desk = two_copies();
    let draw = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026";
    let drawn = desk.json(&format!("{draw} --format json"));
    let id = drawn["calls"][0]["call_id"].as_str().expect("id");
    let of = |id: &str, row: &str| row.starts_with(&format!("{id},"));
    let text = desk.read("samples/answers.csv");
    let rows: Vec<&str> = text.lines().skip(1).collect();
    let gone = rows.iter().position(|row| of(id, row)).expect("a row");
    answers(&desk, "anna.csv", |row| row < 30 && row != gone);
    answers(&desk, "ben.csv", |row| row >= 20 && row != gone);
    desk.write(
        "gone.csv",
        format!(
            "call_id,analyst,unscorable,completed_at\n{id},qa2,no-recording,2026-08-03T08:00:00Z\n"
        ),
    );
    desk.run("record anna.csv --store anna.db").good();
    desk.run("record gone.csv --store ben.db").good();
    desk.run("record ben.csv --store ben.db --new-analyst")
        .good();
    for file in ["anna.csv", "gone.csv", "ben.csv"] {
        desk.run(&format!("record {file} --new-analyst")).good();
    }
    let ben = std::fs::read(desk.path("ben.db")).expect("store");
    let anna = std::fs::read(desk.path("anna.db")).expect("store");
    let told = desk
        .run("store merge ben.db --store anna.db --dry-run")
        .good();
    assert!(
        told.contains("would be taken (nothing was written)"),
        "{told}"
    );
    unchanged(&desk, "anna.db", &anna);
    let told = desk.run("store merge ben.db --store anna.db").good();
    assert!(told.contains("1 unscorable call"), "{told}");
    assert_eq!(report(&desk, "anna.db"), report(&desk, "evenhand.db"));
    desk.run("verify samples/calls.csv --store anna.db").good();
    let again = desk.run("store merge ben.db --store anna.db").good();
    assert_eq!(again, "ben.db has nothing to take that this store lacks.\n");
    let json = desk.json("store merge ben.db --store anna.db --format json");
    assert_eq!(json["schema"], "evenhand.merge/1");
    assert_eq!(json["changed"], false);
    unchanged(&desk, "ben.db", &ben);
}

#[test]
fn what_contradicts_is_listed_and_settled_by_an_amendment() {
    let desk = two_copies();
    let text = desk.read("samples/answers.csv");
    let rows: Vec<&str> = text.lines().take(3).collect();
    let id = rows[1].split(',').next().expect("id");
    desk.write("anna.csv", format!("{}\n{}\n", rows[0], rows[1]));
    let other = rows[1].replacen(",yes,", ",no,", 1);
    desk.write("ben.csv", format!("{}\n{other}\n{}\n", rows[0], rows[2]));
    desk.run("record anna.csv --store anna.db").good();
    desk.run("record ben.csv --store ben.db --new-analyst")
        .good();
    let ran = desk.run("store merge ben.db --store anna.db --format json");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let json: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let sample = &json["samples"][0];
    assert_eq!(sample["taken"]["evaluations"], 1);
    let conflicts = sample["conflicts"].as_array().expect("a list");
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0]["call_id"], id);
    assert_eq!(conflicts[0]["conflict"], "evaluation");
    let ran = desk.run("store merge ben.db --store anna.db");
    assert_eq!(ran.code, 1);
    let says = format!("call `{id}`: `qa1` gave other answers there than here");
    assert!(ran.out.contains(&says), "{}", ran.out);
    assert!(
        ran.out.contains("explain CALL --store ben.db"),
        "{}",
        ran.out
    );
    desk.write("settled.csv", format!("{}\n{other}\n", rows[0]));
    desk.run("record settled.csv --amend agreed --store anna.db")
        .good();
    desk.run("store merge ben.db --store anna.db").good();
    desk.run("store check --store anna.db").good();
}

#[test]
fn what_can_not_be_joined_is_refused_with_a_reason_and_changes_nothing() {
    let desk = two_copies();
    let merge = |other: &str| desk.run(&format!("store merge {other}"));
    let before = std::fs::read(desk.path("evenhand.db")).expect("store");
    let draw = "draw samples/calls.csv --rubric rubrics/customer-service.toml";
    desk.run(&format!(
        "{draw} --seed august --name july-2026 --store other.db"
    ))
    .good();
    merge("other.db").fails(3, "its seed differs from that of the sample here");
    desk.run(&format!("{draw} --seed august --store august.db"))
        .good();
    merge("august.db").fails(3, "`august.db` has no sample that this store has, too");
    merge("./evenhand.db").fails(2, "`./evenhand.db` is this very store");
    merge("none.db").fails(4, "there is no store at `none.db`");
    desk.write("text.db", "call_id,csr\n".repeat(100));
    merge("text.db").fails(4, "`text.db` is not an evenhand store");
    sql(&desk, "ben.db")
        .execute_batch("PRAGMA user_version = 99")
        .expect("newer");
    merge("ben.db").fails(4, "written by a newer evenhand (format 99");
    sql(&desk, "ben.db")
        .execute_batch("PRAGMA user_version = 1")
        .expect("older");
    merge("ben.db").fails(4, "open it once so, with `--store ben.db`");
    unchanged(&desk, "evenhand.db", &before);
}
