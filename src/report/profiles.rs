use super::{Align, Cell, Column, Table};

/// A profile in the program.
#[derive(Clone, Debug)]
pub struct ProfileRow {
    pub name: String,
    /// Which export of which system.
    pub title: String,
    /// What decides who is internal, and what a centre must adapt.
    pub about: String,
}

/// The profiles in the program.
pub fn profiles_table(rows: &[ProfileRow]) -> Table {
    let mut table = Table::new(
        "profiles",
        "Profiles in the program",
        vec![
            Column::new("name", "Name", Align::Left),
            Column::new("title", "Export", Align::Left),
            Column::new(
                "about",
                "What decides the caller type, and what to adapt",
                Align::Left,
            ),
        ],
    );
    for row in rows {
        table.push(vec![
            Cell::text(&row.name),
            Cell::text(&row.title),
            Cell::text(&row.about),
        ]);
    }
    table
}
