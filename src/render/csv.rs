use crate::report::{Cell, Table};

/// A table as CSV with full precision. An estimate takes several columns: value, margin, calls, precision.
///
/// # Errors
/// Only what writing to memory can give.
pub fn csv(table: &Table) -> Result<String, std::io::Error> {
    let kinds: Vec<Kind> = (0..table.columns.len())
        .map(|at| Kind::of(table, at))
        .collect();
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    let heads = table.columns.iter().zip(&kinds).flat_map(|(column, kind)| {
        let heads = kind.parts().iter().map(|part| match *part {
            "" => column.key.clone(),
            part => format!("{}_{part}", column.key),
        });
        heads.collect::<Vec<_>>()
    });
    writer.write_record(heads)?;
    for row in &table.rows {
        writer.write_record(
            row.iter()
                .zip(&kinds)
                .flat_map(|(cell, kind)| kind.fields(cell)),
        )?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a column holds decides how many CSV columns it takes.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Figure,
    Gap,
}

impl Kind {
    fn of(table: &Table, column: usize) -> Self {
        let mut cells = table.rows.iter().map(|row| &row[column]);
        let kind = cells.find_map(|cell| match cell {
            Cell::Score(_) | Cell::Share(_) => Some(Self::Figure),
            Cell::Gap(_) | Cell::ShareGap(_) => Some(Self::Gap),
            _ => None,
        });
        kind.unwrap_or(Self::Plain)
    }

    fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &[""],
            Self::Figure => &["", "low", "high", "n", "precision", "borrowed"],
            Self::Gap => &["", "low", "high", "p", "q", "verdict", "borrowed"],
        }
    }

    fn fields(self, cell: &Cell) -> Vec<String> {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        match cell {
            Cell::Missing => vec![String::new(); self.parts().len()],
            Cell::Text(text) => vec![text.clone()],
            Cell::Count(count) => vec![count.to_string()],
            Cell::Number(value) => vec![value.to_string()],
            Cell::Score(figure) | Cell::Share(figure) => vec![
                figure.value.to_string(),
                number(figure.low),
                number(figure.high),
                figure.n.to_string(),
                figure.precision.word().to_owned(),
                figure.borrowed.to_string(),
            ],
            Cell::Gap(gap) | Cell::ShareGap(gap) => vec![
                gap.value.to_string(),
                number(gap.low),
                number(gap.high),
                number(gap.p),
                number(gap.q),
                gap.verdict.unwrap_or_default().to_owned(),
                gap.borrowed.to_string(),
            ],
        }
    }
}
