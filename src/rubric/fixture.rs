//! Sources for tests, as small as they can be.

use super::{
    AppliesTo, BehaviorSource, CommentPolicy, CriticalSource, Effect, Example, Family, NaPolicy,
    OptionSource, RubricSource, ScaleSource, Scope, SectionSource, ShowIfSource, Weigh,
};

pub(crate) const INTERNAL: AppliesTo = AppliesTo {
    internal: true,
    external: false,
};
pub(crate) const EXTERNAL: AppliesTo = AppliesTo {
    internal: false,
    external: true,
};

pub(crate) fn rubric(weigh: Weigh, sections: Vec<SectionSource>) -> RubricSource {
    RubricSource {
        id: "small".to_owned(),
        title: "Small".to_owned(),
        revision: None,
        weigh,
        na: NaPolicy::Exclude,
        bonus: false,
        pass_mark: None,
        bands: Vec::new(),
        cost: None,
        scales: Vec::new(),
        sections,
        drivers: Vec::new(),
        examples: Vec::new(),
    }
}

pub(crate) fn section(
    id: &str,
    weight: impl Into<Option<f64>>,
    behaviors: Vec<BehaviorSource>,
) -> SectionSource {
    SectionSource {
        id: id.to_owned(),
        title: None,
        weight: weight.into(),
        behaviors,
    }
}

/// A yes/no behavior.
pub(crate) fn behavior(id: &str) -> BehaviorSource {
    BehaviorSource {
        id: id.to_owned(),
        text: format!("Does {id}"),
        look_for: None,
        answers: "yes_no".to_owned(),
        weight: None,
        applies_to: AppliesTo::BOTH,
        na: None,
        comment: CommentPolicy::Optional,
        critical: None,
        show_if: None,
    }
}

impl BehaviorSource {
    pub(crate) fn on_scale(self, scale: &str) -> Self {
        let answers = scale.to_owned();
        Self { answers, ..self }
    }

    pub(crate) fn weighing(self, weight: f64) -> Self {
        let weight = Some(weight);
        Self { weight, ..self }
    }

    pub(crate) fn only_for(self, applies_to: AppliesTo) -> Self {
        Self { applies_to, ..self }
    }

    pub(crate) fn na(self, na: NaPolicy) -> Self {
        let na = Some(na);
        Self { na, ..self }
    }

    pub(crate) fn critical(self, on: &[&str], scope: Scope, effect: Effect) -> Self {
        let critical = Some(CriticalSource {
            family: Family::Compliance,
            on: owned(on),
            scope,
            effect,
        });
        Self { critical, ..self }
    }

    pub(crate) fn shown_if(self, behavior: &str, is: &[&str]) -> Self {
        let show_if = Some(ShowIfSource {
            behavior: behavior.to_owned(),
            is: owned(is),
        });
        Self { show_if, ..self }
    }
}

pub(crate) fn scale(id: &str, options: &[(&str, f64)]) -> ScaleSource {
    let option = |(id, points): &(&str, f64)| OptionSource {
        id: (*id).to_owned(),
        key: None,
        text: None,
        points: *points,
    };
    ScaleSource {
        id: id.to_owned(),
        full: None,
        options: options.iter().map(option).collect(),
    }
}

pub(crate) fn example(
    caller_type: AppliesTo,
    answers: &[(&str, &str)],
    score: impl Into<Option<f64>>,
) -> Example {
    let owned = |(id, answer): &(&str, &str)| ((*id).to_owned(), (*answer).to_owned());
    Example {
        title: None,
        caller_type,
        answers: answers.iter().map(owned).collect(),
        score: score.into(),
        score_before_critical: None,
        outcome: None,
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
