use proptest::prelude::*;

use super::super::score;
use super::*;
use crate::rubric::fixture::{EXTERNAL, INTERNAL, behavior, rubric, scale, section};
use crate::rubric::{AppliesTo, BehaviorSource, NaPolicy};

/// A behavior, and what it waits for: the place of another one, and for which of its answers.
#[derive(Clone, Debug)]
struct Part {
    weight: f64,
    na: NaPolicy,
    applies_to: AppliesTo,
    show_if: Option<(prop::sample::Index, &'static [&'static str])>,
    answer: Option<Answer>,
}

const CONDITIONS: [&[&str]; 4] = [&["full"], &["none", "na"], &["partly", "none"], &["na"]];

fn any_part() -> impl Strategy<Value = Part> {
    use NaPolicy::{Exclude, Forbid, Pass, Zero};
    let na = prop::sample::select(vec![Exclude, Pass, Zero, Forbid]);
    let applies_to =
        prop_oneof![8 => Just(AppliesTo::BOTH), 1 => Just(INTERNAL), 1 => Just(EXTERNAL)];
    let show_if = (
        any::<prop::sample::Index>(),
        prop::sample::select(&CONDITIONS[..]),
    );
    // Places that no scale has are what a damaged store may hold.
    let answer = prop_oneof![
        6 => (0..3_u8).prop_map(|at| Some(Answer::Given(at))),
        2 => Just(Some(Answer::Na)),
        1 => Just(None),
        1 => prop::sample::select(vec![3, 61, 62, 255]).prop_map(|at| Some(Answer::Given(at))),
    ];
    (
        0.1..10.0_f64,
        na,
        applies_to,
        prop::option::weighted(0.3, show_if),
        answer,
    )
        .prop_map(|(weight, na, applies_to, show_if, answer)| Part {
            weight,
            na,
            applies_to,
            show_if,
            answer,
        })
}

fn any_rubric() -> impl Strategy<Value = (Rubric, Vec<Option<Answer>>)> {
    use Weigh::{Behaviors, Points, Sections};
    let weigh = prop::sample::select(vec![Sections, Behaviors, Points]);
    let sections =
        prop::collection::vec((1..20_u32, prop::collection::vec(any_part(), 1..5)), 1..5);
    (weigh, sections, any::<bool>()).prop_filter_map(
        "a valid rubric",
        |(weigh, sections, forward)| {
            let parts = sections.iter().flat_map(|(_, parts)| parts);
            let answers = parts.map(|part| part.answer).collect();
            Some((built(weigh, &sections, forward)?, answers))
        },
    )
}

/// Sections with their shares; behaviors wait for ones behind them (`forward`) or before. Not every condition can come
/// true: then there is no rubric.
fn built(weigh: Weigh, sections: &[(u32, Vec<Part>)], forward: bool) -> Option<Rubric> {
    let shares: u32 = sections.iter().map(|(share, _)| share).sum();
    let all: Vec<&Part> = sections.iter().flat_map(|(_, parts)| parts).collect();
    let mut places = 0..all.len();
    let sections = sections.iter().enumerate().map(|(at, (share, parts))| {
        let behaviors = places.by_ref().take(parts.len());
        let behaviors = behaviors.map(|place| made(&all, place, forward));
        let weight = match weigh {
            Weigh::Sections => Some(100.0 * f64::from(*share) / f64::from(shares)),
            Weigh::Behaviors => None,
            Weigh::Points => Some(f64::from(*share)),
        };
        section(&format!("s{at}"), weight, behaviors.collect())
    });
    let mut source = rubric(weigh, sections.collect());
    source.scales = vec![scale(
        "extent",
        &[("full", 2.0), ("partly", 1.0), ("none", 0.0)],
    )];
    Rubric::build(&source).ok()
}

fn made(all: &[&Part], at: usize, forward: bool) -> BehaviorSource {
    let part = all[at];
    let made = behavior(&format!("b{at}"))
        .on_scale("extent")
        .weighing(part.weight)
        .na(part.na)
        .only_for(part.applies_to);
    let others = if forward { at + 1..all.len() } else { 0..at };
    let Some((pick, is)) = part.show_if.filter(|_| !others.is_empty()) else {
        return made;
    };
    let other = others.start + pick.index(others.len());
    made.shown_if(&format!("b{other}"), is)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_call_has_the_score_that_all_the_steps_lead_to(
        (rubric, answers) in any_rubric(),
        missing in 0..3_usize,
    ) {
        let answers = &answers[..answers.len().saturating_sub(missing)];
        let mut scorer = Scorer::new(&rubric);
        for caller_type in CallerType::ALL {
            let whole = score(&rubric, caller_type, answers).score_before_critical;
            prop_assert_eq!(scorer.before_critical(caller_type, answers), whole);
        }
    }

    #[test]
    fn what_does_not_count_is_as_if_it_had_no_answer((rubric, answers) in any_rubric()) {
        let both = |behavior: &Behavior| behavior.applies_to.both();
        let mut scorer = Scorer::of(&rubric, both);
        let shared = rubric.behaviors().iter().zip(&answers);
        let shared: Vec<_> = shared.map(|(one, answer)| answer.filter(|_| both(one))).collect();
        for caller_type in CallerType::ALL {
            let whole = score(&rubric, caller_type, &shared).score_before_critical;
            prop_assert_eq!(scorer.before_critical(caller_type, &answers), whole);
        }
    }
}
