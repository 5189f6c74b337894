//! A sheet of a workbook as a table of text: .xlsx, .xlsb, .xls, .ods.

use std::io::{BufReader, Read, Seek, SeekFrom};

use calamine::{Data, ExcelDateTime, Ods, Range, Reader, Sheets, Xls, Xlsb, Xlsx, XlsxError};

use std::collections::HashMap;

use super::IsHeader;
use super::table::{Table, Told, Writer};
use crate::calls::{SAFE_DIGITS, escape};
use crate::read::scan::RoundedIds;
use crate::rubric::nearest;

/// Rows in which the column names may be.
const ROWS: usize = 50;

/// Writes a sheet down: the one named, else the first in which a row is the header, else the first with anything in it.
pub(super) fn table(
    file: impl Read + Seek + Clone,
    sheet: Option<&str>,
    is_header: IsHeader<'_>,
) -> Result<Table, Told> {
    let mut book = open(file)?;
    let names = book.sheet_names();
    let Some(first) = names.first() else {
        return Err(nothing());
    };
    let mut read = |name: &String| {
        let range = book.worksheet_range(name);
        range.map_err(|error| broken(&error.to_string()))
    };
    if let Some(wanted) = sheet {
        let named = names.iter().find(|name| *name == wanted);
        let Some(named) = named else {
            let near = nearest(wanted, names.iter().map(String::as_str));
            let hint = match near {
                Some(near) => format!("did you mean `{}`?", escape(near)),
                None => format!("its sheets: {}", ticked(&names)),
            };
            let wanted = escape(wanted);
            return Err(Told::Content(format!("there is no sheet `{wanted}`"), hint));
        };
        return write(&read(named)?, None);
    }
    let mut chosen = None;
    for name in &names {
        let range = read(name)?;
        if range.is_empty() {
            continue;
        }
        let mut head = range.rows().take(ROWS);
        if head.any(|row| is_header(&row.iter().map(cell).collect::<Vec<_>>())) {
            chosen = Some((name, range));
            break;
        }
        chosen.get_or_insert((name, range));
    }
    let Some((name, range)) = chosen else {
        return Err(nothing());
    };
    let told = (names.len() > 1 || name != first).then(|| {
        format!(
            "the sheet `{}` is read, of {}",
            escape(name),
            ticked(&names)
        )
    });
    let sheet = told.is_some().then(|| name.clone());
    Ok(Table {
        sheet,
        ..write(&range, told)?
    })
}

fn ticked(names: &[String]) -> String {
    let ticked: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", escape(name)))
        .collect();
    ticked.join(", ")
}

fn nothing() -> Told {
    Told::Content(
        "this workbook is empty".to_owned(),
        "a call log begins with a row of column names".to_owned(),
    )
}

fn broken(why: &str) -> Told {
    Told::Content(
        format!("this workbook can't be read: {}", escape(why)),
        "save it anew as .xlsx, or export it as CSV".to_owned(),
    )
}

fn locked() -> Told {
    Told::Content(
        "this workbook is locked with a password".to_owned(),
        "save it without one, or export it as CSV".to_owned(),
    )
}

/// Opens a workbook of any kind; the file's name doesn't matter.
fn open<F: Read + Seek + Clone>(mut file: F) -> Result<Sheets<BufReader<F>>, Told> {
    let mut first = [0; 4];
    let zipped = file.read_exact(&mut first).is_ok() && first == *b"PK\x03\x04";
    let _ = file.seek(SeekFrom::Start(0));
    let again = || BufReader::new(file.clone());
    match Xlsx::new(again()) {
        Ok(book) => return Ok(Sheets::Xlsx(book)),
        Err(XlsxError::Password) => return Err(locked()),
        Err(_) => {}
    }
    if !zipped {
        return match Xls::new(again()) {
            Ok(book) => Ok(Sheets::Xls(book)),
            Err(calamine::XlsError::Password) => Err(locked()),
            Err(error) => Err(broken(&error.to_string())),
        };
    }
    match Ods::new(again()) {
        Ok(book) => return Ok(Sheets::Ods(book)),
        Err(calamine::OdsError::Password) => return Err(locked()),
        Err(_) => {}
    }
    match Xlsb::new(again()) {
        Ok(book) => Ok(Sheets::Xlsb(book)),
        Err(calamine::XlsbError::Password) => Err(locked()),
        Err(_) => Err(match Xlsx::new(again()) {
            Err(error) => broken(&error.to_string()),
            Ok(_) => broken("it has changed"),
        }),
    }
}

fn write(range: &Range<Data>, told: Option<String>) -> Result<Table, Told> {
    let mut writer = Writer::new()?;
    let mut long_numbers: HashMap<usize, RoundedIds> = HashMap::new();
    let above = range.start().map_or(0, |(row, _)| u64::from(row));
    for (at, row) in range.rows().enumerate() {
        if row.iter().all(|cell| matches!(cell, Data::Empty)) {
            continue;
        }
        let cells: Vec<String> = row.iter().map(cell).collect();
        let place = above + at as u64 + 1;
        writer.row(place, cells.iter().map(String::as_str))?;
        let long = row
            .iter()
            .map(is_long)
            .enumerate()
            .filter(|(_, long)| *long);
        for (column, _) in long {
            let first = || RoundedIds {
                rows: 0,
                id: cells[column].clone(),
                line: place,
            };
            long_numbers.entry(column).or_insert_with(first).rows += 1;
        }
    }
    Ok(Table {
        long_numbers,
        ..writer.finish(told, Vec::new())?
    })
}

/// Whether a cell is a number that has more digits than a spreadsheet keeps.
fn is_long(cell: &Data) -> bool {
    match cell {
        Data::Float(number) => number.abs() >= LONG && number.is_finite(),
        Data::Int(number) => *number as f64 >= LONG,
        _ => false,
    }
}

/// The least whole number of so many digits.
const LONG: f64 = 1e15;
const _: () = assert!(SAFE_DIGITS == 15);

/// A cell as it would stand in an export.
fn cell(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) => text.clone(),
        Data::DurationIso(text) => iso_duration(text).unwrap_or_else(|| text.clone()),
        Data::Int(whole) => whole.to_string(),
        // Exact: a spreadsheet's numbers have 15 digits.
        Data::Float(number) => number.to_string(),
        Data::Bool(flag) => flag.to_string(),
        Data::DateTime(time) => date_time(*time),
        Data::Error(error) => error.to_string(),
    }
}

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;

fn date_time(time: ExcelDateTime) -> String {
    if time.is_duration() || time.as_f64() < 1.0 {
        return clock((time.as_f64() * DAY).round());
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second, milli) {
        (0, 0, 0, 0) => date,
        (_, _, _, 0) => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
    }
}

/// Milliseconds as `h:mm:ss`.
fn clock(milliseconds: f64) -> String {
    let sign = if milliseconds < 0.0 { "-" } else { "" };
    let seconds = (milliseconds.abs() / 1000.0).floor();
    let milli = milliseconds.abs() - 1000.0 * seconds;
    let (hours, minutes) = ((seconds / 3600.0).floor(), (seconds / 60.0).floor() % 60.0);
    let whole = format!("{sign}{hours}:{minutes:02}:{:02}", seconds % 60.0);
    if milli > 0.0 {
        return format!("{whole}.{milli:03}");
    }
    whole
}

/// `PT00H04M44.5S` as `0:04:44.500`.
fn iso_duration(text: &str) -> Option<String> {
    let span: jiff::SignedDuration = text.parse().ok()?;
    Some(clock(span.as_millis() as f64))
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn cells_read_as_an_export_would_write_them() {
        let time = |value, kind| Data::DateTime(ExcelDateTime::new(value, kind, false));
        for (data, told) in [
            (Data::Empty, ""),
            (Data::String(" 007 ".to_owned()), " 007 "),
            (Data::Float(1.0), "1"),
            (Data::Float(-0.5), "-0.5"),
            (Data::Float(123_456_789_012_345.0), "123456789012345"),
            (Data::Int(42), "42"),
            (Data::Bool(true), "true"),
            (time(46_204.334_548_611_11, DateTime), "2026-07-01 08:01:45"),
            (time(46_204.0, DateTime), "2026-07-01"),
            (time(0.5, DateTime), "12:00:00"),
            (time(0.003_287_037_037, TimeDelta), "0:04:44"),
            (time(1.5, TimeDelta), "36:00:00"),
            (
                time(46_204.334_554_398_15, DateTime),
                "2026-07-01 08:01:45.500",
            ),
            (Data::DurationIso("PT00H04M44S".to_owned()), "0:04:44"),
            (Data::DurationIso("soon".to_owned()), "soon"),
        ] {
            assert_eq!(cell(&data), told, "{data:?}");
        }
    }
}
