//! Files that results are written to.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{Error, Write};
use std::path::{Path, PathBuf};

use super::Failure;

/// Writes a whole file or nothing: a new file beside it takes its place when it is complete. A link stays one, and who may
/// read a file stays as it was. What is no file, such as a pipe, gets the bytes as they are.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |why| Failure::Io {
        what: format!("can't write `{}`", path.display()),
        why,
    };
    let there = std::fs::metadata(path).ok();
    if there
        .as_ref()
        .is_some_and(|there| !there.is_file() && !there.is_dir())
    {
        let opened = OpenOptions::new().write(true).open(path);
        return opened
            .and_then(|mut pipe| pipe.write_all(bytes))
            .map_err(failed);
    }
    let path = match std::fs::canonicalize(path) {
        Ok(meant) if there.is_some() => meant,
        _ => path.to_owned(),
    };
    let permissions = there
        .filter(|there| there.is_file())
        .map(|there| there.permissions());
    replace(&path, bytes, permissions).map_err(failed)
}

fn replace(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> Result<(), Error> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = File::create(&beside).and_then(|mut file| {
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        file.write_all(bytes)?;
        file.sync_all()
    });
    let placed = written.and_then(|()| std::fs::rename(&beside, path));
    if placed.is_err() {
        // What is left of it is of no use to anybody; that it can't be removed either changes nothing.
        let _ = std::fs::remove_file(&beside);
    }
    placed
}

/// A page in the folder for temporary files that only its owner can read. It stays: nobody knows when a browser has read it.
pub(super) fn keep_page(bytes: &[u8]) -> Result<PathBuf, Failure> {
    let kept = || {
        let mut file = tempfile::Builder::new()
            .prefix("evenhand-")
            .suffix(".html")
            .tempfile()?;
        file.write_all(bytes)?;
        Ok(file.keep()?.1)
    };
    kept().map_err(|why| Failure::Io {
        what: "can't write a page to the folder for temporary files".to_owned(),
        why,
    })
}
