//! Version 5: samples of whole journeys. A sample's unit may be `interaction`, and the calls of one journey share their
//! position in the stratum.

use rusqlite::Connection;

use super::super::fault::Fault;
use super::schema_text::{Change, change};

/// As version 1 wrote it.
const CALLS_ALONE: &str = "CHECK (unit IN ('call'))";

pub(super) fn allow_journeys(tables: &Connection) -> Result<(), Fault> {
    change(
        tables,
        &[Change {
            table: "sample",
            from: CALLS_ALONE.to_owned(),
            to: "CHECK (unit = 'call' OR unit = 'interaction')".to_owned(),
        }],
    )?;
    tables.execute_batch(
        "DROP INDEX drawn_call_position;
         CREATE UNIQUE INDEX drawn_call_position ON drawn_call (sample, stratum_no, role, position, call_id);",
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{MIGRATIONS, run};
    use super::*;

    #[test]
    fn a_sample_is_of_calls_or_of_journeys_and_of_nothing_else() {
        let mut tables = Connection::open_in_memory().expect("opens");
        run(&mut tables, Path::new(":memory:"), MIGRATIONS).expect("runs");
        tables
            .execute_batch(
                "INSERT INTO rubric VALUES (zeroblob(32), zeroblob(32), 'r', 'R', NULL, '');",
            )
            .expect("a rubric");
        let keep = |unit: &str| {
            tables.execute(
                "INSERT INTO sample (name, unit, seed, per, quota, eligibility, include_unknown, rubric_hash, drawn_at_us)
                 VALUES (?1, ?1, 's', '', 1, '{}', 0, zeroblob(32), 0)",
                [unit],
            )
        };
        for unit in crate::sampling::Unit::ALL {
            keep(unit.as_str()).expect("a unit");
        }
        keep("leg").expect_err("no unit");
    }
}
