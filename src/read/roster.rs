//! A roster as CSV: columns `csr`, and `alias`, `team`, `from`, `to` where they say something.

use std::path::Path;

use jiff::civil::Date;

use super::file::{name_of, read_text};
use super::numbers::{NumberTable, table};
use super::problem::{Problem, Problems};
use crate::calls::{Roster, RosterEntry, RosterFault, RosterFaultKind, escape, same_name};
use crate::rubric::nearest;

/// A roster and the text it was read from.
#[derive(Clone, Debug)]
pub struct LoadedRoster {
    pub roster: Roster,
    pub source: String,
}

const MOST_BYTES: u64 = 64 << 20;

const COLUMNS: [&str; 5] = ["csr", "alias", "team", "from", "to"];

/// Reads a roster file.
///
/// # Errors
/// The file can't be read, or what is wrong with it.
pub fn roster(path: &Path) -> Result<LoadedRoster, Problems> {
    let source = read_text(path, MOST_BYTES)?;
    let roster = roster_text(&name_of(path), &source)?;
    Ok(LoadedRoster { roster, source })
}

/// Reads a roster from its text; `name` stands in problems.
///
/// # Errors
/// What is wrong with its form; else everything that is wrong with its columns; else with its rows; else what they
/// contradict each other in.
pub fn roster_text(name: &str, text: &str) -> Result<Roster, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = Rows::new(table(name.to_owned(), text.to_owned())?)?;
    let entries = rows.entries()?;
    Roster::new(&entries).map_err(|faults| {
        let told = faults.iter().map(|fault| rows.problem(fault, &entries));
        Problems::new(told.collect())
    })
}

/// The file's rows, and where the columns stand, in the order of [`COLUMNS`].
struct Rows {
    table: NumberTable,
    places: [Option<usize>; COLUMNS.len()],
}

impl Rows {
    fn new(table: NumberTable) -> Result<Self, Problems> {
        let mut places = [None; COLUMNS.len()];
        let mut problems = Vec::new();
        for (at, name) in table.columns().iter().enumerate() {
            match COLUMNS.iter().position(|column| same_name(column, name)) {
                Some(column) if places[column].is_none() => places[column] = Some(at),
                Some(column) => {
                    let message = format!("the column `{}` stands twice", COLUMNS[column]);
                    problems.push(table.name_problem(at, message));
                }
                None => problems.push(unknown(&table, at, name)),
            }
        }
        if places[0].is_none() && problems.is_empty() {
            let problem = table.name_problem(0, "there is no column `csr`");
            problems.push(problem.hint("it holds each CSR's one name"));
        }
        match Problems::from_list(problems) {
            Some(problems) => Err(problems),
            None => Ok(Self { table, places }),
        }
    }

    fn entries(&self) -> Result<Vec<RosterEntry>, Problems> {
        let mut problems = Vec::new();
        let mut entries = Vec::new();
        for row in 0..self.table.rows().len() {
            let text = |column| Some(self.text(row, column)).filter(|text| !text.is_empty());
            let mut day = |column| match text(column).map(day) {
                None => None,
                Some(Some(day)) => Some(day),
                Some(None) => {
                    problems.push(self.no_day(row, column));
                    None
                }
            };
            let (from, to) = (day("from"), day("to"));
            entries.push(RosterEntry {
                csr: self.text(row, "csr").to_owned(),
                alias: text("alias").map(str::to_owned),
                team: text("team").map(str::to_owned),
                from,
                to,
            });
        }
        match Problems::from_list(problems) {
            Some(problems) => Err(problems),
            None => Ok(entries),
        }
    }

    fn place(&self, column: &str) -> Option<usize> {
        let named = COLUMNS.iter().position(|name| *name == column)?;
        self.places[named]
    }

    /// Empty where the column is not there.
    fn text(&self, row: usize, column: &str) -> &str {
        self.place(column)
            .map_or("", |place| self.table.text(row, place))
    }

    fn at(&self, row: usize, column: &str, message: impl Into<String>) -> Problem {
        let place = self.place(column).unwrap_or(0);
        self.table.problem(row, place, message)
    }

    fn no_day(&self, row: usize, column: &str) -> Problem {
        let text = escape(self.text(row, column));
        self.at(row, column, format!("`{text}` is no day"))
            .hint("write year, month and day, for instance 2026-07-01")
    }

    fn problem(&self, fault: &RosterFault, entries: &[RosterEntry]) -> Problem {
        let (row, line) = (fault.entry, |other| self.table.line(other));
        let alias = || escape(self.text(row, "alias"));
        match fault.kind {
            RosterFaultKind::NoCsr => self
                .at(row, "csr", "this row names no CSR")
                .hint("write the CSR's one name in the column `csr`"),
            RosterFaultKind::FromAfterTo => self
                .at(row, "from", "`from` is later than `to`")
                .hint("swap them"),
            RosterFaultKind::PeriodWithoutTeam => {
                let filled = |column: &&str| !self.text(row, column).is_empty();
                let column = ["from", "to"].into_iter().find(filled).unwrap_or("to");
                self.at(row, column, "these days are of no team").hint(
                    "name the team, or leave them blank: a spelling is folded whenever it is logged",
                )
            }
            RosterFaultKind::AliasOfTwo { other } => {
                let message = format!(
                    "`{}` is another spelling of `{}` on line {}",
                    alias(),
                    escape(&entries[other].csr),
                    line(other)
                );
                self.at(row, "alias", message)
                    .hint("a spelling means one CSR; leave out one that two CSRs share")
            }
            RosterFaultKind::AliasIsCsr { other } => {
                let message = format!("`{}` is a CSR itself on line {}", alias(), line(other));
                let hint = "an alias can't have aliases or teams; write the person's one name in the column `csr` of all \
                            their rows";
                self.at(row, "alias", message).hint(hint)
            }
            RosterFaultKind::Overlap { other } => {
                let message = format!(
                    "`{}` is in `{}` on some of these days (line {})",
                    escape(&entries[row].csr),
                    escape(entries[other].team.as_deref().unwrap_or_default()),
                    line(other)
                );
                self.at(row, "team", message)
                    .hint("end one period on the day before the other begins")
            }
        }
    }
}

fn unknown(table: &NumberTable, at: usize, name: &str) -> Problem {
    if name.is_empty() {
        return table
            .name_problem(at, "this column has no name")
            .hint("name it, or take it out");
    }
    let hint = match nearest(name, COLUMNS) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("columns of a roster: {}", COLUMNS.join(", ")),
    };
    let message = format!("a roster has no column `{}`", escape(name));
    table.name_problem(at, message).hint(hint)
}

/// Year first, so that day and month can't be mistaken for each other.
fn day(text: &str) -> Option<Date> {
    let day = text.parse::<Date>().ok();
    day.filter(|day| day.year() >= 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let problems = roster_text("r.csv", text).expect_err("has problems");
        problems.to_text(false)
    }

    #[test]
    fn columns_are_found_by_name_and_blank_cells_say_nothing() {
        let roster = roster_text(
            "r.csv",
            "\u{feff}Team,FROM,To,Csr,ALIAS\r\nBilling,2026-07-01,,Jo Smith,\"Smith, Jo\"\r\n,,, Ada ,\r\n",
        )
        .expect("roster");
        assert_eq!(roster.csr("Smith, Jo"), "Jo Smith");
        assert_eq!(roster.team("Jo Smith", day("2026-07-01")), Some("Billing"));
        assert_eq!(roster.team("Jo Smith", day("2026-06-30")), None);
        assert!(roster.knows("Ada"));
        assert!(roster_text("r.csv", "csr\nJo\n").is_ok());
    }

    #[test]
    fn an_unknown_column_is_shown_with_the_nearest_one() {
        assert_eq!(
            told("csr,aliass,agent,,csr\nJo,,,,\n"),
            "\
error: a roster has no column `aliass`
 --> r.csv:1:5
  |
1 | csr,aliass,agent,,csr
  |     ^^^^^^
  |
  = help: did you mean `alias`?

error: a roster has no column `agent`
 --> r.csv:1:12
  |
1 | csr,aliass,agent,,csr
  |            ^^^^^
  |
  = help: columns of a roster: csr, alias, team, from, to

error: this column has no name
 --> r.csv:1:18
  |
1 | csr,aliass,agent,,csr
  |                  ^
  |
  = help: name it, or take it out

error: the column `csr` stands twice
 --> r.csv:1:19
  |
1 | csr,aliass,agent,,csr
  |                   ^^^"
        );
        assert!(told("team\nBilling\n").contains("there is no column `csr`"));
    }

    #[test]
    fn every_day_that_is_none_is_shown() {
        let text = told("csr,team,from,to\nJo,Billing,01.07.2026,2026-02-30\n");
        for (place, day) in [("2:12", "01.07.2026"), ("2:23", "2026-02-30")] {
            assert!(text.contains(place), "{text}");
            assert!(text.contains(&format!("`{day}` is no day")), "{text}");
        }
    }

    #[test]
    fn what_rows_contradict_each_other_in_is_told_with_both_lines() {
        let text = told(
            "csr,alias,team,from,to\nJo,J.,Billing,2026-07-01,\nJim,J.,,,\nJo,,Orders,,2026-07-01\nAda,Jim,,,\n\
             ,,Orders,,\nEve,,Orders,2026-07-02,2026-07-01\nEve,,,,2026-07-01\n",
        );
        for told in [
            "error: `J.` is another spelling of `Jo` on line 2\n --> r.csv:3:5",
            "error: `Jo` is in `Billing` on some of these days (line 2)\n --> r.csv:4:5",
            "error: `Jim` is a CSR itself on line 3\n --> r.csv:5:5",
            "error: this row names no CSR\n --> r.csv:6:1",
            "error: `from` is later than `to`\n --> r.csv:7:13",
            "error: these days are of no team\n --> r.csv:8:8",
        ] {
            assert!(text.contains(told), "{told} in\n{text}");
        }
        assert_eq!(text.matches("= help: ").count(), 6, "{text}");
    }
}
