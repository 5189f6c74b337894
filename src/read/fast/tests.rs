use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::calls::{Profile, Refusal};
use crate::read::scan::tests::{HEADER, Keep, Log};

/// Both ways on one text. They must agree, or the quick way leaves it to the careful one, which then refuses it.
fn compare(text: &[u8], allow: bool, delimiter: u8) {
    let log = Log::new(text);
    let profile = Profile {
        delimiter,
        ..Profile::default()
    };
    let path: PathBuf = log.folder.path().join("calls.csv");
    let Ok(log) = CallLog::open(&[path], &profile) else {
        return;
    };
    let log = log.allow_bad_rows(allow);
    let columns = log.columns().names().len();
    let make = || Keep {
        columns,
        ..Keep::default()
    };
    let careful = log.scan_carefully(make, &|_| {});
    for (threads, chunk) in [
        (1, 1 << 20),
        (1, 7),
        (2, 5),
        (3, 1),
        (2, 64),
        (8, 16),
        (2, 9_000),
    ] {
        let way = Way { threads, chunk };
        let quick = scan(&log, &mut { make }, &way, &|_| {});
        match (&careful, quick) {
            (Err(_), Err(Odd)) => {}
            (Ok(careful), Ok(mut quick)) => {
                quick.sink.rows.sort();
                let mut expected = careful.sink.rows.clone();
                expected.sort();
                assert_eq!(
                    quick.sink.rows, expected,
                    "{threads} threads, {chunk} bytes"
                );
                assert_eq!(quick.rows, careful.rows);
                for reason in Refusal::ALL {
                    let lines = |keep: &Keep| keep.refused.lines(reason).to_vec();
                    assert_eq!(lines(&quick.sink), lines(&careful.sink));
                }
                assert_eq!(quick.sink.refused, careful.sink.refused);
            }
            (careful, quick) => panic!(
                "{threads} threads, {chunk} bytes: careful {:?}, quick {:?}",
                careful
                    .as_ref()
                    .map(|scanned| &scanned.sink.rows)
                    .map_err(|_| ()),
                quick.map(|scanned| scanned.sink.rows)
            ),
        }
    }
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
            compare(format!("{HEADER}{body}").as_bytes(), allow, b',');
            compare(format!("\u{feff}{HEADER}{body}").as_bytes(), allow, b',');
        }
    }
    compare(long.as_bytes(), false, b',');
    compare(
        b"call_id,csr,caller_type\n1,A\xffda,internal\n2,Ben,external\n",
        true,
        b',',
    );
    compare(
        b"call_id,csr,caller_type\n1,Ada,internal\n2,B\0en,external\n",
        true,
        b',',
    );
    compare(
        b"call_id;csr;caller_type\n1;\"A;d,a\";internal\n2;Ben;external\n",
        true,
        b';',
    );
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_logs_are_read_alike(
        pieces in proptest::collection::vec(piece(), 0..40),
        allow in any::<bool>(),
    ) {
        let mut text = HEADER.as_bytes().to_vec();
        pieces.iter().for_each(|piece| text.extend_from_slice(piece));
        compare(&text, allow, b',');
    }
}
