//! `[file]`: how the text is cut into cells.

use encoding_rs::Encoding;

use crate::calls::{Profile, escape};
use crate::read::tree::{Item, Table};
use crate::rubric::nearest;

pub(super) fn file(table: Table<'_>, profile: &mut Profile) {
    if let Some(delimiter) = table.get("delimiter").and_then(|item| delimiter(&item)) {
        profile.delimiter = Some(delimiter);
    }
    profile.lenient = table.flag("lenient").unwrap_or(false);
    profile.sheet = table.text("sheet");
    profile.header = table.flag("header").unwrap_or(true);
    if let Some(name) = table.get("encoding").and_then(|item| encoding(&item)) {
        profile.encoding = Some(name);
    }
    if let Some(item) = table.get("skip_after_header") {
        profile.skip_after_header = lines(&item, profile.header).unwrap_or(0);
    }
    profile.decimal_comma = table.get("decimal").and_then(|item| decimal(&item));
    table.done();
}

/// More would be calls.
const MOST_SKIPPED: i64 = 100;

fn lines(item: &Item<'_>, header: bool) -> Option<usize> {
    let count = item.integer()?;
    if !header {
        item.fault(
            "a log without a header has no line behind it".to_owned(),
            None,
        );
        return None;
    }
    let count = usize::try_from(count)
        .ok()
        .filter(|_| count <= MOST_SKIPPED);
    if count.is_none() {
        let message = format!("`skip_after_header` must be from 0 to {MOST_SKIPPED}");
        item.fault(message, None);
    }
    count
}

fn decimal(item: &Item<'_>) -> Option<bool> {
    let text = item.text()?;
    match text.as_str() {
        "," => Some(true),
        "." => Some(false),
        _ => {
            item.no_choice(&text, [",", "."].into_iter());
            None
        }
    }
}

fn delimiter(item: &Item<'_>) -> Option<u8> {
    let text = item.text()?;
    match text.as_bytes() {
        b"tab" | b"\t" => Some(b'\t'),
        [one] if one.is_ascii_punctuation() && *one != b'"' || *one == b' ' => Some(*one),
        _ => {
            item.fault(
                format!("`{}` can't be the delimiter", escape(&text)),
                Some("use one character such as \",\" \";\" \"|\", or \"tab\"".to_owned()),
            );
            None
        }
    }
}

/// What call logs come in; the WHATWG list has many more.
const COMMON_ENCODINGS: [&str; 8] = [
    "utf-8",
    "windows-1252",
    "utf-16le",
    "utf-16be",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1250",
    "shift_jis",
];

fn encoding(item: &Item<'_>) -> Option<String> {
    let label = item.text()?;
    if Encoding::for_label_no_replacement(label.as_bytes()).is_none() {
        let hint = match nearest(&label, COMMON_ENCODINGS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "for instance utf-8, windows-1252 or utf-16le".to_owned(),
        };
        item.fault(
            format!("no encoding is called `{}`", escape(&label)),
            Some(hint),
        );
        return None;
    }
    Some(label)
}
