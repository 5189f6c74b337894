//! Files beside a profile that it takes lists from.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;

use crate::calls::escape;
use crate::read::file::read_text;
use crate::read::tree::Item;

/// Reads files beside a profile, and remembers what of them is to stand in its text.
pub(super) struct Beside<'a> {
    /// `None` where the profile is a text and no file.
    folder: Option<&'a Path>,
    taken: RefCell<Vec<(Range<usize>, String)>>,
}

const MOST_BYTES: u64 = 4 << 20;

impl<'a> Beside<'a> {
    pub(super) fn new(folder: Option<&'a Path>) -> Self {
        Self {
            folder,
            taken: RefCell::default(),
        }
    }

    /// The name and the text of the file that an item names.
    pub(super) fn read(&self, item: &Item<'_>) -> Option<(String, String)> {
        let name = item.text()?;
        let key = escape(&item.key);
        let Some(folder) = self.folder else {
            let hint = "write the list itself into the profile".to_owned();
            item.fault(
                format!("`{key}` needs a profile that is a file"),
                Some(hint),
            );
            return None;
        };
        match read_text(&folder.join(&name), MOST_BYTES) {
            Ok(text) => Some((name, text)),
            Err(problem) => {
                let message = format!("`{}`: {}", escape(&name), problem.message);
                item.fault(message, problem.hint);
                None
            }
        }
    }

    /// Lets `key = value` stand in the text instead of the item.
    pub(super) fn take_in(&self, item: &Item<'_>, key: &str, value: &str) {
        let range = item.key_span.start..item.value.span().end;
        let text = format!("{key} = {value}");
        self.taken.borrow_mut().push((range, text));
    }

    /// The profile's text without files beside it.
    pub(super) fn taken_in(self, mut source: String) -> String {
        let mut taken = self.taken.into_inner();
        taken.sort_by_key(|(range, _)| range.start);
        for (range, text) in taken.into_iter().rev() {
            source.replace_range(range, &text);
        }
        source
    }
}

/// A text as TOML writes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
