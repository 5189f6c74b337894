use serde_json::json;

use super::counts;
use crate::calls::escape;
use crate::cli::output::print;
use crate::cli::{Common, Failure};
use crate::render::json::to_text;
use crate::store::{Holdings, Store};

/// Check that the store is sound: nothing damaged, nothing that contradicts itself
///
/// Reads the whole file: its pages, references between its rows, draw numbers, positions and digests, and whether every
/// state and count fits what was drawn, picked, said and scored. Tells what the store holds, and what in it leads
/// nowhere: drafts that nobody is offered any more, and claims that ended. Those do no harm. Exit code 1 if something is
/// wrong. Nothing is changed. `evenhand verify` checks the scores of a sample and its draw as well.
#[derive(clap::Args)]
pub(super) struct Args {
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    Text,
    Json,
}

/// Things printed one by one; more are counted.
const MOST_LINES: usize = 50;

const ADVICE: &str = "Keep the file as it is for whoever looks into it, and go on from the last backup: copy that to \
    another name, bring over what was scored since with `evenhand store merge`, and check the result.";

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        let wrong = store.check().map_err(Failure::from)?;
        let holdings = match store.holdings() {
            Ok(holdings) => Some(holdings),
            // What can't be counted is told as damage.
            Err(_) if !wrong.is_empty() => None,
            Err(error) => return Err(Failure::from(error).into()),
        };
        let name = common.store.display().to_string();
        print(&match self.format {
            CheckFormat::Text => text(&name, &wrong, holdings.as_ref()),
            CheckFormat::Json => to_text(&json(&name, &wrong, holdings.as_ref())),
        })?;
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(Failure::No.into()),
        }
    }
}

fn text(name: &str, wrong: &[String], holdings: Option<&Holdings>) -> String {
    let mut lines = vec![match wrong.len() {
        0 => format!("{name}: sound."),
        1 => format!("{name}: NOT sound, 1 thing is wrong."),
        many => format!("{name}: NOT sound, {many} things are wrong."),
    }];
    lines.extend(shown("wrong", wrong));
    if let Some(holdings) = holdings {
        lines.push(format!("  holds  {}", counts(holdings).join(", ")));
        let drafts: Vec<String> = (holdings.idle_drafts.iter())
            .map(|idle| {
                let begun = &idle.begun;
                format!(
                    "sample `{}`: the draft of `{}` for the call `{}` leads nowhere: {}",
                    idle.sample,
                    begun.analyst,
                    begun.call_id,
                    idle.why.as_str()
                )
            })
            .collect();
        lines.extend(shown("note ", &drafts));
        lines.extend(ended(holdings.ended_claims).map(|ended| format!("  note   {ended}")));
    }
    if !wrong.is_empty() {
        lines.push(ADVICE.to_owned());
    }
    let line = |line: &String| format!("{}\n", escape(line));
    lines.iter().map(line).collect()
}

fn shown(word: &str, all: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = (all.iter().take(MOST_LINES))
        .map(|one| format!("  {word}  {one}"))
        .collect();
    if all.len() > MOST_LINES {
        lines.push(format!("  {word}  … and {} more", all.len() - MOST_LINES));
    }
    lines
}

fn ended(claims: u64) -> Option<String> {
    match claims {
        0 => None,
        1 => Some("1 claim has ended: the call is free for others".to_owned()),
        many => Some(format!(
            "{many} claims have ended: the calls are free for others"
        )),
    }
}

/// `evenhand.store-check/1`.
fn json(name: &str, wrong: &[String], holdings: Option<&Holdings>) -> serde_json::Value {
    json!({
        "schema": "evenhand.store-check/1",
        "store": name,
        "sound": wrong.is_empty(),
        "wrong": wrong,
        "advice": (!wrong.is_empty()).then_some(ADVICE),
        "holds": holdings.map(|holdings| json!({
            "samples": holdings.samples,
            "withdrawn": holdings.withdrawn,
            "drawn": holdings.drawn,
            "picked": holdings.picked,
            "evaluations": holdings.evaluations,
            "drafts": holdings.drafts,
        })),
        "idle_drafts": holdings.map(|holdings| (holdings.idle_drafts.iter())
            .map(|idle| json!({
                "sample": idle.sample,
                "call_id": idle.begun.call_id,
                "analyst": idle.begun.analyst,
                "saved_at": idle.begun.at.to_string(),
                "why": idle.why.as_str(),
            }))
            .collect::<Vec<_>>()),
        "ended_claims": holdings.map(|holdings| holdings.ended_claims),
    })
}
