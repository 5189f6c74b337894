//! Who can be praised on evidence: whose score lies above the team's mean, or at the pass mark or above, margin and all, with
//! every kind of caller.
//!
//! For all calls, and for each caller type that was drawn, the lower 95 % limit of the CSR's score must lie above the mean of
//! all CSRs or reach the pass mark. That all must hold is an intersection-union test (Berger 1982, Technometrics 24:295), so
//! the parts need no correction; that several CSRs are looked at does: Benjamini and Hochberg's q over CSRs, of the largest p
//! of the parts, must not exceed that of a gap that is shown. The question is how these calls were served, so margins have
//! the finite population correction, as in the table of CSRs. Nobody with a critical error in a scored call is named.
//!
//! "How many calls would it take" is answered for somebody 10 points better than the others with every kind of caller, four
//! times out of five, by the same rule: see `estimate::power::calls_to_stand_out`. The bar is where the rule has it, at the
//! mean of all, which somebody among m CSRs lifts by 10/m points, or at the pass mark where that is lower.
//!
//! Behaviors are told, not tested: those earned in full in each scored call they were asked in, four or more, where others
//! lose points; first those where all CSRs together lose most.

use std::collections::BTreeMap;

use super::rates::earned;
use super::rosters::listed;
use super::scores::Question;
use super::strata::Domain;
use super::{
    Align, Cell, Column, FOOTER, Figure, Note, RateSums, Rates, RatesOf, Rules, SampleFacts,
    Scores, Table,
};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::estimate::multiplicity::benjamini_hochberg;
use crate::estimate::power::calls_to_stand_out;
use crate::estimate::quantile::t_two_sided;
use crate::rubric::{Behavior, Rubric, Weigh};

/// A behavior carries praise from so many calls on: of 4 out of 4 the true rate is 51 % at least.
const LEAST_CALLS: u64 = 4;
/// More are left out.
const MOST_BEHAVIORS: usize = 5;
/// "How many calls would it take" is answered for somebody so many points above the others.
const CLEARLY: f64 = 10.0;
const POWER: f64 = 0.8;

/// Table `recognition`.
#[derive(Clone, Debug)]
pub struct Recognition {
    /// In alphabetical order: no ranks.
    pub rows: Vec<RecognitionRow>,
    /// All CSRs together: score, internal, external.
    pub all: [Option<Figure>; 3],
    /// The score (0-100) from which a call passes.
    pub pass_mark: Option<f64>,
    /// Caller types of the logs that have scored calls of the CSRs named.
    pub kinds: Vec<CallerType>,
    /// CSRs with scored calls, but not of all these caller types or too few of them to have a margin.
    pub not_judged: Vec<String>,
    /// CSRs with calls enough that have no margin because no call differs from another.
    pub without_spread: Vec<String>,
    /// Roughly how many calls of each CSR and caller type would single out somebody 10 points above the others.
    pub calls_needed: Option<u64>,
    /// Whether each CSR has as many.
    pub calls_enough: bool,
    /// Whether calls of another caller type were drawn that none is scored of.
    others_drawn: bool,
    /// Whether the report is about some of the calls.
    filtered: bool,
    /// What each CSR earned in full, always, where others lose points.
    pub(super) strengths: BTreeMap<String, Vec<Carries>>,
}

/// Somebody to praise.
#[derive(Clone, Debug)]
pub struct RecognitionRow {
    pub csr: String,
    pub score: Option<Figure>,
    pub internal: Option<Figure>,
    pub external: Option<Figure>,
    /// Whether all lower limits lie above the mean of all CSRs, and whether all reach the pass mark.
    pub above_team: bool,
    pub at_pass_mark: bool,
    /// Among all CSRs judged.
    pub q: f64,
    pub behaviors: Vec<Carries>,
}

/// A behavior earned in full in all calls.
#[derive(Clone, Debug)]
pub struct Carries {
    pub behavior: String,
    pub text: String,
    pub calls: u64,
    /// The share that all CSRs together earned, 0-1.
    pub all: f64,
}

/// What is asked of one CSR in one domain.
struct Part {
    figure: Figure,
    above_team: bool,
    at_pass_mark: bool,
    p: f64,
}

impl Recognition {
    /// Looks at every CSR.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        scores: &Scores,
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let kinds: Vec<CallerType> = ([CallerType::Internal, CallerType::External].into_iter())
            .filter(|kind| scores.answered(Question::Score, Domain::caller_type(*kind)) > 0)
            .collect();
        let mut names: Vec<&str> = scores.csrs().collect();
        names.sort_unstable();
        names.dedup();
        let bars = bars(scores, &kinds)?;
        let (mut judged, mut not_judged, mut without_spread) = (Vec::new(), Vec::new(), Vec::new());
        for csr in &names {
            match parts(scores, csr, &bars)? {
                Looked::Judged(parts) => judged.push((*csr, parts)),
                Looked::TooFew => not_judged.push((*csr).to_owned()),
                Looked::NoSpread => without_spread.push((*csr).to_owned()),
            }
        }
        let calls_needed = calls_needed(scores, &bars, names.len(), rules.verdict.q);
        let has = |csr: &str, kind: CallerType| scores.answered(Question::Score, of(csr).of(kind));
        let calls_enough = calls_needed.is_some_and(|needed| {
            let mut names = names.iter();
            names.all(|csr| kinds.iter().all(|kind| has(csr, *kind) >= needed))
        });
        let largest = |parts: &[Part]| parts.iter().map(|part| part.p).fold(0.0, f64::max);
        let p: Vec<Option<f64>> = judged
            .iter()
            .map(|(_, parts)| Some(largest(parts)))
            .collect();
        let strengths = strengths(rubric, samples, rules)?;
        let mut rows = Vec::new();
        for ((csr, parts), q) in judged.into_iter().zip(benjamini_hochberg(&p)) {
            let holds = parts
                .iter()
                .all(|part| part.above_team || part.at_pass_mark);
            let Some(q) = q.filter(|q| holds && *q <= rules.verdict.q) else {
                continue;
            };
            let domain = of(csr);
            let free = scores.share(Question::CriticalFree, domain)?;
            if free.is_none_or(|free| free.value < 1.0) {
                continue;
            }
            rows.push(RecognitionRow {
                csr: csr.to_owned(),
                score: parts.first().map(|part| part.figure.clone()),
                internal: scores.mean(Question::Score, domain.of(CallerType::Internal))?,
                external: scores.mean(Question::Score, domain.of(CallerType::External))?,
                above_team: parts.iter().all(|part| part.above_team),
                at_pass_mark: parts.iter().all(|part| part.at_pass_mark),
                q,
                behaviors: strengths.get(csr).cloned().unwrap_or_default(),
            });
        }
        let mean = |domain| scores.mean(Question::Score, domain);
        Ok(Self {
            rows,
            all: [
                mean(Domain::default())?,
                mean(Domain::caller_type(CallerType::Internal))?,
                mean(Domain::caller_type(CallerType::External))?,
            ],
            pass_mark: scores.pass_mark(),
            calls_needed,
            calls_enough,
            others_drawn: samples.iter().flat_map(SampleFacts::inside).any(|call| {
                call.caller_type != CallerType::Unknown && !kinds.contains(&call.caller_type)
            }),
            filtered: samples.iter().any(|sample| !sample.filter.is_all()),
            kinds,
            not_judged,
            without_spread,
            strengths,
        })
    }

    /// What the table says, in a sentence or two.
    pub fn sentences(&self) -> Vec<String> {
        let found = match self.rows.len() {
            0 => format!(
                "These calls can't single anybody out: of no CSR the score lies, margin and all, above that of {}{}, {}.",
                self.all_csrs(),
                self.or_the_mark(),
                self.with_whom()
            ),
            1 => "1 CSR can be praised on the evidence of these calls.".to_owned(),
            count => format!("{count} CSRs can be praised on the evidence of these calls."),
        };
        let mut sentences = vec![found];
        let needed = self.calls_needed.filter(|_| self.rows.is_empty());
        sentences.extend(needed.map(|calls| match self.calls_enough {
            true => format!(
                "There are calls enough to show, four times out of five, somebody who is {CLEARLY:.0} points better than the others: \
                 nobody stands out as clearly."
            ),
            false => format!(
                "Roughly {calls} scored calls of each CSR and caller type would show, four times out of five, somebody who is \
                 {CLEARLY:.0} points better than the others; or name several samples, which count together."
            ),
        }));
        sentences
    }

    /// Whom everybody is held against.
    fn all_csrs(&self) -> &'static str {
        match self.filtered {
            true => "all CSRs in these calls",
            false => "all CSRs",
        }
    }

    fn or_the_mark(&self) -> String {
        self.pass_mark.map_or(String::new(), |mark| {
            format!(" or at the pass mark of {mark} or above")
        })
    }

    /// In which calls a CSR must stand out.
    pub(super) fn with_whom(&self) -> &'static str {
        match (self.kinds.as_slice(), self.others_drawn) {
            ([CallerType::Internal], true) => "with internal callers, the only ones scored",
            ([CallerType::Internal], false) => "with internal callers, the only ones looked at",
            ([CallerType::External], true) => "with external callers, the only ones scored",
            ([CallerType::External], false) => "with external callers, the only ones looked at",
            _ => "in all calls and both with internal and with external callers",
        }
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let text = format!(
            "Named is who has a lower 95 % limit of the score above the mean of {}{}, {}; who stands out among so many CSRs by \
             more than luck (q up to 0.10); and who has no critical error in a scored call. The order is alphabetical. Not being \
             named says nothing: these calls may be too few.",
            self.all_csrs(),
            self.or_the_mark(),
            self.with_whom()
        );
        let mut notes = vec![Note::new("recognition-rule", text)];
        let mean = self.all[0].as_ref().map(|all| all.value);
        if let Some((mark, mean)) = self.pass_mark.zip(mean)
            && mark < mean
            && !self.rows.is_empty()
        {
            let text = format!(
                "The pass mark of {mark} lies below the mean of {} ({mean:.1}), so nearly everybody may reach it: whoever has \
                 only \u{201c}pass mark\u{201d} under \u{201c}Lower limits above\u{201d} is not shown to serve better than others.",
                self.all_csrs()
            );
            notes.push(Note::new("recognition-low-mark", text));
        }
        if !self.rows.is_empty() {
            let text = format!(
                "Behaviors: earned in full in every scored call they were asked in ({LEAST_CALLS} calls or more) where others lose \
                 points, in brackets what all CSRs earn; at most {MOST_BEHAVIORS}. That tells of the scored calls and is no proof \
                 for the others."
            );
            notes.push(Note::new("recognition-behaviors", text));
        }
        if !self.not_judged.is_empty() {
            let text = format!(
                "Could not be named, without scored calls enough of each caller type: {}.",
                listed(self.not_judged.clone())
            );
            notes.push(Note::new("recognition-not-judged", text));
        }
        if !self.without_spread.is_empty() {
            let text = format!(
                "Could not be named, because no scored call of a CSR differs from another, so that there is no margin to tell: {}.",
                listed(self.without_spread.clone())
            );
            notes.push(Note::new("recognition-no-spread", text));
        }
        notes.push(Note::new("margins", FOOTER));
        notes
    }

    /// As a neutral table; all CSRs together are its last row.
    pub fn table(&self) -> Table {
        let columns = vec![
            Column::new("csr", "CSR", Align::Left),
            Column::new("score", "Score", Align::Left),
            Column::new("internal", "Internal", Align::Left),
            Column::new("external", "External", Align::Left),
            Column::new("above", "Lower limits above", Align::Left),
            Column::new("behaviors", "Behaviors that carry it", Align::Left),
        ];
        let mut table = Table::new("recognition", "Who can be praised on evidence", columns);
        for row in &self.rows {
            let behaviors: Vec<String> = row.behaviors.iter().map(Carries::told).collect();
            table.push(vec![
                Cell::text(&row.csr),
                Cell::score(row.score.as_ref()),
                Cell::score(row.internal.as_ref()),
                Cell::score(row.external.as_ref()),
                Cell::text(row.above()),
                Cell::text(&behaviors.join("; ")),
            ]);
        }
        let mut total = vec![Cell::text(match self.filtered {
            true => "All CSRs in these calls",
            false => "All CSRs",
        })];
        total.extend(self.all.iter().map(|figure| Cell::score(figure.as_ref())));
        total.extend([Cell::Missing, Cell::Missing]);
        table.push_total(total);
        table
    }
}

impl RecognitionRow {
    /// What all lower limits lie above, in words.
    pub fn above(&self) -> &'static str {
        match (self.above_team, self.at_pass_mark) {
            (true, true) => "mean of all and pass mark",
            (true, false) => "mean of all",
            (false, true) => "pass mark",
            (false, false) => "mean of all or pass mark",
        }
    }
}

impl Carries {
    pub(super) fn told(&self) -> String {
        format!(
            "{} ({} of {}; all {:.0} %)",
            self.text,
            self.calls,
            self.calls,
            100.0 * self.all
        )
    }
}

fn of(csr: &str) -> Domain<'_> {
    Domain {
        csr: Some(csr),
        ..Domain::default()
    }
}

/// What all CSRs together have, in all calls and in those of each caller type.
struct Bar {
    kind: Option<CallerType>,
    team: f64,
    /// The pass mark where that is lower.
    least: f64,
    /// Whether no call of a CSR differs from another.
    is_flat: bool,
}

fn bars(scores: &Scores, kinds: &[CallerType]) -> Result<Vec<Bar>, EstimateError> {
    let mut bars = Vec::new();
    let all = [None].into_iter().chain(kinds.iter().copied().map(Some));
    for kind in all {
        let domain = Domain {
            csr: None,
            caller_type: kind,
        };
        if let Some(team) = scores.mean(Question::Score, domain)? {
            let mark = scores.pass_mark();
            let own: &[CallerType] = kind.as_slice();
            bars.push(Bar {
                kind,
                team: team.value,
                least: mark.map_or(team.value, |mark| mark.min(team.value)),
                is_flat: scores.is_flat(Question::Score, if kind.is_some() { own } else { kinds }),
            });
        }
    }
    Ok(bars)
}

/// What came of looking at a CSR.
enum Looked {
    Judged(Vec<Part>),
    /// Of some caller type there is one call at most, or none has a margin to lend.
    TooFew,
    NoSpread,
}

/// All calls, then each caller type.
fn parts(scores: &Scores, csr: &str, bars: &[Bar]) -> Result<Looked, EstimateError> {
    let mut parts = Vec::new();
    let mut without_spread = bars.is_empty();
    let mark = scores.pass_mark();
    for bar in bars {
        let domain = Domain {
            csr: Some(csr),
            caller_type: bar.kind,
        };
        let found = scores.level(Question::Score, domain)?;
        let figure = scores.mean(Question::Score, domain)?;
        let Some((found, figure)) = found.zip(figure).filter(|(found, _)| found.n >= 2) else {
            return Ok(Looked::TooFew);
        };
        let Some((error, low)) = found.standard_error.zip(found.low) else {
            match bar.is_flat {
                true => without_spread = true,
                false => return Ok(Looked::TooFew),
            }
            continue;
        };
        let away = found.value - bar.least;
        let p = match found.df {
            _ if away <= 0.0 => 1.0,
            Some(df) if error > 0.0 => t_two_sided(away / error, df).unwrap_or(1.0),
            // Every call was seen.
            _ => 0.0,
        };
        parts.push(Part {
            above_team: low > bar.team,
            at_pass_mark: mark.is_some_and(|mark| low >= mark),
            figure,
            p,
        });
    }
    Ok(match without_spread {
        true => Looked::NoSpread,
        false => Looked::Judged(parts),
    })
}

/// For somebody [`CLEARLY`] above the others; `None` where deviations are unknown, or somebody is alone.
fn calls_needed(scores: &Scores, bars: &[Bar], csrs: usize, q: f64) -> Option<u64> {
    let kinds = bars.iter().filter_map(|bar| Some((bar, bar.kind?)));
    let count = kinds.clone().count();
    if csrs < 2 {
        return None;
    }
    let needed = kinds.map(|(bar, kind)| {
        // Nobody with a critical error is named.
        let deviation = scores.deviation(Question::BeforeCritical, kind)?;
        let distance = CLEARLY * (1.0 - 1.0 / csrs as f64) + bar.team - bar.least;
        calls_to_stand_out(
            distance,
            deviation,
            POWER,
            u32::try_from(count).ok()?,
            (csrs, q),
        )
        .ok()
    });
    let needed: Option<Vec<u64>> = needed.collect();
    needed?.into_iter().max()
}

/// What each CSR earned in full, always, where others lose points.
fn strengths(
    rubric: &Rubric,
    samples: &[SampleFacts],
    rules: Rules,
) -> Result<BTreeMap<String, Vec<Carries>>, EstimateError> {
    let mut sums = RateSums::new(RatesOf::Behaviors, rubric);
    // By CSR and behavior: calls, and those earned in full.
    let mut counts: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
    for sample in samples {
        sums.begin(sample);
        // Calls outside are in the design all the same.
        (sample.calls.iter()).for_each(|call| sums.call(&call.scored()));
        for call in sample.inside() {
            let Some(evaluation) = call.counting() else {
                continue;
            };
            let csr = evaluation.csr_heard.as_deref().unwrap_or(&call.csr);
            let own = (counts.entry(csr)).or_insert_with(|| vec![(0, 0); rubric.behaviors().len()]);
            for ((behavior, answer), count) in
                rubric.behaviors().iter().zip(&evaluation.answers).zip(own)
            {
                if let Some(share) = answer.and_then(|answer| earned(behavior, answer)) {
                    count.0 += 1;
                    count.1 += u64::from(share >= 1.0);
                }
            }
        }
    }
    let rates = Rates::new(sums, rules)?;
    let carried = counts.into_iter().map(|(csr, counts)| {
        let full = counts
            .iter()
            .enumerate()
            .filter(|(_, (asked, full))| asked == full);
        let full = full.filter(|(_, (asked, _))| *asked >= LEAST_CALLS);
        let mut carries: Vec<(f64, Carries)> = full
            .filter_map(|(at, (asked, _))| {
                let all = rates.rows[at].all.as_ref()?.value;
                let behavior = &rubric.behaviors()[at];
                let lost = share(rubric, behavior) * (1.0 - all);
                let carries = Carries {
                    behavior: behavior.id.clone(),
                    text: behavior.text.clone(),
                    calls: *asked,
                    all,
                };
                (lost > 0.0).then_some((lost, carries))
            })
            .collect();
        carries.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        carries.truncate(MOST_BEHAVIORS);
        let carries = carries.into_iter().map(|(_, carries)| carries);
        (csr.to_owned(), carries.collect())
    });
    Ok(carried.collect())
}

/// What a behavior is worth where all of them apply, up to a factor.
fn share(rubric: &Rubric, behavior: &Behavior) -> f64 {
    let section = &rubric.sections()[behavior.section];
    match rubric.weigh() {
        Weigh::Behaviors => behavior.weight,
        Weigh::Points => behavior.weight * behavior.scale.full * section.weight,
        Weigh::Sections => {
            let own = &rubric.behaviors()[section.behaviors.clone()];
            let all: f64 = own.iter().map(|behavior| behavior.weight).sum();
            behavior.weight / all * section.weight
        }
    }
}
