//! Our commands, a job each.

use std::process::Command;

use crate::Result;
use crate::files::{DESIGN, Files, grouped};
use crate::job::{Act, Job, Store};

pub(crate) const COUNT: &str = "count the calls of every stratum";
pub(crate) const DRAW: &str = "draw 5 from every stratum";
pub(crate) const SIMPLE: &str = "draw 1,000 of all";

pub(crate) fn jobs(files: &Files) -> Result<Vec<Job>> {
    let draw = format!("draw calls.csv {DESIGN} -n 5");
    let mut draws = vec![Act::ours(&draw, Store::New)];
    for option in ["--threads 1", "--trust-ids"] {
        if knows("draw", option)? {
            draws.push(Act::ours(&format!("{draw} {option}"), Store::New));
        }
    }
    let simple = "draw calls.csv --rubric rubric.toml --seed bench -n 1000";
    let record = "record answers.csv --new-analyst";
    let reports =
        ["caller-type", "csr", "behaviors"].map(|table| format!("report {table} --format json"));
    let reports = reports
        .iter()
        .map(|it| Act::ours(it, Store::There("big.db")));
    let job = |name: &str, acts| Job {
        name: name.to_owned(),
        acts,
    };
    Ok(vec![
        job(COUNT, vec![Act::ours("log calls.csv", Store::Unused)]),
        job(DRAW, draws),
        job(SIMPLE, vec![Act::ours(simple, Store::New)]),
        job(
            "draw again and compare",
            vec![Act::ours("verify calls.csv", Store::There("five.db"))],
        ),
        job(
            &format!("record {} evaluations", grouped(files.to_record)),
            vec![Act::ours(record, Store::CopyOf("drawn.db"))],
        ),
        job(&scores(files), reports.collect()),
        job(
            "start",
            vec![
                Act::ours("--help", Store::Unused),
                Act::ours("report", Store::There("empty.db")),
            ],
        ),
    ])
}

pub(crate) fn scores(files: &Files) -> String {
    format!("scores of {} evaluations", grouped(files.recorded))
}

/// Whether a command has an option.
pub(crate) fn knows(command: &str, option: &str) -> Result<bool> {
    let program = env!("CARGO_BIN_EXE_evenhand");
    let help = Command::new(program).args([command, "--help"]).output()?;
    let name = option.split(' ').next().unwrap_or(option);
    Ok(String::from_utf8(help.stdout)?.contains(name))
}
