//! Partial credit: how much two different answers agree.
//!
//! 1 on the diagonal. Quadratic: 1 - ((k - l) / (q - 1))^2; linear without the square; ordinal after Gwet
//! (2014, ch. 3): 1 - C(|k - l| + 1, 2) / C(q, 2), which is not Krippendorff's ordinal metric.

/// A table of weights for q categories in the order of the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weights {
    /// No partial credit.
    #[default]
    Identity,
    Linear,
    Quadratic,
    Ordinal,
}

impl Weights {
    /// The weight of categories `k` and `l` out of `categories`, in [0, 1].
    pub fn of(self, k: usize, l: usize, categories: usize) -> f64 {
        if k == l {
            return 1.0;
        }
        let away = k.abs_diff(l) as f64;
        let most = categories.saturating_sub(1).max(1) as f64;
        match self {
            Weights::Identity => 0.0,
            Weights::Linear => 1.0 - away / most,
            Weights::Quadratic => 1.0 - (away / most).powi(2),
            Weights::Ordinal => 1.0 - (away + 1.0) * away / ((most + 1.0) * most),
        }
    }

    /// All weights, categories by categories.
    pub fn table(self, categories: usize) -> Vec<Vec<f64>> {
        let row = |k| (0..categories).map(|l| self.of(k, l, categories)).collect();
        (0..categories).map(row).collect()
    }
}

/// Quadratic weights of categories that stand for numbers: 1 - ((x_k - x_l) / (largest - smallest))^2, which for evenly
/// spaced numbers is `Quadratic`.
pub fn quadratic_by_value(values: &[f64]) -> Vec<Vec<f64>> {
    let ends = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(*value), high.max(*value))
        });
    let range = ends.1 - ends.0;
    let weight = |a: f64, b: f64| match a == b {
        true => 1.0,
        false => 1.0 - ((a - b) / range).powi(2),
    };
    let row = |a: &f64| values.iter().map(|b| weight(*a, *b)).collect();
    values.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenly_spaced_numbers_weigh_as_their_places_do() {
        let by_value = quadratic_by_value(&[10.0, 20.0, 30.0, 40.0]);
        for (a, b) in by_value
            .iter()
            .flatten()
            .zip(Weights::Quadratic.table(4).iter().flatten())
        {
            assert!((a - b).abs() < 1e-15);
        }
        assert_eq!(quadratic_by_value(&[1.0, 2.0, 5.0])[0], [1.0, 0.9375, 0.0]);
        assert_eq!(quadratic_by_value(&[7.0]), [[1.0]]);
    }
}
