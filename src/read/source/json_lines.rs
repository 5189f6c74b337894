//! JSON as a table of text: a row for each object, a column for each path of keys in it. Objects stand one behind the
//! other, mostly a line each, or in one list.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read};

use serde_json::error::Category;

use super::table::{Table, Told, Writer};
use crate::read::dialect::{LONGEST_ROW, MOST_COLUMNS};
use crate::read::problem::Problem;

mod tree;

use tree::{Object, Tree};

type Text = Box<dyn Read + Send>;

/// Whether a text is JSON and no table: it begins with a brace, and a key follows, or with a list of such.
pub(super) fn begins(text: &mut Text) -> bool {
    let mut first = Vec::new();
    // What can't be read is told by whoever reads on.
    let _ = text.take(4096).read_to_end(&mut first);
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
    let mut marks = first.iter().filter(|byte| !byte.is_ascii_whitespace());
    let marks = (marks.next(), marks.next());
    matches!(
        marks,
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']'))
    )
}

/// Writes the objects down. They are read twice: the first time for their keys.
pub(super) fn table(text: &mut dyn FnMut() -> Result<Text, Problem>) -> Result<Table, Told> {
    let mut columns = Columns::default();
    let mut objects = Objects::new(text().map_err(Told::Problem)?);
    while let Some((_, object)) = objects.next()? {
        if let Some(object) = object {
            flat(&object, &mut |path, _| {
                columns.place(path);
            });
        }
        if columns.names.len() > MOST_COLUMNS {
            return Err(Told::Content(
                format!("the objects have more than {MOST_COLUMNS} different keys"),
                "a call log has the same keys in every object; where calls are in a list inside of one object, take the list out, for instance with `jq .records`".to_owned(),
            ));
        }
    }
    if columns.names.is_empty() {
        return Err(Told::Content(
            match objects.list {
                List::Closed => "the list in this file has no object, so there is no call in it",
                _ => "no object in this file has a key, so there is no call in it",
            }
            .to_owned(),
            "a call log has an object for each call; make the export again, with a longer time"
                .to_owned(),
        ));
    }
    let mut writer = Writer::new()?;
    writer.row(1, columns.names.iter().map(String::as_str))?;
    let mut objects = Objects::new(text().map_err(Told::Problem)?);
    let mut cells = vec![String::new(); columns.names.len()];
    while let Some((line, object)) = objects.next()? {
        let Some(object) = object else {
            // More fields than any other row has: it is counted as one that can't be read.
            let fields = std::iter::repeat_n("", columns.names.len() + 1);
            writer.row(line, fields)?;
            continue;
        };
        cells.iter_mut().for_each(String::clear);
        flat(&object, &mut |path, value| {
            if let Some(cell) = columns.known(path).and_then(|at| cells.get_mut(at)) {
                *cell = value;
            }
        });
        writer.row(line, cells.iter().map(String::as_str))?;
    }
    writer.finish(None, Vec::new())
}

/// Paths of keys, in the order in which they were met.
#[derive(Default)]
struct Columns {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Columns {
    fn known(&self, path: &str) -> Option<usize> {
        self.places.get(path).copied()
    }

    fn place(&mut self, path: &str) {
        if self.known(path).is_none() {
            self.places.insert(path.to_owned(), self.names.len());
            self.names.push(path.to_owned());
        }
    }
}

/// Hands every value on with its path: `Queue.Name`, `Recordings.0.Location`; a list of plain values is one value.
fn flat(object: &Object, take: &mut dyn FnMut(&str, String)) {
    fn walk(path: &mut String, value: &Tree, take: &mut dyn FnMut(&str, String)) {
        let length = path.len();
        let mut inner = |path: &mut String, key: &str, value: &Tree| {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
            walk(path, value, take);
            path.truncate(length);
        };
        match value {
            Tree::Object(object) => {
                object
                    .iter()
                    .for_each(|(key, value)| inner(path, key, value));
            }
            Tree::List(list) if !list.iter().all(Tree::is_plain) => {
                let numbered = list.iter().enumerate();
                numbered.for_each(|(at, value)| inner(path, &at.to_string(), value));
            }
            Tree::List(list) => {
                let texts: Vec<&str> = list.iter().map(Tree::text).collect();
                take(path, texts.join("; "));
            }
            value => take(path, value.text().to_owned()),
        }
    }
    let mut path = String::new();
    for (key, value) in object {
        path.push_str(key);
        walk(&mut path, value, take);
        path.clear();
    }
}

/// The line on which an object begins, and the object; none where a line is no JSON.
type Placed = (u64, Option<Object>);

/// The objects of a text, with the lines on which they begin.
struct Objects {
    text: BufReader<Text>,
    /// Read and not yet taken, from the beginning of a line or of an object on.
    bytes: Vec<u8>,
    /// The line of the first of them.
    line: u64,
    first: bool,
    list: List,
    ready: VecDeque<Placed>,
}

/// Whether objects stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    /// Nothing but blanks has been read.
    Begin,
    No,
    /// An object may come.
    Open,
    /// A comma must come, or the end.
    Behind,
    /// The list has ended; another one may begin.
    Closed,
}

impl Objects {
    fn new(text: Text) -> Self {
        Self {
            text: BufReader::with_capacity(1 << 18, text),
            bytes: Vec::new(),
            line: 1,
            first: true,
            list: List::Begin,
            ready: VecDeque::new(),
        }
    }

    /// The next object.
    fn next(&mut self) -> Result<Option<Placed>, Told> {
        loop {
            if let Some(object) = self.ready.pop_front() {
                return Ok(Some(object));
            }
            // A text without line ends is taken in pieces.
            let mut piece = (&mut self.text).take(LONGEST_ROW);
            let read = piece.read_until(b'\n', &mut self.bytes);
            let read = read.map_err(|error| {
                Told::Content(
                    format!(
                        "this file can't be read on from line {}: {error}",
                        self.line
                    ),
                    "make the export again".to_owned(),
                )
            })?;
            if std::mem::take(&mut self.first) && self.bytes.starts_with(b"\xef\xbb\xbf") {
                self.bytes.drain(..3);
            }
            let ended = read == 0;
            // Of an object over many lines the end is waited for.
            let marks = self.bytes.iter().rev();
            let mut last = marks.filter(|mark| !mark.is_ascii_whitespace());
            let whole = last.find(|mark| !b",]".contains(mark)) == Some(&b'}');
            let long = self.bytes.len() as u64 >= LONGEST_ROW;
            if ended || whole || long || !self.bytes.trim_ascii_start().starts_with(b"{") {
                self.take(ended)?;
            }
            if ended && self.ready.is_empty() {
                return match self.list {
                    List::Open | List::Behind => Err(self.cut_off()),
                    _ => Ok(None),
                };
            }
        }
    }

    /// Takes the objects that are whole; at the end of the text whatever is there.
    fn take(&mut self, ended: bool) -> Result<(), Told> {
        let mut at = 0;
        loop {
            let rest = &self.bytes[at..];
            let blank = rest.len() - rest.trim_ascii_start().len();
            self.line += lines(&rest[..blank]);
            at += blank;
            let rest = &self.bytes[at..];
            let Some(mark) = rest.first() else { break };
            let next = match (self.list, mark) {
                (List::Begin | List::Closed, b'[') => Some(List::Open),
                (List::Behind, b',') => Some(List::Open),
                (List::Open | List::Behind, b']') => Some(List::Closed),
                (List::Begin, _) => {
                    self.list = List::No;
                    None
                }
                (List::Behind | List::Closed, _) => return Err(self.broken()),
                (List::No | List::Open, _) => None,
            };
            if let Some(next) = next {
                self.list = next;
                at += 1;
                continue;
            }
            let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Tree>();
            match values.next() {
                None => break,
                Some(Ok(mut value)) => {
                    let end = values.byte_offset();
                    value.number_as_written(&rest[..end]);
                    let object = match value {
                        Tree::Object(object) => Some(object),
                        _ => None,
                    };
                    self.ready.push_back((self.line, object));
                    self.line += lines(&rest[..end]);
                    at += end;
                    if self.list == List::Open {
                        self.list = List::Behind;
                    }
                }
                Some(Err(error)) => {
                    let goes_on = error.classify() == Category::Eof;
                    if goes_on && !ended && (rest.len() as u64) < LONGEST_ROW {
                        break;
                    }
                    // Where a list goes on behind it nobody knows.
                    if self.list == List::Open {
                        self.line += error.line().saturating_sub(1) as u64;
                        return Err(if goes_on && ended {
                            self.cut_off()
                        } else {
                            self.broken()
                        });
                    }
                    // The rest of the line is given up, and what follows is looked at anew.
                    self.ready.push_back((self.line, None));
                    at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
            }
        }
        self.bytes.drain(..at);
        Ok(())
    }

    fn cut_off(&self) -> Told {
        Told::Content(
            format!(
                "this list of calls breaks off in line {}: its end `]` is missing",
                self.line
            ),
            "the export is not whole: make it again".to_owned(),
        )
    }

    fn broken(&self) -> Told {
        Told::Content(
            format!("what stands in line {} is not JSON as it should be in a list of calls", self.line),
            "make the export again, or write a line for each call: a line that can't be read is then counted, and the others are read".to_owned(),
        )
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests;
