//! What a key means: a pure look at the screen. Nothing changes here; [`super::scoring`] carries the step out.

mod boxes;

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::editor::Editor;
use super::state::{Hearing, Mode, Open, Screen, Spot};
use crate::evaluation::{Act, Change, Gap, Unscorable, act_of};
use crate::rubric::Answer;

/// What is to be done.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A change of the draft, to be kept before it is shown; then the mode to go on in.
    Keep(Change, Option<Mode>),
    Complete,
    Unscorable(Unscorable),
    /// Looks up the complete evaluation before this call's.
    Earlier(Option<String>),
    Reopen {
        call_id: String,
        reason: String,
    },
    Play,
    /// Takes the next call, or tells again that there is none.
    Next,
    Leave,
    Suspend,
    Redraw,
    /// The first piece of a key that arrived in several.
    InPieces,
    /// On the screen alone.
    Go(Spot),
    GoAndSay(Spot, String),
    Enter(Mode),
    Scroll(isize),
    Find {
        text: String,
        next: bool,
    },
    Say(String),
}

impl Screen<'_> {
    /// The step an event asks for; `None` where it asks for nothing.
    pub(super) fn decide(&self, event: &Event) -> Option<Step> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => self.key(*key),
            Event::Paste(text) => self.paste(text),
            _ => None,
        }
    }

    fn key(&self, key: KeyEvent) -> Option<Step> {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            match key.code {
                KeyCode::Char('c') => return Some(Step::Leave),
                KeyCode::Char('z') => return Some(Step::Suspend),
                KeyCode::Char('l') => return Some(Step::Redraw),
                _ => {}
            }
        }
        if self.is_too_small() {
            let leaves =
                matches!(key.code, KeyCode::Char(letter) if act_of(letter) == Some(Act::Leave));
            return leaves.then_some(Step::Leave);
        }
        // Esc and a letter that arrive together are read as one key with Alt.
        let key = match key.code {
            KeyCode::Char(_) if key.modifiers.contains(KeyModifiers::ALT) => match self.mode {
                Mode::Answering => return None,
                _ => KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE),
            },
            _ => key,
        };
        match &self.mode {
            Mode::Answering => self.answering(key),
            Mode::Comment { about, editor } => boxes::comment(*about, editor, key),
            Mode::Drivers { at } => self.drivers(*at, key),
            Mode::Unscorable { at, note } => {
                boxes::unscorable(*at, note.as_ref(), self.is_begun(), key)
            }
            Mode::Heard { at, stage } => self.heard(*at, stage, key),
            Mode::Reopen { at, note, .. } => self.reopen(*at, note.as_ref(), key),
            Mode::Help { keys: true } if key.code == KeyCode::Char('?') => {
                Some(Step::Enter(Mode::Help { keys: false }))
            }
            Mode::Help { .. } => Some(Step::Enter(Mode::Answering)),
            Mode::Search { editor } => self.search(editor, key),
            Mode::Done(_) => match key.code {
                KeyCode::Enter | KeyCode::Esc => Some(Step::Leave),
                KeyCode::Char(letter) => match act_of(letter)? {
                    Act::Leave => Some(Step::Leave),
                    Act::Previous => Some(Step::Earlier(None)),
                    _ => None,
                },
                _ => None,
            },
        }
    }

    fn answering(&self, key: KeyEvent) -> Option<Step> {
        let open = self.open.as_ref()?;
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return (key.code == KeyCode::Char('r')).then(|| self.act(open, Act::Redo));
        }
        if self.in_pieces {
            return None;
        }
        let act = match key.code {
            KeyCode::Char('[') => return Some(Step::InPieces),
            KeyCode::Enter => Act::Complete,
            KeyCode::Tab => Act::NextGap,
            KeyCode::Up => Act::Up,
            KeyCode::Down => Act::Down,
            KeyCode::PageUp => Act::PageUp,
            KeyCode::PageDown => Act::PageDown,
            KeyCode::Home => return Some(Step::Go(*self.spots().first()?)),
            KeyCode::End => return Some(Step::Go(Spot::Call)),
            KeyCode::Char(letter) => match act_of(letter) {
                Some(act) => act,
                None => return Some(self.answer(open, letter)),
            },
            _ => return None,
        };
        Some(self.act(open, act))
    }

    fn act(&self, open: &Open, act: Act) -> Step {
        match act {
            Act::NotApplicable => self.answer(open, Answer::NA_KEY),
            Act::Complete => self.complete(open),
            Act::NextGap => self.next_gap(open),
            Act::Up => self.step(open, -1),
            Act::Down => self.step(open, 1),
            Act::PageUp => Step::Scroll(-1),
            Act::PageDown => Step::Scroll(1),
            Act::Undo => match open.working.with(&Change::Undo) {
                Some(_) => Step::Keep(Change::Undo, None),
                None => Step::Say("There is nothing to take back on this call.".to_owned()),
            },
            Act::Redo => match open.working.with(&Change::Redo) {
                Some(_) => Step::Keep(Change::Redo, None),
                None => Step::Say("There is nothing to make again.".to_owned()),
            },
            Act::Comment => {
                let draft = open.working.draft();
                let about = match (self.to_comment, open.cursor) {
                    (Some(at), _) | (None, Spot::Behavior(at)) => Some(at),
                    (None, Spot::Call) => None,
                };
                let text = about.map_or(&draft.comment, |at| &draft.comments[at]);
                let editor = Editor::new(text);
                Step::Enter(Mode::Comment { about, editor })
            }
            Act::Drivers if self.rubric.drivers().is_empty() => {
                Step::Say("This rubric has no reasons for calling to tick.".to_owned())
            }
            Act::Drivers => Step::Enter(Mode::Drivers { at: 0 }),
            Act::Unscorable if open.work.draft.amend_reason.is_some() => {
                Step::Say("A call that was scored can't be said to be unscorable here.".to_owned())
            }
            Act::Unscorable => Step::Enter(Mode::Unscorable { at: 0, note: None }),
            Act::Heard => Step::Enter(Mode::Heard {
                at: 0,
                stage: Hearing::What,
            }),
            Act::Open => Step::Play,
            Act::Previous => {
                // On a reopened call the one before it is meant; its own changes stay where they are.
                let reopened = open.work.draft.amend_reason.as_ref();
                Step::Earlier(reopened.map(|_| open.work.call.call_id.clone()))
            }
            Act::Help => Step::Enter(Mode::Help { keys: true }),
            Act::Search if open.transcript.is_empty() => {
                Step::Say("This call has no transcript.".to_owned())
            }
            Act::Search if self.size.0 < super::WIDE => Step::Say(format!(
                "The transcript is shown from {} columns on.",
                super::WIDE
            )),
            Act::Search => Step::Enter(Mode::Search {
                editor: Editor::new(&open.sought),
            }),
            Act::Leave => Step::Leave,
        }
    }

    fn answer(&self, open: &Open, letter: char) -> Step {
        let Spot::Behavior(at) = open.cursor else {
            return Step::Say(
                "This line takes a comment (c) and reasons (d); Enter completes the call."
                    .to_owned(),
            );
        };
        let behavior = &self.rubric.behaviors()[at];
        let answer = behavior.scale.answer_by_key(letter.to_ascii_lowercase());
        match answer {
            Some(answer) if behavior.allows(answer) => {
                if open.working.draft().answers[at] == Some(answer) {
                    // Said again: go on as after any answer.
                    return Step::Go(self.spot_after(at));
                }
                Step::Keep(Change::Answer(at, answer), None)
            }
            Some(_) => {
                Step::Say("This behavior has to be answered; N/A is not possible.".to_owned())
            }
            None => {
                let keys = behavior
                    .scale
                    .options
                    .iter()
                    .map(|option| option.key.to_string());
                let keys = keys.collect::<Vec<_>>().join(", ");
                Step::Say(format!(
                    "`{letter}` is no answer here. Use {keys}; ? shows all keys."
                ))
            }
        }
    }

    fn complete(&self, open: &Open) -> Step {
        let gaps = open.working.gaps(self.rubric);
        let Some(first) = gaps.first() else {
            return Step::Complete;
        };
        let answers = gaps
            .iter()
            .filter(|gap| matches!(gap, Gap::Answer(_)))
            .count();
        let comments = gaps.len() - answers;
        let count = |n: usize, one: &str| match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {one}s")),
        };
        let missing = [count(answers, "answer"), count(comments, "comment")];
        let missing = missing
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" and ");
        let press = match first {
            Gap::Answer(_) => "",
            Gap::Comment(_) => " (press c)",
        };
        let told = match gaps.len() {
            1 => format!("{missing} is missing: here{press}."),
            _ => format!("{missing} are missing; the first is here{press}."),
        };
        Step::GoAndSay(Spot::Behavior(first.behavior()), told)
    }

    fn next_gap(&self, open: &Open) -> Step {
        let gaps = open.working.gaps(self.rubric);
        let after = match open.cursor {
            Spot::Behavior(at) => at,
            Spot::Call => usize::MAX,
        };
        let next = gaps
            .iter()
            .find(|gap| gap.behavior() > after)
            .or(gaps.first());
        match next {
            Some(gap) => Step::Go(Spot::Behavior(gap.behavior())),
            None => Step::Say("Nothing is missing; Enter completes the call.".to_owned()),
        }
    }

    fn step(&self, open: &Open, by: isize) -> Step {
        let spots = self.spots();
        let at = spots
            .iter()
            .position(|spot| *spot == open.cursor)
            .unwrap_or(0);
        let to = at.saturating_add_signed(by).min(spots.len() - 1);
        Step::Go(spots[to])
    }

    /// Whether something was answered or written on this call.
    pub(super) fn is_begun(&self) -> bool {
        self.open.as_ref().is_some_and(|open| {
            let draft = open.working.draft();
            let written = draft.comments.iter().chain([&draft.comment]);
            draft.answers.iter().any(Option::is_some)
                || written.into_iter().any(|text| !text.is_empty())
        })
    }

    fn is_too_small(&self) -> bool {
        self.size.0 < super::LEAST_WIDTH || self.size.1 < super::LEAST_HEIGHT
    }

    /// The spot after a behavior.
    fn spot_after(&self, at: usize) -> Spot {
        let spots = self.spots();
        let here = spots.iter().position(|spot| *spot == Spot::Behavior(at));
        here.and_then(|here| spots.get(here + 1))
            .copied()
            .unwrap_or(Spot::Call)
    }

    /// Every line that can be gone to, in order.
    pub(super) fn spots(&self) -> Vec<Spot> {
        let Some(open) = &self.open else {
            return Vec::new();
        };
        let asked = open.working.asked(self.rubric);
        let behaviors = asked.iter().enumerate().filter(|(_, asked)| **asked);
        let behaviors = behaviors.map(|(at, _)| Spot::Behavior(at));
        behaviors.chain([Spot::Call]).collect()
    }
}
