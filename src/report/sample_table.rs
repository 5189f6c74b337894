//! The samples that a report is made from.

use super::{Align, Cell, Column, SampleLine, Table};

/// Table `samples`: one line each, the newest last.
#[derive(Clone, Debug)]
pub struct Samples {
    pub rows: Vec<SampleLine>,
    /// Whether the report is about some of the calls alone.
    pub is_filtered: bool,
}

impl Samples {
    /// As a neutral table.
    pub fn table(&self) -> Table {
        let mut columns = vec![
            Column::new("sample", "Sample", Align::Left),
            Column::new("from", "From", Align::Left),
            Column::new("to", "To", Align::Left),
            Column::new("seed", "Seed", Align::Left).spare(1),
            Column::new("unit", "Unit", Align::Left).spare(2),
            Column::new("logs", "Logs", Align::Right).spare(3),
            Column::new("calls_in_log", "Calls in log", Align::Right).spare(3),
            Column::new("eligible", "Calls that count", Align::Right).spare(2),
            Column::new("drawn", "Drawn", Align::Right),
            Column::new("scored", "Scored", Align::Right),
            Column::new("unscorable", "Unscorable", Align::Right),
        ];
        if self.is_filtered {
            columns.push(Column::new(
                "inside",
                "Scored, in this report",
                Align::Right,
            ));
        }
        let mut table = Table::new("samples", "Samples", columns);
        for row in &self.rows {
            let day = |day: Option<String>| Cell::text(&day.unwrap_or_default());
            let mut cells = vec![
                Cell::text(&row.name),
                day(row.period.map(|(from, _)| from.to_string())),
                day(row.period.map(|(_, to)| to.to_string())),
                Cell::text(&row.seed),
                Cell::text(row.unit.as_str()),
                Cell::Count(row.logs),
                Cell::Count(row.calls_in_log),
                Cell::Count(row.eligible),
                Cell::Count(row.drawn),
                Cell::Count(row.scored),
                Cell::Count(row.unscorable),
            ];
            if self.is_filtered {
                cells.push(Cell::Count(row.inside));
            }
            table.push(cells);
        }
        table
    }
}
