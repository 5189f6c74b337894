use super::{Align, Cell, Column, Table};
use crate::rubric::{AppliesTo, Behavior, Critical, Rubric, Weigh};

/// A rubric as `rubric show` tells it.
#[derive(Clone, Debug)]
pub struct RubricReport {
    pub rubric: Rubric,
}

impl RubricReport {
    /// Of a rubric.
    pub fn new(rubric: &Rubric) -> Self {
        Self {
            rubric: rubric.clone(),
        }
    }

    /// What it is, in sentences.
    pub fn lead(&self) -> Vec<String> {
        let rubric = &self.rubric;
        let revision = rubric
            .revision()
            .map(|revision| format!(", revision {revision}"))
            .unwrap_or_default();
        let mut lead = vec![format!("{} ({}{revision})", rubric.title(), rubric.id())];
        lead.push(
            match rubric.weigh() {
                Weigh::Sections => "The score is the weighted mean of sections; each is the weighted mean of its behaviors.",
                Weigh::Behaviors => "The score is the weighted mean of all behaviors.",
                Weigh::Points => "The score is points earned out of points possible.",
            }
            .to_owned(),
        );
        if let Some(mark) = rubric.pass_mark() {
            lead.push(format!("A call passes from {mark}."));
        }
        lead
    }

    /// Behaviors, then drivers.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.behaviors()];
        if !self.rubric.drivers().is_empty() {
            tables.push(self.drivers());
        }
        tables
    }

    fn behaviors(&self) -> Table {
        let mut table = Table::new(
            "behaviors",
            "Behaviors",
            vec![
                Column::new("section", "Section", Align::Left),
                Column::new("behavior", "Behavior", Align::Left),
                Column::new("text", "Text", Align::Left),
                Column::new("answers", "Answers", Align::Left),
                Column::new("weight", "Weight", Align::Right),
                Column::new("notes", "Notes", Align::Left),
            ],
        );
        for behavior in self.rubric.behaviors() {
            let section = &self.rubric.sections()[behavior.section];
            let answers = behavior
                .scale
                .options
                .iter()
                .map(|option| format!("{} {}", option.id, option.points));
            table.push(vec![
                Cell::text(&format!("{} ({})", section.title, section.weight)),
                Cell::text(&behavior.id),
                Cell::text(&behavior.text),
                Cell::text(&answers.collect::<Vec<_>>().join(", ")),
                Cell::Number(behavior.weight),
                Cell::text(&self.notes(behavior)),
            ]);
        }
        table
    }

    fn notes(&self, behavior: &Behavior) -> String {
        let mut notes = vec![format!("N/A: {}", behavior.na.as_str())];
        match behavior.applies_to {
            AppliesTo {
                internal: true,
                external: false,
            } => notes.push("internal only".to_owned()),
            AppliesTo {
                internal: false,
                external: true,
            } => notes.push("external only".to_owned()),
            _ => {}
        }
        if let Some(Critical {
            family,
            scope,
            effect,
            ..
        }) = &behavior.critical
        {
            notes.push(format!(
                "critical ({}, {} {})",
                family.as_str(),
                scope.as_str(),
                effect.as_str()
            ));
        }
        if let Some(show_if) = &behavior.show_if {
            let other = &self.rubric.behaviors()[show_if.behavior];
            let is = show_if
                .is
                .iter()
                .map(|answer| other.scale.id_of(*answer))
                .collect::<Vec<_>>()
                .join(" or ");
            notes.push(format!("if {} is {is}", other.id));
        }
        notes.join("; ")
    }

    fn drivers(&self) -> Table {
        let mut table = Table::new(
            "drivers",
            "Drivers: why callers call",
            vec![
                Column::new("driver", "Driver", Align::Left),
                Column::new("text", "Text", Align::Left),
                Column::new("avoidable", "Avoidable", Align::Left),
                Column::new("minutes", "Minutes", Align::Right),
            ],
        );
        for driver in self.rubric.drivers() {
            let avoidable = if driver.avoidable { "yes" } else { "no" };
            table.push(vec![
                Cell::text(&driver.id),
                Cell::text(&driver.text),
                Cell::text(avoidable),
                Cell::number(driver.minutes),
            ]);
        }
        table
    }
}
