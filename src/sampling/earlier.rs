use std::collections::HashMap;

use super::DrawNumber;
use super::tags::tag;
use crate::calls::CallerType;

/// The ids of a log's eligible calls, as further draws for the same sample need them: the first 8 bytes of each draw number. That
/// two of a million ids share them by chance happens once in 37 million logs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenIds(Vec<u64>);

impl SeenIds {
    pub(super) fn of_sorted(tags: Vec<u64>) -> Self {
        Self(tags)
    }

    /// How many.
    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Ascending, 8 bytes each, the highest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|id| id.to_be_bytes()).collect()
    }

    /// What [`SeenIds::to_bytes`] gave; a rest of fewer than 8 bytes is left out.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let ids = bytes.chunks_exact(8).map(|chunk| {
            let mut id = [0; 8];
            id.copy_from_slice(chunk);
            u64::from_be_bytes(id)
        });
        Self(ids.collect())
    }

    fn holds(&self, id: u64) -> bool {
        self.0.binary_search(&id).is_ok()
    }
}

/// What a sample knows of the logs that it was drawn from before.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// By batch.
    pub seen: Vec<SeenIds>,
    /// CSR and caller type, as logged then, of the calls that were kept.
    pub kept: HashMap<DrawNumber, (String, CallerType)>,
}

impl Earlier {
    /// The place of the batch that saw a call.
    pub(super) fn batch(&self, number: DrawNumber) -> Option<usize> {
        if self.seen.is_empty() {
            return None;
        }
        let id = tag(number);
        self.seen.iter().position(|seen| seen.holds(id))
    }
}

/// A kept call that a further log tells of otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retagged {
    pub call_id: String,
    /// As logged when it was drawn.
    pub then: (String, CallerType),
    /// As the further log has it.
    pub now: (String, CallerType),
}
