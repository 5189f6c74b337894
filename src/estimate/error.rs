//! Why an estimate is refused.

/// Input from which no honest number can be made.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EstimateError {
    #[error("a stratum holds {population} calls: a number from 0 to 2^53 is needed")]
    Population { population: f64 },
    #[error("{sampled} calls are sampled from a stratum of {population}")]
    SampleExceedsPopulation { sampled: u64, population: f64 },
    #[error("{inside} values belong to a stratum of which {sampled} calls are sampled")]
    DomainExceedsSample { inside: u64, sampled: u64 },
    #[error("a value is not a number, or too large")]
    NotFinite,
    #[error("a value of {value} is not a rate between 0 and 1")]
    NotARate { value: f64 },
    #[error("stratum {stratum} has a single sampled call and so no deviation of its own")]
    SingleCall { stratum: usize },
    #[error("a confidence level of {level} is not between 0 and 1")]
    Level { level: f64 },
    #[error("two domains are compared over different strata")]
    UnalignedStrata,
    #[error("{given} groups are too few: {needed} are needed")]
    TooFewGroups { given: usize, needed: usize },
    #[error("{name} is {value}, which is not {wanted}")]
    Argument {
        name: &'static str,
        value: f64,
        wanted: &'static str,
    },
    #[error("{what} is more than 2^53, which can't be counted exactly")]
    Uncountable { what: &'static str },
    #[error("an allocation of {total} calls cannot be met: the strata take from {least} to {most}")]
    Allocation { total: u64, least: u64, most: u64 },
    #[error("{left} and {right} values do not go together")]
    Lengths { left: usize, right: usize },
}
