//! The numbers to see first on a page.

use super::{CallerTypes, Figure, GapFigure, Headline, Progress};

impl Headline {
    /// The score of each caller type, the gap, and how far scoring is.
    pub fn of(table: &CallerTypes, progress: &[Progress]) -> Vec<Self> {
        let score = |figure: &Figure| {
            let margin = figure.low.zip(figure.high);
            let margin = margin.map(|(low, high)| format!("margin {low:.0}–{high:.0}"));
            (
                format!("{:.1}", figure.value),
                margin.unwrap_or_else(|| "one call can't tell a margin".to_owned()),
            )
        };
        let mut headlines: Vec<Headline> = (table.rows.iter())
            .filter_map(|row| {
                let (value, detail) = score(row.score.as_ref()?);
                let name = format!("{} callers", row.caller_type);
                Some(Headline {
                    name,
                    value,
                    detail,
                })
            })
            .collect();
        headlines.extend(table.gap.as_ref().map(|gap| {
            let GapFigure { low, high, .. } = gap;
            let margin = low.zip(*high);
            let margin = margin.map_or_else(String::new, |(low, high)| {
                format!(", margin {low:+.0} to {high:+.0}")
            });
            let verdict = gap.verdict.unwrap_or_default();
            Headline {
                name: "gap, internal minus external".to_owned(),
                value: format!("{:+.1}", gap.value).replace('-', "\u{2212}"),
                detail: format!("{verdict}{margin}").replace('-', "\u{2212}"),
            }
        }));
        // Of the calls that the report is about.
        let sum = |of: fn(&Progress) -> u64| progress.iter().map(of).sum::<u64>();
        let scored = sum(|calls| calls.inside[2]);
        let to_score = sum(|calls| calls.inside[0] - calls.inside[1]);
        headlines.push(Headline {
            name: "calls scored".to_owned(),
            value: scored.to_string(),
            detail: format!("of {to_score} drawn"),
        });
        headlines
    }
}
