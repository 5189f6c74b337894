mod compare;

use std::path::PathBuf;

use serde_json::json;

use super::output::print;
use super::{Common, Failure, input, stored};
use crate::calls::Profile;
use crate::evaluation::asked;
use crate::read;
use crate::render::json::to_text;
use crate::rubric::Rubric;
use crate::sampling::Quotas;
use crate::store::{SampleInfo, Store, StoredStratum};

/// Check a sample: draw it again from the log and compare, and compute every score again
///
/// With a log: counts, digests, drawn calls and reserves of every stratum must be the same. With or without: the store
/// is sound, and every stored score equals the one its answers give. Exit code 1 if anything differs.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The call log the sample was drawn from; without it only the store is checked
    #[arg(value_name = "LOG")]
    log: Option<PathBuf>,
    /// The sample (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// Read the log with this profile instead of the one kept with the sample
    #[arg(long, value_name = "FILE")]
    profile: Option<PathBuf>,
    /// How the result is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: VerifyFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum VerifyFormat {
    Text,
    Json,
}

/// What was found.
#[derive(Default)]
struct Findings {
    /// Things that hold.
    held: Vec<String>,
    /// Things that don't.
    differences: Vec<String>,
    /// Things worth knowing that prove nothing.
    notes: Vec<String>,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        let sample = stored::pick(common, &store, self.sample.as_deref())?;
        let mut findings = Findings::default();
        let problems = store.check().map_err(Failure::from)?;
        if problems.is_empty() {
            findings.held.push("the store is sound".to_owned());
        }
        findings.differences.extend(problems);
        self.scores(&store, &sample, &mut findings)?;
        if self.log.is_some() {
            self.draw(common, &store, &sample, &mut findings)?;
        }
        let verified = findings.differences.is_empty();
        print(&match self.format {
            VerifyFormat::Json => to_text(&json!({
                "schema": "evenhand.verify/1",
                "sample": sample.name,
                "verified": verified,
                "held": findings.held,
                "differences": findings.differences,
                "notes": findings.notes,
            })),
            VerifyFormat::Text => findings.text(&sample.name),
        })?;
        if verified {
            Ok(())
        } else {
            Err(Failure::No.into())
        }
    }

    fn scores(
        &self,
        store: &impl Store,
        sample: &SampleInfo,
        findings: &mut Findings,
    ) -> Result<(), Failure> {
        let rubric = stored::rubric(store, sample)?;
        if rubric.hash() != sample.rubric.hash {
            findings
                .differences
                .push("the stored rubric's text doesn't give its hash".to_owned());
        }
        let evaluations = store.evaluations(&sample.name, false)?;
        let before = findings.differences.len();
        for completed in &evaluations {
            let evaluation = &completed.evaluation;
            let again = evaluation.rescore(&rubric);
            let who = format!("call {}, {}", evaluation.call_id, evaluation.analyst);
            if again.score != evaluation.score
                || again.score_before_critical != evaluation.score_before_critical
            {
                let (stored, computed) = (number(evaluation.score), number(again.score));
                findings.differences.push(format!(
                    "{who}: the stored score is {stored}, its answers give {computed}"
                ));
            }
            if again.outcome != evaluation.outcome || again.criticals != evaluation.criticals {
                findings.differences.push(format!(
                    "{who}: the stored outcome is not the one its answers give"
                ));
            }
            if unanswered(&rubric, completed) {
                findings
                    .differences
                    .push(format!("{who}: an answer is missing"));
            }
        }
        if findings.differences.len() == before {
            findings.held.push(format!(
                "{} stored scores equal those computed again from the answers",
                evaluations.len()
            ));
        }
        Ok(())
    }

    fn draw(
        &self,
        common: &Common,
        store: &impl Store,
        sample: &SampleInfo,
        findings: &mut Findings,
    ) -> Result<(), Failure> {
        let Some(path) = &self.log else { return Ok(()) };
        let profile = match (&self.profile, &sample.profile) {
            (Some(path), _) => read::profile(path)?.profile,
            (None, Some(source)) => read::profile_text("profile of the sample", source)?,
            (None, None) => Profile::default(),
        };
        let log = input::open(path, &profile, None, true)?;
        let strata = store.strata(&sample.name)?;
        let kept = |stratum: &StoredStratum| (stratum.stratum.clone(), stratum.quota);
        let quotas: Quotas = strata.iter().map(kept).collect();
        let frame = log.draw(common, &sample.design, Some(&quotas), &sample.seed)?;
        let calls = store.calls(&sample.name, true)?;
        let before = findings.differences.len();
        compare::frames(&frame, sample, &strata, &calls, findings);
        compare::quotas(&frame, sample, &strata, findings);
        if findings.differences.len() == before {
            findings.held.push(format!(
                "drawing again from `{}` gives the same {} calls in {} strata, with the same counts and digests",
                log.name,
                sample.counts.drawn,
                strata.len()
            ));
        }
        if frame.rows != sample.calls_in_log {
            let (now, then) = (frame.rows, sample.calls_in_log);
            findings.notes.push(format!(
                "the log has {now} rows, the sample was drawn from {then}"
            ));
        }
        if frame.refused != sample.refused {
            findings
                .notes
                .push("other rows are refused than when the sample was drawn".to_owned());
        }
        Ok(())
    }
}

fn unanswered(rubric: &Rubric, completed: &crate::store::Completed) -> bool {
    let evaluation = &completed.evaluation;
    let asked = asked(rubric, evaluation.caller_type, &evaluation.answers);
    evaluation
        .answers
        .iter()
        .zip(asked)
        .any(|(answer, asked)| asked && answer.is_none())
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

/// Differences printed one by one; more are counted.
const MOST_LINES: usize = 50;

impl Findings {
    fn text(&self, sample: &str) -> String {
        let mut lines: Vec<String> = self
            .held
            .iter()
            .map(|held| format!("  ok       {held}"))
            .collect();
        let shown = self.differences.iter().take(MOST_LINES);
        lines.extend(shown.map(|difference| format!("  differs  {difference}")));
        if self.differences.len() > MOST_LINES {
            lines.push(format!(
                "  differs  … and {} more",
                self.differences.len() - MOST_LINES
            ));
        }
        lines.extend(self.notes.iter().map(|note| format!("  note     {note}")));
        let verdict = if self.differences.is_empty() {
            "verified"
        } else {
            "NOT verified"
        };
        let lines = lines
            .iter()
            .map(|line| format!("{}\n", crate::calls::escape(line)))
            .collect::<String>();
        format!(
            "Sample {}: {verdict}.\n{lines}",
            crate::calls::escape(sample)
        )
    }
}
