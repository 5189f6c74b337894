use super::editor::Editor;
use super::words::consequence;
use super::{Earlier, Summary, Work};
use crate::evaluation::{Change, Draft, Working};
use crate::rubric::Rubric;

/// All that the screen knows; nothing in here touches the world.
#[derive(Clone, Debug)]
pub(super) struct Screen<'a> {
    pub(super) rubric: &'a Rubric,
    pub(super) sample: String,
    pub(super) analyst: String,
    /// The call on the desk and the work on it; `None` only when nothing is left.
    pub(super) open: Option<Open>,
    pub(super) mode: Mode,
    /// What the analyst is told below the list.
    pub(super) message: Option<String>,
    /// The behavior whose answer, just given, needs a comment: the next `c` is about it.
    pub(super) to_comment: Option<usize>,
    /// Columns and lines of the terminal.
    pub(super) size: (u16, u16),
    /// A `[` came last: what follows is the rest of a key that arrived in pieces.
    pub(super) in_pieces: bool,
}

/// Columns of a transcript's lines: what its panel holds on a screen of 120 columns.
const TRANSCRIPT: usize = 48;

/// The call on the desk.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) work: Work,
    pub(super) working: Working,
    pub(super) cursor: Spot,
    /// The transcript's lines, if there is one.
    pub(super) transcript: Vec<String>,
    pub(super) scroll: usize,
    /// The text searched last, in lower case.
    pub(super) sought: String,
}

/// A line of the list that can be gone to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// A behavior, by its place in the rubric.
    Behavior(usize),
    /// The call as a whole: its comment and the reasons for calling.
    Call,
}

/// What keys are for just now.
#[derive(Clone, Debug)]
pub(super) enum Mode {
    Answering,
    Comment {
        about: Option<usize>,
        editor: Editor,
    },
    Drivers {
        at: usize,
    },
    Unscorable {
        at: usize,
        note: Option<Editor>,
    },
    Heard {
        at: usize,
        stage: Hearing,
    },
    Reopen {
        earlier: Earlier,
        at: usize,
        note: Option<Editor>,
    },
    /// All keys, or the behavior at the cursor in full.
    Help {
        keys: bool,
    },
    Search {
        editor: Editor,
    },
    /// Nothing is left to score.
    Done(Summary),
}

/// How far a correction as heard is.
#[derive(Clone, Debug)]
pub(super) enum Hearing {
    /// Choosing what was heard otherwise.
    What,
    Csr(Editor),
    /// Why; with what was chosen.
    Why {
        chosen: Change,
        editor: Editor,
    },
}

impl<'a> Screen<'a> {
    /// An empty screen.
    pub(super) fn new(rubric: &'a Rubric, sample: &str, analyst: &str) -> Self {
        Self {
            rubric,
            sample: sample.to_owned(),
            analyst: analyst.to_owned(),
            open: None,
            mode: Mode::Answering,
            message: None,
            to_comment: None,
            size: (super::LEAST_WIDTH, super::LEAST_HEIGHT),
            in_pieces: false,
        }
    }

    /// Puts a call on the screen, at the behavior where it was left, else at the first blank.
    pub(super) fn show(&mut self, work: Work) {
        let working = Working::new(work.call.caller_type, work.draft.clone());
        let asked = working.asked(self.rubric);
        let left = work
            .draft
            .at
            .filter(|at| asked.get(*at).copied().unwrap_or(true));
        let blank = working.gaps(self.rubric).first().map(|gap| gap.behavior());
        let first = work
            .draft
            .amend_reason
            .as_ref()
            .and(asked.iter().position(|asked| *asked));
        let cursor = match left.or(blank).or(first) {
            Some(at) if at < asked.len() => Spot::Behavior(at),
            _ => Spot::Call,
        };
        self.to_comment = None;
        if let Some(reason) = &work.draft.amend_reason {
            self.message = Some(format!(
                "Reopened ({reason}). Enter keeps the new answers beside the old ones."
            ));
        } else if work.resumed && self.message.is_none() {
            self.message = Some("Going on where you stopped.".to_owned());
        }
        let transcript = (work.transcript.iter())
            .map(|text| text.trim_end())
            .filter(|text| !text.is_empty())
            .flat_map(|text| textwrap::wrap(text, TRANSCRIPT));
        self.open = Some(Open {
            transcript: transcript.map(|line| line.into_owned()).collect(),
            working,
            cursor,
            scroll: 0,
            sought: String::new(),
            work,
        });
        self.mode = Mode::Answering;
    }

    /// Nothing is left.
    pub(super) fn finish(&mut self, summary: Summary) {
        self.open = None;
        self.mode = Mode::Done(summary);
    }

    /// Tells the analyst something.
    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.message = Some(text.into());
    }

    /// The id of the call on the desk.
    pub(super) fn call_id(&self) -> Option<String> {
        let open = self.open.as_ref()?;
        Some(open.work.call.call_id.clone())
    }

    /// The draft that a change makes, with the place where the cursor will be; `None` where nothing changes.
    pub(super) fn with(&self, change: &Change) -> Option<Draft> {
        let open = self.open.as_ref()?;
        let (mut draft, _) = open.working.with(change)?;
        draft.at = Some(self.place(self.cursor_after(change, &draft)));
        Some(draft)
    }

    /// The draft with the place of the cursor, where there is something to come back to.
    pub(super) fn left(&self) -> Option<(String, Draft)> {
        let open = self.open.as_ref()?;
        let mut draft = open.working.draft().clone();
        let begun = draft.at.is_some();
        draft.at = Some(self.place(open.cursor));
        (begun && draft.at != open.working.draft().at)
            .then(|| (open.work.call.call_id.clone(), draft))
    }

    /// A spot as drafts keep it: the call as a whole comes after the last behavior.
    fn place(&self, spot: Spot) -> usize {
        match spot {
            Spot::Behavior(at) => at,
            Spot::Call => self.rubric.behaviors().len(),
        }
    }

    /// Where the cursor goes with a change: on from an answer, and to what was taken back.
    fn cursor_after(&self, change: &Change, draft: &Draft) -> Spot {
        let Some(open) = &self.open else {
            return Spot::Call;
        };
        let asked = Working::new(open.work.call.caller_type, draft.clone()).asked(self.rubric);
        let from = |first: usize| {
            let next = (first..asked.len()).find(|at| asked[*at]);
            next.map_or(Spot::Call, Spot::Behavior)
        };
        match change {
            Change::Answer(at, _) => from(at + 1),
            _ => match (change, open.working.with(change), open.cursor) {
                (Change::Undo | Change::Redo, Some((_, Some(at))), _) => from(at),
                (_, _, Spot::Behavior(at)) => from(at),
                (_, _, Spot::Call) => Spot::Call,
            },
        }
    }

    /// Shows a change that the desk has kept.
    pub(super) fn kept(&mut self, change: &Change, kept: Draft) {
        let cursor = self.cursor_after(change, &kept);
        self.message = self.remark(change, &kept);
        self.to_comment = self.needs_comment(change, &kept);
        if let Some(open) = &mut self.open {
            open.cursor = cursor;
            open.working.apply(change, kept);
        }
    }

    /// What must be said of a change.
    fn remark(&self, change: &Change, kept: &Draft) -> Option<String> {
        let open = self.open.as_ref()?;
        match change {
            Change::Answer(at, answer) => {
                let behavior = &self.rubric.behaviors()[*at];
                let critical = (behavior.critical.as_ref()).filter(|_| behavior.triggers(*answer));
                let critical = critical.map(|critical| {
                    let family = critical.family.as_str();
                    format!("Critical error ({family}): {}.", consequence(critical))
                });
                let silent = self
                    .needs_comment(change, kept)
                    .map(|_| "That needs a comment: press c.".to_owned());
                let told = [silent, critical].into_iter().flatten().collect::<Vec<_>>();
                (!told.is_empty()).then(|| told.join(" "))
            }
            Change::Undo | Change::Redo => {
                let (_, about) = open.working.with(change)?;
                let verb = if *change == Change::Undo {
                    "Took back"
                } else {
                    "Made again"
                };
                Some(match about {
                    Some(at) => format!("{verb}: {}", self.rubric.behaviors()[at].text),
                    None => format!("{verb} the last change."),
                })
            }
            Change::Heard {
                caller_type: None,
                csr: None,
                ..
            } => Some("As logged again.".to_owned()),
            Change::Heard { .. } => {
                Some("Corrected as heard; the log's own words are kept beside it.".to_owned())
            }
            Change::Comment(..) | Change::Driver(_) => None,
        }
    }

    /// The behavior that a change leaves without the comment its answer needs.
    fn needs_comment(&self, change: &Change, kept: &Draft) -> Option<usize> {
        let Change::Answer(at, answer) = change else {
            return None;
        };
        let silent = kept.comments[*at].trim().is_empty();
        (silent && self.rubric.behaviors()[*at].wants_comment(*answer)).then_some(*at)
    }
}
