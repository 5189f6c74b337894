use super::{CoachSheet, ListenTo};
use crate::report::comparison::{by_luck, judged, unjudged};
use crate::report::{Align, Axis, Cell, Column, Mark, Picture, Table, WhiskerRow, Whiskers};

impl CoachSheet {
    /// As neutral tables; those with nothing to tell are not there.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![
            self.scores_table(),
            self.behaviors_table(),
            self.criticals_table(),
            self.comments_table(),
            self.listen_table(),
            self.since_table(),
        ];
        let mut picked = self.picked.table();
        picked.caption = "Picked calls, in no estimate".to_owned();
        tables.push(picked);
        tables.retain(|table| !table.rows.is_empty());
        tables
    }

    fn scores_table(&self) -> Table {
        let columns = vec![
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("eligible", "Calls", Align::Right).spare(1),
            Column::new("scored", "Scored", Align::Right),
            Column::new("score", "Score", Align::Left),
            Column::new("score_before_critical", "Before criticals", Align::Left).spare(2),
            Column::new("all", "All CSRs", Align::Left).spare(3),
        ];
        let caption = format!("Scores of {}", self.csr);
        let mut table = Table::new("coach_scores", &caption, columns);
        for row in &self.scores {
            table.push(vec![
                Cell::text(row.caller_type.map_or("All calls", |kind| kind.as_str())),
                Cell::Count(row.eligible),
                Cell::Count(row.scored),
                Cell::score(row.score.as_ref()),
                Cell::score(row.score_before_critical.as_ref()),
                Cell::score(row.all.as_ref()),
            ]);
        }
        table.has_total = true;
        table
    }

    fn behaviors_table(&self) -> Table {
        let columns = vec![
            Column::new("section", "Section", Align::Left).spare(3),
            Column::new("behavior", "Behavior", Align::Left),
            Column::new("calls", "Calls", Align::Right).spare(1),
            Column::new("earned", "Earned", Align::Left),
            Column::new("all", "All CSRs", Align::Left).spare(2),
            Column::new("lost", "Points lost a call", Align::Right),
        ];
        let caption = "Behaviors, those most worth a talk first";
        let mut table = Table::new("coach_behaviors", caption, columns);
        for row in &self.behaviors {
            table.push(vec![
                Cell::text(&row.section),
                Cell::text(&row.text),
                Cell::Count(row.rate.n),
                Cell::share(Some(&row.rate)),
                Cell::share(row.all.as_ref()),
                Cell::Number(row.lost),
            ]);
        }
        let share = |figure| Some(Mark::of_figure(figure, 100.0));
        let rows = self.behaviors.iter().map(|row| WhiskerRow {
            label: row.text.clone(),
            marks: vec![share(&row.rate), row.all.as_ref().and_then(share)],
        });
        let rows: Vec<WhiskerRow> = rows.collect();
        if !rows.is_empty() {
            table.pictures.push(Picture::Whiskers(Whiskers {
                caption: "Share of the points earned".to_owned(),
                axis: Axis::shares(),
                series: vec![self.csr.clone(), "all CSRs".to_owned()],
                rows,
                line: None,
            }));
        }
        table
    }

    fn criticals_table(&self) -> Table {
        let columns = vec![
            Column::new("call_id", "Call", Align::Left),
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("started_at", "Started", Align::Left).spare(1),
            Column::new("behavior", "Behavior", Align::Left),
            Column::new("comment", "Comment", Align::Left),
        ];
        let mut table = Table::new("coach_critical", "Critical errors", columns);
        for row in &self.criticals {
            table.push(vec![
                Cell::text(&row.call_id),
                Cell::text(row.caller_type.as_str()),
                Cell::text(row.started.as_deref().unwrap_or_default()),
                Cell::text(&row.text),
                Cell::text(row.comment.as_deref().unwrap_or_default()),
            ]);
        }
        table
    }

    fn comments_table(&self) -> Table {
        let columns = vec![
            Column::new("behavior", "Behavior", Align::Left),
            Column::new("call_id", "Call", Align::Left),
            Column::new("caller_type", "Caller type", Align::Left).spare(1),
            Column::new("answer", "Answer", Align::Left).spare(2),
            Column::new("comment", "Comment", Align::Left),
        ];
        let caption = "What analysts wrote on points that were lost";
        let mut table = Table::new("coach_comments", caption, columns);
        for row in &self.comments {
            let behavior = row.behavior.as_ref();
            table.push(vec![
                Cell::text(behavior.map_or("The call as a whole", |(_, text)| text)),
                Cell::text(&row.call_id),
                Cell::text(row.caller_type.as_str()),
                Cell::text(row.answer.as_deref().unwrap_or_default()),
                Cell::text(&row.comment),
            ]);
        }
        table
    }

    fn listen_table(&self) -> Table {
        let columns = vec![
            Column::new("caller_type", "Caller type", Align::Left),
            Column::new("good", "Went well", Align::Left),
            Column::new("good_score", "Score", Align::Right),
            Column::new("work_on", "To work on", Align::Left),
            Column::new("work_on_score", "Score", Align::Right),
        ];
        let mut table = Table::new("coach_listen", "Calls to listen to together", columns);
        for row in &self.listen {
            let mut cells = vec![Cell::text(row.caller_type.as_str())];
            for call in [&row.good, &row.work_on] {
                cells.push(call.as_ref().map_or(Cell::Missing, ListenTo::cell));
                cells.push(Cell::number(call.as_ref().and_then(|call| call.score)));
            }
            table.push(cells);
        }
        table
    }

    fn since_table(&self) -> Table {
        let before = self.since.as_ref().map_or("", |since| &since.sample);
        let columns = vec![
            Column::new("a", before, Align::Left),
            Column::new("b", &self.sample, Align::Left),
            Column::new("difference", "Difference", Align::Left).verdict_apart(),
            Column::new("verdict", "Verdict", Align::Left),
            Column::new("expected_by_luck", "Expected by luck alone", Align::Right),
        ];
        let caption = format!("Since {before}, before criticals and at the same mix of callers");
        let mut table = Table::new("coach_since", &caption, columns);
        if let Some(since) = &self.since {
            let score = &since.row.score;
            let gap = score.difference.as_ref();
            table.push(vec![
                Cell::score(score.a.as_ref()),
                Cell::score(score.b.as_ref()),
                gap.map_or(Cell::Missing, |gap| Cell::Gap(unjudged(gap))),
                judged(gap),
                by_luck(since.row.by_luck),
            ]);
        }
        table
    }
}

impl ListenTo {
    fn cell(&self) -> Cell {
        match &self.started {
            Some(started) => Cell::text(&format!("{} ({started})", self.call_id)),
            None => Cell::text(&self.call_id),
        }
    }
}
