//! Times and durations as call logs write them. Formats are an explicit list: a day and month are never guessed apart.

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
    format: Option<String>,
    zone: Option<TimeZone>,
}

/// Year first, so that day and month can't be mistaken for each other.
const FORMATS: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
];

impl TimeReader {
    /// `format` is a strftime pattern; `zone` the IANA zone of times that carry no offset.
    pub fn new(format: Option<String>, zone: Option<TimeZone>) -> Self {
        Self { format, zone }
    }

    /// `None` where the text is no time in the declared format, or in none of the unambiguous ones.
    pub fn read(&self, text: &str) -> Option<When> {
        let text = text.trim();
        if let Some(format) = &self.format {
            let parsed = strtime::parse(format, text).ok()?;
            return match parsed.to_zoned_datetime() {
                Ok(zoned) => Some(self.at(zoned.timestamp(), zoned.datetime())),
                Err(_) => {
                    let local = parsed
                        .to_datetime()
                        .or_else(|_| parsed.to_date().map(midnight))
                        .ok()?;
                    Some(self.local(local))
                }
            };
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            let offset = Pieces::parse(text)
                .ok()
                .and_then(|pieces| pieces.to_numeric_offset())
                .map_or(TimeZone::UTC, TimeZone::fixed);
            return Some(self.at(instant, offset.to_datetime(instant)));
        }
        FORMATS
            .iter()
            .find_map(|format| {
                strtime::parse(format, text)
                    .and_then(|parsed| parsed.to_datetime())
                    .ok()
            })
            .or_else(|| text.parse::<Date>().ok().map(midnight))
            .map(|local| self.local(local))
    }

    fn at(&self, instant: Timestamp, logged: DateTime) -> When {
        let local = match &self.zone {
            Some(zone) => zone.to_datetime(instant),
            None => logged,
        };
        When { local, instant }
    }

    fn local(&self, local: DateTime) -> When {
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        let instant = zone.to_timestamp(local).unwrap_or(Timestamp::UNIX_EPOCH);
        When { local, instant }
    }
}

fn midnight(date: Date) -> DateTime {
    date.at(0, 0, 0, 0)
}

/// What the numbers in the duration column count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DurationUnit {
    #[default]
    Seconds,
    Milliseconds,
    Minutes,
}

impl DurationUnit {
    /// Seconds; also reads `h:mm:ss` and `mm:ss` whatever the unit. `None` for what is no duration or below zero.
    pub fn seconds(self, text: &str) -> Option<f64> {
        let text = text.trim();
        let value = if text.contains(':') {
            text.split(':').try_fold(0.0, |sum: f64, part| {
                part.parse::<f64>()
                    .ok()
                    .filter(|v| *v >= 0.0)
                    .map(|v| sum * 60.0 + v)
            })?
        } else {
            text.parse::<f64>().ok()?
                * match self {
                    Self::Seconds => 1.0,
                    Self::Milliseconds => 1e-3,
                    Self::Minutes => 60.0,
                }
        };
        (value.is_finite() && value >= 0.0).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            Some("%d.%m.%Y %H:%M".to_owned()),
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
    fn durations_in_every_unit() {
        assert_eq!(DurationUnit::Seconds.seconds("12.5"), Some(12.5));
        assert_eq!(DurationUnit::Milliseconds.seconds("1500"), Some(1.5));
        assert_eq!(DurationUnit::Minutes.seconds("2"), Some(120.0));
        assert_eq!(DurationUnit::Seconds.seconds("1:02:03"), Some(3723.0));
        assert_eq!(DurationUnit::Seconds.seconds("-4"), None);
        assert_eq!(DurationUnit::Seconds.seconds("NaN"), None);
    }
}
