use super::cell::{legend, plain};
use crate::report::{Align, Table, escape};

/// A table in GitHub's Markdown, with its caption as a heading.
pub fn markdown(table: &Table) -> String {
    let mut text = format!("### {}\n\n", cell(&table.caption));
    if let Some(warning) = &table.warning {
        text.push_str(&format!("{}\n\n", cell(warning)));
    }
    let heads: Vec<String> = table
        .columns
        .iter()
        .map(|column| cell(&column.head))
        .collect();
    text.push_str(&line(&heads));
    let rules: Vec<String> = (table.columns.iter())
        .map(|column| match column.align {
            Align::Left => ":--".to_owned(),
            Align::Right => "--:".to_owned(),
        })
        .collect();
    text.push_str(&line(&rules));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|value| cell(&plain(value))).collect();
        text.push_str(&line(&cells));
    }
    let cells: Vec<_> = table.rows.iter().flatten().cloned().collect();
    if let Some(legend) = legend(&cells) {
        text.push_str(&format!("\n{}\n", cell(&legend)));
    }
    text
}

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Markdown's own signs in logged text mean nothing.
fn cell(text: &str) -> String {
    let mut safe = String::new();
    for c in escape(text).chars() {
        if matches!(c, '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '\\') {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}
