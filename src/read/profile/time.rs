//! `[time]`: how starts are written.

use jiff::civil::date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::columns::column_names;
use crate::calls::{Profile, Role, TimeCount, TimeReader, escape};
use crate::read::tree::{Item, Table};
use crate::rubric::nearest;

pub(super) fn time(table: Table<'_>, profile: &mut Profile) {
    let zone = table.get("zone").and_then(|item| zone(&item));
    let year = table.get("year");
    let without_year = year.is_some();
    let formats = table.get("format");
    let formats = formats.and_then(|item| formats_of(&item, &zone, without_year));
    let formats = formats.unwrap_or_default();
    profile.time = match table.get("count").map(|item| (count(&item), item)) {
        Some((_, item)) if !formats.is_empty() => {
            let hint = "leave one of `format` and `count`".to_owned();
            item.fault("times are numbers or of a format".to_owned(), Some(hint));
            TimeReader::default()
        }
        Some((Some(count), _)) => TimeReader::counting(count, zone),
        _ => {
            if let Some(item) = year.as_ref().filter(|_| formats.is_empty()) {
                let hint = "add it, without the year: for instance \"%d.%m. %H:%M\"".to_owned();
                item.fault("`year` belongs to a `format`".to_owned(), Some(hint));
            }
            let reader = TimeReader::new(formats, zone);
            match year.and_then(|item| whole_year(&item)) {
                Some(year) => reader.of_year(year),
                None => reader,
            }
        }
    };
    if let Some(item) = table.get("columns") {
        let named = |role: Role| profile.columns.iter().any(|named| named.role == role);
        if named(Role::StartedAt) {
            let hint = "leave one of them".to_owned();
            item.fault(
                "`started_at` stands in `columns` already".to_owned(),
                Some(hint),
            );
        }
        profile.started = column_names(&item).unwrap_or_default();
    }
    table.done();
}

fn count(item: &Item<'_>) -> Option<TimeCount> {
    let text = item.text()?;
    match text.as_str() {
        "seconds" => Some(TimeCount::Seconds),
        "milliseconds" => Some(TimeCount::Milliseconds),
        "microseconds" => Some(TimeCount::Microseconds),
        _ => {
            item.no_choice(
                &text,
                ["seconds", "milliseconds", "microseconds"].into_iter(),
            );
            None
        }
    }
}

/// The year of times that are written without one.
fn whole_year(item: &Item<'_>) -> Option<i16> {
    let year = item.integer()?;
    let year = i16::try_from(year)
        .ok()
        .filter(|year| (1980..=2200).contains(year));
    if year.is_none() {
        item.fault("`year` must be a year such as 2026".to_owned(), None);
    }
    year
}

fn zone(item: &Item<'_>) -> Option<TimeZone> {
    let name = item.text()?;
    let zone = TimeZone::get(&name).ok();
    if zone.is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let near = nearest(&name, known.iter().map(String::as_str));
        item.fault(
            format!("no time zone is called `{}`", escape(&name)),
            Some(match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "use an IANA name such as `Europe/Berlin`".to_owned(),
            }),
        );
    }
    zone
}

/// One format or several, of which none may take a time of another one for another day.
fn formats_of(item: &Item<'_>, zone: &Option<TimeZone>, without_year: bool) -> Option<Vec<String>> {
    if item.value.get_ref().as_array().is_none() {
        return time_format(item, zone, without_year).map(|format| vec![format]);
    }
    let mut formats: Vec<String> = Vec::new();
    for item in item.list()? {
        let Some(format) = time_format(&item, zone, without_year) else {
            continue;
        };
        let mistaken = formats
            .iter()
            .find(|earlier| mistakes(earlier, &format, zone));
        if let Some(earlier) = mistaken {
            let (earlier, format) = (escape(earlier), escape(&format));
            item.fault(
                format!("the format `{earlier}` before it takes a time such as `{format}` for another day"),
                Some("day and month can't be told apart in such a log".to_owned()),
            );
        }
        formats.push(format);
    }
    Some(formats)
}

/// Whether a format reads another's time as another time.
fn mistakes(earlier: &str, format: &str, zone: &Option<TimeZone>) -> bool {
    let Some(written) = written(format, EARLY, zone) else {
        return false;
    };
    let read = |format: &str| TimeReader::new(vec![format.to_owned()], zone.clone()).read(&written);
    read(earlier)
        .is_some_and(|when| Some(when.local.date()) != read(format).map(|w| w.local.date()))
}

/// Day and month can be taken for each other.
const EARLY: [i8; 2] = [3, 4];
/// They can't.
const LATE: [i8; 2] = [7, 14];

/// A time of a day as a format writes it.
fn written(format: &str, [month, day]: [i8; 2], zone: &Option<TimeZone>) -> Option<String> {
    example(format, [month, day], zone).ok()
}

fn example(
    format: &str,
    [month, day]: [i8; 2],
    zone: &Option<TimeZone>,
) -> Result<String, jiff::Error> {
    let zone = zone.clone().unwrap_or(TimeZone::UTC);
    let instant = zone.to_timestamp(date(2026, month, day).at(9, 31, 7, 0))?;
    strtime::format(format, &instant.to_zoned_datetime(zone))
}

/// A format must read back what it writes. Where times have no year it stands before them.
fn time_format(item: &Item<'_>, zone: &Option<TimeZone>, without_year: bool) -> Option<String> {
    let mut format = item.text()?;
    if without_year {
        format.insert_str(0, "%Y ");
    }
    let written = match example(&format, LATE, zone) {
        Ok(written) => written,
        Err(error) => {
            let message = escape(&error.to_string()).into_owned();
            item.fault(
                format!("this is not a time format: {message}"),
                Some("for instance \"%d.%m.%Y %H:%M\"".to_owned()),
            );
            return None;
        }
    };
    let reader = TimeReader::new(vec![format.clone()], zone.clone());
    if reader.read(&written).is_none() {
        item.fault(
            "this time format does not tell the day".to_owned(),
            Some("it needs year, month and day: for instance \"%d.%m.%Y %H:%M\"; of times without a year `year` says which one it is".to_owned()),
        );
        return None;
    }
    Some(format)
}
