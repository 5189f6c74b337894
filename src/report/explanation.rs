use super::{Align, Cell, Column, Note, Table};
use crate::evaluation::{Evaluation, Score, Standing};
use crate::rubric::{Answer, Behavior, Effect, NaPolicy, Rubric, Scope, Weigh};

/// The arithmetic of one evaluation, line by line: what each behavior could add to the score and what it did.
#[derive(Clone, Debug)]
pub struct Explanation {
    pub call_id: String,
    pub csr: String,
    pub caller_type: &'static str,
    pub analyst: String,
    pub evaluation_revision: u32,
    pub counts: bool,
    pub sections: Vec<SectionLine>,
    pub lines: Vec<Line>,
    pub score: Option<f64>,
    pub score_before_critical: Option<f64>,
    pub outcome: Option<&'static str>,
    pub band: Option<String>,
    pub comment: String,
    /// Texts of the drivers ticked.
    pub drivers: Vec<String>,
    /// How the score came about, in sentences.
    pub steps: Vec<Note>,
    /// What was heard otherwise than logged, and why the evaluation was amended.
    pub remarks: Vec<String>,
}

/// One section's part.
#[derive(Clone, Debug)]
pub struct SectionLine {
    pub id: String,
    pub title: String,
    pub weight: f64,
    /// 0-1.
    pub result: Option<f64>,
    pub zeroed: bool,
}

/// One behavior's part.
#[derive(Clone, Debug)]
pub struct Line {
    pub section: String,
    pub behavior: String,
    pub text: String,
    /// The answer's id; `None` where not asked.
    pub answer: Option<String>,
    pub answer_text: Option<String>,
    pub weight: f64,
    /// 0-1; `None` where it doesn't count.
    pub result: Option<f64>,
    /// Its share of 100 once everything that doesn't count has left; `None` where it doesn't count.
    pub possible: Option<f64>,
    /// Result times share. These add up to the score before criticals.
    pub earned: Option<f64>,
    pub critical: bool,
    /// What the analyst was told to listen for.
    pub look_for: Option<String>,
    pub comment: String,
}

impl Explanation {
    /// Explains an evaluation; the score is computed again from the answers.
    pub fn new(rubric: &Rubric, csr: &str, evaluation: &Evaluation, counts: bool) -> Self {
        let score = evaluation.rescore(rubric);
        let shares = shares(rubric, &score);
        let lines = (rubric.behaviors().iter().enumerate())
            .map(|(at, behavior)| line(rubric, behavior, at, evaluation, &score, shares[at]))
            .collect();
        let sections = (rubric.sections().iter().zip(&score.sections))
            .map(|(section, result)| SectionLine {
                id: section.id.clone(),
                title: section.title.clone(),
                weight: section.weight,
                result: result.result,
                zeroed: result.zeroed,
            })
            .collect();
        Self {
            call_id: evaluation.call_id.clone(),
            csr: evaluation
                .csr_heard
                .clone()
                .unwrap_or_else(|| csr.to_owned()),
            caller_type: evaluation.caller_type.as_str(),
            analyst: evaluation.analyst.clone(),
            evaluation_revision: evaluation.evaluation_revision,
            counts,
            sections,
            lines,
            score: score.score,
            score_before_critical: score.score_before_critical,
            outcome: score.outcome.map(|outcome| outcome.as_str()),
            band: score
                .score
                .and_then(|score| rubric.band(score))
                .map(|band| band.name.clone()),
            comment: evaluation.comment.clone(),
            drivers: evaluation
                .drivers
                .iter()
                .map(|at| rubric.drivers()[*at].text.clone())
                .collect(),
            steps: steps(rubric, &score),
            remarks: remarks(evaluation),
        }
    }

    /// The result in one sentence.
    pub fn result(&self) -> String {
        let score = self
            .score
            .map_or("no score".to_owned(), |score| format!("score {score:.1}"));
        let mut text = format!("{}: {score}", self.analyst);
        if let Some(outcome) = self.outcome {
            text.push_str(&format!(", outcome {outcome}"));
        }
        if let Some(band) = &self.band {
            text.push_str(&format!(", band {band}"));
        }
        if let Some(before) = self
            .score_before_critical
            .filter(|_| self.outcome == Some("fail"))
        {
            text.push_str(&format!("; without the critical error {before:.1}"));
        }
        if !self.counts {
            text.push_str(" (does not enter estimates)");
        }
        format!("{text}.")
    }

    /// Drivers, comment and arithmetic in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = self.remarks.clone();
        sentences.extend(self.steps.iter().map(|step| step.text.clone()));
        if !self.drivers.is_empty() {
            sentences.push(format!(
                "Why the caller called: {}.",
                self.drivers.join("; ")
            ));
        }
        if !self.comment.is_empty() {
            sentences.push(format!("Comment: {}", self.comment));
        }
        sentences
    }

    /// The behaviors as a neutral table.
    pub fn table(&self) -> Table {
        self.made(false)
    }

    /// The same with what the analyst was told to listen for: for the CSR to read.
    pub fn guided_table(&self) -> Table {
        self.made(self.lines.iter().any(|line| line.look_for.is_some()))
    }

    fn made(&self, guided: bool) -> Table {
        let mut table = Table::new(
            "explanation",
            &format!("{} scored by {}", self.call_id, self.analyst),
            vec![
                Column::new("section", "Section", Align::Left),
                Column::new("behavior", "Behavior", Align::Left),
                Column::new("answer", "Answer", Align::Left),
                Column::new("result", "Result", Align::Right),
                Column::new("possible", "Possible", Align::Right),
                Column::new("earned", "Earned", Align::Right),
                Column::new("comment", "Comment", Align::Left),
            ],
        );
        if guided {
            let column = Column::new("look_for", "What was listened for", Align::Left);
            table.columns.insert(2, column);
        }
        for line in &self.lines {
            let answer = match (&line.answer_text, line.critical) {
                (None, _) => "not asked".to_owned(),
                (Some(text), false) => text.clone(),
                (Some(text), true) => format!("{text} (critical)"),
            };
            let mut cells = vec![
                Cell::text(&line.section),
                Cell::text(&line.text),
                Cell::text(&answer),
                line.result.map_or(Cell::Missing, |result| {
                    Cell::text(&format!("{:.0} %", 100.0 * result))
                }),
                Cell::number(line.possible),
                Cell::number(line.earned),
                Cell::text(&line.comment),
            ];
            if guided {
                cells.insert(2, Cell::text(line.look_for.as_deref().unwrap_or_default()));
            }
            table.push(cells);
        }
        let sum = |part: fn(&Line) -> Option<f64>| {
            self.lines.iter().filter_map(part).reduce(|a, b| a + b)
        };
        let mut total = vec![
            Cell::text("Sum"),
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            Cell::number(sum(|line| line.possible)),
            Cell::number(sum(|line| line.earned)),
            Cell::Missing,
        ];
        if guided {
            total.insert(2, Cell::Missing);
        }
        table.push_total(total);
        table
    }
}

/// Each behavior's share of 100, by the rubric's way of weighing; `None` where it doesn't count.
fn shares(rubric: &Rubric, score: &Score) -> Vec<Option<f64>> {
    let behaviors = rubric.behaviors();
    let counted = |at: usize| matches!(score.behaviors[at].standing, Standing::Counted(_));
    let sum = |places: std::ops::Range<usize>, of: &dyn Fn(usize) -> f64| -> f64 {
        places.filter(|at| counted(*at)).map(of).sum()
    };
    let section = |at: usize| &rubric.sections()[behaviors[at].section];
    let weight = |at: usize| behaviors[at].weight;
    let points = |at: usize| behaviors[at].weight * behaviors[at].scale.full * section(at).weight;
    let all = 0..behaviors.len();
    let sections: f64 = (rubric.sections().iter())
        .filter(|section| sum(section.behaviors.clone(), &weight) > 0.0)
        .map(|section| section.weight)
        .sum();
    let share = |at: usize| match rubric.weigh() {
        Weigh::Sections => {
            weight(at) / sum(section(at).behaviors.clone(), &weight) * section(at).weight / sections
        }
        Weigh::Behaviors => weight(at) / sum(all.clone(), &weight),
        Weigh::Points => points(at) / sum(all.clone(), &points),
    };
    let share = |at: usize| {
        counted(at)
            .then(|| 100.0 * share(at))
            .filter(|share| share.is_finite())
    };
    all.clone().map(share).collect()
}

fn line(
    rubric: &Rubric,
    behavior: &Behavior,
    at: usize,
    evaluation: &Evaluation,
    score: &Score,
    possible: Option<f64>,
) -> Line {
    let answer = score.behaviors[at].answer;
    let result = match score.behaviors[at].standing {
        Standing::Counted(result) => Some(result),
        _ => None,
    };
    let text = |answer: Answer| match (behavior.scale.option(answer), behavior.na) {
        (Some(option), _) => option.text.clone(),
        (None, NaPolicy::Pass) => "Not applicable (counts as full)".to_owned(),
        (None, NaPolicy::Zero) => "Not applicable (counts as nothing)".to_owned(),
        (None, _) => "Not applicable".to_owned(),
    };
    Line {
        section: rubric.sections()[behavior.section].title.clone(),
        behavior: behavior.id.clone(),
        text: behavior.text.clone(),
        answer: answer.map(|answer| behavior.scale.id_of(answer).to_owned()),
        answer_text: answer.map(text),
        weight: behavior.weight,
        result,
        possible,
        earned: possible
            .zip(result)
            .map(|(possible, result)| possible * result),
        critical: score.criticals.contains(&at),
        look_for: behavior.look_for.clone(),
        comment: evaluation.comments.get(at).cloned().unwrap_or_default(),
    }
}

fn steps(rubric: &Rubric, score: &Score) -> Vec<Note> {
    let mut steps = vec![Note::new(
        "weighing",
        match rubric.weigh() {
            Weigh::Sections => {
                "Each section is the weighted mean of its behaviors; the score is the weighted mean of the sections. \
                 What does not apply is left out; the rest counts more, in proportion."
            }
            Weigh::Behaviors => {
                "The score is the weighted mean of all behaviors. What does not apply is left out; the rest counts more, \
                 in proportion."
            }
            Weigh::Points => {
                "The score is points earned out of points possible, each times the behavior's and the section's \
                 weight. What does not apply is left out of both sums."
            }
        },
    )];
    match score.score_before_critical {
        None => steps.push(Note::new(
            "no-score",
            "Nothing applied to this call, so it has no score.",
        )),
        Some(before) => steps.push(Note::new(
            "sum",
            format!("The earned parts add up to {before:.1} (each is shown rounded)."),
        )),
    }
    for at in &score.criticals {
        let behavior = &rubric.behaviors()[*at];
        let Some(critical) = &behavior.critical else {
            continue;
        };
        let section = &rubric.sections()[behavior.section].title;
        let effect = match (critical.effect, critical.scope) {
            (Effect::Outcome, _) => "the score stays, the outcome is `fail`".to_owned(),
            (Effect::Zero, Scope::Call) => "the score of the call becomes 0".to_owned(),
            (Effect::Zero, Scope::Section) => format!("the section \"{section}\" becomes 0"),
        };
        steps.push(Note::new(
            "critical",
            format!(
                "Critical ({}): \"{}\"; {effect}.",
                critical.family.as_str(),
                behavior.text
            ),
        ));
    }
    if let Some(value) = score.score.filter(|_| !score.criticals.is_empty()) {
        steps.push(Note::new(
            "after-critical",
            format!("After criticals the score is {value:.1}."),
        ));
    }
    steps
}

fn remarks(evaluation: &Evaluation) -> Vec<String> {
    let mut heard = Vec::new();
    if let Some(caller_type) = evaluation.caller_type_heard {
        heard.push(format!("{} caller", caller_type.as_str()));
    }
    if let Some(csr) = &evaluation.csr_heard {
        heard.push(format!("CSR {csr}"));
    }
    let why = |reason: &Option<String>| {
        (reason.as_ref()).map_or_else(String::new, |reason| format!(": {reason}"))
    };
    let mut remarks = Vec::new();
    if !heard.is_empty() {
        let reason = why(&evaluation.heard_reason);
        let heard = heard.join(", ");
        remarks.push(format!("Heard otherwise than logged, {heard}{reason}."));
    }
    if evaluation.evaluation_revision > 1 {
        remarks.push(format!(
            "Evaluation revision {}, amended{}.",
            evaluation.evaluation_revision,
            why(&evaluation.amend_reason)
        ));
    }
    remarks
}
