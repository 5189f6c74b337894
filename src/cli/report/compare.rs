use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::made::{rubrics_json, tail};
use super::refused::other_rubrics;
use super::sums::are_alike;
use super::{chosen, csrs, named_or_kept_roster, points};
use crate::calls::{Roster, escape};
use crate::cli::output::{Document, OutputArgs};
use crate::cli::rules::RuleArgs;
use crate::cli::{Common, Failure, facts, stored};
use crate::evaluation::ScoredCall;
use crate::read;
use crate::render::json::{self, ReportJson};
use crate::report::{
    Compared, Comparison, Note, Overlap, Overview, PageParts, Progress, SampleFacts, ScoreSums,
    Scores, fold,
};
use crate::rubric::{Rubric, nearest};
use crate::sampling::Unit;
use crate::store::{SampleInfo, Store};

/// Compare two samples: months, teams, before and after coaching
///
/// Per caller type and per CSR, the score before criticals in A and in B, and the difference B minus A with its 95 % margin
/// and verdict. Both are told at one mix of caller types, that of both logs together, so that a shift in who calls is no
/// change in service. Whoever scored low in A by bad luck is likely to score higher in B: the table says by how much, and
/// `--coached` holds coached CSRs against the others whose score in A lies within the range of theirs, both beyond what luck
/// alone would do.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The earlier sample, or the one to compare with
    #[arg(value_name = "A")]
    a: String,
    /// The later sample, or the other one
    #[arg(value_name = "B")]
    b: String,
    /// Who was coached between A and B: a list of CSRs, one a line, or a CSV file with the column csr
    #[arg(long, value_name = "FILE")]
    coached: Option<PathBuf>,
    /// A difference whose margin lies within this many points is practically equal
    #[arg(long, value_name = "POINTS", default_value_t = 5.0, value_parser = points)]
    equal_within: f64,
    /// Who is who: a CSV file with the columns csr, alias, team, from, to (default: the roster kept)
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    output: OutputArgs,
}

impl Args {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<()> {
        let store = common.open_store()?;
        if self.a == self.b {
            let message = format!("`{}` can't be compared with itself", self.a);
            return Err(Failure::usage(
                message,
                "name another sample; `evenhand samples` lists them",
            )
            .into());
        }
        let infos = [
            chosen::sample(&store, &self.a)?,
            chosen::sample(&store, &self.b)?,
        ];
        if !are_alike(&infos) {
            return Err(other_rubrics(&infos).into());
        }
        let roster = named_or_kept_roster(self.roster.as_deref(), &store)?;
        let rubric = stored::rubric(&store, &infos[1])?;
        let rules = self.rules.rules(self.equal_within);
        let read = Read::new(&store, &infos, &rubric, roster.as_ref())?;
        let Read {
            samples, progress, ..
        } = read;
        let mut scores = Vec::new();
        for sums in read.sums {
            scores.push(Scores::new(sums, rules).map_err(Failure::from)?);
        }
        let of = |at: usize| Compared {
            facts: &samples[at],
            scores: &scores[at],
        };
        let mut found = Comparison::new([of(0), of(1)], rules).map_err(Failure::from)?;
        if let Some(path) = &self.coached {
            let fold = |name: &str| match &roster {
                Some(roster) => roster.csr(name).to_owned(),
                None => name.to_owned(),
            };
            let mut known = csrs(&samples);
            known.extend(found.names());
            let names = coached(path, &known, fold)?;
            found.add_coached(&names, rules).map_err(Failure::from)?;
        }
        let mut overview = Overview::new(&samples, &progress);
        overview.add_notes(read.notes);
        overview.add_notes(found.notes());
        let mut lead: Vec<String> = overview.progress.lines().map(str::to_owned).collect();
        lead.extend(found.sentence());
        let rubrics = rubrics_json(&infos);
        self.output.print(Document {
            lead,
            tail: tail(&overview.notes, common.verbose),
            tables: Box::new(|| found.tables()),
            page: Some(Box::new(|| PageParts {
                title: format!("{} and {} compared", infos[0].name, infos[1].name),
                ..PageParts::default()
            })),
            json: Box::new(|| {
                let head = ReportJson {
                    generated_at: Timestamp::now().to_string(),
                    rubrics,
                    overview: &overview,
                };
                json::comparison(&head, &found)
            }),
        })
    }
}

/// What both samples say, each by itself.
struct Read<'a> {
    /// Without calls where nobody needs them all at once.
    samples: Vec<SampleFacts>,
    sums: Vec<ScoreSums<'a>>,
    progress: Vec<Progress>,
    notes: Vec<Note>,
}

impl<'a> Read<'a> {
    fn new(
        store: &impl Store,
        infos: &[SampleInfo],
        rubric: &'a Rubric,
        roster: Option<&Roster>,
    ) -> Result<Self, Failure> {
        let mut read = Self {
            samples: Vec::new(),
            sums: Vec::new(),
            progress: vec![Progress::default(); infos.len()],
            notes: Vec::new(),
        };
        // Samples of other days have no call in common, and what is summed up while it goes by takes no room.
        let goes_by = roster.is_none() && !may_overlap(infos) && !has_journeys(infos);
        for info in infos {
            read.samples.push(match goes_by {
                true => facts::without_calls(store, info)?,
                false => facts::of(store, info, false)?,
            });
        }
        if let Some(roster) = roster {
            read.notes = fold(&mut read.samples, roster);
        }
        if let [a, b] = read.samples.as_slice()
            && let Some(overlap) = Overlap::of_calls(a, b)
        {
            let hint = "such a call would be held against itself; draw the samples from logs without common calls";
            return Err(Failure::data(overlap.to_string(), hint));
        }
        for (facts, progress) in read.samples.iter().zip(&mut read.progress) {
            let mut sums = ScoreSums::new(rubric);
            sums.begin(facts);
            let mut take = |call: &ScoredCall<'_>| {
                progress.call(call);
                sums.call(call);
            };
            match goes_by {
                true => store.scored_calls(&facts.name, &mut take)?,
                false => facts.calls.iter().for_each(|call| take(&call.scored())),
            }
            read.sums.push(sums);
        }
        Ok(read)
    }
}

/// Whether calls may be in both samples, or nobody knows.
fn may_overlap(infos: &[SampleInfo]) -> bool {
    let periods: Option<Vec<_>> = infos.iter().map(SampleInfo::period).collect();
    match periods.as_deref() {
        Some([a, b]) => a.0 <= b.1 && b.0 <= a.1,
        _ => true,
    }
}

fn has_journeys(infos: &[SampleInfo]) -> bool {
    let mut units = infos.iter().map(|info| info.design.unit);
    units.any(|unit| unit == Unit::Interaction)
}

/// The CSRs of a list by their names in reports; each must be of one of the samples.
fn coached(
    path: &Path,
    known: &BTreeSet<&str>,
    fold: impl Fn(&str) -> String,
) -> Result<Vec<String>, Failure> {
    let list = read::csr_list(path)?;
    let mut problems = Vec::new();
    let mut names = Vec::new();
    for one in &list.names {
        let name = fold(&one.name);
        if known.contains(name.as_str()) {
            names.push(name);
            continue;
        }
        let hint = match nearest(&name, known.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", escape(near)),
            None => "`evenhand report csr` lists the CSRs of a sample".to_owned(),
        };
        let message = format!("neither sample has a CSR `{}`", escape(&one.name));
        problems.push(one.problem(message, hint));
    }
    match read::Problems::from_list(problems) {
        Some(problems) => Err(problems.into()),
        None => Ok(names),
    }
}
