use super::{Gap, gaps, score};
use crate::calls::CallerType;
use crate::rubric::{Answer, Example, Fault, FaultKind, KeyPath, Rubric, nearest};

/// How far a stated score may be from the computed one: examples are typed with a few digits.
const TOLERANCE: f64 = 1e-6;

/// Scores a rubric's worked examples and tells where a result differs from what the example states.
pub fn check_examples(rubric: &Rubric) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, example) in rubric.examples().iter().enumerate() {
        check(
            rubric,
            example,
            &KeyPath::default().key("example").at(at),
            &mut faults,
        );
    }
    faults
}

fn check(rubric: &Rubric, example: &Example, path: &KeyPath, faults: &mut Vec<Fault>) {
    let caller_type = if example.caller_type.internal {
        CallerType::Internal
    } else {
        CallerType::External
    };
    let before = faults.len();
    let mut answers: Vec<Option<Answer>> = vec![None; rubric.behaviors().len()];
    for (id, answer) in &example.answers {
        let here = path.key("answers").key(id);
        match read(rubric, id, answer) {
            Ok((place, answer)) => answers[place] = Some(answer),
            Err(kind) => faults.push(Fault { path: here, kind }),
        }
    }
    if faults.len() > before {
        // What is asked hangs on answers that can't be read.
        return;
    }
    let asked = super::asked(rubric, caller_type, &answers);
    for (place, behavior) in rubric.behaviors().iter().enumerate() {
        if answers[place].is_some() && !asked[place] {
            let here = path.key("answers").key(&behavior.id);
            faults.push(Fault {
                path: here,
                kind: FaultKind::ExampleNotAsked(behavior.id.clone()),
            });
        }
    }
    let comments = vec![String::new(); answers.len()];
    for gap in gaps(rubric, caller_type, &answers, &comments) {
        if let Gap::Answer(place) = gap {
            let kind = FaultKind::ExampleGap(rubric.behaviors()[place].id.clone());
            faults.push(Fault {
                path: path.key("answers"),
                kind,
            });
        }
    }
    if faults.len() > before {
        return;
    }
    let found = score(rubric, caller_type, &answers);
    let mut differs = |key: &str, what: &'static str, stated: String, computed: String| {
        let kind = FaultKind::ExampleDiffers {
            what,
            stated,
            computed,
        };
        faults.push(Fault {
            path: path.key(key),
            kind,
        });
    };
    let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= TOLERANCE,
        (a, b) => a.is_none() && b.is_none(),
    };
    if !near(example.score, found.score) {
        differs("score", "score", number(example.score), number(found.score));
    }
    if example.score_before_critical.is_some()
        && !near(example.score_before_critical, found.score_before_critical)
    {
        let (stated, computed) = (
            number(example.score_before_critical),
            number(found.score_before_critical),
        );
        differs(
            "score_before_critical",
            "score before criticals",
            stated,
            computed,
        );
    }
    if let Some(stated) = &example.outcome {
        let computed = found.outcome.map_or("none", super::CallOutcome::as_str);
        if stated != computed {
            differs(
                "outcome",
                "outcome",
                format!("`{stated}`"),
                format!("`{computed}`"),
            );
        }
    }
}

fn read(rubric: &Rubric, id: &str, answer: &str) -> Result<(usize, Answer), FaultKind> {
    let Some(place) = rubric.behavior(id) else {
        let known = rubric
            .behaviors()
            .iter()
            .map(|behavior| behavior.id.as_str());
        return Err(FaultKind::UnknownBehavior {
            name: id.to_owned(),
            nearest: nearest(id, known).map(str::to_owned),
        });
    };
    let behavior = &rubric.behaviors()[place];
    match behavior.scale.answer(answer) {
        Some(answer) if behavior.allows(answer) => Ok((place, answer)),
        Some(_) => Err(FaultKind::NaForbidden(id.to_owned())),
        None => Err(FaultKind::UnknownAnswer {
            behavior: id.to_owned(),
            name: answer.to_owned(),
            nearest: nearest(
                answer,
                behavior
                    .scale
                    .options
                    .iter()
                    .map(|option| option.id.as_str()),
            )
            .map(str::to_owned),
        }),
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(
        || "none".to_owned(),
        |value| format!("{}", (value * 1e9).round() / 1e9),
    )
}

#[cfg(test)]
mod tests;
