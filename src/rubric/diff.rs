//! What differs between two rubrics. It looks at the same things as the hashes do: no change at all means the same
//! hash, none that is [`ChangeKind::Scoring`] the same scoring hash, and the other way round. Whoever adds to one of
//! them adds to the other.

mod matching;
mod part;
#[cfg(test)]
mod tests;

use self::matching::{Pair, moved, pairs};
use self::part::{Condition, Part, name, number, quoted, word, yes_or_no};
use super::hash::answer_ids as answers;
use super::{
    AnswerScale, Behavior, Change, ChangeKind, Changes, Driver, Place, Rubric, Section, YES_NO,
};
use ChangeKind::{Scoring, Ticks, Wording};

impl Changes {
    /// From `a` to `b`.
    pub fn between(a: &Rubric, b: &Rubric) -> Self {
        let mut diff = Diff { a, b, list: vec![] };
        diff.head();
        diff.scales();
        diff.sections();
        diff.behaviors();
        diff.drivers();
        diff.list.sort_by_key(|change| change.kind);
        Self(diff.list)
    }
}

struct Diff<'a> {
    a: &'a Rubric,
    b: &'a Rubric,
    list: Vec<Change>,
}

impl Diff<'_> {
    fn at(&mut self, place: Place) -> Part<'_> {
        Part {
            list: &mut self.list,
            place,
        }
    }

    fn head(&mut self) {
        let (a, b) = (self.a, self.b);
        let mut part = self.at(Place::Rubric);
        part.setting(Scoring, "id", &a.id, &b.id, name);
        part.setting(Scoring, "weigh", a.weigh.as_str(), b.weigh.as_str(), word);
        part.setting(Scoring, "bonus", a.bonus, b.bonus, yes_or_no);
        part.optional(Scoring, "pass mark", a.pass_mark, b.pass_mark, number);
        part.setting(Wording, "title", &a.title, &b.title, quoted);
        part.optional(Wording, "revision", a.revision(), b.revision(), quoted);
        let cost = |rubric: &Rubric| rubric.cost.as_ref().map(|cost| cost.per_minute);
        part.optional(Wording, "cost per minute", cost(a), cost(b), number);
        let currency = |rubric: &Rubric| rubric.cost.as_ref().map(|cost| cost.currency.clone());
        part.optional(Wording, "currency", currency(a), currency(b), quoted);
        let bands = |rubric: &Rubric| -> Vec<(f64, String)> {
            let bands = rubric.bands.iter();
            bands.map(|band| (band.from, band.name.clone())).collect()
        };
        let (a, b) = (bands(a), bands(b));
        let [a, b] = [a, b].map(|bands| Some(bands).filter(|bands| !bands.is_empty()));
        part.optional(Wording, "bands", a, b, |bands| {
            let each = bands
                .iter()
                .map(|(from, name)| format!("{} {}", number(from), quoted(name)));
            each.collect::<Vec<_>>().join(", ")
        });
    }

    /// A scale that no behavior uses is nothing but text.
    fn scales(&mut self) {
        let (a, b) = (self.a, self.b);
        for pair in pairs(&a.scales, &b.scales, |scale| &scale.id) {
            let scale = pair.any();
            if scale.id == YES_NO {
                continue;
            }
            let used = uses(a, scale) || uses(b, scale);
            let kind = if used { Scoring } else { Wording };
            let mut part = self.at(Place::Scale(scale.id.clone()));
            match pair {
                Pair::New(_) => part.says(kind, "is new"),
                Pair::Gone(_) => part.says(kind, "is gone"),
                Pair::Kept(a, b) => part.scale(kind, a, b),
            }
        }
    }

    fn sections(&mut self) {
        let id = |section: &Section| section.id.clone();
        let moved = moved(
            self.a.sections.iter().map(id),
            self.b.sections.iter().map(id),
        );
        for pair in pairs(&self.a.sections, &self.b.sections, |section| &section.id) {
            let mut part = self.at(Place::Section(pair.any().id.clone()));
            match pair {
                Pair::New(_) => part.says(Scoring, "is new"),
                Pair::Gone(_) => part.says(Scoring, "is gone"),
                Pair::Kept(a, b) => {
                    if moved.contains(&a.id) {
                        part.says(Scoring, "stands in another place");
                    }
                    part.setting(Scoring, "weight", a.weight, b.weight, number);
                    part.setting(Wording, "title", &a.title, &b.title, quoted);
                }
            }
        }
    }

    fn behaviors(&mut self) {
        let (a, b) = (self.a, self.b);
        let moved = self.behaviors_moved_in_their_section();
        for pair in pairs(&a.behaviors, &b.behaviors, |behavior| &behavior.id) {
            let mut part = self.at(Place::Behavior(pair.any().id.clone()));
            match pair {
                Pair::New(new) => {
                    part.says(Scoring, format!("is new in section `{}`", section(b, new)));
                }
                Pair::Gone(_) => part.says(Scoring, "is gone"),
                Pair::Kept(old, new) => {
                    let (from, to) = (section(a, old), section(b, new));
                    if from != to {
                        part.says(Scoring, format!("moves from section `{from}` to `{to}`"));
                    } else if moved.contains(&old.id) {
                        part.says(Scoring, "stands in another place");
                    }
                    part.behavior(old, new);
                    part.condition(&condition(a, old), &condition(b, new));
                }
            }
        }
    }

    fn behaviors_moved_in_their_section(&self) -> Vec<String> {
        let ids = |rubric: &Rubric, section: &Section| {
            let behaviors = rubric.behaviors[section.behaviors.clone()].iter();
            behaviors.map(|b| b.id.clone()).collect::<Vec<_>>()
        };
        let sections = pairs(&self.a.sections, &self.b.sections, |section| &section.id);
        let moved = sections.into_iter().filter_map(|pair| match pair {
            Pair::Kept(a, b) => Some(moved(ids(self.a, a), ids(self.b, b))),
            Pair::New(_) | Pair::Gone(_) => None,
        });
        moved.flatten().collect()
    }

    fn drivers(&mut self) {
        let (a, b) = (self.a, self.b);
        let id = |driver: &Driver| driver.id.clone();
        let moved = moved(a.drivers.iter().map(id), b.drivers.iter().map(id));
        for pair in pairs(&a.drivers, &b.drivers, |driver| &driver.id) {
            let mut part = self.at(Place::Driver(pair.any().id.clone()));
            match pair {
                Pair::New(_) => part.says(Wording, "is new"),
                Pair::Gone(_) => part.says(Ticks, "is gone"),
                Pair::Kept(a, b) => {
                    if moved.contains(&a.id) {
                        part.says(Wording, "stands in another place");
                    }
                    part.setting(Ticks, "avoidable", a.avoidable, b.avoidable, yes_or_no);
                    part.setting(Wording, "text", &a.text, &b.text, quoted);
                    part.optional(Wording, "minutes", a.minutes, b.minutes, number);
                }
            }
        }
    }
}

fn condition(rubric: &Rubric, behavior: &Behavior) -> Option<Condition> {
    let show_if = behavior.show_if.as_ref()?;
    let other = &rubric.behaviors[show_if.behavior];
    Some((other.id.clone(), answers(&other.scale, &show_if.is)))
}

fn section<'a>(rubric: &'a Rubric, behavior: &Behavior) -> &'a str {
    &rubric.sections[behavior.section].id
}

fn uses(rubric: &Rubric, scale: &AnswerScale) -> bool {
    let mut behaviors = rubric.behaviors.iter();
    behaviors.any(|behavior| behavior.scale.id == scale.id)
}
