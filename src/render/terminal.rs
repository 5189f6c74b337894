use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table as Grid, TableStyle};

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
    grid.set_header(table.columns.iter().map(|column| column.head.as_str()));
    for cells in &table.rows {
        grid.add_row(cells.iter().map(|cell| escape(&plain(cell)).into_owned()));
    }
    for (at, column) in table.columns.iter().enumerate() {
        if let Some(grid_column) = grid.column_mut(at) {
            grid_column.set_cell_alignment(match column.align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
        }
    }
    let cells: Vec<_> = table.rows.iter().flatten().cloned().collect();
    let mut text = format!("{}\n{}\n", escape(&table.caption), grid.trim_fmt());
    if let Some(legend) = legend(&cells) {
        text.push_str(&legend);
        text.push('\n');
    }
    text
}
