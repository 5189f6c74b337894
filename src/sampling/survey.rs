use std::collections::BTreeMap;

use super::{Collector, Design, Frame, Outcome, Quota, Seed};
use crate::calls::{CallerType, Eligibility, Filter, Refusal, Role, RowSink, RowView};

/// Looks a call log over without drawing: everything a draw would count, and what its columns hold.
pub struct Survey {
    collector: Collector,
    filter: Filter,
    seen: Seen,
    /// The day of the last start that was read, as logged: the next one mostly has the same.
    day: Option<[u8; 10]>,
}

/// What the cells said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Values of the caller-type column with what they were read as and how many rows had them; the first
    /// 200 met.
    pub values: BTreeMap<String, (CallerType, u64)>,
    /// By the profile's rules: rows decided, and the first ids.
    pub rules: Vec<(u64, Vec<String>)>,
    /// Rows whose start isn't empty and can't be read.
    pub unread_times: u64,
    /// Rows whose duration isn't empty and can't be read.
    pub unread_durations: u64,
    /// Rows whose duration is below zero.
    pub negative_durations: u64,
    /// Rows whose start is before anybody called, such as 1970-01-01.
    pub nowhen: u64,
    /// Starts have neither offset nor declared zone.
    pub wall_clock: bool,
    /// Rows that say the export isn't whole, and the line of the first.
    pub incomplete: Option<(u64, u64)>,
}

impl Seen {
    fn note_incomplete(&mut self, rows: u64, line: u64) {
        let (before, first) = self.incomplete.unwrap_or((0, line));
        self.incomplete = Some((before + rows, first.min(line)));
    }
}

/// Different caller-type values listed.
const MOST_VALUES: usize = 200;
/// Ids shown for each rule.
const EXAMPLES: usize = 3;

impl Survey {
    /// A survey of the log that `filter` was made for. Whatever the design's quota is, nothing is drawn.
    pub fn new(design: &Design, filter: &Filter) -> Self {
        let design = Design {
            quota: Quota::Each(0),
            ..design.clone()
        };
        let collector = Collector::new(&design, &Seed::from_bits(0), filter.clone());
        Self::with(collector, filter)
    }

    /// Keeps the line of every refused row.
    #[must_use]
    pub fn keeping_lines(self) -> Self {
        Self::with(self.collector.keeping_lines(), &self.filter)
    }

    /// A design that leaves nothing out.
    pub fn design() -> Design {
        Design {
            eligibility: Eligibility::default(),
            ..Design::usual()
        }
    }

    /// An empty survey of the same log, for another part of it.
    pub fn sibling(&self) -> Self {
        Self::with(self.collector.sibling(), &self.filter)
    }

    fn with(collector: Collector, filter: &Filter) -> Self {
        Self {
            collector,
            seen: Seen {
                rules: vec![Default::default(); filter.columns().rules().count()],
                ..Seen::default()
            },
            filter: filter.clone(),
            day: None,
        }
    }

    fn look(&mut self, row: &RowView<'_>) {
        let columns = self.filter.columns();
        if !columns.is_call(row.cells) {
            return;
        }
        let cell = |role| columns.of(role).map_or("", |column| row.cells.cell(column));
        if columns.of(Role::CallerType).is_some() {
            let value = cell(Role::CallerType).trim();
            if let Some((_, count)) = self.seen.values.get_mut(value) {
                *count += 1;
            } else if self.seen.values.len() < MOST_VALUES {
                let known = columns.profile().caller_type_of(value);
                self.seen.values.insert(value.to_owned(), (known, 1));
            }
        }
        if !self.seen.rules.is_empty()
            && let (_, Some(rule)) = columns.caller_type(row.cells)
        {
            let (count, examples) = &mut self.seen.rules[rule];
            *count += 1;
            if examples.len() < EXAMPLES {
                examples.push(row.call_id.to_owned());
            }
        }
        match start(&self.filter, &mut self.day, &mut self.seen, row) {
            Start::Fine => {}
            Start::Nowhen => self.seen.nowhen += 1,
            Start::Unread => self.seen.unread_times += 1,
        }
        if columns.incomplete(row.cells).is_some() {
            self.seen.note_incomplete(1, row.line);
        }
        let duration = cell(Role::DurationS);
        // Whole numbers are durations in any unit.
        let whole = duration.len() < 16 && duration.bytes().all(|byte| byte.is_ascii_digit());
        let whole = whole && columns.end().is_none();
        if !whole && !duration.trim().is_empty() && self.filter.duration_s(row).is_none() {
            // What can be read and yields none ends before it begins.
            let ends = columns.end().is_some() && self.filter.time().read(duration).is_some();
            match ends || duration.trim().starts_with('-') {
                true => self.seen.negative_durations += 1,
                false => self.seen.unread_durations += 1,
            }
        }
    }

    /// The counts, and what was seen.
    pub fn finish(self) -> Surveyed {
        match self.collector.count() {
            Outcome::Done(frame) => Surveyed::Done(frame, self.seen),
            Outcome::Again(collector) => {
                Surveyed::Again(Box::new(Self::with(*collector, &self.filter)))
            }
        }
    }
}

/// What a start is.
enum Start {
    /// It can be read, or is empty.
    Fine,
    /// It is read as a day on which nobody called: the system had no time for the call.
    Nowhen,
    Unread,
}

/// Systems that have no time write the day on which their clocks begin.
const FIRST_YEAR: i16 = 1980;

/// Looks at a start; `day` is that of the last one that was read.
fn start(filter: &Filter, day: &mut Option<[u8; 10]>, seen: &mut Seen, row: &RowView<'_>) -> Start {
    let text = filter.started_text(row).unwrap_or_default();
    let known = day.is_some_and(|day| filter.time().surely_reads(&text, day));
    if known || text.trim().is_empty() {
        return Start::Fine;
    }
    let Some(when) = filter.time().read(&text) else {
        return Start::Unread;
    };
    if when.local.year() < FIRST_YEAR {
        return Start::Nowhen;
    }
    seen.wall_clock |= !filter.time().tells_instant(&text);
    *day = text.as_bytes().first_chunk().copied();
    Start::Fine
}

/// The end of a pass over a log.
pub enum Surveyed {
    Done(Box<Frame>, Seen),
    /// Ids stand more than once: read the log once more with this survey.
    Again(Box<Survey>),
}

impl RowSink for Survey {
    fn row(&mut self, row: &RowView<'_>) {
        self.look(row);
        self.collector.row(row);
    }

    fn rows(&mut self, rows: &[RowView<'_>]) {
        rows.iter().for_each(|row| self.look(row));
        self.collector.rows(rows);
    }

    fn refused(&mut self, reason: Refusal, line: u64) {
        self.collector.refused(reason, line);
    }

    fn merge(&mut self, other: Self) {
        for (value, (known, count)) in other.seen.values {
            self.seen.values.entry(value).or_insert((known, 0)).1 += count;
        }
        for ((count, examples), (more, others)) in self.seen.rules.iter_mut().zip(other.seen.rules)
        {
            *count += more;
            examples.extend(others);
            examples.truncate(EXAMPLES);
        }
        self.seen.unread_times += other.seen.unread_times;
        self.seen.unread_durations += other.seen.unread_durations;
        self.seen.negative_durations += other.seen.negative_durations;
        self.seen.nowhen += other.seen.nowhen;
        self.seen.wall_clock |= other.seen.wall_clock;
        if let Some((rows, line)) = other.seen.incomplete {
            self.seen.note_incomplete(rows, line);
        }
        self.collector.merge(other.collector);
    }
}
