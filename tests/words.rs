//! One word per idea: what a person reads in help, errors and the README says CSR, analyst, rubric and caller type.

mod source;

use std::fs;
use std::path::Path;

use source::{Kind, Source, line, regex};

/// A word that isn't ours, and ours.
const WORDS: &[(&str, &str)] = &[
    (r"agents?", "CSR"),
    (r"reps?", "CSR"),
    (r"customer[ _-]types?", "caller type"),
    (r"scorecards?", "rubric"),
    (r"evaluators?", "analyst"),
    (r"auditors?", "analyst"),
];

/// Names that other systems give their columns must be known somewhere.
const SYNONYMS: &str = "src/calls/columns.rs";

fn faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (word, ours) in WORDS {
        for found in regex(&format!(r"(?i)\b{word}\b")).find_iter(text) {
            let (line, word) = (line(text, found.start()), found.as_str());
            faults.push(format!("{path}:{line}: says `{word}`; say `{ours}`"));
        }
    }
    faults
}

fn faults_of(source: &Source) -> Vec<String> {
    let mut all = faults(&source.path, &source.only(Kind::Doc));
    if source.path != SYNONYMS {
        all.extend(faults(&source.path, &source.shipped(Kind::Text)));
    }
    all
}

/// Blanks the TOML that a README shows: a profile quotes the column names of other systems.
fn without_profiles(text: &str) -> String {
    let mut inside = false;
    let lines = text.lines().map(|line| {
        inside = match line.trim() {
            "```toml" => true,
            "```" => false,
            _ => inside,
        };
        if inside { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_program_says_its_own_words() {
    let mut faults_found: Vec<String> = Source::all().iter().flat_map(faults_of).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in ["README.md", "src/rubric/starter.toml"] {
        if let Ok(text) = fs::read_to_string(root.join(path)) {
            faults_found.extend(faults(path, &without_profiles(&text)));
        }
    }
    assert!(faults_found.is_empty(), "\n{}\n", faults_found.join("\n"));
}

#[test]
fn a_word_that_is_not_ours_is_told_with_its_place() {
    let source = Source::new(
        "src/cli/score.rs",
        "/// The Agent who scores.\nfn agent() {} // an auditor\nconst A: &str = \"no scorecard for reps\";\n\
         const B: &str = \"the agency represents a customer typed in\";\n",
    );
    assert_eq!(
        faults_of(&source),
        [
            "src/cli/score.rs:1: says `Agent`; say `CSR`",
            "src/cli/score.rs:3: says `reps`; say `CSR`",
            "src/cli/score.rs:3: says `scorecard`; say `rubric`",
        ]
    );
}

#[test]
fn column_names_of_other_systems_may_be_listed_and_tests_may_say_anything() {
    let text = "const A: &[&str] = &[\"agent name\"];";
    assert!(faults_of(&Source::new(SYNONYMS, text)).is_empty());
    let test = format!("#[cfg(test)]\nmod tests {{\n    {text}\n}}");
    assert!(faults_of(&Source::new("src/cli/score.rs", &test)).is_empty());
    assert_eq!(faults_of(&Source::new("src/cli/score.rs", text)).len(), 1);
}

#[test]
fn a_profile_in_the_readme_may_quote_a_column_and_nothing_else_may() {
    let text = "The agent\n```toml\ncsr = \"Agent\"\n```\nan evaluator";
    assert_eq!(
        faults("README.md", &without_profiles(text)),
        [
            "README.md:1: says `agent`; say `CSR`",
            "README.md:5: says `evaluator`; say `analyst`",
        ]
    );
}
