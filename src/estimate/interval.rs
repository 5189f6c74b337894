//! Confidence limits of a single proportion, and of the difference of two.
//!
//! Wilson (1927) score limits; with continuity correction and the exact limits of Clopper and Pearson
//! (1934) as in Newcombe (1998a, Stat Med 17:857); Newcombe's hybrid score limits for a difference
//! (1998b, Stat Med 17:873, method 10). `n` may be fractional (an effective sample size) or infinite (a
//! census: the limits meet). `z` is the normal, or t, quantile of the confidence level.
//!
//! Refused with `None`: p outside [0, 1], n or z not positive.

use super::quantile::beta_quantile;

/// Lower and upper limit, in [0, 1] for a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    pub low: f64,
    pub high: f64,
}

fn acceptable(p: f64, n: f64, z: f64) -> bool {
    (0.0..=1.0).contains(&p) && n > 0.0 && z > 0.0 && z.is_finite()
}

/// Wilson's score limits for the rate `p` seen among `n`.
pub fn wilson(p: f64, n: f64, z: f64) -> Option<Limits> {
    if !acceptable(p, n, z) {
        return None;
    }
    if n.is_infinite() {
        return Some(Limits { low: p, high: p });
    }
    let square = z * z;
    let center = p + square / (2.0 * n);
    let half = z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    let scale = 1.0 + square / n;
    Some(closed_at_ends(
        p,
        (center - half) / scale,
        (center + half) / scale,
    ))
}

/// Wilson's limits with continuity correction, for `passed` out of `n`.
pub fn wilson_corrected(passed: u64, n: u64, z: f64) -> Option<Limits> {
    let (p, n) = share(passed, n)?;
    if !acceptable(p, n, z) {
        return None;
    }
    let square = z * z;
    let limit = |sign: f64| {
        let inner = square - sign * 2.0 - 1.0 / n + 4.0 * p * (n * (1.0 - p) + sign);
        let root = if inner > 0.0 { inner.sqrt() } else { 0.0 };
        (2.0 * n * p + square - sign * (1.0 + z * root)) / (2.0 * (n + square))
    };
    // The lower limit takes sign +1, the upper one -1: p -+ 1/(2n).
    Some(closed_at_ends(p, limit(1.0), limit(-1.0)))
}

/// The exact limits of Clopper and Pearson, for `passed` out of `n` at a confidence `level`.
pub fn clopper_pearson(passed: u64, n: u64, level: f64) -> Option<Limits> {
    let (p, total) = share(passed, n)?;
    let tail = 0.5 - 0.5 * level;
    let (x, rest) = (passed as f64, total - passed as f64);
    let low = if passed == 0 {
        0.0
    } else {
        beta_quantile(tail, x, rest + 1.0)?
    };
    let high = if passed == n {
        1.0
    } else {
        beta_quantile(1.0 - tail, x + 1.0, rest)?
    };
    Some(closed_at_ends(p, low, high))
}

/// Newcombe's limits for `left - right`, two rates with their own score limits.
pub fn newcombe(left: (f64, Limits), right: (f64, Limits)) -> Limits {
    let ((p1, first), (p2, second)) = (left, right);
    let value = p1 - p2;
    Limits {
        low: value - (p1 - first.low).hypot(second.high - p2),
        high: value + (first.high - p1).hypot(p2 - second.low),
    }
}

fn share(passed: u64, n: u64) -> Option<(f64, f64)> {
    (n > 0 && passed <= n).then(|| (passed as f64 / n as f64, n as f64))
}

/// Limits inside [0, 1] that include p, and reach exactly 0 or 1 with it.
fn closed_at_ends(p: f64, low: f64, high: f64) -> Limits {
    Limits {
        low: if p <= 0.0 { 0.0 } else { low.clamp(0.0, p) },
        high: if p >= 1.0 { 1.0 } else { high.clamp(p, 1.0) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_census_has_limits_that_meet() {
        assert_eq!(
            wilson(0.4, f64::INFINITY, 1.96),
            Some(Limits {
                low: 0.4,
                high: 0.4
            })
        );
    }

    #[test]
    fn all_passed_never_means_one_hundred_per_cent() {
        // 4 of 4, 5 of 5, 8 of 8: at least 51, 57, 68 %.
        for (n, least) in [(4.0, 0.51), (5.0, 0.57), (8.0, 0.68)] {
            let limits = wilson(1.0, n, 1.959_963_984_540_054).unwrap();
            assert!((limits.low - least).abs() < 0.005, "{limits:?}");
            assert_eq!(limits.high, 1.0);
        }
    }

    #[test]
    fn nonsense_has_no_limits() {
        for (p, n, z) in [
            (1.2, 4.0, 2.0),
            (-0.1, 4.0, 2.0),
            (0.5, 0.0, 2.0),
            (0.5, 4.0, 0.0),
        ] {
            assert_eq!(wilson(p, n, z), None);
        }
        assert_eq!(wilson(f64::NAN, 4.0, 2.0), None);
        assert_eq!(wilson(0.5, f64::NAN, 2.0), None);
        assert_eq!(wilson(0.5, 4.0, f64::NAN), None);
        assert_eq!(wilson_corrected(1, 0, 2.0), None);
        assert_eq!(clopper_pearson(3, 2, 0.95), None);
        assert_eq!(clopper_pearson(1, 2, 1.0), None);
        assert_eq!(clopper_pearson(1, 2, f64::NAN), None);
    }
}
