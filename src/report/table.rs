use jiff::Timestamp;
use jiff::civil::Date;

use super::{Amount, Figure, GapFigure, Picture};

/// A table that knows what its cells are and nothing of how they look.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// For file names and JSON.
    pub name: String,
    /// For people.
    pub caption: String,
    /// What must be known before anything is read; stands under the caption.
    pub warning: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether the last row sums up the others.
    pub has_total: bool,
    /// Whether shares are to be seen at a glance, by colour where there is any.
    pub shaded: bool,
    /// What of it is to be looked at; formats without pictures leave them out.
    pub pictures: Vec<Picture>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// For CSV.
    pub key: String,
    /// For people.
    pub head: String,
    pub align: Align,
    /// 0: always shown. The larger, the sooner a narrow terminal leaves the column out.
    pub spare: u8,
    /// Whether what gaps of it show stands in another column.
    pub verdict_apart: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

/// One cell. Missing is a kind of its own, never 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Missing,
    Text(String),
    Count(u64),
    Instant(Timestamp),
    Day(Date),
    /// A plain number, shown with one decimal.
    Number(f64),
    /// The same with its sign.
    Change(f64),
    /// An estimated score, 0-100.
    Score(Figure),
    /// An estimated rate, 0-1, shown in per cent.
    Share(Figure),
    /// A sum over calls, in hours or money.
    Amount(Amount),
    /// A difference of scores, in points.
    Gap(GapFigure),
    /// A difference of rates, 0-1, shown in points of a hundred.
    ShareGap(GapFigure),
}

impl Column {
    /// A column.
    pub fn new(key: &str, head: &str, align: Align) -> Self {
        Self {
            key: key.to_owned(),
            head: head.to_owned(),
            align,
            spare: 0,
            verdict_apart: false,
        }
    }

    /// The same column, left out where there is no room.
    pub fn spare(self, spare: u8) -> Self {
        Self { spare, ..self }
    }

    /// The same column, of gaps whose verdicts stand in another one.
    pub fn verdict_apart(self) -> Self {
        Self {
            verdict_apart: true,
            ..self
        }
    }
}

impl Cell {
    /// A text, or missing where it is empty.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::Missing
        } else {
            Self::Text(text.to_owned())
        }
    }

    /// A number, or missing.
    pub fn number(value: Option<f64>) -> Self {
        value.map_or(Self::Missing, Self::Number)
    }

    /// An estimated score, or missing.
    pub fn score(figure: Option<&Figure>) -> Self {
        figure.cloned().map_or(Self::Missing, Self::Score)
    }

    /// A sum, or missing.
    pub fn amount(amount: Option<&Amount>) -> Self {
        amount.cloned().map_or(Self::Missing, Self::Amount)
    }

    /// An estimated rate, or missing.
    pub fn share(figure: Option<&Figure>) -> Self {
        figure.cloned().map_or(Self::Missing, Self::Share)
    }
}

impl Table {
    /// An empty table.
    pub fn new(name: &str, caption: &str, columns: Vec<Column>) -> Self {
        Self {
            name: name.to_owned(),
            caption: caption.to_owned(),
            warning: None,
            columns,
            rows: Vec::new(),
            has_total: false,
            shaded: false,
            pictures: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// Adds the row that sums up the others.
    pub fn push_total(&mut self, cells: Vec<Cell>) {
        self.push(cells);
        self.has_total = true;
    }
}
