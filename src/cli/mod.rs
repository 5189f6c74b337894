//! The commands: one file each. The only place that prints, reads the clock or makes randomness.

mod agree;
mod answers;
mod assign;
mod calibrate;
mod call_log;
mod completions;
mod desk;
mod draw;
mod estimate;
mod explain;
mod facts;
mod failure;
mod input;
mod journeys;
mod log;
mod man;
mod media;
mod output;
mod pick;
mod plain;
mod plan;
mod progress;
mod queue;
mod record;
mod redact;
mod reopen;
mod report;
mod roster;
mod rubric;
mod rules;
mod run;
mod samples;
mod score;
mod spread;
mod store;
mod stored;
mod verify;
mod who;
mod writing;

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};

pub use failure::Failure;

/// Scores contact-centre calls with an even hand.
///
/// Draws a fair sample from a call log, records an analyst's answers under a rubric, and tells how internal and
/// external callers are served, with margins. `evenhand run` does all of it in one go.
#[derive(Parser)]
#[command(
    name = "evenhand",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
#[command(
    after_help = "Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 bad input, 4 store, 5 reading or writing."
)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(clap::Args)]
pub(crate) struct Common {
    /// Where samples and evaluations are kept
    #[arg(
        long,
        global = true,
        env = "EVENHAND_STORE",
        default_value = "evenhand.db",
        value_name = "PATH"
    )]
    pub(crate) store: PathBuf,
    /// Colours in messages
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Color,
    /// No notes and no progress
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// More notes
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    Log(log::Args),
    Draw(draw::Args),
    Queue(queue::Args),
    Score(score::Args),
    Record(record::Args),
    Report(report::Args),
    Explain(explain::Args),
    Plan(plan::Args),
    Calibrate(calibrate::Args),
    Estimate(estimate::Args),
    Agree(agree::Args),
    Verify(verify::Args),
    Pick(pick::Args),
    Assign(assign::Args),
    Reopen(reopen::Args),
    Samples(samples::Args),
    Roster(roster::Args),
    Store(store::Args),
    Rubric(rubric::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Cli {
    /// What the command line asks; ends the program where it can't be read, with a hint where one helps.
    pub fn read() -> Self {
        Self::try_parse().unwrap_or_else(|error| report::with_hint(error).exit())
    }

    /// Does what the command line asks.
    ///
    /// # Errors
    /// A [`Failure`] for everything a user can mend; it has the exit code.
    pub fn run(self) -> anyhow::Result<()> {
        match self.common.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        let common = &self.common;
        match self.command {
            Command::Run(args) => args.run(common),
            Command::Log(args) => args.run(common),
            Command::Draw(args) => args.run(common),
            Command::Queue(args) => args.run(common),
            Command::Score(args) => args.run(common),
            Command::Record(args) => args.run(common),
            Command::Report(args) => args.run(common),
            Command::Explain(args) => args.run(common),
            Command::Plan(args) => args.run(common),
            Command::Calibrate(args) => args.run(common),
            Command::Estimate(args) => args.run(common),
            Command::Agree(args) => args.run(common),
            Command::Verify(args) => args.run(common),
            Command::Pick(args) => args.run(common),
            Command::Assign(args) => args.run(common),
            Command::Reopen(args) => args.run(common),
            Command::Samples(args) => args.run(common),
            Command::Roster(args) => args.run(common),
            Command::Store(args) => args.run(common),
            Command::Rubric(args) => args.run(common),
            Command::Completions(args) => args.run(Self::command()),
            Command::Man(args) => args.run(Self::command()),
        }
    }
}

impl Common {
    /// Whether what is shown on stdout may have colours.
    pub(crate) fn colors(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
            }
        }
    }

    /// Something worth knowing, on stderr.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            anstream::eprintln!("{}", crate::calls::escape(text));
        }
    }
}

/// The end of a run: prints what went wrong and gives the exit code.
pub fn report_failure(error: &anyhow::Error) -> u8 {
    if is_broken_pipe(error) {
        return 0;
    }
    match error.downcast_ref::<Failure>() {
        Some(failure) => {
            let text = failure.to_text(failure::colored());
            if !text.is_empty() {
                anstream::eprintln!("{text}");
            }
            failure.exit_code()
        }
        None => {
            anstream::eprintln!("error: {}", crate::calls::escape(&format!("{error:#}")));
            5
        }
    }
}

/// Whoever read our output has enough: no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
