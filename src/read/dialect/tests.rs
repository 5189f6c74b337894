use std::io::Read;

use proptest::prelude::*;

use super::*;

/// Record lines, or what stopped it; in chunks of `size`.
fn lines(text: &[u8], size: usize) -> Result<Vec<u64>, Stop> {
    let mut dialect = Dialect::new(b',');
    let mut starts = Vec::new();
    for chunk in text.chunks(size) {
        dialect.watch(chunk, &mut starts)?;
    }
    dialect.finish()?;
    Ok(starts.iter().map(|start| start.line).collect())
}

fn stop(text: &str) -> (Refused, u64, u64) {
    let whole = lines(text.as_bytes(), text.len()).expect_err("stops");
    if !text.contains('\0') {
        assert_eq!(lines(text.as_bytes(), 1), Err(whole), "in single bytes");
    }
    (
        whole.what,
        whole.spot.line,
        whole.spot.offset - whole.spot.line_start + 1,
    )
}

#[test]
fn records_know_their_lines_whatever_the_line_ends_are() {
    let text = "a,b\nc,\"d\ne\"\n\n\nf,g\n";
    for (text, size) in [
        (text.to_owned(), 100),
        (text.to_owned(), 1),
        (text.replace('\n', "\r\n"), 100),
        (text.replace('\n', "\r\n"), 1),
        (text.replace('\n', "\r"), 100),
        (text.trim_end().to_owned(), 3),
    ] {
        assert_eq!(lines(text.as_bytes(), size), Ok(vec![1, 2, 6]), "{text:?}");
    }
}

#[test]
fn quotes_must_stand_at_the_edges_of_fields() {
    assert_eq!(lines(b"\"a\",\"\",\"b\"\"c\"\n\"\"\n", 100), Ok(vec![1, 2]));
    assert_eq!(stop("a,b\nc,d\"e\"\n"), (Refused::StrayQuote, 2, 4));
    assert_eq!(stop("a,b\nc, \"e\"\n"), (Refused::StrayQuote, 2, 4));
    assert_eq!(stop("a\n\"b\"c\n"), (Refused::AfterQuote(None), 2, 4));
    assert_eq!(
        stop("a\n\"b \"c\" d\"\n"),
        (Refused::AfterQuote(None), 2, 5)
    );
    assert_eq!(
        stop("a\nx,\"b\nc\nd,\"e\"\n"),
        (Refused::AfterQuote(Some(4)), 2, 3)
    );
    assert_eq!(stop("a\nx,\"b\nc\n"), (Refused::OpenQuote, 2, 3));
    assert_eq!(stop("a\n\"b\"\""), (Refused::OpenQuote, 2, 1));
    assert_eq!(lines(b"a\n\"b\"", 1), Ok(vec![1, 2]));
}

#[test]
fn a_row_without_end_stops_before_it_is_buffered() {
    let mut endless = std::io::repeat(b'x');
    let mut dialect = Dialect::new(b',');
    let mut chunk = vec![0; 1 << 16];
    let mut seen: u64 = 0;
    dialect.watch(b"a,b\n", &mut Vec::new()).expect("fine");
    let stop = loop {
        endless.read_exact(&mut chunk).expect("read");
        seen += chunk.len() as u64;
        if let Err(stop) = dialect.watch(&chunk, &mut Vec::new()) {
            break stop;
        }
    };
    assert_eq!(stop.what, Refused::LongRow(false));
    assert_eq!((stop.spot.line, seen), (2, LONGEST_ROW + (1 << 16)));
}

#[test]
fn a_quoted_field_of_17_mib_names_its_quote() {
    let mut text = b"a,b\nc,\"".to_vec();
    text.resize(17 << 20, b'\n');
    let stop = lines(&text, 1 << 18).expect_err("stops");
    assert_eq!(stop.what, Refused::LongRow(true));
    assert_eq!((stop.spot.line, stop.spot.offset), (2, 6));
}

#[test]
fn a_million_columns_are_too_many() {
    let (commas, quoted) = (",".repeat(1_000_000), "\"\",".repeat(1_000_000));
    assert_eq!(
        stop(&format!("a\n{commas}\n")),
        (Refused::ManyColumns, 2, 1)
    );
    assert_eq!(
        stop(&format!("a\n{quoted}\n")),
        (Refused::ManyColumns, 2, 1)
    );
    assert_eq!(
        lines(",".repeat(MOST_COLUMNS - 1).as_bytes(), 7),
        Ok(vec![1])
    );
}

#[test]
fn binary_content_is_told_from_utf_16() {
    let wide = |swap: bool| -> Vec<u8> {
        "call_id,csr\n1,2\n"
            .encode_utf16()
            .flat_map(|unit| {
                if swap {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    };
    let what = |bytes: &[u8]| lines(bytes, bytes.len()).expect_err("stops").what;
    assert_eq!(what(&wide(false)), Refused::Nul(Some("utf-16le")));
    assert_eq!(what(&wide(true)), Refused::Nul(Some("utf-16be")));
    assert_eq!(
        stop("a,b\nc,\0PK plain text follows"),
        (Refused::Nul(None), 2, 3)
    );
}

proptest! {
    #[test]
    fn what_the_csv_crate_writes_is_accepted(
        table in proptest::collection::vec(proptest::collection::vec("[a\",\r\n é]{0,6}", 3), 1..20),
        crlf: bool,
        always: bool,
        size in 1usize..9,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .quote_style(if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary })
            .from_writer(Vec::new());
        for row in &table {
            writer.write_record(row).expect("written");
        }
        let text = writer.into_inner().expect("flushed");
        let lines = lines(&text, size);
        prop_assert_eq!(lines.map(|lines| lines.len()), Ok(table.len()));
    }

    #[test]
    fn what_is_accepted_has_as_many_records_as_the_csv_crate_finds(
        text in "[a\",\r\n]{0,24}",
        size in 1usize..9,
    ) {
        if let Ok(lines) = lines(text.as_bytes(), size) {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            prop_assert_eq!(lines.len(), reader.byte_records().count());
        }
    }
}
