//! A figure week by week: what is asked, and when there is none.

use super::asked::TableName;
use crate::cli::Failure;

use crate::report::{AnyTable, Rules, SampleFacts, Step, Trend, TrendAsk, TrendOf};
use crate::rubric::Rubric;

/// For the table `trend`.
#[derive(clap::Args)]
pub(super) struct TrendArgs {
    /// How long a point of the trend is: from Monday to Sunday, or a calendar month, by the local day of the call [default: week]
    #[arg(long, value_name = "STEP", help_heading = "Trend")]
    by: Option<By>,
    /// The figure that the trend follows [default: score]
    ///
    /// From twelve points on, scores have the limits of an X-bar chart, rates those of a p-chart. A point outside its limits is
    /// a question, not a verdict.
    #[arg(long, value_name = "FIGURE", help_heading = "Trend")]
    of: Option<Of>,
    /// Add the smoothed line of an EWMA chart (weight 0.2, limits of 2.86 deviations), which sees small shifts that last
    #[arg(long, help_heading = "Trend")]
    ewma: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum By {
    Week,
    Month,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Of {
    /// The score
    Score,
    /// The score before criticals
    BeforeCritical,
    /// The share of calls that reach the pass mark without a critical error
    Passed,
    /// The share of calls without a critical error
    CriticalFree,
}

impl TrendArgs {
    /// What is asked for.
    pub(super) fn ask(&self, table: Option<TableName>) -> Result<TrendAsk, Failure> {
        let asks = self.by.is_some() || self.of.is_some() || self.ewma;
        if asks && table != Some(TableName::Trend) {
            return Err(Failure::usage(
                "--by, --of and --ewma are about the table `trend`",
                "print it with `evenhand report trend`, or leave them out",
            ));
        }
        let of = match self.of {
            None | Some(Of::Score) => TrendOf::Score,
            Some(Of::BeforeCritical) => TrendOf::BeforeCritical,
            Some(Of::Passed) => TrendOf::Passed,
            Some(Of::CriticalFree) => TrendOf::CriticalFree,
        };
        if self.ewma && of.is_rate() {
            return Err(Failure::usage(
                "--ewma smooths scores, not shares of calls",
                "leave --ewma out, or follow --of score or --of before-critical",
            ));
        }
        let by = match self.by {
            None | Some(By::Week) => Step::Week,
            Some(By::Month) => Step::Month,
        };
        Ok(TrendAsk {
            by,
            of,
            ewma: self.ewma,
        })
    }
}

/// The table, of samples under rubrics that score alike.
pub(super) fn table(
    rubric: &Rubric,
    facts: &[SampleFacts],
    ask: TrendAsk,
    rules: Rules,
) -> Result<AnyTable, Failure> {
    if ask.of == TrendOf::Passed && rubric.pass_mark().is_none() {
        return Err(Failure::data(
            format!(
                "the rubric `{}` has no pass mark, so no call passes",
                rubric.id()
            ),
            "follow --of score or --of critical-free",
        ));
    }
    if facts.iter().all(|sample| sample.inside().next().is_none()) {
        let filter = facts.first().map(|sample| sample.filter.words());
        return Err(Failure::data(
            match filter.filter(|words| !words.is_empty()) {
                Some(words) => format!("no drawn call is among these: {words}"),
                None => "no call is drawn, so there is no trend".to_owned(),
            },
            "leave a filter out, or name another; `evenhand report calls` lists the drawn calls",
        ));
    }
    let trend = Trend::new(rubric, facts, ask, rules)?.ok_or_else(|| {
        Failure::data(
            "the calls of this report have no dates, so they make no trend",
            "a log needs a column `started_at` with a day and a time; where it goes by another name or is written otherwise, name \
             it in a profile (`evenhand log FILE` tells what was found), and draw with it the next time",
        )
    })?;
    Ok(AnyTable::Trend(Box::new(trend)))
}
