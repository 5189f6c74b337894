//! How call logs write durations: numbers of a unit, clocks, numbers with words, a spreadsheet's time of day.

/// What the numbers in the duration column count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DurationUnit {
    #[default]
    Seconds,
    Milliseconds,
    Minutes,
    Days,
}

impl DurationUnit {
    /// Seconds; also reads what says its unit itself, whatever the unit: `h:mm:ss`, `mm:ss`, and with `hours_first` `h:mm`
    /// instead; `13 mins 54 secs`; `12:02:23 AM` as a spreadsheet shows two minutes; `PT13M54S`. `None` for what is no
    /// duration or below zero.
    pub fn seconds(self, text: &str, hours_first: bool) -> Option<f64> {
        let text = text.trim();
        let value = if let Ok(number) = text.parse::<f64>() {
            match self {
                Self::Seconds => number,
                Self::Milliseconds => number / 1000.0,
                Self::Minutes => number * 60.0,
                Self::Days => number * 86_400.0,
            }
        } else if text.contains(':') {
            clock(text, hours_first).or_else(|| time_of_day(text))?
        } else {
            in_words(text).or_else(|| iso(text))?
        };
        // `-0` is zero.
        (value.is_finite() && value >= 0.0).then_some(value + 0.0)
    }
}

/// `h:mm:ss`, and `mm:ss` or `h:mm`; the last part perhaps with a fraction. Only the first part may pass 59.
fn clock(text: &str, hours_first: bool) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let last = parts.len() - 1;
    let value = parts.iter().enumerate().try_fold(0.0, |sum, (at, part)| {
        let digit = |c: char| c.is_ascii_digit() || (c == '.' && at == last);
        let value = part
            .parse::<f64>()
            .ok()
            .filter(|_| part.chars().all(digit))?;
        (at == 0 || value < 60.0).then_some(sum * 60.0 + value)
    })?;
    let in_minutes = parts.len() == 2 && hours_first;
    Some(if in_minutes { value * 60.0 } else { value })
}

/// A spreadsheet that takes a duration for a time of day begins at `12:00:00 AM`.
fn time_of_day(text: &str) -> Option<f64> {
    let half = text.get(text.len().checked_sub(2)?..)?;
    let (hours, rest) = text[..text.len() - 2].trim_end().split_once(':')?;
    let hours: u8 = hours
        .parse()
        .ok()
        .filter(|hours| (1..=12).contains(hours))?;
    let noon = match half {
        half if half.eq_ignore_ascii_case("am") => 0.0,
        half if half.eq_ignore_ascii_case("pm") => 43_200.0,
        _ => return None,
    };
    // `12:02 AM` has hours too.
    let rest = clock(&format!("{}:{rest}", hours % 12), true)?;
    Some(noon + rest)
}

/// Seconds of a unit, by its name in English, German, Spanish, Portuguese, French and Turkish.
const WORDS: [(f64, &[&str]); 5] = [
    (
        86_400.0,
        &[
            "d", "day", "days", "tag", "tage", "tagen", "dia", "dias", "día", "días", "jour",
            "jours", "j", "gün",
        ],
    ),
    (
        3_600.0,
        &[
            "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "hora", "horas",
            "heure", "heures", "sa", "saat",
        ],
    ),
    (
        60.0,
        &[
            "m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos", "dk", "dakika",
        ],
    ),
    (
        1.0,
        &[
            "s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden", "seg", "segs",
            "segundo", "segundos", "seconde", "secondes", "sn", "saniye",
        ],
    ),
    (
        0.001,
        &[
            "ms",
            "msec",
            "msecs",
            "millisecond",
            "milliseconds",
            "millis",
        ],
    ),
];

/// `13 mins 54 secs`, `1h 2m 3s`, `54 sn.`, `5.1 Days`: each number with its unit, the largest unit first.
fn in_words(text: &str) -> Option<f64> {
    let (mut rest, mut sum, mut before) = (text, 0.0, f64::INFINITY);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let end = rest.find(|c: char| !c.is_alphabetic());
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        let word = word.to_lowercase();
        let (unit, _) = WORDS
            .iter()
            .find(|(_, words)| words.contains(&word.as_str()))?;
        if *unit >= before {
            return None;
        }
        (sum, before) = (sum + number * unit, *unit);
        let after = after.strip_prefix('.').unwrap_or(after);
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    (before.is_finite()).then_some(sum)
}

/// ISO 8601: `PT13M54S`.
fn iso(text: &str) -> Option<f64> {
    let span = text.starts_with(['P', 'p']).then_some(text)?;
    let span: jiff::SignedDuration = span.parse().ok()?;
    Some(span.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<f64> {
        DurationUnit::Seconds.seconds(text, false)
    }

    #[test]
    fn durations_in_every_unit() {
        assert_eq!(seconds("12.5"), Some(12.5));
        let read = |unit: DurationUnit, text| unit.seconds(text, false);
        assert_eq!(read(DurationUnit::Milliseconds, "412001"), Some(412.001));
        assert_eq!(read(DurationUnit::Minutes, "2"), Some(120.0));
        assert_eq!(read(DurationUnit::Minutes, "2 s"), Some(2.0));
        assert_eq!(read(DurationUnit::Days, "0.25"), Some(21_600.0));
        assert_eq!(seconds("1:02:03"), Some(3723.0));
        assert_eq!(seconds("-4"), None);
        assert_eq!(seconds("NaN"), None);
    }

    #[test]
    fn what_is_no_duration_is_not_read() {
        for text in [
            "",
            "-0:30",
            "0:-30",
            "inf",
            "-inf",
            "inf:00",
            "1e400",
            "1:2:3:4",
            ":30",
            "5:",
            ":",
            "1:60",
            "1:99:99",
            "1.5:30",
            "1e2:00",
            "1:+5",
            "1,5",
            "3 apples",
            "0x10",
            "NaN:1",
            "min",
            "min 3",
            "3 min 90",
            "3 s 4 min",
            "3 min 4 min",
            "-3 min",
            "3. . min",
            "1.2.3 min",
            ".",
            "13:02:23 AM",
            "0:02:23 AM",
            "12:60:23 AM",
            "12:02:23 XM",
            "AM",
            "é",
            "PT",
            "-PT5S",
            "P1",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn zero_long_and_fractional_durations_are_read() {
        for (text, read) in [
            ("0", 0.0_f64),
            ("-0", 0.0),
            ("00:00:00", 0.0),
            ("1e3", 1000.0),
            (" 0:05 ", 5.0),
            ("0:30.5", 30.5),
            ("75:30", 4530.0),
            ("100:00:00", 360_000.0),
        ] {
            assert_eq!(
                seconds(text).map(|s| s.to_bits()),
                Some(read.to_bits()),
                "{text}"
            );
        }
        assert_eq!(DurationUnit::Minutes.seconds("1:30", false), Some(90.0));
    }

    #[test]
    fn what_says_its_unit_is_read_whatever_the_unit() {
        for (text, read) in [
            ("13 mins 54 secs", 834.0),
            ("54 sn.", 54.0),
            ("2 dk. 3 sn.", 123.0),
            ("5.5 Days", 475_200.0),
            ("1h2m3s", 3_723.0),
            ("1 hour, 30 minutes", 5_400.0),
            ("3 min", 180.0),
            ("250 ms", 0.25),
            ("12:02:23 AM", 143.0),
            ("1:02:23 am", 3_743.0),
            ("12:00 PM", 43_200.0),
            ("11:59:59PM", 86_399.0),
            ("PT13M54S", 834.0),
        ] {
            assert_eq!(
                DurationUnit::Minutes.seconds(text, false),
                Some(read),
                "{text}"
            );
        }
    }

    #[test]
    fn a_clock_of_two_parts_has_hours_where_that_is_said() {
        let read = |text| DurationUnit::Seconds.seconds(text, true);
        assert_eq!(read("0:05"), Some(300.0));
        assert_eq!(read("1:05"), Some(3_900.0));
        assert_eq!(read("1:02:03"), Some(3_723.0));
        assert_eq!(read("5"), Some(5.0));
    }
}
