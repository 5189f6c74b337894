use std::collections::BTreeMap;

use super::{Figure, GapFigure, SampleFacts};
use crate::calls::CallerType;
use crate::estimate::design::{Stratum as Design, Tally, scorable_population};
use crate::estimate::error::EstimateError;
use crate::estimate::gap::{Gap, VerdictRule, domain_gap, verdict};
use crate::estimate::mean::mean;
use crate::estimate::moments::Moments;
use crate::estimate::multiplicity::benjamini_hochberg;
use crate::estimate::pool::Pools;
use crate::estimate::rate::{RateMethod, rate};
use crate::estimate::settings::{DfRule, Settings, VarianceSource};
use crate::evaluation::{Evaluation, score};
use crate::rubric::Rubric;
use crate::sampling::Stratum;

/// What is asked of an evaluation. Scores are 0-100; critical-free is 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Score,
    BeforeCritical,
    /// Before criticals, on the behaviors that apply to both caller types.
    LikeForLike,
    CriticalFree,
}

/// Calls a figure is about; `None` is all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Domain<'a> {
    pub(super) csr: Option<&'a str>,
    pub(super) caller_type: Option<CallerType>,
}

/// How figures and verdicts are made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    pub df: DfRule,
    pub variance: VarianceSource,
    pub prop: RateMethod,
    pub verdict: VerdictRule,
}

/// The scores of one or more samples under one rubric, summed up so that any domain can be estimated.
pub struct Scores {
    strata: Vec<ScoredStratum>,
    pools: [Pools; 4],
    /// Where the scale ends.
    highest: f64,
    rules: Rules,
}

struct ScoredStratum {
    stratum: Stratum,
    /// N_h, or the part of it that can be scored.
    population: f64,
    scored: u64,
    /// By CSR and caller type as heard.
    cells: BTreeMap<(String, CallerType), [Moments; 4]>,
}

/// Losses above this share are taken out of N_h.
const LOSS: f64 = 0.05;

impl Domain<'_> {
    fn holds(&self, csr: &str, caller_type: CallerType) -> bool {
        self.csr.is_none_or(|wanted| wanted == csr)
            && self.caller_type.is_none_or(|wanted| wanted == caller_type)
    }

    /// Whether a stratum can hold calls of the domain as logged.
    fn meets(&self, stratum: &Stratum) -> bool {
        let csr = self
            .csr
            .zip(stratum.csr.as_deref())
            .is_none_or(|(a, b)| a == b);
        csr && self
            .caller_type
            .zip(stratum.caller_type)
            .is_none_or(|(a, b)| a == b)
    }
}

impl Scores {
    /// Sums up the evaluations that count; an evaluation without a score is outside every domain.
    ///
    /// # Errors
    /// Facts that contradict themselves (more scored calls in a stratum than there are).
    pub fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let mut strata = Vec::new();
        for sample in samples {
            let base = strata.len();
            let mut unscorable = vec![0_u64; sample.strata.len()];
            strata.extend(sample.strata.iter().map(|facts| ScoredStratum {
                stratum: facts.stratum.clone(),
                population: facts.eligible as f64,
                scored: 0,
                cells: BTreeMap::new(),
            }));
            for call in &sample.calls {
                unscorable[call.stratum] += u64::from(call.unscorable);
                let Some(evaluation) = call.counting() else {
                    continue;
                };
                let stratum: &mut ScoredStratum = &mut strata[base + call.stratum];
                stratum.scored += 1;
                let csr = evaluation.csr_heard.as_deref().unwrap_or(&call.csr);
                let key = (csr.to_owned(), evaluation.caller_type);
                let sums = stratum.cells.entry(key).or_default();
                for (sum, answer) in sums.iter_mut().zip(answers(rubric, evaluation)) {
                    answer.into_iter().for_each(|value| sum.push(value));
                }
            }
            for (stratum, unscorable) in strata[base..].iter_mut().zip(unscorable) {
                let tried = stratum.scored + unscorable;
                if unscorable as f64 > LOSS * tried as f64
                    && let Some(left) =
                        scorable_population(stratum.population as u64, tried, stratum.scored)
                {
                    stratum.population = left.max(stratum.scored as f64);
                }
            }
        }
        let mut scores = Self {
            strata,
            pools: [Pools::none(), Pools::none(), Pools::none(), Pools::none()],
            highest: if rubric.bonus() { f64::INFINITY } else { 100.0 },
            rules,
        };
        for question in [
            Question::Score,
            Question::BeforeCritical,
            Question::LikeForLike,
            Question::CriticalFree,
        ] {
            scores.pools[question as usize] =
                Pools::of(&scores.designs(question, Domain::default())?);
        }
        Ok(scores)
    }

    /// CSRs of evaluated calls, as heard.
    pub(super) fn csrs(&self) -> impl Iterator<Item = &str> {
        self.strata
            .iter()
            .flat_map(|stratum| stratum.cells.keys().map(|(csr, _)| csr.as_str()))
    }

    fn designs(
        &self,
        question: Question,
        domain: Domain<'_>,
    ) -> Result<Vec<Design>, EstimateError> {
        let mut designs = Vec::new();
        for stratum in &self.strata {
            if let Some(design) = stratum.design(question, domain)? {
                designs.push(design);
            }
        }
        Ok(designs)
    }

    /// The mean over the frame's calls of the domain, one vote per call; `None` without a scored call.
    pub(super) fn mean(
        &self,
        question: Question,
        domain: Domain<'_>,
    ) -> Result<Option<Figure>, EstimateError> {
        let pools = &self.pools[question as usize];
        let estimate = mean(
            &self.designs(question, domain)?,
            pools,
            &self.rules.settings(true),
        )?;
        Ok(estimate.map(|estimate| Figure::of_mean(&estimate, self.highest)))
    }

    /// The share of the frame's calls of the domain without a critical error.
    pub(super) fn critical_free(
        &self,
        domain: Domain<'_>,
    ) -> Result<Option<Figure>, EstimateError> {
        let pools = &self.pools[Question::CriticalFree as usize];
        let designs = self.designs(Question::CriticalFree, domain)?;
        let rate = rate(&designs, pools, self.rules.prop, &self.rules.settings(true))?;
        Ok(rate.map(|rate| Figure::of_rate(&rate)))
    }

    /// Scored calls of the domain, those without a score included.
    pub(super) fn scored(&self, domain: Domain<'_>) -> u64 {
        let cells = self.strata.iter().flat_map(|stratum| &stratum.cells);
        let held = cells.filter(|((csr, caller_type), _)| domain.holds(csr, *caller_type));
        held.map(|(_, sums)| sums[Question::CriticalFree as usize].count())
            .sum()
    }

    /// Internal minus external, like for like and before criticals, for each CSR (or for all: `None`); one family of
    /// tests.
    pub(super) fn gaps(
        &self,
        csrs: &[Option<&str>],
    ) -> Result<Vec<Option<GapFigure>>, EstimateError> {
        let gaps = csrs
            .iter()
            .map(|csr| self.gap(*csr))
            .collect::<Result<Vec<_>, _>>()?;
        let p: Vec<Option<f64>> = gaps
            .iter()
            .map(|gap| gap.as_ref().and_then(|gap| gap.p))
            .collect();
        let figures = gaps.iter().zip(benjamini_hochberg(&p)).map(|(gap, q)| {
            let gap = gap.as_ref()?;
            Some(GapFigure::new(gap, q, verdict(gap, q, &self.rules.verdict)))
        });
        Ok(figures.collect())
    }

    fn gap(&self, csr: Option<&str>) -> Result<Option<Gap>, EstimateError> {
        let of = |caller_type| Domain {
            csr,
            caller_type: Some(caller_type),
        };
        let question = Question::LikeForLike;
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for stratum in &self.strata {
            let internal = stratum.design(question, of(CallerType::Internal))?;
            let external = stratum.design(question, of(CallerType::External))?;
            if internal.is_some() || external.is_some() {
                left.push(stratum.side(internal)?);
                right.push(stratum.side(external)?);
            }
        }
        domain_gap(
            &left,
            &right,
            &[],
            &self.pools[question as usize],
            &self.rules.settings(false),
        )
    }
}

impl Rules {
    fn settings(self, fpc: bool) -> Settings {
        Settings {
            fpc,
            df: self.df,
            variance: self.variance,
            ..Settings::default()
        }
    }
}

impl ScoredStratum {
    /// The stratum as a design for one question and domain; `None` where it has nothing to do with the domain.
    fn design(
        &self,
        question: Question,
        domain: Domain<'_>,
    ) -> Result<Option<Design>, EstimateError> {
        let mut inside = Moments::new();
        let mut met = domain.meets(&self.stratum);
        for ((csr, caller_type), sums) in &self.cells {
            if domain.holds(csr, *caller_type) {
                inside.merge(&sums[question as usize]);
                met = true;
            }
        }
        if !met {
            return Ok(None);
        }
        Design::from_moments(self.population, self.pool(), self.scored, inside).map(Some)
    }

    /// One side of a difference: a stratum the side has no part in still counts its sampled calls.
    fn side(&self, design: Option<Design>) -> Result<Design, EstimateError> {
        match design {
            Some(design) => Ok(design),
            None if self.scored == 0 => Design::new(self.population, self.pool(), Tally::new()),
            None => Design::from_moments(self.population, self.pool(), self.scored, Moments::new()),
        }
    }

    /// Deviations are borrowed among strata of one caller type.
    fn pool(&self) -> usize {
        self.stratum
            .caller_type
            .map_or(CallerType::ALL.len(), |caller_type| caller_type as usize)
    }
}

/// By the order of [`Question`].
fn answers(rubric: &Rubric, evaluation: &Evaluation) -> [Option<f64>; 4] {
    [
        evaluation.score,
        evaluation.score_before_critical,
        like_for_like(rubric, evaluation),
        Some(if evaluation.criticals.is_empty() {
            1.0
        } else {
            0.0
        }),
    ]
}

fn like_for_like(rubric: &Rubric, evaluation: &Evaluation) -> Option<f64> {
    if rubric
        .behaviors()
        .iter()
        .all(|behavior| behavior.applies_to.both())
    {
        return evaluation.score_before_critical;
    }
    let shared = (rubric.behaviors().iter().zip(&evaluation.answers))
        .map(|(behavior, answer)| answer.filter(|_| behavior.applies_to.both()))
        .collect::<Vec<_>>();
    score(rubric, evaluation.caller_type, &shared).score_before_critical
}
