//! A copy of a store while others go on writing to it.

use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode};

use super::fault::Fault;
use super::open::{connect, io};
use super::{check, holdings};
use crate::store::{BackedUp, Holdings, StoreError};

/// Copies a store to a file that isn't there yet: made under a name beside it, checked, and only then given its name.
///
/// By `VACUUM INTO` rather than SQLite's online backup: it reads one state in one transaction, while the online backup
/// begins anew whenever somebody writes in between; and it leaves out what was deleted, so that the copy is compact and
/// holds nothing that the store doesn't.
pub(super) fn back_up(
    tables: &Connection,
    path: &Path,
    to: &Path,
    now: Timestamp,
) -> Result<BackedUp, StoreError> {
    must_be_free(to)?;
    let beside = beside(to);
    let made = make(tables, path, &beside, to, now).and_then(|holdings| {
        let bytes = std::fs::metadata(&beside).map_err(|error| io(to, &error))?;
        // Not a hard link, which would refuse a name taken meanwhile: sticks and network folders know none.
        must_be_free(to)?;
        std::fs::rename(&beside, to).map_err(|error| io(to, &error))?;
        keep_the_name(to)?;
        Ok(BackedUp {
            holdings,
            bytes: bytes.len(),
        })
    });
    if made.is_err() {
        // What is left of it is of no use to anybody; that it can't be removed either changes nothing.
        let _ = std::fs::remove_file(&beside);
    }
    made
}

/// A name for the unfinished copy on the same disk.
fn beside(to: &Path) -> PathBuf {
    let mut beside = to.as_os_str().to_owned();
    beside.push(OsStr::new(&format!(".{}.part", std::process::id())));
    PathBuf::from(beside)
}

fn must_be_free(to: &Path) -> Result<(), StoreError> {
    match std::fs::symlink_metadata(to) {
        Ok(_) => Err(StoreError::IsThere {
            path: to.display().to_string(),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io(to, &error)),
    }
}

/// Writes the copy to the disk and reads it through.
fn make(
    tables: &Connection,
    path: &Path,
    beside: &Path,
    to: &Path,
    now: Timestamp,
) -> Result<Holdings, StoreError> {
    // SQLite takes an empty file for a new one, and so it keeps the mode.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(beside)
        .map_err(|error| io(to, &error))?;
    // `./` before it, because SQLite gives names that begin with a colon a meaning of its own; as bytes, because a
    // name need not be UTF-8.
    let target = Path::new(".").join(beside);
    let name = ToSqlOutput::Borrowed(ValueRef::Text(target.as_os_str().as_bytes()));
    tables
        .execute("VACUUM INTO ?1", [name])
        .map_err(|error| copying(error, path, to))?;
    File::open(beside)
        .and_then(|copy| copy.sync_all())
        .map_err(|error| io(to, &error))?;
    let read = || {
        let copy = connect(beside)?;
        if let Some(wrong) = check::damage(&copy)?.into_iter().next() {
            return Err(Fault::Odd(wrong));
        }
        holdings::holdings(&copy, now)
    };
    read().map_err(|fault: Fault| fault.tell(to))
}

/// What went wrong with the copy is told of the copy, the rest of the store.
fn copying(error: rusqlite::Error, path: &Path, to: &Path) -> StoreError {
    let of_the_copy = matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DiskFull | ErrorCode::CannotOpen | ErrorCode::ReadOnly)
    );
    Fault::from(error).tell(if of_the_copy { to } else { path })
}

/// Makes the name last through a power cut.
fn keep_the_name(to: &Path) -> Result<(), StoreError> {
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Ok(()) => Ok(()),
        // Not every disk can do it for folders; the copy itself is on the disk.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => Ok(()),
        Err(error) => Err(io(to, &error)),
    }
}
