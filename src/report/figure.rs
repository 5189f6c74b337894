use crate::estimate::gap::{Gap, Verdict};
use crate::estimate::mean::Estimate;
use crate::estimate::precision::Precision;
use crate::estimate::rate::{Rate, RateDifference};

/// An estimate as reports show it. Scores are 0-100, rates 0-1.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub value: f64,
    /// The 95 % margin; `None` where one call can't tell.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Calls it rests on.
    pub n: u64,
    pub df: Option<f64>,
    pub precision: Precision,
    /// The deviation was borrowed from other CSRs' calls of the same caller type.
    pub borrowed: bool,
    /// More than a tenth of the drawn calls it is about could not be scored.
    pub many_unscorable: bool,
}

impl Figure {
    /// A mean on the scale of 0 to 100; the margin ends where the scale does.
    pub fn of_mean(estimate: &Estimate, highest: f64) -> Self {
        Self {
            value: estimate.value,
            low: estimate.low.map(|low| low.max(0.0)),
            high: estimate.high.map(|high| high.min(highest)),
            n: estimate.n,
            df: estimate.df,
            precision: Precision::of_mean(estimate, 100.0),
            borrowed: estimate.borrowed,
            many_unscorable: false,
        }
    }

    /// A rate.
    pub fn of_rate(rate: &Rate) -> Self {
        Self {
            value: rate.value,
            low: Some(rate.low),
            high: Some(rate.high),
            n: rate.n,
            df: rate.df,
            precision: Precision::of_rate(rate),
            borrowed: false,
            many_unscorable: false,
        }
    }

    /// Whether the figure can't bear a judgement.
    pub fn is_indicative(&self) -> bool {
        matches!(
            self.precision,
            Precision::Indicative | Precision::One | Precision::None
        )
    }
}

/// A sum over all calls that a report is about: hours, or money.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    pub value: f64,
    /// The 95 % margin; `None` where one call can't tell.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Calls it rests on.
    pub n: u64,
}

impl Amount {
    /// A mean, times a number; no sum is below 0.
    pub fn of(estimate: &Estimate, times: f64) -> Self {
        Self {
            value: times * estimate.value,
            low: estimate.low.map(|low| times * low.max(0.0)),
            high: estimate.high.map(|high| times * high),
            n: estimate.n,
        }
    }

    /// A rate, times a number.
    pub fn of_rate(rate: &Figure, times: f64) -> Self {
        Self {
            value: times * rate.value,
            low: rate.low.map(|low| times * low),
            high: rate.high.map(|high| times * high),
            n: rate.n,
        }
    }

    /// The same in another unit.
    pub fn times(&self, factor: f64) -> Self {
        Self {
            value: factor * self.value,
            low: self.low.map(|low| factor * low),
            high: self.high.map(|high| factor * high),
            n: self.n,
        }
    }

    /// For people, with as many digits as it bears.
    pub fn text(&self) -> String {
        let decimals = usize::from(self.high.unwrap_or(self.value) < 20.0);
        match self.low.zip(self.high) {
            Some((low, high)) => {
                format!(
                    "{:.decimals$} ({low:.decimals$}–{high:.decimals$})",
                    self.value
                )
            }
            None => format!("{:.decimals$}", self.value),
        }
    }
}

/// Internal minus external, in points of a score (0-100) or in shares (0-1).
#[derive(Clone, Debug, PartialEq)]
pub struct GapFigure {
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub df: Option<f64>,
    pub p: Option<f64>,
    /// Among all gaps of one table (Benjamini and Hochberg 1995).
    pub q: Option<f64>,
    /// The smallest gap that calls so few would show four times out of five.
    pub noticeable: Option<f64>,
    pub verdict: Option<&'static str>,
    pub borrowed: bool,
}

impl GapFigure {
    /// A gap of means with its verdict.
    pub fn new(gap: &Gap, q: Option<f64>, verdict: Option<Verdict>) -> Self {
        Self {
            value: gap.value,
            low: gap.low,
            high: gap.high,
            df: gap.df,
            p: gap.p,
            q,
            noticeable: gap.noticeable,
            verdict: verdict.map(word),
            borrowed: gap.borrowed,
        }
    }

    /// A gap of rates with its verdict.
    pub fn of_rates(gap: &RateDifference, p: f64, q: Option<f64>, verdict: Verdict) -> Self {
        Self {
            value: gap.value,
            low: Some(gap.low),
            high: Some(gap.high),
            df: None,
            p: Some(p),
            q,
            noticeable: None,
            verdict: Some(word(verdict)),
            borrowed: false,
        }
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Shown => "shown",
        Verdict::NotShown => "not shown",
        Verdict::PracticallyEqual => "practically equal",
    }
}
