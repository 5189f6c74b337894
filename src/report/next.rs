//! What to do next, on what evidence: where internal callers are served worse, calls that need not have been, whom to coach on what.
//! Nothing is advised that luck would explain, and where nothing can be, that is said.

use super::{Advice, Costs, CsrBehaviors, Csrs, Figure, GapFigure, RateRow, Rates, Recognition};

/// So many things of a kind; a longer list is put off.
const MOST: usize = 5;

/// The tables that advice is taken from; what a report lacks gives none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    pub behaviors: Option<&'a Rates>,
    pub drivers: Option<&'a Rates>,
    pub costs: Option<&'a Costs>,
    pub csrs: Option<&'a Csrs>,
    pub csr_behaviors: Option<&'a CsrBehaviors>,
    pub recognition: Option<&'a Recognition>,
}

impl Evidence<'_> {
    /// The advice, the most urgent first.
    pub fn advice(&self) -> Vec<Advice> {
        let all = [
            self.behaviors.map(served_worse),
            self.drivers.map(|drivers| avoidable(drivers, self.costs)),
            self.csrs.map(|csrs| coach(csrs, self.csr_behaviors)),
            self.recognition.map(praise),
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
                "\u{201c}{}\u{201d}: {} of internal calls, {} of external ones{}.",
                row.text,
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
    }
    items.extend(costs.and_then(Costs::sentence));
    items.extend(reasons.iter().take(3).map(|row| {
        let both = row.internal.as_ref().zip(row.external.as_ref());
        let both = both.map_or_else(String::new, |(internal, external)| {
            format!(
                " (internal {}, external {})",
                percent(Some(internal)),
                percent(Some(external))
            )
        });
        format!(
            "\u{201c}{}\u{201d} brings {} of calls{both}.",
            row.text,
            percent(row.all.as_ref())
        )
    }));
    if !items.is_empty() {
        let text = "Ask of each who could tell callers before they have to call.";
        items.push(text.to_owned());
    }
    Advice {
        heading: "Calls that need not have been",
        items,
    }
}

/// CSRs whose whole margin lies below the score of all calls, in alphabetical order.
fn coach(csrs: &Csrs, behaviors: Option<&CsrBehaviors>) -> Advice {
    let all = csrs.total.score.as_ref().map(|score| score.value);
    let low = csrs.rows.iter().filter_map(|row| {
        let (name, score) = row.csr.as_deref().zip(row.score.as_ref())?;
        (score.high? < all?).then_some((name, score))
    });
    let low: Vec<(&str, &Figure)> = low.collect();
    let mut items: Vec<String> = (low.iter().take(MOST))
        .map(|(name, score)| {
            let talk = behaviors.map(|table| weakest(table, name));
            let talk = talk.filter(|talk| !talk.is_empty());
            let talk = talk.map_or_else(String::new, |talk| format!(" Talk about {}.", talk.join(" and ")));
            format!(
                "{name} scores {:.1}{}, below all calls together even at the upper end.{talk} `evenhand report coach --csr {}` prints the sheet.",
                score.value,
                margin_of_score(score),
                quoted(name)
            )
        })
        .collect();
    items.extend(more(low.len()));
    if items.is_empty() && all.is_some() {
        items.push(
            "No CSR is shown to score below all calls together. Choose calls to talk about by what happened in them, not by the score of the person."
                .to_owned(),
        );
    } else if low.len() > 1 || csrs.rows.len() > 20 {
        items.push(format!(
            "Of {} CSRs, luck alone would put about {:.0} here.",
            csrs.rows.len(),
            (csrs.rows.len() as f64 / 40.0).ceil()
        ));
    }
    Advice {
        heading: "Whom to coach, and on what",
        items,
    }
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
                .map(|one| format!("\u{201c}{}\u{201d}", one.text))
                .collect();
            let carried = match carried.as_slice() {
                [] => String::new(),
                some => format!(" Always earned in full: {}.", some.join(", ")),
            };
            format!(
                "{} scores{score}: margin and all above the {}, with every kind of caller.{carried}",
                row.csr,
                row.above()
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

/// As a shell takes it.
fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', r"'\''"))
}
