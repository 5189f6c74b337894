//! Writes call logs, and the answers to a draw from one: the files in `samples/`, and large logs to measure with.
//!
//! Equal options give equal bytes on every platform: all chance comes from ChaCha12 keyed with SHA-256 of the seed,
//! and arithmetic is plain IEEE (`exp`, `ln`, `cos` differ between platforms). People are invented, telephone numbers
//! come from ranges kept free for fiction.

#[path = "generate/answers.rs"]
mod answers;
#[path = "generate/calls.rs"]
mod calls;

use rand_chacha::{ChaCha12Rng, rand_core::Rng, rand_core::SeedableRng};
use sha2::{Digest, Sha256};
use std::{collections::HashMap, env, error::Error, fs, io, process::ExitCode};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;
pub(crate) type Output = csv::Writer<Box<dyn io::Write>>;

const USAGE: &str = "\
cargo bench --bench generate -- calls [--shape example|large] [--rows 2000] [--csrs 12|500] [--seed 1]
                                      [--faults 8|0] [--output FILE]
cargo bench --bench generate -- answers --calls FILE --rubric FILE --seed SEED [--quota 3] [--output FILE]";

fn main() -> ExitCode {
    // `cargo bench` adds `--bench`, and runs every benchmark without arguments when none is named.
    let args: Vec<String> = env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let result = match args.split_first() {
        None => {
            println!("{USAGE}");
            Ok(())
        }
        Some((verb, rest)) if verb == "calls" => {
            Options::parse(rest, &["shape", "rows", "csrs", "seed", "faults", "output"])
                .and_then(|options| calls::write(&options))
        }
        Some((verb, rest)) if verb == "answers" => {
            Options::parse(rest, &["calls", "rubric", "seed", "quota", "output"])
                .and_then(|options| answers::write(&options))
        }
        Some((verb, _)) => Err(format!("no such command: `{verb}`\n{USAGE}").into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The options of the command line, by name.
pub(crate) struct Options(HashMap<String, String>);

impl Options {
    fn parse(args: &[String], known: &[&str]) -> Result<Self> {
        let mut options = HashMap::new();
        for pair in args.chunks(2) {
            let name = pair[0]
                .strip_prefix("--")
                .filter(|name| known.contains(name));
            let name = name.ok_or_else(|| format!("no such option: `{}`\n{USAGE}", pair[0]))?;
            let value = pair
                .get(1)
                .ok_or_else(|| format!("`--{name}` lacks its value"))?;
            options.insert(name.to_owned(), value.clone());
        }
        Ok(Self(options))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(crate) fn need(&self, name: &str) -> Result<&str> {
        self.get(name)
            .ok_or_else(|| format!("`--{name}` is needed\n{USAGE}").into())
    }

    pub(crate) fn number(&self, name: &str, default: usize) -> Result<usize> {
        let Some(value) = self.get(name) else {
            return Ok(default);
        };
        value
            .parse()
            .map_err(|_| format!("`--{name} {value}` is not a whole number").into())
    }

    pub(crate) fn output(&self) -> Result<Output> {
        let to: Box<dyn io::Write> = match self.get("output") {
            Some(path) => {
                Box::new(fs::File::create(path).map_err(|error| format!("`{path}`: {error}"))?)
            }
            None => Box::new(io::stdout().lock()),
        };
        Ok(csv::WriterBuilder::new()
            .buffer_capacity(1 << 16)
            .from_writer(to))
    }
}

/// A second of the day as `09:31:07`.
pub(crate) fn clock(second: u32) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

/// The parts of a text separated by bars.
pub(crate) fn words(text: &str) -> Vec<&str> {
    text.split('|').collect()
}

/// Whatever chance decides, one set for each purpose, so that no decision depends on how many came before it.
pub(crate) struct Dice(ChaCha12Rng);

impl Dice {
    pub(crate) fn new(purpose: &str, seed: &str, what: &str) -> Self {
        Self(ChaCha12Rng::from_seed(
            Sha256::digest(format!("{purpose}:{seed}:{what}")).into(),
        ))
    }
    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
    /// Nearly standard normal: twelve uniform numbers, less their mean.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
    /// Lognormal seconds, median 240, within 30 and 1800; e^x as (1 + x/1024)^1024.
    pub(crate) fn duration(&mut self) -> u32 {
        let x = 0.75 * self.normal();
        let e_to_x = (0..10).fold(1.0 + x / 1024.0, |power, _| power * power);
        (240.0 * e_to_x).clamp(30.0, 1800.0) as u32
    }
}
