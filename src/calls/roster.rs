use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

/// One line of a roster. With an alias it says that this spelling in logs means the CSR; with a team, that the CSR is in it
/// from the first to the last day, both included, where `None` is open. Blanks around names don't count; case does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterEntry {
    pub csr: String,
    pub alias: Option<String>,
    pub team: Option<String>,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// Who is who in call logs, and who was in which team when. A name is either a CSR's or another spelling of one CSR's, so
/// spellings never fold in chains or circles; no CSR is in two teams on one day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roster {
    members: BTreeMap<String, Member>,
    /// From a spelling to the CSR's name.
    spellings: BTreeMap<String, String>,
}

/// What a roster says of one CSR.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// Other spellings of the name, in alphabetical order.
    pub spellings: BTreeSet<String>,
    /// In the order of their days.
    pub teams: Vec<Membership>,
}

/// A CSR's time in a team; both days belong to it, `None` is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub team: String,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// What is wrong with a roster, with the places of its entries, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterFault {
    pub entry: usize,
    pub kind: RosterFaultKind,
}

/// `other` is the entry that this one contradicts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RosterFaultKind {
    NoCsr,
    FromAfterTo,
    /// Days without a team: a spelling is folded whenever it is logged.
    PeriodWithoutTeam,
    /// The alias means another CSR too.
    AliasOfTwo {
        other: usize,
    },
    /// The alias is a CSR with entries of its own. Chains and circles of aliases come down to this.
    AliasIsCsr {
        other: usize,
    },
    /// The CSR is in a team already on some of these days.
    Overlap {
        other: usize,
    },
}

impl Membership {
    /// First and last day, where open ends are the ends of time.
    fn days(&self) -> (Date, Date) {
        (self.from.unwrap_or(Date::MIN), self.to.unwrap_or(Date::MAX))
    }

    fn overlaps(&self, other: &Self) -> bool {
        let ((from, to), (first, last)) = (self.days(), other.days());
        from <= last && first <= to
    }
}

impl Roster {
    /// Puts entries together. An entry may repeat what another says (a team once for each spelling), and an alias that is
    /// its own CSR's name says nothing.
    ///
    /// # Errors
    /// Everything that is wrong or contradicts itself, in the entries' order.
    pub fn new(entries: &[RosterEntry]) -> Result<Self, Vec<RosterFault>> {
        let mut building = Building::default();
        for (entry, given) in entries.iter().enumerate() {
            building.add(entry, given);
        }
        building.finish()
    }

    /// The CSR's one name for a name as logged or heard; without the roster's help the name itself, trimmed.
    pub fn csr<'a>(&'a self, logged: &'a str) -> &'a str {
        let name = logged.trim();
        self.spellings.get(name).map_or(name, String::as_str)
    }

    /// Whether the roster has entries of the CSR, by whatever spelling.
    pub fn knows(&self, csr: &str) -> bool {
        self.members.contains_key(self.csr(csr))
    }

    /// Whether anybody is in a team.
    pub fn has_teams(&self) -> bool {
        self.members.values().any(|member| !member.teams.is_empty())
    }

    /// CSRs by name.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.members.iter().map(|(csr, m)| (csr.as_str(), m))
    }

    /// The CSR's team on a day. Without a day only a team that the CSR is always in can be told.
    pub fn team(&self, csr: &str, day: Option<Date>) -> Option<&str> {
        let teams = self.teams_in(csr, day.map(|day| (day, day)));
        match teams.len() {
            1 => teams.into_iter().next().flatten(),
            _ => None,
        }
    }

    /// Every team that the CSR is in on some day of a period (first and last day), or ever; with `None` where there are days
    /// without one.
    pub fn teams_in(&self, csr: &str, period: Option<(Date, Date)>) -> BTreeSet<Option<&str>> {
        let (first, last) = period.unwrap_or((Date::MIN, Date::MAX));
        let member = self.members.get(self.csr(csr));
        let mut teams = BTreeSet::new();
        // The first day that no team has been looked up for; `None` once that is after the end of time.
        let mut next = Some(first);
        for membership in member.into_iter().flat_map(|member| &member.teams) {
            let (from, to) = membership.days();
            if to < first || from > last {
                continue;
            }
            if next.is_some_and(|next| next < from) {
                teams.insert(None);
            }
            teams.insert(Some(membership.team.as_str()));
            next = to.tomorrow().ok();
        }
        if next.is_some_and(|next| next <= last) {
            teams.insert(None);
        }
        teams
    }
}

/// A roster on its way, with the entry that each thing was first said by.
#[derive(Default)]
struct Building {
    csrs: BTreeMap<String, usize>,
    aliases: BTreeMap<String, (usize, String)>,
    teams: BTreeMap<String, Vec<(usize, Membership)>>,
    faults: Vec<RosterFault>,
}

impl Building {
    fn add(&mut self, entry: usize, given: &RosterEntry) {
        let csr = given.csr.trim();
        if csr.is_empty() {
            return self.fault(entry, RosterFaultKind::NoCsr);
        }
        self.csrs.entry(csr.to_owned()).or_insert(entry);
        if let Some(alias) = filled(&given.alias).filter(|alias| *alias != csr) {
            self.alias(entry, alias, csr);
        }
        let period = (given.from, given.to);
        match filled(&given.team) {
            Some(team) => self.team(entry, csr, team, period),
            None if period != (None, None) => {
                self.fault(entry, RosterFaultKind::PeriodWithoutTeam);
            }
            None => {}
        }
    }

    fn alias(&mut self, entry: usize, alias: &str, csr: &str) {
        match self.aliases.get(alias) {
            None => {
                let says = (entry, csr.to_owned());
                self.aliases.insert(alias.to_owned(), says);
            }
            Some((other, before)) if before != csr => {
                let other = *other;
                self.fault(entry, RosterFaultKind::AliasOfTwo { other });
            }
            Some(_) => {}
        }
    }

    fn team(
        &mut self,
        entry: usize,
        csr: &str,
        team: &str,
        (from, to): (Option<Date>, Option<Date>),
    ) {
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            return self.fault(entry, RosterFaultKind::FromAfterTo);
        }
        let new = Membership {
            team: team.to_owned(),
            from,
            to,
        };
        let known = self.teams.entry(csr.to_owned()).or_default();
        if known.iter().any(|(_, there)| *there == new) {
            return;
        }
        match known.iter().find(|(_, there)| there.overlaps(&new)) {
            Some((other, _)) => {
                let other = *other;
                self.fault(entry, RosterFaultKind::Overlap { other });
            }
            None => known.push((entry, new)),
        }
    }

    fn fault(&mut self, entry: usize, kind: RosterFaultKind) {
        self.faults.push(RosterFault { entry, kind });
    }

    fn finish(mut self) -> Result<Roster, Vec<RosterFault>> {
        for (alias, (entry, _)) in &self.aliases {
            if let Some(other) = self.csrs.get(alias) {
                let kind = RosterFaultKind::AliasIsCsr { other: *other };
                self.faults.push(RosterFault {
                    entry: *entry,
                    kind,
                });
            }
        }
        if !self.faults.is_empty() {
            self.faults.sort_by_key(|fault| fault.entry);
            return Err(self.faults);
        }
        let mut roster = Roster::default();
        for csr in self.csrs.into_keys() {
            let teams = self.teams.remove(&csr).unwrap_or_default();
            let mut teams: Vec<Membership> = teams.into_iter().map(|(_, team)| team).collect();
            teams.sort_by_key(Membership::days);
            let member = Member {
                teams,
                ..Member::default()
            };
            roster.members.insert(csr, member);
        }
        for (alias, (_, csr)) in self.aliases {
            if let Some(member) = roster.members.get_mut(&csr) {
                member.spellings.insert(alias.clone());
            }
            roster.spellings.insert(alias, csr);
        }
        Ok(roster)
    }
}

/// A name without the blanks around it, if anything is left.
fn filled(name: &Option<String>) -> Option<&str> {
    let name = name.as_deref().map(str::trim);
    name.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn july(day: i8) -> Option<Date> {
        Some(date(2026, 7, day))
    }

    fn alias(csr: &str, alias: &str) -> RosterEntry {
        RosterEntry {
            csr: csr.to_owned(),
            alias: Some(alias.to_owned()),
            ..RosterEntry::default()
        }
    }

    fn team(csr: &str, team: &str, from: Option<Date>, to: Option<Date>) -> RosterEntry {
        RosterEntry {
            csr: csr.to_owned(),
            team: Some(team.to_owned()),
            from,
            to,
            ..RosterEntry::default()
        }
    }

    fn faults(entries: &[RosterEntry]) -> Vec<(usize, RosterFaultKind)> {
        let faults = Roster::new(entries).expect_err("has faults").into_iter();
        faults.map(|fault| (fault.entry, fault.kind)).collect()
    }

    #[test]
    fn a_spelling_is_folded_exactly_but_for_blanks_around_it() {
        let roster = Roster::new(&[
            alias(" Jo Smith ", "Smith, Jo "),
            alias("Jo Smith", "jsmith"),
            alias("Jo Smith", "Jo Smith"),
            alias("Jo Smith", " "),
        ])
        .expect("roster");
        for (logged, csr) in [
            ("Smith, Jo", "Jo Smith"),
            (" jsmith\t", "Jo Smith"),
            ("Jo Smith", "Jo Smith"),
            ("JSMITH", "JSMITH"),
            (" Ada ", "Ada"),
        ] {
            assert_eq!(roster.csr(logged), csr);
        }
        assert!(roster.knows("jsmith") && !roster.knows("JSMITH"));
        let (_, member) = roster.members().next().expect("a CSR");
        assert_eq!(member.spellings.len(), 2);
        assert!(!roster.has_teams());
    }

    #[test]
    fn the_first_and_the_last_day_belong_to_a_team() {
        let roster = Roster::new(&[
            team("Jo", "Orders", july(20), None),
            team("Jo", "Billing", july(1), july(15)),
            alias("Jo", "J."),
        ])
        .expect("roster");
        for (day, expected) in [
            (date(2026, 6, 30), None),
            (date(2026, 7, 1), Some("Billing")),
            (date(2026, 7, 15), Some("Billing")),
            (date(2026, 7, 16), None),
            (date(2026, 7, 20), Some("Orders")),
            (Date::MAX, Some("Orders")),
        ] {
            assert_eq!(roster.team("Jo", Some(day)), expected, "{day}");
            assert_eq!(roster.team("J.", Some(day)), expected, "{day}");
        }
        assert_eq!(roster.team("Jo", None), None);
        assert_eq!(roster.team("Ada", july(1)), None);
    }

    #[test]
    fn a_period_has_all_the_teams_of_its_days() {
        let roster = Roster::new(&[
            team("Jo", "Billing", None, july(15)),
            team("Jo", "Orders", july(16), july(20)),
            team("Ada", "Billing", None, None),
        ])
        .expect("roster");
        let teams = |csr, from, to| -> Vec<Option<&str>> {
            let period = (date(2026, 7, from), date(2026, 7, to));
            roster.teams_in(csr, Some(period)).into_iter().collect()
        };
        assert_eq!(teams("Jo", 1, 15), [Some("Billing")]);
        assert_eq!(teams("Jo", 1, 16), [Some("Billing"), Some("Orders")]);
        assert_eq!(teams("Jo", 17, 21), [None, Some("Orders")]);
        assert_eq!(teams("Jo", 21, 31), [None]);
        assert_eq!(teams("Ada", 1, 31), [Some("Billing")]);
        assert_eq!(teams("Eve", 1, 31), [None]);
        assert_eq!(roster.team("Ada", None), Some("Billing"));
        assert_eq!(roster.teams_in("Jo", None).len(), 3);
    }

    #[test]
    fn what_is_said_twice_is_said_once() {
        let both = |alias: &str| RosterEntry {
            alias: Some(alias.to_owned()),
            ..team("Jo", "Billing", july(1), None)
        };
        let roster = Roster::new(&[both("J."), both("Joe"), both("J.")]).expect("roster");
        let (_, member) = roster.members().next().expect("a CSR");
        assert_eq!((member.teams.len(), member.spellings.len()), (1, 2));
    }

    #[test]
    fn days_in_two_teams_or_twice_in_one_are_refused() {
        assert_eq!(
            faults(&[
                team("Jo", "Billing", july(1), july(15)),
                team("Ada", "Billing", None, None),
                team("Jo", "Orders", july(15), None),
                team("Jo", "Billing", july(3), july(4)),
                team("Ada", "Orders", None, july(1)),
            ]),
            [
                (2, RosterFaultKind::Overlap { other: 0 }),
                (3, RosterFaultKind::Overlap { other: 0 }),
                (4, RosterFaultKind::Overlap { other: 1 }),
            ]
        );
    }

    #[test]
    fn an_alias_means_one_csr_who_is_nobody_s_alias() {
        // A circle, and a chain that might end.
        assert_eq!(
            faults(&[alias("Jo", "Joe"), alias("Joe", "Jo")]),
            [
                (0, RosterFaultKind::AliasIsCsr { other: 1 }),
                (1, RosterFaultKind::AliasIsCsr { other: 0 }),
            ]
        );
        assert_eq!(
            faults(&[alias("Jo Smith", "Jo Miller"), alias("Jo Miller", "jm")]),
            [(0, RosterFaultKind::AliasIsCsr { other: 1 })]
        );
        assert_eq!(
            faults(&[alias("Jo", "J."), alias("Jim", "J.")]),
            [(1, RosterFaultKind::AliasOfTwo { other: 0 })]
        );
    }

    #[test]
    fn an_entry_that_can_t_be_meant_is_refused() {
        let only_days = RosterEntry {
            from: july(1),
            ..alias("Jo", "J.")
        };
        assert_eq!(
            faults(&[
                team(" ", "Billing", None, None),
                team("Jo", "Billing", july(2), july(1)),
                only_days,
            ]),
            [
                (0, RosterFaultKind::NoCsr),
                (1, RosterFaultKind::FromAfterTo),
                (2, RosterFaultKind::PeriodWithoutTeam),
            ]
        );
    }
}
