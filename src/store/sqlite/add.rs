//! Keeping a draw, and topping one up.

use rusqlite::{Connection, OptionalExtension, Row};

use super::analyst;
use super::assign;
use super::batch::{self, FIRST, Log};
use super::event;
use super::fault::Fault;
use super::fill::{Filling, fill};
use super::row::{count, get_count, place};
use super::rubric;
use super::samples;
use super::spread;
use crate::sampling::{Quota, StratumDraw};
use crate::store::{Added, NewSample, StoreError, StoredStratum};

pub(super) fn add_sample(tables: &Connection, new: &NewSample) -> Result<Added, Fault> {
    let eligibility = serde_json::to_string(&new.design.eligibility)?;
    let kept: Option<Kept> = tables
        .prepare_cached(
            "SELECT seed, rubric_hash, per, eligibility, include_unknown, quota, unit FROM sample WHERE name = ?1",
        )?
        .query_row([&new.name], |row| Ok(Kept::of(row)))
        .optional()?
        .transpose()?;
    let Some(kept) = kept else {
        create(tables, new, &eligibility)?;
        return Ok(Added::Created);
    };
    samples::must_be_in(tables, &new.name)?;
    let quota = spread::quota(tables, &new.name, kept.each)?;
    // A sample is known by its first log.
    let all = samples::strata(tables, &new.name)?;
    let batches = all.iter().map(|kept| kept.batch).max().unwrap_or(1);
    let mut strata = all;
    strata.retain(|kept| kept.batch == 1);
    let per = new.design.per.to_string();
    let what = if kept.seed != new.seed.as_str() {
        Some("seed")
    } else if kept.rubric_hash != new.rubric.hash {
        Some("rubric")
    } else if kept.unit != new.design.unit.as_str()
        || kept.design != (per, eligibility, new.design.include_unknown)
        || !alike(&quota, &new.design.quota)
    {
        Some("design")
    } else if !same_frame(tables, new, &strata)? {
        Some("call log")
    } else if new.dealing.is_some() && new.dealing != assign::dealing(tables, &new.name)? {
        Some(StoreError::DIVISION)
    } else if wanted(&quota) > wanted(&new.design.quota) || shrinks(&strata, &new.frame.strata) {
        Some("quota")
    } else {
        None
    };
    if let Some(what) = what {
        let name = new.name.clone();
        return Err(StoreError::SampleDiffers { name, what }.into());
    }
    if quota == new.design.quota {
        return Ok(Added::Unchanged);
    }
    if batches > 1 {
        let name = new.name.clone();
        return Err(StoreError::SeveralBatches { name, batches }.into());
    }
    top_up(tables, new, wanted(&quota))
}

struct Kept {
    seed: String,
    rubric_hash: [u8; 32],
    design: (String, String, bool),
    each: u64,
    unit: String,
}

impl Kept {
    fn of(row: &Row<'_>) -> Result<Self, Fault> {
        Ok(Self {
            seed: row.get(0)?,
            rubric_hash: row.get(1)?,
            design: (row.get(2)?, row.get(3)?, row.get(4)?),
            each: get_count(row, 5)?,
            unit: row.get(6)?,
        })
    }
}

/// Whether two quotas differ in nothing but their number.
fn alike(one: &Quota, other: &Quota) -> bool {
    match (one, other) {
        (Quota::Each(_), Quota::Each(_)) => true,
        (Quota::Spread(one), Quota::Spread(other)) => {
            one.how == other.how && one.least == other.least
        }
        _ => false,
    }
}

/// The number of a quota: from each stratum, or in all.
fn wanted(quota: &Quota) -> u64 {
    match quota {
        Quota::Each(count) => *count,
        Quota::Spread(spread) => spread.total,
    }
}

/// Whether a stratum would give fewer calls than before: those drawn can't be taken back.
fn shrinks(kept: &[StoredStratum], new: &[StratumDraw]) -> bool {
    kept.iter()
        .zip(new)
        .any(|(kept, new)| kept.quota > new.quota)
}

/// Whether the same calls may be drawn: strata, cells and digests, but not the rows that can't be.
fn same_frame(
    tables: &Connection,
    new: &NewSample,
    strata: &[StoredStratum],
) -> Result<bool, Fault> {
    let same = strata.len() == new.frame.strata.len()
        && strata.iter().zip(&new.frame.strata).all(|(kept, new)| {
            kept.stratum == new.stratum
                && kept.eligible == new.eligible
                && kept.digest == new.digest
        });
    Ok(same && samples::cells(tables, &new.name, Some(FIRST))? == new.frame.cells)
}

fn create(tables: &Connection, new: &NewSample, eligibility: &str) -> Result<(), Fault> {
    rubric::keep(tables, &new.rubric)?;
    let (design, frame) = (&new.design, &new.frame);
    let drawn_at = new.drawn_at.as_microsecond();
    tables.execute(
        "INSERT INTO sample (name, unit, seed, per, quota, eligibility, include_unknown, rubric_hash, drawn_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            &new.name,
            design.unit.as_str(),
            new.seed.as_str(),
            design.per.to_string(),
            count(design.quota.each()),
            eligibility,
            design.include_unknown,
            new.rubric.hash,
            drawn_at,
        ),
    )?;
    spread::keep(tables, &new.name, &design.quota)?;
    let log = Log {
        name: &new.log,
        profile: new.profile.as_deref(),
        sealed: new.sealed,
        drawn_at: new.drawn_at,
    };
    batch::keep(tables, &new.name, FIRST, &log, frame)?;
    settle(tables, &new.name)?;
    if let Some(dealing) = &new.dealing {
        let names = dealing.shares().iter().map(|one| one.analyst.as_str());
        analyst::add(tables, names, new.new_analyst)?;
        assign::keep(tables, &new.name, dealing)?;
    }
    assign::deal(tables, &new.name, &new.seed)?;
    let log = event::log(&new.log);
    let detail = format!("{} from `{log}`", event::calls(frame.drawn()));
    event::note(
        tables,
        &new.name,
        new.drawn_at,
        new.who.as_deref(),
        "draw",
        &detail,
    )
}

fn top_up(tables: &Connection, new: &NewSample, before: u64) -> Result<Added, Fault> {
    let drawn = |tables| samples::counts(tables, &new.name).map(|counts| counts.drawn);
    let had = drawn(tables)?;
    spread::keep(tables, &new.name, &new.design.quota)?;
    let mut strata = Vec::with_capacity(new.frame.strata.len());
    for (no, stratum) in new.frame.strata.iter().enumerate() {
        tables
            .prepare_cached("UPDATE stratum SET quota = ?3 WHERE sample = ?1 AND stratum_no = ?2")?
            .execute((&new.name, place(no), count(stratum.quota)))?;
        strata.push(Filling {
            stratum_no: place(no),
            quota: count(stratum.quota),
            draw: stratum,
        });
    }
    fill(tables, &new.name, FIRST, &strata)?;
    settle(tables, &new.name)?;
    assign::deal(tables, &new.name, &new.seed)?;
    let calls = drawn(tables)?.saturating_sub(had);
    let quota = wanted(&new.design.quota);
    let detail = format!("{}, quota {before} to {quota}", event::calls(calls));
    event::note(
        tables,
        &new.name,
        new.drawn_at,
        new.who.as_deref(),
        "top-up",
        &detail,
    )?;
    Ok(Added::ToppedUp { calls })
}

/// Calls that were scored for another sample of the rubric need not be scored again.
pub(super) fn settle(tables: &Connection, sample: &str) -> Result<(), Fault> {
    let scored: bool = tables
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM evaluation)")?
        .query_row([], |row| row.get(0))?;
    // To look for each call takes longer than to draw it.
    if !scored {
        return Ok(());
    }
    tables.execute(
        "UPDATE drawn_call SET state = 'complete' WHERE sample = ?1 AND state = 'open' AND EXISTS (
             SELECT 1 FROM may_count AS m
             WHERE m.sample = drawn_call.sample AND m.call_id = drawn_call.call_id)",
        [sample],
    )?;
    Ok(())
}
