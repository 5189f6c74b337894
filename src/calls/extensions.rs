use std::fmt;
use std::str::FromStr;

use super::number::without_signs;

/// The numbers inside a company: single extensions and ranges of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// First and last, in order.
    ranges: Vec<(Extension, Extension)>,
    given: usize,
}

/// Digits; a shorter one comes before a longer one, so `0100` isn't `100`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Extension(usize, String);

impl Extension {
    fn new(text: &str) -> Option<Self> {
        let digits = without_signs(text);
        let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        all.then_some(Self(digits.len(), digits))
    }
}

/// The text is no extension and no range of extensions.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is neither an extension such as 4711 nor a range of numbers of one length such as 1000-1999"
)]
pub struct NotAnExtension(pub String);

/// One extension, or the first and the last of a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionRange(Extension, Extension);

impl FromStr for ExtensionRange {
    type Err = NotAnExtension;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAnExtension(text.to_owned());
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        if last.contains('-') {
            return Err(wrong());
        }
        match (Extension::new(first), Extension::new(last)) {
            (Some(first), Some(last)) if first.0 == last.0 && first <= last => {
                Ok(Self(first, last))
            }
            _ => Err(wrong()),
        }
    }
}

impl Extensions {
    /// All that are in one of the ranges.
    pub fn new(ranges: impl IntoIterator<Item = ExtensionRange>) -> Self {
        let mut all: Vec<(Extension, Extension)> =
            ranges.into_iter().map(|range| (range.0, range.1)).collect();
        let given = all.len();
        all.sort();
        let mut ranges: Vec<(Extension, Extension)> = Vec::with_capacity(all.len());
        for (first, last) in all {
            match ranges.last_mut() {
                Some((_, end)) if first <= *end => *end = last.max(end.clone()),
                _ => ranges.push((first, last)),
            }
        }
        Self { ranges, given }
    }

    /// Whether a cell is one of these extensions and nothing else.
    pub fn has(&self, cell: &str) -> bool {
        let Some(extension) = Extension::new(cell) else {
            return false;
        };
        let after = self
            .ranges
            .partition_point(|(first, _)| *first <= extension);
        let before = after.checked_sub(1).and_then(|at| self.ranges.get(at));
        before.is_some_and(|(_, last)| extension <= *last)
    }
}

/// A few are told, many are counted.
impl fmt::Display for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.given > MOST_TOLD {
            return write!(f, "the {} extensions and ranges listed", self.given);
        }
        for (at, (first, last)) in self.ranges.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{}", first.1)?;
            if first != last {
                write!(f, "-{}", last.1)?;
            }
        }
        Ok(())
    }
}

const MOST_TOLD: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn extensions(texts: &[&str]) -> Extensions {
        Extensions::new(texts.iter().map(|text| text.parse().expect("a range")))
    }

    #[test]
    fn a_cell_is_inside_a_range_or_alone() {
        let own = extensions(&["1000-1999", "4711", "0100-0199", "1500-2500"]);
        for inside in ["1000", "1999", "2500", "4711", " 47-11 ", "0150"] {
            assert!(own.has(inside), "{inside}");
        }
        for outside in [
            "999", "2501", "47110", "150", "01000", "", "-", "x4711", "+4711",
        ] {
            assert!(!own.has(outside), "{outside}");
        }
        assert!(!Extensions::default().has("1"));
    }

    #[test]
    fn what_is_no_extension_is_told() {
        for text in [
            "", "-", "12-", "-12", "20-10", "1-2-3", "12a", "ext 12", "+12", "990-1010",
        ] {
            let told = text.parse::<ExtensionRange>().map_err(|fault| fault.0);
            assert_eq!(told, Err(text.to_owned()));
        }
    }

    #[test]
    fn a_few_are_told_and_many_counted() {
        assert_eq!(
            extensions(&["4711", "1000-1999"]).to_string(),
            "1000-1999, 4711"
        );
        let many = extensions(&["1", "2", "3", "4", "5", "6"]);
        assert_eq!(many.to_string(), "the 6 extensions and ranges listed");
    }
}
