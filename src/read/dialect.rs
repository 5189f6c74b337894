//! Watches the bytes of a CSV text before they are parsed. The `csv` crate reads anything; of a log we want to be sure
//! that it says what its writer meant. So a quote inside a field, a quote that is never closed, a row without end and
//! content that is no text stop the reading, with the line to look at. Also says where every record begins, which the
//! parser does not do reliably for `\r\n`.

use memchr::{memchr, memchr_iter, memchr2_iter, memchr3};

use super::problem::in_a_profile;

/// A longer row is a quote that was never closed, or no log at all.
pub(super) const LONGEST_ROW: u64 = 16 << 20;
/// More columns than any spreadsheet exports.
pub(super) const MOST_COLUMNS: usize = 4096;

/// Where a record begins: always at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// 1-based.
    pub(super) line: u64,
    pub(super) offset: u64,
}

/// A byte of the text and the line it stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// 1-based.
    pub(super) line: u64,
    pub(super) line_start: u64,
    pub(super) offset: u64,
}

/// What stopped the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// A quote in a field that doesn't begin with one.
    StrayQuote,
    /// A closing quote followed by neither a delimiter nor a line end; on another line than the opening one, this.
    AfterQuote(Option<u64>),
    /// A quote is open at the end.
    OpenQuote,
    /// Over [`LONGEST_ROW`]; `true` inside quotes.
    LongRow(bool),
    /// Over [`MOST_COLUMNS`].
    ManyColumns,
    /// A NUL byte, and the encoding it may come from.
    Nul(Option<&'static str>),
}

/// What stopped the reading, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) what: Refused,
    pub(super) spot: Spot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    RecordStart,
    FieldStart,
    Unquoted,
    Quoted,
    /// After a quote in a quoted field: it closes the field, or is the first of two.
    Closing,
}

/// The state between two chunks of one text.
#[derive(Debug)]
pub(super) struct Dialect {
    delimiter: u8,
    state: State,
    /// Of the next byte.
    offset: u64,
    line: u64,
    line_start: u64,
    /// Offset after the last `\r`: a `\n` here belongs to it.
    after_cr: u64,
    record: Spot,
    columns: usize,
    quote: Spot,
}

impl Dialect {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            state: State::RecordStart,
            offset: 0,
            line: 1,
            line_start: 0,
            after_cr: u64::MAX,
            record: Spot::default(),
            columns: 0,
            quote: Spot::default(),
        }
    }

    /// Looks at the next bytes and notes the records that begin in them.
    pub(super) fn watch(&mut self, chunk: &[u8], starts: &mut Vec<Start>) -> Result<(), Stop> {
        let Some(nul) = memchr(0, chunk) else {
            return self.walk(chunk, starts);
        };
        let guess = utf_16(chunk, nul);
        // The NUL tells more than whatever else is odd before it.
        let _ = self.walk(&chunk[..nul], starts);
        Err(self.stop(Refused::Nul(guess), self.spot(self.offset)))
    }

    /// How many bytes have passed.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// How many lines have passed, the last one whether it has an end or not.
    pub(super) fn lines(&self) -> u64 {
        self.line - u64::from(self.line_start == self.offset)
    }

    /// The text ends here.
    pub(super) fn finish(&self) -> Result<(), Stop> {
        if self.state == State::Quoted {
            return Err(self.stop(Refused::OpenQuote, self.quote));
        }
        Ok(())
    }

    fn walk(&mut self, chunk: &[u8], starts: &mut Vec<Start>) -> Result<(), Stop> {
        let base = self.offset;
        let mut at = 0;
        while let Some(&byte) = chunk.get(at) {
            self.offset = base + at as u64;
            match self.state {
                State::RecordStart if matches!(byte, b'\n' | b'\r') => {
                    self.line_end(self.offset, byte);
                    at += 1;
                }
                State::RecordStart => {
                    self.record = self.spot(self.offset);
                    self.columns = 1;
                    self.state = State::FieldStart;
                    starts.push(Start {
                        line: self.line,
                        offset: self.offset,
                    });
                }
                State::FieldStart if byte == b'"' => {
                    self.quote = self.spot(self.offset);
                    self.state = State::Quoted;
                    at += 1;
                }
                State::FieldStart | State::Unquoted => {
                    let rest = &chunk[at..];
                    let end = memchr3(b'"', b'\n', b'\r', rest);
                    at += self.unquoted(&rest[..end.unwrap_or(rest.len())]);
                    match end.map(|end| rest[end]) {
                        Some(b'"') if self.state == State::Unquoted => {
                            let spot = self.spot(base + at as u64);
                            return Err(self.stop(Refused::StrayQuote, spot));
                        }
                        Some(b'"') | None => {}
                        Some(_) => self.end_record(base + at as u64)?,
                    }
                    self.check_columns()?;
                }
                State::Quoted => {
                    let rest = &chunk[at..];
                    let end = memchr(b'"', rest);
                    let inside = &rest[..end.unwrap_or(rest.len())];
                    for line_end in memchr2_iter(b'\n', b'\r', inside) {
                        self.line_end(base + (at + line_end) as u64, inside[line_end]);
                    }
                    at += inside.len();
                    if end.is_some() {
                        self.state = State::Closing;
                        at += 1;
                    }
                }
                State::Closing => match byte {
                    b'"' => {
                        self.state = State::Quoted;
                        at += 1;
                    }
                    b'\n' | b'\r' => self.end_record(self.offset)?,
                    _ if byte == self.delimiter => {
                        self.state = State::FieldStart;
                        self.columns += 1;
                        self.check_columns()?;
                        at += 1;
                    }
                    _ => {
                        let here = self.spot(self.offset);
                        let far = (here.line != self.quote.line).then_some(here.line);
                        let spot = if far.is_some() { self.quote } else { here };
                        return Err(self.stop(Refused::AfterQuote(far), spot));
                    }
                },
            }
        }
        self.offset = base + chunk.len() as u64;
        self.check_length(self.offset)
    }

    /// A stretch without quotes and line ends; returns its length.
    fn unquoted(&mut self, stretch: &[u8]) -> usize {
        if let Some(last) = stretch.last() {
            self.columns += memchr_iter(self.delimiter, stretch).count();
            self.state = if *last == self.delimiter {
                State::FieldStart
            } else {
                State::Unquoted
            };
        }
        stretch.len()
    }

    fn end_record(&mut self, at: u64) -> Result<(), Stop> {
        self.check_length(at)?;
        self.state = State::RecordStart;
        Ok(())
    }

    fn check_length(&self, at: u64) -> Result<(), Stop> {
        let quoted = self.state == State::Quoted;
        if self.state == State::RecordStart || at - self.record.offset <= LONGEST_ROW {
            return Ok(());
        }
        let spot = if quoted { self.quote } else { self.record };
        Err(self.stop(Refused::LongRow(quoted), spot))
    }

    fn check_columns(&self) -> Result<(), Stop> {
        if self.columns > MOST_COLUMNS {
            return Err(self.stop(Refused::ManyColumns, self.record));
        }
        Ok(())
    }

    fn line_end(&mut self, at: u64, byte: u8) {
        if byte == b'\n' && self.after_cr == at {
            self.line_start = at + 1;
            return;
        }
        self.line += 1;
        self.line_start = at + 1;
        if byte == b'\r' {
            self.after_cr = at + 1;
        }
    }

    fn spot(&self, offset: u64) -> Spot {
        Spot {
            line: self.line,
            line_start: self.line_start,
            offset,
        }
    }

    fn stop(&self, what: Refused, spot: Spot) -> Stop {
        Stop { what, spot }
    }
}

/// Latin text in UTF-16 has a NUL in every other byte.
fn utf_16(chunk: &[u8], nul: usize) -> Option<&'static str> {
    let from = &chunk[nul..chunk.len().min(nul + 64)];
    if from.len() < 4 || memchr_iter(0, from).count() * 4 < from.len() {
        return None;
    }
    Some(if nul % 2 == 1 { "utf-16le" } else { "utf-16be" })
}

impl Stop {
    /// The message, and what to do. Only logs have profiles.
    pub(super) fn words(&self, delimiter: u8, profiles: bool) -> (String, Option<String>) {
        let char = char::from(delimiter);
        match self.what {
            Refused::StrayQuote => (
                "there is a quote inside a field that does not begin with one".to_owned(),
                Some(format!(
                    "put the whole field in quotes and write the quote twice: {char}\"so \"\"called\"\"\"{char}"
                )),
            ),
            Refused::AfterQuote(far) => (
                match far {
                    None => "there is text after a closing quote".to_owned(),
                    Some(line) => format!(
                        "the quoted field that begins here has text after its closing quote on line {line}"
                    ),
                },
                Some("inside a quoted field a quote is written twice: \"\"".to_owned()),
            ),
            Refused::OpenQuote => (
                "the quote that opens here is never closed".to_owned(),
                Some("close it at the end of the field, or take it out".to_owned()),
            ),
            Refused::LongRow(quoted) => (
                format!(
                    "the {} that begins here is longer than {} MiB",
                    if quoted { "quoted field" } else { "row" },
                    LONGEST_ROW >> 20
                ),
                quoted.then(|| "perhaps this quote is never closed".to_owned()),
            ),
            Refused::ManyColumns => (
                format!("this row has more than {MOST_COLUMNS} columns"),
                profiles.then(|| {
                    format!("if `{char}` is not the delimiter, name the right one in a profile")
                }),
            ),
            Refused::Nul(guess) => (
                "this is not a text file: it has NUL bytes".to_owned(),
                Some(match guess {
                    Some(encoding) if profiles => format!(
                        "it looks like UTF-16; {}",
                        in_a_profile("file", "encoding", encoding)
                    ),
                    Some(_) => "it looks like UTF-16; save it with the encoding UTF-8".to_owned(),
                    None => {
                        "export it as text (CSV); a workbook can be read as it is, other files can't".to_owned()
                    }
                }),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
