//! Times as call logs write them. Formats are an explicit list: a day and month are never guessed apart.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;

/// A time as logged, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The clock on the wall at the centre (the profile's zone, else the log's own offset).
    pub local: DateTime,
    /// The instant; for a log without offset or declared zone the local clock is read as UTC.
    pub instant: Timestamp,
}

/// Reads one log's times.
#[derive(Clone, Debug, Default)]
pub struct TimeReader {
    formats: Vec<String>,
    count: Option<TimeCount>,
    zone: Option<TimeZone>,
    /// The year of times that are written without one.
    year: Option<i16>,
}

/// What numbers count since 1970 began in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeCount {
    Seconds,
    Milliseconds,
    Microseconds,
}

/// Year first, so that day and month can't be mistaken for each other; jiff's own reading of ISO 8601 takes the rest.
const FORMATS: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
];

/// `%Y` takes two digits too: `03/04/26` would be a day in the year 3.
const FIRST_YEAR: i16 = 1000;

impl TimeReader {
    /// `formats` are strftime patterns, tried in order; `zone` is the IANA zone of times that carry no offset.
    pub fn new(formats: Vec<String>, zone: Option<TimeZone>) -> Self {
        Self {
            formats,
            count: None,
            zone,
            year: None,
        }
    }

    /// The same for times that are written without a year: it stands before them, and formats begin with `%Y `.
    #[must_use]
    pub fn of_year(mut self, year: i16) -> Self {
        self.year = Some(year);
        self
    }

    /// Times are numbers since 1970; `zone` says what the clock on the wall showed.
    pub fn counting(count: TimeCount, zone: Option<TimeZone>) -> Self {
        Self {
            formats: Vec::new(),
            count: Some(count),
            zone,
            year: None,
        }
    }

    /// Whether times are of the formats that are read without being declared.
    pub fn is_undeclared(&self) -> bool {
        self.formats.is_empty() && self.count.is_none()
    }

    /// Whether a text tells an instant by itself or by what is declared: without offset or zone it is the clock on the wall.
    pub fn tells_instant(&self, text: &str) -> bool {
        let with_offset = |format: &String| {
            let signs = ["%z", "%:z", "%Q", "%:Q", "%s"];
            signs.iter().any(|sign| format.contains(sign))
        };
        self.zone.is_some()
            || self.count.is_some()
            || self.formats.iter().any(with_offset)
            || self.formats.is_empty() && {
                let text = unquoted(text.trim());
                let tidy = tidied(text);
                tidy.as_deref().unwrap_or(text).parse::<Timestamp>().is_ok()
            }
    }

    /// The declared zone.
    pub fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// `None` where the text is no time in the declared format, or in none of the unambiguous ones.
    pub fn read(&self, text: &str) -> Option<When> {
        let text = unquoted(text.trim());
        if let Some(year) = self.year {
            return self.as_written(&format!("{year} {text}"));
        }
        self.as_written(text)
            .or_else(|| self.as_written(&tidied(text)?))
    }

    fn as_written(&self, text: &str) -> Option<When> {
        if let Some(count) = self.count {
            let number: i64 = text.parse().ok()?;
            let instant = match count {
                TimeCount::Seconds => Timestamp::from_second(number),
                TimeCount::Milliseconds => Timestamp::from_millisecond(number),
                TimeCount::Microseconds => Timestamp::from_microsecond(number),
            };
            let instant = instant.ok()?;
            return self.at(instant, TimeZone::UTC.to_datetime(instant));
        }
        if !self.formats.is_empty() {
            let mut formats = self.formats.iter();
            return formats.find_map(|format| self.declared(format, text));
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            let offset = Pieces::parse(text)
                .ok()
                .and_then(|pieces| pieces.to_numeric_offset())
                .map_or(TimeZone::UTC, TimeZone::fixed);
            return self.at(instant, offset.to_datetime(instant));
        }
        FORMATS
            .iter()
            .find_map(|format| {
                strtime::parse(format, text)
                    .and_then(|parsed| parsed.to_datetime())
                    .ok()
            })
            .or_else(|| text.parse::<DateTime>().ok())
            .and_then(|local| self.local(local))
    }

    fn declared(&self, format: &str, text: &str) -> Option<When> {
        let parsed = strtime::parse(format, text).ok()?;
        match parsed.to_zoned_datetime() {
            Ok(zoned) => self.at(zoned.timestamp(), zoned.datetime()),
            // It has an offset or a zone that its other parts contradict.
            Err(_) if parsed.offset().is_some() || parsed.iana_time_zone().is_some() => None,
            Err(_) => {
                let local = parsed
                    .to_datetime()
                    .or_else(|_| parsed.to_date().map(midnight))
                    .ok()?;
                self.local(local)
            }
        }
    }

    /// Whether a text is of a day from the one to the other (as `2026-07-31`), told from its first letters; `false` where
    /// it must be read for that.
    pub fn is_surely_within(&self, text: &str, from: &str, to: &str) -> bool {
        let day = text.get(..from.len()).filter(|day| {
            let letters = day.bytes().enumerate();
            let mut fits = letters.map(|(at, letter)| match at {
                4 | 7 => letter == b'-',
                _ => letter.is_ascii_digit(),
            });
            fits.all(|fits| fits)
        });
        // With a zone the day on the wall may be another than the one that is written.
        let plain = self.is_undeclared() && self.zone.is_none();
        plain && day.is_some_and(|day| (from..=to).contains(&day))
    }

    /// Whether a text is surely a time: the day of one that was read, then hours, minutes and perhaps seconds; `false`
    /// where it must be read for that.
    pub fn surely_reads(&self, text: &str, day: [u8; 10]) -> bool {
        let Some([b' ' | b'T', clock @ ..]) = text.as_bytes().strip_prefix(&day) else {
            return false;
        };
        let hour = |high: u8, low: u8| {
            matches!(
                (high, low),
                (b'0' | b'1', b'0'..=b'9') | (b'2', b'0'..=b'3')
            )
        };
        let sixtieth = |high: u8, low: u8| matches!((high, low), (b'0'..=b'5', b'0'..=b'9'));
        let reads = match *clock {
            [a, b, b':', c, d] => hour(a, b) && sixtieth(c, d),
            [a, b, b':', c, d, b':', e, f] => hour(a, b) && sixtieth(c, d) && sixtieth(e, f),
            _ => false,
        };
        self.is_undeclared() && day[4] == b'-' && day[7] == b'-' && reads
    }

    fn at(&self, instant: Timestamp, logged: DateTime) -> Option<When> {
        let local = match &self.zone {
            Some(zone) => zone.to_datetime(instant),
            None => logged,
        };
        (local.year() >= FIRST_YEAR).then_some(When { local, instant })
    }

    /// A local time that the clock skips counts as after the gap, one that it shows twice as the first.
    fn local(&self, local: DateTime) -> Option<When> {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        let instant = zone.to_timestamp(local).ok()?;
        (local.year() >= FIRST_YEAR).then_some(When { local, instant })
    }
}

/// Without the quotes that some exports put around times, or the one by which a spreadsheet is kept from reading them.
fn unquoted(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) => rest.strip_suffix('\'').unwrap_or(rest).trim(),
        None => text,
    }
}

/// The same time as others would write it, if it has a blank before its offset or a spreadsheet's fraction of a day for
/// its clock.
fn tidied(text: &str) -> Option<String> {
    let (day, last) = text.rsplit_once(' ')?;
    let (sign, digits) = last.split_at_checked(1)?;
    if matches!(sign, "+" | "-")
        && digits
            .bytes()
            .all(|one| one.is_ascii_digit() || one == b':')
    {
        return Some(format!("{}{last}", day.trim_end()));
    }
    let decimals = last.strip_prefix('0').unwrap_or(last).strip_prefix('.')?;
    if decimals.is_empty() || !decimals.bytes().all(|one| one.is_ascii_digit()) {
        return None;
    }
    let day_part: f64 = last.parse().ok()?;
    // A spreadsheet's clock has whole seconds; the last one does not become the next day.
    let second = (day_part * 86_400.0).round().min(86_399.0) as u32;
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    Some(format!("{day} {hour:02}:{minute:02}:{:02}", second % 60))
}

fn midnight(date: Date) -> DateTime {
    date.at(0, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_surely_reads_can_be_read(
            day in "2026[-/][01][0-9][-/][0-3][0-9]", clock in "[ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?",
        ) {
            let reader = TimeReader::default();
            let bytes = *day.as_bytes().first_chunk().expect("ten");
            let known = reader.read(&format!("{day} 10:00")).is_some();
            let text = format!("{day}{clock}");
            if known && reader.surely_reads(&text, bytes) {
                proptest::prop_assert!(reader.read(&text).is_some(), "{}", text);
            // A sixtieth second is a leap second's, which is read.
            } else if known && day.contains('-') && !text.ends_with(":60") {
                proptest::prop_assert!(reader.read(&text).is_none(), "{}", text);
            }
        }
    }

    #[test]
    fn year_first_times_are_read_and_ambiguous_ones_are_not() {
        let reader = TimeReader::default();
        for text in [
            "2026-07-14T09:31:07",
            "2026-07-14 09:31:07",
            "2026/07/14 09:31:07",
            "2026-07-14T09:31:07Z",
        ] {
            let when = reader.read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(when.local.to_string(), "2026-07-14T09:31:07");
        }
        assert!(reader.read("03/04/2026 10:00").is_none());
        assert!(reader.read("").is_none());
    }

    #[test]
    fn a_declared_format_and_zone_decide() {
        let reader = TimeReader::new(
            vec!["%d.%m.%Y %H:%M".to_owned()],
            Some(TimeZone::get("Europe/Berlin").expect("bundled zone")),
        );
        let when = reader.read("14.07.2026 09:31").expect("read");
        assert_eq!(when.local.to_string(), "2026-07-14T09:31:00");
        assert_eq!(when.instant.to_string(), "2026-07-14T07:31:00Z");
    }

    #[test]
    fn an_offset_in_the_log_is_kept_as_local_time() {
        let when = TimeReader::default()
            .read("2026-07-14T09:31:07+02:00")
            .expect("read");
        assert_eq!(when.local.to_string(), "2026-07-14T09:31:07");
        assert_eq!(when.instant.to_string(), "2026-07-14T07:31:07Z");
    }

    #[test]
    fn every_year_first_shape_is_read_to_the_second() {
        let reader = TimeReader::default();
        for (text, local) in [
            ("2026-07-14 09:31", "2026-07-14T09:31:00"),
            ("2026-7-4 9:05", "2026-07-04T09:05:00"),
            ("2026/07/14 09:31", "2026-07-14T09:31:00"),
            ("2026-07-14 09:31:07.25", "2026-07-14T09:31:07.25"),
            ("2026-07-14 09:31:07,25", "2026-07-14T09:31:07.25"),
            ("20260714T093107", "2026-07-14T09:31:07"),
            ("20260714 093107", "2026-07-14T09:31:07"),
            ("2026-07-14T093107", "2026-07-14T09:31:07"),
            ("2026-07-14T09", "2026-07-14T09:00:00"),
            ("2026-07-14 09:31:07[Europe/Berlin]", "2026-07-14T09:31:07"),
            ("2026-07-14", "2026-07-14T00:00:00"),
            ("20260714", "2026-07-14T00:00:00"),
            ("  2026-07-14  ", "2026-07-14T00:00:00"),
        ] {
            let when = reader.read(text).map(|when| when.local.to_string());
            assert_eq!(when.as_deref(), Some(local), "{text}");
        }
    }

    #[test]
    fn what_could_be_two_days_or_none_is_not_read() {
        let reader = TimeReader::default();
        for text in [
            "03/04/26 10:00",
            "3/4/26 10:00",
            "26-07-14 09:31",
            "14.07.2026 09:31",
            "-2026-07-14 09:31",
            "2026-07-14 24:00",
            "2026-07-14 09:31 PM",
            "2026-02-30 10:00",
            "0000-00-00 00:00:00",
            "1784021467",
            "yesterday",
        ] {
            assert_eq!(reader.read(text), None, "{text}");
        }
    }

    #[test]
    fn quotes_blanks_before_offsets_and_fractions_of_a_day_are_read_as_what_they_stand_for() {
        let reader = TimeReader::default();
        for (text, instant) in [
            ("'2026-07-14 09:31:07'", "2026-07-14T09:31:07Z"),
            ("'2026-07-14 09:31:07", "2026-07-14T09:31:07Z"),
            (
                "2026-07-14 09:31:07.1234567 +02:00",
                "2026-07-14T07:31:07.1234567Z",
            ),
            ("2026-07-14 09:31:07 -0500", "2026-07-14T14:31:07Z"),
            ("2026-07-14 0.38400462962963", "2026-07-14T09:12:58Z"),
            ("2026-07-14 .5", "2026-07-14T12:00:00Z"),
            ("2026-07-14 0.9999999", "2026-07-14T23:59:59Z"),
        ] {
            let when = reader.read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(when.instant.to_string(), instant, "{text}");
        }
        assert!(reader.tells_instant("2026-07-14 09:31:07.1234567 +02:00"));
        assert!(!reader.tells_instant("2026-07-14 0.5"));
        for text in [
            "'",
            "''",
            "0.5",
            "2026-07-14 1.5",
            "2026-07-14 0.",
            "2026-07-14 -",
            "x +1",
        ] {
            assert_eq!(reader.read(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_is_taken_from_where_it_is_stated() {
        let reader = TimeReader::new(vec!["%Y %d.%m. %H:%M".to_owned()], None).of_year(2024);
        let read = |text| reader.read(text).map(|when| when.local.to_string());
        assert_eq!(read("29.02. 09:31").as_deref(), Some("2024-02-29T09:31:00"));
        assert_eq!(read("2024 29.02. 09:31"), None);
    }

    #[test]
    fn a_two_digit_year_does_not_fit_a_four_digit_format() {
        let read = |format: &str, text| {
            TimeReader::new(vec![format.to_owned()], None)
                .read(text)
                .map(|when| when.local.to_string())
        };
        assert_eq!(read("%m/%d/%Y %H:%M", "07/14/26 09:31"), None);
        assert_eq!(
            read("%m/%d/%y %H:%M", "07/14/26 09:31").as_deref(),
            Some("2026-07-14T09:31:00")
        );
    }

    #[test]
    fn a_time_that_is_no_instant_is_not_read() {
        assert_eq!(TimeReader::default().read("9999-12-31 23:59:59"), None);
        let format = vec!["%d.%m.%Y %H:%M %z".to_owned()];
        assert_eq!(
            TimeReader::new(format, None).read("31.12.9999 23:59 -0200"),
            None
        );
        let format = vec!["%d.%m.%Y %H:%M %z %Q".to_owned()];
        assert_eq!(
            TimeReader::new(format, None).read("14.07.2026 09:31 +0500 Europe/Berlin"),
            None
        );
    }

    #[test]
    fn skipped_and_doubled_clock_times_have_one_instant() {
        let zone = TimeZone::get("Europe/Berlin").expect("bundled zone");
        let reader = TimeReader::new(Vec::new(), Some(zone));
        for (text, local, instant) in [
            (
                "2026-03-29 02:30:00",
                "2026-03-29T02:30:00",
                "2026-03-29T01:30:00Z",
            ),
            (
                "2026-10-25 02:30:00",
                "2026-10-25T02:30:00",
                "2026-10-25T00:30:00Z",
            ),
            (
                "2026-10-25T02:30:00+01:00",
                "2026-10-25T02:30:00",
                "2026-10-25T01:30:00Z",
            ),
            (
                "2026-07-14T22:30:00Z",
                "2026-07-15T00:30:00",
                "2026-07-14T22:30:00Z",
            ),
        ] {
            let when = reader.read(text).expect("read");
            assert_eq!(when.local.to_string(), local);
            assert_eq!(when.instant.to_string(), instant);
        }
    }

    #[test]
    fn seconds_since_1970_are_read_when_the_format_says_so() {
        let reader = TimeReader::new(vec!["%s".to_owned()], None);
        let when = reader.read("1784021467").expect("read");
        assert_eq!(when.local.to_string(), "2026-07-14T09:31:07");
    }

    #[test]
    fn numbers_since_1970_are_read_as_what_they_count() {
        let zone = TimeZone::get("Europe/Berlin").expect("bundled zone");
        for (count, text) in [
            (TimeCount::Seconds, "1784021467"),
            (TimeCount::Milliseconds, " 1784021467000 "),
        ] {
            let reader = TimeReader::counting(count, Some(zone.clone()));
            let when = reader.read(text).expect("read");
            assert_eq!(when.local.to_string(), "2026-07-14T11:31:07");
            assert_eq!(when.instant.to_string(), "2026-07-14T09:31:07Z");
            assert_eq!(reader.read("2026-07-14 09:31:07"), None);
            assert!(!reader.is_surely_within("2026-07-14", "2026-07-01", "2026-07-31"));
        }
    }

    #[test]
    fn the_first_format_that_fits_reads_a_time() {
        let formats = ["%Y-%m-%d %H:%M", "%a, %d %b %Y %H:%M:%S"];
        let reader = TimeReader::new(formats.map(str::to_owned).to_vec(), None);
        for text in ["2026-07-14 09:31", "Tue, 14 Jul 2026 09:31:00"] {
            let when = reader.read(text).expect("read");
            assert_eq!(when.local.to_string(), "2026-07-14T09:31:00");
        }
        assert_eq!(reader.read("14.07.2026 09:31"), None);
    }
}
