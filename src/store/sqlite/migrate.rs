//! Brings a store to the tables of this version. Migrations are only ever added, never changed: number `n` leads from
//! version `n - 1` to `n`.

mod schema_text;
mod units;
mod word_lists;

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::fault::Fault;
use crate::store::StoreError;
use Migration::{Statements, Work};

pub(super) enum Migration {
    Statements(&'static str),
    /// What statements alone can't do.
    Work(fn(&Connection) -> Result<(), Fault>),
}

/// In the order in which they run.
pub(super) const MIGRATIONS: &[Migration] = &[
    Statements(include_str!("migrations/0001.sql")),
    Statements(include_str!("migrations/0002.sql")),
    Statements(include_str!("migrations/0003.sql")),
    Work(word_lists::respell),
    Work(units::allow_journeys),
];

/// Marks a SQLite file as a store ("evnh"); SQLite keeps it in the file's head.
pub(super) const APPLICATION: i64 = 0x6576_6e68;

/// The version that a list of migrations leads to.
pub(super) fn version_after(migrations: &[Migration]) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
}

/// Runs the migrations that are missing, all of them or none.
pub(super) fn run(
    connection: &mut Connection,
    path: &Path,
    migrations: &[Migration],
) -> Result<(), Fault> {
    let found = version(connection)?;
    if found >= version_after(migrations) {
        return Ok(());
    }
    if found > 0 {
        back_up(connection, path, found)?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have been faster.
    let found = version(&transaction)?;
    for (to, migration) in (1..).zip(migrations).filter(|(to, _)| *to > found) {
        match migration {
            Statements(sql) => transaction.execute_batch(sql)?,
            Work(work) => work(&transaction)?,
        }
        transaction.pragma_update(None, "user_version", to)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()?;
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Copies the store as it is now, log and all, to the first free name beside it.
fn back_up(connection: &Connection, path: &Path, found: i64) -> Result<(), Fault> {
    let names = std::iter::once(format!(".v{found}.backup"))
        .chain((2_u32..).map(|nth| format!(".v{found}.backup-{nth}")));
    for name in names {
        let mut backup = path.as_os_str().to_owned();
        backup.push(name);
        let backup = PathBuf::from(backup);
        let made = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&backup);
        match made {
            Ok(_) => {
                // SQLite takes an empty file for a new one, and so it keeps the mode.
                let target = backup.to_str().ok_or_else(|| StoreError::Io {
                    path: path.display().to_string(),
                    detail: "its name is no text, so no backup can be made".to_owned(),
                })?;
                connection.execute("VACUUM INTO ?1", [target])?;
                return Ok(());
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(Fault::Told(StoreError::Io {
                    path: backup.display().to_string(),
                    detail: error.to_string(),
                }));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn tables(path: &Path) -> Vec<String> {
        let connection = Connection::open(path).expect("opens");
        let mut statement = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
            .expect("prepares");
        let names = statement.query_map([], |row| row.get(0)).expect("runs");
        names.map(|name| name.expect("a name")).collect()
    }

    #[test]
    fn an_older_store_is_backed_up_and_brought_up_to_date() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("store.db");
        let mut connection = Connection::open(&path).expect("opens");
        let both = [
            Statements("CREATE TABLE one (a TEXT) STRICT;"),
            Statements("CREATE TABLE two (a TEXT) STRICT;"),
        ];
        run(&mut connection, &path, &both[..1]).expect("runs");
        run(&mut connection, &path, &both).expect("runs");
        assert_eq!(version(&connection).expect("version"), 2);
        assert_eq!(tables(&path), ["one", "two"]);
        let backup = folder.path().join("store.db.v1.backup");
        assert_eq!(tables(&backup), ["one"]);
        let mode = std::fs::metadata(&backup)
            .expect("is there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("store.db");
        let mut connection = Connection::open(&path).expect("opens");
        let both = [
            Statements("CREATE TABLE one (a TEXT) STRICT;"),
            Statements("CREATE TABLE two (a TEXT) STRICT; CREATE TABLE one (a TEXT) STRICT;"),
        ];
        run(&mut connection, &path, &both[..1]).expect("runs");
        run(&mut connection, &path, &both).expect_err("fails");
        assert_eq!(version(&connection).expect("version"), 1);
        assert_eq!(tables(&path), ["one"]);
    }
}
