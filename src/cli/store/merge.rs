use std::path::PathBuf;

use serde_json::json;

use crate::calls::escape;
use crate::cli::output::print;
use crate::cli::{Common, Failure};
use crate::render::json::to_text;
use crate::store::{Merged, MergedSample, SqliteStore, Taken};

/// Take what others did in a copy of this store
///
/// For analysts who work apart: each gets a copy of the store (`evenhand store backup`), scores in it, and sends it back.
/// Of the samples that are in both, everything is taken that is missing here: evaluations with all their evaluation
/// revisions and comments, calls said to be unscorable or declined, picked calls, drafts, analysts, and who did what. A
/// call that a reserve replaced there is replaced here by the same rule. OTHER is only read. Merging again changes
/// nothing.
///
/// Nothing is overwritten. Where the two contradict each other (one analyst scored a call otherwise, or amended it in
/// both; scored in one and unscorable in the other), nothing of that call is taken, the rest is, and the exit code is 1.
/// What is to hold is recorded here with `--amend`; the next merge finds that they agree.
///
/// A sample of the same name with another seed, rubric, design or log is refused, and nothing is taken. Samples that only
/// OTHER has are named and left there. Calls given to somebody else there stay here with whom they were given to.
///
/// Example: `evenhand store merge from-anna.db --dry-run`
#[derive(clap::Args)]
pub(super) struct Args {
    /// The copy to take from
    #[arg(value_name = "OTHER")]
    other: PathBuf,
    /// Tell what would be taken, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: MergeFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum MergeFormat {
    Text,
    Json,
}

/// Conflicts printed one by one; more are counted.
const MOST_LINES: usize = 50;

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        // First, so that nothing is touched here where there is nothing to take; what only looks brings no store up to
        // date.
        let other = SqliteStore::open_existing(&self.other).map_err(Failure::from)?;
        let mut store = match self.dry_run {
            true => common.open_store()?,
            false => common.open_store_to_write()?,
        };
        let merged = (store.merge(&other, !self.dry_run)).map_err(Failure::from)?;
        print(&match self.format {
            MergeFormat::Text => self.text(&merged),
            MergeFormat::Json => to_text(&self.json(&merged)),
        })?;
        match merged.conflicts() {
            0 => Ok(()),
            _ => Err(Failure::No.into()),
        }
    }

    fn text(&self, merged: &Merged) -> String {
        let other = self.other.display();
        let mut lines = vec![match (merged.changed(), merged.conflicts(), self.dry_run) {
            (false, 0, _) => format!("{other} has nothing to take that this store lacks."),
            (false, ..) => format!("From {other} nothing was taken."),
            (true, _, true) => format!("From {other} would be taken (nothing was written):"),
            (true, _, false) => format!("From {other} was taken:"),
        }];
        if !merged.analysts.is_empty() {
            let names: Vec<String> = (merged.analysts.iter())
                .map(|name| format!("`{name}`"))
                .collect();
            lines.push(format!("  new analysts: {}", names.join(", ")));
        }
        for sample in &merged.samples {
            lines.extend(taken(sample));
        }
        let conflicts: Vec<String> = (merged.samples.iter())
            .flat_map(|sample| {
                let line = |conflict: &crate::store::Conflict| {
                    let (name, call_id) = (&sample.name, &conflict.call_id);
                    format!(
                        "  conflict  sample `{name}`, call `{call_id}`: {}",
                        conflict.to_text()
                    )
                };
                sample.conflicts.iter().map(line).collect::<Vec<_>>()
            })
            .collect();
        lines.extend(conflicts.iter().take(MOST_LINES).cloned());
        if conflicts.len() > MOST_LINES {
            let more = conflicts.len() - MOST_LINES;
            lines.push(format!("  conflict  … and {more} more"));
        }
        if !conflicts.is_empty() {
            lines.push(format!(
                "Nothing of these calls was taken. `evenhand explain CALL --store {other}` shows the other side; record \
                 here with --amend what is to hold."
            ));
        }
        lines.extend(notes(merged).iter().map(|note| format!("  note  {note}")));
        let line = |line: &String| format!("{}\n", escape(line));
        lines.iter().map(line).collect()
    }

    /// `evenhand.merge/1`.
    fn json(&self, merged: &Merged) -> serde_json::Value {
        let samples = merged.samples.iter().map(|sample| {
            let taken = &sample.taken;
            let conflicts = sample.conflicts.iter().map(|conflict| {
                json!({
                    "call_id": conflict.call_id,
                    "analyst": conflict.analyst,
                    "conflict": conflict.clash.word(),
                    "text": conflict.to_text(),
                })
            });
            json!({
                "name": sample.name,
                "taken": {
                    "evaluations": taken.evaluations,
                    "amendments": taken.amendments,
                    "unscorable": taken.unscorable,
                    "scorable": taken.scorable,
                    "declined": taken.declined,
                    "picked": taken.picked,
                    "drafts": taken.drafts,
                    "acts": taken.events,
                },
                "conflicts": conflicts.collect::<Vec<_>>(),
            })
        });
        json!({
            "schema": "evenhand.merge/1",
            "other": self.other,
            "dry_run": self.dry_run,
            "changed": merged.changed(),
            "analysts": merged.analysts,
            "samples": samples.collect::<Vec<_>>(),
            "only_there": merged.only_there,
            "notes": notes(merged),
        })
    }
}

fn taken(sample: &MergedSample) -> Option<String> {
    let Taken {
        evaluations,
        amendments,
        unscorable,
        scorable,
        declined,
        picked,
        drafts,
        events,
    } = sample.taken;
    let counts = [
        (evaluations, "1 evaluation", "evaluations"),
        (amendments, "1 amendment", "amendments"),
        (unscorable, "1 unscorable call", "unscorable calls"),
        (
            scorable,
            "1 call that can be scored after all",
            "calls that can be scored after all",
        ),
        (declined, "1 declined call", "declined calls"),
        (picked, "1 picked call", "picked calls"),
        (drafts, "1 draft", "drafts"),
        (events, "1 act", "acts"),
    ];
    let told: Vec<String> = (counts.iter())
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| match count {
            1 => (*one).to_owned(),
            count => format!("{count} {many}"),
        })
        .collect();
    (!told.is_empty()).then(|| format!("  sample `{}`: {}", sample.name, told.join(", ")))
}

fn notes(merged: &Merged) -> Vec<String> {
    let mut notes = Vec::new();
    for sample in &merged.samples {
        let name = &sample.name;
        if sample.withdrawn {
            notes.push(format!(
                "the sample `{name}` is withdrawn here, so nothing of it was taken; `evenhand samples restore` takes it in again"
            ));
        } else if sample.other_words {
            notes.push(format!(
                "the sample `{name}` goes on under a rubric with other words there; here it keeps its own"
            ));
        }
    }
    if !merged.only_there.is_empty() {
        let names: Vec<String> = (merged.only_there.iter())
            .map(|name| format!("`{name}`"))
            .collect();
        notes.push(format!(
            "only the other store has {}: left there, because a merge joins work on common samples",
            names.join(", ")
        ));
    }
    notes
}
