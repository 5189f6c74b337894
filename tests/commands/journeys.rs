//! Samples of whole customer journeys, from the draw to what is said of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::harness::Desk;

pub const DRAW: &str = "draw calls.csv --rubric short.toml --unit interaction --seed july";

const RUBRIC: &str = r#"
format = 1

[rubric]
id = "short"
title = "Short"
revision = "1"
weigh = "sections"
na = "exclude"
pass_mark = 60

[[section]]
id = "opening"
title = "Opening"
weight = 40

[[section.behavior]]
id = "gives-name"
text = "Gives own name"
answers = "yes_no"

[[section.behavior]]
id = "asks"
text = "Asks what is needed"
answers = "yes_no"

[[section]]
id = "help"
title = "Help"
weight = 60

[[section.behavior]]
id = "solves"
text = "Solves it"
answers = "yes_no"

[[section.behavior]]
id = "takes-over"
text = "Takes over what was said before"
answers = "yes_no"

[[driver]]
id = "status"
text = "Asked for the status"
avoidable = true
"#;

/// One call of the log.
#[derive(Clone)]
pub struct Leg {
    pub call_id: String,
    pub csr: &'static str,
    pub caller_type: &'static str,
    pub started_at: String,
    pub journey: String,
}

/// 90 journeys of one to four calls; two calls have no interaction id. The ids of calls are in no order.
pub fn legs() -> Vec<Leg> {
    const CSRS: [&str; 5] = ["Ada", "Ben", "Cem", "Dia", "Eve"];
    let mut legs = Vec::new();
    let mut number = 0;
    for journey in 0..90 {
        for leg in 0..=journey % 4 {
            number += 1;
            let internal = match leg {
                0 => journey % 3 == 0,
                leg => (journey + leg) % 2 == 0,
            };
            legs.push(Leg {
                call_id: format!("C{:03}", number * 379 % 997),
                csr: CSRS[(journey + 2 * leg) % 5],
                caller_type: if internal { "internal" } else { "external" },
                started_at: format!(
                    "2026-07-{:02}T1{leg}:{:02}:00",
                    1 + journey % 28,
                    journey % 60
                ),
                journey: match journey {
                    4 | 8 => String::new(),
                    journey => format!("J{journey:02}"),
                },
            });
        }
    }
    legs
}

pub fn csv(legs: &[Leg]) -> String {
    let mut text =
        "call_id,csr,caller_type,started_at,duration_s,queue,interaction_id\n".to_owned();
    for leg in legs {
        let Leg {
            call_id,
            csr,
            caller_type,
            started_at,
            journey,
        } = leg;
        text.push_str(&format!(
            "{call_id},{csr},{caller_type},{started_at},60,Orders,{journey}\n"
        ));
    }
    text
}

pub fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("short.toml", RUBRIC);
    desk.write("calls.csv", csv(&legs()));
    desk
}

fn number(id: &str) -> String {
    let hash = Sha256::digest(format!("july:{id}"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Journey and call of each drawn call, in the order told.
fn drawn(draw: &Value) -> Vec<(String, String)> {
    let text = |call: &Value, key: &str| call[key].as_str().expect(key).to_owned();
    let calls = draw["calls"].as_array().expect("calls").iter();
    calls
        .map(|call| (text(call, "unit_id"), text(call, "call_id")))
        .collect()
}

/// Keeps answers for calls: yes and no as the id's SHA-256 falls.
pub fn record(desk: &Desk, calls: &[String]) {
    let mut text = "call_id,analyst,gives-name,asks,solves,takes-over,drivers\n".to_owned();
    for call in calls {
        let hash = Sha256::digest(call);
        let answers: Vec<&str> = (0..4)
            .map(|at| if hash[at] < 160 { "yes" } else { "no" })
            .collect();
        let driver = if hash[4] < 100 { "status" } else { "" };
        text.push_str(&format!("{call},qa1,{},{driver}\n", answers.join(",")));
    }
    desk.write("answers.csv", text);
    desk.run("record answers.csv").good();
}

#[test]
fn journeys_are_drawn_by_the_sha256_of_their_interaction_id_and_bring_all_their_calls() {
    let desk = desk();
    let draw = desk.json(&format!("{DRAW} -n 6 --format json"));
    let mut journeys: BTreeMap<String, Vec<Leg>> = BTreeMap::new();
    for leg in legs() {
        let id = if leg.journey.is_empty() {
            &leg.call_id
        } else {
            &leg.journey
        };
        journeys.entry(id.clone()).or_default().push(leg);
    }
    let mut strata: BTreeMap<&str, Vec<(String, &str)>> = BTreeMap::new();
    for legs in journeys.values_mut() {
        legs.sort_by_key(|leg| (leg.started_at.clone(), leg.call_id.clone()));
    }
    for (id, legs) in &journeys {
        strata
            .entry(legs[0].caller_type)
            .or_default()
            .push((number(id), id));
    }
    let mut expected = Vec::new();
    for (kind, numbers) in &mut strata {
        numbers.sort();
        let told = draw["strata"].as_array().expect("strata").iter();
        let told = told
            .clone()
            .find(|stratum| stratum["caller_type"] == **kind)
            .expect("stratum");
        assert_eq!(told["eligible"], numbers.len());
        assert_eq!(told["drawn"], 6);
        assert!(told["csr"].is_null());
        expected.extend(numbers.iter().take(6).cloned());
    }
    expected.sort();
    let expected: Vec<(String, String)> = (expected.into_iter())
        .flat_map(|(_, id)| {
            journeys[id]
                .iter()
                .map(|leg| (id.to_owned(), leg.call_id.clone()))
        })
        .collect();
    assert_eq!(drawn(&draw), expected);
    let sample = &draw["sample"];
    assert_eq!(sample["unit"], "interaction");
    assert_eq!(sample["design"], "6 journeys per caller type");
    assert_eq!(
        (&sample["eligible"], &sample["journeys"]),
        (&legs().len().into(), &journeys.len().into())
    );
    let nameless = legs().iter().filter(|leg| leg.journey.is_empty()).count();
    assert_eq!(sample["without_interaction_id"], nameless);

    let told = desk.run(&format!("{DRAW} -n 6")).good();
    assert!(told.contains("nothing changed"), "{told}");
    assert!(
        told.contains("2 calls have no interaction id: their own ids name their journeys."),
        "{told}"
    );
    let (journey, call) = &drawn(&draw)[0];
    let told = desk.run(&format!("explain {call}")).good();
    assert!(told.contains(&number(journey)), "{told}");
    assert!(
        told.contains(&format!("printf %s 'july:{journey}' | sha256sum")),
        "{told}"
    );
    assert_eq!(
        desk.json("samples --format json")["samples"][0]["unit"],
        "interaction"
    );
}

#[test]
fn row_order_files_and_threads_make_no_difference() {
    let whole = desk().json(&format!("{DRAW} -n 6 --format json"));
    let mut shuffled = legs();
    shuffled.sort_by_key(|leg| Sha256::digest(&leg.call_id).to_vec());
    let other = desk();
    let (first, second) = shuffled.split_at(70);
    other.write("a.csv", csv(first));
    other.write("b.csv", csv(second));
    let again = other.json(
        "draw b.csv a.csv --rubric short.toml --unit interaction --seed july -n 6 --threads 3 --format json",
    );
    assert_eq!(drawn(&again), drawn(&whole));
    assert_eq!(again["strata"], whole["strata"]);
    assert_eq!(
        again["sample"]["frame_digest"],
        whole["sample"]["frame_digest"]
    );
    let files = ["calls.csv", "a.csv b.csv"];
    files
        .iter()
        .for_each(|files| drop(other.run(&format!("verify {files}")).good()));
}

#[test]
fn a_larger_number_adds_journeys_and_a_total_is_spread_over_them() {
    let desk = desk();
    let few: BTreeSet<_> = drawn(&desk.json(&format!("{DRAW} -n 3 --format json")))
        .into_iter()
        .collect();
    let more: BTreeSet<_> = drawn(&desk.json(&format!("{DRAW} -n 5 --format json")))
        .into_iter()
        .collect();
    assert!(few.is_subset(&more) && few.len() < more.len());
    desk.run("verify calls.csv").good();

    let total = desk.json(&format!("{DRAW} --total 9 --name total --format json"));
    let journeys: BTreeSet<String> = drawn(&total)
        .into_iter()
        .map(|(journey, _)| journey)
        .collect();
    assert_eq!(journeys.len(), 9);
    assert_eq!(
        total["sample"]["design"],
        "9 journeys, from every caller type in proportion to its journeys, at least 2 each"
    );
    desk.run("verify calls.csv --sample total").good();
}

#[test]
fn verify_finds_a_call_that_a_drawn_journey_has_lost_or_gained() {
    let desk = desk();
    let draw = desk.json(&format!("{DRAW} -n 6 --format json"));
    let calls: Vec<String> = drawn(&draw).into_iter().map(|(_, call)| call).collect();
    record(&desk, &calls);
    desk.run("verify calls.csv").good();
    // The last call of a journey of several: without it the journey is the same one in the same stratum.
    let drawn = drawn(&draw);
    let (journey, last) = (drawn.windows(2))
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| pair[1].clone())
        .next_back()
        .expect("a journey of several calls");
    let without: Vec<Leg> = legs()
        .into_iter()
        .filter(|leg| leg.call_id != last)
        .collect();
    desk.write("less.csv", csv(&without));
    let ran = desk.run("verify less.csv");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let says = format!("call {last}: the log has no such call in the journey {journey}");
    assert!(ran.out.contains(&says), "{}", ran.out);

    let mut more = legs();
    more.push(Leg {
        call_id: "C999".to_owned(),
        started_at: "2026-07-30T09:00:00".to_owned(),
        journey: journey.clone(),
        ..legs()[0].clone()
    });
    desk.write("more.csv", csv(&more));
    let ran = desk.run("verify more.csv");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let says = format!("call C999: the log has it in the journey {journey}, the sample doesn't");
    assert!(ran.out.contains(&says), "{}", ran.out);
}

#[test]
fn what_makes_no_sense_for_journeys_is_refused_with_advice() {
    let desk = desk();
    for (options, says) in [
        ("--per csr", "CSRs make no strata"),
        ("--per csr,caller_type", "CSRs make no strata"),
        ("--trust-ids", "--trust-ids"),
        ("--keep-ids", "--keep-ids"),
        (
            "--total 9 --allocate neyman --sd-from june",
            "--allocate neyman",
        ),
    ] {
        desk.run(&format!("{DRAW} {options}")).fails(2, says);
    }
    desk.run("draw calls.csv --rubric short.toml --unit leg")
        .fails(2, "`call` or `interaction`");
    let plain: String = csv(&legs())
        .lines()
        .map(|line| format!("{}\n", line.rsplit_once(',').expect("cells").0))
        .collect();
    desk.write("plain.csv", plain);
    let draw = DRAW.replace("calls.csv", "plain.csv");
    desk.run(&draw).fails(3, "has no column `interaction_id`");
    desk.run(&draw).fails(3, "name that in a profile");
    assert!(!desk.path("evenhand.db").exists());

    desk.run(&format!("{DRAW} -n 2")).good();
    desk.write(
        "queues.toml",
        "format = 1\nname = \"queues\"\n[columns]\ninteraction_id = \"queue\"\n",
    );
    let told = desk
        .run(&format!("{DRAW} --profile queues.toml --name queues"))
        .good();
    let says = format!(
        "The drawn journey Orders has {} calls: does the column",
        legs().len()
    );
    assert!(told.contains(&says), "{told}");
    desk.run("draw calls.csv --into july")
        .fails(2, "a journey may go on in the next log");
    desk.run("draw calls.csv --top-up")
        .fails(2, "takes no reserves");
    let undrawn = "pick C379 --from calls.csv --why coaching";
    desk.run(undrawn)
        .fails(2, "draw a sample of calls for them");
    desk.run(&DRAW.replace("--unit interaction", "--unit call"))
        .fails(2, "another design");
}

/// Whose calls of each journey score what, by the caller type of its first call.
type Scores = BTreeMap<String, BTreeMap<String, Vec<(String, String, f64)>>>;

fn scores(desk: &Desk, draw: &Value) -> Scores {
    let told = desk.json("report calls --format json");
    let rows = told["tables"][0]["rows"].as_array().expect("rows").iter();
    let scores: BTreeMap<&str, (&str, &str, f64)> = rows
        .map(|row| {
            let text = |key: &str| row[key].as_str().expect("text");
            let score = row["score_before_critical"].as_f64().expect("a score");
            (text("call_id"), (text("csr"), text("caller_type"), score))
        })
        .collect();
    let first: BTreeMap<String, Leg> = legs()
        .into_iter()
        .rev()
        .map(|leg| (leg.journey.clone(), leg))
        .collect();
    let mut all = Scores::new();
    for (journey, call) in drawn(draw) {
        let (csr, kind, score) = scores[call.as_str()];
        let began = first
            .get(&journey)
            .map_or("external", |leg| leg.caller_type);
        let legs = all
            .entry(began.to_owned())
            .or_default()
            .entry(journey)
            .or_default();
        legs.push((csr.to_owned(), kind.to_owned(), score));
    }
    all
}

/// Mean and standard error of a domain, straight from the formula; the part left unseen corrects the variance.
fn by_hand(
    scores: &Scores,
    eligible: &BTreeMap<String, f64>,
    inside: impl Fn(&str, &str) -> bool,
) -> (f64, f64) {
    let weight = |began: &str| eligible[began] / scores[began].len() as f64;
    let mut journeys: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    let (mut total, mut count) = (0.0, 0.0);
    for (began, all) in scores {
        for legs in all.values() {
            let own = legs.iter().filter(|(csr, kind, _)| inside(csr, kind));
            let (sum, calls) = own.fold((0.0, 0.0), |(sum, calls), leg| (sum + leg.2, calls + 1.0));
            journeys.entry(began).or_default().push((sum, calls));
            total += weight(began) * sum;
            count += weight(began) * calls;
        }
    }
    let mean = total / count;
    let mut variance = 0.0;
    for (began, all) in journeys {
        let n = all.len() as f64;
        let u = all
            .iter()
            .map(|(sum, calls)| weight(began) * (sum - mean * calls) / count);
        let center = u.clone().sum::<f64>() / n;
        let squares: f64 = u.map(|u| (u - center).powi(2)).sum();
        variance += (1.0 - n / eligible[began]) * n / (n - 1.0) * squares;
    }
    (mean, variance.sqrt())
}

#[track_caller]
fn is_figure(figure: &Value, (mean, error): (f64, f64)) {
    let number = |key: &str| figure[key].as_f64().expect("a number");
    assert!((number("value") - mean).abs() < 1e-9, "{figure} {mean}");
    let t = evenhand::estimate::quantile::t_quantile(0.975, number("df")).expect("t");
    for (limit, end) in [
        ("low", (mean - t * error).max(0.0)),
        ("high", (mean + t * error).min(100.0)),
    ] {
        assert!(
            (number(limit) - end).abs() < 1e-9,
            "{limit} of {figure}: {end}"
        );
    }
}

#[test]
fn reports_are_about_calls_and_their_margins_about_journeys() {
    let desk = desk();
    let draw = desk.json(&format!("{DRAW} -n 14 --format json"));
    let calls: Vec<String> = drawn(&draw).into_iter().map(|(_, call)| call).collect();
    record(&desk, &calls);
    let scores = scores(&desk, &draw);
    let strata = draw["strata"].as_array().expect("strata").iter();
    let eligible: BTreeMap<String, f64> = strata
        .map(|one| {
            (
                one["caller_type"].as_str().expect("a type").to_owned(),
                one["eligible"].as_f64().expect("a number"),
            )
        })
        .collect();
    let report = desk.json("report --format json");
    assert_eq!(report["samples"][0]["unit"], "interaction");
    let table = |name: &str| {
        let tables = report["tables"].as_array().expect("tables").iter();
        tables
            .clone()
            .find(|table| table["name"] == *name)
            .expect("table")["rows"]
            .as_array()
            .expect("rows")
            .clone()
    };
    for row in table("caller_type") {
        let kind = row["caller_type"].as_str().expect("a type").to_owned();
        let scored = scores
            .values()
            .flat_map(BTreeMap::values)
            .flatten()
            .filter(|leg| leg.1 == kind)
            .count();
        assert_eq!(row["scored"], scored);
        assert_eq!(row["score_before_critical"]["n"], scored);
        let counted = legs().iter().filter(|leg| leg.caller_type == kind).count();
        assert_eq!(row["eligible"], counted);
        is_figure(
            &row["score_before_critical"],
            by_hand(&scores, &eligible, |_, of| of == kind),
        );
    }
    let csrs = table("csr");
    assert_eq!(csrs.len(), 5);
    for row in csrs {
        let name = row["csr"].as_str().expect("a CSR").to_owned();
        is_figure(
            &row["score"],
            by_hand(&scores, &eligible, |csr, _| csr == name),
        );
        let internal = by_hand(&scores, &eligible, |csr, kind| {
            csr == name && kind == "internal"
        });
        assert!((row["internal"]["value"].as_f64().expect("a mean") - internal.0).abs() < 1e-9);
    }
    for table in [
        "behaviors",
        "drivers",
        "critical",
        "csr --steadied",
        "analysts",
    ] {
        let ran = desk.run(&format!("report {table}"));
        assert!(
            ran.code == 0 || ran.err.contains("too few to steady"),
            "{}{}",
            ran.out,
            ran.err
        );
    }
    // What the behaviors' rates are: plain means of shares over the same journeys.
    let behaviors = desk.json("report behaviors --format json");
    let row = &behaviors["tables"][0]["rows"][0];
    assert_eq!(row["all"]["n"], calls.len());

    desk.run("draw calls.csv --rubric short.toml --seed july --name calls -n 2")
        .good();
    desk.run("report --sample july --sample calls")
        .fails(3, "they make no estimate together");
}

/// A margin by the design's own rule, over journeys alone.
fn is_share(figure: &Value, yes: &[(String, f64)], eligible: &BTreeMap<String, f64>) {
    let weight = |began: &str| {
        let drawn = yes.iter().filter(|(of, _)| of == began).count();
        eligible[began] / drawn as f64
    };
    let all: f64 = yes.iter().map(|(began, _)| weight(began)).sum();
    let sum: f64 = yes.iter().map(|(began, yes)| weight(began) * yes).sum();
    let squares: f64 = yes
        .iter()
        .map(|(began, _)| weight(began) * (weight(began) - 1.0))
        .sum();
    let (share, n) = (sum / all, all * all / squares);
    assert!(
        (figure["value"].as_f64().expect("a share") - share).abs() < 1e-9,
        "{figure} {share}"
    );
    let wilson =
        evenhand::estimate::interval::wilson(share, n, 1.959_963_984_540_054).expect("limits");
    assert!(
        (figure["low"].as_f64().expect("a limit") - wilson.low).abs() < 1e-9,
        "{figure}"
    );
    assert!(
        (figure["high"].as_f64().expect("a limit") - wilson.high).abs() < 1e-9,
        "{figure}"
    );
}

#[test]
fn each_customer_is_followed_through_the_hand_offs() {
    let desk = desk();
    let draw = desk.json(&format!("{DRAW} -n 14 --format json"));
    let drawn = drawn(&draw);
    let calls: Vec<String> = drawn.iter().map(|(_, call)| call.clone()).collect();
    record(&desk, &calls);
    let report = desk.json("report journeys --format json");
    let table = &report["tables"][0];
    let rows = table["rows"].as_array().expect("rows");
    let logged: BTreeMap<String, Leg> = legs()
        .into_iter()
        .map(|leg| (leg.call_id.clone(), leg))
        .collect();
    let mut told = Vec::new();
    for row in rows {
        let journey = row["journey"].as_str().expect("a journey").to_owned();
        for (leg, number) in row["legs"].as_array().expect("legs").iter().zip(1..) {
            let call = leg["call_id"].as_str().expect("an id").to_owned();
            let log = &logged[&call];
            assert_eq!(
                (&leg["leg"], &leg["csr"]),
                (&Value::from(number), &log.csr.into())
            );
            assert_eq!(
                (&leg["caller_type"], &leg["queue"]),
                (&log.caller_type.into(), &"Orders".into())
            );
            assert_eq!(leg["started_at"], log.started_at);
            assert_eq!(leg["state"], "scored");
            // Opening weighs 40, help 60, each of two behaviors: the first "no" of the dearer section, else of the other.
            let hash = Sha256::digest(&call);
            let lost = |at: usize| hash[at] >= 160;
            let places = [
                (2, "solves", 30.0),
                (3, "takes-over", 30.0),
                (0, "gives-name", 20.0),
                (1, "asks", 20.0),
            ];
            match places.into_iter().find(|(at, ..)| lost(*at)) {
                None => assert!(leg["fell"].is_null()),
                Some((_, behavior, points)) => {
                    assert_eq!(leg["fell"]["behavior"], behavior);
                    assert!((leg["fell"]["lost"].as_f64().expect("points") - points).abs() < 1e-9);
                    assert_eq!(leg["fell"]["critical"], false);
                }
            }
            told.push((journey.clone(), call));
        }
    }
    assert_eq!(told, drawn);

    let summary = &table["summary"];
    assert_eq!(
        (&summary["journeys"], &summary["drawn"]),
        (&Value::from(90), &Value::from(28))
    );
    assert_eq!(
        (&summary["calls"], &summary["drawn_calls"]),
        (&legs().len().into(), &calls.len().into())
    );
    let strata = draw["strata"].as_array().expect("strata").iter();
    let eligible: BTreeMap<String, f64> = strata
        .map(|one| {
            (
                one["caller_type"].as_str().expect("a type").to_owned(),
                one["eligible"].as_f64().expect("a number"),
            )
        })
        .collect();
    let mut journeys: Vec<Vec<&Leg>> = Vec::new();
    for (at, (journey, call)) in drawn.iter().enumerate() {
        if at == 0 || drawn[at - 1].0 != *journey {
            journeys.push(Vec::new());
        }
        journeys.last_mut().expect("one").push(&logged[call]);
    }
    let yes = |answer: fn(&[&Leg]) -> bool| -> Vec<(String, f64)> {
        let told = journeys.iter().map(|legs| {
            (
                legs[0].caller_type.to_owned(),
                f64::from(u8::from(answer(legs))),
            )
        });
        told.collect()
    };
    let handed_off = yes(|legs| legs.iter().any(|leg| leg.csr != legs[0].csr));
    is_share(&summary["handed_off"], &handed_off, &eligible);
    let mut followed = yes(|legs| legs.iter().any(|leg| leg.caller_type == "internal"));
    followed.retain(|(began, _)| began == "external");
    is_share(&summary["internal_follows_external"], &followed, &eligible);
    assert_eq!(summary["begun_by_external"], 14);
    let with_internal = followed.iter().filter(|(_, yes)| *yes > 0.0).count();
    assert_eq!(summary["with_internal"], with_internal);

    // First and later calls as if they were CSRs; the difference is that of the two means.
    let mut scores = scores(&desk, &draw);
    for legs in scores.values_mut().flat_map(BTreeMap::values_mut) {
        for (leg, place) in legs.iter_mut().zip(0..) {
            leg.0 = if place == 0 { "first" } else { "later" }.to_owned();
        }
    }
    let first = by_hand(&scores, &eligible, |place, _| place == "first");
    let later = by_hand(&scores, &eligible, |place, _| place == "later");
    is_figure(&summary["first"], first);
    is_figure(&summary["later"], later);
    let gap = summary["gap"]["value"].as_f64().expect("a gap");
    assert!((gap - (later.0 - first.0)).abs() < 1e-9);

    let text = desk.run("report journeys").good();
    assert!(text.contains("Journeys: 28 of 90 drawn"), "{text}");
    assert!(
        text.contains(&format!(
            "a co-worker calls later in {with_internal} of them"
        )),
        "{text}"
    );
    let lines = desk.run("report journeys --format csv").good();
    assert_eq!(lines.lines().count(), 1 + calls.len());
    assert!(
        desk.run("report journeys --format md")
            .good()
            .contains("| J")
    );
}

#[test]
fn a_critical_error_is_where_a_call_fell_and_what_is_not_scored_is_told_all_the_same() {
    let desk = desk();
    let critical = "critical = { family = \"customer\", on = [\"no\"], scope = \"call\", effect = \"zero\" }\n";
    let asks = "text = \"Asks what is needed\"\n";
    desk.write(
        "short.toml",
        RUBRIC.replace(asks, &format!("{asks}{critical}")),
    );
    let draw = desk.json(&format!("{DRAW} -n 2 --format json"));
    let calls: Vec<String> = drawn(&draw).into_iter().map(|(_, call)| call).collect();
    let [one, two, rest @ ..] = &calls[..] else {
        panic!("{calls:?}");
    };
    desk.write(
        "answers.csv",
        format!("call_id,analyst,gives-name,asks,solves,takes-over\n{one},qa1,yes,no,no,no\n"),
    );
    desk.run("record answers.csv").good();
    desk.write(
        "lost.csv",
        format!("call_id,analyst,unscorable\n{two},qa1,no-recording\n"),
    );
    desk.run("record lost.csv").good();
    let report = desk.json("report journeys --format json");
    let rows = report["tables"][0]["rows"].as_array().expect("rows").iter();
    let told: BTreeMap<&str, &Value> = rows
        .flat_map(|row| row["legs"].as_array().expect("legs"))
        .map(|leg| (leg["call_id"].as_str().expect("an id"), leg))
        .collect();
    let fell = &told[one.as_str()]["fell"];
    assert_eq!(
        (&fell["behavior"], &fell["critical"]),
        (&"asks".into(), &true.into())
    );
    assert_eq!(told[one.as_str()]["score"], 0.0);
    assert_eq!(told[two.as_str()]["state"], "unscorable");
    for call in rest {
        assert_eq!(told[call.as_str()]["state"], "open");
        assert!(told[call.as_str()]["score"].is_null() && told[call.as_str()]["fell"].is_null());
    }
    desk.run("verify calls.csv").good();

    desk.run("draw calls.csv --rubric short.toml --seed july --name calls -n 2")
        .good();
    desk.run("report journeys --sample calls")
        .fails(2, "a sample of single calls");
}

#[test]
fn whole_journeys_are_dealt_and_scored_by_two() {
    let desk = desk();
    let draw = desk.json(&format!(
        "{DRAW} -n 14 --analysts anna:1,ben:2 --double 20% --new-analyst --format json"
    ));
    let journey: BTreeMap<String, String> = (drawn(&draw).into_iter())
        .map(|(journey, call)| (call, journey))
        .collect();
    let mut analysts: BTreeMap<(String, bool), BTreeSet<String>> = BTreeMap::new();
    let mut tasks: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for task in draw["assignments"].as_array().expect("assignments") {
        let text = |key: &str| task[key].as_str().expect(key).to_owned();
        let second = task["second"].as_bool().expect("a flag");
        let key = (journey[&text("call_id")].clone(), second);
        analysts
            .entry(key.clone())
            .or_default()
            .insert(text("analyst"));
        *tasks.entry(key).or_default() += 1;
    }
    assert!(
        analysts.values().all(|names| names.len() == 1),
        "{analysts:?}"
    );
    let journeys: BTreeSet<&String> = journey.values().collect();
    let own = |name: &str| {
        let firsts = analysts
            .iter()
            .filter(|((_, second), names)| !second && names.contains(name));
        firsts.count()
    };
    // One of three and two of three of each caller type, of which there are 14; the odd ones fall to either.
    assert_eq!(own("anna") + own("ben"), journeys.len());
    assert!((9..=10).contains(&own("anna")), "{}", own("anna"));
    let mut doubles: Vec<(String, &String)> = (journeys.iter())
        .map(|id| {
            let hash = Sha256::digest(format!("july.double:{id}"));
            (hash.iter().map(|byte| format!("{byte:02x}")).collect(), *id)
        })
        .collect();
    doubles.sort();
    let expected: BTreeSet<&String> = doubles.iter().take(6).map(|(_, id)| *id).collect();
    let twice = tasks.iter().filter(|((_, second), _)| *second);
    let found: BTreeSet<&String> = twice.clone().map(|((id, _), _)| id).collect();
    assert_eq!(found, expected);
    for ((id, _), calls) in twice {
        assert_eq!(tasks[&(id.clone(), false)], *calls, "{id}");
    }
    desk.run("store check").good();
}
