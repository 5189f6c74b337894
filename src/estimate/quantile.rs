//! Quantiles and tails of the normal, Student t, chi-square, beta and F distributions.
//!
//! Quantiles start from statrs (AS 241 for the normal, AS 109 for beta and t, safeguarded Newton for
//! chi-square) and are polished by Newton steps on this module's own tails. The tails use the
//! continued fraction of the incomplete beta function (the even part of DLMF 8.17.22, modified Lentz) with the
//! logarithm of the beta function after Didonato and Morris (1992, TOMS 708): differences of two
//! large log-gammas cost statrs five digits at a million degrees of freedom, and its fraction
//! stops after 140 terms whether it has converged or not. Upper tails are never computed as
//! `1 - cdf`.
//!
//! Probabilities are in (0, 1), degrees of freedom are positive and may be fractional; everything
//! else gives `None`. Infinite degrees of freedom mean the normal distribution.

use statrs::distribution::{
    Beta, ChiSquared, Continuous, ContinuousCDF, FisherSnedecor, Normal, StudentsT,
};
use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur, ln_gamma};
use std::f64::consts::{PI, TAU};

/// From here the Cornish-Fisher expansion starts the Newton steps for t; statrs gets slow and coarse.
const LARGE_DF: f64 = 500.0;

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
    if p < 0.5 {
        t_upper_quantile(p, df).map(|t| -t)
    } else {
        t_upper_quantile(1.0 - p, df)
    }
}

/// The t that is exceeded with probability `tail` < 0.5.
fn t_upper_quantile(tail: f64, df: f64) -> Option<f64> {
    let mut t = if df >= LARGE_DF {
        cornish_fisher(-normal_quantile(tail)?, df)
    } else {
        StudentsT::new(0.0, 1.0, df).ok()?.inverse_cdf(1.0 - tail)
    };
    for _ in 0..8 {
        let upper = t_upper(t, df)?;
        let slope = t_density(t, df);
        // Far out the tail is a power of t: Newton on logarithms gets there where plain Newton crawls.
        let next = if t > 1.0 {
            t * ((upper / tail).ln() * upper / (t * slope)).exp()
        } else {
            t + (upper - tail) / slope
        };
        if !next.is_finite() {
            break;
        }
        let change = (next - t).abs();
        t = next;
        if change <= 1e-14 * t.abs() {
            break;
        }
    }
    t.is_finite().then_some(t)
}

/// Abramowitz and Stegun 26.7.5: t as a series in 1/df around the normal quantile.
fn cornish_fisher(z: f64, df: f64) -> f64 {
    let z2 = z * z;
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    z + (first + (second + third / df) / df) / df
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

fn t_density(t: f64, df: f64) -> f64 {
    let log = -ln_beta(0.5 * df, 0.5) - 0.5 * df.ln() - 0.5 * (df + 1.0) * (t * t / df).ln_1p();
    log.exp()
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
    let distribution = Beta::new(a, b).ok()?;
    let mut x = distribution.inverse_cdf(p);
    for _ in 0..3 {
        let density = ((a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - ln_beta(a, b)).exp();
        let next = x - (incomplete_beta(a, b, x, 1.0 - x) - p) / density;
        if !(next > 0.0 && next < 1.0) {
            break;
        }
        x = next;
    }
    x.is_finite().then_some(x)
}

/// The p-quantile of F with `df1` and `df2` degrees of freedom.
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> Option<f64> {
    if !is_probability(p) || !df1.is_finite() || !df2.is_finite() || df1 <= 0.0 || df2 <= 0.0 {
        return None;
    }
    let distribution = FisherSnedecor::new(df1, df2).ok()?;
    let mut x = distribution.inverse_cdf(p);
    for _ in 0..3 {
        let residual = if p < 0.5 {
            p - (1.0 - f_upper(x, df1, df2)?)
        } else {
            f_upper(x, df1, df2)? - (1.0 - p)
        };
        let sum = df2 + df1 * x;
        let log = 0.5 * df1 * (df1 * x / sum).ln() + 0.5 * df2 * (df2 / sum).ln()
            - ln_beta(0.5 * df1, 0.5 * df2);
        let next = x + residual * x / log.exp();
        if !(next > 0.0 && next.is_finite()) {
            break;
        }
        x = next;
    }
    x.is_finite().then_some(x)
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
