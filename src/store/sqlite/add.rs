//! Keeping a draw, and topping one up.

use rusqlite::{Connection, OptionalExtension, Row};

use super::analyst;
use super::assign;
use super::event;
use super::fault::Fault;
use super::row::{count, get_count, place};
use super::samples;
use super::spread;
use crate::calls::{CallerType, Refusal};
use crate::evaluation::pack;
use crate::rubric::Answer;
use crate::sampling::{DrawnCall, Quota, StratumDraw};
use crate::store::{Added, NewSample, RubricText, StoreError, StoredStratum};

/// The first log of a sample; further ones count on.
const BATCH: i64 = 1;

pub(super) fn add_sample(tables: &Connection, new: &NewSample) -> Result<Added, Fault> {
    let eligibility = serde_json::to_string(&new.design.eligibility)?;
    let kept: Option<Kept> = tables
        .prepare_cached(
            "SELECT seed, rubric_hash, per, eligibility, include_unknown, quota FROM sample WHERE name = ?1",
        )?
        .query_row([&new.name], |row| Ok(Kept::of(row)))
        .optional()?
        .transpose()?;
    let Some(kept) = kept else {
        create(tables, new, &eligibility)?;
        return Ok(Added::Created);
    };
    let quota = spread::quota(tables, &new.name, kept.each)?;
    let strata = samples::strata(tables, &new.name)?;
    let per = new.design.per.to_string();
    let what = if kept.seed != new.seed.as_str() {
        Some("seed")
    } else if kept.rubric_hash != new.rubric.hash {
        Some("rubric")
    } else if kept.design != (per, eligibility, new.design.include_unknown)
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
    top_up(tables, new, wanted(&quota))
}

struct Kept {
    seed: String,
    rubric_hash: [u8; 32],
    design: (String, String, bool),
    each: u64,
}

impl Kept {
    fn of(row: &Row<'_>) -> Result<Self, Fault> {
        Ok(Self {
            seed: row.get(0)?,
            rubric_hash: row.get(1)?,
            design: (row.get(2)?, row.get(3)?, row.get(4)?),
            each: get_count(row, 5)?,
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
    Ok(same && samples::cells(tables, &new.name)? == new.frame.cells)
}

fn create(tables: &Connection, new: &NewSample, eligibility: &str) -> Result<(), Fault> {
    keep_rubric(tables, &new.rubric)?;
    let (design, frame) = (&new.design, &new.frame);
    let drawn_at = new.drawn_at.as_microsecond();
    tables.execute(
        "INSERT INTO sample (name, seed, per, quota, eligibility, include_unknown, rubric_hash, drawn_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            &new.name,
            new.seed.as_str(),
            design.per.to_string(),
            count(spread::each(&design.quota)),
            eligibility,
            design.include_unknown,
            new.rubric.hash,
            drawn_at,
        ),
    )?;
    spread::keep(tables, &new.name, &design.quota)?;
    tables.execute(
        "INSERT INTO batch (sample, batch, log, profile, calls_in_log, eligible, not_eligible, frame_digest,
                            period_from, period_to, drawn_at_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        (
            &new.name,
            BATCH,
            &new.log,
            &new.profile,
            count(frame.rows),
            count(frame.eligible),
            count(frame.not_eligible),
            frame.digest.0,
            frame.period.map(|(from, _)| from.to_string()),
            frame.period.map(|(_, to)| to.to_string()),
            drawn_at,
        ),
    )?;
    for reason in Refusal::ALL {
        let rows = frame.refused.count(reason);
        if rows > 0 {
            let lines = serde_json::to_string(frame.refused.lines(reason))?;
            tables.execute(
                "INSERT INTO refused (sample, batch, reason, rows, lines) VALUES (?1, ?2, ?3, ?4, ?5)",
                (&new.name, BATCH, reason.as_str(), count(rows), lines),
            )?;
        }
    }
    for cell in &frame.cells {
        tables
            .prepare_cached(
                "INSERT INTO cell (sample, batch, csr, caller_type, eligible) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                &new.name,
                BATCH,
                &cell.csr,
                cell.caller_type.as_str(),
                count(cell.eligible),
            ))?;
    }
    for (no, stratum) in frame.strata.iter().enumerate() {
        tables
            .prepare_cached(
                "INSERT INTO stratum (sample, stratum_no, batch, csr, caller_type, eligible, quota, digest)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                &new.name,
                place(no),
                BATCH,
                &stratum.stratum.csr,
                stratum.stratum.caller_type.map(CallerType::as_str),
                count(stratum.eligible),
                count(stratum.quota),
                stratum.digest.0,
            ))?;
        keep_calls(tables, &new.name, no, stratum, 0)?;
    }
    settle(tables, &new.name)?;
    if let Some(dealing) = &new.dealing {
        let names = dealing.shares().iter().map(|one| one.analyst.as_str());
        analyst::add(tables, names, new.new_analyst)?;
        assign::keep(tables, &new.name, dealing)?;
    }
    assign::deal(tables, &new.name, &new.seed)?;
    let detail = format!("{} calls from `{}`", frame.drawn(), new.log);
    event::note(tables, &new.name, new.drawn_at, None, "draw", &detail)
}

fn top_up(tables: &Connection, new: &NewSample, before: u64) -> Result<Added, Fault> {
    let drawn = |tables| samples::counts(tables, &new.name).map(|counts| counts.drawn);
    let had = drawn(tables)?;
    spread::keep(tables, &new.name, &new.design.quota)?;
    for (no, stratum) in new.frame.strata.iter().enumerate() {
        tables
            .prepare_cached("UPDATE stratum SET quota = ?3 WHERE sample = ?1 AND stratum_no = ?2")?
            .execute((&new.name, place(no), count(stratum.quota)))?;
        let unscorable: i64 = tables
            .prepare_cached(
                "SELECT count(*) FROM drawn_call
                 WHERE sample = ?1 AND stratum_no = ?2 AND role = 'drawn' AND state = 'unscorable'",
            )?
            .query_row((&new.name, place(no)), |row| row.get(0))?;
        keep_calls(tables, &new.name, no, stratum, unscorable)?;
    }
    settle(tables, &new.name)?;
    assign::deal(tables, &new.name, &new.seed)?;
    let calls = drawn(tables)?.saturating_sub(had);
    let quota = wanted(&new.design.quota);
    let detail = format!("{calls} calls, quota {before} to {quota}");
    event::note(tables, &new.name, new.drawn_at, None, "top-up", &detail)?;
    Ok(Added::ToppedUp { calls })
}

/// Keeps a stratum's calls, those that are there already as well. Drawn are the first `quota` and one more for each
/// that can't be scored: the same calls, whether these were found out before or after a top-up.
fn keep_calls(
    tables: &Connection,
    sample: &str,
    stratum_no: usize,
    stratum: &StratumDraw,
    unscorable: i64,
) -> Result<(), Fault> {
    let drawn = count(stratum.quota).saturating_add(unscorable);
    let mut insert = tables.prepare_cached(
        "INSERT INTO drawn_call (sample, draw_number, call_id, unit_id, batch, role, state, stratum_no, position, csr,
                                 caller_type, line, started_at_us, started_text, duration_s)
         VALUES (?1, ?2, ?3, ?3, ?4, ?5, 'open', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (sample, call_id) DO UPDATE SET role = excluded.role WHERE excluded.role = 'drawn'",
    )?;
    let mut insert_fields = tables.prepare_cached(
        "INSERT INTO call_fields (sample, call_id, fields) VALUES (?1, ?2, ?3)
         ON CONFLICT (sample, call_id) DO NOTHING",
    )?;
    for kept in stratum.calls.iter().chain(&stratum.reserves) {
        let DrawnCall {
            draw_number,
            position,
            call,
        } = kept;
        let role = if count(*position) <= drawn {
            "drawn"
        } else {
            "reserve"
        };
        insert.execute((
            sample,
            draw_number.0,
            &call.call_id,
            BATCH,
            role,
            place(stratum_no),
            count(*position),
            &call.csr,
            call.caller_type.as_str(),
            count(call.line),
            call.started_at.map(|at| at.as_microsecond()),
            &call.started_text,
            call.duration_s,
        ))?;
        insert_fields.execute((sample, &call.call_id, serde_json::to_string(&call.fields)?))?;
    }
    Ok(())
}

/// Calls that were scored for another sample of the rubric need not be scored again.
fn settle(tables: &Connection, sample: &str) -> Result<(), Fault> {
    tables.execute(
        "UPDATE drawn_call SET state = 'complete' WHERE sample = ?1 AND state = 'open' AND EXISTS (
             SELECT 1 FROM may_count AS m
             WHERE m.sample = drawn_call.sample AND m.call_id = drawn_call.call_id)",
        [sample],
    )?;
    Ok(())
}

/// Keeps a rubric once; of texts with the same hash the first stays.
fn keep_rubric(tables: &Connection, rubric: &RubricText) -> Result<(), Fault> {
    let new = tables.execute(
        "INSERT INTO rubric (hash, scoring_hash, id, title, revision, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (hash) DO NOTHING",
        (
            rubric.hash,
            rubric.scoring_hash,
            &rubric.id,
            &rubric.title,
            &rubric.revision,
            &rubric.source,
        ),
    )?;
    if new == 0 {
        return Ok(());
    }
    let mut option = tables.prepare_cached(
        "INSERT INTO rubric_option (rubric_hash, place, mark, answer_id, points) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (at, behavior) in rubric.behaviors.iter().enumerate() {
        tables.execute(
            "INSERT INTO rubric_behavior (rubric_hash, place, section_id, behavior_id) VALUES (?1, ?2, ?3, ?4)",
            (rubric.hash, place(at), &behavior.section, &behavior.id),
        )?;
        for (nth, (id, points)) in (0..).zip(&behavior.options) {
            let mark = pack(&[Some(Answer::Given(nth))], &[true]);
            option.execute((rubric.hash, place(at), mark, id, Some(points)))?;
        }
        let mark = pack(&[Some(Answer::Na)], &[true]);
        option.execute((rubric.hash, place(at), mark, Answer::NA_ID, None::<f64>))?;
    }
    for (at, (id, avoidable)) in rubric.drivers.iter().enumerate() {
        tables.execute(
            "INSERT INTO rubric_driver (rubric_hash, place, driver_id, avoidable) VALUES (?1, ?2, ?3, ?4)",
            (rubric.hash, place(at), id, avoidable),
        )?;
    }
    Ok(())
}
