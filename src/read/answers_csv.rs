//! Answers as CSV: a header, then one row per call and analyst.

use std::ops::Range;

use csv::StringRecord;

use super::answers::{AnswerColumn, Building, locate};
use super::dialect::{Dialect, Start};
use super::scan::records;
use crate::calls::escape;

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
        let near = if record.len() == 1 && record[0].contains([';', '\t']) {
            Some("fields of an answers file are separated by commas".to_owned())
        } else {
            building
                .like_call_id()
                .map(|name| format!("is `{}` meant?", escape(name)))
        };
        let problem = building
            .problem("there is no column `call_id`")
            .maybe_hint(near)
            .at(locate(text, start.line, offset, 0..line));
        building.problems.push(problem);
    }
}

/// Fields, in words.
pub(super) fn counted(fields: usize) -> String {
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

#[cfg(test)]
mod tests {
    use crate::read::answers::{AnswerColumn, AnswersFile, answers_text};

    fn file(text: &str) -> AnswersFile {
        answers_text("a.csv".to_owned(), text.to_owned(), false)
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn told(text: &str) -> String {
        answers_text("a.csv".to_owned(), text.to_owned(), false)
            .expect_err("has problems")
            .to_text(false)
    }

    #[test]
    fn rows_have_their_cells_and_blank_ones_are_left_out() {
        let file = file(
            "Call ID,analyst,greets,comment,comment:greets,Time Spent,seconds\r\n\
             C-1,qa1, yes ,\"a \"\"b\"\"\nc\",,,12\r\n\r\nC-2,qa1,,,,x,\r\n",
        );
        let behavior = |id: &str| AnswerColumn::Behavior(id.to_owned());
        assert_eq!(
            file.columns(),
            [
                AnswerColumn::CallId,
                AnswerColumn::Analyst,
                behavior("greets"),
                AnswerColumn::Comment,
                AnswerColumn::CommentOn("greets".to_owned()),
                behavior("Time Spent"),
                AnswerColumn::Seconds,
            ]
        );
        let rows: Vec<_> = file.rows().collect();
        assert_eq!((rows[0].line(), rows[1].line()), (2, 5));
        assert_eq!((rows[0].call_id(), rows[1].call_id()), ("C-1", "C-2"));
        assert_eq!(rows[0].text(&behavior("greets")), Some("yes"));
        assert_eq!(rows[0].text(&AnswerColumn::Comment), Some("a \"b\"\nc"));
        assert_eq!(rows[1].text(&behavior("greets")), None);
        assert_eq!(rows[1].cells().count(), 3);
    }

    #[test]
    fn a_cell_is_shown_even_if_it_is_blank_or_after_a_line_break() {
        let file = file("call_id,comment,greets,x\nC-1,\"a,\n\"\"b\"\"\",yse,\n");
        let row = file.rows().next().expect("a row");
        let hint = Some("did you mean `yes`?".to_owned());
        assert_eq!(
            file.problem_at(&row, 2, "`yse` is no answer of `greets`", hint)
                .to_text(false),
            "\
error: `yse` is no answer of `greets`
 --> a.csv:3:8
  |
3 | \"\"b\"\"\",yse,
  |        ^^^
  |
  = help: did you mean `yes`?"
        );
        let blank = file.problem_at(&row, 3, "`x` is not answered", None);
        assert_eq!(
            blank.place.map(|place| (place.line, place.column)),
            Some((3, 12))
        );
        let column = file.problem_in_column(2, "no behavior is called `greets`", None);
        assert_eq!(
            column.to_text(false),
            "\
error: no behavior is called `greets`
 --> a.csv:1:17
  |
1 | call_id,comment,greets,x
  |                 ^^^^^^"
        );
    }

    #[test]
    fn everything_wrong_with_the_form_is_told_at_once() {
        assert_eq!(
            told("call_id,greets,,greets,Call-Id\nC-1,yes\n,,,,\n"),
            "\
error: this column has no name
 --> a.csv:1:16
  |
1 | call_id,greets,,greets,Call-Id
  |                ^

error: the column `greets` stands twice
 --> a.csv:1:17
  |
1 | call_id,greets,,greets,Call-Id
  |                 ^^^^^^

error: `Call-Id` and `call_id` are the same column
 --> a.csv:1:24
  |
1 | call_id,greets,,greets,Call-Id
  |                        ^^^^^^^

error: this row has 2 fields, the header has 5
 --> a.csv:2:1
  |
2 | C-1,yes
  | ^^^^^^^"
        );
    }

    #[test]
    fn a_row_must_name_its_call() {
        assert_eq!(
            told("greets,call_id\nyes, \n"),
            "\
error: this row does not name its call
 --> a.csv:2:5
  |
2 | yes, 
  |     ^"
        );
    }

    #[test]
    fn the_call_id_column_must_be_there() {
        assert_eq!(
            told("callid,greets\n"),
            "\
error: there is no column `call_id`
 --> a.csv:1:1
  |
1 | callid,greets
  | ^^^^^^^^^^^^^
  |
  = help: is `callid` meant?"
        );
        assert_eq!(
            told("call_id;greets\n"),
            "\
error: there is no column `call_id`
 --> a.csv:1:1
  |
1 | call_id;greets
  | ^^^^^^^^^^^^^^
  |
  = help: fields of an answers file are separated by commas"
        );
    }

    #[test]
    fn the_dialect_is_as_strict_as_that_of_logs() {
        assert_eq!(
            told("call_id,greets\nC-1,y\"es\n"),
            "\
error: there is a quote inside a field that does not begin with one
 --> a.csv:2:6
  |
2 | C-1,y\"es
  |      ^
  |
  = help: put the whole field in quotes and write the quote twice: ,\"so \"\"called\"\"\","
        );
        assert_eq!(
            told("call_id,greets\nC-1,\"yes\n"),
            "\
error: the quote that opens here is never closed
 --> a.csv:2:5
  |
2 | C-1,\"yes
  |     ^
  |
  = help: close it at the end of the field, or take it out"
        );
        assert_eq!(
            told(""),
            "\
error: this file is empty
--> a.csv
 = help: it begins with a line of column names, such as `call_id,analyst,…`"
        );
    }

    #[test]
    fn a_hundred_thousand_rows_are_read_at_once() {
        let mut text = "call_id".to_owned();
        for column in 0..20 {
            text.push_str(&format!(",behavior-{column}"));
        }
        for row in 0..100_000 {
            text.push_str(&format!("\nC-{row}{}", ",yes".repeat(20)));
        }
        let file = file(&text);
        assert_eq!(file.rows().len(), 100_000);
        assert!(file.rows().all(|row| row.cells().count() == 21));
    }
}
