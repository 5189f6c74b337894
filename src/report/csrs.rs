use std::collections::BTreeSet;

use super::caller_types::{gap_note, pass_note, verdicts_note, weighted_note};
use super::facts::eligible;
use super::scores::Question;
use super::strata::Domain;
use super::{
    Align, Axis, Cell, Column, FOOTER, Figure, GapFigure, Mark, Note, Picture, SampleFacts, Scores,
    Table, WhiskerRow, Whiskers, Zeros,
};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::estimate::shrink::{Group, Steadied, steady};

/// Scores per CSR (or per team), in alphabetical order: no ranks.
#[derive(Clone, Debug)]
pub struct Csrs {
    pub who: Who,
    pub rows: Vec<CsrRow>,
    /// All CSRs together.
    pub total: CsrRow,
    /// What [`Csrs::steady`] found.
    pub steadied: Option<Steadied>,
    /// Calls that a critical error took to 0.
    pub zeros: Zeros,
    /// The score (0-100) from which a call passes.
    pub pass_mark: Option<f64>,
}

/// Whose calls the rows of the table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Csr,
    /// The name of a team stands where that of a CSR would; an empty one for no team.
    Team,
}

impl Who {
    /// For CSV and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Csr => "csr",
            Self::Team => "team",
        }
    }

    /// In a sentence.
    fn word(self) -> &'static str {
        match self {
            Self::Csr => "CSR",
            Self::Team => "team",
        }
    }

    /// Head of the first column, and its text for all together.
    fn heads(self) -> (&'static str, &'static str) {
        match self {
            Self::Csr => ("CSR", "All CSRs"),
            Self::Team => ("Team", "All teams"),
        }
    }
}

#[derive(Clone, Debug)]
pub struct CsrRow {
    /// `None` for the total.
    pub csr: Option<String>,
    /// Calls of the frame, as logged; `None` where they can't be told.
    pub eligible: Option<u64>,
    /// Scored calls, as heard.
    pub scored: u64,
    /// Drawn calls that could not be scored, as logged.
    pub unscorable: u64,
    pub score: Option<Figure>,
    pub score_before_critical: Option<Figure>,
    /// The score before criticals drawn towards the common one; only after [`Csrs::steady`], and for CSRs whose variance is known.
    pub steadied: Option<f64>,
    pub internal: Option<Figure>,
    pub external: Option<Figure>,
    pub gap: Option<GapFigure>,
    /// The share of calls that reach the rubric's pass mark without a critical error; `None` without a mark.
    pub passed: Option<Figure>,
    pub critical_free: Option<Figure>,
}

impl Csrs {
    /// Estimates the table.
    ///
    /// # Errors
    /// See [`Scores::new`].
    pub fn new(samples: &[SampleFacts], scores: &Scores) -> Result<Self, EstimateError> {
        Self::of(Who::Csr, samples, scores)
    }

    /// The same for facts that name teams instead of CSRs.
    pub(super) fn of(
        who: Who,
        samples: &[SampleFacts],
        scores: &Scores,
    ) -> Result<Self, EstimateError> {
        // Where the log doesn't count the calls asked for, nothing tells whether a CSR has any.
        let counted = eligible(samples, |_| true).is_some();
        let logged = (samples.iter().filter(|_| counted))
            .flat_map(|sample| &sample.cells)
            .map(|cell| cell.csr.as_str());
        let names: BTreeSet<&str> = logged.chain(scores.csrs()).collect();
        let keys: Vec<Option<&str>> = names.into_iter().map(Some).collect();
        let gaps = scores.gaps(&keys)?;
        let mut rows = Vec::new();
        for (csr, gap) in keys.into_iter().zip(gaps) {
            rows.push(row(samples, scores, csr, gap)?);
        }
        let gap = scores.gaps(&[None])?.pop().flatten();
        let total = row(samples, scores, None, gap)?;
        Ok(Self {
            who,
            rows,
            total,
            steadied: None,
            zeros: scores.zeros().clone(),
            pass_mark: scores.pass_mark(),
        })
    }

    /// Adds steadied scores: each CSR's score before criticals (rare zeros would pass for spread) drawn towards the common one, the more so the less its calls can tell.
    /// They lie nearer to the truth than the scores as they are, and still rank nobody.
    ///
    /// # Errors
    /// Fewer than eight CSRs with a score and a variance.
    pub fn steady(&mut self, scores: &Scores) -> Result<(), EstimateError> {
        let mut groups = Vec::new();
        let mut places = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            let domain = Domain {
                csr: row.csr.as_deref(),
                caller_type: None,
            };
            let Some(found) = scores.pooled_mean(Question::BeforeCritical, domain)? else {
                continue;
            };
            if let Some(error) = found.standard_error.filter(|error| *error > 0.0) {
                groups.push(Group {
                    value: found.value,
                    variance: error * error,
                });
                places.push(place);
            }
        }
        let found = steady(&groups)?;
        for (place, steadied) in places.into_iter().zip(&found.values) {
            self.rows[place].steadied = Some(steadied.value);
        }
        self.steadied = Some(found);
        Ok(())
    }

    /// What a reader of the steadied column must know.
    fn steadied_note(found: &Steadied) -> Note {
        let spread = found.observed_spread;
        let text = if found.shows_differences() {
            format!(
                "Steadied: what is left of a score before criticals when luck is allowed for. These scores of CSRs spread over {spread:.0} \
                 points; about {:.0} points of that are real. It is no ranking.",
                found.real_spread
            )
        } else {
            format!(
                "Steadied: no difference between CSRs can be seen in this sample. Their scores spread over \
                 {spread:.0} points, which luck alone would do."
            )
        };
        Note::new("steadied", text)
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = (self.steadied.iter()).map(Self::steadied_note).collect();
        notes.extend(self.zeros.note());
        let gaps = self.rows.iter().filter_map(|row| row.gap.as_ref());
        let noticeable: Vec<f64> = gaps.filter_map(|gap| gap.noticeable).collect();
        let least = noticeable.iter().copied().reduce(f64::min);
        let most = noticeable.iter().copied().reduce(f64::max);
        if let Some((least, most)) = least.zip(most) {
            let size = match (least.round(), most.round()) {
                (least, most) if least == most => format!("about {least:.0} points"),
                (least, most) => format!("{least:.0} to {most:.0} points"),
            };
            let text = format!(
                "A true gap of one {} under {size} will often be missed: it takes so much to be noticed four times out \
                 of five.",
                self.who.word()
            );
            notes.push(Note::new("noticeable-gap", text));
            notes.push(verdicts_note());
        }
        notes.extend(self.total.gap.as_ref().map(|_| gap_note()));
        notes.push(weighted_note());
        notes.extend(self.pass_mark.map(pass_note));
        notes.push(Note::new("margins", FOOTER));
        notes
    }

    /// What must be known before a row is read.
    fn warning(&self) -> Option<String> {
        let indicative = |row: &CsrRow| row.score.as_ref().is_some_and(Figure::is_indicative);
        let text = match self.who {
            Who::Csr => {
                "Marked ○ or 1: too few calls to judge or to rank a person. Use such rows to choose calls for coaching."
            }
            Who::Team => "Marked ○ or 1: too few calls to judge or to rank a team.",
        };
        self.rows.iter().any(indicative).then(|| text.to_owned())
    }

    /// As a neutral table; the total is its last row.
    pub fn table(&self) -> Table {
        let steadied = self.steadied.is_some();
        let passed = self.total.passed.is_some();
        let (head, all) = self.who.heads();
        let mut columns = vec![
            Column::new(self.who.key(), head, Align::Left),
            Column::new("eligible", "Calls", Align::Right).spare(3),
            Column::new("scored", "Scored", Align::Right),
            Column::new("score", "Score", Align::Left),
            Column::new("score_before_critical", "Before criticals", Align::Left).spare(5),
        ];
        if steadied {
            // What is steadied stands beside it.
            columns[4].spare = 0;
            columns.push(Column::new("steadied", "Steadied", Align::Right));
        }
        columns.extend([
            Column::new("internal", "Internal", Align::Left).spare(1),
            Column::new("external", "External", Align::Left).spare(1),
            Column::new("gap", "Gap", Align::Left),
        ]);
        if passed {
            columns.push(Column::new("passed", "Passed", Align::Left).spare(4));
        }
        columns.push(Column::new("critical_free", "Without critical error", Align::Left).spare(2));
        let mut table = Table::new(
            self.who.key(),
            &format!("Scores per {}", self.who.word()),
            columns,
        );
        table.warning = self.warning();
        let cells = |row: &CsrRow| {
            let mut cells = vec![
                Cell::text(row.csr.as_deref().unwrap_or(all)),
                row.eligible.map_or(Cell::Missing, Cell::Count),
                Cell::Count(row.scored),
                Cell::score(row.score.as_ref()),
                Cell::score(row.score_before_critical.as_ref()),
            ];
            if steadied {
                cells.push(Cell::number(row.steadied));
            }
            cells.extend([
                Cell::score(row.internal.as_ref()),
                Cell::score(row.external.as_ref()),
                row.gap.clone().map_or(Cell::Missing, Cell::Gap),
            ]);
            if passed {
                cells.push(Cell::share(row.passed.as_ref()));
            }
            cells.push(Cell::share(row.critical_free.as_ref()));
            cells
        };
        for row in &self.rows {
            table.push(cells(row));
        }
        table.push_total(cells(&self.total));
        table.pictures.extend(self.picture());
        table
    }

    /// Internal beside external scores, with the score of all calls to compare them with.
    fn picture(&self) -> Option<Picture> {
        let figures = |row: &CsrRow| [row.internal.clone(), row.external.clone()];
        let rows = self.rows.iter().filter(|row| row.scored > 0);
        let rows: Vec<WhiskerRow> = rows
            .map(|row| WhiskerRow {
                label: row.csr.clone().unwrap_or_default(),
                marks: figures(row)
                    .iter()
                    .map(|one| Mark::of_score(one.as_ref()))
                    .collect(),
            })
            .collect();
        let highest = rows.iter().flat_map(|row| &row.marks).flatten();
        let highest = highest.map(Mark::highest).fold(0.0, f64::max);
        let all = self.total.score.as_ref().map(|figure| figure.value);
        (!rows.is_empty()).then(|| {
            Picture::Whiskers(Whiskers {
                caption: format!(
                    "Score per {}, internal and external callers",
                    self.who.word()
                ),
                axis: Axis::scores(highest),
                series: vec!["internal".to_owned(), "external".to_owned()],
                rows,
                line: all.map(|value| (value, format!("all calls: {value:.1}"))),
            })
        })
    }
}

fn row(
    samples: &[SampleFacts],
    scores: &Scores,
    csr: Option<&str>,
    gap: Option<GapFigure>,
) -> Result<CsrRow, EstimateError> {
    let all = Domain {
        csr,
        caller_type: None,
    };
    Ok(CsrRow {
        csr: csr.map(str::to_owned),
        eligible: eligible(samples, |cell| csr.is_none_or(|csr| csr == cell.csr)),
        scored: scores.scored(all),
        unscorable: scores.unscorable(all),
        score: scores.mean(Question::Score, all)?,
        score_before_critical: scores.mean(Question::BeforeCritical, all)?,
        steadied: None,
        internal: scores.mean(Question::Score, all.of(CallerType::Internal))?,
        external: scores.mean(Question::Score, all.of(CallerType::External))?,
        gap,
        passed: scores.share(Question::Passed, all)?,
        critical_free: scores.share(Question::CriticalFree, all)?,
    })
}
