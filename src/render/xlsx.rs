//! Workbooks: a sheet per table, with real numbers and times, and a first sheet that says what they are.

use jiff::civil::Date;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ExcelDateTime, Format, FormatAlign,
    Workbook, Worksheet, XlsxError,
};

use super::flat::{Field, Flat, FlatColumn};
use super::shade;
use crate::report::{Cell, Table, escape};

/// Rows of a sheet below its heads; what is more goes on in a further one.
const MOST_ROWS: usize = 1_000_000;

/// Excel takes no further columns.
const MOST_COLUMNS: usize = 16_384;

/// Longer tables don't stay in memory.
const LONG: usize = 20_000;

/// Excel takes no longer text.
const MOST_LETTERS: usize = 32_767;

/// Colours of the shades, the least first: those of pages.
const COLOURS: [u32; 5] = [
    0x00F7_B389,
    0x00FB_D3B5,
    0x00F2_EFE6,
    0x00D3_E8E6,
    0x00A9_D6D2,
];

/// A workbook of the tables; `lead` and `notes` stand on its first sheet.
///
/// # Errors
/// What the format can't hold.
pub fn xlsx(lead: &[String], tables: &[Table], notes: &[String]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let formats = Formats::new();
    about(book.add_worksheet(), lead, tables, notes)?;
    for table in tables {
        let flat = Flat::new(table);
        let mut columns = flat.columns();
        columns.truncate(MOST_COLUMNS);
        let mut rows = flat.rows();
        let mut left = table.rows.len();
        let mut number = 1;
        loop {
            // Long lists go to the disk row by row; a million answers would take gigabytes.
            let is_long = table.rows.len() > LONG;
            let sheet = match is_long {
                true => book.add_worksheet_with_low_memory()?,
                false => book.add_worksheet(),
            };
            sheet.set_name(sheet_name(&table.name, number))?;
            let here = left.min(MOST_ROWS);
            heads(sheet, &columns, &formats)?;
            for (at, row) in (1u32..).zip(rows.by_ref().take(here)) {
                for (column, field) in (0u16..).zip(row.iter().take(MOST_COLUMNS)) {
                    write(sheet, at, column, field, &formats)?;
                }
            }
            finish(sheet, table, &columns, here)?;
            left -= here;
            number += 1;
            if left == 0 {
                break;
            }
        }
    }
    book.save_to_buffer()
}

/// Excel takes 31 letters.
fn sheet_name(name: &str, number: u32) -> String {
    let name: String = name.chars().take(27).collect();
    match number {
        1 => name,
        number => format!("{name} {number}"),
    }
}

struct Formats {
    head: Format,
    number: Format,
    share: Format,
    difference: Format,
    share_difference: Format,
    instant: Format,
    day: Format,
}

impl Formats {
    fn new() -> Self {
        Self {
            head: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            number: Format::new().set_num_format("0.0"),
            share: Format::new().set_num_format("0.0%"),
            difference: Format::new().set_num_format("+0.0;-0.0;0.0"),
            share_difference: Format::new().set_num_format("+0.0%;-0.0%;0.0%"),
            instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// What the workbook is about, and how its figures are to be read.
fn about(
    sheet: &mut Worksheet,
    lead: &[String],
    tables: &[Table],
    notes: &[String],
) -> Result<(), XlsxError> {
    sheet.set_name("About")?;
    sheet.set_column_width(0, 110)?;
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let sheets = tables
        .iter()
        .map(|table| format!("Sheet {}: {}.", table.name, table.caption));
    let times = "Times are in UTC. Margins (low, high) are 95 % margins.".to_owned();
    let lines = (lead.iter().cloned())
        .chain(sheets)
        .chain(notes.iter().cloned())
        .chain([times]);
    for (at, line) in (0u32..).zip(lines) {
        sheet.write_string_with_format(at, 0, shortened(&line), &wrap)?;
    }
    Ok(())
}

fn heads(
    sheet: &mut Worksheet,
    columns: &[FlatColumn],
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (at, column) in (0u16..).zip(columns) {
        sheet.write_string_with_format(0, at, shortened(&column.head), &formats.head)?;
    }
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    field: &Field<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match field {
        Field::Missing => return Ok(()),
        // As text, so that nothing in it is ever computed.
        Field::Text(text) => sheet.write_string(row, column, shortened(text))?,
        Field::Count(count) => sheet.write_number(row, column, *count as f64)?,
        Field::Number(value) => number(sheet, row, column, *value, &formats.number)?,
        Field::Share(value) => number(sheet, row, column, *value, &formats.share)?,
        Field::Difference(value) => number(sheet, row, column, *value, &formats.difference)?,
        Field::ShareDifference(value) => {
            number(sheet, row, column, *value, &formats.share_difference)?
        }
        Field::Flag(holds) => sheet.write_boolean(row, column, *holds)?,
        Field::Instant(at) => match ExcelDateTime::from_timestamp(at.as_second()) {
            Ok(found) => sheet.write_datetime_with_format(row, column, &found, &formats.instant)?,
            // Excel's time begins in 1900.
            Err(_) => sheet.write_string(row, column, at.to_string())?,
        },
        Field::Day(day) => match excel_day(*day) {
            Some(found) => sheet.write_datetime_with_format(row, column, &found, &formats.day)?,
            None => sheet.write_string(row, column, day.to_string())?,
        },
    };
    Ok(())
}

/// `None` before Excel's time.
fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let (month, of_month) = (
        u8::try_from(day.month()).ok()?,
        u8::try_from(day.day()).ok()?,
    );
    ExcelDateTime::from_ymd(year, month, of_month).ok()
}

fn number<'a>(
    sheet: &'a mut Worksheet,
    row: u32,
    column: u16,
    value: f64,
    format: &Format,
) -> Result<&'a mut Worksheet, XlsxError> {
    sheet.write_number_with_format(row, column, value, format)
}

/// Heads that stay, filters, widths and shades.
fn finish(
    sheet: &mut Worksheet,
    table: &Table,
    columns: &[FlatColumn],
    rows: usize,
) -> Result<(), XlsxError> {
    let last_row = u32::try_from(rows).unwrap_or(u32::MAX);
    let last_column = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    // What sums up the rows is none of them.
    let filtered = last_row.saturating_sub(u32::from(table.has_total));
    sheet.autofilter(0, 0, filtered, last_column)?;
    // What is on the disk can't be measured any more.
    if table.rows.len() > LONG {
        sheet.set_column_range_width(0, last_column, 16)?;
    } else {
        sheet.set_autofit_max_width(420);
        sheet.autofit();
    }
    if rows == 0 {
        return Ok(());
    }
    for (at, column) in (0u16..).zip(columns).filter(|(_, column)| column.is_figure) {
        let is_share = |row: &Vec<Cell>| matches!(row[column.of], Cell::Share(_));
        let scale = if table.rows.iter().any(is_share) {
            0.01
        } else {
            1.0
        };
        for (from, colour) in shade::FROM.into_iter().zip(COLOURS).rev() {
            let shade = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::GreaterThanOrEqualTo(
                    from * scale,
                ))
                .set_format(Format::new().set_background_color(Color::RGB(colour)))
                .set_stop_if_true(true);
            sheet.add_conditional_format(1, at, last_row, at, &shade)?;
        }
    }
    Ok(())
}

/// A text that Excel takes.
fn shortened(text: &str) -> String {
    let text = escape(text);
    match text.chars().count() {
        letters if letters <= MOST_LETTERS => text.into_owned(),
        _ => {
            let begun: String = text.chars().take(MOST_LETTERS - 1).collect();
            format!("{begun}…")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::report::{Align, Column};

    #[test]
    fn a_long_list_reads_back_as_a_short_one_does() {
        let columns = vec![
            Column::new("id", "Id", Align::Left),
            Column::new("count", "Count", Align::Right),
        ];
        let rows = |many: u64| {
            let mut table = Table::new("list", "List", columns.clone());
            (0..many).for_each(|at| {
                table.push(vec![Cell::text(&format!("=C{at}")), Cell::Count(at)]);
            });
            let book = xlsx(&[], &[table], &[]).expect("a workbook");
            let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book)).expect("it");
            book.worksheet_range("list").expect("its sheet")
        };
        let (short, long) = (rows(10), rows(LONG as u64 + 1));
        assert_eq!(long.rows().len(), LONG + 2);
        assert!(
            short
                .rows()
                .zip(long.rows())
                .all(|(one, other)| one == other)
        );
        let last = [Data::String(format!("=C{LONG}")), Data::Float(LONG as f64)];
        assert_eq!(long.rows().next_back(), Some(last.as_slice()));
    }
}
