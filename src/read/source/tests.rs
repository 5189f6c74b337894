use std::io::Write;
use std::path::PathBuf;

use super::*;

fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("calls.csv");
    std::fs::write(&path, bytes).expect("written");
    (folder, path)
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let (_folder, path) = file(bytes);
    let source = Source::open(&path, None, &|_| false)?;
    let seen = Arc::default();
    let mut text = Vec::new();
    let mut reader = source
        .unpacked(&seen)
        .map_err(|error| source.trouble(&error))?;
    let read = reader.read_to_end(&mut text);
    read.map_err(|error| source.trouble(&error))?;
    if !text.is_empty() {
        assert!(seen.load(Ordering::Relaxed) > 0, "progress is told");
    }
    Ok(text)
}

fn refused(bytes: &[u8]) -> (String, String) {
    let problem = unpacked(bytes).expect_err("refused");
    (problem.message, problem.hint.expect("a hint"))
}

fn gzipped(text: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text).expect("packed");
    packed.finish().expect("packed")
}

fn zipped(files: &[(&str, &[u8])], method: zip::CompressionMethod) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    for (name, text) in files {
        archive.start_file(*name, options).expect("begun");
        archive.write_all(text).expect("packed");
    }
    archive.finish().expect("packed").into_inner()
}

const TEXT: &[u8] = b"call_id,csr,caller_type\n1,Ada,internal\n2,Ben,external\n";

#[test]
fn what_is_packed_comes_out_as_it_went_in_whatever_the_file_is_called() {
    use zip::CompressionMethod::{Deflated, Stored};
    let (first, rest) = TEXT.split_at(30);
    for packed in [
        TEXT.to_vec(),
        gzipped(TEXT),
        [gzipped(first), gzipped(rest)].concat(),
        zstd::encode_all(TEXT, 3).expect("packed"),
        zipped(&[("july/calls.csv", TEXT)], Deflated),
        zipped(&[("calls.csv", TEXT)], Stored),
        zipped(
            &[("__MACOSX/._calls.csv", b"x"), ("calls.csv", TEXT)],
            Deflated,
        ),
    ] {
        assert_eq!(unpacked(&packed).expect("unpacked"), TEXT);
    }
}

#[test]
fn an_archive_must_hold_one_log() {
    use zip::CompressionMethod::Deflated;
    let two = zipped(
        &[("a.csv", TEXT), ("b.csv", TEXT), ("c.txt", b"")],
        Deflated,
    );
    assert_eq!(
        refused(&two).0,
        "this archive holds 3 files, among them `a.csv` and `b.csv`"
    );
    assert_eq!(refused(&zipped(&[], Deflated)).0, "this archive is empty");
    let cut = zipped(&[("a.csv", TEXT)], Deflated);
    let told = refused(&cut[..cut.len() - 20]);
    assert!(
        told.0.starts_with("this zip archive can't be read"),
        "{}",
        told.0
    );
}

#[test]
fn what_is_no_log_is_called_by_its_name() {
    for (bytes, told) in [
        (
            &b"\x89PNG\r\n\x1a\n"[..],
            "this is a picture, not a call log",
        ),
        (b"%PDF-1.7\n", "this is a PDF document, not a call log"),
        (
            b"RIFF\x24\x08\0\0WAVE",
            "this is a recording, not a call log",
        ),
        (b"SQLite format 3\0", "this is a database, not a call log"),
        (
            b"7z\xbc\xaf\x27\x1c",
            "this is a 7z archive, not a call log",
        ),
    ] {
        assert_eq!(refused(bytes).0, told);
    }
}

#[test]
fn a_packed_file_that_is_cut_off_is_told() {
    let packed = gzipped(&TEXT.repeat(100));
    let (message, hint) = refused(&packed[..packed.len() - 9]);
    assert_eq!(
        message,
        "this file ends before what is packed in it is whole"
    );
    assert_eq!(hint, "unpack it yourself, or make the export again");
    let packed = zstd::encode_all(&TEXT.repeat(100)[..], 3).expect("packed");
    let (message, _) = refused(&packed[..packed.len() - 3]);
    assert_eq!(
        message,
        "this file ends before what is packed in it is whole"
    );
}

#[test]
fn a_small_file_that_unpacks_to_something_endless_is_stopped() {
    let endless = io::repeat(b'0').take(300 << 20);
    let packed = zstd::encode_all(endless, 1).expect("packed");
    let told = refused(&packed).0;
    assert_eq!(
        told,
        "this file unpacks to more than 400 times its size: that is no call log"
    );
}

#[test]
fn a_file_that_something_still_writes_to_is_told() {
    let (_folder, path) = file(TEXT);
    let source = Source::open(&path, None, &|_| false).expect("opened");
    assert!(source.unchanged().is_ok());
    let mut more = File::options().append(true).open(&path).expect("opened");
    more.write_all(b"3,Cy,internal\n").expect("written");
    let told = source.unchanged().expect_err("longer");
    assert_eq!(
        told.message,
        "this file has become longer while it was read"
    );
    // What is read is what was there.
    let mut text = Vec::new();
    source.raw().read_to_end(&mut text).expect("read");
    assert_eq!(text, TEXT);
    more.set_len(10).expect("cut");
    let error = source.raw().read_to_end(&mut text).expect_err("shorter");
    let told = source.trouble(&error).message;
    assert_eq!(told, "this file has become shorter while it was read");
}

#[test]
fn a_window_shows_the_whole_text_to_several_readers() {
    let text: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    for (chunk, readers) in [(7, 1), (64, 3), (1 << 20, 2)] {
        let window = Window::new(chunk, readers);
        let next = AtomicU64::new(0);
        let parts = std::thread::scope(|scope| {
            let taken = scope.spawn(|| window.take_in(&text[..]));
            let read = |reader: usize| {
                let (mut parts, window, next) = (Vec::new(), &window, &next);
                move || loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    window.go_on(reader, number);
                    let mut bytes = vec![0; chunk];
                    let from = number * chunk as u64;
                    let read = window.read(from, &mut bytes).expect("open");
                    bytes.truncate(read);
                    if read == 0 {
                        return std::mem::take(&mut parts);
                    }
                    // The one behind it is there as well, though nobody has come to it.
                    let mut more = [0; 1];
                    let ahead = window.read(from + 3 * chunk as u64, &mut more);
                    assert!(ahead.is_ok());
                    parts.push((number, bytes));
                }
            };
            let running: Vec<_> = (0..readers).map(|one| scope.spawn(read(one))).collect();
            let parts = running
                .into_iter()
                .flat_map(|one| one.join().expect("read"));
            let parts: Vec<(u64, Vec<u8>)> = parts.collect();
            taken.join().expect("taken").expect("read");
            parts
        });
        let mut parts = parts;
        parts.sort();
        let whole: Vec<u8> = parts.into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert!(whole == text, "{chunk} bytes, {readers} readers");
    }
}
