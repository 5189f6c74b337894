use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use super::Theme;
use super::fit::broken;
use crate::tui::state::{Open, Screen};

/// The transcript from the line scrolled to, with what is searched marked.
pub(super) fn draw(
    _screen: &Screen<'_>,
    open: &Open,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let title = format!(" Transcript {}/{} ", open.scroll + 1, open.transcript.len());
    let block = Block::new()
        .borders(Borders::LEFT | Borders::TOP)
        .border_style(theme.quiet())
        .title(title);
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let room = usize::from(inner.height);
    let mut lines = Vec::with_capacity(room);
    for text in open.transcript.iter().skip(open.scroll) {
        for part in broken(text, inner.width, room) {
            lines.push(marked(&part, &open.sought));
        }
        if text.is_empty() {
            lines.push(Line::default());
        }
        if lines.len() >= room {
            break;
        }
    }
    frame.render_widget(Paragraph::new(lines), inner);
}

fn marked(text: &str, sought: &str) -> Line<'static> {
    let lower = text.to_lowercase();
    // Letters that change their length in lower case can't be placed: then the line is shown plain.
    if sought.is_empty() || lower.len() != text.len() {
        return Line::from(text.to_owned());
    }
    let mut line = Line::default();
    let mut from = 0;
    for (at, found) in lower.match_indices(sought) {
        let Some((before, hit)) = text.get(from..at).zip(text.get(at..at + found.len())) else {
            continue;
        };
        line.push_span(Span::raw(before.to_owned()));
        let style = Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD);
        line.push_span(Span::styled(hit.to_owned(), style));
        from = at + found.len();
    }
    line.push_span(Span::raw(text.get(from..).unwrap_or_default().to_owned()));
    line
}
