//! A further line in a profile's text: what was told from a log is kept with the sample as if it had been stated.

use crate::calls::escape;

/// A text as it stands in a profile.
pub fn quoted(text: &str) -> String {
    let text = escape(text).replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{text}\"")
}

/// The text of a profile in which a key of a table has this value, written as TOML; `None` is a profile that says nothing.
pub fn amended(profile: Option<&str>, table: &str, key: &str, value: &str) -> String {
    let line = format!("{key} = {value}");
    let mut lines: Vec<String> = match profile {
        Some(text) => text.lines().map(str::to_owned).collect(),
        None => vec!["format = 1".to_owned()],
    };
    let head = format!("[{table}]");
    let Some(at) = lines.iter().position(|line| line.trim() == head) else {
        lines.extend([String::new(), head, line]);
        return lines.join("\n") + "\n";
    };
    let mut own = lines[at + 1..].iter();
    let end = own.position(|line| line.trim_start().starts_with('['));
    let end = end.map_or(lines.len(), |end| at + 1 + end);
    let same = |line: &String| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    match lines[at + 1..end].iter().position(same) {
        Some(there) => lines[at + 1 + there] = line,
        None => lines.insert(at + 1, line),
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_where_it_belongs() {
        assert_eq!(
            amended(None, "time", "format", &quoted("%d.%m.%Y")),
            "format = 1\n\n[time]\nformat = \"%d.%m.%Y\"\n"
        );
        let profile = "format = 1\n[file]\nheader = true\nsheet = \"A\"\n[time]\nzone = \"UTC\"\n";
        assert_eq!(
            amended(Some(profile), "time", "format", &quoted("%s")),
            "format = 1\n[file]\nheader = true\nsheet = \"A\"\n[time]\nformat = \"%s\"\nzone = \"UTC\"\n"
        );
        assert_eq!(
            amended(Some(profile), "file", "sheet", &quoted("a \"b\"")),
            "format = 1\n[file]\nheader = true\nsheet = \"a \\\"b\\\"\"\n[time]\nzone = \"UTC\"\n"
        );
    }
}
