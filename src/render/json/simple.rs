use serde_json::{Map, Value, json};

use crate::report::{Cell, Table};

/// The rows of a table of texts and numbers, by its columns' keys.
pub fn rows(table: &Table) -> Value {
    let row = |cells: &Vec<Cell>| {
        let keys = table.columns.iter().map(|column| column.key.clone());
        Value::Object(keys.zip(cells.iter().map(value)).collect::<Map<_, _>>())
    };
    Value::Array(table.rows.iter().map(row).collect())
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Count(count) => json!(count),
        Cell::Instant(at) => json!(at.to_string()),
        Cell::Day(day) => json!(day.to_string()),
        Cell::Number(number) | Cell::Change(number) => json!(number),
        // Figures have shapes of their own.
        _ => Value::Null,
    }
}
