//! A list of CSRs: one name a line, with or without the column name `csr` above, or a CSV file with that column among
//! others, whose line of column names tells by which of comma, semicolon and tab they are separated.

use std::ops::Range;
use std::path::Path;

use super::excerpt::{Excerpt, Place, Source};
use super::file::{name_of, read_text};
use super::numbers::table_by;
use super::problem::{Problem, Problems};
use crate::calls::same_name;

/// Names, each once, in the file's order, that know where they stood.
#[derive(Clone, Debug)]
pub struct CsrList {
    pub names: Vec<ListedCsr>,
}

/// One name.
#[derive(Clone, Debug)]
pub struct ListedCsr {
    pub name: String,
    file: String,
    spot: (Place, Excerpt),
}

const MOST_BYTES: u64 = 16 << 20;
const COLUMN: &str = "csr";
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a list of CSRs.
///
/// # Errors
/// The file can't be read, is no CSV where it has several columns, or names nobody.
pub fn csr_list(path: &Path) -> Result<CsrList, Problems> {
    let text = read_text(path, MOST_BYTES)?;
    list(&name_of(path), &text)
}

fn list(file: &str, text: &str) -> Result<CsrList, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Source::new(file, text);
    let listed = |name: String, range: Range<usize>| ListedCsr {
        name,
        file: file.to_owned(),
        spot: source.place(&range),
    };
    let first = text.lines().next().unwrap_or_default();
    let delimiter = DELIMITERS.into_iter().find(|delimiter| {
        let mut heads = first.split(char::from(*delimiter));
        first.contains(char::from(*delimiter))
            && heads.any(|head| same_name(head.trim().trim_matches('"').trim(), COLUMN))
    });
    let mut names: Vec<ListedCsr> = Vec::new();
    let mut add = |one: ListedCsr| {
        if !one.name.is_empty() && names.iter().all(|other| other.name != one.name) {
            names.push(one);
        }
    };
    if let Some(delimiter) = delimiter {
        let table = table_by(delimiter, file.to_owned(), text.to_owned())?;
        let column = table.column(COLUMN)?;
        for row in 0..table.rows().len() {
            let line = usize::try_from(table.line(row)).unwrap_or(usize::MAX);
            add(listed(
                table.text(row, column).to_owned(),
                range_of(text, line),
            ));
        }
    } else {
        for (at, line) in text.lines().enumerate() {
            // A name may have a comma in it.
            let name = line.trim();
            let quoted = name
                .strip_prefix('"')
                .and_then(|name| name.strip_suffix('"'));
            let name = quoted.map_or(name.to_owned(), |name| name.replace("\"\"", "\""));
            if at > 0 || !same_name(&name, COLUMN) {
                add(listed(name.trim().to_owned(), range_of(text, at + 1)));
            }
        }
    }
    if names.is_empty() {
        let problem = Problem::bad(file, "this list names no CSR");
        return Err(problem
            .hint("write one name a line, as reports show it")
            .into());
    }
    Ok(CsrList { names })
}

/// Where a line stands, counted from 1, without its end.
fn range_of(text: &str, line: usize) -> Range<usize> {
    let mut lines = text.split_inclusive('\n');
    let start: usize = lines
        .by_ref()
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let here = lines.next().unwrap_or_default();
    start..start + here.trim_end().len()
}

impl ListedCsr {
    /// Something wrong with the name.
    pub fn problem(&self, message: impl Into<String>, hint: impl Into<String>) -> Problem {
        let problem = Problem::bad(&self.file, message).at(self.spot.clone());
        problem.hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let list = list("coached.csv", text).expect("a list");
        list.names.into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn a_list_is_lines_with_or_without_a_head_or_a_column_among_others() {
        let both = ["Ada", "O'Brien, Siobhan"];
        assert_eq!(names("Ada\nO'Brien, Siobhan\n"), both);
        assert_eq!(
            names("\u{feff}CSR\r\nAda\r\n\r\n\"O'Brien, Siobhan\"\r\nAda\r\n"),
            both
        );
        for text in [
            "\u{feff}date;CSR\r\n2026-08-01;Ada\r\n2026-08-02;O'Brien, Siobhan\r\n",
            "\"csr\"\tdate\nAda\t2026-08-01\n\"O'Brien, Siobhan\"\t2026-08-02\n",
            "\"csr\",\"date\"\nAda,1\n\"O'Brien, Siobhan\",2\n",
            "date;csr\n\"1;5\";Ada\n2;\"O'Brien, Siobhan\"\n",
        ] {
            assert_eq!(names(text), both, "{text:?}");
        }
        assert_eq!(
            names("date,csr\n2026-08-01,Ada\n2026-08-02,\"O'Brien, Siobhan\"\n"),
            both
        );
    }

    #[test]
    fn a_name_knows_its_line_and_an_empty_list_is_refused() {
        let found = list("coached.csv", "csr\nAda\nBen\n").expect("a list");
        let told = found.names[1]
            .problem("no such CSR", "did you mean `Bea`?")
            .to_text(false);
        assert!(told.contains("coached.csv:3:1"), "{told}");
        let told = list("coached.csv", "csr\n\n")
            .expect_err("nobody")
            .to_text(false);
        assert!(told.contains("names no CSR"), "{told}");
    }
}
