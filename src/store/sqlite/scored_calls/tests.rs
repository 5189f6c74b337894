use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::super::open::connect;
use super::super::side_by_side::side_by_side;
use super::*;
use crate::store::SqliteStore;

/// A store with calls dealt to two analysts, declined, amended, heard otherwise, picked and open, and what was changed in
/// its tables.
fn store(change: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("store.db");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/store-v3.db");
    std::fs::copy(kept, &path).expect("copied");
    drop(SqliteStore::open_to_write(&path).expect("brought up to date"));
    let tables = connect(&path).expect("opens");
    tables.execute_batch(change).expect("changed");
    (folder, path)
}

/// All that goes by, in words.
fn told(read: impl FnOnce(&mut dyn FnMut(&ScoredCall<'_>)) -> Result<(), Fault>) -> Vec<String> {
    let mut told = Vec::new();
    read(&mut |call| told.push(format!("{call:?}"))).expect("reads");
    told
}

fn readers(path: &Path, many: usize) -> Vec<Connection> {
    let witness = connect(path).expect("opens");
    side_by_side(&witness, many, || connect(path)).expect("nobody writes")
}

const CHANGES: [&str; 4] = [
    "",
    // Calls that nobody can score, with and without evaluations.
    "UPDATE drawn_call SET state = 'unscorable' WHERE role = 'drawn' AND position = 2",
    // Strata that don't tell whose calls they have.
    "UPDATE stratum SET csr = NULL WHERE stratum_no % 2 = 0; UPDATE stratum SET caller_type = NULL WHERE stratum_no % 3 = 0",
    // Two samples that share their evaluations.
    "UPDATE sample SET rubric_hash = (SELECT rubric_hash FROM sample WHERE name = 'july')",
];

#[test]
fn however_many_read_however_many_parts_the_same_calls_go_by_in_the_same_order() {
    for (change, sample) in CHANGES
        .into_iter()
        .flat_map(|it| [(it, "july"), (it, "small")])
    {
        let (_folder, path) = store(change);
        let tables = connect(&path).expect("opens");
        let mut wanted = Wanted::new(&tables, sample).expect("is there");
        let whole = told(|each| wanted.read_all(&tables, each));
        assert_eq!(whole.len(), if sample == "july" { 24 } else { 6 });
        for parts in [1, 2, 3, 7, 64] {
            wanted.parts = parts;
            let name = format!("{change} {sample} in {parts}");
            assert_eq!(told(|each| wanted.read_all(&tables, each)), whole, "{name}");
            for many in [1, 2, 3, 5] {
                let readers = readers(&path, many);
                let by_many = told(|each| wanted.read_all_by(readers, each));
                assert_eq!(by_many, whole, "{name} by {many}");
            }
        }
    }
}

#[test]
fn strata_that_do_not_tell_whose_calls_they_have_change_nothing() {
    let whole = |change: &str| {
        let (_folder, path) = store(change);
        let tables = connect(&path).expect("opens");
        told(|each| scored_calls(&tables, "july", each))
    };
    assert_eq!(whole(CHANGES[2]), whole(""));
}

#[test]
fn parts_hold_every_draw_number_once() {
    let (_folder, path) = store("");
    let tables = connect(&path).expect("opens");
    let mut wanted = Wanted::new(&tables, "july").expect("is there");
    for parts in [1, 2, 3, 7, 1000] {
        wanted.parts = parts;
        let all: Vec<Stretch> = wanted.stretches().collect();
        assert_eq!(all.len(), parts);
        assert!(
            all.windows(2)
                .all(|two| two[0].1 == two[1].0 && two[0].0 < two[0].1)
        );
        assert!(all[0].0.as_slice() <= [0; 32].as_slice());
        assert!(all[parts - 1].1.as_slice() > [u8::MAX; 32].as_slice());
    }
}

#[test]
fn a_part_that_can_not_be_read_fails_the_whole_and_no_reader_waits_for_ever() {
    let (_folder, path) =
        store("DROP TRIGGER evaluation_stays_as_it_is; UPDATE evaluation SET answers = '?'");
    let tables = connect(&path).expect("opens");
    for many in [1, 2, 3] {
        let mut wanted = Wanted::new(&tables, "july").expect("is there");
        wanted.parts = 64;
        let fault = wanted.read_all_by(readers(&path, many), &mut |_| {});
        assert!(matches!(fault, Err(Fault::Odd(what)) if what == "`?` are not packed answers"));
    }
}

#[test]
fn readers_see_one_state_or_there_are_none() {
    let (_folder, path) = store("");
    let witness = connect(&path).expect("opens");
    let writer = connect(&path).expect("opens");
    let roster = "INSERT INTO roster (seq, file, source, imported_us)
                  SELECT 1 + coalesce(max(seq), 0), 'a.csv', '', 0 FROM roster";
    let count = |tables: &Connection| -> i64 {
        let count = tables.query_row("SELECT count(*) FROM roster", [], |row| row.get(0));
        count.expect("counts")
    };
    let begun = count(&witness);
    // Somebody writes whenever a reader begins.
    let busy = || {
        writer.execute(roster, []).expect("writes");
        connect(&path)
    };
    assert!(side_by_side(&witness, 2, busy).is_none());
    assert!(count(&witness) > begun);
    let now = count(&witness);
    let readers = readers(&path, 3);
    writer.execute(roster, []).expect("writes");
    assert_eq!(readers.iter().map(count).collect::<Vec<_>>(), [now; 3]);
    assert_eq!(count(&witness), now + 1);
    // What can't be opened again is read by one.
    let gone = || connect(Path::new("is/not/there"));
    assert!(side_by_side(&witness, 2, gone).is_none());
}
