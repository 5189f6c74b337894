use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Block, Padding, Paragraph};

use super::Theme;
use super::fit::{fit, padded};
use crate::tui::Summary;
use crate::tui::state::Screen;
use crate::tui::words::duration;

/// What the analyst has done, and what to type next.
pub(super) fn draw(
    screen: &Screen<'_>,
    done: &Summary,
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
) {
    let columns = area.width.saturating_sub(4);
    let calls = |n: u64| {
        if n == 1 {
            "1 call".to_owned()
        } else {
            format!("{n} calls")
        }
    };
    let mut lines = vec![
        Line::styled(
            fit(
                &format!("No call is left for {} to score.", screen.analyst),
                columns,
            ),
            theme.strong(),
        ),
        Line::default(),
        Line::from(fit(
            &format!(
                "{} scored {} of the sample {}.",
                screen.analyst,
                calls(done.calls),
                screen.sample
            ),
            columns,
        )),
    ];
    if done.unscorable > 0 {
        lines.push(Line::from(format!(
            "{} could not be scored.",
            calls(done.unscorable)
        )));
    }
    if let Some(seconds) = done.mean_seconds {
        lines.push(Line::from(format!(
            "On average {} a call.",
            duration(seconds)
        )));
    }
    lines.push(Line::default());
    for (caller_type, many, score) in &done.scores {
        let score = score.map_or_else(|| "–".to_owned(), |score| format!("{score:.1}"));
        lines.push(Line::from(format!(
            "{}{:>10}   mean score {score}",
            padded(&format!("{caller_type} callers"), 20),
            calls(*many)
        )));
    }
    lines.push(Line::default());
    lines.push(Line::styled(
        fit(&format!("Next: {}", done.next), columns),
        theme.strong(),
    ));
    let block = Block::new().padding(Padding::new(2, 2, 1, 0));
    frame.render_widget(Paragraph::new(lines).block(block), area);
}
