//! A stratified sample from a table of somebody's own: values, strata, how many calls each stratum holds, domains.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::numbers::{NumberTable, is_missing, numbers};
use super::problem::Problem;
use crate::calls::escape;

/// Which columns say what.
#[derive(Clone, Copy, Debug)]
pub struct StratifiedColumns<'a> {
    pub value: &'a str,
    /// The columns that make a stratum; none for a simple random sample.
    pub strata: &'a [String],
    /// A column, or a file with the stratum columns and one more of numbers.
    pub population: Option<&'a str>,
    pub domain: Option<&'a str>,
    /// Values are 0 and 1.
    pub is_rate: bool,
}

/// The sample.
#[derive(Clone, Debug, PartialEq)]
pub struct StratifiedSample {
    /// In the order of their names; those of a population file may have no call.
    pub strata: Vec<OwnStratum>,
    /// In the file's order; one at least.
    pub calls: Vec<OwnCall>,
    /// In the order of their names.
    pub domains: Vec<String>,
}

/// One stratum.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnStratum {
    /// The texts of its columns.
    pub name: String,
    /// How many calls it holds, if that is known.
    pub population: Option<f64>,
}

/// One sampled call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OwnCall {
    /// Place among the strata.
    pub stratum: usize,
    /// `None` where it is outside the estimate.
    pub value: Option<f64>,
    /// Place among the domains.
    pub domain: Option<usize>,
}

type Key = Vec<String>;

/// Reads a sample.
///
/// # Errors
/// No such file or column; a value that is no number; a stratum without a name, or whose number of calls is missing, less
/// than 1, less than what was sampled, or not the same in every row. All but a missing one are told with their place.
pub fn stratified(
    path: &Path,
    columns: &StratifiedColumns<'_>,
) -> Result<StratifiedSample, Problem> {
    let table = numbers(path)?;
    let value = table.column(columns.value)?;
    let keys = Keys::of(&table, columns.strata)?;
    let mut values = Vec::new();
    for row in 0..table.rows().len() {
        let number = table.number(row, value)?;
        if columns.is_rate && number.is_some_and(|number| number != 0.0 && number != 1.0) {
            return Err(table.problem(row, value, "with --rate a value is 0 or 1"));
        }
        values.push(number);
    }
    let populations = populations(&table, columns, &keys)?;
    let mut names: BTreeSet<&Key> = keys.by_row.iter().collect();
    names.extend(populations.keys());
    let places: BTreeMap<&Key, usize> = names.iter().copied().zip(0..).collect();
    let texts: Vec<&str> = match columns.domain {
        Some(domain) => {
            let column = table.column(domain)?;
            table.rows().map(|cells| cells[column].as_str()).collect()
        }
        None => Vec::new(),
    };
    let texts = texts.iter().copied();
    let domains: BTreeSet<&str> = texts.clone().filter(|text| !is_missing(text)).collect();
    let domain_places: BTreeMap<&str, usize> = domains.iter().copied().zip(0..).collect();
    let mut domain_of = texts.map(|text| domain_places.get(text).copied());
    let calls = values.iter().zip(&keys.by_row).map(|(value, key)| OwnCall {
        stratum: places.get(key).copied().unwrap_or(0),
        value: *value,
        domain: domain_of.next().flatten(),
    });
    Ok(StratifiedSample {
        calls: calls.collect(),
        strata: names
            .iter()
            .map(|key| OwnStratum {
                name: key.join(", "),
                population: populations.get(*key).copied(),
            })
            .collect(),
        domains: domains.into_iter().map(str::to_owned).collect(),
    })
}

/// The strata of a table's rows.
struct Keys {
    columns: Vec<usize>,
    by_row: Vec<Key>,
}

impl Keys {
    fn of(table: &NumberTable, names: &[String]) -> Result<Self, Problem> {
        let columns = names.iter().map(|name| table.column(name));
        let columns = columns.collect::<Result<Vec<usize>, Problem>>()?;
        let mut by_row = Vec::new();
        for (row, cells) in table.rows().enumerate() {
            if let Some(blank) = columns.iter().find(|column| cells[**column].is_empty()) {
                return Err(table.problem(row, *blank, "this row does not name its stratum"));
            }
            by_row.push(
                columns
                    .iter()
                    .map(|column| cells[*column].clone())
                    .collect(),
            );
        }
        Ok(Self { columns, by_row })
    }
}

/// N_h by stratum; empty where none is asked for.
fn populations(
    table: &NumberTable,
    columns: &StratifiedColumns<'_>,
    keys: &Keys,
) -> Result<BTreeMap<Key, f64>, Problem> {
    let Some(wanted) = columns.population else {
        return Ok(BTreeMap::new());
    };
    let mut sampled: BTreeMap<&Key, usize> = BTreeMap::new();
    for key in &keys.by_row {
        *sampled.entry(key).or_default() += 1;
    }
    let path = Path::new(wanted);
    let found = match table.column(wanted) {
        Ok(column) => of_column(table, column, keys, &sampled)?,
        Err(_) if path.is_file() => of_file(&numbers(path)?, columns, &sampled)?,
        Err(problem) => {
            let message = format!(
                "`{}` is neither a column nor a file with numbers of calls",
                escape(wanted)
            );
            return Err(Problem { message, ..problem });
        }
    };
    let Some(missing) = sampled.keys().find(|key| !found.contains_key(**key)) else {
        return Ok(found);
    };
    let name = escape(&missing.join(", ")).into_owned();
    let message = format!("there is no number of calls for the stratum `{name}`");
    Err(Problem::bad(wanted, message).hint("add a row for it"))
}

fn of_column(
    table: &NumberTable,
    column: usize,
    keys: &Keys,
    sampled: &BTreeMap<&Key, usize>,
) -> Result<BTreeMap<Key, f64>, Problem> {
    let mut found: BTreeMap<Key, (f64, usize)> = BTreeMap::new();
    for (row, key) in keys.by_row.iter().enumerate() {
        let number = population(table, (row, column), key, sampled)?;
        let (before, first) = *found.entry(key.clone()).or_insert((number, row));
        if before != number {
            let line = table.line(first);
            let message =
                format!("this stratum has {number} calls here and {before} on line {line}");
            return Err(table.problem(row, column, message));
        }
    }
    Ok(found
        .into_iter()
        .map(|(key, (number, _))| (key, number))
        .collect())
}

/// The number of calls stands in the last column that names no stratum.
fn of_file(
    other: &NumberTable,
    columns: &StratifiedColumns<'_>,
    sampled: &BTreeMap<&Key, usize>,
) -> Result<BTreeMap<Key, f64>, Problem> {
    let keys = Keys::of(other, columns.strata)?;
    let free = |column: &usize| !keys.columns.contains(column);
    let Some(column) = (0..other.columns().len()).rev().find(free) else {
        let message = "this file has no column with numbers of calls";
        return Err(other.name_problem(0, message));
    };
    let mut found: BTreeMap<Key, (f64, usize)> = BTreeMap::new();
    for (row, key) in keys.by_row.into_iter().enumerate() {
        let number = population(other, (row, column), &key, sampled)?;
        if let Some((_, first)) = found.insert(key, (number, row)) {
            let line = other.line(first);
            let message = match columns.strata.is_empty() {
                true => "without --stratum there is one number of calls".to_owned(),
                false => format!("this stratum has a row before, on line {line}"),
            };
            return Err(other.problem(row, column, message));
        }
    }
    Ok(found
        .into_iter()
        .map(|(key, (number, _))| (key, number))
        .collect())
}

fn population(
    table: &NumberTable,
    (row, column): (usize, usize),
    key: &Key,
    sampled: &BTreeMap<&Key, usize>,
) -> Result<f64, Problem> {
    let number = table.number(row, column)?.filter(|number| *number >= 1.0);
    let Some(number) = number else {
        return Err(table.problem(row, column, "a stratum holds 1 call or more"));
    };
    let drawn = sampled.get(key).copied().unwrap_or(0);
    if drawn as f64 > number {
        let message = format!("{drawn} calls are sampled from a stratum of {number}");
        return Err(table.problem(row, column, message));
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Files(tempfile::TempDir);

    impl Files {
        fn with(files: &[(&str, &str)]) -> Self {
            let folder = tempfile::tempdir().expect("folder");
            for (name, text) in files {
                std::fs::write(folder.path().join(name), text).expect("written");
            }
            Self(folder)
        }

        fn read(
            &self,
            strata: &[&str],
            population: Option<&str>,
        ) -> Result<StratifiedSample, String> {
            let at = |name: &str| self.0.path().join(name).display().to_string();
            let population = population.map(|name| match name.contains('.') {
                true => at(name),
                false => name.to_owned(),
            });
            let strata: Vec<String> = strata.iter().map(|name| (*name).to_owned()).collect();
            let columns = StratifiedColumns {
                value: "v",
                strata: &strata,
                population: population.as_deref(),
                domain: None,
                is_rate: false,
            };
            stratified(Path::new(&at("v.csv")), &columns).map_err(|told| told.to_text(false))
        }
    }

    fn populations(sample: &StratifiedSample) -> Vec<(&str, Option<f64>)> {
        let strata = sample.strata.iter();
        strata
            .map(|one| (one.name.as_str(), one.population))
            .collect()
    }

    #[test]
    fn a_file_of_populations_may_have_its_columns_in_any_order_and_strata_without_calls() {
        let files = Files::with(&[
            ("v.csv", "v,s,t\n1,a,x\n2,a,x\n3,b,y\n"),
            ("p.csv", "S,note,T,calls\nb,,y,30\na,,x,20\nc,,x,5\n"),
        ]);
        let sample = files.read(&["s", "t"], Some("p.csv")).expect("sample");
        let wanted = [
            ("a, x", Some(20.0)),
            ("b, y", Some(30.0)),
            ("c, x", Some(5.0)),
        ];
        assert_eq!(populations(&sample), wanted);
        let places: Vec<usize> = sample.calls.iter().map(|call| call.stratum).collect();
        assert_eq!(places, [0, 0, 1]);
    }

    #[test]
    fn numbers_of_calls_that_contradict_the_sample_are_told_with_their_place() {
        let files = Files::with(&[
            ("v.csv", "v,s,N\n1,a,20\n2,a,21\n3,b,0\n"),
            ("few.csv", "s,n\na,1\nb,3\n"),
            ("twice.csv", "s,n\na,10\nb,3\na,10\n"),
            ("gap.csv", "s,n\na,10\n"),
            ("bare.csv", "s\na\n"),
        ]);
        for (population, says) in [
            ("N", "v.csv:3:5"),
            ("few.csv", "few.csv:2:3"),
            ("twice.csv", "on line 2"),
            ("gap.csv", "for the stratum `b`"),
            ("bare.csv", "no column with numbers"),
            ("none.csv", "neither a column nor a file"),
        ] {
            let told = files.read(&["s"], Some(population)).expect_err(population);
            assert!(told.contains(says), "{told}");
        }
        let told = files.read(&[], Some("few.csv")).expect_err("two numbers");
        assert!(told.contains("few.csv:2:3"), "{told}");
    }
}
