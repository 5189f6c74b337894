//! Nouns compute, verbs touch the world: which module may use which, and where the clock, chance, the terminal, files'
//! formats and SQL have their one place.

mod source;

use source::{Kind, Source, closing, line, regex};

/// A module and what it may use of ours. A module that isn't there yet does no harm.
const TABLE: &[(&str, &[&str])] = &[
    ("rubric", &[]),
    ("calls", &[]),
    ("sampling", &["calls"]),
    ("evaluation", &["rubric", "calls"]),
    ("estimate", &[]),
    ("calibration", &["rubric", "evaluation", "estimate"]),
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
    (
        "cli",
        &[
            "rubric",
            "calls",
            "sampling",
            "evaluation",
            "estimate",
            "calibration",
            "report",
            "render",
            "read",
            "store",
            "tui",
        ],
    ),
];

/// Something that only some modules may do.
struct Place {
    /// What is found in the code (or in its texts).
    pattern: &'static str,
    kind: Kind,
    what: &'static str,
    /// Where it belongs; `main` is `src/main.rs`.
    only_in: &'static [&'static str],
    /// Whether test code may do it anywhere.
    tests_may: bool,
}

const PLACES: &[Place] = &[
    Place {
        pattern: r"\bclap\s*::",
        kind: Kind::Code,
        what: "clap",
        only_in: &["cli", "main"],
        tests_may: false,
    },
    Place {
        pattern: r"\b(?:println|eprintln|print|eprint|dbg)\s*!",
        kind: Kind::Code,
        what: "printing",
        only_in: &["cli", "main"],
        tests_may: true,
    },
    Place {
        pattern: r"\bSystemTime\b|::\s*now\b",
        kind: Kind::Code,
        what: "the clock",
        only_in: &["cli", "store"],
        tests_may: true,
    },
    Place {
        pattern: r"\brand(?:_chacha)?\s*::",
        kind: Kind::Code,
        what: "chance",
        only_in: &["cli"],
        tests_may: true,
    },
    Place {
        pattern: r"\b(?:ratatui|crossterm)\s*::",
        kind: Kind::Code,
        what: "the screen",
        only_in: &["tui"],
        tests_may: false,
    },
    Place {
        pattern: r"\b(?:rusqlite|postgres)\s*::",
        kind: Kind::Code,
        what: "a database",
        only_in: &["store"],
        tests_may: false,
    },
    Place {
        pattern: r"\b(?:SELECT\s[^;]*?\sFROM|INSERT\s+INTO|DELETE\s+FROM|CREATE\s+(?:TABLE|INDEX)|PRAGMA)\b",
        kind: Kind::Text,
        what: "SQL",
        only_in: &["store"],
        tests_may: false,
    },
    Place {
        pattern: r"\btoml\s*::",
        kind: Kind::Code,
        what: "reading TOML",
        only_in: &["read"],
        tests_may: false,
    },
    Place {
        pattern: r"\bcsv\s*::",
        kind: Kind::Code,
        what: "CSV",
        only_in: &["read", "render"],
        tests_may: false,
    },
    Place {
        pattern: r"\bcsv\s*::\s*(?:\{[^}]*\b)?(?:Byte)?(?:Reader|Record)",
        kind: Kind::Code,
        what: "reading CSV",
        only_in: &["read"],
        tests_may: false,
    },
];

/// What a file does that it may not, one sentence each.
fn faults(source: &Source) -> Vec<String> {
    let mut faults = forbidden_modules(source);
    faults.extend(PLACES.iter().flat_map(|place| out_of_place(source, place)));
    faults
}

fn forbidden_modules(source: &Source) -> Vec<String> {
    let module = source.module();
    let Some(home) = module.first() else {
        // `lib.rs` and `main.rs` join everything.
        return Vec::new();
    };
    let may = TABLE
        .iter()
        .find(|(name, _)| name == home)
        .map(|(_, may)| *may);
    let code = source.only(Kind::Code);
    let inline = inline_modules(&code);
    let mut faults = Vec::new();
    for found in regex(r"\b(?:crate|evenhand|super(?:\s*::\s*super)*)\s*::\s*").find_iter(&code) {
        let before = code[..found.start()].trim_end();
        if before.ends_with("::") {
            continue;
        }
        let ups = found.as_str().matches("super").count();
        let around = |(from, to): &&(usize, usize)| (*from..*to).contains(&found.start());
        let depth = module.len() + inline.iter().filter(around).count();
        if ups > 0 && ups < depth {
            continue;
        }
        for name in names(&code, found.end()) {
            let allowed = name == *home || may.is_some_and(|may| may.contains(&name.as_str()));
            if !allowed {
                let rule = match may {
                    None => "stands in no table of DESIGN, section 10".to_owned(),
                    Some([]) => "may use nothing of ours".to_owned(),
                    Some(may) => format!("may use {} alone", may.join(", ")),
                };
                let (path, line) = (&source.path, line(&code, found.start()));
                faults.push(format!("{path}:{line}: uses `{name}`, but `{home}` {rule}"));
            }
        }
    }
    faults
}

/// The bodies of `mod name { … }`.
fn inline_modules(code: &str) -> Vec<(usize, usize)> {
    let found = regex(r"\bmod\s+\w+\s*\{");
    let bodies = found
        .find_iter(code)
        .map(|m| (m.end() - 1, closing(code, m.end() - 1)));
    bodies.collect()
}

/// The first names of a path, or of every path in a `{ … }` group.
fn names(code: &str, from: usize) -> Vec<String> {
    let first = regex(r"^\s*(\w+|\*)");
    let name = |text: &str| first.captures(text).map(|name| name[1].to_owned());
    if !code[from..].starts_with('{') {
        return name(&code[from..]).into_iter().collect();
    }
    let group = &code[from + 1..closing(code, from) - 1];
    let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                names.extend(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.extend(name(&group[start..]));
    names
}

fn out_of_place(source: &Source, place: &Place) -> Vec<String> {
    let home = match source.path.as_str() {
        "src/main.rs" => "main",
        _ => source.module().first().copied().unwrap_or("lib"),
    };
    if place.only_in.contains(&home) {
        return Vec::new();
    }
    let text = match place.tests_may {
        true => source.shipped(place.kind),
        false => source.only(place.kind),
    };
    let pattern = regex(place.pattern);
    // `csv::` after a path, or where a module of ours is called so, is not the crate.
    let ours = |found: &regex::Match<'_>| {
        found.as_str().strip_suffix("::").is_some_and(|name| {
            let from_a_path = text[..found.start()].trim_end().ends_with("::");
            from_a_path || is_our_module(&text, name.trim_end())
        })
    };
    let found = pattern.find_iter(&text).filter(|found| !ours(found));
    let fault = |found: regex::Match<'_>| {
        let (path, line) = (&source.path, line(&text, found.start()));
        let (what, homes) = (place.what, place.only_in.join(" and "));
        format!("{path}:{line}: {what} has its place in {homes} only")
    };
    found.map(fault).collect()
}

/// Whether a name that could be a crate's is a module declared or imported here (`use crate::render::csv;`).
fn is_our_module(code: &str, name: &str) -> bool {
    let brought_in = format!(r"\bmod\s+{name}\b|\buse\s[^;]*(?:::\s*|[{{,]\s*){name}\s*[;,}}]");
    regex(&brought_in).is_match(code)
}

#[test]
fn every_module_uses_only_what_its_row_of_the_table_allows() {
    let sources = Source::all();
    assert!(
        sources
            .iter()
            .any(|source| source.path == "src/rubric/mod.rs")
    );
    let faults: Vec<String> = sources.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[track_caller]
fn told(path: &str, text: &str, expected: &[&str]) {
    assert_eq!(faults(&Source::new(path, text)), expected);
}

#[test]
fn a_forbidden_module_is_told_with_file_line_and_rule() {
    told(
        "src/rubric/build.rs",
        "use std::fmt;\n\nuse crate::calls::CallerType;\nuse crate::rubric::Answer;\n",
        &["src/rubric/build.rs:3: uses `calls`, but `rubric` may use nothing of ours"],
    );
    told(
        "src/evaluation/score.rs",
        "use crate::{\n    calls::{CallerType, Call},\n    sampling::{Seed, Design}, rubric,\n    store,\n};",
        &[
            "src/evaluation/score.rs:1: uses `sampling`, but `evaluation` may use rubric, calls alone",
            "src/evaluation/score.rs:1: uses `store`, but `evaluation` may use rubric, calls alone",
        ],
    );
    told(
        "src/render/table.rs",
        "fn f() {\n    let a = crate::report::new();\n    crate :: store :: open();\n}",
        &["src/render/table.rs:3: uses `store`, but `render` may use report alone"],
    );
    told(
        "src/helpers/mod.rs",
        "use crate::rubric::Rubric;",
        &[
            "src/helpers/mod.rs:1: uses `rubric`, but `helpers` stands in no table of DESIGN, section 10",
        ],
    );
    told(
        "src/calls/call.rs",
        "pub use crate::*;",
        &["src/calls/call.rs:1: uses `*`, but `calls` may use nothing of ours"],
    );
}

#[test]
fn a_way_out_through_super_is_told() {
    let path = "src/sampling/collector.rs";
    told(
        path,
        "use super::{Design, Seed};\nuse super::super::calls::Call;",
        &[],
    );
    told(
        path,
        "use super::super::rubric::Answer;",
        &["src/sampling/collector.rs:1: uses `rubric`, but `sampling` may use calls alone"],
    );
    // One floor deeper the same words stay inside.
    told(
        path,
        "#[cfg(test)]\nmod tests {\n    use super::super::rubric::Answer;\n}",
        &[],
    );
    told(
        "src/sampling/mod.rs",
        "use super::store::Store;\npub(super) fn f() {}",
        &["src/sampling/mod.rs:1: uses `store`, but `sampling` may use calls alone"],
    );
}

#[test]
fn test_code_keeps_to_the_table_too() {
    told(
        "src/rubric/build/tests.rs",
        "use crate::evaluation::score;",
        &["src/rubric/build/tests.rs:1: uses `evaluation`, but `rubric` may use nothing of ours"],
    );
    told(
        "src/rubric/build.rs",
        "#[cfg(test)]\nmod tests {\n    use crate::evaluation::score;\n}",
        &["src/rubric/build.rs:3: uses `evaluation`, but `rubric` may use nothing of ours"],
    );
}

#[test]
fn words_in_texts_and_comments_are_no_uses() {
    told(
        "src/rubric/build.rs",
        "//! Not crate::store.\n/* println!(\"\") /* nested */ crate::cli */\n\
         const A: &str = \"crate::store::x println!\";\nconst B: &str = r#\"\"crate::cli\"#;\n\
         const C: char = '\"';\nfn f<'a>(x: &'a str) -> &'a str { x } // rand::random()\n",
        &[],
    );
}

#[test]
fn the_world_is_touched_in_its_place_only() {
    told(
        "src/evaluation/score.rs",
        "use clap::Parser;\nfn f() {\n    eprintln!(\"x\");\n    let a = jiff::Timestamp::now();\n    \
         let b = std::time::SystemTime::UNIX_EPOCH;\n    let c = rand::random();\n    rusqlite::Connection::open(\"x\");\n    \
         toml::from_str(\"\");\n    csv::Writer::from_path(\"\");\n    let d = \"INSERT INTO calls VALUES (1)\";\n}\nuse ratatui::Frame;",
        &[
            "src/evaluation/score.rs:1: clap has its place in cli and main only",
            "src/evaluation/score.rs:3: printing has its place in cli and main only",
            "src/evaluation/score.rs:4: the clock has its place in cli and store only",
            "src/evaluation/score.rs:5: the clock has its place in cli and store only",
            "src/evaluation/score.rs:6: chance has its place in cli only",
            "src/evaluation/score.rs:12: the screen has its place in tui only",
            "src/evaluation/score.rs:7: a database has its place in store only",
            "src/evaluation/score.rs:10: SQL has its place in store only",
            "src/evaluation/score.rs:8: reading TOML has its place in read only",
            "src/evaluation/score.rs:9: CSV has its place in read and render only",
        ],
    );
    told(
        "src/render/csv.rs",
        "use csv::{QuoteStyle, ReaderBuilder};\nfn f() { csv::WriterBuilder::new(); csv::ByteRecord::new(); }",
        &[
            "src/render/csv.rs:1: reading CSV has its place in read only",
            "src/render/csv.rs:2: reading CSV has its place in read only",
        ],
    );
}

#[test]
fn what_has_its_place_there_is_silent() {
    told(
        "src/cli/draw.rs",
        "use crate::render::csv;\nfn f() { csv::write(); println!(\"\"); rand::random(); }",
        &[],
    );
    told(
        "src/main.rs",
        "use clap::Parser;\nfn main() { eprintln!(\"\"); evenhand::cli::run(); }",
        &[],
    );
    told(
        "src/store/lease.rs",
        "fn f() { jiff::Timestamp::now(); }\nconst Q: &str = \"SELECT 1 FROM a\";",
        &[],
    );
    told(
        "src/tui/clock.rs",
        "#[cfg(test)]\nmod tests {\n    fn f() { dbg!(std::time::Instant::now()); }\n}\n",
        &[],
    );
    told(
        "src/tui/tests.rs",
        "fn f() { println!(\"{:?}\", std::time::Instant::now()); }",
        &[],
    );
}
