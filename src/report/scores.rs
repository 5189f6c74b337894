use super::estimates::{AtMix, Estimates, Sums};
use super::strata::Domain;
use super::{Figure, GapFigure, Rules, SampleFacts, Zeros};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::estimate::mean::Estimate;
use crate::evaluation::{CallOutcome, Counting, ScoredCall, Scorer};
use crate::rubric::{Behavior, Rubric};

/// What is asked of an evaluation. Scores are 0-100; the others are 0 or 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Score,
    BeforeCritical,
    /// Before criticals, on the behaviors that apply to both caller types.
    LikeForLike,
    CriticalFree,
    /// The outcome is `pass`; outside where the rubric has no pass mark.
    Passed,
}

const QUESTIONS: [Question; 5] = [
    Question::Score,
    Question::BeforeCritical,
    Question::LikeForLike,
    Question::CriticalFree,
    Question::Passed,
];

/// The scores of one or more samples under one rubric.
pub struct Scores {
    estimates: Estimates,
    /// Whether some behaviors are asked of one caller type alone.
    one_sided: bool,
    zeros: Zeros,
    pass_mark: Option<f64>,
}

/// What scores are made of, call by call.
pub struct ScoreSums<'a> {
    rubric: &'a Rubric,
    /// Scores like for like; `None` where all behaviors apply to both caller types, so that all scores are.
    like_for_like: Option<Scorer>,
    zeros: Zeros,
    sums: Sums,
}

impl<'a> ScoreSums<'a> {
    /// Nothing yet.
    pub fn new(rubric: &'a Rubric) -> Self {
        let both = |behavior: &Behavior| behavior.applies_to.both();
        let one_sided = !rubric.behaviors().iter().all(both);
        Self {
            rubric,
            like_for_like: one_sided.then(|| Scorer::of(rubric, both)),
            zeros: Zeros::default(),
            sums: Sums::new(QUESTIONS.len()),
        }
    }

    /// Calls that follow are of this sample.
    pub fn begin(&mut self, sample: &SampleFacts) {
        self.sums.begin(sample);
    }

    /// Takes a call in; an evaluation without a score is outside every domain.
    pub fn call(&mut self, call: &ScoredCall<'_>) {
        self.zeros.call(call);
        let (rubric, like_for_like) = (self.rubric, &mut self.like_for_like);
        self.sums.call(call, |evaluation, values| {
            for (question, value) in QUESTIONS.into_iter().zip(values) {
                *value = answer(rubric, like_for_like, evaluation, question);
            }
        });
    }
}

impl Scores {
    /// Estimates from what was summed up.
    ///
    /// # Errors
    /// Facts that contradict themselves (more scored calls in a stratum than there are).
    pub fn new(sums: ScoreSums<'_>, rules: Rules) -> Result<Self, EstimateError> {
        let rubric = sums.rubric;
        let highest = if rubric.bonus() { f64::INFINITY } else { 100.0 };
        Ok(Self {
            zeros: sums.zeros,
            estimates: Estimates::new(sums.sums, rules, highest)?,
            one_sided: sums.like_for_like.is_some(),
            pass_mark: rubric.pass_mark(),
        })
    }

    /// Estimates from samples whose calls are at hand.
    ///
    /// # Errors
    /// As for [`Scores::new`].
    pub fn of(
        rubric: &Rubric,
        samples: &[SampleFacts],
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let mut sums = ScoreSums::new(rubric);
        for sample in samples {
            sums.begin(sample);
            sample
                .calls
                .iter()
                .for_each(|call| sums.call(&call.scored()));
        }
        Self::new(sums, rules)
    }

    /// CSRs of evaluated calls, as heard.
    pub(super) fn csrs(&self) -> impl Iterator<Item = &str> {
        self.estimates.csrs()
    }

    /// Whether scores and gaps need not be about the same behaviors.
    pub(super) fn one_sided(&self) -> bool {
        self.one_sided
    }

    /// Calls that a critical error took to 0.
    pub(super) fn zeros(&self) -> &Zeros {
        &self.zeros
    }

    /// The score from which a call passes.
    pub(super) fn pass_mark(&self) -> Option<f64> {
        self.pass_mark
    }

    /// The mean over the frame's calls of the domain, one vote per call; `None` without a scored call.
    pub(super) fn mean(
        &self,
        question: Question,
        domain: Domain<'_>,
    ) -> Result<Option<Figure>, EstimateError> {
        self.estimates.mean(question as usize, domain)
    }

    /// See [`Estimates::pooled_mean`].
    pub(super) fn pooled_mean(
        &self,
        question: Question,
        domain: Domain<'_>,
    ) -> Result<Option<Estimate>, EstimateError> {
        self.estimates.pooled_mean(question as usize, domain)
    }

    /// A mean with its error, as the margin of [`Scores::mean`] has it.
    pub(super) fn level(
        &self,
        question: Question,
        domain: Domain<'_>,
    ) -> Result<Option<Estimate>, EstimateError> {
        self.estimates.level(question as usize, domain)
    }

    /// The deviation of single calls of a caller type within strata, pooled.
    pub(super) fn deviation(&self, question: Question, caller_type: CallerType) -> Option<f64> {
        self.estimates.deviation(question as usize, caller_type)
    }

    /// Scored calls of the domain that the question has an answer for.
    pub(super) fn answered(&self, question: Question, domain: Domain<'_>) -> u64 {
        self.estimates.with_value(question as usize, domain)
    }

    /// Whether no call differs from another of the same CSR, of these caller types, so that no spread can be told however many
    /// there are.
    pub(super) fn is_flat(&self, question: Question, caller_types: &[CallerType]) -> bool {
        (self.estimates)
            .spread_within(question as usize, caller_types)
            .is_none()
    }

    /// Scores before criticals, at a mix of caller types.
    pub(super) fn at_mix(
        &self,
        csr: Option<&str>,
        mix: &[(CallerType, f64)],
    ) -> Result<Option<AtMix>, EstimateError> {
        let value = Question::BeforeCritical as usize;
        self.estimates.at_mix(value, csr, mix)
    }

    /// The shares of calls without a critical error here minus those of another sample, one family of tests.
    pub(super) fn critical_free_minus(
        &self,
        other: &Self,
        domains: &[Domain<'_>],
    ) -> Result<Vec<Option<GapFigure>>, EstimateError> {
        let value = Question::CriticalFree as usize;
        (self.estimates).rates_minus(&other.estimates, value, domains)
    }

    /// The share of the frame's calls of the domain for which the answer is yes.
    pub(super) fn share(
        &self,
        question: Question,
        domain: Domain<'_>,
    ) -> Result<Option<Figure>, EstimateError> {
        self.estimates.rate(question as usize, domain)
    }

    /// Scored calls of the domain, those without a score included.
    pub(super) fn scored(&self, domain: Domain<'_>) -> u64 {
        self.estimates.scored(domain)
    }

    /// Drawn calls of the domain that could not be scored.
    pub(super) fn unscorable(&self, domain: Domain<'_>) -> u64 {
        self.estimates.losses(domain).1
    }

    /// See [`Estimates::worst_case`].
    pub(super) fn worst_case(&self) -> Option<(f64, f64)> {
        self.estimates.worst_case(Question::Score as usize)
    }

    /// Internal minus external, like for like and before criticals, for each CSR (or for all: `None`); one family of
    /// tests.
    pub(super) fn gaps(
        &self,
        csrs: &[Option<&str>],
    ) -> Result<Vec<Option<GapFigure>>, EstimateError> {
        self.estimates.gaps(Question::LikeForLike as usize, csrs)
    }
}

fn answer(
    rubric: &Rubric,
    like_for_like: &mut Option<Scorer>,
    evaluation: &Counting<'_>,
    question: Question,
) -> Option<f64> {
    let yes = |holds: bool| if holds { 1.0 } else { 0.0 };
    match (question, like_for_like) {
        (Question::Score, _) => evaluation.score,
        (Question::LikeForLike, Some(scorer)) => {
            scorer.before_critical(evaluation.caller_type, evaluation.answers)
        }
        (Question::BeforeCritical | Question::LikeForLike, _) => evaluation.score_before_critical,
        (Question::CriticalFree, _) => Some(yes(evaluation.criticals.is_empty())),
        // A critical error without a pass mark still fails the call; without a mark there is no rate to tell.
        (Question::Passed, _) => rubric
            .pass_mark()
            .and(evaluation.outcome)
            .map(|outcome| yes(outcome == CallOutcome::Pass)),
    }
}
