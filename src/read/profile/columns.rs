//! `[columns]` and `[optional_columns]`: which column plays which role, and how profiles name columns.

use crate::calls::{ColumnChoice, ColumnName, NamedColumn, Profile, Role, escape};
use crate::read::tree::{Item, Table, ticked};
use crate::rubric::nearest;

pub(super) fn columns(table: &Table<'_>, optional: bool, profile: &mut Profile) {
    for item in table.entries() {
        let Some(role) = Role::named(&item.key) else {
            unknown(&item);
            continue;
        };
        if profile.columns.iter().any(|named| named.role == role) {
            item.fault(
                format!("`{}` stands in `columns` already", role.as_str()),
                None,
            );
        }
        if let Some(column) = column_choice(&item) {
            profile.columns.push(NamedColumn {
                role,
                column,
                optional,
            });
        }
    }
}

/// `[call_id]`: an id of several columns.
pub(super) fn ids(table: Table<'_>, profile: &mut Profile) {
    if let Some(item) = table.need("columns") {
        let named = |role: Role| profile.columns.iter().any(|named| named.role == role);
        if named(Role::CallId) {
            let hint = "leave one of them".to_owned();
            item.fault(
                "`call_id` stands in `columns` already".to_owned(),
                Some(hint),
            );
        }
        profile.ids = column_names(&item).unwrap_or_default();
    }
    profile.id_line = table.flag("line").unwrap_or(false);
    table.done();
}

fn unknown(item: &Item<'_>) {
    let roles: Vec<&str> = Role::ALL.into_iter().map(Role::as_str).collect();
    let hint = match nearest(&item.key, roles.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("choose one of {}", ticked(&roles)),
    };
    let key = escape(&item.key);
    item.fault(format!("`{key}` is not a column we know"), Some(hint));
}

/// One name of a column, or a list of names that are tried in order.
pub(super) fn column_choice(item: &Item<'_>) -> Option<ColumnChoice> {
    column_names(item).map(ColumnChoice)
}

/// One name of a column or several.
pub(super) fn column_names(item: &Item<'_>) -> Option<Vec<ColumnName>> {
    if item.value.get_ref().as_array().is_none() {
        return column_name(item).map(|name| vec![name]);
    }
    let list = item.list()?;
    if list.is_empty() {
        item.fault(format!("`{}` names no column", escape(&item.key)), None);
        return None;
    }
    list.iter().map(column_name).collect()
}

/// The column that a key is: a position where it is a whole number, else a header.
pub(super) fn key_column(item: &Item<'_>) -> ColumnChoice {
    let position = item.key.parse::<usize>().ok().filter(|at| *at > 0);
    position.map_or(ColumnChoice::header(&item.key), ColumnChoice::position)
}

pub(super) fn column_name(item: &Item<'_>) -> Option<ColumnName> {
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
