//! What goes past the plan in such a month, and must still come out even.

use super::refusals::Begun;
use super::{list, logs, text};

fn answers(call: &str, analyst: &str) -> String {
    format!(
        "call_id,analyst,greets,solves,courteous,caller_type_heard\n{call},{analyst},yes,full,yes,internal\n"
    )
}

#[test]
fn a_call_that_its_new_analyst_has_scored_unasked_is_not_given_to_be_scored_again() {
    let begun = Begun::new();
    let call = &begun.ones[2];
    begun.desk.write("unasked.csv", answers(call, "qa2"));
    begun.desk.run("record unasked.csv").good();
    begun.desk.run("assign --from qa1 --to qa2 --all").good();
    let queue = begun.desk.json("queue --format json");
    let mut rows = list(&queue, "queue").iter();
    let row = rows.find(|row| row["analyst"] == "qa2").expect("qa2");
    // The call that qa1 completed stays theirs.
    assert_eq!([&row["drawn"], &row["left"]], [31, 30]);
    begun.desk.run("verify week1.csv week2.csv").good();
}

#[test]
fn a_draft_goes_on_where_its_call_comes_back_to_who_began_it() {
    let begun = Begun::new();
    let call = &begun.ones[2];
    let score = format!("score --plain --analyst qa1 --call {call}");
    begun.desk.type_in(&score, "y\nq\n").good();
    let given = |to: &str| {
        let words = format!("assign {call} --to {to}");
        begun.desk.run(&words).good();
        let queue = begun.desk.json("queue --format json");
        text(&list(&queue, "drafts")[0], "state").to_owned()
    };
    assert_eq!(given("qa2"), "kept; the call was given to somebody else");
    begun
        .desk
        .type_in(&score, "q\n")
        .fails(3, "is given to qa2");
    assert_eq!(given("qa1"), "goes on");
    let said = begun.desk.type_in(&score, "q\n").good();
    assert!(said.contains("Going on where you stopped"), "{said}");
}

#[test]
fn a_picked_call_that_can_not_be_scored_is_replaced_once_it_is_drawn() {
    let begun = Begun::new();
    let strata = logs::strata(&logs::logs().0[..3]);
    let call = &strata[&(3, "Ana Ruiz", "external")][0].id;
    begun
        .desk
        .run(&format!("pick {call} --from week3.csv --why complaint"))
        .good();
    begun.desk.write(
        "gone.csv",
        format!("call_id,analyst,unscorable\n{call},qa1,no-recording\n"),
    );
    begun.desk.run("record gone.csv").good();
    let scorable = || {
        let samples = begun.desk.json("samples --format json");
        let july = list(&samples, "samples")[0].clone();
        let number = |key: &str| july[key].as_u64().expect("number");
        number("drawn") - number("unscorable")
    };
    let before = scorable();
    begun.desk.run("draw week3.csv --into july").good();
    assert_eq!(scorable(), before + 12);
    begun
        .desk
        .run("verify week1.csv week2.csv week3.csv")
        .good();
}

#[test]
fn a_picked_reserve_that_was_given_to_somebody_stays_theirs_when_it_is_drawn() {
    let begun = Begun::new();
    let strata = logs::strata(&[logs::week(1)]);
    let gone = &begun.ones[2];
    let mut strata = strata.values();
    let calls = strata
        .find(|calls| calls.iter().any(|call| call.id == *gone))
        .expect("its stratum");
    // Somebody's call can't be scored already where this is not the first reserve.
    let lost = calls.iter().filter(|call| call.id == begun.ones[1]).count();
    let reserve = &calls[logs::QUOTA + lost].id;
    for words in [
        format!("pick {reserve} --from week1.csv --why coaching"),
        format!("assign {reserve} --to qa2"),
    ] {
        begun.desk.run(&words).good();
    }
    begun.desk.write(
        "gone.csv",
        format!("call_id,analyst,unscorable\n{gone},qa1,no-recording\n"),
    );
    begun.desk.run("record gone.csv").good();
    let log = begun.desk.json("samples log july --format json");
    let last = list(&log, "acts").last().expect("act");
    assert!(
        text(last, "detail").contains(&format!("replaced by `{reserve}`")),
        "{last}"
    );
    let said = begun.desk.type_in(
        &format!("score --plain --analyst qa2 --call {reserve}"),
        "q\n",
    );
    assert!(said.good().contains(reserve));
    begun
        .desk
        .type_in(
            &format!("score --plain --analyst qa1 --call {reserve}"),
            "q\n",
        )
        .fails(3, "given to qa2");
    begun.desk.run("verify week1.csv week2.csv").good();
}

#[test]
fn a_call_that_can_be_scored_after_all_stays_scored_by_who_had_scored_it() {
    let begun = Begun::new();
    let drawn = begun.desk.json(
        "draw week1.csv --rubric rubric.toml --name twice --seed x -n 8 --analysts qa1,qa2 --double 100% --format json",
    );
    let mut all = list(&drawn, "assignments").iter();
    let first = all.find(|one| one["analyst"] == "qa1" && one["second"] == false);
    let call = text(first.expect("a call of qa1"), "call_id");
    begun.desk.write("second.csv", answers(call, "qa2"));
    begun.desk.write(
        "gone.csv",
        format!("call_id,analyst,unscorable\n{call},qa1,no-recording\n"),
    );
    for words in [
        "record second.csv --sample twice",
        "record gone.csv --sample twice",
        &format!("reopen {call} --reason found --sample twice --by sup"),
        "verify week1.csv --sample twice",
    ] {
        begun.desk.run(words).good();
    }
    let queue = begun.desk.json("queue --sample twice --format json");
    let left = list(&queue, "queue")
        .iter()
        .map(|row| (text(row, "analyst"), row["left"].as_u64()));
    assert_eq!(
        left.collect::<Vec<_>>(),
        [("qa1", Some(8)), ("qa2", Some(7))]
    );
}

#[test]
fn an_evaluation_opened_twice_keeps_what_was_amended() {
    let begun = Begun::new();
    let reopen = format!("reopen {} --reason misheard", begun.ones[0]);
    begun.desk.run(&reopen).good();
    let score = format!("score --plain --analyst qa1 --call {}", begun.ones[0]);
    begun.desk.type_in(&score, "d\n1\nq\n").good();
    begun.desk.run(&reopen).good();
    let said = begun.desk.type_in(&score, "d\n\nq\n").good();
    assert!(said.contains("[x] 1 Complained"), "{said}");
}
