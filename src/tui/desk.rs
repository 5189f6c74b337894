use crate::calls::Call;
use crate::evaluation::{CallOutcome, Draft, Unscorable};

/// What the screen wants from the world: calls to score, and a place where answers are kept.
///
/// A call of [`Desk::save`] that returns `Ok` has kept the draft durably; only then does the screen show it.
pub trait Desk {
    /// The next call: an own draft first. `None` when nothing is left.
    ///
    /// # Errors
    /// See [`Trouble`]; so for all of these.
    fn next(&mut self) -> Result<Option<Work>, Trouble>;

    /// The analyst's complete evaluation before that of this call (or the newest one).
    fn earlier(&mut self, than: Option<&str>) -> Result<Option<Earlier>, Trouble>;

    /// Takes an own complete evaluation up again.
    fn reopen(&mut self, call_id: &str, reason: &str) -> Result<Work, Trouble>;

    /// Keeps a draft, and notes in it the time spent.
    fn save(&mut self, call_id: &str, draft: &mut Draft) -> Result<(), Trouble>;

    /// Keeps a complete draft as an evaluation; says what became of it.
    fn complete(&mut self, call_id: &str, draft: &mut Draft) -> Result<String, Trouble>;

    /// States that a call can't be scored; says what became of it.
    ///
    /// The draft so far is kept first.
    fn unscorable(
        &mut self,
        call_id: &str,
        draft: &mut Draft,
        why: &Unscorable,
    ) -> Result<String, Trouble>;

    /// Opens the recording of a call; says what was opened, or where the recording is.
    fn play(&mut self, call_id: &str) -> Result<String, Trouble>;

    /// What the analyst has done.
    fn summary(&mut self) -> Result<Summary, Trouble>;
}

/// Why something could not be done.
#[derive(Debug)]
pub enum Trouble {
    /// The analyst is told, and can try again; nothing was changed.
    Told(String),
    /// The call is not to be scored any more; the analyst is told, and the next one comes.
    Gone(String),
    /// Scoring ends.
    Ends(anyhow::Error),
}

/// A call on the desk.
#[derive(Clone, Debug)]
pub struct Work {
    /// With [`Work::blind`], without its CSR.
    pub call: Call,
    /// The CSR is hidden.
    pub blind: bool,
    pub draft: Draft,
    /// The analyst had begun it before.
    pub resumed: bool,
    /// 1-based place among the drawn calls to do, and how many there are; `None` for a call that was only picked.
    pub place: Option<(u64, u64)>,
    pub transcript: Option<String>,
}

/// A complete evaluation that may be reopened.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    pub call_id: String,
    pub score: Option<f64>,
    pub outcome: Option<CallOutcome>,
}

/// What an analyst has done in a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Calls with an own evaluation.
    pub calls: u64,
    /// Calls the analyst said can't be scored.
    pub unscorable: u64,
    /// Mean time spent on a call, seconds.
    pub mean_seconds: Option<f64>,
    /// By caller type: its name, calls, plain mean of the scores.
    pub scores: Vec<(String, u64, Option<f64>)>,
    /// The command to type next.
    pub next: String,
}
