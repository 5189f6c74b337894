//! Control charts for weekly figures: X-bar and EWMA for means, p-chart for rates.
//!
//! X-bar for varying n (Montgomery, Introduction to Statistical Quality Control, 6.3.2): center xbarbar = sum n xbar / sum n,
//! s_p^2 = sum (n - 1) s^2 / sum (n - 1), limits center -+ A3(n) s_p with A3 = 3 / (c4 sqrt n) and
//! c4(n) = sqrt(2 / (n - 1)) Gamma(n / 2) / Gamma((n - 1) / 2), the mean of s for a normal deviation of 1. `n` may be an
//! effective number of calls (Kish 1965, 11.7), since calls of unlike weights tell less than as many of one weight.
//!
//! EWMA (Roberts 1959; NIST/SEMATECH 6.3.2.4): z_t = l xbar_t + (1 - l) z_{t-1}, limits center -+
//! L sqrt(v_t) with v_t = l^2 sigma^2 / n_t + (1 - l)^2 v_{t-1}, exact for varying n; a week without
//! calls leaves both unchanged. p-chart: pbar -+ 3 sqrt(pbar (1 - pbar) / n_i), cut at 0 and 1. No
//! finite population correction: a chart asks about the process.
//!
//! Refused: a smoothing weight outside (0, 1], deviations and widths that are not positive.

use statrs::function::gamma::ln_gamma;

use super::error::EstimateError;
use super::moments::is_number;

/// Points below which no chart is drawn, and below which its limits are provisional.
pub const LEAST_POINTS: usize = 12;
pub const SETTLED_POINTS: usize = 20;
/// A p-chart limit needs about this many expected failures and passes: n p (1 - p).
pub const LEAST_INFORMATION: f64 = 3.0;

/// Settings of an EWMA chart; with weight 0.2 and width 2.86 the in-control run length is about 370.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EwmaRule {
    /// Weight of the newest week, lambda.
    pub weight: f64,
    /// Width of the limits in standard errors, L.
    pub width: f64,
}

impl Default for EwmaRule {
    fn default() -> EwmaRule {
        EwmaRule {
            weight: 0.2,
            width: 2.86,
        }
    }
}

/// One week of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChartPoint {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl ChartPoint {
    pub fn is_out(&self) -> bool {
        self.value < self.low || self.value > self.high
    }

    /// To be shown on a scale from 0 to `highest`: no value lies beyond, so no limit need.
    #[must_use]
    pub fn cut(self, highest: f64) -> Self {
        Self {
            low: self.low.clamp(0.0, highest),
            high: self.high.clamp(0.0, highest),
            ..self
        }
    }
}

/// The mean of the deviation of n values whose true deviation is 1; `None` for one value or less.
pub fn c4(n: f64) -> Option<f64> {
    // From here on the difference of two large logarithms is worth less than the series, which misses by 1 / (32 n^2).
    const LARGE: f64 = 1e4;
    if n > LARGE {
        return Some(4.0 * (n - 1.0) / (4.0 * n - 3.0)).filter(|_| is_number(n));
    }
    let log = ln_gamma(0.5 * n) - ln_gamma(0.5 * (n - 1.0));
    (n > 1.0).then(|| (2.0 / (n - 1.0)).sqrt() * log.exp())
}

/// Half the width of X-bar limits in deviations of a call: 3 / (c4 sqrt n). `None` for one call or less.
pub fn a3(n: f64) -> Option<f64> {
    Some(3.0 / (c4(n)? * n.sqrt()))
}

/// An X-bar chart: the mean of all weeks, and one point a week (`None` for a week that has no limits).
#[derive(Debug, Clone, PartialEq)]
pub struct XBarChart {
    pub center: f64,
    pub points: Vec<Option<ChartPoint>>,
}

/// Weekly means `(mean, calls)`, `None` for a week without calls, with the pooled `deviation` of a single call. `None`
/// without any call; a week of one call alone has no limits.
pub fn x_bar(
    weeks: &[Option<(f64, f64)>],
    deviation: f64,
) -> Result<Option<XBarChart>, EstimateError> {
    within(
        "deviation",
        deviation,
        deviation > 0.0 && is_number(deviation),
        "positive",
    )?;
    let known = weeks.iter().flatten();
    if known
        .clone()
        .any(|(mean, n)| !is_number(*mean) || !is_number(*n))
    {
        return Err(EstimateError::NotFinite);
    }
    let (sum, calls) = known.fold((0.0, 0.0), |(sum, calls), (mean, n)| {
        (sum + n * mean, calls + n)
    });
    if calls <= 0.0 {
        return Ok(None);
    }
    let center = sum / calls;
    let point = |(mean, n): (f64, f64)| {
        let half = a3(n)? * deviation;
        Some(ChartPoint {
            value: mean,
            low: center - half,
            high: center + half,
        })
    };
    Ok(Some(XBarChart {
        center,
        points: weeks.iter().map(|week| week.and_then(point)).collect(),
    }))
}

/// Weekly means `(mean, calls)`, `None` for a week without calls, around a `target` with the deviation
/// of a single call. The number of calls may be an effective one.
pub fn ewma(
    weeks: &[Option<(f64, f64)>],
    target: f64,
    deviation: f64,
    rule: &EwmaRule,
) -> Result<Vec<ChartPoint>, EstimateError> {
    within(
        "weight",
        rule.weight,
        rule.weight > 0.0 && rule.weight <= 1.0,
        "in (0, 1]",
    )?;
    within(
        "width",
        rule.width,
        rule.width > 0.0 && is_number(rule.width),
        "positive",
    )?;
    within(
        "deviation",
        deviation,
        deviation > 0.0 && is_number(deviation),
        "positive",
    )?;
    within("target", target, is_number(target), "finite")?;
    let known = weeks.iter().flatten();
    if known.clone().any(|(mean, _)| !is_number(*mean)) {
        return Err(EstimateError::NotFinite);
    }
    let (mut value, mut variance) = (target, 0.0);
    let keep = 1.0 - rule.weight;
    let points = weeks.iter().map(|week| {
        if let Some((mean, calls)) = week.filter(|(_, calls)| *calls > 0.0) {
            value = rule.weight * mean + keep * value;
            variance = (rule.weight * deviation).powi(2) / calls + keep * keep * variance;
        }
        let half = rule.width * variance.sqrt();
        ChartPoint {
            value,
            low: target - half,
            high: target + half,
        }
    });
    Ok(points.collect())
}

/// The half-width the EWMA limits tend to for one call count a week: L sigma sqrt(l / (2 - l) / n).
///
/// No report asks for it: NIST prints these limits where [`ewma`] has the exact ones, so they are what can be checked.
pub fn ewma_asymptote(deviation: f64, calls: u64, rule: &EwmaRule) -> Option<f64> {
    let half = rule.width * deviation * (rule.weight / (2.0 - rule.weight) / calls as f64).sqrt();
    half.is_finite().then_some(half)
}

/// A p-chart: the overall rate, and one point a week (`None` for a week without calls).
///
/// Of plain counts, as NIST and Montgomery print charts; it holds [`p_chart_point`] against theirs. Reports have a center from
/// weighted calls and take their points one by one.
#[derive(Debug, Clone, PartialEq)]
pub struct PChart {
    pub center: f64,
    pub points: Vec<Option<ChartPoint>>,
}

impl PChart {
    /// Positions of the weeks outside their limits.
    pub fn out(&self) -> Vec<usize> {
        let out =
            |(i, point): (usize, &Option<ChartPoint>)| point.filter(ChartPoint::is_out).map(|_| i);
        self.points.iter().enumerate().filter_map(out).collect()
    }
}

/// `(events, calls)` per week. `None` without any call; refused where events exceed calls.
pub fn p_chart(weeks: &[(u64, u64)]) -> Result<Option<PChart>, EstimateError> {
    if let Some(&(events, calls)) = weeks.iter().find(|(events, calls)| events > calls) {
        return Err(EstimateError::DomainExceedsSample {
            inside: events,
            sampled: calls,
        });
    }
    let sum =
        |part: fn(&(u64, u64)) -> u64| weeks.iter().map(|week| part(week) as f64).sum::<f64>();
    let (events, calls) = (sum(|week| week.0), sum(|week| week.1));
    if calls == 0.0 {
        return Ok(None);
    }
    let center = events / calls;
    let point = |&(events, calls): &(u64, u64)| {
        let n = calls as f64;
        (calls > 0).then(|| p_chart_point(center, events as f64 / n, n))
    };
    Ok(Some(PChart {
        center,
        points: weeks.iter().map(point).collect(),
    }))
}

/// A week's rate among `calls`, which may be an effective number, with the limits around the `center` of its chart.
pub fn p_chart_point(center: f64, rate: f64, calls: f64) -> ChartPoint {
    let half = 3.0 * (center * (1.0 - center) / calls).sqrt();
    ChartPoint {
        value: rate,
        low: (center - half).max(0.0),
        high: (center + half).min(1.0),
    }
}

/// No report asks for it: Montgomery prints it of a week that is out of control, which checks the limits once more.
///
/// How many standard errors a week's rate lies from the center of its chart. `None` without calls or
/// when every call, or none, has the event.
pub fn p_chart_distance(center: f64, events: u64, calls: u64) -> Option<f64> {
    let n = calls as f64;
    let z = (events as f64 / n - center) / (center * (1.0 - center) / n).sqrt();
    z.is_finite().then_some(z)
}

/// Whether a week has enough calls for p-chart limits to mean anything.
pub fn p_chart_is_informative(center: f64, calls: f64) -> bool {
    calls * center * (1.0 - center) >= LEAST_INFORMATION
}

fn within(
    name: &'static str,
    value: f64,
    fits: bool,
    wanted: &'static str,
) -> Result<(), EstimateError> {
    if fits {
        Ok(())
    } else {
        Err(EstimateError::Argument {
            name,
            value,
            wanted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_without_calls_changes_nothing() {
        let weeks = [Some((60.0, 4.0)), None, Some((99.0, 0.0))];
        let points = ewma(&weeks, 50.0, 12.0, &EwmaRule::default()).unwrap();
        assert_eq!(points[0], points[1]);
        assert_eq!(points[1], points[2]);
        assert_eq!(points[0].value, 52.0);
    }

    #[test]
    fn nonsense_is_refused() {
        let rule = EwmaRule::default();
        assert!(ewma(&[], f64::NAN, 1.0, &rule).is_err());
        assert!(ewma(&[], 50.0, 0.0, &rule).is_err());
        assert!(ewma(&[Some((f64::NAN, 1.0))], 50.0, 1.0, &rule).is_err());
        assert!(
            ewma(
                &[],
                50.0,
                1.0,
                &EwmaRule {
                    weight: 1.5,
                    ..rule
                }
            )
            .is_err()
        );
        assert!(p_chart(&[(3, 2)]).is_err());
        assert_eq!(p_chart(&[(0, 0)]), Ok(None));
        assert_eq!(p_chart_distance(0.0, 0, 5), None);
        assert_eq!(ewma_asymptote(1.0, 0, &rule), None);
    }

    #[test]
    fn a_week_of_one_call_has_no_x_bar_limits() {
        let chart = x_bar(&[Some((60.0, 1.0)), None, Some((90.0, 5.0))], 10.0);
        let chart = chart.unwrap().unwrap();
        assert_eq!(chart.center, 85.0);
        assert_eq!(chart.points[..2], [None, None]);
        let point = chart.points[2].unwrap();
        assert!((point.high - 85.0 - 14.2725).abs() < 1e-3, "{point:?}");
        assert!(!point.is_out());
        assert_eq!(x_bar(&[None], 10.0), Ok(None));
        assert!(x_bar(&[], 0.0).is_err());
        assert!(x_bar(&[Some((f64::NAN, 1.0))], 1.0).is_err());
        assert_eq!((c4(1.0), c4(f64::NAN), a3(0.0)), (None, None, None));
    }

    #[test]
    fn many_calls_leave_the_limits_of_a_normal_mean() {
        let n = 1e6;
        assert!((a3(n).unwrap() * n.sqrt() - 3.0).abs() < 1e-5);
        // Where one formula takes over from the other.
        let (below, above) = (c4(1e4).unwrap(), c4(1e4 + 1e-6).unwrap());
        assert!((below - above).abs() < 1e-9, "{below}, {above}");
        assert_eq!(c4(f64::INFINITY), None);
    }

    #[test]
    fn a_chart_of_one_rate_has_limits_that_meet() {
        let chart = p_chart(&[(4, 4), (0, 0), (6, 6)]).unwrap().unwrap();
        assert_eq!(
            chart.points[0],
            Some(ChartPoint {
                value: 1.0,
                low: 1.0,
                high: 1.0
            })
        );
        assert_eq!(chart.points[1], None);
        assert!(chart.out().is_empty());
    }
}
