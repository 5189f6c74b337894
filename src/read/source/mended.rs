//! A table that breaks the rules of CSV, written down as one that keeps them. Row by row: what keeps the rules stays as it
//! is; of what doesn't, each line by itself is cut so that it has as many fields as the table has columns, if there is a
//! way. A line for which there is none goes on as a row that can't be read.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::io::{BufRead, BufReader, Read};

use super::IsHeader;
use super::table::{Table, Told, Writer};
use crate::read::dialect::LONGEST_ROW;

/// Lines that a quoted field may have before its opening quote is taken for a letter.
const MOST_LINES: usize = 1_000;

/// Lines from which the number of columns is told.
const FIRST: usize = 100;

/// A line that can be cut in more ways that break the rules is given up.
const MOST_WAYS: usize = 100_000;

/// Writes a table down with its rows mended; `is_header` tells the row of the column names, if there is one.
pub(super) fn table(
    text: impl Read,
    delimiter: char,
    is_header: Option<IsHeader<'_>>,
) -> Result<Table, Told> {
    let mut lines = Lines::new(text, delimiter);
    let columns = lines.columns(is_header)?;
    let mut writer = Writer::new()?;
    let mut mended = Vec::new();
    let mut above = is_header.is_some();
    while let Some(first) = lines.next()? {
        if first.text.is_empty() {
            continue;
        }
        let row = match lines.by_rule(&first, columns)? {
            ByRule::Row(fields, repaired) => Some((fields, repaired)),
            ByRule::OtherCount => None,
            ByRule::Broken => cut(&first.text, delimiter, columns).map(|fields| (fields, true)),
        };
        match row {
            Some((fields, repaired)) => {
                above = above && !is_header.is_some_and(|is_header| is_header(&fields));
                if first.odd || repaired {
                    mended.push(first.number);
                }
                writer.row(first.number, fields.iter().map(String::as_str))?;
            }
            // What stands above the column names is no row.
            None if above => writer.row(first.number, [first.text.as_str()])?,
            None => writer.row(first.number, std::iter::repeat_n("", columns + 1))?,
        }
    }
    writer.finish(None, mended)
}

/// A line of the text.
#[derive(Clone, Debug)]
struct Line {
    /// Counted from 1.
    number: u64,
    text: String,
    end: &'static str,
    /// It held bytes that are no text, or zeros.
    odd: bool,
}

struct Lines<R> {
    text: BufReader<R>,
    delimiter: char,
    number: u64,
    /// Read and not yet handed on.
    ready: VecDeque<Line>,
}

impl<R: Read> Lines<R> {
    fn new(text: R, delimiter: char) -> Self {
        Self {
            text: BufReader::with_capacity(1 << 18, text),
            delimiter,
            number: 1,
            ready: VecDeque::new(),
        }
    }

    fn next(&mut self) -> Result<Option<Line>, Told> {
        self.ahead(1)?;
        Ok(self.ready.pop_front())
    }

    /// Makes so many lines ready, if there are.
    fn ahead(&mut self, lines: usize) -> Result<(), Told> {
        while self.ready.len() < lines && self.read()? {}
        Ok(())
    }

    /// Reads up to the next `\n`; a `\r` alone ends a line too. `false` at the end.
    fn read(&mut self) -> Result<bool, Told> {
        let mut bytes = Vec::new();
        let mut text = (&mut self.text).take(LONGEST_ROW);
        let read = text.read_until(b'\n', &mut bytes).map_err(|error| {
            Told::Content(
                format!(
                    "this file can't be read on from line {}: {error}",
                    self.number
                ),
                "make the export again".to_owned(),
            )
        })?;
        if read == 0 {
            return Ok(false);
        }
        let (bytes, end) = match bytes.as_slice() {
            [rest @ .., b'\r', b'\n'] => (rest, "\r\n"),
            [rest @ .., b'\n'] => (rest, "\n"),
            rest => (rest, ""),
        };
        let parts: Vec<&[u8]> = bytes.split(|byte| *byte == b'\r').collect();
        let last = parts.len() - 1;
        for (at, part) in parts.into_iter().enumerate() {
            let text = String::from_utf8_lossy(part);
            let odd = part.contains(&0) || matches!(text, std::borrow::Cow::Owned(_));
            self.ready.push_back(Line {
                number: self.number,
                text: text.replace('\0', ""),
                end: if at < last { "\r" } else { end },
                odd,
            });
            self.number += 1;
        }
        Ok(true)
    }

    /// How many columns the table has: as many as the row of column names, else as most of the first rows.
    fn columns(&mut self, is_header: Option<IsHeader<'_>>) -> Result<usize, Told> {
        self.ahead(FIRST)?;
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for line in self.ready.iter().take(FIRST) {
            let mut rule = Rule::new(self.delimiter);
            let fields = match rule.feed(&line.text) {
                Fed::Row => rule.fields,
                Fed::Open | Fed::Broken => {
                    let fields = line.text.split(self.delimiter);
                    fields
                        .map(|field| field.trim_matches('"').to_owned())
                        .collect()
                }
            };
            if is_header.is_some_and(|is_header| is_header(&fields)) {
                return Ok(fields.len());
            }
            *counts.entry(fields.len()).or_default() += 1;
        }
        let usual = counts.into_iter().max_by_key(|(_, lines)| *lines);
        Ok(usual.map_or(1, |(fields, _)| fields))
    }

    /// The row that begins with a line, if it keeps the rules; then its further lines are taken.
    fn by_rule(&mut self, first: &Line, columns: usize) -> Result<ByRule, Told> {
        let mut rule = Rule::new(self.delimiter);
        let (mut fed, mut end) = (rule.feed(&first.text), first.end);
        let mut taken = 0;
        while fed == Fed::Open && taken < MOST_LINES {
            self.ahead(taken + 1)?;
            let Some(line) = self.ready.get(taken) else {
                break;
            };
            rule.go_on(end);
            fed = rule.feed(&line.text);
            end = line.end;
            taken += 1;
        }
        let mut fields = rule.fields;
        let further = fields.split_off(columns.min(fields.len()));
        let counts = fields.len() == columns && further.iter().all(|one| one.trim().is_empty());
        Ok(match fed {
            Fed::Row if counts => {
                self.ready.drain(..taken);
                ByRule::Row(fields, !further.is_empty())
            }
            Fed::Row if taken == 0 => ByRule::OtherCount,
            _ => ByRule::Broken,
        })
    }
}

/// What a line is by the rules.
enum ByRule {
    /// A row, and whether empty fields at its end were too many.
    Row(Vec<String>, bool),
    /// A row that has more or fewer fields than the table has columns.
    OtherCount,
    Broken,
}

/// Cuts lines by the rules.
struct Rule {
    delimiter: char,
    state: State,
    fields: Vec<String>,
    field: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    Closed,
}

/// What a line came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fed {
    Row,
    /// A quote is open.
    Open,
    Broken,
}

impl Rule {
    fn new(delimiter: char) -> Self {
        Self {
            delimiter,
            state: State::Start,
            fields: Vec::new(),
            field: String::new(),
        }
    }

    /// A quoted field goes on behind a line's end.
    fn go_on(&mut self, end: &str) {
        self.field.push_str(end);
    }

    fn feed(&mut self, line: &str) -> Fed {
        for letter in line.chars() {
            let ends = letter == self.delimiter && self.state != State::Quoted;
            if ends {
                self.fields.push(std::mem::take(&mut self.field));
                self.state = State::Start;
                continue;
            }
            match (self.state, letter) {
                (State::Start, '"') => self.state = State::Quoted,
                (State::Quoted, '"') => self.state = State::Closed,
                (State::Closed, '"') => {
                    self.field.push('"');
                    self.state = State::Quoted;
                }
                (State::Plain, '"') | (State::Closed, _) => return Fed::Broken,
                (State::Quoted, _) => self.field.push(letter),
                (State::Start | State::Plain, _) => {
                    self.field.push(letter);
                    self.state = State::Plain;
                }
            }
        }
        if self.state == State::Quoted {
            return Fed::Open;
        }
        self.fields.push(std::mem::take(&mut self.field));
        Fed::Row
    }
}

/// Cuts a line that breaks the rules into so many fields. A quote opens a field only at its beginning and closes it only
/// before a delimiter or at the end; where that doesn't give the number, it is a letter like others. The first way that
/// gives it is taken: of two closing quotes the nearer one.
fn cut(line: &str, delimiter: char, columns: usize) -> Option<Vec<String>> {
    // There is at most one field more than delimiters.
    if line.matches(delimiter).count() + 1 < columns {
        return None;
    }
    let mut cutter = Cutter {
        line,
        delimiter,
        fields: Vec::new(),
        failed: HashSet::new(),
        ways: 0,
    };
    cutter.cut(0, columns).then_some(cutter.fields)
}

struct Cutter<'a> {
    line: &'a str,
    delimiter: char,
    fields: Vec<String>,
    /// Places from which so many fields can't be cut.
    failed: HashSet<(usize, usize)>,
    /// How many have been tried.
    ways: usize,
}

impl Cutter<'_> {
    /// Cuts the line from a place on into so many fields.
    fn cut(&mut self, from: usize, fields: usize) -> bool {
        if fields == 0 || self.failed.contains(&(from, fields)) {
            return false;
        }
        let rest = &self.line[from..];
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        if let Some(inner) = rest[blanks..].strip_prefix('"') {
            let begin = from + blanks + 1;
            for (at, _) in inner.match_indices('"') {
                self.ways += 1;
                if self.ways > MOST_WAYS {
                    return false;
                }
                let behind = inner[at + 1..].trim_start_matches(' ');
                let field = || inner[..at].replace("\"\"", "\"").replace("\\\"", "\"");
                if self.ends(behind, fields) {
                    self.fields.push(field());
                    return true;
                }
                if behind.starts_with(self.delimiter) {
                    let next = begin + inner.len() - behind.len() + self.delimiter.len_utf8();
                    self.fields.push(field());
                    if self.cut(next, fields - 1) {
                        return true;
                    }
                    self.fields.pop();
                }
            }
        }
        let end = rest.find(self.delimiter).unwrap_or(rest.len());
        let (field, behind) = rest.split_at(end);
        self.fields.push(field.to_owned());
        let cut = self.ends(behind, fields)
            || !behind.is_empty() && self.cut(from + end + self.delimiter.len_utf8(), fields - 1);
        if !cut {
            self.fields.pop();
            self.failed.insert((from, fields));
        }
        cut
    }

    /// Whether the last field has ended: further ones that are empty don't count.
    fn ends(&self, behind: &str, fields: usize) -> bool {
        fields == 1 && behind.trim_end_matches(self.delimiter).trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use super::*;

    /// The text, the rows of its lines, and the lines that were mended.
    fn mended(text: &str, header: bool) -> (String, Vec<u64>) {
        let is_header = |names: &[String]| names.iter().any(|name| name == "id");
        let is_header: Option<IsHeader<'_>> = match header {
            true => Some(&is_header),
            false => None,
        };
        let table =
            table(text.as_bytes(), ',', is_header).unwrap_or_else(|told| panic!("{told:?}"));
        let mut file = table.text.try_clone().expect("file");
        file.rewind().expect("rewound");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("read");
        (text, table.mended)
    }

    #[test]
    fn what_keeps_the_rules_stays_as_it_is() {
        let text = "id,name\n1,\"a,b\"\n2,\"c\n\"\"d\"\"\"\n3,\n";
        assert_eq!(mended(text, true), (text.to_owned(), vec![]));
    }

    #[test]
    fn quotes_that_break_the_rules_are_letters_where_that_gives_the_columns() {
        for (line, fields) in [
            ("\"John\" <1000>,1000,x", ["\"John\" <1000>", "1000", "x"]),
            ("\"\"Name\" <1115>\",2,x", ["\"Name\" <1115>", "2", "x"]),
            (
                "\"\"Smith, John\" <1000>\",2,x",
                ["\"Smith, John\" <1000>", "2", "x"],
            ),
            (
                "\"John\" <1000>,1,\"SIP/100,20,tr\"",
                ["\"John\" <1000>", "1", "SIP/100,20,tr"],
            ),
            ("\"say \"hi\" now\",1,x", ["say \"hi\" now", "1", "x"]),
            ("\"a \\\" b\",1,x", ["a \" b", "1", "x"]),
            ("1, \"a,b\" ,x", ["1", "a,b", "x"]),
            ("5\" pipe,1,x", ["5\" pipe", "1", "x"]),
            ("1,2,x,,", ["1", "2", "x"]),
            ("1,2,\"x\",,", ["1", "2", "x"]),
            ("\"open,1,x", ["\"open", "1", "x"]),
        ] {
            assert_eq!(
                cut(line, ',', 3),
                Some(fields.map(str::to_owned).to_vec()),
                "{line}"
            );
        }
        for line in ["1,2", "1,2,3,4", "\"a\" b\"", ""] {
            assert_eq!(cut(line, ',', 3), None, "{line}");
        }
    }

    #[test]
    fn rows_are_mended_one_by_one_and_what_can_t_be_is_a_row_that_can_t_be_read() {
        let (text, lines) = mended(
            "id,who,x\n1,\"J\" <1>,y\n2,a,b\ntotal\n3,\"open,q\n4,c,d,\n5,\0n,m\n",
            true,
        );
        assert_eq!(
            text,
            "id,who,x\n1,\"\"\"J\"\" <1>\",y\n2,a,b\n\"\",,,\n3,\"\"\"open\",q\n4,c,d\n5,n,m\n"
        );
        assert_eq!(lines, [2, 5, 6, 7]);
        // It keeps the rules, but for the number of its fields.
        assert_eq!(
            mended("id,x\n\"a\",\"b\",\"c\"\n", true).0,
            "id,x\n\"\",,\n"
        );
    }

    #[test]
    fn without_column_names_most_rows_tell_their_number_and_titles_stay() {
        assert_eq!(
            mended("1,a\n2,b\"c\n3\n", false).0,
            "1,a\n2,\"b\"\"c\"\n\"\",,\n"
        );
        assert_eq!(
            mended("Report\n\nid,a\r1,b\r", true).0,
            "Report\nid,a\n1,b\n"
        );
    }

    #[test]
    fn a_nasty_line_is_given_up_soon() {
        let line = "\"a\",".repeat(2_000) + "\"";
        assert_eq!(cut(&line, ',', 2_002), None);
        let line = format!("{}x\" y", "\"a\",".repeat(2_000));
        assert_eq!(cut(&line, ',', 500), None);
        assert!(cut(&line, ',', 2_001).is_some());
    }
}
