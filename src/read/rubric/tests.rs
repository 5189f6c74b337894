use super::*;

fn told(text: &str) -> String {
    rubric_text("r.toml", text)
        .expect_err("has faults")
        .to_text(false)
}

/// The starter with one line changed.
fn starter_with(old: &str, new: &str) -> String {
    assert!(crate::rubric::STARTER.contains(old), "{old}");
    crate::rubric::STARTER.replacen(old, new, 1)
}

#[test]
fn the_starter_and_every_rubric_we_ship_load() {
    let starter = rubric_text("starter", crate::rubric::STARTER).expect("loads");
    assert_eq!(starter.behaviors().len(), 6);
    assert_eq!(starter.examples().len(), 2);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rubrics");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        let loaded = rubric(&path).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(loaded.rubric.examples().len(), 3, "{}", path.display());
        seen += 1;
    }
    assert_eq!(seen, 3);
}

#[test]
fn a_misspelt_key_is_shown_with_the_nearest() {
    assert_eq!(
        told(&starter_with("weight = 40 ", "wieght = 40 ")),
        "\
error: unknown key `wieght`
  --> r.toml:48:1
   |
48 | wieght = 40                    # with weigh = \"sections\": its share of 100
   | ^^^^^^
   |
   = help: did you mean `weight`?"
    );
}

#[test]
fn a_wrong_type_is_shown_under_the_value() {
    assert_eq!(
        told(&starter_with("weight = 60", "weight = \"60\"")),
        "\
error: `weight` must be a number, found text
  --> r.toml:84:10
   |
84 | weight = \"60\"
   |          ^^^^"
    );
}

#[test]
fn faults_of_every_kind_are_told_at_once_in_the_files_order() {
    assert_eq!(
        told(
            "\
format = 1
[rubric]
id = \"Mine\"
weigh = \"sectoins\"
colour = \"red\"
[[section]]
id = \"a\"
weight = 50
[[section.behavior]]
id = \"greets\"
text = \"Greets\"
answers = \"yesno\"
[[section]]
id = \"a\"
weight = 49
"
        ),
        "\
error: the key `title` is missing here
 --> r.toml:2:1
  |
2 | [rubric]
  | ^^^^^^^^

error: the id `Mine` may have lower-case letters, digits and `-` only
 --> r.toml:3:6
  |
3 | id = \"Mine\"
  |      ^^^^^^

error: `sectoins` is no choice for `weigh`
 --> r.toml:4:9
  |
4 | weigh = \"sectoins\"
  |         ^^^^^^^^^^
  |
  = help: did you mean `sections`?

error: unknown key `colour`
 --> r.toml:5:1
  |
5 | colour = \"red\"
  | ^^^^^^
  |
  = help: known here: `id`, `title`, `revision`, `weigh`, `na`, `bonus`, `pass_mark`, `bands`, `cost_per_minute`, `currency`

error: no answer scale is called `yesno`
  --> r.toml:12:11
   |
12 | answers = \"yesno\"
   |           ^^^^^^^
   |
   = help: did you mean `yes_no`?

error: the section `a` has no behavior
  --> r.toml:13:1
   |
13 | [[section]]
   | ^^^^^^^^^^^

error: the id `a` stands twice
  --> r.toml:14:6
   |
14 | id = \"a\"
   |      ^^^"
    );
}

#[test]
fn every_syntax_error_has_its_caret() {
    assert_eq!(
        told("format = 1\n[rubric]\nid = \nweigh = \"sections\ntitle = 1970-99-99\n"),
        "\
error: this is not TOML: string values must be quoted, expected literal string
 --> r.toml:3:6
  |
3 | id = 
  |      ^

error: this is not TOML: invalid basic string, expected `\"`
 --> r.toml:4:18
  |
4 | weigh = \"sections
  |                  ^

error: this is not TOML: invalid date, expected month between 01 and 12
 --> r.toml:5:9
  |
5 | title = 1970-99-99
  |         ^^^^^^^^^^"
    );
}

#[test]
fn a_newer_format_asks_for_a_newer_program_and_nothing_else() {
    assert_eq!(
        told("format = 2\n[something]\n"),
        "\
error: rubric format 2 is newer than this program, which knows format 1
 --> r.toml:1:10
  |
1 | format = 2
  |          ^
  |
  = help: update evenhand to read this file"
    );
}

#[test]
fn an_empty_file_lacks_everything() {
    assert_eq!(
        told(""),
        "\
error: the key `format` is missing
 --> r.toml:1:1
  |
1 |
  | ^
  |
  = help: begin the file with `format = 1`

error: the key `rubric` is missing here
 --> r.toml:1:1
  |
1 |
  | ^"
    );
}

#[test]
fn an_example_may_state_that_there_is_no_score() {
    let text = starter_with("score = 90.0", "score = \"none\"");
    let rubric = rubric_text("r", &text).expect("loads");
    assert_eq!(rubric.examples()[0].score, None);
}

#[test]
fn faults_found_later_are_placed_too() {
    let fault = Fault {
        path: KeyPath::default().key("example").at(0).key("score"),
        kind: FaultKind::ExampleDiffers {
            what: "score",
            stated: "90".to_owned(),
            computed: "91".to_owned(),
        },
    };
    let problems = faults_to_problems("r.toml", crate::rubric::STARTER, &[fault]);
    assert_eq!(
        problems.to_text(false),
        "\
error: the example's score is 90, but the rubric gives 91
   --> r.toml:135:9
    |
135 | score = 90.0
    |         ^^^^
    |
    = help: correct the example, or the weights and points it was made for"
    );
}
