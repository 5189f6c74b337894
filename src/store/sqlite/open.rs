//! Opening and making a store, and telling one from other files.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::SqliteStore;
use super::fault::Fault;
use super::migrate::{self, MIGRATIONS};
use crate::store::StoreError;

/// How long to wait for another program's write. A write takes milliseconds, a large draw some seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The engine's statements all stay prepared.
const STATEMENTS: usize = 64;

/// KiB of pages kept in memory (SQLite counts pages below zero in KiB). Files of answers come in the order of call
/// ids, tables are in draw-number order: without room every row would fetch a page anew.
const CACHE_KIB: i64 = -65_536;

/// How a file was opened, to open it once more.
pub(super) type Connect = fn(&Path) -> Result<Connection, Fault>;

/// What a file turned out to be.
enum Found {
    Empty,
    Store { version: i64 },
    Other,
}

impl SqliteStore {
    /// Opens a store; makes one where there is no file or an empty one, and brings an older one up to date after a
    /// backup beside it. Only its owner may read a file made here.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`], [`StoreError::TooNew`], and what the disk says.
    pub fn create_or_open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        match &made {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(io(path, error)),
            _ => {}
        }
        let opened = Self::open_for_writing(path, true);
        // An empty file that others hold busy is theirs by now.
        if made.is_ok()
            && matches!(&opened, Err(error) if !matches!(error, StoreError::Busy { .. }))
        {
            let empty = std::fs::metadata(path).is_ok_and(|file| file.len() == 0);
            if empty && let Err(error) = std::fs::remove_file(path) {
                return Err(io(path, &error));
            }
        }
        opened
    }

    /// Opens a store for writing that is there already, and brings an older one up to date after a backup beside it.
    ///
    /// # Errors
    /// [`StoreError::Missing`]; then as for [`SqliteStore::create_or_open`].
    pub fn open_to_write(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        exists(path.as_ref())?;
        Self::open_for_writing(path.as_ref(), false)
    }

    /// Opens a store as it is; also one in a file or folder that can't be written to, as long as it is only read.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotAStore`], [`StoreError::TooNew`], [`StoreError::Outdated`], and what
    /// the disk says.
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        exists(path)?;
        let open = || {
            let connection = connect(path)?;
            match look(&connection) {
                Ok(found) => Ok((connection, found, connect as Connect)),
                Err(fault) if bars_the_folder(&fault) && nothing_waits(path) => {
                    let connection = connect_as_is(path)?;
                    let found = look(&connection)?;
                    Ok((connection, found, connect_as_is as Connect))
                }
                Err(fault) => Err(fault),
            }
        };
        let (connection, found, connect) = open().map_err(|fault: Fault| fault.tell(path))?;
        let known = migrate::version_after(MIGRATIONS);
        match found {
            Found::Store { version } if version == known => {
                Ok(Self::new(connection, path, Some(connect)))
            }
            Found::Store { version } if version > known => Err(too_new(path, version)),
            Found::Store { version } => Err(StoreError::Outdated {
                path: path.display().to_string(),
                found: version,
                known,
            }),
            Found::Empty | Found::Other => Err(not_a_store(path)),
        }
    }

    /// A store that is gone when it is dropped.
    ///
    /// # Errors
    /// No memory.
    pub fn in_memory() -> Result<Self, StoreError> {
        let path = PathBuf::from(":memory:");
        let open = || {
            let mut connection = Connection::open_in_memory()?;
            set_up(&connection)?;
            migrate::run(&mut connection, &path, MIGRATIONS)?;
            Ok(connection)
        };
        let connection = open().map_err(|fault: Fault| fault.tell(&path))?;
        Ok(Self::new(connection, &path, None))
    }

    /// Waits this long for other programs instead of ten seconds.
    ///
    /// # Errors
    /// What SQLite says of it.
    pub fn set_patience(&mut self, patience: Duration) -> Result<(), StoreError> {
        (self.connection.busy_timeout(patience))
            .map_err(|error| Fault::from(error).tell(&self.path))
    }

    /// Runs leases by another clock than the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    fn new(connection: Connection, path: &Path, connect: Option<Connect>) -> Self {
        Self {
            connection,
            connect,
            path: path.to_owned(),
            clock: Box::new(Timestamp::now),
        }
    }

    fn open_for_writing(path: &Path, empty_is_new: bool) -> Result<Self, StoreError> {
        let known = migrate::version_after(MIGRATIONS);
        let mut connection = connect(path).map_err(|fault| fault.tell(path))?;
        match look(&connection).map_err(|fault| fault.tell(path))? {
            Found::Store { version } if version > known => Err(too_new(path, version)),
            Found::Other => Err(not_a_store(path)),
            Found::Empty if !empty_is_new => Err(not_a_store(path)),
            Found::Empty | Found::Store { .. } => Ok(()),
        }?;
        // The tables come first, in the one file that is there; only then the log beside it. So a store is either
        // not begun or whole, whatever happens in between.
        migrate::run(&mut connection, path, MIGRATIONS)
            .and_then(|()| keep_a_log(&connection))
            .map_err(|fault| fault.tell(path))?;
        Ok(Self::new(connection, path, Some(connect)))
    }
}

/// Opens a file that is there, for writing if that is allowed.
pub(super) fn connect(path: &Path) -> Result<Connection, Fault> {
    // `./` before it, because SQLite gives names that begin with a colon a meaning of its own.
    let connection = Connection::open_with_flags(
        Path::new(".").join(path),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    set_up(&connection)?;
    Ok(connection)
}

/// Opens a file that nobody can be changing, without the files that SQLite wants beside it.
fn connect_as_is(path: &Path) -> Result<Connection, Fault> {
    let mut uri = String::from("file:");
    for byte in Path::new(".").join(path).as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    let connection = Connection::open_with_flags(
        uri,
        OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    set_up(&connection)?;
    Ok(connection)
}

fn set_up(connection: &Connection) -> Result<(), Fault> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it SQLite plans a statement anew whenever a value bound to it changes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    // What a statement with triggers would take back is kept apart while it runs; a file for that costs more than the
    // statement.
    connection.pragma_update(None, "temp_store", "memory")?;
    // Views and triggers of a file from elsewhere must not run functions with effects.
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(())
}

/// Write-ahead log, synced at every commit.
fn keep_a_log(connection: &Connection) -> Result<(), Fault> {
    let busy = |fault: &Fault| {
        matches!(
            fault.code(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
        )
    };
    let set = connection.pragma_update(None, "journal_mode", "wal");
    match set.map_err(Fault::from) {
        // Another program is busy making this very store. The mode belongs to the file: one of the two sets it.
        Err(fault) if !busy(&fault) => return Err(fault),
        _ => {}
    }
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(())
}

fn look(connection: &Connection) -> Result<Found, Fault> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    if number("page_count")? == 0 {
        return Ok(Found::Empty);
    }
    let (application, version) = (number("application_id")?, number("user_version")?);
    Ok(if application == migrate::APPLICATION && version > 0 {
        Found::Store { version }
    } else {
        Found::Other
    })
}

/// Whether reading failed because SQLite may not make its files beside the store.
fn bars_the_folder(fault: &Fault) -> bool {
    matches!(
        fault.code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)
    )
}

/// Whether everything is in the file itself, and nothing in a log beside it.
fn nothing_waits(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    match std::fs::metadata(log) {
        Ok(log) => log.len() == 0,
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

fn exists(path: &Path) -> Result<(), StoreError> {
    match std::fs::metadata(path) {
        Ok(file) if file.is_dir() => Err(StoreError::Io {
            path: path.display().to_string(),
            detail: "it is a folder".to_owned(),
        }),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(StoreError::Missing {
            path: path.display().to_string(),
        }),
        Err(error) => Err(io(path, &error)),
    }
}

fn too_new(path: &Path, found: i64) -> StoreError {
    StoreError::TooNew {
        path: path.display().to_string(),
        found,
        known: migrate::version_after(MIGRATIONS),
    }
}

fn not_a_store(path: &Path) -> StoreError {
    StoreError::NotAStore {
        path: path.display().to_string(),
    }
}

pub(super) fn io(path: &Path, error: &std::io::Error) -> StoreError {
    let (path, detail) = (path.display().to_string(), error.to_string());
    match error.kind() {
        ErrorKind::StorageFull => StoreError::Full { path },
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { path, detail }
        }
        _ => StoreError::Io { path, detail },
    }
}
