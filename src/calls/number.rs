//! Telephone numbers as people and switches write them.

/// A number without what is only there to be read: blanks, dashes, brackets, slashes, dots.
pub(super) fn without_signs(text: &str) -> String {
    let sign = |c: char| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '[' | ']' | '/' | '.');
    text.chars().filter(|c| !sign(*c)).collect()
}

/// How many digits a text has.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_left_out_and_all_else_stays() {
        assert_eq!(
            without_signs(" +49 (30) 12-34/5.6\u{a0}"),
            "+493012".to_owned() + "3456"
        );
        assert_eq!(without_signs("anonymous"), "anonymous");
        assert_eq!(digits("+49 30x"), 4);
        assert_eq!(digits("\u{663}"), 0);
    }
}
