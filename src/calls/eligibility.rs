use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ColumnFault, Columns, Role, RowView, TimeReader, When};

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
    /// Column and the value it must have, to the letter but for blanks around it; several values of one column are alternatives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<(String, String)>,
    /// Nobody looks whether an id stands more than once in the log, but among the calls that are kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trust_ids: bool,
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
    /// A time or duration the filter needs can't be read, or the row says that the export is not whole.
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
        self.columns.profile().time.read(&self.started_text(row)?)
    }

    /// The row's start as logged, where the log has one.
    pub fn started_text<'a>(&self, row: &RowView<'a>) -> Option<Cow<'a, str>> {
        self.columns.started_text(row.cells)
    }

    /// How the log writes times.
    pub fn time(&self) -> &TimeReader {
        &self.columns.profile().time
    }

    /// The row's duration in seconds, where the log has one that can be read.
    pub fn duration_s(&self, row: &RowView<'_>) -> Option<f64> {
        if let Some(end) = self.columns.end() {
            let end = self.time().read(row.cells.cell(end))?;
            let lasted = end.instant.duration_since(self.started_at(row)?.instant);
            return (!lasted.is_negative()).then(|| lasted.as_secs_f64());
        }
        let column = self.columns.of(Role::DurationS)?;
        self.columns.profile().seconds(row.cells.cell(column))
    }

    /// Whether the call may be drawn.
    pub fn judge(&self, row: &RowView<'_>) -> Verdict {
        if self.columns.incomplete(row.cells).is_some() {
            return Verdict::Unreadable;
        }
        for (column, values) in &self.only {
            let cell = row.cells.cell(*column).trim();
            if !values.iter().any(|value| value.trim() == cell) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{CallerType, Cells, ColumnChoice, ColumnValues, Profile};

    struct Row([&'static str; 6]);

    impl Cells for Row {
        fn cell(&self, column: usize) -> &str {
            self.0.get(column).copied().unwrap_or("")
        }
    }

    fn columns(header: &str) -> Columns {
        let names = header.split(',').map(str::to_owned).collect();
        Columns::find(names, &Profile::default()).expect("columns")
    }

    fn filter(wanted: Eligibility) -> Filter {
        let columns = columns("call_id,csr,caller_type,started_at,duration_s,queue");
        Filter::new(&wanted, &columns).expect("filter")
    }

    fn judge(
        filter: &Filter,
        start: &'static str,
        duration: &'static str,
        queue: &'static str,
    ) -> Verdict {
        let cells = Row(["C1", "Ada", "internal", start, duration, queue]);
        filter.judge(&RowView {
            line: 2,
            call_id: "C1",
            csr: "Ada",
            caller_type: CallerType::Internal,
            cells: &cells,
        })
    }

    fn day(text: &str) -> Option<Date> {
        Some(text.parse().expect("day"))
    }

    #[test]
    fn without_a_filter_every_call_may_be_drawn() {
        let all = filter(Eligibility::default());
        assert_eq!(judge(&all, "", "", ""), Verdict::Eligible);
        assert_eq!(judge(&all, "nonsense", "-1", "x"), Verdict::Eligible);
    }

    #[test]
    fn the_first_and_the_last_day_belong_to_the_period() {
        let july = filter(Eligibility {
            from: day("2026-07-01"),
            to: day("2026-07-31"),
            ..Eligibility::default()
        });
        for (start, verdict) in [
            ("2026-06-30 23:59:59", Verdict::NotEligible),
            ("2026-07-01 00:00:00", Verdict::Eligible),
            ("2026-07-31 23:59:59.9", Verdict::Eligible),
            ("2026-08-01", Verdict::NotEligible),
            ("31.07.2026", Verdict::Unreadable),
            ("", Verdict::Unreadable),
        ] {
            assert_eq!(judge(&july, start, "", ""), verdict, "{start}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_logged_clock() {
        let last = filter(Eligibility {
            to: day("2026-07-31"),
            ..Eligibility::default()
        });
        // In UTC both fall on the other side of midnight.
        assert_eq!(
            judge(&last, "2026-07-31T23:30:00-05:00", "", ""),
            Verdict::Eligible
        );
        assert_eq!(
            judge(&last, "2026-08-01T00:30:00+02:00", "", ""),
            Verdict::NotEligible
        );
    }

    #[test]
    fn a_call_as_long_as_the_shortest_counts() {
        let long = filter(Eligibility {
            min_duration: Some(30.0),
            ..Eligibility::default()
        });
        for (duration, verdict) in [
            ("30", Verdict::Eligible),
            ("0:00:30", Verdict::Eligible),
            ("29.9", Verdict::NotEligible),
            ("0", Verdict::NotEligible),
            ("", Verdict::Unreadable),
            ("-30", Verdict::Unreadable),
        ] {
            assert_eq!(judge(&long, "", duration, ""), verdict, "{duration}");
        }
    }

    #[test]
    fn values_of_one_column_are_alternatives_and_columns_add_up() {
        let wanted = |only: &[(&str, &str)]| {
            let only = only.iter().map(|(c, v)| (c.to_string(), v.to_string()));
            filter(Eligibility {
                only: only.collect(),
                ..Eligibility::default()
            })
        };
        let two = wanted(&[("Queue", "Sales"), ("queue", " Help desk ")]);
        assert_eq!(judge(&two, "", "", " Sales "), Verdict::Eligible);
        assert_eq!(judge(&two, "", "", "Help desk"), Verdict::Eligible);
        assert_eq!(judge(&two, "", "", "sales"), Verdict::NotEligible);
        let both = wanted(&[("queue", "Sales"), ("csr", "Ben")]);
        assert_eq!(judge(&both, "", "", "Sales"), Verdict::NotEligible);
        let blank = wanted(&[("queue", "")]);
        assert_eq!(judge(&blank, "", "", "  "), Verdict::Eligible);
    }

    #[test]
    fn a_call_that_is_left_out_anyway_is_not_unreadable() {
        let strict = filter(Eligibility {
            from: day("2026-07-01"),
            min_duration: Some(10.0),
            only: vec![("queue".to_owned(), "Sales".to_owned())],
            ..Eligibility::default()
        });
        assert_eq!(judge(&strict, "?", "?", "Help"), Verdict::NotEligible);
        assert_eq!(
            judge(&strict, "2026-06-30", "?", "Sales"),
            Verdict::NotEligible
        );
        assert_eq!(
            judge(&strict, "2026-07-30", "?", "Sales"),
            Verdict::Unreadable
        );
    }

    #[test]
    fn a_row_of_an_export_that_is_not_whole_is_unreadable() {
        let wanted = |column: &str, value: &str| ColumnValues {
            column: ColumnChoice::header(column),
            values: vec![value.to_owned()],
        };
        let names = "call_id,csr,caller_type,started_at,whole,queue".split(',');
        let profile = Profile {
            complete: vec![wanted("whole", "YES")],
            ..Profile::default()
        };
        let columns = Columns::find(names.map(str::to_owned).collect(), &profile);
        let wanted = Eligibility {
            only: vec![("queue".to_owned(), "Voice".to_owned())],
            from: day("2026-07-01"),
            ..Eligibility::default()
        };
        let filter = Filter::new(&wanted, &columns.expect("columns")).expect("filter");
        assert_eq!(
            judge(&filter, "2026-07-01", "NO", "Voice"),
            Verdict::Unreadable
        );
        assert_eq!(
            judge(&filter, "2026-07-01", "YES", "voice"),
            Verdict::NotEligible
        );
        assert_eq!(
            judge(&filter, "2026-07-01", "YES", "Voice"),
            Verdict::Eligible
        );
    }

    #[test]
    fn a_filter_needs_its_columns() {
        let columns = columns("call_id,csr,caller_type");
        let told = |wanted: Eligibility| {
            Filter::new(&wanted, &columns)
                .map(|_| ())
                .map_err(|fault| fault.to_string())
        };
        assert_eq!(told(Eligibility::default()), Ok(()));
        assert_eq!(
            told(Eligibility {
                to: day("2026-07-31"),
                ..Eligibility::default()
            }),
            Err("no column for `started_at`".to_owned())
        );
        assert_eq!(
            told(Eligibility {
                min_duration: Some(1.0),
                ..Eligibility::default()
            }),
            Err("no column for `duration_s`".to_owned())
        );
        assert_eq!(
            told(Eligibility {
                only: vec![("queue".to_owned(), "Sales".to_owned())],
                ..Eligibility::default()
            }),
            Err("no column `queue`".to_owned())
        );
    }
}
