//! Finds the columns of a log: those that its profile names, then those that go by a common name.

use super::{ColumnFault, Columns, Found, FoundBy, Role, position};
use crate::calls::{ColumnChoice, ColumnName, ColumnValues, Profile};

impl Columns {
    /// Finds the columns of a log by its header (for a log without header: `names` are `1`, `2`, …).
    ///
    /// `call_id` and `csr` are needed; `caller_type` too, unless the profile has rules. A column to which the profile
    /// gives a role is not taken for another one by a synonym.
    ///
    /// # Errors
    /// A needed or named column is missing, or its name stands twice.
    pub fn find(names: Vec<String>, profile: &Profile) -> Result<Self, ColumnFault> {
        let mut found: Vec<Found> = Vec::new();
        for named in &profile.columns {
            let column = match there(&names, &named.column)? {
                None if named.optional => continue,
                column => column.ok_or_else(|| not_there(&named.column))?,
            };
            found.push(Found {
                role: named.role,
                column,
                by: FoundBy::Profile,
            });
        }
        let csr = first_of(&names, &profile.csr.first_of)?;
        let mut started = Vec::new();
        for name in &profile.started {
            let column = at(&names, name)?;
            started.push(column.ok_or_else(|| ColumnFault::NotThere {
                name: name.to_string(),
            })?);
        }
        let end = match &profile.end {
            Some(name) => Some(at(&names, name)?.ok_or_else(|| ColumnFault::NotThere {
                name: name.to_string(),
            })?),
            None => None,
        };
        found.extend(end.map(|column| Found {
            role: Role::DurationS,
            column,
            by: FoundBy::Profile,
        }));
        let mut ids = Vec::new();
        for name in &profile.ids {
            let column = at(&names, name)?;
            ids.push(column.ok_or_else(|| ColumnFault::NotThere {
                name: name.to_string(),
            })?);
        }
        let latest = match &profile.latest {
            Some(choice) => there(&names, choice)?,
            None => None,
        };
        let several = [
            (Role::CallId, &ids),
            (Role::Csr, &csr),
            (Role::StartedAt, &started),
        ];
        for (role, columns) in several {
            let first = columns.first().map(|column| Found {
                role,
                column: *column,
                by: FoundBy::Profile,
            });
            found.extend(first);
        }
        if profile.header {
            by_name(&names, &mut found)?;
        }
        found.sort_by_key(|found| found.role);
        let rules = profile.rules.iter().map(|rule| {
            let mut columns = Vec::new();
            for ask in &rule.asks {
                match there(&names, &ask.column)? {
                    Some(column) => columns.push(column),
                    None if rule.optional => return Ok(None),
                    None => return Err(not_there(&ask.column)),
                }
            }
            Ok(Some(columns))
        });
        let rules = rules.collect::<Result<Vec<_>, _>>()?;
        let all = |wanted: &[ColumnValues]| {
            let columns = wanted.iter().map(|wanted| {
                let column = there(&names, &wanted.column)?;
                column.ok_or_else(|| not_there(&wanted.column))
            });
            columns.collect::<Result<Vec<usize>, _>>()
        };
        let (only, complete) = (all(&profile.only)?, all(&profile.complete)?);
        for role in [Role::CallId, Role::Csr, Role::CallerType, Role::StartedAt] {
            let unasked = match role {
                Role::CallerType => !rules.is_empty(),
                // A duration by the end of a call needs its start.
                Role::StartedAt => end.is_none(),
                _ => false,
            };
            if !unasked && !found.iter().any(|found| found.role == role) {
                return Err(ColumnFault::Missing { role });
            }
        }
        let or_found = |columns: Vec<usize>, role| match columns.as_slice() {
            [] => {
                let own = found.iter().filter(|found| found.role == role);
                own.map(|found| found.column).collect()
            }
            _ => columns,
        };
        Ok(Self {
            ids: or_found(ids, Role::CallId),
            latest,
            csr: or_found(csr, Role::Csr),
            started: or_found(started, Role::StartedAt),
            end,
            names,
            found,
            rules,
            only,
            complete,
            profile: profile.clone(),
        })
    }
}

/// Finds by common names what the profile doesn't name.
fn by_name(names: &[String], found: &mut Vec<Found>) -> Result<(), ColumnFault> {
    let claimed: Vec<Found> = found.clone();
    for role in Role::ALL {
        if claimed.iter().any(|found| found.role == role) {
            continue;
        }
        for (rank, name) in role.names().iter().enumerate() {
            let Some(column) = position(names, name)? else {
                continue;
            };
            let by = match rank {
                0 => FoundBy::Name,
                _ if claimed.iter().any(|found| found.column == column) => continue,
                _ => FoundBy::Synonym,
            };
            found.push(Found { role, column, by });
            break;
        }
    }
    Ok(())
}

/// The 0-based column of the first name that is there.
fn there(names: &[String], choice: &ColumnChoice) -> Result<Option<usize>, ColumnFault> {
    for name in &choice.0 {
        if let Some(column) = at(names, name)? {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

/// All columns of a list that are there; one at least, where any is asked for.
fn first_of(names: &[String], wanted: &[ColumnName]) -> Result<Vec<usize>, ColumnFault> {
    let mut columns = Vec::new();
    for name in wanted {
        columns.extend(at(names, name)?);
    }
    if columns.is_empty() && !wanted.is_empty() {
        return Err(not_there(&ColumnChoice(wanted.to_vec())));
    }
    Ok(columns)
}

fn at(names: &[String], name: &ColumnName) -> Result<Option<usize>, ColumnFault> {
    match name {
        ColumnName::Header(name) => position(names, name),
        ColumnName::Position(at) => Ok(at.checked_sub(1).filter(|at| *at < names.len())),
    }
}

fn not_there(choice: &ColumnChoice) -> ColumnFault {
    ColumnFault::NotThere {
        name: choice.to_string(),
    }
}
