//! Samples of whole customer journeys: what is asked of them, and how they are drawn from a log.

use super::call_log::{Drawing, OpenLog};
use super::{Common, Failure};
use crate::sampling::{
    Design, Frame, Journeys, Outcome, Per, Quota, Quotas, Spread, Spreading, Unit,
};

/// What makes a stratum of journeys if nobody says so.
pub(super) const PER: Per = Per {
    csr: false,
    caller_type: true,
};

/// Refuses what makes no sense for journeys.
pub(super) fn check(design: &Design, keep_ids: bool) -> Result<(), Failure> {
    if design.unit == Unit::Call {
        return Ok(());
    }
    if design.per.csr {
        return Err(Failure::usage(
            "a journey can pass through several CSRs, so CSRs make no strata of journeys",
            "leave --per out (journeys are drawn per caller_type); reports tell every CSR's calls apart all the same",
        ));
    }
    if design.eligibility.trust_ids {
        return Err(Failure::usage(
            "--trust-ids can't be had with --unit interaction: which calls make up a journey hangs on their ids",
            "leave --trust-ids out",
        ));
    }
    if keep_ids {
        return Err(Failure::usage(
            "--keep-ids serves further logs, and a sample of whole journeys takes none",
            "leave --keep-ids out",
        ));
    }
    if let Quota::Spread(Spread {
        how: Spreading::Neyman { .. },
        ..
    }) = design.quota
    {
        return Err(Failure::usage(
            "--allocate neyman goes by how far the scores of calls lie apart, which says little of whole journeys",
            "spread in proportion, or all alike (--allocate equal)",
        ));
    }
    Ok(())
}

fn journeys(log: &OpenLog, drawing: &Drawing<'_>) -> Result<Journeys, Failure> {
    let filter = log.filter(&drawing.design.eligibility)?;
    Journeys::new(drawing.design, drawing.seed, filter).map_err(|_| {
        Failure::data(
            format!(
                "`{}` has no column `interaction_id`, so nobody can tell which calls are one customer's journey",
                log.name
            ),
            format!(
                "if another column has it, name that in a profile (`[columns]`, `interaction_id = \"NAME\"`); the log has: {}",
                log.log.columns().names().join(", ")
            ),
        )
    })
}

/// Draws journeys: what the design says from each stratum, or what `quotas` say.
pub(super) fn draw(
    log: &OpenLog,
    common: &Common,
    drawing: &Drawing<'_>,
    quotas: Option<&Quotas>,
) -> Result<Frame, Failure> {
    let mut pass = journeys(log, drawing)?;
    if let Some(quotas) = quotas {
        pass = pass.with_quotas(quotas);
    }
    loop {
        match log.scan(common, || pass.sibling())?.finish() {
            Outcome::Done(frame) => return Ok(*frame),
            Outcome::Again(next) => pass = *next,
        }
    }
}

/// Counts the journeys that would be drawn from.
pub(super) fn count(
    log: &OpenLog,
    common: &Common,
    drawing: &Drawing<'_>,
) -> Result<Frame, Failure> {
    let mut pass = journeys(log, drawing)?;
    loop {
        match log.scan(common, || pass.sibling())?.count() {
            Outcome::Done(frame) => return Ok(*frame),
            Outcome::Again(next) => pass = *next,
        }
    }
}
