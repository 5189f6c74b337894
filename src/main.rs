use std::process::ExitCode;

use evenhand::cli::{Cli, report_failure};

fn main() -> ExitCode {
    match Cli::read().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ExitCode::from(report_failure(&error)),
    }
}
