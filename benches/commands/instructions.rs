//! Instructions that a row costs, counted by callgrind: hardly any noise, however busy the machine is.
//!
//! The same command is counted on two logs of different length, and the difference is divided by the rows between them:
//! what a start costs falls out. Valgrind has no SHA instructions, so SHA-256 is computed by other means there than on
//! most machines; what it costs is told apart where functions have names (`CARGO_PROFILE_BENCH_STRIP=none`).

use std::fmt::Write as _;
use std::process::Command;

use crate::Result;
use crate::files::{DESIGN, Files, grouped};
use crate::job::{remove_store, split};
use crate::ours::knows;
use crate::peers::version;

#[derive(Clone, Copy)]
struct Count {
    all: f64,
    sha: f64,
}

/// One command is enough to see that counting works.
pub(crate) fn markdown(files: &Files, quick: bool) -> Result<String> {
    let Some(valgrind) = version("valgrind") else {
        return Ok("Instructions were not counted: `valgrind` is not installed.".into());
    };
    let (short, long) = (files.rows / 100, files.rows * 3 / 100);
    let mut text = format!(
        "Instructions per row of `calls.csv`, by {valgrind}, from logs of {} and {} rows:\n\n\
         | command | all | SHA-256 |\n|---|--:|--:|\n",
        grouped(short),
        grouped(long)
    );
    let single = if knows("draw", "--threads")? {
        " --threads 1"
    } else {
        ""
    };
    let draw = format!("draw LOG --store counted.db {DESIGN} -n 5{single}");
    let commands = ["log LOG", &draw, "verify LOG --store counted.db"];
    for command in &commands[..if quick { 1 } else { 3 }] {
        eprintln!("counting {command}");
        let (few, many) = (count(files, command, short)?, count(files, command, long)?);
        let per_row = |few: f64, many: f64| (many - few) / (long - short) as f64;
        let sha = match many.sha {
            0.0 => "not told apart".to_owned(),
            _ => format!("{:.0}", per_row(few.sha, many.sha)),
        };
        let name = command.split(' ').next().unwrap_or(command);
        let _ = writeln!(
            text,
            "| `{name}` | {:.0} | {sha} |",
            per_row(few.all, many.all)
        );
    }
    Ok(text)
}

fn count(files: &Files, command: &str, rows: usize) -> Result<Count> {
    let log = format!("calls-{rows}.csv");
    files.log(&log, rows)?;
    let store = files.path("counted.db");
    if command.starts_with("draw") {
        remove_store(&store)?;
    } else if command.starts_with("verify") {
        remove_store(&store)?;
        files.ours(&format!("draw {log} --store counted.db {DESIGN} -n 5"))?;
    }
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=counted.out"])
        .arg(env!("CARGO_BIN_EXE_evenhand"))
        .args(split(&command.replace("LOG", &log)))
        .current_dir(&files.folder)
        .output()?;
    if !counted.status.success() {
        let error = String::from_utf8_lossy(&counted.stderr).into_owned();
        return Err(format!("callgrind failed: {error}").into());
    }
    let listed = Command::new("callgrind_annotate")
        .args(["--threshold=100", "--auto=no", "counted.out"])
        .current_dir(&files.folder)
        .output()?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let sum = |word: &str| {
        let lines = listed.lines().filter(|line| line.contains(word));
        lines.filter_map(leading_number).sum()
    };
    Ok(Count {
        all: sum("PROGRAM TOTALS"),
        sha: sum(":sha2::"),
    })
}

/// `1,859,270 (67.8%)  file:function` begins with a number.
fn leading_number(line: &str) -> Option<f64> {
    let digits = line.split_whitespace().next()?.replace(',', "");
    digits.parse().ok()
}
