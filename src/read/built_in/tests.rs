//! Every profile in the program on a small log of its system, written from what is known of its exports: what it takes
//! from each row stands beside the log, in `tests/logs/`.

use super::*;
use crate::calls::{Columns, Role, escape};
use crate::read::recognise;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/logs")
        .join(name);
    std::fs::read_to_string(path).expect(name)
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

/// The columns found, then for each row the CSR, the caller type, the start in UTC and the seconds.
fn told(name: &str) -> String {
    let profile = profile(Path::new(name)).expect("read").profile;
    let mut rows = rows(&file(&format!("{name}.csv")));
    let names: Vec<String> = match profile.header {
        true => rows.remove(0),
        false => (1..=rows[0].len()).map(|at| at.to_string()).collect(),
    };
    let columns = Columns::find(names, &profile).expect("columns");
    let mut told = String::new();
    for role in Role::ALL {
        let of = columns.all_of(role).iter();
        let names: Vec<&str> = of.map(|at| columns.names()[*at].as_str()).collect();
        if !names.is_empty() {
            told += &format!("{}: {}\n", role.as_str(), names.join(" / "));
        }
    }
    for row in rows.iter().skip(profile.skip_after_header) {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        let cells = cells.as_slice();
        let cells = &Row(cells);
        if !columns.is_call(cells) {
            told += "no call\n";
            continue;
        }
        let (caller_type, rule) = columns.caller_type(cells);
        let start = columns
            .started_text(cells)
            .and_then(|text| profile.time.read(&text));
        let start = start.map_or("-".to_owned(), |when| when.instant.to_string());
        let length = columns.of(Role::DurationS).map_or("", |at| cells.0[at]);
        let length = profile
            .seconds(length)
            .map_or("-".to_owned(), |s| s.to_string());
        let csr = match columns.csr(cells) {
            "" => "-",
            csr => csr,
        };
        let rule = rule.map_or("-".to_owned(), |rule| (rule + 1).to_string());
        told += &format!(
            "{} | {caller_type}, rule {rule} | {start} | {length}\n",
            escape(csr)
        );
        assert!(columns.incomplete(cells).is_none());
    }
    told
}

struct Row<'a>(&'a [&'a str]);

impl crate::calls::Cells for Row<'_> {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).copied().unwrap_or("")
    }
}

#[test]
fn every_profile_reads_a_log_of_its_system_row_by_row() {
    let mut differ = Vec::new();
    for (name, _) in TEXTS {
        let told = told(name);
        let expected = file(&format!("{name}.txt"));
        if told != expected {
            differ.push(format!("{name}:\n{told}\nexpected:\n{expected}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn every_profile_can_be_read_and_says_what_it_is_for() {
    assert_eq!(built_in().len(), TEXTS.len());
    for (own, (name, text)) in built_in().iter().zip(TEXTS) {
        assert_eq!((own.name, own.text), (name, text));
        if let Err(problems) = signed_profile(name, text) {
            panic!("{problems}");
        }
        assert!(
            !own.title.is_empty() && own.about.contains("Adapt: "),
            "{name}"
        );
        assert!(is_name(name));
        // What `--show` writes to a file is read as that name is.
        let loaded = profile(Path::new(name)).expect("read");
        assert_eq!(loaded.source, text);
        assert_eq!(loaded.profile.name, own.title);
    }
}

#[test]
fn every_log_is_recognised_as_its_system_s_and_no_other_log_is() {
    for (name, _) in TEXTS {
        let rows = rows(&file(&format!("{name}.csv")));
        let (header, rest) = rows.split_first().expect("a row");
        let known = recognise(header, rest).map(|own| own.name);
        assert_eq!(known, Some(name));
    }
}

#[test]
fn layouts_of_other_releases_are_known_too() {
    let columns = |name: &str, first: &[String]| {
        let profile = profile(Path::new(name)).expect("read").profile;
        let names = match profile.header {
            true => first.to_vec(),
            false => (1..=first.len()).map(|at| at.to_string()).collect(),
        };
        Columns::find(names, &profile).map_err(|fault| fault.to_string())
    };
    let known = |rows: &[Vec<String>]| recognise(&rows[0], &rows[1..]).map(|own| own.name);
    // Asterisk with its newer columns, and without any that can be left out.
    let mut long = rows(&file("asterisk.csv"));
    for row in &mut long {
        row.extend(["", "1784010180.0", "3"].map(str::to_owned));
    }
    assert_eq!(known(&long), Some("asterisk"));
    let found = columns("asterisk", &long[0]).expect("columns");
    assert_eq!(found.all_of(Role::InteractionId), [19]);
    long.iter_mut().for_each(|row| row.truncate(16));
    assert_eq!(known(&long), Some("asterisk"));
    let lacks = columns("asterisk", &long[0]).map(|_| ());
    assert_eq!(lacks, Err("no column `17`".to_owned()));
    // An older FreePBX, in which the numbers alone tell.
    let mut old = rows(&file("freepbx.csv"));
    old.iter_mut().for_each(|row| row.truncate(16));
    assert_eq!(known(&old), Some("freepbx"));
    let found = columns("freepbx", &old[0]).expect("columns");
    let told = |row: &[String]| {
        let cells: Vec<&str> = row.iter().map(String::as_str).collect();
        let (caller_type, rule) = found.caller_type(&Row(&cells));
        (caller_type.to_string(), rule)
    };
    assert_eq!(told(&old[1]), ("external".to_owned(), Some(3)));
    assert_eq!(told(&old[4]), ("internal".to_owned(), Some(2)));
    assert_eq!(told(&old[10]), ("unknown".to_owned(), None));
}

#[test]
fn a_name_is_that_of_a_profile_in_the_program_and_else_a_file() {
    let told = |named: &Path| {
        let problems = profile(named).expect_err("not there");
        let problem = problems.list()[0].clone();
        (problem.kind, problem.message, problem.hint)
    };
    let none = "there is no profile of this name in the program, and no such file";
    assert_eq!(
        told(Path::new("asterix")),
        (
            ProblemKind::NotFound,
            none.to_owned(),
            Some("did you mean `asterisk`?".to_owned())
        )
    );
    let (_, _, hint) = told(Path::new("switch"));
    assert_eq!(
        hint.as_deref(),
        Some("`evenhand log --profiles` lists those in the program")
    );
    let (_, message, _) = told(Path::new("./asterisk"));
    assert_eq!(message, "there is no such file");
    let folder = tempfile::tempdir().expect("folder");
    let mine = folder.path().join("asterisk");
    std::fs::write(&mine, "format = 1\nname = \"mine\"\n").expect("written");
    assert_eq!(profile(&mine).expect("read").profile.name, "mine");
}
