use std::path::PathBuf;

use super::*;
use crate::calls::{Profile, Refusal};
use crate::read::CallLog;
use crate::read::scan::tests::{HEADER, Keep, Log};

/// Threads and bytes of a chunk.
const WAYS: [(usize, usize); 8] = [
    (1, 1 << 20),
    (1, 7),
    (2, 5),
    (3, 1),
    (2, 64),
    (2, 65),
    (8, 16),
    (2, 9_000),
];

/// Both ways on one text. They must agree, or the quick way leaves it to the careful one, which then refuses it.
fn compare(text: &[u8], allow: bool, delimiter: u8, ways: &[(usize, usize)]) {
    let log = Log::new(text);
    let profile = Profile {
        delimiter: Some(delimiter),
        encoding: Some("utf-8".to_owned()),
        ..Profile::default()
    };
    let path: PathBuf = log.folder.path().join("calls.csv");
    let Ok(log) = CallLog::open(std::slice::from_ref(&path), &profile) else {
        return;
    };
    let packed = path.with_extension("gz");
    std::fs::write(&packed, gzipped(text)).expect("written");
    let packed = CallLog::open(&[packed], &profile).expect("opened as it was unpacked");
    let log = log.allow_bad_rows(allow).with_threads(Some(1));
    let columns = log.columns().names().len();
    let make = || Keep {
        columns,
        ..Keep::default()
    };
    let told = |part: Scan<'_, Keep>| {
        let seen: u64 = part.rows.iter().map(|rows| rows.rows).sum();
        let sinks = part.rows.into_iter().map(|rows| rows.sink);
        let mut keep = sinks
            .reduce(|mut one, other| {
                one.merge(other);
                one
            })
            .expect("a thread");
        keep.rows.sort();
        keep.types.sort();
        let lines = Refusal::ALL.map(|reason| keep.refused.lines(reason).to_vec());
        let Keep {
            rows,
            types,
            refused,
            ..
        } = keep;
        (rows, types, refused, lines, seen, part.lines)
    };
    let file = &log.files[0];
    let mut rows = || Rows::new(&log, file, 0, make());
    let careful = log.scan_carefully(file, &mut rows, &|_| {});
    let careful = careful.map(told).map_err(|_| ());
    for (threads, chunk) in ways.iter().copied() {
        let way = Way { threads, chunk };
        for file in [file, &packed.files[0]] {
            let mut rows = || Rows::new(&log, file, 0, make());
            let quick = scan(file, &mut rows, &way, &|_| {});
            let quick = quick.map(told).map_err(|Odd| ());
            assert_eq!(quick, careful, "{threads} threads, {chunk} bytes");
        }
    }
}

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, text).expect("packed");
    packed.finish().expect("packed")
}

#[test]
fn nasty_logs_are_read_alike() {
    let long = format!(
        "{HEADER}1,\"{}\",internal\n2,Ben,external\n",
        "x\"\"\n".repeat(9_000)
    );
    for body in [
        "",
        "1,Ada,internal",
        "1,Ada,internal\r\n2,Ben,external\r\n",
        "1,Ada,internal\r2,Ben,external\r\r\n\n3,Cy,internal\n",
        "1,\"Ada\r\nLovelace\",internal\n\"2\",\"B\"\"en\"\"\",\"external\"\n",
        "\"1\n\n\r\n2\",Ada,\"internal\"\r\n3,Ben,external",
        "1,Ada,internal,\n2,Ben\n\n\n,Cy,internal\n4, ,external\n",
        "1,Ada,internal\n2,B\"en,external\n",
        "1,Ada,internal\n2,\"Ben\" x,external\n",
        "1,Ada,internal\n2,\"Ben,external\n",
        "1,Ada,internal\n2,Zo\u{eb},external\n\u{feff}3,Łukasz,internal\n",
        "1,,\"\"\n\"\",\"\",\"\"\n\"\"\"\",a,internal\n",
    ] {
        for allow in [false, true] {
            compare(format!("{HEADER}{body}").as_bytes(), allow, b',', &WAYS);
            compare(
                format!("\u{feff}{HEADER}{body}").as_bytes(),
                allow,
                b',',
                &WAYS,
            );
        }
    }
    compare(long.as_bytes(), false, b',', &WAYS);
    let longer = format!(
        "{HEADER}1,\"{}\",internal\n2,{},external\r\n\n3,Cy,internal\n\n",
        "a,b\r\n\"\"".repeat(150_000),
        "é".repeat(500_000),
    );
    compare(
        longer.as_bytes(),
        false,
        b',',
        &[(2, 1 << 18), (2, 4_096), (1, 1 << 24)],
    );
    compare(
        b"call_id,csr,caller_type\n1,A\xffda,internal\n2,Ben,external\n",
        true,
        b',',
        &WAYS,
    );
    compare(
        b"call_id,csr,caller_type\n1,Ada,internal\n2,B\0en,external\n",
        true,
        b',',
        &WAYS,
    );
    compare(
        b"call_id;csr;caller_type\n1;\"A;d,a\";internal\n2;Ben;external\n",
        true,
        b';',
        &WAYS,
    );
}
