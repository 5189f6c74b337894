//! From the rows of an answers file to evaluations: everything is checked before anything is kept.

use std::collections::HashMap;

use jiff::Timestamp;

use super::Failure;
use crate::calls::{CallerType, escape};
use crate::evaluation::{
    Draft, Evaluation, Gap, Recorded, Unscorable, UnscorableReason, asked, gaps,
};
use crate::read::{AnswerColumn, AnswerRow, AnswersFile, Problem, Problems};
use crate::rubric::{Answer, CommentPolicy, Rubric, Word, nearest};

/// What the rows are checked against.
pub(super) struct Expected<'a> {
    pub(super) rubric: &'a Rubric,
    pub(super) sample: &'a str,
    /// Drawn calls with their logged caller type.
    pub(super) drawn: &'a HashMap<String, CallerType>,
    /// For rows that name no analyst.
    pub(super) analyst: Option<&'a str>,
    /// For rows without `completed_at`.
    pub(super) now: Timestamp,
}

/// Checks a whole file.
///
/// # Errors
/// Everything wrong with it; a file with a fault is not used at all.
pub(super) fn check(file: &AnswersFile, expected: &Expected<'_>) -> Result<Vec<Recorded>, Failure> {
    let mut check = Check {
        file,
        expected,
        problems: Vec::new(),
        seen: HashMap::new(),
    };
    let columns = check.columns();
    let mut items = Vec::new();
    if check.problems.is_empty() {
        for row in file.rows() {
            items.extend(check.row(&row, &columns));
        }
    }
    match Problems::from_list(check.problems) {
        None => Ok(items),
        Some(problems) => Err(problems.into()),
    }
}

struct Check<'a> {
    file: &'a AnswersFile,
    expected: &'a Expected<'a>,
    problems: Vec<Problem>,
    /// Line of each call and analyst met.
    seen: HashMap<(String, String), u64>,
}

/// Which behavior a column is about.
#[derive(Clone, Copy)]
enum Target {
    Answer(usize),
    Comment(usize),
    Other,
}

impl Check<'_> {
    fn columns(&mut self) -> Vec<Target> {
        let rubric = self.expected.rubric;
        let mut targets = Vec::new();
        for (at, column) in self.file.columns().iter().enumerate() {
            let (id, target): (&str, fn(usize) -> Target) = match column {
                AnswerColumn::Behavior(id) => (id, Target::Answer),
                AnswerColumn::CommentOn(id) => (id, Target::Comment),
                _ => {
                    targets.push(Target::Other);
                    continue;
                }
            };
            match rubric.behavior(id) {
                Some(place) => targets.push(target(place)),
                None => {
                    targets.push(Target::Other);
                    let known = rubric
                        .behaviors()
                        .iter()
                        .map(|behavior| behavior.id.as_str());
                    let hint = nearest(id, known).map_or_else(
                        || {
                            format!(
                                "`evenhand rubric show` lists the behaviors of `{}`",
                                rubric.id()
                            )
                        },
                        |near| format!("did you mean `{near}`?"),
                    );
                    let message = format!("no behavior of the rubric is called `{}`", escape(id));
                    self.problems
                        .push(self.file.problem_in_column(at, message, Some(hint)));
                }
            }
        }
        targets
    }

    fn at(&mut self, row: &AnswerRow<'_>, column: usize, message: String, hint: Option<String>) {
        self.problems
            .push(self.file.problem_at(row, column, message, hint));
    }

    fn in_row(&mut self, row: &AnswerRow<'_>, message: String, hint: Option<&str>) {
        self.problems.push(
            self.file
                .problem_in_row(row, message, hint.map(str::to_owned)),
        );
    }

    fn row(&mut self, row: &AnswerRow<'_>, columns: &[Target]) -> Option<Recorded> {
        let before = self.problems.len();
        let call_id = row.call_id();
        let Some(analyst) = row
            .text(&AnswerColumn::Analyst)
            .or(self.expected.analyst)
            .map(str::trim)
        else {
            self.in_row(
                row,
                "this row names no analyst".to_owned(),
                Some("fill the column, or give --analyst NAME"),
            );
            return None;
        };
        let Some(logged) = self.expected.drawn.get(call_id).copied() else {
            let message = format!(
                "the call `{}` was not drawn for the sample `{}`",
                escape(call_id),
                self.expected.sample
            );
            self.in_row(
                row,
                message,
                Some("`evenhand draw` lists the drawn calls; --sample names another sample"),
            );
            return None;
        };
        if let Some(first) = self
            .seen
            .insert((call_id.to_owned(), analyst.to_owned()), row.line())
        {
            let message = format!(
                "`{}` answers for the call `{}` a second time",
                escape(analyst),
                escape(call_id)
            );
            self.in_row(
                row,
                message,
                Some(&format!(
                    "the first time is line {first}; keep one of the two"
                )),
            );
            return None;
        }
        let at = self.completed_at(row);
        if let Some(reason) = row.text(&AnswerColumn::Unscorable) {
            let why = self.unscorable(row, reason)?;
            return Some(Recorded::Unscorable {
                call_id: call_id.to_owned(),
                analyst: analyst.to_owned(),
                why,
                at,
            });
        }
        let draft = self.draft(row, columns, logged);
        (self.problems.len() == before)
            .then(|| Evaluation::new(self.expected.rubric, call_id, analyst, logged, &draft, at))
            .map(|evaluation| Recorded::Evaluation(Box::new(evaluation)))
    }

    fn column(&self, wanted: &AnswerColumn) -> usize {
        self.file
            .columns()
            .iter()
            .position(|column| column == wanted)
            .unwrap_or(0)
    }

    fn completed_at(&mut self, row: &AnswerRow<'_>) -> Timestamp {
        let Some(text) = row.text(&AnswerColumn::CompletedAt) else {
            return self.expected.now;
        };
        text.trim().parse().unwrap_or_else(|_| {
            let column = self.column(&AnswerColumn::CompletedAt);
            let message = format!("`{}` is not a time", escape(text));
            self.at(
                row,
                column,
                message,
                Some("write it like 2026-08-03T09:14:22Z".to_owned()),
            );
            self.expected.now
        })
    }

    fn unscorable(&mut self, row: &AnswerRow<'_>, text: &str) -> Option<Unscorable> {
        let column = self.column(&AnswerColumn::Unscorable);
        let Some(reason) = UnscorableReason::from_word(text.trim()) else {
            let words = UnscorableReason::words().collect::<Vec<_>>().join(", ");
            let message = format!(
                "`{}` is no reason for a call to be unscorable",
                escape(text)
            );
            self.at(row, column, message, Some(format!("use one of: {words}")));
            return None;
        };
        let answered = |(_, column, _): &(usize, &AnswerColumn, &str)| {
            matches!(column, AnswerColumn::Behavior(_))
        };
        if let Some((at, _, _)) = row.cells().find(answered) {
            let hint = "leave the answers blank, or the column `unscorable`".to_owned();
            self.at(
                row,
                at,
                "an unscorable call has answers".to_owned(),
                Some(hint),
            );
            return None;
        }
        let note = row
            .text(&AnswerColumn::Note)
            .or(row.text(&AnswerColumn::Comment))
            .map(str::to_owned);
        if reason == UnscorableReason::Other && note.is_none() {
            self.at(
                row,
                column,
                "`other` needs a note".to_owned(),
                Some("say why in the column `note`".to_owned()),
            );
            return None;
        }
        Some(Unscorable { reason, note })
    }

    fn draft(&mut self, row: &AnswerRow<'_>, columns: &[Target], logged: CallerType) -> Draft {
        let rubric = self.expected.rubric;
        let mut draft = Draft::new(rubric);
        let mut places = vec![None; rubric.behaviors().len()];
        for (at, column, text) in row.cells() {
            match (columns.get(at).copied().unwrap_or(Target::Other), column) {
                (Target::Answer(place), _) => {
                    draft.answers[place] = self.answer(row, at, place, text.trim());
                    places[place] = Some(at);
                }
                (Target::Comment(place), _) => {
                    if rubric.behaviors()[place].comment == CommentPolicy::Never {
                        let message =
                            format!("`{}` takes no comment", rubric.behaviors()[place].id);
                        self.at(
                            row,
                            at,
                            message,
                            Some("put it in the column `comment`".to_owned()),
                        );
                    }
                    draft.comments[place] = text.to_owned();
                }
                (Target::Other, AnswerColumn::Comment) => draft.comment = text.to_owned(),
                (Target::Other, AnswerColumn::Drivers) => self.drivers(row, at, text, &mut draft),
                (Target::Other, AnswerColumn::CallerTypeHeard) => match text
                    .trim()
                    .parse::<CallerType>()
                {
                    Ok(heard) => {
                        draft.caller_type_heard = Some(heard).filter(|heard| *heard != logged)
                    }
                    Err(error) => self.at(row, at, escape(&error.to_string()).into_owned(), None),
                },
                (Target::Other, AnswerColumn::CsrHeard) => {
                    draft.csr_heard = Some(text.trim().to_owned())
                }
                (Target::Other, AnswerColumn::HeardReason) => {
                    draft.heard_reason = Some(text.trim().to_owned())
                }
                (Target::Other, AnswerColumn::Seconds) => match text.trim().parse::<f64>() {
                    Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => {
                        draft.seconds = Some(seconds)
                    }
                    _ => self.at(
                        row,
                        at,
                        format!("`{}` is no number of seconds", escape(text)),
                        None,
                    ),
                },
                (Target::Other, _) => {}
            }
        }
        self.complete(row, &draft, &places, logged);
        draft
    }

    fn answer(
        &mut self,
        row: &AnswerRow<'_>,
        at: usize,
        place: usize,
        text: &str,
    ) -> Option<Answer> {
        let behavior = &self.expected.rubric.behaviors()[place];
        let ids = || {
            behavior
                .scale
                .options
                .iter()
                .map(|option| option.id.as_str())
        };
        match behavior.scale.answer(text) {
            Some(answer) if behavior.allows(answer) => Some(answer),
            Some(_) => {
                let hint = format!("use one of: {}", ids().collect::<Vec<_>>().join(", "));
                self.at(
                    row,
                    at,
                    format!("`{}` may not be answered `na`", behavior.id),
                    Some(hint),
                );
                None
            }
            None => {
                let near = nearest(text, ids()).map(|near| format!("did you mean `{near}`?"));
                let list = || format!("use one of: {}, na", ids().collect::<Vec<_>>().join(", "));
                let message = format!("`{}` is no answer of `{}`", escape(text), behavior.id);
                self.at(row, at, message, Some(near.unwrap_or_else(list)));
                None
            }
        }
    }

    fn drivers(&mut self, row: &AnswerRow<'_>, at: usize, text: &str, draft: &mut Draft) {
        let rubric = self.expected.rubric;
        for id in text.split(';').map(str::trim).filter(|id| !id.is_empty()) {
            match rubric.driver(id) {
                Some(driver) if !draft.drivers.contains(&driver) => draft.toggle_driver(driver),
                Some(_) => {}
                None => {
                    let known = rubric.drivers().iter().map(|driver| driver.id.as_str());
                    let near = nearest(id, known).map(|near| format!("did you mean `{near}`?"));
                    self.at(
                        row,
                        at,
                        format!("no driver of the rubric is called `{}`", escape(id)),
                        near,
                    );
                }
            }
        }
    }

    /// Nothing asked is blank, nothing else is answered, and wanted comments are there.
    fn complete(
        &mut self,
        row: &AnswerRow<'_>,
        draft: &Draft,
        places: &[Option<usize>],
        logged: CallerType,
    ) {
        let rubric = self.expected.rubric;
        let caller_type = draft.caller_type_heard.unwrap_or(logged);
        let asked = asked(rubric, caller_type, &draft.answers);
        for (place, behavior) in rubric.behaviors().iter().enumerate() {
            if let Some(at) = places[place].filter(|_| !asked[place]) {
                let message = format!(
                    "`{}` is not asked in this call ({caller_type} caller)",
                    behavior.id
                );
                self.at(row, at, message, Some("leave it blank".to_owned()));
            }
        }
        for gap in gaps(rubric, caller_type, &draft.answers, &draft.comments) {
            let id = rubric.behaviors()[gap.behavior()].id.clone();
            match gap {
                // A cell that holds no valid answer has been told of already.
                Gap::Answer(place) if places[place].is_some() => {}
                Gap::Answer(_) => {
                    let message = format!(
                        "`{id}` is not answered for the call `{}`",
                        escape(row.call_id())
                    );
                    self.in_row(
                        row,
                        message,
                        Some("every behavior that applies needs an answer, or `na` where allowed"),
                    );
                }
                Gap::Comment(_) => {
                    let message = format!("this answer to `{id}` needs a comment");
                    self.in_row(
                        row,
                        message,
                        Some(&format!("fill the column `comment:{id}`")),
                    );
                }
            }
        }
    }
}
