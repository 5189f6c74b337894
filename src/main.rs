use std::process::ExitCode;

use clap::Parser;
use evenhand::cli::{Cli, report_failure};

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ExitCode::from(report_failure(&error)),
    }
}
