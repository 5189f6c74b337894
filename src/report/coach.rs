//! One CSR's sheet for a talk: what the drawn calls say, with margins; what is most worth talking about; calls to listen to
//! together; what changed since the last sample. Nobody is ranked: all CSRs together stand beside for scale.
//!
//! A behavior is the more worth a talk the more points of 100 a call loses by it, on average over the CSR's calls: its share
//! of the score times what was not earned, 0 where it was not asked.

mod calls;
mod tables;

use std::slice::from_ref;

use super::estimates::{Estimates, Sums};
use super::overview::signed;
use super::rates::earned;
use super::scores::Question;
use super::strata::Domain;
use super::{
    Carries, Compared, ComparedCsr, Comparison, Explanation, FOOTER, Figure, Note, PickedCalls,
    Recognition, RecognitionRow, Rules, SampleFacts, Scores,
};
use crate::calls::CallerType;
use crate::estimate::error::EstimateError;
use crate::rubric::Rubric;

pub use calls::{CoachComment, CoachCritical, Listen, ListenTo};

/// The sheet.
#[derive(Clone, Debug)]
pub struct CoachSheet {
    pub csr: String,
    pub sample: String,
    /// Caller types, then all calls.
    pub scores: Vec<CoachScore>,
    /// Those most worth a talk first.
    pub behaviors: Vec<CoachBehavior>,
    pub criticals: Vec<CoachCritical>,
    /// On what was not earned in full, in the order of the behaviors; then on calls as a whole.
    pub comments: Vec<CoachComment>,
    pub listen: Vec<Listen>,
    pub picked: PickedCalls,
    pub since: Option<Since>,
    /// On what evidence the CSR can be praised, as the table `recognition` has it.
    pub recognised: Option<RecognitionRow>,
    pub pass_mark: Option<f64>,
    /// Behaviors earned in full in every call, where others lose points.
    pub strengths: Vec<Carries>,
    /// Whether no call of a CSR differs from another in its score.
    is_flat: bool,
}

/// Scores of one caller type, or of all calls.
#[derive(Clone, Debug)]
pub struct CoachScore {
    /// `None` for all.
    pub caller_type: Option<CallerType>,
    /// Calls of the frame, as logged.
    pub eligible: u64,
    /// Scored calls, as heard.
    pub scored: u64,
    pub score: Option<Figure>,
    pub score_before_critical: Option<Figure>,
    /// The score of all CSRs together.
    pub all: Option<Figure>,
}

/// One behavior that was asked.
#[derive(Clone, Debug)]
pub struct CoachBehavior {
    /// The section's title.
    pub section: String,
    pub behavior: String,
    pub text: String,
    /// The share of its points earned, 0-1.
    pub rate: Figure,
    /// The same of all CSRs together.
    pub all: Option<Figure>,
    /// Points of 100 that a call loses by it on average.
    pub lost: f64,
}

/// What changed since the sample before.
#[derive(Clone, Debug)]
pub struct Since {
    /// The sample before.
    pub sample: String,
    pub row: ComparedCsr,
}

/// What a sheet is made from.
pub struct CoachFacts<'a> {
    pub rubric: &'a Rubric,
    /// With comments.
    pub facts: &'a SampleFacts,
    pub scores: &'a Scores,
    /// The sample before, if any holds the CSR.
    pub before: Option<Compared<'a>>,
}

impl CoachSheet {
    /// The sheet of a CSR.
    ///
    /// # Errors
    /// Facts that contradict themselves.
    pub fn new(csr: &str, from: &CoachFacts<'_>, rules: Rules) -> Result<Self, EstimateError> {
        let CoachFacts {
            rubric,
            facts,
            scores,
            before,
        } = from;
        let mut recognition = Recognition::new(rubric, from_ref(*facts), scores, rules)?;
        let named = recognition.rows.iter().find(|row| row.csr == csr);
        let named = named.cloned();
        let explained = calls::explained(rubric, facts, csr);
        let behaviors = behaviors(csr, from, &explained, rules)?;
        let picked = PickedCalls::new(from_ref(*facts)).rows.into_iter();
        let now = Compared { facts, scores };
        let since = match before {
            Some(before) => {
                let found = Comparison::new([*before, now], rules)?;
                let row = found.csrs.into_iter().find(|row| row.csr == csr);
                row.map(|row| Since {
                    sample: before.facts.name.clone(),
                    row,
                })
            }
            None => None,
        };
        Ok(Self {
            csr: csr.to_owned(),
            sample: facts.name.clone(),
            scores: score_rows(csr, facts, scores)?,
            criticals: calls::criticals(&explained),
            comments: calls::comments(&explained, &behaviors),
            listen: calls::listen(&explained),
            behaviors,
            picked: PickedCalls {
                rows: picked.filter(|row| row.csr == csr).collect(),
            },
            since,
            is_flat: scores.is_flat(Question::Score, &CallerType::ALL),
            recognised: named,
            pass_mark: recognition.pass_mark,
            strengths: recognition.strengths.remove(csr).unwrap_or_default(),
        })
    }

    /// What the tables come to, in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = vec![format!(
            "{}, by the calls drawn for {}.",
            self.csr, self.sample
        )];
        let all = self.scores.iter().find(|row| row.caller_type.is_none());
        let score = all.and_then(|row| row.score.as_ref().zip(row.all.as_ref()));
        sentences.push(match score {
            None => "No drawn call is scored yet.".to_owned(),
            Some((own, all)) => match own.low.zip(own.high) {
                None if own.n > 1 && self.is_flat => format!(
                    "Score {:.1} of 100; no call of a CSR differs from another, so there is no margin to tell.",
                    own.value
                ),
                None => format!("Score {:.1} of 100; so few calls have no margin and tell nothing.", own.value),
                Some((low, high)) => {
                    let than = match all.value {
                        all if low > all => "That is above",
                        all if high < all => "That is below",
                        _ => "These calls can't tell whether that is above or below",
                    };
                    format!(
                        "Score {:.1} of 100 (95 % margin {low:.0} to {high:.0}). {than} the {:.1} of all CSRs.",
                        own.value, all.value
                    )
                }
            },
        });
        sentences.extend(self.since_sentence());
        sentences.extend(self.praise());
        sentences
    }

    fn since_sentence(&self) -> Option<String> {
        let Since { sample, row } = self.since.as_ref()?;
        let gap = row.score.difference.as_ref()?;
        let range = match gap.low.zip(gap.high) {
            Some((low, high)) => format!("95 % margin {} to {}", signed(low), signed(high)),
            None => "without a margin".to_owned(),
        };
        let verdict = match gap.verdict {
            Some("shown") => "more than luck",
            Some("practically equal") => "practically the same",
            _ => "so few calls can't tell it from luck",
        };
        let luck = match row.by_luck {
            Some(luck) => format!(
                " Had nothing been done, {} would be expected by luck alone after the score then.",
                signed(luck)
            ),
            None => " A low score rises by luck alone, too; by how much so few CSRs can't tell."
                .to_owned(),
        };
        Some(format!(
            "Since {sample}, before criticals and at the same mix of callers: {} points ({range}), {verdict}.{luck}",
            signed(gap.value)
        ))
    }

    fn praise(&self) -> Option<String> {
        let strengths: Vec<String> = self.strengths.iter().map(Carries::told).collect();
        let strengths = strengths.join("; ");
        let evidence = self.recognised.as_ref().map(|row| {
            let mark = self.pass_mark.unwrap_or_default();
            let service = match (row.above_team, row.at_pass_mark) {
                (true, false) => "above that of all CSRs".to_owned(),
                (true, true) => {
                    format!("above that of all CSRs, and at the pass mark of {mark} or above")
                }
                (false, true) => format!("at the pass mark of {mark} or above"),
                (false, false) => {
                    format!("above that of all CSRs or at the pass mark of {mark} or above, by who calls")
                }
            };
            format!("these calls are evidence of service {service}.")
        });
        let strengths = (!strengths.is_empty()).then_some(strengths.as_str());
        match (evidence, strengths) {
            (Some(evidence), None) => Some(format!("To praise: {evidence}")),
            (Some(evidence), Some(strengths)) => Some(format!(
                "To praise: {evidence} Earned in full in every call: {strengths}."
            )),
            (None, Some(strengths)) => Some(format!(
                "To praise: earned in full in every call: {strengths}."
            )),
            (None, None) => None,
        }
    }

    /// What a reader of the sheet must know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        let figures = self.scores.iter().filter_map(|row| row.score.as_ref());
        if figures.into_iter().any(Figure::is_indicative) {
            let text = "Marked ○ or 1: too few calls to judge a person by. Talk about the calls, not about the figure.";
            notes.push(Note::new("few-calls", text));
        }
        if !self.behaviors.is_empty() {
            let text = "Behaviors: first those by which a call loses most points of 100 on average; the margins tell how much of that \
                        may be luck.";
            notes.push(Note::new("worth-a-talk", text));
        }
        notes.extend(self.picked.notes());
        notes.push(super::rates::earned_note());
        notes.push(Note::new("margins", FOOTER));
        notes
    }
}

fn score_rows(
    csr: &str,
    facts: &SampleFacts,
    scores: &Scores,
) -> Result<Vec<CoachScore>, EstimateError> {
    let mut rows = Vec::new();
    let kinds = CallerType::ALL.iter().map(|kind| Some(*kind));
    for caller_type in kinds.chain([None]) {
        let all = Domain {
            csr: None,
            caller_type,
        };
        let own = Domain {
            csr: Some(csr),
            ..all
        };
        let cells = facts.cells.iter().filter(|cell| cell.csr == csr);
        let mine = cells.filter(|cell| caller_type.is_none_or(|kind| kind == cell.caller_type));
        let eligible = mine.map(|cell| cell.eligible).sum();
        let scored = scores.scored(own);
        if caller_type == Some(CallerType::Unknown) && eligible == 0 && scored == 0 {
            continue;
        }
        rows.push(CoachScore {
            caller_type,
            eligible,
            scored,
            score: scores.mean(Question::Score, own)?,
            score_before_critical: scores.mean(Question::BeforeCritical, own)?,
            all: scores.mean(Question::Score, all)?,
        });
    }
    Ok(rows)
}

/// Shares earned, and points lost, by behavior.
fn behaviors(
    csr: &str,
    from: &CoachFacts<'_>,
    explained: &[calls::Explained<'_>],
    rules: Rules,
) -> Result<Vec<CoachBehavior>, EstimateError> {
    let behaviors = from.rubric.behaviors();
    let count = behaviors.len();
    let mut sums = Sums::new(2 * count);
    sums.begin(from.facts);
    let mut own = explained.iter().peekable();
    for call in &from.facts.calls {
        let next = own.next_if(|one| std::ptr::eq(one.call, call));
        let lost = next.map(|one| lost(&one.explanation));
        sums.call(&call.scored(), |evaluation, values| {
            let (shares, losses) = values.split_at_mut(count);
            for ((behavior, answer), share) in behaviors.iter().zip(evaluation.answers).zip(shares)
            {
                *share = answer.and_then(|answer| earned(behavior, answer));
            }
            for (at, value) in losses.iter_mut().enumerate() {
                // Of other CSRs nobody asks.
                *value = lost.as_ref().map(|lost| lost[at]);
            }
        });
    }
    let estimates = Estimates::new(sums, rules, 1.0)?;
    let domain = Domain {
        csr: Some(csr),
        ..Domain::default()
    };
    let mut rows = Vec::new();
    for (at, behavior) in behaviors.iter().enumerate() {
        let Some(rate) = estimates.rate(at, domain)? else {
            continue;
        };
        let lost = estimates.level(count + at, domain)?;
        rows.push(CoachBehavior {
            section: from.rubric.sections()[behavior.section].title.clone(),
            behavior: behavior.id.clone(),
            text: behavior.text.clone(),
            rate,
            all: estimates.rate(at, Domain::default())?,
            lost: lost.map_or(0.0, |lost| lost.value),
        });
    }
    // Equal ones stay in the rubric's order.
    rows.sort_by(|one, other| other.lost.total_cmp(&one.lost));
    Ok(rows)
}

/// Points of 100 lost, by behavior.
fn lost(explanation: &Explanation) -> Vec<f64> {
    let lines = explanation.lines.iter();
    let lost = lines.map(|line| Some((line.possible? - line.earned?).max(0.0)));
    lost.map(Option::unwrap_or_default).collect()
}
