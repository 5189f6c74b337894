use std::fmt;
use std::str::FromStr;

/// Among whom drawn calls are dealt, and how many of them two analysts score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dealing {
    shares: Shares,
    double: Option<Double>,
}

/// Analysts with their shares of the work: at least one, none twice, no share 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares(Vec<Share>);

/// One analyst's share, in proportion to the others'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub analyst: String,
    pub share: u32,
}

/// A part of the calls, kept in hundredths of a per cent: more than none, at most all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Double(u32);

/// Why calls can't be dealt so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDealing {
    #[error("name the analysts, separated by commas: `anna,ben`")]
    Unnamed,
    #[error("`{0}` stands twice")]
    Twice(String),
    #[error("`{0}` has no share: it is a whole number from 1 to {MOST_SHARES}")]
    NoShare(String),
    #[error("give each analyst a share, or none: `anna:40,ben:20`")]
    SomeShares,
    #[error("`{0}` is no part of the calls: write for instance `10%`, more than 0 and up to 100")]
    NoPart(String),
    #[error("one analyst can't score a call twice")]
    Alone,
}

/// Largest share: sums of shares over all calls stay far from the end of an `i64`.
const MOST_SHARES: u32 = 1_000_000;
/// Hundredths of a per cent in all.
const ALL: u32 = 10_000;

impl Dealing {
    /// Calls dealt by shares, a part of them to two analysts.
    ///
    /// # Errors
    /// [`BadDealing::Alone`].
    pub fn new(shares: Shares, double: Option<Double>) -> Result<Self, BadDealing> {
        if double.is_some() && shares.0.len() < 2 {
            return Err(BadDealing::Alone);
        }
        Ok(Self { shares, double })
    }

    pub fn shares(&self) -> &[Share] {
        &self.shares.0
    }

    pub fn double(&self) -> Option<Double> {
        self.double
    }

    /// The analyst's place among those dealt to.
    pub(super) fn place(&self, analyst: &str) -> Option<usize> {
        self.shares().iter().position(|one| one.analyst == analyst)
    }
}

impl Shares {
    /// Checks what stands in the types' descriptions.
    ///
    /// # Errors
    /// Nobody, somebody without a name, twice, or with a share out of bounds.
    pub fn new(shares: Vec<Share>) -> Result<Self, BadDealing> {
        if shares.is_empty() || shares.iter().any(|one| one.analyst.is_empty()) {
            return Err(BadDealing::Unnamed);
        }
        for (at, one) in shares.iter().enumerate() {
            if shares[..at]
                .iter()
                .any(|other| other.analyst == one.analyst)
            {
                return Err(BadDealing::Twice(one.analyst.clone()));
            }
            if !(1..=MOST_SHARES).contains(&one.share) {
                return Err(BadDealing::NoShare(one.analyst.clone()));
            }
        }
        Ok(Self(shares))
    }
}

impl FromStr for Shares {
    type Err = BadDealing;

    /// `anna,ben` or `anna:40,ben:20`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<(&str, Option<&str>)> = text
            .split(',')
            .map(|part| match part.rsplit_once(':') {
                Some((analyst, share)) => (analyst.trim(), Some(share.trim())),
                None => (part.trim(), None),
            })
            .collect();
        let with = parts.iter().filter(|(_, share)| share.is_some()).count();
        if with != 0 && with != parts.len() {
            return Err(BadDealing::SomeShares);
        }
        let shares = parts.into_iter().map(|(analyst, share)| {
            let share = share.map_or(Ok(1), str::parse);
            Ok(Share {
                share: share.map_err(|_| BadDealing::NoShare(analyst.to_owned()))?,
                analyst: analyst.to_owned(),
            })
        });
        Self::new(shares.collect::<Result<_, _>>()?)
    }
}

impl Double {
    /// A part given in hundredths of a per cent.
    pub fn of_hundredths(hundredths: u32) -> Option<Self> {
        (1..=ALL).contains(&hundredths).then_some(Self(hundredths))
    }

    pub fn hundredths(self) -> u32 {
        self.0
    }

    /// The part of so many calls, rounded, and at least one of them.
    pub(super) fn calls(self, all: usize) -> usize {
        let (part, whole) = (self.0 as usize, ALL as usize);
        ((all.saturating_mul(part) + whole / 2) / whole)
            .max(1)
            .min(all)
    }
}

impl FromStr for Double {
    type Err = BadDealing;

    /// `10%` or `2.5 %`, to two decimals.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadDealing::NoPart(text.to_owned());
        let number = text.trim().strip_suffix('%').ok_or_else(bad)?.trim_end();
        let percent: f64 = number.parse().map_err(|_| bad())?;
        let hundredths = (percent * 100.0).round();
        let possible = percent > 0.0 && (1.0..=f64::from(ALL)).contains(&hundredths);
        possible
            .then_some(hundredths as u32)
            .and_then(Self::of_hundredths)
            .ok_or_else(bad)
    }
}

impl fmt::Display for Double {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", f64::from(self.0) / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn analysts_are_named_alone_or_with_shares() {
        let named = |text: &str| -> Result<Vec<(String, u32)>, BadDealing> {
            let shares = text.parse::<Shares>()?.0.into_iter();
            Ok(shares.map(|one| (one.analyst, one.share)).collect())
        };
        let own = |name: &str, share| (name.to_owned(), share);
        assert_eq!(named("anna, ben"), Ok(vec![own("anna", 1), own("ben", 1)]));
        assert_eq!(
            named("anna:40,ben: 20"),
            Ok(vec![own("anna", 40), own("ben", 20)])
        );
        let name = || "anna".to_owned();
        for (text, why) in [
            ("", BadDealing::Unnamed),
            ("anna,,ben", BadDealing::Unnamed),
            (":3", BadDealing::Unnamed),
            ("anna,ben,anna", BadDealing::Twice(name())),
            ("anna:0,ben:1", BadDealing::NoShare(name())),
            ("anna:-1,ben:1", BadDealing::NoShare(name())),
            ("anna:1.5,ben:1", BadDealing::NoShare(name())),
            ("anna:1000001,ben:1", BadDealing::NoShare(name())),
            ("anna:2,ben", BadDealing::SomeShares),
        ] {
            assert_eq!(named(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_part_is_more_than_none_and_at_most_all() {
        for (text, hundredths) in [
            ("10%", 1000),
            ("2.5 %", 250),
            ("100%", 10_000),
            ("0.01%", 1),
        ] {
            assert_eq!(text.parse::<Double>(), Ok(Double(hundredths)));
        }
        for text in [
            "0%", "-1%", "150%", "100.01%", "0.001%", "abc", "10", "%", "NaN%", "inf%", "",
        ] {
            let bad = BadDealing::NoPart(text.to_owned());
            assert_eq!(text.parse::<Double>(), Err(bad));
        }
        assert_eq!(Double(1250).to_string(), "12.5 %");
    }

    #[test]
    fn a_part_of_calls_is_rounded_and_never_none_of_some() {
        let tenth = Double(1000);
        let calls = [0, 1, 14, 15, 72, 100].map(|all| tenth.calls(all));
        assert_eq!(calls, [0, 1, 1, 2, 7, 10]);
        assert_eq!(Double(10_000).calls(7), 7);
    }

    #[test]
    fn nobody_scores_a_call_twice_alone() {
        let alone: Shares = "anna".parse().expect("a name");
        assert!(Dealing::new(alone.clone(), None).is_ok());
        assert_eq!(
            Dealing::new(alone, Some(Double(1000))),
            Err(BadDealing::Alone)
        );
    }
}
