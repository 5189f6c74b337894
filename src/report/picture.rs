//! Something to look at, before it has a shape: what lies where on which axis.

/// A picture that goes with a table and shows nothing that the table has not.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    Whiskers(Whiskers),
    Course(Course),
}

/// Figures with their margins, row by row on one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Whiskers {
    pub caption: String,
    pub axis: Axis,
    /// Names of what a row has a mark of; at most three.
    pub series: Vec<String>,
    pub rows: Vec<WhiskerRow>,
    /// A place that all rows are to be compared with, and its name.
    pub line: Option<(f64, String)>,
}

/// One row of [`Whiskers`].
#[derive(Clone, Debug, PartialEq)]
pub struct WhiskerRow {
    pub label: String,
    /// By series.
    pub marks: Vec<Option<Mark>>,
}

/// A figure, on the scale of its axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Too uncertain to bear a judgement.
    pub faint: bool,
}

/// A scale and its ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub from: f64,
    pub to: f64,
    /// A tick at each multiple of it.
    pub step: f64,
    /// What stands behind a number: ` %`, or nothing.
    pub unit: &'static str,
}

/// Figures one after the other in time, with the limits of luck.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub caption: String,
    pub axis: Axis,
    pub points: Vec<CoursePoint>,
    /// What the figures vary about.
    pub center: Option<f64>,
}

/// One week, or one month.
#[derive(Clone, Debug, PartialEq)]
pub struct CoursePoint {
    pub label: String,
    /// `None` without a scored call.
    pub value: Option<f64>,
    /// Between which luck alone leaves it.
    pub limits: Option<(f64, f64)>,
    /// The smoothed course.
    pub smoothed: Option<f64>,
    /// Outside of what luck explains.
    pub out: bool,
}

impl Axis {
    /// Scores, 0-100, or higher where there is a bonus.
    pub fn scores(highest: f64) -> Self {
        Self {
            from: 0.0,
            to: (highest.max(100.0) / 20.0).ceil() * 20.0,
            step: 20.0,
            unit: "",
        }
    }

    /// Shares in per cent.
    pub fn shares() -> Self {
        Self {
            unit: " %",
            ..Self::scores(100.0)
        }
    }

    /// Differences about 0, as far as the farthest of them.
    pub fn differences(values: impl IntoIterator<Item = f64>, unit: &'static str) -> Self {
        let farthest = values.into_iter().map(f64::abs).fold(0.0, f64::max);
        let step = [5.0, 10.0, 20.0, 50.0]
            .into_iter()
            .find(|step| 4.0 * step >= farthest)
            .unwrap_or(100.0);
        let to = (farthest / step).ceil().max(1.0) * step;
        Self {
            from: -to,
            to,
            step,
            unit,
        }
    }

    /// From below the least to above the most of some values; never so narrow that trifles look large.
    pub fn covering(values: impl IntoIterator<Item = f64>, unit: &'static str) -> Self {
        let ends = (f64::INFINITY, f64::NEG_INFINITY);
        let (least, most) = (values.into_iter()).fold(ends, |(least, most), value| {
            (value.min(least), value.max(most))
        });
        let step = match most - least {
            range if range > 40.0 => 20.0,
            range if range > 20.0 => 10.0,
            _ => 5.0,
        };
        let from = ((least / step).floor() * step).min(most - 2.0 * step);
        Self {
            from: (from / step).floor() * step,
            to: (most / step).ceil() * step,
            step,
            unit,
        }
    }

    /// Where the ticks are, from the lowest up.
    pub fn ticks(&self) -> Vec<f64> {
        let first = (self.from / self.step).ceil();
        let steps = ((self.to - self.from) / self.step).floor().clamp(0.0, 40.0);
        let count = (0..=40u32).take_while(|at| f64::from(*at) <= steps);
        count
            .map(|at| (first + f64::from(at)) * self.step)
            .filter(|tick| *tick <= self.to)
            .collect()
    }

    /// How far along the axis a value lies, in per cent; beyond its ends, at them.
    pub fn place(&self, value: f64) -> f64 {
        (100.0 * (value - self.from) / (self.to - self.from)).clamp(0.0, 100.0)
    }
}

impl Mark {
    /// A figure, times `scale`.
    pub fn of_figure(figure: &super::Figure, scale: f64) -> Self {
        Self {
            value: scale * figure.value,
            low: figure.low.map(|low| scale * low),
            high: figure.high.map(|high| scale * high),
            faint: figure.is_indicative(),
        }
    }

    /// Where it ends.
    pub fn highest(&self) -> f64 {
        self.high.map_or(self.value, |high| high.max(self.value))
    }

    /// A score, if there is one.
    pub fn of_score(figure: Option<&super::Figure>) -> Option<Self> {
        figure.map(|figure| Self::of_figure(figure, 1.0))
    }

    /// A gap, times `scale`; faint unless it is shown.
    pub fn of_gap(gap: &super::GapFigure, scale: f64) -> Self {
        Self {
            value: scale * gap.value,
            low: gap.low.map(|low| scale * low),
            high: gap.high.map(|high| scale * high),
            faint: gap.verdict != Some("shown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_at_multiples_and_values_between_the_ends() {
        let axis = Axis::scores(100.0);
        assert_eq!(axis.ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(axis.place(25.0), 25.0);
        assert_eq!(axis.place(130.0), 100.0);
        let axis = Axis::differences([-12.0, 31.0], "");
        assert_eq!((axis.from, axis.to, axis.step), (-40.0, 40.0, 10.0));
        assert_eq!(axis.ticks().len(), 9);
        assert_eq!(axis.place(0.0), 50.0);
        let axis = Axis::covering([81.0, 84.0], "");
        assert_eq!((axis.from, axis.to, axis.step), (70.0, 85.0, 5.0));
        let axis = Axis::covering([12.0, 84.0], "");
        assert_eq!((axis.from, axis.to, axis.step), (0.0, 100.0, 20.0));
        let none = Axis::differences([], "");
        assert_eq!((none.from, none.to), (-5.0, 5.0));
    }
}
