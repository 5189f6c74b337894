//! How a log writes times, told from the times themselves where no profile states it. Whether 03/04/2026 is in March or
//! in April is never guessed: some row must settle it.

use crate::calls::{Columns, Refusal, Role, RowSink, RowView, TimeCount, TimeReader, When, escape};
use crate::read::CallLog;
use crate::read::problem::Problem;

/// What times tell of how they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimesTold {
    /// A key of a profile's `[time]` and its value; `None` where it can't be told.
    pub stated: Option<(&'static str, String)>,
    /// What tells it, or why nothing does, for people.
    pub why: String,
}

impl TimesTold {
    fn nothing(why: String) -> Self {
        Self { stated: None, why }
    }

    fn format(format: String, why: String) -> Self {
        Self {
            stated: Some(("format", format)),
            why,
        }
    }
}

/// A date as it may be written, day first and month first; the same twice where only one order is in use.
const DATES: [(&str, &str); 18] = [
    ("%d.%m.%Y", "%d.%m.%Y"),
    ("%d.%m.%y", "%d.%m.%y"),
    ("%d/%m/%Y", "%m/%d/%Y"),
    ("%d-%m-%Y", "%m-%d-%Y"),
    ("%d/%m/%y", "%m/%d/%y"),
    ("%d %b %Y", "%d %b %Y"),
    ("%b %d, %Y", "%b %d, %Y"),
    ("%a, %d %b %Y", "%a, %d %b %Y"),
    ("%d-%b-%Y", "%d-%b-%Y"),
    ("%d-%b-%y", "%d-%b-%y"),
    ("%d %B %Y", "%d %B %Y"),
    ("%B %d, %Y", "%B %d, %Y"),
    ("%A, %d %B, %Y", "%A, %d %B, %Y"),
    ("%A, %d %B %Y", "%A, %d %B %Y"),
    ("%A, %B %d, %Y", "%A, %B %d, %Y"),
    ("%Y-%m-%d", "%Y-%m-%d"),
    ("%Y/%m/%d", "%Y/%m/%d"),
    ("%Y.%m.%d", "%Y.%m.%d"),
];

/// The same of times without a year.
const YEARLESS: [(&str, &str); 7] = [
    ("%d.%m.", "%d.%m."),
    ("%d/%m", "%m/%d"),
    ("%d-%m", "%m-%d"),
    ("%d %b", "%d %b"),
    ("%b %d", "%b %d"),
    ("%d %B", "%d %B"),
    ("%B %d", "%B %d"),
];

/// What may follow a date. Where day and clock stand in two columns, a database's clock has the day on which its calendar
/// begins, and its day midnight.
const CLOCKS: [&str; 18] = [
    " %H:%M:%S",
    " %H:%M",
    "",
    " %I:%M:%S %p",
    " %I:%M %p",
    "T%H:%M:%S",
    ", %H:%M:%S",
    ", %I:%M:%S %p",
    " %H:%M:%S%.f",
    " %I:%M:%S%p",
    " %I:%M%p",
    " at %I:%M%p",
    " at %I:%M %p",
    " at %H:%M",
    " 1900-01-01 %H:%M:%S",
    " 1899-12-30 %H:%M:%S",
    " 00:00:00 %H:%M:%S",
    " 00:00:00 1900-01-01 %H:%M:%S",
];

/// What numbers count, by their digits: those from 2001 to 2286.
const COUNTS: [(usize, TimeCount, &str); 3] = [
    (10, TimeCount::Seconds, "seconds"),
    (13, TimeCount::Milliseconds, "milliseconds"),
    (16, TimeCount::Microseconds, "microseconds"),
];

/// Times from which it is told.
const TIMES: usize = 1_000;
/// So many that can be read without being declared are enough.
const LOOKED_AT: usize = 100;

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
        let reads = |(_, text): &(u64, String)| time.read(text).is_some();
        let unread = times.iter().take(LOOKED_AT).find(|one| !reads(one));
        let Some((line, first)) = unread else {
            return Ok(None);
        };
        if times.iter().any(reads) {
            return Ok(Some(TimesTold::nothing(format!(
                "times such as `{}` in line {line} can't be read, others can: if it is a time, state every `format` under [time] in a profile",
                escape(first)
            ))));
        }
        let texts: Vec<&str> = times.iter().map(|(_, text)| text.as_str()).collect();
        let example = escape(texts[0]).into_owned();
        if let Some((count, unit)) = counting(&texts) {
            let reader = TimeReader::counting(count, time.zone().cloned());
            self.columns = self.columns.clone().with_time(reader);
            return Ok(Some(TimesTold {
                stated: Some(("count", unit.to_owned())),
                why: format!("times such as `{example}` are read as {unit} since 1970"),
            }));
        }
        let Some((day_first, month_first)) = fitting(&texts, &DATES, "") else {
            return Ok(Some(TimesTold::nothing(unfit(&texts, &example))));
        };
        let told = match day_first == month_first {
            true => {
                let why = format!("times such as `{example}` are read as `{day_first}`");
                TimesTold::format(day_first, why)
            }
            false => self.settled(&day_first, &month_first)?,
        };
        if let Some((_, format)) = &told.stated {
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
            [None, Some(against)] => TimesTold::format(
                day.to_owned(),
                format!("times are read day first: {} settles it", place(against)),
            ),
            [Some(against), None] => TimesTold::format(
                month.to_owned(),
                format!("times are read month first: {} settles it", place(against)),
            ),
            [None, None] => TimesTold::nothing(format!(
                "no time tells whether the day or the month comes first: state `format` under [time] in a profile, \"{day}\" or \"{month}\""
            )),
            [Some(one), Some(other)] => TimesTold::nothing(format!(
                "times contradict each other on whether the day or the month comes first: {}, {}",
                place(one),
                place(other)
            )),
        })
    }
}

/// What all times count since 1970, if they are such numbers.
fn counting(times: &[&str]) -> Option<(TimeCount, &'static str)> {
    let counts = |digits: usize| {
        move |text: &&str| {
            let text = text.trim();
            let number = text.bytes().all(|byte| byte.is_ascii_digit());
            number && text.len() == digits && !text.starts_with('0')
        }
    };
    let mut all = COUNTS.iter();
    let (_, count, unit) = all.find(|(digits, ..)| times.iter().all(counts(*digits)))?;
    Some((*count, unit))
}

/// The patterns by which all times can be read, day first and month first; `year` is what stands before each of them.
fn fitting(times: &[&str], dates: &[(&str, &str)], year: &str) -> Option<(String, String)> {
    let reader = |format: String| {
        let format = match year {
            "" => format,
            _ => format!("%Y {format}"),
        };
        TimeReader::new(vec![format], None)
    };
    let reads = |date: &str, clock: &str| {
        let reader = reader(format!("{date}{clock}"));
        let mut times = times.iter();
        times.all(|text| match year {
            "" => reader.read(text).is_some(),
            year => reader.read(&format!("{year} {}", text.trim())).is_some(),
        })
    };
    for (day, month) in dates {
        for clock in CLOCKS {
            if reads(day, clock) || reads(month, clock) {
                return Some((format!("{day}{clock}"), format!("{month}{clock}")));
            }
        }
    }
    None
}

/// A year that has all days.
const LEAP: &str = "2024";
/// A day before a clock that has none.
const SOME_DAY: &str = "2024-01-01";

/// Why times can't be read, and what to do.
fn unfit(times: &[&str], example: &str) -> String {
    if let Some((day, month)) = fitting(times, &YEARLESS, LEAP) {
        let formats = match day == month {
            true => format!("\"{day}\""),
            false => format!("\"{day}\" or \"{month}\""),
        };
        return format!(
            "times such as `{example}` have no year: state `year` and `format` ({formats}) under [time] in a profile"
        );
    }
    let hour = |text: &&str| text.trim().parse::<u8>().is_ok_and(|hour| hour <= 24);
    let days: Vec<String> = times
        .iter()
        .map(|text| format!("{SOME_DAY} {}", text.trim()))
        .collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let undeclared = TimeReader::default();
    let clocks = days.iter().all(|text| undeclared.read(text).is_some())
        || fitting(&days, &[("%Y-%m-%d", "%Y-%m-%d")], "").is_some();
    if clocks || times.iter().all(hour) {
        return format!(
            "times such as `{example}` have no day, so no call is known to be of a period: name the column of the day as well under [time] in a profile, for instance `columns = [\"Date\", \"Time\"]`"
        );
    }
    format!(
        "times such as `{example}` can't be read: state `format` under [time] in a profile, for instance \"%d.%m.%Y %H:%M\""
    )
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
            ("Friday, 1 January, 2021", "%A, %d %B, %Y", "%A, %d %B, %Y"),
            (
                "June 14, 2026 at 01:43PM",
                "%B %d, %Y at %I:%M%p",
                "%B %d, %Y at %I:%M%p",
            ),
            (
                "2026-07-14 09:31:07 PM",
                "%Y-%m-%d %I:%M:%S %p",
                "%Y-%m-%d %I:%M:%S %p",
            ),
            (
                "2026-07-14 1900-01-01 09:12:58",
                "%Y-%m-%d 1900-01-01 %H:%M:%S",
                "%Y-%m-%d 1900-01-01 %H:%M:%S",
            ),
            (
                "14.07.2026 0.38400462962963",
                "%d.%m.%Y %H:%M:%S",
                "%d.%m.%Y %H:%M:%S",
            ),
        ] {
            let told = fitting(&[time], &DATES, "");
            assert_eq!(told, Some((day.to_owned(), month.to_owned())), "{time}");
        }
        assert_eq!(fitting(&["yesterday"], &DATES, ""), None);
        assert_eq!(fitting(&["03/04/2026", "03.04.2026"], &DATES, ""), None);
    }

    #[test]
    fn numbers_are_told_by_their_digits() {
        for (time, unit) in [
            ("1784021467", Some("seconds")),
            ("1784021467123", Some("milliseconds")),
            ("1784021467123456", Some("microseconds")),
            ("17840214671", None),
            ("0784021467", None),
            ("1784021467.5", None),
        ] {
            assert_eq!(counting(&[time]).map(|(_, unit)| unit), unit, "{time}");
        }
        assert_eq!(counting(&["1784021467", "1784021467123"]), None);
    }

    #[test]
    fn what_can_t_be_told_says_what_is_missing() {
        for (times, told) in [
            (
                &["14.07. 09:00", "29.02. 10:00"][..],
                "have no year: state `year` and `format` (\"%d.%m. %H:%M\")",
            ),
            (&["03/04 09:00"], "(\"%d/%m %H:%M\" or \"%m/%d %H:%M\")"),
            (&["Jul 14 09:00:01"], "(\"%b %d %H:%M:%S\")"),
            (&["9", "10", "24"], "have no day"),
            (&["09:12", "10:13"], "have no day"),
            (&["09:12 PM"], "have no day"),
            (&["yesterday"], "can't be read: state `format`"),
            (&["9", "soon"], "can't be read: state `format`"),
        ] {
            let why = unfit(times, times[0]);
            assert!(why.contains(told), "{why}");
        }
    }
}
