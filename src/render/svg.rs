//! A small typed writer of SVG. Places along the axis are in per cent of the width, so that a picture grows and shrinks
//! with its page while its lines, marks and letters stay as they are.

use std::fmt;

/// A drawing as wide as its place, and of a fixed height in pixels.
pub(super) struct Svg {
    height: f64,
    /// What it shows, for those who can't see it; `None` where the text beside it says all.
    label: Option<String>,
    shapes: Vec<Shape>,
}

/// How far along, in per cent, and how far down, in pixels.
#[derive(Clone, Copy)]
pub(super) struct Point(pub(super) f64, pub(super) f64);

/// Looks are the style sheet's: a shape has the name of one.
pub(super) enum Shape {
    Line(Point, Point, &'static str),
    Circle(Point, f64, &'static str),
    /// About its middle, with the length of half a side.
    Square(Point, f64, &'static str),
    /// From its upper left to its lower right corner.
    Area(Point, Point, &'static str),
    Text(Point, Anchor, String),
}

/// Which end of a text its point is.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// Nothing drawn yet.
    pub(super) fn new(height: f64, label: Option<String>) -> Self {
        Self {
            height,
            label,
            shapes: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, shape: Shape) {
        self.shapes.push(shape);
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<svg width=\"100%\" height=\"{}\" ", number(self.height))?;
        match &self.label {
            Some(label) => write!(f, "role=\"img\" aria-label=\"{}\">", escaped(label))?,
            None => write!(f, "aria-hidden=\"true\">")?,
        }
        self.shapes.iter().try_for_each(|shape| shape.fmt(f))?;
        write!(f, "</svg>")
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(Point(x1, y1), Point(x2, y2), class) => write!(
                f,
                "<line class=\"{class}\" x1=\"{}%\" y1=\"{}\" x2=\"{}%\" y2=\"{}\"/>",
                number(*x1),
                number(*y1),
                number(*x2),
                number(*y2)
            ),
            Self::Circle(Point(x, y), radius, class) => write!(
                f,
                "<circle class=\"{class}\" cx=\"{}%\" cy=\"{}\" r=\"{}\"/>",
                number(*x),
                number(*y),
                number(*radius)
            ),
            Self::Square(Point(x, y), half, class) => {
                let side = number(2.0 * half);
                let half = number(*half);
                write!(
                    f,
                    "<rect class=\"{class}\" x=\"{}%\" y=\"{}\" width=\"{side}\" height=\"{side}\" transform=\"translate(-{half} -{half})\"/>",
                    number(*x),
                    number(*y),
                )
            }
            Self::Area(Point(x1, y1), Point(x2, y2), class) => write!(
                f,
                "<rect class=\"{class}\" x=\"{}%\" y=\"{}\" width=\"{}%\" height=\"{}\"/>",
                number(*x1),
                number(*y1),
                number((x2 - x1).max(0.0)),
                number((y2 - y1).max(0.0))
            ),
            Self::Text(Point(x, y), anchor, text) => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                write!(
                    f,
                    "<text x=\"{}%\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
                    number(*x),
                    number(*y),
                    escaped(text)
                )
            }
        }
    }
}

/// A hundredth is finer than any screen.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn escaped(text: &str) -> impl fmt::Display + '_ {
    askama::filters::escape(text, askama::filters::Html).unwrap_or_else(|never| match never {})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_numbers_are_short() {
        let mut svg = Svg::new(20.0, Some("\"Ada\" <1>".to_owned()));
        svg.add(Shape::Circle(Point(100.0 / 3.0, 4.5), 3.0, "a"));
        svg.add(Shape::Text(
            Point(0.0, 9.0),
            Anchor::End,
            "5 < 6 & 7".to_owned(),
        ));
        assert_eq!(
            svg.to_string(),
            "<svg width=\"100%\" height=\"20\" role=\"img\" aria-label=\"&#34;Ada&#34; &#60;1&#62;\">\
             <circle class=\"a\" cx=\"33.33%\" cy=\"4.5\" r=\"3\"/>\
             <text x=\"0%\" y=\"9\" text-anchor=\"end\">5 &#60; 6 &#38; 7</text></svg>"
        );
    }
}
