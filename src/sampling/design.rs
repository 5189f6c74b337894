use std::fmt;
use std::str::FromStr;

use super::{Quota, Unit};
use crate::calls::{CallerType, Eligibility};

/// How a sample is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// What is drawn: the quota counts these, and they are what a stratum is of.
    pub unit: Unit,
    /// What makes a stratum.
    pub per: Per,
    /// How many calls are wanted.
    pub quota: Quota,
    /// Which calls may be drawn.
    pub eligibility: Eligibility,
    /// Calls of unknown caller type are drawn as a caller type of their own instead of being refused.
    pub include_unknown: bool,
}

impl Design {
    /// Three calls per CSR and caller type.
    pub fn usual() -> Self {
        Self {
            unit: Unit::Call,
            per: Per {
                csr: true,
                caller_type: true,
            },
            quota: Quota::Each(3),
            eligibility: Eligibility::default(),
            include_unknown: false,
        }
    }

    /// What is drawn from what, in plain words.
    pub fn to_text(&self) -> String {
        self.quota.to_text(self.per, self.unit)
    }

    /// How many calls a stratum holds ready to replace those that can't be scored.
    pub fn reserves(drawn: u64) -> u64 {
        drawn.max(5)
    }
}

/// What makes a stratum: CSR, caller type, both, or nothing (simple random sampling).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Per {
    pub csr: bool,
    pub caller_type: bool,
}

impl Per {
    /// One stratum: the whole frame.
    pub const NOTHING: Self = Self {
        csr: false,
        caller_type: false,
    };

    /// The stratum of a call.
    pub fn stratum(self, csr: &str, caller_type: CallerType) -> Stratum {
        Stratum {
            csr: self.csr.then(|| csr.to_owned()),
            caller_type: self.caller_type.then_some(caller_type),
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.csr, self.caller_type) {
            (true, true) => "csr,caller_type",
            (true, false) => "csr",
            (false, true) => "caller_type",
            (false, false) => "",
        })
    }
}

/// The text names something else than `csr` and `caller_type`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` can't make strata: use `csr`, `caller_type` or `csr,caller_type`")]
pub struct NotAPer(pub String);

impl FromStr for Per {
    type Err = NotAPer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut per = Self::NOTHING;
        for word in text
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
        {
            match word {
                "csr" => per.csr = true,
                "caller_type" | "caller-type" => per.caller_type = true,
                _ => return Err(NotAPer(text.to_owned())),
            }
        }
        Ok(per)
    }
}

/// The calls among which a quota is drawn. `None` where the design doesn't tell apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stratum {
    pub csr: Option<String>,
    pub caller_type: Option<CallerType>,
}

impl fmt::Display for Stratum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.csr, self.caller_type) {
            (Some(csr), Some(caller_type)) => write!(f, "{csr}, {caller_type}"),
            (Some(csr), None) => f.write_str(csr),
            (None, Some(caller_type)) => write!(f, "{caller_type}"),
            (None, None) => f.write_str("all calls"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_a_stratum_comes_back_from_its_text() {
        for (text, same) in [
            ("csr,caller_type", "csr,caller_type"),
            ("caller-type, csr", "csr,caller_type"),
            ("csr,csr", "csr"),
            ("caller_type", "caller_type"),
            ("", ""),
        ] {
            assert_eq!(
                text.parse::<Per>().map(|per| per.to_string()),
                Ok(same.to_owned())
            );
        }
        let told = "csr,team".parse::<Per>().map_err(|bad| bad.to_string());
        assert_eq!(
            told,
            Err(
                "`csr,team` can't make strata: use `csr`, `caller_type` or `csr,caller_type`"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_stratum_is_named_by_what_it_tells_apart() {
        for (per, name) in [
            ("csr,caller_type", "Ada, internal"),
            ("csr", "Ada"),
            ("caller_type", "internal"),
            ("", "all calls"),
        ] {
            let stratum = per
                .parse::<Per>()
                .map(|per| per.stratum("Ada", CallerType::Internal));
            assert_eq!(
                stratum.map(|stratum| stratum.to_string()),
                Ok(name.to_owned())
            );
        }
    }

    #[test]
    fn reserves_are_five_or_as_many_as_were_drawn() {
        assert_eq!([0, 3, 5, 6, 40].map(Design::reserves), [5, 5, 5, 6, 40]);
    }
}
