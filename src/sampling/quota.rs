use std::collections::BTreeMap;

use super::{Per, Stratum, Unit};

/// How many calls are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quota {
    /// So many from each stratum; one with fewer is taken whole.
    Each(u64),
    /// So many in all.
    Spread(Spread),
}

/// A total spread over the strata. What each gives depends on the log, so the calls are counted first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    pub total: u64,
    pub how: Spreading,
    /// Calls of every stratum that has so many.
    pub least: u64,
}

/// What a stratum's part of a total goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spreading {
    /// Its calls in the log.
    Proportional,
    /// Nothing: all give alike.
    Equal,
    /// Its calls times the deviation of their scores, as an earlier sample showed it.
    Neyman { from: String },
}

/// Calls wanted from each stratum.
pub type Quotas = BTreeMap<Stratum, u64>;

impl Quota {
    /// What each stratum gives where the design alone says so; of a total that is to be spread nothing yet.
    pub fn each(&self) -> u64 {
        match self {
            Self::Each(count) => *count,
            Self::Spread(_) => 0,
        }
    }

    /// In plain words, for strata made so of such units.
    pub fn to_text(&self, per: Per, unit: Unit) -> String {
        let (each, every) = match (per.csr, per.caller_type) {
            (true, true) => (" per CSR and caller type", "every CSR and caller type"),
            (true, false) => (" per CSR", "every CSR"),
            (false, true) => (" per caller type", "every caller type"),
            (false, false) => (" of all", "all"),
        };
        match self {
            Self::Each(count) => format!("{}{each}", unit.counted(*count)),
            Self::Spread(Spread { total, how, least }) => {
                let (calls, least) = (unit.counted(*total), format!("at least {least} each"));
                let what = match unit {
                    Unit::Call => "calls",
                    Unit::Interaction => "journeys",
                };
                match how {
                    Spreading::Proportional => {
                        format!("{calls}, from {every} in proportion to its {what}, {least}")
                    }
                    Spreading::Equal => {
                        format!("{calls}, as many from {every}, {least}")
                    }
                    Spreading::Neyman { from } => format!(
                        "{calls}, more from {every} with many {what} and with scores that differed much in {from}, {least}"
                    ),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Design;

    #[test]
    fn a_design_is_told_in_plain_words() {
        let both = Design::usual().per;
        let csr = Per {
            caller_type: false,
            ..both
        };
        let spread = |how| {
            Quota::Spread(Spread {
                total: 100,
                how,
                least: 2,
            })
        };
        let from = "june".to_owned();
        for (quota, per, text) in [
            (Quota::Each(3), both, "3 calls per CSR and caller type"),
            (Quota::Each(1), csr, "1 call per CSR"),
            (Quota::Each(40), Per::NOTHING, "40 calls of all"),
            (
                spread(Spreading::Proportional),
                both,
                "100 calls, from every CSR and caller type in proportion to its calls, at least 2 each",
            ),
            (
                spread(Spreading::Equal),
                csr,
                "100 calls, as many from every CSR, at least 2 each",
            ),
            (
                spread(Spreading::Neyman { from }),
                csr,
                "100 calls, more from every CSR with many calls and with scores that differed much in june, at least 2 each",
            ),
        ] {
            assert_eq!(quota.to_text(per, Unit::Call), text);
        }
        let caller_type = Per { csr: false, ..both };
        let journeys = |quota: Quota| quota.to_text(caller_type, Unit::Interaction);
        assert_eq!(journeys(Quota::Each(40)), "40 journeys per caller type");
        assert_eq!(
            journeys(spread(Spreading::Proportional)),
            "100 journeys, from every caller type in proportion to its journeys, at least 2 each"
        );
    }
}
