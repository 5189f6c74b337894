//! Quantiles and tails of the normal, Student t, chi-square, beta and F distributions.
//!
//! Normal and chi-square quantiles come from statrs (AS 241; safeguarded Newton), chi-square with one more
//! Newton step on its nearer tail. t, F and beta are one quantile, of the beta distribution on the logit
//! scale, found by safeguarded Newton: the logarithm of either tail is concave there, so the steps
//! converge from anywhere. statrs' inverse of the incomplete beta function (AS 109) can circle for ever
//! and is not used.
//!
//! The incomplete beta function itself is the even part of its continued fraction (DLMF 8.17.22, modified
//! Lentz) with the logarithm of the beta function after Didonato and Morris (1992, TOMS 708): differences
//! of large log-gammas, and of 1 and the fraction's odd terms, would cost five digits at a million degrees
//! of freedom. From there on the quantile of t is expanded around that of the normal distribution. Upper tails are never
//! computed as `1 - cdf`.
//!
//! Probabilities are in (0, 1), degrees of freedom are positive and may be fractional; everything
//! else gives `None`. Infinite degrees of freedom mean the normal distribution.

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal};
use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur, ln_gamma};
use std::f64::consts::{PI, TAU};

fn is_probability(p: f64) -> bool {
    p > 0.0 && p < 1.0
}

/// The p-quantile of the standard normal distribution (AS 241, good to 1e-14 as it stands).
pub fn normal_quantile(p: f64) -> Option<f64> {
    is_probability(p).then(|| Normal::standard().inverse_cdf(p))
}

/// P(Z > z) for the standard normal distribution: the odd power series below two deviations, the
/// continued fraction of Mills' ratio above (Abramowitz and Stegun 26.2.11 and 26.2.14). The error
/// function of statrs is only good to 1e-10 here.
pub fn normal_upper(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - normal_upper(-z);
    }
    let density = (-0.5 * z * z).exp() / TAU.sqrt();
    if z < 2.0 {
        let (mut term, mut sum, mut odd) = (z, z, 1.0);
        while term > f64::EPSILON * sum {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        return 0.5 - density * sum;
    }
    // Evaluated from the tail; 100 terms are more than enough from z = 2 on.
    let fraction = (1..=100).rev().fold(z, |rest, k| z + f64::from(k) / rest);
    density / fraction
}

/// The p-quantile of Student's t with `df` degrees of freedom.
pub fn t_quantile(p: f64, df: f64) -> Option<f64> {
    if !is_probability(p) || df.is_nan() || df <= 0.0 {
        return None;
    }
    if df.is_infinite() {
        return normal_quantile(p);
    }
    if p == 0.5 {
        return Some(0.0);
    }
    if df >= LARGE_DF {
        return normal_quantile(p).map(|z| expanded(z, df));
    }
    // t^2 / (df + t^2) is beta with 1/2 and df/2; 1 - p and 1 - 2 tail are exact for p >= 1/2.
    let (tail, sign) = if p < 0.5 { (p, -1.0) } else { (1.0 - p, 1.0) };
    let logit = logit_quantile(1.0 - 2.0 * tail, 2.0 * tail, 0.5, 0.5 * df)?;
    let t = (0.5 * logit).exp() * df.sqrt();
    t.is_finite().then_some(sign * t)
}

/// From here on the expansion has all digits, and the incomplete beta function, as the difference of two numbers close to
/// 1, begins to lose them: four are left at 1e12 and none at 1e15.
const LARGE_DF: f64 = 1e6;

/// t from z in powers of 1 / df (Abramowitz and Stegun 26.7.5, three terms).
fn expanded(z: f64, df: f64) -> f64 {
    let (square, part) = (z * z, 0.25 / df);
    let first = square + 1.0;
    let second = ((5.0 * square + 16.0) * square + 3.0) / 6.0;
    let third = (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 6.0;
    z * (1.0 + part * (first + part * (second + part * third)))
}

/// P(T > t) for Student's t with `df` degrees of freedom.
pub fn t_upper(t: f64, df: f64) -> Option<f64> {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return None;
    }
    if df.is_infinite() {
        return Some(normal_upper(t));
    }
    let square = t * t;
    let two_sided = if square.is_infinite() {
        0.0
    } else {
        incomplete_beta(0.5 * df, 0.5, df / (df + square), square / (df + square))
    };
    Some(if t < 0.0 {
        1.0 - 0.5 * two_sided
    } else {
        0.5 * two_sided
    })
}

/// The two-sided p-value of a t statistic: P(|T| > |t|).
pub fn t_two_sided(t: f64, df: f64) -> Option<f64> {
    t_upper(t.abs(), df).map(|tail| 2.0 * tail)
}

/// The p-quantile of chi-square with `df` degrees of freedom.
pub fn chi_square_quantile(p: f64, df: f64) -> Option<f64> {
    if !is_probability(p) || !df.is_finite() || df <= 0.0 {
        return None;
    }
    let distribution = ChiSquared::new(df).ok()?;
    let start = distribution.inverse_cdf(p);
    let residual = if p < 0.5 {
        p - checked_gamma_lr(0.5 * df, 0.5 * start).ok()?
    } else {
        chi_square_upper(start, df)? - (1.0 - p)
    };
    let polished = start + residual / distribution.pdf(start);
    Some(if polished.is_finite() && polished > 0.0 {
        polished
    } else {
        start
    })
}

/// P(X > x) for chi-square with `df` degrees of freedom.
pub fn chi_square_upper(x: f64, df: f64) -> Option<f64> {
    if !x.is_finite() || !df.is_finite() || df <= 0.0 {
        return None;
    }
    if x <= 0.0 {
        return Some(1.0);
    }
    checked_gamma_ur(0.5 * df, 0.5 * x).ok()
}

/// The p-quantile of the beta distribution with shapes `a` and `b`.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> Option<f64> {
    if !is_probability(p) || !a.is_finite() || !b.is_finite() || a <= 0.0 || b <= 0.0 {
        return None;
    }
    logit_quantile(p, 1.0 - p, a, b).map(|logit| 1.0 / (1.0 + (-logit).exp()))
}

/// The p-quantile of F with `df1` and `df2` degrees of freedom.
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> Option<f64> {
    if !is_probability(p) || !df1.is_finite() || !df2.is_finite() || df1 <= 0.0 || df2 <= 0.0 {
        return None;
    }
    let logit = logit_quantile(p, 1.0 - p, 0.5 * df1, 0.5 * df2)?;
    let x = df2 / df1 * logit.exp();
    x.is_finite().then_some(x)
}

/// ln(x / (1 - x)) of the beta quantile with lower tail `p` and upper tail `q`.
fn logit_quantile(p: f64, q: f64, a: f64, b: f64) -> Option<f64> {
    // exp stays finite inside these ends.
    let (mut low, mut high) = (-700.0, 700.0);
    let ln_beta = ln_beta(a, b);
    let mut z = (a / b).ln().clamp(low, high);
    for _ in 0..200 {
        let (x, y) = (1.0 / (1.0 + (-z).exp()), 1.0 / (1.0 + z.exp()));
        let (ln_x, ln_y) = (-(-z).exp().ln_1p(), -z.exp().ln_1p());
        let density = (a * ln_x + b * ln_y - ln_beta).exp();
        // Newton on the logarithm of the nearer tail; `too_low`: the quantile lies above z.
        let (too_low, step) = if p <= q {
            let tail = incomplete_beta(a, b, x, y);
            (tail < p, (p / tail).ln() * tail / density)
        } else {
            let tail = incomplete_beta(b, a, y, x);
            (tail > q, (tail / q).ln() * tail / density)
        };
        if too_low {
            low = z;
        } else {
            high = z;
        }
        let next = z + step;
        let next = if next > low && next < high {
            next
        } else {
            0.5 * (low + high)
        };
        let change = (next - z).abs();
        z = if step == 0.0 { return Some(z) } else { next };
        if change <= 2.0 * f64::EPSILON * z.abs().max(1.0) {
            return Some(z);
        }
    }
    (high - low < 1e-9).then_some(z)
}

/// P(X > x) for F with `df1` and `df2` degrees of freedom.
pub fn f_upper(x: f64, df1: f64, df2: f64) -> Option<f64> {
    if !x.is_finite() || !df1.is_finite() || !df2.is_finite() || df1 <= 0.0 || df2 <= 0.0 {
        return None;
    }
    if x <= 0.0 {
        return Some(1.0);
    }
    let sum = df2 + df1 * x;
    Some(incomplete_beta(
        0.5 * df2,
        0.5 * df1,
        df2 / sum,
        df1 * x / sum,
    ))
}

/// Regularised incomplete beta function I_x(a, b); `y` is 1 - x, passed so that neither loses digits.
fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if y <= 0.0 {
        return 1.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta_fraction(b, a, y, x);
    }
    incomplete_beta_fraction(a, b, x, y)
}

fn incomplete_beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    // ln x and ln y from the smaller of the two: near 1 the larger one has lost the digits.
    let (ln_x, ln_y) = if x < y {
        (x.ln(), (-x).ln_1p())
    } else {
        ((-y).ln_1p(), y.ln())
    };
    let factor = (a * ln_x + b * ln_y - ln_beta(a, b)).exp() / a;
    let even = |m: f64| m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    let odd = |m: f64| -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    // 1 + odd(m), by way of y: x is close to 1 where a is large, and odd(m) close to -1.
    let rest = |m: f64| {
        let part = a * (1.0 - b + 2.0 * m) + m * (3.0 * m + 2.0 - b) + (a + m) * (a + b + m) * y;
        part / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
    };
    let mut value = away(rest(0.0));
    let (mut c, mut d) = (value, 0.0);
    // The fraction needs about sqrt(max(a, b)) terms.
    for m in 1..20_000 {
        let m = f64::from(m);
        let numerator = -odd(m - 1.0) * even(m);
        let denominator = rest(m) + even(m);
        d = 1.0 / away(denominator + numerator * d);
        c = away(denominator + numerator / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    factor / value
}

/// ln B(a, b) without the difference of large log-gammas (Didonato and Morris 1992).
fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    let sum = small + large;
    if small >= 10.0 {
        let correction = stirling_rest(small) + stirling_rest(large) - stirling_rest(sum);
        0.5 * (TAU / large).ln()
            + correction
            + (small - 0.5) * (small / sum).ln()
            + large * (-small / sum).ln_1p()
    } else if large >= 10.0 {
        let correction = stirling_rest(large) - stirling_rest(sum);
        let gamma = if small == 0.5 {
            0.5 * PI.ln()
        } else {
            ln_gamma(small)
        };
        gamma + correction + small - small * sum.ln() + (large - 0.5) * (-small / sum).ln_1p()
    } else {
        ln_gamma(small) + ln_gamma(large) - ln_gamma(sum)
    }
}

/// ln Gamma(x) - [(x - 1/2) ln x - x + ln sqrt(2 pi)] for x >= 10: Stirling's series (DLMF 5.11.1).
fn stirling_rest(x: f64) -> f64 {
    const BERNOULLI: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    let inverse_square = 1.0 / (x * x);
    let series = BERNOULLI
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * inverse_square + coefficient);
    series / x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: Option<f64>, want: f64) {
        let got = got.unwrap();
        assert!((got / want - 1.0).abs() < 2e-13, "{got} for {want}");
    }

    // References: mpmath with 40 digits.
    #[test]
    fn tails_keep_their_digits_far_out_and_at_large_degrees_of_freedom() {
        close(Some(normal_upper(0.01)), 0.496_010_643_685_368_4);
        close(Some(normal_upper(1.9999)), 0.022_755_531_584_767_19);
        close(Some(normal_upper(2.5)), 0.006_209_665_325_776_135);
        close(Some(normal_upper(30.0)), 4.906_713_927_148_187e-198);
        close(t_upper(10.0, 37.0), 2.294_060_907_339_111e-12);
        close(t_upper(2.0, 3.7), 0.060_908_600_952_617);
        close(t_upper(0.001, 2.5), 0.499_638_191_360_392_45);
        close(t_upper(2.0, 1e6), 0.022_750_266_925_659_604);
        close(t_upper(5.0, 1e5), 2.871_350_839_320_836_4e-7);
        close(t_upper(1.96, 123_456.7), 0.024_999_018_171_855_51);
        close(t_upper(40.0, 2.0), 0.000_312_207_336_092_370_3);
    }

    #[test]
    fn t_quantiles_hold_beyond_a_thousand_degrees_of_freedom() {
        close(t_quantile(0.975, 501.0), 1.964_710_322_175_483_2);
        close(t_quantile(0.999, 5_000.0), 3.091_863_119_960_982);
        close(t_quantile(0.975, 1e5), 1.959_987_707_534_609_6);
        close(t_quantile(0.975, 1e6), 1.959_966_356_814_107);
        close(t_quantile(0.975, f64::INFINITY), 1.959_963_984_540_054_2);
        close(t_quantile(0.025, 1e6), -1.959_966_356_814_107);
    }

    #[test]
    fn t_quantiles_keep_their_digits_at_any_degrees_of_freedom() {
        close(t_quantile(0.8, 1e6), 0.841_621_593_013_984_2);
        close(t_quantile(0.8, 1e9), 0.841_621_233_932_355_3);
        close(t_quantile(0.2, 1e9), -0.841_621_233_932_355_3);
        close(t_quantile(0.6, 1e12), 0.253_347_103_135_867_1);
        close(t_quantile(0.999_999, 2e6), 4.753_438_328_509_367);
        close(t_quantile(1e-100, 1e6), -21.275_865_985_490_62);
        close(t_quantile(0.975, 2_f64.powi(53)), 1.959_963_984_540_054);
        close(t_quantile(0.975, 1e300), 1.959_963_984_540_054);
    }

    #[test]
    fn quantiles_and_tails_undo_each_other() {
        for df in [0.7, 1.0, 2.3, 9.0, 80.0, 499.0, 501.0, 1e4] {
            for tail in [0.4, 0.1, 0.025, 1e-4, 1e-7] {
                let t = t_quantile(1.0 - tail, df).unwrap();
                // 1 - tail itself is rounded.
                let back = t_upper(t, df).unwrap() / (1.0 - (1.0 - tail));
                assert!((back - 1.0).abs() < 1e-11, "{df} {tail}: {back}");
            }
            close(
                f_quantile(0.95, df, 7.0).and_then(|x| f_upper(x, df, 7.0)),
                1.0 - 0.95,
            );
        }
        assert_eq!(t_quantile(0.5, 3.0), Some(0.0));
        close(t_two_sided(-2.0, 3.7), 2.0 * 0.060_908_600_952_617);
        close(
            f_quantile(0.95, 1.0, 7.0),
            t_quantile(0.975, 7.0).unwrap().powi(2),
        );
    }

    #[test]
    fn beta_quantiles_of_extreme_shapes_end() {
        // The first two make AS 109 circle for ever.
        for (p, a, b) in [
            (
                0.085_760_744_851_540_5,
                0.746_786_438_311_775_4,
                27_530_381.431_489_784,
            ),
            (0.873_685_098_0, 16_510_916.987, 0.227_269_7),
            (0.025, 1e-2, 1e6),
            (0.975, 3.0, 4.5),
            (0.5, 1e5, 1e5),
        ] {
            let x = beta_quantile(p, a, b).unwrap();
            let back = incomplete_beta(a, b, x, 1.0 - x);
            // Near 1 the next number above x is already another tail.
            let tolerance = if x > 0.999 { 1e-2 } else { 1e-8 };
            assert!(
                (back / p - 1.0).abs() < tolerance,
                "{p} {a} {b}: {x} {back}"
            );
        }
        assert!(beta_quantile(0.025, 1e-14, 5.0).unwrap() < 1e-300);
    }

    #[test]
    fn the_ends_are_certain() {
        assert_eq!(t_upper(f64::INFINITY, 3.0), Some(0.0));
        assert_eq!(t_upper(f64::NEG_INFINITY, 3.0), Some(1.0));
        assert_eq!(chi_square_upper(0.0, 3.0), Some(1.0));
        assert_eq!(f_upper(-1.0, 3.0, 3.0), Some(1.0));
    }

    #[test]
    fn nonsense_has_no_quantile() {
        for p in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
            assert_eq!(normal_quantile(p), None);
            assert_eq!(t_quantile(p, 3.0), None);
            assert_eq!(chi_square_quantile(p, 3.0), None);
            assert_eq!(beta_quantile(p, 2.0, 3.0), None);
            assert_eq!(f_quantile(p, 2.0, 3.0), None);
        }
        for df in [0.0, -1.0, f64::NAN] {
            assert_eq!(t_quantile(0.9, df), None);
            assert_eq!(t_upper(1.0, df), None);
            assert_eq!(chi_square_quantile(0.9, df), None);
            assert_eq!(chi_square_upper(1.0, df), None);
            assert_eq!(beta_quantile(0.9, df, 1.0), None);
            assert_eq!(f_quantile(0.9, 1.0, df), None);
        }
        assert_eq!(t_upper(f64::NAN, 3.0), None);
        assert_eq!(f_upper(f64::NAN, 3.0, 3.0), None);
    }
}
