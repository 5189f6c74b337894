mod compare;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::call_log::{self, Drawing, Threads};
use super::output::print;
use super::{Common, Failure, stored};
use crate::calls::Profile;
use crate::evaluation::asked;
use crate::read;
use crate::render::json::to_text;
use crate::rubric::Rubric;
use crate::sampling::{Earlier, Quotas, SeenIds};
use crate::store::{BatchInfo, CallRole, SampleInfo, Store, StoredCall, StoredStratum};

/// Check a sample: draw it again from the log and compare, and compute every score again
///
/// With a log: counts, digests, drawn calls and reserves of every stratum must be the same. With or without: the store
/// is sound, and every stored score equals the one its answers give. Exit code 1 if anything differs.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The call logs the sample was drawn from, in the order in which they were added; without them only the store is
    /// checked
    #[arg(value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// The sample (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// Read the logs with this profile instead of those kept with the sample
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
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
        if !self.logs.is_empty() {
            self.draws(common, &store, &sample, &mut findings)?;
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

    /// Draws again from every log, each time without the calls of the logs before it.
    fn draws(
        &self,
        common: &Common,
        store: &impl Store,
        sample: &SampleInfo,
        findings: &mut Findings,
    ) -> Result<(), Failure> {
        let logs = self.logs_of(sample)?;
        let strata = store.strata(&sample.name)?;
        let calls = store.calls(&sample.name, true)?;
        let mut earlier = Earlier::default();
        for ((number, paths), batch) in (1..).zip(logs).zip(&sample.batches) {
            let own = BatchDraw {
                sample,
                batch,
                number,
                first: strata.iter().take_while(|kept| kept.batch < number).count(),
                strata: strata.iter().filter(|kept| kept.batch == number).collect(),
                calls: &calls,
            };
            let seen = self.draw(common, paths, &own, &Arc::new(earlier.clone()), findings)?;
            earlier.seen.push(seen);
        }
        Ok(())
    }

    /// The files of each of the sample's logs. That of its only one may have been split or joined since.
    fn logs_of(&self, sample: &SampleInfo) -> Result<Vec<&[PathBuf]>, Failure> {
        let counts: Vec<usize> = match sample.batches.as_slice() {
            [_] => vec![self.logs.len()],
            batches => batches.iter().map(|batch| batch.files().count()).collect(),
        };
        let (given, needed) = (self.logs.len(), counts.iter().sum::<usize>());
        if given != needed {
            let logs = if needed == 1 { "log" } else { "logs" };
            return Err(Failure::usage(
                format!(
                    "the sample `{}` was drawn from {needed} {logs}, not {given}",
                    sample.name
                ),
                format!("name them in this order: {}", sample.logs()),
            ));
        }
        let mut rest = self.logs.as_slice();
        let split = |count| {
            let (own, others) = rest.split_at(count);
            rest = others;
            own
        };
        Ok(counts.into_iter().map(split).collect())
    }

    fn draw(
        &self,
        common: &Common,
        paths: &[PathBuf],
        own: &BatchDraw<'_>,
        earlier: &Arc<Earlier>,
        findings: &mut Findings,
    ) -> Result<SeenIds, Failure> {
        let batch = own.batch;
        let profile = match (&self.profile, &batch.profile) {
            (Some(path), _) => read::profile(path)?.profile,
            (None, Some(source)) => read::profile_text("profile of the sample", source)?,
            (None, None) => Profile::default(),
        };
        let mut log = call_log::open(paths, &profile, None, self.threads)?;
        log.log = log.log.allow_bad_rows(true);
        let before = findings.differences.len();
        if let Some(sealed) = batch.sealed
            && log.log.sha256()? != sealed
        {
            findings.differences.push(format!(
                "`{}` is not the file that was sealed as `{}`: its SHA-256 is another",
                log.name,
                call_log::told(batch.files())
            ));
        }
        let drawing = Drawing {
            design: &own.sample.design,
            seed: &own.sample.seed,
            earlier,
            // The last log's list serves no other.
            keep_ids: own.number < own.sample.batches.len() as u64,
        };
        let frame = log.draw(common, &drawing, Some(&own.kept()))?;
        compare::frames(&frame, own, findings);
        compare::quotas(&frame, own, findings);
        if findings.differences.len() == before {
            findings.held.push(format!(
                "drawing again from `{}` gives the same {} calls in {} strata, with the same counts and digests{}",
                log.name,
                own.drawn(),
                own.strata.len(),
                if batch.sealed.is_some() { "; it is the sealed file" } else { "" },
            ));
        }
        if frame.rows != batch.calls_in_log {
            let (now, then) = (frame.rows, batch.calls_in_log);
            findings.notes.push(format!(
                "`{}` has {now} rows, the sample was drawn from {then}",
                log.name
            ));
        }
        let seen_before: u64 = frame.seen_before.iter().sum();
        if seen_before != batch.seen_before {
            findings.notes.push(format!(
                "of `{}` {seen_before} calls were in earlier logs, {} when it was added",
                log.name, batch.seen_before
            ));
        }
        if frame.refused != batch.refused {
            findings.notes.push(format!(
                "`{}` has other refused rows than when the sample was drawn",
                log.name
            ));
        }
        Ok(frame.seen.unwrap_or_default())
    }
}

/// One log's part of a sample, as it is kept.
struct BatchDraw<'a> {
    sample: &'a SampleInfo,
    batch: &'a BatchInfo,
    number: u64,
    /// The place of the first of its strata among the sample's.
    first: usize,
    strata: Vec<&'a StoredStratum>,
    /// Of the whole sample.
    calls: &'a [StoredCall],
}

impl BatchDraw<'_> {
    /// Kept calls of one of its strata.
    fn calls_of(&self, stratum: usize) -> impl Iterator<Item = &StoredCall> {
        let place = Some(self.first + stratum);
        self.calls.iter().filter(move |call| call.stratum == place)
    }

    /// As many calls of each stratum as are kept: then all of them must be drawn again.
    fn kept(&self) -> Quotas {
        let strata = self.strata.iter().enumerate();
        let kept = strata.map(|(at, kept)| {
            // Of journeys, all calls have one position.
            let positions = self.calls_of(at).map(|call| call.drawn.position);
            let units = positions.max().unwrap_or(0);
            (kept.stratum.clone(), units.max(kept.quota))
        });
        kept.collect()
    }

    fn drawn(&self) -> usize {
        let own = self
            .calls
            .iter()
            .filter(|call| call.batch == self.number && call.role == CallRole::Drawn);
        own.count()
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
