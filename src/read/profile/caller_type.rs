//! `[caller_type]`: values and rules that tell internal callers from external ones.

use regex::Regex;

use super::beside::{Beside, quoted};
use super::columns::column_choice;
use crate::calls::{
    CallerRule, CallerType, CellRule, CellTest, ExtensionRange, Extensions, Profile, escape,
};
use crate::read::tree::{Item, Table, ticked};

pub(super) fn caller_types(table: Table<'_>, profile: &mut Profile, beside: &Beside<'_>) {
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
        .filter_map(|table| caller_rule(table, beside))
        .collect();
    table.done();
}

fn caller_rule(table: Table<'_>, beside: &Beside<'_>) -> Option<CallerRule> {
    let mut asks = vec![cell_rule(&table, beside)];
    if let Some(item) = table.get("and") {
        let tables = match item.value.get_ref().as_array() {
            None => item.table().into_iter().collect(),
            Some(_) => table.tables("and"),
        };
        for also in tables {
            asks.push(cell_rule(&also, beside));
            also.done();
        }
    }
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
    let optional = table.flag("optional").unwrap_or(false);
    table.done();
    Some(CallerRule {
        asks: asks.into_iter().collect::<Option<Vec<_>>>()?,
        gives: gives?,
        optional,
    })
}

const TESTS: [&str; 8] = [
    "matches",
    "is",
    "one_of",
    "empty",
    "shorter_than",
    "prefix",
    "extensions",
    "extensions_file",
];

/// A column with one test.
fn cell_rule(table: &Table<'_>, beside: &Beside<'_>) -> Option<CellRule> {
    let column = table.need("column").and_then(|item| column_choice(&item));
    let tests: Vec<Item<'_>> = TESTS.into_iter().filter_map(|key| table.get(key)).collect();
    let test = match tests.as_slice() {
        [one] => cell_test(one, beside),
        [_, second, ..] => {
            second.fault(
                "a rule has one test only".to_owned(),
                Some("leave one, and ask for more with `and = { column = \"…\", … }`".to_owned()),
            );
            None
        }
        [] => {
            table.fault(
                "this rule tests nothing".to_owned(),
                Some(format!("add one of {}", ticked(&TESTS))),
            );
            None
        }
    };
    Some(CellRule {
        column: column?,
        test: test?,
    })
}

fn cell_test(item: &Item<'_>, beside: &Beside<'_>) -> Option<CellTest> {
    match item.key.as_str() {
        "empty" => item.flag().map(CellTest::Empty),
        "is" => item.text().map(CellTest::Is),
        "one_of" => some_texts(item).map(CellTest::OneOf),
        "shorter_than" => shorter_than(item),
        "prefix" => {
            let texts = some_texts(item)?;
            if texts.iter().any(|text| text.trim().is_empty()) {
                item.fault("every number begins with a blank prefix".to_owned(), None);
            }
            Some(CellTest::begins_with(texts.iter().map(String::as_str)))
        }
        "extensions" => {
            let texts = some_texts(item)?;
            let ranges = texts.iter().map(|text| extension(item, text, ""));
            let ranges = ranges.collect::<Option<Vec<_>>>()?;
            Some(CellTest::Extensions(Extensions::new(ranges)))
        }
        "extensions_file" => extensions_file(item, beside),
        _ => pattern(item).map(CellTest::Matches),
    }
}

/// One text or several.
fn some_texts(item: &Item<'_>) -> Option<Vec<String>> {
    let texts = item.texts()?;
    if texts.is_empty() {
        item.fault(format!("`{}` is empty", escape(&item.key)), None);
        return None;
    }
    Some(texts)
}

fn shorter_than(item: &Item<'_>) -> Option<CellTest> {
    let length = item.integer()?;
    let length = usize::try_from(length).ok().filter(|length| *length > 1);
    if length.is_none() {
        item.fault("`shorter_than` must be 2 or more".to_owned(), None);
    }
    length.map(CellTest::ShorterThan)
}

fn extension(item: &Item<'_>, text: &str, place: &str) -> Option<ExtensionRange> {
    let range = text.trim().parse();
    let told = |fault: &crate::calls::NotAnExtension| {
        item.fault(format!("{place}{}", escape(&fault.to_string())), None);
    };
    range.inspect_err(told).ok()
}

/// One extension or range a line; what follows a comma, a semicolon, a tab or `#` is for people.
fn extensions_file(item: &Item<'_>, beside: &Beside<'_>) -> Option<CellTest> {
    let (name, text) = beside.read(item)?;
    let (mut ranges, mut told) = (Vec::new(), Vec::new());
    for (at, line) in text.lines().enumerate() {
        let first = line
            .split([',', ';', '\t', '#'])
            .next()
            .unwrap_or("")
            .trim();
        if first.is_empty() {
            continue;
        }
        let place = format!("`{}`, line {}: ", escape(&name), at + 1);
        ranges.push(extension(item, first, &place)?);
        told.push(quoted(first));
    }
    if ranges.is_empty() {
        item.fault(format!("`{}` lists no extension", escape(&name)), None);
        return None;
    }
    beside.take_in(item, "extensions", &format!("[{}]", told.join(", ")));
    Some(CellTest::Extensions(Extensions::new(ranges)))
}

/// A regular expression.
pub(in crate::read) fn pattern(item: &Item<'_>) -> Option<Regex> {
    let pattern = item.text()?;
    match Regex::new(&pattern) {
        Ok(regex) => Some(regex),
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
