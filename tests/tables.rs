//! Random tables written in every way that exports are written in, and read again: the same calls come out.

use std::io::Write;
use std::path::PathBuf;

use evenhand::calls::{Profile, Refusal, RowSink, RowView};
use evenhand::read::CallLog;
use proptest::prelude::*;

#[derive(Default)]
struct Keep {
    columns: usize,
    rows: Vec<Vec<String>>,
    refused: u64,
}

impl RowSink for Keep {
    fn row(&mut self, row: &RowView<'_>) {
        let cells = (0..self.columns).map(|at| row.cells.cell(at).to_owned());
        self.rows.push(cells.collect());
    }

    fn refused(&mut self, _reason: Refusal, _line: u64) {
        self.refused += 1;
    }

    fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.refused += other.refused;
    }
}

#[derive(Clone, Copy, Debug)]
enum Text {
    Utf8,
    Utf8Marked,
    Utf16Little,
    Utf16Big,
    Utf16Marked,
    Western,
}

#[derive(Clone, Copy, Debug)]
enum Packed {
    Plain,
    Gzip,
    Zstandard,
    Zip,
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Way {
    delimiter: u8,
    text: Text,
    packed: Packed,
    always_quoted: bool,
    line_end: csv::Terminator,
    last_line_end: bool,
    title: bool,
    lenient: bool,
    parts: usize,
}

fn way() -> impl Strategy<Value = Way> {
    let texts = [
        Text::Utf8,
        Text::Utf8Marked,
        Text::Utf16Little,
        Text::Utf16Big,
        Text::Utf16Marked,
        Text::Western,
    ];
    let packed = [Packed::Plain, Packed::Gzip, Packed::Zstandard, Packed::Zip];
    let line_ends = [
        csv::Terminator::CRLF,
        csv::Terminator::Any(b'\n'),
        csv::Terminator::Any(b'\r'),
    ];
    (
        prop::sample::select(b",;\t|".to_vec()),
        prop::sample::select(texts.to_vec()),
        prop::sample::select(packed.to_vec()),
        prop::sample::select(line_ends.to_vec()),
        any::<[bool; 4]>(),
        1..4_usize,
    )
        .prop_map(
            |(
                delimiter,
                text,
                packed,
                line_end,
                [always_quoted, last_line_end, title, lenient],
                parts,
            )| Way {
                delimiter,
                text,
                packed,
                always_quoted,
                line_end,
                last_line_end,
                title,
                lenient,
                parts,
            },
        )
}

/// What Western letters a cell may have, and what is hard to write.
fn cell() -> impl Strategy<Value = String> {
    let letters = "abcXYZ019 ,;\t|\"\n'éüßÅñ-+=@#".chars().collect::<Vec<_>>();
    let text = prop::collection::vec(prop::sample::select(letters), 0..12);
    text.prop_map(|letters| letters.into_iter().collect())
}

fn written(rows: &[Vec<String>], way: &Way) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(way.delimiter)
        .terminator(way.line_end)
        .quote_style(match way.always_quoted {
            true => csv::QuoteStyle::Always,
            false => csv::QuoteStyle::Necessary,
        })
        .from_writer(Vec::new());
    rows.iter()
        .for_each(|row| writer.write_record(row).expect("written"));
    let bytes = writer.into_inner().expect("written");
    let mut text = String::from_utf8(bytes).expect("UTF-8");
    if way.title {
        text.insert_str(0, "Calls of July\n\n");
    }
    if !way.last_line_end {
        while text.ends_with(['\r', '\n']) {
            text.pop();
        }
    }
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    match way.text {
        Text::Utf8 => text.into_bytes(),
        Text::Utf8Marked => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Text::Utf16Little => wide(u16::to_le_bytes),
        Text::Utf16Big => wide(u16::to_be_bytes),
        Text::Utf16Marked => [b"\xff\xfe", &wide(u16::to_le_bytes)[..]].concat(),
        Text::Western => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
    }
}

fn packed(bytes: &[u8], packed: Packed) -> Vec<u8> {
    match packed {
        Packed::Plain => bytes.to_vec(),
        Packed::Gzip => {
            let level = flate2::Compression::fast();
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
            writer.write_all(bytes).expect("packed");
            writer.finish().expect("packed")
        }
        Packed::Zstandard => zstd::encode_all(bytes, 1).expect("packed"),
        Packed::Zip => {
            let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file("calls.csv", options).expect("begun");
            writer.write_all(bytes).expect("packed");
            writer.finish().expect("packed").into_inner()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_table_comes_out_as_it_went_in_however_it_is_written(
        cells in prop::collection::vec([cell(), cell(), cell()], 0..40),
        way in way(),
    ) {
        let header = ["call_id", "csr", "caller_type", "note", "subject", "last"].map(str::to_owned);
        let rows = (1..).zip(&cells).map(|(id, [one, two, three])| {
            let kind = if id % 3 == 0 { "external" } else { "internal" };
            vec![format!("C-{id}"), format!("Ada {}", id % 5), kind.to_owned(), one.clone(), two.clone(), three.clone()]
        });
        let rows: Vec<Vec<String>> = rows.collect();
        let folder = tempfile::tempdir().expect("folder");
        let each = rows.len().div_ceil(way.parts).max(1);
        let mut parts: Vec<&[Vec<String>]> = rows.chunks(each).collect();
        if parts.is_empty() {
            parts.push(&[]);
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let whole: Vec<Vec<String>> = std::iter::once(header.to_vec()).chain(part.iter().cloned()).collect();
            let path = folder.path().join(format!("{at}"));
            std::fs::write(&path, packed(&written(&whole, &way), way.packed)).expect("written");
            paths.push(path);
        }
        // Of few Western letters nobody can tell which encoding they are in.
        let encoding = matches!(way.text, Text::Western).then(|| "windows-1252".to_owned());
        let profile = Profile { encoding, lenient: way.lenient, ..Profile::default() };
        let log = CallLog::open(&paths, &profile).expect("opened");
        let columns = log.columns().names().len();
        prop_assert_eq!(columns, header.len());
        let make = || Keep { columns, ..Keep::default() };
        let scanned = log.scan(make, &|_| {}).expect("read");
        prop_assert_eq!(scanned.sink.refused, 0);
        let mut read = scanned.sink.rows;
        read.sort();
        let mut expected = rows;
        expected.sort();
        prop_assert_eq!(read, expected);
    }
}
