//! Changes the text of tables where it allows other values than before and no row has to be touched, the way that SQLite
//! describes for this (<https://sqlite.org/lang_altertable.html>, section 7). Other engines have no use for it.

use rusqlite::Connection;

use super::super::fault::Fault;

/// One piece of a table's text, and what stands there instead.
pub(super) struct Change {
    pub(super) table: &'static str,
    pub(super) from: String,
    pub(super) to: String,
}

/// Changes all of them. The caller's transaction takes all back if one isn't found.
pub(super) fn change(tables: &Connection, changes: &[Change]) -> Result<(), Fault> {
    tables.pragma_update(None, "writable_schema", true)?;
    let done = change_all(tables, changes);
    // Locks the text again, and has the tables read from it at the next statement.
    tables.pragma_update(None, "writable_schema", "reset")?;
    done?;
    // A text that SQLite doesn't understand fails here.
    tables.prepare("SELECT sql FROM sqlite_schema")?;
    Ok(())
}

fn change_all(tables: &Connection, changes: &[Change]) -> Result<(), Fault> {
    // Only where the text is there once, so that nothing else can have been meant.
    let mut change = tables.prepare(
        "UPDATE sqlite_schema SET sql = replace(sql, ?2, ?3)
         WHERE type = 'table' AND name = ?1 AND length(sql) - length(replace(sql, ?2, '')) = length(?2)",
    )?;
    for Change { table, from, to } in changes {
        if change.execute((table, from, to))? != 1 {
            return Err(Fault::Odd(format!("`{table}` doesn't say `{from}`")));
        }
    }
    // Programs that have the store open read the tables anew when this number is another one.
    let version: i64 = tables.pragma_query_value(None, "schema_version", |row| row.get(0))?;
    tables.pragma_update(None, "schema_version", version + 1)?;
    Ok(())
}
