//! What is no call log, or not one as it should be: each is called by its name, with what to do, and nothing is left behind.

use std::io::Write;
use std::process::Command;

use serde_json::json;
use zip::write::SimpleFileOptions;

use crate::harness::Desk;

#[track_caller]
fn refused(name: &str, bytes: impl AsRef<[u8]>, code: i32, says: &[&str]) {
    let desk = Desk::new();
    desk.write(name, bytes);
    for how in ["", "--lenient"] {
        for say in says {
            desk.run(&format!("log {name} {how}")).fails(code, say);
        }
    }
    desk.run(&format!(
        "draw {name} --rubric rubrics/customer-service.toml --seed s"
    ))
    .fails(code, says[0]);
    assert!(!desk.path("evenhand.db").exists());
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .expect("begun");
        archive.write_all(text).expect("packed");
    }
    archive.finish().expect("packed").into_inner()
}

/// What a spreadsheet writes with a password: a container of the old kind with one stream, which nobody can read.
fn encrypted() -> Vec<u8> {
    const FREE: u32 = 0xffff_ffff;
    const END: u32 = 0xffff_fffe;
    let words = |words: &[u32]| -> Vec<u8> { words.iter().flat_map(|w| w.to_le_bytes()).collect() };
    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.resize(24, 0);
    for half in [0x3e_u16, 3, 0xfffe, 9, 6, 0, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    // One sector of the table of sectors, at 0; directory at 1; no small streams.
    file.extend(words(&[0, 1, 1, 0, 4096, END, 0, END, 0, 0]));
    file.resize(512, 0xff);
    // The stream is in the eight sectors behind the directory.
    let mut table = vec![0xffff_fffd, END, 3, 4, 5, 6, 7, 8, 9, END];
    table.resize(128, FREE);
    file.extend(words(&table));
    for (name, kind, child, start, size) in [
        ("Root Entry", 5, 1, END, 0),
        ("EncryptedPackage", 2, FREE, 2, 4096),
        ("", 0, FREE, 0, 0),
        ("", 0, FREE, 0, 0),
    ] {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = if name.is_empty() { 0 } else { entry.len() + 2 };
        entry.resize(64, 0);
        entry.extend(u16::try_from(length).expect("short").to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend(words(&[FREE, FREE, child]));
        entry.resize(116, 0);
        entry.extend(words(&[start, size, 0]));
        file.extend(entry);
    }
    file.resize(512 * 11, 0x5a);
    file
}

#[test]
fn pictures_and_other_bytes_are_called_by_their_names() {
    refused(
        "calls.csv",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        3,
        &["this is a picture, not a call log", "export it as CSV"],
    );
    let noise: Vec<u8> = (0..5_000_u32).map(|at| ((at * 7_919) >> 3) as u8).collect();
    let desk = Desk::new();
    desk.write("calls.csv", &noise);
    desk.run("log calls.csv")
        .fails(3, "this is not a text file: it has NUL bytes");
    // Mended it is a text, but no table.
    desk.run("log calls.csv --lenient")
        .fails(3, "no column for");
}

#[test]
fn a_workbook_with_a_password_is_told() {
    let says = "this workbook is locked with a password";
    refused("calls.xlsx", encrypted(), 3, &[says, "save it without one"]);
}

#[test]
fn archives_of_two_files_of_none_and_bombs_are_refused() {
    let text: &[u8] = b"call_id,csr,caller_type\n1,Ada,internal\n";
    let two = zipped(&[("july.csv", text), ("august.csv", text)]);
    let says = [
        "this archive holds 2 files, among them `july.csv` and `august.csv`",
        "unpack the archive and name the logs",
    ];
    refused("calls.zip", two, 3, &says);
    refused("calls.zip", zipped(&[]), 3, &["this archive is empty"]);
    // Rows that are no longer than they may be.
    let mut row = vec![b'x'; 8 << 20];
    row.push(b'\n');
    let mut packed = zstd::Encoder::new(Vec::new(), 1).expect("begun");
    packed.write_all(text).expect("packed");
    (0..40).for_each(|_| packed.write_all(&row).expect("packed"));
    let desk = Desk::new();
    desk.write("calls.csv", packed.finish().expect("packed"));
    desk.run("log calls.csv --threads 1").fails(
        5,
        "unpacks to more than 400 times its size: that is no call log",
    );
}

#[test]
fn folders_and_pipes_are_no_files() {
    let desk = Desk::new();
    desk.run("log samples")
        .fails(5, "this is a folder, not a file");
    desk.run("log .").fails(5, "this is a folder, not a file");
    let made = Command::new("mkfifo")
        .arg(desk.path("pipe"))
        .status()
        .expect("mkfifo");
    assert!(made.success());
    let ran = desk.run("log pipe");
    assert!(
        ran.err
            .contains("a call log may come as standard input: `-`"),
        "{}",
        ran.err
    );
    ran.fails(5, "this is not a regular file");
}

#[test]
fn a_column_name_that_stands_twice_is_told_where_it_matters() {
    let text = "call_id,csr,caller_type,CSR,note,note\n1,Ada,internal,Ben,a,b\n";
    refused(
        "calls.csv",
        text,
        3,
        &[
            "columns 2 and 4 are both called `csr`",
            "by its position, counted from 1",
        ],
    );
    let desk = Desk::new();
    desk.write("calls.csv", text);
    desk.write("p.toml", "format = 1\n[columns]\ncsr = 4\n");
    let log = desk.json("log calls.csv --profile p.toml --format json");
    assert_eq!(
        log["cells"],
        json!([{"csr": "Ben", "caller_type": "internal", "calls": 1}])
    );
    assert_eq!(log["other_columns"], json!(["csr", "note", "note"]));
}

#[test]
fn line_ends_of_every_kind_in_one_file_end_lines() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type\r\n1,Ada,internal\n2,Ben,external\r3,Cy,internal\r\n\r\n,Dee,internal",
    );
    let log = desk.json("log calls.csv --problems --format json");
    assert_eq!(log["eligible"], 3);
    assert_eq!(
        log["problems"],
        json!([{"file": null, "line": 6, "problem": "no call id"}])
    );
}

#[test]
fn a_line_of_types_alone_and_a_log_of_nothing_have_no_columns() {
    refused(
        "calls.csv",
        "VARCHAR(50),VARCHAR(50),INTEGER\n1,Ada,internal\n",
        3,
        &["no column for `call_id`", "columns here: `VARCHAR(50)`"],
    );
    refused("calls.csv", "", 3, &["this file is empty"]);
    let told = "the list in this file has no object";
    refused("calls.json", "[]\n", 3, &[told]);
}

#[test]
fn only_what_mending_can_help_against_is_mended() {
    let desk = Desk::new();
    // A text that is cut off in its packing is not mended: the rest isn't there.
    let text = "call_id,csr,caller_type\n1,Ada,internal\n".repeat(500);
    let packed = zstd::encode_all(text.as_bytes(), 3).expect("packed");
    desk.write("calls.csv", &packed[..packed.len() - 3]);
    desk.run("log calls.csv --lenient")
        .fails(5, "this file ends before what is packed in it is whole");
    desk.write("calls.csv", "a,".repeat(5_000));
    desk.run("log calls.csv --lenient")
        .fails(3, "this row has more than 4096 columns");
}
