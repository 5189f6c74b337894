use ratatui::text::{Line, Span};

use super::Theme;
use super::fit::{broken, fit};
use crate::rubric::{Answer, Behavior};
use crate::tui::state::{Open, Screen, Spot};
use crate::tui::words::consequence;

/// Lines that the guidance always takes, so that the list doesn't jump: more where there is room.
fn room(height: u16) -> usize {
    if height >= 32 { 8 } else { 5 }
}

/// The behavior at the cursor in full: its words, what to listen for, its answers with their keys, its comment.
pub(super) fn lines(
    screen: &Screen<'_>,
    open: &Open,
    columns: u16,
    height: u16,
    theme: Theme,
) -> Vec<Line<'static>> {
    let room = room(height);
    let mut lines = match open.cursor {
        Spot::Behavior(at) => {
            let behavior = &screen.rubric.behaviors()[at];
            short(behavior, open, at, columns, room, theme)
        }
        Spot::Call => call(screen, open, columns, theme),
    };
    lines.truncate(room);
    lines.resize(room, Line::default());
    lines
}

/// The same without a limit, each answer on a line of its own.
pub(super) fn full(
    screen: &Screen<'_>,
    open: &Open,
    columns: u16,
    theme: Theme,
) -> Vec<Line<'static>> {
    let Spot::Behavior(at) = open.cursor else {
        return call(screen, open, columns, theme);
    };
    let behavior = &screen.rubric.behaviors()[at];
    let plain = |text: &str| (broken(text, columns, 40).into_iter()).map(Line::from);
    let mut lines: Vec<Line<'static>> = (broken(&behavior.text, columns, 9).into_iter())
        .map(|line| Line::styled(line, theme.strong()))
        .collect();
    lines.extend(critical(behavior).iter().flat_map(|text| plain(text)));
    lines.extend(behavior.look_for.iter().flat_map(|text| plain(text)));
    lines.push(Line::default());
    for option in &behavior.scale.options {
        lines.extend(plain(&format!("{} {}", option.key, option.text)));
    }
    if behavior.allows(Answer::Na) {
        lines.push(Line::from(format!("{} N/A", Answer::NA_KEY)));
    }
    let comment = open.working.draft().comments[at].trim();
    if !comment.is_empty() {
        lines.push(Line::default());
        comment.lines().for_each(|line| lines.extend(plain(line)));
    }
    lines
}

/// What a critical answer does, if there is one.
fn critical(behavior: &Behavior) -> Option<String> {
    let critical = behavior.critical.as_ref()?;
    let on: Vec<&str> = (critical.on.iter())
        .filter_map(|answer| behavior.scale.option(*answer))
        .map(|option| option.text.as_str())
        .collect();
    Some(format!(
        "Critical ({}) on \"{}\": {}.",
        critical.family.as_str(),
        on.join("\", \""),
        consequence(critical)
    ))
}

fn short(
    behavior: &Behavior,
    open: &Open,
    at: usize,
    columns: u16,
    room: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = (broken(&behavior.text, columns, 2).into_iter())
        .map(|line| Line::styled(line, theme.strong()))
        .collect();
    let comment = open.working.draft().comments[at].trim();
    // The critical comes first: guidance may be cut off, and `?` shows all of it.
    let parts = [critical(behavior), behavior.look_for.clone()];
    let told = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let keys = keys(behavior, open.working.draft().answers[at], columns, theme);
    let taken = keys.len() + lines.len() + usize::from(!comment.is_empty());
    let left = room.saturating_sub(taken).max(1);
    lines.extend(broken(&told, columns, left).into_iter().map(Line::from));
    if !comment.is_empty() {
        let comment = comment.replace('\n', " ");
        let comment = fit(&format!("Comment: {comment}"), columns);
        lines.push(Line::styled(comment, theme.quiet()));
    }
    let above = room.saturating_sub(keys.len());
    lines.truncate(above);
    lines.resize(above, Line::default());
    lines.extend(keys);
    lines
}

/// Lines of answers; more are shown in full by `?`.
const MOST_KEY_LINES: usize = 2;

/// The keys of the answers, the given one marked.
fn keys(
    behavior: &Behavior,
    given: Option<Answer>,
    columns: u16,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut answers: Vec<(char, String, bool)> = (0..)
        .zip(&behavior.scale.options)
        .map(|(at, option)| {
            (
                option.key,
                option.text.clone(),
                given == Some(Answer::Given(at)),
            )
        })
        .collect();
    if behavior.allows(Answer::Na) {
        answers.push((Answer::NA_KEY, "N/A".to_owned(), given == Some(Answer::Na)));
    }
    let mut lines = vec![Line::default()];
    let mut used = 0;
    for (key, text, given) in answers {
        let text = fit(&text, columns.saturating_sub(8));
        let wide = super::fit::width(&text) + 6;
        if used + wide > usize::from(columns) && used > 0 && lines.len() < MOST_KEY_LINES {
            lines.push(Line::default());
            used = 0;
        }
        used += wide;
        let Some(line) = lines.last_mut() else {
            continue;
        };
        let chosen = if given { "[" } else { " " };
        let close = if given { "]" } else { " " };
        line.push_span(Span::raw(chosen));
        line.push_span(Span::styled(key.to_string(), theme.strong()));
        line.push_span(Span::raw(format!(" {text}{close} ")));
    }
    lines
}

fn call(screen: &Screen<'_>, open: &Open, columns: u16, theme: Theme) -> Vec<Line<'static>> {
    let draft = open.working.draft();
    let mut lines = vec![Line::styled("The call as a whole", theme.strong())];
    let ticked: Vec<&str> = (draft.drivers.iter())
        .map(|at| screen.rubric.drivers()[*at].text.as_str())
        .collect();
    if !ticked.is_empty() {
        let told = format!("Why the caller called: {}", ticked.join("; "));
        lines.extend(broken(&told, columns, 2).into_iter().map(Line::from));
    }
    let comment = draft.comment.trim().replace('\n', " ");
    if !comment.is_empty() {
        lines.extend(
            broken(&format!("Comment: {comment}"), columns, 2)
                .into_iter()
                .map(Line::from),
        );
    }
    if let Some(reason) = &draft.heard_reason {
        lines.push(Line::from(fit(
            &format!("Heard otherwise than logged: {reason}"),
            columns,
        )));
    }
    lines
}
