//! The first pass: which journeys there are, and what their first calls are.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;

use jiff::Timestamp;

use super::journey;
use super::legs::{Chosen, Legs};
use crate::calls::{CallerType, Refusal, RowSink, RowView};
use crate::sampling::collector::Counted;
use crate::sampling::draw_number::AsIs;
use crate::sampling::{
    Collector, Design, Digest, DrawNumber, JourneyCount, Quotas, Stratum, StratumDraw,
};

pub(super) type ByNumber<V> = HashMap<DrawNumber, V, BuildHasherDefault<AsIs>>;

pub(super) struct Groups {
    /// Counts calls, and knows copies.
    collector: Collector,
    design: Design,
    /// That of the interaction id.
    column: usize,
    /// By the journey's number.
    journeys: ByNumber<Leg>,
    nameless: u64,
    /// Rows of ids that stand more than once, by the call's number; what they say counts when all are known.
    repeated: ByNumber<Repeated>,
}

/// A call as the first one of its journey.
#[derive(Clone, PartialEq, Eq)]
struct Leg {
    start: Option<Timestamp>,
    call_id: Box<str>,
    caller_type: CallerType,
}

/// What the rows of one id say.
struct Repeated {
    journey: DrawNumber,
    nameless: bool,
    leg: Leg,
    /// They say the same.
    agree: bool,
}

impl Leg {
    /// Whether it comes before another one in the order of time.
    fn is_before(&self, start: Option<Timestamp>, call_id: &str) -> bool {
        let ours = (self.start.is_none(), self.start, &*self.call_id);
        ours <= (start.is_none(), start, call_id)
    }
}

impl Groups {
    pub(super) fn new(collector: Collector, design: Design, column: usize) -> Self {
        Self {
            collector,
            design,
            column,
            journeys: HashMap::default(),
            nameless: 0,
            repeated: HashMap::default(),
        }
    }

    pub(super) fn sibling(&self) -> Self {
        Self::new(self.collector.sibling(), self.design.clone(), self.column)
    }

    /// For another pass, if ids stand more than once and this one didn't know.
    pub(super) fn again(&self) -> Option<Self> {
        let collector = self.collector.look_for_repeated()?;
        Some(Self::new(collector, self.design.clone(), self.column))
    }

    pub(super) fn row(&mut self, row: &RowView<'_>) {
        let Some(Counted { number, repeated }) = self.collector.count_only(row) else {
            return;
        };
        let (id, nameless) = journey(row, self.column);
        let journey = match nameless {
            true => number,
            false => self.collector.number(id),
        };
        let start = self.collector.filter().started_at(row);
        let start = start.map(|when| when.instant);
        if repeated {
            let leg = Leg {
                start,
                call_id: row.call_id.into(),
                caller_type: row.caller_type,
            };
            let said = Repeated {
                journey,
                nameless,
                leg,
                agree: true,
            };
            self.say_again(number, said);
            return;
        }
        self.nameless += u64::from(nameless);
        let there = self.journeys.get(&journey);
        if there.is_none_or(|first| !first.is_before(start, row.call_id)) {
            let leg = Leg {
                start,
                call_id: row.call_id.into(),
                caller_type: row.caller_type,
            };
            self.journeys.insert(journey, leg);
        }
    }

    fn say_again(&mut self, number: DrawNumber, said: Repeated) {
        match self.repeated.get_mut(&number) {
            Some(before) => {
                let same = before.journey == said.journey && before.leg.start == said.leg.start;
                before.agree &= said.agree && same;
            }
            None => {
                self.repeated.insert(number, said);
            }
        }
    }

    fn add(&mut self, journey: DrawNumber, leg: Leg) {
        let there = self.journeys.get(&journey);
        if there.is_none_or(|first| !first.is_before(leg.start, &leg.call_id)) {
            self.journeys.insert(journey, leg);
        }
    }

    pub(super) fn refused(&mut self, reason: Refusal, line: u64) {
        self.collector.refused(reason, line);
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.collector.merge(other.collector);
        self.nameless += other.nameless;
        for (journey, leg) in other.journeys {
            self.add(journey, leg);
        }
        for (number, said) in other.repeated {
            self.say_again(number, said);
        }
    }

    /// Counts what stood more than once, each call once and contradictions not at all.
    fn settle(&mut self) {
        for (number, said) in std::mem::take(&mut self.repeated) {
            if !said.agree {
                self.collector.contradict(number);
            }
            if self.collector.agrees(number) {
                self.nameless += u64::from(said.nameless);
                self.add(said.journey, said.leg);
            }
        }
    }

    /// Draws the smallest numbers of each stratum.
    pub(super) fn choose(mut self, quotas: Option<&Quotas>) -> Legs {
        self.settle();
        let mut strata: BTreeMap<Stratum, Vec<DrawNumber>> = BTreeMap::new();
        for (number, first) in &self.journeys {
            let stratum = self.design.per.stratum("", first.caller_type);
            strata.entry(stratum).or_default().push(*number);
        }
        let counts = JourneyCount {
            journeys: self.journeys.len() as u64,
            nameless: self.nameless,
        };
        drop(self.journeys);
        let mut chosen: ByNumber<Chosen> = HashMap::default();
        let mut draws = Vec::with_capacity(strata.len());
        for (place, (stratum, mut numbers)) in strata.into_iter().enumerate() {
            let quota = match quotas {
                Some(quotas) => quotas.get(&stratum).copied().unwrap_or(0),
                None => self.design.quota.each(),
            };
            let mut digest = Digest::default();
            numbers.iter().for_each(|number| digest.add(*number));
            numbers.sort_unstable();
            let first = numbers.iter().zip(1..).take_while(|(_, at)| *at <= quota);
            for (number, position) in first {
                chosen.insert(*number, Chosen { place, position });
            }
            draws.push(StratumDraw {
                stratum,
                eligible: numbers.len() as u64,
                quota,
                digest,
                calls: Vec::new(),
                reserves: Vec::new(),
            });
        }
        let conflicting = self.collector.conflicting();
        let knowing = self.collector.knowing(conflicting);
        let mut frame = self.collector.told();
        frame.digest = Digest::default();
        draws
            .iter()
            .for_each(|draw| frame.digest.merge(draw.digest));
        frame.strata = draws;
        frame.journeys = Some(counts);
        // Further logs can't be added: a journey may go on in the next one.
        frame.seen = None;
        Legs::new(knowing, self.column, frame, chosen)
    }
}
