//! Scores per team. A call belongs to the team that its CSR was in on the call's day; a call whose day isn't known, to the
//! team that its CSR was in for the sample's whole period.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::csrs::Who;
use super::rosters::listed;
use super::{Csrs, Note, Rules, SampleFacts, Scores, Zeros};
use crate::calls::{CallerType, Roster};
use crate::estimate::error::EstimateError;
use crate::rubric::Rubric;
use crate::sampling::CellCount;

/// The table of CSRs, with teams instead. No team at all has a row of its own, the last one.
#[derive(Clone, Debug)]
pub struct Teams {
    pub csrs: Csrs,
    moves: Moves,
}

/// Who changed team.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    /// CSRs who changed team in a sample's period, and their teams.
    changed: BTreeMap<String, BTreeSet<String>>,
    /// Drawn calls without a day, of such CSRs.
    undated: u64,
}

/// The name of no team.
const NONE: &str = "";

impl Teams {
    /// Estimates the table from facts whose CSRs go by the roster's names.
    ///
    /// # Errors
    /// See [`Scores::new`].
    pub fn new(
        rubric: &Rubric,
        samples: &[SampleFacts],
        roster: &Roster,
        rules: Rules,
    ) -> Result<Self, EstimateError> {
        let (teams, moves) = by_team(samples, roster);
        let scores = Scores::of(rubric, &teams, rules)?;
        let mut csrs = Csrs::of(Who::Team, &teams, &scores)?;
        // The note on zeros names calls and who served them.
        csrs.zeros = Zeros::of(samples);
        for row in &mut csrs.rows {
            let mut untold = moves.changed.values().flatten();
            if untold.any(|team| row.csr.as_ref() == Some(team)) {
                row.eligible = None;
            }
        }
        // The empty name comes first in the alphabet.
        let nameless = csrs
            .rows
            .iter()
            .take_while(|row| row.csr.as_deref() == Some(NONE));
        let nameless = nameless.count();
        csrs.rows.rotate_left(nameless);
        Ok(Self { csrs, moves })
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let left_blank =
            "; how many calls of the log these teams have can't be told, so that is left blank";
        let mut notes = self.moves.notes(left_blank);
        notes.extend(self.csrs.notes());
        notes
    }
}

impl Moves {
    /// What a reader of a table of teams must know; `besides` ends the sentence on calls of CSRs who changed team.
    pub(super) fn notes(&self, besides: &str) -> Vec<Note> {
        let mut notes: Vec<Note> = self.changed_note(besides).into_iter().collect();
        if self.undated > 0 {
            let text = format!(
                "No team: {} drawn without a day that can be read, of CSRs who changed team.",
                match self.undated {
                    1 => "1 call was".to_owned(),
                    calls => format!("{calls} calls were"),
                }
            );
            notes.push(Note::new("no-day", text));
        }
        let text = "Without a team: calls of CSRs who were in none on the day, by the roster.";
        notes.push(Note::detail("no-team", text));
        notes
    }

    fn changed_note(&self, besides: &str) -> Option<Note> {
        if self.changed.is_empty() {
            return None;
        }
        let named = self.changed.iter().map(|(csr, teams)| {
            let teams = teams.iter().map(|team| match team.as_str() {
                NONE => "no team",
                team => team,
            });
            format!("{csr} ({})", teams.collect::<Vec<_>>().join(", "))
        });
        let text = format!(
            "Changed team in the period: {}. Each call counts for the team of its day{besides}.",
            listed(named.collect())
        );
        Some(Note::new("changed-team", text))
    }
}

/// The samples with teams where CSRs were.
pub(super) fn by_team(samples: &[SampleFacts], roster: &Roster) -> (Vec<SampleFacts>, Moves) {
    let mut counting = Counting {
        roster,
        moves: Moves::default(),
    };
    let teams = samples.iter().map(|s| counting.by_team(s)).collect();
    (teams, counting.moves)
}

/// A roster, and what was found on the way.
struct Counting<'a> {
    roster: &'a Roster,
    moves: Moves,
}

impl Counting<'_> {
    /// The sample with teams where CSRs were.
    fn by_team(&mut self, sample: &SampleFacts) -> SampleFacts {
        let mut teams = sample.clone();
        self.count_cells(&mut teams);
        for stratum in &mut teams.strata {
            // A stratum whose CSR changed team tells no team apart: each is a domain inside it.
            let csr = stratum.stratum.csr.take();
            stratum.stratum.csr = csr.and_then(|csr| self.constant(&csr, sample.period));
        }
        for call in &mut teams.calls {
            let period = call.day.map(|day| (day, day)).or(sample.period);
            let heard = call.evaluations.iter_mut();
            let heard = heard.filter_map(|facts| facts.evaluation.csr_heard.as_mut());
            let mut known = true;
            for csr in heard.chain([&mut call.csr]) {
                let team = self.constant(csr, period);
                known &= team.is_some();
                *csr = team.unwrap_or_default();
            }
            self.moves.undated += u64::from(!known);
        }
        teams
    }

    /// The log's calls of a CSR who changed team stand with one of the teams, for the sum of all; whoever shows that team's
    /// number must ask for [`Moves::changed`]. Every team of the sample's CSRs is there, and no team as well.
    fn count_cells(&mut self, sample: &mut SampleFacts) {
        let mut there = BTreeSet::from([NONE.to_owned()]);
        for cell in &mut sample.cells {
            let teams = self.teams(&cell.csr, sample.period);
            let first = teams.first().cloned().unwrap_or_default();
            let csr = std::mem::replace(&mut cell.csr, first);
            there.extend(teams.iter().cloned());
            if teams.len() > 1 {
                self.moves.changed.entry(csr).or_default().extend(teams);
            }
        }
        let empty = there.into_iter().map(|csr| CellCount {
            csr,
            caller_type: CallerType::Internal,
            eligible: 0,
        });
        sample.cells.extend(empty);
    }

    fn teams(&self, csr: &str, period: Option<(Date, Date)>) -> BTreeSet<String> {
        let teams = self.roster.teams_in(csr, period).into_iter();
        teams.map(|team| team.unwrap_or(NONE).to_owned()).collect()
    }

    /// The team that a CSR was in all the time; `None` where it changed.
    fn constant(&self, csr: &str, period: Option<(Date, Date)>) -> Option<String> {
        let mut teams = self.teams(csr, period).into_iter();
        teams.next().filter(|_| teams.next().is_none())
    }
}
