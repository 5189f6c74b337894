//! Pictures as drawings: which shape each mark takes, and what those hear who can't see it.

use super::svg::{Anchor, Point, Shape, Svg};
use crate::report::{Axis, Course, CoursePoint, Mark, WhiskerRow, Whiskers, escape};

/// More rows than these are no picture any more; the table beside it has them all.
pub(super) const MOST_ROWS: usize = 100;

/// Height of a mark's line.
const LINE: f64 = 14.0;

/// Looks of the first, second and third series: of whiskers, of marks, and of marks that can't bear a judgement.
const LOOKS: [(&str, &str, &str); 3] = [
    ("wa", "ma", "ma o"),
    ("wb", "mb", "mb o"),
    ("wc", "mc", "mc o"),
];

/// One row of whiskers, its label beside it.
pub(super) fn whiskers(picture: &Whiskers, row: &WhiskerRow) -> Svg {
    let height = LINE * picture.series.len() as f64 + 6.0;
    let mut svg = Svg::new(height, Some(told(picture, row)));
    grid(&mut svg, &picture.axis, height);
    if let Some((at, _)) = &picture.line {
        let x = picture.axis.place(*at);
        svg.add(Shape::Line(Point(x, 0.0), Point(x, height), "ref"));
    }
    for (at, mark) in row.marks.iter().enumerate() {
        let y = 3.0 + LINE * (at as f64 + 0.5);
        if let Some(mark) = mark {
            draw(&mut svg, &picture.axis, mark, at, y);
        }
    }
    svg
}

fn draw(svg: &mut Svg, axis: &Axis, mark: &Mark, series: usize, y: f64) {
    let (line, firm, faint) = LOOKS[series.min(LOOKS.len() - 1)];
    let point = if mark.faint { faint } else { firm };
    if let Some((low, high)) = mark.low.zip(mark.high) {
        let (low, high) = (axis.place(low), axis.place(high));
        svg.add(Shape::Line(Point(low, y), Point(high, y), line));
        for end in [low, high] {
            svg.add(Shape::Line(Point(end, y - 3.0), Point(end, y + 3.0), line));
        }
    }
    let place = Point(axis.place(mark.value), y);
    svg.add(match series {
        0 => Shape::Circle(place, 4.0, point),
        _ => Shape::Square(place, 3.5, point),
    });
}

/// The mark of a series alone, for the key.
pub(super) fn key(series: usize) -> Svg {
    let mut svg = Svg::new(12.0, None);
    let axis = Axis::scores(100.0);
    let mark = Mark {
        value: 50.0,
        low: Some(5.0),
        high: Some(95.0),
        faint: false,
    };
    draw(&mut svg, &axis, &mark, series, 6.0);
    svg
}

/// Lines at the ticks.
fn grid(svg: &mut Svg, axis: &Axis, height: f64) {
    for tick in axis.ticks() {
        let class = if tick == 0.0 && axis.from < 0.0 {
            "zero"
        } else {
            "grid"
        };
        let x = axis.place(tick);
        svg.add(Shape::Line(Point(x, 0.0), Point(x, height), class));
    }
}

/// The numbers at the ticks.
pub(super) fn axis(axis: &Axis) -> Svg {
    let mut svg = Svg::new(18.0, None);
    for tick in axis.ticks() {
        let x = axis.place(tick);
        let anchor = match x {
            x if x <= 0.0 => Anchor::Start,
            x if x >= 100.0 => Anchor::End,
            _ => Anchor::Middle,
        };
        svg.add(Shape::Text(Point(x, 13.0), anchor, ticked(axis, tick)));
    }
    svg
}

fn ticked(axis: &Axis, tick: f64) -> String {
    let sign = match tick {
        tick if tick < 0.0 => "\u{2212}",
        tick if tick > 0.0 && axis.from < 0.0 => "+",
        _ => "",
    };
    format!("{sign}{}{}", tick.abs(), axis.unit)
}

/// A row in words.
fn told(picture: &Whiskers, row: &WhiskerRow) -> String {
    let unit = picture.axis.unit;
    let several = picture.series.len() > 1;
    let told = |(name, mark): (&String, &Option<Mark>)| {
        let name = if several {
            format!("{} ", escape(name))
        } else {
            String::new()
        };
        match mark {
            None => format!("{name}no figure"),
            Some(mark) => {
                let margin = mark
                    .low
                    .zip(mark.high)
                    .map(|(low, high)| format!(", margin {} to {}", rounded(low), rounded(high)));
                let value = rounded(mark.value);
                format!("{name}{value}{unit}{}", margin.unwrap_or_default())
            }
        }
    };
    let marks: Vec<String> = picture.series.iter().zip(&row.marks).map(told).collect();
    format!("{}: {}", escape(&row.label), marks.join("; "))
}

fn rounded(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    let sign = if value < 0.0 && text != "0.0" {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{text}")
}

/// Height of a course above its labels, and of the labels.
const COURSE: f64 = 220.0;
const LABELS: f64 = 22.0;
/// Room for the numbers on the left, in per cent.
const LEFT: f64 = 7.0;
/// Labels that don't touch on a telephone.
const MOST_LABELS: usize = 4;

/// Figures in time.
pub(super) fn course(picture: &Course) -> Svg {
    let mut svg = Svg::new(COURSE + LABELS, Some(told_course(picture)));
    let y = |value: f64| 8.0 + (COURSE - 16.0) * (1.0 - picture.axis.place(value) / 100.0);
    let width = (100.0 - LEFT) / picture.points.len().max(1) as f64;
    let x = |at: usize| LEFT + width * (at as f64 + 0.5);
    for tick in picture.axis.ticks() {
        svg.add(Shape::Line(
            Point(LEFT, y(tick)),
            Point(100.0, y(tick)),
            "grid",
        ));
        let text = ticked(&picture.axis, tick);
        svg.add(Shape::Text(Point(0.0, y(tick) + 4.0), Anchor::Start, text));
    }
    for (at, point) in picture.points.iter().enumerate() {
        let (left, right) = (x(at) - width / 2.0, x(at) + width / 2.0);
        if let Some((low, high)) = point.limits {
            let (upper, lower) = (Point(left, y(high)), Point(right, y(low)));
            svg.add(Shape::Area(upper, lower, "luck"));
        }
    }
    if let Some(center) = picture.center {
        let ends = (Point(LEFT, y(center)), Point(100.0, y(center)));
        svg.add(Shape::Line(ends.0, ends.1, "ref"));
    }
    joined(&mut svg, picture, |point| point.smoothed, &x, &y, "smooth");
    joined(&mut svg, picture, |point| point.value, &x, &y, "course");
    for (at, point) in picture.points.iter().enumerate() {
        if let Some(value) = point.value {
            let (radius, class) = if point.out { (6.0, "out") } else { (4.0, "ma") };
            svg.add(Shape::Circle(Point(x(at), y(value)), radius, class));
        }
    }
    let each = picture.points.len().div_ceil(MOST_LABELS).max(1);
    for (at, point) in picture.points.iter().enumerate().step_by(each) {
        let place = Point(x(at), COURSE + 15.0);
        svg.add(Shape::Text(place, Anchor::Middle, point.label.clone()));
    }
    svg
}

/// Lines between neighbours that both have a figure.
fn joined(
    svg: &mut Svg,
    picture: &Course,
    value: impl Fn(&CoursePoint) -> Option<f64>,
    x: &impl Fn(usize) -> f64,
    y: &impl Fn(f64) -> f64,
    class: &'static str,
) {
    for (at, pair) in picture.points.windows(2).enumerate() {
        if let (Some(from), Some(to)) = (value(&pair[0]), value(&pair[1])) {
            let (from, to) = (Point(x(at), y(from)), Point(x(at + 1), y(to)));
            svg.add(Shape::Line(from, to, class));
        }
    }
}

fn told_course(picture: &Course) -> String {
    let points = &picture.points;
    let ends = points.first().zip(points.last());
    let ends = ends.map_or_else(String::new, |(first, last)| {
        format!(", {} to {}", first.label, last.label)
    });
    let out: Vec<&str> = (points.iter())
        .filter(|point| point.out)
        .map(|point| point.label.as_str())
        .collect();
    let out = match out.as_slice() {
        [] => "none lies outside of its limits".to_owned(),
        out => format!("outside of the limits: {}", out.join(", ")),
    };
    format!(
        "{}{ends}: {} points, {out}. The table has the figures.",
        picture.caption,
        points.len()
    )
}
