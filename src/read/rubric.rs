//! A rubric file: from its text to a valid rubric, with a place for everything wrong.

use std::path::Path;

use super::excerpt::Source;
use super::file::{name_of, read_text};
use super::problem::{Problem, Problems};
use super::tree::{Item, Table, Tree, format_is_known};
use crate::calls::escape;
use crate::rubric::{
    AppliesTo, Band, BehaviorSource, Cost, CriticalSource, Driver, Example, Fault, FaultKind,
    KeyPath, NaPolicy, OptionSource, Rubric, RubricSource, ScaleSource, SectionSource,
    ShowIfSource, Step, Weigh,
};

/// A rubric and the text it was read from; the store keeps both.
#[derive(Clone, Debug)]
pub struct LoadedRubric {
    pub rubric: Rubric,
    pub source: String,
}

/// A rubric is written by hand; more than this is something else.
const MOST_BYTES: u64 = 4 << 20;

/// Reads a rubric file.
///
/// # Errors
/// The file can't be read, or everything that is wrong with it.
pub fn rubric(path: &Path) -> Result<LoadedRubric, Problems> {
    let source = read_text(path, MOST_BYTES)?;
    let rubric = rubric_text(&name_of(path), &source)?;
    Ok(LoadedRubric { rubric, source })
}

/// Reads a rubric from its text; `name` stands in problems.
///
/// # Errors
/// Everything that is wrong.
pub fn rubric_text(name: &str, text: &str) -> Result<Rubric, Problems> {
    let source = Source::new(name, text);
    let tree = Tree::parse(&source)?;
    let decoded = decode(&tree);
    let broken = tree.broken_tables();
    let built = decoded.map(|decoded| Rubric::build(&decoded));
    let faults = match &built {
        Some(Err(faults)) => faults.as_slice(),
        _ => &[],
    };
    let mut problems: Vec<Problem> = faults
        .iter()
        .filter(|fault| !follows_from(fault, &broken))
        .map(|fault| placed(&tree, fault))
        .collect();
    problems.extend(tree.into_problems());
    match built {
        Some(Ok(rubric)) if problems.is_empty() => Ok(rubric),
        _ => Err(Problems::new(problems)),
    }
}

/// Places faults that were found after reading, such as those of worked examples.
///
/// # Errors
/// The text is no TOML; it is then not the text the faults are about.
pub fn faults_to_problems(name: &str, text: &str, faults: &[Fault]) -> Problems {
    let source = Source::new(name, text);
    match Tree::parse(&source) {
        Ok(tree) => Problems::new(faults.iter().map(|fault| placed(&tree, fault)).collect()),
        Err(problems) => problems,
    }
}

fn placed(tree: &Tree<'_>, fault: &Fault) -> Problem {
    let message = escape(&fault.kind.to_string()).into_owned();
    Problem::in_source(tree.source, &tree.span(&fault.path), message).maybe_hint(fault.kind.hint())
}

/// Whether a fault may come from a stand-in for a value that could not be read.
fn follows_from(fault: &Fault, broken: &[KeyPath]) -> bool {
    let under = |key: &str| {
        let top = Step::Key(key.to_owned());
        broken.iter().any(|path| path.0.first() == Some(&top))
    };
    let inside = |path: &KeyPath| !path.0.is_empty() && fault.path.0.starts_with(&path.0);
    match &fault.kind {
        FaultKind::WeightsDontAddUp(_) => under("section") || under("rubric"),
        FaultKind::BadId(id) | FaultKind::DuplicateId(id) => id.is_empty(),
        FaultKind::UnknownScale { name, .. } => name.is_empty() || under("answers"),
        FaultKind::UnknownAnswer { .. } => under("answers") || under("section"),
        FaultKind::UnknownBehavior { .. } | FaultKind::Unreachable(_) => under("section"),
        FaultKind::NoSections => !broken.is_empty(),
        _ => broken.iter().any(inside),
    }
}

/// `None` where so much is missing that checking further would mislead.
fn decode(tree: &Tree<'_>) -> Option<RubricSource> {
    let top = tree.top();
    if !format_is_known(&top, "rubric") {
        return None;
    }
    let head = top.need("rubric").and_then(|item| item.table());
    let scales = top.table("answers").map(scales).unwrap_or_default();
    let sections = top.tables("section").into_iter().map(section).collect();
    let drivers = top.tables("driver").into_iter().map(driver).collect();
    let examples = top.tables("example").into_iter().filter_map(example);
    let examples = examples.collect();
    top.done();
    let head = head?;
    let source = RubricSource {
        id: head.need_text("id"),
        title: head.need_text("title"),
        revision: head.text("revision"),
        weigh: match head.get("weigh") {
            Some(item) => item.word().unwrap_or(Weigh::Points),
            None => {
                head.fault(
                    "the key `weigh` is missing here".to_owned(),
                    Some(
                        "say how answers are weighed: `weigh = \"sections\"`, \"behaviors\" or \"points\""
                            .to_owned(),
                    ),
                );
                Weigh::Points
            }
        },
        na: head.word("na").unwrap_or_default(),
        bonus: head.flag("bonus").unwrap_or(false),
        pass_mark: head.number("pass_mark"),
        bands: head.tables("bands").into_iter().map(band).collect(),
        cost: cost(&head),
        scales,
        sections,
        drivers,
        examples,
    };
    head.done();
    Some(source)
}

fn cost(head: &Table<'_>) -> Option<Cost> {
    let (per_minute, currency) = (head.number("cost_per_minute"), head.text("currency"));
    if per_minute.is_none() && currency.is_some() {
        head.fault(
            "`currency` says of what a minute costs, and what it costs is missing".to_owned(),
            Some("add for instance `cost_per_minute = 0.95`".to_owned()),
        );
    }
    Some(Cost {
        per_minute: per_minute?,
        currency: currency.unwrap_or_default(),
    })
}

fn band(table: Table<'_>) -> Band {
    let band = Band {
        from: number(&table, "from"),
        name: table.need_text("name"),
    };
    table.done();
    band
}

fn number(table: &Table<'_>, key: &'static str) -> f64 {
    let number = table.need(key).and_then(|item| item.number());
    number.unwrap_or_default()
}

fn scales(table: Table<'_>) -> Vec<ScaleSource> {
    let scale = |item: Item<'_>| {
        let table = item.table()?;
        let full = table.number("full");
        let options = table.need("options").and_then(|item| item.list());
        let options = options.unwrap_or_default();
        let options = options.iter().filter_map(Item::table).map(option);
        let options = options.collect();
        table.done();
        Some(ScaleSource {
            id: item.key,
            full,
            options,
        })
    };
    table.entries().into_iter().filter_map(scale).collect()
}

fn option(table: Table<'_>) -> OptionSource {
    let option = OptionSource {
        id: table.need_text("id"),
        key: table.text("key"),
        text: table.text("text"),
        points: number(&table, "points"),
    };
    table.done();
    option
}

fn section(table: Table<'_>) -> SectionSource {
    let section = SectionSource {
        id: table.need_text("id"),
        title: table.text("title"),
        weight: table.number("weight"),
        behaviors: table.tables("behavior").into_iter().map(behavior).collect(),
    };
    table.done();
    section
}

fn behavior(table: Table<'_>) -> BehaviorSource {
    let behavior = BehaviorSource {
        id: table.need_text("id"),
        text: table.need_text("text"),
        look_for: table.text("look_for"),
        answers: table.need_text("answers"),
        weight: table.number("weight"),
        applies_to: table.get("applies_to").map_or(AppliesTo::BOTH, applies_to),
        na: table.word::<NaPolicy>("na"),
        comment: table.word("comment").unwrap_or_default(),
        critical: table.table("critical").and_then(critical),
        show_if: table.table("show_if").map(show_if),
    };
    table.done();
    behavior
}

fn applies_to(item: Item<'_>) -> AppliesTo {
    let mut applies = AppliesTo {
        internal: false,
        external: false,
    };
    let Some(list) = item.list() else {
        return AppliesTo::BOTH;
    };
    for item in list {
        if let Some(one) = caller_type(&item) {
            applies.internal |= one.internal;
            applies.external |= one.external;
        }
    }
    applies
}

fn caller_type(item: &Item<'_>) -> Option<AppliesTo> {
    let text = item.text()?;
    let (internal, external) = (text == "internal", text == "external");
    if !internal && !external {
        item.no_choice(&text, ["internal", "external"].into_iter());
        return None;
    }
    Some(AppliesTo { internal, external })
}

fn critical(table: Table<'_>) -> Option<CriticalSource> {
    let family = table.need("family").and_then(|item| item.word());
    let scope = table.need("scope").and_then(|item| item.word());
    let effect = table.need("effect").and_then(|item| item.word());
    let on = texts(&table, "on");
    table.done();
    Some(CriticalSource {
        family: family?,
        on,
        scope: scope?,
        effect: effect?,
    })
}

fn show_if(table: Table<'_>) -> ShowIfSource {
    let show_if = ShowIfSource {
        behavior: table.need_text("behavior"),
        is: texts(&table, "is"),
    };
    table.done();
    show_if
}

fn texts(table: &Table<'_>, key: &'static str) -> Vec<String> {
    let list = table.need(key).and_then(|item| item.list());
    let list = list.unwrap_or_default();
    list.iter().filter_map(Item::text).collect()
}

fn driver(table: Table<'_>) -> Driver {
    let driver = Driver {
        id: table.need_text("id"),
        text: table.need_text("text"),
        avoidable: table.flag("avoidable").unwrap_or(false),
        minutes: table.number("minutes"),
    };
    table.done();
    driver
}

fn example(table: Table<'_>) -> Option<Example> {
    let title = table.text("title");
    let caller_type = table
        .need("caller_type")
        .and_then(|item| caller_type(&item));
    let answers = table.need("answers").and_then(|item| item.table());
    let answers = answers.map(|table| {
        let pair = |item: Item<'_>| Some((item.key.clone(), item.text()?));
        table.entries().into_iter().filter_map(pair).collect()
    });
    let stated = |key| table.get(key).and_then(|item| score(&item));
    let (score, before) = (stated("score"), stated("score_before_critical"));
    let outcome = table.get("outcome").and_then(|item| {
        let text = item.text()?;
        let words = ["pass", "below", "fail"];
        if !words.contains(&text.as_str()) {
            item.no_choice(&text, words.into_iter());
        }
        Some(text)
    });
    table.done();
    Some(Example {
        title,
        caller_type: caller_type?,
        answers: answers?,
        score,
        score_before_critical: before,
        outcome,
    })
}

/// A number, or `"none"` for an example that has no score.
fn score(item: &Item<'_>) -> Option<f64> {
    if item.value.get_ref().as_str() == Some("none") {
        return None;
    }
    item.number()
}

#[cfg(test)]
mod tests;
