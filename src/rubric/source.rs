//! A rubric as its file says it, before anything was checked but the types of the values.

use super::{
    AppliesTo, Band, CommentPolicy, Cost, Driver, Effect, Example, Family, NaPolicy, Scope, Weigh,
};

#[derive(Clone, Debug, PartialEq)]
pub struct RubricSource {
    pub id: String,
    pub title: String,
    pub revision: Option<String>,
    pub weigh: Weigh,
    pub na: NaPolicy,
    pub bonus: bool,
    pub pass_mark: Option<f64>,
    pub bands: Vec<Band>,
    pub cost: Option<Cost>,
    pub scales: Vec<ScaleSource>,
    pub sections: Vec<SectionSource>,
    pub drivers: Vec<Driver>,
    pub examples: Vec<Example>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ScaleSource {
    pub id: String,
    pub full: Option<f64>,
    pub options: Vec<OptionSource>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct OptionSource {
    pub id: String,
    pub key: Option<String>,
    pub text: Option<String>,
    pub points: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SectionSource {
    pub id: String,
    pub title: Option<String>,
    pub weight: Option<f64>,
    pub behaviors: Vec<BehaviorSource>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct BehaviorSource {
    pub id: String,
    pub text: String,
    pub look_for: Option<String>,
    pub answers: String,
    pub weight: Option<f64>,
    pub applies_to: AppliesTo,
    pub na: Option<NaPolicy>,
    pub comment: CommentPolicy,
    pub critical: Option<CriticalSource>,
    pub show_if: Option<ShowIfSource>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CriticalSource {
    pub family: Family,
    pub on: Vec<String>,
    pub scope: Scope,
    pub effect: Effect,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ShowIfSource {
    pub behavior: String,
    pub is: Vec<String>,
}
