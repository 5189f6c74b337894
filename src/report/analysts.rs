use std::collections::BTreeMap;

use super::{Align, Cell, Column, Note, SampleFacts, Table};
use crate::evaluation::Evaluation;
use crate::rubric::Rubric;

/// How analysts work: time, repeated answers, calls they could not score. No ranks.
#[derive(Clone, Debug)]
pub struct Analysts {
    /// Alphabetical.
    pub rows: Vec<AnalystRow>,
}

#[derive(Clone, Debug)]
pub struct AnalystRow {
    pub analyst: String,
    /// Calls with an evaluation of theirs.
    pub calls: u64,
    /// Median time spent on a call, seconds; `None` where it is not known.
    pub seconds: Option<f64>,
    /// Median of time spent by length of the call, where both are known.
    pub times_length: Option<f64>,
    /// Of answers that follow another one on the same scale, the share (0-1) that repeats it.
    pub repeated: Option<f64>,
    /// Calls they said can't be scored, and those by all calls they had (0-1).
    pub unscorable: u64,
    pub unscorable_share: f64,
}

#[derive(Default)]
struct Sums {
    calls: u64,
    unscorable: u64,
    seconds: Vec<f64>,
    times_length: Vec<f64>,
    repeated: u64,
    pairs: u64,
}

impl Analysts {
    /// From the newest evaluation of each analyst for each call, whether it enters estimates or not.
    pub fn new(rubric: &Rubric, samples: &[SampleFacts]) -> Self {
        let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
        for call in samples.iter().flat_map(SampleFacts::inside) {
            if let Some(analyst) = &call.unscorable_by {
                sums.entry(analyst).or_default().unscorable += 1;
            }
            for facts in &call.evaluations {
                let evaluation = &facts.evaluation;
                let own = sums.entry(&evaluation.analyst).or_default();
                own.calls += 1;
                own.seconds.extend(evaluation.seconds);
                let length = call.duration_s.filter(|length| *length > 0.0);
                let times = evaluation
                    .seconds
                    .zip(length)
                    .map(|(spent, length)| spent / length);
                own.times_length.extend(times);
                let (repeated, pairs) = repeats(rubric, evaluation);
                own.repeated += repeated;
                own.pairs += pairs;
            }
        }
        let rows = sums.into_iter().map(|(analyst, mut own)| AnalystRow {
            analyst: analyst.to_owned(),
            calls: own.calls,
            seconds: median(&mut own.seconds),
            times_length: median(&mut own.times_length),
            repeated: (own.pairs > 0).then(|| own.repeated as f64 / own.pairs as f64),
            unscorable: own.unscorable,
            unscorable_share: own.unscorable as f64 / (own.calls + own.unscorable) as f64,
        });
        Self {
            rows: rows.collect(),
        }
    }

    /// What a reader of this table must know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = vec![Note::new(
            "repeated",
            "Same answer again: of answers that follow another one on the same scale, the share that repeats it. Far more \
             than colleagues have on like calls can mean that answers are given without listening; it proves nothing.",
        )];
        if self.rows.iter().any(|row| row.seconds.is_none()) {
            let text = "Time is known of calls that were scored with `evenhand score`.";
            notes.push(Note::new("time", text));
        }
        notes
    }

    /// As a neutral table.
    pub fn table(&self) -> Table {
        let mut table = Table::new(
            "analysts",
            "Analysts",
            vec![
                Column::new("analyst", "Analyst", Align::Left),
                Column::new("calls", "Calls scored", Align::Right),
                Column::new("minutes", "Minutes a call (median)", Align::Right),
                Column::new("times_length", "Times its length (median)", Align::Right),
                Column::new("repeated", "Same answer again", Align::Right),
                Column::new("unscorable", "Unscorable", Align::Right),
                Column::new("unscorable_share", "Share", Align::Right),
            ],
        );
        let share = |share: f64| Cell::text(&format!("{:.0} %", 100.0 * share));
        for row in &self.rows {
            table.push(vec![
                Cell::text(&row.analyst),
                Cell::Count(row.calls),
                Cell::number(row.seconds.map(|seconds| seconds / 60.0)),
                Cell::number(row.times_length),
                row.repeated.map_or(Cell::Missing, share),
                Cell::Count(row.unscorable),
                share(row.unscorable_share),
            ]);
        }
        table
    }
}

/// Answers that repeat the one before on the same scale, and how many have such a one before them.
fn repeats(rubric: &Rubric, evaluation: &Evaluation) -> (u64, u64) {
    let (mut repeated, mut pairs) = (0, 0);
    let mut last = None;
    for (behavior, answer) in rubric.behaviors().iter().zip(&evaluation.answers) {
        let Some(answer) = answer else { continue };
        let this = (behavior.scale.id.as_str(), *answer);
        if let Some((scale, before)) = last
            && scale == this.0
        {
            pairs += 1;
            repeated += u64::from(before == this.1);
        }
        last = Some(this);
    }
    (repeated, pairs)
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        many if many % 2 == 1 => Some(values[middle]),
        _ => Some(0.5 * (values[middle - 1] + values[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middle_ones() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
