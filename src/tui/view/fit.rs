//! Texts in columns: wide characters count two, and what is too long ends in `…`.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::calls::escape;

/// Columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text that is safe to show and no wider than this.
pub(super) fn fit(text: &str, columns: u16) -> String {
    let text = escape(text);
    let columns = usize::from(columns);
    if text.width() <= columns {
        return text.into_owned();
    }
    let mut short = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        short.push(c);
    }
    if columns > 0 {
        short.push('…');
    }
    short
}

/// The same, filled up with blanks.
pub(super) fn padded(text: &str, columns: u16) -> String {
    let mut text = fit(text, columns);
    let missing = usize::from(columns).saturating_sub(text.width());
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// A text broken between words, in at most so many lines.
pub(super) fn broken(text: &str, columns: u16, lines: usize) -> Vec<String> {
    let text = escape(text);
    // A date or an id is no word to be broken at its hyphens.
    let whole = textwrap::Options::new(usize::from(columns.max(1)))
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let all = textwrap::wrap(&text, whole);
    let many = all.len();
    let mut kept: Vec<String> = (all.into_iter().take(lines))
        .map(|line| line.into_owned())
        .collect();
    if many > lines
        && let Some(last) = kept.last_mut()
    {
        *last = fit(&format!("{last}  …"), columns);
        if !last.ends_with('…') {
            last.push('…');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stay_aligned_whatever_the_script() {
        for text in [
            "Anna",
            "日本語のコールセンター",
            "👩‍💻 Zoë",
            "e\u{301}\u{301}",
            "",
        ] {
            for columns in 0..20 {
                assert_eq!(
                    width(&padded(text, columns)),
                    usize::from(columns),
                    "{text} {columns}"
                );
            }
        }
    }

    #[test]
    fn what_is_too_long_says_so() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdefg", 6), "abcde…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(broken("one two three four", 9, 2), ["one two", "three  …"]);
        assert_eq!(fit("a\u{1b}[31m", 20), "a\\u{1b}[31m");
    }
}
