//! Count, mean and sum of squared deviations of a stream of values.
//!
//! Welford's update (Knuth, TAOCP 2, 4.2.2) and the merge of Chan, Golub and LeVeque (1979): one
//! pass, no allocation, no cancellation, and parts from several threads can be joined. A value
//! that is not finite is not refused here but shows in `is_finite`, so that the hot loop stays free
//! of branches; `Stratum::new` refuses it.

/// Moments of the values seen so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// No values yet.
    pub fn new() -> Moments {
        Moments::default()
    }

    /// Moments known from elsewhere: count, mean, and the sum of squared deviations from that mean.
    /// `None` when they cannot belong to any values.
    pub fn from_parts(count: u64, mean: f64, squares: f64) -> Option<Moments> {
        let moments = Moments {
            count,
            mean,
            squares,
        };
        let possible = moments.is_finite() && squares >= 0.0 && (count > 1 || squares == 0.0);
        (possible && (count > 0 || mean == 0.0)).then_some(moments)
    }

    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let away = value - self.mean;
        self.mean += away / self.count as f64;
        self.squares += away * (value - self.mean);
    }

    pub fn merge(&mut self, other: &Moments) {
        if other.count == 0 {
            return;
        }
        let (left, right) = (self.count as f64, other.count as f64);
        let total = left + right;
        let away = other.mean - self.mean;
        self.mean += away * right / total;
        self.squares += other.squares + away * away * left * right / total;
        self.count += other.count;
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// Sum of squared deviations from the mean; 0 without values.
    pub fn squares(&self) -> f64 {
        self.squares
    }

    /// Variance with divisor n - 1; `None` below two values.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// Whether all values seen are numbers of a size that can be squared and added up.
    pub fn is_finite(&self) -> bool {
        is_number(self.mean) && self.squares < 1e200
    }

    /// The mean, or 0 where its weight is 0 anyway.
    pub(super) fn center(&self) -> f64 {
        self.mean
    }
}

/// Finite, and of a size whose square, weighted and summed, stays finite.
pub(crate) fn is_number(value: f64) -> bool {
    value.abs() < 1e100
}

impl FromIterator<f64> for Moments {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Moments {
        let mut moments = Moments::new();
        for value in values {
            moments.push(value);
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_shift_does_not_change_the_variance() {
        let plain: Moments = [4.0, 7.0, 13.0, 16.0].into_iter().collect();
        let shifted: Moments = [4.0, 7.0, 13.0, 16.0]
            .into_iter()
            .map(|v| v + 1e9)
            .collect();
        assert_eq!(plain.variance(), Some(30.0));
        assert_eq!(shifted.variance(), Some(30.0));
    }

    #[test]
    fn parts_join_to_the_whole() {
        let values: Vec<f64> = (0..101).map(|i| f64::from(i * i % 37)).collect();
        let whole: Moments = values.iter().copied().collect();
        let mut joined: Moments = values[..40].iter().copied().collect();
        joined.merge(&Moments::new());
        joined.merge(&values[40..].iter().copied().collect());
        assert_eq!(joined.count(), whole.count());
        assert!((joined.center() - whole.center()).abs() < 1e-12);
        assert!((joined.squares() / whole.squares() - 1.0).abs() < 1e-12);
        let mut from_nothing = Moments::new();
        from_nothing.merge(&whole);
        assert_eq!(from_nothing, whole);
    }

    #[test]
    fn equal_values_have_exactly_no_spread() {
        let mut moments: Moments = std::iter::repeat_n(83.333_333_333_333_33, 7).collect();
        moments.merge(&std::iter::repeat_n(83.333_333_333_333_33, 5).collect());
        assert_eq!(moments.squares(), 0.0);
    }

    #[test]
    fn without_values_there_is_no_mean_and_with_one_no_variance() {
        assert_eq!(Moments::new().mean(), None);
        let one: Moments = [5.0].into_iter().collect();
        assert_eq!((one.mean(), one.variance()), (Some(5.0), None));
    }

    #[test]
    fn impossible_parts_are_refused() {
        assert!(Moments::from_parts(3, 1.0, -0.5).is_none());
        assert!(Moments::from_parts(1, 1.0, 0.5).is_none());
        assert!(Moments::from_parts(0, 1.0, 0.0).is_none());
        assert!(Moments::from_parts(2, f64::NAN, 0.5).is_none());
        assert!(Moments::from_parts(2, 1e200, 0.5).is_none());
        assert!(Moments::from_parts(0, 0.0, 0.0).is_some());
    }
}
