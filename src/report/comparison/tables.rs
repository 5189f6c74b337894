use super::{Change, Comparison};
use crate::report::{
    Align, Axis, Cell, Column, GapFigure, Mark, Picture, Table, WhiskerRow, Whiskers,
};

impl Comparison {
    /// As neutral tables: caller types, CSRs, and who was coached where that was told.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.callers_table()];
        if !self.csrs.is_empty() {
            tables.push(self.csrs_table());
        }
        tables.extend(
            self.coached
                .iter()
                .map(|coached| coached.table(&self.samples)),
        );
        tables
    }

    /// Of scores: A, B, the difference and its verdict.
    fn columns(&self) -> Vec<Column> {
        let [a, b] = &self.samples;
        vec![
            Column::new("a", a, Align::Left),
            Column::new("b", b, Align::Left),
            Column::new("difference", "Difference", Align::Left).verdict_apart(),
            Column::new("verdict", "Verdict", Align::Left),
        ]
    }

    fn callers_table(&self) -> Table {
        let [a, b] = &self.samples;
        let mut columns = vec![
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("share_percent", "Share, %", Align::Right).spare(3),
        ];
        columns.extend(self.columns());
        columns.extend([
            Column::new(
                "critical_free_a",
                &format!("{a} without critical error"),
                Align::Left,
            )
            .spare(2),
            Column::new(
                "critical_free_b",
                &format!("{b} without critical error"),
                Align::Left,
            )
            .spare(2),
            Column::new("critical_free_difference", "Difference", Align::Left)
                .spare(2)
                .verdict_apart(),
            Column::new("critical_free_verdict", "Verdict", Align::Left).spare(2),
        ]);
        let caption = format!("Scores of {a} and {b} per caller type");
        let mut table = Table::new("compare_caller_type", &caption, columns);
        let all = self.callers.iter().find(|row| row.caller_type.is_none());
        for row in &self.callers {
            let share = match row.caller_type {
                None => Some(1.0),
                Some(kind) => all.and_then(|all| {
                    let mut mix = all.score.mix.iter();
                    mix.find(|(other, _)| *other == kind)
                        .map(|(_, share)| *share)
                }),
            };
            let mut cells = vec![
                Cell::text(row.caller_type.map_or("All calls", |kind| kind.as_str())),
                Cell::number(share.map(|share| 100.0 * share)),
            ];
            cells.extend(row.score.cells());
            cells.extend(
                row.critical_free
                    .iter()
                    .map(|one| Cell::share(one.as_ref())),
            );
            let gap = row.critical_free_difference.as_ref();
            cells.push(gap.map_or(Cell::Missing, |gap| Cell::ShareGap(unjudged(gap))));
            cells.push(judged(gap));
            table.push(cells);
        }
        table.has_total = true;
        table
    }

    fn csrs_table(&self) -> Table {
        let [a, b] = &self.samples;
        let mut columns = vec![Column::new("csr", "CSR", Align::Left)];
        let partly = |change: &Change| change.mix.len() == 1;
        let some_partly = self.csrs.iter().any(|row| partly(&row.score));
        if some_partly {
            columns.push(Column::new("compared_on", "Compared on", Align::Left).spare(2));
        }
        columns.extend(self.columns());
        columns
            .push(Column::new("expected_by_luck", "Expected by luck alone", Align::Right).spare(1));
        let caption = format!("Scores of {a} and {b} per CSR");
        let mut table = Table::new("compare_csr", &caption, columns);
        for row in &self.csrs {
            let mut cells = vec![Cell::text(&row.csr)];
            if some_partly {
                let kinds: Vec<&str> = (row.score.mix.iter())
                    .map(|(kind, _)| kind.as_str())
                    .collect();
                cells.push(Cell::text(&kinds.join(", ")));
            }
            cells.extend(row.score.cells());
            cells.push(by_luck(row.by_luck));
            table.push(cells);
        }
        table.pictures.extend(self.picture());
        table
    }

    /// Each CSR's difference beside what luck alone would do.
    fn picture(&self) -> Option<Picture> {
        let rows = self.csrs.iter().filter_map(|row| {
            let gap = row.score.difference.as_ref()?;
            let luck = row.by_luck.map(|value| Mark {
                value,
                low: None,
                high: None,
                faint: false,
            });
            Some(WhiskerRow {
                label: row.csr.clone(),
                marks: vec![Some(Mark::of_gap(gap, 1.0)), luck],
            })
        });
        let rows: Vec<WhiskerRow> = rows.collect();
        let marks = rows.iter().flat_map(|row| &row.marks).flatten();
        let ends = marks.flat_map(|mark| [Some(mark.value), mark.low, mark.high]);
        let axis = Axis::differences(ends.flatten(), "");
        let [a, b] = &self.samples;
        (!rows.is_empty()).then(|| {
            Picture::Whiskers(Whiskers {
                caption: format!("{b} minus {a}, in points"),
                axis,
                series: vec!["difference".to_owned(), "expected by luck alone".to_owned()],
                rows,
                line: None,
            })
        })
    }
}

impl Change {
    /// See [`Comparison::columns`].
    fn cells(&self) -> [Cell; 4] {
        let gap = self.difference.as_ref();
        [
            Cell::score(self.a.as_ref()),
            Cell::score(self.b.as_ref()),
            gap.map_or(Cell::Missing, |gap| Cell::Gap(unjudged(gap))),
            judged(gap),
        ]
    }
}

/// The verdict has a column of its own: below a table, a gap with a verdict is told to be internal minus external.
pub(in crate::report) fn unjudged(gap: &GapFigure) -> GapFigure {
    GapFigure {
        verdict: None,
        ..gap.clone()
    }
}

/// An expected change.
pub(in crate::report) fn by_luck(expected: Option<f64>) -> Cell {
    expected.map_or(Cell::Missing, Cell::Change)
}

pub(in crate::report) fn judged(gap: Option<&GapFigure>) -> Cell {
    let verdict = gap.and_then(|gap| gap.verdict);
    verdict.map_or(Cell::Missing, Cell::text)
}
