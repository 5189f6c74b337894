//! A job, and the commands that do it: ours first, then what others have for it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4 as _;

use crate::{Files, Result};

pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) acts: Vec<Act>,
}

/// One command, run in the folder of the files, and what was measured of it.
pub(crate) struct Act {
    /// As a person types it.
    pub(crate) name: String,
    pub(crate) ours: bool,
    command: Vec<String>,
    store: Store,
    check: Check,
    pub(crate) seconds: Vec<f64>,
    /// Most memory ever held, in bytes.
    pub(crate) peak: u64,
}

/// The store of a command, made ready before every run; that is not timed.
pub(crate) enum Store {
    Unused,
    There(&'static str),
    New,
    CopyOf(&'static str),
}

/// What the output must be.
pub(crate) enum Check {
    Nothing,
    /// Begins with this number.
    Number(usize),
    Lines(usize),
    /// CSV with so many records under the header.
    Records(usize),
    /// CSV whose column `call_id` holds these.
    Ids(BTreeSet<String>),
}

impl Act {
    /// The program's own command; `words` are parted by spaces.
    pub(crate) fn ours(words: &str, store: Store) -> Self {
        let program = env!("CARGO_BIN_EXE_evenhand").to_owned();
        let command = [program].into_iter().chain(split(words)).collect();
        Self {
            ours: true,
            ..Self::new(format!("evenhand {words}"), command, store, Check::Nothing)
        }
    }

    pub(crate) fn peer(name: &str, command: Vec<String>, check: Check) -> Self {
        Self::new(name.to_owned(), command, Store::Unused, check)
    }

    fn new(name: String, command: Vec<String>, store: Store, check: Check) -> Self {
        Self {
            name,
            ours: false,
            command,
            store,
            check,
            seconds: Vec::new(),
            peak: 0,
        }
    }

    /// Runs once unmeasured, and looks at what came out.
    pub(crate) fn try_out(&mut self, files: &Files) -> Result<()> {
        self.store.make_ready(&files.folder)?;
        let out = files.folder.join("out");
        let status = self.spawnable(files, File::create(&out)?.into()).status()?;
        if !status.success() {
            return Err(format!("`{}` failed: {status}", self.name).into());
        }
        self.check
            .hold(&out)
            .map_err(|error| format!("`{}` is not sane: {error}", self.name).into())
    }

    /// Runs once and notes time and memory.
    pub(crate) fn measure(&mut self, files: &Files) -> Result<()> {
        self.store.make_ready(&files.folder)?;
        let begun = Instant::now();
        let ended = self.spawnable(files, Stdio::null()).spawn()?.wait4()?;
        self.seconds.push(begun.elapsed().as_secs_f64());
        self.peak = self.peak.max(ended.rusage.maxrss);
        if !ended.status.success() {
            return Err(format!("`{}` failed: {}", self.name, ended.status).into());
        }
        Ok(())
    }

    fn spawnable(&self, files: &Files, out: Stdio) -> Command {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).current_dir(&files.folder);
        command.stdin(Stdio::null()).stdout(out);
        if self.ours {
            command.stderr(Stdio::null());
            command.env("EVENHAND_STORE", self.store.name());
        }
        command
    }

    /// The median, the least and the most.
    pub(crate) fn spread(&self) -> (f64, f64, f64) {
        let mut sorted = self.seconds.clone();
        sorted.sort_by(f64::total_cmp);
        let most = sorted.len() - 1;
        let median = (sorted[most / 2] + sorted[most.div_ceil(2)]) / 2.0;
        (median, sorted[0], sorted[most])
    }
}

impl Store {
    fn name(&self) -> &str {
        match self {
            Self::There(name) => name,
            Self::Unused | Self::New | Self::CopyOf(_) => "new.db",
        }
    }

    fn make_ready(&self, folder: &Path) -> Result<()> {
        let store = folder.join(self.name());
        if matches!(self, Self::New | Self::CopyOf(_)) {
            remove_store(&store)?;
        }
        if let Self::CopyOf(from) = self {
            fs::copy(folder.join(from), store)?;
        }
        Ok(())
    }
}

pub(crate) fn remove_store(store: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let file = format!("{}{end}", store.display());
        if Path::new(&file).exists() {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

impl Check {
    fn hold(&self, out: &Path) -> Result<()> {
        let (found, wanted) = match self {
            Self::Nothing => return Ok(()),
            Self::Number(wanted) => {
                let text = fs::read_to_string(out)?;
                (
                    text.split_whitespace().next().unwrap_or("").parse()?,
                    *wanted,
                )
            }
            Self::Lines(wanted) => (fs::read_to_string(out)?.lines().count(), *wanted),
            Self::Records(wanted) => (csv::Reader::from_path(out)?.records().count(), *wanted),
            Self::Ids(wanted) => {
                let found = column(out, "call_id")?;
                let common = found.intersection(wanted).count();
                if found.len() == wanted.len() && common == wanted.len() {
                    return Ok(());
                }
                (common, wanted.len())
            }
        };
        if found != wanted {
            return Err(format!("{found} where {wanted} are right").into());
        }
        Ok(())
    }
}

/// The values of a column of a CSV file.
pub(crate) fn column(file: &Path, name: &str) -> Result<BTreeSet<String>> {
    let mut reader = csv::Reader::from_path(file)?;
    let header = reader.headers()?;
    let at = header.iter().position(|it| it == name);
    let at = at.ok_or_else(|| format!("no column `{name}`"))?;
    reader.records().map(|it| Ok(it?[at].to_owned())).collect()
}

pub(crate) fn split(words: &str) -> Vec<String> {
    words.split_whitespace().map(String::from).collect()
}
