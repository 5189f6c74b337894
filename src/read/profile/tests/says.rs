//! What a profile can say beyond the plain.

use super::*;

#[test]
fn columns_may_have_several_names_and_be_optional() {
    let profile = read(
        "format = 1\nabout = \"For the desk.\"\n[columns]\ncall_id = [\"ID\", 3]\n\
         [optional_columns]\nqueue = \"Skill\"\n",
    );
    let two = ColumnChoice(vec![
        ColumnName::Header("ID".to_owned()),
        ColumnName::Position(3),
    ]);
    assert_eq!(
        profile.columns,
        [
            column(Role::CallId, two, false),
            column(Role::Queue, ColumnChoice::header("Skill"), true),
        ]
    );
    assert_eq!(profile.about, "For the desk.");
}

#[test]
fn lines_behind_the_header_and_a_decimal_comma_are_told_under_file() {
    let profile = read("format = 1\n[file]\nskip_after_header = 1\ndecimal = \",\"\n");
    assert_eq!(profile.skip_after_header, 1);
    assert_eq!(profile.seconds("1,500"), Some(1.5));
    let days = read("format = 1\n[duration]\nunit = \"days\"\n");
    assert_eq!(days.seconds("0.5"), Some(43_200.0));
}

#[test]
fn every_test_of_a_rule_is_read_and_several_are_joined() {
    let profile = read(
        r#"format = 1
[[caller_type.rule]]
column = "from"
shorter_than = 6
and = { column = "to", one_of = ["100", "200"] }
gives = "internal"
[[caller_type.rule]]
column = ["ANI", "Remote"]
optional = true
prefix = ["+49 30 1234", "+49 40"]
and = [{ column = 2, empty = false }, { column = "to", is = "x" }]
gives = "internal"
[[caller_type.rule]]
column = "from"
extensions = ["1000-1999", "4711"]
gives = "internal"
"#,
    );
    let rules: Vec<String> = profile.rules.iter().map(ToString::to_string).collect();
    assert_eq!(
        rules,
        [
            "`from` has fewer than 6 digits and `to` is one of `100`, `200`: internal",
            "`ANI` or `Remote` begins with `+49301234` or `+4940` and `2` is not empty and `to` is `x`: internal",
            "`from` is an extension of 1000-1999, 4711: internal",
        ]
    );
    assert_eq!(
        profile
            .rules
            .iter()
            .map(|rule| rule.optional)
            .collect::<Vec<_>>(),
        [false, true, false]
    );
}

#[test]
fn a_csr_is_taken_from_columns_lists_and_patterns() {
    let profile = read(
        r#"format = 1
[csr]
first_of = ["handled", "user"]
split = ";"
take = "last"
pattern = '^(.*) \([0-9]+\)$'
[csr.alias]
"Ada L." = "Ada Lovelace"
"Voicemail" = ""
"#,
    );
    let columns = columns("call_id,caller_type,user,handled", &profile);
    let csr = |user, handled| columns.csr(&Row(&["1", "x", user, handled])).to_owned();
    assert_eq!(csr("", "Ben (1); Ada L. (2)"), "Ada Lovelace");
    assert_eq!(csr("Ben (1)", " "), "Ben");
    assert_eq!(csr("Voicemail (9)", ""), "");
    // Unless it is said, several names are nobody's.
    let profile = read("format = 1\n[csr]\nsplit = \";\"\n");
    let columns = self::columns("call_id,csr,caller_type", &profile);
    assert_eq!(columns.csr(&Row(&["1", "Ada;Ben", "x"])), "");
}

#[test]
fn times_are_of_several_formats_or_numbers_and_may_stand_in_two_columns() {
    let profile = read(
        "format = 1\n[time]\ncolumns = [\"Date\", \"Time\"]\nzone = \"Europe/Berlin\"\n\
         format = [\"%d.%m.%Y %H:%M\", \"%a, %d %b %Y %H:%M:%S\"]\n",
    );
    let columns = columns("call_id,csr,caller_type,Time,Date", &profile);
    let row = ["1", "Ada", "x", "09:31", "14.07.2026"];
    let row = Row(&row);
    let text = columns.started_text(&row).expect("a start");
    for text in [&*text, "Tue, 14 Jul 2026 09:31:00"] {
        let when = profile.time.read(text).expect("read");
        assert_eq!(when.instant.to_string(), "2026-07-14T07:31:00Z");
    }
    let counted = read("format = 1\n[time]\ncount = \"milliseconds\"\n").time;
    let same = TimeReader::counting(TimeCount::Milliseconds, None);
    let text = "1784021467000";
    assert_eq!(counted.read(text), same.read(text));
    assert!(counted.read(text).is_some());
}

#[test]
fn rows_that_are_no_calls_and_whole_exports_are_told_by_values() {
    let profile = read(
        "format = 1\n[only]\n\"Media Type\" = [\"voice\", \"callback\"]\n4 = \"ANSWERED\"\n\
         [complete]\n\"Full Export Completed\" = \"YES\"\n",
    );
    let columns = columns(
        "call_id,csr,caller_type,state,Media type,Full export completed",
        &profile,
    );
    let told = |state, media, whole| {
        let row = ["1", "Ada", "x", state, media, whole];
        (
            columns.is_call(&Row(&row)),
            columns.incomplete(&Row(&row)).is_none(),
        )
    };
    assert_eq!(told("answered", "VOICE", "YES"), (true, true));
    assert_eq!(told("answered", "chat", "NO"), (false, false));
    assert_eq!(told("busy", "voice", "YES"), (false, true));
}
