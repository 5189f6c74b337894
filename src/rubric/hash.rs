//! A rubric's identity: SHA-256 over RFC 8785 canonical JSON, with defaults and examples left out, so that comments,
//! layout and spelt-out defaults don't count.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Answer, AnswerScale, Behavior, CommentPolicy, NaPolicy, Rubric, YES_NO};

impl Rubric {
    /// SHA-256 of everything but the examples.
    pub fn hash(&self) -> [u8; 32] {
        *self.hash.get_or_init(|| sha256(&self.identity(true)))
    }

    /// SHA-256 of what decides scores and outcomes alone: ids, weights, scales, N/A, criticals, conditions, pass mark.
    /// Two rubrics with the same one may serve one sample.
    pub fn scoring_hash(&self) -> [u8; 32] {
        sha256(&self.identity(false))
    }

    fn identity(&self, wording: bool) -> Value {
        let mut top = Fields::new();
        top.put("id", json!(self.id));
        top.put("weigh", json!(self.weigh.as_str()));
        top.unless(self.bonus, false, "bonus");
        top.some("pass_mark", self.pass_mark);
        if wording {
            top.put("title", json!(self.title));
            top.some("revision", self.revision.as_deref());
            if let Some(cost) = &self.cost {
                top.put("cost_per_minute", json!(cost.per_minute));
                if !cost.currency.is_empty() {
                    top.put("currency", json!(cost.currency));
                }
            }
            top.list(
                "bands",
                self.bands
                    .iter()
                    .map(|b| json!({"from": b.from, "name": b.name}))
                    .collect(),
            );
            top.list(
                "drivers",
                self.drivers
                    .iter()
                    .map(|d| {
                        let mut fields = Fields::new();
                        fields.put("id", json!(d.id));
                        fields.put("text", json!(d.text));
                        fields.unless(d.avoidable, false, "avoidable");
                        fields.some("minutes", d.minutes);
                        fields.value()
                    })
                    .collect(),
            );
        }
        let used = |scale: &AnswerScale| self.behaviors.iter().any(|b| b.scale.id == scale.id);
        let scales = self
            .scales
            .iter()
            .filter(|s| s.id != YES_NO && (wording || used(s)));
        let scales: Map<String, Value> =
            scales.map(|s| (s.id.clone(), scale(s, wording))).collect();
        if !scales.is_empty() {
            top.put("answers", Value::Object(scales));
        }
        let sections = self.sections.iter().map(|section| {
            let mut fields = Fields::new();
            fields.put("id", json!(section.id));
            fields.unless(section.weight, 1.0, "weight");
            if wording && section.title != section.id {
                fields.put("title", json!(section.title));
            }
            let behaviors = &self.behaviors[section.behaviors.clone()];
            fields.list(
                "behavior",
                behaviors
                    .iter()
                    .map(|b| self.behavior_identity(b, wording))
                    .collect(),
            );
            fields.value()
        });
        top.list("section", sections.collect());
        top.value()
    }

    fn behavior_identity(&self, behavior: &Behavior, wording: bool) -> Value {
        let mut fields = Fields::new();
        fields.put("id", json!(behavior.id));
        fields.put("answers", json!(behavior.scale.id));
        fields.unless(behavior.weight, 1.0, "weight");
        if behavior.na != NaPolicy::Exclude {
            fields.put("na", json!(behavior.na.as_str()));
        }
        if !behavior.applies_to.both() {
            let only = if behavior.applies_to.internal {
                "internal"
            } else {
                "external"
            };
            fields.put("applies_to", json!([only]));
        }
        if wording {
            fields.put("text", json!(behavior.text));
            fields.some("look_for", behavior.look_for.as_deref());
            if behavior.comment != CommentPolicy::Optional {
                fields.put("comment", json!(behavior.comment.as_str()));
            }
        }
        if let Some(critical) = &behavior.critical {
            fields.put(
                "critical",
                json!({
                    "family": critical.family.as_str(),
                    "on": answer_ids(&behavior.scale, &critical.on),
                    "scope": critical.scope.as_str(),
                    "effect": critical.effect.as_str(),
                }),
            );
        }
        if let Some(show_if) = &behavior.show_if {
            let other = &self.behaviors[show_if.behavior];
            fields.put(
                "show_if",
                json!({"behavior": other.id, "is": answer_ids(&other.scale, &show_if.is)}),
            );
        }
        fields.value()
    }
}

/// Sorted: the order in which answers are listed means nothing.
pub(super) fn answer_ids(scale: &AnswerScale, answers: &[Answer]) -> Vec<String> {
    let mut ids: Vec<_> = answers
        .iter()
        .map(|answer| scale.id_of(*answer).to_owned())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn scale(scale: &AnswerScale, wording: bool) -> Value {
    let mut fields = Fields::new();
    let highest = scale.options.iter().map(|o| o.points).fold(0.0, f64::max);
    fields.unless(scale.full, highest, "full");
    let options = scale.options.iter().map(|option| {
        let mut fields = Fields::new();
        fields.put("id", json!(option.id));
        fields.put("points", json!(option.points));
        if wording {
            fields.put("key", json!(option.key));
            fields.put("text", json!(option.text));
        }
        fields.value()
    });
    fields.list("options", options.collect());
    fields.value()
}

struct Fields(Map<String, Value>);

impl Fields {
    fn new() -> Self {
        Self(Map::new())
    }

    fn put(&mut self, key: &str, value: Value) {
        self.0.insert(key.to_owned(), value);
    }

    fn some<T: serde::Serialize>(&mut self, key: &str, value: Option<T>) {
        if let Some(value) = value {
            self.put(key, json!(value));
        }
    }

    fn unless<T: PartialEq + serde::Serialize>(&mut self, value: T, default: T, key: &str) {
        if value != default {
            self.put(key, json!(value));
        }
    }

    fn list(&mut self, key: &str, values: Vec<Value>) {
        if !values.is_empty() {
            self.put(key, Value::Array(values));
        }
    }

    fn value(self) -> Value {
        Value::Object(self.0)
    }
}

fn sha256(value: &Value) -> [u8; 32] {
    let canonical = serde_json_canonicalizer::to_vec(value).unwrap_or_default();
    Sha256::digest(canonical).into()
}

#[cfg(test)]
pub(super) mod tests;
