//! Why analysts can't be compared on the ratings given.

/// Ratings from which no agreement can be computed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalibrationError {
    #[error("at least 2 analysts must rate the same calls; here: {raters}")]
    TooFewRaters { raters: usize },
    #[error("at least 2 calls are needed; here: {units}")]
    TooFewUnits { units: usize },
    #[error("a scale of {categories} answers leaves nothing to agree on")]
    TooFewCategories { categories: usize },
    #[error("call {unit} has {given} places for ratings, not {raters}")]
    Ragged {
        unit: usize,
        given: usize,
        raters: usize,
    },
    #[error("call {unit} is rated {category}, beyond the {categories} answers of the scale")]
    UnknownCategory {
        unit: usize,
        category: usize,
        categories: usize,
    },
    #[error("a weight or table is not {wanted}")]
    Shape { wanted: &'static str },
    #[error("a value is not a number, or too large")]
    NotFinite,
    #[error("a confidence level of {level} is not between 0 and 1")]
    Level { level: f64 },
    #[error("observation {observation} names row {row} and rater {rater}, outside the table")]
    OutsideTable {
        observation: usize,
        row: usize,
        rater: usize,
    },
    #[error(
        "the calls fall into {components} groups without a common analyst: nothing connects them"
    )]
    Disconnected { components: usize },
    #[error("too few observations: {residual_df} are left after fitting, at least 1 is needed")]
    NothingLeft { residual_df: i64 },
}
