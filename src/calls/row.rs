use super::{CallerType, Refusal};

/// The cells of one row, borrowed from the reader.
pub trait Cells {
    /// The text of a column (0-based); empty where the row has no such column.
    fn cell(&self, column: usize) -> &str;

    /// A text made of the cells, held as long as they are; the same each time it is asked for.
    fn made(&self, make: &mut dyn FnMut() -> String) -> &str {
        let _ = make;
        ""
    }
}

impl Cells for Vec<String> {
    fn cell(&self, column: usize) -> &str {
        self.get(column).map_or("", String::as_str)
    }
}

impl Cells for [&str] {
    fn cell(&self, column: usize) -> &str {
        self.get(column).copied().unwrap_or("")
    }
}

/// One well-formed row of a call log that has an id and a CSR.
pub struct RowView<'a> {
    /// 1-based line on which the row begins.
    pub line: u64,
    /// Exactly as logged.
    pub call_id: &'a str,
    /// As logged, without blanks around it.
    pub csr: &'a str,
    /// By the log's column or the profile's rules.
    pub caller_type: CallerType,
    /// All columns.
    pub cells: &'a dyn Cells,
}

/// What takes the rows of a call log in. Several sinks may each see a part; [`RowSink::merge`] joins them, in any order.
pub trait RowSink: Send {
    /// One row with an id and a CSR.
    fn row(&mut self, row: &RowView<'_>);
    /// Several such rows.
    fn rows(&mut self, rows: &[RowView<'_>]) {
        rows.iter().for_each(|row| self.row(row));
    }
    /// One row that can't be used.
    fn refused(&mut self, reason: Refusal, line: u64);
    /// Takes in what another sink saw of the same log.
    fn merge(&mut self, other: Self)
    where
        Self: Sized;
}
