//! A small symmetric positive definite system, solved by Cholesky's square root.

/// The lower triangle L of A = L L'.
pub(super) struct Cholesky(Vec<Vec<f64>>);

impl Cholesky {
    /// `None` when the matrix is not positive definite, up to rounding.
    pub(super) fn of(matrix: &[Vec<f64>]) -> Option<Cholesky> {
        let mut lower: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
        for (i, row) in matrix.iter().enumerate() {
            let mut next = vec![0.0; i + 1];
            for j in 0..=i {
                let above = if j < i {
                    lower.get(j)?.as_slice()
                } else {
                    next.as_slice()
                };
                let product: f64 = next.iter().zip(above).take(j).map(|(a, b)| a * b).sum();
                let rest = row.get(j)? - product;
                let value = if i == j {
                    let floor = 1e-12 * row.get(i)?.abs();
                    if rest.is_nan() || rest <= floor {
                        return None;
                    }
                    rest.sqrt()
                } else {
                    rest / lower.get(j)?.get(j)?
                };
                *next.get_mut(j)? = value;
            }
            lower.push(next);
        }
        Some(Cholesky(lower))
    }

    /// L^-1 b: its squared length is b' A^-1 b.
    pub(super) fn half_solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x: Vec<f64> = Vec::with_capacity(b.len());
        for (row, b) in self.0.iter().zip(b) {
            let known: f64 = row.iter().zip(&x).map(|(l, x)| l * x).sum();
            x.push((b - known) / row.last().copied().unwrap_or(1.0));
        }
        x
    }

    /// A^-1 b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.half_solve(b);
        for (i, row) in self.0.iter().enumerate().rev() {
            let Some((diagonal, before)) = row.split_last() else {
                continue;
            };
            let value = x.get(i).copied().unwrap_or(0.0) / diagonal;
            if let Some(place) = x.get_mut(i) {
                *place = value;
            }
            x.iter_mut().zip(before).for_each(|(x, l)| *x -= l * value);
        }
        x
    }

    /// b' A^-1 b.
    pub(super) fn quadratic(&self, b: &[f64]) -> f64 {
        self.half_solve(b).iter().map(|x| x * x).sum()
    }

    pub(super) fn ln_determinant(&self) -> f64 {
        self.0
            .iter()
            .filter_map(|row| row.last())
            .map(|diagonal| 2.0 * diagonal.ln())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_it_factors_and_refuses_what_is_singular() {
        let matrix = vec![
            vec![4.0, 2.0, 0.0],
            vec![2.0, 5.0, 1.0],
            vec![0.0, 1.0, 3.0],
        ];
        let factor = Cholesky::of(&matrix).unwrap();
        let x = factor.solve(&[8.0, 15.0, 11.0]);
        for (row, b) in matrix.iter().zip([8.0, 15.0, 11.0]) {
            let product: f64 = row.iter().zip(&x).map(|(a, x)| a * x).sum();
            assert!((product - b).abs() < 1e-12);
        }
        assert!((factor.ln_determinant() - 44.0_f64.ln()).abs() < 1e-12);
        assert!(Cholesky::of(&[vec![1.0, 1.0], vec![1.0, 1.0]]).is_none());
        assert!(Cholesky::of(&[vec![f64::NAN]]).is_none());
    }
}
