//! What to do next, on what evidence: where internal callers are served worse, calls that need not have been, whom to coach
//! on what, whom to praise. Nothing is advised that luck would explain, and where nothing can be, that is said.
//!
//! A CSR is named for coaching whose score lies below that of all calls by a t test (the score's error is taken from its
//! margin), with Benjamini and Hochberg's q over CSRs as for gaps, and whose margin is narrow enough to bear a judgement.

use super::{
    Advice, Costs, CsrBehaviors, CsrRow, Csrs, Figure, GapFigure, RateRow, Rates, Recognition,
    VerdictRule, shell_quoted,
};
use crate::estimate::multiplicity::benjamini_hochberg;
use crate::estimate::quantile::{t_quantile, t_two_sided};

/// So many things of a kind; a longer list is put off.
const MOST: usize = 5;
/// Of fewer CSRs one always lies below the others together.
const LEAST_CSRS: usize = 3;

/// The tables that advice is taken from; what a report lacks gives none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    pub behaviors: Option<&'a Rates>,
    pub drivers: Option<&'a Rates>,
    pub costs: Option<&'a Costs>,
    pub csrs: Option<&'a Csrs>,
    pub csr_behaviors: Option<&'a CsrBehaviors>,
    pub recognition: Option<&'a Recognition>,
    /// Whether the report is about some calls alone: then nothing is said of persons.
    pub is_filtered: bool,
    /// The sample whose sheets `report coach` prints.
    pub sample: Option<&'a str>,
}

impl Evidence<'_> {
    /// The advice, the most urgent first.
    pub fn advice(&self) -> Vec<Advice> {
        let scored = |csrs: &Csrs| csrs.rows.iter().filter(|row| row.score.is_some()).count();
        let persons = !self.is_filtered && self.csrs.is_some_and(|csrs| scored(csrs) >= LEAST_CSRS);
        let all = [
            self.behaviors.map(served_worse),
            self.drivers.map(|drivers| avoidable(drivers, self.costs)),
            self.csrs.filter(|_| persons).map(|csrs| self.coach(csrs)),
            self.recognition.filter(|_| persons).map(praise),
        ];
        let advice = all.into_iter().flatten();
        advice.filter(|one| !one.items.is_empty()).collect()
    }
}

fn served_worse(behaviors: &Rates) -> Advice {
    let gaps = || {
        let rows = behaviors.rows.iter();
        rows.filter_map(|row| row.gap.as_ref().map(|gap| (row, gap)))
    };
    let mut worse: Vec<(&RateRow, &GapFigure)> = gaps()
        .filter(|(_, gap)| gap.verdict == Some("shown") && gap.value < 0.0)
        .collect();
    worse.sort_by(|(_, one), (_, other)| one.value.total_cmp(&other.value));
    let mut items: Vec<String> = (worse.iter().take(MOST))
        .map(|(row, gap)| {
            format!(
                "{}: {} of its points earned with internal callers, {} with external ones{}.",
                named(&row.text),
                percent(row.internal.as_ref()),
                percent(row.external.as_ref()),
                points(gap),
            )
        })
        .collect();
    items.extend(more(worse.len()));
    if !items.is_empty() {
        let text = "Find out what stands in the way of internal callers there, change it, and measure again.";
        items.push(text.to_owned());
    }
    if items.is_empty() && gaps().next().is_some() {
        items.push(
            "No behavior is shown to be worse for internal callers. That need not mean there is none: a small gap takes many calls to be seen."
                .to_owned(),
        );
    }
    Advice {
        heading: "Where internal callers are served worse",
        items,
    }
}

fn avoidable(drivers: &Rates, costs: Option<&Costs>) -> Advice {
    let mut reasons: Vec<&RateRow> = (drivers.rows.iter())
        .filter(|row| row.id.is_some() && row.avoidable == Some(true))
        .filter(|row| row.all.as_ref().is_some_and(|all| all.value > 0.0))
        .collect();
    let value = |row: &RateRow| row.all.as_ref().map_or(0.0, |all| all.value);
    reasons.sort_by(|one, other| value(other).total_cmp(&value(one)));
    let any = drivers.rows.iter().find(|row| row.id.is_none());
    let any = any.and_then(|row| row.all.as_ref());
    let mut items = Vec::new();
    if let Some(any) = any.filter(|_| !reasons.is_empty()) {
        items.push(format!(
            "{}{} of calls had a reason that a better procedure would have taken away.",
            percent(Some(any)),
            margin(any)
        ));
        items.extend(costs.and_then(Costs::sentence));
    }
    items.extend(reasons.iter().take(MOST).map(|row| {
        let both = row.internal.as_ref().zip(row.external.as_ref());
        let both = both.map_or_else(String::new, |(internal, external)| {
            format!(
                " (internal {}, external {})",
                percent(Some(internal)),
                percent(Some(external))
            )
        });
        format!(
            "{} brings {} of calls{both}.",
            named(&row.text),
            percent(row.all.as_ref())
        )
    }));
    items.extend(more(reasons.len()));
    if !items.is_empty() {
        let text = "Ask of each who could tell callers before they have to call.";
        items.push(text.to_owned());
    }
    Advice {
        heading: "Calls that need not have been",
        items,
    }
}

impl Evidence<'_> {
    /// CSRs shown to score below all calls together; in alphabetical order, of many those with most evidence.
    fn coach(&self, csrs: &Csrs) -> Advice {
        let heading = "Whom to coach, and on what";
        let Some(all) = csrs.total.score.as_ref().map(|score| score.value) else {
            let items = Vec::new();
            return Advice { heading, items };
        };
        let p: Vec<Option<f64>> = csrs.rows.iter().map(|row| below(row, all)).collect();
        let rule = VerdictRule::default();
        let rows = csrs.rows.iter().zip(benjamini_hochberg(&p));
        let mut low: Vec<(&CsrRow, f64)> = rows
            .filter_map(|(row, q)| Some((row, q.filter(|q| *q <= rule.q)?)))
            .filter(|(row, _)| row.score.as_ref().is_some_and(|score| score.value < all))
            .filter(|(row, _)| {
                row.score
                    .as_ref()
                    .is_some_and(|score| !score.is_indicative())
            })
            .collect();
        let count = low.len();
        low.sort_by(|(_, one), (_, other)| one.total_cmp(other));
        low.truncate(MOST);
        low.sort_by(|(one, _), (other, _)| one.csr.cmp(&other.csr));
        let mut items: Vec<String> = low
            .iter()
            .filter_map(|(row, _)| self.talk_with(row))
            .collect();
        if count > MOST {
            items.push(format!(
                "{} more are shown to score below all calls together; these are those with most evidence.",
                count - MOST
            ));
        }
        items.push(match count {
            0 => "No CSR is shown to score below all calls together. Choose calls to talk about by what happened in them, not by the score of the person.".to_owned(),
            _ => format!("Of names given by this rule, about {:.0} in 100 are there by luck.", 100.0 * rule.q),
        });
        Advice { heading, items }
    }

    fn talk_with(&self, row: &CsrRow) -> Option<String> {
        let (name, score) = row.csr.as_deref().zip(row.score.as_ref())?;
        let talk = self.csr_behaviors.map(|table| weakest(table, name));
        let talk = talk.filter(|talk| !talk.is_empty());
        let talk = talk.map_or_else(String::new, |talk| {
            format!(" Talk about {}.", talk.join(" and "))
        });
        let sample = self
            .sample
            .map(|sample| format!(" --sample {}", shell_quoted(sample)));
        // A name with a backtick would end the command before its end.
        let command = (!name.contains('`')).then(|| {
            format!(
                " `evenhand report coach --csr {}{}` prints the sheet.",
                shell_quoted(name),
                sample.unwrap_or_default()
            )
        });
        Some(format!(
            "{} scores {:.1}{}, which is below all calls together by more than luck.{talk}{}",
            plain(name),
            score.value,
            margin_of_score(score),
            command.unwrap_or_default()
        ))
    }
}

/// How likely luck alone would take a score so far from that of all calls.
fn below(row: &CsrRow, all: f64) -> Option<f64> {
    let score = row.score.as_ref()?;
    // The scale may have cut one end of the margin.
    let half = (score.high? - score.value).max(score.value - score.low?);
    if half <= 0.0 {
        // Every call was seen.
        return Some(0.0);
    }
    let df = score.df?;
    let error = half / t_quantile(0.975, df)?;
    t_two_sided((score.value - all) / error, df)
}

/// Everybody who can be praised, in alphabetical order.
fn praise(found: &Recognition) -> Advice {
    let mut items: Vec<String> = (found.rows.iter())
        .map(|row| {
            let score = row.score.as_ref();
            let score = score.map_or_else(String::new, |score| {
                format!(" {:.1}{}", score.value, margin_of_score(score))
            });
            let carried: Vec<String> = (row.behaviors.iter().take(3))
                .map(|one| named(&one.text))
                .collect();
            let carried = match carried.as_slice() {
                [] => String::new(),
                some => format!(" Always earned in full: {}.", some.join(", ")),
            };
            format!(
                "{} scores{score}: margin and all above ({}), {}.{carried}",
                plain(row.csr.as_str()),
                row.above(),
                found.with_whom()
            )
        })
        .collect();
    if items.is_empty() {
        items.extend(found.sentences());
    }
    Advice {
        heading: "Whom to praise",
        items,
    }
}

/// The behaviors of a CSR that earned least, two at most.
fn weakest(table: &CsrBehaviors, csr: &str) -> Vec<String> {
    let Some((_, figures)) = table.rows.iter().find(|(name, _)| name == csr) else {
        return Vec::new();
    };
    let figures = table.behaviors.iter().zip(figures);
    let mut figures: Vec<(&str, f64, u64)> = figures
        .filter_map(|(behavior, figure)| {
            let figure = figure.as_ref()?;
            Some((behavior.text.as_str(), figure.value, figure.n))
        })
        .filter(|(_, value, calls)| *value < 0.8 && *calls > 1)
        .collect();
    figures.sort_by(|one, other| one.1.total_cmp(&other.1));
    let told = figures.iter().take(2).map(|(text, value, calls)| {
        format!(
            "\u{201c}{text}\u{201d} ({:.0} % in {calls} calls)",
            100.0 * value
        )
    });
    told.collect()
}

fn more(all: usize) -> Option<String> {
    (all > MOST).then(|| format!("{} more stand in the table.", all - MOST))
}

fn percent(figure: Option<&Figure>) -> String {
    figure.map_or("–".to_owned(), |figure| {
        format!("{:.0} %", 100.0 * figure.value)
    })
}

fn margin(figure: &Figure) -> String {
    let both = figure.low.zip(figure.high);
    both.map_or_else(String::new, |(low, high)| {
        format!(" ({:.0}–{:.0})", 100.0 * low, 100.0 * high)
    })
}

fn margin_of_score(figure: &Figure) -> String {
    let both = figure.low.zip(figure.high);
    both.map_or_else(String::new, |(low, high)| format!(" ({low:.0}–{high:.0})"))
}

fn points(gap: &GapFigure) -> String {
    let both = gap.low.zip(gap.high);
    both.map_or_else(String::new, |(low, high)| {
        format!(
            " ({:.0} points lower, margin {:.0} to {:.0})",
            -100.0 * gap.value,
            (-100.0 * high).max(0.0),
            -100.0 * low
        )
    })
}

/// A text of a rubric, in quotation marks.
fn named(text: &str) -> String {
    format!("\u{201c}{}\u{201d}", plain(text))
}

/// A text in which nothing looks like a command.
fn plain(text: &str) -> String {
    text.replace('`', "\u{2019}")
}
