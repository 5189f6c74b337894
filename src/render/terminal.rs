use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, TableStyle,
    Width as GridWidth,
};

use unicode_width::UnicodeWidthStr;

use super::cell::{legend, plain};
use crate::report::{Align, Table, escape};

/// How wide a table may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// Columns of the terminal.
    Columns(u16),
    /// As wide as it gets: a pipe or a file.
    Free,
}

/// A rule under the heads and nothing else, so that figures stand out.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// A table with a caption above and the key to its marks below.
pub fn terminal(table: &Table, width: Width) -> String {
    let rows: Vec<Vec<String>> = (table.rows.iter())
        .map(|cells| {
            cells
                .iter()
                .map(|cell| escape(&plain(cell)).into_owned())
                .collect()
        })
        .collect();
    let left_out = left_out(table, &rows, width);
    let shown: Vec<usize> = (0..table.columns.len())
        .filter(|at| !left_out.contains(at))
        .collect();
    let mut grid = Grid::new();
    grid.load_style(STYLE);
    match width {
        Width::Columns(columns) => {
            grid.set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(columns);
        }
        Width::Free => {
            grid.set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    grid.set_header(shown.iter().map(|at| table.columns[*at].head.as_str()));
    for row in &rows {
        grid.add_row(shown.iter().map(|at| row[*at].as_str()));
    }
    for (place, at) in shown.iter().enumerate() {
        if let Some(grid_column) = grid.column_mut(place) {
            grid_column.set_cell_alignment(match table.columns[*at].align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
            // Words stay whole; what is left of the room goes to the longest texts.
            let longest = longest_word(&rows, table, *at);
            grid_column.set_constraint(ColumnConstraint::LowerBoundary(GridWidth::Fixed(longest)));
        }
    }
    let cells: Vec<_> = table.rows.iter().flatten().cloned().collect();
    let mut text = format!("{}\n", escape(&table.caption));
    if let Some(warning) = &table.warning {
        text.push_str(&sentence(warning, width));
    }
    text.push_str(&format!("{}\n", grid.trim_fmt()));
    if let Some(legend) = legend(&cells) {
        legend
            .lines()
            .for_each(|line| text.push_str(&sentence(line, width)));
    }
    if !left_out.is_empty() {
        let heads: Vec<&str> = (left_out.iter())
            .map(|at| table.columns[*at].head.as_str())
            .collect();
        let line = format!(
            "Left out for lack of room: {}. A wider window, md or csv have them.",
            heads.join(", ")
        );
        text.push_str(&sentence(&line, width));
    }
    text
}

/// A sentence with its line end, broken between words where there is no room.
pub fn sentence(text: &str, width: Width) -> String {
    let text = escape(text);
    match width {
        Width::Free => format!("{text}\n"),
        Width::Columns(columns) => {
            format!("{}\n", textwrap::fill(&text, usize::from(columns.max(20))))
        }
    }
}

/// The width of a column's longest word.
fn longest_word(rows: &[Vec<String>], table: &Table, at: usize) -> u16 {
    let texts = rows.iter().map(|row| row[at].as_str());
    let words = texts
        .chain([table.columns[at].head.as_str()])
        .flat_map(str::split_whitespace);
    let longest = words.map(UnicodeWidthStr::width).max().unwrap_or(0);
    u16::try_from(longest.min(MOST_OF_A_WORD)).unwrap_or(u16::MAX)
}

/// Longer words than this are ids and the like; they may be broken.
const MOST_OF_A_WORD: usize = 24;

/// Columns that can be spared, until the others fit.
fn left_out(table: &Table, rows: &[Vec<String>], width: Width) -> Vec<usize> {
    let Width::Columns(room) = width else {
        return Vec::new();
    };
    // Each column has a space on both sides and a blank where other styles have a line.
    let wide = |at: usize| {
        let texts = rows.iter().map(|row| row[at].width());
        texts
            .chain([table.columns[at].head.width()])
            .max()
            .unwrap_or(0)
            + 3
    };
    let mut needed: usize = (0..table.columns.len()).map(wide).sum();
    let mut left_out = Vec::new();
    // Columns of one level belong together: none of them is shown without the others.
    for level in (1..=u8::MAX).rev() {
        if needed <= usize::from(room) {
            break;
        }
        let columns = 0..table.columns.len();
        for at in columns.filter(|at| table.columns[*at].spare == level) {
            needed -= wide(at);
            left_out.push(at);
        }
    }
    left_out.sort_unstable();
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Cell, Column};

    fn table() -> Table {
        let mut table = Table::new(
            "t",
            "Caption",
            vec![
                Column::new("a", "Name", Align::Left),
                Column::new("b", "Second", Align::Right).spare(1),
                Column::new("c", "First", Align::Right).spare(2),
                Column::new("d", "Last", Align::Right),
            ],
        );
        table.push(vec![
            Cell::text("Łukasz 李"),
            Cell::Count(1),
            Cell::Count(2),
            Cell::Count(3),
        ]);
        table
    }

    fn heads(columns: u16) -> String {
        let text = terminal(&table(), Width::Columns(columns));
        let heads = text.lines().nth(1).unwrap_or_default().split_whitespace();
        let told = text.replace('\n', " ");
        let told = told.find("Left out").map(|at| &told[at..]);
        let told = told.and_then(|told| told.split(". ").next());
        format!(
            "{} | {}",
            heads.collect::<Vec<_>>().join(" "),
            told.unwrap_or("all")
        )
    }

    #[test]
    fn a_narrow_terminal_leaves_out_what_can_be_spared_and_says_so() {
        assert_eq!(heads(36), "Name Second First Last | all");
        assert_eq!(
            heads(35),
            "Name Second Last | Left out for lack of room: First"
        );
        assert_eq!(
            heads(24),
            "Name Last | Left out for lack of room: Second, First"
        );
        let free = terminal(&table(), Width::Free);
        assert!(free.contains("First") && !free.contains("Left out"));
    }
}
