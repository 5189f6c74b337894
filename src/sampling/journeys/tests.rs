use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::calls::{CallerType, Cells, Columns, Eligibility, Profile};
use crate::sampling::{Digest, DrawNumber, Frame, JourneyCount, Per, Quota, StratumDraw, Unit};

/// Id, CSR, caller type, start and interaction id.
type Row = [String; 5];

struct Of<'a>(&'a Row);

impl Cells for Of<'_> {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }
}

fn seed() -> Seed {
    Seed::new("s").expect("seed")
}

fn design(quota: u64) -> Design {
    Design {
        unit: Unit::Interaction,
        per: Per {
            csr: false,
            caller_type: true,
        },
        quota: Quota::Each(quota),
        ..Design::usual()
    }
}

fn journeys(design: &Design) -> Journeys {
    let names = [
        "call_id",
        "csr",
        "caller_type",
        "started_at",
        "interaction_id",
    ];
    let columns = Columns::find(names.map(str::to_owned).to_vec(), &Profile::default());
    let filter = Filter::new(&Eligibility::default(), &columns.expect("columns")).expect("filter");
    Journeys::new(design, &seed(), filter).expect("has the column")
}

fn feed(pass: &mut Journeys, rows: &[(u64, Row)]) {
    for (line, row) in rows {
        pass.row(&RowView {
            line: *line,
            call_id: &row[0],
            csr: &row[1],
            caller_type: row[2].parse().expect("caller type"),
            cells: &Of(row),
        });
    }
}

/// Draws from a log that is read in parts.
fn draw_parts(quota: u64, parts: &[&[(u64, Row)]]) -> Frame {
    let mut pass = journeys(&design(quota));
    loop {
        for part in parts {
            let mut own = pass.sibling();
            feed(&mut own, part);
            pass.merge(own);
        }
        match pass.finish() {
            Outcome::Done(frame) => return *frame,
            Outcome::Again(next) => pass = *next,
        }
    }
}

fn draw(quota: u64, rows: &[(u64, Row)]) -> Frame {
    draw_parts(quota, &[rows])
}

fn log(rows: &[[&str; 5]]) -> Vec<(u64, Row)> {
    (2..)
        .zip(rows.iter().map(|row| row.map(str::to_owned)))
        .collect()
}

/// What was drawn: position, journey and call.
type Drawn<'a> = (u64, &'a str, &'a str);

fn calls(stratum: &StratumDraw) -> Vec<Drawn<'_>> {
    let calls = stratum.calls.iter();
    let told = calls.map(|drawn| (drawn.position, drawn.unit_id(), drawn.call.call_id.as_str()));
    told.collect()
}

fn told(frame: &Frame) -> Vec<(String, Vec<Drawn<'_>>)> {
    let strata = frame.strata.iter();
    strata
        .map(|stratum| (stratum.stratum.to_string(), calls(stratum)))
        .collect()
}

#[test]
fn a_journey_is_of_the_caller_type_of_its_first_call_and_brings_all_its_calls_in_order_of_time() {
    let rows = log(&[
        ["3", "Cem", "internal", "2026-07-02 09:30", "A"],
        ["1", "Ada", "external", "2026-07-02 09:00", "A"],
        ["2", "Ben", "external", "2026-07-02 09:10", "A"],
        ["4", "Ada", "internal", "2026-07-02 08:00", "B"],
        ["5", "Ada", "external", "2026-07-02 08:10", "B"],
    ]);
    let frame = draw(5, &rows);
    assert_eq!(
        told(&frame),
        [
            ("internal".to_owned(), vec![(1, "B", "4"), (1, "B", "5")]),
            (
                "external".to_owned(),
                vec![(1, "A", "1"), (1, "A", "2"), (1, "A", "3")]
            ),
        ]
    );
    let number = DrawNumber::new(&seed(), "A");
    assert!(
        frame.strata[1]
            .calls
            .iter()
            .all(|drawn| drawn.draw_number == number)
    );
    let mut digest = Digest::default();
    digest.add(number);
    assert_eq!(frame.strata[1].digest, digest);
    assert_eq!((frame.eligible, frame.units(), frame.drawn()), (5, 2, 5));
    let counts = JourneyCount {
        journeys: 2,
        nameless: 0,
    };
    assert_eq!(frame.journeys, Some(counts));
    assert!(frame.seen.is_none());
}

#[test]
fn the_journey_of_a_call_without_an_interaction_id_goes_by_the_calls_own() {
    let rows = log(&[
        ["1", "Ada", "external", "2026-07-02 09:00", ""],
        ["2", "Ben", "external", "2026-07-02 09:10", "  "],
        ["3", "Ben", "internal", "2026-07-02 09:20", "1"],
    ]);
    let frame = draw(5, &rows);
    // The third is a leg of the first: many systems name a journey by its first call.
    let numbers = ["1", "2"].map(|id| DrawNumber::new(&seed(), id));
    let (one, two) = if numbers[0] < numbers[1] {
        (1, 2)
    } else {
        (2, 1)
    };
    let mut expected = vec![(one, "1", "1"), (one, "1", "3"), (two, "2", "2")];
    expected.sort_unstable_by_key(|(position, ..)| *position);
    assert_eq!(told(&frame), [("external".to_owned(), expected)]);
    let counts = JourneyCount {
        journeys: 2,
        nameless: 2,
    };
    assert_eq!(frame.journeys, Some(counts));
}

#[test]
fn a_start_that_is_equal_or_unreadable_leaves_it_to_the_id_which_call_is_first() {
    for (starts, first) in [
        (["2026-07-02 09:00", "2026-07-02 09:00"], "a"),
        (["2026-07-02 09:01", "2026-07-02 09:00"], "b"),
        (["?", "2026-07-02 09:00"], "b"),
        (["?", ""], "a"),
    ] {
        let rows = log(&[
            ["b", "Ada", "internal", starts[1], "J"],
            ["a", "Ada", "external", starts[0], "J"],
        ]);
        let frame = draw(1, &rows);
        let calls = &frame.strata[0].calls;
        assert_eq!(calls[0].call.call_id, first, "{starts:?}");
        let kind = Some(calls[0].call.caller_type);
        assert_eq!(frame.strata[0].stratum.caller_type, kind);
    }
}

#[test]
fn copies_count_once_and_rows_that_disagree_on_the_journey_or_the_start_not_at_all() {
    let rows = log(&[
        ["1", "Ada", "external", "2026-07-02 09:00", "A"],
        ["1", "Ada", "external", "2026-07-02 09:00", "A"],
        ["2", "Ada", "external", "2026-07-02 09:00", "B"],
        ["2", "Ada", "external", "2026-07-02 09:00", "C"],
        ["3", "Ada", "external", "2026-07-02 09:00", "D"],
        ["3", "Ada", "external", "2026-07-02 09:05", "D"],
        ["4", "Ben", "internal", "2026-07-02 09:00", "A"],
        ["4", "Ada", "internal", "2026-07-02 09:00", "A"],
        ["5", "Ben", "internal", "2026-07-02 09:30", "A"],
    ]);
    let frame = draw(9, &rows);
    assert_eq!(
        told(&frame),
        [("external".to_owned(), vec![(1, "A", "1"), (1, "A", "5")])]
    );
    assert_eq!(frame.refused.lines(Refusal::DuplicateId), [3]);
    let lines = [4, 5, 6, 7, 8, 9];
    assert_eq!(frame.refused.lines(Refusal::ConflictingId), lines);
    assert_eq!((frame.rows, frame.eligible), (9, 2));
    assert_eq!(frame.cells.iter().map(|cell| cell.eligible).sum::<u64>(), 2);
}

#[test]
fn calls_that_do_not_count_are_no_part_of_a_journey() {
    let rows = log(&[
        ["1", "Ada", "unknown", "2026-07-02 09:00", "A"],
        ["2", "Ada", "internal", "2026-07-02 09:10", "A"],
        ["3", "Ada", "unknown", "2026-07-02 09:00", "B"],
    ]);
    let frame = draw(9, &rows);
    let expected = vec![(1, "A", "2")];
    assert_eq!(told(&frame), [("internal".to_owned(), expected)]);
    assert_eq!(frame.refused.count(Refusal::UnknownCallerType), 2);
}

#[test]
fn without_the_column_nothing_can_be_drawn() {
    let names = ["call_id", "csr", "caller_type"].map(str::to_owned);
    let columns = Columns::find(names.to_vec(), &Profile::default()).expect("columns");
    let filter = Filter::new(&Eligibility::default(), &columns).expect("filter");
    let fault = Journeys::new(&design(1), &seed(), filter).err();
    let role = Role::InteractionId;
    assert_eq!(fault, Some(ColumnFault::Missing { role }));
}

/// Logs with few ids, so that copies, contradictions and long journeys are frequent.
fn any_log() -> impl Strategy<Value = Vec<(u64, Row)>> {
    let kind = prop_oneof![Just("internal"), Just("external"), Just("unknown")];
    let row = (0..60_u8, 0..2_u8, kind, 0..4_u8, 0..12_u8);
    proptest::collection::vec(row, 0..120).prop_map(|rows| {
        let row = |((id, csr, kind, hour, journey), line): ((u8, u8, &str, u8, u8), u64)| {
            let start = match hour {
                0 => "?".to_owned(),
                hour => format!("2026-07-02 0{hour}:00"),
            };
            let journey = match journey {
                0 => String::new(),
                journey => format!("J{journey}"),
            };
            let cells = [
                format!("C{id}"),
                format!("csr{csr}"),
                kind.to_owned(),
                start,
                journey,
            ];
            (line, cells)
        };
        rows.into_iter().zip(2..).map(row).collect()
    })
}

/// Position, journey and call of each drawn call, by caller type.
type ByType = Vec<(CallerType, Vec<(u64, String, String)>)>;

/// The same draw, made without looking at a row twice.
fn by_hand(quota: usize, rows: &[(u64, Row)]) -> ByType {
    let mut calls: BTreeMap<&str, BTreeSet<&[String]>> = BTreeMap::new();
    for (_, row) in rows {
        calls.entry(&row[0]).or_default().insert(&row[1..]);
    }
    let mut legs: BTreeMap<&str, Vec<(bool, &str, &str, CallerType)>> = BTreeMap::new();
    for (id, said) in calls {
        // An unknown caller type makes copies of a call that can't be drawn, whatever else they say.
        let [row] = said.into_iter().collect::<Vec<_>>()[..] else {
            continue;
        };
        let kind: CallerType = row[1].parse().expect("caller type");
        if kind != CallerType::Unknown {
            let journey = if row[3].is_empty() { id } else { &row[3] };
            let leg = (row[2] == "?", row[2].as_str(), id, kind);
            legs.entry(journey).or_default().push(leg);
        }
    }
    let mut strata: BTreeMap<CallerType, Vec<(DrawNumber, &str)>> = BTreeMap::new();
    for (journey, legs) in &mut legs {
        legs.sort_unstable();
        let number = DrawNumber::new(&seed(), journey);
        strata.entry(legs[0].3).or_default().push((number, journey));
    }
    let drawn = strata.into_iter().map(|(kind, mut numbers)| {
        numbers.sort_unstable();
        let mut calls = Vec::new();
        for ((_, journey), position) in numbers.into_iter().take(quota).zip(1..) {
            let legs = legs[journey].iter();
            calls.extend(legs.map(|leg| (position, journey.to_owned(), leg.2.to_owned())));
        }
        (kind, calls)
    });
    drawn.collect()
}

proptest! {
    #[test]
    fn a_draw_is_what_sorting_by_hand_gives(log in any_log(), quota in 0..5_usize) {
        let frame = draw(quota as u64, &log);
        let found: Vec<_> = (frame.strata.iter())
            .map(|stratum| {
                let calls = stratum.calls.iter();
                let calls = calls.map(|drawn| (drawn.position, drawn.unit_id().to_owned(), drawn.call.call_id.clone()));
                (stratum.stratum.caller_type.expect("a type"), calls.collect::<Vec<_>>())
            })
            .collect();
        prop_assert_eq!(found, by_hand(quota, &log));
        prop_assert_eq!(frame.rows, frame.eligible + frame.not_eligible + frame.refused.total());
    }

    #[test]
    fn row_order_and_parts_change_nothing(log in any_log(), cut in 0.0..1.0_f64, turn in 0..120_usize) {
        let whole = draw(2, &log);
        let mut shuffled = log.clone();
        shuffled.rotate_left(turn.min(log.len()));
        shuffled.reverse();
        prop_assert_eq!(&draw(2, &shuffled), &whole);
        let (first, second) = log.split_at((log.len() as f64 * cut) as usize);
        prop_assert_eq!(draw_parts(2, &[second, first]), whole);
    }

    #[test]
    fn a_larger_number_contains_the_smaller_sample_and_counting_alone_tells_the_same(log in any_log()) {
        let (two, four) = (draw(2, &log), draw(4, &log));
        for (less, more) in two.strata.iter().zip(&four.strata) {
            prop_assert_eq!(&less.calls[..], &more.calls[..less.calls.len()]);
        }
        let mut pass = journeys(&design(4));
        let counted = loop {
            feed(&mut pass, &log);
            match pass.count() {
                Outcome::Done(frame) => break frame,
                Outcome::Again(next) => pass = *next,
            }
        };
        let counts = |frame: &Frame| -> Vec<(u64, Digest)> {
            frame.strata.iter().map(|stratum| (stratum.eligible, stratum.digest)).collect()
        };
        prop_assert_eq!(counts(&counted), counts(&four));
        prop_assert_eq!(counted.drawn(), 0);
    }
}
