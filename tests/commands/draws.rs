use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::{Desk, SEED};

const DRAW: &str =
    "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026 --format json";

fn ids(draw: &Value) -> Vec<String> {
    let calls = draw["calls"].as_array().expect("calls").iter();
    calls
        .map(|call| call["call_id"].as_str().expect("id").to_owned())
        .collect()
}

#[test]
fn a_draw_is_what_sorting_by_sha256_gives() {
    let desk = Desk::new();
    let drawn: BTreeSet<String> = ids(&desk.json(DRAW)).into_iter().collect();

    let mut strata: BTreeMap<(String, String), BTreeSet<(String, String)>> = BTreeMap::new();
    let text = desk.read("samples/calls.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records().map(|row| row.expect("row")) {
        let (id, csr, kind) = (&row[0], &row[1], &row[2]);
        if csr.is_empty() || !matches!(kind, "internal" | "external") {
            continue;
        }
        let key: String = Sha256::digest(format!("{SEED}:{id}"))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        strata
            .entry((csr.to_owned(), kind.to_owned()))
            .or_default()
            .insert((key, id.to_owned()));
    }
    let expected: BTreeSet<String> = strata
        .values()
        .flat_map(|calls| calls.iter().take(3).map(|(_, id)| id.clone()))
        .collect();
    assert_eq!(drawn, expected);
    assert_eq!(drawn.len(), 72);
}

#[test]
fn shuffling_the_rows_changes_neither_draw_nor_digest() {
    let (desk, other) = (Desk::new(), Desk::new());
    let text = desk.read("samples/calls.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("row")).collect();
    rows.sort_by_key(|row| Sha256::digest(row.iter().collect::<String>()).to_vec());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(reader.headers().expect("header"))
        .expect("write");
    rows.iter()
        .for_each(|row| writer.write_record(row).expect("write"));
    other.write("samples/calls.csv", writer.into_inner().expect("bytes"));

    let (one, two) = (desk.json(DRAW), other.json(DRAW));
    assert_eq!(ids(&one), ids(&two));
    assert_eq!(one["strata"], two["strata"]);
    assert_eq!(one["sample"], two["sample"]);
    assert_eq!(one["refused"], two["refused"]);
}

#[test]
fn a_larger_number_contains_the_smaller_one_and_tops_the_sample_up() {
    let desk = Desk::new();
    let per = |n: u32| format!("{DRAW} --per csr,caller_type -n {n}");
    let three: BTreeSet<String> = ids(&desk.json(&per(3))).into_iter().collect();
    let five: BTreeSet<String> = ids(&desk.json(&per(5))).into_iter().collect();
    assert!(three.is_subset(&five));
    assert_eq!(
        desk.json("samples --format json")["samples"][0]["drawn"],
        120
    );
    desk.run("verify samples/calls.csv").good();
}

#[test]
fn drawing_again_changes_nothing_and_another_design_needs_another_name() {
    let desk = Desk::drawn();
    let draw = "draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026";
    assert!(desk.run(draw).good().contains("nothing changed"));
    desk.run(&format!("{draw} --min-duration 60"))
        .fails(2, "--name");
    desk.run(&format!("{draw} --min-duration 60 --name long"))
        .good();
    assert_eq!(
        desk.json("samples --format json")["samples"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
}

#[test]
fn counts_add_up_and_rows_are_refused_with_their_reasons() {
    let draw = Desk::new().json(DRAW);
    assert_eq!(draw["sample"]["calls_in_log"], 2000);
    assert_eq!(draw["sample"]["eligible"], 1992);
    let refused = &draw["refused"];
    assert_eq!(
        [
            &refused["missing_csr"],
            &refused["duplicate_id"],
            &refused["unknown_caller_type"]
        ],
        [1, 2, 5]
    );
    let eligible: u64 = draw["strata"]
        .as_array()
        .expect("strata")
        .iter()
        .map(|s| s["eligible"].as_u64().expect("n"))
        .sum();
    assert_eq!(eligible, 1992);
}

#[test]
fn verify_finds_a_changed_log() {
    let desk = Desk::drawn();
    desk.run("verify samples/calls.csv").good();
    desk.run("verify").good();
    let changed = desk
        .read("samples/calls.csv")
        .replacen("C-000010,", "C-999910,", 1);
    desk.write("changed.csv", changed);
    let ran = desk.run("verify changed.csv");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("NOT verified"), "{}", ran.out);
}

#[test]
fn a_log_of_another_make_is_read_through_a_profile() {
    let desk = Desk::new();
    let mut log = String::from("Nr;Beginn;Agent;Von\n");
    for at in 0..40 {
        let from = if at % 2 == 0 { "4312" } else { "+492211234567" };
        log.push_str(&format!(
            "{at:05};{:02}.07.2026 09:15;M\u{fc}ller;{from}\n",
            at % 28 + 1
        ));
    }
    desk.write(
        "switch.csv",
        log.chars()
            .map(|c| u8::try_from(u32::from(c)).expect("latin"))
            .collect::<Vec<u8>>(),
    );
    desk.write(
        "switch.toml",
        "format = 1\nname = \"switch\"\n[file]\ndelimiter = \";\"\nencoding = \"windows-1252\"\n\
         [columns]\ncall_id = \"Nr\"\nstarted_at = \"Beginn\"\n\
         [time]\nformat = \"%d.%m.%Y %H:%M\"\nzone = \"Europe/Berlin\"\n\
         [[caller_type.rule]]\ncolumn = \"Von\"\nmatches = '^[0-9]{3,5}$'\ngives = \"internal\"\n\
         [[caller_type.rule]]\ncolumn = \"Von\"\nmatches = '^\\+'\ngives = \"external\"\n",
    );
    let log = desk.json("log switch.csv --profile switch.toml --format json");
    assert_eq!(log["eligible"], 40);
    assert_eq!(log["cells"][0]["csr"], "Müller");
    assert_eq!(log["caller_type_rules"][0]["rows"], 20);
    assert_eq!(log["period"]["from"], "2026-07-01");
    desk.run(
        "draw switch.csv --profile switch.toml --rubric rubrics/customer-service.toml --seed s",
    )
    .good();
    desk.run("verify switch.csv").good();
}

#[test]
fn any_number_of_threads_gives_the_same_draw() {
    let drawn = |threads: &str| Desk::new().run(&format!("{DRAW}{threads}")).good();
    let one = drawn(" --threads 1");
    for threads in ["", " --threads 2", " --threads 8"] {
        assert_eq!(drawn(threads), one, "{threads}");
    }
}

#[test]
fn trusted_ids_are_told_and_take_no_further_log() {
    let desk = Desk::new();
    let log = "call_id,csr,caller_type\n1,Ada,internal\n2,Ada,internal\n1,Ada,internal\n";
    desk.write("calls.csv", log);
    let draw = "draw calls.csv --rubric rubrics/customer-service.toml --seed s -n 1";
    desk.run(&format!("{draw} --trust-ids --keep-ids"))
        .fails(2, "cannot be used with");
    let told = desk.run(&format!("{draw} --trust-ids")).good();
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        told.contains("Nobody looked whether an id stands more than once in the log (--trust-ids)"),
        "{told}"
    );
    // Both copies of a kept call are met, so that here the counts are right all the same.
    assert!(
        told.contains("Drew 1 of 2 calls that count (of 3 rows)"),
        "{told}"
    );
    desk.run("draw calls.csv --into s")
        .fails(2, "keeps no list of the calls it was drawn from");
    desk.run("verify calls.csv").good();
}
