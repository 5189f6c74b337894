//! The built program in a real pseudo-terminal: keys typed, screens read, killed in the middle, two at once.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Long enough for a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program in a terminal of its own.
struct Window {
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    screen: Arc<Mutex<vt100::Parser>>,
    terminal: Box<dyn MasterPty + Send>,
}

impl Window {
    fn open(folder: &Path, words: &str) -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_evenhand"));
        command.args(words.split_whitespace());
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).expect("runs");
        drop(pair.slave);
        let keys = pair.master.take_writer().expect("keys");
        let mut output = pair.master.try_clone_reader().expect("screen");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(many(24), many(80), 0)));
        let seen = screen.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(many @ 1..) = output.read(&mut bytes) {
                seen.lock().expect("screen").process(&bytes[..many]);
            }
        });
        Self {
            child,
            keys,
            screen,
            terminal: pair.master,
        }
    }

    fn text(&self) -> String {
        self.screen.lock().expect("screen").screen().contents()
    }

    /// Waits until the screen says something.
    #[track_caller]
    fn shows(&self, text: &str) -> String {
        let begun = Instant::now();
        loop {
            let shown = self.text();
            if shown.contains(text) {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "waiting for `{text}`:\n{shown}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
        self.keys.flush().expect("typed");
    }

    /// Answers whatever the call asks, and completes it.
    #[track_caller]
    fn score(&mut self, place: u32) {
        let shown = self.shows(&format!("{place} of 72 · "));
        let asked = if shown.contains("external caller") {
            "yy1naa"
        } else {
            "y1naa"
        };
        self.press(asked);
        self.shows(&format!("{0}/{0}", asked.len()));
        self.press("\r");
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().expect("runs").to_string();
        let sent = Command::new("kill").args([name, &id]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits for the end; says whether all went well.
    #[track_caller]
    fn end(&mut self) -> bool {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("status") {
                return status.success();
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "it doesn't end:\n{}",
                self.text()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn is_given_back(&self) -> bool {
        !self
            .screen
            .lock()
            .expect("screen")
            .screen()
            .alternate_screen()
    }
}

fn many(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("more than none")
}

fn run(folder: &Path, words: &str) -> String {
    let ran = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(words.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("runs");
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    String::from_utf8(ran.stdout).expect("UTF-8")
}

fn json(folder: &Path, words: &str) -> serde_json::Value {
    serde_json::from_str(&run(folder, words)).expect("JSON")
}

/// A folder with the example log drawn for a small rubric.
fn drawn() -> tempfile::TempDir {
    let project = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("folder");
    let copy = |from: &str, to: &str| {
        std::fs::copy(project.join(from), folder.path().join(to)).expect(from);
    };
    copy("samples/calls.csv", "calls.csv");
    copy("tests/screen/rubric.toml", "rubric.toml");
    run(
        folder.path(),
        "draw calls.csv --rubric rubric.toml --seed july-2026",
    );
    folder
}

#[test]
fn an_analyst_is_killed_in_the_third_call_and_loses_nothing() {
    let folder = drawn();
    let mut window = Window::open(folder.path(), "score --analyst anna");
    window.score(1);
    window.score(2);
    window.shows("3 of 72");
    window.press("y");
    window.shows(" 1/");
    window.press("c");
    window.shows("Comment:");
    window.press("half a sent");
    window.shows("half a sent");
    window.signal("-KILL");
    assert!(!window.end());

    let samples = json(folder.path(), "samples --format json");
    let sample = &samples["samples"][0];
    assert_eq!(
        (&sample["complete"], &sample["draft"]),
        (&2.into(), &1.into())
    );

    let mut window = Window::open(folder.path(), "score --analyst anna");
    window.shows("Going on where you stopped.");
    let shown = window.shows("3 of 72");
    assert!(
        shown.contains(" 1/") && shown.contains("Comment: half a sent"),
        "{shown}"
    );
    let rest = if shown.contains("external caller") {
        "y1naa"
    } else {
        "1naa"
    };
    window.press(rest);
    window.shows(&format!("{0}/{0}", rest.len() + 1));
    window.press("\r");
    window.shows("4 of 72");
    window.press("q");
    assert!(window.end());
    wait_until("the terminal is given back", || window.is_given_back());

    let answers = json(folder.path(), "report answers --format json");
    let rows = answers["tables"][0]["rows"].as_array().expect("rows");
    assert!(
        rows.iter().any(|row| row["comment"] == "half a sent"),
        "{rows:?}"
    );
    run(folder.path(), "verify calls.csv");
}

#[test]
fn two_analysts_at_once_never_get_the_same_call() {
    let folder = drawn();
    run_first(folder.path());
    let mut anna = Window::open(folder.path(), "score --analyst anna");
    anna.shows("1 of 72");
    let mut ben = Window::open(folder.path(), "score --analyst ben --new-analyst");
    ben.shows("1 of 72");
    let call = |window: &Window| {
        let text = window.text();
        let id = text.split(" · ").nth(1).map(str::to_owned);
        id.expect("a call")
    };
    for _ in 0..3 {
        assert_ne!(call(&anna), call(&ben));
        for window in [&mut anna, &mut ben] {
            let before = call(window);
            let asked = if window.text().contains("external caller") {
                "yy1naa"
            } else {
                "y1naa"
            };
            window.press(asked);
            window.shows(&format!("{0}/{0}", asked.len()));
            window.press("\r");
            window.shows(&format!("{before} is complete"));
        }
    }
    anna.press("q");
    ben.press("q");
    assert!(anna.end() && ben.end());
    let calls = json(folder.path(), "report calls --format json");
    let rows = calls["tables"][0]["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| row["counts"] == true));
}

/// The first analyst of a store needs no leave.
fn run_first(folder: &Path) {
    let mut window = Window::open(folder, "score --analyst anna");
    window.shows("1 of 72");
    window.press("q");
    assert!(window.end());
}

#[test]
fn a_newer_window_takes_over_and_the_older_one_is_told() {
    let folder = drawn();
    let mut old = Window::open(folder.path(), "score --analyst anna");
    old.shows("1 of 72");
    old.press("y");
    old.shows(" 1/");
    let mut new = Window::open(folder.path(), "score --analyst anna");
    new.shows("Going on where you stopped.");
    old.press("y");
    assert!(!old.end());
    old.shows("another window");
    wait_until("the terminal is given back", || old.is_given_back());
    new.press("y");
    new.shows(" 2/");
    new.press("q");
    assert!(new.end());
}

#[test]
fn the_terminal_is_given_back_after_every_signal_that_can_be_caught() {
    let folder = drawn();
    for signal in ["-TERM", "-HUP", "-INT", "-QUIT"] {
        let mut window = Window::open(folder.path(), "score --analyst anna");
        window.shows("1 of 72");
        window.signal(signal);
        window.end();
        wait_until(
            &format!("the terminal is given back after {signal}"),
            || window.is_given_back(),
        );
    }
    let mut window = Window::open(folder.path(), "score --analyst anna");
    window.shows("1 of 72");
    window.press("\u{3}");
    assert!(window.end());
    wait_until("the terminal is given back", || window.is_given_back());
}

/// Whether our program runs in a folder.
fn runs_in(folder: &Path) -> bool {
    let program = Path::new(env!("CARGO_BIN_EXE_evenhand"));
    let processes = std::fs::read_dir("/proc").expect("processes");
    let links = |entry: std::fs::DirEntry| {
        let link = |name| std::fs::read_link(entry.path().join(name)).ok();
        link("exe").zip(link("cwd"))
    };
    let mut links = processes.flatten().filter_map(links);
    links.any(|(exe, cwd)| exe == program && cwd == folder)
}

#[track_caller]
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "waiting until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_closed_terminal_ends_scoring_and_everything_is_kept() {
    let folder = drawn();
    let path = folder.path().canonicalize().expect("path");
    // A shell stands between, as in any window; killing `script` closes the window.
    let program = env!("CARGO_BIN_EXE_evenhand");
    let mut window = Command::new("script")
        .args([
            "-qec",
            &format!("stty rows 24 cols 80; {program} score --analyst anna; true"),
            "/dev/null",
        ])
        .current_dir(&path)
        .env("TERM", "xterm-256color")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("script, of Debian's bsdutils");
    wait_until("it runs", || runs_in(&path));
    let mut keys = window.stdin.take().expect("keys");
    let drafts = || json(&path, "samples --format json")["samples"][0]["draft"] == 1;
    wait_until("an answer is kept", || {
        // The first keys may come before the screen is there.
        keys.write_all(b"y").expect("typed");
        keys.flush().expect("typed");
        drafts()
    });
    window.kill().expect("closed");
    window.wait().expect("closed");
    wait_until("it has ended", || !runs_in(&path));
    assert!(drafts());
}

#[test]
fn a_resize_redraws_and_too_small_is_told() {
    let folder = drawn();
    let mut window = Window::open(folder.path(), "score --analyst anna");
    window.shows("1 of 72");
    let resize = |window: &Window, rows: u16, cols: u16| {
        window
            .screen
            .lock()
            .expect("screen")
            .screen_mut()
            .set_size(many(rows), many(cols));
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        window.terminal.resize(size).expect("resized");
    };
    resize(&window, 20, 60);
    window.shows("60x20 is too small");
    resize(&window, 30, 100);
    window.shows("1 of 72");
    window.shows("next blank");
    window.press("q");
    assert!(window.end());
}
