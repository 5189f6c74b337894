//! A profile file: how one telephone system's export differs from a plain log.

use std::path::Path;

use encoding_rs::Encoding;
use jiff::civil::date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use regex::Regex;

use super::excerpt::Source;
use super::file::{name_of, read_text};
use super::problem::Problems;
use super::tree::{Item, Table, Tree, format_is_known};
use crate::calls::{
    CallerRule, CallerType, CellTest, ColumnName, DurationUnit, Profile, Role, TimeReader, escape,
};
use crate::rubric::nearest;

/// A profile and the text it was read from, which is kept with the sample.
#[derive(Clone, Debug)]
pub struct LoadedProfile {
    pub profile: Profile,
    pub source: String,
}

const MOST_BYTES: u64 = 4 << 20;

/// Reads a profile file.
///
/// # Errors
/// The file can't be read, or everything that is wrong with it.
pub fn profile(path: &Path) -> Result<LoadedProfile, Problems> {
    let source = read_text(path, MOST_BYTES)?;
    let profile = profile_text(&name_of(path), &source)?;
    Ok(LoadedProfile { profile, source })
}

/// Reads a profile from its text; `name` stands in problems.
///
/// # Errors
/// Everything that is wrong.
pub fn profile_text(name: &str, text: &str) -> Result<Profile, Problems> {
    let source = Source::new(name, text);
    let tree = Tree::parse(&source)?;
    let mut profile = Profile::default();
    let top = tree.top();
    if format_is_known(&top, "profile") {
        profile.name = top.text("name").unwrap_or_default();
        if let Some(table) = top.table("file") {
            file(table, &mut profile);
        }
        if let Some(table) = top.table("columns") {
            profile.columns = columns(&table);
        }
        if let Some(table) = top.table("time") {
            profile.time = time(table);
        }
        if let Some(table) = top.table("duration") {
            profile.duration = table
                .need("unit")
                .and_then(|item| unit(&item))
                .unwrap_or_default();
            table.done();
        }
        if let Some(table) = top.table("caller_type") {
            caller_types(table, &mut profile);
        }
        top.done();
    }
    match Problems::from_list(tree.into_problems()) {
        Some(problems) => Err(problems),
        None => Ok(profile),
    }
}

fn file(table: Table<'_>, profile: &mut Profile) {
    if let Some(delimiter) = table.get("delimiter").and_then(|item| delimiter(&item)) {
        profile.delimiter = Some(delimiter);
    }
    profile.sheet = table.text("sheet");
    profile.header = table.flag("header").unwrap_or(true);
    if let Some(name) = table.get("encoding").and_then(|item| encoding(&item)) {
        profile.encoding = Some(name);
    }
    table.done();
}

fn delimiter(item: &Item<'_>) -> Option<u8> {
    let text = item.text()?;
    match text.as_bytes() {
        b"tab" | b"\t" => Some(b'\t'),
        [one] if one.is_ascii_punctuation() && *one != b'"' || *one == b' ' => Some(*one),
        _ => {
            item.fault(
                format!("`{}` can't be the delimiter", escape(&text)),
                Some("use one character such as \",\" \";\" \"|\", or \"tab\"".to_owned()),
            );
            None
        }
    }
}

/// What call logs come in; the WHATWG list has many more.
const COMMON_ENCODINGS: [&str; 8] = [
    "utf-8",
    "windows-1252",
    "utf-16le",
    "utf-16be",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1250",
    "shift_jis",
];

fn encoding(item: &Item<'_>) -> Option<String> {
    let label = item.text()?;
    if Encoding::for_label_no_replacement(label.as_bytes()).is_none() {
        let hint = match nearest(&label, COMMON_ENCODINGS) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "for instance utf-8, windows-1252 or utf-16le".to_owned(),
        };
        item.fault(
            format!("no encoding is called `{}`", escape(&label)),
            Some(hint),
        );
        return None;
    }
    Some(label)
}

fn columns(table: &Table<'_>) -> Vec<(Role, ColumnName)> {
    let column = |item: Item<'_>| {
        let Some(role) = Role::named(&item.key) else {
            let roles: Vec<&str> = Role::ALL.into_iter().map(Role::as_str).collect();
            let hint = match nearest(&item.key, roles.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("choose one of {}", super::tree::ticked(&roles)),
            };
            let key = escape(&item.key);
            item.fault(format!("`{key}` is not a column we know"), Some(hint));
            return None;
        };
        Some((role, column_name(&item)?))
    };
    table.entries().into_iter().filter_map(column).collect()
}

fn column_name(item: &Item<'_>) -> Option<ColumnName> {
    if let Some(name) = item.value.get_ref().as_str() {
        if name.trim().is_empty() {
            item.fault(format!("`{}` names no column", escape(&item.key)), None);
            return None;
        }
        return Some(ColumnName::Header(name.to_owned()));
    }
    let position = item
        .value
        .get_ref()
        .as_integer()
        .and_then(|whole| usize::from_str_radix(whole.as_str(), whole.radix()).ok())
        .filter(|position| *position > 0);
    if position.is_none() {
        let key = escape(&item.key);
        item.fault(
            format!("`{key}` must be a column's header or its position, counted from 1"),
            None,
        );
    }
    position.map(ColumnName::Position)
}

fn time(table: Table<'_>) -> TimeReader {
    let zone = table.get("zone").and_then(|item| zone(&item));
    let format = table
        .get("format")
        .and_then(|item| time_format(&item, zone.as_ref()));
    table.done();
    TimeReader::new(format, zone)
}

fn zone(item: &Item<'_>) -> Option<TimeZone> {
    let name = item.text()?;
    let zone = TimeZone::get(&name).ok();
    if zone.is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let near = nearest(&name, known.iter().map(String::as_str));
        item.fault(
            format!("no time zone is called `{}`", escape(&name)),
            Some(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "use an IANA name such as `Europe/Berlin`".to_owned(),
            }),
        );
    }
    zone
}

/// A format must read back what it writes.
fn time_format(item: &Item<'_>, zone: Option<&TimeZone>) -> Option<String> {
    let format = item.text()?;
    let zone_or_utc = zone.cloned().unwrap_or(TimeZone::UTC);
    let example = date(2026, 7, 14).at(9, 31, 7, 0);
    let written = zone_or_utc.to_timestamp(example).and_then(|instant| {
        strtime::format(&format, &instant.to_zoned_datetime(zone_or_utc.clone()))
    });
    let written = match written {
        Ok(written) => written,
        Err(error) => {
            let message = escape(&error.to_string()).into_owned();
            item.fault(
                format!("this is not a time format: {message}"),
                Some("for instance \"%d.%m.%Y %H:%M\"".to_owned()),
            );
            return None;
        }
    };
    let reader = TimeReader::new(Some(format.clone()), zone.cloned());
    if reader.read(&written).is_none() {
        item.fault(
            "this time format does not tell the day".to_owned(),
            Some("it needs year, month and day: for instance \"%d.%m.%Y %H:%M\"".to_owned()),
        );
        return None;
    }
    Some(format)
}

fn unit(item: &Item<'_>) -> Option<DurationUnit> {
    let text = item.text()?;
    match text.as_str() {
        "seconds" => Some(DurationUnit::Seconds),
        "milliseconds" => Some(DurationUnit::Milliseconds),
        "minutes" => Some(DurationUnit::Minutes),
        _ => {
            item.no_choice(&text, ["seconds", "milliseconds", "minutes"].into_iter());
            None
        }
    }
}

fn caller_types(table: Table<'_>, profile: &mut Profile) {
    for (key, gives) in [
        ("internal", CallerType::Internal),
        ("external", CallerType::External),
    ] {
        for item in table.list(key) {
            let Some(text) = item.text() else { continue };
            let same = |(known, _): &(String, CallerType)| {
                known.trim().to_lowercase() == text.trim().to_lowercase()
            };
            if profile.values.iter().any(same) {
                let text = escape(&text);
                item.fault(format!("the value `{text}` stands twice"), None);
            }
            profile.values.push((text, gives));
        }
    }
    profile.rules = table
        .tables("rule")
        .into_iter()
        .filter_map(caller_rule)
        .collect();
    table.done();
}

fn caller_rule(table: Table<'_>) -> Option<CallerRule> {
    let column = table.need("column").and_then(|item| column_name(&item));
    let tests: Vec<Item<'_>> = ["matches", "is", "empty"]
        .into_iter()
        .filter_map(|key| table.get(key))
        .collect();
    let test = match tests.as_slice() {
        [one] => cell_test(one),
        [_, second, ..] => {
            second.fault(
                "a rule has one test only".to_owned(),
                Some(
                    "leave one of `matches`, `is`, `empty`; make another rule for more".to_owned(),
                ),
            );
            None
        }
        [] => {
            table.fault(
                "this rule tests nothing".to_owned(),
                Some("add `matches = \"…\"`, `is = \"…\"` or `empty = true`".to_owned()),
            );
            None
        }
    };
    let gives = table.need("gives").and_then(|item| {
        let text = item.text()?;
        match text.as_str() {
            "internal" => Some(CallerType::Internal),
            "external" => Some(CallerType::External),
            _ => {
                item.no_choice(&text, ["internal", "external"].into_iter());
                None
            }
        }
    });
    table.done();
    Some(CallerRule {
        column: column?,
        test: test?,
        gives: gives?,
    })
}

fn cell_test(item: &Item<'_>) -> Option<CellTest> {
    match item.key.as_str() {
        "empty" => item.flag().map(CellTest::Empty),
        "is" => item.text().map(CellTest::Is),
        _ => {
            let pattern = item.text()?;
            match Regex::new(&pattern) {
                Ok(regex) => Some(CellTest::Matches(regex)),
                Err(error) => {
                    // The error draws the pattern over several lines; its last line says what is wrong.
                    let text = error.to_string();
                    let why = text.lines().last().unwrap_or_default();
                    let why = escape(why.trim_start_matches("error: ")).into_owned();
                    item.fault(format!("this is not a pattern: {why}"), None);
                    None
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
