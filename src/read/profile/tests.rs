use super::*;

fn told(text: &str) -> String {
    profile_text("p.toml", text)
        .expect_err("has faults")
        .to_text(false)
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
            (Role::CallId, ColumnName::Header("Gesprächs-Nr".to_owned())),
            (Role::Csr, ColumnName::Position(4)),
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

#[test]
fn every_fault_has_its_caret() {
    assert_eq!(
        told(
            r#"format = 1
[file]
delimiter = ";;"
encoding = "windows-1225"
[columns]
callid = "Nr"
csr = 0
[time]
format = "%H:%M"
zone = "Europe/Berln"
[caller_type]
internal = ["a"]
external = ["A"]
[[caller_type.rule]]
column = "x"
matches = "("
gives = "intern"
[[caller_type.rule]]
column = "x"
is = "y"
empty = true
gives = "internal"
"#
        ),
        "\
error: `;;` can't be the delimiter
 --> p.toml:3:13
  |
3 | delimiter = \";;\"
  |             ^^^^
  |
  = help: use one character such as \",\" \";\" \"|\", or \"tab\"

error: no encoding is called `windows-1225`
 --> p.toml:4:12
  |
4 | encoding = \"windows-1225\"
  |            ^^^^^^^^^^^^^^
  |
  = help: did you mean `windows-1252`?

error: `callid` is not a column we know
 --> p.toml:6:10
  |
6 | callid = \"Nr\"
  |          ^^^^
  |
  = help: did you mean `call_id`?

error: `csr` must be a column's header or its position, counted from 1
 --> p.toml:7:7
  |
7 | csr = 0
  |       ^

error: this time format does not tell the day
 --> p.toml:9:10
  |
9 | format = \"%H:%M\"
  |          ^^^^^^^
  |
  = help: it needs year, month and day: for instance \"%d.%m.%Y %H:%M\"

error: no time zone is called `Europe/Berln`
  --> p.toml:10:8
   |
10 | zone = \"Europe/Berln\"
   |        ^^^^^^^^^^^^^^
   |
   = help: did you mean `Europe/Berlin`?

error: the value `A` stands twice
  --> p.toml:13:13
   |
13 | external = [\"A\"]
   |             ^^^

error: this is not a pattern: unclosed group
  --> p.toml:16:11
   |
16 | matches = \"(\"
   |           ^^^

error: `intern` is no choice for `gives`
  --> p.toml:17:9
   |
17 | gives = \"intern\"
   |         ^^^^^^^^
   |
   = help: did you mean `internal`?

error: a rule has one test only
  --> p.toml:21:9
   |
21 | empty = true
   |         ^^^^
   |
   = help: leave one of `matches`, `is`, `empty`; make another rule for more"
    );
}
