//! The quick way through a log against the careful one, on random logs, read in chunks of any size by any number of
//! threads. `.ci/run` takes many more cases.

use evenhand::calls::{CallerType, Profile, Refusal, Refused, RowSink, RowView};
use evenhand::read::CallLog;
use proptest::prelude::*;

const HEADER: &[u8] = b"call_id,csr,caller_type\n";

/// Keeps all it sees.
#[derive(Debug, Default, PartialEq)]
struct Keep {
    columns: usize,
    rows: Vec<(u64, CallerType, Vec<String>)>,
    refused: Refused,
}

impl RowSink for Keep {
    fn row(&mut self, row: &RowView<'_>) {
        let cells = (0..self.columns).map(|at| row.cells.cell(at).to_owned());
        self.rows.push((row.line, row.caller_type, cells.collect()));
    }

    fn refused(&mut self, reason: Refusal, line: u64) {
        self.refused.note(reason, line);
    }

    fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.refused.merge(&other.refused);
    }
}

/// All that a log gives, in order; `None` where it is refused.
fn read(log: &CallLog) -> Option<(Keep, u64)> {
    let make = || Keep {
        columns: log.columns().names().len(),
        ..Keep::default()
    };
    let mut scanned = log.scan(make, &|_| {}).ok()?;
    scanned.sink.rows.sort();
    Some((scanned.sink, scanned.rows))
}

fn piece() -> impl Strategy<Value = &'static [u8]> {
    prop_oneof![
        4 => Just(&b","[..]),
        4 => Just(&b"\n"[..]),
        2 => Just(&b"\r\n"[..]),
        1 => Just(&b"\r"[..]),
        2 => Just(&b"\""[..]),
        2 => Just(&b"\"\""[..]),
        2 => Just(&b",\""[..]),
        2 => Just(&b"\","[..]),
        2 => Just(&b"\"\n"[..]),
        3 => Just(&b"internal"[..]),
        4 => Just(&b"a"[..]),
        2 => Just("\u{e9}".as_bytes()),
        1 => Just(&b"\xc3"[..]),
        3 => Just(&b"7,Ada,external\n"[..]),
        2 => Just(&b"8,\"B\ne\"\"n\",internal\r\n"[..]),
    ]
}

/// Threads and bytes of a chunk: a vector's and a block's length and their neighbours among them.
fn way() -> impl Strategy<Value = (usize, usize)> {
    let few = prop_oneof![
        Just(1_usize),
        Just(15),
        Just(16),
        Just(63),
        Just(64),
        Just(65),
        Just(1 << 18)
    ];
    (1..5_usize, prop_oneof![few, 1..300_usize])
}

fn cases() -> u32 {
    let asked = std::env::var("EVENHAND_CASES");
    asked.map_or(500, |cases| cases.parse().expect("a number of cases"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn both_ways_read_the_same(
        pieces in proptest::collection::vec(piece(), 0..40),
        allow in any::<bool>(),
        mark in any::<bool>(),
        (threads, chunk) in way(),
    ) {
        let mark: &[u8] = if mark { b"\xef\xbb\xbf" } else { b"" };
        let text = [mark, HEADER, &pieces.concat()].concat();
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("calls.csv");
        std::fs::write(&path, text).expect("written");
        if let Ok(log) = CallLog::open(&[path], &Profile::default()) {
            let log = log.allow_bad_rows(allow);
            let careful = read(&log.clone().with_threads(Some(1)).carefully(true));
            let quick = read(&log.with_threads(Some(threads)).in_chunks_of(chunk));
            prop_assert_eq!(quick, careful);
        }
    }
}
