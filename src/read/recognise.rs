//! Tells from the first rows of a log which telephone system wrote it.

use regex::Regex;

use super::built_in::{BuiltIn, built_in};
use super::profile::pattern;
use super::tree::{Item, Table};
use crate::calls::same_name;

/// By what a log is known: names of columns, or the shape of its rows where it has no header.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// All of them are in the header.
    columns: Vec<String>,
    /// Fewest and most fields.
    fields: Option<(usize, usize)>,
    /// 0-based columns, and what is found in their cells in every row.
    cells: Vec<(usize, Regex)>,
}

impl Signs {
    /// From a profile's `[recognise]`.
    pub(super) fn of(table: Table<'_>) -> Self {
        let columns = table.list("columns");
        let fields = table.get("fields").and_then(|item| fields(&item));
        let cells = table.table("cells");
        let cells = cells.map_or(Vec::new(), |cells| cells.entries());
        table.done();
        Self {
            columns: columns.iter().filter_map(Item::text).collect(),
            fields,
            cells: cells.iter().filter_map(cell).collect(),
        }
    }

    /// How many signs there are; 0 where a log doesn't have them all.
    fn fit(&self, first: &[String], rows: &[Vec<String>]) -> usize {
        match self.fields {
            Some((fewest, most)) => {
                let fits = |row: &[String]| {
                    let cell = |at: usize| row.get(at).map_or("", String::as_str);
                    (fewest..=most).contains(&row.len())
                        && self
                            .cells
                            .iter()
                            .all(|(at, pattern)| pattern.is_match(cell(*at).trim()))
                };
                let all = fits(first) && rows.iter().all(|row| fits(row));
                if all { self.cells.len() } else { 0 }
            }
            None => {
                let there = |name: &String| first.iter().any(|column| same_name(column, name));
                let all = self.columns.iter().all(there);
                if all { self.columns.len() } else { 0 }
            }
        }
    }
}

fn fields(item: &Item<'_>) -> Option<(usize, usize)> {
    let list = item.list()?;
    let numbers: Vec<usize> = (list.iter())
        .filter_map(Item::integer)
        .filter_map(|number| usize::try_from(number).ok())
        .collect();
    match numbers.as_slice() {
        [fewest, most] if fewest <= most => Some((*fewest, *most)),
        _ => {
            item.fault(
                "`fields` must be the fewest and the most fields of a row".to_owned(),
                None,
            );
            None
        }
    }
}

fn cell(item: &Item<'_>) -> Option<(usize, Regex)> {
    let at = item
        .key
        .parse::<usize>()
        .ok()
        .and_then(|at| at.checked_sub(1));
    if at.is_none() {
        item.fault(
            "the key must be a column's position, counted from 1".to_owned(),
            None,
        );
    }
    Some((at?, pattern(item)?))
}

/// The profile in the program for a log that begins with these rows; `header` is the first one, which may be a call. Of
/// several that fit the one with most signs. A log that has no signs of any system is left to be read as a plain one.
pub fn recognise(header: &[String], rows: &[Vec<String>]) -> Option<&'static BuiltIn> {
    let fits = built_in()
        .iter()
        .map(|own| (own.signs.fit(header, rows), own));
    let (signs, best) = fits.max_by_key(|(signs, own)| (*signs, std::cmp::Reverse(own.name)))?;
    (signs > 0).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.map(|row| row.iter().map(str::to_owned).collect())
            .collect()
    }

    fn recognised(text: &str) -> Option<&'static str> {
        let rows = rows(text);
        let (header, rows) = rows.split_first().expect("a row");
        recognise(header, rows).map(|own| own.name)
    }

    const CALL: &str = r#""","+4930555","600","from-trunk","x","PJSIP/t-1","PJSIP/1001-2","Queue","600","2026-07-14 09:31:07","2026-07-14 09:31:12","2026-07-14 09:35:00",233,228,"ANSWERED","DOCUMENTATION","u1","""#;
    const MISSED: &str = r#""","+4930555","600","from-trunk","x","PJSIP/t-1","","Queue","600","2026-07-14 09:31:07",,"2026-07-14 09:35:00",233,0,"NO ANSWER","DOCUMENTATION","u2","""#;

    #[test]
    fn a_log_without_header_is_known_by_the_shape_of_every_row() {
        assert_eq!(recognised(&format!("{CALL}\n{MISSED}\n")), Some("asterisk"));
        assert_eq!(recognised(MISSED), Some("asterisk"));
        let other = CALL.replace("ANSWERED", "NORMAL_CLEARING");
        assert_eq!(recognised(&format!("{CALL}\n{other}\n")), None);
        let short = CALL.replace(r#""DOCUMENTATION","u1","""#, r#""DOCUMENTATION""#);
        assert_eq!(recognised(&short), Some("asterisk"));
        assert_eq!(recognised(&format!("{CALL},1,2,3,4")), None);
        assert_eq!(recognised(&format!("{CALL}\n1,2,3\n")), None);
    }

    #[test]
    fn a_log_with_header_is_known_by_the_names_of_its_columns() {
        let header =
            "Full Export Completed,Conversation ID,Date,Direction,Media Type,Queue,Non-ACD";
        assert_eq!(recognised(header), Some("genesys-cloud"));
        assert_eq!(recognised(&header.to_lowercase()), Some("genesys-cloud"));
        assert_eq!(recognised(&header.replace("Media Type", "Medium")), None);
    }

    #[test]
    fn a_plain_log_is_no_system_s() {
        for header in [
            "call_id,csr,caller_type",
            "call_id,csr,caller_type,started_at,duration_s,queue,direction,caller,recording",
            "id,agent,type of caller,start time,duration,queue,from,to",
            "",
            "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18",
        ] {
            assert_eq!(recognised(&format!("{header}\n1,2,3\n")), None, "{header}");
        }
        let sample = include_str!("../../samples/calls.csv");
        assert_eq!(recognised(sample), None);
        assert!(recognise(&[], &[]).is_none());
    }
}
