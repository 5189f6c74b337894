//! A month of a sample, from Monday's draw to the report: weekly logs, two analysts of whom one is away for a week, calls
//! that can't be scored, picked calls, corrections as heard, better words, a mistaken draw, and all the figures at the end.

mod arithmetic;
mod figures;
mod logs;
mod mishaps;
mod refusals;
mod weeks;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::Desk;
use logs::{Call, Place, QUOTA, answers};

/// The desk, and what the test knows of the month by itself.
struct Month {
    desk: Desk,
    /// Calls by stratum in draw-number order, over the logs drawn so far.
    strata: BTreeMap<Place, Vec<Call>>,
    logs: Vec<Vec<Call>>,
    /// Kept calls of week 2 that week 3 tells otherwise.
    changed: [String; 2],
    assigned: BTreeMap<String, String>,
    /// Calls that can't be scored.
    lost: BTreeSet<String>,
    /// By call, whose dice the answers that count are from.
    scored: BTreeMap<String, String>,
    /// Caller type and CSR as heard.
    heard: BTreeMap<String, (Option<&'static str>, Option<&'static str>)>,
    /// Calls whose analyst ticked that the caller complained.
    complaints: BTreeSet<String>,
    /// What `samples log` must tell: act, who, and a part of the detail.
    acts: Vec<(&'static str, Option<&'static str>, String)>,
}

#[test]
fn a_month_of_weekly_logs_ends_in_the_figures_that_the_formulas_give() {
    let mut month = Month::begin();
    month.first_week();
    month.a_mistaken_draw_is_out_of_sight_of_reports();
    month.second_week();
    month.calls_are_picked();
    month.better_words_take_over();
    month.third_week();
    month.fourth_week();
    month.nothing_is_left();
    month.every_act_is_told();
    month.logs_are_verified();
    month.figures_hold();
    month.the_report_tells_what_happened();
}

fn list<'a>(json: &'a Value, key: &str) -> &'a Vec<Value> {
    json[key].as_array().expect("list")
}

fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json[key].as_str().expect("text")
}

impl Month {
    fn begin() -> Self {
        let (logs, changed) = logs::logs();
        let desk = Desk::new();
        for (week, log) in (1..).zip(&logs) {
            desk.write(&format!("week{week}.csv"), logs::csv(log));
        }
        desk.write("rubric.toml", logs::RUBRIC);
        desk.write("words.toml", logs::better_words());
        desk.write("weights.toml", logs::other_weights());
        desk.write("roster.csv", logs::ROSTER);
        Self {
            desk,
            logs,
            changed,
            strata: BTreeMap::new(),
            assigned: BTreeMap::new(),
            lost: BTreeSet::new(),
            scored: BTreeMap::new(),
            heard: BTreeMap::new(),
            complaints: BTreeSet::new(),
            acts: Vec::new(),
        }
    }

    fn act(&mut self, act: &'static str, who: Option<&'static str>, detail: impl Into<String>) {
        self.acts.push((act, who, detail.into()));
    }

    fn place(&self, id: &str) -> Place {
        let mut strata = self.strata.iter();
        let found = strata.find(|(_, calls)| calls.iter().any(|call| call.id == id));
        *found.expect("a call of the logs").0
    }

    /// Drawn calls of a stratum, those that can't be scored too: its quota, and one more for each of these.
    fn drawn_of(&self, place: &Place) -> &[Call] {
        let calls = &self.strata[place];
        let mut drawn = QUOTA.min(calls.len());
        let lost = |drawn: usize| {
            let mut lost = calls[..drawn].iter();
            lost.by_ref()
                .filter(|call| self.lost.contains(&call.id))
                .count()
        };
        while drawn < calls.len() && drawn < QUOTA + lost(drawn) {
            drawn += 1;
        }
        &calls[..drawn]
    }

    fn drawn(&self) -> impl Iterator<Item = (&Place, &Call)> {
        (self.strata.keys()).flat_map(|at| self.drawn_of(at).iter().map(move |call| (at, call)))
    }

    /// Draws the log of a week and holds the drawn calls against those that the draw numbers give.
    fn draw(&mut self, week: u64, how: &str) -> Value {
        let drawn = self
            .desk
            .json(&format!("draw week{week}.csv {how} --format json"));
        self.strata = logs::strata(&self.logs[..week as usize]);
        let ids = list(&drawn, "calls")
            .iter()
            .map(|call| text(call, "call_id"));
        let own = self.drawn().filter(|(place, _)| place.0 == week);
        let own: BTreeSet<&str> = own.map(|(_, call)| call.id.as_str()).collect();
        assert_eq!(ids.collect::<BTreeSet<_>>(), own, "week {week}");
        for one in list(&drawn, "assignments") {
            let (id, analyst) = (text(one, "call_id"), text(one, "analyst"));
            self.assigned.insert(id.to_owned(), analyst.to_owned());
        }
        drawn
    }

    /// Open drawn calls of an analyst.
    fn open(&self, analyst: &str) -> Vec<String> {
        let open = self.drawn().map(|(_, call)| &call.id).filter(|id| {
            self.assigned.get(*id).is_some_and(|of| of == analyst)
                && !self.lost.contains(*id)
                && !self.scored.contains_key(*id)
        });
        open.cloned().collect()
    }

    fn caller_type(&self, id: &str) -> &'static str {
        let heard = self.heard.get(id).and_then(|heard| heard.0);
        heard.unwrap_or(self.place(id).2)
    }

    /// Records an analyst's answers to calls, as the dice of `voice` fall.
    fn record(&mut self, analyst: &str, ids: &[String], voice: &str, how: &str) {
        let mut file = String::from(
            "call_id,analyst,greets,solves,verifies,courteous,caller_type_heard,csr_heard\n",
        );
        for id in ids {
            let given = answers(id, voice, self.caller_type(id));
            let of = |behavior| {
                let mut given = given.iter();
                given.find(|one| one.0 == behavior).map_or("", |one| one.1)
            };
            let (caller_type, csr) = self.heard.get(id).copied().unwrap_or_default();
            file.push_str(&format!(
                "{id},{analyst},{},{},{},{},{},\"{}\"\n",
                of("greets"),
                of("solves"),
                of("verifies"),
                of("courteous"),
                caller_type.unwrap_or_default(),
                csr.unwrap_or_default()
            ));
            self.scored.insert(id.clone(), voice.to_owned());
        }
        self.desk.write("answers.csv", file);
        let words = format!("record answers.csv --sample july {how}");
        self.desk.run(&words).good();
    }

    fn record_all(&mut self, analyst: &str) {
        let open = self.open(analyst);
        self.record(analyst, &open, analyst, "");
    }

    /// Says that a call can't be scored; the reserve that takes its place.
    fn unscorable(&mut self, id: &str, analyst: &'static str) -> String {
        self.desk.write(
            "unscorable.csv",
            format!("call_id,analyst,unscorable\n{id},{analyst},no-recording\n"),
        );
        self.desk.run("record unscorable.csv --sample july").good();
        self.lost.insert(id.to_owned());
        let place = self.place(id);
        let reserve = self.drawn_of(&place).last().expect("drawn").id.clone();
        self.assigned.insert(reserve.clone(), analyst.to_owned());
        self.act(
            "unscorable",
            Some(analyst),
            format!("`{id}`: no-recording; replaced by `{reserve}`"),
        );
        reserve
    }

    /// The keys of the analyst's answers to a call, a line each.
    fn keys(&self, id: &str, analyst: &str) -> String {
        let given = answers(id, analyst, self.caller_type(id));
        let key = |answer: &(&str, &str, f64)| match answer.1 {
            "yes" => "y\n",
            "no" => "n\n",
            "full" => "1\n",
            "partly" => "2\n",
            _ => "3\n",
        };
        given.iter().map(key).collect()
    }
}

/// What holds at the end.
impl Month {
    fn nothing_is_left(&self) {
        let queue = self.desk.json("queue --format json");
        for row in list(&queue, "queue") {
            assert_eq!([&row["left"], &row["picked_left"]], [0, 0], "{row}");
        }
        assert!(list(&queue, "drafts").is_empty(), "{queue}");
        let samples = self.desk.json("samples --format json");
        let july = &list(&samples, "samples")[0];
        let drawn = self.drawn().count();
        assert_eq!(
            [&july["drawn"], &july["unscorable"]],
            [drawn, self.lost.len()]
        );
        assert_eq!(july["complete"], drawn - self.lost.len());
    }

    fn every_act_is_told(&self) {
        let log = self.desk.json("samples log july --format json");
        let told = list(&log, "acts");
        let mut before = "";
        for (act, (what, who, detail)) in told.iter().zip(&self.acts) {
            assert_eq!(
                (text(act, "act"), act["who"].as_str()),
                (*what, *who),
                "{act}"
            );
            assert!(text(act, "detail").contains(detail), "{act}, not {detail}");
            assert!(text(act, "at") >= before, "{act}");
            before = text(act, "at");
        }
        assert_eq!(told.len(), self.acts.len(), "{log}");
    }

    fn logs_are_verified(&self) {
        let verify = |two: &str| {
            let words = format!("verify week1.csv {two} week3.csv week4.csv --sample july");
            self.desk.run(&words)
        };
        verify("week2.csv").good();
        let call = &self.logs[1][40].id;
        let tampered = self.desk.read("week2.csv").replace(call, "W2-999");
        self.desk.write("tampered.csv", tampered);
        let ran = verify("tampered.csv");
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(
            ran.out.contains("NOT verified") && ran.out.contains("week2.csv"),
            "{}",
            ran.out
        );
    }
}
