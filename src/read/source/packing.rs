//! How a file is packed, told from its first bytes: names of exports are often wrong.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Crc;
use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::calls::escape;
use crate::read::decode::fill;

/// How a file is packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstandard,
    /// A zip archive, and the place of the log in it.
    Zip(usize),
}

/// What a file's first bytes say of it.
pub(super) enum Packed {
    Text(Packing),
    /// .xlsx, .ods and their like.
    Workbook,
}

/// Why a file can't be a log.
#[derive(Debug)]
pub(super) enum Refused {
    /// What it is, and what to do.
    Content(String, String),
    Io(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// First bytes of what people take for a call log, and what it is.
const NOT_LOGS: [(&[u8], &str); 17] = [
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM\0", "a picture"),
    (b"%PDF", "a PDF document"),
    (b"RIFF", "a recording"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"fLaC", "a recording"),
    (b"SQLite format 3\0", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"PAR1", "a Parquet table"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
];

/// Old workbooks and locked ones begin alike.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";

const EXPORT: &str = "a call log is a table of text: export it as CSV";

impl Packing {
    /// How a file is packed.
    pub(super) fn of(file: &mut (impl Read + Seek)) -> Result<Packed, Refused> {
        let mut first = [0; 16];
        let read = fill(file, &mut first)?;
        let first = &first[..read];
        file.seek(SeekFrom::Start(0))?;
        if first.starts_with(b"\x1f\x8b") {
            return Ok(Packed::Text(Self::Gzip));
        }
        if first.starts_with(b"\x28\xb5\x2f\xfd") {
            return Ok(Packed::Text(Self::Zstandard));
        }
        if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
            return member(file);
        }
        if first.starts_with(OLE) {
            return Ok(Packed::Workbook);
        }
        match NOT_LOGS.iter().find(|(magic, _)| first.starts_with(magic)) {
            None => Ok(Packed::Text(Self::Plain)),
            Some((_, what)) => {
                let hint = match *what {
                    what if what.ends_with("archive") || what.ends_with("file") => {
                        "unpack it first, or pack it as .zip, .gz or .zst"
                    }
                    _ => EXPORT,
                };
                Err(Refused::Content(
                    format!("this is {what}, not a call log"),
                    hint.to_owned(),
                ))
            }
        }
    }

    /// The unpacked bytes.
    pub(super) fn unpack(
        &self,
        raw: impl Read + Seek + Send + 'static,
        seen: &Arc<AtomicU64>,
    ) -> io::Result<Box<dyn Read + Send>> {
        let unpacked: Box<dyn Read + Send> = match self {
            Self::Plain => return Ok(Box::new(raw)),
            Self::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, raw))),
            Self::Zstandard => Box::new(zstd::Decoder::new(raw)?),
            Self::Zip(member) => {
                let mut archive = ZipArchive::new(BufReader::with_capacity(BUFFER, raw))?;
                let data = archive.by_index_raw(*member)?;
                let method = data.compression();
                let (start, length) = (data.data_start(), data.compressed_size());
                let (crc, size) = (data.crc32(), data.size());
                let Some(start) = start else {
                    return Err(io::ErrorKind::InvalidData.into());
                };
                drop(data);
                let mut raw = archive.into_inner();
                raw.seek(SeekFrom::Start(start))?;
                let packed = raw.take(length);
                let unpacked: Box<dyn Read + Send> = match method {
                    zip::CompressionMethod::Stored => Box::new(packed),
                    zip::CompressionMethod::Deflated => {
                        Box::new(flate2::bufread::DeflateDecoder::new(packed))
                    }
                    other => {
                        let told = format!("the archive packs it by {other}, which can't be read");
                        return Err(io::Error::new(io::ErrorKind::Unsupported, told));
                    }
                };
                Box::new(Checked {
                    inner: unpacked,
                    crc: Crc::new(),
                    expected: (crc, size),
                    read: 0,
                })
            }
        };
        Ok(Box::new(Capped {
            inner: unpacked,
            unpacked: 0,
            packed: Arc::clone(seen),
        }))
    }
}

const BUFFER: usize = 64 << 10;

/// The one table in an archive.
fn member(file: &mut (impl Read + Seek)) -> Result<Packed, Refused> {
    let mut archive = match ZipArchive::new(BufReader::new(file)) {
        Ok(archive) => archive,
        Err(ZipError::Io(error)) => return Err(error.into()),
        Err(error) => {
            let told = format!("this zip archive can't be read: {error}");
            return Err(Refused::Content(
                told,
                "make it again, or unpack it".to_owned(),
            ));
        }
    };
    let mut logs = Vec::new();
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(io::Error::from)?;
        let name = entry.name().map_err(io::Error::from)?.into_owned();
        if ["xl/workbook.xml", "xl/workbook.bin", "content.xml"].contains(&name.as_str()) {
            return Ok(Packed::Workbook);
        }
        // What a Mac adds.
        let added = name.starts_with("__MACOSX/") || name.ends_with(".DS_Store");
        if !entry.is_dir() && !added {
            logs.push((at, name, entry.encrypted()));
        }
    }
    match logs.as_slice() {
        [(_, _, true)] => Err(Refused::Content(
            "the file in this archive is locked with a password".to_owned(),
            "unpack it first".to_owned(),
        )),
        [(at, _, false)] => Ok(Packed::Text(Packing::Zip(*at))),
        [] => Err(Refused::Content(
            "this archive is empty".to_owned(),
            "it should hold one call log".to_owned(),
        )),
        [(_, one, _), (_, two, _), ..] => Err(Refused::Content(
            format!("this archive holds {} files, among them `{}` and `{}`", logs.len(), escape(one), escape(two)),
            "a call log is one file: unpack the archive and name the logs, all of them if they are parts of one".to_owned(),
        )),
    }
}

/// What a zip archive says of a file must hold when it has been unpacked.
struct Checked {
    inner: Box<dyn Read + Send>,
    crc: Crc,
    /// CRC-32 and size.
    expected: (u32, u64),
    read: u64,
}

impl Read for Checked {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.crc.update(&out[..read]);
        self.read += read as u64;
        let ended = read == 0 && !out.is_empty();
        if ended && self.read < self.expected.1 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if ended && (self.crc.sum(), self.read) != self.expected {
            let told = "it is damaged: its checksum is another";
            return Err(io::Error::new(io::ErrorKind::InvalidData, told));
        }
        Ok(read)
    }
}

/// Stops where a small file unpacks to something endless.
struct Capped {
    inner: Box<dyn Read + Send>,
    unpacked: u64,
    /// Bytes that have been read of the file.
    packed: Arc<AtomicU64>,
}

/// Logs are packed to a fifth or a thirtieth; what a bomb is made of, to a thousandth or less.
const MOST_TIMES: u64 = 400;
/// Up to here it does no harm.
const HARMLESS: u64 = 256 << 20;

impl Read for Capped {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.unpacked += read as u64;
        let packed = self.packed.load(Ordering::Relaxed).max(1);
        if self.unpacked > HARMLESS && self.unpacked / packed > MOST_TIMES {
            let told = format!(
                "this file unpacks to more than {MOST_TIMES} times its size: that is no call log"
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, told));
        }
        Ok(read)
    }
}
