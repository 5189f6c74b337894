use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder of its own with the program ready to run in it.
pub struct Desk {
    folder: TempDir,
}

/// What a run gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

pub const SEED: &str = "july-2026";

pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

impl Desk {
    /// Empty but for copies of the example files.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        for name in [
            "samples/calls.csv",
            "samples/answers.csv",
            "rubrics/customer-service.toml",
        ] {
            let to = folder.path().join(name);
            fs::create_dir_all(to.parent().expect("parent")).expect("folder");
            fs::copy(project(name), to).expect(name);
        }
        Self { folder }
    }

    /// With the example drawn.
    pub fn drawn() -> Self {
        let desk = Self::new();
        desk.run("draw samples/calls.csv --rubric rubrics/customer-service.toml --seed july-2026")
            .good();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect(name);
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    pub fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
        command
            .args(words.split_whitespace())
            .current_dir(self.folder.path());
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.stdin(Stdio::null());
        command
    }

    /// Runs words split at blanks.
    pub fn run(&self, words: &str) -> Ran {
        Ran::of(self.command(words).output().expect("run"))
    }

    /// Runs with text on standard input.
    pub fn type_in(&self, words: &str, text: &str) -> Ran {
        let mut command = self.command(words);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("run");
        // A program that refuses at once has not waited for what is typed.
        let _ = child
            .stdin
            .take()
            .expect("stdin")
            .write_all(text.as_bytes());
        Ran::of(child.wait_with_output().expect("run"))
    }

    pub fn json(&self, words: &str) -> serde_json::Value {
        let ran = self.run(words);
        serde_json::from_str(&ran.good()).expect("JSON")
    }
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// What it printed, having done its work.
    #[track_caller]
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self.out
    }

    /// It failed so, said so on stderr and printed nothing else.
    #[track_caller]
    pub fn fails(self, code: i32, says: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        assert!(
            self.err.contains(says),
            "expected `{says}` in:\n{}",
            self.err
        );
        assert_eq!(self.out, "");
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}
