//! Which reports are made from calls that go by one by one, and what is summed up of them.

use super::asked::{Asked, TableName};
use super::made::Wanted;
use crate::cli::Failure;
use crate::evaluation::ScoredCall;
use crate::report::{BandSums, RateSums, RatesOf, SampleFacts, ScoreSums, SectionSums};
use crate::rubric::Rubric;
use crate::sampling::Unit;
use crate::store::{SampleInfo, Store};

/// Whether a report needs all calls at once. Where it does not, they are summed up while they go by: of a million in a
/// seventh of the time, and a thirtieth of the room.
pub(super) fn needs_calls(
    store: &impl Store,
    infos: &[SampleInfo],
    wanted: &Wanted,
) -> Result<bool, Failure> {
    let listed = match wanted.asked {
        Asked::Usual => false,
        Asked::One(table) => !table.is_summed(),
        Asked::Page | Asked::Workbook => true,
    };
    // Samples whose days aren't known may share calls.
    let may_overlap = infos.len() > 1 && infos.iter().any(|info| info.period().is_none());
    // Calls of one journey belong together.
    let journeys = infos
        .iter()
        .any(|info| info.design.unit == Unit::Interaction);
    let changed = wanted.roster.is_some() || !wanted.filter.is_all();
    if listed || may_overlap || journeys || changed || !are_alike(infos) {
        return Ok(true);
    }
    let mut has_picked = false;
    for info in infos.iter().filter(|_| wanted.asked == Asked::Usual) {
        has_picked |= store.has_picked(&info.name)?;
    }
    Ok(has_picked)
}

/// Whether the rubrics of samples score alike.
pub(super) fn are_alike(infos: &[SampleInfo]) -> bool {
    let hash = |info: &SampleInfo| info.rubric.scoring_hash;
    (infos.windows(2)).all(|pair| hash(&pair[0]) == hash(&pair[1]))
}

/// What estimates are made of, call by call.
pub(super) struct Sums<'a> {
    pub(super) scores: ScoreSums<'a>,
    pub(super) rates: Vec<RateSums<'a>>,
    pub(super) sections: Option<SectionSums<'a>>,
    pub(super) bands: Option<BandSums<'a>>,
}

impl<'a> Sums<'a> {
    pub(super) fn new(rubric: &'a Rubric, asked: Asked) -> Self {
        let rates = asked.names().into_iter().filter_map(|table| match table {
            TableName::Behaviors => Some(RatesOf::Behaviors),
            TableName::Critical => Some(RatesOf::Critical),
            TableName::Drivers => Some(RatesOf::Drivers),
            _ => None,
        });
        Self {
            scores: ScoreSums::new(rubric),
            rates: rates.map(|what| RateSums::new(what, rubric)).collect(),
            sections: asked
                .has(TableName::Sections)
                .then(|| SectionSums::new(rubric)),
            bands: asked.has(TableName::Bands).then(|| BandSums::new(rubric)),
        }
    }

    /// Calls that follow are of this sample.
    pub(super) fn begin(&mut self, sample: &SampleFacts) {
        self.scores.begin(sample);
        for rates in &mut self.rates {
            rates.begin(sample);
        }
        if let Some(sections) = &mut self.sections {
            sections.begin(sample);
        }
        if let Some(bands) = &mut self.bands {
            bands.begin(sample);
        }
    }

    pub(super) fn call(&mut self, call: &ScoredCall<'_>) {
        self.scores.call(call);
        for rates in &mut self.rates {
            rates.call(call);
        }
        if let Some(sections) = &mut self.sections {
            sections.call(call);
        }
        if let Some(bands) = &mut self.bands {
            bands.call(call);
        }
    }
}
