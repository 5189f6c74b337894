//! What the screen looks like. Meaning is never in colour alone, and text from logs and answers is escaped.

mod behaviors;
mod call;
mod fit;
mod guidance;
mod overlay;
mod summary;
mod transcript;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders, Paragraph};

use super::Scoring;
use super::state::{Mode, Open, Screen};
use crate::evaluation::KEYMAP;
use fit::fit;

/// The smallest terminal that shows everything.
pub const LEAST_WIDTH: u16 = 80;
pub const LEAST_HEIGHT: u16 = 24;

/// From this width on the transcript has a panel of its own.
pub(super) const WIDE: u16 = 120;

/// Whether colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Theme {
    pub(super) color: bool,
}

impl Theme {
    fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    fn bar(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    fn tinted(self, color: Color) -> Style {
        match self.color {
            true => Style::new().fg(color),
            false => Style::new(),
        }
    }

    fn good(self) -> Style {
        self.tinted(Color::Green)
    }

    fn weak(self) -> Style {
        self.tinted(Color::Yellow)
    }

    fn bad(self) -> Style {
        self.tinted(Color::Red).add_modifier(Modifier::BOLD)
    }
}

impl Scoring<'_> {
    /// Draws the screen as it is now.
    pub fn draw(&self, frame: &mut Frame<'_>, color: bool) {
        draw(&self.screen, frame, Theme { color });
    }
}

fn draw(screen: &Screen<'_>, frame: &mut Frame<'_>, theme: Theme) {
    let area = frame.area();
    if area.width < LEAST_WIDTH || area.height < LEAST_HEIGHT {
        let text = format!(
            "{}x{} is too small: scoring takes {LEAST_WIDTH}x{LEAST_HEIGHT}. Everything is kept.",
            area.width, area.height
        );
        frame.render_widget(Paragraph::new(fit(&text, area.width)), area);
        return;
    }
    let [head, body, message, keys] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(area);
    frame.render_widget(call::head(screen, head.width, theme), head);
    match (&screen.mode, &screen.open) {
        (Mode::Done(done), _) => summary::draw(screen, done, frame, body, theme),
        (_, Some(open)) => desk(screen, open, frame, body, theme),
        (_, None) => {}
    }
    overlay::draw(screen, frame, body, theme);
    let told = screen.message.as_deref().unwrap_or_default();
    let told = Paragraph::new(fit(told, message.width)).style(theme.strong());
    frame.render_widget(told, message);
    frame.render_widget(Paragraph::new(key_line(screen, keys.width, theme)), keys);
}

fn desk(screen: &Screen<'_>, open: &Open, frame: &mut Frame<'_>, area: Rect, theme: Theme) {
    let mut area = area;
    if area.width >= WIDE && !open.transcript.is_empty() {
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(58), Constraint::Fill(1)]).areas(area);
        transcript::draw(screen, open, frame, right, theme);
        area = left;
    }
    let facts = call::facts(open, area.width, area.height);
    let guidance = guidance::lines(screen, open, area.width, area.height, theme);
    let [top, list, bottom] = Layout::vertical([
        Constraint::Length(facts.len() as u16),
        Constraint::Fill(1),
        Constraint::Length(guidance.len() as u16 + 1),
    ])
    .areas(area);
    frame.render_widget(Paragraph::new(facts), top);
    let ruled = Block::new()
        .borders(Borders::TOP)
        .border_style(theme.quiet());
    let inner = ruled.inner(list);
    frame.render_widget(ruled, list);
    behaviors::draw(screen, open, frame, inner, theme);
    let ruled = Block::new()
        .borders(Borders::TOP)
        .border_style(theme.quiet());
    let inner = ruled.inner(bottom);
    frame.render_widget(ruled, bottom);
    frame.render_widget(Paragraph::new(guidance), inner);
}

/// The keys that matter just now.
fn key_line(screen: &Screen<'_>, width: u16, theme: Theme) -> Line<'static> {
    let pairs: Vec<(&str, &str)> = match &screen.mode {
        Mode::Answering => (KEYMAP.iter())
            .filter(|binding| !binding.short.is_empty())
            .map(|binding| (binding.keys, binding.short))
            .collect(),
        Mode::Comment { .. } => vec![("Esc", "done, all of it is kept"), ("Enter", "new line")],
        Mode::Drivers { .. } => vec![("1-9 Space", "tick"), ("↑ ↓", "go"), ("Esc", "done")],
        Mode::Unscorable { note: Some(_), .. }
        | Mode::Reopen { note: Some(_), .. }
        | Mode::Heard {
            stage: super::state::Hearing::Csr(_) | super::state::Hearing::Why { .. },
            ..
        } => vec![("Enter", "keep"), ("Esc", "back")],
        Mode::Reopen { .. } => vec![
            ("1-9 Enter", "choose"),
            ("↑ ↓", "go"),
            ("b", "the call before"),
            ("Esc", "back"),
        ],
        Mode::Unscorable { .. } | Mode::Heard { .. } => {
            vec![("1-9 Enter", "choose"), ("↑ ↓", "go"), ("Esc", "back")]
        }
        Mode::Help { keys: true } => vec![("?", "the behavior in full"), ("any key", "back")],
        Mode::Help { keys: false } => vec![("any key", "back")],
        Mode::Search { .. } => vec![("Enter", "next"), ("PgUp PgDn", "scroll"), ("Esc", "done")],
        Mode::Done(_) => vec![("Enter", "leave"), ("b", "previous call")],
    };
    let mut line = Line::default();
    let mut used = 0;
    for (keys, word) in pairs {
        let wide = keys.chars().count() + word.chars().count() + 3;
        if used + wide > usize::from(width) {
            break;
        }
        used += wide;
        line.push_span(Span::styled(keys.to_owned(), theme.strong()));
        line.push_span(Span::styled(format!(" {word}  "), theme.quiet()));
    }
    line
}
