//! Takes the rows of a log in and keeps what the draw needs: counts, digests, the smallest draw numbers of each
//! stratum, and 8 bytes of every id. Where an id stands twice a second pass remembers its rows, so that copies and
//! contradictions are found exactly.

mod calls;
mod end;
mod plan;
mod rows;

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use foldhash::fast::RandomState;

pub(super) use calls::Counted;
use plan::Plan;

use super::draw_number::{AsIs, Numberer};
use super::kept::{Kept, KeptRow};
use super::period::Period;
use super::tags::{TagSet, Tags};
use super::{Design, Digest, DrawNumber, Earlier, Frame, Quotas, Retagged, Seed, Stratum};
use crate::calls::{CallerType, Filter, Refused};

type ByNumber<V> = HashMap<DrawNumber, V, BuildHasherDefault<AsIs>>;

/// The list of ids of a larger log takes longer to keep than the log to read. A week's log has far fewer calls.
pub const MOST_IDS: u64 = 2_000_000;

/// Collects the frame of one log. See the module's head.
pub struct Collector {
    plan: Arc<Plan>,
    rows: u64,
    refused: Refused,
    period: Period,
    cells: Vec<CellTally>,
    cell_places: HashMap<String, [Option<u32>; CallerType::ALL.len()], RandomState>,
    strata: Vec<Kept>,
    /// The largest tag that each stratum may still have use for.
    limits: Vec<u64>,
    /// A row that was pushed out: its memory serves for another.
    spare: Option<Box<KeptRow>>,
    stratum_places: HashMap<Stratum, usize>,
    /// All ids, on a first pass that doesn't trust them.
    tags: Tags,
    /// Ids of kept calls that were kept already.
    kept_twice: TagSet,
    left_out: LeftOut,
    /// Ids that stand more than once.
    ids: ByNumber<Seen>,
    /// Every further row of an id already seen: number and line.
    copies: Vec<(DrawNumber, u64)>,
    retagged: Vec<Retagged>,
}

struct CellTally {
    csr: String,
    caller_type: CallerType,
    stratum: usize,
    eligible: u64,
    digest: Digest,
}

#[derive(Clone, Copy)]
struct Seen {
    line: u64,
    cell: u32,
    standing: Standing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Eligible,
    NotEligible,
    /// It is no call: its id doesn't count.
    NoCall,
    UnknownCallerType,
    Unreadable,
    /// An earlier log of the sample held it.
    SeenBefore,
    Conflicting,
}

/// The end of a pass over a log.
pub enum Outcome<S = Collector> {
    Done(Box<Frame>),
    /// Ids stand more than once, or some that contradict themselves stood among the kept calls, so that others were
    /// pushed out wrongly: read the log once more with this collector.
    Again(Box<S>),
}

impl Collector {
    /// A collector for one draw. A total that is to be spread gives nothing yet: then it only counts.
    pub fn new(design: &Design, seed: &Seed, filter: Filter) -> Self {
        Self::with_plan(Plan {
            design: design.clone(),
            quotas: None,
            filter,
            numberer: Numberer::new(seed),
            earlier: Arc::default(),
            all_lines: false,
            most_ids: MOST_IDS,
            repeated: None,
            conflicting: HashSet::new(),
        })
    }

    /// Draws so many calls from each stratum, whatever the design's quota is.
    #[must_use]
    pub fn with_quotas(self, quotas: &Quotas) -> Self {
        let quotas = Some(Arc::new(quotas.clone()));
        Self::with_plan(Plan {
            quotas,
            ..self.plan.again()
        })
    }

    /// Keeps the list of ids, however long it gets.
    #[must_use]
    pub fn keeping_ids(self) -> Self {
        Self::with_plan(Plan {
            most_ids: u64::MAX,
            ..self.plan.again()
        })
    }

    /// Keeps the line of every refused row, not only of the first.
    #[must_use]
    pub fn keeping_lines(self) -> Self {
        Self::with_plan(Plan {
            all_lines: true,
            ..self.plan.again()
        })
    }

    /// Leaves out what earlier logs of the sample held.
    #[must_use]
    pub fn after(self, earlier: &Arc<Earlier>) -> Self {
        let earlier = earlier.clone();
        Self::with_plan(Plan {
            earlier,
            ..self.plan.again()
        })
    }

    fn with_plan(plan: Plan) -> Self {
        Self::sharing(Arc::new(plan))
    }

    fn sharing(plan: Arc<Plan>) -> Self {
        Self {
            tags: Tags::new(),
            kept_twice: TagSet::default(),
            left_out: LeftOut {
                not_eligible: 0,
                seen_before: vec![0; plan.earlier.seen.len()],
            },
            rows: 0,
            refused: match plan.all_lines {
                true => Refused::with_all_lines(),
                false => Refused::default(),
            },
            plan,
            period: Period::default(),
            cells: Vec::new(),
            cell_places: HashMap::default(),
            strata: Vec::new(),
            limits: Vec::new(),
            spare: None,
            stratum_places: HashMap::new(),
            ids: ByNumber::default(),
            copies: Vec::new(),
            retagged: Vec::new(),
        }
    }

    /// An empty collector of the same draw, for another part of the log.
    pub fn sibling(&self) -> Self {
        Self::sharing(self.plan.clone())
    }

    fn cell(&mut self, csr: &str, caller_type: CallerType) -> u32 {
        let at = caller_type as usize;
        if let Some(Some(cell)) = self.cell_places.get(csr).map(|places| places[at]) {
            return cell;
        }
        let stratum = self.plan.design.per.stratum(csr, caller_type);
        let place = match self.stratum_places.get(&stratum) {
            Some(place) => *place,
            None => {
                let quota = self.plan.quota(&stratum);
                let kept = Kept::new(stratum.clone(), quota);
                self.limits.push(kept.limit());
                self.strata.push(kept);
                self.stratum_places.insert(stratum, self.strata.len() - 1);
                self.strata.len() - 1
            }
        };
        let cell = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        self.cells.push(CellTally {
            csr: csr.to_owned(),
            caller_type,
            stratum: place,
            eligible: 0,
            digest: Digest::default(),
        });
        self.cell_places.entry(csr.to_owned()).or_default()[at] = Some(cell);
        cell
    }
}

/// Calls that are neither drawn from nor refused.
struct LeftOut {
    not_eligible: u64,
    /// By batch.
    seen_before: Vec<u64>,
}

#[cfg(test)]
mod earlier_tests;
#[cfg(test)]
mod no_call_tests;
#[cfg(test)]
mod tests;
