//! `[csr]`: how the CSR is taken from a row.

use super::beside::{Beside, quoted};
use super::caller_type::pattern;
use super::columns::column_names;
use crate::calls::{CsrList, Profile, Role, Take, escape};
use crate::read::roster::roster_text;
use crate::read::tree::{Item, Table};

pub(super) fn csr(table: Table<'_>, profile: &mut Profile, beside: &Beside<'_>) {
    if let Some(item) = table.get("first_of") {
        if profile.columns.iter().any(|named| named.role == Role::Csr) {
            let hint = "leave one of them".to_owned();
            item.fault("`csr` stands in `columns` already".to_owned(), Some(hint));
        }
        profile.csr.first_of = column_names(&item).unwrap_or_default();
    }
    let take = table.get("take");
    match table.get("split") {
        Some(item) => {
            let split = item.text().unwrap_or_default();
            if split.is_empty() {
                item.fault("`split` must be the text between names".to_owned(), None);
            }
            let take = take.and_then(|item| taken(&item)).unwrap_or(Take::Only);
            profile.csr.list = Some(CsrList { split, take });
        }
        None => {
            if let Some(item) = take {
                let hint = "add `split = \";\"`, say".to_owned();
                item.fault(
                    "`take` chooses among names that are split".to_owned(),
                    Some(hint),
                );
            }
        }
    }
    if let Some(item) = table.get("pattern") {
        profile.csr.pattern = pattern(&item);
        let groups = profile
            .csr
            .pattern
            .as_ref()
            .map_or(2, |regex| regex.captures_len());
        if groups != 2 {
            item.fault(
                "the pattern must have one group, which finds the name".to_owned(),
                Some("for instance '^(.*) \\([0-9]+\\)$'; `(?:…)` is no group".to_owned()),
            );
        }
    }
    let file = table.get("aliases");
    if let Some(aliases) = table.table("alias") {
        for item in aliases.entries() {
            let name = item.text().unwrap_or_default();
            alias(&item, profile, item.key.clone(), name);
        }
        if let Some(file) = &file {
            let hint = "leave one of them".to_owned();
            file.fault(
                "aliases stand under `csr.alias` already".to_owned(),
                Some(hint),
            );
        }
    } else if let Some(item) = file {
        aliases(&item, profile, beside);
    }
    table.done();
}

fn taken(item: &Item<'_>) -> Option<Take> {
    let text = item.text()?;
    match text.as_str() {
        "first" => Some(Take::First),
        "last" => Some(Take::Last),
        "only" => Some(Take::Only),
        _ => {
            item.no_choice(&text, ["first", "last", "only"].into_iter());
            None
        }
    }
}

fn alias(item: &Item<'_>, profile: &mut Profile, spelling: String, name: String) {
    let spelling = spelling.trim();
    if spelling.is_empty() {
        item.fault("a blank cell names nobody anyway".to_owned(), None);
    }
    let name = name.trim().to_owned();
    profile.csr.aliases.insert(spelling.to_owned(), name);
}

/// Spellings from a file with the columns of a roster.
fn aliases(item: &Item<'_>, profile: &mut Profile, beside: &Beside<'_>) {
    let Some((name, text)) = beside.read(item) else {
        return;
    };
    let roster = match roster_text(&name, &text) {
        Ok(roster) => roster,
        Err(problems) => {
            for problem in problems.list() {
                let line = problem.place.map_or(0, |place| place.line);
                let message = format!("`{}`, line {line}: {}", escape(&name), problem.message);
                item.fault(message, problem.hint.clone());
            }
            return;
        }
    };
    let mut told = Vec::new();
    for (csr, member) in roster.members() {
        for spelling in &member.spellings {
            told.push(format!("{} = {}", quoted(spelling), quoted(csr)));
            alias(item, profile, spelling.clone(), csr.to_owned());
        }
    }
    if told.is_empty() {
        let hint = "it needs the columns `csr` and `alias`".to_owned();
        item.fault(format!("`{}` tells no alias", escape(&name)), Some(hint));
    }
    beside.take_in(item, "alias", &format!("{{ {} }}", told.join(", ")));
}
