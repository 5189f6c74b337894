//! How fast the scoring screen answers: `cargo bench --bench screen`. Prints milliseconds; asserts none.
//!
//! A key is one answer on a rubric of 60 behaviors: deciding, keeping it durably in a store on this machine's disk, and
//! drawing the whole screen of 140x40. A call that is done is kept durably before the next one is asked for. Starting is the built program in a pseudo-terminal, from its start to the first
//! whole screen, with 100,000 calls queued in the store.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use evenhand::calls::{Call, CallerType};
use evenhand::evaluation::{Draft, Evaluation, Unscorable};
use evenhand::rubric::{Answer, Rubric};
use evenhand::store::{SqliteStore, Store};
use evenhand::tui::{Desk, Earlier, Scoring, Summary, Trouble, Work};
use jiff::Timestamp;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

const QUEUED: usize = 100_000;
const KEYS: usize = 2_000;
const EVALUATIONS: usize = 1_000;
const STARTS: usize = 15;

fn main() {
    let folder = tempfile::Builder::new()
        .prefix("evenhand-bench")
        .tempdir_in(".")
        .expect("a folder on this disk");
    let folder = folder.path();
    std::fs::write(folder.join("rubric.toml"), rubric()).expect("rubric");
    std::fs::write(folder.join("calls.csv"), calls()).expect("calls");
    run(
        folder,
        &format!("draw calls.csv --rubric rubric.toml --seed s --per caller_type -n {QUEUED}"),
    );
    println!(
        "{:<44}{:>10}{:>10}{:>10}",
        "milliseconds", "median", "99 %", "most"
    );
    keys(folder, false);
    keys(folder, true);
    evaluations(folder);
    starts(folder);
}

/// Five sections of twelve yes-no behaviors.
fn rubric() -> String {
    let mut text =
        "format = 1\n[rubric]\nid = \"bench\"\ntitle = \"Bench\"\nweigh = \"sections\"\n"
            .to_owned();
    for section in 0..5 {
        let _ = write!(
            text,
            "[[section]]\nid = \"s{section}\"\ntitle = \"Section {section}\"\nweight = 20\n"
        );
        for behavior in 0..12 {
            let _ = write!(
                text,
                "[[section.behavior]]\nid = \"b{section}-{behavior}\"\ntext = \"Does what behavior {behavior} of section \
                 {section} asks, in so many words\"\nlook_for = \"What to listen for.\"\nanswers = \"yes_no\"\n"
            );
        }
    }
    text
}

fn calls() -> String {
    let mut text = "call_id,csr,caller_type,started_at,duration_s,queue\n".to_owned();
    for at in 0..2 * QUEUED {
        let kind = if at % 4 == 0 { "internal" } else { "external" };
        let _ = writeln!(
            text,
            "C-{at:07},CSR {},{kind},2026-07-{:02}T09:{:02}:00,{},Orders",
            at % 500,
            at % 28 + 1,
            at % 60,
            60 + at % 600
        );
    }
    text
}

fn run(folder: &Path, words: &str) {
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
}

/// A desk with one call that keeps drafts, or only says so.
struct BenchDesk {
    store: SqliteStore,
    rubric: Rubric,
    call_id: String,
    durable: bool,
}

impl Desk for BenchDesk {
    fn next(&mut self) -> Result<Option<Work>, Trouble> {
        let claimed = self.store.next_call("s", "anna", "bench").expect("a call");
        let call: Call = claimed.expect("one is left").call.drawn.call;
        self.call_id.clone_from(&call.call_id);
        Ok(Some(Work {
            draft: Draft::new(&self.rubric),
            blind: false,
            resumed: false,
            place: Some((1, 72)),
            transcript: Some("Caller: Good morning\n".repeat(200)),
            call: Call {
                caller_type: CallerType::External,
                ..call
            },
        }))
    }

    fn save(&mut self, call_id: &str, draft: &mut Draft) -> Result<(), Trouble> {
        if self.durable {
            let saved = self.store.save_draft("s", call_id, "anna", "bench", draft);
            saved.expect("saved");
        }
        Ok(())
    }

    fn earlier(&mut self, _than: Option<&str>) -> Result<Option<Earlier>, Trouble> {
        Ok(None)
    }

    fn reopen(&mut self, _call_id: &str, _reason: &str) -> Result<Work, Trouble> {
        Err(Trouble::Told(String::new()))
    }

    fn complete(&mut self, _call_id: &str, _draft: &mut Draft) -> Result<String, Trouble> {
        Err(Trouble::Told(String::new()))
    }

    fn unscorable(
        &mut self,
        _call_id: &str,
        _draft: &mut Draft,
        _why: &Unscorable,
    ) -> Result<String, Trouble> {
        Err(Trouble::Told(String::new()))
    }

    fn play(&mut self, _call_id: &str) -> Result<String, Trouble> {
        Err(Trouble::Told(String::new()))
    }

    fn summary(&mut self) -> Result<Summary, Trouble> {
        Ok(Summary::default())
    }
}

fn keys(folder: &Path, durable: bool) {
    let mut store = SqliteStore::create_or_open(folder.join("evenhand.db")).expect("store");
    store.add_analyst("anna", true).expect("analyst");
    let rubric = evenhand::read::rubric(&folder.join("rubric.toml")).expect("rubric");
    let mut desk = BenchDesk {
        store,
        rubric: rubric.rubric.clone(),
        call_id: String::new(),
        durable,
    };
    let mut scoring = Scoring::new(&rubric.rubric, "s", "anna", &mut desk).expect("begins");
    let mut terminal = Terminal::new(TestBackend::new(140, 40)).expect("terminal");
    let key = |code| Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
    let mut times = Vec::with_capacity(KEYS);
    for at in 0..KEYS {
        if at % 60 == 0 {
            scoring.take(&key(KeyCode::Home)).expect("goes");
        }
        let answer = if at / 60 % 2 == 0 { 'y' } else { 'n' };
        let begun = Instant::now();
        scoring.take(&key(KeyCode::Char(answer))).expect("goes");
        terminal
            .draw(|frame| scoring.draw(frame, true))
            .expect("draws");
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let what = if durable {
        "a key, kept durably and drawn"
    } else {
        "a key, drawn"
    };
    tell(what, times);
}

fn evaluations(folder: &Path) {
    let mut store = SqliteStore::open_to_write(folder.join("evenhand.db")).expect("store");
    let loaded = evenhand::read::rubric(&folder.join("rubric.toml")).expect("rubric");
    let rubric = &loaded.rubric;
    let draft = Draft {
        answers: vec![Some(Answer::Given(0)); rubric.behaviors().len()],
        ..Draft::new(rubric)
    };
    let (mut kept, mut next) = (Vec::new(), Vec::new());
    for _ in 0..EVALUATIONS {
        let begun = Instant::now();
        let claimed = store.next_call("s", "anna", "bench").expect("a call");
        next.push(begun.elapsed().as_secs_f64() * 1e3);
        let call: Call = claimed.expect("one is left").call.drawn.call;
        let (id, at) = (&call.call_id, Timestamp::now());
        let evaluation = Evaluation::new(rubric, id, "anna", call.caller_type, &draft, at);
        let begun = Instant::now();
        store.complete("s", &evaluation, None).expect("kept");
        kept.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    tell("an evaluation, kept durably", kept);
    tell("the next call, claimed durably", next);
}

fn starts(folder: &Path) {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let size = PtySize {
            rows: 40,
            cols: 140,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_evenhand"));
        command.args(["score", "--analyst", "anna"]);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        let mut output = pair.master.try_clone_reader().expect("screen");
        let begun = Instant::now();
        let mut child = pair.slave.spawn_command(command).expect("runs");
        let mut seen = Vec::new();
        let mut bytes = [0; 4096];
        // The key line is drawn last.
        while !String::from_utf8_lossy(&seen).contains("all keys") {
            let many = output.read(&mut bytes).expect("a screen");
            seen.extend_from_slice(&bytes[..many]);
        }
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        child.kill().expect("ends");
        child.wait().expect("ended");
    }
    tell("start to first screen, 100,000 calls queued", times);
}

fn tell(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    println!(
        "{what:<44}{:>10.2}{:>10.2}{:>10.2}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
