use std::ops::Range;

use crate::calls::escape;

/// A 1-based line and column; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: u64,
    pub column: u64,
}

/// The part of a line around a place, and which bytes of it are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Cut to what fits on a screen; as in the file otherwise.
    pub text: String,
    pub range: Range<usize>,
}

/// Characters shown on either side of the place.
const AROUND: usize = 56;
/// Characters that can be underlined in a line that is cut.
const MOST_MARKED: usize = 40;
/// Lines up to this many bytes are shown whole.
const WHOLE: usize = 120;

impl Excerpt {
    /// The stretch of `line` (no line end) around `range`.
    pub(super) fn of(line: &str, range: Range<usize>) -> Self {
        let start = floor(line, range.start);
        let end = floor(line, range.end.max(start));
        if line.len() <= WHOLE {
            return Self {
                text: line.to_owned(),
                range: start..end,
            };
        }
        let from = line[..start]
            .char_indices()
            .rev()
            .nth(AROUND - 1)
            .map_or(0, |(at, _)| at);
        let after = |from: usize, count: usize| {
            line[from..]
                .char_indices()
                .nth(count)
                .map_or(line.len(), |(at, _)| from + at)
        };
        let end = end.min(after(start, MOST_MARKED));
        let to = after(end, AROUND);
        let (left, right) = (
            if from > 0 { "…" } else { "" },
            if to < line.len() { "…" } else { "" },
        );
        let shift = |at: usize| at - from + left.len();
        Self {
            text: format!("{left}{}{right}", &line[from..to]),
            range: shift(start)..shift(end),
        }
    }

    /// The same with controls spelt out; tabs are left to whoever draws it.
    pub(super) fn escaped(&self) -> Self {
        let plain = |text: &str| text.split('\t').map(escape).collect::<Vec<_>>().join("\t");
        let before = plain(&self.text[..self.range.start]);
        let marked = plain(&self.text[self.range.clone()]);
        let range = before.len()..before.len() + marked.len();
        Self {
            text: before + &marked + &plain(&self.text[self.range.end..]),
            range,
        }
    }
}

/// The byte offset, moved back to where a character begins.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text in memory whose lines can be found.
pub(super) struct Source<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    /// `name` is the file's, as the user wrote it.
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .collect();
        Self { name, text, starts }
    }

    /// The place of a stretch of bytes, with its first line.
    pub(super) fn place(&self, range: &Range<usize>) -> (Place, Excerpt) {
        let at = floor(self.text, range.start);
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        place_in_line(self.text, line as u64, self.starts[line - 1], range)
    }
}

/// The place of a stretch of bytes in a text, where the number and start of its line are known.
pub(super) fn place_in_line(
    text: &str,
    number: u64,
    start: usize,
    range: &Range<usize>,
) -> (Place, Excerpt) {
    let rest = &text[floor(text, start)..];
    let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
    let line = rest[..end].strip_suffix('\r').unwrap_or(&rest[..end]);
    let from = floor(line, range.start.saturating_sub(start));
    let to = range.end.saturating_sub(start).clamp(from, line.len());
    let place = Place {
        line: number,
        column: line[..from].chars().count() as u64 + 1,
    };
    (place, Excerpt::of(line, from..to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}HERE{}", "a".repeat(100_000), "b".repeat(100_000));
        let excerpt = Excerpt::of(&line, 100_000..100_004);
        assert_eq!(&excerpt.text[excerpt.range.clone()], "HERE");
        assert_eq!(excerpt.text.chars().count(), 2 * AROUND + 4 + 2);
        assert!(excerpt.text.starts_with('…') && excerpt.text.ends_with('…'));
    }

    #[test]
    fn escaping_moves_the_marked_bytes_along() {
        let excerpt = Excerpt::of("\u{1b}é\u{1b}x", 3..4).escaped();
        assert_eq!(excerpt.text, "\\u{1b}é\\u{1b}x");
        assert_eq!(&excerpt.text[excerpt.range], "\\u{1b}");
    }

    #[test]
    fn columns_count_characters_and_lines_may_end_in_two_ways() {
        let source = Source::new("x", "one\r\nzwölf = 3\r\n");
        let (place, excerpt) = source.place(&(14..15));
        assert_eq!(place, Place { line: 2, column: 9 });
        assert_eq!(excerpt.text, "zwölf = 3");
        let (end, _) = source.place(&(17..17));
        assert_eq!(end, Place { line: 3, column: 1 });
    }
}
