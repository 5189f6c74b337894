//! A profile file: how one telephone system's export differs from a plain log.

mod beside;
mod caller_type;
mod columns;
mod csr;
mod file;
mod time;

use std::path::Path;

use super::excerpt::Source;
use super::file::{name_of, read_text};
use super::problem::Problems;
use super::recognise::Signs;
use super::tree::{Item, Table, Tree, format_is_known};
use crate::calls::{ColumnValues, DurationUnit, Profile, Role};
use beside::Beside;

pub(super) use caller_type::pattern;

/// A profile and the text it was read from, which is kept with the sample: what it takes from files beside it stands in
/// the text.
#[derive(Clone, Debug)]
pub struct LoadedProfile {
    pub profile: Profile,
    pub source: String,
}

const MOST_BYTES: u64 = 4 << 20;

/// Reads a profile file, and the files beside it that it names.
///
/// # Errors
/// The file can't be read, or everything that is wrong with it.
pub(super) fn profile_file(path: &Path) -> Result<LoadedProfile, Problems> {
    let source = read_text(path, MOST_BYTES)?;
    let beside = Beside::new(path.parent());
    let (profile, _) = parse(&name_of(path), &source, &beside)?;
    let source = beside.taken_in(source);
    Ok(LoadedProfile { profile, source })
}

/// Reads a profile from its text; `name` stands in problems.
///
/// # Errors
/// Everything that is wrong.
pub fn profile_text(name: &str, text: &str) -> Result<Profile, Problems> {
    signed_profile(name, text).map(|(profile, _)| profile)
}

/// Reads a profile from its text, and by what a log of its kind is known.
pub(super) fn signed_profile(name: &str, text: &str) -> Result<(Profile, Signs), Problems> {
    parse(name, text, &Beside::new(None))
}

fn parse(name: &str, text: &str, beside: &Beside<'_>) -> Result<(Profile, Signs), Problems> {
    let source = Source::new(name, text);
    let tree = Tree::parse(&source)?;
    let mut profile = Profile::default();
    let mut signs = Signs::default();
    let top = tree.top();
    if format_is_known(&top, "profile") {
        profile.name = top.text("name").unwrap_or_default();
        profile.about = top.text("about").unwrap_or_default();
        if let Some(table) = top.table("file") {
            file::file(table, &mut profile);
        }
        for (key, optional) in [("columns", false), ("optional_columns", true)] {
            if let Some(table) = top.table(key) {
                columns::columns(&table, optional, &mut profile);
            }
        }
        if let Some(table) = top.table("time") {
            time::time(table, &mut profile);
        }
        if let Some(table) = top.table("call_id") {
            columns::ids(table, &mut profile);
        }
        if let Some(table) = top.table("copies") {
            let latest = table.need("latest");
            profile.latest = latest.and_then(|item| columns::column_choice(&item));
            table.done();
        }
        if let Some(table) = top.table("duration") {
            duration(table, &mut profile);
        }
        if let Some(table) = top.table("csr") {
            csr::csr(table, &mut profile, beside);
        }
        if let Some(table) = top.table("caller_type") {
            caller_type::caller_types(table, &mut profile, beside);
        }
        profile.only = top.table("only").map_or(Vec::new(), values);
        profile.complete = top.table("complete").map_or(Vec::new(), values);
        if let Some(table) = top.table("recognise") {
            signs = Signs::of(table);
        }
        top.done();
    }
    match Problems::from_list(tree.into_problems()) {
        Some(problems) => Err(problems),
        None => Ok((profile, signs)),
    }
}

/// `[duration]`: how durations are written.
fn duration(table: Table<'_>, profile: &mut Profile) {
    if let Some(item) = table.get("end") {
        let named = |role: Role| (profile.columns.iter()).any(|named| named.role == role);
        if named(Role::DurationS) {
            let hint = "leave one of them".to_owned();
            item.fault(
                "`duration_s` stands in `columns` already".to_owned(),
                Some(hint),
            );
        }
        for other in ["unit", "clock"] {
            if let Some(item) = table.get(other) {
                let message =
                    format!("`{other}` is of durations as logged; with `end` there are none");
                item.fault(message, Some("leave one of them".to_owned()));
            }
        }
        profile.end = columns::column_name(&item);
        return table.done();
    }
    let clock = table.get("clock");
    let unit_item = match clock {
        Some(_) => table.get("unit"),
        None => table.need("unit"),
    };
    profile.duration = unit_item.and_then(|item| unit(&item)).unwrap_or_default();
    if let Some(item) = clock {
        let text = item.text().unwrap_or_default();
        match text.as_str() {
            "h:mm" => profile.hours_first = true,
            "mm:ss" => {}
            _ => item.no_choice(&text, ["h:mm", "mm:ss"].into_iter()),
        }
    }
    table.done();
}

fn unit(item: &Item<'_>) -> Option<DurationUnit> {
    let text = item.text()?;
    let unit = UNITS.iter().find(|(word, _)| *word == text);
    if unit.is_none() {
        item.no_choice(&text, UNITS.iter().map(|(word, _)| *word));
    }
    unit.map(|(_, unit)| *unit)
}

const UNITS: [(&str, DurationUnit); 4] = [
    ("seconds", DurationUnit::Seconds),
    ("milliseconds", DurationUnit::Milliseconds),
    ("minutes", DurationUnit::Minutes),
    ("days", DurationUnit::Days),
];

/// A table of columns, each with the value or the values it must have.
fn values(table: Table<'_>) -> Vec<ColumnValues> {
    let wanted = |item: Item<'_>| {
        let column = columns::key_column(&item);
        let values = item.texts()?;
        if values.is_empty() {
            item.fault(
                "no value is given, so no row could be right".to_owned(),
                None,
            );
        }
        Some(ColumnValues { column, values })
    };
    table.entries().into_iter().filter_map(wanted).collect()
}

#[cfg(test)]
mod tests;
