use super::call_log::told;
use super::output::{Document, Format, OutputArgs};
use super::redact::RedactArgs;
use super::{Common, Failure, stored};
use crate::evaluation::Unscorable;
use crate::render::json;
use crate::report::{DrawFacts, DrawPlace, Explanation, LegPlace, PageParts, Redact};
use crate::sampling::Unit;
use crate::store::{CallRole, SampleInfo, Store, StoreError, StoredCall};

/// Explain one call: how it was drawn, and the arithmetic of its score
#[derive(clap::Args)]
pub(super) struct Args {
    /// The call's id, as logged
    #[arg(value_name = "CALL_ID")]
    call_id: String,
    /// The sample (default: the newest that has the call)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    #[command(flatten)]
    redact: RedactArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        let name = self.sample.as_deref();
        let sample = stored::pick_with_call(common, &store, name, &self.call_id)?;
        let call = store
            .call(&sample.name, &self.call_id)
            .map_err(Failure::from)?;
        let Some(call) = call else {
            return Err(Failure::from(StoreError::NotDrawn {
                call_id: self.call_id,
                sample: sample.name,
            })
            .into());
        };
        let rubric = stored::rubric(&store, &sample)?;
        let mut history = store
            .history(&sample.name, &self.call_id)
            .map_err(Failure::from)?;
        let mut call = call;
        if self.redact.redact {
            for completed in &mut history {
                completed.evaluation.redact();
            }
            redact(&mut call);
        }
        let mut drawn = draw_facts(&store, &sample, &call)?;
        if self.redact.redact {
            drawn.redact();
        }
        let parts: Vec<Explanation> = (history.iter())
            .map(|completed| {
                let csr = &call.drawn.call.csr;
                Explanation::new(&rubric, csr, &completed.evaluation, completed.counts)
            })
            .collect();
        let mut lead = vec![format!(
            "Call {}: {}, {} caller{}.",
            self.call_id,
            call.drawn.call.csr,
            call.drawn.call.caller_type,
            call.drawn
                .call
                .started_text
                .as_ref()
                .map(|text| format!(", {text}"))
                .unwrap_or_default()
        )];
        lead.extend(parts.iter().map(Explanation::result));
        lead.extend(drawn.sentences(&self.call_id));
        if let Some((analyst, why)) = &call.unscorable {
            lead.push(format!(
                "{analyst} said that it can't be scored: {}.",
                reason(why)
            ));
        } else if parts.is_empty() {
            lead.push("Nobody has scored it yet.".to_owned());
        }
        for (analyst, why) in &call.declined {
            lead.push(format!(
                "{analyst} can't score it: {}; others may.",
                reason(why)
            ));
        }
        self.output.print(Document {
            lead,
            tables: Box::new(|| {
                let guided = matches!(self.output.format, Format::Html | Format::Md);
                let table = match guided {
                    true => Explanation::guided_table,
                    false => Explanation::table,
                };
                parts.iter().map(table).collect()
            }),
            tail: parts.iter().flat_map(Explanation::sentences).collect(),
            page: Some(Box::new(|| PageParts {
                title: format!("Call {}: {}", self.call_id, call.drawn.call.csr),
                notes_title: Some("How the score came about"),
                ..PageParts::default()
            })),
            json: Box::new(|| json::explanation(&drawn, &parts)),
        })
    }
}

fn draw_facts(
    store: &impl Store,
    sample: &SampleInfo,
    call: &StoredCall,
) -> Result<DrawFacts, Failure> {
    let strata = store.strata(&sample.name)?;
    let leg = match sample.design.unit {
        Unit::Call => None,
        Unit::Interaction => Some(leg(store, sample, call)?),
    };
    let place = call.stratum.and_then(|at| strata.get(at)).map(|stratum| {
        let several = sample.batches.len() > 1;
        let batch = usize::try_from(stratum.batch).ok();
        let batch = batch.and_then(|number| sample.batches.get(number.checked_sub(1)?));
        DrawPlace {
            position: call.drawn.position,
            stratum: stratum.stratum.to_string(),
            eligible: stratum.eligible,
            quota: stratum.quota,
            caller_type: stratum.stratum.caller_type,
            reserve: call.role == CallRole::Reserve,
            leg: leg.clone(),
            log: batch.filter(|_| several).map(|batch| told(batch.files())),
        }
    });
    let picked = call.picked.as_ref().map(|picked| match &picked.note {
        Some(note) => format!("{} ({note})", picked.why.as_str()),
        None => picked.why.as_str().to_owned(),
    });
    Ok(DrawFacts {
        sample: sample.name.clone(),
        seed: sample.seed.to_string(),
        draw_number: call.drawn.draw_number.to_string(),
        place,
        picked,
    })
}

/// Masks what was said of it freely.
fn redact(call: &mut StoredCall) {
    if let Some(picked) = &mut call.picked {
        picked.note.redact();
    }
    let unscorable = call.unscorable.iter_mut();
    for (_, why) in unscorable.chain(&mut call.declined) {
        why.redact();
    }
}

/// Where a call stands in its journey.
fn leg(store: &impl Store, sample: &SampleInfo, call: &StoredCall) -> Result<LegPlace, Failure> {
    let calls = store.calls(&sample.name, false)?;
    let journey = call.drawn.unit_id();
    let legs = (calls.iter()).filter(|one| one.drawn.unit_id() == journey);
    let before = (legs.clone()).take_while(|one| one.drawn.call.call_id != call.drawn.call.call_id);
    Ok(LegPlace {
        journey: journey.to_owned(),
        number: before.count() as u64 + 1,
        of: legs.count() as u64,
    })
}

/// The reason, with the note in brackets.
fn reason(why: &Unscorable) -> String {
    let word = why.reason.as_str();
    match &why.note {
        Some(note) => format!("{word} ({note})"),
        None => word.to_owned(),
    }
}
