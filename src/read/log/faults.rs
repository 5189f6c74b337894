//! What is wrong with a log, for people.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use super::head::Head;
use super::layout::Layout;
use crate::calls::{ColumnFault, Columns, Profile, Role, escape};
use crate::read::blocks::Broken;
use crate::read::decode::Decoded;
use crate::read::dialect::{LONGEST_ROW, Refused, Spot, Start};
use crate::read::excerpt::{Excerpt, Place, place_in_line};
use crate::read::problem::{Problem, in_a_profile};
use crate::read::source::Source;
use crate::rubric::nearest;

/// Whether mending rows may help against what stopped the blocks.
pub(in crate::read) fn mends(broken: &Broken) -> bool {
    let Broken::Dialect(stop) = broken else {
        return false;
    };
    // A row or a number of columns beyond all measure is no row that could be mended.
    !matches!(stop.what, Refused::LongRow(false) | Refused::ManyColumns)
}

/// What stopped the blocks, for people.
pub(in crate::read) fn problem_of(source: &Source, layout: &Layout, broken: Broken) -> Problem {
    let stop = match broken {
        Broken::Io(error) => return source.trouble(&error),
        Broken::Dialect(stop) => stop,
    };
    let (message, hint) = stop.words(layout.delimiter, true);
    let quotes = matches!(
        stop.what,
        Refused::StrayQuote | Refused::AfterQuote(_) | Refused::OpenQuote
    );
    let hint = hint.map(|hint| match quotes {
        true => format!("{hint}\n--lenient mends such rows where there is a way"),
        false => hint,
    });
    let problem = Problem::bad(source.name(), message).maybe_hint(hint);
    let mut problem = place(source, layout, problem, stop.spot);
    if matches!(stop.what, Refused::Nul(_)) {
        // Binary content tells nobody anything.
        problem.excerpt = None;
    }
    problem
}

/// A record with bytes that are no text.
pub(in crate::read) fn not_text(source: &Source, layout: &Layout, start: Start) -> Problem {
    let utf_8 = layout.encoding.eq_ignore_ascii_case("utf-8");
    let problem = if utf_8 {
        Problem::bad(source.name(), "these bytes are not UTF-8 text").hint(format!(
            "if the log has another encoding, {}",
            in_a_profile("file", "encoding", "windows-1252")
        ))
    } else {
        let encoding = escape(&layout.encoding);
        Problem::bad(
            source.name(),
            format!("these bytes are not {encoding} text"),
        )
        .hint("name the log's encoding in the profile, under [file]")
    };
    let Ok(text) = stretch(source, layout, start.offset, LONGEST_ROW) else {
        return problem;
    };
    let bad =
        std::str::from_utf8(&text).map_or_else(|error| error.valid_up_to(), |text| text.len());
    let line_start = memchr::memrchr(b'\n', &text[..bad]).map_or(0, |end| end + 1);
    let spot = Spot {
        line: start.line + memchr::memchr_iter(b'\n', &text[..bad]).count() as u64,
        line_start: start.offset + line_start as u64,
        offset: start.offset + bad as u64,
    };
    place(source, layout, problem, spot)
}

/// Adds place and excerpt, for which the file is read once more up to there.
fn place(source: &Source, layout: &Layout, problem: Problem, spot: Spot) -> Problem {
    let into_line = spot.offset - spot.line_start;
    let Ok(bytes) = stretch(source, layout, spot.line_start, into_line + 400) else {
        return problem;
    };
    let into_line = usize::try_from(into_line)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let before = String::from_utf8_lossy(&bytes[..into_line]);
    let after = String::from_utf8_lossy(&bytes[into_line..]);
    let at = before.len();
    let line = before.into_owned() + &after;
    problem.at(place_in_line(&line, spot.line, 0, &(at..at + 1)))
}

/// The bytes of a record of a text in UTF-8 and what comes after it, as they are in the file; before it, how many letters
/// that are not ASCII stand before it.
pub(in crate::read) fn bytes_of(
    source: &Source,
    layout: &Layout,
    start: Start,
) -> (usize, Vec<u8>) {
    let read = || -> io::Result<(usize, Vec<u8>)> {
        let mut text = Decoded::new(source.unpacked(&Arc::default())?, &layout.encoding);
        let mut letters = Letters(0);
        io::copy(&mut text.by_ref().take(start.offset), &mut letters)?;
        let mut bytes = Vec::new();
        text.take(1 << 16).read_to_end(&mut bytes)?;
        Ok((letters.0, bytes))
    };
    read().unwrap_or_default()
}

/// Counts letters of UTF-8 that are not ASCII.
struct Letters(usize);

impl io::Write for Letters {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += letters(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How many letters that are not ASCII are in a text in UTF-8: each has one byte like these.
pub(super) fn letters(text: &[u8]) -> usize {
    text.iter().filter(|byte| **byte >= 0xc0).count()
}

fn stretch(source: &Source, layout: &Layout, from: u64, most: u64) -> io::Result<Vec<u8>> {
    let mut text = Decoded::new(source.unpacked(&Arc::default())?, &layout.encoding);
    io::copy(&mut text.by_ref().take(from), &mut io::sink())?;
    let mut bytes = Vec::new();
    text.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// How many column names a message lists.
const MOST_LISTED: usize = 30;

pub(super) fn column_problem(
    file: &str,
    head: &Head,
    profile: &Profile,
    fault: &ColumnFault,
) -> Problem {
    let (row, names, line) = (head.text.as_str(), &head.names, head.line);
    let show = |range: Range<usize>| {
        let place = Place {
            line,
            column: row[..range.start].chars().count() as u64 + 1,
        };
        (place, Excerpt::of(row, range))
    };
    let problem = Problem::bad(file, escape(&fault.to_string())).at(show(0..row.len()));
    match fault {
        ColumnFault::Missing { role } => {
            if let Some(other) = other_delimiter(row, names, head.layout.delimiter) {
                return problem.hint(format!(
                    "the columns look separated by {}; {}",
                    if other == "tab" {
                        "tabs".to_owned()
                    } else {
                        format!("`{other}`")
                    },
                    in_a_profile("file", "delimiter", other)
                ));
            }
            if let Some(list) = list_of_calls(names, profile) {
                return problem.hint(format!(
                    "this file is one object, and its calls are in the list `{}`: take it out with `jq -c '{}[]'`",
                    escape(&list),
                    escape(&jq_path(&list)),
                ));
            }
            let example = nearest(role.as_str(), names.iter().map(String::as_str))
                .or_else(|| names.first().map(String::as_str))
                .unwrap_or("1");
            let without = match role {
                Role::CallId => {
                    "\nif no column has one, `columns = [...]` and `line = true` under [call_id] make ids of several columns and the line"
                }
                _ => "",
            };
            problem.hint(format!(
                "columns here: {}\n{}{without}",
                listed(names),
                in_a_profile("columns", role.as_str(), example),
            ))
        }
        ColumnFault::NotThere { name } => {
            let near = nearest(name, names.iter().map(String::as_str));
            problem.hint(match near {
                Some(near) => format!("did you mean `{}`?", escape(near)),
                None => format!("columns here: {}", listed(names)),
            })
        }
        ColumnFault::Twice { .. } => {
            problem.hint("name the right one in a profile by its position, counted from 1")
        }
    }
}

/// The list inside of an object whose objects have what a call must have: `data`, of the columns `data.0.call_id` and so on.
fn list_of_calls(names: &[String], profile: &Profile) -> Option<String> {
    const FIRST: &str = ".0.";
    let mut lists = Vec::new();
    for (name, at) in (names.iter()).filter_map(|name| Some((name, name.find(FIRST)?))) {
        if !lists.contains(&&name[..at]) {
            lists.push(&name[..at]);
        }
    }
    let has_calls = |list: &&&str| {
        let first = format!("{list}{FIRST}");
        let keys = names.iter().filter_map(|name| name.strip_prefix(&first));
        let keys = keys.map(str::to_owned).collect();
        !matches!(
            Columns::find(keys, profile),
            Err(ColumnFault::Missing { .. })
        )
    };
    lists.iter().find(has_calls).map(|list| (*list).to_owned())
}

/// `.data.calls`; keys that jq does not take so are put in quotes.
fn jq_path(list: &str) -> String {
    let plain = |key: &str| {
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        key.bytes().all(letter) && !key.starts_with(|first: char| first.is_ascii_digit())
    };
    let keys = list.split('.').map(|key| match plain(key) {
        true => format!(".{key}"),
        false => format!(".{}", serde_json::Value::from(key)),
    });
    keys.collect()
}

fn listed(names: &[String]) -> String {
    let shown = crate::read::tree::ticked(&names[..names.len().min(MOST_LISTED)]);
    match names.len().saturating_sub(MOST_LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A header that is one column for us but has the marks of another delimiter.
fn other_delimiter(row: &str, names: &[String], own: u8) -> Option<&'static str> {
    let own = char::from(own);
    [(';', ";"), ('\t', "tab"), ('|', "|"), (',', ",")]
        .into_iter()
        .find(|(mark, _)| names.len() == 1 && *mark != own && row.matches(*mark).count() >= 2)
        .map(|(_, name)| name)
}
