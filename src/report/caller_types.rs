use super::facts::eligible;
use super::scores::Question;
use super::strata::Domain;
use super::{
    Align, Axis, Cell, Column, FOOTER, Figure, GapFigure, Mark, Note, Picture, SampleFacts, Scores,
    Table, WhiskerRow, Whiskers, Zeros,
};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::sampling::Unit;

/// Scores per caller type.
#[derive(Clone, Debug)]
pub struct CallerTypes {
    pub rows: Vec<CallerTypeRow>,
    /// Internal minus external.
    pub gap: Option<GapFigure>,
    /// Calls that a critical error took to 0.
    pub zeros: Zeros,
    /// The score (0-100) from which a call passes.
    pub pass_mark: Option<f64>,
    /// One sample of one log, or samples of journeys, so that drawing it again with a larger number adds calls.
    grows: bool,
}

#[derive(Clone, Debug)]
pub struct CallerTypeRow {
    pub caller_type: CallerType,
    /// Calls of the frame, as logged; `None` where they can't be told.
    pub eligible: Option<u64>,
    /// Scored calls, as heard.
    pub scored: u64,
    /// Drawn calls that could not be scored, as logged.
    pub unscorable: u64,
    pub score: Option<Figure>,
    pub score_before_critical: Option<Figure>,
    /// Before criticals, on the behaviors asked of both caller types; `None` where these are all of them.
    pub like_for_like: Option<Figure>,
    /// The share of calls that reach the rubric's pass mark without a critical error; `None` without a mark.
    pub passed: Option<Figure>,
    pub critical_free: Option<Figure>,
}

impl CallerTypes {
    /// Estimates the table.
    ///
    /// # Errors
    /// See [`Scores::new`].
    pub fn new(samples: &[SampleFacts], scores: &Scores) -> Result<Self, EstimateError> {
        let mut rows = Vec::new();
        for caller_type in CallerType::ALL {
            let domain = Domain::caller_type(caller_type);
            let eligible = eligible(samples, |cell| cell.caller_type == caller_type);
            let scored = scores.scored(domain);
            let is_there = eligible.unwrap_or(0) > 0 || scored > 0;
            let asked = |one: &SampleFacts| one.filter.has_caller_type(caller_type);
            if !is_there && (caller_type == CallerType::Unknown || !samples.iter().all(asked)) {
                continue;
            }
            rows.push(CallerTypeRow {
                caller_type,
                eligible,
                scored,
                unscorable: scores.unscorable(domain),
                score: scores.mean(Question::Score, domain)?,
                score_before_critical: scores.mean(Question::BeforeCritical, domain)?,
                like_for_like: match scores.one_sided() {
                    true => scores.mean(Question::LikeForLike, domain)?,
                    false => None,
                },
                passed: scores.share(Question::Passed, domain)?,
                critical_free: scores.share(Question::CriticalFree, domain)?,
            });
        }
        let gap = scores.gaps(&[None])?.pop().flatten();
        Ok(Self {
            rows,
            gap,
            zeros: scores.zeros().clone(),
            pass_mark: scores.pass_mark(),
            grows: (samples.iter()).all(|one| one.unit == Unit::Interaction)
                || matches!(samples, [one] if one.batches == 1),
        })
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        notes.extend(self.zeros.note());
        let indicative = |figure: fn(&CallerTypeRow) -> &Option<Figure>| {
            let mut figures = self.rows.iter().filter_map(|row| figure(row).as_ref());
            figures.any(Figure::is_indicative)
        };
        // Where a zero alone widens a margin, more calls are not what is missing.
        if indicative(|row| &row.score_before_critical) {
            let more = match self.grows {
                true => "the same `evenhand draw` with a larger number adds some",
                false => "further logs (`evenhand draw --into`) add some",
            };
            let text = format!("Too few calls for a firm figure per caller type; {more}.");
            notes.push(Note::new("few-calls", text));
        }
        notes.extend(self.gap.as_ref().map(|_| gap_note()));
        notes.push(weighted_note());
        notes.extend(self.pass_mark.map(pass_note));
        notes.push(Note::new("margins", FOOTER));
        notes
    }

    /// As a neutral table. Columns about which the rubric has nothing to say are not there.
    pub fn table(&self) -> Table {
        let any = |of: fn(&CallerTypeRow) -> &Option<Figure>| {
            self.rows.iter().any(|row| of(row).is_some())
        };
        let like_for_like = any(|row| &row.like_for_like);
        let passed = any(|row| &row.passed);
        let mut columns = vec![
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("eligible", "Calls", Align::Right).spare(1),
            Column::new("scored", "Scored", Align::Right),
            Column::new("score", "Score", Align::Left),
            Column::new("score_before_critical", "Before criticals", Align::Left),
        ];
        if like_for_like {
            columns.push(Column::new("like_for_like", "Like for like", Align::Left));
        }
        if passed {
            columns.push(Column::new("passed", "Passed", Align::Left).spare(3));
        }
        columns.push(Column::new("critical_free", "Without critical error", Align::Left).spare(2));
        let mut table = Table::new("caller_type", "Scores per caller type", columns);
        for row in &self.rows {
            let mut cells = vec![
                Cell::text(row.caller_type.as_str()),
                row.eligible.map_or(Cell::Missing, Cell::Count),
                Cell::Count(row.scored),
                Cell::score(row.score.as_ref()),
                Cell::score(row.score_before_critical.as_ref()),
            ];
            if like_for_like {
                cells.push(Cell::score(row.like_for_like.as_ref()));
            }
            if passed {
                cells.push(Cell::share(row.passed.as_ref()));
            }
            cells.push(Cell::share(row.critical_free.as_ref()));
            table.push(cells);
        }
        table.pictures.extend(self.picture());
        table
    }

    /// The scores, with the pass mark to compare them with.
    fn picture(&self) -> Option<Picture> {
        let row = |row: &CallerTypeRow| WhiskerRow {
            label: row.caller_type.as_str().to_owned(),
            marks: vec![Mark::of_score(row.score.as_ref())],
        };
        let rows: Vec<WhiskerRow> = self.rows.iter().map(row).collect();
        let values = rows.iter().flat_map(|row| &row.marks).flatten();
        let highest = values.map(Mark::highest).reduce(f64::max)?;
        Some(Picture::Whiskers(Whiskers {
            caption: "Score per caller type".to_owned(),
            axis: Axis::scores(highest),
            series: vec!["score".to_owned()],
            rows,
            line: self
                .pass_mark
                .map(|mark| (mark, format!("pass mark: {mark}"))),
        }))
    }
}

/// How gaps of scores are to be read.
pub(super) fn gap_note() -> Note {
    Note::detail(
        "gap",
        "A gap of scores is taken before criticals and on the behaviors asked of both caller types, so it need not be the \
         difference of the scores beside it.",
    )
}

/// Why figures are no plain averages.
pub(super) fn weighted_note() -> Note {
    Note::detail(
        "weighted",
        "Internal and external calls count as often as they occur in the log, so figures differ from plain averages of \
         the scored calls.",
    )
}

/// What a call must have to pass.
pub(super) fn pass_note(mark: f64) -> Note {
    let text = format!("Passed: a score of {mark} or more, and no critical error.");
    Note::detail("passed", text)
}

/// Why a margin and a verdict can seem to disagree, where several gaps are looked at.
pub(super) fn verdicts_note() -> Note {
    Note::detail(
        "verdicts",
        "Where a table has many gaps, some look large by luck; so \"shown\" asks for more than a margin without 0.",
    )
}
