//! Agreement on one behavior, and which answers are taken for each other.

use std::collections::BTreeMap;

use super::Grid;
use crate::calibration::agreement::{Chance, agreement, percent_agreement};
use crate::calibration::error::CalibrationError;
use crate::calibration::jackknife::Coefficient;
use crate::calibration::krippendorff::{Metric, alpha};
use crate::calibration::ratings::Ratings;
use crate::calibration::weights::Weights;
use crate::estimate::interval::wilson;
use crate::estimate::quantile::normal_quantile;
use crate::rubric::{Answer, AnswerScale, Behavior};

/// One behavior. Agreement is 0-1; N/A is an answer like any other, but has no place in an order.
#[derive(Clone, Debug)]
pub struct BehaviorAgreement {
    pub behavior: String,
    pub text: String,
    /// Calls with two answers or more.
    pub calls: usize,
    /// Its margin is Wilson's, each call a trial: the jackknife has none where all agree.
    pub percent: Option<Coefficient>,
    /// Gwet's AC1.
    pub ac1: Option<Coefficient>,
    /// Krippendorff's, over the answers that are not N/A.
    pub alpha: Option<Coefficient>,
    /// Why there is no alpha.
    pub no_alpha: Option<&'static str>,
    /// The metric of alpha: `nominal`, `ordinal` or `interval`.
    pub metric: &'static str,
    /// The most frequent first.
    pub confusions: Vec<Confusion>,
}

/// Two different answers to one question on one call.
#[derive(Clone, Debug)]
pub struct Confusion {
    /// As files write them.
    pub ids: [String; 2],
    pub texts: [String; 2],
    /// Pairs of analysts who gave them.
    pub times: usize,
}

impl BehaviorAgreement {
    /// The agreement on the behavior at this place; `None` where no call has two answers.
    pub(super) fn new(
        behavior: &Behavior,
        at: usize,
        grid: &Grid<'_>,
        level: f64,
    ) -> Result<Option<Self>, CalibrationError> {
        let options = behavior.scale.options.len();
        let code = |answer: Answer| match answer {
            Answer::Given(option) => usize::from(option),
            Answer::Na => options,
        };
        let units: Vec<Vec<Option<usize>>> = (grid.calls.iter())
            .map(|call| {
                let answer = |evaluation: &Option<&crate::evaluation::Evaluation>| {
                    evaluation
                        .and_then(|e| e.answers.get(at).copied().flatten())
                        .map(code)
                };
                call.iter().map(answer).collect()
            })
            .collect();
        let paired = |units: &[Vec<Option<usize>>]| {
            let twice = |unit: &&Vec<Option<usize>>| unit.iter().flatten().count() > 1;
            units.iter().filter(twice).count()
        };
        let calls = paired(&units);
        if calls == 0 {
            return Ok(None);
        }
        let categories = options + usize::from(behavior.allows(Answer::Na));
        let ratings = Ratings::new(units.clone(), categories)?;
        // Order needs options alone: whether a behavior applies is a question of its own.
        let given = units.iter().map(|unit| {
            let given = unit.iter().map(|code| code.filter(|code| *code < options));
            given.collect()
        });
        let given: Vec<Vec<Option<usize>>> = given.collect();
        let comparable = paired(&given);
        let points = points(&behavior.scale);
        let metric = metric(&points);
        let alpha = alpha(&Ratings::new(given, options)?, &points, metric, level)?;
        let percent = percent_agreement(&ratings, Weights::Identity, level)?;
        Ok(Some(Self {
            behavior: behavior.id.clone(),
            text: behavior.text.clone(),
            calls,
            percent: percent.map(|percent| with_wilson(percent, calls, level)),
            ac1: agreement(&ratings, Chance::Gwet, Weights::Identity, level)?,
            alpha,
            no_alpha: match (alpha, comparable) {
                (Some(_), _) => None,
                (None, 0) => Some("no two answers but N/A"),
                (None, _) => Some("no variation"),
            },
            metric: match metric {
                Metric::Interval => "interval",
                Metric::Ordinal => "ordinal",
                _ => "nominal",
            },
            confusions: confusions(&units, &behavior.scale),
        }))
    }
}

fn points(scale: &AnswerScale) -> Vec<f64> {
    scale.options.iter().map(|option| option.points).collect()
}

/// Nominal for two options, and for options whose points go up and down: they have no order. Of more options in an order
/// the distances count too (interval) where points are evenly spaced over five options or more, as on a scale of marks;
/// below that points are a convention, and the order alone is compared (ordinal).
fn metric(points: &[f64]) -> Metric {
    let steps: Vec<f64> = points.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let rising = steps.iter().all(|step| *step > 0.0);
    let falling = steps.iter().all(|step| *step < 0.0);
    if points.len() < 3 || !(rising || falling) {
        return Metric::Nominal;
    }
    let first = steps.first().copied().unwrap_or(0.0);
    let even = steps
        .iter()
        .all(|step| (step - first).abs() <= 1e-9 * first.abs());
    match even && points.len() >= 5 {
        true => Metric::Interval,
        false => Metric::Ordinal,
    }
}

fn with_wilson(percent: Coefficient, calls: usize, level: f64) -> Coefficient {
    let z = normal_quantile(0.5 + 0.5 * level);
    let limits = z.and_then(|z| wilson(percent.value, calls as f64, z));
    Coefficient {
        low: limits.map(|limits| limits.low),
        high: limits.map(|limits| limits.high),
        ..percent
    }
}

/// Every pair of different answers, each pair of analysts on each call counting once.
fn confusions(units: &[Vec<Option<usize>>], scale: &AnswerScale) -> Vec<Confusion> {
    let mut times: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for unit in units {
        let given: Vec<usize> = unit.iter().flatten().copied().collect();
        for (at, a) in given.iter().enumerate() {
            for b in given.iter().skip(at + 1).filter(|b| *b != a) {
                *times.entry((*a.min(b), *a.max(b))).or_default() += 1;
            }
        }
    }
    let id = |code: usize| match scale.options.get(code) {
        Some(option) => option.id.clone(),
        None => Answer::NA_ID.to_owned(),
    };
    let text = |code: usize| match scale.options.get(code) {
        Some(option) => option.text.clone(),
        None => "N/A".to_owned(),
    };
    let mut found: Vec<Confusion> = (times.into_iter())
        .map(|((a, b), times)| Confusion {
            ids: [id(a), id(b)],
            texts: [text(a), text(b)],
            times,
        })
        .collect();
    found.sort_by_key(|confusion| std::cmp::Reverse(confusion.times));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metric_follows_the_scale() {
        assert_eq!(metric(&[100.0, 0.0]), Metric::Nominal);
        assert_eq!(metric(&[100.0, 60.0, 0.0]), Metric::Ordinal);
        assert_eq!(metric(&[0.0, 25.0, 50.0, 100.0, 75.0]), Metric::Nominal);
        assert_eq!(metric(&[3.0, 2.0, 1.0, 0.0]), Metric::Ordinal);
        assert_eq!(metric(&[0.0, 0.1, 0.2, 0.3, 0.4]), Metric::Interval);
        assert_eq!(metric(&[100.0, 75.0, 50.0, 25.0, 0.0]), Metric::Interval);
        assert_eq!(metric(&[100.0, 80.0, 50.0, 25.0, 0.0]), Metric::Ordinal);
        assert_eq!(metric(&[100.0, 50.0, 50.0]), Metric::Nominal);
    }

    #[test]
    fn a_confusion_is_a_pair_of_analysts_with_different_answers() {
        let scale = AnswerScale {
            id: "yes_no".to_owned(),
            options: ["yes", "no"]
                .map(|id| crate::rubric::ScaleOption {
                    id: id.to_owned(),
                    key: 'k',
                    text: id.to_uppercase(),
                    points: 0.0,
                })
                .to_vec(),
            full: 1.0,
        };
        // Three analysts: on the second call two pairs differ, on the third all three do.
        let units = [
            vec![Some(0), Some(0), None],
            vec![Some(1), Some(0), Some(1)],
            vec![Some(0), Some(1), Some(2)],
        ];
        let found = confusions(&units, &scale);
        let told: Vec<(String, usize)> = found
            .iter()
            .map(|one| (one.ids.join("/"), one.times))
            .collect();
        let wanted = [("yes/no", 3), ("yes/na", 1), ("no/na", 1)];
        assert_eq!(told, wanted.map(|(ids, times)| (ids.to_owned(), times)));
        assert_eq!(found[1].texts, ["YES", "N/A"]);
    }
}
