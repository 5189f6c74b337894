//! One file of a call log: text, packed or not, a workbook, JSON or standard input; opened once and read as often as needed.

mod json_lines;
mod mended;
mod packing;
mod table;
mod window;
mod workbook;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::file::{self, name_of, trouble};
use super::problem::{Problem, ProblemKind};
use super::scan::RoundedIds;
use packing::{Packed, Packing};
use table::Table;
pub(super) use window::{Shut, Window};

/// Whether a row has the column names.
pub(super) type IsHeader<'a> = &'a dyn Fn(&[String]) -> bool;

/// A file of a log.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// As the user named it.
    name: String,
    file: Arc<File>,
    /// The size of the file as it is.
    bytes: u64,
    content: Content,
}

/// Where the text of a file comes from.
#[derive(Clone, Debug)]
enum Content {
    Packed(Packing),
    /// A workbook or JSON, written down as a table of text.
    Table(Table),
}

impl Source {
    /// Opens a file; `-` is standard input, of which a copy is kept until the program ends. Of a workbook the sheet named
    /// is taken, else the first in which a row `is_header`, else the first.
    pub(super) fn open(
        path: &Path,
        sheet: Option<&str>,
        is_header: IsHeader<'_>,
    ) -> Result<Self, Problem> {
        let (name, file, bytes) = if path == Path::new("-") {
            let name = "standard input".to_owned();
            let (file, bytes) = spooled(&name)?;
            (name, file, bytes)
        } else {
            let (file, bytes) = file::open(path)?;
            (name_of(path), file, bytes)
        };
        let file = Arc::new(file);
        let whole = || Stretch::new(&file, bytes, &Arc::default());
        let refused = |refused| match refused {
            packing::Refused::Content(message, hint) => Problem::bad(&name, message).hint(hint),
            packing::Refused::Io(error) => trouble(path, &error),
        };
        let content = match Packing::of(&mut whole()).map_err(refused)? {
            Packed::Workbook => {
                let table = workbook::table(whole(), sheet, is_header);
                Content::Table(table.map_err(|told| told.problem(&name))?)
            }
            Packed::Text(packing) => Content::Packed(packing),
        };
        let mut source = Self {
            name,
            file,
            bytes,
            content,
        };
        let seen = Arc::default();
        let mut text = || {
            source
                .unpacked(&seen)
                .map_err(|error| source.trouble(&error))
        };
        if json_lines::begins(&mut text()?) {
            let table = json_lines::table(&mut text);
            source.content = Content::Table(table.map_err(|told| told.problem(&source.name))?);
        }
        Ok(source)
    }

    /// As the user named it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The size of the text, as far as it is known without unpacking it.
    pub(super) fn bytes(&self) -> u64 {
        match &self.content {
            Content::Packed(_) => self.bytes,
            Content::Table(table) => table.bytes,
        }
    }

    /// The file that has the text as it is, if one does, and its size.
    pub(super) fn plain(&self) -> Option<(&File, u64)> {
        match &self.content {
            Content::Packed(Packing::Plain) => Some((&self.file, self.bytes)),
            Content::Packed(_) => None,
            Content::Table(table) => Some((&table.text, table.bytes)),
        }
    }

    /// Whether it has been written down as a table of text: then it is UTF-8 with commas.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.content, Content::Table(_))
    }

    /// The line or row of the file that a line of the text is.
    pub(super) fn line(&self, line: u64) -> u64 {
        match &self.content {
            Content::Packed(_) => line,
            Content::Table(table) => table.lines.of(line),
        }
    }

    /// What else is worth knowing, for people.
    pub(super) fn told(&self) -> Option<&str> {
        match &self.content {
            Content::Packed(_) => None,
            Content::Table(table) => table.told.as_deref(),
        }
    }

    /// The same with rows that break the rules of CSV mended. `text` is its text; `is_header` tells the row of the column
    /// names, if there is one.
    pub(super) fn mended(
        &self,
        text: impl Read,
        delimiter: u8,
        is_header: Option<IsHeader<'_>>,
    ) -> Result<Self, Problem> {
        let table = mended::table(text, char::from(delimiter), is_header);
        let table = table.map_err(|told| told.problem(&self.name))?;
        Ok(Self {
            content: Content::Table(table),
            ..self.clone()
        })
    }

    /// The same with what else is worth knowing of it.
    pub(super) fn with_told(mut self, told: Option<String>) -> Self {
        if let Content::Table(table) = &mut self.content {
            table.told = told;
        }
        self
    }

    /// Numbers in a column of a workbook, counted from 0, that have more digits than a spreadsheet keeps.
    pub(super) fn long_numbers(&self, column: usize) -> Option<&RoundedIds> {
        match &self.content {
            Content::Packed(_) => None,
            Content::Table(table) => table.long_numbers.get(&column),
        }
    }

    /// The sheet that was chosen among several.
    pub(super) fn chosen_sheet(&self) -> Option<&str> {
        match &self.content {
            Content::Packed(_) => None,
            Content::Table(table) => table.sheet.as_deref(),
        }
    }

    /// Lines that broke the rules and were mended.
    pub(super) fn mended_lines(&self) -> &[u64] {
        match &self.content {
            Content::Packed(_) => &[],
            Content::Table(table) => &table.mended,
        }
    }

    /// The file's own bytes from the beginning.
    pub(super) fn raw(&self) -> impl Read + Seek + Send + use<> {
        Stretch::new(&self.file, self.bytes, &Arc::default())
    }

    /// The text's bytes from the beginning; `seen` tells how many have been read of what [`Self::bytes`] counts.
    pub(super) fn unpacked(&self, seen: &Arc<AtomicU64>) -> io::Result<Box<dyn Read + Send>> {
        match &self.content {
            Content::Packed(packing) => {
                packing.unpack(Stretch::new(&self.file, self.bytes, seen), seen)
            }
            Content::Table(table) => Ok(Box::new(Stretch::new(&table.text, table.bytes, seen))),
        }
    }

    fn is_plain(&self) -> bool {
        matches!(self.content, Content::Packed(Packing::Plain))
    }

    /// What stopped the reading, for people.
    pub(super) fn trouble(&self, error: &io::Error) -> Problem {
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof if self.is_plain() => {
                "this file has become shorter while it was read".to_owned()
            }
            io::ErrorKind::UnexpectedEof => {
                "this file ends before what is packed in it is whole".to_owned()
            }
            io::ErrorKind::FileTooLarge => error.to_string(),
            _ if self.is_plain() => format!("this file can't be read: {error}"),
            _ => format!("what is packed in this file can't be read: {error}"),
        };
        let hint = match self.is_plain() {
            true => "wait until nothing writes to it any more, then try again",
            false => "unpack it yourself, or make the export again",
        };
        Problem::new(ProblemKind::Io, &self.name, message).hint(hint)
    }

    /// # Errors
    /// The file has grown or shrunk since it was opened.
    pub(super) fn unchanged(&self) -> Result<(), Problem> {
        let now = self
            .file
            .metadata()
            .map_err(|error| self.trouble(&error))?
            .len();
        if now == self.bytes {
            return Ok(());
        }
        let way = if now < self.bytes {
            "shorter"
        } else {
            "longer"
        };
        Err(Problem::bad(
            &self.name,
            format!("this file has become {way} while it was read"),
        )
        .hint("something still writes to it: wait until the export is finished, then try again"))
    }
}

/// Standard input in a file without a name.
fn spooled(name: &str) -> Result<(File, u64), Problem> {
    let failed = |error: io::Error| {
        Problem::new(ProblemKind::Io, name, format!("it can't be kept for reading: {error}"))
            .hint("a copy is made in the folder for temporary files (TMPDIR): it needs room for the whole log")
    };
    let mut file = tempfile::tempfile().map_err(failed)?;
    let bytes = io::copy(&mut io::stdin().lock(), &mut file).map_err(failed)?;
    Ok((file, bytes))
}

/// The bytes of a file that it had when it was opened. Several can be read at once.
#[derive(Clone, Debug)]
struct Stretch {
    file: Arc<File>,
    at: u64,
    bytes: u64,
    seen: Arc<AtomicU64>,
}

impl Stretch {
    fn new(file: &Arc<File>, bytes: u64, seen: &Arc<AtomicU64>) -> Self {
        Self {
            file: Arc::clone(file),
            at: 0,
            bytes,
            seen: Arc::clone(seen),
        }
    }
}

impl Read for Stretch {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.bytes.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = out.len().min(left);
        if most == 0 {
            return Ok(0);
        }
        let read = self.file.read_at(&mut out[..most], self.at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        self.seen.fetch_max(self.at, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Stretch {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.bytes.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = to.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests;
