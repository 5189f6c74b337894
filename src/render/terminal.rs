use std::borrow::Cow;

use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, TableStyle,
    Width as GridWidth,
};

use unicode_width::UnicodeWidthStr;

use super::cell::{legend, plain};
use super::strip::{self, Letters};
use crate::report::{Align, Axis, Cell, Mark, Picture, Table, escape};

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

/// A table with a caption above and the key to its marks below. On a terminal its first figure is drawn as well, where
/// there is room.
pub fn terminal(table: &Table, width: Width, letters: Letters) -> String {
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
    let strips = match left_out.as_slice() {
        [] => strips(table, &rows, width, letters),
        _ => None,
    };
    let heads = shown.iter().map(|at| escape(&table.columns[*at].head));
    let strip_heads = strips.iter().map(|(head, _)| Cow::Borrowed(head.as_str()));
    grid.set_header(heads.chain(strip_heads));
    for (at, row) in rows.iter().enumerate() {
        let cells = shown.iter().map(|column| row[*column].as_str());
        grid.add_row(cells.chain(strips.iter().map(|(_, strips)| strips[at].as_str())));
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
    if let Some((head, _)) = &strips {
        let letters = u16::try_from(head.width()).unwrap_or(u16::MAX);
        if let Some(column) = grid.column_mut(shown.len()) {
            column.set_constraint(ColumnConstraint::Absolute(GridWidth::Fixed(letters + 2)));
        }
    }
    let cells: Vec<_> = table.rows.iter().flatten().cloned().collect();
    let mut text = format!("{}\n", escape(&table.caption));
    if let Some(warning) = &table.warning {
        text.push_str(&sentence(warning, width));
    }
    for picture in &table.pictures {
        if let (Picture::Course(course), Width::Columns(_)) = (picture, width) {
            text.push_str(&format!("{}\n", strip::spark(course, letters)));
        }
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

/// The first figure of each row as a picture, with the ends of its axis as the head; `None` without a figure or room.
fn strips(
    table: &Table,
    rows: &[Vec<String>],
    width: Width,
    letters: Letters,
) -> Option<(String, Vec<String>)> {
    let Width::Columns(room) = width else {
        return None;
    };
    let is_figure = |cell: &Cell| matches!(cell, Cell::Score(_) | Cell::Share(_));
    let columns = 0..table.columns.len();
    let column = columns
        .clone()
        .find(|at| table.rows.iter().any(|row| is_figure(&row[*at])))?;
    let taken: usize = columns.map(|at| wide(table, rows, at)).sum();
    let left = usize::from(room)
        .checked_sub(taken + OF_A_STRIP)?
        .min(MOST_OF_A_STRIP);
    if left < LEAST_OF_A_STRIP {
        return None;
    }
    let mark = |row: &Vec<Cell>| match &row[column] {
        Cell::Score(figure) => Some(Mark::of_figure(figure, 1.0)),
        Cell::Share(figure) => Some(Mark::of_figure(figure, 100.0)),
        _ => None,
    };
    let marks: Vec<Option<Mark>> = table.rows.iter().map(mark).collect();
    let highest = marks
        .iter()
        .flatten()
        .map(Mark::highest)
        .fold(0.0, f64::max);
    let of_shares = table
        .rows
        .iter()
        .any(|row| matches!(row[column], Cell::Share(_)));
    let axis = match of_shares {
        true => Axis::shares(),
        false => Axis::scores(highest),
    };
    let strip = |mark: &Option<Mark>| {
        let mark = mark.as_ref();
        mark.map_or_else(String::new, |mark| {
            strip::whisker(mark, &axis, left, letters)
        })
    };
    Some((strip::head(&axis, left), marks.iter().map(strip).collect()))
}

/// Blanks about a picture and at the ends of its row.
const OF_A_STRIP: usize = 5;
/// Letters that a picture takes.
const LEAST_OF_A_STRIP: usize = 21;
const MOST_OF_A_STRIP: usize = 51;

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
    let head = escape(&table.columns[at].head);
    let words = texts.chain([head.as_ref()]).flat_map(str::split_whitespace);
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
    let wide = |at: usize| wide(table, rows, at);
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

/// The letters that a column takes: each has a space on both sides and a blank where other styles have a line.
fn wide(table: &Table, rows: &[Vec<String>], at: usize) -> usize {
    let texts = rows.iter().map(|row| row[at].width());
    let texts = texts.chain([escape(&table.columns[at].head).width()]);
    texts.max().unwrap_or(0) + 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Column, Figure, Precision};

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
        let text = terminal(&table(), Width::Columns(columns), Letters::Unicode);
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
        let free = terminal(&table(), Width::Free, Letters::Unicode);
        assert!(free.contains("First") && !free.contains("Left out"));
    }

    #[test]
    fn figures_are_drawn_where_there_is_room_and_only_on_a_terminal() {
        let figure = |value: f64, precision| {
            Cell::Score(Figure {
                value,
                low: Some(value - 10.0),
                high: Some(value + 10.0),
                n: 6,
                df: None,
                precision,
                borrowed: false,
                many_unscorable: false,
            })
        };
        let columns = vec![
            Column::new("csr", "CSR", Align::Left),
            Column::new("score", "Score", Align::Left),
        ];
        let mut table = Table::new("csr", "Scores", columns);
        table.push(vec![Cell::text("Ada"), figure(80.0, Precision::Firm)]);
        table.push(vec![Cell::text("Bo"), figure(50.0, Precision::Indicative)]);
        table.push(vec![Cell::text("Cy"), Cell::Missing]);
        let drawn = |columns, letters| {
            let text = terminal(&table, Width::Columns(columns), letters);
            text.lines().take(6).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(
            drawn(50, Letters::Unicode),
            "Scores\n  CSR   Score            0                  100\n\
             ─────────────────────────────────────────────────\n\
             \x20 Ada   80.0 (70–90) ●                  ├─●─┤\n\
             \x20 Bo    50.0 (40–60) ○           ├──○─┤\n\
             \x20 Cy    –"
        );
        assert!(drawn(50, Letters::Ascii).contains("|-*-|"));
        assert!(!drawn(48, Letters::Unicode).contains('├'));
        assert!(!terminal(&table, Width::Free, Letters::Unicode).contains('├'));
    }
}
