//! Calibration as neutral tables. A coefficient that can't be told says why in its place.

use super::{BehaviorAgreement, Calibration};
use crate::calibration::jackknife::Coefficient;
use crate::report::{Align, Cell, Column, Table};

impl Calibration {
    /// Behaviors, analysts, adjusted means of CSRs; those there are.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = Vec::new();
        if !self.behaviors.is_empty() {
            tables.push(self.behavior_table());
        }
        if !self.severities.is_empty() {
            tables.push(self.analyst_table());
        }
        if !self.adjusted.is_empty() {
            tables.push(self.adjusted_table());
        }
        tables
    }

    fn behavior_table(&self) -> Table {
        let mut table = Table::new(
            "behaviors",
            "Agreement per behavior, the least agreed first",
            vec![
                Column::new("behavior", "Behavior", Align::Left),
                Column::new("calls", "Calls", Align::Right),
                Column::new("percent_agreement", "Same answer", Align::Right),
                Column::new("ac1", "AC1", Align::Right),
                Column::new("alpha", "Alpha", Align::Right),
                Column::new("metric", "Metric", Align::Left),
                Column::new("confused", "Most often confused", Align::Left),
            ],
        );
        for one in &self.behaviors {
            table.push(vec![
                Cell::text(&one.text),
                Cell::Count(one.calls as u64),
                percent(one.percent.as_ref()),
                coefficient(one.ac1.as_ref(), "undefined"),
                coefficient(one.alpha.as_ref(), one.no_alpha.unwrap_or("undefined")),
                Cell::text(one.metric),
                Cell::text(&confused(one)),
            ]);
        }
        table
    }

    fn analyst_table(&self) -> Table {
        let several = self.groups.len() > 1;
        let mut columns = vec![
            Column::new("analyst", "Analyst", Align::Left),
            Column::new("calls", "Calls", Align::Right),
            Column::new("deviation", "Deviation", Align::Right),
            Column::new("low", "Low", Align::Right),
            Column::new("high", "High", Align::Right),
        ];
        columns.extend(several.then(|| Column::new("group", "Group", Align::Right)));
        let caption = "Analysts: points above or below all (of their group)";
        let mut table = Table::new("analysts", caption, columns);
        for one in &self.severities {
            let mut cells = vec![
                Cell::text(&one.analyst),
                Cell::Count(one.calls as u64),
                Cell::Number(one.value),
                limit(one.low),
                limit(one.high),
            ];
            cells.extend(several.then_some(Cell::Count(one.group as u64 + 1)));
            table.push(cells);
        }
        table
    }

    fn adjusted_table(&self) -> Table {
        let several = self.csr_groups.len() > 1;
        let mut columns = vec![
            Column::new("csr", "CSR", Align::Left),
            Column::new("evaluations", "Evaluations", Align::Right),
            Column::new("raw", "Raw mean", Align::Right),
            Column::new("adjusted", "Adjusted mean", Align::Right),
            Column::new("low", "Low", Align::Right),
            Column::new("high", "High", Align::Right),
        ];
        columns.extend(several.then(|| Column::new("group", "Group", Align::Right)));
        let caption = "CSRs: means adjusted for who scored";
        let mut table = Table::new("adjusted", caption, columns);
        for one in &self.adjusted {
            let mut cells = vec![
                Cell::text(&one.csr),
                Cell::Count(one.evaluations as u64),
                Cell::Number(one.raw),
                Cell::Number(one.adjusted),
                // Scores lie within 0 and 100, but for bonus points.
                limit(one.low.map(|low| low.max(0.0))),
                limit(one.high.map(|high| high.min(one.adjusted.max(100.0)))),
            ];
            cells.extend(several.then_some(Cell::Count(one.group as u64 + 1)));
            table.push(cells);
        }
        table
    }
}

fn limit(limit: Option<f64>) -> Cell {
    limit.map_or_else(|| Cell::text("no margin"), Cell::Number)
}

fn percent(found: Option<&Coefficient>) -> Cell {
    let Some(found) = found else {
        return Cell::Missing;
    };
    let value = format!("{:.0} %", 100.0 * found.value);
    Cell::text(&match found.low.zip(found.high) {
        Some((low, high)) => format!("{value} ({:.0}–{:.0})", 100.0 * low, 100.0 * high),
        None => value,
    })
}

fn coefficient(found: Option<&Coefficient>, why_not: &str) -> Cell {
    let Some(found) = found else {
        return Cell::text(why_not);
    };
    let value = two(found.value);
    Cell::text(&match found.low.zip(found.high) {
        Some((low, high)) => format!("{value} ({} to {})", two(low), two(high)),
        None => format!("{value} (no margin)"),
    })
}

/// Two decimals, and no minus before zero.
fn two(value: f64) -> String {
    let text = format!("{value:.2}");
    match text.as_str() {
        "-0.00" => "0.00".to_owned(),
        _ => text,
    }
}

/// "Yes / No 4 times", of the pair that is most frequent.
fn confused(one: &BehaviorAgreement) -> String {
    let Some(most) = one.confusions.first() else {
        return "none".to_owned();
    };
    let times = match most.times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    };
    format!("{} {times}", most.texts.join(" / "))
}
