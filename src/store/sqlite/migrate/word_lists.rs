//! Version 4: what a column may hold is said by comparisons, `x = 'a' OR x = 'b'`, no longer by `x IN ('a', 'b')`.
//!
//! Of a list with more than two words SQLite makes a table of its own, anew for every row and every list, and that took
//! a third of the work of drawing and recording. Both allow the same rows, so no row has to be touched: only the text
//! of the tables is changed. Other engines have no use for this version.

use rusqlite::Connection;

use super::super::fault::Fault;
use super::schema_text::{Change, change};

const CALLER_TYPES: &[&str] = &["internal", "external", "unknown"];
const STATES: &[&str] = &["open", "complete", "unscorable"];
const STATES_OF_WORK: &[&str] = &["open", "complete", "unscorable", "declined"];

/// Table, column, and its words in the order in which versions 1 to 3 list them.
const LISTS: &[(&str, &str, &[&str])] = &[
    ("stratum", "caller_type", CALLER_TYPES),
    ("cell", "caller_type", CALLER_TYPES),
    ("drawn_call", "role", &["drawn", "reserve", "picked"]),
    ("drawn_call", "state", STATES),
    ("drawn_call", "caller_type", CALLER_TYPES),
    ("evaluation", "caller_type", CALLER_TYPES),
    ("evaluation", "caller_type_heard", CALLER_TYPES),
    ("evaluation", "outcome", &["pass", "below", "fail"]),
    ("spread", "how", &["proportional", "equal", "neyman"]),
    ("assignment", "state", STATES_OF_WORK),
    ("sample_progress", "state", STATES),
    ("analyst_progress", "state", STATES_OF_WORK),
];

/// Changes all of them. The caller's transaction takes all back if one isn't found.
pub(super) fn respell(tables: &Connection) -> Result<(), Fault> {
    let spelled = |(table, column, words): &(&'static str, &str, &[&str])| {
        let list: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let comparisons: Vec<String> = (words.iter())
            .map(|word| format!("{column} = '{word}'"))
            .collect();
        Change {
            table,
            from: format!("CHECK ({column} IN ({}))", list.join(", ")),
            to: format!("CHECK ({})", comparisons.join(" OR ")),
        }
    };
    change(tables, &LISTS.iter().map(spelled).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{MIGRATIONS, run};
    use super::*;

    /// A store of version 3, its tables changed by `sql`.
    fn third(sql: &str) -> Connection {
        let mut connection = Connection::open_in_memory().expect("opens");
        run(&mut connection, Path::new(":memory:"), &MIGRATIONS[..3]).expect("runs");
        connection.execute_batch(sql).expect("changed");
        connection
    }

    fn text(tables: &Connection) -> Vec<(String, Option<String>)> {
        let mut statement = tables
            .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")
            .expect("prepares");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.expect("runs").map(|row| row.expect("a row")).collect()
    }

    #[test]
    fn a_list_that_is_not_there_as_it_was_written_leaves_all_tables_as_they_are() {
        // The last of the lists: all others have been changed by then.
        for other in ["TEXT", "TEXT CHECK (state IN ('open', 'declined'))"] {
            let mut tables = third(&format!(
                "DROP TABLE analyst_progress; CREATE TABLE analyst_progress (state {other});"
            ));
            let before = text(&tables);
            let work = tables.transaction().expect("begins");
            let fault = respell(&work).expect_err("fails");
            assert!(matches!(fault, Fault::Odd(what) if what.starts_with("`analyst_progress`")));
            work.rollback().expect("ends");
            assert_eq!(text(&tables), before);
            let locked = tables.execute("UPDATE sqlite_schema SET sql = sql", []);
            locked.expect_err("the text can't be changed any more");
        }
    }

    #[test]
    fn a_program_that_has_the_store_open_goes_by_the_new_text() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("store.db");
        let mut first = Connection::open(&path).expect("opens");
        run(&mut first, &path, &MIGRATIONS[..3]).expect("runs");
        let second = Connection::open(&path).expect("opens");
        let refused = || {
            let wrong =
                "INSERT INTO sample_progress (sample, state, calls) VALUES ('july', 'declined', 1)";
            second.execute(wrong, []).expect_err("refused").to_string()
        };
        assert!(refused().contains("state IN ('open', 'complete', 'unscorable')"));
        run(&mut first, &path, MIGRATIONS).expect("runs");
        let now = refused();
        assert!(
            now.contains("state = 'open' OR state = 'complete' OR state = 'unscorable'"),
            "{now}"
        );
    }

    #[test]
    fn no_list_of_more_than_two_words_is_left() {
        let tables = third("");
        let lists = |tables: &Connection| -> Vec<String> {
            let all = text(tables).into_iter();
            all.filter(|(_, sql)| {
                let sql = sql.as_deref().unwrap_or_default();
                let mut lists = sql.split(" IN (").skip(1);
                lists.any(|list| {
                    list.split(')')
                        .next()
                        .is_some_and(|list| list.matches(',').count() > 1)
                })
            })
            .map(|(name, _)| name)
            .collect()
        };
        assert_eq!(lists(&tables).len(), 8);
        respell(&tables).expect("runs");
        assert_eq!(lists(&tables), Vec::<String>::new());
    }
}
