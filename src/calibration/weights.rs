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

    pub(super) fn table(self, categories: usize) -> Vec<Vec<f64>> {
        let row = |k| (0..categories).map(|l| self.of(k, l, categories)).collect();
        (0..categories).map(row).collect()
    }
}
