//! Opening files: regular ones only, whole ones up to a cap, and a hint where a name is nearly right.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::decode::fill;
use super::excerpt::place_in_line;
use super::problem::{Problem, ProblemKind};
use super::source::Source;
use crate::calls::escape;
use crate::rubric::nearest;

/// The file's name as the user wrote it.
pub(super) fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Opens a regular file; also says how many bytes it has.
pub(super) fn open(path: &Path) -> Result<(File, u64), Problem> {
    let name = name_of(path);
    if name == "-" {
        return Err(
            Problem::bad(&name, "this can't be read from standard input")
                .hint("write it to a file first"),
        );
    }
    let failed = |error: io::Error| trouble(path, &error);
    // Asked before opening: opening a pipe would wait for its other end.
    let kind = std::fs::metadata(path).map_err(failed)?.file_type();
    if kind.is_dir() {
        return Err(Problem::new(
            ProblemKind::Io,
            &name,
            "this is a folder, not a file",
        ));
    }
    if !kind.is_file() {
        return Err(
            Problem::new(ProblemKind::Io, &name, "this is not a regular file")
                .hint("pipes and devices can't be read twice; write the content to a file first (a call log may come as standard input: `-`)"),
        );
    }
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    Ok((file, bytes))
}

/// SHA-256 of files as they are, one behind the other.
pub(super) fn sha256<'a>(files: impl Iterator<Item = &'a Source>) -> Result<[u8; 32], Problem> {
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 16];
    for file in files {
        let mut raw = file.raw();
        loop {
            match fill(&mut raw, &mut part).map_err(|error| file.trouble(&error))? {
                0 => break,
                read => hash.update(part.get(..read).unwrap_or_default()),
            }
        }
    }
    Ok(hash.finalize().into())
}

/// What the operating system says, in our words.
pub(super) fn trouble(path: &Path, error: &io::Error) -> Problem {
    let name = name_of(path);
    match error.kind() {
        io::ErrorKind::NotFound => {
            Problem::new(ProblemKind::NotFound, &name, "there is no such file")
                .maybe_hint(neighbour(path))
        }
        io::ErrorKind::PermissionDenied => Problem::new(
            ProblemKind::Io,
            &name,
            "this file may not be read (permission denied)",
        ),
        _ => Problem::new(
            ProblemKind::Io,
            &name,
            format!("this file can't be read: {error}"),
        ),
    }
}

/// A pattern that names no file.
pub fn none_matches(pattern: &Path) -> Problem {
    Problem::new(
        ProblemKind::NotFound,
        &name_of(pattern),
        "no file has a name like this",
    )
    .hint("`*` stands for any letters of a file's name, for instance `july/*.csv`")
}

/// The file in the same folder whose name is nearest.
fn neighbour(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let names: Vec<String> = std::fs::read_dir(folder.unwrap_or(Path::new(".")))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    let near = nearest(&wanted, names.iter().map(String::as_str))?;
    let near = folder.map_or(near.to_owned(), |folder| name_of(&folder.join(near)));
    Some(format!("did you mean `{}`?", escape(&near)))
}

/// A whole UTF-8 file without byte order mark.
pub(super) fn read_text(path: &Path, most_bytes: u64) -> Result<String, Problem> {
    let name = name_of(path);
    let (file, size) = open(path)?;
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(most_bytes)).unwrap_or(0));
    file.take(most_bytes + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| trouble(path, &error))?;
    if bytes.len() as u64 > most_bytes {
        return Err(Problem::bad(
            &name,
            format!("this file is larger than {} MiB", most_bytes >> 20),
        ));
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
        let number = memchr::memchr_iter(b'\n', &bytes[..start]).count() as u64 + 1;
        let stop = bytes.len().min(at + 200);
        let line = String::from_utf8_lossy(&bytes[start..stop]);
        let at = at - start;
        Problem::bad(&name, "these bytes are not UTF-8 text")
            .at(place_in_line(&line, number, 0, &(at..at + 1)))
            .hint("save the file with the encoding UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_comes_with_its_neighbour() {
        let folder = tempfile::tempdir().expect("folder");
        let there = folder.path().join("calls.csv");
        std::fs::write(&there, "x").expect("written");
        let problem = read_text(&folder.path().join("cals.csv"), 10).expect_err("missing");
        assert_eq!(problem.kind, ProblemKind::NotFound);
        let hint = format!("did you mean `{}`?", there.display());
        assert_eq!(problem.hint, Some(hint));
    }

    #[test]
    fn folders_large_files_and_standard_input_are_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let message = |path: &Path, most| read_text(path, most).expect_err("refused").message;
        assert_eq!(message(folder.path(), 10), "this is a folder, not a file");
        assert_eq!(
            message(Path::new("-"), 10),
            "this can't be read from standard input"
        );
        let large = folder.path().join("large");
        std::fs::write(&large, vec![b'a'; (1 << 20) + 1]).expect("written");
        assert_eq!(message(&large, 1 << 20), "this file is larger than 1 MiB");
        assert!(read_text(&large, (1 << 20) + 1).is_ok());
    }

    #[test]
    fn bytes_that_are_not_text_are_placed() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("x.toml");
        std::fs::write(&path, b"\xef\xbb\xbffine\nM\xc3\xbcller M\xfcller\nfine").expect("written");
        let problem = read_text(&path, 1000).expect_err("refused");
        let text = problem.to_text(false);
        assert_eq!(
            text.split_once(":2").map(|(_, rest)| rest),
            Some(
                ":9
  |
2 | Müller M\u{fffd}ller
  |         ^
  |
  = help: save the file with the encoding UTF-8"
            )
        );
    }
}
