//! Scores and rates week by week, held against sums made here from the draws and the calls listed, and against reports on
//! single weeks.

use std::collections::{BTreeMap, BTreeSet};

use evenhand::estimate::quantile::t_quantile;
use evenhand::estimate::trend::{a3, p_chart_is_informative};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::dealt::{JULY, RUBRIC, call, list, log, near, note, number, rows, score, text, weight};
use crate::harness::Desk;
use crate::journeys;

const TYPES: [&str; 2] = ["internal", "external"];

/// So many months, drawn and scored; and the day of each drawn call, by sample and id.
struct Months {
    desk: Desk,
    draws: BTreeMap<&'static str, Value>,
    days: BTreeMap<(String, String), Date>,
}

fn months(count: usize, design: &str) -> Months {
    let desk = Desk::new();
    let (mut draws, mut days) = (BTreeMap::new(), BTreeMap::new());
    // No month has the same calls: each leaves others out.
    for (at, name) in ["july", "august", "september", "october"]
        .into_iter()
        .enumerate()
        .take(count)
    {
        let file = format!("{name}.csv");
        let (letter, month) = (["C", "D", "E", "F"][at], format!("2026-{:02}", 7 + at));
        log(&desk, &file, |row, mut cells| {
            cells[0] = cells[0].replace("C-", &format!("{letter}-"));
            cells[3] = cells[3]
                .replace("2026-07-31", "2026-07-30")
                .replace("2026-07", &month);
            ((row + at) % 4 != 0 || cells[2] == "internal").then_some(cells)
        });
        draws.insert(
            name,
            score(
                &desk,
                &format!("{file} --rubric {RUBRIC} --seed {name}-2026 --name {name} {design}"),
            ),
        );
        let mut reader = csv::Reader::from_path(desk.path(&file)).expect("log");
        for row in reader.records() {
            let row = row.expect("row");
            let day = row[3].get(..10).and_then(|day| day.parse().ok());
            day.map(|day| days.insert((name.to_owned(), row[0].to_owned()), day));
        }
    }
    Months { desk, draws, days }
}

fn monday(day: Date) -> Date {
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
        .expect("a day")
}

/// A scored call: first day of its week or month, caller type, design weight, value, and the stratum it is of.
struct Point {
    from: Date,
    kind: String,
    weight: f64,
    value: f64,
    stratum: (String, Value, Value),
    strata: (f64, f64),
}

impl Months {
    fn json(&self, words: &str) -> Value {
        let samples: String = self
            .draws
            .keys()
            .map(|name| format!(" --sample {name}"))
            .collect();
        self.desk
            .json(&format!("report {words}{samples} --format json"))
    }

    fn points(&self, by: fn(Date) -> Date, value: impl Fn(&Value) -> Option<f64>) -> Vec<Point> {
        let calls = self.json("calls");
        let point = |row: &Value| {
            let (sample, id) = (text(row, "sample"), text(row, "call_id"));
            let draw = &self.draws[sample];
            let drawn = call(draw, id);
            let same = |stratum: &&Value, key| stratum[key].is_null() || stratum[key] == drawn[key];
            let mut strata = list(draw, "strata").iter();
            let stratum = strata
                .find(|one| same(one, "csr") && same(one, "caller_type"))
                .expect("a stratum");
            Some(Point {
                from: by(self.days[&(sample.to_owned(), id.to_owned())]),
                kind: text(row, "caller_type").to_owned(),
                weight: weight(draw, drawn),
                value: value(row)?,
                stratum: (
                    sample.to_owned(),
                    stratum["csr"].clone(),
                    stratum["caller_type"].clone(),
                ),
                strata: (number(stratum, "eligible"), number(stratum, "drawn")),
            })
        };
        rows(&calls, "calls").iter().filter_map(point).collect()
    }

    /// The share of each caller type among the calls of the logs, as logged.
    fn mix(&self) -> BTreeMap<&'static str, f64> {
        let table = self.json("caller-type");
        let eligible = |kind: &str| {
            let mut found = rows(&table, "caller_type").iter();
            number(
                found.find(|row| row["caller_type"] == kind).expect("a row"),
                "eligible",
            )
        };
        let all: f64 = TYPES.map(eligible).iter().sum();
        TYPES.map(|kind| (kind, eligible(kind) / all)).into()
    }
}

/// The standardised mean of a week's calls, and how many calls of one weight tell as much; `None` where a type is missing.
fn standardised(points: &[&Point], mix: &BTreeMap<&str, f64>) -> Option<(f64, f64)> {
    let sums: BTreeMap<&str, (f64, f64)> = (mix.keys())
        .map(|kind| {
            let own = || points.iter().filter(|point| point.kind == *kind);
            let weight: f64 = own().map(|point| point.weight).sum();
            let sum: f64 = own().map(|point| point.weight * point.value).sum();
            (*kind, (weight, sum))
        })
        .collect();
    if sums.values().any(|(weight, _)| *weight == 0.0) {
        return None;
    }
    let value = sums
        .iter()
        .map(|(kind, (weight, sum))| mix[kind] * sum / weight)
        .sum();
    let shares = points.iter().map(|point| {
        let kind = point.kind.as_str();
        mix[kind] * point.weight / sums[kind].0
    });
    Some((value, 1.0 / shares.map(|share| share * share).sum::<f64>()))
}

#[test]
fn a_week_s_score_is_made_for_the_mix_of_the_logs_and_has_x_bar_limits() {
    let months = months(3, "--per caller_type -n 80");
    let mix = months.mix();
    let points = months.points(monday, |row| row["score"].as_f64());
    let report = months.json("trend --ewma");
    let table = &list(&report, "tables")[0];
    let found = list(table, "rows");
    assert_eq!(text(&found[0], "from"), "2026-06-29");
    assert_eq!(text(&found[0], "to"), "2026-07-05");
    assert_eq!(found.len(), 14);
    for (share, kind) in list(table, "mix").iter().zip(TYPES) {
        assert_eq!(share["caller_type"], kind);
        near(&share["share"], mix[kind]);
    }
    let (mut sum, mut calls) = (0.0, 0.0);
    for row in found {
        let own: Vec<&Point> = points
            .iter()
            .filter(|point| point.from.to_string() == row["from"])
            .collect();
        assert_eq!(row["n"], own.len());
        match standardised(&own, &mix) {
            Some((value, effective)) => {
                near(&row["value"], value);
                near(&row["effective_n"], effective);
                assert!(number(row, "low") <= value && value <= number(row, "high"));
                sum += effective * value;
                calls += effective;
            }
            None => assert!(row["value"].is_null() && row["out"].is_null(), "{row}"),
        }
    }
    // The spread within week and caller type.
    let (mut squares, mut df) = (0.0, 0.0);
    let weeks: BTreeSet<(Date, &str)> = points
        .iter()
        .map(|point| (point.from, point.kind.as_str()))
        .collect();
    for cell in weeks {
        let own: Vec<f64> = (points
            .iter()
            .filter(|point| (point.from, point.kind.as_str()) == cell))
        .map(|point| point.value)
        .collect();
        let mean = own.iter().sum::<f64>() / own.len() as f64;
        squares += own.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        df += own.len() as f64 - 1.0;
    }
    let (center, deviation) = (sum / calls, (squares / df).sqrt());
    let chart = &table["chart"];
    near(&chart["center"], center);
    near(&chart["deviation"], deviation);
    assert_eq!(
        (&chart["provisional"], &table["points_needed"]),
        (&json!(true), &json!(12))
    );
    let (mut smoothed, mut variance) = (center, 0.0);
    for row in found {
        if let Some(value) = row["value"].as_f64() {
            let n = number(row, "effective_n");
            let half = a3(n).expect("a factor") * deviation;
            near(&row["limit_low"], (center - half).max(0.0));
            near(&row["limit_high"], (center + half).min(100.0));
            assert_eq!(row["out"], (value - center).abs() > half);
            smoothed = 0.2 * value + 0.8 * smoothed;
            variance = 0.04 * deviation * deviation / n + 0.64 * variance;
        }
        near(&row["ewma"], smoothed);
        near(
            &row["ewma_high"],
            (center + 2.86 * variance.sqrt()).min(100.0),
        );
    }
    let told = note(&report, "false-alarms").expect("told");
    assert!(told.contains("a question, not a verdict"), "{told}");
    assert!(
        note(&report, "provisional")
            .expect("told")
            .contains("rest on 14 weeks")
    );
    assert!(note(&report, "mix").expect("told").contains("% internal"));
}

/// Half the margin of a standardised mean by its linearised variance, call by call.
fn half_width(all: &[Point], from: Date, mix: &BTreeMap<&str, f64>, df: f64) -> f64 {
    let inside = |point: &Point| point.from == from;
    let sums = |kind: &str| {
        let own = || {
            all.iter()
                .filter(|point| inside(point) && point.kind == kind)
        };
        let weight: f64 = own().map(|point| point.weight).sum();
        (
            weight,
            own().map(|point| point.weight * point.value).sum::<f64>() / weight,
        )
    };
    let mut strata: BTreeMap<String, (Vec<f64>, f64, f64)> = BTreeMap::new();
    for point in all {
        let (weight, mean) = sums(&point.kind);
        let u = match inside(point) {
            true => mix[point.kind.as_str()] * point.weight * (point.value - mean) / weight,
            false => 0.0,
        };
        let (eligible, drawn) = point.strata;
        let key = format!("{:?}", point.stratum);
        strata
            .entry(key)
            .or_insert((Vec::new(), eligible, drawn))
            .0
            .push(u);
    }
    let variance: f64 = (strata.values())
        .map(|(u, eligible, drawn)| {
            assert_eq!(u.len() as f64, *drawn);
            let mean = u.iter().sum::<f64>() / drawn;
            let squares: f64 = u.iter().map(|u| (u - mean).powi(2)).sum();
            (1.0 - drawn / eligible) * drawn / (drawn - 1.0) * squares
        })
        .sum();
    t_quantile(0.975, df).expect("t") * variance.sqrt()
}

#[test]
fn a_month_s_margin_is_that_of_its_linearised_mean() {
    for design in ["--per caller_type -n 40", "-n 120"] {
        let months = months(2, design);
        let mix = months.mix();
        let points = months.points(Date::first_of_month, |row| row["score"].as_f64());
        let report = months.json("trend --by month");
        let found = rows(&report, "trend");
        assert_eq!(found.len(), 2);
        for row in found {
            let from: Date = text(row, "from").parse().expect("a day");
            let half = half_width(&points, from, &mix, number(row, "df"));
            near(&row["low"], number(row, "value") - half);
            near(&row["high"], number(row, "value") + half);
        }
        assert!(report["tables"][0]["chart"].is_null());
        assert_eq!(
            note(&report, "few-points"),
            Some(
                "No limits yet: a control chart takes 12 months with a figure. There so far: 2; missing: 10."
            )
        );
    }
}

#[test]
fn of_one_caller_type_a_week_says_what_a_report_on_these_days_says() {
    let months = months(2, "--per csr,caller_type -n 5");
    for of in ["score", "before-critical", "passed", "critical-free"] {
        let report = months.json(&format!("trend --of {of} --caller-type external"));
        let found = rows(&report, "trend");
        assert!(found.len() > 7);
        for row in found {
            let days = format!("--from {} --to {}", text(row, "from"), text(row, "to"));
            let week = months.json(&format!("csr --caller-type external {days}"));
            let key = of.replace('-', "_").replace("before_", "score_before_");
            let total = &week["tables"][0]["total"][key.as_str()];
            assert_eq!(row["n"], total["n"], "{of} {row}");
            for key in ["value", "low", "high"] {
                near(&row[key], number(total, key));
            }
        }
    }
}

#[test]
fn rates_have_limits_where_calls_are_enough_for_them() {
    let months = months(4, "--per caller_type -n 70");
    let report = months.json("trend --of passed --caller-type external");
    let table = &list(&report, "tables")[0];
    let (center, found) = (number(&table["chart"], "center"), list(table, "rows"));
    assert!(table["chart"]["deviation"].is_null());
    let (mut with, mut without) = (0, 0);
    for row in found {
        let Some(n) = row["effective_n"].as_f64() else {
            continue;
        };
        if p_chart_is_informative(center, n) {
            let half = 3.0 * (center * (1.0 - center) / n).sqrt();
            near(&row["limit_low"], (center - half).max(0.0));
            near(&row["limit_high"], (center + half).min(1.0));
            with += 1;
        } else {
            assert!(row["limit_low"].is_null() && row["out"].is_null());
            assert!(row["low"].is_number());
            without += 1;
        }
    }
    assert!(with > 8 && without > 0, "{with}, {without}");
    assert!(
        note(&report, "false-alarms")
            .expect("told")
            .contains("too few calls for limits")
    );
    let text = months
        .desk
        .run("report trend --of passed --sample july --sample august")
        .good();
    assert!(text.contains("Passed by week"), "{text}");
}

#[test]
fn a_week_without_one_caller_type_has_no_figure() {
    let months = months(1, "--per csr,caller_type -n 1");
    let report = months.json("trend");
    let found = rows(&report, "trend");
    let lacking = found
        .iter()
        .filter(|row| number(row, "n") > 0.0 && row["value"].is_null())
        .count();
    if lacking > 0 {
        let told = note(&report, "incomplete").expect("told");
        assert!(
            told.contains("because a caller type is missing there"),
            "{told}"
        );
    }
    let points = months.points(monday, |row| row["score"].as_f64());
    let mix = months.mix();
    for row in found {
        let own: Vec<&Point> = points
            .iter()
            .filter(|point| point.from.to_string() == row["from"])
            .collect();
        assert_eq!(row["value"].is_null(), standardised(&own, &mix).is_none());
    }
}

#[test]
fn a_trend_needs_days_and_its_own_options() {
    let desk = Desk::new();
    log(&desk, "timeless.csv", |_, mut row| {
        row[3].clear();
        Some(row)
    });
    score(
        &desk,
        &format!("timeless.csv --rubric {RUBRIC} --seed timeless"),
    );
    desk.run("report trend").fails(3, "`started_at`");
    desk.run("report csr --by month")
        .fails(2, "--by, --of and --ewma are about the table `trend`");
    desk.run("report trend --of passed --ewma")
        .fails(2, "--ewma smooths scores");
    let source = desk.read("rubrics/customer-service.toml");
    let source = &source[..source.find("[[example]]").expect("examples")];
    desk.write("markless.toml", source.replace("pass_mark = 85", ""));
    desk.run("draw samples/calls.csv --rubric markless.toml --seed markless -n 5")
        .good();
    desk.run("report trend --of passed")
        .fails(3, "has no pass mark");
}

#[test]
fn journeys_tell_less_than_as_many_single_calls() {
    let desk = journeys::desk();
    let draw = desk.json(&format!("{} -n 20 --format json", journeys::DRAW));
    let ids: Vec<String> = list(&draw, "calls")
        .iter()
        .map(|call| text(call, "call_id").to_owned())
        .collect();
    journeys::record(&desk, &ids);
    let report = desk.json("report trend --by month --format json");
    let [row] = &rows(&report, "trend")[..] else {
        panic!("{report:#}");
    };
    assert_eq!(row["n"], ids.len());
    assert!(number(row, "effective_n") <= 40.0, "{row}");
    let one = desk.json("report trend --by month --caller-type external --format json");
    let all = desk.json("report caller-type --format json");
    let external = &rows(&all, "caller_type")[1]["score"];
    for key in ["value", "low", "high"] {
        near(&rows(&one, "trend")[0][key], number(external, key));
    }
}

#[test]
fn the_month_s_trend_reads_so() {
    let desk = Desk::new();
    score(&desk, &format!("{JULY} --per csr,caller_type -n 3"));
    let text = desk.run("report trend").good();
    assert!(text.contains("Score by week"), "{text}");
    assert!(text.contains("2026-07-06"), "{text}");
    assert!(!text.contains("Lower limit"), "{text}");
    let csv = desk.run("report trend --format csv").good();
    assert!(csv.starts_with("from,to,scored,score,"), "{csv}");
}

#[test]
fn limits_end_where_scores_end() {
    let months = months(4, "--per caller_type -n 20");
    let report = months.json("trend --ewma --caller-type external");
    let table = &list(&report, "tables")[0];
    let (center, deviation) = (
        number(&table["chart"], "center"),
        number(&table["chart"], "deviation"),
    );
    let mut cut = 0;
    for row in list(table, "rows") {
        let Some(factor) = row["effective_n"].as_f64().and_then(a3) else {
            continue;
        };
        let half = factor * deviation;
        near(&row["limit_low"], (center - half).max(0.0));
        near(&row["limit_high"], (center + half).min(100.0));
        cut += u64::from(center + half > 100.0);
        let out = (number(row, "value") - center).abs() > half;
        assert_eq!(row["out"], out);
    }
    assert!(cut > 0, "{table:#}");
    let csv = months
        .desk
        .run("report trend --ewma --caller-type external --format csv --sample july --sample august --sample september --sample october")
        .good();
    let mut read = csv::Reader::from_reader(csv.as_bytes());
    let heads = read.headers().expect("heads").clone();
    let limits = (0..heads.len())
        .filter(|at| heads[*at].ends_with("_high") && !heads[*at].starts_with("score"));
    let limits: Vec<usize> = limits.collect();
    assert!(limits.len() > 1, "{heads:?}");
    for row in read.records() {
        let row = row.expect("row");
        for at in &limits {
            let limit: f64 = row[*at].parse().unwrap_or(0.0);
            assert!(limit <= 100.0, "{row:?}");
        }
    }
}

/// Of all samples, with words that have blanks.
fn told(months: &Months, words: &str, more: &[&str]) -> String {
    let samples = months.draws.keys().map(|name| format!(" --sample {name}"));
    let words = format!("report {words}{}", samples.collect::<String>());
    let output = months.desk.command(&words).args(more).output();
    let output = output.expect("run");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn of_one_csr_the_smoothed_line_alone_has_limits() {
    let months = months(4, "--per csr,caller_type -n 9");
    let cells = months.json("csr");
    let csr = text(&rows(&cells, "csr")[0], "csr").to_owned();
    let one = ["--caller-type", "external", "--csr", &csr];
    let json = told(&months, "trend --format json", &one);
    let report: Value = serde_json::from_str(&json).expect("JSON");
    let table = &list(&report, "tables")[0];
    assert!(number(table, "points") >= 12.0, "{table:#}");
    let (center, deviation) = (
        number(&table["chart"], "center"),
        number(&table["chart"], "deviation"),
    );
    near(&table["chart"]["ewma"]["width"], 2.86);
    let (mut smoothed, mut variance) = (center, 0.0);
    for row in list(table, "rows") {
        assert!(row["limit_low"].is_null() && row["out"].is_null(), "{row}");
        if let Some(value) = row["value"].as_f64() {
            smoothed = 0.2 * value + 0.8 * smoothed;
            variance = 0.04 * deviation * deviation / number(row, "effective_n") + 0.64 * variance;
        }
        near(&row["ewma"], smoothed);
        let half = 2.86 * f64::sqrt(variance);
        near(&row["ewma_low"], (center - half).max(0.0));
        near(&row["ewma_high"], (center + half).min(100.0));
    }
    let why = note(&report, "one-csr").expect("told");
    assert!(why.contains("only the smoothed line"), "{why}");
    assert!(note(&report, "false-alarms").is_some());
    assert!(note(&report, "few-calls").is_none());
    let page = told(&months, "trend --format csv", &one);
    assert!(page.contains(",ewma,ewma_low,"), "{page}");
    assert!(!page.contains("limit_low"), "{page}");
    let page = told(&months, "trend --format html", &one);
    assert!(page.contains("Score by week, smoothed"), "{page}");
    // Of two it is a chart as of all.
    let second = text(&rows(&cells, "csr")[1], "csr");
    let two = told(
        &months,
        "trend --format csv",
        &[&one[..], &["--csr", second]].concat(),
    );
    assert!(two.contains("limit_low") && !two.contains("ewma"), "{two}");
}

#[test]
fn why_no_rate_has_limits_is_told_in_calls() {
    let months = months(4, "--per caller_type -n 14");
    let report = months.json("trend --of passed --caller-type external");
    let table = &list(&report, "tables")[0];
    let center = number(&table["chart"], "center");
    assert!(center > 0.2 && center < 0.8, "{center}");
    let needed = (3.0 / (center * (1.0 - center))).ceil();
    let told = note(&report, "few-calls").expect("told");
    assert!(
        told.contains(&format!(
            "(p = {:.1} %) {needed} calls a week",
            100.0 * center
        )),
        "{told}"
    );
}

#[test]
fn weeks_that_days_asked_for_cut_are_told() {
    let months = months(2, "--per caller_type -n 60");
    let report = months.json("trend --from 2026-07-08 --to 2026-08-12");
    assert_eq!(
        note(&report, "cut"),
        Some(
            "Of the week from 2026-07-06 only calls of 2026-07-08 or later are counted (--from). Of the week from 2026-08-10 \
             only calls of 2026-08-12 or earlier are counted (--to)."
        )
    );
    let whole = months.json("trend --from 2026-07-06 --to 2026-08-16");
    assert!(note(&whole, "cut").is_none());
}
