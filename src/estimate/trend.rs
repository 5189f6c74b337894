//! Control charts for weekly figures: EWMA for means, p-chart for rates.
//!
//! EWMA (Roberts 1959; NIST/SEMATECH 6.3.2.4): z_t = l xbar_t + (1 - l) z_{t-1}, limits center -+
//! L sqrt(v_t) with v_t = l^2 sigma^2 / n_t + (1 - l)^2 v_{t-1}, exact for varying n; a week without
//! calls leaves both unchanged. p-chart: pbar -+ 3 sqrt(pbar (1 - pbar) / n_i), cut at 0 and 1. No
//! finite population correction: a chart asks about the process.
//!
//! Refused: a smoothing weight outside (0, 1], deviations and widths that are not positive.

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
}

/// Weekly means `(mean, calls)`, `None` for a week without calls, around a `target` with the deviation
/// of a single call.
pub fn ewma(
    weeks: &[Option<(f64, u64)>],
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
        if let Some((mean, calls)) = week.filter(|(_, calls)| *calls > 0) {
            value = rule.weight * mean + keep * value;
            variance = (rule.weight * deviation).powi(2) / calls as f64 + keep * keep * variance;
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
pub fn ewma_asymptote(deviation: f64, calls: u64, rule: &EwmaRule) -> Option<f64> {
    let half = rule.width * deviation * (rule.weight / (2.0 - rule.weight) / calls as f64).sqrt();
    half.is_finite().then_some(half)
}

/// A p-chart: the overall rate, and one point a week (`None` for a week without calls).
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
        let half = 3.0 * (center * (1.0 - center) / n).sqrt();
        (calls > 0).then(|| ChartPoint {
            value: events as f64 / n,
            low: (center - half).max(0.0),
            high: (center + half).min(1.0),
        })
    };
    Ok(Some(PChart {
        center,
        points: weeks.iter().map(point).collect(),
    }))
}

/// How many standard errors a week's rate lies from the center of its chart. `None` without calls or
/// when every call, or none, has the event.
pub fn p_chart_distance(center: f64, events: u64, calls: u64) -> Option<f64> {
    let n = calls as f64;
    let z = (events as f64 / n - center) / (center * (1.0 - center) / n).sqrt();
    z.is_finite().then_some(z)
}

/// Whether a week has enough calls for p-chart limits to mean anything.
pub fn p_chart_is_informative(center: f64, calls: u64) -> bool {
    calls as f64 * center * (1.0 - center) >= LEAST_INFORMATION
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
        let weeks = [Some((60.0, 4)), None, Some((99.0, 0))];
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
        assert!(ewma(&[Some((f64::NAN, 1))], 50.0, 1.0, &rule).is_err());
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
