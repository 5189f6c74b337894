//! How a log writes times, told from the times themselves where no profile states it. Whether 03/04/2026 is in March or
//! in April is never guessed: some row must settle it.

use crate::calls::{Columns, Refusal, Role, RowSink, RowView, TimeReader, When};
use crate::read::CallLog;
use crate::read::problem::Problem;

/// What times tell of how they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimesTold {
    /// A strftime pattern; `None` where it can't be told.
    pub format: Option<String>,
    /// What tells it, or why nothing does, for people.
    pub why: String,
}

/// A date as it may be written, day first and month first; the same twice where only one order is in use.
const DATES: [(&str, &str); 9] = [
    ("%d.%m.%Y", "%d.%m.%Y"),
    ("%d.%m.%y", "%d.%m.%y"),
    ("%d/%m/%Y", "%m/%d/%Y"),
    ("%d-%m-%Y", "%m-%d-%Y"),
    ("%d/%m/%y", "%m/%d/%y"),
    ("%d %b %Y", "%d %b %Y"),
    ("%b %d, %Y", "%b %d, %Y"),
    ("%a, %d %b %Y", "%a, %d %b %Y"),
    ("%d-%b-%Y", "%d-%b-%Y"),
];

/// What may follow a date.
const CLOCKS: [&str; 9] = [
    " %H:%M:%S",
    " %H:%M",
    "",
    " %I:%M:%S %p",
    " %I:%M %p",
    "T%H:%M:%S",
    ", %H:%M:%S",
    ", %I:%M:%S %p",
    " %H:%M:%S%.f",
];

/// Times from which it is told.
const TIMES: usize = 1_000;

impl CallLog {
    /// Tells from the first times how all are written, and reads them so from now on. `None` where there is nothing to
    /// tell: a profile states it, the log has no times, or they are written year first.
    ///
    /// # Errors
    /// What stops a scan, which is needed where the first times don't settle the order of day and month.
    pub fn tell_times(&mut self) -> Result<Option<TimesTold>, Problem> {
        if self.columns.all_of(Role::StartedAt).is_empty() {
            return Ok(None);
        }
        let time = &self.columns.profile().time;
        if !time.is_undeclared() {
            return Ok(None);
        }
        let mut times = Vec::new();
        for file in &self.files {
            for (line, cells) in file.first_rows(TIMES)? {
                let text = self.columns.started_text(&cells);
                times.extend(text.map(|text| (line, text.into_owned())));
            }
            if times.len() >= TIMES {
                break;
            }
        }
        times.retain(|(_, text): &(u64, String)| !text.trim().is_empty());
        if times.is_empty() || times.iter().any(|(_, text)| time.read(text).is_some()) {
            return Ok(None);
        }
        let texts: Vec<&str> = times.iter().map(|(_, text)| text.as_str()).collect();
        let Some((day_first, month_first)) = fitting(&texts) else {
            return Ok(Some(TimesTold {
                format: None,
                why: format!(
                    "times such as `{}` can't be read: state `format` under [time] in a profile",
                    texts[0]
                ),
            }));
        };
        let told = match day_first == month_first {
            true => {
                let why = format!("times such as `{}` are read as `{day_first}`", texts[0]);
                TimesTold {
                    format: Some(day_first),
                    why,
                }
            }
            false => self.settled(&day_first, &month_first)?,
        };
        if let Some(format) = &told.format {
            let zone = time.zone().cloned();
            let reader = TimeReader::new(vec![format.clone()], zone);
            self.columns = self.columns.clone().with_time(reader);
        }
        Ok(Some(told))
    }

    /// Which order of day and month all times allow.
    fn settled(&self, day: &str, month: &str) -> Result<TimesTold, Problem> {
        let reader = |format: &str| TimeReader::new(vec![format.to_owned()], None);
        let order = Order {
            columns: self.columns.clone(),
            readers: [reader(day), reader(month)],
            against: [None, None],
        };
        let scanned = self.scan(|| order.clone(), &|_| {})?;
        let place = |(line, text): &(u64, String)| {
            format!("`{text}` in line {}", scanned.lines.told(*line))
        };
        Ok(match &scanned.sink.against {
            [None, Some(against)] => TimesTold {
                format: Some(day.to_owned()),
                why: format!("times are read day first: {} settles it", place(against)),
            },
            [Some(against), None] => TimesTold {
                format: Some(month.to_owned()),
                why: format!("times are read month first: {} settles it", place(against)),
            },
            [None, None] => TimesTold {
                format: None,
                why: format!(
                    "no time tells whether the day or the month comes first: state `format` under [time] in a profile, \"{day}\" or \"{month}\""
                ),
            },
            [Some(one), Some(other)] => TimesTold {
                format: None,
                why: format!(
                    "times contradict each other on whether the day or the month comes first: {}, {}",
                    place(one),
                    place(other)
                ),
            },
        })
    }
}

/// The patterns by which all times can be read, day first and month first.
fn fitting(times: &[&str]) -> Option<(String, String)> {
    let seconds = |text: &&str| {
        let text = text.trim();
        // From 2001 to 2286.
        text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
    };
    if times.iter().all(seconds) {
        return Some(("%s".to_owned(), "%s".to_owned()));
    }
    let reads = |date: &str, clock: &str| {
        let reader = TimeReader::new(vec![format!("{date}{clock}")], None);
        times.iter().all(|text| reader.read(text).is_some())
    };
    for (day, month) in DATES {
        for clock in CLOCKS {
            if reads(day, clock) || reads(month, clock) {
                return Some((format!("{day}{clock}"), format!("{month}{clock}")));
            }
        }
    }
    None
}

/// Looks for times that one order of day and month can't read and the other can.
#[derive(Clone)]
struct Order {
    columns: Columns,
    /// Day first, month first.
    readers: [TimeReader; 2],
    /// The first time against each.
    against: [Option<(u64, String)>; 2],
}

impl Order {
    fn note(&mut self, at: usize, line: u64, text: &str) {
        let first = self.against[at]
            .as_ref()
            .is_none_or(|(first, _)| line < *first);
        if first {
            self.against[at] = Some((line, text.to_owned()));
        }
    }
}

impl RowSink for Order {
    fn row(&mut self, row: &RowView<'_>) {
        let columns = self.columns.clone();
        let text = columns.started_text(row.cells).unwrap_or_default();
        let text = text.as_ref();
        let reads: [Option<When>; 2] = [self.readers[0].read(text), self.readers[1].read(text)];
        match reads {
            [None, Some(_)] => self.note(0, row.line, text),
            [Some(_), None] => self.note(1, row.line, text),
            _ => {}
        }
    }

    fn refused(&mut self, _reason: Refusal, _line: u64) {}

    fn merge(&mut self, other: Self) {
        for (at, against) in other.against.into_iter().enumerate() {
            if let Some((line, text)) = against {
                self.note(at, line, &text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_many_systems_are_told() {
        for (time, day, month) in [
            ("14.07.2026 09:31", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M"),
            (
                "14.07.26 09:31:07",
                "%d.%m.%y %H:%M:%S",
                "%d.%m.%y %H:%M:%S",
            ),
            (
                "03/04/2026 9:31 PM",
                "%d/%m/%Y %I:%M %p",
                "%m/%d/%Y %I:%M %p",
            ),
            ("03/04/2026", "%d/%m/%Y", "%m/%d/%Y"),
            (
                "03-04-2026 09:31:07",
                "%d-%m-%Y %H:%M:%S",
                "%m-%d-%Y %H:%M:%S",
            ),
            (
                "Mon, 13 Jul 2026 10:00:00",
                "%a, %d %b %Y %H:%M:%S",
                "%a, %d %b %Y %H:%M:%S",
            ),
            ("1784021467", "%s", "%s"),
        ] {
            let told = fitting(&[time]);
            assert_eq!(told, Some((day.to_owned(), month.to_owned())), "{time}");
        }
        assert_eq!(fitting(&["yesterday"]), None);
        assert_eq!(fitting(&["03/04/2026", "03.04.2026"]), None);
    }
}
