//! What a draw and a list of samples tell.

use std::collections::{BTreeMap, BTreeSet};

use super::{Align, Cell, Column, Note, Table};
use crate::calls::{CallerType, LogLines, Refusal, Refused};
use crate::sampling::{Assignment, DrawnCall, Frame, JourneyCount, Retagged, StratumDraw, Unit};

/// A draw as it is told.
#[derive(Clone, Debug)]
pub struct DrawReport {
    pub name: String,
    pub seed: String,
    pub rubric: String,
    /// What is drawn.
    pub unit: Unit,
    /// In plain words.
    pub design: String,
    /// Which log of the sample it is, counted from 1.
    pub batch: u64,
    /// Nobody looked whether ids stand more than once.
    pub trust_ids: bool,
    pub frame: Frame,
    /// Where the log's lines are.
    pub lines: LogLines,
    /// Who scores which calls; empty where they aren't dealt.
    pub assignments: Vec<Assignment>,
}

impl DrawReport {
    /// Strata, analysts if calls are dealt to some, and calls.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.strata()];
        if !self.assignments.is_empty() {
            tables.push(self.analysts());
        }
        tables.push(self.calls());
        tables
    }

    /// How many calls each analyst scores, and how many of them another scores too.
    fn analysts(&self) -> Table {
        let twice: BTreeSet<&str> = (self.assignments.iter())
            .filter(|assignment| assignment.second)
            .map(|assignment| assignment.call_id.as_str())
            .collect();
        let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for assignment in &self.assignments {
            let (calls, doubled) = counts.entry(&assignment.analyst).or_default();
            *calls += 1;
            *doubled += u64::from(twice.contains(assignment.call_id.as_str()));
        }
        let mut table = Table::new(
            "analysts",
            "Calls per analyst",
            vec![
                Column::new("analyst", "Analyst", Align::Left),
                Column::new("calls", "Calls", Align::Right),
                Column::new("doubled", "Of these scored by two", Align::Right),
            ],
        );
        for (analyst, (calls, doubled)) in counts {
            table.push(vec![
                Cell::text(analyst),
                Cell::Count(calls),
                Cell::Count(doubled),
            ]);
        }
        table
    }

    /// What was drawn from which stratum.
    pub fn strata(&self) -> Table {
        let journeys = self.unit == Unit::Interaction;
        let (caption, units) = match self.unit {
            Unit::Call => ("Calls drawn per CSR and caller type", "Calls"),
            Unit::Interaction => (
                "Journeys drawn, by the caller type of their first call",
                "Journeys",
            ),
        };
        let mut columns = vec![
            Column::new("csr", "CSR", Align::Left),
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("eligible", units, Align::Right),
            Column::new("drawn", "Drawn", Align::Right),
        ];
        if journeys {
            columns.remove(0);
            columns.push(Column::new("calls", "Their calls", Align::Right));
        }
        let mut table = Table::new("strata", caption, columns);
        for stratum in &self.frame.strata {
            let mut cells = vec![
                Cell::text(stratum.stratum.csr.as_deref().unwrap_or("all")),
                Cell::text(
                    stratum
                        .stratum
                        .caller_type
                        .map_or("all", CallerType::as_str),
                ),
                Cell::Count(stratum.eligible),
                Cell::Count(stratum.drawn_units()),
            ];
            if journeys {
                cells.remove(0);
                cells.push(Cell::Count(stratum.calls.len() as u64));
            }
            table.push(cells);
        }
        let drawn = self.frame.strata.iter().map(StratumDraw::drawn_units);
        let mut total = vec![
            Cell::text("Total"),
            Cell::Missing,
            Cell::Count(self.frame.units()),
            Cell::Count(drawn.sum()),
        ];
        if journeys {
            total.remove(1);
            total.push(Cell::Count(self.frame.drawn()));
        }
        table.push_total(total);
        table
    }

    /// The drawn calls, in draw-number order.
    pub fn calls(&self) -> Table {
        let journeys = self.unit == Unit::Interaction;
        let mut columns = vec![
            Column::new("call_id", "Call", Align::Left),
            Column::new("csr", "CSR", Align::Left),
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("started_at", "Started", Align::Left),
            Column::new("position", "Position", Align::Right),
            Column::new("line", "Line", Align::Right),
            Column::new("draw_number", "Draw number", Align::Left),
        ];
        if journeys {
            columns.insert(0, Column::new("journey", "Journey", Align::Left));
        }
        let mut table = Table::new("drawn_calls", "Drawn calls", columns);
        for drawn in self.drawn() {
            let mut cells = vec![
                Cell::text(&drawn.call.call_id),
                Cell::text(&drawn.call.csr),
                Cell::text(drawn.call.caller_type.as_str()),
                Cell::text(drawn.call.started_text.as_deref().unwrap_or_default()),
                Cell::Count(drawn.position),
                match self.lines.place(drawn.call.line) {
                    (None, line) => Cell::Count(line),
                    (Some(_), _) => Cell::text(&self.lines.told(drawn.call.line)),
                },
                Cell::text(&drawn.draw_number.to_string()),
            ];
            if journeys {
                cells.insert(0, Cell::text(drawn.unit_id()));
            }
            table.push(cells);
        }
        table
    }

    /// The drawn calls in the order in which they are scored.
    pub fn drawn(&self) -> Vec<&DrawnCall> {
        let calls = self.frame.strata.iter().flat_map(|stratum| &stratum.calls);
        let mut calls: Vec<_> = calls.collect();
        calls.sort_by(|one, other| one.in_order(other));
        calls
    }

    /// The longest journey drawn, if it is longer than a customer's can be.
    fn long_journey(&self) -> Option<Note> {
        const LONG: usize = 20;
        let strata = self.frame.strata.iter();
        let journeys = strata.flat_map(|stratum| {
            stratum
                .calls
                .chunk_by(|one, next| one.position == next.position)
        });
        let longest = journeys.max_by_key(|calls| calls.len())?;
        let text = format!(
            "The drawn journey {} has {} calls: does the column for `interaction_id` really tell customers apart?",
            longest.first()?.unit_id(),
            longest.len()
        );
        (longest.len() > LONG).then(|| Note::new("long-journey", text))
    }

    /// What a draw of journeys is about.
    fn journeys(&self, count: &JourneyCount) -> Note {
        let mut text = format!(
            "A journey is all calls of one interaction id that count: {} of {} in this log. All calls of a drawn journey are \
             scored; none is held in reserve.",
            Unit::Call.counted(self.frame.eligible),
            Unit::Interaction.counted(count.journeys)
        );
        match count.nameless {
            0 => {}
            1 => text.push_str(" 1 call has no interaction id: its own id names its journey."),
            calls => text.push_str(&format!(
                " {calls} calls have no interaction id: their own ids name their journeys."
            )),
        }
        Note::new("journeys", text)
    }

    /// Strata with fewer calls than wanted, refused rows, calls the design leaves out.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes: Vec<Note> = self
            .frame
            .journeys
            .iter()
            .map(|count| self.journeys(count))
            .collect();
        notes.extend(self.long_journey());
        let what = match self.unit {
            Unit::Call => "calls",
            Unit::Interaction => "journeys",
        };
        let whole = self
            .frame
            .strata
            .iter()
            .filter(|stratum| stratum.eligible < stratum.quota)
            .count();
        if whole > 0 {
            let text = match whole {
                1 => format!("1 stratum has fewer {what} than wanted and was taken whole."),
                _ => format!("{whole} strata have fewer {what} than wanted and were taken whole."),
            };
            notes.push(Note::new("taken-whole", text));
        }
        if self.frame.not_eligible > 0 {
            let text = format!(
                "{} calls were left out by the filters.",
                self.frame.not_eligible
            );
            notes.push(Note::new("not-eligible", text));
        }
        if self.trust_ids {
            let text = "Nobody looked whether an id stands more than once in the log (--trust-ids): if some do, the numbers of \
                        calls are too large. `draw --into` can't add further logs to this sample.";
            notes.push(Note::new("ids-trusted", text));
        } else if self.frame.seen.is_none() && self.unit == Unit::Call {
            let text = "So many calls that no list of their ids is kept: `draw --into` can't add further logs to this sample \
                        (--keep-ids keeps a list).";
            notes.push(Note::new("no-ids", text));
        }
        let before: u64 = self.frame.seen_before.iter().sum();
        if before > 0 {
            let text = match before {
                1 => "1 call was in an earlier log of the sample and was left out.".to_owned(),
                _ => {
                    format!("{before} calls were in earlier logs of the sample and were left out.")
                }
            };
            notes.push(Note::new("seen-before", text));
        }
        if !self.frame.retagged.is_empty() {
            notes.push(Note::new("retagged", retagged(&self.frame.retagged)));
        }
        if let Some(text) = refused_sentence(&self.frame.refused) {
            notes.push(Note::new("refused", text));
        }
        if self.assignments.iter().any(|assignment| assignment.second) {
            let text = match self.unit {
                Unit::Call => format!(
                    "Of calls drawn at one time, those are scored by two whose SHA-256 of `{}.double:` and the id is smallest.",
                    self.seed
                ),
                Unit::Interaction => format!(
                    "Of journeys drawn at one time, those are scored by two whose SHA-256 of `{}.double:` and the interaction id is \
                     smallest.",
                    self.seed
                ),
            };
            notes.push(Note::new("scored-by-two", text));
        }
        notes
    }
}

/// Kept calls that a further log tells of otherwise.
fn retagged(calls: &[Retagged]) -> String {
    const MOST_NAMED: usize = 5;
    let tell = |call: &Retagged| {
        let ((then_csr, then), (now_csr, now)) = (&call.then, &call.now);
        match (then_csr == now_csr, then == now) {
            (true, _) => format!("{} ({now}, was {then})", call.call_id),
            (false, true) => format!("{} ({now_csr}, was {then_csr})", call.call_id),
            (false, false) => {
                format!(
                    "{} ({now_csr}, {now}; was {then_csr}, {then})",
                    call.call_id
                )
            }
        }
    };
    let mut named = calls.iter().take(MOST_NAMED).map(tell).collect::<Vec<_>>();
    if calls.len() > MOST_NAMED {
        named.push(format!("and {} more", calls.len() - MOST_NAMED));
    }
    format!(
        "Kept calls that this log tells of otherwise: {}. They stay in their stratum; who scores them says what is heard.",
        named.join("; ")
    )
}

/// One sentence on refused rows; `None` where there are none.
pub fn refused_sentence(refused: &Refused) -> Option<String> {
    let parts: Vec<String> = Refusal::ALL
        .into_iter()
        .filter(|reason| refused.count(*reason) > 0)
        .map(|reason| format!("{} {}", refused.count(reason), reason.plain()))
        .collect();
    (!parts.is_empty()).then(|| format!("Rows that could not be used: {}.", parts.join(", ")))
}

/// All samples of a store.
#[derive(Clone, Debug)]
pub struct SampleList {
    pub rows: Vec<SampleRow>,
}

/// One sample.
#[derive(Clone, Debug)]
pub struct SampleRow {
    pub name: String,
    pub seed: String,
    pub rubric: String,
    /// The logs it was drawn from, the first one first.
    pub logs: Vec<String>,
    /// What was drawn.
    pub unit: Unit,
    /// In plain words.
    pub design: String,
    pub drawn_at: String,
    pub calls_in_log: u64,
    pub eligible: u64,
    pub drawn: u64,
    pub queued: u64,
    pub draft: u64,
    pub complete: u64,
    pub unscorable: u64,
    /// When and why it was taken out of reports.
    pub withdrawn: Option<(String, String)>,
}

impl SampleList {
    /// As a neutral table.
    pub fn table(&self) -> Table {
        let withdrawn = self.rows.iter().any(|row| row.withdrawn.is_some());
        let mut columns = vec![
            Column::new("name", "Sample", Align::Left),
            Column::new("seed", "Seed", Align::Left),
            Column::new("rubric", "Rubric", Align::Left),
            Column::new("log", "Call log", Align::Left),
            Column::new("design", "Design", Align::Left),
            Column::new("drawn_at", "Drawn at", Align::Left),
            Column::new("eligible", "Calls", Align::Right),
            Column::new("drawn", "Drawn", Align::Right),
            Column::new("queued", "Queued", Align::Right),
            Column::new("draft", "Begun", Align::Right),
            Column::new("complete", "Scored", Align::Right),
            Column::new("unscorable", "Unscorable", Align::Right),
        ];
        if withdrawn {
            columns.push(Column::new("withdrawn", "Withdrawn", Align::Left));
        }
        let mut table = Table::new("samples", "Samples", columns);
        for row in &self.rows {
            let mut cells = vec![
                Cell::text(&row.name),
                Cell::text(&row.seed),
                Cell::text(&row.rubric),
                Cell::text(&row.logs.join(", ")),
                Cell::text(&row.design),
                Cell::text(&row.drawn_at),
                Cell::Count(row.eligible),
                Cell::Count(row.drawn),
                Cell::Count(row.queued),
                Cell::Count(row.draft),
                Cell::Count(row.complete),
                Cell::Count(row.unscorable),
            ];
            if withdrawn {
                let why = row.withdrawn.as_ref();
                cells.push(why.map_or(Cell::Missing, |(_, reason)| Cell::text(reason)));
            }
            table.push(cells);
        }
        table
    }
}
