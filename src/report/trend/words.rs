//! A trend as a table, and what its readers must know.

use super::{Step, Trend, TrendOf, TrendRow};
use crate::estimate::trend::{ChartPoint, LEAST_INFORMATION, LEAST_POINTS, SETTLED_POINTS};
use crate::report::{Align, Axis, Cell, Column, Course, CoursePoint, FOOTER, Note, Picture, Table};

/// The chance that a point lies outside limits of three deviations by luck alone.
const FALSE_ALARM: f64 = 0.0027;

impl Step {
    fn plural(self) -> &'static str {
        match self {
            Self::Week => "weeks",
            Self::Month => "months",
        }
    }
}

impl TrendOf {
    fn head(self) -> &'static str {
        match self {
            Self::Score => "Score",
            Self::BeforeCritical => "Before criticals",
            Self::Passed => "Passed",
            Self::CriticalFree => "Without critical error",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::BeforeCritical => "score_before_critical",
            Self::Passed => "passed",
            Self::CriticalFree => "critical_free",
        }
    }
}

impl Trend {
    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        notes.extend(self.few_note());
        notes.extend(self.one_csr_note());
        notes.extend(self.alarms_note());
        notes.extend(self.zeros.note().filter(|_| self.ask.of == TrendOf::Score));
        notes.extend(self.mix_note());
        notes.extend(self.incomplete_note());
        notes.extend(self.cut_note());
        if self.undated > 0 {
            let text = match self.undated {
                1 => "1 scored call has no day that can be read, and is left out.".to_owned(),
                calls => {
                    format!("{calls} scored calls have no day that can be read, and are left out.")
                }
            };
            notes.push(Note::new("no-day", text));
        }
        notes.push(Note::new("margins", FOOTER));
        notes
    }

    /// Why there are no limits, or what they are worth.
    fn few_note(&self) -> Option<Note> {
        let (points, by) = (self.points(), self.ask.by.plural());
        if points < LEAST_POINTS {
            let text = format!(
                "No limits yet: a control chart takes {LEAST_POINTS} {by} with a figure. There so far: {points}; missing: {}.",
                LEAST_POINTS - points
            );
            return Some(Note::new("few-points", text));
        }
        let Some(chart) = &self.chart else {
            let text = "No limits: within a week the calls of one caller type differ in nothing.";
            return Some(Note::new("no-spread", text));
        };
        if !self.has_limits() && !self.is_smoothed() {
            return Some(Note::new("few-calls", self.few_calls(chart.center)));
        }
        let text = format!(
            "The limits are provisional: they rest on {points} {by}, and move until there are {SETTLED_POINTS}."
        );
        chart.provisional.then(|| Note::new("provisional", text))
    }

    /// Why no week's rate has limits.
    fn few_calls(&self, center: f64) -> String {
        let by = self.ask.by;
        let spread = center * (1.0 - center);
        if spread <= 0.0 {
            let share = if center > 0.5 { "all calls" } else { "no call" };
            return format!(
                "No limits: in every {} the share is the same, that of {share}.",
                by.as_str()
            );
        }
        format!(
            "No limits: they take n p (1 \u{2212} p) of {LEAST_INFORMATION:.0} or more, at this share (p = {:.1} %) {:.0} calls a {}, \
             and no {} has calls that tell as much as so many. Look at the margins.",
            100.0 * center,
            (LEAST_INFORMATION / spread).ceil(),
            by.as_str(),
            by.as_str()
        )
    }

    /// Why one CSR's scores have a smoothed line alone.
    fn one_csr_note(&self) -> Option<Note> {
        self.chart?;
        if !self.one_csr || !self.is_smoothed() {
            return None;
        }
        let by = self.ask.by.as_str();
        let text = format!(
            "Of one CSR a {by} has few calls, and limits of single {}s would be so wide that nothing lay outside: only the \
             smoothed line, which gathers what lasts, has limits.",
            by
        );
        Some(Note::new("one-csr", text))
    }

    /// That the first or the last week isn't whole.
    fn cut_note(&self) -> Option<Note> {
        let by = self.ask.by.as_str();
        let from = self.cut.0.zip(self.rows.first()).map(|(day, row)| {
            format!(
                "Of the {by} from {} only calls of {day} or later are counted (--from).",
                row.from
            )
        });
        let to = self.cut.1.zip(self.rows.last()).map(|(day, row)| {
            format!(
                "Of the {by} from {} only calls of {day} or earlier are counted (--to).",
                row.from
            )
        });
        let told: Vec<String> = from.into_iter().chain(to).collect();
        (!told.is_empty()).then(|| Note::new("cut", told.join(" ")))
    }

    /// That a point outside is a question.
    fn alarms_note(&self) -> Option<Note> {
        let chart = self.chart.as_ref()?;
        let points = self.rows.iter().filter(|row| row.limits.is_some()).count();
        if points == 0 {
            let rule = chart.ewma?;
            let by = self.ask.by.plural();
            let text = format!(
                "The smoothed line (each new point weighs {}, limits of {} deviations) sees small shifts that last. Where nothing \
                 changes, it still leaves its limits once in some 370 {by} by luck. A point outside is a question, not a verdict: \
                 ask what was different.",
                rule.weight, rule.width
            );
            return Some(Note::new("false-alarms", text));
        }
        let expected = FALSE_ALARM * points as f64;
        let by = self.ask.by.plural();
        let mut text = format!(
            "Where nothing changes, about {expected:.2} of these {points} {by} still lie outside their limits by luck ({:.2} % \
             of each). A point outside is a question, not a verdict: ask what was different.",
            100.0 * FALSE_ALARM
        );
        if let Some(rule) = chart.ewma {
            text.push_str(&format!(
                " The smoothed line (each new point weighs {}, limits of {} deviations) sees small shifts that last, and gives \
                 as few false alarms: one in some 370 {by}.",
                rule.weight, rule.width
            ));
        }
        let without = self.points() - points;
        if without > 0 {
            let what = match without {
                1 => "1 of them has".to_owned(),
                many => format!("{many} of them have"),
            };
            text.push_str(&format!(
                " {what} too few calls for limits; look at the margin there."
            ));
        }
        Some(Note::new("false-alarms", text))
    }

    fn mix_note(&self) -> Option<Note> {
        let named = |shares: &[(_, f64)]| {
            let named = shares
                .iter()
                .map(|(kind, share): &(crate::calls::CallerType, f64)| {
                    format!("{:.0} % {}", 100.0 * share, kind.as_str())
                });
            named.collect::<Vec<_>>().join(", ")
        };
        let mut text = match self.mix.len() {
            0 => return None,
            1 => String::new(),
            _ => format!(
                "Every figure is made for the same mix of callers, so that another mix is no trend: {}.",
                named(&self.mix)
            ),
        };
        if !self.left_out.is_empty() {
            let why = format!(
                "Left out, because not all {} have such calls: {}.",
                self.ask.by.plural(),
                named(&self.left_out)
            );
            text = format!("{text} {why}").trim().to_owned();
        }
        (!text.is_empty()).then(|| Note::new("mix", text))
    }

    fn incomplete_note(&self) -> Option<Note> {
        let by = self.ask.by;
        let what = match self.incomplete {
            0 => return None,
            1 => format!("1 {} has", by.as_str()),
            many => format!("{many} {} have", by.plural()),
        };
        let text = format!(
            "{what} no figure, because a caller type is missing there. {}--caller-type follows one of them alone.",
            match by {
                Step::Week => "--by month has more calls a point; ",
                Step::Month => "",
            }
        );
        Some(Note::new("incomplete", text))
    }

    fn has_limits(&self) -> bool {
        self.rows.iter().any(|row| row.limits.is_some())
    }

    fn is_smoothed(&self) -> bool {
        self.chart.is_some_and(|chart| chart.ewma.is_some())
    }

    /// As a neutral table. Limits of rates are in per cent.
    pub fn table(&self) -> Table {
        let of = self.ask.of;
        let (scale, unit, ending) = match of.is_rate() {
            true => (100.0, " (%)", "_percent"),
            false => (1.0, "", ""),
        };
        let head = match self.ask.by {
            Step::Week => "Week from",
            Step::Month => "Month from",
        };
        let mut columns = vec![
            Column::new("from", head, Align::Left),
            Column::new("to", "To", Align::Left).spare(2),
            Column::new("scored", "Calls", Align::Right),
            Column::new(of.key(), of.head(), Align::Left),
        ];
        let number = |key: &str, head: &str| {
            let (key, head) = (format!("{key}{ending}"), format!("{head}{unit}"));
            Column::new(&key, &head, Align::Right)
        };
        if self.has_limits() {
            columns.extend([
                number("limit_low", "Lower limit"),
                number("limit_high", "Upper limit"),
                Column::new("outside", "Outside", Align::Left),
            ]);
        }
        let smoothed = self.is_smoothed();
        if smoothed {
            columns.extend([
                number("ewma", "Smoothed"),
                number("ewma_low", "Its lower limit").spare(1),
                number("ewma_high", "Its upper limit").spare(1),
                Column::new("ewma_outside", "Smoothed outside", Align::Left),
            ]);
        }
        let caption = format!("{} by {}", of.head(), self.ask.by.as_str());
        let mut table = Table::new("trend", &caption, columns);
        let limits = |point: Option<&ChartPoint>| {
            let shown = point.map(|point| point.cut(self.highest));
            [
                Cell::number(shown.map(|point| scale * point.low)),
                Cell::number(shown.map(|point| scale * point.high)),
                point.map_or(Cell::Missing, side),
            ]
        };
        let cells = |row: &TrendRow| {
            let figure = match of.is_rate() {
                true => Cell::share(row.figure.as_ref()),
                false => Cell::score(row.figure.as_ref()),
            };
            let mut cells = vec![
                Cell::Day(row.from),
                Cell::Day(row.to),
                Cell::Count(row.n),
                figure,
            ];
            if self.has_limits() {
                cells.extend(limits(row.limits.as_ref()));
            }
            if smoothed {
                cells.push(Cell::number(row.ewma.map(|point| scale * point.value)));
                cells.extend(limits(row.ewma.as_ref()));
            }
            cells
        };
        self.rows.iter().for_each(|row| table.push(cells(row)));
        table.pictures.extend(self.picture(scale, &table.caption));
        table
    }

    /// The course, where there is one: one week is none.
    fn picture(&self, scale: f64, caption: &str) -> Option<Picture> {
        if self.points() < 2 {
            return None;
        }
        // Without limits of single weeks the smoothed line is what the limits are of.
        let smoothed_alone = self.is_smoothed() && !self.has_limits();
        let point = |row: &TrendRow| {
            let (limits, smoothed) = match smoothed_alone {
                true => (row.ewma, None),
                false => (row.limits, row.ewma),
            };
            let value = match smoothed_alone {
                true => row.ewma.map(|point| point.value),
                false => row.figure.as_ref().map(|figure| figure.value),
            };
            let shown = limits.map(|limits| limits.cut(self.highest));
            CoursePoint {
                label: row.from.to_string(),
                value: value.map(|value| scale * value),
                limits: shown.map(|limits| (scale * limits.low, scale * limits.high)),
                smoothed: smoothed.map(|point| scale * point.value),
                out: limits.is_some_and(|limits| limits.is_out()),
            }
        };
        let points: Vec<CoursePoint> = self.rows.iter().map(point).collect();
        let limits = points.iter().filter_map(|point| point.limits);
        let ends = limits.flat_map(|(low, high)| [low, high]);
        let values = points
            .iter()
            .flat_map(|point| [point.value, point.smoothed]);
        let unit = if self.ask.of.is_rate() { " %" } else { "" };
        let axis = Axis::covering(ends.chain(values.flatten()), unit);
        let caption = match smoothed_alone {
            true => format!("{caption}, smoothed"),
            false => caption.to_owned(),
        };
        Some(Picture::Course(Course {
            caption,
            axis,
            center: self.chart.map(|chart| scale * chart.center),
            points,
        }))
    }
}

/// On which side of its limits a point lies; missing between them.
fn side(point: &ChartPoint) -> Cell {
    Cell::text(match point.is_out() {
        false => "",
        true if point.value > point.high => "above",
        true => "below",
    })
}
