//! What is left to score, for whom, and what was done to a sample.

use jiff::Timestamp;

use super::{Align, Cell, Column, Table};

/// What is left in one sample for one analyst, or for anybody.
#[derive(Clone, Debug, Default)]
pub struct QueueRow {
    pub sample: String,
    /// `None`: calls given to nobody.
    pub analyst: Option<String>,
    /// Drawn calls that can be scored, and those of them that are not.
    pub drawn: u64,
    pub left: u64,
    /// Picked calls that no draw has given, not scored yet.
    pub picked_left: u64,
    /// Calls begun and not complete.
    pub drafts: u64,
    /// Calls open on somebody's desk just now.
    pub claims: u64,
    /// When the oldest call that waits was made: the instant, and the text as logged.
    pub oldest_at: Option<Timestamp>,
    pub oldest: Option<String>,
    /// By the median time of the analyst's evaluations (of all, for calls given to nobody); `None` where there are none.
    pub minutes_left: Option<f64>,
}

/// Answers somebody has begun with.
#[derive(Clone, Debug)]
pub struct DraftRow {
    pub sample: String,
    pub call_id: String,
    pub analyst: String,
    pub saved_at: Timestamp,
    /// What happens to it: it will be completed, amends an evaluation, or is not needed any more.
    pub state: &'static str,
}

/// All that waits.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    pub rows: Vec<QueueRow>,
    pub drafts: Vec<DraftRow>,
}

/// Something that was done to a sample.
#[derive(Clone, Debug)]
pub struct ActRow {
    pub at: Timestamp,
    pub who: Option<String>,
    pub act: String,
    pub detail: String,
}

impl Queues {
    /// What is left; then, if there are any, answers begun with.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.left()];
        if !self.drafts.is_empty() {
            tables.push(self.begun());
        }
        tables
    }

    /// What is left per sample and analyst.
    pub fn left(&self) -> Table {
        let mut table = Table::new(
            "queue",
            "What is left to score",
            vec![
                Column::new("sample", "Sample", Align::Left),
                Column::new("analyst", "Analyst", Align::Left),
                Column::new("drawn", "Drawn", Align::Right),
                Column::new("left", "Left", Align::Right),
                Column::new("picked_left", "Picked, left", Align::Right),
                Column::new("drafts", "Begun", Align::Right),
                Column::new("claims", "Open now", Align::Right),
                Column::new("oldest", "Oldest call", Align::Left),
                Column::new("minutes_left", "Minutes left", Align::Right),
            ],
        );
        for row in &self.rows {
            let text = |text: &Option<String>| text.as_deref().map_or(Cell::Missing, Cell::text);
            table.push(vec![
                Cell::text(&row.sample),
                row.analyst
                    .as_deref()
                    .map_or(Cell::text("anybody"), Cell::text),
                Cell::Count(row.drawn),
                Cell::Count(row.left),
                Cell::Count(row.picked_left),
                Cell::Count(row.drafts),
                Cell::Count(row.claims),
                text(&row.oldest),
                minutes(row.minutes_left),
            ]);
        }
        if self.rows.len() > 1 {
            table.push_total(self.total());
        }
        table
    }

    fn total(&self) -> Vec<Cell> {
        let sum = |of: fn(&QueueRow) -> u64| Cell::Count(self.rows.iter().map(of).sum());
        // Where one of them can't be told, all can't.
        let all: Option<f64> = self.rows.iter().map(|row| row.minutes_left).sum();
        vec![
            Cell::text("Total"),
            Cell::Missing,
            sum(|row| row.drawn),
            sum(|row| row.left),
            sum(|row| row.picked_left),
            sum(|row| row.drafts),
            sum(|row| row.claims),
            Cell::Missing,
            minutes(all),
        ]
    }

    /// Answers begun with.
    pub fn begun(&self) -> Table {
        let mut table = Table::new(
            "drafts",
            "Begun",
            vec![
                Column::new("sample", "Sample", Align::Left),
                Column::new("call_id", "Call", Align::Left),
                Column::new("analyst", "Analyst", Align::Left),
                Column::new("saved_at", "Saved", Align::Left),
                Column::new("state", "What becomes of it", Align::Left),
            ],
        );
        for row in &self.drafts {
            table.push(vec![
                Cell::text(&row.sample),
                Cell::text(&row.call_id),
                Cell::text(&row.analyst),
                Cell::text(&second(row.saved_at)),
                Cell::text(row.state),
            ]);
        }
        table
    }
}

fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn minutes(minutes: Option<f64>) -> Cell {
    minutes.map_or(Cell::Missing, |minutes| Cell::Text(format!("{minutes:.0}")))
}

/// All that was done to a sample.
pub fn acts_table(acts: &[ActRow]) -> Table {
    let mut table = Table::new(
        "log",
        "What was done",
        vec![
            Column::new("at", "When", Align::Left),
            Column::new("who", "Who", Align::Left),
            Column::new("act", "What", Align::Left),
            Column::new("detail", "Details", Align::Left),
        ],
    );
    for act in acts {
        table.push(vec![
            Cell::text(&second(act.at)),
            act.who.as_deref().map_or(Cell::Missing, Cell::text),
            Cell::text(&act.act),
            Cell::text(&act.detail),
        ]);
    }
    table
}
