mod beside;
mod faults;
mod says;

use super::*;
use crate::calls::{
    CallerType, Cells, ColumnChoice, ColumnName, Columns, NamedColumn, Role, TimeCount, TimeReader,
};

fn told(text: &str) -> String {
    profile_text("p.toml", text)
        .expect_err("has faults")
        .to_text(false)
}

fn column(role: Role, column: ColumnChoice, optional: bool) -> NamedColumn {
    NamedColumn {
        role,
        column,
        optional,
    }
}

fn read(text: &str) -> Profile {
    profile_text("p.toml", text).unwrap_or_else(|problems| panic!("{problems}"))
}

struct Row<'a>(&'a [&'a str]);

impl Cells for Row<'_> {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).copied().unwrap_or("")
    }
}

fn columns(header: &str, profile: &Profile) -> Columns {
    let names = header.split(',').map(str::to_owned).collect();
    Columns::find(names, profile).expect("columns")
}

#[test]
fn everything_a_profile_can_say_is_read() {
    let profile = profile_text(
        "p.toml",
        r#"
format = 1
name = "Hotline export"
[file]
delimiter = ";"
header = false
encoding = "windows-1252"
[columns]
call_id = "Gesprächs-Nr"
csr = 4
[time]
format = "%d.%m.%Y %H:%M"
zone = "Europe/Berlin"
[duration]
unit = "milliseconds"
[caller_type]
internal = ["int", "Filiale"]
external = ["Kunde"]
[[caller_type.rule]]
column = "ANI"
matches = "^[0-9]{4}$"
gives = "internal"
[[caller_type.rule]]
column = 7
empty = false
gives = "external"
"#,
    )
    .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(profile.name, "Hotline export");
    assert_eq!((profile.delimiter, profile.header), (Some(b';'), false));
    assert_eq!(profile.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(
        profile.columns,
        [
            column(Role::CallId, ColumnChoice::header("Gesprächs-Nr"), false),
            column(Role::Csr, ColumnChoice::position(4), false),
        ]
    );
    assert_eq!(profile.caller_type_of(" filiale "), CallerType::Internal);
    let rules: Vec<String> = profile.rules.iter().map(ToString::to_string).collect();
    assert_eq!(
        rules,
        [
            "`ANI` matches `^[0-9]{4}$`: internal",
            "`7` is not empty: external"
        ]
    );
    let when = profile.time.read("14.07.2026 09:31").expect("read");
    assert_eq!(when.instant.to_string(), "2026-07-14T07:31:00Z");
    assert_eq!(profile.duration, DurationUnit::Milliseconds);
}

#[test]
fn an_empty_profile_is_the_default_and_tab_is_a_delimiter() {
    let profile = profile_text("p", "format = 1\n[file]\ndelimiter = \"tab\"\n").expect("read");
    assert_eq!(profile.delimiter, Some(b'\t'));
    assert!(profile.header);
}
