//! JSON lines as a table of text: a row for each object, a column for each path of keys in it.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read};

use serde_json::error::Category;
use serde_json::{Map, Value};

use super::table::{Table, Told, Writer};
use crate::read::dialect::{LONGEST_ROW, MOST_COLUMNS};
use crate::read::problem::Problem;

type Text = Box<dyn Read + Send>;

/// Whether a text is JSON and no table: it begins with a brace, and a key follows.
pub(super) fn begins(text: &mut Text) -> bool {
    let mut first = Vec::new();
    // What can't be read is told by whoever reads on.
    let _ = text.take(4096).read_to_end(&mut first);
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
    let mut marks = first.iter().filter(|byte| !byte.is_ascii_whitespace());
    let marks = (marks.next(), marks.next());
    matches!(
        marks,
        (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{'))
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
                "a call log has the same keys in every object".to_owned(),
            ));
        }
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
fn flat(object: &Map<String, Value>, take: &mut dyn FnMut(&str, String)) {
    fn walk(path: &mut String, value: &Value, take: &mut dyn FnMut(&str, String)) {
        let length = path.len();
        let mut inner = |path: &mut String, key: &str, value: &Value| {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
            walk(path, value, take);
            path.truncate(length);
        };
        match value {
            Value::Object(object) => {
                object
                    .iter()
                    .for_each(|(key, value)| inner(path, key, value));
            }
            Value::Array(list) if list.iter().any(|one| one.is_object() || one.is_array()) => {
                let numbered = list.iter().enumerate();
                numbered.for_each(|(at, value)| inner(path, &at.to_string(), value));
            }
            Value::Array(list) => {
                let texts: Vec<String> = list.iter().map(plain).collect();
                take(path, texts.join("; "));
            }
            value => take(path, plain(value)),
        }
    }
    let mut path = String::new();
    for (key, value) in object {
        path.push_str(key);
        walk(&mut path, value, take);
        path.clear();
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The line on which an object begins, and the object; none where a line is no JSON.
type Placed = (u64, Option<Map<String, Value>>);

/// The objects of a text, with the lines on which they begin.
struct Objects {
    text: BufReader<Text>,
    /// Read and not yet taken, from the beginning of a line or of an object on.
    bytes: Vec<u8>,
    /// The line of the first of them.
    line: u64,
    first: bool,
    ready: VecDeque<Placed>,
}

impl Objects {
    fn new(text: Text) -> Self {
        Self {
            text: BufReader::with_capacity(1 << 18, text),
            bytes: Vec::new(),
            line: 1,
            first: true,
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
            if self.line == 1 && self.bytes.trim_ascii_start().starts_with(b"[") {
                return Err(Told::Content(
                    "this is one JSON list, not a line for each call".to_owned(),
                    "write a line for each call, for instance with `jq -c '.[]'`".to_owned(),
                ));
            }
            // Of an object over many lines the end is waited for.
            let whole = self.bytes.trim_ascii_end().ends_with(b"}");
            let long = self.bytes.len() as u64 >= LONGEST_ROW;
            if ended || whole || long || !self.bytes.trim_ascii_start().starts_with(b"{") {
                self.take(ended);
            }
            if ended && self.ready.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Takes the objects that are whole; at the end of the text whatever is there.
    fn take(&mut self, ended: bool) {
        let mut at = 0;
        loop {
            let rest = &self.bytes[at..];
            let blank = rest.len() - rest.trim_ascii_start().len();
            self.line += lines(&rest[..blank]);
            at += blank;
            let rest = &self.bytes[at..];
            if rest.is_empty() {
                break;
            }
            let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Value>();
            match values.next() {
                None => break,
                Some(Ok(value)) => {
                    let object = match value {
                        Value::Object(object) => Some(object),
                        _ => None,
                    };
                    self.ready.push_back((self.line, object));
                    let end = values.byte_offset();
                    self.line += lines(&rest[..end]);
                    at += end;
                }
                Some(Err(error)) => {
                    let goes_on = error.classify() == Category::Eof;
                    if goes_on && !ended && (rest.len() as u64) < LONGEST_ROW {
                        break;
                    }
                    // The rest of the line is given up, and what follows is looked at anew.
                    self.ready.push_back((self.line, None));
                    at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
            }
        }
        self.bytes.drain(..at);
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use super::*;

    fn written(text: &'static str) -> (String, Vec<u64>) {
        let mut open = || -> Result<Text, Problem> { Ok(Box::new(text.as_bytes())) };
        let table = table(&mut open).unwrap_or_else(|told| panic!("{told:?}"));
        let mut file = table.text.try_clone().expect("file");
        file.rewind().expect("rewound");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("read");
        let lines = (2..=text.lines().count() as u64).map(|line| table.lines.of(line));
        (text.clone(), lines.collect())
    }

    #[test]
    fn objects_become_rows_and_paths_columns() {
        let (text, lines) = written(
            "{\"id\": 1044221789171087123, \"Agent\": {\"Username\": \"ada\", \"On\": true}}\n\n\
             {\"id\": \"b,2\", \"tags\": [\"x\", 7, null], \"Recordings\": [{\"Location\": \"s3://r\"}], \"none\": null}\n\
             {\"id\": 3}{\"id\": 4}\n",
        );
        assert_eq!(
            text,
            "id,Agent.Username,Agent.On,tags,Recordings.0.Location,none\n\
             1044221789171087123,ada,true,,,\n\
             \"b,2\",,,x; 7; ,s3://r,\n\
             3,,,,,\n\
             4,,,,,\n"
        );
        assert_eq!(lines, [1, 3, 4, 4]);
    }

    #[test]
    fn an_object_may_go_over_several_lines_and_what_is_none_is_a_row_that_can_t_be_read() {
        let (text, lines) =
            written("{\"id\":\n 1,\n \"a\": 2}\n{\"id\": oops}\n7\n{\"id\": 5, \"a\": 6}\n{\"id\"");
        assert_eq!(text, "id,a\n1,2\n\"\",,\n\"\",,\n5,6\n\"\",,\n");
        assert_eq!(lines, [1, 4, 5, 6, 7]);
    }

    #[test]
    fn a_line_that_breaks_off_takes_no_other_along_and_blank_lines_are_nothing() {
        let (text, lines) = written("{\"id\": 5,\n{\"id\": 6}\n{\"id\": 7} {oops\n{\"id\": 8}\n");
        assert_eq!(text, "id\n\"\",\n6\n7\n\"\",\n8\n");
        assert_eq!(lines, [1, 2, 3, 3, 4]);
        let blank: &'static str = Box::leak("\n".repeat(100_000).into_boxed_str());
        let blank: &'static str = Box::leak(format!("{blank}{{\"id\": 1}}").into_boxed_str());
        assert_eq!(written(blank).1, [100_001]);
    }

    #[test]
    fn a_text_is_json_only_if_it_begins_so() {
        let begins = |text: &'static str| begins(&mut (Box::new(text.as_bytes()) as Text));
        assert!(begins("{\"id\": 1}"));
        assert!(begins("\u{feff}\n { \"id\": 1}"));
        assert!(begins("[{\"id\": 1}]"));
        for text in ["", "call_id,csr\n", "{id},csr\n", "[id];csr\n"] {
            assert!(!begins(text), "{text}");
        }
    }

    #[test]
    fn a_list_of_objects_says_what_to_do() {
        let mut open = || -> Result<Text, Problem> { Ok(Box::new(&b"[{\"id\": 1}]"[..])) };
        let Err(Told::Content(message, hint)) = table(&mut open) else {
            panic!("refused");
        };
        assert_eq!(message, "this is one JSON list, not a line for each call");
        assert!(hint.contains("jq -c '.[]'"));
    }
}
