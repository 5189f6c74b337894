use ratatui::crossterm::event::Event;

use super::decide::Step;
use super::state::{Mode, Screen, Spot};
use super::{Desk, Trouble};
use crate::evaluation::Change;
use crate::rubric::Rubric;

/// Scoring at a desk: takes events in, has the desk keep what changes, and only then changes the screen.
pub struct Scoring<'a> {
    pub(super) screen: Screen<'a>,
    desk: &'a mut dyn Desk,
}

/// How it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    On,
    /// Something went wrong and was told: keys typed before it could be read are to be forgotten.
    Forget,
    /// The terminal is wanted back for a while.
    Suspend,
    /// The whole screen is to be drawn anew.
    Redraw,
    End,
}

impl<'a> Scoring<'a> {
    /// Begins with the next call.
    ///
    /// # Errors
    /// What the desk can't do.
    pub fn new(
        rubric: &'a Rubric,
        sample: &str,
        analyst: &str,
        desk: &'a mut dyn Desk,
    ) -> anyhow::Result<Self> {
        let mut scoring = Self {
            screen: Screen::new(rubric, sample, analyst),
            desk,
        };
        let begun = scoring.next_call();
        scoring.told(begun)?;
        Ok(scoring)
    }

    /// Takes one event in.
    ///
    /// # Errors
    /// What ends scoring; everything kept so far stays kept.
    pub fn take(&mut self, event: &Event) -> anyhow::Result<Flow> {
        if let Event::Resize(columns, lines) = event {
            self.screen.size = (*columns, *lines);
        }
        let step = self.screen.decide(event);
        if matches!(event, Event::Key(_)) {
            self.screen.in_pieces = matches!(step, Some(Step::InPieces));
        }
        let Some(step) = step else {
            return Ok(Flow::On);
        };
        self.screen.message = None;
        match step {
            Step::Leave => {
                // Where the cursor stood is a comfort: leaving goes on without it.
                if let Some((call_id, mut draft)) = self.screen.left() {
                    let kept = self.desk.save(&call_id, &mut draft);
                    if let Err(Trouble::Ends(error)) = kept {
                        return Err(error);
                    }
                }
                return Ok(Flow::End);
            }
            Step::Suspend => return Ok(Flow::Suspend),
            Step::Redraw => return Ok(Flow::Redraw),
            step => {
                if !matches!(step, Step::Keep(Change::Answer(..), _)) {
                    self.screen.to_comment = None;
                }
                let done = self.carry_out(step);
                let failed = matches!(done, Err(Trouble::Told(_) | Trouble::Gone(_)));
                self.told(done)?;
                if failed {
                    return Ok(Flow::Forget);
                }
            }
        }
        Ok(Flow::On)
    }

    /// What to say when the screen is gone.
    pub fn parting(&self) -> String {
        match &self.screen.mode {
            Mode::Done(done) => format!("No call is left for you to score. Next: {}", done.next),
            _ => "Everything is kept. `evenhand score` goes on here.".to_owned(),
        }
    }

    /// Tells the size of the terminal before the first event does.
    pub fn sized(&mut self, columns: u16, lines: u16) {
        self.screen.size = (columns, lines);
    }

    /// What can be tried again is shown; the rest ends scoring.
    fn told(&mut self, done: Result<(), Trouble>) -> anyhow::Result<()> {
        match done {
            Ok(()) => Ok(()),
            Err(Trouble::Told(text)) => {
                self.screen.say(text);
                Ok(())
            }
            Err(Trouble::Gone(text)) => {
                let next = self.next_call();
                self.told(next)?;
                self.screen.say(text);
                Ok(())
            }
            Err(Trouble::Ends(error)) => Err(error),
        }
    }

    fn carry_out(&mut self, step: Step) -> Result<(), Trouble> {
        match step {
            Step::Keep(change, mode) => self.keep(&change, mode)?,
            Step::Complete => self.complete()?,
            Step::Unscorable(why) => {
                if let Some(open) = &self.screen.open {
                    let call_id = open.work.call.call_id.clone();
                    let mut draft = open.working.draft().clone();
                    let told = self.desk.unscorable(&call_id, &mut draft, &why)?;
                    self.next_call()?;
                    self.screen.say(told);
                }
            }
            Step::Earlier(than) => match self.desk.earlier(than.as_deref())? {
                Some(earlier) => {
                    self.screen.mode = Mode::Reopen {
                        earlier,
                        at: 0,
                        note: None,
                    };
                }
                None => self.screen.say("There is no earlier call of yours."),
            },
            Step::Reopen { call_id, reason } => {
                let work = self.desk.reopen(&call_id, &reason)?;
                self.screen.show(work);
            }
            Step::Play => {
                if let Some(call_id) = self.screen.call_id() {
                    let told = self.desk.play(&call_id)?;
                    self.screen.say(told);
                }
            }
            Step::Next => self.next_call()?,
            Step::Go(spot) => self.go(spot),
            Step::GoAndSay(spot, text) => {
                self.go(spot);
                self.screen.say(text);
            }
            Step::Enter(mode) => self.enter(mode),
            Step::Scroll(by) => self.scroll(by),
            Step::Find { text, next } => self.find(&text, next),
            Step::Say(text) => self.screen.say(text),
            Step::InPieces | Step::Leave | Step::Suspend | Step::Redraw => {}
        }
        Ok(())
    }

    fn keep(&mut self, change: &Change, mode: Option<Mode>) -> Result<(), Trouble> {
        let call_id = self.screen.call_id();
        if let (Some(call_id), Some(mut draft)) = (call_id, self.screen.with(change)) {
            self.desk.save(&call_id, &mut draft)?;
            self.screen.kept(change, draft);
        }
        if let Some(mode) = mode {
            self.screen.mode = mode;
        }
        Ok(())
    }

    fn complete(&mut self) -> Result<(), Trouble> {
        let Some(open) = &self.screen.open else {
            return Ok(());
        };
        let call_id = open.work.call.call_id.clone();
        let mut draft = open.working.draft().clone();
        let told = self.desk.complete(&call_id, &mut draft)?;
        self.next_call()?;
        self.screen.say(told);
        Ok(())
    }

    fn next_call(&mut self) -> Result<(), Trouble> {
        match self.desk.next()? {
            Some(work) => self.screen.show(work),
            None => {
                let summary = self.desk.summary()?;
                self.screen.finish(summary);
            }
        }
        Ok(())
    }

    fn go(&mut self, spot: Spot) {
        self.screen.mode = Mode::Answering;
        if let Some(open) = &mut self.screen.open {
            open.cursor = spot;
        }
    }

    fn enter(&mut self, mode: Mode) {
        if let Some(open) = &mut self.screen.open {
            if matches!(self.screen.mode, Mode::Comment { .. })
                && !matches!(mode, Mode::Comment { .. })
            {
                open.working.end_comment();
            }
            if let Mode::Search { editor } = &mode {
                let text = editor.text();
                self.screen.mode = mode;
                self.find(&text, false);
                return;
            }
        }
        self.screen.mode = mode;
    }

    fn scroll(&mut self, by: isize) {
        /// Lines of a transcript that PgUp and PgDn move by.
        const PAGE: isize = 10;
        if let Some(open) = &mut self.screen.open {
            let last = open.transcript.len().saturating_sub(1);
            open.scroll = open.scroll.saturating_add_signed(by * PAGE).min(last);
        }
    }

    /// Brings the first line from here on that holds the text to the top; from the next line on with `next`.
    fn find(&mut self, text: &str, next: bool) {
        let Some(open) = &mut self.screen.open else {
            return;
        };
        let text = text.to_lowercase();
        open.sought.clone_from(&text);
        if text.is_empty() {
            return;
        }
        let many = open.transcript.len();
        let from = open.scroll + usize::from(next);
        let places = (from..many).chain(0..from.min(many));
        let found = places
            .into_iter()
            .find(|at| open.transcript[*at].to_lowercase().contains(&text));
        match found {
            Some(at) => open.scroll = at,
            None => self.screen.say("The transcript does not say that."),
        }
    }
}
