//! The cells of a record, cut when they are asked for.

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

/// A record with quotes.
pub(super) struct QuotedRow<'a> {
    pub(super) record: &'a str,
    pub(super) fields: &'a [Field],
    /// Fields in which quotes are doubled, by column.
    pub(super) unescaped: &'a [(usize, String)],
}

/// Where a field stands in its record, without its quotes.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether quotes in it are doubled.
    pub(super) doubled: bool,
}

impl Cells for QuotedRow<'_> {
    fn cell(&self, column: usize) -> &str {
        match self.fields.get(column) {
            None => "",
            Some(field) if field.doubled => {
                let mut own = self.unescaped.iter().filter(|(at, _)| *at == column);
                own.next().map_or("", |(_, text)| text)
            }
            Some(field) => &self.record[field.from..field.to],
        }
    }
}
