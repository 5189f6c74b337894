//! The tables of a report, made from samples.

use super::asked::{Asked, TableName};
use super::made::Wanted;
use super::refused::{
    check_bands, check_costs, check_journeys, check_overlap, check_units, uncounted,
};
use super::sums::Sums;
use super::trends;
use crate::cli::Failure;
use crate::estimate::error::EstimateError;

use crate::report::{
    Analysts, Answers, AnyTable, Bands, CallerTypes, Calls, CommonBehaviors, Corrections, Costs,
    CsrBehaviors, Csrs, Journeys, Overview, PickedCalls, Rates, RatesOf, Recognition, RubricSample,
    SampleFacts, Scores, Sections, Teams, match_drivers,
};
use crate::rubric::Rubric;
use crate::sampling::Unit;

/// The samples as tables are made from them, the newest last.
pub(super) struct Samples<'a> {
    pub(super) rubrics: &'a [Rubric],
    pub(super) facts: Vec<SampleFacts>,
}

impl<'a> Samples<'a> {
    fn with_rubrics(&self) -> Vec<RubricSample<'_>> {
        let both = self.rubrics.iter().zip(&self.facts);
        let both = both.map(|(rubric, sample)| RubricSample { rubric, sample });
        both.collect()
    }

    /// Lists of calls, which estimate nothing: any samples may stand in them.
    pub(super) fn list(&self, table: TableName, overview: &Overview) -> Option<AnyTable> {
        match table {
            TableName::Samples => Some(AnyTable::Samples(overview.table())),
            TableName::Calls => Some(AnyTable::Calls(Calls::new(&self.with_rubrics()))),
            TableName::Answers => Some(AnyTable::Answers(Answers::new(&self.with_rubrics()))),
            TableName::Picked => Some(AnyTable::Picked(PickedCalls::new(&self.facts))),
            _ => None,
        }
    }

    /// What of a table can be compared between rubrics that score differently, if anything.
    pub(super) fn common(&self, wanted: &Wanted) -> Result<Option<AnyTable>, Failure> {
        let (samples, rules) = (self.with_rubrics(), wanted.rules);
        let common = match &wanted.roster {
            _ if wanted.asked.has(TableName::Behaviors) => {
                CommonBehaviors::of_samples(&samples, rules)?
            }
            Some(roster) if wanted.asked.has(TableName::Team) => {
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
    pub(super) fn estimated(
        &mut self,
        wanted: &Wanted,
        summed: Option<Sums<'a>>,
        overview: &mut Overview,
    ) -> Result<Vec<AnyTable>, Failure> {
        if wanted.asked.has(TableName::Drivers) || wanted.asked.has(TableName::Costs) {
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
            let mut sums = Sums::new(rubric, wanted.asked);
            for sample in facts {
                sums.begin(sample);
                (sample.calls.iter()).for_each(|call| sums.call(&call.scored()));
            }
            sums
        });
        let scores = Scores::new(sums.scores, rules)?;
        let mut caller_types = Some(CallerTypes::new(facts, &scores)?);
        if let Some(caller_types) = &caller_types {
            overview.add_scores(&scores, caller_types);
        }
        let rates = sums.rates.into_iter().map(|sums| Rates::new(sums, rules));
        let mut rates = rates.collect::<Result<Vec<_>, _>>()?;
        let mut rates_of = |what: RatesOf| {
            let at = rates.iter().position(|rates| rates.what == what)?;
            Some(AnyTable::Rates(rates.swap_remove(at)))
        };
        let (mut sections, mut bands) = (sums.sections, sums.bands);
        let mut tables = Vec::new();
        for name in wanted.asked.names() {
            if !wanted.asked.is_one() && !self.has_something_on(name, wanted) {
                continue;
            }
            tables.extend(match name {
                TableName::CallerType => caller_types.take().map(AnyTable::CallerTypes),
                TableName::Csr => Some(csrs(facts, &scores, wanted.steadied)?),
                TableName::Team => Some(teams(rubric, facts, wanted)?),
                TableName::Behaviors => rates_of(RatesOf::Behaviors),
                TableName::Critical => rates_of(RatesOf::Critical),
                TableName::Drivers => rates_of(RatesOf::Drivers),
                TableName::CsrBehaviors => Some(AnyTable::CsrBehaviors(CsrBehaviors::new(
                    rubric, facts, rules,
                )?)),
                TableName::Costs => {
                    check_costs(rubric)?;
                    let costs = Costs::new(rubric, facts, rules)?;
                    if costs.is_none() && wanted.asked.is_one() {
                        return Err(uncounted());
                    }
                    costs.map(AnyTable::Costs)
                }
                TableName::Analysts => Some(AnyTable::Analysts(Analysts::new(rubric, facts))),
                TableName::Recognition => {
                    let found = Recognition::new(rubric, facts, &scores, rules)?;
                    Some(AnyTable::Recognition(Box::new(found)))
                }
                TableName::Corrections => Some(AnyTable::Corrections(Corrections::new(facts))),
                TableName::Journeys => {
                    check_journeys(facts)?;
                    let journeys = Journeys::new(rubric, facts, rules)?;
                    Some(AnyTable::Journeys(Box::new(journeys)))
                }
                TableName::Trend => Some(trends::table(rubric, facts, wanted.trend, rules)?),
                TableName::Sections => {
                    let sections = sections.take().map(|sums| Sections::new(sums, rules));
                    sections.transpose()?.map(AnyTable::Sections)
                }
                TableName::Bands => {
                    check_bands(rubric)?;
                    let bands = bands.take().map(|sums| Bands::new(sums, rules));
                    bands.transpose()?.map(AnyTable::Bands)
                }
                TableName::Samples | TableName::Calls | TableName::Answers | TableName::Picked => {
                    self.list(name, overview)
                }
            });
        }
        Ok(tables)
    }

    /// Whether a table that nobody asked for by name would say anything.
    pub(super) fn has_something_on(&self, table: TableName, wanted: &Wanted) -> bool {
        let of_rubric = |has: fn(&Rubric) -> bool| self.rubrics.last().is_some_and(has);
        let is_scored = || {
            let mut calls = self.facts.iter().flat_map(SampleFacts::inside);
            calls.any(|call| call.counting().is_some())
        };
        match table {
            // These say as well how much is left to score.
            TableName::CallerType | TableName::Csr | TableName::Samples => true,
            _ if wanted.asked != Asked::Usual && !table.is_list() && !is_scored() => false,
            TableName::Team => wanted.roster.as_ref().is_some_and(|one| one.has_teams()),
            TableName::Critical => of_rubric(|rubric| {
                let mut behaviors = rubric.behaviors().iter();
                behaviors.any(|behavior| behavior.critical.is_some())
            }),
            TableName::Drivers => of_rubric(|rubric| !rubric.drivers().is_empty()),
            TableName::Costs => of_rubric(Costs::are_told_by),
            TableName::Bands => of_rubric(|rubric| !rubric.bands().is_empty()),
            TableName::Trend => {
                let mut calls = self.facts.iter().flat_map(SampleFacts::inside);
                calls.any(|call| call.day.is_some())
            }
            TableName::Journeys => {
                (self.facts.iter()).all(|sample| sample.unit == Unit::Interaction)
            }
            TableName::Picked => self.facts.iter().any(|sample| !sample.picked.is_empty()),
            // Held against oneself nobody stands out.
            TableName::Recognition => wanted.filter.csrs.is_empty(),
            _ => true,
        }
    }
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
