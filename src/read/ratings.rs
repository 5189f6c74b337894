//! Ratings of units by raters, from a table of somebody's own: one row per rating, or one row per unit.

use std::collections::{BTreeMap, HashMap};

use super::numbers::{NumberTable, is_missing};
use super::problem::Problem;
use crate::calls::escape;
use crate::rubric::nearest;

/// Where in the table ratings stand.
#[derive(Clone, Copy, Debug)]
pub enum RatingColumns<'a> {
    /// One row per rating: the columns that name unit and rater, and the one with the rating.
    Long {
        unit: &'a str,
        rater: &'a str,
        value: &'a str,
    },
    /// One row per unit: every other column is a rater. Without a unit column each row is a unit.
    Wide { unit: Option<&'a str> },
}

/// Ratings, each with the place it came from.
#[derive(Clone, Debug)]
pub struct RatingTable {
    table: NumberTable,
    /// Who gave a rating, in the file's order.
    raters: Vec<String>,
    /// Those named without a rating.
    silent: Vec<String>,
    /// Units by raters: row and column of each rating.
    units: Vec<Vec<Option<(usize, usize)>>>,
}

/// An answer that a rating can be. `1` and `1.0` are one category.
#[derive(Clone, Debug, PartialEq)]
pub struct Category {
    pub name: String,
    /// `None` where the name is no number.
    pub number: Option<f64>,
}

impl Category {
    pub fn new(name: &str) -> Self {
        let number = name.parse::<f64>().ok().filter(|number| number.is_finite());
        Self {
            name: name.to_owned(),
            number,
        }
    }

    /// What makes two categories the same.
    fn key(&self) -> Key {
        match self.number {
            // Minus zero is zero.
            Some(number) => Key::Number((number + 0.0).to_bits()),
            None => Key::Text(self.name.clone()),
        }
    }

    /// Whether both are the same answer.
    pub fn is(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Number(u64),
    Text(String),
}

/// Finds the ratings of a table.
///
/// # Errors
/// No such column; a row without a unit or a rater; a second rating of a unit by a rater, told with both lines.
pub fn ratings(table: NumberTable, columns: RatingColumns<'_>) -> Result<RatingTable, Problem> {
    let mut building = Building::default();
    match columns {
        RatingColumns::Long { unit, rater, value } => {
            let (unit, rater) = (table.column(unit)?, table.column(rater)?);
            let value = table.column(value)?;
            for (row, cells) in table.rows().enumerate() {
                for (column, what) in [(unit, "unit"), (rater, "rater")] {
                    if cells[column].is_empty() {
                        return Err(table.problem(
                            row,
                            column,
                            format!("this row names no {what}"),
                        ));
                    }
                }
                let at = (
                    building.units.place(&cells[unit]),
                    building.raters.place(&cells[rater]),
                );
                building.add(&table, at, row, value)?;
            }
        }
        RatingColumns::Wide { unit } => {
            let unit = unit.map(|unit| table.column(unit)).transpose()?;
            let raters = building.rater_columns(&table, unit)?;
            let mut lines = HashMap::new();
            for (row, cells) in table.rows().enumerate() {
                if let Some(column) = unit {
                    let name = cells[column].as_str();
                    if name.is_empty() {
                        return Err(table.problem(row, column, "this row names no unit"));
                    }
                    if let Some(line) = lines.insert(name, table.line(row)) {
                        let message = format!("this unit has a row before, on line {line}");
                        return Err(table.problem(row, column, message));
                    }
                }
                for (rater, column) in raters.iter().enumerate() {
                    building.add(&table, (row, rater), row, *column)?;
                }
            }
            building.rows = table.rows().len();
        }
    }
    Ok(building.finish(table))
}

/// Names numbered in the order they come.
#[derive(Default)]
struct Names {
    places: HashMap<String, usize>,
    list: Vec<String>,
}

impl Names {
    fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.places.insert(name.to_owned(), self.list.len());
        self.list.push(name.to_owned());
        self.list.len() - 1
    }
}

#[derive(Default)]
struct Building {
    units: Names,
    raters: Names,
    /// Of a wide table: each is a unit.
    rows: usize,
    /// By unit and rater: row and column.
    cells: BTreeMap<(usize, usize), (usize, usize)>,
}

impl Building {
    fn rater_columns(
        &mut self,
        table: &NumberTable,
        unit: Option<usize>,
    ) -> Result<Vec<usize>, Problem> {
        let mut columns = Vec::new();
        for (column, name) in table.columns().iter().enumerate() {
            if unit == Some(column) {
                continue;
            }
            if name.is_empty() {
                return Err(table.name_problem(column, "this column names no rater"));
            }
            if self.raters.place(name) < columns.len() {
                let message = "two columns are of the same rater";
                return Err(table.name_problem(column, message));
            }
            columns.push(column);
        }
        Ok(columns)
    }

    fn add(
        &mut self,
        table: &NumberTable,
        at: (usize, usize),
        row: usize,
        column: usize,
    ) -> Result<(), Problem> {
        if is_missing(table.text(row, column)) {
            return Ok(());
        }
        if let Some((before, _)) = self.cells.insert(at, (row, column)) {
            let line = table.line(before);
            let message = format!("this rater has rated this unit before, on line {line}");
            return Err(table.problem(row, column, message));
        }
        Ok(())
    }

    fn finish(self, table: NumberTable) -> RatingTable {
        let mut gave = vec![false; self.raters.list.len()];
        for (_, rater) in self.cells.keys() {
            gave[*rater] = true;
        }
        let kept: Vec<usize> = (0..gave.len()).filter(|rater| gave[*rater]).collect();
        let units = self.units.list.len().max(self.rows);
        let rating = |unit, rater: &usize| self.cells.get(&(unit, *rater)).copied();
        let units = (0..units).map(|unit| kept.iter().map(|rater| rating(unit, rater)).collect());
        let named = |wanted: bool| {
            let names = self.raters.list.iter().zip(&gave);
            names
                .filter(|(_, gave)| **gave == wanted)
                .map(|(name, _)| name.clone())
                .collect()
        };
        RatingTable {
            units: units.collect(),
            raters: named(true),
            silent: named(false),
            table,
        }
    }
}

impl RatingTable {
    /// Who gave a rating, in the file's order.
    pub fn raters(&self) -> &[String] {
        &self.raters
    }

    /// Raters who are named and gave no rating.
    pub fn silent(&self) -> &[String] {
        &self.silent
    }

    /// The different ratings, by number where all are numbers, else by text.
    pub fn seen(&self) -> Vec<Category> {
        let mut seen: HashMap<Key, Category> = HashMap::new();
        for at in self.units.iter().flatten().flatten() {
            let category = self.category(*at);
            seen.entry(category.key()).or_insert(category);
        }
        let mut seen: Vec<Category> = seen.into_values().collect();
        if seen.iter().all(|category| category.number.is_some()) {
            seen.sort_by(|a, b| a.number.unwrap_or(0.0).total_cmp(&b.number.unwrap_or(0.0)));
        } else {
            seen.sort_by(|a, b| a.name.cmp(&b.name));
        }
        seen
    }

    /// Units by raters, each rating as its place among the categories.
    ///
    /// # Errors
    /// A rating is none of them; told with line and column.
    pub fn coded(&self, categories: &[Category]) -> Result<Vec<Vec<Option<usize>>>, Problem> {
        let places = categories.iter().zip(0..);
        let places: HashMap<Key, usize> = places
            .map(|(category, place)| (category.key(), place))
            .collect();
        let code = |at: &Option<(usize, usize)>| match at {
            None => Ok(None),
            Some((row, column)) => {
                let given = self.category((*row, *column));
                match places.get(&given.key()) {
                    Some(place) => Ok(Some(*place)),
                    None => Err(self.unknown(&given.name, categories, (*row, *column))),
                }
            }
        };
        let units = self.units.iter();
        units.map(|unit| unit.iter().map(code).collect()).collect()
    }

    fn unknown(&self, given: &str, offered: &[Category], at: (usize, usize)) -> Problem {
        let names = || offered.iter().map(|category| category.name.as_str());
        let hint = match nearest(given, names()) {
            Some(near) => format!("did you mean `{}`?", escape(near)),
            None => format!("categories: {}", names().collect::<Vec<_>>().join(", ")),
        };
        let message = format!("`{}` is none of the categories", escape(given));
        self.table.problem(at.0, at.1, message).hint(hint)
    }

    /// Checks that every rating is a number, of at least `least` where that is given.
    ///
    /// # Errors
    /// The first that isn't, told with line and column.
    pub fn check_numbers(&self, least: Option<f64>) -> Result<(), Problem> {
        for (row, column) in self.units.iter().flatten().flatten() {
            let number = self.table.number(*row, *column)?;
            if let Some(least) = least.filter(|least| number.is_some_and(|n| n < *least)) {
                let message = format!("on this scale a rating is {least} or more");
                return Err(self.table.problem(*row, *column, message));
            }
        }
        Ok(())
    }

    fn category(&self, (row, column): (usize, usize)) -> Category {
        Category::new(self.table.text(row, column))
    }
}
