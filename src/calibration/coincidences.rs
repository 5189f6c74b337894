//! The sums behind Krippendorff's alpha, from which a unit is left out without adding all others up again.
//!
//! Units with the same ratings make a pattern; leaving out any of them gives the same alpha. With D the distances of
//! categories, n the ratings given and u those of the unit left out, the distances among all pairs become
//!
//! (n - u)' D (n - u) / 2 = n' D n / 2 - u' D n + u' D u / 2,
//!
//! so that with D n at hand a unit costs as much as it has ratings. An ordinal scale's distances move with n: they are
//! reckoned again for each pattern, over pairs of categories. Answers of a scale make few patterns and pairs, however many
//! units there are; with thousands of different values an ordinal scale costs the square of their number, and so does a
//! ratio scale once.

use std::collections::BTreeMap;

use super::distance::{Distance, rated};
use super::krippendorff::Metric;
use super::ratings::Ratings;

/// Units with the same ratings.
struct Pattern {
    /// Categories with how often each was given.
    given: Vec<(usize, f64)>,
    rated: f64,
    units: f64,
}

impl Pattern {
    /// From the ratings of a unit in order.
    fn of(ratings: &[usize]) -> Pattern {
        let runs = ratings.chunk_by(|a, b| a == b);
        let run = |run: &[usize]| Some((*run.first()?, run.len() as f64));
        Pattern {
            given: runs.filter_map(run).collect(),
            rated: ratings.len() as f64,
            units: 0.0,
        }
    }

    /// A single rating can't be compared and does not take part.
    fn is_paired(&self) -> bool {
        self.rated > 1.5
    }

    /// What one such unit adds to the observed disagreement.
    fn observed(&self, distance: &Distance<'_>) -> f64 {
        distance.among(&self.given) / (self.rated - 1.0)
    }
}

/// The ratings of all units, by pattern.
pub(super) struct Coincidences<'a> {
    values: &'a [f64],
    metric: Metric,
    patterns: Vec<Pattern>,
    /// The pattern of every rated unit.
    pattern_of: Vec<usize>,
    /// How often each category was given, in units with two ratings or more.
    margins: Vec<f64>,
}

impl<'a> Coincidences<'a> {
    pub(super) fn of(ratings: &Ratings, values: &'a [f64], metric: Metric) -> Coincidences<'a> {
        let mut table = Coincidences {
            values,
            metric,
            patterns: Vec::new(),
            pattern_of: Vec::new(),
            margins: vec![0.0; ratings.categories()],
        };
        let mut places: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for row in ratings.units() {
            let mut given: Vec<usize> = row.iter().flatten().copied().collect();
            given.sort_unstable();
            if given.is_empty() {
                continue;
            }
            let next = table.patterns.len();
            let place = *places.entry(given).or_insert_with_key(|given| {
                table.patterns.push(Pattern::of(given));
                next
            });
            table.pattern_of.push(place);
            if let Some(pattern) = table.patterns.get_mut(place) {
                pattern.units += 1.0;
            }
        }
        for pattern in table.patterns.iter().filter(|one| one.is_paired()) {
            add(&mut table.margins, pattern, pattern.units);
        }
        table
    }

    /// How many units were rated.
    pub(super) fn units(&self) -> usize {
        self.pattern_of.len()
    }

    /// The place of a rated unit's pattern.
    pub(super) fn pattern(&self, unit: usize) -> Option<usize> {
        self.pattern_of.get(unit).copied()
    }

    /// Alpha of all units.
    pub(super) fn alpha(&self) -> Option<f64> {
        self.without(None)
    }

    /// For each pattern, alpha of all units but one of it, given that of all.
    pub(super) fn without_each(&self, alpha_of_all: f64) -> Vec<Option<f64>> {
        match self.metric {
            Metric::Ordinal => self.without_each_moving(alpha_of_all),
            _ => self.without_each_fixed(alpha_of_all),
        }
    }

    /// Everything added up, but for one unit of a pattern.
    fn without(&self, left_out: Option<usize>) -> Option<f64> {
        let margins = self.rest(left_out);
        // Margins are whole numbers: with two categories at least, something can differ.
        if margins.iter().filter(|n| **n > 0.5).count() < 2 {
            return None;
        }
        let distance = Distance::of(self.metric, self.values, &margins);
        let all = given(&margins);
        let observed = self.observed(&distance, left_out);
        alpha(observed, distance.among(&all), rated(&all))
    }

    /// Distances stay: the left-out unit's part is taken off.
    fn without_each_fixed(&self, alpha_of_all: f64) -> Vec<Option<f64>> {
        let distance = Distance::of(self.metric, self.values, &self.margins);
        let all = given(&self.margins);
        let (ratings, pairs) = (rated(&all), distance.among(&all));
        let observed = self.observed(&distance, None);
        let to_all = distance.to_all(&all);
        let without = |at: usize, pattern: &Pattern| {
            let part = |(k, n): &(usize, f64)| n * to_all.get(*k).copied().unwrap_or(0.0);
            let gone: f64 = pattern.given.iter().map(part).sum();
            let left = pairs - gone + distance.among(&pattern.given);
            // A difference that is small beside what it was taken from has lost its digits. Of all units four at most can
            // take half of all distances with them, since each pair belongs to two.
            if left > 0.5 * pairs {
                let observed = observed - pattern.observed(&distance);
                alpha(observed.max(0.0), left, ratings - pattern.rated)
            } else {
                self.without(Some(at))
            }
        };
        self.each(alpha_of_all, without)
    }

    /// Distances move with the margins. Between the same two categories they stay alike for all units.
    fn without_each_moving(&self, alpha_of_all: f64) -> Vec<Option<f64>> {
        let pairs = self.pairs();
        // With many raters and many categories, units are fewer than pairs.
        let given_in_all: usize = self.patterns.iter().map(|one| one.given.len()).sum();
        if pairs.len() > given_in_all {
            return self.each(alpha_of_all, |at, _| self.without(Some(at)));
        }
        self.each(alpha_of_all, |at, pattern| {
            let margins = self.rest(Some(at));
            if margins.iter().filter(|n| **n > 0.5).count() < 2 {
                return None;
            }
            let distance = Distance::of(self.metric, self.values, &margins);
            let all = given(&margins);
            let pairs = pairs.iter().map(|((c, k), n)| n * distance.between(*c, *k));
            let observed = pairs.sum::<f64>() - pattern.observed(&distance);
            alpha(observed.max(0.0), distance.among(&all), rated(&all))
        })
    }

    /// A unit that can't be compared leaves alpha as it is.
    fn each(
        &self,
        alpha_of_all: f64,
        without: impl Fn(usize, &Pattern) -> Option<f64>,
    ) -> Vec<Option<f64>> {
        let patterns = self.patterns.iter().enumerate();
        patterns
            .map(|(at, pattern)| match pattern.is_paired() {
                true => without(at, pattern),
                false => Some(alpha_of_all),
            })
            .collect()
    }

    /// The margins without one unit of a pattern.
    fn rest(&self, left_out: Option<usize>) -> Vec<f64> {
        let mut margins = self.margins.clone();
        let gone = left_out.and_then(|at| self.patterns.get(at));
        if let Some(pattern) = gone.filter(|pattern| pattern.is_paired()) {
            add(&mut margins, pattern, -1.0);
        }
        margins
    }

    /// The observed disagreement, summed over units.
    fn observed(&self, distance: &Distance<'_>, left_out: Option<usize>) -> f64 {
        let patterns = self.patterns.iter().enumerate();
        patterns
            .filter(|(_, pattern)| pattern.is_paired())
            .map(|(at, pattern)| {
                let gone = f64::from(u8::from(left_out == Some(at)));
                (pattern.units - gone) * pattern.observed(distance)
            })
            .sum()
    }

    /// How often two categories meet in a unit: o_ck with c < k.
    fn pairs(&self) -> Vec<((usize, usize), f64)> {
        let mut pairs: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for pattern in self.patterns.iter().filter(|one| one.is_paired()) {
            for (i, (c, n)) in pattern.given.iter().enumerate() {
                for (k, m) in pattern.given.iter().skip(i + 1) {
                    *pairs.entry((*c, *k)).or_default() +=
                        pattern.units * n * m / (pattern.rated - 1.0);
                }
            }
        }
        pairs.into_iter().collect()
    }
}

/// 1 - (n - 1) sum o d2 / sum n n d2, from the distances among the pairs of a unit, and among all pairs of `ratings`.
fn alpha(observed: f64, pairs: f64, ratings: f64) -> Option<f64> {
    let alpha = 1.0 - observed / (pairs / (ratings - 1.0));
    (pairs > 0.0 && alpha.is_finite()).then_some(alpha)
}

fn given(margins: &[f64]) -> Vec<(usize, f64)> {
    margins.iter().copied().enumerate().collect()
}

fn add(margins: &mut [f64], pattern: &Pattern, units: f64) {
    for (category, n) in &pattern.given {
        if let Some(margin) = margins.get_mut(*category) {
            *margin += units * n;
        }
    }
}
