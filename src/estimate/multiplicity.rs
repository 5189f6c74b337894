//! Adjusting p-values for a family of tests.
//!
//! Benjamini and Hochberg (1995, JRSS B 57:289): q_(i) = min over j >= i of m p_(j) / j, the false discovery
//! rate at which a test is rejected. Holm (1979) and Bonferroni for comparison. A missing p, or one
//! outside [0, 1], stays missing and does not count towards m.

/// q-values in the order given.
pub fn benjamini_hochberg(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let order = ascending(p);
    let m = order.len() as f64;
    let mut adjusted = vec![None; p.len()];
    let mut least = 1.0_f64;
    for (rank, &(index, value)) in order.iter().enumerate().rev() {
        least = least.min(m * value / (rank + 1) as f64);
        set(&mut adjusted, index, least);
    }
    adjusted
}

/// Holm's step-down p-values in the order given.
pub fn holm(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let order = ascending(p);
    let m = order.len();
    let mut adjusted = vec![None; p.len()];
    let mut most = 0.0_f64;
    for (rank, &(index, value)) in order.iter().enumerate() {
        most = most.max((m - rank) as f64 * value).min(1.0);
        set(&mut adjusted, index, most);
    }
    adjusted
}

/// Bonferroni's p-values in the order given.
pub fn bonferroni(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let order = ascending(p);
    let mut adjusted = vec![None; p.len()];
    for &(index, value) in &order {
        set(&mut adjusted, index, (order.len() as f64 * value).min(1.0));
    }
    adjusted
}

fn ascending(p: &[Option<f64>]) -> Vec<(usize, f64)> {
    let known = |(index, value): (usize, &Option<f64>)| {
        value
            .filter(|p| (0.0..=1.0).contains(p))
            .map(|p| (index, p))
    };
    let mut order: Vec<(usize, f64)> = p.iter().enumerate().filter_map(known).collect();
    order.sort_by(|left, right| left.1.total_cmp(&right.1));
    order
}

fn set(adjusted: &mut [Option<f64>], index: usize, value: f64) {
    if let Some(place) = adjusted.get_mut(index) {
        *place = Some(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_impossible_p_values_stay_out_of_the_family() {
        let p = [Some(0.04), None, Some(f64::NAN), Some(1.5), Some(0.01)];
        assert_eq!(
            benjamini_hochberg(&p),
            [Some(0.04), None, None, None, Some(0.02)]
        );
        assert_eq!(holm(&p), [Some(0.04), None, None, None, Some(0.02)]);
        assert_eq!(bonferroni(&p), [Some(0.08), None, None, None, Some(0.02)]);
    }

    #[test]
    fn an_empty_family_is_empty() {
        assert_eq!(benjamini_hochberg(&[]), []);
        assert_eq!(benjamini_hochberg(&[None]), [None]);
    }

    #[test]
    fn equal_p_values_get_equal_q_values() {
        assert_eq!(benjamini_hochberg(&[Some(0.5); 3]), [Some(0.5); 3]);
    }
}
