use jiff::civil::Date;

use super::{Digest, DrawNumber, Stratum};
use crate::calls::{Call, CallerType, Refused};

/// The frame of one log and what was drawn from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Rows of the log, refused ones too.
    pub rows: u64,
    /// Calls that may be drawn.
    pub eligible: u64,
    /// Calls left out by the design's eligibility, each counted once.
    pub not_eligible: u64,
    pub refused: Refused,
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
    /// N_h: eligible calls.
    pub eligible: u64,
    /// Calls wanted.
    pub quota: u64,
    /// The sum of all its eligible draw numbers.
    pub digest: Digest,
    /// The n_h smallest draw numbers, in order.
    pub calls: Vec<DrawnCall>,
    /// The next ones, in order.
    pub reserves: Vec<DrawnCall>,
}

/// A call with its key.
#[derive(Clone, Debug, PartialEq)]
pub struct DrawnCall {
    pub draw_number: DrawNumber,
    /// 1-based rank of the draw number in its stratum.
    pub position: u64,
    pub call: Call,
}
