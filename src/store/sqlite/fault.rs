//! What can go wrong inside the engine, and what a caller is told of it.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::evaluation::BadPack;
use crate::store::StoreError;

/// Before the path of the store is known.
#[derive(Debug)]
pub(super) enum Fault {
    Sql(rusqlite::Error),
    /// Nothing that this engine writes.
    Odd(String),
    Told(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Odd(error.to_string())
    }
}

impl From<BadPack> for Fault {
    fn from(error: BadPack) -> Self {
        Self::Odd(error.to_string())
    }
}

impl Fault {
    /// SQLite's primary error code.
    pub(super) fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Sql(error) => error.sqlite_error_code(),
            Self::Odd(_) | Self::Told(_) => None,
        }
    }

    pub(super) fn tell(self, path: &Path) -> StoreError {
        let code = self.code();
        let path = path.display().to_string();
        let error = match self {
            Self::Told(error) => return error,
            Self::Odd(detail) => return StoreError::Damaged { path, detail },
            Self::Sql(error) => error,
        };
        let detail = error.to_string();
        match code {
            // LOCKED and PROTOCOL are what BUSY is called inside one program and while a log is being recovered.
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed,
            ) => StoreError::Busy { path },
            Some(ErrorCode::DiskFull) => StoreError::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                StoreError::ReadOnly { path, detail }
            }
            Some(ErrorCode::NotADatabase) => StoreError::NotAStore { path },
            // A statement of ours that SQLite doesn't understand meets tables that aren't ours.
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::Unknown | ErrorCode::TypeMismatch) => {
                StoreError::Damaged { path, detail }
            }
            Some(_) => StoreError::Io { path, detail },
            // Values of another type than this engine writes.
            None => StoreError::Damaged { path, detail },
        }
    }
}
