use std::path::PathBuf;

use proptest::prelude::*;

use super::*;
use crate::calls::{CallerType, Profile, Refusal, Refused, RowView};

/// Keeps all it sees.
#[derive(Debug, Default)]
pub(in crate::read) struct Keep {
    pub(in crate::read) rows: Vec<(u64, Vec<String>)>,
    pub(in crate::read) types: Vec<CallerType>,
    pub(in crate::read) refused: Refused,
    pub(in crate::read) columns: usize,
}

impl RowSink for Keep {
    fn row(&mut self, row: &RowView<'_>) {
        let cells = (0..self.columns).map(|at| row.cells.cell(at).to_owned());
        self.rows.push((row.line, cells.collect()));
        self.types.push(row.caller_type);
        assert_eq!(row.cells.cell(self.columns), "");
    }

    fn refused(&mut self, reason: Refusal, line: u64) {
        self.refused.note(reason, line);
    }

    fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.rows.sort();
        self.types.extend(other.types);
        self.refused.merge(&other.refused);
    }
}

pub(in crate::read) struct Log {
    pub(in crate::read) folder: tempfile::TempDir,
    pub(in crate::read) profile: Profile,
    pub(in crate::read) allow: bool,
}

impl Log {
    pub(in crate::read) fn new(bytes: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join("calls.csv"), bytes).expect("written");
        Self {
            folder,
            profile: Profile::default(),
            allow: false,
        }
    }

    pub(in crate::read) fn profile(mut self, text: &str) -> Self {
        self.profile = crate::read::profile_text("p.toml", text).expect("a profile");
        self
    }

    fn scan(&self) -> Result<Scanned<Keep>, Problem> {
        let path: PathBuf = self.folder.path().join("calls.csv");
        let log = CallLog::open(&[path], &self.profile)?.allow_bad_rows(self.allow);
        let columns = log.columns().names().len();
        let make = || Keep {
            columns,
            ..Keep::default()
        };
        let scanned = log.scan(make, &|_| {})?;
        let again = log.scan(make, &|_| {})?;
        assert_eq!(scanned.rows, again.rows, "scans can be repeated");
        Ok(scanned)
    }

    fn told(&self) -> String {
        let told = self.scan().map(|scanned| scanned.rows);
        let text = told.expect_err("a problem").to_text(false);
        text.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

pub(in crate::read) const HEADER: &str = "call_id,csr,caller_type\n";

#[test]
fn rows_come_with_their_lines_and_refused_rows_with_their_reasons() {
    let text = format!(
        "{HEADER}1, Ann ,internal\n\n\" 2\",\"B\nB\",EXTERNAL\n ,Cy,internal\n4,  ,internal\n5,Dee\n6,Eve,x\n"
    );
    for text in [
        text.clone(),
        text.replace('\n', "\r\n"),
        text.trim_end().to_owned(),
        format!("\u{feff}{text}\n\n"),
    ] {
        let crlf = text.contains('\r');
        let scanned = Log::new(text).scan().expect("scans");
        assert_eq!(scanned.rows, 6);
        let row = |line, cells: [&str; 3]| (line, cells.map(str::to_owned).to_vec());
        assert_eq!(
            scanned.sink.rows,
            [
                row(2, ["1", " Ann ", "internal"]),
                row(4, [" 2", if crlf { "B\r\nB" } else { "B\nB" }, "EXTERNAL"]),
                row(9, ["6", "Eve", "x"]),
            ]
        );
        let refused = &scanned.sink.refused;
        assert_eq!(refused.lines(Refusal::MissingId), [6]);
        assert_eq!(refused.lines(Refusal::MissingCsr), [7]);
        assert_eq!(refused.lines(Refusal::Unreadable), [8]);
    }
}

#[test]
fn a_header_alone_is_a_log_of_no_calls() {
    for text in [HEADER, HEADER.trim_end()] {
        assert_eq!(Log::new(text).scan().expect("scans").rows, 0);
    }
}

#[test]
fn a_file_that_grows_or_shrinks_between_opening_and_reading_stops_it() {
    for carefully in [false, true] {
        for (bytes, says) in [
            (40_000, "this file has become longer while it was read"),
            (30_000, "this file has become shorter while it was read"),
        ] {
            let own = Log::new(format!("{HEADER}{}", "1,Ada,internal\n".repeat(2_400)));
            let path = own.folder.path().join("calls.csv");
            let log = CallLog::open(std::slice::from_ref(&path), &own.profile).expect("opened");
            let mut text = std::fs::read(&path).expect("read");
            text.resize(bytes, b'\n');
            std::fs::write(&path, text).expect("written");
            let make = || Keep {
                columns: 3,
                ..Keep::default()
            };
            let scanned = log.carefully(carefully).scan(make, &|_| {});
            assert_eq!(scanned.expect_err("stopped").message, says);
        }
    }
}

#[test]
fn an_empty_file_is_no_log() {
    for text in ["", "\n\r\n", "\u{feff}"] {
        assert_eq!(
            Log::new(text).told(),
            "\
error: this file is empty
--> calls.csv
 = help: a call log begins with a line of column names"
        );
    }
}

#[test]
fn a_log_without_ids_says_how_to_name_them() {
    assert_eq!(
        Log::new("Nr,csr,caller_type\n").told(),
        "\
error: no column for `call_id`
 --> calls.csv:1:1
  |
1 | Nr,csr,caller_type
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: columns here: `Nr`, `csr`, `caller_type`
          say so in a profile (--profile FILE), for instance:
            format = 1
            [columns]
            call_id = \"Nr\"
          if no column has one, `columns = [...]` and `line = true` under [call_id] make ids of several columns and the line"
    );
}

#[test]
fn a_profile_with_the_wrong_delimiter_is_told() {
    assert_eq!(
        Log::new("call_id;csr;caller_type\n")
            .profile("format = 1\n[file]\ndelimiter = \"|\"\n")
            .told(),
        "\
error: no column for `call_id`
 --> calls.csv:1:1
  |
1 | call_id;csr;caller_type
  | ^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: the columns look separated by `;`; say so in a profile (--profile FILE), for instance:
            format = 1
            [file]
            delimiter = \";\""
    );
}

#[test]
fn a_column_that_is_there_twice_is_named() {
    assert_eq!(
        Log::new("call_id,csr,Call ID,caller_type\n").told(),
        "\
error: columns 1 and 3 are both called `call_id`
 --> calls.csv:1:1
  |
1 | call_id,csr,Call ID,caller_type
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: name the right one in a profile by its position, counted from 1"
    );
}

#[test]
fn a_stray_quote_is_shown() {
    assert_eq!(
        Log::new(format!("{HEADER}1,Ann \"the best\" Lee,internal\n")).told(),
        "\
error: there is a quote inside a field that does not begin with one
 --> calls.csv:2:7
  |
2 | 1,Ann \"the best\" Lee,internal
  |       ^
  |
  = help: put the whole field in quotes and write the quote twice: ,\"so \"\"called\"\"\",
          --lenient mends such rows where there is a way"
    );
}

#[test]
fn a_quote_that_is_never_closed_is_shown_where_it_opens() {
    assert_eq!(
        Log::new(format!("{HEADER}1,\"Ann,internal\n2,Bo,external\n")).told(),
        "\
error: the quote that opens here is never closed
 --> calls.csv:2:3
  |
2 | 1,\"Ann,internal
  |   ^
  |
  = help: close it at the end of the field, or take it out
          --lenient mends such rows where there is a way"
    );
}

#[test]
fn bytes_in_another_encoding_are_shown_and_a_profile_reads_them() {
    let mut text = HEADER.as_bytes().to_vec();
    text.extend(b"1,\"Zo\xc3\xab\nM\xfcller\",internal\n2,Bo,external\n");
    let mut log = Log::new(&text);
    assert_eq!(
        log.told(),
        "\
error: these bytes are not UTF-8 text
 --> calls.csv:3:2
  |
3 | M�ller\",internal
  |  ^
  |
  = help: if the log has another encoding, say so in a profile (--profile FILE), for instance:
            format = 1
            [file]
            encoding = \"windows-1252\""
    );
    log.allow = true;
    let scanned = log.scan().expect("scans");
    assert_eq!((scanned.rows, scanned.sink.rows.len()), (2, 1));
    assert_eq!(scanned.sink.refused.lines(Refusal::Unreadable), [2]);
    let log = Log::new(&text).profile("format = 1\n[file]\nencoding = \"latin1\"\n");
    let scanned = log.scan().expect("scans");
    assert_eq!(scanned.sink.rows[0].1[1], "ZoÃ«\nMüller");
}

#[test]
fn a_log_in_utf_16_is_read_unless_a_profile_says_otherwise() {
    let wide: Vec<u8> = format!("{HEADER}1,Ann,internal\n")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(Log::new(&wide).scan().expect("scans").rows, 1);
    let stated = "format = 1\n[file]\nencoding = \"utf-8\"\ndelimiter = \",\"\n";
    assert_eq!(
        Log::new(&wide).profile(stated).told(),
        "\
error: this is not a text file: it has NUL bytes
--> calls.csv:1:2
 = help: it looks like UTF-16; say so in a profile (--profile FILE), for instance:
           format = 1
           [file]
           encoding = \"utf-16le\""
    );
    let log = Log::new(&wide).profile("format = 1\n[file]\nencoding = \"utf-16le\"\n");
    assert_eq!(log.scan().expect("scans").rows, 1);
}

#[test]
fn a_profile_reads_a_log_without_header_and_with_rules() {
    let log = Log::new("7;x;Ann;4711\n8;y;Bo;\n").profile(
        "format = 1\n[file]\ndelimiter = \";\"\nheader = false\n[columns]\ncall_id = 1\ncsr = 3\n\
             [[caller_type.rule]]\ncolumn = 4\nempty = true\ngives = \"internal\"\n",
    );
    let scanned = log.scan().expect("scans");
    assert_eq!(scanned.rows, 2);
    let mut types = scanned.sink.types;
    types.sort();
    assert_eq!(types, [CallerType::Internal, CallerType::Unknown]);
}

#[test]
fn a_long_log_is_whole_on_any_number_of_threads() {
    let mut text = HEADER.to_owned();
    for at in 0..100_000 {
        text.push_str(&format!("{at},\"C\nSR {}\",internal\r\n", at % 7));
    }
    let scanned = Log::new(&text).scan().expect("scans");
    assert_eq!(scanned.rows, 100_000);
    for (at, (line, cells)) in scanned.sink.rows.iter().enumerate() {
        assert_eq!((*line, &cells[0]), (2 + 2 * at as u64, &at.to_string()));
    }
}

#[test]
fn the_first_of_many_faults_is_told_and_no_thread_is_left_waiting() {
    let mut text = HEADER.as_bytes().to_vec();
    for _ in 0..2_000_000 {
        text.extend(b"1,\xff,internal\n");
    }
    let log = Log::new(&text).profile("format = 1\n[file]\nencoding = \"utf-8\"\n");
    assert!(log.told().contains("calls.csv:2:3"));
}

#[test]
fn an_encoding_that_shows_late_is_found() {
    let mut text = format!("{HEADER}{}", "1,Ann,internal\n".repeat(40_000)).into_bytes();
    text.extend(b"2,J\xfcrgen M\xfcller,internal\n");
    for allow in [false, true] {
        let mut log = Log::new(&text);
        log.allow = allow;
        let scanned = log.scan().expect("scans");
        assert_eq!(scanned.rows, 40_001);
        let [(_, encoding)] = &scanned.encodings[..] else {
            panic!("told: {:?}", scanned.encodings);
        };
        assert_eq!(encoding, "windows-1252");
        let last = scanned.sink.rows.last().expect("rows");
        assert_eq!(last.1[1], "Jürgen Müller");
    }
}

#[test]
fn a_byte_order_mark_inside_a_log_stays_text() {
    let row = "\u{feff}1,Ann,internal\n";
    let text = HEADER.to_owned() + &row.repeat(40_000);
    let scanned = Log::new(&text).scan().expect("scans");
    assert!(
        scanned
            .sink
            .rows
            .iter()
            .all(|(_, cells)| cells[0] == "\u{feff}1")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_table_scans_to_the_cells_that_were_written(
        table in proptest::collection::vec(proptest::array::uniform3("[a-c\",\r\n é]{1,6}"), 0..30),
        crlf: bool,
    ) {
        let mut writer = csv::WriterBuilder::new()
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(Vec::new());
        writer.write_record(["call_id", "csr", "caller_type"]).expect("written");
        for row in &table {
            writer.write_record(row).expect("written");
        }
        let scanned = Log::new(writer.into_inner().expect("flushed")).scan();
        let scanned = scanned.expect("scans");
        let blank = |cell: &String| cell.trim().is_empty();
        let wanted: Vec<Vec<String>> = table
            .iter()
            .filter(|row| !blank(&row[0]) && !blank(&row[1]))
            .map(|row| row.to_vec())
            .collect();
        let cells: Vec<Vec<String>> = scanned.sink.rows.into_iter().map(|(_, cells)| cells).collect();
        prop_assert_eq!(cells, wanted);
        prop_assert_eq!(scanned.rows, table.len() as u64);
    }
}
