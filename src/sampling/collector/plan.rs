use std::collections::HashSet;
use std::sync::Arc;

use crate::calls::{Filter, RowView};
use crate::sampling::draw_number::Numberer;
use crate::sampling::tags::TagSet;
use crate::sampling::{Design, DrawNumber, Earlier, Quotas, Retagged, Stratum};

/// What all collectors of one draw share.
pub(super) struct Plan {
    pub(super) design: Design,
    /// What each stratum gives, where the design alone doesn't say; one that isn't here gives nothing.
    pub(super) quotas: Option<Arc<Quotas>>,
    pub(super) filter: Filter,
    pub(super) numberer: Numberer,
    /// Calls that earlier logs of the sample held are left out.
    pub(super) earlier: Arc<Earlier>,
    /// Keep the line of every refused row.
    pub(super) all_lines: bool,
    /// Up to so many eligible calls the list of their ids is kept.
    pub(super) most_ids: u64,
    /// Ids that stand more than once; `None` before a first pass has looked for them.
    pub(super) repeated: Option<Arc<TagSet>>,
    /// Ids known to contradict themselves, found by an earlier pass.
    pub(super) conflicting: HashSet<DrawNumber>,
}

impl Plan {
    /// The same, for a collector that differs in something.
    pub(super) fn again(&self) -> Self {
        Self {
            design: self.design.clone(),
            quotas: self.quotas.clone(),
            filter: self.filter.clone(),
            numberer: self.numberer.clone(),
            earlier: self.earlier.clone(),
            all_lines: self.all_lines,
            most_ids: self.most_ids,
            repeated: self.repeated.clone(),
            conflicting: self.conflicting.clone(),
        }
    }

    pub(super) fn quota(&self, stratum: &Stratum) -> u64 {
        match &self.quotas {
            Some(quotas) => quotas.get(stratum).copied().unwrap_or(0),
            None => self.design.quota.each(),
        }
    }

    /// A row of a kept call that has other tags than then.
    pub(super) fn retagged(&self, number: DrawNumber, row: &RowView<'_>) -> Option<Retagged> {
        let then = self.earlier.kept.get(&number)?;
        let now = (row.csr.to_owned(), row.caller_type);
        (now != *then).then(|| Retagged {
            call_id: row.call_id.to_owned(),
            then: then.clone(),
            now,
        })
    }
}
