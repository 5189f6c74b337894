use jiff::ToSpan;
use jiff::civil::Date;

/// How long a point of a trend is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// From Monday to Sunday (ISO 8601).
    #[default]
    Week,
    Month,
}

/// More points than this, of which most would be empty, are not told one by one: a clock that stood still.
const MOST: usize = 600;

impl Step {
    /// The word used in options and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The Monday of a day's week, or the first of its month.
    pub(super) fn first_day(self, day: Date) -> Date {
        match self {
            Self::Week => {
                let since = i64::from(day.weekday().to_monday_zero_offset());
                day.saturating_sub(since.days())
            }
            Self::Month => day.first_of_month(),
        }
    }

    /// The last day of the week or month that begins so.
    pub(super) fn last_day(self, first: Date) -> Date {
        match self {
            Self::Week => first.saturating_add(6.days()),
            Self::Month => first.last_of_month(),
        }
    }

    /// All first days between the first and the last of some, which are in order.
    pub(super) fn all(self, some: impl Iterator<Item = Date> + Clone) -> Vec<Date> {
        let Some((first, last)) = some.clone().next().zip(some.clone().last()) else {
            return Vec::new();
        };
        let step = match self {
            Self::Week => 7.days(),
            Self::Month => 1.month(),
        };
        let mut all = vec![first];
        while let Some(next) = all.last().and_then(|day| day.checked_add(step).ok()) {
            if next > last {
                break;
            }
            if all.len() == MOST {
                return some.collect();
            }
            all.push(next);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        for (of, monday) in [
            ("2026-07-01", "2026-06-29"),
            ("2026-07-05", "2026-06-29"),
            ("2026-07-06", "2026-07-06"),
            // In ISO week 1 of 2026.
            ("2025-12-31", "2025-12-29"),
        ] {
            assert_eq!(Step::Week.first_day(day(of)), day(monday));
        }
        assert_eq!(Step::Week.last_day(day("2025-12-29")), day("2026-01-04"));
        assert_eq!(Step::Month.first_day(day("2028-02-29")), day("2028-02-01"));
        assert_eq!(Step::Month.last_day(day("2028-02-01")), day("2028-02-29"));
        assert_eq!(Step::Week.first_day(Date::MIN), Date::MIN);
        assert_eq!(Step::Week.last_day(Date::MAX), Date::MAX);
    }

    #[test]
    fn periods_without_calls_stand_between_the_others() {
        let some = [day("2026-06-29"), day("2026-07-20")];
        let all = Step::Week.all(some.into_iter());
        assert_eq!(
            all,
            ["2026-06-29", "2026-07-06", "2026-07-13", "2026-07-20"].map(day)
        );
        let some = [day("2025-11-01"), day("2026-02-01")];
        assert_eq!(Step::Month.all(some.into_iter()).len(), 4);
        assert_eq!(Step::Week.all([].into_iter()), []);
        let some = [day("1970-01-05"), day("2026-07-06")];
        assert_eq!(Step::Week.all(some.into_iter()), some);
    }
}
