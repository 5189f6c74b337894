//! The quick way through a log against the careful one: the first bytes say how the log is read, the rest is its text.
#![no_main]

use std::io::Write;

use evenhand::calls::{Profile, Refusal, Refused, RowSink, RowView};
use evenhand::read::CallLog;
use libfuzzer_sys::fuzz_target;

/// Keeps all it sees.
#[derive(Default, PartialEq, Debug)]
struct Keep {
    columns: usize,
    rows: Vec<(u64, Vec<String>)>,
    refused: Refused,
}

impl RowSink for Keep {
    fn row(&mut self, row: &RowView<'_>) {
        let cells = (0..self.columns).map(|at| row.cells.cell(at).to_owned());
        self.rows.push((row.line, cells.collect()));
    }

    fn refused(&mut self, reason: Refusal, line: u64) {
        self.refused.note(reason, line);
    }

    fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.refused.merge(&other.refused);
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&[threads, chunk, allow], text)) = input.split_first_chunk() else {
        return;
    };
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(b"call_id,csr,caller_type\n").expect("written");
    file.write_all(text).expect("written");
    let Ok(log) = CallLog::open(&[file.path().to_owned()], &Profile::default()) else {
        return;
    };
    let log = log
        .allow_bad_rows(allow % 2 == 1)
        .with_threads(Some(usize::from(threads % 4) + 1))
        .in_chunks_of(usize::from(chunk) + 1);
    let columns = log.columns().names().len();
    let scan = |log: &CallLog| {
        let make = || Keep {
            columns,
            ..Keep::default()
        };
        log.scan(make, &|_| {}).map(|mut scanned| {
            scanned.sink.rows.sort();
            (scanned.sink, scanned.rows)
        })
    };
    match (scan(&log), scan(&log.clone().carefully(true))) {
        (Ok(quick), Ok(careful)) => assert_eq!(quick, careful),
        (Err(_), Err(_)) => {}
        (quick, careful) => panic!("quick {quick:?}, careful {careful:?}"),
    }
});
