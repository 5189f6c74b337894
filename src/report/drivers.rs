//! Drivers of rubrics that score alike and yet have other words: ticks are kept by place, and places differ.

use super::rosters::listed;
use super::{Note, SampleFacts};
use crate::rubric::{Driver, Rubric};

/// A driver of a sample that the newest rubric lacks, or whose calls it tells to be avoidable otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostDriver {
    pub sample: String,
    pub driver: String,
}

/// Puts what was ticked in each sample into the places of the newest rubric, the last one; returns what readers must know.
/// `rubrics` are those of the samples, in the same order.
///
/// # Errors
/// The first driver that would lose its meaning.
pub fn match_drivers(
    rubrics: &[Rubric],
    samples: &mut [SampleFacts],
) -> Result<Option<Note>, LostDriver> {
    let Some(newest) = rubrics.last() else {
        return Ok(None);
    };
    let mut untickable = Vec::new();
    for (rubric, sample) in rubrics.iter().zip(samples) {
        let places = places(rubric, newest).map_err(|driver| LostDriver {
            sample: sample.name.clone(),
            driver,
        })?;
        let calls = sample.calls.iter_mut();
        for facts in calls.flat_map(|call| &mut call.evaluations) {
            let ticked = &mut facts.evaluation.drivers;
            *ticked = ticked
                .iter()
                .filter_map(|at| places.get(*at).copied())
                .collect();
            ticked.sort_unstable();
        }
        let missing = newest.drivers().iter();
        let missing = missing.filter(|driver| rubric.driver(&driver.id).is_none());
        untickable.extend(missing.map(|driver| format!("`{}` in {}", driver.id, sample.name)));
    }
    if untickable.is_empty() {
        return Ok(None);
    }
    let text = format!(
        "Could not be ticked, because the rubric did not have it yet: {}. Its share is too low by that.",
        listed(untickable)
    );
    Ok(Some(Note::new("new-drivers", text)))
}

/// Where each driver of a rubric stands in the newest one; the id of one that doesn't.
fn places(rubric: &Rubric, newest: &Rubric) -> Result<Vec<usize>, String> {
    let place = |driver: &Driver| {
        let mut others = newest.drivers().iter();
        let place =
            others.position(|other| (&other.id, other.avoidable) == (&driver.id, driver.avoidable));
        place.ok_or_else(|| driver.id.clone())
    };
    rubric.drivers().iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rubric::Weigh;
    use crate::rubric::fixture::{behavior, rubric, section};

    fn with(drivers: &[(&str, bool)]) -> Rubric {
        let driver = |(id, avoidable): &(&str, bool)| Driver {
            id: (*id).to_owned(),
            text: (*id).to_owned(),
            avoidable: *avoidable,
            minutes: None,
        };
        let mut source = rubric(
            Weigh::Behaviors,
            vec![section("all", None, vec![behavior("helps")])],
        );
        source.drivers = drivers.iter().map(driver).collect();
        Rubric::build(&source).expect("a valid rubric")
    }

    #[test]
    fn drivers_are_found_by_id_and_keep_what_they_mean() {
        let old = with(&[("status", true), ("praise", false)]);
        let moved = with(&[("praise", false), ("new", true), ("status", true)]);
        assert_eq!(places(&old, &moved), Ok(vec![2, 0]));
        let turned = with(&[("praise", true), ("status", true)]);
        assert_eq!(places(&old, &turned), Err("praise".to_owned()));
        assert_eq!(places(&moved, &old), Err("new".to_owned()));
    }
}
