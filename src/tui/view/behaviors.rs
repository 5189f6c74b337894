use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::Theme;
use super::fit::{fit, padded, width};
use crate::evaluation::{Gap, Score};
use crate::rubric::Answer;
use crate::tui::state::{Open, Screen, Spot};

/// Columns of the answer at the right: a quarter, within bounds.
fn answer_columns(columns: u16) -> u16 {
    (columns / 4).clamp(22, 34)
}

/// Sections and behaviors with their answers, scrolled so that the cursor is seen.
pub(super) fn draw(
    screen: &Screen<'_>,
    open: &Open,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let score = open.working.score(screen.rubric);
    let gaps = open.working.gaps(screen.rubric);
    let mut lines: Vec<Line<'static>> = Vec::new();
    let mut cursor = 0;
    let mut section = None;
    for spot in screen.spots() {
        let here = spot == open.cursor;
        if let Spot::Behavior(at) = spot {
            let own = screen.rubric.behaviors()[at].section;
            if section != Some(own) {
                section = Some(own);
                lines.push(heading(screen, own, &score, area.width, theme));
            }
        }
        if here {
            cursor = lines.len();
        }
        let line = match spot {
            Spot::Behavior(at) => behavior(screen, open, at, &gaps, &score, area.width, theme),
            Spot::Call => whole(screen, open, area.width, theme),
        };
        lines.push(match here {
            true => line.patch_style(Style::new().add_modifier(Modifier::REVERSED)),
            false => line,
        });
    }
    let height = usize::from(area.height);
    // The cursor's section heading and the line below stay in sight.
    let top = (cursor + 3)
        .saturating_sub(height)
        .min(lines.len().saturating_sub(height));
    let seen = lines.into_iter().skip(top).take(height).collect::<Vec<_>>();
    frame.render_widget(Paragraph::new(seen), area);
}

fn heading(
    screen: &Screen<'_>,
    at: usize,
    score: &Score,
    columns: u16,
    theme: Theme,
) -> Line<'static> {
    let section = &screen.rubric.sections()[at];
    let result = &score.sections[at];
    let told = match (result.result, result.zeroed) {
        (_, true) => "0 % (critical)".to_owned(),
        (Some(result), false) => format!("{:.0} %", 100.0 * result),
        (None, false) => "–".to_owned(),
    };
    let answer = answer_columns(columns);
    let told = fit(&told, answer);
    let room = columns.saturating_sub(answer);
    Line::from(vec![
        Span::styled(padded(&section.title, room), theme.strong()),
        Span::styled(told, theme.quiet()),
    ])
}

fn behavior(
    screen: &Screen<'_>,
    open: &Open,
    at: usize,
    gaps: &[Gap],
    score: &Score,
    columns: u16,
    theme: Theme,
) -> Line<'static> {
    let behavior = &screen.rubric.behaviors()[at];
    let draft = open.working.draft();
    let critical = score.criticals.contains(&at);
    let (sign, style, words) = match draft.answers[at] {
        None => ("·", Style::new(), String::new()),
        Some(Answer::Na) => ("–", theme.quiet(), "N/A".to_owned()),
        Some(answer) => {
            let option = behavior.scale.option(answer);
            let words = option.map(|option| option.text.clone()).unwrap_or_default();
            match (critical, behavior.fails(answer)) {
                (true, _) => ("!", theme.bad(), words),
                (false, true) => ("✗", theme.weak(), words),
                (false, false) => ("✓", theme.good(), words),
            }
        }
    };
    let comment = if gaps.contains(&Gap::Comment(at)) {
        "c?"
    } else if draft.comments[at].trim().is_empty() {
        "  "
    } else {
        "c "
    };
    let mark = if behavior.critical.is_some() {
        "!"
    } else {
        " "
    };
    let words = if critical {
        format!("{words} (critical)")
    } else {
        words
    };
    let answer = answer_columns(columns);
    let room = columns.saturating_sub(answer + 2 + 3);
    Line::from(vec![
        Span::styled(format!("{sign} "), style),
        Span::raw(padded(&behavior.text, room)),
        Span::styled(format!("{mark}{comment}"), theme.weak()),
        Span::styled(padded(&words, answer), style),
    ])
}

/// The line for the call as a whole.
fn whole(screen: &Screen<'_>, open: &Open, columns: u16, theme: Theme) -> Line<'static> {
    let draft = open.working.draft();
    let mut told = Vec::new();
    if !draft.comment.trim().is_empty() {
        told.push("commented".to_owned());
    }
    let ticked = draft.drivers.len();
    if ticked > 0 {
        let noun = if ticked == 1 { "reason" } else { "reasons" };
        told.push(format!("{ticked} {noun}"));
    }
    let told = told.join(", ");
    let what = match screen.rubric.drivers().is_empty() {
        true => "The call as a whole (c comment)",
        false => "The call as a whole (c comment, d reasons)",
    };
    let answer = answer_columns(columns).max(width(&told) as u16);
    let room = columns.saturating_sub(answer + 2);
    Line::from(vec![
        Span::styled("  ".to_owned(), theme.quiet()),
        Span::styled(padded(what, room), theme.strong()),
        Span::raw(fit(&told, answer)),
    ])
}
