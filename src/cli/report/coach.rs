use std::path::PathBuf;
use std::slice::from_ref;

use jiff::Timestamp;

use super::made::{rubrics_json, tail};
use super::{chosen, csrs, named_or_kept_roster, points};
use crate::calls::{Roster, escape};
use crate::cli::output::{Document, OutputArgs};
use crate::cli::redact::RedactArgs;
use crate::cli::rules::RuleArgs;
use crate::cli::{Common, Failure, facts, stored};
use crate::render::json::{self, ReportJson};
use crate::report::{
    CoachFacts, CoachSheet, Compared, Note, Overlap, Overview, PageParts, Progress, Redact, Rules,
    SampleFacts, Scores, fold,
};
use crate::rubric::{Rubric, nearest};
use crate::store::{SampleInfo, Store};

/// Print one CSR's sheet for a talk
///
/// Scores with margins, behaviors (those most worth a talk first), critical errors and comments with call ids, calls to listen
/// to together, what changed since the last sample that has the CSR, and what can be praised. Picked calls stand apart and are
/// in no figure. Nobody is ranked.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// Whose sheet, as reports show the name
    #[arg(long, value_name = "NAME")]
    csr: String,
    /// The sample (default: the newest)
    #[arg(long, value_name = "NAME")]
    sample: Option<String>,
    /// A difference whose margin lies within this many points is practically equal
    #[arg(long, value_name = "POINTS", default_value_t = 5.0, value_parser = points)]
    equal_within: f64,
    /// Who is who: a CSV file with the columns csr, alias, team, from, to (default: the roster kept)
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    redact: RedactArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        let info = match &self.sample {
            Some(name) => chosen::sample(&store, name)?,
            None => stored::pick(common, &store, None)?,
        };
        let roster = named_or_kept_roster(self.roster.as_deref(), &store)?;
        let rubric = stored::rubric(&store, &info)?;
        let rules = self.rules.rules(self.equal_within);
        let (mut facts, notes) = folded(&store, &info, roster.as_ref(), true)?;
        if self.redact.redact {
            facts.redact();
        }
        let csr = known(&self.csr, &facts, roster.as_ref())?;
        let scores = Scores::of(&rubric, from_ref(&facts), rules).map_err(Failure::from)?;
        let mut progress = Progress::default();
        (facts.calls.iter()).for_each(|call| progress.call(&call.scored()));
        let before = before(&store, &info, (&csr, &facts), roster.as_ref())?;
        let before = match &before {
            Some(facts) => Some((facts, scores_of(&rubric, facts, rules)?)),
            None => None,
        };
        let from = CoachFacts {
            rubric: &rubric,
            facts: &facts,
            scores: &scores,
            before: (before.as_ref()).map(|(facts, scores)| Compared { facts, scores }),
        };
        let sheet = CoachSheet::new(&csr, &from, rules).map_err(Failure::from)?;
        let mut overview = Overview::new(from_ref(&facts), from_ref(&progress));
        overview.add_notes(notes);
        overview.add_notes(sheet.notes());
        let mut lead: Vec<String> = overview.progress.lines().map(str::to_owned).collect();
        lead.extend(sheet.sentences());
        self.output.print(Document {
            lead,
            tail: tail(&overview.notes, common.verbose),
            tables: Box::new(|| sheet.tables()),
            page: Some(Box::new(|| PageParts {
                title: format!("{csr}: {}", info.name),
                ..PageParts::default()
            })),
            json: Box::new(|| {
                let head = ReportJson {
                    generated_at: Timestamp::now().to_string(),
                    rubrics: rubrics_json(from_ref(&info)),
                    overview: &overview,
                };
                json::coach(&head, &sheet)
            }),
        })
    }
}

fn scores_of(rubric: &Rubric, facts: &SampleFacts, rules: Rules) -> Result<Scores, Failure> {
    Ok(Scores::of(rubric, from_ref(facts), rules)?)
}

/// A sample's facts with the roster's names, and what readers must know of that.
fn folded(
    store: &impl Store,
    info: &SampleInfo,
    roster: Option<&Roster>,
    texts: bool,
) -> Result<(SampleFacts, Vec<Note>), Failure> {
    let mut facts = facts::of(store, info, texts)?;
    let notes = roster.map(|roster| fold(std::slice::from_mut(&mut facts), roster));
    Ok((facts, notes.unwrap_or_default()))
}

/// The CSR by the name in reports; a misspelt one must not look like somebody without calls.
fn known(name: &str, facts: &SampleFacts, roster: Option<&Roster>) -> Result<String, Failure> {
    let name = roster.map_or(name, |roster| roster.csr(name));
    let mut known = csrs(from_ref(facts));
    known.extend(facts.picked.iter().map(|picked| picked.csr.as_str()));
    if known.contains(name) {
        return Ok(name.to_owned());
    }
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{}`?", escape(near)),
        None => "`evenhand report csr` lists the CSRs of a sample; --sample names another one"
            .to_owned(),
    };
    let sample = &facts.name;
    Err(Failure::usage(
        format!("the sample `{sample}` has no CSR `{name}`"),
        hint,
    ))
}

/// The sample before this one, under a rubric that scores alike, in which a call of the CSR is scored, and no call of this
/// one: by its days, or where a log has none, by when it was drawn.
fn before(
    store: &impl Store,
    info: &SampleInfo,
    (csr, facts): (&str, &SampleFacts),
    roster: Option<&Roster>,
) -> Result<Option<SampleFacts>, Failure> {
    let samples = store.samples()?;
    let here = samples.iter().position(|one| one.name == info.name);
    let earlier = samples.iter().enumerate().filter(|(at, one)| {
        let by_days = one
            .period()
            .zip(info.period())
            .map(|(then, now)| then.1 < now.0);
        by_days.unwrap_or(here.is_some_and(|here| *at < here))
            && one.withdrawn.is_none()
            && one.name != info.name
            && one.rubric.scoring_hash == info.rubric.scoring_hash
    });
    let mut earlier: Vec<&SampleInfo> = earlier.map(|(_, one)| one).collect();
    earlier.sort_by_key(|one| one.period().map(|(_, last)| last));
    for one in earlier.into_iter().rev() {
        let (found, _) = folded(store, one, roster, false)?;
        let has = found.calls.iter().any(|call| {
            let scored = call.scored();
            scored.counting.is_some() && scored.csr_heard() == csr
        });
        if has && Overlap::of_calls(&found, facts).is_none() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
