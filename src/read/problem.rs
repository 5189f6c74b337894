use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::excerpt::{Excerpt, Place, Source};
use crate::calls::escape;

/// What can't be read: what, where and what next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// As the user named it.
    pub file: String,
    pub place: Option<Place>,
    pub excerpt: Option<Box<Excerpt>>,
    /// A lower-case fragment, the user's words in backticks.
    pub message: String,
    pub hint: Option<String>,
}

/// Decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The content is wrong.
    BadInput,
    /// There is no such file.
    NotFound,
    /// The file can't be read.
    Io,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, file: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            file: file.to_owned(),
            place: None,
            excerpt: None,
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn bad(file: &str, message: impl Into<String>) -> Self {
        Self::new(ProblemKind::BadInput, file, message)
    }

    pub(super) fn in_source(
        source: &Source<'_>,
        range: &std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self::bad(source.name, message).at(source.place(range))
    }

    pub(super) fn at(mut self, (place, excerpt): (Place, Excerpt)) -> Self {
        self.place = Some(place);
        self.excerpt = Some(Box::new(excerpt));
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// The problem as people read it: message, place, excerpt with a caret, hint. No line end after the last line.
    pub fn to_text(&self, color: bool) -> String {
        let title = Level::ERROR.primary_title(by_line(&self.message));
        let excerpt = self.excerpt.as_deref().map(Excerpt::escaped);
        let mut group = match (excerpt, self.place) {
            (Some(excerpt), Some(place)) => title.element(
                Snippet::source(excerpt.text)
                    .path(STAND_IN)
                    .line_start(usize::try_from(place.line).unwrap_or(usize::MAX))
                    .fold(false)
                    .annotation(AnnotationKind::Primary.span(excerpt.range)),
            ),
            _ => title.element(Origin::path(STAND_IN)),
        };
        if let Some(hint) = &self.hint {
            group = group.element(Level::HELP.message(by_line(hint)));
        }
        let renderer = if color {
            Renderer::styled().hyperlink(false)
        } else {
            Renderer::plain()
        };
        let text = renderer.term_width(200).render(&[group]);
        let Some((before, after)) = text.split_once(STAND_IN) else {
            return text;
        };
        let after = after.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit());
        let place = self.place.map_or(String::new(), |place| {
            format!(":{}:{}", place.line, place.column)
        });
        format!("{before}{}{place}{after}", escape(&self.file))
    }
}

/// Stands where the file's name and place go: the renderer would count columns in the cut, escaped excerpt.
const STAND_IN: &str = "\u{e000}";

/// How to say something in a profile, ready to be copied.
pub(super) fn in_a_profile(table: &str, key: &str, value: &str) -> String {
    let value = escape(value).replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        "say so in a profile (--profile FILE), for instance:\n  format = 1\n  [{table}]\n  {key} = \"{value}\""
    )
}

/// Our own line ends stay, everything else that could steer a terminal goes.
fn by_line(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(escape).collect();
    lines.join("\n").replace(STAND_IN, "\\u{e000}")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(false))
    }
}

impl std::error::Error for Problem {}

/// Everything wrong with one file, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    left_out: usize,
}

/// Nobody reads more at once.
const MOST_TOLD: usize = 50;

impl Problems {
    /// Sorted by place; more than a screenful is counted, not told.
    pub(super) fn new(mut list: Vec<Problem>) -> Self {
        list.sort_by_key(|problem| problem.place);
        let left_out = list.len().saturating_sub(MOST_TOLD);
        list.truncate(MOST_TOLD);
        Self { list, left_out }
    }

    /// Joins problems of one file; `None` where there are none.
    pub fn from_list(list: Vec<Problem>) -> Option<Self> {
        (!list.is_empty()).then(|| Self::new(list))
    }

    /// One or more.
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// How many problems there are beyond the list.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// That of the first; problems of content alone come in numbers.
    pub fn kind(&self) -> ProblemKind {
        self.list
            .first()
            .map_or(ProblemKind::BadInput, |problem| problem.kind)
    }

    /// All of them, with an empty line between.
    pub fn to_text(&self, color: bool) -> String {
        let mut parts: Vec<String> = self.list.iter().map(|p| p.to_text(color)).collect();
        if self.left_out > 0 {
            parts.push(format!("… and {} more", self.left_out));
        }
        parts.join("\n\n")
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self::new(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text(false))
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> Problem {
        let source = Source::new("rubrics/mine.toml", "[rubric]\nweigh = \"sectoins\"\n");
        Problem::in_source(&source, &(17..27), "`sectoins` is no choice for `weigh`")
            .hint("did you mean `sections`?")
    }

    #[test]
    fn a_problem_shows_place_excerpt_caret_and_hint() {
        assert_eq!(
            problem().to_text(false),
            "\
error: `sectoins` is no choice for `weigh`
 --> rubrics/mine.toml:2:9
  |
2 | weigh = \"sectoins\"
  |         ^^^^^^^^^^
  |
  = help: did you mean `sections`?"
        );
    }

    #[test]
    fn a_problem_without_place_names_the_file() {
        let problem = Problem::new(ProblemKind::NotFound, "cals.csv", "there is no such file")
            .hint("did you mean `calls.csv`?");
        assert_eq!(
            problem.to_text(false),
            "\
error: there is no such file
--> cals.csv
 = help: did you mean `calls.csv`?"
        );
    }

    #[test]
    fn colour_is_put_in_only_when_asked_for() {
        assert!(!problem().to_text(false).contains('\u{1b}'));
        assert!(problem().to_text(true).contains('\u{1b}'));
    }

    #[test]
    fn nothing_from_a_file_steers_the_terminal() {
        let source = Source::new("a\u{1b}b", "x\u{1b}]0;owned\u{7}\ty\u{202e}\n");
        let text = Problem::in_source(&source, &(2..3), "bad \u{9b}thing").to_text(false);
        assert_eq!(
            text,
            "\
error: bad \\u{9b}thing
 --> a\\u{1b}b:1:3
  |
1 | x\\u{1b}]0;owned\\u{7}    y\\u{202e}
  |        ^"
        );
    }

    #[test]
    fn more_than_a_screenful_is_counted() {
        let problems = Problems::new(vec![problem(); 53]);
        assert_eq!(problems.list().len(), 50);
        assert!(problems.to_text(false).ends_with("\n\n… and 3 more"));
    }
}
