//! Answers as CSV: a header, then one row per call and analyst.

use std::ops::Range;

use csv::StringRecord;

use super::answers::{AnswerColumn, Building, locate};
use super::dialect::{Dialect, Start};
use super::scan::records;

pub(super) fn read(building: &mut Building, text: &str, delimiter: u8) {
    let mut starts = Vec::new();
    let mut dialect = Dialect::new(delimiter);
    let watched = dialect
        .watch(text.as_bytes(), &mut starts)
        .and_then(|()| dialect.finish());
    if let Err(stop) = watched {
        let (message, hint) = stop.words(delimiter, false);
        let (start, at) = (place(stop.spot.line_start), place(stop.spot.offset));
        let spot = locate(text, stop.spot.line, start, at - start..at - start + 1);
        let problem = building.problem(message).maybe_hint(hint).at(spot);
        building.problems.push(problem);
        return;
    }
    let mut starts = starts.iter();
    let Some(first) = starts.next() else {
        let problem = building
            .problem("this file is empty")
            .hint("it begins with a line of column names, such as `call_id,analyst,…`");
        building.problems.push(problem);
        return;
    };
    let mut reader = records(text.as_bytes(), delimiter);
    let mut record = StringRecord::new();
    // The text is UTF-8, so reading can't fail.
    let _ = reader.read_record(&mut record);
    header(building, text, delimiter, first, &record);
    let columns = record.len();
    for start in starts {
        if !reader.read_record(&mut record).unwrap_or(false) {
            break;
        }
        let offset = place(start.offset);
        if record.len() != columns {
            let line = text[offset..].lines().next().unwrap_or_default().len();
            let problem = building
                .problem(format!(
                    "this row has {}, the header has {columns}",
                    counted(record.len())
                ))
                .at(locate(text, start.line, offset, 0..line));
            building.problems.push(problem);
            continue;
        }
        if !building.problems.is_empty() {
            // Its form is looked at, its content is not needed any more.
            continue;
        }
        building.begin_row(start.line, offset);
        for (column, cell) in record.iter().enumerate() {
            building.cell(column, cell);
        }
        if !building.row_has_call() {
            let column = building
                .columns()
                .iter()
                .position(|c| *c == AnswerColumn::CallId);
            let cell = csv_cell(&text[offset..], delimiter, column.unwrap_or(0));
            let problem = building
                .problem("this row does not name its call")
                .at(locate(text, start.line, offset, cell.unwrap_or(0..0)));
            building.problems.push(problem);
        }
    }
}

fn header(
    building: &mut Building,
    text: &str,
    delimiter: u8,
    start: &Start,
    record: &StringRecord,
) {
    let offset = place(start.offset);
    for (column, name) in record.iter().enumerate() {
        let at = csv_cell(&text[offset..], delimiter, column).unwrap_or(0..0);
        let told = if name.trim().is_empty() {
            Err("this column has no name".to_owned())
        } else {
            building.header(name.trim())
        };
        if let Err(message) = told {
            let problem = building.problem(message);
            building
                .problems
                .push(problem.at(locate(text, start.line, offset, at)));
        }
    }
    if building.problems.is_empty() && !building.has(&AnswerColumn::CallId) {
        let line = text[offset..].lines().next().unwrap_or_default().len();
        let near = building
            .like_call_id()
            .map(|name| format!("is `{}` meant?", crate::calls::escape(name)));
        let problem = building
            .problem("there is no column `call_id`")
            .maybe_hint(near)
            .at(locate(text, start.line, offset, 0..line));
        building.problems.push(problem);
    }
}

fn counted(fields: usize) -> String {
    match fields {
        1 => "1 field".to_owned(),
        n => format!("{n} fields"),
    }
}

/// Offsets of a text in memory fit.
fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// Where a cell of a well-formed record stands, quotes included.
pub(super) fn csv_cell(record: &str, delimiter: u8, column: usize) -> Option<Range<usize>> {
    let bytes = record.as_bytes();
    let (mut start, mut place, mut quoted) = (0, 0, false);
    for (at, byte) in bytes.iter().enumerate() {
        let edge = !quoted && (*byte == delimiter || matches!(byte, b'\n' | b'\r'));
        if *byte == b'"' {
            quoted = !quoted;
        } else if edge && place == column {
            return Some(start..at);
        } else if edge && *byte == delimiter {
            place += 1;
            start = at + 1;
        } else if edge {
            return None;
        }
    }
    (place == column).then_some(start..bytes.len())
}
