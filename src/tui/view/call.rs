use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::Theme;
use super::fit::{broken, fit, padded, width};
use crate::tui::state::{Mode, Open, Screen};
use crate::tui::words::duration;

/// The bar at the top: where one is on the left, the score so far on the right.
pub(super) fn head(screen: &Screen<'_>, columns: u16, theme: Theme) -> Paragraph<'static> {
    let (left, right) = match (&screen.open, &screen.mode) {
        (Some(open), mode) if !matches!(mode, Mode::Done(_)) => {
            (place(screen, open), score(screen, open))
        }
        _ => (
            format!(" {} · {}", screen.sample, screen.analyst),
            String::new(),
        ),
    };
    let right = fit(&right, columns);
    let room = columns.saturating_sub(width(&right) as u16 + 2);
    let text = format!("{} {right} ", padded(&left, room));
    Paragraph::new(text).style(theme.bar())
}

fn place(screen: &Screen<'_>, open: &Open) -> String {
    let work = &open.work;
    let which = match (&work.draft.amend_reason, work.place) {
        (Some(_), _) => "reopened".to_owned(),
        (None, Some((place, of))) => format!("{place} of {of}"),
        (None, None) => "picked".to_owned(),
    };
    format!(
        " {which} · {} · {} · {}",
        work.call.call_id, screen.sample, screen.analyst
    )
}

fn score(screen: &Screen<'_>, open: &Open) -> String {
    let asked = open.working.asked(screen.rubric);
    let answers = &open.working.draft().answers;
    let many = asked.iter().filter(|asked| **asked).count();
    let given = asked
        .iter()
        .zip(answers)
        .filter(|(asked, answer)| **asked && answer.is_some());
    let given = given.count();
    let made = open.working.score(screen.rubric);
    let number = |score: f64| format!("{score:.1}");
    let score = match (made.score, made.score_before_critical) {
        (None, _) if given == 0 => String::new(),
        (None, _) => "no score".to_owned(),
        (Some(score), _) => number(score),
    };
    let before = match (made.score, made.score_before_critical) {
        (Some(score), Some(before)) if score != before => {
            format!(" ({} before criticals)", number(before))
        }
        _ => String::new(),
    };
    let outcome = match made.outcome {
        Some(outcome) if given == many || !made.criticals.is_empty() => {
            format!(", {}", outcome.as_str())
        }
        _ => String::new(),
    };
    let told = match score.is_empty() {
        true => String::new(),
        false => format!("{score}{outcome}{before} · "),
    };
    format!("{told}{given}/{many}")
}

/// Columns of one logged text.
const MOST_OF_A_FIELD: u16 = 60;

/// What the log says of the call, and what was heard otherwise.
pub(super) fn facts(open: &Open, columns: u16, height: u16) -> Vec<Line<'static>> {
    let call = &open.work.call;
    let draft = open.working.draft();
    let csr = match (&draft.csr_heard, open.work.blind) {
        (Some(heard), false) => format!("{heard} (logged: {})", call.csr),
        (Some(heard), true) => heard.clone(),
        (None, false) => call.csr.clone(),
        (None, true) => "CSR hidden".to_owned(),
    };
    let caller_type = match draft.caller_type_heard {
        Some(heard) => format!("{heard} caller (logged: {})", call.caller_type),
        None => format!("{} caller", call.caller_type),
    };
    let mut parts = vec![csr, caller_type];
    parts.extend(call.started_text.clone().filter(|text| !text.is_empty()));
    // A length of time and a name with its value stay on one line.
    parts.extend(
        call.duration_s
            .map(|seconds| duration(seconds).replace(' ', "\u{a0}")),
    );
    let mut lines = broken(&parts.join(" · "), columns, 2);
    let shown = |text: &str| {
        text.is_empty()
            || text == call.call_id
            || text == call.csr
            || text == call.caller_type.as_str()
            || Some(text) == call.started_text.as_deref()
            || call
                .duration_s
                .is_some_and(|seconds| text.parse() == Ok(seconds))
            || open
                .work
                .transcript
                .as_deref()
                .is_some_and(|transcript| transcript.trim() == text.trim())
    };
    let others = call.fields.iter().filter(|(_, text)| !shown(text));
    let others: Vec<String> = others
        // One long text must not push the others out.
        .map(|(name, text)| {
            format!(
                "{}:\u{a0}{}",
                name.replace(' ', "\u{a0}"),
                fit(text, MOST_OF_A_FIELD)
            )
        })
        .collect();
    if !others.is_empty() {
        let most = if height >= 34 { 6 } else { 2 };
        lines.extend(broken(&others.join(" · "), columns, most));
    }
    lines.into_iter().map(Line::from).collect()
}
