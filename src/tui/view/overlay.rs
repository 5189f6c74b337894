use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Padding, Paragraph};

use super::Theme;
use super::fit::{broken, fit, padded};
use super::guidance;
use crate::evaluation::KEYMAP;
use crate::tui::editor::Editor;
use crate::tui::state::{Hearing, Mode, Screen};
use crate::tui::words::{HEARD, REOPEN, UNSCORABLE, result};

/// The box over the list, where a key has opened one.
pub(super) fn draw(screen: &Screen<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    match &screen.mode {
        Mode::Answering | Mode::Done(_) => {}
        Mode::Comment { about, editor } => {
            let on = match about {
                Some(at) => screen.rubric.behaviors()[*at].text.as_str(),
                None => "the call as a whole",
            };
            write(frame, area, &format!("Comment: {on}"), editor, 8, theme);
        }
        Mode::Drivers { at } => drivers(screen, *at, frame, area, theme),
        Mode::Unscorable {
            note: Some(editor), ..
        } => {
            write(frame, area, "Why can't it be scored?", editor, 3, theme);
        }
        Mode::Unscorable { at, .. } => {
            let title = match screen.is_begun() {
                true => "Why can't it be scored? Enter drops its answers:",
                false => "Why can't this call be scored?",
            };
            let lines: Vec<&str> = UNSCORABLE.iter().map(|(_, text)| *text).collect();
            list(frame, area, title, &lines, *at, theme);
        }
        Mode::Heard { at, stage } => match stage {
            Hearing::What => list(
                frame,
                area,
                "What is heard otherwise than logged?",
                &HEARD,
                *at,
                theme,
            ),
            Hearing::Csr(editor) => write(frame, area, "Who served the caller?", editor, 3, theme),
            Hearing::Why { editor, .. } => {
                write(
                    frame,
                    area,
                    "How do you know? (one sentence)",
                    editor,
                    3,
                    theme,
                );
            }
        },
        Mode::Reopen {
            note: Some(editor), ..
        } => {
            write(frame, area, "Why is it reopened?", editor, 3, theme);
        }
        Mode::Reopen { earlier, at, .. } => {
            let title = format!(
                "Reopen {} ({})? Why:",
                earlier.call_id,
                result(earlier.score, earlier.outcome)
            );
            list(frame, area, &title, &REOPEN, *at, theme);
        }
        Mode::Help { keys: true } => help(frame, area, theme),
        Mode::Help { keys: false } => full(screen, frame, area, theme),
        Mode::Search { editor } => write(frame, area, "Search the transcript", editor, 3, theme),
    }
}

/// A box with a title at the lower edge; returns what is inside.
fn boxed(
    frame: &mut Frame<'_>,
    area: Rect,
    title: &str,
    columns: u16,
    lines: u16,
    theme: Theme,
) -> Rect {
    let width = (columns + 4).min(area.width);
    let height = (lines + 2).min(area.height);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    let block = Block::bordered()
        .title(Line::styled(
            format!(" {} ", fit(title, width.saturating_sub(6))),
            theme.strong(),
        ))
        .padding(Padding::horizontal(1));
    let inner = block.inner(place);
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    inner
}

fn write(
    frame: &mut Frame<'_>,
    area: Rect,
    title: &str,
    editor: &Editor,
    lines: u16,
    theme: Theme,
) {
    let inner = boxed(frame, area, title, 70, lines, theme);
    frame.render_widget(editor.area(), inner);
}

fn list(frame: &mut Frame<'_>, area: Rect, title: &str, lines: &[&str], at: usize, theme: Theme) {
    let inner = boxed(frame, area, title, 60, lines.len() as u16, theme);
    let line = |(place, text): (usize, &&str)| {
        let text = padded(&format!("{} {text}", place + 1), inner.width);
        chosen(Line::from(text), place == at)
    };
    let lines: Vec<Line<'static>> = lines.iter().enumerate().map(line).collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

fn chosen(line: Line<'static>, here: bool) -> Line<'static> {
    match here {
        true => line.patch_style(Style::new().add_modifier(Modifier::REVERSED)),
        false => line,
    }
}

fn drivers(screen: &Screen<'_>, at: usize, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let Some(open) = &screen.open else { return };
    let ticked = &open.working.draft().drivers;
    let all = screen.rubric.drivers();
    let inner = boxed(
        frame,
        area,
        "Why did the caller call?",
        72,
        all.len() as u16,
        theme,
    );
    let height = usize::from(inner.height);
    let top = (at + 2)
        .saturating_sub(height)
        .min(all.len().saturating_sub(height));
    let line = |(place, driver): (usize, &crate::rubric::Driver)| {
        let tick = if ticked.contains(&place) {
            "[x]"
        } else {
            "[ ]"
        };
        let number = if place < 9 {
            format!("{}", place + 1)
        } else {
            " ".to_owned()
        };
        let avoidable = if driver.avoidable { " (avoidable)" } else { "" };
        let text = format!("{tick} {number} {}{avoidable}", driver.text);
        chosen(Line::from(padded(&text, inner.width)), place == at)
    };
    let lines: Vec<Line<'static>> = all
        .iter()
        .enumerate()
        .map(line)
        .skip(top)
        .take(height)
        .collect();
    frame.render_widget(Paragraph::new(lines), inner);
}

/// All there is to read on the behavior at the cursor.
fn full(screen: &Screen<'_>, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let Some(open) = &screen.open else { return };
    let columns = 72;
    let lines = guidance::full(screen, open, columns, theme);
    let inner = boxed(frame, area, "In full", columns, lines.len() as u16, theme);
    frame.render_widget(Paragraph::new(lines), inner);
}

fn help(frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let mut lines = vec![Line::from(
        "The keys of the answers stand below the list, beside their words.",
    )];
    for binding in KEYMAP {
        lines.push(Line::from(vec![
            Span::styled(padded(binding.keys, 8), theme.strong()),
            Span::raw(broken(binding.help, 62, 1).concat()),
        ]));
    }
    let inner = boxed(frame, area, "Keys", 72, lines.len() as u16, theme);
    frame.render_widget(Paragraph::new(lines), inner);
}
