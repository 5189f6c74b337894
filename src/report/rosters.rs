//! A roster put to use: spellings of CSRs folded in a report's facts, never in what is stored; and the roster as a table.

use std::collections::{BTreeMap, BTreeSet};

use super::{Align, Cell, Column, Note, SampleFacts, Table};
use crate::calls::{CallerType, Member, Roster};
use crate::sampling::CellCount;

/// Names spelt out in a note; more are counted.
const MOST_NAMED: usize = 5;

/// Gives every CSR of a report the roster's name: in calls, in what was heard, in the counts of the log, and in strata.
/// Two spellings stay two strata of the design; in estimates they are one CSR. Returns what readers must know.
pub fn fold(samples: &mut [SampleFacts], roster: &Roster) -> Vec<Note> {
    // Drawn calls by spelling.
    let mut folded = BTreeMap::new();
    for sample in samples.iter_mut() {
        for cell in &mut sample.cells {
            if let Some(spelling) = rename(&mut cell.csr, roster) {
                folded.entry(spelling).or_insert(0_u64);
            }
        }
        merge(&mut sample.cells);
        for stratum in &mut sample.strata {
            let csr = stratum.stratum.csr.as_mut();
            csr.map(|csr| rename(csr, roster));
        }
        for call in &mut sample.picked {
            let heard = call.evaluations.iter_mut();
            let heard = heard.filter_map(|facts| facts.evaluation.csr_heard.as_mut());
            for name in heard.chain([&mut call.csr]) {
                rename(name, roster);
            }
        }
        for call in &mut sample.calls {
            let heard = call.evaluations.iter_mut();
            let heard = heard.filter_map(|facts| facts.evaluation.csr_heard.as_mut());
            let names = heard.chain([&mut call.csr]);
            let spellings: BTreeSet<String> =
                names.filter_map(|name| rename(name, roster)).collect();
            for spelling in spellings {
                *folded.entry(spelling).or_insert(0) += 1;
            }
        }
    }
    let mut notes: Vec<Note> = folded_note(&folded, roster).into_iter().collect();
    if roster.has_teams() {
        notes.extend(unknown_note(samples, roster));
    }
    notes
}

/// Replaces a spelling, and returns it.
fn rename(name: &mut String, roster: &Roster) -> Option<String> {
    let folded = roster.csr(name);
    if folded == name {
        return None;
    }
    let folded = folded.to_owned();
    Some(std::mem::replace(name, folded))
}

/// Adds up cells that have become the same.
fn merge(cells: &mut Vec<CellCount>) {
    let mut sums: BTreeMap<(String, CallerType), u64> = BTreeMap::new();
    for cell in cells.drain(..) {
        *sums.entry((cell.csr, cell.caller_type)).or_default() += cell.eligible;
    }
    let merged = sums
        .into_iter()
        .map(|((csr, caller_type), eligible)| CellCount {
            csr,
            caller_type,
            eligible,
        });
    cells.extend(merged);
}

fn folded_note(folded: &BTreeMap<String, u64>, roster: &Roster) -> Option<Note> {
    let named = folded.iter().map(|(spelling, calls)| {
        let what = if *calls == 1 { "call" } else { "calls" };
        format!(
            "`{spelling}` as {} ({calls} drawn {what})",
            roster.csr(spelling)
        )
    });
    let what = match folded.len() {
        0 => return None,
        1 => "1 spelling",
        count => &format!("{count} spellings"),
    };
    let text = format!("{what} folded by the roster: {}.", listed(named.collect()));
    Some(Note::new("spellings", text))
}

fn unknown_note(samples: &[SampleFacts], roster: &Roster) -> Option<Note> {
    let logged = samples.iter().flat_map(|sample| &sample.cells);
    let calls = samples.iter().flat_map(|sample| &sample.calls);
    let heard = calls.flat_map(|call| {
        let heard = call.counting().and_then(|heard| heard.csr_heard.as_deref());
        [Some(call.csr.as_str()), heard].into_iter().flatten()
    });
    let names = logged.map(|cell| cell.csr.as_str()).chain(heard);
    let unknown: BTreeSet<&str> = names.filter(|csr| !roster.knows(csr)).collect();
    let what = match unknown.len() {
        0 => return None,
        1 => "The roster does not know 1 CSR of the calls",
        count => &format!("The roster does not know {count} CSRs of the calls"),
    };
    let names = unknown.into_iter().map(str::to_owned).collect();
    let text = format!("{what}, who are in no team by it: {}.", listed(names));
    Some(Note::new("not-in-roster", text))
}

/// The first few, and how many more.
pub(super) fn listed(mut all: Vec<String>) -> String {
    let more = all.len().saturating_sub(MOST_NAMED);
    all.truncate(MOST_NAMED);
    if more > 0 {
        all.push(format!("and {more} more"));
    }
    all.join("; ")
}

/// A roster as a neutral table: a row per CSR and time in a team.
pub fn roster_table(roster: &Roster) -> Table {
    let columns = vec![
        Column::new("csr", "CSR", Align::Left),
        Column::new("spellings", "Other spellings", Align::Left).spare(1),
        Column::new("team", "Team", Align::Left),
        Column::new("from", "From", Align::Left),
        Column::new("to", "To", Align::Left),
    ];
    let mut table = Table::new("roster", "Roster", columns);
    for (csr, member) in roster.members() {
        rows(csr, member, &mut table);
    }
    table
}

fn rows(csr: &str, member: &Member, table: &mut Table) {
    let spellings: Vec<&str> = member.spellings.iter().map(String::as_str).collect();
    let row = |rest: [Cell; 3]| {
        let mut cells = vec![Cell::text(csr), Cell::text(&spellings.join("; "))];
        cells.extend(rest);
        cells
    };
    if member.teams.is_empty() {
        table.push(row([Cell::Missing, Cell::Missing, Cell::Missing]));
    }
    for membership in &member.teams {
        let day = |day: Option<jiff::civil::Date>| {
            day.map_or(Cell::Missing, |day| Cell::Text(day.to_string()))
        };
        let team = Cell::text(&membership.team);
        table.push(row([team, day(membership.from), day(membership.to)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::RosterEntry;
    use jiff::civil::date;

    fn entry(csr: &str, alias: &str, team: &str) -> RosterEntry {
        RosterEntry {
            csr: csr.to_owned(),
            alias: Some(alias.to_owned()),
            team: Some(team.to_owned()),
            ..RosterEntry::default()
        }
    }

    #[test]
    fn a_roster_has_a_row_per_csr_and_time_in_a_team() {
        let billing = RosterEntry {
            to: Some(date(2026, 7, 15)),
            ..entry("Jo", "J.", "Billing")
        };
        let orders = RosterEntry {
            from: Some(date(2026, 7, 16)),
            ..entry("Jo", "Joe", "Orders")
        };
        let roster = Roster::new(&[orders, billing, entry("Ada", "", "")]).expect("roster");
        let text = |text: &str| Cell::Text(text.to_owned());
        let nothing = || Cell::Missing;
        assert_eq!(
            roster_table(&roster).rows,
            [
                [text("Ada"), nothing(), nothing(), nothing(), nothing()],
                [
                    text("Jo"),
                    text("J.; Joe"),
                    text("Billing"),
                    nothing(),
                    text("2026-07-15")
                ],
                [
                    text("Jo"),
                    text("J.; Joe"),
                    text("Orders"),
                    text("2026-07-16"),
                    nothing()
                ],
            ]
        );
    }

    #[test]
    fn cells_that_become_the_same_are_added_up() {
        let roster = Roster::new(&[entry("Jo", "J.", "")]).expect("roster");
        let cell = |csr: &str, caller_type, eligible| CellCount {
            csr: csr.to_owned(),
            caller_type,
            eligible,
        };
        let mut cells = vec![
            cell("J.", CallerType::Internal, 3),
            cell("Ada", CallerType::Internal, 1),
            cell("Jo", CallerType::Internal, 4),
            cell("J.", CallerType::External, 5),
        ];
        for cell in &mut cells {
            rename(&mut cell.csr, &roster);
        }
        merge(&mut cells);
        assert_eq!(
            cells,
            [
                cell("Ada", CallerType::Internal, 1),
                cell("Jo", CallerType::Internal, 7),
                cell("Jo", CallerType::External, 5),
            ]
        );
    }
}
