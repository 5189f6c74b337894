use super::{Note, SampleFacts};

/// Calls that a critical error took to 0: one of them outweighs many others.
#[derive(Clone, Debug, Default)]
pub struct Zeros {
    /// Call, CSR as heard, caller type as heard.
    calls: Vec<(String, String, &'static str)>,
}

/// Calls named one by one; more are counted.
const MOST_NAMED: usize = 3;

impl Zeros {
    pub(super) fn of(samples: &[SampleFacts]) -> Self {
        let mut calls = Vec::new();
        for call in samples.iter().flat_map(|sample| &sample.calls) {
            let Some(evaluation) = call.counting() else {
                continue;
            };
            let before = evaluation.score_before_critical;
            if evaluation.score == Some(0.0) && before.is_some_and(|before| before > 0.0) {
                let csr = evaluation.csr_heard.as_ref().unwrap_or(&call.csr);
                calls.push((
                    call.call_id.clone(),
                    csr.clone(),
                    evaluation.caller_type.as_str(),
                ));
            }
        }
        Self { calls }
    }

    /// What a reader of scores must know of them; nothing where there is none.
    pub(super) fn note(&self) -> Option<Note> {
        let named = |(id, csr, caller_type): &(String, String, &str)| {
            format!("{id} ({csr}, {caller_type})")
        };
        let what = match self.calls.as_slice() {
            [] => return None,
            [one] => format!("Call {} was", named(one)),
            few if few.len() <= MOST_NAMED => {
                let names: Vec<String> = few.iter().map(named).collect();
                format!("Calls {} were", names.join(", "))
            }
            many => format!("{} calls were", many.len()),
        };
        let text = format!(
            "{what} set to 0 by a critical error. A zero outweighs many other calls and margins can't allow for it: look at \
             the scores before criticals."
        );
        Some(Note::new("zeros", text))
    }
}
