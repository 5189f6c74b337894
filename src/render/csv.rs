use std::borrow::Cow;

use super::flat::{Field, Flat};
use crate::report::Table;

/// A table as CSV with full precision. An estimate takes several columns: value, margin, calls, precision.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe in front.
///
/// # Errors
/// Only what writing to memory can give.
pub fn csv(table: &Table) -> Result<String, std::io::Error> {
    let flat = Flat::new(table);
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(flat.columns().iter().map(|column| column.key.as_str()))?;
    for row in flat.rows() {
        writer.write_record(row.iter().map(|field| text(field).into_owned()))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text<'a>(field: &'a Field<'_>) -> Cow<'a, str> {
    match field {
        Field::Missing => Cow::Borrowed(""),
        Field::Text(text) => harmless(text),
        Field::Count(count) => Cow::Owned(count.to_string()),
        Field::Number(value)
        | Field::Share(value)
        | Field::Difference(value)
        | Field::ShareDifference(value) => Cow::Owned(value.to_string()),
        Field::Flag(holds) => Cow::Owned(holds.to_string()),
        Field::Instant(at) => Cow::Owned(at.to_string()),
        Field::Day(day) => Cow::Owned(day.to_string()),
    }
}

/// What begins like a formula is shown as it is instead of being computed, whatever opens the file.
fn harmless(text: &str) -> Cow<'_, str> {
    match text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Align, Cell, Column};

    #[test]
    fn texts_never_become_formulas_and_numbers_stay_numbers() {
        let columns = vec![
            Column::new("text", "Text", Align::Left),
            Column::new("number", "Number", Align::Right),
        ];
        let mut table = Table::new("t", "T", columns);
        for text in ["=1+1", "+49 123", "-5", "@SUM(A1)", "\tx", "a=b", "'=1"] {
            table.push(vec![Cell::text(text), Cell::Number(-5.0)]);
        }
        assert_eq!(
            csv(&table).unwrap(),
            "text,number\n'=1+1,-5\n'+49 123,-5\n'-5,-5\n'@SUM(A1),-5\n'\tx,-5\na=b,-5\n'=1,-5\n"
        );
    }
}
