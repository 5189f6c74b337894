//! Bytes of a log's encoding become UTF-8 on their way in.

use std::io::{self, Read};

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Stands for what is no text in the log's encoding. It is no UTF-8 either, so whoever reads on finds it as such.
const BROKEN: u8 = 0xff;

const BUFFER: usize = 1 << 16;

/// Reads UTF-8, without byte order mark, from a log in any encoding.
pub(super) struct Decoded<R> {
    inner: R,
    way: Way,
}

enum Way {
    /// The first bytes, held back until it is clear whether they are a mark.
    Begin,
    Head {
        head: [u8; 3],
        at: usize,
        len: usize,
    },
    Plain,
    Transcode(Box<Transcode>),
}

struct Transcode {
    decoder: encoding_rs::Decoder,
    input: Vec<u8>,
    input_at: usize,
    ended: bool,
    output: Vec<u8>,
    output_at: usize,
}

impl<R: Read> Decoded<R> {
    /// `label` is a WHATWG label; an unknown one is read as UTF-8 (profiles are checked when they are read).
    pub(super) fn new(inner: R, label: &str) -> Self {
        let encoding = Encoding::for_label_no_replacement(label.as_bytes()).unwrap_or(UTF_8);
        if encoding == UTF_8 {
            return Self {
                inner,
                way: Way::Begin,
            };
        }
        let decoder = if encoding == UTF_16LE || encoding == UTF_16BE {
            // The mark says which of the two it is.
            encoding.new_decoder()
        } else {
            encoding.new_decoder_with_bom_removal()
        };
        let transcode = Transcode {
            decoder,
            input: Vec::new(),
            input_at: 0,
            ended: false,
            output: Vec::new(),
            output_at: 0,
        };
        Self {
            inner,
            way: Way::Transcode(Box::new(transcode)),
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        if let Way::Begin = self.way {
            let mut head = [0; 3];
            let len = fill(&mut self.inner, &mut head)?;
            let at = if head == *b"\xef\xbb\xbf" { 3 } else { 0 };
            self.way = Way::Head { head, at, len };
        }
        if let Way::Head { head, at, len } = &mut self.way {
            if let rest @ [_, ..] = &head[(*at).min(*len)..*len] {
                let n = rest.len().min(out.len());
                out[..n].copy_from_slice(&rest[..n]);
                *at += n;
                return Ok(n);
            }
            self.way = Way::Plain;
        }
        match &mut self.way {
            Way::Transcode(transcode) => transcode.read(&mut self.inner, out),
            _ => self.inner.read(out),
        }
    }
}

/// Reads until the buffer is full or the input ends.
pub(super) fn fill(inner: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match inner.read(&mut buffer[len..]) {
            Ok(0) => break,
            Ok(n) => len += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

impl Transcode {
    fn read(&mut self, inner: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
        while self.output_at == self.output.len() {
            if self.input_at == self.input.len() {
                if self.ended {
                    return Ok(0);
                }
                self.input.resize(BUFFER, 0);
                let len = fill(inner, &mut self.input)?;
                self.input.truncate(len);
                self.input_at = 0;
                self.ended = len < BUFFER;
            }
            self.decode();
        }
        let rest = &self.output[self.output_at..];
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.output_at += n;
        Ok(n)
    }

    fn decode(&mut self) {
        // Three bytes at most for one, plus what the decoder held back.
        self.output.resize(3 * BUFFER + 16, 0);
        self.output_at = 0;
        let input = &self.input[self.input_at..];
        let (result, read, written) =
            self.decoder
                .decode_to_utf8_without_replacement(input, &mut self.output, self.ended);
        self.input_at += read;
        self.output.truncate(written);
        if let DecoderResult::Malformed(..) = result {
            self.output.push(BROKEN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte per read.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let n = self.0.len().min(out.len()).min(1);
            self.0.read(&mut out[..n])
        }
    }

    fn decoded(bytes: &[u8], label: &str) -> Vec<u8> {
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        Decoded::new(bytes, label)
            .read_to_end(&mut fast)
            .expect("read");
        let mut reader = Decoded::new(Slow(bytes), label);
        let mut byte = [0];
        while reader.read(&mut byte).expect("read") == 1 {
            slow.push(byte[0]);
        }
        assert_eq!(fast, slow);
        fast
    }

    #[test]
    fn utf_8_passes_without_its_mark() {
        assert_eq!(decoded(b"", "utf-8"), b"");
        assert_eq!(decoded(b"a", "utf-8"), b"a");
        assert_eq!(decoded(b"\xef\xbb\xbf", "utf-8"), b"");
        assert_eq!(decoded(b"\xef\xbb\xbfid,csr", "utf-8"), b"id,csr");
        assert_eq!(decoded(b"\xef\xbbx", "utf-8"), b"\xef\xbbx");
    }

    #[test]
    fn other_encodings_become_utf_8() {
        assert_eq!(
            decoded(b"M\xfcller \x80", "windows-1252"),
            "Müller €".as_bytes()
        );
        let wide: Vec<u8> = "\u{feff}Zoë 𝄞"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(decoded(&wide, "utf-16be"), "Zoë 𝄞".as_bytes());
        assert_eq!(
            decoded(&wide, "utf-16le"),
            "Zoë 𝄞".as_bytes(),
            "the mark decides"
        );
    }

    #[test]
    fn what_is_no_text_stays_visible_as_such() {
        assert_eq!(decoded(b"a\x00b", "utf-16le"), b"a\xff");
        assert_eq!(decoded(b"\x82\xa0\x82", "shift_jis"), b"\xe3\x81\x82\xff");
    }

    #[test]
    fn long_texts_pass_whole() {
        let text = "äö".repeat(200_000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut out = Vec::new();
        Decoded::new(&bytes[..], "utf-16le")
            .read_to_end(&mut out)
            .expect("read");
        assert_eq!(out, text.as_bytes());
    }
}
