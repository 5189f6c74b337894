use super::{Align, Cell, Column, Table};
use crate::rubric::{ChangeKind, Changes, Rubric};

/// Two rubrics compared, as `rubric diff` tells it.
#[derive(Clone, Debug)]
pub struct RubricChanges {
    pub from: RubricFile,
    pub to: RubricFile,
    pub changes: Changes,
}

/// A rubric and the file it stands in, as it was named.
#[derive(Clone, Debug)]
pub struct RubricFile {
    pub file: String,
    pub rubric: Rubric,
}

/// What the changes mean for a sample drawn for the first rubric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RubricVerdict {
    /// There are none.
    Same,
    /// The sample may go on with the second rubric.
    Wording,
    /// Scores stay, ticks of drivers don't.
    Ticks,
    Scoring,
}

/// Parts that a verdict names before it only counts them.
const NAMED: usize = 3;

impl RubricChanges {
    /// From one rubric to another.
    pub fn new(from: RubricFile, to: RubricFile) -> Self {
        let changes = Changes::between(&from.rubric, &to.rubric);
        Self { from, to, changes }
    }

    /// The gravest change decides.
    pub fn verdict(&self) -> RubricVerdict {
        match self.changes.list().iter().map(|change| change.kind).min() {
            None => RubricVerdict::Same,
            Some(ChangeKind::Wording) => RubricVerdict::Wording,
            Some(ChangeKind::Ticks) => RubricVerdict::Ticks,
            Some(ChangeKind::Scoring) => RubricVerdict::Scoring,
        }
    }

    /// The verdict in a sentence, with what to do.
    pub fn lead(&self) -> String {
        let (from, to) = (&self.from.file, &self.to.file);
        let anew = format!("start a new sample from the day `{to}` takes effect");
        match self.verdict() {
            RubricVerdict::Same => format!(
                "The same rubric: `{from}` and `{to}` differ at most in layout, comments or worked examples."
            ),
            RubricVerdict::Wording => format!(
                "Wording only: a sample drawn for `{from}` may go on with `{to}` (`evenhand samples adopt NAME --rubric {to}`)."
            ),
            RubricVerdict::Ticks => format!(
                "Scores stay, but ticks of drivers would be lost or mean something else: {}; {anew}, or keep the \
                 drivers that are there.",
                self.parts(ChangeKind::Ticks)
            ),
            RubricVerdict::Scoring => {
                format!(
                    "Scores change: {}; {anew}.",
                    self.parts(ChangeKind::Scoring)
                )
            }
        }
    }

    /// The parts that changes of a kind are about.
    fn parts(&self, kind: ChangeKind) -> String {
        let mut parts: Vec<String> = (self.changes.of(kind))
            .map(|change| change.place.to_string())
            .collect();
        parts.dedup();
        // "and 1 more" would take as much room as naming it.
        if parts.len() > NAMED + 1 {
            let more = parts.len() - NAMED;
            parts.truncate(NAMED);
            parts.push(format!("{more} more"));
        }
        match parts.split_last() {
            Some((last, others)) if !others.is_empty() => {
                format!("{} and {last}", others.join(", "))
            }
            _ => parts.concat(),
        }
    }

    /// One line per change.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "changes",
            &format!("Changes from `{}` to `{}`", self.from.file, self.to.file),
            vec![
                Column::new("kind", "Kind", Align::Left),
                Column::new("part", "Part", Align::Left),
                Column::new("id", "Id", Align::Left),
                Column::new("change", "Change", Align::Left),
            ],
        );
        for change in self.changes.list() {
            table.push(vec![
                Cell::text(change.kind.as_str()),
                Cell::text(change.place.part()),
                Cell::text(change.place.id().unwrap_or_default()),
                Cell::text(&change.what),
            ]);
        }
        table
    }
}

impl RubricVerdict {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Wording => "wording",
            Self::Ticks => "ticks",
            Self::Scoring => "scoring",
        }
    }
}
