//! What the figures were measured on.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use crate::peers::version;

/// Whose versions matter to the figures.
const PEERS: [&str; 6] = ["xan", "qsvlite", "mlr", "duckdb", "sqlite3", "shuf"];

pub(crate) fn told() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let mut told = format!("{}, {cores} cores, {}", cpu(), system());
    for peer in PEERS {
        let Some(version) = version(peer) else {
            continue;
        };
        // Some say their name as well, and what they were made from.
        let number = version.split([' ', '-']).find(|word| word.contains('.'));
        told += &format!(", {peer} {}", number.unwrap_or(&version));
    }
    let program = fs::metadata(env!("CARGO_BIN_EXE_evenhand"));
    let megabytes = program.map_or(0.0, |file| file.len() as f64 / 1e6);
    told + &format!(". The program has {megabytes:.2} MB.")
}

fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split(": ").nth(1));
    name.unwrap_or("a CPU without a name").to_owned()
}

fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let kernel = Command::new("uname").arg("-sr").output();
    let kernel = kernel.map_or(String::new(), |ran| {
        String::from_utf8_lossy(&ran.stdout).into_owned()
    });
    match name {
        Some(name) => format!("{} ({})", name.trim_matches('"'), kernel.trim()),
        None => kernel.trim().to_owned(),
    }
}
