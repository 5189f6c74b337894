//! The cells of a record, cut when they are asked for.

use std::borrow::Cow;

use memchr::memchr;

use crate::calls::Cells;

/// A record without quotes.
pub(super) struct PlainRow<'a> {
    pub(super) record: &'a str,
    pub(super) delimiter: u8,
    pub(super) ends: &'a [usize],
}

impl Cells for PlainRow<'_> {
    fn cell(&self, column: usize) -> &str {
        if let Some(end) = self.ends.get(column) {
            let begin = match column {
                0 => 0,
                _ => self.ends[column - 1] + 1,
            };
            return &self.record[begin..*end];
        }
        let mut begin = self.ends.last().map_or(0, |end| end + 1);
        for _ in self.ends.len()..column {
            match memchr(self.delimiter, &self.record.as_bytes()[begin..]) {
                Some(found) => begin += found + 1,
                None => return "",
            }
        }
        let rest = &self.record[begin..];
        let end = memchr(self.delimiter, rest.as_bytes()).unwrap_or(rest.len());
        &rest[..end]
    }
}

pub(super) struct QuotedRow<'a>(pub(super) Vec<Cow<'a, str>>);

impl Cells for QuotedRow<'_> {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).map_or("", |cell| cell)
    }
}
