use super::corrections::CorrectionRow;
use crate::evaluation::ScoredCall;

/// How far a sample is, and in which order. Its calls come in draw-number order.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    pub(super) drawn: u64,
    pub(super) unscorable: u64,
    /// Of the calls that the report is about: drawn, unscorable and scored ones.
    pub(super) inside: [u64; 3],
    /// Scored calls whose stratum has an unscored call before them.
    pub(super) ahead: u64,
    pub(super) corrections: CorrectionRow,
    strata: Vec<InStratum>,
}

#[derive(Clone, Debug, Default)]
struct InStratum {
    /// A call is scored.
    begun: bool,
    /// Whose calls are not all scored. Calls dealt to analysts are judged among those of one analyst: nobody chose that
    /// another one is slower.
    open: Vec<Option<String>>,
}

impl Progress {
    /// Takes a call in.
    pub fn call(&mut self, call: &ScoredCall<'_>) {
        self.drawn += 1;
        self.unscorable += u64::from(call.unscorable);
        let is_scored = call.counting.is_some();
        for (count, is_so) in self
            .inside
            .iter_mut()
            .zip([true, call.unscorable, is_scored])
        {
            *count += u64::from(call.inside && is_so);
        }
        self.corrections.call(call);
        if self.strata.len() <= call.stratum {
            self.strata
                .resize_with(call.stratum + 1, InStratum::default);
        }
        let here = &mut self.strata[call.stratum];
        here.begun |= call.counting.is_some();
        if call.unscorable {
            return;
        }
        let is_open = here.open.iter().any(|who| who.as_deref() == call.assigned);
        match call.counting {
            Some(_) => self.ahead += u64::from(is_open),
            None if !is_open => here.open.push(call.assigned.map(str::to_owned)),
            None => {}
        }
    }

    /// Calls with an evaluation.
    pub(super) fn scored(&self) -> u64 {
        self.corrections.scored
    }

    /// Drawn calls that can be scored.
    pub(super) fn to_score(&self) -> u64 {
        self.drawn - self.unscorable
    }

    /// Whether a call of the stratum is scored.
    pub(super) fn has_begun(&self, stratum: usize) -> bool {
        self.strata.get(stratum).is_some_and(|here| here.begun)
    }
}
