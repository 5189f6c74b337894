//! How a file's text is written: the encoding, and what stands between fields. Told from its beginning where no profile
//! states it.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::faults::letters;
use crate::calls::{Columns, Profile};
use crate::read::decode::{Decoded, fill};
use crate::read::dialect::LONGEST_ROW;
use crate::read::problem::Problem;
use crate::read::scan::records;
use crate::read::source::Source;

/// How a file's text is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::read) struct Layout {
    pub(in crate::read) delimiter: u8,
    /// A WHATWG label.
    pub(in crate::read) encoding: String,
    /// It was told from the file's beginning; the encoding may yet turn out to be another.
    pub(in crate::read) guessed: bool,
}

/// Bytes from which it is told.
const SAMPLE: usize = 256 << 10;

/// What may stand between fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Records that are looked at.
const RECORDS: usize = 50;

impl Layout {
    /// What the profile states, and for the rest what the file's beginning looks like.
    pub(in crate::read) fn of(source: &Source, profile: &Profile) -> Result<Self, Problem> {
        if source.is_table() {
            return Ok(Self {
                delimiter: b',',
                encoding: "utf-8".to_owned(),
                guessed: false,
            });
        }
        let sample = || -> io::Result<Vec<u8>> {
            let mut sample = vec![0; SAMPLE];
            let read = fill(&mut source.unpacked(&Arc::default())?, &mut sample)?;
            sample.truncate(read);
            Ok(sample)
        };
        let (guessed, sample) = match (profile.delimiter, &profile.encoding) {
            (Some(_), Some(_)) => (false, Vec::new()),
            (_, stated) => {
                let sample = sample().map_err(|error| source.trouble(&error))?;
                (stated.is_none(), sample)
            }
        };
        let encoding = match &profile.encoding {
            Some(stated) => stated.clone(),
            None => encoding(&sample).name().to_ascii_lowercase(),
        };
        let delimiter = profile.delimiter.unwrap_or_else(|| {
            let mut text = Vec::new();
            // What is in memory can be read.
            let _ = Decoded::new(&sample[..], &encoding).read_to_end(&mut text);
            delimiter(&text, profile)
        });
        Ok(Self {
            delimiter,
            encoding,
            guessed,
        })
    }

    /// The same, once bytes that aren't text in it have shown in which encoding they are; `None` if that is known. With the
    /// bytes comes how many letters that are not ASCII stand before them.
    pub(in crate::read) fn sure(&self, bytes: impl FnOnce() -> (usize, Vec<u8>)) -> Option<Self> {
        let sure = |encoding: String| Self {
            encoding,
            guessed: false,
            ..self.clone()
        };
        // What looked like another encoding than UTF-8 had its letters already.
        self.guessed.then(|| match self.encoding.as_str() {
            "utf-8" => {
                let (letters, bytes) = bytes();
                sure(encoding_behind(letters, &bytes).name().to_ascii_lowercase())
            }
            other => sure(other.to_owned()),
        })
    }

    /// The same, with the encoding settled by the first line that isn't UTF-8, wherever it is.
    pub(super) fn settled(self, source: &Source) -> Result<Self, Problem> {
        if !self.guessed || self.encoding != "utf-8" {
            return Ok(self);
        }
        let failed = |error: io::Error| source.trouble(&error);
        let unpacked = source.unpacked(&Arc::default()).map_err(failed)?;
        let mut text = BufReader::with_capacity(SAMPLE, unpacked);
        let mut line = Vec::new();
        let mut before = 0;
        loop {
            line.clear();
            let mut part = (&mut text).take(LONGEST_ROW);
            if part.read_until(b'\n', &mut line).map_err(failed)? == 0 {
                return Ok(self);
            }
            if std::str::from_utf8(&line).is_err() {
                let mut more = (&mut text).take(1 << 16);
                more.read_to_end(&mut line).map_err(failed)?;
                return Ok(self.sure(|| (before, line)).unwrap_or(self));
            }
            before += letters(&line);
        }
    }

    /// The text of a file from its beginning; `seen` tells how many of the file's bytes have been read.
    pub(in crate::read) fn text(
        &self,
        source: &Source,
        seen: &Arc<AtomicU64>,
    ) -> Result<Decoded<Box<dyn Read + Send>>, Problem> {
        let unpacked = source.unpacked(seen);
        let unpacked = unpacked.map_err(|error| source.trouble(&error))?;
        Ok(Decoded::new(unpacked, &self.encoding))
    }

    /// What differs from a plain log, for people.
    pub(super) fn looks(&self) -> Option<String> {
        let fields = match self.delimiter {
            b',' => None,
            b'\t' => Some("fields are separated by tabs".to_owned()),
            other => Some(format!("fields are separated by `{}`", char::from(other))),
        };
        let text = (self.encoding != "utf-8").then(|| format!("the text is {}", self.encoding));
        let looks: Vec<String> = fields.into_iter().chain(text).collect();
        (!looks.is_empty()).then(|| looks.join(", "))
    }
}

/// What a text is written in. UTF-8 with a few bytes that are none is UTF-8 still: then somebody must look at them.
fn encoding(bytes: &[u8]) -> &'static Encoding {
    encoding_behind(0, bytes)
}

/// The same of bytes behind a text in UTF-8 that has so many letters that are not ASCII.
fn encoding_behind(letters: usize, bytes: &[u8]) -> &'static Encoding {
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return marked;
    }
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    let (mut good, mut bad) = (letters, 0);
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        let valid = chunk.valid().chars().filter(|one| !one.is_ascii());
        good += valid.count();
        // The sample may end within a letter.
        bad += usize::from(!chunk.invalid().is_empty() && chunks.peek().is_some());
    }
    if bad == 0 || good >= bad {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, false);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a mark: of a table of mostly Latin letters every second byte is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| {
        let half = bytes.iter().skip(from).step_by(2);
        half.filter(|byte| **byte == 0).count()
    };
    let (even, odd, half) = (zeros(0), zeros(1), bytes.len() / 2);
    if half < 4 {
        None
    } else if odd * 10 > half * 7 && even * 10 < half {
        Some(UTF_16LE)
    } else if even * 10 > half * 7 && odd * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// What stands between fields: what gives the columns a log must have; else what cuts most records into equally many
/// fields, the more the better.
fn delimiter(text: &[u8], profile: &Profile) -> u8 {
    // The last record may go on behind the sample.
    let end = match text.len() < SAMPLE {
        true => text.len(),
        false => memchr::memrchr2(b'\n', b'\r', text).map_or(text.len(), |at| at + 1),
    };
    let text = &text[..end];
    let looks = |delimiter: &u8| {
        let mut found = false;
        let mut counts: Vec<usize> = Vec::new();
        let all = records(text, *delimiter).into_records().take(RECORDS);
        for record in all.map_while(Result::ok) {
            counts.push(record.len());
            let names = || match profile.header {
                true => record.iter().map(|name| name.trim().to_owned()).collect(),
                false => (1..=record.len()).map(|at| at.to_string()).collect(),
            };
            found = found || Columns::find(names(), profile).is_ok();
        }
        let alike = |count: usize| counts.iter().filter(|other| **other == count).count();
        let usual = counts
            .iter()
            .copied()
            .max_by_key(|count| (alike(*count), *count));
        let usual = usual.filter(|count| *count > 1 && 2 * alike(*count) > counts.len());
        (found, usual)
    };
    // Of equals the first.
    let best = DELIMITERS
        .iter()
        .rev()
        .max_by_key(|delimiter| looks(delimiter));
    best.copied().unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> &'static str {
        encoding(bytes).name()
    }

    #[test]
    fn an_encoding_is_told_by_its_mark_or_its_looks() {
        let text = "call_id,csr,caller_type\n1,Jürgen Müßig,internal\n2,Zoë Šimić,external\n";
        assert_eq!(told(text.as_bytes()), "UTF-8");
        assert_eq!(told(b"call_id,csr,caller_type\n"), "UTF-8");
        assert_eq!(told(b""), "UTF-8");
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(told(&little), "UTF-16LE");
        assert_eq!(told(&big), "UTF-16BE");
        assert_eq!(told(&[&b"\xff\xfe"[..], &little].concat()), "UTF-16LE");
        let western = b"call_id,csr\n1,J\xfcrgen M\xfc\xdfig\n2,Ren\xe9e B\xf6hm\n";
        assert_eq!(told(western), "windows-1252");
        let cyrillic = encoding_rs::WINDOWS_1251.encode("Иванов,внутренний\nПетрова,внешний\n");
        assert_eq!(told(&cyrillic.0), "windows-1251");
    }

    #[test]
    fn a_text_that_ends_within_a_letter_or_has_a_few_odd_bytes_is_utf_8() {
        assert_eq!(told("Zoë".as_bytes().split_last().expect("one").1), "UTF-8");
        assert_eq!(told("Zoë, Jürgen, Ren\u{e9}e \x7f".as_bytes()), "UTF-8");
        assert_eq!(told(b"Zo\xc3\xab,J\xc3\xbcrgen,M\xfcller"), "UTF-8");
    }

    #[test]
    fn a_delimiter_is_the_one_that_gives_the_columns() {
        let profile = Profile::default();
        for (text, expected) in [
            ("call_id,csr,caller_type\n1,a;b;c;d;e,internal\n", b','),
            (
                "call_id;csr;caller_type\n1;Last, First;internal\n2;A, B;internal\n",
                b';',
            ),
            ("call_id\tcsr\tcaller_type\n", b'\t'),
            ("sep=|\ncall_id|csr|caller_type\n1|a,b,c|internal\n", b'|'),
            ("Nr;Name;Art\n1;Last, First;x\n2;A, B;y\n", b';'),
            ("no table\n", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(text.as_bytes(), &profile), expected, "{text}");
        }
    }
}
