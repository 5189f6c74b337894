//! What a look at a log tells.

use super::{Align, Cell, Column, Table};
use crate::calls::{CallerType, Columns, FoundBy, LogLines, Refusal, Role};
use crate::sampling::{CellCount, Frame, Seen};

/// A call log as `log` shows it.
#[derive(Clone, Debug)]
pub struct LogReport {
    /// The log as it is called in sentences.
    pub file: String,
    pub files: Vec<String>,
    /// Where its lines are.
    pub lines: LogLines,
    /// Lines of rows that broke the rules of CSV and were mended, by file.
    pub mended: Vec<(String, Vec<u64>)>,
    /// Ids that have lost digits in a spreadsheet.
    pub rounded_ids: u64,
    pub columns: Columns,
    pub frame: Frame,
    pub seen: Seen,
}

impl LogReport {
    /// Which column plays which role, and how that was found.
    pub fn columns(&self) -> Table {
        let mut table = Table::new(
            "columns",
            "Columns",
            vec![
                Column::new("role", "Meaning", Align::Left),
                Column::new("column", "Column of the log", Align::Left),
                Column::new("found_by", "Found by", Align::Left),
            ],
        );
        for found in self.columns.found() {
            let join = if found.role == Role::Csr {
                ", else "
            } else {
                " + "
            };
            let mut names = self.names_of(found.role);
            if found.role == Role::CallId && self.columns.profile().id_line {
                names.push("the line");
            }
            table.push(vec![
                Cell::text(found.role.as_str()),
                Cell::text(&names.join(join)),
                Cell::text(match found.by {
                    FoundBy::Name => "its name",
                    FoundBy::Synonym => "a common name for it",
                    FoundBy::Profile => "the profile",
                }),
            ]);
        }
        table
    }

    /// Names of the columns whose texts make a role's.
    pub fn names_of(&self, role: Role) -> Vec<&str> {
        let columns = self.columns.all_of(role).iter();
        columns
            .map(|column| self.columns.names()[*column].as_str())
            .collect()
    }

    /// What the log says of itself that a draw must not be made without knowing.
    pub fn incomplete(&self) -> Option<String> {
        let (rows, line) = self.seen.incomplete?;
        let wanted = self.columns.profile().complete.iter();
        let wanted = wanted
            .map(|wanted| format!("`{}` in `{}`", wanted.values.join("` or `"), wanted.column));
        let (all, lack) = (self.frame.rows, if rows == 1 { "lacks" } else { "lack" });
        Some(format!(
            "This export is incomplete: {rows} of {all} rows, the first on line {line}, {lack} {}. Export it again, all of it.",
            wanted.collect::<Vec<_>>().join(" and ")
        ))
    }

    /// How many times can't be read, and what to do. `told`: a note has said how times are read, or why they can't be; in the
    /// second case there is nothing to add.
    pub fn unread_times(&self, told: bool) -> Option<String> {
        let times = match self.seen.unread_times {
            0 => return None,
            1 => "1 time".to_owned(),
            many => format!("{many} times"),
        };
        if !self.columns.profile().time.is_undeclared() {
            return Some(match told {
                true => format!("{times} can't be read so."),
                false => format!("{times} can't be read as the profile states."),
            });
        }
        (!told).then(|| {
            format!(
                "{times} can't be read. Dates such as 03/04/2026 are never guessed: state `format` under [time] in a profile."
            )
        })
    }

    /// Names of the columns that play no role; they are kept with drawn calls all the same.
    pub fn other_columns(&self) -> Vec<&str> {
        let used: Vec<usize> = (self.columns.found().iter())
            .flat_map(|found| self.columns.all_of(found.role))
            .copied()
            .collect();
        let names = self.columns.names().iter().enumerate();
        names
            .filter(|(at, _)| !used.contains(at))
            .map(|(_, name)| name.as_str())
            .collect()
    }

    /// What the caller-type column says and what it was read as.
    pub fn values(&self) -> Table {
        let mut table = Table::new(
            "caller_type_values",
            "Caller types as logged",
            vec![
                Column::new("value", "Logged value", Align::Left),
                Column::new("caller_type", "Read as", Align::Left),
                Column::new("rows", "Rows", Align::Right),
            ],
        );
        for (value, (caller_type, rows)) in &self.seen.values {
            table.push(vec![
                Cell::text(value),
                Cell::text(caller_type.as_str()),
                Cell::Count(*rows),
            ]);
        }
        table
    }

    /// What each rule of the profile decided.
    pub fn rules(&self) -> Table {
        let mut table = Table::new(
            "caller_type_rules",
            "Caller-type rules of the profile",
            vec![
                Column::new("rule", "Rule", Align::Left),
                Column::new("rows", "Rows", Align::Right),
                Column::new("examples", "Examples", Align::Left),
            ],
        );
        for (rule, (rows, examples)) in self.columns.rules().zip(&self.seen.rules) {
            table.push(vec![
                Cell::text(&rule.to_string()),
                Cell::Count(*rows),
                Cell::text(&examples.join(", ")),
            ]);
        }
        table
    }

    /// Calls per CSR and caller type.
    pub fn cells(&self) -> Table {
        let types: Vec<CallerType> = CallerType::ALL
            .into_iter()
            .filter(|kind| *kind != CallerType::Unknown || self.count(None, *kind) > 0)
            .collect();
        let mut columns = vec![Column::new("csr", "CSR", Align::Left)];
        columns.extend(
            types
                .iter()
                .map(|kind| Column::new(kind.as_str(), kind.as_str(), Align::Right)),
        );
        columns.push(Column::new("calls", "Calls", Align::Right));
        let mut table = Table::new("cells", "Calls that count", columns);
        let row = |csr: Option<&str>| {
            let mut cells = vec![Cell::text(csr.unwrap_or("Total"))];
            cells.extend(types.iter().map(|kind| Cell::Count(self.count(csr, *kind))));
            cells.push(Cell::Count(
                types.iter().map(|kind| self.count(csr, *kind)).sum(),
            ));
            cells
        };
        let mut csrs: Vec<&str> = self
            .frame
            .cells
            .iter()
            .map(|cell| cell.csr.as_str())
            .collect();
        csrs.dedup();
        for csr in csrs {
            table.push(row(Some(csr)));
        }
        table.push_total(row(None));
        table
    }

    fn count(&self, csr: Option<&str>, caller_type: CallerType) -> u64 {
        let held = |cell: &&CellCount| {
            cell.caller_type == caller_type && csr.is_none_or(|csr| csr == cell.csr)
        };
        self.frame
            .cells
            .iter()
            .filter(held)
            .map(|cell| cell.eligible)
            .sum()
    }

    /// Every row that can't be used and every one that was mended: file where there are several, line and reason.
    pub fn problem_rows(&self) -> Vec<(Option<&str>, u64, &'static str)> {
        let refused = Refusal::ALL.into_iter().flat_map(|reason| {
            let lines = self.frame.refused.lines(reason).iter();
            lines.map(move |line| {
                let (file, line) = self.lines.place(*line);
                (file, line, reason.plain())
            })
        });
        let several = self.files.len() > 1;
        let mended = self.mended.iter().flat_map(|(file, lines)| {
            let file = several.then_some(file.as_str());
            lines.iter().map(move |line| (file, *line, "mended"))
        });
        let mut rows: Vec<_> = refused.chain(mended).collect();
        let place =
            |file: Option<&str>| self.files.iter().position(|own| Some(own.as_str()) == file);
        rows.sort_by_key(|(file, line, _)| (place(*file), *line));
        rows
    }

    /// The same as a table.
    pub fn problems(&self) -> Table {
        let mut columns = vec![
            Column::new("line", "Line", Align::Right),
            Column::new("problem", "Problem", Align::Left),
        ];
        let several = self.files.len() > 1;
        if several {
            columns.insert(0, Column::new("file", "File", Align::Left));
        }
        let mut table = Table::new(
            "problems",
            "Rows that can't be used or were mended",
            columns,
        );
        for (file, line, problem) in self.problem_rows() {
            let mut row = vec![Cell::Count(line), Cell::text(problem)];
            if several {
                row.insert(0, Cell::text(file.unwrap_or_default()));
            }
            table.push(row);
        }
        table
    }

    /// What was refused, by reason, with the first lines.
    pub fn refused(&self) -> Table {
        let mut table = Table::new(
            "refused",
            "Rows that can't be used",
            vec![
                Column::new("reason", "Reason", Align::Left),
                Column::new("rows", "Rows", Align::Right),
                Column::new("lines", "Lines", Align::Left),
            ],
        );
        for reason in Refusal::ALL {
            let count = self.frame.refused.count(reason);
            if count > 0 {
                let lines = self.frame.refused.lines(reason);
                let told = lines.iter().map(|line| self.lines.told(*line));
                let mut text = told.collect::<Vec<_>>().join(", ");
                if count > lines.len() as u64 {
                    text.push_str(", …");
                }
                table.push(vec![
                    Cell::text(reason.plain()),
                    Cell::Count(count),
                    Cell::text(&text),
                ]);
            }
        }
        table
    }
}
