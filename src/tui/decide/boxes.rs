//! Keys in the boxes over the list: comment, reasons, corrections, lists to choose from.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::Step;
use crate::calls::CallerType;
use crate::evaluation::{Change, Unscorable, UnscorableReason};
use crate::tui::editor::Editor;
use crate::tui::state::{Hearing, Mode, Screen};
use crate::tui::words::{HEARD, REOPEN, UNSCORABLE};

impl Screen<'_> {
    pub(super) fn drivers(&self, at: usize, key: KeyEvent) -> Option<Step> {
        let many = self.rubric.drivers().len();
        let to = |at: usize| Some(Step::Enter(Mode::Drivers { at }));
        let tick = |at: usize| Some(Step::Keep(Change::Driver(at), Some(Mode::Drivers { at })));
        match lower(key.code) {
            KeyCode::Up | KeyCode::Char('k') => to(at.saturating_sub(1)),
            KeyCode::Down | KeyCode::Char('j') => to((at + 1).min(many - 1)),
            KeyCode::Char(' ' | 'x') => tick(at),
            KeyCode::Char(digit @ '1'..='9') => {
                let at = digit as usize - '1' as usize;
                (at < many).then(|| tick(at)).flatten()
            }
            KeyCode::Enter | KeyCode::Esc | KeyCode::Char('d' | 'q') => {
                Some(Step::Enter(Mode::Answering))
            }
            _ => None,
        }
    }

    pub(super) fn heard(&self, at: usize, stage: &Hearing, key: KeyEvent) -> Option<Step> {
        let stage = match stage {
            Hearing::What => return self.heard_what(at, key),
            Hearing::Csr(editor) => match key.code {
                KeyCode::Esc => return Some(Step::Enter(Mode::Answering)),
                KeyCode::Enter if editor.text().is_empty() => {
                    return Some(Step::Say("Who served the caller?".to_owned()));
                }
                KeyCode::Enter => self.heard_why(None, Some(one_line(&editor.text())))?,
                _ => Hearing::Csr(editor.pressed(key)),
            },
            Hearing::Why { chosen, editor } => match key.code {
                KeyCode::Esc => return Some(Step::Enter(Mode::Answering)),
                KeyCode::Enter if editor.text().is_empty() => {
                    return Some(Step::Say("A reason, please: how do you know?".to_owned()));
                }
                KeyCode::Enter => {
                    let mut chosen = chosen.clone();
                    if let Change::Heard { reason, .. } = &mut chosen {
                        *reason = Some(editor.text());
                    }
                    return Some(Step::Keep(chosen, Some(Mode::Answering)));
                }
                _ => Hearing::Why {
                    chosen: chosen.clone(),
                    editor: editor.pressed(key),
                },
            },
        };
        Some(Step::Enter(Mode::Heard { at, stage }))
    }

    fn heard_what(&self, at: usize, key: KeyEvent) -> Option<Step> {
        let to = |at: usize| {
            Some(Step::Enter(Mode::Heard {
                at,
                stage: Hearing::What,
            }))
        };
        let chosen = match listed(key, at, HEARD.len()) {
            Listed::To(at) => return to(at),
            Listed::Out => return Some(Step::Enter(Mode::Answering)),
            Listed::Nothing => return None,
            Listed::Chosen(chosen) => chosen,
        };
        let stage = match chosen {
            0 => self.heard_why(Some(CallerType::Internal), None)?,
            1 => self.heard_why(Some(CallerType::External), None)?,
            2 => Hearing::Csr(Editor::new("")),
            _ => {
                let nothing = Change::Heard {
                    caller_type: None,
                    csr: None,
                    reason: None,
                };
                return Some(Step::Keep(nothing, Some(Mode::Answering)));
            }
        };
        Some(Step::Enter(Mode::Heard { at: chosen, stage }))
    }

    /// One correction keeps the other; only the reason is asked anew.
    fn heard_why(&self, caller_type: Option<CallerType>, csr: Option<String>) -> Option<Hearing> {
        let draft = self.open.as_ref()?.working.draft();
        let chosen = Change::Heard {
            caller_type: caller_type.or(draft.caller_type_heard),
            csr: csr.or(draft.csr_heard.clone()),
            reason: None,
        };
        let editor = Editor::new(draft.heard_reason.as_deref().unwrap_or_default());
        Some(Hearing::Why { chosen, editor })
    }

    pub(super) fn reopen(&self, at: usize, note: Option<&Editor>, key: KeyEvent) -> Option<Step> {
        let Mode::Reopen { earlier, .. } = &self.mode else {
            return None;
        };
        let call_id = earlier.call_id.clone();
        let go = |at, note| {
            let earlier = earlier.clone();
            Some(Step::Enter(Mode::Reopen { earlier, at, note }))
        };
        if let Some(editor) = note {
            return match key.code {
                KeyCode::Esc => go(at, None),
                KeyCode::Enter if editor.text().is_empty() => {
                    Some(Step::Say("Say why, please.".to_owned()))
                }
                KeyCode::Enter => Some(Step::Reopen {
                    call_id,
                    reason: editor.text(),
                }),
                _ => go(at, Some(editor.pressed(key))),
            };
        }
        if lower(key.code) == KeyCode::Char('b') {
            return Some(Step::Earlier(Some(call_id)));
        }
        match listed(key, at, REOPEN.len()) {
            Listed::To(at) => go(at, None),
            Listed::Out => Some(self.out()),
            Listed::Nothing => None,
            Listed::Chosen(at) if at + 1 == REOPEN.len() => go(at, Some(Editor::new(""))),
            Listed::Chosen(at) => Some(Step::Reopen {
                call_id,
                reason: REOPEN[at].to_owned(),
            }),
        }
    }

    /// Out of a list, to where one came from.
    fn out(&self) -> Step {
        match self.open {
            Some(_) => Step::Enter(Mode::Answering),
            None => Step::Next,
        }
    }

    pub(super) fn search(&self, editor: &Editor, key: KeyEvent) -> Option<Step> {
        match key.code {
            KeyCode::Esc => Some(Step::Enter(Mode::Answering)),
            KeyCode::Enter | KeyCode::Down => Some(Step::Find {
                text: editor.text(),
                next: true,
            }),
            KeyCode::PageUp => Some(Step::Scroll(-1)),
            KeyCode::PageDown => Some(Step::Scroll(1)),
            _ => {
                let editor = editor.pressed(key);
                Some(Step::Enter(Mode::Search { editor }))
            }
        }
    }

    pub(super) fn paste(&self, text: &str) -> Option<Step> {
        let mut mode = self.mode.clone();
        let editor = match &mut mode {
            Mode::Comment { editor, .. } | Mode::Search { editor } => editor,
            Mode::Unscorable {
                note: Some(editor), ..
            }
            | Mode::Reopen {
                note: Some(editor), ..
            } => editor,
            Mode::Heard {
                stage: Hearing::Csr(editor) | Hearing::Why { editor, .. },
                ..
            } => editor,
            _ => {
                return Some(Step::Say(
                    "Text can be pasted into a comment; press c first.".to_owned(),
                ));
            }
        };
        editor.paste(text);
        Some(match &mode {
            Mode::Comment { about, editor } => {
                Step::Keep(Change::Comment(*about, editor.text()), Some(mode.clone()))
            }
            _ => Step::Enter(mode),
        })
    }
}

/// A name has one line.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters count in either case: a stuck Caps Lock must not stop the work.
fn lower(code: KeyCode) -> KeyCode {
    match code {
        KeyCode::Char(letter) => KeyCode::Char(letter.to_ascii_lowercase()),
        code => code,
    }
}

/// What a key does in a list of numbered lines.
enum Listed {
    To(usize),
    Chosen(usize),
    Out,
    Nothing,
}

fn listed(key: KeyEvent, at: usize, many: usize) -> Listed {
    match lower(key.code) {
        KeyCode::Up | KeyCode::Char('k') => Listed::To(at.saturating_sub(1)),
        KeyCode::Down | KeyCode::Char('j') => Listed::To((at + 1).min(many - 1)),
        KeyCode::Enter => Listed::Chosen(at),
        KeyCode::Esc | KeyCode::Char('q') => Listed::Out,
        KeyCode::Char(digit @ '1'..='9') => {
            let at = digit as usize - '1' as usize;
            if at < many {
                Listed::Chosen(at)
            } else {
                Listed::Nothing
            }
        }
        _ => Listed::Nothing,
    }
}

/// Everything that is written is kept at once, letter by letter; Esc ends it.
pub(super) fn comment(about: Option<usize>, editor: &Editor, key: KeyEvent) -> Option<Step> {
    if key.code == KeyCode::Esc {
        return Some(Step::Enter(Mode::Answering));
    }
    let before = editor.text();
    let editor = editor.pressed(key);
    let text = editor.text();
    let mode = Mode::Comment { about, editor };
    Some(if text == before {
        Step::Enter(mode)
    } else {
        Step::Keep(Change::Comment(about, text), Some(mode))
    })
}

/// Where a call has answers already, a digit only goes to a line: Enter says that it is meant.
pub(super) fn unscorable(
    at: usize,
    note: Option<&Editor>,
    begun: bool,
    key: KeyEvent,
) -> Option<Step> {
    let go = |at, note| Some(Step::Enter(Mode::Unscorable { at, note }));
    if let Some(editor) = note {
        return match key.code {
            KeyCode::Esc => go(at, None),
            KeyCode::Enter if editor.text().is_empty() => {
                Some(Step::Say("Say why, please.".to_owned()))
            }
            KeyCode::Enter => Some(Step::Unscorable(Unscorable {
                reason: UnscorableReason::Other,
                note: Some(editor.text()),
            })),
            _ => go(at, Some(editor.pressed(key))),
        };
    }
    match listed(key, at, UNSCORABLE.len()) {
        Listed::To(at) => go(at, None),
        Listed::Out => Some(Step::Enter(Mode::Answering)),
        Listed::Nothing => None,
        Listed::Chosen(at) if begun && key.code != KeyCode::Enter => go(at, None),
        Listed::Chosen(at) => match UNSCORABLE[at].0 {
            UnscorableReason::Other => go(at, Some(Editor::new(""))),
            reason => Some(Step::Unscorable(Unscorable { reason, note: None })),
        },
    }
}
