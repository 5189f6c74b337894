//! Shares of calls, internal against external: behaviors met, calls without a critical error, reasons for calling.

use super::caller_types::verdicts_note;
use super::estimates::{Estimates, Sums};
use super::strata::Domain;
use super::{
    Align, Axis, Cell, Column, FOOTER, Figure, GapFigure, Mark, Note, Picture, Rules, SampleFacts,
    Table, WhiskerRow, Whiskers,
};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::evaluation::{Counting, ScoredCall};
use crate::rubric::{Answer, Behavior, Family, Rubric};

/// A table of rates.
#[derive(Clone, Debug)]
pub struct Rates {
    pub what: RatesOf,
    pub rows: Vec<RateRow>,
    /// Calls with a critical error, and those of them that it set to 0.
    critical_errors: (u64, u64),
}

/// What the rates are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatesOf {
    Behaviors,
    /// Calls without a critical error, by family.
    Critical,
    Drivers,
}

/// One rate, 0-1.
#[derive(Clone, Debug)]
pub struct RateRow {
    /// A behavior's, a family's or a driver's id; `None` for all of them together.
    pub id: Option<String>,
    pub text: String,
    /// The behavior's section.
    pub section: Option<String>,
    /// Whether the driver is avoidable.
    pub avoidable: Option<bool>,
    pub internal: Option<Figure>,
    pub external: Option<Figure>,
    pub all: Option<Figure>,
    /// Internal minus external; `None` where the rubric doesn't ask it of both.
    pub gap: Option<GapFigure>,
    /// Among calls with an avoidable reason, the share that has this one.
    pub of_avoidable: Option<Figure>,
}

/// A value of an evaluation that a rate is made of.
type Value<'a> = Box<dyn Fn(&Counting<'_>) -> Option<f64> + 'a>;

/// A row that is still without its figures.
struct Asked<'a> {
    row: RateRow,
    value: Value<'a>,
    of_avoidable: Option<Value<'a>>,
    /// Whether internal and external calls can be compared in it.
    both: bool,
}

impl<'a> Asked<'a> {
    fn new(
        id: Option<&str>,
        text: &str,
        value: impl Fn(&Counting<'_>) -> Option<f64> + 'a,
    ) -> Self {
        Self {
            row: RateRow {
                id: id.map(str::to_owned),
                text: text.to_owned(),
                section: None,
                avoidable: None,
                internal: None,
                external: None,
                all: None,
                gap: None,
                of_avoidable: None,
            },
            value: Box::new(value),
            of_avoidable: None,
            both: true,
        }
    }
}

fn share(holds: bool) -> Option<f64> {
    Some(if holds { 1.0 } else { 0.0 })
}

/// What rates are made of, call by call.
pub struct RateSums<'a> {
    what: RatesOf,
    asked: Vec<Asked<'a>>,
    sums: Sums,
    critical_errors: (u64, u64),
}

impl<'a> RateSums<'a> {
    /// Nothing yet.
    pub fn new(what: RatesOf, rubric: &'a Rubric) -> Self {
        let asked = match what {
            RatesOf::Behaviors => behaviors(rubric),
            RatesOf::Critical => criticals(rubric),
            RatesOf::Drivers => drivers(rubric),
        };
        // Behind the values of all rows stand those of the second kind, if there is any.
        let kinds = if what == RatesOf::Drivers { 2 } else { 1 };
        Self {
            what,
            sums: Sums::new(kinds * asked.len()),
            asked,
            critical_errors: (0, 0),
        }
    }

    /// Calls that follow are of this sample.
    pub fn begin(&mut self, sample: &SampleFacts) {
        self.sums.begin(sample);
    }

    /// Takes a call in. Of drivers, only what was read with texts.
    pub fn call(&mut self, call: &ScoredCall<'_>) {
        let asked = &self.asked;
        self.sums.call(call, |evaluation, values| {
            let (all, of_avoidable) = values.split_at_mut(asked.len());
            for (asked, value) in asked.iter().zip(all) {
                *value = (asked.value)(evaluation);
            }
            for (asked, value) in asked.iter().zip(of_avoidable) {
                *value = (asked.of_avoidable.as_ref()).and_then(|value| value(evaluation));
            }
        });
        let evaluation = call
            .counting
            .filter(|one| call.inside && !one.criticals.is_empty());
        if let Some(evaluation) = evaluation {
            self.critical_errors.0 += 1;
            self.critical_errors.1 += u64::from(evaluation.score == Some(0.0));
        }
    }
}

impl RateSums<'_> {
    /// The values as they are asked, for other domains than those of the table.
    pub(super) fn estimates(self, rules: Rules) -> Result<Estimates, EstimateError> {
        Estimates::new(self.sums, rules, 1.0)
    }
}

impl Rates {
    /// Estimates from what was summed up.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(sums: RateSums<'_>, rules: Rules) -> Result<Self, EstimateError> {
        let RateSums {
            what,
            asked,
            sums,
            critical_errors,
        } = sums;
        let rows = asked.len();
        let estimates = Estimates::new(sums, rules, 1.0)?;
        let compared: Vec<usize> = (0..rows).filter(|at| asked[*at].both).collect();
        let mut gaps = vec![None; rows];
        for (at, gap) in compared.iter().zip(estimates.rate_gaps(&compared)?) {
            gaps[*at] = gap;
        }
        let mut done = Vec::with_capacity(rows);
        for ((at, asked), gap) in asked.iter().enumerate().zip(gaps) {
            done.push(RateRow {
                internal: estimates.rate(at, Domain::caller_type(CallerType::Internal))?,
                external: estimates.rate(at, Domain::caller_type(CallerType::External))?,
                all: estimates.rate(at, Domain::default())?,
                gap,
                of_avoidable: match asked.of_avoidable {
                    Some(_) => estimates.rate(rows + at, Domain::default())?,
                    None => None,
                },
                ..asked.row.clone()
            });
        }
        Ok(Self {
            what,
            rows: done,
            critical_errors,
        })
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.what == RatesOf::Behaviors {
            notes.push(earned_note());
        }
        if self.what == RatesOf::Drivers {
            let text = "A call can have several reasons, so the shares need not add up to 100 %.";
            notes.push(Note::new("drivers", text));
        }
        if self.what == RatesOf::Critical {
            notes.push(critical_note(self.critical_errors));
        }
        notes.push(verdicts_note());
        notes.push(Note::new("margins", FOOTER));
        notes
    }

    /// The table's name in files.
    pub fn name(&self) -> &'static str {
        match self.what {
            RatesOf::Behaviors => "behaviors",
            RatesOf::Critical => "critical",
            RatesOf::Drivers => "drivers",
        }
    }

    /// What a row's id names.
    pub fn id_key(&self) -> &'static str {
        match self.what {
            RatesOf::Behaviors => "behavior",
            RatesOf::Critical => "family",
            RatesOf::Drivers => "driver",
        }
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let (caption, head) = match self.what {
            RatesOf::Behaviors => ("Behaviors", "Behavior"),
            RatesOf::Critical => ("Calls without a critical error", "Kind of error"),
            RatesOf::Drivers => ("Why callers called", "Reason"),
        };
        let mut columns = vec![Column::new(self.id_key(), head, Align::Left)];
        match self.what {
            RatesOf::Behaviors => {
                columns.insert(0, Column::new("section", "Section", Align::Left).spare(3));
            }
            RatesOf::Drivers => columns.push(Column::new("avoidable", "Avoidable", Align::Left)),
            RatesOf::Critical => {}
        }
        columns.extend([
            Column::new("scored", "Calls", Align::Right).spare(2),
            Column::new("internal", "Internal", Align::Left),
            Column::new("external", "External", Align::Left),
            Column::new("all", "All", Align::Left).spare(1),
            Column::new("gap", "Gap", Align::Left),
        ]);
        if self.what == RatesOf::Drivers {
            columns.push(Column::new(
                "of_avoidable",
                "Share of avoidable calls",
                Align::Left,
            ));
        }
        let mut table = Table::new(self.name(), caption, columns);
        for row in &self.rows {
            let mut cells = vec![Cell::text(&row.text)];
            match self.what {
                RatesOf::Behaviors => {
                    cells.insert(0, Cell::text(row.section.as_deref().unwrap_or_default()));
                }
                RatesOf::Drivers => cells.push(match row.avoidable {
                    Some(true) => Cell::text("yes"),
                    Some(false) => Cell::text("no"),
                    None => Cell::Missing,
                }),
                RatesOf::Critical => {}
            }
            cells.extend([
                Cell::Count(row.all.as_ref().map_or(0, |figure| figure.n)),
                Cell::share(row.internal.as_ref()),
                Cell::share(row.external.as_ref()),
                Cell::share(row.all.as_ref()),
                row.gap.clone().map_or(Cell::Missing, Cell::ShareGap),
            ]);
            if self.what == RatesOf::Drivers {
                cells.push(Cell::share(row.of_avoidable.as_ref()));
            }
            table.push(cells);
        }
        table.pictures.extend(match self.what {
            RatesOf::Behaviors => self.gaps_picture(),
            RatesOf::Critical | RatesOf::Drivers => self.shares_picture(),
        });
        table
    }

    /// Where internal callers are served worse, the worst first.
    fn gaps_picture(&self) -> Option<Picture> {
        let mut rows: Vec<(&RateRow, &GapFigure)> = (self.rows.iter())
            .filter_map(|row| row.gap.as_ref().map(|gap| (row, gap)))
            .collect();
        rows.sort_by(|(_, one), (_, other)| one.value.total_cmp(&other.value));
        let ends = rows
            .iter()
            .flat_map(|(_, gap)| [gap.low, gap.high, Some(gap.value)]);
        let axis = Axis::differences(ends.flatten().map(|end| 100.0 * end), "");
        let rows: Vec<WhiskerRow> = (rows.iter())
            .map(|(row, gap)| WhiskerRow {
                label: row.text.clone(),
                marks: vec![Some(Mark::of_gap(gap, 100.0))],
            })
            .collect();
        (!rows.is_empty()).then(|| {
            Picture::Whiskers(Whiskers {
                caption: "Like for like, in points of a hundred: left of 0, internal callers are served worse"
                    .to_owned(),
                axis,
                series: vec!["gap".to_owned()],
                rows,
                line: None,
            })
        })
    }

    /// Internal beside external shares.
    fn shares_picture(&self) -> Option<Picture> {
        let share =
            |figure: &Option<Figure>| figure.as_ref().map(|figure| Mark::of_figure(figure, 100.0));
        let rows: Vec<WhiskerRow> = (self.rows.iter())
            .map(|row| WhiskerRow {
                label: row.text.clone(),
                marks: vec![share(&row.internal), share(&row.external)],
            })
            .collect();
        let any = rows.iter().any(|row| row.marks.iter().any(Option::is_some));
        any.then(|| {
            Picture::Whiskers(Whiskers {
                caption: "Share of calls, internal and external callers".to_owned(),
                axis: Axis::shares(),
                series: vec!["internal".to_owned(), "external".to_owned()],
                rows,
                line: None,
            })
        })
    }
}

fn critical_note((calls, zero): (u64, u64)) -> Note {
    let text = match calls {
        0 => "No scored call has a critical error.".to_owned(),
        1 => format!(
            "1 scored call has a critical error; it {} set to 0.",
            if zero == 1 { "was" } else { "was not" }
        ),
        calls => {
            format!("{calls} scored calls have a critical error; {zero} of them were set to 0.")
        }
    };
    Note::new("critical-errors", text)
}

/// The share of its points that a behavior earned; a bonus counts as full.
pub(super) fn earned(behavior: &Behavior, answer: Answer) -> Option<f64> {
    Some(behavior.result(answer)?.clamp(0.0, 1.0))
}

/// What a reader of such shares must know.
pub(super) fn earned_note() -> Note {
    Note::detail(
        "behaviors",
        "Of the points that a behavior could earn, the share earned; for yes or no, the share of calls with yes. Calls to \
         which a behavior does not apply are left out.",
    )
}

/// The share of its points that each behavior earned.
fn behaviors(rubric: &Rubric) -> Vec<Asked<'_>> {
    let ask = |(at, behavior): (usize, &Behavior)| {
        let options = (0..=u8::MAX).zip(&behavior.scale.options);
        let shares = options.map(|(option, _)| earned(behavior, Answer::Given(option)));
        let shares: Vec<Option<f64>> = shares.collect();
        let value = move |evaluation: &Counting<'_>| match evaluation.answers[at]? {
            Answer::Given(option) => *shares.get(usize::from(option))?,
            Answer::Na => None,
        };
        let mut asked = Asked::new(Some(&behavior.id), &behavior.text, value);
        asked.row.section = Some(rubric.sections()[behavior.section].title.clone());
        asked.both = behavior.applies_to.both();
        asked
    };
    rubric.behaviors().iter().enumerate().map(ask).collect()
}

/// All families together, then each that the rubric has.
fn criticals(rubric: &Rubric) -> Vec<Asked<'_>> {
    let any = |evaluation: &Counting<'_>| share(evaluation.criticals.is_empty());
    let mut all = vec![Asked::new(None, "Any kind", any)];
    for family in [Family::Customer, Family::Business, Family::Compliance] {
        let of = move |behavior: &Behavior| {
            (behavior.critical.as_ref()).is_some_and(|critical| critical.family == family)
        };
        let own = || rubric.behaviors().iter().filter(|behavior| of(behavior));
        if own().next().is_none() {
            continue;
        }
        let value = move |evaluation: &Counting<'_>| {
            let mut triggered = evaluation.criticals.iter();
            share(!triggered.any(|at| of(&rubric.behaviors()[*at])))
        };
        let mut asked = Asked::new(Some(family.as_str()), family.as_str(), value);
        // An error that only one kind of call can have tells nothing about the other.
        asked.both = own().any(|behavior| behavior.applies_to.internal)
            && own().any(|behavior| behavior.applies_to.external);
        all.push(asked);
    }
    all
}

/// Any avoidable reason, then each reason.
fn drivers(rubric: &Rubric) -> Vec<Asked<'_>> {
    let avoidable = |evaluation: &Counting<'_>| {
        let mut ticked = evaluation.drivers.iter();
        ticked.any(|at| rubric.drivers()[*at].avoidable)
    };
    let mut any = Asked::new(None, "Any avoidable reason", move |evaluation| {
        share(avoidable(evaluation))
    });
    any.row.avoidable = Some(true);
    let mut all = vec![any];
    for (at, driver) in rubric.drivers().iter().enumerate() {
        let mut asked = Asked::new(Some(&driver.id), &driver.text, move |evaluation| {
            share(evaluation.drivers.contains(&at))
        });
        asked.row.avoidable = Some(driver.avoidable);
        if driver.avoidable {
            asked.of_avoidable = Some(Box::new(move |evaluation| {
                share(evaluation.drivers.contains(&at)).filter(|_| avoidable(evaluation))
            }));
        }
        all.push(asked);
    }
    all
}
