//! From a source to a valid rubric: every fault is found in one go.

mod conditions;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};

use self::conditions::Place;
use super::scale::MOST_OPTIONS;
use super::{
    Answer, AnswerScale, Behavior, BehaviorSource, Critical, Fault, FaultKind, KeyPath,
    RESERVED_KEYS, Rubric, RubricSource, ScaleOption, ScaleSource, Section, SectionSource, Weigh,
    YES_NO, nearest,
};

/// Columns of the answers file, which behavior ids must not collide with.
const RESERVED_IDS: [&str; 12] = [
    Answer::NA_ID,
    "call-id",
    "analyst",
    "comment",
    "drivers",
    "unscorable",
    "caller-type-heard",
    "csr-heard",
    "completed-at",
    "seconds",
    "note",
    "amend-reason",
];

impl Rubric {
    /// Checks a source and makes it a rubric.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the file as far as that can be told.
    pub fn build(source: &RubricSource) -> Result<Self, Vec<Fault>> {
        let mut build = Build { faults: Vec::new() };
        let scales = build.scales(source);
        let (sections, behaviors) = build.sections(source, &scales);
        build.head(source);
        if !build.faults.is_empty() {
            return Err(build.faults);
        }
        Ok(Self {
            id: source.id.clone(),
            title: source.title.clone(),
            revision: source.revision.clone(),
            weigh: source.weigh,
            bonus: source.bonus,
            pass_mark: source.pass_mark,
            cost: source.cost.clone(),
            bands: source.bands.clone(),
            scales,
            sections,
            behaviors,
            drivers: source.drivers.clone(),
            examples: source.examples.clone(),
            hash: OnceLock::new(),
        })
    }
}

struct Build {
    faults: Vec<Fault>,
}

fn root(key: &str) -> KeyPath {
    KeyPath::default().key(key)
}

fn is_weight(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

impl Build {
    fn fault(&mut self, path: KeyPath, kind: FaultKind) {
        self.faults.push(Fault { path, kind });
    }

    fn id(&mut self, path: &KeyPath, id: &str, seen: &mut Vec<String>) {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(plain) {
            self.fault(path.clone(), FaultKind::BadId(id.to_owned()));
        } else if seen.iter().any(|other| other == id) {
            self.fault(path.clone(), FaultKind::DuplicateId(id.to_owned()));
        }
        seen.push(id.to_owned());
    }

    fn head(&mut self, source: &RubricSource) {
        self.id(&root("rubric").key("id"), &source.id, &mut Vec::new());
        if source
            .pass_mark
            .is_some_and(|mark| !(0.0..=100.0).contains(&mark))
        {
            self.fault(root("rubric").key("pass_mark"), FaultKind::BadPassMark);
        }
        let bands = &source.bands;
        let falling = bands.windows(2).all(|pair| pair[0].from > pair[1].from)
            && bands.iter().all(|band| band.from.is_finite());
        let to_zero = bands.last().is_none_or(|last| last.from == 0.0);
        if !falling || !to_zero {
            self.fault(root("rubric").key("bands"), FaultKind::BadBands);
        }
        if source.weigh == Weigh::Sections {
            let sum: f64 = source
                .sections
                .iter()
                .filter_map(|section| section.weight)
                .sum();
            let all = source
                .sections
                .iter()
                .all(|section| section.weight.is_some_and(is_weight));
            if all && !source.sections.is_empty() && (sum - 100.0).abs() > 1e-9 {
                self.fault(
                    root("section").at(0).key("weight"),
                    FaultKind::WeightsDontAddUp((sum * 1e9).round() / 1e9),
                );
            }
        }
        let idle = |section: &SectionSource| section.weight == Some(0.0);
        if source.weigh == Weigh::Points
            && !source.sections.is_empty()
            && source.sections.iter().all(idle)
        {
            self.fault(
                root("section").at(0).key("weight"),
                FaultKind::AllWeightsZero,
            );
        }
        let mut seen = Vec::new();
        for (at, driver) in source.drivers.iter().enumerate() {
            let path = root("driver").at(at);
            self.id(&path.key("id"), &driver.id, &mut seen);
            if driver.minutes.is_some_and(|minutes| !is_weight(minutes)) {
                self.fault(path.key("minutes"), FaultKind::BadMinutes);
            }
        }
        if source
            .cost
            .as_ref()
            .is_some_and(|cost| !is_weight(cost.per_minute))
        {
            self.fault(root("rubric").key("cost_per_minute"), FaultKind::BadCost);
        }
    }

    fn scales(&mut self, rubric: &RubricSource) -> Vec<Arc<AnswerScale>> {
        let mut scales = vec![Arc::new(AnswerScale::yes_no())];
        for source in &rubric.scales {
            let path = root("answers").key(&source.id);
            if source.id == YES_NO {
                self.fault(path.clone(), FaultKind::BuiltInScale(source.id.clone()));
            }
            if !(2..=MOST_OPTIONS).contains(&source.options.len()) {
                self.fault(path.clone(), FaultKind::ScaleSize(source.id.clone()));
                continue;
            }
            scales.push(Arc::new(self.scale(source, rubric.bonus, &path)));
        }
        scales
    }

    fn scale(&mut self, source: &ScaleSource, bonus: bool, path: &KeyPath) -> AnswerScale {
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        let mut options = Vec::new();
        for (at, option) in source.options.iter().enumerate() {
            let here = path.key("options").at(at);
            self.id(&here.key("id"), &option.id, &mut ids);
            if option.id == Answer::NA_ID {
                self.fault(here.key("id"), FaultKind::ReservedId(option.id.clone()));
            }
            if !is_weight(option.points) {
                self.fault(here.key("points"), FaultKind::BadPoints);
            }
            let text = option.key.clone().unwrap_or_else(|| (at + 1).to_string());
            let mut chars = text.chars();
            let key = match (chars.next(), chars.next()) {
                (Some(key), None) if key.is_ascii_lowercase() || key.is_ascii_digit() => key,
                _ => {
                    self.fault(here.key("key"), FaultKind::BadKey(text.clone()));
                    char::REPLACEMENT_CHARACTER
                }
            };
            if RESERVED_KEYS.contains(&key) {
                self.fault(here.key("key"), FaultKind::ReservedKey(key));
            } else if keys.contains(&key) {
                self.fault(here.key("key"), FaultKind::DuplicateKey(key));
            }
            if key != char::REPLACEMENT_CHARACTER {
                keys.push(key);
            }
            options.push(ScaleOption {
                id: option.id.clone(),
                key,
                text: option.text.clone().unwrap_or_else(|| option.id.clone()),
                points: option.points,
            });
        }
        let highest = options
            .iter()
            .map(|option| option.points)
            .fold(0.0, f64::max);
        let full = source.full.unwrap_or(highest);
        let points_are_good = options.iter().all(|option| is_weight(option.points));
        if !(full.is_finite() && full > 0.0) {
            // Without `full` only bad points, told of already, or all of 0 lead here.
            if source.full.is_some() || points_are_good {
                self.fault(path.key("full"), FaultKind::BadFull);
            }
        } else if !bonus {
            let above = |option: &&ScaleOption| is_weight(option.points) && option.points > full;
            let faults = options.iter().enumerate().filter(|(_, o)| above(o));
            self.faults.extend(faults.map(|(at, option)| Fault {
                path: path.key("options").at(at).key("points"),
                kind: FaultKind::AboveFull {
                    option: option.id.clone(),
                    points: option.points,
                    full,
                },
            }));
        }
        AnswerScale {
            id: source.id.clone(),
            options,
            full,
        }
    }

    fn sections(
        &mut self,
        source: &RubricSource,
        scales: &[Arc<AnswerScale>],
    ) -> (Vec<Section>, Vec<Behavior>) {
        if source.sections.is_empty() {
            self.fault(KeyPath::default(), FaultKind::NoSections);
        }
        let (mut sections, mut behaviors) = (Vec::new(), Vec::new());
        let (mut section_ids, mut behavior_ids) = (Vec::new(), Vec::new());
        let mut sources = Vec::new();
        for (at, section) in source.sections.iter().enumerate() {
            let path = root("section").at(at);
            self.id(&path.key("id"), &section.id, &mut section_ids);
            let weight = self.section_weight(source.weigh, section.weight, &section.id, &path);
            if section.behaviors.is_empty() {
                self.fault(path.clone(), FaultKind::NoBehaviors(section.id.clone()));
            } else if section.behaviors.iter().all(|b| b.weight == Some(0.0)) {
                self.fault(path.clone(), FaultKind::AllWeightsZero);
            }
            let first = behaviors.len();
            for (place, behavior) in section.behaviors.iter().enumerate() {
                let here = path.key("behavior").at(place);
                self.id(&here.key("id"), &behavior.id, &mut behavior_ids);
                let (built, scale_known) = self.behavior(source, behavior, at, scales, &here);
                behaviors.push(built);
                sources.push(Place {
                    source: behavior,
                    path: here,
                    scale_known,
                });
            }
            sections.push(Section {
                id: section.id.clone(),
                title: section.title.clone().unwrap_or_else(|| section.id.clone()),
                weight,
                behaviors: first..behaviors.len(),
            });
        }
        self.conditions(&sources, &mut behaviors);
        (sections, behaviors)
    }

    fn section_weight(
        &mut self,
        weigh: Weigh,
        weight: Option<f64>,
        id: &str,
        path: &KeyPath,
    ) -> f64 {
        match (weigh, weight) {
            (_, Some(weight)) if !is_weight(weight) => {
                self.fault(path.key("weight"), FaultKind::BadWeight)
            }
            (Weigh::Sections, None) => {
                self.fault(path.clone(), FaultKind::NoSectionWeight(id.to_owned()))
            }
            (Weigh::Behaviors, Some(_)) => {
                self.fault(path.key("weight"), FaultKind::IdleSectionWeight)
            }
            _ => {}
        }
        weight.unwrap_or(1.0)
    }

    /// Also tells whether its scale is known; if not, another one stands in and answers can't be checked.
    fn behavior(
        &mut self,
        rubric: &RubricSource,
        source: &BehaviorSource,
        section: usize,
        scales: &[Arc<AnswerScale>],
        path: &KeyPath,
    ) -> (Behavior, bool) {
        if RESERVED_IDS.contains(&source.id.as_str()) {
            self.fault(path.key("id"), FaultKind::ReservedId(source.id.clone()));
        }
        let weight = source.weight.unwrap_or(1.0);
        if !is_weight(weight) {
            self.fault(path.key("weight"), FaultKind::BadWeight);
        }
        let scale = scales
            .iter()
            .find(|scale| scale.id == source.answers)
            .cloned();
        let known = scale.is_some();
        let scale = scale.unwrap_or_else(|| {
            // A scale that is there but faulty was told of already.
            if !rubric.scales.iter().any(|scale| scale.id == source.answers) {
                let name = source.answers.clone();
                let known = scales.iter().map(|scale| scale.id.as_str());
                let nearest = nearest(&name, known).map(str::to_owned);
                self.fault(
                    path.key("answers"),
                    FaultKind::UnknownScale { name, nearest },
                );
            }
            scales[0].clone()
        });
        if !source.applies_to.asked() {
            self.fault(path.key("applies_to"), FaultKind::NeverAsked);
        }
        let critical = source.critical.as_ref().map(|critical| {
            let here = path.key("critical").key("on");
            if critical.on.is_empty() {
                self.fault(here.clone(), FaultKind::IdleCritical);
            }
            let on = critical.on.iter().enumerate().filter(|_| known);
            Critical {
                family: critical.family,
                on: on
                    .filter_map(|(at, id)| self.answer(&source.id, &scale, id, false, &here.at(at)))
                    .collect(),
                scope: critical.scope,
                effect: critical.effect,
            }
        });
        let behavior = Behavior {
            id: source.id.clone(),
            text: source.text.clone(),
            look_for: source.look_for.clone(),
            section,
            scale,
            weight,
            applies_to: source.applies_to,
            na: source.na.unwrap_or(rubric.na),
            comment: source.comment,
            critical,
            show_if: None,
        };
        (behavior, known)
    }

    fn answer(
        &mut self,
        behavior: &str,
        scale: &AnswerScale,
        id: &str,
        na: bool,
        path: &KeyPath,
    ) -> Option<Answer> {
        let answer = scale
            .answer(id)
            .filter(|answer| na || *answer != Answer::Na);
        if answer.is_none() {
            let known = scale.options.iter().map(|option| option.id.as_str());
            // Whoever writes `na` doesn't mean `no`.
            let near = nearest(id, known).filter(|_| id != Answer::NA_ID);
            let kind = FaultKind::UnknownAnswer {
                behavior: behavior.to_owned(),
                name: id.to_owned(),
                nearest: near.map(str::to_owned),
            };
            self.fault(path.clone(), kind);
        }
        answer
    }
}
