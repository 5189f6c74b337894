//! Starts and durations as real exports write them: each is read as what it means, or the user is told what to state.

use serde_json::{Value, json};

use crate::harness::{Desk, Ran};

/// A log with starts as they are written, one call each.
fn starts(desk: &Desk, times: &[&str]) {
    let rows = (1..)
        .zip(times)
        .map(|(id, time)| format!("{id},Ada,internal,\"{time}\"\n"));
    let rows: String = rows.collect();
    desk.write(
        "calls.csv",
        format!("call_id,csr,caller_type,started_at\n{rows}"),
    );
}

/// What is said of them on standard error, and the period.
#[track_caller]
fn told(desk: &Desk, profile: &str) -> (String, Value) {
    desk.write("p.toml", format!("format = 1\n{profile}"));
    let Ran { code, out, err } = desk.run("log calls.csv --profile p.toml --format json");
    assert_eq!(code, 0, "{err}");
    let log: Value = serde_json::from_str(&out).expect("JSON");
    (err, log)
}

fn day(day: &str) -> Value {
    json!({"from": day, "to": day})
}

#[test]
fn starts_that_can_be_read_one_way_alone_are_read_and_it_is_said_how() {
    let desk = Desk::new();
    for (time, says) in [
        ("Friday, 1 January, 2021", "are read as `%A, %d %B, %Y`"),
        ("1 January 2021 09:31", "are read as `%d %B %Y %H:%M`"),
        ("01-Jan-21 09:31", "are read as `%d-%b-%y %H:%M`"),
        (
            "2021-01-01 09:31:07 PM",
            "are read as `%Y-%m-%d %I:%M:%S %p`",
        ),
        ("1609492267", "are read as seconds since 1970"),
        ("1609492267123", "are read as milliseconds since 1970"),
        ("1609492267123456", "are read as microseconds since 1970"),
        ("'2021-01-01 09:31'", ""),
        ("2021-01-01T09:31:07.1234567+02:00", ""),
        ("2021-01-01 09:31:07.1234567 +02:00", ""),
        ("2021-01-01T09:31:07.123Z", ""),
        ("2021-01-01 09:31", ""),
    ] {
        starts(&desk, &[time]);
        let (err, log) = told(&desk, "");
        assert_eq!(log["period"], day("2021-01-01"), "{time}");
        assert!(
            err.contains(says) && (err.is_empty() == says.is_empty()),
            "{err}"
        );
    }
}

#[test]
fn how_numbers_count_is_kept_with_the_sample() {
    let desk = Desk::new();
    starts(&desk, &["1609492267123", "1609578667123"]);
    let draw = desk.json(
        "draw calls.csv --rubric rubrics/customer-service.toml --seed s --from 2021-01-02 --format json",
    );
    assert_eq!(draw["sample"]["eligible"], 1);
    desk.run("verify calls.csv").good();
}

#[test]
fn a_start_in_two_columns_or_five_is_put_together() {
    let desk = Desk::new();
    let two = "[time]\ncolumns = [\"Day\", \"Clock\"]\n";
    for clock in [
        "09:12:58",
        "1900-01-01 09:12:58",
        "1899-12-30 09:12:58",
        "0.38400462962963",
        "9:12:58 AM",
    ] {
        for date in ["2026-07-14", "2026-07-14 00:00:00"] {
            // A database's day with midnight has a database's clock.
            if date.len() > 10 && !clock.starts_with("09") && !clock.starts_with("1900") {
                continue;
            }
            desk.write(
                "calls.csv",
                format!("call_id,csr,caller_type,Day,Clock\n1,Ada,internal,{date},{clock}\n"),
            );
            let (_, log) = told(&desk, two);
            assert_eq!(log["period"], day("2026-07-14"), "{date} {clock}");
        }
    }
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type,Month,Day,Year,Word,Time\n1,Ada,internal,June,\"14,\",2026,at,01:43PM\n\
         2,Ada,internal,July,\"3,\",2026,at,11:03AM\n",
    );
    let (err, log) = told(
        &desk,
        "[time]\ncolumns = [\"Month\", \"Day\", \"Year\", \"Word\", \"Time\"]\n",
    );
    assert!(err.contains("`%B %d, %Y at %I:%M%p`"), "{err}");
    assert_eq!(
        log["period"],
        json!({"from": "2026-06-14", "to": "2026-07-03"})
    );
}

#[test]
fn several_styles_in_one_column_are_read_once_all_are_stated_and_none_is_lost_without_a_word() {
    let desk = Desk::new();
    starts(
        &desk,
        &[
            "2026-07-14",
            "14.07.2026",
            "2024-13-04",
            "June 14, 2026",
            "14 06 2026",
        ],
    );
    let (err, log) = told(&desk, "");
    let says = "times such as `14.07.2026` in line 3 can't be read, others can";
    assert!(err.contains(says), "{err}");
    assert_eq!(log["unread_times"], 4);
    let (_, log) = told(
        &desk,
        "[time]\nformat = [\"%Y-%m-%d\", \"%d.%m.%Y\", \"%B %d, %Y\", \"%d %m %Y\"]\n",
    );
    assert_eq!(log["unread_times"], 1);
}

#[test]
fn what_a_start_lacks_can_t_be_guessed_and_it_is_said_what_to_do() {
    let desk = Desk::new();
    starts(&desk, &["14.07. 09:00", "15.07. 10:00"]);
    let (err, log) = told(&desk, "");
    let says = "have no year: state `year` and `format` (\"%d.%m. %H:%M\") under [time]";
    assert!(err.contains(says), "{err}");
    assert_eq!(
        (&log["period"], &log["unread_times"]),
        (&json!(null), &json!(2))
    );
    let (_, log) = told(&desk, "[time]\nyear = 2026\nformat = \"%d.%m. %H:%M\"\n");
    assert_eq!(
        log["period"],
        json!({"from": "2026-07-14", "to": "2026-07-15"})
    );
    let rubric = "--rubric rubrics/customer-service.toml --seed s --from 2026-07-15 --format json";
    let draw = desk.json(&format!("draw calls.csv --profile p.toml {rubric}"));
    assert_eq!(draw["sample"]["eligible"], 1);
    desk.run("verify calls.csv").good();
    for times in [["9", "10"], ["09:12", "10:13"]] {
        starts(&desk, &times);
        let (err, _) = told(&desk, "");
        assert!(err.contains("have no day"), "{err}");
        assert!(err.contains("`columns = [\"Date\", \"Time\"]`"), "{err}");
    }
    desk.write("p.toml", "format = 1\n[time]\nyear = 2026\n");
    desk.run("log calls.csv --profile p.toml")
        .fails(3, "`year` belongs to a `format`");
    desk.write(
        "p.toml",
        "format = 1\n[time]\nyear = 26\nformat = \"%d.%m.\"\n",
    );
    desk.run("log calls.csv --profile p.toml")
        .fails(3, "`year` must be a year such as 2026");
}

#[test]
fn the_end_may_stand_for_the_start_where_a_profile_says_so() {
    let desk = Desk::new();
    desk.write(
        "calls.csv",
        "call_id,csr,caller_type,End Date\n1,Ada,internal,2026-07-14 09:00\n",
    );
    let (_, log) = told(&desk, "[columns]\nstarted_at = \"End Date\"\n");
    assert_eq!(log["period"], day("2026-07-14"));
}

/// How many calls are at least so long.
#[track_caller]
fn long(desk: &Desk, profile: &str, durations: &[&str], least: &str) -> Value {
    let rows = (1..)
        .zip(durations)
        .map(|(id, text)| format!("{id},Ada,internal,\"{text}\"\n"));
    let rows: String = rows.collect();
    desk.write(
        "calls.csv",
        format!("call_id,csr,caller_type,duration\n{rows}"),
    );
    let (_, log) = told(desk, profile);
    assert_eq!(log["unread_durations"], 0, "{durations:?}");
    let fresh = Desk::new();
    fresh.write("calls.csv", desk.read("calls.csv"));
    fresh.write("p.toml", desk.read("p.toml"));
    let draw = fresh.json(&format!(
        "draw calls.csv --profile p.toml --rubric rubrics/customer-service.toml --seed s --min-duration {least} --format json"
    ));
    draw["sample"]["eligible"].clone()
}

#[test]
fn durations_that_say_their_unit_are_read_and_others_go_by_the_profile() {
    let desk = Desk::new();
    let words = [
        "13 mins 54 secs",
        "54 sn.",
        "0.5 Days",
        "12:02:23 AM",
        "1 h, 2 min",
        "PT2M23S",
        "2:23",
        "0:02:23",
        "1549.97",
        "57200",
    ];
    // The 54 seconds alone are shorter.
    assert_eq!(long(&desk, "", &words, "143"), json!(words.len() - 1));
    let minutes = "[duration]\nunit = \"minutes\"\n";
    assert_eq!(
        long(&desk, minutes, &["37.0", "8.5", "8.4", "90 sec"], "510"),
        2
    );
    let clock = "[duration]\nclock = \"h:mm\"\n";
    assert_eq!(long(&desk, clock, &["0:05", "1:02", "0:04"], "300"), 2);
    desk.write("p.toml", "format = 1\n[duration]\nclock = \"h:mm:ss\"\n");
    desk.run("log calls.csv --profile p.toml").fails(3, "h:mm");
    desk.write("calls.csv", "call_id,csr,caller_type,duration\n1,Ada,internal,long\n2,Ada,internal,\n3,Ada,internal,-3\n");
    let (_, log) = told(&desk, "");
    assert_eq!(
        (&log["unread_durations"], &log["negative_durations"]),
        (&json!(1), &json!(1))
    );
}
