//! Who answered what: the table that every agreement coefficient starts from.
//!
//! Units are what was judged (a call, or one behavior of a call), raters are analysts, categories are
//! numbered from 0 in the order of the answer scale. A missing rating is `None`. The number of
//! categories is what the scale offers, not what was used.
//!
//! Refused: fewer than two raters or categories, rows of different length, categories beyond the scale.

use super::error::CalibrationError;

/// A checked table of ratings, units by raters.
#[derive(Debug, Clone, PartialEq)]
pub struct Ratings {
    units: Vec<Vec<Option<usize>>>,
    raters: usize,
    categories: usize,
}

impl Ratings {
    pub fn new(
        units: Vec<Vec<Option<usize>>>,
        categories: usize,
    ) -> Result<Ratings, CalibrationError> {
        let raters = units.first().map_or(0, Vec::len);
        if raters < 2 {
            return Err(CalibrationError::TooFewRaters { raters });
        }
        if categories < 2 {
            return Err(CalibrationError::TooFewCategories { categories });
        }
        for (unit, row) in units.iter().enumerate() {
            if row.len() != raters {
                return Err(CalibrationError::Ragged {
                    unit,
                    given: row.len(),
                    raters,
                });
            }
            if let Some(category) = row.iter().flatten().find(|&&rating| rating >= categories) {
                let category = *category;
                return Err(CalibrationError::UnknownCategory {
                    unit,
                    category,
                    categories,
                });
            }
        }
        Ok(Ratings {
            units,
            raters,
            categories,
        })
    }

    pub fn units(&self) -> &[Vec<Option<usize>>] {
        &self.units
    }

    pub fn raters(&self) -> usize {
        self.raters
    }

    pub fn categories(&self) -> usize {
        self.categories
    }

    /// How often each category was given to a unit.
    pub(super) fn counts(&self, row: &[Option<usize>]) -> Vec<f64> {
        let mut counts = vec![0.0; self.categories];
        for &rating in row.iter().flatten() {
            if let Some(count) = counts.get_mut(rating) {
                *count += 1.0;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_cannot_be_judged_are_refused() {
        let one = vec![vec![Some(0)], vec![Some(1)]];
        assert_eq!(
            Ratings::new(one, 2),
            Err(CalibrationError::TooFewRaters { raters: 1 })
        );
        assert_eq!(
            Ratings::new(vec![], 2),
            Err(CalibrationError::TooFewRaters { raters: 0 })
        );
        let pair = || vec![vec![Some(0), None], vec![Some(1), Some(0)]];
        assert_eq!(
            Ratings::new(pair(), 1),
            Err(CalibrationError::TooFewCategories { categories: 1 })
        );
        let beyond = vec![vec![Some(0), Some(2)]];
        assert_eq!(
            Ratings::new(beyond, 2),
            Err(CalibrationError::UnknownCategory {
                unit: 0,
                category: 2,
                categories: 2
            })
        );
        let ragged = vec![vec![Some(0), None], vec![Some(1)]];
        assert_eq!(
            Ratings::new(ragged, 2),
            Err(CalibrationError::Ragged {
                unit: 1,
                given: 1,
                raters: 2
            })
        );
        assert!(Ratings::new(pair(), 2).is_ok());
    }
}
