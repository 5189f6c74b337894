//! Answers as JSON lines: one object per line.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::answers::{AnswerColumn, Building, locate};
use crate::calls::escape;

pub(super) fn read(building: &mut Building, text: &str) {
    let (mut offset, mut number) = (0, 0);
    for line in text.split_inclusive('\n') {
        number += 1;
        let start = offset;
        offset += line.len();
        if !line.trim().is_empty() {
            object(building, text, line.trim_end(), number, start);
        }
    }
}

/// What is wrong with a key, and which of its occurrences is meant.
struct KeyFault {
    key: String,
    occurrence: usize,
    message: String,
}

fn object(building: &mut Building, text: &str, line: &str, number: u64, start: usize) {
    let fault = RefCell::new(None);
    building.begin_row(number, start);
    let mut json = serde_json::Deserializer::from_str(line);
    let object = ObjectSeed {
        building,
        fault: &fault,
        line,
    };
    let read = object.deserialize(&mut json).and_then(|()| json.end());
    let told = match (read, fault.into_inner()) {
        (_, Some(fault)) => {
            let at = json_cell(line, &fault.key, fault.occurrence).unwrap_or(0..0);
            Some((fault.message, at))
        }
        (Err(error), None) => {
            // The column counts bytes, from 1; at the end of the line it stands behind it.
            let at = error.column().saturating_sub(1).min(line.len());
            let message = error.to_string();
            let message = message
                .rsplit_once(" at line ")
                .map_or(&*message, |(m, _)| m);
            Some((
                format!("this is not a JSON object: {}", escape(message)),
                at..at + 1,
            ))
        }
        (Ok(()), None) if !building.row_has_call() => Some((
            "this row does not name its call (`call_id`)".to_owned(),
            0..line.len(),
        )),
        (Ok(()), None) => None,
    };
    if let Some((message, at)) = told {
        let problem = building
            .problem(message)
            .at(locate(text, number, start, at));
        building.problems.push(problem);
    }
}

struct ObjectSeed<'b> {
    building: &'b mut Building,
    fault: &'b RefCell<Option<KeyFault>>,
    line: &'b str,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: Vec<usize> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(ValueSeed)?;
            let mut told = None;
            match (self.building.column(&key), value) {
                (Err(message), _) => told = Some((0, message)),
                (Ok(column), _) if seen.contains(&column) => {
                    told = Some((1, format!("the key `{}` stands twice", escape(&key))));
                }
                (Ok(_), Value::Other) => {
                    let key = escape(&key);
                    let wanted = "text, a number, true, false, null or a list of texts";
                    told = Some((0, format!("`{key}` must be {wanted}")));
                }
                (Ok(column), Value::List(_))
                    if self.building.columns()[column] != AnswerColumn::Drivers =>
                {
                    let key = escape(&key);
                    told = Some((0, format!("only `drivers` may be a list, not `{key}`")));
                }
                (Ok(column), Value::Number(text)) => {
                    seen.push(column);
                    // Of an id every digit counts.
                    let is_id = self.building.columns()[column] == AnswerColumn::CallId;
                    let own = json_cell(self.line, &key, 0).filter(|_| is_id);
                    let own = own.and_then(|own| self.line.get(own));
                    self.building.cell(column, own.unwrap_or(&text));
                }
                (Ok(column), Value::Text(text) | Value::List(text)) => {
                    seen.push(column);
                    self.building.cell(column, &text);
                }
            }
            if let Some((occurrence, message)) = told {
                self.fault.borrow_mut().get_or_insert(KeyFault {
                    key,
                    occurrence,
                    message,
                });
            }
        }
        Ok(())
    }
}

enum Value {
    Text(String),
    /// That is no whole number of 64 bits, so it may be written otherwise.
    Number(String),
    /// Joined by `;`.
    List(String),
    Other,
}

struct ValueSeed;

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Text(if flag { "yes" } else { "no" }.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Text(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Text(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Text(String::new()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut texts = Vec::new();
        let mut fine = true;
        while let Some(item) = list.next_element_seed(ValueSeed)? {
            match item {
                Value::Text(text) | Value::Number(text) => texts.push(text),
                Value::List(_) | Value::Other => fine = false,
            }
        }
        Ok(if fine {
            Value::List(texts.join(";"))
        } else {
            Value::Other
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_key::<String>()?.is_some() {
            map.next_value_seed(ValueSeed)?;
        }
        Ok(Value::Other)
    }
}

/// Where the value of a key stands in a line that holds a JSON object; `occurrence` counts from 0.
pub(super) fn json_cell(line: &str, key: &str, occurrence: usize) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let (mut at, mut depth, mut left) = (0, 0_usize, occurrence);
    let mut value: Option<usize> = None;
    let mut last_text: Range<usize> = 0..0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                let end = text_end(bytes, at);
                last_text = at..end;
                at = end;
                continue;
            }
            b':' if depth == 1 && value.is_none() => {
                let name: Option<String> = serde_json::from_str(&line[last_text.clone()]).ok();
                if name.as_deref() == Some(key) {
                    if left == 0 {
                        value = Some(at + 1);
                    } else {
                        left -= 1;
                    }
                }
            }
            b',' | b'}' if depth == 1 && value.is_some() => {
                let from = value.unwrap_or(at);
                let text = &line[from..at];
                let blank = text.len() - text.trim_start().len();
                return Some(from + blank..from + text.trim_end().len().max(blank));
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'\n' => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset behind a JSON text that begins at `start`.
fn text_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use crate::read::answers::{AnswerColumn, AnswersFile, answers_text};

    fn file(text: &str) -> AnswersFile {
        answers_text("a.jsonl".to_owned(), text.to_owned(), true)
            .unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn told(text: &str) -> String {
        answers_text("a.jsonl".to_owned(), text.to_owned(), true)
            .expect_err("has problems")
            .to_text(false)
    }

    #[test]
    fn an_id_of_many_digits_has_all_of_them() {
        let file = file("{\"seconds\": 1.50, \"call_id\" : 10442217891710871230001}");
        let row = file.rows().next().expect("a row");
        let cells: Vec<&str> = row.cells().map(|(_, _, text)| text).collect();
        assert_eq!(cells, ["1.5", "10442217891710871230001"]);
    }

    #[test]
    fn values_become_the_texts_a_csv_file_would_have() {
        let file = file(
            "{\"call_id\": 17, \"greets\": true, \"solves\": false, \"drivers\": [\"a\", \"b\"], \"seconds\": 12.5}\r\n\
             \n{\"greets\": null, \"call_id\": \"C-\\u00e9\", \"comment:greets\": \"x\\ny\"}",
        );
        let rows: Vec<Vec<(usize, &str)>> = file
            .rows()
            .map(|row| {
                row.cells()
                    .map(|(column, _, text)| (column, text))
                    .collect()
            })
            .collect();
        assert_eq!(
            rows,
            [
                vec![(0, "17"), (1, "yes"), (2, "no"), (3, "a;b"), (4, "12.5")],
                vec![(0, "C-é"), (5, "x\ny")],
            ]
        );
        let lines: Vec<u64> = file.rows().map(|row| row.line()).collect();
        assert_eq!(lines, [1, 3]);
        assert_eq!(file.columns()[3], AnswerColumn::Drivers);
    }

    #[test]
    fn a_value_is_shown_where_it_stands() {
        let file = file(
            "{\"call_id\": \"1\"}\n{\"a\": {}, \"call_id\" : \"x\"}\n"
                .replace("{}", "\"n{,}\"")
                .as_str(),
        );
        let row = file.rows().nth(1).expect("a row");
        assert_eq!(
            file.problem_at(&row, 0, "no call `x` was drawn", None)
                .to_text(false),
            "\
error: no call `x` was drawn
 --> a.jsonl:2:27
  |
2 | {\"a\": \"n{,}\", \"call_id\" : \"x\"}
  |                           ^^^"
        );
        let column = file.problem_in_column(1, "no behavior is called `a`", None);
        assert_eq!(
            column.place.map(|place| (place.line, place.column)),
            Some((2, 7))
        );
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        assert_eq!(
            told(
                "{\"call_id\": \"1\", \"greets\": \"yes\", \"greets\": \"no\"}\n\
                 {\"call_id\": \"2\", \"greets\": {\"a\": 1}}\n\
                 {\"call_id\": \"3\", \"greets\": [\"yes\"]}\n\
                 {\"call_id\": \"4\", \"greets\": yes}\n\
                 {\"greets\": \"yes\"}\n\
                 [1]\n\
                 {\"call_id\": \"5\"} x\n\
                 {\"call_id\": \"6\", \"Call ID\": \"7\"}\n"
            ),
            "\
error: the key `greets` stands twice
 --> a.jsonl:1:45
  |
1 | {\"call_id\": \"1\", \"greets\": \"yes\", \"greets\": \"no\"}
  |                                             ^^^^

error: `greets` must be text, a number, true, false, null or a list of texts
 --> a.jsonl:2:28
  |
2 | {\"call_id\": \"2\", \"greets\": {\"a\": 1}}
  |                            ^^^^^^^^

error: only `drivers` may be a list, not `greets`
 --> a.jsonl:3:28
  |
3 | {\"call_id\": \"3\", \"greets\": [\"yes\"]}
  |                            ^^^^^^^

error: this is not a JSON object: expected value
 --> a.jsonl:4:28
  |
4 | {\"call_id\": \"4\", \"greets\": yes}
  |                            ^

error: this row does not name its call (`call_id`)
 --> a.jsonl:5:1
  |
5 | {\"greets\": \"yes\"}
  | ^^^^^^^^^^^^^^^^^

error: this is not a JSON object: invalid type: sequence, expected an object
 --> a.jsonl:6:1
  |
6 | [1]
  | ^

error: this is not a JSON object: trailing characters
 --> a.jsonl:7:18
  |
7 | {\"call_id\": \"5\"} x
  |                  ^

error: `Call ID` and `call_id` are the same column
 --> a.jsonl:8:29
  |
8 | {\"call_id\": \"6\", \"Call ID\": \"7\"}
  |                             ^^^"
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{{\"call_id\": {}", "[".repeat(100_000));
        assert!(told(&deep).contains("recursion limit"));
    }
}
