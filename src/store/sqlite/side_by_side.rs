//! Several connections that see one state of a store, so that they can read parts of it at the same time.

use rusqlite::Connection;

use super::fault::Fault;

/// How often others may write in between before one connection has to do.
const ATTEMPTS: usize = 3;

/// Opens so many connections and lets each begin to read. `None` where others kept writing, or where the store can't be
/// opened again: one connection reads it then, and tells what is wrong.
///
/// `witness` reads nothing meanwhile. Its data version is another one as soon as somebody else has written
/// (<https://sqlite.org/pragma.html#pragma_data_version>); where it is the same before and after, nobody has in between.
pub(super) fn side_by_side(
    witness: &Connection,
    many: usize,
    open: impl Fn() -> Result<Connection, Fault>,
) -> Option<Vec<Connection>> {
    let begun = || -> Result<Option<Vec<Connection>>, Fault> {
        let before = data_version(witness)?;
        let readers = (0..many)
            .map(|_| begin(open()?))
            .collect::<Result<_, _>>()?;
        Ok((data_version(witness)? == before).then_some(readers))
    };
    (0..ATTEMPTS).find_map(|_| begun().ok().flatten())
}

/// A transaction sees the state of the store when it first reads.
fn begin(connection: Connection) -> Result<Connection, Fault> {
    connection.execute_batch("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1;")?;
    Ok(connection)
}

fn data_version(connection: &Connection) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
}
