//! How fast whole commands are, beside other programs that do a like job: `cargo bench --bench commands`. Prints
//! Markdown; asserts no time.
//!
//! Every command runs once to warm the page cache, and what it printed is checked: a program that counts or draws
//! something else is not compared. Then all commands run in turn, round after round, so that a busy moment of the
//! machine hits all alike. A time is that of the whole process, start included. Instructions are counted by callgrind,
//! where it is installed: they are the same on a busy machine.

#[path = "commands/files.rs"]
mod files;
#[path = "commands/instructions.rs"]
mod instructions;
#[path = "commands/job.rs"]
mod job;
#[path = "commands/machine.rs"]
mod machine;
#[path = "commands/ours.rs"]
mod ours;
#[path = "commands/peers.rs"]
mod peers;
#[path = "commands/table.rs"]
mod table;

use std::path::PathBuf;
use std::{env, error::Error, process::ExitCode};

use files::Files;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

const USAGE: &str = "\
cargo bench --bench commands -- [--rows 10000000] [--rounds 5] [--evaluations 1000000] [--folder DIR] [--quick]
  --evaluations  so many, nearly, are reported on
  --folder       keeps logs, answers and stores there, and takes those of an earlier run, whose numbers should be the same
  --quick        20,000 rows and one round: that the bench still works, no figures to quote";

struct Options {
    rows: usize,
    rounds: usize,
    evaluations: usize,
    folder: Option<PathBuf>,
    quick: bool,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self {
            rows: 10_000_000,
            rounds: 5,
            evaluations: 1_000_000,
            folder: None,
            quick: false,
        };
        let mut args = args.iter();
        while let Some(name) = args.next() {
            if name == "--quick" {
                (options.rows, options.rounds, options.quick) = (20_000, 1, true);
                options.evaluations = 200;
                continue;
            }
            let value = args.next().ok_or(USAGE)?;
            match name.as_str() {
                "--rows" => options.rows = value.parse()?,
                "--rounds" => options.rounds = value.parse()?,
                "--evaluations" => options.evaluations = value.parse()?,
                "--folder" => options.folder = Some(value.into()),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    // `cargo bench` adds `--bench`, and runs every benchmark without arguments when none is named.
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.is_empty() && !env::args().any(|arg| arg == "--bench") {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    match Options::parse(&args).and_then(|options| bench(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Result<()> {
    let files = Files::make(options.rows, options.evaluations, options.folder.as_deref())?;
    let mut jobs = ours::jobs(&files)?;
    let missing = peers::add(&mut jobs, &files)?;
    for job in &mut jobs {
        for act in &mut job.acts {
            eprintln!("trying {}", act.name);
            act.try_out(&files)?;
        }
    }
    for round in 1..=options.rounds {
        for act in jobs.iter_mut().flat_map(|job| &mut job.acts) {
            eprintln!("round {round}: {}", act.name);
            act.measure(&files)?;
        }
    }
    println!("{}\n", machine::told());
    println!("{}\n", files.told()?);
    print!("{}", table::markdown(&jobs, options.rounds));
    for line in missing {
        println!("\nLeft out: {line}");
    }
    println!("\n{}", instructions::markdown(&files, options.quick)?);
    Ok(())
}
