//! Holds the table in the crate's documentation: which module may use which, and where the world may be touched.

use std::fs;
use std::path::{Path, PathBuf};

/// Module and what it may use; `cli` may use everything.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("rubric", &[]),
    ("calls", &[]),
    ("estimate", &[]),
    ("calibration", &["rubric", "evaluation", "estimate"]),
    ("sampling", &["calls"]),
    ("evaluation", &["rubric", "calls"]),
    (
        "report",
        &[
            "rubric",
            "calls",
            "sampling",
            "evaluation",
            "estimate",
            "calibration",
        ],
    ),
    ("render", &["report"]),
    ("read", &["rubric", "calls", "evaluation"]),
    ("store", &["rubric", "calls", "sampling", "evaluation"]),
    ("tui", &["rubric", "calls", "evaluation"]),
];

/// Words and the modules in which they may stand.
const ONLY_IN: [(&str, &[&str]); 16] = [
    ("clap::", &["cli"]),
    ("println!", &["cli"]),
    ("eprintln!", &["cli"]),
    ("print!(", &["cli"]),
    ("eprint!(", &["cli"]),
    ("dbg!", &[]),
    ("Timestamp::now", &["cli", "store"]),
    ("SystemTime", &["cli", "store"]),
    ("Instant::now", &["cli"]),
    ("rand::", &["cli"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("rusqlite", &["store"]),
    ("toml::", &["read"]),
    ("csv::Reader", &["read"]),
    ("csv::ByteRecord", &["read"]),
];

/// What is wrong with a file, a sentence each.
fn faults(module: &str, file: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let allowed = MAY_USE
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, uses)| *uses);
    for (line, code) in (1..).zip(text.lines()) {
        let code = code.split("//").next().unwrap_or_default();
        if code.trim() == "#[cfg(test)]" {
            break;
        }
        for used in code.match_indices("crate::").map(|(at, _)| &code[at + 7..]) {
            let end = used
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(used.len());
            let used = &used[..end];
            let known = used == "cli" || MAY_USE.iter().any(|(name, _)| *name == used);
            if let Some(allowed) = allowed
                && known
                && used != module
                && !allowed.contains(&used)
            {
                faults.push(format!("{file}:{line}: `{module}` may not use `{used}`"));
            }
        }
        for (word, modules) in ONLY_IN {
            let whole = code.match_indices(word).any(|(at, _)| {
                !code[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            });
            if whole && !modules.contains(&module) {
                faults.push(format!(
                    "{file}:{line}: `{word}` has no place in `{module}`"
                ));
            }
        }
    }
    faults
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder)
        .expect("src")
        .map(|entry| entry.expect("entry").path())
    {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            found.push(entry);
        }
    }
}

#[test]
fn every_module_uses_only_what_it_may() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 50, "found only {} files", files.len());
    let mut all = Vec::new();
    for path in files {
        let inside = path.strip_prefix(&root).expect("inside src");
        let parts: Vec<String> = inside
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        let tests = parts
            .iter()
            .any(|part| matches!(part.as_str(), "tests" | "tests.rs" | "fixture.rs"));
        if parts.len() == 1 || tests {
            continue;
        }
        let text = fs::read_to_string(&path).expect("source");
        all.extend(faults(&parts[0], &inside.display().to_string(), &text));
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn a_breach_is_told_with_its_place() {
    let text = "use crate::calls::Call;\nuse crate::store::Store;\nfn f() { println!(\"x\"); }\n";
    assert_eq!(
        faults("sampling", "sampling/x.rs", text),
        [
            "sampling/x.rs:2: `sampling` may not use `store`",
            "sampling/x.rs:3: `println!` has no place in `sampling`",
        ]
    );
    assert!(faults("cli", "cli/x.rs", text).is_empty());
}
