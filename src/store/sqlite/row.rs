//! Values to and from columns.

use jiff::Timestamp;
use rusqlite::Row;

use super::fault::Fault;
use crate::calls::CallerType;

/// A count as SQLite keeps it. None of ours is near the limit.
pub(super) fn count(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A place in a list as SQLite keeps it.
pub(super) fn place(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(super) fn get_count(row: &Row<'_>, column: usize) -> Result<u64, Fault> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| Fault::Odd(format!("{value} is no count")))
}

pub(super) fn get_place(row: &Row<'_>, column: usize) -> Result<usize, Fault> {
    let value: i64 = row.get(column)?;
    usize::try_from(value).map_err(|_| Fault::Odd(format!("{value} is no place")))
}

pub(super) fn time(value: i64) -> Result<Timestamp, Fault> {
    Timestamp::from_microsecond(value).map_err(|error| Fault::Odd(error.to_string()))
}

pub(super) fn caller_type(text: &str) -> Result<CallerType, Fault> {
    text.parse()
        .map_err(|error: crate::calls::NotACallerType| Fault::Odd(error.to_string()))
}

/// A text column, borrowed: for words that become something else.
pub(super) fn get_text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, Fault> {
    let value = row.get_ref(column)?;
    value
        .as_str()
        .map_err(|error| Fault::Odd(error.to_string()))
}

/// A text column that may be NULL, borrowed.
pub(super) fn get_some_text<'a>(row: &'a Row<'_>, column: usize) -> Result<Option<&'a str>, Fault> {
    let value = row.get_ref(column)?;
    value
        .as_str_or_null()
        .map_err(|error| Fault::Odd(error.to_string()))
}
