//! What is said of one part of a rubric.

use std::fmt::Display;

use super::matching::{Pair, moved, pairs};
use crate::rubric::hash::answer_ids as answers;
use crate::rubric::{
    AnswerScale, AppliesTo, Behavior, Change, ChangeKind, Critical, Place, ScaleOption,
};
use ChangeKind::{Scoring, Wording};

/// Collects the changes of one part.
pub(super) struct Part<'a> {
    pub(super) list: &'a mut Vec<Change>,
    pub(super) place: Place,
}

impl Part<'_> {
    pub(super) fn says(&mut self, kind: ChangeKind, what: impl Into<String>) {
        self.list.push(Change {
            kind,
            place: self.place.clone(),
            what: what.into(),
        });
    }

    /// Values are compared, not what is said of them.
    pub(super) fn setting<T: PartialEq>(
        &mut self,
        kind: ChangeKind,
        name: &str,
        a: T,
        b: T,
        say: impl Fn(&T) -> String,
    ) {
        if a != b {
            self.says(kind, format!("{name}: {} becomes {}", say(&a), say(&b)));
        }
    }

    pub(super) fn optional<T: PartialEq>(
        &mut self,
        kind: ChangeKind,
        name: &str,
        a: Option<T>,
        b: Option<T>,
        say: impl Fn(&T) -> String,
    ) {
        let say = |value: &Option<T>| value.as_ref().map_or_else(|| "none".to_owned(), &say);
        self.setting(kind, name, a, b, say);
    }

    pub(super) fn scale(&mut self, kind: ChangeKind, a: &AnswerScale, b: &AnswerScale) {
        self.setting(kind, "full points", a.full, b.full, number);
        let id = |option: &ScaleOption| option.id.clone();
        let moved = moved(a.options.iter().map(id), b.options.iter().map(id));
        for pair in pairs(&a.options, &b.options, |option| &option.id) {
            let answer = format!("answer `{}`", pair.any().id);
            match pair {
                Pair::New(new) => {
                    let points = number(&new.points);
                    self.says(kind, format!("{answer} is new, points: {points}"));
                }
                Pair::Gone(_) => self.says(kind, format!("{answer} is gone")),
                Pair::Kept(a, b) => {
                    if moved.contains(&a.id) {
                        self.says(kind, format!("{answer} stands in another place"));
                    }
                    let of = |what| format!("{what} of {answer}");
                    self.setting(kind, &of("points"), a.points, b.points, number);
                    self.setting(Wording, &of("key"), a.key, b.key, name);
                    self.setting(Wording, &of("text"), &a.text, &b.text, quoted);
                }
            }
        }
    }

    /// All but where it stands and when it is shown, which other parts decide too.
    pub(super) fn behavior(&mut self, a: &Behavior, b: &Behavior) {
        self.setting(Scoring, "scale", &a.scale.id, &b.scale.id, name);
        self.setting(Scoring, "weight", a.weight, b.weight, number);
        self.setting(Scoring, "N/A", a.na.as_str(), b.na.as_str(), word);
        if a.applies_to != b.applies_to {
            let (a, b) = (callers(a.applies_to), callers(b.applies_to));
            self.says(Scoring, format!("is asked for {b} instead of {a}"));
        }
        match (&a.critical, &b.critical) {
            (Some(old), Some(new)) => self.critical((&a.scale, old), (&b.scale, new)),
            (None, Some(new)) => {
                let Critical {
                    family,
                    on,
                    scope,
                    effect,
                } = new;
                self.says(
                    Scoring,
                    format!(
                        "is now critical on {} ({}, {} {})",
                        or(&answers(&b.scale, on)),
                        family.as_str(),
                        scope.as_str(),
                        effect.as_str()
                    ),
                );
            }
            (Some(_), None) => self.says(Scoring, "is critical no more"),
            (None, None) => {}
        }
        self.setting(Wording, "text", &a.text, &b.text, quoted);
        let (old, new) = (a.look_for.as_deref(), b.look_for.as_deref());
        self.optional(Wording, "look_for", old, new, quoted);
        let (old, new) = (a.comment.as_str(), b.comment.as_str());
        self.setting(Wording, "comment", old, new, word);
    }

    fn critical(&mut self, (scale, a): (&AnswerScale, &Critical), b: (&AnswerScale, &Critical)) {
        let (new_scale, b) = b;
        let (old, new) = (answers(scale, &a.on), answers(new_scale, &b.on));
        self.setting(Scoring, "critical on", old, new, |ids| or(ids));
        let mut words = |what, a, b| self.setting(Scoring, what, a, b, word);
        words("critical family", a.family.as_str(), b.family.as_str());
        words("critical scope", a.scope.as_str(), b.scope.as_str());
        words("critical effect", a.effect.as_str(), b.effect.as_str());
    }

    pub(super) fn condition(&mut self, a: &Option<Condition>, b: &Option<Condition>) {
        let say = |(behavior, is): &Condition| format!("if `{behavior}` is {}", or(is));
        match (a, b) {
            (Some(a), Some(b)) if a != b => {
                let (a, b) = (say(a), say(b));
                self.says(Scoring, format!("is asked {b}, no more {a}"));
            }
            (None, Some(b)) => self.says(Scoring, format!("is asked only {}", say(b))),
            (Some(a), None) => self.says(
                Scoring,
                format!("is asked without condition, not only {}", say(a)),
            ),
            _ => {}
        }
    }
}

/// Id of the other behavior, and its answers.
pub(super) type Condition = (String, Vec<String>);

fn or(ids: &[String]) -> String {
    ids.iter().map(name).collect::<Vec<_>>().join(" or ")
}

fn callers(applies_to: AppliesTo) -> &'static str {
    match (applies_to.internal, applies_to.external) {
        (true, false) => "internal callers",
        (false, true) => "external callers",
        _ => "all callers",
    }
}

pub(super) fn name<T: Display>(id: &T) -> String {
    format!("`{id}`")
}

pub(super) fn quoted<T: Display>(text: &T) -> String {
    format!("\"{text}\"")
}

pub(super) fn word<T: Display>(word: &T) -> String {
    word.to_string()
}

pub(super) fn yes_or_no(is: &bool) -> String {
    if *is { "yes" } else { "no" }.to_owned()
}

/// -0 is 0.
pub(super) fn number(value: &f64) -> String {
    (value + 0.0).to_string()
}
