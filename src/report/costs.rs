//! What avoidable calls take of the centre's time, and what that costs, in all calls that the report is about.
//!
//! A call takes the minutes that the rubric gives for its reason, of several avoidable reasons the longest. A sum over the
//! frame is N times the mean of the sampled calls, its margin N times the mean's (Cochran 1977, 2.5 and 5.4); of one reason
//! alone the mean is a rate, with a rate's margin. N are the calls that the mean speaks for: strata of which nothing is
//! scored are left out, as everywhere. Where caller types make strata, each is summed over its own; else as a value that is
//! 0 for the others, so that the margin knows that their number was sampled too.
//!
//! Refused: a report about calls whose number the logs don't tell; then there is no N.

use super::estimates::{Estimates, Sums};
use super::facts::eligible;
use super::strata::Domain;
use super::{Align, Amount, Cell, Column, FOOTER, Note, Rules, SampleFacts, Table};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::evaluation::Counting;
use crate::rubric::{Cost, Driver, Rubric};

/// Table `costs`: avoidable reasons that the rubric gives minutes for, behind all of them together.
#[derive(Clone, Debug)]
pub struct Costs {
    pub rows: Vec<CostRow>,
    /// What a minute costs, if the rubric says.
    pub cost: Option<Cost>,
    /// Avoidable reasons without minutes.
    pub unmeasured: Vec<String>,
}

/// What one reason takes, in hours of all calls that the report is about.
#[derive(Clone, Debug)]
pub struct CostRow {
    /// `None` for all avoidable reasons together.
    pub id: Option<String>,
    pub text: String,
    /// Of one call.
    pub minutes: Option<f64>,
    pub internal: Option<Amount>,
    pub external: Option<Amount>,
    pub all: Option<Amount>,
    /// In the rubric's currency.
    pub cost: Option<Amount>,
}

/// Whose calls a value is about.
const SIDES: [Option<CallerType>; 3] =
    [None, Some(CallerType::Internal), Some(CallerType::External)];

/// A reason that the rubric gives minutes for, by its place; `None` for the longest of a call.
type Reason<'a> = Option<(usize, &'a Driver)>;

impl Costs {
    /// Whether the rubric says what any avoidable call takes.
    pub fn are_told_by(rubric: &Rubric) -> bool {
        rubric.drivers().iter().any(takes_minutes)
    }

    /// Estimates the table. `None` where the logs don't tell how many calls the report is about.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        rules: Rules,
    ) -> Result<Option<Self>, EstimateError> {
        if eligible(samples, |_| true).is_none() {
            return Ok(None);
        }
        let drivers = rubric.drivers().iter().enumerate();
        let measured = drivers
            .filter(|(_, driver)| takes_minutes(driver))
            .map(Some);
        let asked: Vec<Reason<'_>> = std::iter::once(None).chain(measured).collect();
        let sums = summed(rubric, samples, &asked);
        let estimates = Estimates::new(sums, rules, f64::INFINITY)?;
        let strata = samples.iter().flat_map(|sample| &sample.strata);
        let own_strata = strata.clone().all(|one| one.stratum.caller_type.is_some());
        let mut rows = Vec::with_capacity(asked.len());
        for (at, reason) in asked.iter().enumerate() {
            let hours = |side: usize| {
                let own = SIDES[side].filter(|_| own_strata);
                let (value, domain) = match own {
                    Some(kind) => (SIDES.len() * at, Domain::caller_type(kind)),
                    None => (SIDES.len() * at + side, Domain::default()),
                };
                // A caller type of which no call is scored has no sum.
                if SIDES[side].is_some_and(|kind| estimates.scored(Domain::caller_type(kind)) == 0)
                {
                    return Ok(None);
                }
                sum(&estimates, value, domain, *reason, rules)
            };
            let all = hours(0)?;
            let cost = rubric.cost().zip(all.as_ref());
            rows.push(CostRow {
                id: reason.map(|(_, driver)| driver.id.clone()),
                text: reason.map_or("Any avoidable reason".to_owned(), |(_, driver)| {
                    driver.text.clone()
                }),
                minutes: reason.and_then(|(_, driver)| driver.minutes),
                internal: hours(1)?,
                external: hours(2)?,
                cost: cost.map(|(cost, all)| all.times(60.0 * cost.per_minute)),
                all,
            });
        }
        let unmeasured = rubric.drivers().iter();
        let unmeasured = unmeasured.filter(|one| one.avoidable && one.minutes.is_none());
        Ok(Some(Self {
            rows,
            cost: rubric.cost().cloned(),
            unmeasured: unmeasured.map(|driver| driver.text.clone()).collect(),
        }))
    }

    /// All avoidable calls in one sentence.
    pub fn sentence(&self) -> Option<String> {
        let all = self.rows.first()?;
        let hours = all.all.as_ref().filter(|hours| hours.value > 0.0)?;
        let money = all.cost.as_ref().map(|cost| {
            let currency = self.currency();
            format!(" and cost {}{currency}", cost.text())
        });
        Some(format!(
            "Avoidable calls took {} hours{} in these calls, at the minutes that the rubric gives.",
            hours.text(),
            money.unwrap_or_default()
        ))
    }

    fn currency(&self) -> String {
        let currency = self.cost.as_ref().map(|cost| cost.currency.as_str());
        let currency = currency.filter(|currency| !currency.is_empty());
        currency.map_or_else(String::new, |currency| format!(" {currency}"))
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let text = "Hours and costs are those of all calls of the log that figures speak for: the sample's share times \
                    their number, at the minutes that the rubric gives. A call with several avoidable reasons counts once, \
                    with the longest.";
        let mut notes = vec![Note::new("costs", text)];
        if !self.unmeasured.is_empty() {
            let named: Vec<String> = self
                .unmeasured
                .iter()
                .map(|text| format!("\u{201c}{text}\u{201d}"))
                .collect();
            let text = format!(
                "Without minutes in the rubric, and so not counted: {}.",
                named.join(", ")
            );
            notes.push(Note::new("unmeasured", text));
        }
        notes.push(Note::new("margins", FOOTER));
        notes
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let mut columns = vec![
            Column::new("driver", "Reason", Align::Left),
            Column::new("minutes", "Minutes a call", Align::Right).spare(1),
            Column::new("internal", "Hours, internal", Align::Left),
            Column::new("external", "Hours, external", Align::Left),
            Column::new("all", "Hours", Align::Left),
        ];
        if self.cost.is_some() {
            let head = format!("Cost{}", self.currency());
            columns.push(Column::new("cost", &head, Align::Left));
        }
        let mut table = Table::new("costs", "What avoidable calls take", columns);
        for row in &self.rows {
            let mut cells = vec![
                Cell::text(&row.text),
                Cell::number(row.minutes),
                Cell::amount(row.internal.as_ref()),
                Cell::amount(row.external.as_ref()),
                Cell::amount(row.all.as_ref()),
            ];
            if self.cost.is_some() {
                cells.push(Cell::amount(row.cost.as_ref()));
            }
            table.push(cells);
        }
        table
    }
}

fn takes_minutes(driver: &Driver) -> bool {
    driver.avoidable && driver.minutes.is_some()
}

/// By reason and side: minutes of the longest reason, or whether the reason was ticked.
fn summed(rubric: &Rubric, samples: &[SampleFacts], asked: &[Reason<'_>]) -> Sums {
    let mut sums = Sums::new(SIDES.len() * asked.len());
    for sample in samples {
        sums.begin(sample);
        for call in &sample.calls {
            sums.call(&call.scored(), |said, values| {
                let mut values = values.iter_mut();
                for reason in asked {
                    let found = match reason {
                        None => longest(rubric, said),
                        Some((at, _)) if said.drivers.contains(at) => 1.0,
                        Some(_) => 0.0,
                    };
                    for (side, value) in SIDES.iter().zip(values.by_ref()) {
                        let own = side.is_none_or(|kind| kind == said.caller_type);
                        *value = Some(if own { found } else { 0.0 });
                    }
                }
            });
        }
    }
    sums
}

/// Hours of all calls of a domain.
fn sum(
    estimates: &Estimates,
    value: usize,
    domain: Domain<'_>,
    reason: Reason<'_>,
    rules: Rules,
) -> Result<Option<Amount>, EstimateError> {
    let Some(mean) = estimates.estimate(value, domain, &rules.settings(true))? else {
        return Ok(None);
    };
    let Some(minutes) = reason.and_then(|(_, driver)| driver.minutes) else {
        return Ok(Some(Amount::of(&mean, mean.population / 60.0)));
    };
    let rate = estimates.rate(value, domain)?;
    Ok(rate.map(|rate| Amount::of_rate(&rate, mean.population * minutes / 60.0)))
}

/// What a call took for its longest avoidable reason.
fn longest(rubric: &Rubric, said: &Counting<'_>) -> f64 {
    let drivers = said.drivers.iter().map(|at| &rubric.drivers()[*at]);
    let avoidable = drivers.filter(|driver| driver.avoidable);
    avoidable
        .filter_map(|driver| driver.minutes)
        .fold(0.0, f64::max)
}
