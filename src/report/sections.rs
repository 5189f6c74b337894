//! What each section of the rubric earns, internal against external: the mean over calls of the section's result, before
//! criticals. A call to which nothing of a section applies is outside of that section.

use super::caller_types::{verdicts_note, weighted_note};
use super::estimates::{Estimates, Sums};
use super::strata::Domain;
use super::{Align, Cell, Column, FOOTER, Figure, GapFigure, Note, Rules, SampleFacts, Table};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::evaluation::{ScoredCall, score};
use crate::rubric::{Answer, Behavior, Rubric};

/// Table `sections`.
#[derive(Clone, Debug)]
pub struct Sections {
    /// In the rubric's order.
    pub rows: Vec<SectionRow>,
    /// Whether some behaviors are asked of one caller type alone, so that a gap need not be the difference of the results.
    one_sided: bool,
}

/// One section; results are 0-100.
#[derive(Clone, Debug)]
pub struct SectionRow {
    pub id: String,
    pub title: String,
    /// In the rubric; what it means depends on how the rubric weighs.
    pub weight: f64,
    pub internal: Option<Figure>,
    pub external: Option<Figure>,
    pub all: Option<Figure>,
    /// Internal minus external on the behaviors asked of both; `None` where the section has none.
    pub gap: Option<GapFigure>,
}

/// What section results are made of, call by call.
pub struct SectionSums<'a> {
    rubric: &'a Rubric,
    one_sided: bool,
    /// The results, then those like for like.
    sums: Sums,
    /// Answers to the behaviors asked of both, of the call at hand.
    both: Vec<Option<Answer>>,
}

fn is_for_both(behavior: &Behavior) -> bool {
    behavior.applies_to.both()
}

impl<'a> SectionSums<'a> {
    /// Nothing yet.
    pub fn new(rubric: &'a Rubric) -> Self {
        Self {
            rubric,
            one_sided: !rubric.behaviors().iter().all(is_for_both),
            sums: Sums::new(2 * rubric.sections().len()),
            both: Vec::new(),
        }
    }

    /// Calls that follow are of this sample.
    pub fn begin(&mut self, sample: &SampleFacts) {
        self.sums.begin(sample);
    }

    /// Takes a call in.
    pub fn call(&mut self, call: &ScoredCall<'_>) {
        let (rubric, one_sided, both) = (self.rubric, self.one_sided, &mut self.both);
        self.sums.call(call, |evaluation, values| {
            let (full, alike) = values.split_at_mut(rubric.sections().len());
            put(rubric, evaluation.caller_type, evaluation.answers, full);
            if !one_sided {
                alike.copy_from_slice(full);
                return;
            }
            both.clear();
            let answers = rubric.behaviors().iter().zip(evaluation.answers);
            both.extend(answers.map(|(behavior, answer)| answer.filter(|_| is_for_both(behavior))));
            put(rubric, evaluation.caller_type, both, alike);
        });
    }
}

/// The results of a call's sections.
fn put(
    rubric: &Rubric,
    caller_type: CallerType,
    answers: &[Option<Answer>],
    values: &mut [Option<f64>],
) {
    let sections = score(rubric, caller_type, answers).sections;
    for (value, section) in values.iter_mut().zip(sections) {
        *value = section.result.map(|result| 100.0 * result);
    }
}

impl Sections {
    /// Estimates from what was summed up.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(sums: SectionSums<'_>, rules: Rules) -> Result<Self, EstimateError> {
        let (rubric, one_sided) = (sums.rubric, sums.one_sided);
        let highest = if rubric.bonus() { f64::INFINITY } else { 100.0 };
        let estimates = Estimates::new(sums.sums, rules, highest)?;
        let sections = rubric.sections();
        let asked_of_both = |at: &usize| {
            let behaviors = &rubric.behaviors()[sections[*at].behaviors.clone()];
            behaviors.iter().any(is_for_both)
        };
        let compared: Vec<usize> = (0..sections.len()).filter(asked_of_both).collect();
        let alike: Vec<usize> = compared.iter().map(|at| sections.len() + at).collect();
        let mut gaps = vec![None; sections.len()];
        for (at, gap) in compared.into_iter().zip(estimates.value_gaps(&alike)?) {
            gaps[at] = gap;
        }
        let mut rows = Vec::with_capacity(sections.len());
        for ((at, section), gap) in sections.iter().enumerate().zip(gaps) {
            rows.push(SectionRow {
                id: section.id.clone(),
                title: section.title.clone(),
                weight: section.weight,
                internal: estimates.mean(at, Domain::caller_type(CallerType::Internal))?,
                external: estimates.mean(at, Domain::caller_type(CallerType::External))?,
                all: estimates.mean(at, Domain::default())?,
                gap,
            });
        }
        Ok(Self { rows, one_sided })
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let text = "Of 100, what a section earns in a call to which it applies, before criticals: its behaviors by their \
                    weights.";
        let mut notes = vec![Note::detail("sections", text)];
        if self.one_sided {
            let text = "A gap of sections is taken on the behaviors asked of both caller types, so it need not be the \
                        difference of the figures beside it; a section without such behaviors has none.";
            notes.push(Note::new("section-gap", text));
        }
        notes.extend([
            verdicts_note(),
            weighted_note(),
            Note::new("margins", FOOTER),
        ]);
        notes
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::new("section", "Section", Align::Left),
            Column::new("weight", "Weight", Align::Right).spare(3),
            Column::new("scored", "Calls", Align::Right).spare(2),
            Column::new("internal", "Internal", Align::Left),
            Column::new("external", "External", Align::Left),
            Column::new("all", "All", Align::Left).spare(1),
            Column::new("gap", "Gap", Align::Left),
        ];
        let mut table = Table::new("sections", "Sections", columns);
        for row in &self.rows {
            table.push(vec![
                Cell::text(&row.title),
                Cell::Number(row.weight),
                Cell::Count(row.all.as_ref().map_or(0, |figure| figure.n)),
                Cell::score(row.internal.as_ref()),
                Cell::score(row.external.as_ref()),
                Cell::score(row.all.as_ref()),
                row.gap.clone().map_or(Cell::Missing, Cell::Gap),
            ]);
        }
        table
    }
}
