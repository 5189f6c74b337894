//! A desk that remembers, a terminal in memory, and keys written as words.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use evenhand::calls::{Call, CallerType};
use evenhand::evaluation::{CallOutcome, Draft, Unscorable};
use evenhand::rubric::Rubric;
use evenhand::tui::{Desk, Earlier, Flow, Scoring, Summary, Trouble, Work};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use unicode_width::UnicodeWidthStr;

/// What a desk was asked to do, and what it has.
#[derive(Default)]
pub struct Kept {
    pub acts: Vec<String>,
    /// The draft as saved last.
    pub saved: Option<Draft>,
    /// Saving fails with this while it is there.
    pub trouble: Option<String>,
    pub calls: VecDeque<Work>,
    pub earlier: Vec<(Work, Earlier)>,
    pub done: u64,
}

pub struct PaperDesk(pub Rc<RefCell<Kept>>);

impl Desk for PaperDesk {
    fn next(&mut self) -> Result<Option<Work>, Trouble> {
        Ok(self.0.borrow_mut().calls.pop_front())
    }

    fn earlier(&mut self, than: Option<&str>) -> Result<Option<Earlier>, Trouble> {
        let kept = self.0.borrow();
        let all = kept.earlier.iter().map(|(_, earlier)| earlier.clone());
        let all: Vec<Earlier> = all.collect();
        let end = than.map_or(all.len(), |id| {
            all.iter().position(|one| one.call_id == id).unwrap_or(0)
        });
        Ok(all[..end].last().cloned())
    }

    fn reopen(&mut self, call_id: &str, reason: &str) -> Result<Work, Trouble> {
        let mut kept = self.0.borrow_mut();
        kept.acts.push(format!("reopen {call_id}: {reason}"));
        let found = kept
            .earlier
            .iter()
            .find(|(_, earlier)| earlier.call_id == call_id);
        let mut work = found.expect("was offered").0.clone();
        work.draft.amend_reason = Some(reason.to_owned());
        Ok(work)
    }

    fn save(&mut self, call_id: &str, draft: &mut Draft) -> Result<(), Trouble> {
        let mut kept = self.0.borrow_mut();
        if let Some(why) = &kept.trouble {
            return Err(Trouble::Told(why.clone()));
        }
        draft.seconds = Some(draft.seconds.unwrap_or(0.0) + 1.0);
        kept.acts.push(format!("save {call_id}"));
        kept.saved = Some(draft.clone());
        Ok(())
    }

    fn complete(&mut self, call_id: &str, _draft: &mut Draft) -> Result<String, Trouble> {
        let mut kept = self.0.borrow_mut();
        kept.acts.push(format!("complete {call_id}"));
        kept.done += 1;
        Ok(format!("{call_id} is complete."))
    }

    fn unscorable(
        &mut self,
        call_id: &str,
        _draft: &mut Draft,
        why: &Unscorable,
    ) -> Result<String, Trouble> {
        let note = why.note.as_deref().unwrap_or("-");
        self.0.borrow_mut().acts.push(format!(
            "unscorable {call_id}: {} {note}",
            why.reason.as_str()
        ));
        Ok(format!("{call_id} can't be scored."))
    }

    fn play(&mut self, call_id: &str) -> Result<String, Trouble> {
        self.0.borrow_mut().acts.push(format!("play {call_id}"));
        Err(Trouble::Told(
            "The log names no recording of this call.".to_owned(),
        ))
    }

    fn summary(&mut self) -> Result<Summary, Trouble> {
        Ok(Summary {
            calls: self.0.borrow().done,
            unscorable: 1,
            mean_seconds: Some(252.4),
            scores: vec![
                ("internal".to_owned(), 1, Some(78.25)),
                ("external".to_owned(), 1, None),
            ],
            next: "evenhand report --sample july".to_owned(),
        })
    }
}

pub fn rubric() -> Rubric {
    evenhand::read::rubric_text("rubric.toml", include_str!("rubric.toml")).expect("a rubric")
}

pub fn call(id: &str, csr: &str, caller_type: CallerType) -> Work {
    let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    Work {
        call: Call {
            call_id: id.to_owned(),
            csr: csr.to_owned(),
            caller_type,
            line: 2,
            started_at: None,
            started_text: Some("2026-07-20T13:13:15".to_owned()),
            duration_s: Some(252.0),
            fields: vec![
                field("call_id", id),
                field("csr", csr),
                field("queue", "Orders"),
                field("subject", "Where is my order?"),
            ],
        },
        blind: false,
        draft: Draft::new(&rubric()),
        resumed: false,
        place: Some((7, 72)),
        transcript: None,
    }
}

/// Plays a story on a screen of some size.
pub struct Story<'a> {
    scoring: Scoring<'a>,
    size: (u16, u16),
    pub kept: Rc<RefCell<Kept>>,
    pub flow: Flow,
}

impl<'a> Story<'a> {
    pub fn new(rubric: &'a Rubric, desk: &'a mut PaperDesk, size: (u16, u16)) -> Self {
        let kept = desk.0.clone();
        let mut scoring = Scoring::new(rubric, "july", "anna", desk).expect("begins");
        scoring.sized(size.0, size.1);
        Self {
            scoring,
            size,
            kept,
            flow: Flow::On,
        }
    }

    /// Keys separated by blanks: letters and signs, names such as `Enter`, and `"texts"` typed letter by letter.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys.trim();
        while !rest.is_empty() {
            let (word, after) = match rest.strip_prefix('"') {
                Some(text) => {
                    let (text, after) = text.split_once('"').expect("a closing quote");
                    text.chars()
                        .for_each(|letter| self.key(KeyCode::Char(letter), KeyModifiers::NONE));
                    (None, after)
                }
                None => {
                    let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
                    (Some(word), after)
                }
            };
            if let Some(word) = word {
                self.named(word);
            }
            rest = after.trim_start();
        }
        self
    }

    fn named(&mut self, word: &str) {
        let code = match word {
            "Enter" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "Tab" => KeyCode::Tab,
            "Up" => KeyCode::Up,
            "Down" => KeyCode::Down,
            "Home" => KeyCode::Home,
            "End" => KeyCode::End,
            "PgUp" => KeyCode::PageUp,
            "PgDn" => KeyCode::PageDown,
            "Space" => KeyCode::Char(' '),
            "Backspace" => KeyCode::Backspace,
            "Ctrl-C" => return self.key(KeyCode::Char('c'), KeyModifiers::CONTROL),
            "Ctrl-R" => return self.key(KeyCode::Char('r'), KeyModifiers::CONTROL),
            "Ctrl-N" => return self.key(KeyCode::Char('n'), KeyModifiers::CONTROL),
            "Ctrl-J" => return self.key(KeyCode::Char('j'), KeyModifiers::CONTROL),
            "Alt-y" => return self.key(KeyCode::Char('y'), KeyModifiers::ALT),
            "Ctrl-Z" => return self.key(KeyCode::Char('z'), KeyModifiers::CONTROL),
            one => KeyCode::Char(one.chars().next().expect("a key")),
        };
        self.key(code, KeyModifiers::NONE);
    }

    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.event(Event::Key(KeyEvent::new(code, modifiers)));
    }

    pub fn event(&mut self, event: Event) {
        self.flow = self.scoring.take(&event).expect("goes on");
    }

    /// The screen drawn afresh: the terminal in memory keeps what stood under the second half of a wide letter.
    pub fn buffer(&mut self, color: bool) -> Buffer {
        let backend = TestBackend::new(self.size.0, self.size.1);
        let mut terminal = Terminal::new(backend).expect("terminal");
        let scoring = &self.scoring;
        terminal
            .draw(|frame| scoring.draw(frame, color))
            .expect("draws");
        terminal.backend().buffer().clone()
    }

    /// What stands on the screen.
    pub fn screen(&mut self) -> String {
        let buffer = self.buffer(true);
        let width = usize::from(buffer.area.width);
        let lines = buffer.content.chunks(width).map(|cells| {
            let mut line = String::new();
            let mut covered = 0;
            for cell in cells {
                if covered == 0 {
                    line.push_str(cell.symbol());
                    covered = cell.symbol().width().max(1);
                }
                covered -= 1;
            }
            line.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The line that says something.
    pub fn told(&mut self) -> String {
        let screen = self.screen();
        let lines: Vec<&str> = screen.lines().collect();
        lines[lines.len() - 2].to_owned()
    }

    /// The answers as saved last: ids, `na`, or `.`.
    pub fn answers(&self) -> String {
        let rubric = rubric();
        let kept = self.kept.borrow();
        let draft = kept.saved.as_ref().expect("something was saved");
        let ids = rubric.behaviors().iter().zip(&draft.answers);
        let ids = ids.map(|(behavior, answer)| {
            answer
                .map_or(".", |answer| behavior.scale.id_of(answer))
                .to_owned()
        });
        ids.collect::<Vec<_>>().join(" ")
    }

    pub fn acts(&self) -> Vec<String> {
        let acts = self.kept.borrow().acts.clone();
        acts.into_iter()
            .filter(|act| !act.starts_with("save"))
            .collect()
    }
}

pub fn desk(calls: Vec<Work>) -> PaperDesk {
    PaperDesk(Rc::new(RefCell::new(Kept {
        calls: calls.into(),
        ..Kept::default()
    })))
}

pub fn earlier(work: Work, score: f64) -> (Work, Earlier) {
    let earlier = Earlier {
        call_id: work.call.call_id.clone(),
        score: Some(score),
        outcome: Some(CallOutcome::Pass),
    };
    (work, earlier)
}
