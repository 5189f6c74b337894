//! JSON with every number as it is written: an id of many digits has all of them, and 1751379602.10 is not 1751379602.1.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Keys and values in their order. A key that stands twice is there twice.
pub(super) type Object = Vec<(String, Tree)>;

#[derive(Debug, PartialEq)]
pub(super) enum Tree {
    /// A text, a number, `true` or `false`; nothing is an empty text.
    Plain(String),
    /// A number that may have been written otherwise, until [`Tree::number_as_written`] has put its text in.
    Number(String),
    List(Vec<Tree>),
    Object(Object),
}

impl Tree {
    pub(super) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_) | Self::Number(_))
    }

    /// Of lists and objects none.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Number(text) => text,
            Self::List(_) | Self::Object(_) => "",
        }
    }

    /// Puts the text of every number in that is no whole number of 64 bits. `written` is what the tree was read from.
    pub(super) fn number_as_written(&mut self, written: &[u8]) {
        self.fill(&mut Numbers(written));
    }

    fn fill(&mut self, numbers: &mut Numbers<'_>) {
        match self {
            Self::Plain(_) => {}
            Self::Number(text) => {
                let written = numbers.find(|number| !is_whole(number));
                if let Some(written) = written.and_then(|number| std::str::from_utf8(number).ok()) {
                    written.clone_into(text);
                }
            }
            Self::List(list) => list.iter_mut().for_each(|value| value.fill(numbers)),
            Self::Object(object) => (object.iter_mut()).for_each(|(_, value)| value.fill(numbers)),
        }
    }
}

/// Whether a number is one of 64 bits, whose text tells it; `-0` is none.
fn is_whole(number: &[u8]) -> bool {
    let number = std::str::from_utf8(number).unwrap_or_default();
    match number.starts_with('-') {
        true => number != "-0" && number.parse::<i64>().is_ok(),
        false => number.parse::<u64>().is_ok(),
    }
}

/// The numbers of a text that is JSON, in their order.
struct Numbers<'a>(&'a [u8]);

impl<'a> Iterator for Numbers<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let at = (self.0.iter()).position(|byte| matches!(byte, b'"' | b'-' | b'0'..=b'9'))?;
            let rest = &self.0[at..];
            if rest[0] != b'"' {
                let number =
                    |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                let end = rest.iter().position(|byte| !number(byte));
                let (number, behind) = rest.split_at(end.unwrap_or(rest.len()));
                self.0 = behind;
                return Some(number);
            }
            let mut end = 1;
            loop {
                end += memchr::memchr2(b'"', b'\\', &rest[end..])?;
                if rest[end] == b'"' {
                    break;
                }
                // What is escaped ends nothing.
                end = (end + 2).min(rest.len());
            }
            self.0 = &rest[end + 1..];
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Tree;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Plain(String::new()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
                Ok(Tree::Plain(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
                Ok(Tree::Plain(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
                Ok(Tree::Plain(value.to_string()))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Tree, E> {
                Ok(Tree::Number(String::new()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
                Ok(Tree::Plain(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Tree, E> {
                Ok(Tree::Plain(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = from.next_element()? {
                    list.push(value);
                }
                Ok(Tree::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Tree, A::Error> {
                let mut object = Object::new();
                while let Some(entry) = from.next_entry()? {
                    object.push(entry);
                }
                Ok(Tree::Object(object))
            }
        }
        from.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Tree {
        let mut tree: Tree = serde_json::from_str(text).expect("JSON");
        tree.number_as_written(text.as_bytes());
        tree
    }

    #[test]
    fn numbers_are_what_is_written() {
        for number in [
            "10442217891710871230001",
            "-10442217891710871230001",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775809",
            "1751379602.10",
            "1.50",
            "12E5",
            "1e+22",
            "0",
            "-0",
            "-7",
            "-0.0",
        ] {
            assert_eq!(read(number).text(), number);
        }
    }

    #[test]
    fn each_number_is_its_own_whatever_stands_between() {
        let tree = read(
            r#"{"1.5": "\\\"2.5", "a": [7, true, -3.50, "x\\"], "b\"4.5": {"c": 1.0, "d": null, "e": "-6.5"}, "a": 8.80, "\u0022": 9.90}"#,
        );
        let Tree::Object(object) = tree else {
            panic!("an object");
        };
        let Tree::List(list) = &object[1].1 else {
            panic!("a list");
        };
        let texts: Vec<&str> = list.iter().map(Tree::text).collect();
        assert_eq!(texts, ["7", "true", "-3.50", "x\\"]);
        let Tree::Object(inner) = &object[2].1 else {
            panic!("an object");
        };
        let texts: Vec<&str> = inner.iter().map(|(_, value)| value.text()).collect();
        assert_eq!(texts, ["1.0", "", "-6.5"]);
        assert_eq!((object[3].1.text(), object[4].1.text()), ("8.80", "9.90"));
    }
}
