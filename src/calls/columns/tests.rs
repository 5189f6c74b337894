use std::collections::HashMap;

use super::*;
use crate::calls::{
    CellRule, CellTest, ColumnChoice, ColumnName, CsrList, CsrRule, NamedColumn, Take,
};

fn names(header: &str) -> Vec<String> {
    header.split(',').map(str::to_owned).collect()
}

#[test]
fn columns_are_found_without_regard_to_case_and_separators() {
    let columns = Columns::find(
        names("Call-ID,AGENT NAME,Caller Type,Queue"),
        &Profile::default(),
    )
    .expect("found");
    assert_eq!(columns.of(Role::CallId), Some(0));
    assert_eq!(columns.of(Role::Csr), Some(1));
    assert_eq!(columns.found()[1].by, FoundBy::Synonym);
    assert_eq!(columns.of(Role::StartedAt), None);
}

#[test]
fn the_plain_name_wins_over_a_synonym() {
    let columns =
        Columns::find(names("agent,csr,call_id,caller_type"), &Profile::default()).expect("found");
    assert_eq!(columns.of(Role::Csr), Some(1));
}

#[test]
fn a_missing_or_doubled_column_is_named() {
    let missing = Columns::find(names("csr,caller_type"), &Profile::default()).map(|_| ());
    assert_eq!(missing, Err(ColumnFault::Missing { role: Role::CallId }));
    let twice =
        Columns::find(names("call_id,csr,CSR,caller_type"), &Profile::default()).map(|_| ());
    assert_eq!(
        twice,
        Err(ColumnFault::Twice {
            name: "csr".to_owned(),
            first: 1,
            second: 2
        })
    );
}

fn profile(columns: &[(Role, ColumnName)]) -> Profile {
    Profile {
        columns: (columns.iter())
            .map(|(role, name)| named(*role, std::slice::from_ref(name)))
            .collect(),
        ..Profile::default()
    }
}

fn named(role: Role, names: &[ColumnName]) -> NamedColumn {
    NamedColumn {
        role,
        column: ColumnChoice(names.to_vec()),
        optional: false,
    }
}

fn header(name: &str) -> ColumnName {
    ColumnName::Header(name.to_owned())
}

fn rule(column: ColumnName, test: CellTest, gives: CallerType) -> CallerRule {
    CallerRule {
        asks: vec![ask(column, test)],
        gives,
        optional: false,
    }
}

fn ask(column: ColumnName, test: CellTest) -> CellRule {
    CellRule {
        column: ColumnChoice(vec![column]),
        test,
    }
}

/// A header in which the needed roles go by their plain names, and one more column.
fn with(role: Role, name: &str) -> Vec<String> {
    let mut names = names("call_id,csr,caller_type");
    let needed = [Role::CallId, Role::Csr, Role::CallerType];
    match needed.iter().position(|other| *other == role) {
        Some(at) => names[at] = name.to_owned(),
        None => names.push(name.to_owned()),
    }
    names
}

#[test]
fn every_synonym_leads_to_its_role() {
    for role in Role::ALL {
        for (rank, name) in role.names().iter().enumerate() {
            let names = with(role, &name.to_uppercase());
            let at = names.iter().position(|n| n == &name.to_uppercase());
            let columns = Columns::find(names, &Profile::default()).expect("found");
            let found = columns.found().iter().find(|found| found.role == role);
            let by = if rank == 0 {
                FoundBy::Name
            } else {
                FoundBy::Synonym
            };
            let wanted = at.map(|column| Found { role, column, by });
            assert_eq!(found, wanted.as_ref(), "{name}");
            assert_eq!(columns.found().len(), columns.names().len(), "{name}");
        }
    }
}

#[test]
fn no_name_stands_for_two_roles_or_twice_for_one() {
    let mut seen: HashMap<String, Role> = HashMap::new();
    for role in Role::ALL {
        for name in role.names() {
            let plain = name.replace([' ', '_', '-'], "");
            assert_eq!(seen.insert(plain, role), None, "`{name}`");
        }
    }
}

#[test]
fn every_role_is_found_again_by_its_plain_name_and_by_no_other() {
    for role in Role::ALL {
        assert_eq!(Role::named(role.as_str()), Some(role));
    }
    assert_eq!(Role::named("agent"), None);
}

#[test]
fn of_several_synonyms_the_earlier_in_the_list_wins() {
    let columns = Columns::find(
        names("id,unique id,rep,agent,caller_type,date,start time"),
        &Profile::default(),
    )
    .expect("found");
    assert_eq!(columns.of(Role::CallId), Some(1));
    assert_eq!(columns.of(Role::Csr), Some(3));
    assert_eq!(columns.of(Role::StartedAt), Some(6));
}

#[test]
fn a_profile_decides_over_names() {
    let found = Columns::find(
        names("call_id,csr,caller_type,Handled by"),
        &profile(&[
            (Role::Csr, header("handled_by")),
            (Role::CallId, ColumnName::Position(1)),
        ]),
    )
    .expect("found");
    assert_eq!(
        found.found()[..2],
        [
            Found {
                role: Role::CallId,
                column: 0,
                by: FoundBy::Profile
            },
            Found {
                role: Role::Csr,
                column: 3,
                by: FoundBy::Profile
            }
        ]
    );
}

#[test]
fn a_column_of_the_profile_is_no_synonym_for_another_role() {
    // `From` says Inside or Outside here, not a number.
    let columns = Columns::find(
        names("call_id,csr,From"),
        &profile(&[(Role::CallerType, header("From"))]),
    )
    .expect("found");
    assert_eq!(columns.of(Role::CallerType), Some(2));
    assert_eq!(columns.of(Role::Caller), None);
    // The plain name is no guess.
    let columns = Columns::find(
        names("call_id,csr,caller_type"),
        &profile(&[(Role::InteractionId, header("call_id"))]),
    )
    .expect("found");
    assert_eq!(columns.of(Role::CallId), Some(0));
}

#[test]
fn a_profile_that_names_what_is_not_there_is_told() {
    let not_there = |name: &str| {
        Err(ColumnFault::NotThere {
            name: name.to_owned(),
        })
    };
    for (named, told) in [
        (header("Agent"), "Agent"),
        (ColumnName::Position(0), "0"),
        (ColumnName::Position(4), "4"),
    ] {
        let log = names("call_id,csr,caller_type");
        let in_columns = Columns::find(log.clone(), &profile(&[(Role::Csr, named.clone())]));
        assert_eq!(in_columns.map(|_| ()), not_there(told));
        let rules = Profile {
            rules: vec![rule(named, CellTest::Empty(true), CallerType::Internal)],
            ..Profile::default()
        };
        assert_eq!(Columns::find(log, &rules).map(|_| ()), not_there(told));
    }
}

#[test]
fn without_a_header_columns_go_by_position_alone() {
    let log = Profile {
        header: false,
        ..profile(&[
            (Role::CallId, ColumnName::Position(2)),
            (Role::Csr, ColumnName::Position(1)),
            (Role::CallerType, ColumnName::Position(3)),
        ])
    };
    let columns = Columns::find(names("1,2,3,4"), &log).expect("found");
    assert_eq!(columns.of(Role::CallId), Some(1));
    assert_eq!(columns.named("4"), Ok(3));
    assert_eq!(columns.named("csr"), Ok(0));
    let missing = Columns::find(
        names("call_id,csr,caller_type"),
        &Profile {
            header: false,
            ..Profile::default()
        },
    );
    assert_eq!(
        missing.map(|_| ()),
        Err(ColumnFault::Missing { role: Role::CallId })
    );
}

#[test]
fn a_column_is_named_by_its_header_or_by_its_role() {
    let columns = Columns::find(
        names("call_id,Agent,caller_type,Team-Name,x,X"),
        &Profile::default(),
    )
    .expect("found");
    assert_eq!(columns.named("csr"), Ok(1));
    assert_eq!(columns.named("team name"), Ok(3));
    assert_eq!(
        columns.named("tem"),
        Err(ColumnFault::NotThere {
            name: "tem".to_owned()
        })
    );
    assert_eq!(
        columns.named("x").map_err(|fault| fault.to_string()),
        Err("columns 5 and 6 are both called `x`".to_owned())
    );
}

#[test]
fn the_first_rule_that_matches_decides_before_the_column() {
    let pattern = regex::Regex::new("^[0-9]{4}$").expect("pattern");
    let columns = Columns::find(
        names("call_id,csr,caller_type,caller"),
        &Profile {
            rules: vec![
                rule(
                    header("caller"),
                    CellTest::Matches(pattern),
                    CallerType::Internal,
                ),
                rule(
                    header("caller"),
                    CellTest::Is(" Anonymous ".to_owned()),
                    CallerType::Unknown,
                ),
                rule(
                    header("caller"),
                    CellTest::Empty(true),
                    CallerType::External,
                ),
            ],
            ..Profile::default()
        },
    )
    .expect("found");
    let told = |caller_type, caller| {
        let row = ["1", "Ada", caller_type, caller];
        columns.caller_type(&Row(&row))
    };
    assert_eq!(told("external", "1234"), (CallerType::Internal, Some(0)));
    assert_eq!(
        told("external", "ANONYMOUS"),
        (CallerType::Unknown, Some(1))
    );
    assert_eq!(told("internal", "  "), (CallerType::External, Some(2)));
    assert_eq!(told("internal", "0711 123"), (CallerType::Internal, None));
    assert_eq!(told("", "0711 123"), (CallerType::Unknown, None));
}

#[test]
fn with_rules_the_caller_type_needs_no_column() {
    let columns = Columns::find(
        names("call_id,csr,caller"),
        &Profile {
            rules: vec![rule(
                header("caller"),
                CellTest::Empty(false),
                CallerType::External,
            )],
            ..Profile::default()
        },
    )
    .expect("found");
    assert_eq!(
        columns.caller_type(&Row(&["1", "Ada", "9"])),
        (CallerType::External, Some(0))
    );
    assert_eq!(
        columns.caller_type(&Row(&["1", "Ada", ""])),
        (CallerType::Unknown, None)
    );
}

#[test]
fn names_are_the_same_without_case_blanks_and_hyphens() {
    assert!(same_name("\u{feff}Call-ID", "call_id"));
    assert!(same_name("Anrufer\u{a0}TYP", "anrufertyp"));
    assert!(same_name("ÜBERGABE", "übergabe"));
    assert!(!same_name("call.id", "call_id"));
}

struct Row<'a>(&'a [&'a str]);

impl Cells for Row<'_> {
    fn cell(&self, column: usize) -> &str {
        self.0.get(column).copied().unwrap_or("")
    }
}

#[test]
fn of_several_names_of_a_column_the_first_that_is_there_counts() {
    let profile = Profile {
        columns: vec![named(Role::Csr, &[header("AGENT NAME"), header("AGENT")])],
        ..Profile::default()
    };
    let csr = |log: &str| Columns::find(names(log), &profile).map(|found| found.of(Role::Csr));
    assert_eq!(csr("call_id,caller_type,Agent,Agent name"), Ok(Some(3)));
    assert_eq!(csr("call_id,caller_type,Agent"), Ok(Some(2)));
    assert_eq!(
        csr("call_id,caller_type,csr").map_err(|fault| fault.to_string()),
        Err("no column `AGENT NAME` or `AGENT`".to_owned())
    );
}

#[test]
fn a_log_may_lack_an_optional_column() {
    let mut profile = profile(&[
        (Role::CallId, ColumnName::Position(1)),
        (Role::Csr, ColumnName::Position(2)),
        (Role::CallerType, ColumnName::Position(3)),
        (Role::InteractionId, ColumnName::Position(4)),
    ]);
    profile.header = false;
    profile.columns[3].optional = true;
    let found = |log: &str| {
        let columns = Columns::find(names(log), &profile).expect("found");
        columns.of(Role::InteractionId)
    };
    assert_eq!(found("1,2,3"), None);
    assert_eq!(found("1,2,3,4"), Some(3));
}

#[test]
fn a_rule_asks_several_columns_and_an_optional_one_may_lack_them() {
    let short = || CellTest::ShorterThan(6);
    let mut rule = rule(header("from"), short(), CallerType::Internal);
    rule.asks.push(ask(header("to"), short()));
    rule.optional = true;
    let profile = Profile {
        rules: vec![rule],
        ..Profile::default()
    };
    let columns = Columns::find(names("call_id,csr,from,to"), &profile).expect("found");
    let told = |from, to| columns.caller_type(&Row(&["1", "Ada", from, to]));
    assert_eq!(told("101", "102"), (CallerType::Internal, Some(0)));
    assert_eq!(told("101", "+4930123456"), (CallerType::Unknown, None));
    assert_eq!(told("+4930123456", "102"), (CallerType::Unknown, None));
    let without = Columns::find(names("call_id,csr,from"), &profile).expect("found");
    assert_eq!(without.rules().count(), 1);
    let row = Row(&["1", "Ada", "101"]);
    assert_eq!(without.caller_type(&row), (CallerType::Unknown, None));
}

#[test]
fn the_csr_stands_in_the_first_of_several_columns_that_is_filled() {
    let profile = Profile {
        csr: CsrRule {
            first_of: vec![header("handled by"), header("gone"), header("user")],
            list: Some(CsrList {
                split: ";".to_owned(),
                take: Take::Only,
            }),
            ..CsrRule::default()
        },
        ..Profile::default()
    };
    let columns =
        Columns::find(names("call_id,caller_type,user,handled by"), &profile).expect("found");
    assert_eq!(columns.all_of(Role::Csr), [3, 2]);
    assert_eq!(columns.of(Role::Csr), Some(3));
    let csr = |user, handled| {
        columns
            .csr(&Row(&["1", "external", user, handled]))
            .to_owned()
    };
    assert_eq!(csr("Ada", " Ben "), "Ben");
    assert_eq!(csr("Ada;", ""), "Ada");
    assert_eq!(csr("Ada;Cy", " "), "");
    let none = Columns::find(names("call_id,caller_type,csr"), &profile).map(|_| ());
    assert_eq!(
        none.map_err(|fault| fault.to_string()),
        Err("no column `handled by` or `gone` or `user`".to_owned())
    );
}

#[test]
fn a_csr_of_one_column_is_its_text_without_outer_blanks() {
    let columns = Columns::find(names("call_id,caller_type,Agent"), &Profile::default());
    let columns = columns.expect("found");
    assert_eq!(columns.csr(&Row(&["1", "x", " Ada; Ben "])), "Ada; Ben");
    assert_eq!(columns.all_of(Role::Csr), [2]);
    assert!(columns.all_of(Role::StartedAt).is_empty());
    assert!(columns.all_of(Role::Queue).is_empty());
    assert_eq!(columns.started_text(&Row(&["1"])), None);
}

#[test]
fn a_start_in_two_columns_is_joined_by_a_blank() {
    let profile = Profile {
        started: vec![header("Date"), header("Time")],
        ..Profile::default()
    };
    let columns =
        Columns::find(names("call_id,csr,caller_type,Time,Date"), &profile).expect("found");
    assert_eq!(columns.of(Role::StartedAt), Some(4));
    assert_eq!(columns.all_of(Role::StartedAt), [4, 3]);
    let text = |time, date| {
        let row = ["1", "Ada", "x", time, date];
        columns.started_text(&Row(&row)).map(Cow::into_owned)
    };
    assert_eq!(
        text(" 09:31", "2026-07-14 ").as_deref(),
        Some("2026-07-14 09:31")
    );
    assert_eq!(text("", "2026-07-14").as_deref(), Some("2026-07-14"));
    assert_eq!(text("", " ").as_deref(), Some(""));
    let missing = Columns::find(names("call_id,csr,caller_type,Date"), &profile).map(|_| ());
    assert_eq!(
        missing,
        Err(ColumnFault::NotThere {
            name: "Time".to_owned()
        })
    );
}

#[test]
fn rows_that_are_no_calls_and_an_export_that_is_not_whole_are_told_by_values() {
    let wanted = |column: &str, values: &[&str]| ColumnValues {
        column: ColumnChoice::header(column),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    let profile = Profile {
        only: vec![wanted("media", &["voice", "callback"])],
        complete: vec![wanted("whole", &["YES"])],
        ..Profile::default()
    };
    let log = "call_id,csr,caller_type,Media,Whole";
    let columns = Columns::find(names(log), &profile).expect("found");
    let told = |media, whole| {
        let cells = ["1", "Ada", "x", media, whole];
        let lacks = columns
            .incomplete(&Row(&cells))
            .map(|lacks| lacks.column.to_string());
        (columns.is_call(&Row(&cells)), lacks)
    };
    assert_eq!(told(" Voice", "yes"), (true, None));
    assert_eq!(told("message", "NO"), (false, Some("whole".to_owned())));
    assert_eq!(told("", ""), (false, Some("whole".to_owned())));
    for lacking in [
        "call_id,csr,caller_type,Media",
        "call_id,csr,caller_type,Whole",
    ] {
        assert!(Columns::find(names(lacking), &profile).is_err());
    }
}
