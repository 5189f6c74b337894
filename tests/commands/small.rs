//! A rubric of four yes-or-no behaviors, logs with CSRs and callers as wanted, and answers given call by call, so that every
//! score is known beforehand.

use serde_json::Value;

use crate::dealt::{list, text};
use crate::harness::Desk;

const RUBRIC: &str = r#"format = 1
[rubric]
id = "small"
title = "Small"
revision = "1"
weigh = "behaviors"
na = "exclude"
pass_mark = 90

[[section]]
id = "all"
title = "All of it"

[[section.behavior]]
id = "greets"
text = "Greets"
answers = "yes_no"

[[section.behavior]]
id = "listens"
text = "Listens"
answers = "yes_no"

[[section.behavior]]
id = "solves"
text = "Solves it"
answers = "yes_no"

[[section.behavior]]
id = "closes"
text = "Closes"
answers = "yes_no"
critical = { family = "business", on = ["no"], scope = "call", effect = "outcome" }
"#;

/// Answers that earn 100, 75, 50 and 25 of 100, none of them with a critical error.
pub const GOOD: [&str; 4] = ["yes", "yes", "yes", "yes"];
pub const FAIR: [&str; 4] = ["no", "yes", "yes", "yes"];
pub const HALF: [&str; 4] = ["no", "no", "yes", "yes"];
pub const POOR: [&str; 4] = ["no", "no", "no", "yes"];
/// None of them applied, so there is no score.
pub const NOTHING: [&str; 4] = ["na", "na", "na", "na"];

/// Writes a log: of each CSR so many internal and external calls, one an hour in the month.
pub fn log(desk: &Desk, name: &str, month: &str, csrs: &[(&str, usize, usize)]) {
    let mut text = String::from("call_id,csr,caller_type,started_at,duration_s\n");
    for (who, (csr, internal, external)) in csrs.iter().enumerate() {
        for at in 0..internal + external {
            let kind = if at < *internal {
                "internal"
            } else {
                "external"
            };
            let (day, hour) = (1 + at / 20 % 28, at % 20);
            text.push_str(&format!(
                "{month}-{who}-{at},{csr},{kind},{month}-{day:02}T{hour:02}:00:00,60\n"
            ));
        }
    }
    desk.write(name, text);
}

/// Draws so many calls of each CSR and caller type and answers them; the draw.
pub fn sample(
    desk: &Desk,
    log: &str,
    name: &str,
    n: usize,
    answers: impl Fn(&str, &str, usize) -> [&'static str; 4],
) -> Value {
    desk.write("small.toml", RUBRIC);
    let drawn = desk.json(&format!(
        "draw {log} --rubric small.toml --seed {name} --name {name} --per csr,caller_type -n {n} --format json"
    ));
    let mut rows =
        String::from("call_id,analyst,greets,listens,solves,closes,comment:greets,comment\n");
    for call in list(&drawn, "calls") {
        let (csr, kind) = (text(call, "csr"), text(call, "caller_type"));
        let position =
            usize::try_from(call["position"].as_u64().expect("position")).expect("place");
        let given = answers(csr, kind, position - 1);
        let comment = if given[0] == "no" { "mumbled" } else { "" };
        let id = text(call, "call_id");
        rows.push_str(&format!(
            "{id},qa1,{},{comment},as a whole\n",
            given.join(",")
        ));
    }
    desk.write("small.csv", rows);
    desk.run(&format!("record small.csv --sample {name}"))
        .good();
    drawn
}
