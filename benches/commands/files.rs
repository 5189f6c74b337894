//! The logs, answers and stores that the commands work on.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::Result;
use crate::job::{column, remove_store, split};

/// What is drawn in all places, so that samples can be compared.
pub(crate) const DESIGN: &str = "--rubric rubric.toml --per csr,caller_type --seed bench";

pub(crate) struct Files {
    pub(crate) folder: PathBuf,
    /// Calls in `calls.csv`.
    pub(crate) rows: usize,
    /// Lines of it; a quoted text may have two.
    pub(crate) lines: usize,
    pub(crate) strata: usize,
    /// The calls that a draw of 5 from every stratum must give.
    pub(crate) drawn: BTreeSet<String>,
    /// Evaluations in the answers to record, and in the store to report on.
    pub(crate) to_record: usize,
    pub(crate) recorded: usize,
    _removed_at_the_end: Option<TempDir>,
}

impl Files {
    /// Makes what is not in the folder yet; without a folder, all of it in one that is removed at the end.
    pub(crate) fn make(rows: usize, evaluations: usize, kept: Option<&Path>) -> Result<Self> {
        let (folder, removed) = match kept {
            Some(folder) => {
                fs::create_dir_all(folder)?;
                (folder.canonicalize()?, None)
            }
            None => {
                let folder = tempfile::Builder::new()
                    .prefix("evenhand-bench")
                    .tempdir()?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        let mut files = Self {
            folder,
            rows,
            lines: 0,
            strata: 0,
            drawn: BTreeSet::new(),
            to_record: 0,
            recorded: 0,
            _removed_at_the_end: removed,
        };
        files.log("calls.csv", rows)?;
        let rubric = "rubrics/customer-service.toml";
        let rubric = Path::new(env!("CARGO_MANIFEST_DIR")).join(rubric);
        fs::copy(rubric, files.path("rubric.toml"))?;
        files.store("five.db", 5)?;
        // One row for each, and the total.
        let strata = files.path("five.db.csv/strata.csv");
        files.strata = csv::Reader::from_path(strata)?.records().count() - 1;
        files.drawn = column(&files.path("five.db.csv/drawn_calls.csv"), "call_id")?;
        files.to_record = files.answers("drawn.db", "answers.csv", rows / 100 / files.strata)?;
        files.recorded = files.answers("big.db", "big.csv", evaluations / files.strata)?;
        if !files.path("scores.csv").exists() {
            files.ours("--store big.db record big.csv --new-analyst")?;
            files.ours("--store big.db report calls --format csv --output scores.csv")?;
        }
        // Drawn from the example, not scored.
        remove_store(&files.path("empty.db"))?;
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/calls.csv");
        fs::copy(example, files.path("example.csv"))?;
        files.ours(&format!("--store empty.db draw example.csv {DESIGN} -n 3"))?;
        files.lines = lines(&files.path("calls.csv"))?;
        Ok(files)
    }

    /// One line on the log.
    pub(crate) fn told(&self) -> Result<String> {
        let megabytes = fs::metadata(self.path("calls.csv"))?.len() as f64 / 1e6;
        Ok(format!(
            "{} calls, {} strata, {megabytes:.0} MB",
            grouped(self.rows),
            grouped(self.strata)
        ))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A log as large centres have.
    pub(crate) fn log(&self, name: &str, rows: usize) -> Result<()> {
        // A short log has fewer CSRs, so that its strata have calls to draw from.
        let csrs = (self.rows / 400).clamp(1, 500);
        let words = format!("calls --shape large --rows {rows} --csrs {csrs}");
        self.generate(name, &words)
    }

    /// Draws into a store, and lists what was drawn beside it.
    fn store(&self, name: &str, number: usize) -> Result<()> {
        let listed = format!("{name}.csv");
        if !self.path(&listed).exists() {
            remove_store(&self.path(name))?;
            self.ours(&format!(
                "--store {name} draw calls.csv {DESIGN} -n {number} --format csv --output {listed}"
            ))?;
        }
        Ok(())
    }

    /// Draws into a store and writes answers to what was drawn; gives their number.
    fn answers(&self, store: &str, name: &str, number: usize) -> Result<usize> {
        let number = number.max(2);
        self.store(store, number)?;
        let words = format!(
            "answers --calls {} --rubric {} --seed bench --quota {number}",
            self.path("calls.csv").display(),
            self.path("rubric.toml").display()
        );
        self.generate(name, &words)?;
        Ok(csv::Reader::from_path(self.path(name))?.records().count())
    }

    /// Runs the generator, as whoever works on the program does.
    fn generate(&self, name: &str, words: &str) -> Result<()> {
        let to = self.path(name);
        if to.exists() {
            return Ok(());
        }
        eprintln!("making {name}");
        let verb = if cfg!(debug_assertions) {
            "test"
        } else {
            "bench"
        };
        let half = self.path("half");
        let status = Command::new(env!("CARGO"))
            .args([verb, "-q", "--bench", "generate", "--"])
            .args(split(words))
            .arg("--output")
            .arg(&half)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(Stdio::null())
            .status()?;
        if !status.success() {
            return Err(format!("the generator failed: {status}").into());
        }
        Ok(fs::rename(half, to)?)
    }

    /// Runs the program, unmeasured.
    pub(crate) fn ours(&self, words: &str) -> Result<()> {
        eprintln!("evenhand {words}");
        let ran = Command::new(env!("CARGO_BIN_EXE_evenhand"))
            .args(split(words))
            .current_dir(&self.folder)
            .output()?;
        if !ran.status.success() {
            let error = String::from_utf8_lossy(&ran.stderr).into_owned();
            return Err(format!("evenhand {words}: {error}").into());
        }
        Ok(())
    }
}

fn lines(file: &Path) -> Result<usize> {
    let mut bytes = vec![0; 1 << 16];
    let mut file = fs::File::open(file)?;
    let mut lines = 0;
    loop {
        let many = file.read(&mut bytes)?;
        if many == 0 {
            return Ok(lines);
        }
        lines += memchr::memchr_iter(b'\n', &bytes[..many]).count();
    }
}

/// A number as people read it: 10,000,000.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
