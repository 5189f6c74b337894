//! Whoever was coached between two samples, held against others like them.
//!
//! A CSR is coached or not as a whole, so CSRs are what is counted: the change of each in score, the mean of these per group,
//! and Welch's test of the difference of the two means (difference in differences). What CSRs change by for other reasons is
//! then in the margin, as is the luck of the draw. To compare like with like, the others are those whose score in A lies
//! within the range of the coached ones.
//!
//! A range is not enough: of a list with the eight lowest scores and the highest one, the others within it score far higher
//! in A and have less reason to rise by luck alone. So where the regression is known, each CSR's change is told less what is
//! expected of it with no effect at all. Given the score a in A, the next score b of the same CSR has the mean
//! mu + gamma (a - mu) under the model of `regression`; whoever is chosen by a alone is still so. With the expected change
//! e(a) = (1 - gamma)(mu - a) then E[b - a - e(a) | a] = 0 for every CSR without an effect, whatever the groups' scores in A.
//! (This is analysis of covariance, with the slope from the variances of A in place of a fitted one: Vickers and Altman 2001,
//! BMJ 323:1123; Senn 2006, Stat Med 25:4334.) The expected changes are taken as known: an error in gamma leaves that error
//! times the difference of the groups' means in A.
//!
//! Fewer than three such CSRs say too little. Then the change of the coached ones is held against what their scores are
//! expected to change by with no effect at all, taken as known as well.

use super::Comparison;
use super::tables::{by_luck, judged, unjudged};
use crate::estimate::design::Stratum;
use crate::estimate::error::EstimateError;
use crate::estimate::gap::{Gap, gap_beyond, paired, verdict};
use crate::estimate::mean::mean;
use crate::estimate::pool::Pools;
use crate::estimate::settings::Settings;
use crate::report::rosters::listed;
use crate::report::{Align, Cell, Column, GapFigure, Note, Rules, Table};

/// So many CSRs like the coached ones make a comparison.
const LEAST_OTHERS: usize = 3;

/// Coached CSRs and what they are held against.
#[derive(Clone, Debug)]
pub struct Coached {
    pub coached: GroupRow,
    /// Not coached, with a score in A within the range of the coached ones; few of them make no comparison.
    pub others: GroupRow,
    pub against: Against,
    /// Whether each change is told less what is expected of it by luck alone.
    pub beyond_luck: bool,
    /// What the coached ones changed by more than what they are held against.
    pub difference: Option<GapFigure>,
    /// The scores in A of the coached ones, lowest and highest.
    pub range: Option<(f64, f64)>,
    /// Coached, but without a score in both samples.
    pub missing: Vec<String>,
}

/// What a change of the coached ones is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    Others,
    /// What is expected by luck alone.
    Luck,
    Nothing,
}

/// CSRs together, each with one vote.
#[derive(Clone, Debug)]
pub struct GroupRow {
    pub csrs: Vec<String>,
    /// Means of their scores.
    pub a: Option<f64>,
    pub b: Option<f64>,
    /// B minus A.
    pub change: Option<GapFigure>,
    /// The mean of what is expected of them by luck alone; `None` where it can't be told of each.
    pub by_luck: Option<f64>,
}

/// One CSR's scores.
struct Member<'a> {
    csr: &'a str,
    a: f64,
    b: f64,
    gap: &'a GapFigure,
    by_luck: Option<f64>,
}

impl Against {
    /// In a word, for JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Others => "others",
            Self::Luck => "luck",
            Self::Nothing => "nothing",
        }
    }
}

impl Comparison {
    /// Adds what coaching may have done: `names` are CSRs of either sample.
    ///
    /// # Errors
    /// Numbers beyond reckoning.
    pub fn add_coached(&mut self, names: &[String], rules: Rules) -> Result<(), EstimateError> {
        let is_coached = |csr: &str| names.iter().any(|name| name == csr);
        let member = |row: &'_ super::ComparedCsr| -> Option<(f64, f64)> {
            Some((row.score.a.as_ref()?.value, row.score.b.as_ref()?.value))
        };
        let members: Vec<Member<'_>> = (self.csrs.iter())
            .filter_map(|row| {
                let (a, b) = member(row)?;
                Some(Member {
                    csr: &row.csr,
                    a,
                    b,
                    gap: row.score.difference.as_ref()?,
                    by_luck: row.by_luck,
                })
            })
            .collect();
        let (coached, not): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|one| is_coached(one.csr));
        let range = coached.iter().map(|one| (one.a, one.a));
        let range = range.reduce(|(low, high), (a, b)| (low.min(a), high.max(b)));
        let inside = |a: f64| range.is_some_and(|(low, high)| (low..=high).contains(&a));
        let others: Vec<Member<'_>> = not.into_iter().filter(|one| inside(one.a)).collect();
        let missing = names.iter();
        let missing = missing.filter(|name| coached.iter().all(|one| one.csr != name.as_str()));
        let (by_luck, luck_of_others) = (expected(&coached), expected(&others));
        let luck = by_luck.as_deref().zip(luck_of_others.as_deref());
        let against = match (others.len() >= LEAST_OTHERS, &by_luck) {
            _ if coached.is_empty() => Against::Nothing,
            (true, _) => Against::Others,
            (false, Some(_)) => Against::Luck,
            (false, None) => Against::Nothing,
        };
        let difference = match (against, &by_luck) {
            (Against::Others, _) => {
                let nothing = vec![0.0; self.csrs.len()];
                let (own, other) = luck.unwrap_or((&nothing, &nothing));
                between((&coached, own), (&others, other))?
            }
            (Against::Luck, Some(expected)) => beyond_luck(&coached, expected)?,
            _ => None,
        };
        // Of one test q is p.
        let figure = |gap: Gap| GapFigure::new(&gap, gap.p, verdict(&gap, gap.p, &rules.verdict));
        let difference = match (difference, coached.as_slice(), &by_luck) {
            // One CSR has the margin of the draw alone.
            (None, [only], Some(expected)) if against == Against::Luck => {
                Some(moved(only.gap, -expected.iter().sum::<f64>(), &rules))
            }
            (difference, ..) => difference.map(figure),
        };
        self.coached = Some(Coached {
            against,
            beyond_luck: match against {
                Against::Others => luck.is_some(),
                Against::Luck => true,
                Against::Nothing => false,
            },
            difference,
            range,
            missing: missing.cloned().collect(),
            coached: GroupRow::new(&coached)?,
            others: GroupRow::new(&others)?,
        });
        Ok(())
    }
}

/// What each is expected to change by; `None` where it can't be told of one, or there is none.
fn expected(members: &[Member<'_>]) -> Option<Vec<f64>> {
    let all: Option<Vec<f64>> = members.iter().map(|one| one.by_luck).collect();
    all.filter(|all| !all.is_empty())
}

/// Welch's test, CSRs being the units, of changes less what is expected of each. One coached CSR borrows the deviation of
/// the others and has no p.
fn between(
    coached: (&[Member<'_>], &[f64]),
    others: (&[Member<'_>], &[f64]),
) -> Result<Option<Gap>, EstimateError> {
    let pairs = |(members, expected): (&[Member<'_>], &[f64])| -> Vec<(f64, f64)> {
        let changes = members.iter().map(|one| one.b - one.a);
        changes.zip(expected.iter().copied()).collect()
    };
    gap_beyond(&pairs(coached), &pairs(others), &Settings::comparison())
}

/// The mean of what each changed by beyond expectation.
fn beyond_luck(coached: &[Member<'_>], expected: &[f64]) -> Result<Option<Gap>, EstimateError> {
    let changes: Vec<f64> = coached.iter().map(|one| one.b - one.a).collect();
    paired(&changes, expected, Settings::comparison().level)
}

fn changes(members: &[Member<'_>]) -> Result<Stratum, EstimateError> {
    let changes: Vec<f64> = members.iter().map(|one| one.b - one.a).collect();
    Stratum::of(changes.len() as f64, 0, &changes)
}

/// A difference from another value than 0. What p belongs to that can't be told from it, so it is never shown.
fn moved(gap: &GapFigure, by: f64, rules: &Rules) -> GapFigure {
    let verdict = gap.low.zip(gap.high).map(|(low, high)| {
        let wide = rules.verdict.practically;
        match low + by >= -wide && high + by <= wide {
            true => "practically equal",
            false => "not shown",
        }
    });
    GapFigure {
        value: gap.value + by,
        low: gap.low.map(|low| low + by),
        high: gap.high.map(|high| high + by),
        p: None,
        q: None,
        verdict,
        ..gap.clone()
    }
}

impl GroupRow {
    fn new(members: &[Member<'_>]) -> Result<Self, EstimateError> {
        let of = |value: fn(&Member<'_>) -> f64| {
            let sum: f64 = members.iter().map(value).sum();
            (!members.is_empty()).then(|| sum / members.len() as f64)
        };
        let strata = [changes(members)?];
        let found = mean(&strata, &Pools::of(&strata), &Settings::comparison())?;
        let change = found.map(|found| GapFigure {
            value: found.value,
            low: found.low,
            high: found.high,
            df: found.df,
            p: None,
            q: None,
            noticeable: None,
            verdict: None,
            borrowed: found.borrowed,
        });
        Ok(Self {
            csrs: members.iter().map(|one| one.csr.to_owned()).collect(),
            a: of(|one| one.a),
            b: of(|one| one.b),
            // One CSR has the margin of the draw alone.
            change: match members {
                [only] => Some(unjudged(only.gap)),
                _ => change,
            },
            by_luck: expected(members).map(|all| all.iter().sum::<f64>() / all.len() as f64),
        })
    }
}

impl Coached {
    /// What a reader of the table must know.
    pub(super) fn notes(&self, [a, _]: &[String; 2]) -> Vec<Note> {
        let mut notes = Vec::new();
        if !self.missing.is_empty() {
            let text = format!(
                "Coached, but not scored in both samples: {}.",
                listed(self.missing.clone())
            );
            notes.push(Note::new("coached-missing", text));
        }
        let (low, high) = self.range.unwrap_or_default();
        let alike =
            format!("a score in {a} within that of the coached ones ({low:.1} to {high:.1})");
        let few = match self.others.csrs.len() {
            0 => format!("No CSR who was not coached has {alike}"),
            1 => format!("Only 1 CSR who was not coached has {alike}"),
            count => format!("Only {count} CSRs who were not coached have {alike}"),
        };
        let text = match self.against {
            Against::Others => {
                let text = format!(
                    "The coached CSRs are held against {} who were not coached and have {alike}: {}. Each CSR has one vote.",
                    self.others.csrs.len(),
                    listed(self.others.csrs.clone())
                );
                match self.beyond_luck {
                    true => format!(
                        "{text} Of each change that is taken off first which is expected of the CSR by luck alone, so that the \
                         groups need not have scored alike in {a}."
                    ),
                    false => text,
                }
            }
            Against::Luck => format!(
                "{few}, and it takes {LEAST_OTHERS} to compare with. So the coached CSRs are held against what their scores are \
                 expected to change by with no effect at all, taken as known."
            ),
            Against::Nothing if self.coached.csrs.is_empty() => {
                "None of the coached CSRs is scored in both samples, so there is nothing to compare.".to_owned()
            }
            Against::Nothing => format!(
                "{few}, it takes {LEAST_OTHERS} to compare with, and what luck alone would do can't be told from so few CSRs. What \
                 the coached ones changed by may be luck."
            ),
        };
        notes.push(Note::new("coached", text));
        notes.extend(self.likeness_note(a));
        if self.against == Against::Others {
            notes.push(Note::new(
                "not-assigned",
                "Nobody was coached by lot, so a difference that is shown may have other causes than the coaching.",
            ));
        }
        notes
    }

    /// Where nothing is known of what luck does, groups must be alike to be compared.
    fn likeness_note(&self, a: &str) -> Option<Note> {
        if self.against != Against::Others || self.beyond_luck {
            return None;
        }
        let (own, other) = self.coached.a.zip(self.others.a)?;
        let away = own - other;
        let text = match away.abs() < 0.05 {
            true => format!(
                "What luck alone would do can't be told from so few CSRs, so this comparison leans on the groups' likeness: in {a} \
                 both scored {own:.1} on average."
            ),
            false => format!(
                "In {a} the coached CSRs scored {own:.1} on average and the others {other:.1}, and {} are expected to rise more by \
                 luck alone. By how much can't be told from so few CSRs, so this comparison leans on the groups' likeness: as far \
                 as they are unlike, a difference may be luck.",
                if away < 0.0 {
                    "the coached ones"
                } else {
                    "the others"
                }
            ),
        };
        Some(Note::new("coached-likeness", text))
    }

    /// As a neutral table; the comparison is its last row.
    pub(super) fn table(&self, [a, b]: &[String; 2]) -> Table {
        let columns = vec![
            Column::new("group", "CSRs", Align::Left),
            Column::new("csrs", "How many", Align::Right),
            Column::new("a", a, Align::Right),
            Column::new("b", b, Align::Right),
            Column::new("change", "Mean change", Align::Left).verdict_apart(),
            Column::new("expected_by_luck", "Expected by luck alone", Align::Right),
            Column::new("verdict", "Verdict", Align::Left),
        ];
        let mut table = Table::new("coached", "Coached and not coached", columns);
        let row = |name: &str, row: &GroupRow| {
            let change = row.change.as_ref();
            vec![
                Cell::text(name),
                Cell::Count(row.csrs.len() as u64),
                Cell::number(row.a),
                Cell::number(row.b),
                change.map_or(Cell::Missing, |change| Cell::Gap(change.clone())),
                by_luck(row.by_luck),
                Cell::Missing,
            ]
        };
        table.push(row("coached", &self.coached));
        table.push(row("not coached, score in that range", &self.others));
        let name = match self.against {
            Against::Others if self.beyond_luck => "coached minus not coached, beyond luck",
            Against::Others => "coached minus not coached",
            Against::Luck => "coached minus expected by luck alone",
            Against::Nothing => return table,
        };
        let difference = self.difference.as_ref();
        table.push_total(vec![
            Cell::text(name),
            Cell::Missing,
            Cell::Missing,
            Cell::Missing,
            difference.map_or(Cell::Missing, |gap| Cell::Gap(unjudged(gap))),
            Cell::Missing,
            judged(difference),
        ]);
        table
    }
}
