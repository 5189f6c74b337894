use super::{Note, SampleFacts};
use crate::evaluation::ScoredCall;

/// Calls that a critical error took to 0: one of them outweighs many others.
#[derive(Clone, Debug, Default)]
pub struct Zeros {
    count: u64,
    /// Call, CSR as heard, caller type as heard, of the first ones.
    named: Vec<(String, String, &'static str)>,
}

/// Calls named one by one; more are counted.
const MOST_NAMED: usize = 3;

impl Zeros {
    pub(super) fn of(samples: &[SampleFacts]) -> Self {
        let mut zeros = Self::default();
        for call in samples.iter().flat_map(|sample| &sample.calls) {
            zeros.call(&call.scored());
        }
        zeros
    }

    pub(super) fn call(&mut self, call: &ScoredCall<'_>) {
        let Some(evaluation) = call.counting.filter(|_| call.inside) else {
            return;
        };
        let before = evaluation.score_before_critical;
        if evaluation.score == Some(0.0) && before.is_some_and(|before| before > 0.0) {
            self.count += 1;
            if self.named.len() < MOST_NAMED {
                self.named.push((
                    call.call_id.to_owned(),
                    call.csr_heard().to_owned(),
                    evaluation.caller_type.as_str(),
                ));
            }
        }
    }

    /// What a reader of scores must know of them; nothing where there is none.
    pub(super) fn note(&self) -> Option<Note> {
        let named = |(id, csr, caller_type): &(String, String, &str)| {
            format!("{id} ({csr}, {caller_type})")
        };
        let what = match self.named.as_slice() {
            [] => return None,
            _ if self.count > MOST_NAMED as u64 => format!("{} calls were", self.count),
            [one] => format!("Call {} was", named(one)),
            few => {
                let names: Vec<String> = few.iter().map(named).collect();
                format!("Calls {} were", names.join(", "))
            }
        };
        let text = format!(
            "{what} set to 0 by a critical error. A zero outweighs many other calls and margins can't allow for it: look at \
             the scores before criticals."
        );
        Some(Note::new("zeros", text))
    }
}
