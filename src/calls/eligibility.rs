use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ColumnFault, Columns, Role, RowView, When};

/// Which calls of the log may be drawn. Part of a design, so it is kept with the sample.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Eligibility {
    /// First local day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last local day, itself included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Shortest call, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_duration: Option<f64>,
    /// Column and the value it must have, to the letter; several values of one column are alternatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<(String, String)>,
}

/// An [`Eligibility`] joined to the columns of one log.
#[derive(Clone, Debug)]
pub struct Filter {
    from: Option<Date>,
    to: Option<Date>,
    min_duration: Option<f64>,
    only: Vec<(usize, Vec<String>)>,
    columns: Columns,
}

/// What a filter says of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Eligible,
    NotEligible,
    /// A time or duration the filter needs can't be read.
    Unreadable,
}

impl Filter {
    /// Looks the named columns up.
    ///
    /// # Errors
    /// A column that a filter needs isn't in the log.
    pub fn new(wanted: &Eligibility, columns: &Columns) -> Result<Self, ColumnFault> {
        let needs = |role: Role, asked: bool| match columns.of(role) {
            None if asked => Err(ColumnFault::Missing { role }),
            _ => Ok(()),
        };
        needs(
            Role::StartedAt,
            wanted.from.is_some() || wanted.to.is_some(),
        )?;
        needs(Role::DurationS, wanted.min_duration.is_some())?;
        let mut only: Vec<(usize, Vec<String>)> = Vec::new();
        for (name, value) in &wanted.only {
            let column = columns.named(name)?;
            match only.iter_mut().find(|(at, _)| *at == column) {
                Some((_, values)) => values.push(value.clone()),
                None => only.push((column, vec![value.clone()])),
            }
        }
        Ok(Self {
            from: wanted.from,
            to: wanted.to,
            min_duration: wanted.min_duration,
            only,
            columns: columns.clone(),
        })
    }

    /// The columns the filter was made for.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The row's start, where the log has one that can be read.
    pub fn started_at(&self, row: &RowView<'_>) -> Option<When> {
        let column = self.columns.of(Role::StartedAt)?;
        self.columns.profile().time.read(row.cells.cell(column))
    }

    /// The row's duration in seconds, where the log has one that can be read.
    pub fn duration_s(&self, row: &RowView<'_>) -> Option<f64> {
        let column = self.columns.of(Role::DurationS)?;
        self.columns
            .profile()
            .duration
            .seconds(row.cells.cell(column))
    }

    /// Whether the call may be drawn.
    pub fn judge(&self, row: &RowView<'_>) -> Verdict {
        for (column, values) in &self.only {
            let cell = row.cells.cell(*column).trim();
            if !values.iter().any(|value| value == cell) {
                return Verdict::NotEligible;
            }
        }
        if self.from.is_some() || self.to.is_some() {
            let Some(when) = self.started_at(row) else {
                return Verdict::Unreadable;
            };
            let day = when.local.date();
            if self.from.is_some_and(|from| day < from) || self.to.is_some_and(|to| day > to) {
                return Verdict::NotEligible;
            }
        }
        if let Some(least) = self.min_duration {
            match self.duration_s(row) {
                None => return Verdict::Unreadable,
                Some(length) if length < least => return Verdict::NotEligible,
                Some(_) => {}
            }
        }
        Verdict::Eligible
    }
}
