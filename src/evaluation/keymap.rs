//! What an analyst can ask for besides giving an answer, and the keys for it: one table for the screen, the plain loop,
//! the key line and the help. The keys of answers come from the rubric's scales, which may not use these.

use crate::rubric::Answer;

/// Something a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    NotApplicable,
    Comment,
    Drivers,
    Undo,
    Redo,
    Unscorable,
    Heard,
    Open,
    Previous,
    Complete,
    NextGap,
    Up,
    Down,
    PageUp,
    PageDown,
    Search,
    Help,
    Leave,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub act: Act,
    /// The letter or sign that does it, if one does.
    pub key: Option<char>,
    /// All keys as a person reads them.
    pub keys: &'static str,
    /// A word for the key line; empty for what is not shown there.
    pub short: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
    /// Works in the plain loop too.
    pub plain: bool,
}

const fn binding(
    act: Act,
    key: Option<char>,
    keys: &'static str,
    short: &'static str,
    plain: bool,
    help: &'static str,
) -> Binding {
    Binding {
        act,
        key,
        keys,
        short,
        help,
        plain,
    }
}

/// In the order of the key line, the most wanted first: a narrow one ends early.
pub const KEYMAP: &[Binding] = &[
    binding(
        Act::Complete,
        None,
        "Enter",
        "complete",
        false,
        "Complete the call; where something is missing, go there",
    ),
    binding(
        Act::NotApplicable,
        Some(Answer::NA_KEY),
        "a",
        "N/A",
        true,
        "The behavior does not apply to this call",
    ),
    binding(
        Act::Undo,
        Some('u'),
        "u",
        "undo",
        true,
        "Take the last change back; again for the one before",
    ),
    binding(
        Act::Comment,
        Some('c'),
        "c",
        "comment",
        true,
        "Comment on the behavior, or on the call on its last line",
    ),
    binding(
        Act::Drivers,
        Some('d'),
        "d",
        "reasons",
        true,
        "Tick why the caller called",
    ),
    binding(
        Act::Help,
        Some('?'),
        "?",
        "all keys",
        true,
        "Show all keys, then the behavior in full (plain: in full)",
    ),
    binding(
        Act::Leave,
        Some('q'),
        "q",
        "leave",
        true,
        "Leave; every answer is kept",
    ),
    binding(
        Act::NextGap,
        None,
        "Tab",
        "next blank",
        false,
        "Go to the next behavior without an answer",
    ),
    binding(
        Act::Unscorable,
        Some('x'),
        "x",
        "unscorable",
        true,
        "The call can't be scored; the next drawn takes its place",
    ),
    binding(
        Act::Previous,
        Some('b'),
        "b",
        "previous call",
        false,
        "Reopen your previous call, with a reason",
    ),
    binding(
        Act::Heard,
        Some('t'),
        "t",
        "heard otherwise",
        true,
        "The caller type or the CSR is another than logged",
    ),
    binding(
        Act::Open,
        Some('o'),
        "o",
        "play",
        true,
        "Open the recording",
    ),
    binding(
        Act::Redo,
        None,
        "Ctrl-R",
        "",
        false,
        "Make again what was taken back",
    ),
    binding(
        Act::Up,
        Some('k'),
        "↑ k",
        "",
        false,
        "Go to the behavior above",
    ),
    binding(
        Act::Down,
        Some('j'),
        "↓ j",
        "",
        false,
        "Go to the behavior below",
    ),
    binding(
        Act::PageUp,
        None,
        "PgUp",
        "",
        false,
        "Scroll the transcript up",
    ),
    binding(
        Act::PageDown,
        None,
        "PgDn",
        "",
        false,
        "Scroll the transcript down",
    ),
    binding(
        Act::Search,
        Some('/'),
        "/",
        "",
        false,
        "Search the transcript; Enter finds the next",
    ),
];

/// What a letter or sign does. Letters count in either case: a stuck Caps Lock must not stop the work.
pub fn act_of(key: char) -> Option<Act> {
    let key = key.to_ascii_lowercase();
    let found = KEYMAP.iter().find(|binding| binding.key == Some(key));
    found.map(|binding| binding.act)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::rubric::RESERVED_KEYS;

    #[test]
    fn scales_may_use_every_letter_that_this_table_leaves_free_and_no_other() {
        let letters = KEYMAP.iter().filter_map(|binding| binding.key);
        let letters: BTreeSet<char> = letters.filter(char::is_ascii_alphanumeric).collect();
        assert_eq!(letters, RESERVED_KEYS.into_iter().collect());
    }

    #[test]
    fn no_key_does_two_things() {
        let mut seen = BTreeSet::new();
        for binding in KEYMAP {
            for key in binding.keys.split(' ') {
                assert!(seen.insert(key), "{key}");
            }
            assert!(binding.key.is_none_or(|key| binding.keys.contains(key)));
        }
    }

    #[test]
    fn a_stuck_caps_lock_changes_nothing() {
        assert_eq!(act_of('U'), Some(Act::Undo));
        assert_eq!(act_of('u'), Some(Act::Undo));
        assert_eq!(act_of('y'), None);
    }
}
