//! Distances between the answers of a scale, and their sums over pairs of ratings, without looking at each pair where there
//! is a shorter way.
//!
//! Ratings are given as categories with how often each was chosen.

use super::krippendorff::Metric;

/// Squared distances between categories.
pub(super) enum Distance<'a> {
    /// All categories are equally far apart.
    Equal,
    /// Categories are points on a line. An ordinal scale's are their middle ranks, since the sum of n_g from c to k less
    /// (n_c + n_k) / 2 is what lies between the middles of c and k.
    Line(Vec<f64>),
    Each(Box<dyn Fn(usize, usize) -> f64 + 'a>),
}

impl<'a> Distance<'a> {
    pub(super) fn of(metric: Metric, values: &'a [f64], margins: &[f64]) -> Distance<'a> {
        match metric {
            Metric::Nominal => Distance::Equal,
            Metric::Interval => Distance::Line(values.to_vec()),
            Metric::Ordinal => {
                let middle = |before: &mut f64, n: &f64| {
                    *before += n;
                    Some(*before - 0.5 * n)
                };
                Distance::Line(margins.iter().scan(0.0, middle).collect())
            }
            Metric::Ratio => {
                Distance::Each(Box::new(|c, k| ratio(value(values, c), value(values, k))))
            }
            Metric::Weighted(weights) => {
                Distance::Each(Box::new(move |c, k| 1.0 - weights.of(c, k, values.len())))
            }
        }
    }

    /// The sum over all pairs of ratings.
    pub(super) fn among(&self, given: &[(usize, f64)]) -> f64 {
        match self {
            Distance::Equal => {
                let total = rated(given);
                given.iter().map(|(_, n)| 0.5 * n * (total - n)).sum()
            }
            Distance::Line(points) => {
                let at = |category: usize| value(points, category);
                let mut seen = given.iter().filter(|(_, n)| *n > 0.5).map(|(k, _)| at(*k));
                let first = seen.next();
                if seen.all(|point| Some(point) == first) {
                    // Rounding must not make a difference of none.
                    return 0.0;
                }
                Around::of(points, given).among()
            }
            Distance::Each(distance) => {
                let pairs = given.iter().enumerate();
                pairs
                    .flat_map(|(i, a)| given.iter().skip(i + 1).map(move |b| (a, b)))
                    .filter(|((_, n), (_, m))| *n > 0.5 && *m > 0.5)
                    .map(|((c, n), (k, m))| n * m * distance(*c, *k))
                    .sum()
            }
        }
    }

    /// Between two categories.
    pub(super) fn between(&self, c: usize, k: usize) -> f64 {
        match self {
            Distance::Equal => f64::from(u8::from(c != k)),
            Distance::Line(points) => (value(points, c) - value(points, k)).powi(2),
            Distance::Each(distance) if c != k => distance(c, k),
            Distance::Each(_) => 0.0,
        }
    }

    /// Of each category the sum of its distances to all ratings given.
    pub(super) fn to_all(&self, given: &[(usize, f64)]) -> Vec<f64> {
        let total = rated(given);
        match self {
            Distance::Equal => given.iter().map(|(_, n)| total - n).collect(),
            Distance::Line(points) => {
                let around = Around::of(points, given);
                let sum = |(c, _): &(usize, f64)| around.to_all(value(points, *c));
                given.iter().map(sum).collect()
            }
            Distance::Each(_) => {
                let others = || given.iter().filter(|(_, n)| *n > 0.5);
                let sum = |c: usize| others().map(|(k, n)| n * self.between(c, *k)).sum();
                given.iter().map(|(c, _)| sum(*c)).collect()
            }
        }
    }
}

/// Ratings on a line, around their mean.
struct Around {
    /// Rounded; what that leaves over is in `sum`.
    mean: f64,
    total: f64,
    /// Sum of n (x - mean).
    sum: f64,
    /// Sum of n (x - mean)^2.
    squares: f64,
}

impl Around {
    fn of(points: &[f64], given: &[(usize, f64)]) -> Around {
        let total = rated(given);
        let at = |category: usize| value(points, category);
        let mean = given.iter().map(|(k, n)| n * at(*k)).sum::<f64>() / total;
        let away = given.iter().map(|(k, n)| (at(*k) - mean, n));
        Around {
            mean,
            total,
            sum: away.clone().map(|(away, n)| n * away).sum(),
            squares: away.map(|(away, n)| n * away * away).sum(),
        }
    }

    fn among(&self) -> f64 {
        self.total * self.squares - self.sum * self.sum
    }

    /// From a point to all ratings.
    fn to_all(&self, point: f64) -> f64 {
        let away = point - self.mean;
        (self.total * away - 2.0 * self.sum) * away + self.squares
    }
}

/// How many ratings there are.
pub(super) fn rated(given: &[(usize, f64)]) -> f64 {
    given.iter().map(|(_, n)| n).sum()
}

fn value(values: &[f64], category: usize) -> f64 {
    values.get(category).copied().unwrap_or(0.0)
}

fn ratio(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum == 0.0 {
        0.0
    } else {
        ((a - b) / sum).powi(2)
    }
}
