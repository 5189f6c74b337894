//! A report made from the samples chosen: which tables, what stands above and below them.

use std::rc::Rc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::asked::{Asked, TableName};
use super::filters;
use super::page::parts;
use super::refused::{check_overlap, check_units, hex, other_rubrics};
use super::sums::{Sums, are_alike, needs_calls};
use super::tables::Samples;
use crate::calls::Roster;
use crate::cli::output::{Document, Made};
use crate::cli::{Failure, facts, stored};
use crate::render::json::{ReportJson, report as report_json};
use crate::report::{
    AnyTable, Filter, Note, Overlap, Overview, PageParts, Progress, Redact, Rules, TrendAsk, fold,
};
use crate::rubric::Rubric;
use crate::sampling::Unit;
use crate::store::{SampleInfo, Store};

/// What a report is asked for.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) asked: Asked,
    pub(super) rules: Rules,
    pub(super) steadied: bool,
    /// Whether free text is masked.
    pub(super) redact: bool,
    pub(super) roster: Option<Roster>,
    pub(super) filter: Filter,
    pub(super) trend: TrendAsk,
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
        let asked = wanted.asked;
        for info in infos {
            let mut own = facts::of(store, info, asked.wants_texts())?;
            let journeys = asked.is_one() || info.design.unit == Unit::Interaction;
            if journeys && asked.has(TableName::Journeys) {
                facts::add_queues(store, info, &mut own)?;
            }
            filters::prepare(store, info, &wanted.filter, &mut own)?;
            samples.facts.push(own);
        }
        let facts = &mut samples.facts;
        folded = (wanted.roster.as_ref()).map_or_else(Vec::new, |roster| fold(facts, roster));
        filters::check(&wanted.filter, facts)?;
        folded.extend(wanted.filter.apply(facts));
        if wanted.redact {
            facts.iter_mut().for_each(Redact::redact);
        }
        for (facts, progress) in samples.facts.iter().zip(&mut progress) {
            (facts.calls.iter()).for_each(|call| progress.call(&call.scored()));
        }
    } else {
        let mut sums = rubrics.last().map(|newest| Sums::new(newest, wanted.asked));
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
    let tables = match wanted.asked {
        Asked::One(list) if list.is_list() => samples.list(list, &overview).into_iter().collect(),
        _ if alike => {
            check_units(&samples.facts)?;
            check_overlap(&samples.facts.iter().collect::<Vec<_>>())?;
            overview.add_notes(Overlap::undated_note(&samples.facts));
            samples.estimated(wanted, summed, &mut overview)?
        }
        asked => {
            let common = samples.common(wanted)?;
            let mut tables = vec![common.ok_or_else(|| other_rubrics(infos))?];
            let lists = asked.names().into_iter();
            let told = lists.filter(|list| samples.has_something_on(*list, wanted));
            tables.extend(told.filter_map(|list| samples.list(list, &overview)));
            tables
        }
    };
    overview.add_notes(tables.iter().flat_map(AnyTable::notes));
    let mut lead: Vec<String> = overview.progress.lines().map(str::to_owned).collect();
    if !alike && !wanted.asked.is_one() {
        lead.push(
            "These samples are scored under rubrics that score differently, so their scores have no common mean; what all of \
             them ask alike is compared."
                .to_owned(),
        );
    }
    if wanted.asked.is_about_scores() && !overview.sentence.is_empty() {
        lead.extend(overview.sentence.lines().map(str::to_owned));
    }
    // On a page it stands among what to do next.
    let apart = |table: &&AnyTable| !matches!(table, AnyTable::Recognition(_));
    let told = tables
        .iter()
        .filter(|table| wanted.asked.is_one() || apart(table));
    lead.extend(told.flat_map(AnyTable::sentences));
    let page = match wanted.asked {
        Asked::Page => Some(parts(infos, &samples, &progress, &tables, wanted)),
        _ => None,
    };
    let rubrics = rubrics_json(infos);
    let tables = Rc::new(tables);
    Ok(Document {
        lead,
        tail: tail(&overview.notes, verbose),
        tables: Box::new({
            let tables = Rc::clone(&tables);
            move || tables.iter().map(AnyTable::table).collect()
        }),
        page: page.map(|page| -> Made<'static, PageParts> { Box::new(|| page) }),
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

/// Each rubric once, with the samples under it.
pub(super) fn rubrics_json(infos: &[SampleInfo]) -> Vec<Value> {
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
pub(super) fn tail(notes: &[Note], verbose: bool) -> Vec<String> {
    let shown = notes.iter().filter(|note| verbose || !note.detail);
    let mut tail: Vec<String> = shown.map(|note| note.text.clone()).collect();
    if !verbose && notes.iter().any(|note| note.detail) {
        tail.push("More on how to read these figures: the same command with -v.".to_owned());
    }
    tail
}
