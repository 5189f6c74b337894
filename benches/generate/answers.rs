//! Answers to a draw. The draw is done here in a few lines of its own, so that the answers do not depend on the code
//! they are to test. The rubric is taken to be without faults.

use crate::{Dice, Options, Result, clock, words};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use toml::{Table, Value};

/// Comments on a behavior whose id has one of these parts: nothing of it was done, or something.
const COMMENTS: [(&str, &str, &str); 5] = [
    (
        "verif|identity|sponsor",
        "Spoke about the account before any check.|Took the name on the display as proof.|\
Read the number out and only asked for a yes.|Knew the voice and skipped the check.",
        "Asked for one detail only.|Checked, but halfway through the call.",
    ),
    (
        "record|note|ticket",
        "No note in the system at all.|The note is one word, \"done\".",
        "The note leaves out what was promised.|Nothing about who follows up.|What is still open is missing.|\
Request noted, but not who called.|No date in the note.|Good on the request, nothing on the answer.|\
What was tried so far is missing.|Call-back number missing, the rest is fine.|Abbreviations only the author knows.",
    ),
    (
        "answer|amount|data|resolve",
        "Gave a price from last year's list.|Said it is free of charge, it is not.|Named a deadline that no longer applies.",
        "Did not mention the delivery charge.|Forgot the notice period.|Right, but only the first half.|\
Named the wrong form, corrected it at once.|Left out that the offer ends this month.|Delivery day was one off.|\
Did not say that the receipt is needed.|Mixed up two tariffs, noticed before the end.|\
Opening hours of the wrong branch.|Nothing said about the second item.|Said \"about a week\", the table says ten days.",
    ),
    (
        "courte|respect",
        "Blamed the other department.|Talked down to the caller.|Sighed when the caller asked again.",
        "Short-tempered toward the end.|Friendly only after the first minute.",
    ),
    (
        "",
        "Left out, the caller had to ask.|Not done.|Passed over it.",
        "Begun, not finished.|Only after the caller had asked.|Done once, then forgotten.",
    ),
];
/// Comments on a whole call: poor, fair, good.
const IMPRESSIONS: [&str; 3] = [
    "To be talked over together.|Will have to call again.|Seemed distracted.|First minute is worth a second hearing.",
    "Solid, a bit hurried.|Friendly, but a rushed end.|Knows the matter, lacks structure.|Caller content in the end.",
    "Good to listen to.|Quick and to the point.|One to play to newcomers.|Calm under pressure, well done.",
];
/// Parts of ids: behaviors that suffer on internal calls, and those that often have no occasion.
const SLACK: &str = "callback|verif|identity|next|own|warm|hand-over|record|note|ticket|sums-up";
const RARE: &str = "hold|feeling|remote|mistakes";

fn has_part(id: &str, parts: &'static str) -> bool {
    parts.split('|').any(|part| id.contains(part))
}

fn text<'a>(table: &'a Table, key: &str) -> &'a str {
    table.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(table: &'a Table, key: &str) -> &'a [Value] {
    table
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn points(table: &Table, key: &str) -> Option<f64> {
    let value = table.get(key)?;
    value
        .as_float()
        .or(value.as_integer().map(|whole| whole as f64))
}

/// A behavior of the rubric, which is taken to be without faults.
struct Behavior<'a> {
    id: &'a str,
    table: &'a Table,
    /// Best first.
    options: Vec<(&'a str, f64)>,
    full: f64,
    critical_on: Vec<&'a str>,
    may_be_na: bool,
}

impl<'a> Behavior<'a> {
    fn read(rubric: &'a Table, table: &'a Table) -> Self {
        let scales = rubric.get("answers").and_then(Value::as_table);
        let scale = scales.and_then(|all| all.get(text(table, "answers"))?.as_table());
        let mut options = vec![("yes", 100.0), ("no", 0.0)];
        if let Some(scale) = scale {
            let tables = list(scale, "options").iter().filter_map(Value::as_table);
            options = tables
                .filter_map(|it| Some((text(it, "id"), points(it, "points")?)))
                .collect();
            options.sort_by(|one, other| other.1.total_cmp(&one.1));
        }
        let critical = table.get("critical").and_then(Value::as_table);
        let on = critical.map_or(&[][..], |critical| list(critical, "on"));
        let na = table
            .get("na")
            .or(rubric.get("rubric").and_then(|head| head.get("na")));
        Self {
            id: text(table, "id"),
            table,
            full: scale
                .and_then(|it| points(it, "full"))
                .or(options.first().map(|it| it.1))
                .unwrap_or(100.0),
            options,
            critical_on: on.iter().filter_map(Value::as_str).collect(),
            // Only where the guidance says when.
            may_be_na: na.and_then(Value::as_str) != Some("forbid")
                && text(table, "look_for").contains("N/A"),
        }
    }

    fn result(&self, answer: &str) -> Option<f64> {
        self.options
            .iter()
            .find(|(id, _)| *id == answer)
            .map(|(_, points)| points / self.full)
    }

    /// Whether the behavior is asked for, given the answers so far; `None` if that cannot be said yet.
    fn applies(&self, caller_type: &str, given: &HashMap<&str, &str>) -> Option<bool> {
        let types = list(self.table, "applies_to");
        if !types.is_empty() && !types.iter().any(|it| it.as_str() == Some(caller_type)) {
            return Some(false);
        }
        let Some(condition) = self.table.get("show_if").and_then(Value::as_table) else {
            return Some(true);
        };
        let answer = given.get(text(condition, "behavior"))?;
        Some(
            list(condition, "is")
                .iter()
                .any(|it| it.as_str() == Some(answer)),
        )
    }

    /// An answer that triggers no critical, or `na`. `quality` is the usual chance of full points.
    fn answer(&self, dice: &mut Dice, quality: f64) -> &'a str {
        if self.may_be_na && dice.chance(if has_part(self.id, RARE) { 0.5 } else { 0.1 }) {
            return "na";
        }
        let ease = 0.16 * Dice::new("ease", self.id, "").unit() - 0.08;
        let does_well = dice.chance((quality + ease).clamp(0.02, 0.99));
        let harmless = self
            .options
            .iter()
            .filter(|(id, _)| !self.critical_on.contains(id));
        let (good, poor): (Vec<_>, Vec<_>) = harmless.partition(|(_, points)| *points >= self.full);
        let from = if does_well || poor.is_empty() {
            good
        } else {
            poor
        };
        let step = (1..from.len()).take_while(|_| dice.chance(0.25)).count();
        from.get(step).map_or("na", |(id, _)| id)
    }

    /// The comment that the rubric asks for with this answer, if it does.
    fn comment(&self, dice: &mut Dice, answer: &str) -> Option<&'static str> {
        let result = self.result(answer).unwrap_or(1.0);
        let (_, missed, partly) = COMMENTS
            .iter()
            .find(|(parts, ..)| has_part(self.id, parts))?;
        match text(self.table, "comment") {
            _ if answer.is_empty() => None,
            "on_fail" | "always" if result <= 0.0 => Some(dice.pick(&words(missed))),
            "on_fail" | "always" if result < 1.0 => Some(dice.pick(&words(partly))),
            "always" => Some("As it should be."),
            _ => None,
        }
    }
}

/// Answers to every behavior, blank where it does not apply; one triggers a critical if the call fails.
fn answer_all<'a>(
    behaviors: &[Behavior<'a>],
    dice: &mut Dice,
    skill: f64,
    caller_type: &str,
    fails: bool,
) -> Vec<&'a str> {
    let internal = caller_type == "internal";
    let quality = 0.72 + 0.14 * skill + 0.06 * dice.normal();
    let applies = |it: &&Behavior| it.applies(caller_type, &HashMap::new()) == Some(true);
    let criticals = behaviors.iter().filter(|it| !it.critical_on.is_empty());
    let criticals: Vec<_> = criticals.filter(applies).collect();
    let failed = (fails && !criticals.is_empty()).then(|| dice.pick(&criticals).id);
    let mut given = HashMap::new();
    // A condition may look ahead, so one pass may not do.
    for behavior in behaviors.iter().cycle().take(behaviors.len().pow(2)) {
        if given.contains_key(behavior.id) {
            continue;
        }
        let suffers = internal && has_part(behavior.id, SLACK);
        let slack = if suffers { 0.16 } else { 0.0 };
        let answer = match behavior.applies(caller_type, &given) {
            Some(true) if failed == Some(behavior.id) => dice.pick(&behavior.critical_on),
            Some(true) => behavior.answer(dice, quality - slack),
            Some(false) => "",
            None => continue,
        };
        given.insert(behavior.id, answer);
    }
    let answer = |it: &Behavior| given.get(it.id).copied().unwrap_or_default();
    behaviors.iter().map(answer).collect()
}

/// A comment on the whole call, for one in three.
fn impression(dice: &mut Dice, results: &[f64], failed: bool) -> &'static str {
    let mean = results.iter().sum::<f64>() / results.len().max(1) as f64;
    let level = usize::from(!failed && mean > 0.72) + usize::from(!failed && mean > 0.9);
    if dice.chance(0.35) {
        dice.pick(&words(IMPRESSIONS[level]))
    } else {
        ""
    }
}

/// None on three calls in ten, sometimes two; avoidable ones more often on internal calls.
fn drivers(dice: &mut Dice, rubric: &Table, internal: bool) -> String {
    let all = list(rubric, "driver").iter().filter_map(Value::as_table);
    let avoidable = |it: &&Table| it.get("avoidable").and_then(Value::as_bool) == Some(true);
    let (avoidable, others): (Vec<_>, Vec<_>) = all.partition(avoidable);
    let mut ticked = BTreeSet::new();
    let count = dice.pick(&[0, 0, 0, 1, 1, 1, 1, 1, 1, 2]);
    for _ in 0..count {
        let is_avoidable = dice.chance(if internal { 0.6 } else { 0.4 });
        let from = if is_avoidable { &avoidable } else { &others };
        if !from.is_empty() {
            ticked.insert(text(dice.pick(from), "id"));
        }
    }
    Vec::from_iter(ticked).join(";")
}

/// Every CSR's skill, -1 to 1 in even steps, in an order that the seed decides.
fn skills<'a>(csrs: impl Iterator<Item = &'a String>, seed: &str) -> HashMap<&'a str, f64> {
    let key = |csr: &'a String| (Sha256::digest(format!("skill:{seed}:{csr}")), csr.as_str());
    let ordered: BTreeSet<_> = csrs.map(key).collect();
    let steps = ordered.len().max(2) as f64 - 1.0;
    let skill = |(rank, (_, csr))| (csr, 2.0 * f64::from(rank) / steps - 1.0);
    (0u32..).zip(ordered).map(skill).collect()
}

/// A drawn call: draw number and id; its CSR and caller type.
type Drawn = BTreeMap<([u8; 32], String), (String, String)>;

/// The `quota` smallest draw numbers of every CSR and caller type.
fn draw(log: &str, seed: &str, quota: usize) -> Result<Drawn> {
    let mut log = csv::Reader::from_path(log).map_err(|error| format!("`{log}`: {error}"))?;
    let header = log.headers()?.clone();
    let column = |name: &str| {
        let position = header.iter().position(|it| it == name);
        position.ok_or_else(|| format!("the call log lacks the column `{name}`"))
    };
    let (id, csr, caller_type) = (column("call_id")?, column("csr")?, column("caller_type")?);
    let mut strata: BTreeMap<_, BTreeSet<([u8; 32], String)>> = BTreeMap::new();
    for row in log.records() {
        let row = row?;
        if !row[csr].is_empty() && matches!(&row[caller_type], "internal" | "external") {
            let stratum = (row[csr].to_owned(), row[caller_type].to_owned());
            let draw_number = Sha256::digest(format!("{seed}:{}", &row[id])).into();
            let smallest = strata.entry(stratum).or_default();
            smallest.insert((draw_number, row[id].to_owned()));
            if smallest.len() > quota {
                smallest.pop_last();
            }
        }
    }
    let calls = |(stratum, calls): ((String, String), BTreeSet<_>)| {
        calls.into_iter().map(move |call| (call, stratum.clone()))
    };
    Ok(strata.into_iter().flat_map(calls).collect())
}

/// Draws, and writes the evaluations of two analysts in the order of draw numbers, done in three working days.
pub(crate) fn write(options: &Options) -> Result<()> {
    let seed = options.need("seed")?;
    let file = options.need("rubric")?;
    let rubric = fs::read_to_string(file).map_err(|error| format!("`{file}`: {error}"))?;
    let rubric: Table = toml::from_str(&rubric)?;
    let sections = list(&rubric, "section").iter().filter_map(Value::as_table);
    let tables = sections
        .flat_map(|it| list(it, "behavior"))
        .filter_map(Value::as_table);
    let behaviors: Vec<_> = tables.map(|it| Behavior::read(&rubric, it)).collect();
    let drawn = draw(options.need("calls")?, seed, options.number("quota", 3)?)?;
    let skills = skills(drawn.values().map(|(csr, _)| csr), seed);
    let mut evaluations = Vec::new();
    for (rank, ((_, call_id), (csr, caller_type))) in drawn.iter().enumerate() {
        let mut dice = Dice::new("answers", seed, call_id);
        let fails = rank % 24 == 20; // about four in a hundred
        let skill = skills[csr.as_str()];
        let given = answer_all(&behaviors, &mut dice, skill, caller_type, fails);
        let both = || behaviors.iter().zip(&given);
        let comments = both()
            .map(|(it, answer)| it.comment(&mut dice, answer))
            .collect::<Vec<_>>();
        let results = both()
            .filter_map(|(it, answer)| it.result(answer))
            .collect::<Vec<_>>();
        let impression = impression(&mut dice, &results, fails);
        let drivers = drivers(&mut dice, &rubric, caller_type == "internal");
        let second = ((rank as f64 + dice.unit()) * 3.0 * 28_800.0 / drawn.len() as f64) as u32;
        let time = clock(9 * 3_600 + second % 28_800);
        let completed_at = format!("2026-08-{:02}T{time}Z", 3 + second / 28_800);
        let head = [call_id.as_str(), ["qa1", "qa2"][rank % 2]];
        evaluations.push((head, given, impression, comments, [drivers, completed_at]));
    }
    let is_commented = |i: &usize| {
        evaluations
            .iter()
            .any(|(.., comments, _)| comments[*i].is_some())
    };
    let commented: Vec<usize> = (0..behaviors.len()).filter(is_commented).collect();
    let mut out = options.output()?;
    let mut header = vec!["call_id".to_owned(), "analyst".to_owned()];
    header.extend(behaviors.iter().map(|it| it.id.to_owned()));
    header.push("comment".to_owned());
    header.extend(
        commented
            .iter()
            .map(|i| format!("comment:{}", behaviors[*i].id)),
    );
    header.extend(["drivers".to_owned(), "completed_at".to_owned()]);
    out.write_record(header)?;
    for (head, given, impression, comments, tail) in &evaluations {
        let mut row = [&head[..], given, &[*impression]].concat();
        row.extend(commented.iter().map(|i| comments[*i].unwrap_or_default()));
        row.extend(tail.iter().map(String::as_str));
        out.write_record(row)?;
    }
    Ok(out.flush()?)
}
