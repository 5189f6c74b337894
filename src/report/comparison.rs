//! Two samples beside each other: months, teams, before and after coaching.
//!
//! They are independent draws, so the variance of a difference is the sum of both, with Welch's degrees of freedom
//! (Satterthwaite), and without finite population correction: the question is about the service, not about these very calls
//! (Cochran 1977, 2.14). Scores are taken before criticals and, in both samples, at one mix of caller types: the shares that
//! the caller types have among the calls of both logs together. So a shift in who calls is no change in service; and as each
//! caller type is asked the same in both samples, like is compared with like on all behaviors.
//!
//! Refused by the caller: calls in both samples, and rubrics that score differently.

mod coached;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use super::estimates::AtMix;
use super::overview::signed;
use super::regression::{Regression, TooFewCsrs};
use super::scores::Question;
use super::strata::Domain;
use super::{Figure, GapFigure, Note, Rules, SampleFacts, Scores};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::estimate::gap::{Gap, verdict};
use crate::estimate::multiplicity::benjamini_hochberg;

pub use coached::{Against, Coached, GroupRow};
pub(super) use tables::{by_luck, judged, unjudged};

/// One sample of a comparison.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    pub facts: &'a SampleFacts,
    pub scores: &'a Scores,
}

/// Sample B beside sample A.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// A and B.
    pub samples: [String; 2],
    /// Caller types, then all calls.
    pub callers: Vec<ComparedCallers>,
    /// CSRs with a score in both samples, in alphabetical order.
    pub csrs: Vec<ComparedCsr>,
    /// CSRs with a score in A alone, and in B alone.
    pub only_in: [Vec<String>; 2],
    /// From the CSRs of A.
    pub regression: Result<Regression, TooFewCsrs>,
    pub coached: Option<Coached>,
    days: Days,
    /// Whether A and B have a score at all.
    scored: [bool; 2],
    /// Whether calls were drawn in one, whole journeys in the other.
    units_differ: bool,
    /// Whether in neither a call of a CSR differs from another.
    is_flat: bool,
}

/// How the days of two samples lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Days {
    /// A before B, or nobody knows.
    InOrder,
    /// B before A.
    Reversed,
    /// Some are the same, though calls are not.
    Shared,
}

/// A score in A and in B, both at one mix of caller types.
#[derive(Clone, Debug)]
pub struct Change {
    /// Shares of caller types that have scored calls in both samples; they add up to 1.
    pub mix: Vec<(CallerType, f64)>,
    pub a: Option<Figure>,
    pub b: Option<Figure>,
    /// B minus A.
    pub difference: Option<GapFigure>,
}

/// One caller type, or all calls.
#[derive(Clone, Debug)]
pub struct ComparedCallers {
    /// `None` for all.
    pub caller_type: Option<CallerType>,
    pub score: Change,
    /// Calls without a critical error; at the mix of the sample itself.
    pub critical_free: [Option<Figure>; 2],
    /// B minus A; `None` for all calls, whose mixes differ.
    pub critical_free_difference: Option<GapFigure>,
}

/// One CSR.
#[derive(Clone, Debug)]
pub struct ComparedCsr {
    pub csr: String,
    pub score: Change,
    /// What the score of somebody who was chosen for the score in A is expected to change by with no effect at all; `None`
    /// where too few CSRs are scored to tell.
    pub by_luck: Option<f64>,
}

/// Both samples at one mix.
struct Sides {
    mix: Vec<(CallerType, f64)>,
    a: Option<AtMix>,
    b: Option<AtMix>,
    gap: Option<Gap>,
}

impl Comparison {
    /// Compares sample B (the second) with sample A.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(samples: [Compared<'_>; 2], rules: Rules) -> Result<Self, EstimateError> {
        let names = samples.map(|one| csrs(one.scores));
        let both: Vec<&str> = names[0].intersection(&names[1]).copied().collect();
        let only = |here: usize, there: usize| -> Vec<String> {
            let only = names[here].difference(&names[there]);
            only.map(|csr| (*csr).to_owned()).collect()
        };
        let mut sides = Vec::with_capacity(both.len());
        for csr in &both {
            sides.push(Sides::new(&samples, Some(csr), &CallerType::ALL)?);
        }
        let regression = regression(&samples, &both, &sides, &names[0])?;
        let p: Vec<Option<f64>> = sides.iter().map(|one| one.gap?.p).collect();
        let mut rows = Vec::with_capacity(both.len());
        for ((csr, sides), q) in both.iter().zip(sides).zip(benjamini_hochberg(&p)) {
            rows.push(ComparedCsr {
                csr: (*csr).to_owned(),
                by_luck: regression
                    .as_ref()
                    .ok()
                    .and_then(|found| found.expected(csr)),
                score: sides.change(q, &rules)?,
            });
        }
        let [a, b] = samples;
        let days = match a.facts.period.zip(b.facts.period) {
            Some((a, b)) if b.1 < a.0 => Days::Reversed,
            Some((a, b)) if b.0 <= a.1 => Days::Shared,
            _ => Days::InOrder,
        };
        Ok(Self {
            samples: samples.map(|one| one.facts.name.clone()),
            callers: callers(&samples, &rules)?,
            csrs: rows,
            only_in: [only(0, 1), only(1, 0)],
            regression,
            coached: None,
            days,
            scored: samples.map(|one| has_score(one.scores, Domain::default())),
            units_differ: a.facts.unit != b.facts.unit,
            is_flat: samples.iter().all(|one| {
                let scores = one.scores;
                scores.is_flat(Question::BeforeCritical, &CallerType::ALL)
            }),
        })
    }

    /// CSRs with a score in either sample.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let both = self.csrs.iter().map(|row| row.csr.as_str());
        both.chain(self.only_in.iter().flatten().map(String::as_str))
    }

    /// Where all calls are compared, in one sentence.
    pub fn sentence(&self) -> Option<String> {
        let all = self.callers.iter().find(|row| row.caller_type.is_none())?;
        let [a, b] = &self.samples;
        let Some(gap) = all.score.difference.as_ref() else {
            return Some(match self.scored {
                [false, false] => format!(
                    "Neither {a} nor {b} has a call with a score, so there is nothing to compare."
                ),
                [false, true] => {
                    format!("No call of {a} has a score, so there is nothing to compare.")
                }
                [true, false] => {
                    format!("No call of {b} has a score, so there is nothing to compare.")
                }
                [true, true] => format!(
                    "{a} and {b} have no scored calls of a caller type in common, so there is nothing to compare."
                ),
            });
        };
        let size = format!(
            "{:.1} points {}",
            gap.value.abs(),
            if gap.value < 0.0 { "lower" } else { "higher" }
        );
        let range = match gap.low.zip(gap.high) {
            Some((low, high)) => format!("95 % margin {} to {}", signed(low), signed(high)),
            None => "without a margin".to_owned(),
        };
        Some(match gap.verdict {
            None if self.is_flat => format!(
                "At the same mix of callers, {b} scores {size} than {a}, but no call of a CSR differs from another, so there is no \
                 margin to tell that from luck."
            ),
            Some("shown") => {
                format!(
                    "At the same mix of callers, {b} scores {size} than {a} ({range}). That is more than luck."
                )
            }
            Some("practically equal") => {
                format!(
                    "At the same mix of callers, {a} and {b} score practically alike ({range})."
                )
            }
            _ => format!(
                "At the same mix of callers, {b} scores {size} than {a}, but so few calls can't tell that from luck ({range})."
            ),
        })
    }

    /// What a reader of these tables must know.
    pub fn notes(&self) -> Vec<Note> {
        let [a, b] = &self.samples;
        let mut notes = vec![Note::new(
            "difference",
            format!(
                "Difference: {b} minus {a}, before criticals. shown: more than luck; not shown: these calls can't tell, there may \
                 be a difference; practically equal: any difference is too small to matter."
            ),
        )];
        if let Some(all) = self.callers.iter().find(|row| row.caller_type.is_none()) {
            let shares = all.score.mix.iter();
            let shares: Vec<String> = shares
                .map(|(kind, share)| format!("{:.0} % {kind}", 100.0 * share))
                .collect();
            if shares.len() > 1 {
                let text = format!(
                    "Both samples are told at the mix of callers that both logs have together ({}; for a CSR, that of the CSR's \
                     calls), so that a shift in who calls is no change in service. Scores need not be those of `report csr`.",
                    shares.join(", ")
                );
                notes.push(Note::new("mix", text));
            }
        }
        notes.extend(self.luck_note());
        for (only, sample) in self.only_in.iter().zip(&self.samples) {
            if !only.is_empty() {
                let text = format!(
                    "Only in {sample}: {}.",
                    super::rosters::listed(only.clone())
                );
                notes.push(Note::new("only-in-one", text));
            }
        }
        match self.days {
            Days::InOrder => {}
            Days::Reversed => notes.push(Note::new(
                "reversed",
                format!(
                    "{b} is the earlier one: name it first to read a difference as a change, and what luck does as what came after."
                ),
            )),
            Days::Shared => notes.push(Note::new(
                "same-days",
                format!(
                    "{a} and {b} have calls of the same days. They are compared as independent draws, which they are where their \
                     logs hold other calls."
                ),
            )),
        }
        if self.units_differ && self.scored == [true, true] {
            notes.push(Note::new(
                "units",
                format!(
                    "Of {a} and {b} one is a sample of calls, the other of whole journeys. Scores are compared; shares of calls \
                     without a critical error have their margins made otherwise in each, and no difference."
                ),
            ));
        }
        notes.extend(
            self.coached
                .iter()
                .flat_map(|coached| coached.notes(&self.samples)),
        );
        notes.push(Note::detail(
            "independent",
            "The margin of a difference is that of two independent draws (Welch), without finite population correction: it is about \
             the service, not about these very calls. q is Benjamini and Hochberg's over the CSRs of the table; over the caller \
             types, for scores and for calls without a critical error each; and that of all calls stands alone.",
        ));
        notes.push(Note::new("margins", super::FOOTER));
        notes
    }

    fn luck_note(&self) -> Option<Note> {
        let a = &self.samples[0];
        let text = match &self.regression {
            _ if self.csrs.is_empty() => return None,
            Ok(found) if found.between > 0.0 => format!(
                "Expected by luck alone: what the score would change by with no effect at all, had the CSR been picked for the score \
                 in {a}; low scores rise and high ones fall towards {:.1}. Hold the difference against it, not against 0, for \
                 whoever was coached because of a low score.",
                found.center
            ),
            Ok(found) => format!(
                "Expected by luck alone: {a} shows no difference between CSRs, so whoever was picked for a low score in it is \
                 expected at {:.1} with no effect at all.",
                found.center
            ),
            Err(few) => format!(
                "Whoever was picked for a low score in {a} is expected to rise by luck alone. By how much can't be told from {} \
                 CSRs: it takes {}.",
                few.given, few.needed
            ),
        };
        Some(Note::new("expected-by-luck", text))
    }
}

impl Sides {
    fn new(
        samples: &[Compared<'_>; 2],
        csr: Option<&str>,
        kinds: &[CallerType],
    ) -> Result<Self, EstimateError> {
        let facts = samples.map(|one| one.facts);
        let mut mix = mix(&facts, csr, kinds);
        // What only one sample has scored calls of can't be compared.
        let scored = |kind: CallerType| {
            samples.iter().all(|one| {
                let all = Domain {
                    csr,
                    ..Domain::default()
                };
                has_score(one.scores, all.of(kind))
            })
        };
        mix.retain(|(kind, _)| scored(*kind));
        let sum: f64 = mix.iter().map(|(_, share)| share).sum();
        mix.iter_mut().for_each(|(_, share)| *share /= sum);
        let a = samples[0].scores.at_mix(csr, &mix)?;
        let b = samples[1].scores.at_mix(csr, &mix)?;
        let gap = match b.as_ref().zip(a.as_ref()) {
            Some((b, a)) => b.minus(a)?,
            None => None,
        };
        Ok(Self { mix, a, b, gap })
    }

    fn change(self, q: Option<f64>, rules: &Rules) -> Result<Change, EstimateError> {
        let figure = |side: Option<AtMix>| side.map_or(Ok(None), |side| side.figure());
        let difference =
            (self.gap).map(|gap| GapFigure::new(&gap, q, verdict(&gap, q, &rules.verdict)));
        Ok(Change {
            mix: self.mix,
            a: figure(self.a)?,
            b: figure(self.b)?,
            difference,
        })
    }
}

/// CSRs with a call that has a score, as heard.
fn csrs(scores: &Scores) -> BTreeSet<&str> {
    let all: BTreeSet<&str> = scores.csrs().collect();
    let own = |csr| Domain {
        csr: Some(csr),
        ..Domain::default()
    };
    all.into_iter()
        .filter(|csr| has_score(scores, own(*csr)))
        .collect()
}

/// Whether a scored call has a score: where nothing applied there is none.
fn has_score(scores: &Scores, domain: Domain<'_>) -> bool {
    scores.answered(Question::BeforeCritical, domain) > 0
}

/// The calls of each caller type in both logs together; shares that add up to 1, without those that have none.
fn mix(
    samples: &[&SampleFacts],
    csr: Option<&str>,
    kinds: &[CallerType],
) -> Vec<(CallerType, f64)> {
    let calls = |kind: CallerType| -> u64 {
        let cells = samples.iter().flat_map(|sample| &sample.cells);
        let mine = cells.filter(|cell| csr.is_none_or(|csr| csr == cell.csr));
        mine.filter(|cell| cell.caller_type == kind)
            .map(|cell| cell.eligible)
            .sum()
    };
    let counts = kinds.iter().map(|kind| (*kind, calls(*kind)));
    let counts: Vec<(CallerType, u64)> = counts.filter(|(_, calls)| *calls > 0).collect();
    let all: u64 = counts.iter().map(|(_, calls)| calls).sum();
    let shares = counts.into_iter();
    shares
        .map(|(kind, calls)| (kind, calls as f64 / all as f64))
        .collect()
}

/// Of all CSRs of A: those in both as the table has them, the others at the mix of their own calls.
fn regression(
    samples: &[Compared<'_>; 2],
    both: &[&str],
    sides: &[Sides],
    all: &BTreeSet<&str>,
) -> Result<Result<Regression, TooFewCsrs>, EstimateError> {
    let [a, _] = samples;
    let mut alone = Vec::new();
    for csr in all.iter().filter(|csr| both.binary_search(csr).is_err()) {
        let mut mix = mix(&[a.facts], Some(csr), &CallerType::ALL);
        mix.retain(|(kind, _)| {
            let all = Domain {
                csr: Some(csr),
                ..Domain::default()
            };
            has_score(a.scores, all.of(*kind))
        });
        if let Some(score) = a.scores.at_mix(Some(csr), &mix)? {
            alone.push((*csr, score));
        }
    }
    let alone = alone.iter().map(|(csr, score)| (*csr, score));
    let known = both.iter().zip(sides);
    let known = known.filter_map(|(csr, sides)| Some((*csr, sides.a.as_ref()?)));
    let scores: BTreeMap<&str, &AtMix> = known.chain(alone).collect();
    Regression::of(scores)
}

fn callers(
    samples: &[Compared<'_>; 2],
    rules: &Rules,
) -> Result<Vec<ComparedCallers>, EstimateError> {
    let mut kinds = Vec::new();
    for kind in CallerType::ALL {
        let sides = Sides::new(samples, None, &[kind])?;
        let has = |one: &Compared<'_>| has_score(one.scores, Domain::caller_type(kind));
        if kind != CallerType::Unknown || samples.iter().any(has) {
            kinds.push((kind, sides));
        }
    }
    let p: Vec<Option<f64>> = kinds.iter().map(|(_, sides)| sides.gap?.p).collect();
    let domains: Vec<Domain<'_>> = kinds
        .iter()
        .map(|(kind, _)| Domain::caller_type(*kind))
        .collect();
    let [a, b] = samples.map(|one| one.scores);
    let critical_free_gaps = b.critical_free_minus(a, &domains)?;
    let mut rows = Vec::new();
    let kinds = kinds.into_iter().zip(benjamini_hochberg(&p));
    for (((kind, sides), q), critical_free_difference) in kinds.zip(critical_free_gaps) {
        let domain = Domain::caller_type(kind);
        rows.push(ComparedCallers {
            caller_type: Some(kind),
            score: sides.change(q, rules)?,
            critical_free: critical_free(samples, domain)?,
            critical_free_difference,
        });
    }
    let sides = Sides::new(samples, None, &CallerType::ALL)?;
    // Of one test q is p.
    let q = sides.gap.and_then(|gap| gap.p);
    rows.push(ComparedCallers {
        caller_type: None,
        score: sides.change(q, rules)?,
        critical_free: critical_free(samples, Domain::default())?,
        critical_free_difference: None,
    });
    Ok(rows)
}

fn critical_free(
    samples: &[Compared<'_>; 2],
    domain: Domain<'_>,
) -> Result<[Option<Figure>; 2], EstimateError> {
    let of = |one: &Compared<'_>| one.scores.share(Question::CriticalFree, domain);
    Ok([of(&samples[0])?, of(&samples[1])?])
}
