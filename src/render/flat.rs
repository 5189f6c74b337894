//! Tables for machines: one value a field, with full precision. An estimate takes several fields: value, margin, calls,
//! precision.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::report::{Cell, Figure, GapFigure, Table};

/// One value.
pub(super) enum Field<'a> {
    Missing,
    Text(&'a str),
    Count(u64),
    /// On a scale of 0 to 100, or any other.
    Number(f64),
    /// 0-1.
    Share(f64),
    /// A difference, in points.
    Difference(f64),
    /// A difference of shares, 0-1.
    ShareDifference(f64),
    Flag(bool),
    Instant(Timestamp),
    Day(Date),
}

/// A column of such values.
pub(super) struct FlatColumn {
    pub(super) key: String,
    pub(super) head: String,
    /// The place of the column that it is of.
    pub(super) of: usize,
    /// Whether it is the estimate itself.
    pub(super) is_figure: bool,
}

/// What a column holds decides how many fields it takes.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Figure,
    Amount,
    Gap,
    /// Its verdict has a column of its own.
    GapAlone,
}

/// A table's columns as fields.
pub(super) struct Flat<'a> {
    table: &'a Table,
    kinds: Vec<Kind>,
}

impl<'a> Flat<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        let kinds = (0..table.columns.len()).map(|at| Kind::of(table, at));
        Self {
            table,
            kinds: kinds.collect(),
        }
    }

    pub(super) fn columns(&self) -> Vec<FlatColumn> {
        let columns = self.table.columns.iter().zip(&self.kinds).enumerate();
        let fields = columns.flat_map(|(of, (column, kind))| {
            kind.parts().iter().map(move |part| match *part {
                "" => FlatColumn {
                    key: column.key.clone(),
                    head: column.head.clone(),
                    of,
                    is_figure: matches!(kind, Kind::Figure),
                },
                part => FlatColumn {
                    key: format!("{}_{part}", column.key),
                    head: format!("{}, {part}", column.head),
                    of,
                    is_figure: false,
                },
            })
        });
        fields.collect()
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Vec<Field<'a>>> + '_ {
        self.table.rows.iter().map(|row| {
            let cells = row.iter().zip(&self.kinds);
            cells.flat_map(|(cell, kind)| kind.fields(cell)).collect()
        })
    }
}

impl Kind {
    fn of(table: &Table, column: usize) -> Self {
        let mut cells = table.rows.iter().map(|row| &row[column]);
        let kind = cells.find_map(|cell| match cell {
            Cell::Score(_) | Cell::Share(_) => Some(Self::Figure),
            Cell::Amount(_) => Some(Self::Amount),
            Cell::Gap(_) | Cell::ShareGap(_) if table.columns[column].verdict_apart => {
                Some(Self::GapAlone)
            }
            Cell::Gap(_) | Cell::ShareGap(_) => Some(Self::Gap),
            _ => None,
        });
        kind.unwrap_or(Self::Plain)
    }

    fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &[""],
            Self::Figure => &["", "low", "high", "n", "precision", "borrowed"],
            Self::Amount => &["", "low", "high", "n"],
            Self::Gap => &["", "low", "high", "p", "q", "verdict", "borrowed"],
            Self::GapAlone => &["", "low", "high", "p", "q", "borrowed"],
        }
    }

    fn fields(self, cell: &Cell) -> Vec<Field<'_>> {
        match cell {
            Cell::Missing => self.parts().iter().map(|_| Field::Missing).collect(),
            Cell::Text(text) => vec![Field::Text(text)],
            Cell::Count(count) => vec![Field::Count(*count)],
            Cell::Number(value) => vec![Field::Number(*value)],
            Cell::Change(value) => vec![Field::Difference(*value)],
            Cell::Instant(at) => vec![Field::Instant(*at)],
            Cell::Day(day) => vec![Field::Day(*day)],
            Cell::Score(figure) => of_figure(figure, Field::Number),
            Cell::Share(figure) => of_figure(figure, Field::Share),
            Cell::Amount(amount) => vec![
                Field::Number(amount.value),
                amount.low.map_or(Field::Missing, Field::Number),
                amount.high.map_or(Field::Missing, Field::Number),
                Field::Count(amount.n),
            ],
            Cell::Gap(gap) => self.of_gap(gap, Field::Difference),
            Cell::ShareGap(gap) => self.of_gap(gap, Field::ShareDifference),
        }
    }
}

fn of_figure<'a>(figure: &'a Figure, value: fn(f64) -> Field<'a>) -> Vec<Field<'a>> {
    vec![
        value(figure.value),
        figure.low.map_or(Field::Missing, value),
        figure.high.map_or(Field::Missing, value),
        Field::Count(figure.n),
        Field::Text(figure.precision.word()),
        Field::Flag(figure.borrowed),
    ]
}

impl Kind {
    fn of_gap<'a>(self, gap: &'a GapFigure, value: fn(f64) -> Field<'a>) -> Vec<Field<'a>> {
        let number = |p: Option<f64>| p.map_or(Field::Missing, Field::Number);
        let mut fields = vec![
            value(gap.value),
            gap.low.map_or(Field::Missing, value),
            gap.high.map_or(Field::Missing, value),
            number(gap.p),
            number(gap.q),
        ];
        if matches!(self, Self::Gap) {
            fields.push(gap.verdict.map_or(Field::Missing, Field::Text));
        }
        fields.push(Field::Flag(gap.borrowed));
        fields
    }
}
