//! Behaviors that several rubrics ask alike, beside each other: what is left to compare where scores mean different things.
//!
//! Alike is the same id, the same scale (ids and points of its options, and what counts as full) and the same callers. What
//! is left out is named.

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;

use super::estimates::{Estimates, Sums};
use super::rates::{earned, earned_note};
use super::strata::Domain;
use super::teams::{Moves, by_team};
use super::{Align, Cell, Column, FOOTER, Figure, Note, RubricSample, Rules, SampleFacts, Table};
use crate::calls::{CallerType, Roster};
use crate::estimate::error::EstimateError;
use crate::rubric::{Behavior, Rubric};

/// Table `common_behaviors`: behavior by behavior, and in each sample by sample or team by team.
#[derive(Clone, Debug)]
pub struct CommonBehaviors {
    /// In the order of the newest rubric.
    pub rows: Vec<CommonRow>,
    pub left_out: Vec<(String, LeftOut)>,
    /// No behavior at all is asked alike.
    nothing_alike: bool,
    /// Behaviors that the rubrics ask under different conditions.
    conditions: Vec<String>,
    /// Where the rows are about teams.
    moves: Option<Moves>,
}

/// One behavior in one sample, or of one team under one rubric. Shares are 0-1.
#[derive(Clone, Debug)]
pub struct CommonRow {
    /// By the newest rubric: the section's title, the behavior's id and text.
    pub section: String,
    pub behavior: String,
    pub text: String,
    /// The sample or the team; empty for no team.
    pub whose: String,
    /// The rubric's id and revision.
    pub rubric: String,
    pub revision: Option<String>,
    pub internal: Option<Figure>,
    pub external: Option<Figure>,
    pub all: Option<Figure>,
}

/// Why a behavior can't be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Not all rubrics ask it.
    NotAsked,
    OtherScale,
    /// It applies to other caller types.
    OtherCallers,
}

/// Internal, external, all.
type Figures = [Option<Figure>; 3];

/// Samples under rubrics that score alike: one estimate.
struct Part<'a> {
    rubric: &'a Rubric,
    samples: Vec<SampleFacts>,
}

/// Figures of a sample or a team, by behavior.
struct Entry<'a> {
    whose: String,
    rubric: &'a Rubric,
    figures: Vec<Figures>,
}

impl CommonBehaviors {
    /// Compares samples; the last one is the newest.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn of_samples(samples: &[RubricSample<'_>], rules: Rules) -> Result<Self, EstimateError> {
        let mut common = Self::between(&newest_first(samples));
        let mut entries = Vec::new();
        for RubricSample { rubric, sample } in samples {
            let estimates = estimates(rubric, from_ref(*sample), &common.rows, rules)?;
            entries.push(Entry {
                whose: sample.name.clone(),
                rubric,
                figures: figures(&estimates, common.rows.len(), Domain::default())?,
            });
        }
        common.fill(&entries);
        Ok(common)
    }

    /// Compares teams, of facts whose CSRs go by the roster's names. Where one team is scored under several rubrics, it has
    /// a row for each.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn of_teams(
        samples: &[RubricSample<'_>],
        roster: &Roster,
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let mut common = Self::between(&newest_first(samples));
        let facts: Vec<SampleFacts> = samples.iter().map(|one| one.sample.clone()).collect();
        let (facts, moves) = by_team(&facts, roster);
        let mut parts: Vec<Part<'_>> = Vec::new();
        for (RubricSample { rubric, .. }, facts) in samples.iter().zip(facts) {
            let hash = rubric.scoring_hash();
            let mut known = parts.iter_mut();
            match known.find(|part| part.rubric.scoring_hash() == hash) {
                Some(part) => {
                    part.rubric = rubric;
                    part.samples.push(facts);
                }
                None => parts.push(Part {
                    rubric,
                    samples: vec![facts],
                }),
            }
        }
        let mut entries = Vec::new();
        for part in &parts {
            let estimates = estimates(part.rubric, &part.samples, &common.rows, rules)?;
            let teams: BTreeSet<&str> = estimates.csrs().collect();
            for team in teams {
                let domain = Domain {
                    csr: Some(team),
                    caller_type: None,
                };
                entries.push(Entry {
                    whose: team.to_owned(),
                    rubric: part.rubric,
                    figures: figures(&estimates, common.rows.len(), domain)?,
                });
            }
        }
        // No team at all comes last; a team's rubrics keep their order.
        entries.sort_by(|a, b| (a.whose.is_empty(), &a.whose).cmp(&(b.whose.is_empty(), &b.whose)));
        common.fill(&entries);
        common.moves = Some(moves);
        Ok(common)
    }

    /// What can be compared, one row each without figures, and what can't.
    fn between(rubrics: &[&Rubric]) -> Self {
        let (mut rows, mut left_out, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = BTreeSet::new();
        for rubric in rubrics {
            for behavior in rubric.behaviors() {
                if !seen.insert(&behavior.id) {
                    continue;
                }
                let asked = |rubric: &&'_ Rubric| differs(behavior, rubric);
                if let Some(why) = rubrics.iter().find_map(asked) {
                    left_out.push((behavior.id.clone(), why));
                    continue;
                }
                let own = condition(rubric, &behavior.id);
                if rubrics
                    .iter()
                    .any(|other| condition(other, &behavior.id) != own)
                {
                    conditions.push(behavior.id.clone());
                }
                rows.push(CommonRow {
                    section: rubric.sections()[behavior.section].title.clone(),
                    behavior: behavior.id.clone(),
                    text: behavior.text.clone(),
                    whose: String::new(),
                    rubric: String::new(),
                    revision: None,
                    internal: None,
                    external: None,
                    all: None,
                });
            }
        }
        Self {
            nothing_alike: rows.is_empty(),
            rows,
            left_out,
            conditions,
            moves: None,
        }
    }

    /// Makes every row one per entry.
    fn fill(&mut self, entries: &[Entry<'_>]) {
        let blank = std::mem::take(&mut self.rows);
        for (at, row) in blank.iter().enumerate() {
            self.rows.extend(entries.iter().map(|entry| {
                let [internal, external, all] = entry.figures[at].clone();
                CommonRow {
                    whose: entry.whose.clone(),
                    rubric: entry.rubric.id().to_owned(),
                    revision: entry.rubric.revision().map(str::to_owned),
                    internal,
                    external,
                    all,
                    ..row.clone()
                }
            }));
        }
    }

    /// What the rows are of, for CSV and JSON.
    pub fn whose_key(&self) -> &'static str {
        match self.moves {
            None => "sample",
            Some(_) => "team",
        }
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let what = match self.moves {
            None => "samples",
            Some(_) => "teams",
        };
        let found = match self.nothing_alike {
            true => "there is none",
            false => "no score is",
        };
        let text = format!(
            "These {what} are scored under rubrics that score differently, so only behaviors of the same id, scale and callers \
             are compared; {found}."
        );
        let mut notes = vec![Note::new("rubrics-differ", text)];
        notes.extend(self.left_out_note());
        if !self.conditions.is_empty() {
            let text = format!(
                "Asked under different conditions, so perhaps of other calls: {}.",
                self.conditions.join(", ")
            );
            notes.push(Note::new("conditions-differ", text));
        }
        notes.extend(self.moves.iter().flat_map(|moves| moves.notes("")));
        notes.push(earned_note());
        notes.push(Note::new("margins", FOOTER));
        notes
    }

    fn left_out_note(&self) -> Option<Note> {
        let mut by_reason: BTreeMap<LeftOut, Vec<&str>> = BTreeMap::new();
        for (behavior, why) in &self.left_out {
            by_reason.entry(*why).or_default().push(behavior);
        }
        if by_reason.is_empty() {
            return None;
        }
        let reasons = by_reason.into_iter().map(|(why, behaviors)| {
            let why = match why {
                LeftOut::NotAsked => "because not all rubrics ask it",
                LeftOut::OtherScale => "because the scales differ",
                LeftOut::OtherCallers => "because it is asked of other callers",
            };
            format!("{why}: {}", behaviors.join(", "))
        });
        let text = format!("Left out, {}.", reasons.collect::<Vec<_>>().join("; "));
        Some(Note::new("left-out", text))
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let whose = match self.moves {
            None => Column::new("sample", "Sample", Align::Left),
            Some(_) => Column::new("team", "Team", Align::Left),
        };
        let columns = vec![
            Column::new("section", "Section", Align::Left).spare(3),
            Column::new("behavior", "Behavior", Align::Left),
            whose,
            Column::new("rubric", "Rubric", Align::Left).spare(2),
            Column::new("scored", "Calls", Align::Right).spare(1),
            Column::new("internal", "Internal", Align::Left),
            Column::new("external", "External", Align::Left),
            Column::new("all", "All", Align::Left),
        ];
        let caption = "Behaviors that all rubrics ask alike";
        let mut table = Table::new("common_behaviors", caption, columns);
        for row in &self.rows {
            let revision = row.revision.as_deref().unwrap_or_default();
            table.push(vec![
                Cell::text(&row.section),
                Cell::text(&row.text),
                Cell::text(&row.whose),
                Cell::text(format!("{} {revision}", row.rubric).trim_end()),
                Cell::Count(row.all.as_ref().map_or(0, |figure| figure.n)),
                Cell::share(row.internal.as_ref()),
                Cell::share(row.external.as_ref()),
                Cell::share(row.all.as_ref()),
            ]);
        }
        table
    }
}

impl LeftOut {
    /// In a word, for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not asked",
            Self::OtherScale => "scale",
            Self::OtherCallers => "callers",
        }
    }
}

fn newest_first<'a>(samples: &[RubricSample<'a>]) -> Vec<&'a Rubric> {
    samples.iter().rev().map(|one| one.rubric).collect()
}

/// The share of its points that each behavior of the rows earned.
fn estimates(
    rubric: &Rubric,
    samples: &[SampleFacts],
    rows: &[CommonRow],
    rules: Rules,
) -> Result<Estimates, EstimateError> {
    let places = rows.iter().map(|row| rubric.behavior(&row.behavior));
    let places: Vec<Option<usize>> = places.collect();
    let mut sums = Sums::new(places.len());
    for sample in samples {
        sums.begin(sample);
        for call in &sample.calls {
            sums.call(&call.scored(), |evaluation, values| {
                for (place, value) in places.iter().zip(values) {
                    *value = place.and_then(|place| {
                        earned(&rubric.behaviors()[place], evaluation.answers[place]?)
                    });
                }
            });
        }
    }
    Estimates::new(sums, rules, 1.0)
}

fn figures(
    estimates: &Estimates,
    behaviors: usize,
    domain: Domain<'_>,
) -> Result<Vec<Figures>, EstimateError> {
    let figures = |at| {
        Ok([
            estimates.rate(at, domain.of(CallerType::Internal))?,
            estimates.rate(at, domain.of(CallerType::External))?,
            estimates.rate(at, domain)?,
        ])
    };
    (0..behaviors).map(figures).collect()
}

/// Why a behavior can't be compared with that of another rubric, if it can't.
fn differs(behavior: &Behavior, rubric: &Rubric) -> Option<LeftOut> {
    let Some(at) = rubric.behavior(&behavior.id) else {
        return Some(LeftOut::NotAsked);
    };
    let other = &rubric.behaviors()[at];
    if scale(behavior) != scale(other) {
        return Some(LeftOut::OtherScale);
    }
    (behavior.applies_to != other.applies_to).then_some(LeftOut::OtherCallers)
}

/// What answers are worth; their order and words mean nothing.
fn scale(behavior: &Behavior) -> (BTreeMap<&str, u64>, u64) {
    let options = behavior.scale.options.iter();
    let options = options.map(|option| (option.id.as_str(), option.points.to_bits()));
    (options.collect(), behavior.scale.full.to_bits())
}

/// Which answers to which other behavior bring this one up.
fn condition<'a>(rubric: &'a Rubric, id: &str) -> Option<(&'a str, BTreeSet<&'a str>)> {
    let behavior = &rubric.behaviors()[rubric.behavior(id)?];
    let show_if = behavior.show_if.as_ref()?;
    let other = &rubric.behaviors()[show_if.behavior];
    let answers = show_if.is.iter().map(|answer| other.scale.id_of(*answer));
    Some((&other.id, answers.collect()))
}

#[cfg(test)]
mod tests;
