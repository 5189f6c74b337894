//! Kappa from tables of counts: Cohen's for two raters, Fleiss' test and categories.
//!
//! Cohen (1960; weighted 1968): 1 - sum v_ij p_ij / sum v_ij p_i. p_.j with disagreement weights v (0 on the
//! diagonal; all 1 elsewhere for plain kappa). Fleiss (1971; standard error under no agreement after
//! Fleiss, Nee and Landis 1979) needs the same number of ratings for every unit. For tables with missing
//! ratings use `agreement`.

use super::error::CalibrationError;
use crate::estimate::moments::is_number;

/// Cohen's kappa from a square table of counts or shares, first rater in rows. `disagreement` holds
/// the weights, `None` for plain kappa. `Ok(None)` when chance alone leaves no disagreement.
pub fn cohen(
    table: &[Vec<f64>],
    disagreement: Option<&[Vec<f64>]>,
) -> Result<Option<f64>, CalibrationError> {
    square(table, table.len())?;
    if let Some(weights) = disagreement {
        square(weights, table.len())?;
    }
    let total: f64 = table.iter().flatten().sum();
    if total <= 0.0 {
        return Ok(None);
    }
    let rows: Vec<f64> = table.iter().map(|row| row.iter().sum()).collect();
    let mut columns = vec![0.0; table.len()];
    for row in table {
        columns
            .iter_mut()
            .zip(row)
            .for_each(|(sum, count)| *sum += count);
    }
    let (mut observed, mut expected) = (0.0, 0.0);
    for (i, (row, row_sum)) in table.iter().zip(&rows).enumerate() {
        for (j, (count, column_sum)) in row.iter().zip(&columns).enumerate() {
            let plain = if i == j { 0.0 } else { 1.0 };
            let weight = disagreement
                .and_then(|weights| weights.get(i)?.get(j).copied())
                .unwrap_or(plain);
            observed += weight * count / total;
            expected += weight * row_sum * column_sum / (total * total);
        }
    }
    Ok((expected > 0.0).then(|| 1.0 - observed / expected))
}

fn square(table: &[Vec<f64>], size: usize) -> Result<(), CalibrationError> {
    if size == 0 || table.len() != size || table.iter().any(|row| row.len() != size) {
        return Err(CalibrationError::Shape { wanted: "square" });
    }
    if table
        .iter()
        .flatten()
        .any(|value| !is_number(*value) || *value < 0.0)
    {
        return Err(CalibrationError::Shape {
            wanted: "made of numbers of at least 0",
        });
    }
    Ok(())
}

/// Fleiss' kappa of complete ratings.
#[derive(Debug, Clone, PartialEq)]
pub struct FleissKappa {
    pub kappa: f64,
    /// Kappa over its standard error under "no agreement beyond chance".
    pub z: f64,
    /// Kappa of each category against all others; `None` for one never or always used.
    pub categories: Vec<Option<f64>>,
}

/// `counts[unit][category]`: how many raters gave the category to the unit. `Ok(None)` without
/// variation.
pub fn fleiss(counts: &[Vec<u64>]) -> Result<Option<FleissKappa>, CalibrationError> {
    let Some(first) = counts.first() else {
        return Err(CalibrationError::TooFewUnits { units: 0 });
    };
    let (categories, raters) = (first.len(), first.iter().sum::<u64>());
    if raters < 2 {
        return Err(CalibrationError::TooFewRaters {
            raters: raters as usize,
        });
    }
    let even = |row: &Vec<u64>| row.len() == categories && row.iter().sum::<u64>() == raters;
    if !counts.iter().all(even) {
        return Err(CalibrationError::Shape {
            wanted: "rated equally often in every unit",
        });
    }
    let (n, m) = (counts.len() as f64, raters as f64);
    // By category: share p, and sum of x (m - x), the disagreeing pairs.
    let mut shares = vec![0.0; categories];
    let mut apart = vec![0.0; categories];
    for row in counts {
        for ((share, apart), &count) in shares.iter_mut().zip(&mut apart).zip(row) {
            let x = count as f64;
            *share += x / (n * m);
            *apart += x * (m - x);
        }
    }
    let spread: f64 = shares.iter().map(|p| p * (1.0 - p)).sum();
    if spread <= 1e-15 {
        return Ok(None);
    }
    let pairs = n * m * (m - 1.0);
    let kappa = 1.0 - apart.iter().sum::<f64>() / (pairs * spread);
    let skew: f64 = shares.iter().map(|p| p * (1.0 - p) * (1.0 - 2.0 * p)).sum();
    let error = (2.0 / pairs * (spread * spread - skew)).sqrt() / spread;
    let each = shares.iter().zip(&apart).map(|(p, apart)| {
        let chance = p * (1.0 - p);
        (chance > 1e-15).then(|| 1.0 - apart / (pairs * chance))
    });
    Ok(Some(FleissKappa {
        kappa,
        z: kappa / error,
        categories: each.collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_must_be_square_and_not_negative() {
        assert!(cohen(&[], None).is_err());
        assert!(cohen(&[vec![1.0, 2.0]], None).is_err());
        assert!(cohen(&[vec![1.0, -2.0], vec![1.0, 1.0]], None).is_err());
        assert!(cohen(&[vec![1.0, f64::NAN], vec![1.0, 1.0]], None).is_err());
        assert!(cohen(&[vec![1.0, 2.0], vec![1.0, 1.0]], Some(&[vec![0.0]])).is_err());
    }

    #[test]
    fn without_variation_there_is_no_kappa() {
        assert_eq!(cohen(&[vec![9.0, 0.0], vec![0.0, 0.0]], None), Ok(None));
        assert_eq!(cohen(&[vec![0.0, 0.0], vec![0.0, 0.0]], None), Ok(None));
        assert_eq!(fleiss(&[vec![3, 0], vec![3, 0]]), Ok(None));
    }

    #[test]
    fn fleiss_needs_two_raters_everywhere() {
        assert!(fleiss(&[]).is_err());
        assert!(fleiss(&[vec![1, 0], vec![0, 1]]).is_err());
        assert!(fleiss(&[vec![2, 0], vec![0, 1]]).is_err());
        let unused = fleiss(&[vec![2, 0, 0], vec![0, 2, 0]]).unwrap().unwrap();
        assert_eq!((unused.kappa, &unused.categories[2]), (1.0, &None));
    }
}
