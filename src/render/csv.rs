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
    let columns = flat.columns();
    writer.write_record(
        columns
            .iter()
            .map(|column| harmless(&column.key).into_owned()),
    )?;
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

/// What begins like a formula is shown as it is instead of being computed, whatever opens the file. Where a semicolon or a
/// tab separates fields, what follows one begins a field.
fn harmless(text: &str) -> Cow<'_, str> {
    let mut safe = String::new();
    let mut begins = true;
    for c in text.chars() {
        if begins && FORMULA.contains(&c) {
            safe.push('\'');
        }
        safe.push(c);
        begins = matches!(c, ';' | '\t' | '\n' | '\r') || (begins && c == ' ');
    }
    match safe.len() == text.len() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(safe),
    }
}

/// With what formulas begin, in narrow and in wide letters, and what spreadsheets skip before them.
const FORMULA: [char; 10] = [
    '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

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
        for text in [
            "=1+1", "+49 123", "-5", "@SUM(A1)", "\tx", "a=b", "'=1", "a; =1", "b;-1", "c;d",
        ] {
            table.push(vec![Cell::text(text), Cell::Number(-5.0)]);
        }
        assert_eq!(
            csv(&table).unwrap(),
            "text,number\n'=1+1,-5\n'+49 123,-5\n'-5,-5\n'@SUM(A1),-5\n'\tx,-5\na=b,-5\n'=1,-5\na; '=1,-5\nb;'-1,-5\nc;d,-5\n"
        );
    }
}
