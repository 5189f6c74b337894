//! The figures of the report against those of the formulas.

use std::collections::BTreeMap;

use serde_json::Value;

use super::arithmetic::{Domain, Estimate, Sample, Scored, Worth, scorable};
use super::logs::{CHLOE, CHLOE_NOW, answers, team};
use super::{Month, list, text};

impl Month {
    /// The calls that count, from the answers and the logs.
    fn sample(&self) -> Sample {
        let mut sizes = BTreeMap::new();
        for (place, calls) in &self.strata {
            let drawn = self.drawn_of(place);
            let scored = drawn
                .iter()
                .filter(|call| !self.lost.contains(&call.id))
                .count();
            let population = scorable(calls.len(), drawn.len(), scored);
            sizes.insert(*place, (population, scored as f64));
        }
        let counting = self
            .drawn()
            .filter(|(_, call)| !self.lost.contains(&call.id));
        let calls = counting.map(|(place, call)| {
            let heard = self.heard.get(&call.id).copied().unwrap_or_default();
            let csr = folded(heard.1.unwrap_or(place.1));
            let caller_type = heard.0.unwrap_or(place.2);
            let given = answers(&call.id, &self.scored[&call.id], caller_type);
            let critical = given.contains(&("courteous", "no", 0.0));
            let result = |alike: bool| {
                let asked = given.iter().filter(|one| !(alike && one.0 == "verifies"));
                let weighed = asked.map(|one| (if one.0 == "solves" { 2.0 } else { 1.0 }, one.2));
                let (points, weight) = weighed.fold((0.0, 0.0), |sum, (weight, share)| {
                    (sum.0 + weight * share, sum.1 + weight)
                });
                100.0 * points / weight
            };
            Scored {
                place: *place,
                day: call.started_at[..10].to_owned(),
                csr,
                caller_type,
                score: if critical { 0.0 } else { result(false) },
                alike: result(true),
                critical,
                complaint: self.complaints.contains(&call.id),
            }
        });
        Sample {
            calls: calls.collect(),
            sizes,
        }
    }

    pub(super) fn figures_hold(&self) {
        let sample = self.sample();
        let report = self.desk.json("report --roster roster.csv --format json");
        let [types, csrs, picked] = &list(&report, "tables")[..] else {
            panic!("three tables: {report}");
        };
        self.picked_calls_are_apart(picked);
        for (row, caller_type) in list(types, "rows").iter().zip(["internal", "external"]) {
            assert_eq!(row["caller_type"], caller_type);
            let own = ALL.of(caller_type);
            same(&row["score"], sample.mean(own, SCORE), row);
            same(&row["critical_free"], sample.rate(own, FREE), row);
        }
        same(&types["gap"], sample.gap(ALL, ALIKE), types);
        for row in list(csrs, "rows") {
            let name = text(row, "csr");
            let own = Domain {
                call: &|call| call.csr == name,
                csr: &|csr| folded(csr) == name,
                caller_type: None,
            };
            row_holds(&sample, row, own);
        }
        row_holds(&sample, &csrs["total"], ALL);
        self.teams_hold(&sample);
        // Ticked under either rubric.
        let drivers = self.desk.json("report drivers --format json");
        let mut rows = list(&list(&drivers, "tables")[0], "rows").iter();
        let row = rows
            .find(|row| row["driver"] == "complaint")
            .expect("complaints");
        same(&row["all"], sample.rate(ALL, COMPLAINT), row);
    }

    /// Six calls, of which two were drawn and one has become so.
    fn picked_calls_are_apart(&self, table: &Value) {
        let drawn: Vec<&str> = self.drawn().map(|(_, call)| call.id.as_str()).collect();
        let rows = list(table, "rows");
        for row in rows {
            assert_eq!(row["drawn"], drawn.contains(&text(row, "call_id")), "{row}");
            assert_eq!(row["state"], "scored");
        }
        let also_drawn = rows.iter().filter(|row| row["drawn"] == true).count();
        assert_eq!((rows.len(), also_drawn), (6, 3));
    }

    /// The roster may be kept; what was heard otherwise, and what later logs told again, is said.
    pub(super) fn the_report_tells_what_happened(&self) {
        let with_file = self.desk.json("report --roster roster.csv --format json");
        self.desk.run("roster import roster.csv").good();
        let report = self.desk.json("report --format json");
        assert_eq!(report["tables"], with_file["tables"]);
        let notes = list(&report, "notes");
        for (code, says) in [
            (
                "further-logs",
                "4 logs; 30 calls of later logs were in earlier ones",
            ),
            ("retagged", "2 kept calls have other tags"),
            (
                "corrections",
                "caller type in 2 of 56 scored calls (3.6 %), CSR in 2",
            ),
            ("picked", "3 of them were drawn as well"),
            ("spellings", "`Martin, Chloé` as Chloé Martin"),
        ] {
            let note = notes.iter().find(|note| note["code"] == code).expect(code);
            assert!(text(note, "text").contains(says), "{note}");
        }
        let corrections = self.desk.json("report corrections --format json");
        let total = &list(&corrections, "tables")[0]["total"];
        assert_eq!([&total["caller_type_heard"], &total["csr_heard"]], [2, 2]);
    }

    fn teams_hold(&self, sample: &Sample) {
        let report = self
            .desk
            .json("report team --roster roster.csv --format json");
        let rows = list(&list(&report, "tables")[0], "rows");
        assert_eq!(rows.len(), 3, "North, South, none");
        for row in rows {
            let name = &row["team"];
            let own = Domain {
                call: &|call| *name == team(call.csr, &call.day),
                // By his strata nobody knows in which team Ben was.
                csr: &|csr| csr == "Ben Okoro" || *name == team(csr, "2026-07-01"),
                caller_type: None,
            };
            row_holds(sample, row, own);
        }
    }
}

const ALL: Domain<'static> = Domain {
    call: &|_| true,
    csr: &|_| true,
    caller_type: None,
};

const SCORE: Worth = |call| call.score;
const ALIKE: Worth = |call| call.alike;
const FREE: Worth = |call| f64::from(u8::from(!call.critical));
const COMPLAINT: Worth = |call| f64::from(u8::from(call.complaint));

/// By the roster.
fn folded(csr: &str) -> &str {
    if csr == CHLOE_NOW { CHLOE } else { csr }
}

fn row_holds(sample: &Sample, row: &Value, own: Domain<'_>) {
    same(&row["score"], sample.mean(own, SCORE), row);
    same(
        &row["internal"],
        sample.mean(own.of("internal"), SCORE),
        row,
    );
    same(
        &row["external"],
        sample.mean(own.of("external"), SCORE),
        row,
    );
    same(&row["critical_free"], sample.rate(own, FREE), row);
    same(&row["gap"], sample.gap(own, ALIKE), row);
}

/// A figure of the report and that of the formulas, or neither.
#[track_caller]
fn same(found: &Value, expected: Option<Estimate>, of: &Value) {
    let Some(expected) = expected else {
        assert!(found.is_null(), "{found}");
        return;
    };
    let Estimate {
        value,
        low,
        high,
        n,
    } = expected;
    for (key, expected) in [("value", value), ("low", low), ("high", high)] {
        let found = found[key].as_f64().unwrap_or(f64::NAN);
        let near = (found - expected).abs() < 1e-9;
        assert!(near, "{key}: {found}, not {expected}, of {of}");
    }
    // A gap doesn't tell its calls.
    if found.get("n").is_some() {
        assert_eq!(found["n"], n, "{of}");
    }
}
