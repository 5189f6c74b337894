//! What a profile may not say.

use super::told;

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
  = help: it needs year, month and day: for instance \"%d.%m.%Y %H:%M\"; of times without a year `year` says which one it is

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
   = help: leave one, and ask for more with `and = { column = \"…\", … }`"
    );
}

#[test]
fn what_a_profile_may_not_say_is_told() {
    for (text, message) in [
        (
            "[file]\nheader = false\nskip_after_header = 1",
            "a log without a header has no line behind it",
        ),
        (
            "[file]\nskip_after_header = -1",
            "`skip_after_header` must be from 0 to 100",
        ),
        ("[file]\ndecimal = \"'\"", "`'` is no choice for `decimal`"),
        ("[columns]\ncsr = []", "`csr` names no column"),
        (
            "[columns]\ncsr = [1, 0]",
            "`csr` must be a column's header or its position, counted from 1",
        ),
        (
            "[columns]\ncsr = 1\n[optional_columns]\ncsr = 2",
            "`csr` stands in `columns` already",
        ),
        (
            "[columns]\ncsr = 1\n[csr]\nfirst_of = [2, 3]",
            "`csr` stands in `columns` already",
        ),
        (
            "[columns]\nstarted_at = 1\n[time]\ncolumns = [2, 3]",
            "`started_at` stands in `columns` already",
        ),
        (
            "[time]\nformat = \"%s\"\ncount = \"seconds\"",
            "times are numbers or of a format",
        ),
        (
            "[time]\ncount = \"days\"",
            "`days` is no choice for `count`",
        ),
        (
            "[time]\nformat = [\"%d/%m/%Y\", \"%m/%d/%Y\"]",
            "the format `%d/%m/%Y` before it takes a time such as `%m/%d/%Y` for another day",
        ),
        (
            "[csr]\nsplit = \"\"",
            "`split` must be the text between names",
        ),
        (
            "[csr]\ntake = \"last\"",
            "`take` chooses among names that are split",
        ),
        (
            "[csr]\nsplit = \";\"\ntake = \"any\"",
            "`any` is no choice for `take`",
        ),
        (
            "[csr]\npattern = \"^x$\"",
            "the pattern must have one group, which finds the name",
        ),
        (
            "[csr]\naliases = \"a.csv\"\n[csr.alias]\na = \"b\"",
            "aliases stand under `csr.alias` already",
        ),
        (
            "[csr.alias]\n\" \" = \"b\"",
            "a blank cell names nobody anyway",
        ),
        (
            "[only]\nmedia = []",
            "no value is given, so no row could be right",
        ),
        (
            "[only]\nmedia = 1",
            "`media` must be text or a list of texts, found a number",
        ),
    ] {
        let told = told(&format!("format = 1\n{text}\n"));
        let first = told.lines().next().unwrap_or_default();
        assert_eq!(first, format!("error: {message}"), "{text}");
    }
    for (test, message) in [
        ("shorter_than = 1", "`shorter_than` must be 2 or more"),
        ("one_of = []", "`one_of` is empty"),
        (
            "prefix = [\" \"]",
            "every number begins with a blank prefix",
        ),
        (
            "extensions = \"12-\"",
            "`12-` is neither an extension such as 4711 nor a range of numbers of one length such as 1000-1999",
        ),
        ("", "this rule tests nothing"),
        (
            "is = \"x\"\nand = { column = \"y\" }",
            "this rule tests nothing",
        ),
        (
            "is = \"x\"\nand = { column = \"y\", iss = \"x\" }",
            "this rule tests nothing",
        ),
    ] {
        let told = told(&format!(
            "format = 1\n[[caller_type.rule]]\ncolumn = \"x\"\ngives = \"internal\"\n{test}\n"
        ));
        let first = told.lines().next().unwrap_or_default();
        assert_eq!(first, format!("error: {message}"), "{test}");
    }
}
