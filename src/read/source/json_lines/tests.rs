use std::io::Seek;

use super::*;

fn written(text: &'static str) -> (String, Vec<u64>) {
    let mut open = || -> Result<Text, Problem> { Ok(Box::new(text.as_bytes())) };
    let table = table(&mut open).unwrap_or_else(|told| panic!("{told:?}"));
    let mut file = table.text.try_clone().expect("file");
    file.rewind().expect("rewound");
    let mut text = String::new();
    file.read_to_string(&mut text).expect("read");
    let lines = (2..=text.lines().count() as u64).map(|line| table.lines.of(line));
    (text.clone(), lines.collect())
}

#[test]
fn objects_become_rows_and_paths_columns() {
    let (text, lines) = written(
        "{\"id\": 1044221789171087123, \"Agent\": {\"Username\": \"ada\", \"On\": true}}\n\n\
         {\"id\": \"b,2\", \"tags\": [\"x\", 7, null], \"Recordings\": [{\"Location\": \"s3://r\"}], \"none\": null}\n\
         {\"id\": 3}{\"id\": 4}\n",
    );
    assert_eq!(
        text,
        "id,Agent.Username,Agent.On,tags,Recordings.0.Location,none\n\
         1044221789171087123,ada,true,,,\n\
         \"b,2\",,,x; 7; ,s3://r,\n\
         3,,,,,\n\
         4,,,,,\n"
    );
    assert_eq!(lines, [1, 3, 4, 4]);
}

#[test]
fn numbers_beyond_64_bits_stay_as_they_are_written() {
    let (text, _) = written(
        "{\"id\": 10442217891710871230001, \"s\": 1.50}\n{\"id\": 10442217891710871230002, \"s\": 1e2}\n",
    );
    assert_eq!(
        text,
        "id,s\n10442217891710871230001,1.50\n10442217891710871230002,1e2\n"
    );
}

#[test]
fn an_object_may_go_over_several_lines_and_what_is_none_is_a_row_that_can_t_be_read() {
    let (text, lines) =
        written("{\"id\":\n 1,\n \"a\": 2}\n{\"id\": oops}\n7\n{\"id\": 5, \"a\": 6}\n{\"id\"");
    assert_eq!(text, "id,a\n1,2\n\"\",,\n\"\",,\n5,6\n\"\",,\n");
    assert_eq!(lines, [1, 4, 5, 6, 7]);
}

#[test]
fn a_line_that_breaks_off_takes_no_other_along_and_blank_lines_are_nothing() {
    let (text, lines) = written("{\"id\": 5,\n{\"id\": 6}\n{\"id\": 7} {oops\n{\"id\": 8}\n");
    assert_eq!(text, "id\n\"\",\n6\n7\n\"\",\n8\n");
    assert_eq!(lines, [1, 2, 3, 3, 4]);
    let blank: &'static str = Box::leak("\n".repeat(100_000).into_boxed_str());
    let blank: &'static str = Box::leak(format!("{blank}{{\"id\": 1}}").into_boxed_str());
    assert_eq!(written(blank).1, [100_001]);
}

#[test]
fn a_text_is_json_only_if_it_begins_so() {
    let begins = |text: &'static str| begins(&mut (Box::new(text.as_bytes()) as Text));
    assert!(begins("{\"id\": 1}"));
    assert!(begins("\u{feff}\n { \"id\": 1}"));
    assert!(begins("[{\"id\": 1}]"));
    assert!(begins("[]"));
    for text in ["", "call_id,csr\n", "{id},csr\n", "[id];csr\n"] {
        assert!(!begins(text), "{text}");
    }
}

#[test]
fn a_list_is_read_however_its_lines_are_broken() {
    for (text, places) in [
        ("[{\"id\": 1}, {\"id\": 2}]", [1, 1]),
        ("\u{feff}\n[\n{\"id\": 1}\n,{\"id\":\n 2}\n]\n", [3, 4]),
        ("[{\n\"id\": 1\n},\n{\"id\": 2},]", [1, 4]),
        ("[{\"id\": 1}]\n[]\n[{\"id\": 2}]", [1, 3]),
    ] {
        let (table, lines) = written(text);
        assert_eq!(
            (table.as_str(), lines.as_slice()),
            ("id\n1\n2\n", &places[..]),
            "{text}"
        );
    }
    assert_eq!(written("[{\"id\": 1}, 7]").0, "id\n1\n\"\",\n");
    let long: String = (0..40_000).map(|id| format!(",{{\"id\":{id}}}")).collect();
    let long = Box::leak(format!("[{}]", &long[1..]).into_boxed_str());
    assert_eq!(written(long).1.len(), 40_000);
}

#[test]
fn a_list_that_breaks_off_or_is_none_is_told_with_its_line() {
    for (text, told) in [
        ("[{\"id\": 1},\n", "breaks off in line 2"),
        ("[{\"id\": 1}\n", "breaks off in line 2"),
        ("[{\"id\": 1},\n{\"id\":", "breaks off in line 2"),
        ("[{\"id\": 1}\n{\"id\": 2}]", "what stands in line 2"),
        ("[{\"id\": 1},\n{\"id\": oops}]", "what stands in line 2"),
        ("[{\"id\": 1}]\nmore", "what stands in line 2"),
        ("[]", "the list in this file has no object"),
        ("[]\n[ ]\n", "the list in this file has no object"),
        ("{}\n{}", "no object in this file has a key"),
    ] {
        let mut open = || -> Result<Text, Problem> { Ok(Box::new(text.as_bytes())) };
        let Err(Told::Content(message, _)) = table(&mut open) else {
            panic!("refused");
        };
        assert!(message.contains(told), "{text}: {message}");
    }
}
