//! The cells of a record, cut when they are asked for.

use std::cell::OnceCell;

use crate::calls::Cells;
use crate::read::scan::place;

/// A record of which the ends of the fields are known.
pub(super) struct Record<'a> {
    /// Text that holds the record.
    text: &'a str,
    /// Where the text begins.
    from: usize,
    /// Where the record begins.
    begin: usize,
    ends: &'a [u32],
    /// Where the log's columns are.
    places: Option<&'a [usize]>,
    /// Whether quotes are doubled in a field.
    doubled: bool,
    /// Such fields, by column, once one is asked for.
    unescaped: OnceCell<Vec<(usize, String)>>,
    made: OnceCell<String>,
}

impl<'a> Record<'a> {
    /// A record in a text. Places are counted from where `from` is that of the text.
    #[inline]
    pub(super) fn new(
        text: &'a str,
        from: usize,
        begin: usize,
        ends: &'a [u32],
        places: Option<&'a [usize]>,
        doubled: bool,
    ) -> Self {
        Self {
            text,
            from,
            begin,
            ends,
            places,
            doubled,
            unescaped: OnceCell::new(),
            made: OnceCell::new(),
        }
    }

    fn unescape(&self) -> Vec<(usize, String)> {
        let columns = (0..self.ends.len()).map(|column| (column, self.field(column)));
        let unescaped = columns.filter_map(|(column, field)| {
            let quoted = inside(field)?;
            let doubled = quoted.contains("\"\"");
            doubled.then(|| (column, quoted.replace("\"\"", "\"")))
        });
        unescaped.collect()
    }

    /// A field as it stands there.
    #[inline]
    fn field(&self, column: usize) -> &'a str {
        let Some(end) = self.ends.get(column) else {
            return "";
        };
        let begin = match column {
            0 => self.begin,
            _ => self.ends[column - 1] as usize + 1,
        };
        &self.text[begin - self.from..*end as usize - self.from]
    }
}

/// The text between the quotes.
#[inline]
fn inside(field: &str) -> Option<&str> {
    field.strip_prefix('"')?.strip_suffix('"')
}

impl Cells for Record<'_> {
    fn made(&self, make: &mut dyn FnMut() -> String) -> &str {
        self.made.get_or_init(make)
    }

    #[inline]
    fn cell(&self, column: usize) -> &str {
        let column = place(self.places, column);
        let field = self.field(column);
        let Some(quoted) = inside(field) else {
            return field;
        };
        if !self.doubled {
            return quoted;
        }
        let unescaped = self.unescaped.get_or_init(|| self.unescape());
        let mut own = unescaped.iter().filter(|(at, _)| *at == column);
        own.next().map_or(quoted, |(_, text)| text)
    }
}
