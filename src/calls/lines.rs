/// Where the lines of a log are. In a log of several files they are counted through all of them, in the order in which
/// the files were named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogLines {
    /// Name of a file, and how many lines are before its first one.
    files: Vec<(String, u64)>,
}

impl LogLines {
    /// A further file, before which there are so many lines.
    pub fn push(&mut self, name: &str, before: u64) {
        self.files.push((name.to_owned(), before));
    }

    /// The file of a line, where there are several, and the line in it.
    pub fn place(&self, line: u64) -> (Option<&str>, u64) {
        let after = self.files.partition_point(|(_, before)| *before < line);
        match self.files.get(after.saturating_sub(1)) {
            Some((name, before)) if self.files.len() > 1 => (Some(name), line - before),
            _ => (None, line),
        }
    }

    /// A line as people look it up.
    pub fn told(&self, line: u64) -> String {
        match self.place(line) {
            (Some(file), line) => format!("{file}:{line}"),
            (None, line) => line.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_looked_up_in_its_file() {
        let mut lines = LogLines::default();
        assert_eq!(lines.told(7), "7");
        lines.push("a.csv", 0);
        assert_eq!(lines.told(7), "7");
        lines.push("empty.csv", 10);
        lines.push("b.csv", 10);
        for (line, told) in [(1, "a.csv:1"), (10, "a.csv:10"), (11, "b.csv:1")] {
            assert_eq!(lines.told(line), told);
        }
    }
}
