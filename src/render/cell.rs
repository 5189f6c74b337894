//! How a cell reads for people: one decimal for values, whole points for margins, a mark for precision.

use crate::report::{Cell, Figure, GapFigure, Precision};

/// What stands where there is nothing to tell.
pub(super) const MISSING: &str = "–";

/// A cell's text, and the mark behind it apart.
pub(super) struct Marked {
    pub(super) text: String,
    /// What the figure can carry, as a sign and in words.
    pub(super) mark: Option<(String, String)>,
}

/// The mark behind a figure: how much it can carry.
fn mark(figure: &Figure) -> (String, String) {
    let mut sign = match figure.precision {
        Precision::Firm => "●",
        Precision::Rough => "◐",
        Precision::Indicative => "○",
        Precision::One => "1",
        Precision::None => MISSING,
    }
    .to_owned();
    let mut word = match figure.precision {
        Precision::One => "one call alone".to_owned(),
        Precision::None => "without a margin".to_owned(),
        precision => precision.word().to_owned(),
    };
    if figure.borrowed {
        sign.push('*');
        word.push_str(", spread borrowed");
    }
    if figure.many_unscorable {
        sign.push('!');
        word.push_str(", many calls could not be scored");
    }
    (sign, word)
}

/// The text of a cell.
pub(super) fn plain(cell: &Cell) -> String {
    let Marked { text, mark } = marked(cell);
    match mark {
        Some((sign, _)) => format!("{text} {sign}"),
        None => text,
    }
}

/// The text of a cell and the mark behind it.
pub(super) fn marked(cell: &Cell) -> Marked {
    let text = match cell {
        Cell::Missing => MISSING.to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Instant(at) => at.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Number(value) => format!("{value:.1}"),
        Cell::Change(value) => signed(*value, 1),
        Cell::Score(figure) => match figure.low.zip(figure.high) {
            Some((low, high)) => format!("{:.1} ({low:.0}–{high:.0})", figure.value),
            None => format!("{:.1}", figure.value),
        },
        Cell::Share(figure) => {
            let value = 100.0 * figure.value;
            match figure.low.zip(figure.high) {
                Some((low, high)) => {
                    format!("{value:.0} % ({:.0}–{:.0})", 100.0 * low, 100.0 * high)
                }
                None => format!("{value:.0} %"),
            }
        }
        Cell::Amount(amount) => amount.text(),
        Cell::Gap(gap) => gap_text(gap, 1.0, 1),
        Cell::ShareGap(gap) => gap_text(gap, 100.0, 0),
    };
    let mark = match cell {
        Cell::Score(figure) | Cell::Share(figure) => Some(mark(figure)),
        _ => None,
    };
    Marked { text, mark }
}

/// `scale` turns the gap into points.
fn gap_text(gap: &GapFigure, scale: f64, decimals: usize) -> String {
    let star = if gap.borrowed { "*" } else { "" };
    let verdict = gap
        .verdict
        .map(|verdict| format!(" {verdict}"))
        .unwrap_or_default();
    match gap.low.zip(gap.high) {
        Some((low, high)) => {
            format!(
                "{} ({} to {}){star}{verdict}",
                signed(scale * gap.value, decimals),
                signed(scale * low, 0),
                signed(scale * high, 0)
            )
        }
        None => format!("{}{star}{verdict}", signed(scale * gap.value, decimals)),
    }
}

/// With its sign and a real minus; nothing before zero.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    if text.chars().all(|c| matches!(c, '0' | '.')) {
        text
    } else if value < 0.0 {
        format!("\u{2212}{text}")
    } else {
        format!("+{text}")
    }
}

/// The key to the marks, for under tables that have any.
pub(super) fn legend(cells: &[Cell]) -> Option<String> {
    let figures = || {
        cells.iter().filter_map(|cell| match cell {
            Cell::Score(figure) | Cell::Share(figure) => Some(figure),
            _ => None,
        })
    };
    figures().next()?;
    let mut words = Vec::new();
    for (precision, word) in [
        (Precision::Firm, "● firm: a range of 10 points at most"),
        (Precision::Rough, "◐ rough: 20 at most"),
        (
            Precision::Indicative,
            "○ indicative: wider, or too few calls to judge by",
        ),
        (Precision::One, "1 one call alone"),
        (Precision::None, "– no margin can be told"),
    ] {
        if figures().any(|figure| figure.precision == precision) {
            words.push(word);
        }
    }
    let borrowed = |cell: &Cell| match cell {
        Cell::Score(figure) => figure.borrowed,
        Cell::Gap(gap) => gap.borrowed,
        _ => false,
    };
    if cells.iter().any(borrowed) {
        words.push("* spread taken from other CSRs' calls of the same caller type");
    }
    if figures().any(|figure| figure.many_unscorable) {
        words.push("! more than a tenth of the drawn calls could not be scored");
    }
    let gaps = || {
        cells.iter().filter_map(|cell| match cell {
            Cell::Gap(gap) | Cell::ShareGap(gap) => gap.verdict,
            _ => None,
        })
    };
    let mut text = format!(
        "In brackets: the 95 % margin, where the true figure very likely lies. {}.",
        words.join(" · ")
    );
    let verdicts: Vec<&str> = [
        ("shown", "shown: more than luck"),
        (
            "not shown",
            "not shown: these calls can't tell, there may be a gap",
        ),
        (
            "practically equal",
            "practically equal: any gap is too small to matter",
        ),
    ]
    .into_iter()
    .filter(|(verdict, _)| gaps().any(|found| found == *verdict))
    .map(|(_, words)| words)
    .collect();
    if !verdicts.is_empty() {
        text.push_str(&format!(
            "\nGap: internal minus external. {}.",
            verdicts.join(" · ")
        ));
    }
    Some(text)
}
