//! `show_if`: joins behaviors to those they depend on, and finds the ones that can never be asked.

use super::Build;
use crate::rubric::{
    Answer, AppliesTo, Behavior, BehaviorSource, FaultKind, KeyPath, NaPolicy, ShowIf, nearest,
};

/// A behavior's source and where it stands.
pub(super) struct Place<'a> {
    pub(super) source: &'a BehaviorSource,
    pub(super) path: KeyPath,
    pub(super) scale_known: bool,
}

impl Build {
    /// Joins `show_if` to the behaviors it names.
    pub(super) fn conditions(&mut self, places: &[Place<'_>], behaviors: &mut [Behavior]) {
        for (at, Place { source, path, .. }) in places.iter().enumerate() {
            let Some(show_if) = &source.show_if else {
                continue;
            };
            let here = path.key("show_if");
            let ids = places.iter().map(|place| place.source.id.as_str());
            let Some(other) = ids.clone().position(|id| id == show_if.behavior) else {
                let name = show_if.behavior.clone();
                let nearest = nearest(&name, ids).map(str::to_owned);
                self.fault(
                    here.key("behavior"),
                    FaultKind::UnknownBehavior { name, nearest },
                );
                continue;
            };
            let scale = behaviors[other].scale.clone();
            let listed = show_if.is.iter().enumerate();
            let is: Vec<Answer> = (listed.filter(|_| places[other].scale_known))
                .filter_map(|(place, id)| {
                    let path = here.key("is").at(place);
                    self.answer(&show_if.behavior, &scale, id, true, &path)
                })
                .collect();
            if show_if.is.is_empty() {
                let why = "`is` names no answer".to_owned();
                self.fault(here, FaultKind::Unreachable(why));
            } else if show_if.is.iter().all(|id| id == Answer::NA_ID)
                && behaviors[other].na == NaPolicy::Forbid
            {
                let why = format!("`{}` may not be answered `na`", show_if.behavior);
                self.fault(here, FaultKind::Unreachable(why));
            }
            behaviors[at].show_if = Some(ShowIf {
                behavior: other,
                is,
            });
        }
        for (at, Place { path, .. }) in places.iter().enumerate() {
            if let Some(circle) = circle(behaviors, at) {
                self.fault(path.key("show_if"), FaultKind::ShowIfCycle(circle));
            }
            if let Some(other) = misses(behaviors, at) {
                let why = format!(
                    "`{}` is asked only for the other caller type",
                    behaviors[other].id
                );
                self.fault(path.key("show_if"), FaultKind::Unreachable(why));
            }
        }
    }
}

/// The behavior named by `show_if`, if that one is asked, but never for a caller type this one is for.
fn misses(behaviors: &[Behavior], at: usize) -> Option<usize> {
    let other = behaviors[at].show_if.as_ref()?.behavior;
    let (this, theirs) = (behaviors[at].applies_to, asked_for(behaviors, other)?);
    let shared = (this.internal && theirs.internal) || (this.external && theirs.external);
    (this.asked() && theirs.asked() && !shared).then_some(other)
}

/// The caller types a behavior can be asked for once the behaviors it depends on are seen too; `None` in a circle.
fn asked_for(behaviors: &[Behavior], at: usize) -> Option<AppliesTo> {
    let mut here = &behaviors[at];
    let mut types = here.applies_to;
    for _ in behaviors {
        let Some(show_if) = &here.show_if else {
            return Some(types);
        };
        here = &behaviors[show_if.behavior];
        types.internal &= here.applies_to.internal;
        types.external &= here.applies_to.external;
    }
    None
}

/// The way from a behavior back to itself; told once, at its first behavior in the file.
fn circle(behaviors: &[Behavior], start: usize) -> Option<String> {
    let mut way = vec![start];
    while let Some(show_if) = &behaviors[way[way.len() - 1]].show_if {
        let next = show_if.behavior;
        if next == start {
            let names = way
                .iter()
                .chain([&start])
                .map(|at| behaviors[*at].id.as_str());
            return (way.iter().min() == Some(&start))
                .then(|| names.collect::<Vec<_>>().join(" > "));
        }
        if way.contains(&next) {
            return None;
        }
        way.push(next);
    }
    None
}
