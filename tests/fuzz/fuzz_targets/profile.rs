//! Any text as a profile, and a log's first lines under it: the input is both, parted by a line `---`.
#![no_main]

use std::io::Write;

use evenhand::calls::Columns;
use evenhand::read::{CallLog, profile_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (profile, log) = input.split_once("\n---\n").unwrap_or((input, ""));
    let Ok(profile) = profile_text("fuzz", profile) else {
        return;
    };
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(log.as_bytes()).expect("written");
    let Ok(log) = CallLog::open(&[file.path().to_owned()], &profile) else {
        return;
    };
    // Whatever the profile says of them, columns that were found are there.
    let columns: &Columns = log.columns();
    for found in columns.found() {
        assert!(found.column < columns.names().len());
    }
});
