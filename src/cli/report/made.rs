//! A report made from the samples chosen: which tables, what stands above and below them.

use std::rc::Rc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::TableName;
use super::sums::{Sums, are_alike, needs_calls};
use crate::calls::Roster;
use crate::cli::output::Document;
use crate::cli::{Failure, facts, stored};
use crate::estimate::error::EstimateError;
use crate::render::json::{AnyTable, ReportJson, report as report_json};
use crate::report::{
    Analysts, Answers, CallerTypes, Calls, CommonBehaviors, Corrections, Csrs, Journeys, Note,
    Overlap, Overview, PickedCalls, Progress, Rates, RubricSample, Rules, SampleFacts, Scores,
    Table, Teams, fold, match_drivers,
};
use crate::rubric::Rubric;
use crate::sampling::Unit;
use crate::store::{SampleInfo, Store};

/// What a report is asked for.
#[derive(Default)]
pub(super) struct Wanted {
    /// `None`: caller types, then CSRs, then picked calls.
    pub(super) table: Option<TableName>,
    pub(super) rules: Rules,
    pub(super) steadied: bool,
    pub(super) roster: Option<Roster>,
}

/// The samples as tables are made from them, the newest last.
struct Samples<'a> {
    rubrics: &'a [Rubric],
    facts: Vec<SampleFacts>,
}

/// A report on samples, the newest last.
pub(super) fn document(
    store: &impl Store,
    infos: &[SampleInfo],
    wanted: &Wanted,
    verbose: bool,
) -> Result<Document<'static>, Failure> {
    let rubrics = infos.iter().map(|info| stored::rubric(store, info));
    let rubrics: Vec<Rubric> = rubrics.collect::<Result<_, _>>()?;
    let mut samples = Samples {
        rubrics: &rubrics,
        facts: Vec::new(),
    };
    let mut progress = vec![Progress::default(); infos.len()];
    let mut summed = None;
    let mut folded = Vec::new();
    if needs_calls(store, infos, wanted)? {
        let texts = wanted.table.is_some_and(TableName::wants_texts);
        for info in infos {
            let mut own = facts::of(store, info, texts)?;
            if wanted.table == Some(TableName::Journeys) {
                facts::add_queues(store, info, &mut own)?;
            }
            samples.facts.push(own);
        }
        let facts = &mut samples.facts;
        folded = (wanted.roster.as_ref()).map_or_else(Vec::new, |roster| fold(facts, roster));
        for (facts, progress) in samples.facts.iter().zip(&mut progress) {
            (facts.calls.iter()).for_each(|call| progress.call(&call.scored()));
        }
    } else {
        let mut sums = rubrics.last().map(|newest| Sums::new(newest, wanted.table));
        for (info, progress) in infos.iter().zip(&mut progress) {
            samples.facts.push(facts::without_calls(store, info)?);
            if let (Some(sums), Some(facts)) = (&mut sums, samples.facts.last()) {
                sums.begin(facts);
                store.scored_calls(&info.name, &mut |call| {
                    progress.call(call);
                    sums.call(call);
                })?;
            }
        }
        summed = sums;
    }
    let mut overview = Overview::new(&samples.facts, &progress);
    overview.add_notes(folded);
    let alike = are_alike(infos);
    let tables = match wanted.table.and_then(|table| samples.list(table)) {
        Some(list) => vec![list],
        None if alike => {
            check_units(&samples.facts)?;
            check_overlap(&samples.facts.iter().collect::<Vec<_>>())?;
            overview.add_notes(Overlap::undated_note(&samples.facts));
            samples.estimated(wanted, summed, &mut overview)?
        }
        None => vec![
            samples
                .common(wanted)?
                .ok_or_else(|| other_rubrics(infos))?,
        ],
    };
    overview.add_notes(tables.iter().flat_map(notes));
    let mut lead: Vec<String> = overview.progress.lines().map(str::to_owned).collect();
    let about_scores = wanted.table.is_none_or(TableName::is_about_scores);
    if about_scores && !overview.sentence.is_empty() {
        lead.extend(overview.sentence.lines().map(str::to_owned));
    }
    lead.extend(tables.iter().flat_map(sentences));
    let rubrics = rubrics_json(infos);
    let tables = Rc::new(tables);
    Ok(Document {
        lead,
        tail: tail(&overview.notes, verbose),
        tables: Box::new({
            let tables = Rc::clone(&tables);
            move || tables.iter().map(neutral).collect()
        }),
        json: Box::new(move || {
            let head = ReportJson {
                generated_at: Timestamp::now().to_string(),
                rubrics,
                overview: &overview,
            };
            report_json(&head, &tables)
        }),
    })
}

impl<'a> Samples<'a> {
    fn with_rubrics(&self) -> Vec<RubricSample<'_>> {
        let both = self.rubrics.iter().zip(&self.facts);
        let both = both.map(|(rubric, sample)| RubricSample { rubric, sample });
        both.collect()
    }

    /// Lists of calls, which estimate nothing: any samples may stand in them.
    fn list(&self, table: TableName) -> Option<AnyTable> {
        match table {
            TableName::Calls => Some(AnyTable::Calls(Calls::new(&self.with_rubrics()))),
            TableName::Answers => Some(AnyTable::Answers(Answers::new(&self.with_rubrics()))),
            TableName::Picked => Some(AnyTable::Picked(PickedCalls::new(&self.facts))),
            _ => None,
        }
    }

    /// What of a table can be compared between rubrics that score differently, if anything.
    fn common(&self, wanted: &Wanted) -> Result<Option<AnyTable>, Failure> {
        let (samples, rules) = (self.with_rubrics(), wanted.rules);
        let common = match (wanted.table, &wanted.roster) {
            (Some(TableName::Behaviors), _) => CommonBehaviors::of_samples(&samples, rules)?,
            (Some(TableName::Team), Some(roster)) => {
                check_units(&self.facts)?;
                self.check_overlaps_by_rubric()?;
                CommonBehaviors::of_teams(&samples, roster, rules)?
            }
            _ => return Ok(None),
        };
        Ok(Some(AnyTable::Common(common)))
    }

    /// A team's samples under one rubric are one estimate.
    fn check_overlaps_by_rubric(&self) -> Result<(), Failure> {
        for rubric in self.rubrics {
            let hash = rubric.scoring_hash();
            let both = self.rubrics.iter().zip(&self.facts);
            let same = both.filter(|(other, _)| other.scoring_hash() == hash);
            check_overlap(&same.map(|(_, facts)| facts).collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Tables of samples under rubrics that score alike; the newest has the words.
    fn estimated(
        &mut self,
        wanted: &Wanted,
        summed: Option<Sums<'a>>,
        overview: &mut Overview,
    ) -> Result<Vec<AnyTable>, Failure> {
        if wanted.table == Some(TableName::Drivers) {
            let new = match_drivers(self.rubrics, &mut self.facts).map_err(|lost| {
                let (sample, driver) = (lost.sample, lost.driver);
                Failure::data(
                    format!("the newest rubric lacks the driver `{driver}` of the sample `{sample}`, or tells otherwise whether it is avoidable"),
                    format!("name the samples of one rubric with --sample; `{sample}` alone can be told"),
                )
            })?;
            overview.add_notes(new);
        }
        let Some(rubric) = self.rubrics.last() else {
            return Ok(Vec::new());
        };
        let (facts, rules) = (&self.facts, wanted.rules);
        let sums = summed.unwrap_or_else(|| {
            let mut sums = Sums::new(rubric, wanted.table);
            for sample in facts {
                sums.begin(sample);
                (sample.calls.iter()).for_each(|call| sums.call(&call.scored()));
            }
            sums
        });
        let scores = Scores::new(sums.scores, rules)?;
        let caller_types = CallerTypes::new(facts, &scores)?;
        overview.add_scores(&scores, &caller_types);
        let csrs = || csrs(facts, &scores, wanted.steadied);
        let rates = sums.rates.map(|sums| Rates::new(sums, rules));
        if let Some(rates) = rates.transpose()? {
            return Ok(vec![AnyTable::Rates(rates)]);
        }
        Ok(match wanted.table {
            None => {
                let mut tables = vec![AnyTable::CallerTypes(caller_types), csrs()?];
                let picked = PickedCalls::new(facts);
                if !picked.rows.is_empty() {
                    tables.push(AnyTable::Picked(picked));
                }
                tables
            }
            Some(TableName::CallerType) => vec![AnyTable::CallerTypes(caller_types)],
            Some(TableName::Csr) => vec![csrs()?],
            Some(TableName::Team) => vec![teams(rubric, facts, wanted)?],
            // Those are rates.
            Some(TableName::Behaviors | TableName::Critical | TableName::Drivers) => Vec::new(),
            Some(TableName::Analysts) => vec![AnyTable::Analysts(Analysts::new(rubric, facts))],
            Some(TableName::Journeys) => {
                check_journeys(facts)?;
                let journeys = Journeys::new(rubric, facts, rules)?;
                vec![AnyTable::Journeys(Box::new(journeys))]
            }
            Some(TableName::Corrections) => {
                vec![AnyTable::Corrections(Corrections::new(facts))]
            }
            Some(list @ (TableName::Calls | TableName::Answers | TableName::Picked)) => {
                self.list(list).into_iter().collect()
            }
        })
    }
}

/// Calls and whole journeys are drawn with other chances, so they make no estimate together.
fn check_units(samples: &[SampleFacts]) -> Result<(), Failure> {
    let (journeys, calls): (Vec<_>, Vec<_>) =
        (samples.iter()).partition(|sample| sample.unit == Unit::Interaction);
    let (Some(one), Some(other)) = (journeys.first(), calls.first()) else {
        return Ok(());
    };
    let (one, other) = (&one.name, &other.name);
    Err(Failure::data(
        format!(
            "`{one}` is a sample of whole journeys, `{other}` one of calls: they make no estimate together"
        ),
        format!("report on one of them: --sample {one}, or --sample {other}"),
    ))
}

/// Of single calls nobody knows how their customers fared before and after.
fn check_journeys(samples: &[SampleFacts]) -> Result<(), Failure> {
    match samples.iter().find(|sample| sample.unit == Unit::Call) {
        None => Ok(()),
        Some(sample) => Err(Failure::usage(
            format!(
                "`{}` is a sample of single calls, not of whole journeys",
                sample.name
            ),
            "`evenhand draw LOG --unit interaction` draws journeys; name such a sample with --sample",
        )),
    }
}

/// A call that two samples share would count twice in an estimate.
fn check_overlap(samples: &[&SampleFacts]) -> Result<(), Failure> {
    let Some(overlap) = Overlap::among(samples) else {
        return Ok(());
    };
    let [one, other] = &overlap.samples;
    let hint = format!("report on one of them: --sample {one}, or --sample {other}");
    Err(Failure::data(overlap.to_string(), hint))
}

fn other_rubrics(infos: &[SampleInfo]) -> Failure {
    let named = |info: &SampleInfo| {
        let (rubric, sample) = (&info.rubric, &info.name);
        let revision = rubric.revision.as_deref().unwrap_or_default();
        let mut others = infos.iter().map(|info| &info.rubric);
        // Two that go by one name are told apart by what counts.
        let namesake = others.any(|other| {
            (&other.id, &other.revision) == (&rubric.id, &rubric.revision)
                && other.scoring_hash != rubric.scoring_hash
        });
        let hash = match namesake {
            true => format!(" (scoring hash {}...)", hex(&rubric.scoring_hash[..4])),
            false => String::new(),
        };
        let name = format!("`{sample}` under `{}` {revision}", rubric.id);
        format!("{}{hash}", name.trim_end())
    };
    let names: Vec<String> = infos.iter().map(named).collect();
    let options = infos.iter().map(|info| format!(" --sample {}", info.name));
    Failure::data(
        format!(
            "these samples are scored under rubrics that score differently, so their scores have no common mean: {}",
            names.join(", ")
        ),
        format!(
            "`evenhand report behaviors{}` compares them behavior by behavior, `calls` and `answers` list them; or name \
             samples of one rubric",
            options.collect::<String>()
        ),
    )
}

/// Each rubric once, with the samples under it.
fn rubrics_json(infos: &[SampleInfo]) -> Vec<Value> {
    let mut rubrics: Vec<&SampleInfo> = Vec::new();
    for info in infos {
        if rubrics
            .iter()
            .all(|one| one.rubric.hash != info.rubric.hash)
        {
            rubrics.push(info);
        }
    }
    let rubrics = rubrics.into_iter().map(|SampleInfo { rubric, .. }| {
        let samples = infos.iter().filter(|info| info.rubric.hash == rubric.hash);
        json!({
            "id": rubric.id,
            "revision": rubric.revision,
            "hash": hex(&rubric.hash),
            "scoring_hash": hex(&rubric.scoring_hash),
            "samples": samples.map(|info| &info.name).collect::<Vec<_>>(),
        })
    });
    rubrics.collect()
}

/// Notes for people: those on how to read figures in general only for those who ask.
fn tail(notes: &[Note], verbose: bool) -> Vec<String> {
    let shown = notes.iter().filter(|note| verbose || !note.detail);
    let mut tail: Vec<String> = shown.map(|note| note.text.clone()).collect();
    if !verbose && notes.iter().any(|note| note.detail) {
        tail.push("More on how to read these figures: the same command with -v.".to_owned());
    }
    tail
}

fn csrs(facts: &[SampleFacts], scores: &Scores, steadied: bool) -> Result<AnyTable, Failure> {
    let mut csrs = Csrs::new(facts, scores)?;
    if steadied {
        let scored = csrs.rows.iter().filter(|row| row.score.is_some()).count();
        csrs.steady(scores).map_err(|error| match error {
            EstimateError::TooFewGroups { needed, .. } if scored >= needed => Failure::data(
                "the scored calls of a CSR differ so little that luck can't be told from difference",
                "leave --steadied out, or score more calls of each CSR",
            ),
            EstimateError::TooFewGroups { given, needed } => Failure::data(
                format!("{given} CSRs with scores are too few to steady: it takes {needed}"),
                "leave --steadied out; with so few CSRs the scores as they are say as much",
            ),
            error => error.into(),
        })?;
    }
    Ok(AnyTable::Csrs(Box::new(csrs)))
}

fn teams(rubric: &Rubric, facts: &[SampleFacts], wanted: &Wanted) -> Result<AnyTable, Failure> {
    // Without a roster the table was refused; with an empty one everybody is in no team.
    let roster = wanted.roster.clone().unwrap_or_default();
    let teams = Teams::new(rubric, facts, &roster, wanted.rules)?;
    Ok(AnyTable::Teams(Box::new(teams)))
}

/// What stands above a table, for people.
fn sentences(table: &AnyTable) -> Vec<String> {
    match table {
        AnyTable::Journeys(table) => table.summary.sentences(),
        _ => Vec::new(),
    }
}

fn notes(table: &AnyTable) -> Vec<Note> {
    match table {
        AnyTable::Csrs(table) => table.notes(),
        AnyTable::Teams(table) => table.notes(),
        AnyTable::Rates(table) => table.notes(),
        AnyTable::CallerTypes(table) => table.notes(),
        AnyTable::Analysts(table) => table.notes(),
        AnyTable::Common(table) => table.notes(),
        AnyTable::Picked(table) => table.notes(),
        AnyTable::Journeys(table) => table.notes(),
        // Every report tells of corrections.
        AnyTable::Calls(_) | AnyTable::Answers(_) | AnyTable::Corrections(_) => Vec::new(),
    }
}

fn neutral(table: &AnyTable) -> Table {
    match table {
        AnyTable::CallerTypes(table) => table.table(),
        AnyTable::Csrs(table) => table.table(),
        AnyTable::Teams(table) => table.csrs.table(),
        AnyTable::Rates(table) => table.table(),
        AnyTable::Analysts(table) => table.table(),
        AnyTable::Calls(table) => table.table(),
        AnyTable::Answers(table) => table.table(),
        AnyTable::Common(table) => table.table(),
        AnyTable::Corrections(table) => table.table(),
        AnyTable::Picked(table) => table.table(),
        AnyTable::Journeys(table) => table.table(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
