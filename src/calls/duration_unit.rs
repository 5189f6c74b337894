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
    /// Seconds; also reads `h:mm:ss` and `mm:ss` whatever the unit. `None` for what is no duration or below zero.
    pub fn seconds(self, text: &str) -> Option<f64> {
        let text = text.trim();
        let value = if text.contains(':') {
            clock(text)?
        } else {
            let number = text.parse::<f64>().ok()?;
            match self {
                Self::Seconds => number,
                Self::Milliseconds => number / 1000.0,
                Self::Minutes => number * 60.0,
                Self::Days => number * 86_400.0,
            }
        };
        // `-0` is zero.
        (value.is_finite() && value >= 0.0).then_some(value + 0.0)
    }
}

/// `h:mm:ss` and `mm:ss`, the last part perhaps with a fraction. Only the first part may pass 59.
fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let last = parts.len() - 1;
    parts.iter().enumerate().try_fold(0.0, |sum, (at, part)| {
        let digit = |c: char| c.is_ascii_digit() || (c == '.' && at == last);
        let value = part
            .parse::<f64>()
            .ok()
            .filter(|_| part.chars().all(digit))?;
        (at == 0 || value < 60.0).then_some(sum * 60.0 + value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_in_every_unit() {
        assert_eq!(DurationUnit::Seconds.seconds("12.5"), Some(12.5));
        assert_eq!(DurationUnit::Milliseconds.seconds("412001"), Some(412.001));
        assert_eq!(DurationUnit::Minutes.seconds("2"), Some(120.0));
        assert_eq!(DurationUnit::Days.seconds("0.25"), Some(21_600.0));
        assert_eq!(DurationUnit::Seconds.seconds("1:02:03"), Some(3723.0));
        assert_eq!(DurationUnit::Seconds.seconds("-4"), None);
        assert_eq!(DurationUnit::Seconds.seconds("NaN"), None);
    }

    #[test]
    fn what_is_no_duration_is_not_read() {
        for text in [
            "", "-0:30", "0:-30", "inf", "-inf", "inf:00", "1e400", "1:2:3:4", ":30", "5:", ":",
            "1:60", "1:99:99", "1.5:30", "1e2:00", "1:+5", "1,5", "3 min", "0x10", "NaN:1",
        ] {
            assert_eq!(DurationUnit::Seconds.seconds(text), None, "{text}");
        }
    }

    #[test]
    fn zero_long_and_fractional_durations_are_read() {
        for (text, seconds) in [
            ("0", "0"),
            ("-0", "0"),
            ("00:00:00", "0"),
            ("1e3", "1000"),
            (" 0:05 ", "5"),
            ("0:30.5", "30.5"),
            ("75:30", "4530"),
            ("100:00:00", "360000"),
        ] {
            let read = DurationUnit::Seconds.seconds(text);
            assert_eq!(read.map(|s| s.to_string()).as_deref(), Some(seconds));
        }
        assert_eq!(DurationUnit::Minutes.seconds("1:30"), Some(90.0));
    }
}
