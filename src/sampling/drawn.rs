use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::civil::Date;

use super::{Digest, DrawNumber, Retagged, SeenIds, Stratum};
use crate::calls::{Call, CallerType, Filter, Refused, RowView};

/// The frame of one log and what was drawn from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Rows of the log, refused ones too.
    pub rows: u64,
    /// Calls that may be drawn.
    pub eligible: u64,
    /// Calls left out by the design's eligibility, each counted once, and rows that are no calls by the profile.
    pub not_eligible: u64,
    /// Calls left out because an earlier log of the sample held them, by batch.
    pub seen_before: Vec<u64>,
    /// Those of them that were kept then, and that this log tells of otherwise; by id.
    pub retagged: Vec<Retagged>,
    /// The ids of the eligible calls. One that can't be drawn now (its caller type isn't known, say) may come with a
    /// later log. `None` where there are more than [`super::MOST_IDS`] and nobody asked for them.
    pub seen: Option<SeenIds>,
    pub refused: Refused,
    /// Where journeys were drawn: what their calls make up.
    pub journeys: Option<JourneyCount>,
    /// The sum of the strata's digests.
    pub digest: Digest,
    /// First and last local day of the eligible calls, where the log has times.
    pub period: Option<(Date, Date)>,
    /// By CSR, then caller type.
    pub cells: Vec<CellCount>,
    /// By CSR, then caller type.
    pub strata: Vec<StratumDraw>,
}

impl Frame {
    /// Calls that may be drawn, or journeys: what the strata are of.
    pub fn units(&self) -> u64 {
        self.strata.iter().map(|stratum| stratum.eligible).sum()
    }

    /// All drawn calls, without reserves.
    pub fn drawn(&self) -> u64 {
        self.strata
            .iter()
            .map(|stratum| stratum.calls.len() as u64)
            .sum()
    }

    /// Share of rows (0-1) that can't be read or contradict each other.
    pub fn bad_share(&self) -> f64 {
        use crate::calls::Refusal::{ConflictingId, Unreadable};
        let bad = self.refused.count(Unreadable) + self.refused.count(ConflictingId);
        if self.rows == 0 {
            0.0
        } else {
            bad as f64 / self.rows as f64
        }
    }
}

/// The journeys of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JourneyCount {
    /// Those with a call that may be drawn.
    pub journeys: u64,
    /// Calls without an interaction id: the call's own id names its journey, to which others belong that name it.
    pub nameless: u64,
}

/// Eligible calls of one CSR and caller type, whatever the strata are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellCount {
    pub csr: String,
    pub caller_type: CallerType,
    pub eligible: u64,
}

/// One stratum's draw.
#[derive(Clone, Debug, PartialEq)]
pub struct StratumDraw {
    pub stratum: Stratum,
    /// N_h: eligible calls, or journeys where those are drawn.
    pub eligible: u64,
    /// Calls wanted, or journeys.
    pub quota: u64,
    /// The sum of all its eligible draw numbers.
    pub digest: Digest,
    /// The n_h smallest draw numbers, in order; of a journey, all its calls in the order of time.
    pub calls: Vec<DrawnCall>,
    /// The next ones, in order.
    pub reserves: Vec<DrawnCall>,
}

/// A call with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnCall {
    /// Of a journey, the same for all its calls.
    pub draw_number: DrawNumber,
    /// 1-based rank of the draw number in its stratum.
    pub position: u64,
    /// What the draw number is of, where that isn't the call's own id: the journey it is a leg of.
    pub unit_id: Option<String>,
    pub call: Call,
}

impl StratumDraw {
    /// Calls drawn, or journeys.
    pub fn drawn_units(&self) -> u64 {
        self.calls.last().map_or(0, |last| last.position)
    }
}

impl DrawnCall {
    /// What was drawn: the call, or the journey it is a leg of.
    pub fn unit_id(&self) -> &str {
        self.unit_id.as_deref().unwrap_or(&self.call.call_id)
    }

    /// As calls are listed and scored: by draw number, those of one journey in the order of time. Starts that nobody can
    /// read come last; the id decides between equal ones.
    pub fn in_order(&self, other: &Self) -> Ordering {
        let key = |one: &Self| {
            (
                one.draw_number,
                one.call.started_at.is_none(),
                one.call.started_at,
            )
        };
        let numbers = key(self).cmp(&key(other));
        numbers.then_with(|| self.call.call_id.cmp(&other.call.call_id))
    }
}

/// A row as a call that is kept, with all columns.
pub(super) fn call_of(filter: &Filter, row: &RowView<'_>) -> Call {
    let columns = filter.columns();
    let names = columns.names().iter().enumerate();
    Call {
        call_id: row.call_id.to_owned(),
        csr: row.csr.to_owned(),
        caller_type: row.caller_type,
        line: row.line,
        started_at: filter.started_at(row).map(|when| when.instant),
        started_text: filter.started_text(row).map(Cow::into_owned),
        duration_s: filter.duration_s(row),
        fields: names
            .map(|(at, name)| (name.clone(), row.cells.cell(at).to_owned()))
            .collect(),
    }
}
