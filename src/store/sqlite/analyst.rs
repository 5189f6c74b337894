//! Who scores.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};

use super::fault::Fault;
use crate::store::StoreError;

pub(super) fn names(tables: &Connection) -> Result<Vec<String>, Fault> {
    let mut statement = tables.prepare_cached("SELECT name FROM analyst ORDER BY name")?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Makes sure that all names are known. A store without any takes all.
pub(super) fn add<'a>(
    tables: &Connection,
    wanted: impl IntoIterator<Item = &'a str>,
    new: bool,
) -> Result<(), Fault> {
    let known = names(tables)?;
    let wanted: BTreeSet<&str> = wanted.into_iter().collect();
    for name in wanted {
        if known.iter().any(|known| known == name) {
            continue;
        }
        if !new && !known.is_empty() {
            let name = name.to_owned();
            return Err(StoreError::UnknownAnalyst { name, known }.into());
        }
        tables.execute("INSERT INTO analyst (name) VALUES (?1)", [name])?;
    }
    Ok(())
}

/// Refuses a name that nobody has added.
pub(super) fn must_be_known(tables: &Connection, name: &str) -> Result<(), Fault> {
    let found = tables
        .prepare_cached("SELECT 1 FROM analyst WHERE name = ?1")?
        .query_row([name], |_| Ok(()))
        .optional()?;
    match found {
        Some(()) => Ok(()),
        None => Err(StoreError::UnknownAnalyst {
            name: name.to_owned(),
            known: names(tables)?,
        }
        .into()),
    }
}
