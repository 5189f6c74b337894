use proptest::prelude::*;

use super::*;

/// What a rubric and its answers are made of.
#[derive(Clone, Debug)]
struct Made {
    weigh: Weigh,
    sections: Vec<(u32, Vec<Part>)>,
}

#[derive(Clone, Debug)]
struct Part {
    weight: f64,
    na: NaPolicy,
    applies_to: AppliesTo,
    /// 0 full, 1 partly, 2 none, 3 N/A, 4 blank.
    answer: usize,
}

impl Made {
    fn source(&self) -> RubricSource {
        let shares: u32 = self.sections.iter().map(|(share, _)| share).sum();
        let sections = self
            .sections
            .iter()
            .enumerate()
            .map(|(at, (share, parts))| {
                let weight = match self.weigh {
                    Weigh::Sections => Some(100.0 * f64::from(*share) / f64::from(shares)),
                    Weigh::Behaviors => None,
                    Weigh::Points => Some(f64::from(*share)),
                };
                let behaviors = parts.iter().enumerate().map(|(place, part)| {
                    extent(&format!("b{at}-{place}"))
                        .weighing(part.weight)
                        .na(part.na)
                        .only_for(part.applies_to)
                });
                section(&format!("s{at}"), weight, behaviors.collect())
            });
        source(self.weigh, sections.collect())
    }

    fn answers(&self) -> Vec<Option<Answer>> {
        let options = [
            Some(Answer::Given(0)),
            Some(Answer::Given(1)),
            Some(Answer::Given(2)),
            Some(Answer::Na),
            None,
        ];
        let parts = self.sections.iter().flat_map(|(_, parts)| parts);
        parts.map(|part| options[part.answer]).collect()
    }

    fn score(&self, caller_type: CallerType) -> Score {
        score(&built(&self.source()), caller_type, &self.answers())
    }

    fn parts_mut(&mut self) -> impl Iterator<Item = &mut Part> {
        self.sections.iter_mut().flat_map(|(_, parts)| parts)
    }
}

fn any_made() -> impl Strategy<Value = Made> {
    let na = prop_oneof![
        Just(NaPolicy::Exclude),
        Just(NaPolicy::Pass),
        Just(NaPolicy::Zero),
        Just(NaPolicy::Forbid),
    ];
    let applies_to =
        prop_oneof![3 => Just(AppliesTo::BOTH), 1 => Just(INTERNAL), 1 => Just(EXTERNAL)];
    let part =
        (0.1..10.0_f64, na, applies_to, 0..5_usize).prop_map(|(weight, na, applies_to, answer)| {
            Part {
                weight,
                na,
                applies_to,
                answer,
            }
        });
    let section = (1..20_u32, proptest::collection::vec(part, 1..5));
    let weigh = prop_oneof![
        Just(Weigh::Sections),
        Just(Weigh::Behaviors),
        Just(Weigh::Points),
    ];
    (weigh, proptest::collection::vec(section, 1..5))
        .prop_map(|(weigh, sections)| Made { weigh, sections })
}

fn any_caller_type() -> impl Strategy<Value = CallerType> {
    proptest::sample::select(&CallerType::ALL[..])
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (a, b) => a == b,
    }
}

proptest! {
    #[test]
    fn a_score_lies_between_0_and_100(made in any_made(), caller_type in any_caller_type()) {
        let found = made.score(caller_type);
        if let Some(score) = found.score {
            prop_assert!((0.0..=100.0).contains(&score));
        }
        let counted = |b: &BehaviorResult| matches!(b.standing, Standing::Counted(_));
        prop_assert_eq!(found.score.is_some(), found.behaviors.iter().any(counted));
    }

    #[test]
    fn all_full_is_exactly_100_and_all_nothing_exactly_0(mut made in any_made()) {
        for (answer, expected) in [(0, 100.0), (2, 0.0)] {
            made.parts_mut().for_each(|part| {
                part.answer = answer;
                part.applies_to = AppliesTo::BOTH;
            });
            prop_assert_eq!(made.score(External).score, Some(expected));
        }
    }

    #[test]
    fn an_excluded_na_is_as_if_the_behavior_were_not_there(
        mut made in any_made(),
        caller_type in any_caller_type(),
        pick in any::<prop::sample::Index>(),
    ) {
        let at = pick.index(made.sections.len());
        let parts = &mut made.sections[at].1;
        // A section needs a behavior besides.
        let mut extra = parts[0].clone();
        (extra.answer, extra.na) = (3, NaPolicy::Exclude);
        let place = pick.index(parts.len() + 1);
        let without = made.clone();
        made.sections[at].1.insert(place, extra);
        prop_assert_eq!(made.score(caller_type).score, without.score(caller_type).score);
    }

    #[test]
    fn relative_weights_times_a_constant_change_nothing(
        made in any_made(),
        caller_type in any_caller_type(),
        factor in 0.01..100.0_f64,
        share in 2..9_u32,
    ) {
        let mut scaled = made.clone();
        scaled.parts_mut().for_each(|part| part.weight *= factor);
        scaled.sections.iter_mut().for_each(|section| section.0 *= share);
        prop_assert!(close(made.score(caller_type).score, scaled.score(caller_type).score));
    }

    #[test]
    fn in_sections_each_section_has_its_own_scale_of_weights(
        made in any_made(),
        factor in 0.01..100.0_f64,
    ) {
        let made = Made { weigh: Weigh::Sections, ..made };
        let mut scaled = made.clone();
        scaled.sections[0].1.iter_mut().for_each(|part| part.weight *= factor);
        prop_assert!(close(made.score(Internal).score, scaled.score(Internal).score));
    }

    #[test]
    fn a_zero_of_a_section_never_raises_a_score(
        made in any_made(),
        caller_type in any_caller_type(),
        scope in prop_oneof![Just(Scope::Section), Just(Scope::Call)],
        pick in any::<prop::sample::Index>(),
    ) {
        let mut source = made.source();
        let at = pick.index(source.sections.len());
        let first = source.sections[at].behaviors.remove(0);
        let first = first.critical(&["full", "partly", "none"], scope, Effect::Zero);
        source.sections[at].behaviors.insert(0, first);
        let found = score(&built(&source), caller_type, &made.answers());
        prop_assert_eq!(found.score_before_critical, made.score(caller_type).score);
        prop_assert_eq!(found.score.is_some(), found.score_before_critical.is_some());
        prop_assert!(found.score <= found.score_before_critical);
        if found.criticals.is_empty() {
            prop_assert_eq!(found.score, found.score_before_critical);
        }
    }
}
