//! How the quota of a sample is kept: a number for each stratum with the sample, or a total spread over them.

use rusqlite::{Connection, OptionalExtension};

use super::fault::Fault;
use super::row::{count, get_count, get_text};
use crate::sampling::{Quota, Spread, Spreading};

/// Keeps what is wanted of a sample that is there; of a total that was kept before only the number changes.
pub(super) fn keep(tables: &Connection, sample: &str, quota: &Quota) -> Result<(), Fault> {
    tables.execute(
        "UPDATE sample SET quota = ?2 WHERE name = ?1",
        // 0 for a total, which has a row of its own.
        (sample, count(quota.each())),
    )?;
    if let Quota::Spread(Spread { total, how, least }) = quota {
        let (how, sd_from) = match how {
            Spreading::Proportional => ("proportional", None),
            Spreading::Equal => ("equal", None),
            Spreading::Neyman { from } => ("neyman", Some(from)),
        };
        tables.execute(
            "INSERT INTO spread (sample, total, how, least, sd_from) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (sample) DO UPDATE SET total = excluded.total",
            (sample, count(*total), how, count(*least), sd_from),
        )?;
    }
    Ok(())
}

/// The quota of a sample whose row says `each`.
pub(super) fn quota(tables: &Connection, sample: &str, each: u64) -> Result<Quota, Fault> {
    let spread = tables
        .prepare_cached("SELECT total, how, least, sd_from FROM spread WHERE sample = ?1")?
        .query_row([sample], |row| {
            let from: Option<String> = row.get(3)?;
            let spread = || {
                let how = match (get_text(row, 1)?, from) {
                    ("proportional", None) => Spreading::Proportional,
                    ("equal", None) => Spreading::Equal,
                    ("neyman", Some(from)) => Spreading::Neyman { from },
                    (word, _) => {
                        return Err(Fault::Odd(format!("`{word}` is no way to spread calls")));
                    }
                };
                Ok(Quota::Spread(Spread {
                    total: get_count(row, 0)?,
                    how,
                    least: get_count(row, 2)?,
                }))
            };
            Ok(spread())
        })
        .optional()?;
    spread.unwrap_or(Ok(Quota::Each(each)))
}
