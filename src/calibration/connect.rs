//! Which rows (CSRs) hang together through common raters: connected components by union-find.
//!
//! Rows without a chain of common raters between them can't be compared by adjustment.

use super::layout::Observation;
use std::collections::{BTreeSet, HashMap};

/// Which rows hang together through common raters: a group number for every row, from 0 in order of
/// appearance. Rows without any observation are groups of their own.
pub fn components(observations: &[Observation], rows: usize, raters: usize) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..rows + raters).collect();
    for observation in observations {
        if observation.row < rows && observation.rater < raters {
            let row = root(&mut parents, observation.row);
            let rater = root(&mut parents, rows + observation.rater);
            if let Some(parent) = parents.get_mut(rater) {
                *parent = row;
            }
        }
    }
    let mut numbers = HashMap::new();
    let number = |row| {
        let next = numbers.len();
        *numbers.entry(root(&mut parents, row)).or_insert(next)
    };
    (0..rows).map(number).collect()
}

/// What hangs together, with rows and raters numbered anew: `rows[i]` is the old number of row i.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub rows: Vec<usize>,
    pub raters: Vec<usize>,
    pub observations: Vec<Observation>,
}

/// The observations, split into what hangs together, in order of the rows. Rows and raters without any are left out.
pub fn parts(observations: &[Observation], rows: usize, raters: usize) -> Vec<Part> {
    let groups = components(observations, rows, raters);
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let mut members: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = vec![Default::default(); count];
    let group_of = |observation: &Observation| groups.get(observation.row).copied();
    for observation in observations {
        if let Some((rows, raters)) = group_of(observation).and_then(|at| members.get_mut(at)) {
            rows.insert(observation.row);
            raters.insert(observation.rater);
        }
    }
    let part = |(at, (rows, raters)): (usize, (BTreeSet<usize>, BTreeSet<usize>))| {
        let (rows, raters) = (Vec::from_iter(rows), Vec::from_iter(raters));
        let inside = observations.iter().filter(|o| group_of(o) == Some(at));
        let renumbered = inside.filter_map(|observation| {
            Some(Observation {
                row: rows.binary_search(&observation.row).ok()?,
                rater: raters.binary_search(&observation.rater).ok()?,
                value: observation.value,
            })
        });
        Part {
            observations: renumbered.collect(),
            rows,
            raters,
        }
    };
    let parts = members.into_iter().enumerate().map(part);
    parts.filter(|part| !part.rows.is_empty()).collect()
}

/// Union-find with path halving.
fn root(parents: &mut [usize], mut node: usize) -> usize {
    while let Some(&parent) = parents.get(node).filter(|&&parent| parent != node) {
        let grandparent = parents.get(parent).copied().unwrap_or(parent);
        if let Some(place) = parents.get_mut(node) {
            *place = grandparent;
        }
        node = grandparent;
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_numbered_anew_and_keep_all_observations() {
        let of = |row, rater, value| Observation { row, rater, value };
        let all = [of(0, 3, 1.0), of(4, 1, 2.0), of(2, 3, 3.0), of(4, 0, 4.0)];
        let found = parts(&all, 5, 4);
        assert_eq!(found.len(), 2);
        assert_eq!((&found[0].rows, &found[0].raters), (&vec![0, 2], &vec![3]));
        assert_eq!((&found[1].rows, &found[1].raters), (&vec![4], &vec![0, 1]));
        assert_eq!(found[0].observations, [of(0, 0, 1.0), of(1, 0, 3.0)]);
        assert_eq!(found[1].observations, [of(0, 1, 2.0), of(0, 0, 4.0)]);
        assert!(parts(&[], 3, 2).is_empty());
    }
}
