//! Pictures made of letters, for terminals: a figure with its margin on one line, and a course in time.

use crate::report::{Axis, Course, Mark};

/// Which letters a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    Ascii,
    Unicode,
}

impl Letters {
    /// Left end, line, right end of a margin.
    fn line(self) -> [char; 3] {
        match self {
            Self::Ascii => ['|', '-', '|'],
            Self::Unicode => ['├', '─', '┤'],
        }
    }

    fn mark(self, faint: bool) -> char {
        match (self, faint) {
            (Self::Ascii, false) => '*',
            (Self::Ascii, true) => 'o',
            (Self::Unicode, false) => '●',
            (Self::Unicode, true) => '○',
        }
    }

    /// The lowest first.
    fn steps(self) -> &'static [char] {
        match self {
            Self::Ascii => &['_', '.', '-', '=', '^'],
            Self::Unicode => &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
        }
    }
}

/// `├──●──┤` at its place on an axis of so many letters.
pub(super) fn whisker(mark: &Mark, axis: &Axis, letters: usize, look: Letters) -> String {
    let at = |value: f64| place(axis.place(value), letters);
    let [left, line, right] = look.line();
    let mut strip = vec![' '; letters];
    if let Some((low, high)) = mark.low.zip(mark.high) {
        let (low, high) = (at(low), at(high));
        strip[low..=high].fill(line);
        strip[low] = left;
        strip[high] = right;
    }
    strip[at(mark.value)] = look.mark(mark.faint);
    let text: String = strip.into_iter().collect();
    text.trim_end().to_owned()
}

/// The ends of the axis, above whiskers.
pub(super) fn head(axis: &Axis, letters: usize) -> String {
    let (from, to) = (
        axis.from.to_string(),
        format!("{}{}", axis.to, axis.unit.trim_start()),
    );
    let gap = letters.saturating_sub(from.len() + to.len());
    format!("{from}{}{to}", " ".repeat(gap))
}

/// A letter per point, as high as its figure lies between the lowest and the highest; a blank where there is none.
pub(super) fn spark(course: &Course, look: Letters) -> String {
    let values = || course.points.iter().filter_map(|point| point.value);
    let least = values().fold(f64::INFINITY, f64::min);
    let most = values().fold(f64::NEG_INFINITY, f64::max);
    let steps = look.steps();
    let letter = |value: f64| {
        let share = match most > least {
            true => 100.0 * (value - least) / (most - least),
            false => 50.0,
        };
        steps[place(share, steps.len())]
    };
    let letters = course.points.iter();
    letters
        .map(|point| point.value.map_or(' ', letter))
        .collect()
}

/// One of so many places, from per cent.
fn place(share: f64, places: usize) -> usize {
    let last = places.saturating_sub(1);
    // Shares are between 0 and 100, places few.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = (share / 100.0 * last as f64).round() as usize;
    at.min(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::CoursePoint;

    fn mark(value: f64, margin: Option<(f64, f64)>, faint: bool) -> Mark {
        Mark {
            value,
            low: margin.map(|(low, _)| low),
            high: margin.map(|(_, high)| high),
            faint,
        }
    }

    #[test]
    fn whiskers_lie_on_one_axis() {
        let axis = Axis::scores(100.0);
        let strip = |mark: &Mark, look| whisker(mark, &axis, 21, look);
        assert_eq!(head(&axis, 21), "0                 100");
        assert_eq!(
            strip(&mark(80.0, Some((60.0, 100.0)), false), Letters::Unicode),
            "            ├───●───┤"
        );
        assert_eq!(
            strip(&mark(50.0, Some((0.0, 80.0)), true), Letters::Ascii),
            "|---------o-----|"
        );
        assert_eq!(strip(&mark(0.0, None, true), Letters::Unicode), "○");
        assert_eq!(
            strip(&mark(100.0, Some((100.0, 100.0)), false), Letters::Ascii).trim(),
            "*"
        );
    }

    #[test]
    fn a_course_is_a_letter_a_point() {
        let point = |value| CoursePoint {
            label: String::new(),
            value,
            limits: None,
            smoothed: None,
            out: false,
        };
        let course = |values: &[Option<f64>]| Course {
            caption: String::new(),
            axis: Axis::scores(100.0),
            points: values.iter().map(|value| point(*value)).collect(),
            center: None,
        };
        let found = |values: &[Option<f64>], look| spark(&course(values), look);
        let values = [Some(70.0), Some(85.0), None, Some(77.5), Some(72.0)];
        assert_eq!(found(&values, Letters::Unicode), "▁█ ▅▂");
        assert_eq!(found(&values, Letters::Ascii), "_^ -.");
        assert_eq!(found(&[Some(80.0)], Letters::Unicode), "▅");
        assert_eq!(found(&[], Letters::Unicode), "");
    }
}
