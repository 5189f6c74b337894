//! Source text taken apart: code, texts, documentation and other comments, each without the others, at their places.

use std::fs;
use std::path::Path;

use regex::Regex;

/// What a byte of a source file belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Code,
    /// The inside of a string literal.
    Text,
    /// `///` and `//!`: help texts are made of them.
    Doc,
    Comment,
}

/// One file under `src/`.
pub struct Source {
    /// From the project's folder on, with `/`.
    pub path: String,
    text: String,
    kinds: Vec<Kind>,
    /// Whether a byte belongs to test code.
    tests: Vec<bool>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let kinds = kinds(text);
        let mut source = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tests: vec![false; kinds.len()],
            kinds,
        };
        let whole = path.ends_with("/tests.rs") || path.contains("/tests/");
        source.tests = match whole {
            true => vec![true; text.len()],
            false => tests(&source.only(Kind::Code)),
        };
        source
    }

    /// Every Rust file under `src/`.
    pub fn all() -> Vec<Self> {
        let mut sources = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        collect(root, &root.join("src"), &mut sources);
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        // Files that a parent takes in for tests alone.
        let parents: Vec<String> = sources.iter().flat_map(Self::test_modules).collect();
        for source in &mut sources {
            let inside = |module: &String| {
                source.path == format!("{module}.rs")
                    || source.path.starts_with(&format!("{module}/"))
            };
            if parents.iter().any(inside) {
                source.tests.fill(true);
            }
        }
        sources
    }

    /// The text of one kind, all else blank, so that places stay.
    pub fn only(&self, kind: Kind) -> String {
        self.filtered(|at| self.kinds[at] == kind)
    }

    /// The same without test code.
    pub fn shipped(&self, kind: Kind) -> String {
        self.filtered(|at| self.kinds[at] == kind && !self.tests[at])
    }

    /// The modules from the top down to this file.
    pub fn module(&self) -> Vec<&str> {
        let path = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let parts = path
            .split('/')
            .filter(|part| !["mod", "lib", "main"].contains(part));
        parts.collect()
    }

    fn filtered(&self, keep: impl Fn(usize) -> bool) -> String {
        let bytes = self.text.bytes().enumerate();
        let kept = bytes.map(|(at, byte)| {
            if byte == b'\n' || keep(at) {
                byte
            } else {
                b' '
            }
        });
        String::from_utf8_lossy(&kept.collect::<Vec<u8>>()).into_owned()
    }

    /// Paths, without `.rs`, of modules declared with `#[cfg(test)] mod name;`.
    fn test_modules(&self) -> Vec<String> {
        let declared = regex(r"#\[cfg\(test\)\]\s*(?:pub(?:\([a-z ]+\))?\s+)?mod\s+(\w+)\s*;");
        let code = self.only(Kind::Code);
        let mut folder = self.module();
        folder.insert(0, "src");
        let folder = folder.join("/");
        let found = declared.captures_iter(&code);
        found.map(|name| format!("{folder}/{}", &name[1])).collect()
    }
}

/// The 1-based line of a place.
pub fn line(text: &str, at: usize) -> usize {
    1 + text[..at].matches('\n').count()
}

pub fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
}

fn collect(root: &Path, folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("inside").to_string_lossy();
            let text = fs::read_to_string(&path).expect("source text");
            sources.push(Source::new(&name.replace('\\', "/"), &text));
        }
    }
}

/// The end of the braces, brackets or parentheses that open at `from`.
pub fn closing(code: &str, from: usize) -> usize {
    let mut depth = 0;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth -= 1,
            _ => continue,
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// Marks the items under `#[cfg(test)]`.
fn tests(code: &str) -> Vec<bool> {
    let mut marks = vec![false; code.len()];
    for found in regex(r"#\[cfg\(test\)\]").find_iter(code) {
        let mut end = found.end();
        let bytes = code.as_bytes();
        while end < bytes.len() {
            match bytes[end] {
                b';' => break,
                b'{' => {
                    end = closing(code, end);
                    break;
                }
                b'[' | b'(' => end = closing(code, end),
                _ => end += 1,
            }
        }
        marks[found.start()..end].fill(true);
    }
    marks
}

fn kinds(text: &str) -> Vec<Kind> {
    let bytes = text.as_bytes();
    let mut kinds = vec![Kind::Code; bytes.len()];
    let raw = regex("^[bc]?r(#*)\"");
    let word = |at: usize| bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_';
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (kind, inside, next) = if rest.starts_with(b"//") {
            let length = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            let doc = rest.starts_with(b"//!")
                || (rest.starts_with(b"///") && !rest.starts_with(b"////"));
            let kind = if doc { Kind::Doc } else { Kind::Comment };
            (kind, at..at + length, at + length)
        } else if rest.starts_with(b"/*") {
            let end = at + block_comment(rest);
            (Kind::Comment, at..end, end)
        } else if rest[0] == b'"' {
            let end = at + string(rest);
            (Kind::Text, at + 1..end.saturating_sub(1).max(at + 1), end)
        } else if let Some(opening) = (matches!(rest[0], b'r' | b'b' | b'c')
            && (at == 0 || !word(at - 1)))
        .then(|| raw.captures(&text[at..]))
        .flatten()
        {
            let closing = format!("\"{}", &opening[1]);
            let from = at + opening[0].len();
            let to = text[from..]
                .find(&closing)
                .map_or(bytes.len(), |length| from + length);
            (Kind::Text, from..to, (to + closing.len()).min(bytes.len()))
        } else if let Some(length) = character(&text[at..]) {
            (Kind::Text, at + 1..at + length - 1, at + length)
        } else {
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            (Kind::Code, at..at, at + length)
        };
        kinds[inside].fill(kind);
        at = next;
    }
    kinds
}

fn block_comment(bytes: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string literal with its quotes.
fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The length of a character literal with its quotes; none for a lifetime.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return escape[first..]
            .find('\'')
            .map(|length| 2 + first + length + 1);
    }
    let first = inside.chars().next()?.len_utf8();
    inside[first..].starts_with('\'').then_some(first + 2)
}
