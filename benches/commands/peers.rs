//! What other programs have for the same jobs. One that is not installed is left out, and said so.

use std::process::Command;

use crate::Result;
use crate::files::Files;
use crate::job::{Act, Check, Job, split};
use crate::ours::{COUNT, DRAW, SIMPLE, scores};

/// Counts lines, not calls: the time that reading alone takes.
pub(crate) const YARDSTICK: &str = "wc -l calls.csv";

/// The five smallest draw numbers of every stratum, as ours; of two ways to ask for them the faster.
const SMALLEST: &str = "select unnest(min_by(call_id, sha256('bench:' || call_id), 5)) as call_id \
    from read_csv('calls.csv', all_varchar = true) group by csr, caller_type";
const COUNTS: &str =
    "select csr, caller_type, count(*) from read_csv('calls.csv', all_varchar = true) group by all";
const SCORES: &str = "select csr, caller_type, count(*), avg(score), stddev(score) from read_csv('scores.csv') group by all";
const STORED: &str = "select csr, caller_type, count(*), avg(score) from evaluations_current group by csr, caller_type";
const PYTHON: &str = "\
import csv, duckdb, sys
found = duckdb.sql(sys.argv[1])
out = csv.writer(sys.stdout)
out.writerow(found.columns)
out.writerows(found.fetchall())";

/// Adds what is installed to the jobs; gives a line for each program that isn't.
pub(crate) fn add(jobs: &mut [Job], files: &Files) -> Result<Vec<String>> {
    let (calls, strata) = (files.rows, files.strata);
    let ids = || Check::Ids(files.drawn.clone());
    let scores = scores(files);
    let scores = scores.as_str();
    let five = files.drawn.len();
    let mut missing = Vec::new();
    let mut add = |program: &str, acts: Vec<(&str, Act)>| {
        if version(program).is_none() {
            missing.push(format!("`{program}`, which is not installed"));
            return;
        }
        for (name, act) in acts {
            let job = jobs.iter_mut().find(|job| job.name == name);
            job.expect("a job of ours").acts.push(act);
        }
    };
    let plain = |words: &str, check| Act::peer(words, split(words), check);
    add(
        "wc",
        vec![(COUNT, plain(YARDSTICK, Check::Number(files.lines)))],
    );
    let groups = "xan groupby -p csr,caller_type count() calls.csv";
    let by_group = "xan sample -g csr,caller_type 5 calls.csv";
    let of_all = "xan sample 1000 calls.csv";
    add(
        "xan",
        vec![
            (COUNT, plain("xan count calls.csv", Check::Number(calls))),
            (COUNT, plain(groups, Check::Records(strata))),
            (DRAW, plain(by_group, Check::Records(five))),
            (SIMPLE, plain(of_all, Check::Records(1000))),
        ],
    );
    let count = plain("qsvlite count calls.csv", Check::Number(calls));
    add("qsvlite", vec![(COUNT, count)]);
    let lines = plain("shuf -n 1000 calls.csv", Check::Lines(1000));
    add("shuf", vec![(SIMPLE, lines)]);
    let by_group = "mlr --icsv --ocsv sample -k 5 -g csr,caller_type calls.csv";
    add("mlr", vec![(DRAW, plain(by_group, Check::Records(five)))]);
    let query = |name: &str, sql: &str, check| {
        let mut command = duckdb();
        command.push(sql.to_owned());
        Act::peer(&format!("DuckDB: {name}"), command, check)
    };
    add(
        "duckdb",
        vec![
            (
                COUNT,
                query("count(*) by group", COUNTS, Check::Records(strata)),
            ),
            (DRAW, query("min_by sha256(seed:id), 5", SMALLEST, ids())),
            (
                scores,
                query("means from CSV", SCORES, Check::Records(strata)),
            ),
        ],
    );
    let command = ["sqlite3", "-readonly", "-csv", "-header", "big.db", STORED];
    let stored = Act::peer(
        "SQLite: means from our store",
        command.map(String::from).to_vec(),
        Check::Records(strata),
    );
    add("sqlite3", vec![(scores, stored)]);
    Ok(missing)
}

/// The version a program tells, in its own words; `None` where it isn't installed.
pub(crate) fn version(program: &str) -> Option<String> {
    let command = match program {
        "duckdb" if !runs("duckdb") => {
            vec!["python3", "-c", "import duckdb; print(duckdb.__version__)"]
        }
        _ => vec![program, "--version"],
    };
    let ran = Command::new(command[0]).args(&command[1..]).output().ok()?;
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    let line = text.lines().next().unwrap_or_default().to_owned();
    ran.status.success().then_some(line)
}

fn runs(program: &str) -> bool {
    let ran = Command::new(program).arg("--version").output();
    ran.is_ok_and(|ran| ran.status.success())
}

/// DuckDB's own program, else Python's module; the query comes last.
fn duckdb() -> Vec<String> {
    let command: &[&str] = if runs("duckdb") {
        &["duckdb", "-csv", "-c"]
    } else {
        &["python3", "-c", PYTHON]
    };
    command.iter().map(|&word| word.to_owned()).collect()
}
