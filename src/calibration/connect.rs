//! Which rows (CSRs) hang together through common raters: connected components by union-find.
//!
//! Rows without a chain of common raters between them can't be compared by adjustment.

use super::layout::Observation;
use std::collections::HashMap;

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
